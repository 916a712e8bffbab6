"""What do the files say that describe a report: CITATION.cff, descriptors, aliases, the book's settings?"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from surveybook.document import TEXT, Document, Keys, read_document


@dataclass(frozen=True)
class Declaration(Document):
    """A YAML file by its `name`; all its values are the text that was written."""

    name: str = ""

    def fault(self, keys: Keys, what: str) -> str:
        """A fault at `keys`, or at the nearest thing around it that has a line."""
        return f"{self.name}:{self.line(*keys)}: {what}"


def read_declaration(path: Path) -> Declaration:
    """The file at `path`. Raises Refusal where it is no YAML."""
    read = read_document(path, TEXT, path.name)
    return Declaration(read.data, read.lines, path.name)
