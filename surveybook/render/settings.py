"""What may stand in `_quarto.yml`, in front matter and in `#|` lines: YAML read with its lines, checked against lists.

Quarto passes over most unknown keys in silence. Here a key either has an effect (or none on a web page) or is refused.
"""

from __future__ import annotations

import re
from collections.abc import Container, Iterator, Mapping
from difflib import get_close_matches
from pathlib import Path
from typing import Any, Literal

import yaml

from surveybook.boundary import Beyond, read_text
from surveybook.document import Document, Fault, Keys, parse_yaml
from surveybook.render.dates import MOVING, day
from surveybook.render.keys import (
    ANY,
    BOOL,
    CODE,
    DATE,
    FIGURES,
    FOREIGN,
    HTML,
    INNER,
    INT,
    KNOWN,
    NUMBER,
    OF_BOOK,
    OF_KNITR,
    OF_SIDEBAR,
    ON_PAPER,
    OTHER_FORMATS,
    PLACES,
    QUARTO,
    TEXT,
)
from surveybook.render.problems import Problem, Refused, nearest

Kind = Literal["quarto", "folder", "front", "cell", "variables"]
Settings = Document  # of `_quarto.yml`, of front matter, of the options of a cell: a mapping

REASONS = {  # what is refused for more than that nobody has written it
    "profile": ("the key “profile” makes several books of these files, and a site is made from one",
                "put what differs on your machine into _quarto.yml.local"),
}
IMPLICIT = (  # YAML 1.2 as Quarto reads it: `yes`, `2026-03-14` and `1:30` are text
    ("bool", r"true|True|TRUE|false|False|FALSE", "tTfF"),
    ("null", r"~|null|Null|NULL|", ["~", "n", "N", ""]),
    ("int", r"[-+]?[0-9]+|0o[0-7]+|0x[0-9a-fA-F]+", "-+0123456789"),
    (
        "float",
        r"[-+]?(\.[0-9]+|[0-9]+(\.[0-9]*)?)([eE][-+]?[0-9]+)?|[-+]?\.(inf|Inf|INF)|\.(nan|NaN|NAN)",
        "-+.0123456789",
    ),
)


def _as_quarto(reader: type) -> type:
    """A reader of YAML that takes values without quotes as Quarto does."""
    loader = type(reader.__name__, (reader,), {"yaml_implicit_resolvers": {}})
    for tag, pattern, first in IMPLICIT:
        loader.add_implicit_resolver(f"tag:yaml.org,2002:{tag}", re.compile(rf"(?:{pattern})\Z"), list(first))
    loader.add_constructor(
        "tag:yaml.org,2002:int",
        lambda reader, node: int(node.value.lstrip("+"), 0 if node.value[1:2] in tuple("ox") else 10),
    )
    return loader


QUICK, EXACT = _as_quarto(getattr(yaml, "CSafeLoader", yaml.SafeLoader)), _as_quarto(yaml.SafeLoader)


def read_settings(path: Path, root: Path, kind: Kind) -> Settings:
    """Read a YAML file of the book; raises Refused with everything that is wrong with it."""
    name = path.relative_to(root).as_posix()
    try:
        text = read_text(root, name)
    except UnicodeDecodeError:
        raise Refused([Problem(name, 0, "is not UTF-8 text", "save it with the encoding UTF-8")]) from None
    except Beyond as beyond:
        raise Refused([Problem(name, 0, beyond.what, beyond.remedy)]) from None
    return parse_settings(text, name, 1, kind)


def parse_settings(text: str, file: str, first_line: int, kind: Kind, custom: frozenset[str] = frozenset()) -> Settings:
    """Read YAML whose first line is `first_line` of `file`; `custom` names extra keys that a page uses itself."""
    where = PLACES[kind]
    try:
        try:
            settings = parse_yaml(text, QUICK, where, first_line, any_key=True)
        except Fault:  # it is read again by what knows better where and what the fault is
            settings = parse_yaml(text, EXACT, where, first_line, any_key=True)
    except Fault as fault:
        raise Refused([Problem(file, fault.line, fault.what, fault.remedy)]) from None
    if not isinstance(settings.data, dict):
        raise Refused([Problem(file, settings.line(0), f"{where} must be `key: value` lines",
                               "write one key and its value a line")])
    if kind != "variables":
        faults = dict(_check(settings, KNOWN[kind], file, kind, custom))
        if faults:
            raise Refused(faults.values(), _without(settings, faults))
    return settings


def _check(settings: Settings, known: dict, file: str, kind: str, custom: frozenset[str]) \
        -> Iterator[tuple[Keys, Problem]]:
    def visit(value: Any, allowed: Any, path: Keys) -> Iterator[tuple[Keys, Problem]]:
        alternatives = allowed if isinstance(allowed, tuple) else (allowed,)
        mapping = next((a for a in alternatives if isinstance(a, dict)), None)
        items = next((a for a in alternatives if isinstance(a, list)), None)
        if isinstance(value, dict) and mapping is not None:
            for key, below in value.items():
                here = (*path, key)
                if key in mapping:
                    yield from visit(below, mapping[key], here)
                elif path not in ((), ("format", "html")) or not _metadata(key, kind, custom):
                    where = ".".join(part for part in path if isinstance(part, str)) or PLACES[kind]
                    line = settings.line(*here)
                    if key in FOREIGN | INNER:
                        what = f"the key “{key}” in {where} changes a page of Quarto, and is not done here"
                        what, remedy = REASONS.get(key, (what, "remove it"))
                        yield here, Problem(file, line, what, f"{remedy}, or render the book with Quarto", True)
                    elif path == ("book",) and key in QUARTO:
                        what = f"the key “{key}” does not stand below book, in Quarto either"
                        yield here, Problem(file, line, what, "write it at the top of the file")
                    else:
                        done = [known for known in mapping if known not in ON_PAPER | OF_BOOK | OTHER_FORMATS]
                        remedy = nearest(key, done) + "correct or remove it"
                        yield here, Problem(file, line, f"unknown key “{key}” in {where}", remedy)
        elif isinstance(value, list) and items is not None:
            for index, below in enumerate(value):
                yield from visit(below, items[0], (*path, index))
        elif not (value is None and path and kind != "cell") and not any(_fits(value, a) for a in alternatives):
            name = next((str(key) for key in reversed(path) if isinstance(key, str)), PLACES[kind])
            shown = "empty" if value is None else f"“{str(value).lower() if isinstance(value, bool) else value}”"
            remedy = f"it must be {_names(alternatives)} here"
            if value in MOVING and DATE in alternatives:
                remedy = "that changes with every build: write a date such as 2026-03-14, or set SOURCE_DATE_EPOCH"
            undone = any(isinstance(a, set) for a in alternatives) and BOOL not in alternatives and value is not None
            yield path, Problem(file, settings.line(*path), f"“{name}” is {shown}", remedy, undone)

    yield from visit(settings.data, known, ())


def _without(settings: Settings, faulty: Container[Keys]) -> Settings:
    """Settings without what is wrong with them; all keys keep their lines."""
    lines = dict(settings.lines)

    def copy(value: Any, old: Keys, new: Keys) -> Any:
        lines[new] = settings.line(*old)
        if isinstance(value, dict):
            return {key: copy(below, (*old, key), (*new, key)) for key, below in value.items()
                    if (*old, key) not in faulty}
        if isinstance(value, list):
            kept = [number for number in range(len(value)) if (*old, number) not in faulty]
            return [copy(value[number], (*old, number), (*new, place)) for place, number in enumerate(kept)]
        return value

    return Settings(copy(settings.data, (), ()), lines, files=settings.files)


def _metadata(key: str, kind: str, custom: frozenset[str]) -> bool:
    """Whether an unlisted top-level key is the author's own, for `meta`, rather than a slip of the pen."""
    if key in custom:
        return True
    known = [known for known in (*KNOWN[kind], *QUARTO, *FOREIGN) if known not in ON_PAPER]
    near = get_close_matches(key, known, n=1, cutoff=0.8)
    return kind in ("quarto", "folder") and key not in FOREIGN | INNER and not near


def passed_over(settings: Settings) -> list[str]:
    """What settings say that changes no web page."""
    formats, levels = settings.get("format"), [settings.data]
    if isinstance(formats, Mapping):
        levels += [formats["html"]] if isinstance(formats.get("html"), Mapping) else []
    found = [key for level in levels for key in level if key in ON_PAPER]
    found += [f"format {key}" for key in (formats if isinstance(formats, Mapping) else ()) if key in OTHER_FORMATS]
    book = settings.get("book", default={}) or {}
    found += [key for key in book if key in OF_BOOK]
    found += [f"sidebar {key}" for key in book.get("sidebar") or {} if key in OF_SIDEBAR]
    return found + [f"theme {word}" for level in levels for word in ["brand"] if word in str(level.get("theme", ""))]


def passed_in_cell(cell: Settings) -> Iterator[str]:
    """What the options of a cell say that changes nothing with Python, each with its line."""
    for key in cell.data:
        if key in OF_KNITR:
            yield f"{cell.line(key)}: passed over, as Quarto passes it over in a cell of Python: {key}"


def _fits(value: Any, allowed: Any) -> bool:
    if isinstance(allowed, set):
        return any(value == word and type(value) is type(word) for word in allowed)
    checks = {
        BOOL: lambda: isinstance(value, bool),
        TEXT: lambda: isinstance(value, str),
        ANY: lambda: True,
        DATE: lambda: day(value) is not None or value == "",
        INT: lambda: isinstance(value, int) and not isinstance(value, bool),
        NUMBER: lambda: isinstance(value, float),
    }
    return isinstance(allowed, str) and checks[allowed]()


def _names(alternatives: tuple) -> str:
    names: list[str] = []
    for allowed in alternatives:
        if isinstance(allowed, set):
            words = [str(word).lower() if isinstance(word, bool) else str(word) for word in allowed]
            names += [f"“{word}”" for word in sorted(words)]
        else:
            names.append({dict: "a list of keys", list: "a list"}.get(type(allowed), allowed))
    return " or ".join(dict.fromkeys(names))


def options(book: Settings, front: Settings) -> dict:
    """The document options of one page: the book's, then the page's, each from its top level and `format: html:`."""
    merged: dict = {}
    for settings in (book, front):
        html = settings.get("format", "html")
        for level in (settings.data, html if isinstance(html, Mapping) else {}):
            for key, value in level.items():
                if key in HTML and value is not None:
                    below = merged.get(key)
                    merged[key] = below | value if isinstance(below, dict) and isinstance(value, dict) else value
    return merged


def execute_options(book: Settings, front: Settings) -> dict:
    """How cells of one page are run and shown where they do not say it themselves."""
    given: dict = {"echo": True, "eval": True, "output": True, "warning": True, "error": False, "include": True}
    for settings in (book, front):
        given |= {key: value for key, value in (settings.get("execute") or {}).items() if value is not None}
    given["execute-dir"] = book.get("project", "execute-dir", default="file")
    shown = options(book, front)
    return given | {key: shown[key] for key in (*CODE, *FIGURES) if key in shown}
