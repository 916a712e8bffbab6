"""Does `analysis` give the values that R gives?  `python -m tests.reference CASES.json`

Runs a file of reference cases (kind, inputs, options, expected values, tolerance) through `analysis`, prints each
value that differs, and closes with `N passed, N failed`; the exit code is 1 if any failed. Values that are declined
are named with the reason and not compared; a case passes by the others, and counts as neither if it has none.
"""

from __future__ import annotations

import argparse
import json
import math
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from .reference_methods import Case, quantities

DECLINED: dict[tuple[str, str], str] = {  # (kind, expected name) -> reason
    ("ordinal-ordinal", "rho_ml"): "polycor takes optim's Nelder-Mead, which stops before the maximum: on the table of "
    "the 139 it has .28509, where the log likelihood is -424.36632, while BFGS has .28393 with -424.36579, in R too",
    ("bayes", "bf10_null_pair"): "is of two other answers, which the case does not give",
}


@dataclass(frozen=True)
class Outcome:
    """What came of a case: values that `differ` (name, expected, got) and those that were declined, by reason."""

    id: str
    differ: tuple[tuple[str, object, object], ...]
    declined: tuple[tuple[str, str], ...]
    compared: int


def run(case: dict) -> Outcome:
    """Compute each expected value of a case and compare it."""
    expected = case["expected"]
    given = Case(case["inputs"], case.get("options") or {}, frozenset(expected))
    declined = tuple((name, DECLINED[case["kind"], name]) for name in expected if (case["kind"], name) in DECLINED)
    asked = [name for name in expected if (case["kind"], name) not in DECLINED]
    differ = []
    for name in asked:
        try:
            got = quantities(case["kind"], given)(name)
        except Exception as problem:  # whatever goes wrong, the other cases are still run
            got = f"{type(problem).__name__}: {problem}"
        if not agrees(got, expected[name], case.get("tol") or 1e-6):
            differ.append((name, expected[name], got))
    return Outcome(case["id"], tuple(differ), declined, len(asked))


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
    if isinstance(expected, (bool, str)) or got is None or isinstance(got, (bool, str)):
        return type(got) is type(expected) and got == expected
    gap = abs(float(got) - float(expected))
    if not gap <= tolerance * max(1.0, abs(expected)):
        return False
    return tolerance > 1e-5 or gap <= 1e-3 * abs(expected) + 1e-9


def main(arguments: Sequence[str]) -> int:
    """Run a file of cases; 1 if any differs."""
    parser = argparse.ArgumentParser(prog="python -m tests.reference", description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("cases", type=Path, help="a JSON file with a list of cases")
    path = parser.parse_args(arguments).cases
    try:
        cases = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError) as problem:
        print(f"{path}: {problem}; give a JSON file with a list of cases", file=sys.stderr)
        return 2
    outcomes = [run(case) for case in cases]
    for outcome in outcomes:
        for name, expected, got in outcome.differ:
            print(f"{outcome.id}: {name} expected {expected}, got {got}")
        for name, reason in outcome.declined:
            print(f"declined: {outcome.id} {name} ({reason})")
    failed = sum(bool(outcome.differ) for outcome in outcomes)
    passed = sum(bool(outcome.compared) and not outcome.differ for outcome in outcomes)
    print(f"{passed} passed, {failed} failed")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
