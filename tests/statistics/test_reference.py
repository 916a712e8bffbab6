"""The reference values of R: all cases that the project keeps, and the file of the runner's own users if it is here.

reference_cases.json: values of R packages. reference_variants.json: base R under other options, tables and levels.
"""

from __future__ import annotations

import json

import pytest
from project import ROOT

from tests.reference import DECLINED, agrees, main, run
from tests.reference_methods import KINDS

HERE = ROOT / "tests"
KEPT = [HERE / "reference_cases.json", HERE / "reference_variants.json"]
SHARED = HERE.parent.parent / "shared" / "reference" / "stats_cases.json"
CASES = {case["id"]: case for path in KEPT for case in json.loads(path.read_text(encoding="utf-8"))}


@pytest.mark.parametrize("case", CASES)
def test_the_value_of_r(case):
    outcome = run(CASES[case])
    assert not outcome.differ
    assert outcome.compared


def test_the_ids_of_the_cases_play_no_part():
    for case in CASES.values():
        assert run({**case, "id": "any"}).differ == ()


@pytest.mark.skipif(not SHARED.exists(), reason=f"the shared reference cases are not at {SHARED}")
def test_the_shared_file_passes_whole(capsys):
    cases = json.loads(SHARED.read_text(encoding="utf-8"))
    assert main([str(SHARED)]) == 0
    assert capsys.readouterr().out.splitlines()[-1] == f"{len(cases)} passed, 0 failed"


def test_every_kind_that_has_a_method_has_a_case():
    assert {case["kind"] for case in CASES.values()} == set(KINDS)


def test_nothing_is_declined_that_no_case_asks_for():
    asked = {(case["kind"], name) for case in CASES.values() for name in case["expected"]}
    assert set(DECLINED) <= asked


def test_a_wrong_value_is_told_with_what_was_expected_and_found(tmp_path, capsys):
    case = {**CASES["fisher_d139"], "expected": {"p": 0.5}}
    (tmp_path / "cases.json").write_text(json.dumps([case]))
    assert main([str(tmp_path / "cases.json")]) == 1
    told = capsys.readouterr().out.splitlines()
    assert told[0].startswith("fisher_d139: p expected 0.5, got 0.0307")
    assert told[-1] == "0 passed, 1 failed"


@pytest.mark.parametrize(
    ("change", "words"),
    [({"kind": "astrology"}, "no method for cases of the kind 'astrology'"), ({"expected": {"aura": 1}}, "'aura'")],
)
def test_what_has_no_method_fails_and_says_so(change, words):
    ((_, _, got),) = run({**CASES["chisq_n_minus_1"], "expected": {"p": 1}, **change}).differ
    assert words in got


def test_a_case_of_which_all_is_declined_counts_neither_way(tmp_path, capsys):
    case = {**CASES["polychoric_d139"], "expected": {"rho_ml": 0.285093066459403}}
    (tmp_path / "cases.json").write_text(json.dumps([case]))
    assert main([str(tmp_path / "cases.json")]) == 0
    told = capsys.readouterr().out.splitlines()
    assert told[0].startswith("declined: polychoric_d139 rho_ml (")
    assert told[-1] == "0 passed, 0 failed"


def test_a_file_that_is_none_is_told(tmp_path, capsys):
    (tmp_path / "cases.json").write_text("{")
    assert main([str(tmp_path / "cases.json")]) == 2
    assert "give a JSON file" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("got", "expected", "tolerance", "same"),
    [
        (1.0, 1.0000009, 1e-6, True), (1.0, 1.000002, 1e-6, False), (2e-9, 1e-9, 1e-6, True), (2e-5, 1e-5, 1e-6, False),
        (float("inf"), None, 1e-6, True), (float("nan"), 1.0, 1, False), ([1, 2], [1, 2, 3], 1, False),
        (True, True, 1, True), (1, True, 1, False), ("a", "a", 1, True), (0.71, 0.72, 0.02, True),
    ],
)
def test_how_values_are_compared(got, expected, tolerance, same):
    assert agrees(got, expected, tolerance) is same
