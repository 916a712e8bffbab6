"""What does a YAML file say, and on which line?  For settings that must agree with each other."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

from surveybook.publish.site.edition import Refused

# Every value stays the text that was written: a version 1.10 is no number, a date no clock time.
LOADER = getattr(yaml, "CBaseLoader", yaml.BaseLoader)

Keys = tuple[str | int, ...]


@dataclass(frozen=True)
class Document:
    """A YAML file: its name as told to its author, what it says (all values as text), and the line of each key."""

    name: str
    data: Any
    lines: dict[Keys, int]

    def get(self, *keys: str | int) -> Any:
        """What stands at `keys`, or None."""
        value = self.data
        for key in keys:
            try:
                value = value[key]
            except (KeyError, IndexError, TypeError):
                return None
        return value

    def fault(self, keys: Keys, what: str) -> str:
        """A fault at `keys`, or at the nearest thing around it that has a line."""
        line = next((self.lines[keys[:depth]] for depth in range(len(keys), 0, -1) if keys[:depth] in self.lines), 1)
        return f"{self.name}:{line}: {what}"


def read(path: Path) -> Document:
    """The file at `path`. Raises Refused where it is no YAML."""
    try:
        loader = LOADER(path.read_bytes())
        node = loader.get_single_node()
        return Document(path.name, loader.construct_document(node) if node else {}, dict(lines(node)) if node else {})
    except (yaml.YAMLError, UnicodeDecodeError) as error:
        mark = getattr(error, "problem_mark", None)
        why = getattr(error, "problem", None) or "it is not UTF-8 text"
        raise Refused(f"{path.name}:{mark.line + 1 if mark else 1}: not YAML ({why}); correct the line") from None


def lines(node: yaml.Node, keys: Keys = ()) -> Iterator[tuple[Keys, int]]:
    """The path of keys to everything below a node, and its line."""
    if isinstance(node, yaml.MappingNode):
        for key, value in node.value:
            yield (*keys, key.value), key.start_mark.line + 1
            yield from lines(value, (*keys, key.value))
    elif isinstance(node, yaml.SequenceNode):
        for number, value in enumerate(node.value):
            yield (*keys, number), value.start_mark.line + 1
            yield from lines(value, (*keys, number))
