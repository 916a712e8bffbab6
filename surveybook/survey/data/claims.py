"""What does a claim about a table count?  Claims are rows of the resource “claims”; evidence/ledger.py judges them."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pandas as pd

from surveybook.survey.errors import DataError
from surveybook.survey.estimates.distribution import Distribution

# Words that say how many, beside a number, and when they hold of a share (a fraction)
QUANTIFIERS = {"most": lambda fraction: fraction > 0.5}


def claimed_items(claim: Mapping[str, Any], distribution: Distribution) -> list[str]:
    """The answers that a claim adds up."""
    items = "" if pd.isna(claim["items"]) else claim["items"]
    return list(distribution.counts) if items == "all" else items.split()


def check_claims(claims: pd.DataFrame, distributions: Mapping[str, Distribution], path: Path) -> None:
    """Refuse a claim about a question, answers or a word that are not there. Raises DataError with the row of `path`.

    A claim without a table is one that nothing can check.
    """
    for number, claim in claims.iterrows():
        place = f"{path}: row {number}, column"
        word = claim["quantifier"]
        if not pd.isna(word) and word not in QUANTIFIERS:
            known = ", ".join(QUANTIFIERS)
            raise DataError(f"{place} “quantifier”: no rule says when “{word}” holds; use one of {known}")
        if pd.isna(claim["table"]):
            continue
        if claim["table"] not in distributions:
            known = ", ".join(distributions)
            raise DataError(f"{place} “table”: no question is called “{claim['table']}”; use one of {known}")
        distribution = distributions[claim["table"]]
        items = claimed_items(claim, distribution)
        if not items or len(items) > len(set(items)):
            raise DataError(f"{place} “items”: names no answer, or one twice; name each answer once, or write all")
        for item in items:
            if item not in distribution.counts:
                known = ", ".join(distribution.counts)
                raise DataError(
                    f"{place} “items”: no answer of “{claim['table']}” is called “{item}”; use one of {known}"
                )
