"""What is set beside `_quarto.yml` and the pages?  Settings of one's own copy, those of a folder, and the environment.

The files that `_quarto.yml` names under `metadata-files`, and then `_quarto.yml.local`, go over it; the `_metadata.yml`
of a folder goes below the front matter of its pages; `_environment` and `_environment.local` give the cells and the
scripts variables that are not set yet. As in Quarto, mappings become one, and lists follow each other.
"""

from __future__ import annotations

import os
import posixpath
import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from surveybook.boundary import Beyond, Missing, find_file, read_text
from surveybook.render.problems import Problem, Refused, attempt
from surveybook.render.settings import Kind, Settings, read_settings

LOCAL = "_quarto.yml.local"
OF_FOLDER = ("_metadata.yml", "_metadata.yaml")
NAMING = ("bibliography", "css", "file", "include-in-header", "include-before-body", "include-after-body")  # files
ENVIRONMENT = ("_environment.local", "_environment")  # the first one that says it counts
VARIABLE = re.compile(r"""\s*(?:export\s+)?([A-Za-z_]\w*)\s*=\s*(?:"([^"\n]*)"|'([^'\n]*)'|([^\n#]*?))\s*(?:#.*)?""")

OTHER = re.compile(r"(?<!\\)\$(?:(\w+)|\{(\w+)(?::-((?:[^{}]|\{\w+\})*))?\})")  # $NAME, ${NAME} and ${NAME:-value}


def read_book_settings(root: Path) -> Settings:
    """What `_quarto.yml` says, with what its `metadata-files` and then `_quarto.yml.local` say instead."""
    problems: list[Problem] = []
    settings = attempt(lambda: read_settings(root / "_quarto.yml", root, "quarto"), problems)
    named = settings.get("metadata-files") or [] if settings else []
    for name in [named] if isinstance(named, str) else named:
        try:
            path = find_file(root, name)
        except Beyond as beyond:
            what = (f"there is no file {name}", "write it, or mend `metadata-files`") if isinstance(beyond, Missing) \
                else (f"the file {name} {beyond.what}", beyond.remedy)
            problems.append(Problem(*settings.place("_quarto.yml", "metadata-files"), *what))
        else:
            settings = attempt(lambda under=settings, path=path: _over(under, path, root, "quarto"), problems)
    if settings and (root / LOCAL).is_file():
        settings = attempt(lambda: _over(settings, root / LOCAL, root, "quarto"), problems) or settings
    if brand := next((name for name in ("_brand.yml", "_brand.yaml") if (root / name).is_file()), ""):
        what = "the colors and type of a brand are not done here"
        problems.append(Problem(brand, 0, what, "put them into a style sheet under `css`, and remove the file", True))
    if profile := os.environ.get("QUARTO_PROFILE"):
        what = f"QUARTO_PROFILE is “{profile}”, which makes several books of these files, and a site is made from one"
        problems.append(Problem("_quarto.yml", 0, what, f"unset it, and put what differs into {LOCAL}", True))
    if problems:
        raise Refused(problems, settings)
    return settings


def read_folder_settings(root: Path, file: str) -> Settings:
    """What the folders that the page `file` lies in say of their pages, from the outermost to its own.

    As in Quarto, what stands in the book's folder itself is for the pages that lie right there.
    """
    found, parts, problems = Settings(), posixpath.dirname(file).split("/"), []
    for number in range(len(parts)):
        folder = posixpath.join(*parts[:number + 1])
        for path in [root / folder / name for name in OF_FOLDER if (root / folder / name).is_file()][:1]:
            above = attempt(lambda path=path: read_settings(path, root, "folder"), problems) or Settings()
            above = Settings(_seen_from(above.data, folder, file), above.lines)
            found = laid_over(found, from_file(above, path.relative_to(root).as_posix()))
    if problems:
        raise Refused(problems, found)
    return found


def _seen_from(value: Any, folder: str, page: str, named: bool = False) -> Any:
    """Settings of a folder whose files are named as from the folder of the page."""
    if isinstance(value, dict):
        return {key: _seen_from(below, folder, page, key in NAMING) for key, below in value.items()}
    if isinstance(value, list):
        return [_seen_from(below, folder, page, named or isinstance(below, dict)) for below in value]
    if named and isinstance(value, str) and not value.startswith("/"):
        return posixpath.relpath(posixpath.join(folder, value), posixpath.dirname(page) or ".")
    return value


def merged(below: Mapping[str, Any], above: Mapping[str, Any]) -> dict[str, Any]:
    """Two mappings as one; where both have a value, that of `above`."""
    whole = dict(below)
    for key, value in above.items():
        under = whole.get(key)
        if key == "css" and under and value:
            under, value = ([names] if isinstance(names, str) else names for names in (under, value))
        if isinstance(under, Mapping) and isinstance(value, Mapping):
            whole[key] = merged(under, value)
        elif isinstance(under, list) and isinstance(value, list):
            whole[key] = [*under, *(item for item in value if item not in under)]
        else:
            whole[key] = value
    return whole


def from_file(settings: Settings, file: str) -> Settings:
    """Settings that know which file they are from."""
    return Settings(settings.data, settings.lines, files=dict.fromkeys(settings.lines, file))


def laid_over(below: Settings, above: Settings) -> Settings:
    """Settings as one; each key has the place of what counts, and items of lists that of the list."""
    lines, files = dict(below.lines), dict(below.files)
    for keys, line in above.lines.items():
        if keys not in lines or not any(isinstance(key, int) for key in keys):
            lines[keys] = line
            files.pop(keys, None)
            if keys in above.files:
                files[keys] = above.files[keys]
    return Settings(merged(below.data, above.data), lines, files=files)


def _over(settings: Settings, path: Path, root: Path, kind: Kind) -> Settings:
    """Settings with those of another file over them."""
    problems: list[Problem] = []
    above = attempt(lambda: read_settings(path, root, kind), problems) or Settings()
    whole = laid_over(settings, from_file(above, path.relative_to(root).as_posix()))
    if problems:
        raise Refused(problems, whole)
    return whole


def read_environment(root: Path) -> dict[str, str]:
    """The variables of the book's environment files that are not set yet. Raises Refused for a line that sets none."""
    found: dict[str, str] = {}
    problems: list[Problem] = []
    for name in ENVIRONMENT:
        try:
            lines = read_text(root, name).splitlines() if (root / name).is_file() else []
        except Beyond as beyond:
            problems.append(Problem(name, 0, beyond.what, beyond.remedy))
            continue
        except UnicodeDecodeError:
            problems.append(Problem(name, 0, "is not UTF-8 text", "save it with the encoding UTF-8"))
            continue
        values: dict[str, str] = {}
        bare: dict[str, int] = {}  # in what stands without quotes, other variables have their values
        for number, line in enumerate(lines, 1):
            if not line.strip() or line.lstrip().startswith("#"):
                continue
            variable = VARIABLE.fullmatch(line)
            if not variable:
                problems.append(Problem(name, number, f"“{line.strip()}” sets no variable", "write NAME=value"))
                continue
            key, double, single, plain = variable.groups()
            values[key] = double.replace("\\n", "\n") if double is not None else single or plain or ""
            if plain is not None:
                bare[key] = number
        known = values | os.environ
        for key, value in values.items():
            if key not in os.environ:
                try:
                    found.setdefault(key, _expanded(value, known) if key in bare else value)
                except KeyError as missing:
                    what = f"{key} takes the value of {missing.args[0]}, which is not set"
                    problems.append(Problem(name, bare[key], what, "set it, or write ${NAME:-value}"))
    if problems:
        raise Refused(problems, found)
    return found


def _expanded(value: str, known: Mapping[str, str]) -> str:
    """A value with those of the variables that it names; raises KeyError for one that is not set."""

    def replaced(match: re.Match) -> str:
        name = match[1] or match[2]
        return _expanded(match[3], known) if match[3] is not None and not known.get(name) else known[name]

    return OTHER.sub(replaced, value)
