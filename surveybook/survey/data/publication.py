"""Which files of a study are given away row by row?  Those of which that is proved harmless, or declared with a reason.

Published counts and claims are public already, and behind drawn responses there is nobody. Any other table can have
rows of people, whatever it is called, and stays here unless its author says why it need not. The publishing wing reads
the same from the descriptor (publish/site/study.py), and tests compare the two.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from surveybook.survey.data import CLAIMS, COUNTS, RESPONSES, answered
from surveybook.survey.data.schema import Document, is_parquet

WHY = "published_because"
NONE = "none"  # a minimum_cell that withholds nothing
LEAST_WORDS = 5  # of a reason
NOBODY = "no person is behind"  # what a simulated study says, and what stays in a copy of its descriptor


def given_away(descriptor: Mapping[str, Any]) -> frozenset[str]:
    """The names of the resources whose rows are published, of a study that was read without a refusal."""
    names = {one["name"] for one in descriptor["resources"]}
    free = {RESPONSES} if descriptor["simulated"] and not _withholds(descriptor) else set()
    free |= {CLAIMS} if RESPONSES in names else {CLAIMS, COUNTS}
    return frozenset(one["name"] for one in descriptor["resources"] if one["name"] in free or WHY in one)


def _withholds(descriptor: Mapping[str, Any]) -> bool:
    return descriptor.get("disclosure", {}).get("minimum_cell", NONE) != NONE


def check_publication(document: Document) -> None:
    """Refuse a declared publication of rows that `disclosure` forbids, or that nobody can be asked to agree to."""
    resources = document.data["resources"]
    people = answered(document.data)
    asked = {field["name"] for one in resources if one["name"] in people for field in one["schema"]["fields"]}
    for number, resource in enumerate(resources):
        keys = ["resources", number, WHY]
        if is_parquet(resource) and resource["name"] in given_away(document.data):
            raise document.refusal(["resources", number, "path"], "rows that are given away are CSV, which "
                                                                  "everybody can read; write the table as CSV")
        if WHY not in resource:
            continue
        if resource["name"] == RESPONSES and document.data["simulated"]:
            raise document.refusal(keys, "nobody is behind simulated answers, whose rows are published without a "
                                         "reason; remove it")
        shared = sorted(asked.intersection(field["name"] for field in resource["schema"]["fields"]))
        if _withholds(document.data) and shared:
            raise document.refusal(keys, f"the rows (“{shared[0]}” in them) show every count that “disclosure” "
                                         "withholds; remove this key, or the rule")


def check_reason(document: Document, reason: str) -> None:
    """Refuse a reason that gives none for showing every count of answers that people gave."""
    keys = ["disclosure", "reason"]
    if NOBODY in reason.casefold():
        raise document.refusal(keys, "so it is said of simulated answers, and these are not; write from which count on "
                                     "answers may be shown (minimum_cell), or why every count may be")
    if len(reason.split()) < LEAST_WORDS:
        raise document.refusal(keys, f"“{reason}” is no reason; say in at least {LEAST_WORDS} words why every count of "
                                     "people's answers may be shown, or write a minimum_cell")
