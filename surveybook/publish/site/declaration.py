"""What do the files say that describe a report: CITATION.cff, descriptors, aliases, the book's settings?"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from surveybook.document import TEXT, Document, Fault, Keys, parse_yaml
from surveybook.errors import Refusal


@dataclass(frozen=True)
class Declaration(Document):
    """A YAML file by its `name`; all its values are the text that was written."""

    name: str = ""

    def fault(self, keys: Keys, what: str) -> str:
        """A fault at `keys`, or at the nearest thing around it that has a line."""
        return f"{self.name}:{self.line(*keys)}: {what}"


def read_declaration(path: Path) -> Declaration:
    """The file at `path`. Raises Refusal where it is no YAML."""
    if not path.is_file():
        raise Refusal(f"{path.name}: is no plain file; put a file of YAML in its place")
    try:
        read = parse_yaml(path.read_text(encoding="utf-8-sig"), TEXT, "the file")
    except Fault as fault:
        raise Refusal(f"{path.name}:{fault.line}: {fault}") from None
    except UnicodeDecodeError:
        raise Refusal(f"{path.name}:1: not UTF-8 text; save it with the encoding UTF-8") from None
    return Declaration(read.data, read.lines, path.name)
