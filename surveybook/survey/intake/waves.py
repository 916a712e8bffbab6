"""How does the next export become a wave of its own?  The descriptor as its author has it, with one file more.

The new wave takes the place of “responses”, as the study is the last wave; the file of the one before stays where it
is, under a name of its own.
"""

from __future__ import annotations

import re
from dataclasses import replace
from pathlib import Path

from surveybook.survey.data import RESPONSES
from surveybook.survey.data.table import missing_codes
from surveybook.survey.errors import DataError
from surveybook.survey.intake.descriptor import quote
from surveybook.survey.intake.edits import Standing, complete
from surveybook.survey.intake.questions import Question

SKIPPED = "skipped"
PATH = re.compile(r"(?<=\n    path: )\S+")
FIRST = f"  - name: {RESPONSES}\n"
LAST = re.compile(rf"^( *)- .*\bresource: [\"']?({RESPONSES})[\"']?\s*(?=[,}}\n])", re.MULTILINE)
DECLARED = """
waves:
  files:
    # guess (please look): what the first wave is called; give each its day, as in `date: 2026-03-14`
    - {{resource: {name}, label: {before}}}
    - {{resource: responses, label: {label}}}
"""


def rows_of(opening: str) -> str:
    """The file that the answers are written into."""
    found = PATH.search(opening)
    return found[0].strip("\"'") if found and found[0].strip("\"'").endswith(".csv") else f"{RESPONSES}.csv"


def add_wave(stands: Standing, tail: str, label: str, questions: list[Question], path: Path) -> tuple[str, str]:
    """What stands before and after the fields of “responses” once the wave `label` is there: the answers of before are
    a resource after it, and “waves” names all. `tail`: what will follow the fields.

    Where a question was skipped for the first time it could have been skipped before, so that the earlier wave says so.
    Raises DataError, one sentence, for a wave that is there already, and for a descriptor of another form.
    """
    current, labels, file = stands.parts, stands.waves, f"{RESPONSES}-{_kebab(label)}.csv"
    before = labels[-1] if labels else "first wave"
    if label in labels or (path.parent / file).exists():
        raise DataError(f"{path}: there is a wave “{label}” already; give this one another name, or leave --wave out "
                        "to read the export of the last wave again")
    if FIRST not in current.opening or not PATH.search(current.opening):
        raise DataError(f"{path}: “{RESPONSES}” is no longer the first of the resources; put it there")
    name = f"{RESPONSES}-{_kebab(before)}"
    fields = dict(current.fields)
    for one in questions:
        told = dict(stands.declared.get(one.id, {}))
        if one.id in fields and SKIPPED in one.codes and SKIPPED not in missing_codes(told):
            fields[one.id] = complete(fields[one.id], replace(one, codes=[SKIPPED]), {}, told, path.name)
    opening = current.opening.split("resources:\n", 1)[1]
    earlier = opening.replace(FIRST, f"  - name: {name}\n", 1) + "".join(fields.values())
    return PATH.sub(file, current.opening, count=1), earlier + _listed(tail, name, before, label, path)


def _listed(tail: str, name: str, before: str, label: str, path: Path) -> str:
    """What follows the resources, with the waves in it."""
    found = LAST.search(tail)
    if not found and re.search(r"^waves:", tail, re.MULTILINE):
        raise DataError(f"{path}: its waves are no longer listed one a line; write the entry of “{RESPONSES}” as "
                        f"`- {{resource: {RESPONSES}, label: …}}`")
    if not found:
        return tail.rstrip("\n") + "\n" + DECLARED.format(name=name, before=quote(before), label=quote(label))
    indent = found[1]
    rest = tail[found.end():]
    end = next((at.start() for at in re.finditer(r"\n", rest)
                if not rest[at.end():].startswith(f"{indent}  ")), len(rest))
    own = tail[: found.start(2)] + name + tail[found.end(2) : found.end()] + rest[:end]
    return f"{own}\n{indent}- {{resource: {RESPONSES}, label: {quote(label)}}}{rest[end:]}"


def _kebab(label: str) -> str:
    return re.sub(r"[^a-z0-9]+", "-", label.lower()).strip("-") or "next"
