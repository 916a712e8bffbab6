"""Does a site tell what a study withholds?  Small counts, and tests that were made from counts that are not shown.

What is looked at is the data beside figures and tables, and the file of all findings, where numbers stand with their
names. Below the least number that may be shown there may be no count of answers; and where the cross table of a
hypothesis is withheld, or a choice rests on people that are not told of, there may be no test, size or p.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any

from surveybook.publish.checks.rule import FileFault
from surveybook.publish.site.study import RESPONSES, Study, read_studies

# The keys of numbers of people who gave an answer, or said that there is none to give
COUNTED = ("count", "base", "all", "upper", "lower", "not-applicable")
TESTED = ("test", "effect", "equivalence")
REMEDY = "make it from what `study.shown` tells"


def withheld_told(site: Path, book: Path) -> Iterator[FileFault]:
    """No data of a study that withholds counts hold a small one, or a test of counts that are not shown.

    The file, the place in it, what stands there, and what to do.
    """
    withholding = {name: study for name, study in read_studies(book).items() if study.least}
    for path in sorted(site.rglob("*.json")) if withholding else ():
        with suppress(ValueError):  # files that are not JSON are found by others
            name, told = path.relative_to(site).as_posix(), json.loads(path.read_text("utf-8"))
            yield from ((name, *fault, REMEDY) for fault in _faults(told, withholding))


def _faults(told: Any, withholding: dict[str, Study]) -> Iterator[tuple[str, str]]:
    """The place and what stands there, in a companion or in the file of all findings."""
    if not isinstance(told, dict):
        return
    if told.get("study") in withholding:
        limit = withholding[told["study"]].least
        yield from ((spot, _small(count, limit)) for spot, count in _counts(told) if 0 < count < limit)
        if isinstance(passport := told.get("passport"), dict):
            yield from _made_of_withheld(passport)
    for one in told.get("findings", ()):
        study, question, _, last, *_ = [*str(one.get("name", "")).split("."), "", "", "", ""]
        if study in withholding and last == "count" and question in _questions(withholding[study]) \
                and 0 < one.get("value", 0) < withholding[study].least:
            yield one["name"], _small(one["value"], withholding[study].least)


def _questions(study: Study) -> set[str]:
    """The questions of a study, as findings call them."""
    (responses,) = (one for one in study.descriptor["resources"] if one["name"] == RESPONSES)
    asked = [*responses["schema"]["fields"], *study.descriptor.get("derived", ())]
    return {one["name"].replace("-", "_") for one in asked}


def _small(count: float, limit: int) -> str:
    return f"a count of {count} stands here, and the least that may be shown is {limit}"


def _counts(value: Any, spot: str = "", key: str = "") -> Iterator[tuple[str, float]]:
    """Every number of people in plain data, with its place."""
    if isinstance(value, dict):
        for name, one in value.items():
            yield from _counts(one, f"{spot}.{name}".lstrip("."), "count" if name == "counts" else name)
    elif isinstance(value, list):
        for number, one in enumerate(value, 1):
            yield from _counts(one, f"{spot} {number}", key)
    elif key in COUNTED and isinstance(value, int | float) and not isinstance(value, bool):
        yield spot, value


def _made_of_withheld(passport: dict[str, Any]) -> Iterator[tuple[str, str]]:
    """Tests of a hypothesis that were made from counts that are withheld."""
    hidden = any(not isinstance(cell, int) for line in passport["table"]["counts"] for cell in line)
    for name in TESTED if hidden else ():
        if passport.get(name):
            yield f"passport.{name}", "it was computed from counts that are withheld"
    for choice in passport.get("choices") or ():
        if choice["n"] is None and (choice["effect"] is not None or choice["p"] is not None):
            yield f"passport.choices “{choice['choice']}”", "it was computed from people that are not told of"
