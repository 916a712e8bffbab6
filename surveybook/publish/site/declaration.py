"""What do the files say that describe a report: CITATION.cff, descriptors, aliases, the book's settings?"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from surveybook.boundary import Beyond, read_own
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
    try:
        read = parse_yaml(read_own(path), TEXT, "the file")
    except Beyond as beyond:
        raise Refusal(f"{path.name}: {beyond.what}; {beyond.remedy}") from None
    except Fault as fault:
        raise Refusal(f"{path.name}:{fault.line}: {fault}") from None
    except UnicodeDecodeError:
        raise Refusal(f"{path.name}:1: not UTF-8 text; save it with the encoding UTF-8") from None
    return Declaration(read.data, read.lines, path.name)
