"""What does a call in R do where it says nothing?  The calls in the source of a reference case, and R's defaults.

An author who writes `wilcox.test(x, y)` means what R does then: exact for fewer than 50 without ties, else the normal
approximation with a continuity correction.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

TESTS = re.compile(r"(?:(\w+)(?: [\d.-]+)?::)?([A-Za-z][\w.]*(?:[tT]est|\.exact|2x2))\b(\(?)")
OPENING, CLOSING = "([{", ")]}"
FEW = 50  # people in a group, or pairs, below which R lists all ways by default
STANDARDIZED = {"wilcox_test", "wilcoxsign_test", "sign_test", "lbl_test"}  # of coin: their statistic is z


@dataclass(frozen=True)
class Call:
    """A call of a test in R: the `function`, and what it was `told`, by name, or by its place where it has none.

    None is a value that cannot be read: neither a word, a number nor a truth value."""

    function: str
    told: tuple[tuple[str, object], ...]


def calls_in(source: str) -> list[Call]:
    """The different calls of tests in a source, in its order."""
    found = []
    for match in TESTS.finditer(source):
        text = enclosed(source[match.end() :]) if match[3] else ""
        own = match[1] == "rstatix"  # R's own tests by other names
        function = re.sub("(?<!dunn)_test$", ".test", match[2]) if own else match[2]
        parts = [re.fullmatch(r"\s*(?:([\w.]+)\s*=(?!=))?\s*(.*?)\s*", part, re.DOTALL) for part in split(text)]
        found.append(Call(function, tuple(
            (part[1] or str(place), value_of(part[2])) for place, part in enumerate(parts, 1) if part and part[2]
        )))  # fmt: skip
    return list(dict.fromkeys(found))


def enclosed(text: str) -> str:
    """What stands before the bracket that closes."""
    depth = 0
    for place, sign in enumerate(text):
        depth += (sign in OPENING) - (sign in CLOSING)
        if depth < 0:
            return text[:place]
    return text


def split(text: str) -> list[str]:
    """Arguments: what is parted by commas outside brackets."""
    parts, depth = [""], 0
    for sign in text:
        depth += (sign in OPENING) - (sign in CLOSING)
        if sign == "," and not depth:
            parts.append("")
        else:
            parts[-1] += sign
    return parts


def value_of(written: str) -> object:
    """A value as R reads it: TRUE, FALSE, a word in quotes or one of coin's distributions, a number; else None."""
    if written in ("TRUE", "FALSE"):
        return written == "TRUE"
    if word := re.fullmatch(r"([\"'])(.*)\1|(exact|approximate|asymptotic)\(.*\)", written, re.DOTALL):
        return word[2] or word[3]
    try:
        return float(written)
    except ValueError:
        return None


def exact_by_r(told: Mapping[str, object], untied: bool, few: bool) -> bool:
    """Whether R lists all ways: never with ties, and if it is not told, for few alone."""
    asked = told.get("exact")
    return untied and (asked is True or (asked is not False and few))


def rank_form(function: str, told: Mapping[str, object], untied: bool, few: bool) -> str:
    """The form of a test of ranks, two-sample or paired: R's own, coin's or that of exactRankTests."""
    if function in STANDARDIZED:
        return "asym nocc"
    if function.endswith(".exact"):
        exact = told.get("exact") is True or (told.get("exact") is not False and few)
        return "exact" if exact else "asym nocc"
    if exact_by_r(told, untied, few):
        return "exact"
    return "asym nocc" if told.get("correct") is False else "asym cc"
