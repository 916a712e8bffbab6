"""Does the tool give the values that R gives?  `python -m tests.reference CASES.json`

Runs a file of reference cases (kind, inputs, options, expected values, tolerance, the call in R), prints each value
that differs, then each statistic that is not offered, for the tool does not have it, and closes with
`N passed, N failed, N not offered`, of values. The exit code is 1 if any failed.
"""

from __future__ import annotations

import argparse
import json
import math
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from .case import Case
from .family import NotOffered
from .kinds import compute


@dataclass(frozen=True)
class Outcome:
    """What came of a case: the names of values that agree, those that `differ` (name, expected, got), and those that
    are not offered (name, why)."""

    agree: tuple[str, ...]
    differ: tuple[tuple[str, object, object], ...]
    not_offered: tuple[tuple[str, str], ...]


def run(case: dict) -> Outcome:
    """Compute each expected value of a case and compare it."""
    expected = case["expected"]
    given = Case(case["inputs"], case.get("options") or {}, frozenset(expected), str(case.get("source", "")))
    agree, differ, absent = [], [], []
    for name, value in expected.items():
        try:
            got = compute(case["kind"], given, name)
        except NotOffered as reason:
            absent.append((name, str(reason)))
            continue
        except Exception as problem:  # whatever goes wrong, the other values are still compared
            refused = isinstance(problem, ValueError) and value is None  # where R has no value either
            got = None if refused else f"{type(problem).__name__}: {problem}"
        if agrees(got, value, case.get("tol") or 1e-6):
            agree.append(name)
        else:
            differ.append((name, value, got))
    return Outcome(tuple(agree), tuple(differ), tuple(absent))


def agrees(got: object, expected: object, tolerance: float) -> bool:
    """Whether a value is the expected one, to the tolerance that the cases mean: of the value, or of one if that is
    more. Where the tolerance is fine, small values must agree to a thousandth of themselves as well.

    null stands for an infinite bound, or for a value that there is not.
    """
    if isinstance(expected, (list, tuple)):
        if not isinstance(got, (list, tuple)):
            return False
        if None not in expected:  # R leaves out what is missing
            got = [one for one in got if one is not None]
        if len(got) != len(expected):
            return False
        return all(agrees(one, other, tolerance) for one, other in zip(got, expected, strict=True))
    if expected is None:
        return got is None or (isinstance(got, float) and not math.isfinite(got))
    if isinstance(expected, (bool, str)) or got is None or isinstance(got, (bool, str, list, tuple)):
        return type(got) is type(expected) and got == expected
    gap = abs(float(got) - float(expected))
    if not gap <= tolerance * max(1.0, abs(expected)):
        return False
    return tolerance > 1e-5 or gap <= 1e-3 * abs(expected) + 1e-9


def main(arguments: Sequence[str]) -> int:
    """Run a file of cases; 1 if any value differs, 2 if the file is none."""
    parser = argparse.ArgumentParser(prog="python -m tests.reference", description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("cases", type=Path, help="a JSON file with a list of cases")
    path = parser.parse_args(arguments).cases
    try:
        cases = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError) as problem:
        print(f"{path}: {problem}; give a JSON file with a list of cases", file=sys.stderr)
        return 2
    outcomes = {case["id"]: run(case) for case in cases}
    for case, outcome in outcomes.items():
        for name, expected, got in outcome.differ:
            print(f"{case}: {name} expected {expected}, got {got}")
    for case, outcome in outcomes.items():
        for name, reason in outcome.not_offered:
            print(f"not offered: {case} {name} ({reason})")
    passed, failed, absent = (
        sum(len(getattr(outcome, part)) for outcome in outcomes.values()) for part in ("agree", "differ", "not_offered")
    )
    print(f"{passed} passed, {failed} failed, {absent} not offered")
    return 1 if failed else 0

