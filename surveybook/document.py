"""What does a YAML file say, and on which line?  Read with the same care for all wings; each knows what it allows."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import yaml

from surveybook.boundary import MOST_LETTERS, Beyond, read_own
from surveybook.errors import Refusal

TIMESTAMP = "tag:yaml.org,2002:timestamp"


class _Loader(getattr(yaml, "CSafeLoader", yaml.SafeLoader)):
    """A safe reader of YAML 1.1, for which a day is the text that was written."""

    yaml_implicit_resolvers = {
        first: [one for one in resolvers if one[0] != TIMESTAMP]
        for first, resolvers in yaml.SafeLoader.yaml_implicit_resolvers.items()
    }


# How values that are not in quotes are taken. Most readers of YAML follow its version 1.1, where `no` is false; only
# 2026-03-14 is a text here, and not a date. With TEXT each value stays what was written, so that the version 1.10 is no
# number.
YAML_1_1 = _Loader
TEXT = getattr(yaml, "CBaseLoader", yaml.BaseLoader)
STRING = "tag:yaml.org,2002:str"
MOST_KEYS = 100_000  # aliases of aliases could name more than any machine can hold
DEEPEST = 100  # levels
INDENTED = re.compile(rf"^[ \t?:-]{{{DEEPEST - 1}}}", re.MULTILINE)
# What no page and no drawing can show: control characters, halves of characters, and what Unicode keeps for nobody
UNSHOWN = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff\ufdd0-\ufdef\ufffe\uffff]")

Keys = tuple[str | int, ...]


class Fault(Refusal):
    """What is wrong with a text that should be YAML: the line, what, and what to do."""

    def __init__(self, line: int, what: str, remedy: str):
        self.line, self.what, self.remedy = line, what, remedy
        super().__init__(f"{what}; {remedy}")


class Unshown(yaml.MarkedYAMLError):
    """A text that holds what nothing can show."""


@dataclass(frozen=True)
class Document:
    """What a YAML text says, and the line on which each key or list item begins, by the path of keys to it."""

    data: Any = field(default_factory=dict)
    lines: dict[Keys, int] = field(default_factory=dict)
    files: dict[Keys, str] = field(default_factory=dict, kw_only=True)  # where other files have a part in it: theirs

    def place(self, file: str, *keys: str | int) -> tuple[str, int]:
        """The file and line of what stands at `keys`, or of the nearest thing around it; `file` is that of the text."""
        said = next((keys[:n] for n in range(len(keys), -1, -1) if keys[:n] in self.lines), None)
        return (file, 1) if said is None else (self.files.get(said, file), self.lines[said])

    def line(self, *keys: str | int) -> int:
        """The line of what stands at `keys`, or of the nearest thing around it that has one."""
        return self.place("", *keys)[1]

    def get(self, *keys: str | int, default: Any = None) -> Any:
        """The value at `keys`, or `default`."""
        value: Any = self.data
        for key in keys:
            try:
                value = value[key]
            except (KeyError, IndexError, TypeError):
                return default
        return value


def parse_yaml(text: str, loader: type, where: str, first_line: int = 1, any_key: bool = False) -> Document:
    """A YAML text whose first line is line `first_line` of its file; an empty one is `{}`.

    Raises Fault, with words for the text such as `where`, for what is no YAML or more than one document, for keys that
    stand twice or are no text (with `any_key` a number or a truth value is taken for what is written), for merged keys,
    for aliases that hold themselves or far too much, for what is too long or too deep, and for characters that nothing
    can show.
    """
    if len(text) > MOST_LETTERS:
        raise Fault(first_line, f"{where} has more than {MOST_LETTERS:,} characters", "split it")
    if found := UNSHOWN.search(text):
        raise Fault(first_line + text.count("\n", 0, found.start()), unshown(found, where), "remove it")
    breaks = [found.start() for found in re.finditer("\n", text)]

    def line(index: int) -> int:  # PyYAML's own count takes U+0085 and others for new lines
        return first_line + bisect_left(breaks, index)

    reading = None
    try:
        _refuse_depth(text, loader)
        reading = loader(text)
        node = reading.get_single_node()
        if node is None:
            return Document({}, {(): first_line})
        lines: dict[Keys, int] = {(): first_line}
        for keys, here in _walk(node, (), frozenset()):
            mark, key = here.start_mark, keys[-1]
            if len(lines) > MOST_KEYS:
                raise yaml.MarkedYAMLError(problem="far too many entries, perhaps through aliases", problem_mark=mark)
            if keys in lines:
                raise Fault(line(mark.index), f"the key “{key}” stands twice in {where}", "keep one of them")
            if isinstance(key, str) and here.tag != STRING:
                if not any_key:
                    what = f"the key {key} in {where} is no text for YAML"
                    raise Fault(line(mark.index), what, f'write it in quotes, "{key}"')
                here.tag = STRING
            lines[keys] = line(mark.index)
        return Document(reading.construct_document(node), lines)
    except Unshown as error:
        raise Fault(line(error.problem_mark.index), error.problem.format(where), "remove it") from None
    except yaml.MarkedYAMLError as error:
        mark = _fault(text, error)
        what = f"{where} is not valid YAML ({error.problem or error.context})"
        remedy = "close quotes and brackets, and put text with a colon in quotes"
        raise Fault(line(mark.index if mark else 0), what, remedy) from None
    except (yaml.YAMLError, ValueError, RecursionError) as error:
        reason = " ".join(str(getattr(error, "reason", "too deep or out of range")).split())
        what = f"{where} is not valid YAML ({reason})"
        raise Fault(line(getattr(error, "position", 0)), what, "remove what YAML does not allow") from None
    finally:
        if reading:
            reading.dispose()


def read_document(path: Path, loader: type, name: str = "") -> Document:
    """The YAML file at `path`, whose faults are told by its `name`, or by its path.

    Raises Refusal, one sentence with the line, for what read_own refuses, is not UTF-8, or is not as parse_yaml has it.
    """
    name = name or str(path)
    try:
        return parse_yaml(read_own(path), loader, "the file")
    except Beyond as beyond:
        raise Refusal(f"{name}: {beyond.what}; {beyond.remedy}") from None
    except Fault as fault:
        raise Refusal(f"{name}:{fault.line}: {fault}") from None
    except UnicodeDecodeError:
        raise Refusal(f"{name}:1: not UTF-8 text; save it with the encoding UTF-8") from None


def _refuse_depth(text: str, loader: type) -> None:
    """Raise Fault for a text with more than DEEPEST levels, on which the composer of YAML would run out of stack.

    A level takes a bracket, or a column before what stands in a line; few texts have so many that they are counted.
    """
    if text.count("[") + text.count("{") < DEEPEST and not INDENTED.search(text):
        return
    depth = 0
    for event in yaml.parse(text, loader):
        depth += isinstance(event, yaml.CollectionStartEvent) - isinstance(event, yaml.CollectionEndEvent)
        if depth > DEEPEST:
            raise yaml.MarkedYAMLError(problem=f"it is more than {DEEPEST} levels deep", problem_mark=event.start_mark)


def unshown(found: re.Match, where: str) -> str:
    """What is wrong with a text in which UNSHOWN was found."""
    return f"{where} holds the character U+{ord(found[0]):04X}, which nothing can show"


def _walk(node: yaml.Node, keys: Keys, above: frozenset[int]) -> Iterator[tuple[Keys, yaml.Node]]:
    """The path of keys to each thing below a node, with the node of its last key, or of the item of a list."""
    if id(node) in above:
        raise yaml.MarkedYAMLError(problem="an alias that contains itself", problem_mark=node.start_mark)
    above |= {id(node)}
    if isinstance(node, yaml.ScalarNode) and (found := UNSHOWN.search(node.value)):
        raise Unshown(problem=unshown(found, "{}"), problem_mark=node.start_mark)
    if isinstance(node, yaml.MappingNode):
        for key, value in node.value:
            if not isinstance(key, yaml.ScalarNode) or key.tag == "tag:yaml.org,2002:merge" or key.value == "<<":
                raise yaml.MarkedYAMLError(problem="a key that is not plain text", problem_mark=key.start_mark)
            yield (*keys, key.value), key
            yield from _walk(value, (*keys, key.value), above)
    elif isinstance(node, yaml.SequenceNode):
        for number, value in enumerate(node.value):
            yield (*keys, number), value
            yield from _walk(value, (*keys, number), above)


def _fault(text: str, error: yaml.MarkedYAMLError) -> yaml.Mark | None:
    """Where the fault is: a quote that is never closed is noticed only later, so its opening is told."""
    if "quoted scalar" in (error.context or ""):
        return error.context_mark
    mark, opened = error.problem_mark or error.context_mark, None
    with suppress(yaml.YAMLError):
        for token in yaml.scan(text):
            if mark and token.end_mark.index > mark.index:
                break
            if isinstance(token, yaml.ScalarToken) and token.style in ("'", '"'):
                opened = token
    if mark and opened and opened.start_mark.line < opened.end_mark.line == mark.line:
        return opened.start_mark
    return mark
