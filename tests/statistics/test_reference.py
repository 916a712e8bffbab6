"""The reference values of R: all cases that the project keeps, and the file of the runner's own users if it is here."""

from __future__ import annotations

import json

import numpy as np
import pytest
from project import ROOT, SHARED
from scipy.stats import binomtest, wilcoxon

from tests.reference.calls import Call, calls_in
from tests.reference.comparison import agrees, main, run
from tests.reference.family import NotOffered
from tests.reference.kinds import KINDS
from tests.reference.words import words_of

CASES = {case["id"]: case for case in json.loads((ROOT / "tests" / "reference_cases.json").read_text(encoding="utf-8"))}
THEIRS = SHARED / "reference" / "stats_cases.json"
PAIRS = {"binary-binary", "binary-ordinal", "ordinal-ordinal", "nominal-ordinal", "nominal-nominal", "count-binary",
         "ordinal-count", "paired-binary", "paired-ordinal", "paired-binary-k", "paired-ordinal-k"}  # fmt: skip


def judged(case: str, **changes) -> tuple[dict[str, object], set[str]]:
    """What is found in place of an expected value, and the names of what is not offered, for a case that is changed."""
    outcome = run({**CASES[case], **changes})
    return {name: got for name, _, got in outcome.differ}, {name for name, _ in outcome.not_offered}


@pytest.mark.parametrize("case", CASES)
def test_the_value_of_r(case):
    outcome = run(CASES[case])
    assert not outcome.differ
    assert outcome.agree


def test_every_pair_of_kinds_has_cases():
    assert {case["kind"] for case in CASES.values()} >= PAIRS
    assert {case["kind"] for case in CASES.values()} <= KINDS.keys()


def test_the_ids_of_the_cases_play_no_part():
    for case in ("twice_sign_test_by_option", "ordered_kendall_and_spearman", "fisher_d139"):
        assert run({**CASES[case], "id": "any"}).differ == ()


@pytest.mark.skipif(not THEIRS.exists(), reason=f"the shared reference cases are not at {THEIRS}")
def test_in_the_shared_file_nothing_fails(capsys):
    assert main([str(THEIRS)]) == 0
    *lines, last = capsys.readouterr().out.splitlines()
    expected = sum(len(case["expected"]) for case in json.loads(THEIRS.read_text(encoding="utf-8")))
    passed, absent = expected - len(lines), len(lines)
    assert last == f"{passed} passed, 0 failed, {absent} not offered"
    assert all(line.startswith("not offered: ") for line in lines)


# --- what is printed


def written(tmp_path, *cases) -> str:
    path = tmp_path / "cases.json"
    path.write_text(json.dumps(cases))
    return str(path)


def test_what_differs_and_what_is_not_offered_is_listed_above_the_sums(tmp_path, capsys):
    wrong = {**CASES["yes_no_sides_of_fisher"], "expected": {"p_two": 0.5, "p_barnard": 0.1, "p_chi2": 1}}
    right = CASES["twice_mcnemar_by_names"]
    assert main([written(tmp_path, wrong, right)]) == 1
    lines = capsys.readouterr().out.splitlines()
    assert lines[0].startswith("yes_no_sides_of_fisher: p_two expected 0.5, got 0.0")
    assert lines[1].startswith("yes_no_sides_of_fisher: p_chi2 expected 1, got 0.0")
    assert lines[2].startswith("not offered: yes_no_sides_of_fisher p_barnard (")
    assert lines[3:] == [f"{len(right['expected'])} passed, 2 failed, 1 not offered"]


def test_what_is_not_offered_does_not_fail(tmp_path, capsys):
    assert main([written(tmp_path, {**CASES["fisher_d139"], "kind": "astrology"})]) == 0
    assert capsys.readouterr().out.splitlines() == [
        "not offered: fisher_d139 p (cases of the kind astrology)", "0 passed, 0 failed, 1 not offered",
    ]  # fmt: skip


def test_what_the_tool_refuses_fails_with_its_words():
    found, _ = judged("twice_mcnemar_by_names", expected={"or": 3}, inputs={"table": [[3, 0], [0, 4]]})
    assert "nobody changed" in found["or"]


def test_a_file_that_is_none_is_told(tmp_path, capsys):
    (tmp_path / "cases.json").write_text("{")
    assert main([str(tmp_path / "cases.json")]) == 2
    assert "give a JSON file" in capsys.readouterr().err


# --- no test stands in for another one


def test_the_sign_test_gives_its_own_p():
    inputs = CASES["twice_sign_test_by_name"]["inputs"]
    x, y = inputs["x"], inputs["y"]
    gaps = np.sign(np.subtract(x, y))
    sign = binomtest(int((gaps > 0).sum()), int(abs(gaps).sum())).pvalue
    # which once stood in for it
    assert abs(sign - wilcoxon(x, y, correction=True, method="asymptotic").pvalue) > 0.01
    for options, call, names in (
        ({"test": "sign"}, "", {"p": sign}), ({"method": "sign test"}, "", {"p.value": sign}),
        ({}, "BSDA::SIGN.test(x, y)", {"p": sign}), ({}, "", {"S": 1, "p": sign}), ({}, "", {"p_sign": sign}),
    ):  # fmt: skip
        outcome = run({"id": "sign", "kind": "paired-ordinal", "inputs": inputs, "options": options,
                       "source": call, "expected": names})  # fmt: skip
        assert {name for name in names if name != "S"} <= set(outcome.agree), (options, call, outcome)


UNKNOWN = {  # of tests that are offered: a quantity, a form or an option that is not
    "yes_no_sides_of_fisher": ["p_blaker", "p_central", "p_yates", "V", "aura", "ci_fisher", "rr"],
    "groups_exact_with_ties": ["p_asym_cc", "hl", "ci", "p_twice_min", "power", "ci_cliff_t"],
    "ordered_kendall_and_spearman": ["tau_c", "p_continuity", "tau_b_ci", "somers_d", "ci"],
    "nominal_kruskal_as_r_prints": ["eta2", "epsilon2_ci", "p_conover"],
    "nominal_fisher_and_chisq": ["V", "T", "C", "p_yates"],
    "twice_wilcoxon_as_r_prints": ["p_pratt_zsplit", "W", "p_sign_midp"],
    "often_friedman_as_r_prints": ["L", "p_exact", "p_page"],
    "twice_mcnemar_by_names": ["kappa", "p_fisher"],
}


@pytest.mark.parametrize("case", UNKNOWN)
def test_an_unknown_quantity_of_an_offered_test_is_not_offered(case):
    for name in UNKNOWN[case]:
        assert judged(case, expected={name: 1}) == ({}, {name})


@pytest.mark.parametrize(
    ("case", "options"),
    [
        ("yes_no_chisq_as_r_prints", {"correct": True}), ("fisher_d139", {"tsmethod": "central"}),
        ("groups_w_without_correction", {"method": "asymptotic", "use_continuity": True}),
        ("ordered_kendall_as_r_prints", {"method": "jonckheere"}), ("nominal_kruskal_as_r_prints", {"method": "welch"}),
        ("often_friedman_as_r_prints", {"distribution": "exact"}),
    ],
)  # fmt: skip
def test_an_option_that_the_tool_does_not_have_is_never_passed_over(case, options):
    found, absent = judged(case, expected={"p": 2}, options=options)
    assert (found, absent) == ({}, {"p"})


TWO, NONE = {"table": [[8, 2], [1, 5]]}, {"k": 0, "n": 3}
GROUPS, RISING = {"x": [1, 2, 2, 3], "y": [2, 3, 4, 4, 5]}, {"x": [1, 2, 3, 4, 5], "y": [2, 1, 4, 3, 5]}


@pytest.mark.parametrize(
    ("kind", "inputs", "call", "printed"),
    [  # what R 4.2.2 prints
        ("binary-binary", TWO, "chisq.test(x)", {"X-squared": 3.80952380952381, "p.value": 0.0509619369677633}),
        ("nominal-nominal", TWO, "chisq.test(x)", {"X-squared": 3.80952380952381, "p.value": 0.0509619369677633}),
        ("binary-binary", TWO, "fisher.test(x)", {"estimate": 15.4696874628869, "conf.low": 1.00884938039662}),
        ("binary-binary", TWO, "fisher.test(x)", {"odds_ratio": 15.4696874628869}),
        ("binary-ordinal", GROUPS, "wilcox.test(x, y)", {"p.value": 0.0785458509511907}),
        ("binary-ordinal", GROUPS, "wilcox.test(x, y, exact = TRUE)", {"p.value": 0.0785458509511907}),
        ("binary-ordinal", GROUPS, "wilcox.test(x, y, conf.int = TRUE, exact = FALSE)", {"estimate": -1.999967008279}),
        ("ordinal-ordinal", RISING, "cor.test(x, y)", {"statistic": 2.3094010767585, "p.value": 0.104088038661828}),
        ("ordinal-ordinal", RISING, "coin::spearman_test(y ~ x)", {"statistic": 1.6, "p_value": 0.109598583399116}),
        ("ordinal-ordinal", RISING, 'cor.test(x, y, method = "kendall", exact = FALSE, continuity = TRUE)',
         {"statistic": 1.22474487139159, "p.value": 0.220671361919847}),
        ("proportion", NONE, "prop.test(k, n)", {"p.value": 0.248213078989924, "conf.int": [0, 0.690011893558043]}),
        ("proportion", NONE, 'BinomCI(k, n, method = "jeffreys")', {"ci": [0.000150636025436568, 0.53558324304295]}),
        ("proportion", NONE, 'binom.test(k, n, alternative = "less")', {"p": 0.125, "ci": [0, 0.631596850135961]}),
    ],
)  # fmt: skip
def test_what_r_does_by_default_is_answered_by_no_other_test(kind, inputs, call, printed):
    outcome = run({"id": "r", "kind": kind, "inputs": inputs, "options": {}, "expected": printed, "source": call})
    assert (outcome.agree, outcome.differ) == ((), ())
    assert len(outcome.not_offered) == len(printed)


def test_a_refusal_agrees_with_no_value_and_with_nothing_else():
    case = {"id": "r", "kind": "nominal-ordinal", "inputs": {"groups": [[1, 1], [1]]}, "expected": {"p": None}}
    assert run(case).agree == ("p",)
    assert "same answer" in run({**case, "expected": {"p": 1}}).differ[0][2]


def test_a_bare_p_of_which_nothing_says_the_test_is_not_offered():
    assert judged("twice_sign_test_by_name", expected={"statistic": 1, "p": 2}, source="") == ({}, {"statistic", "p"})
    assert judged("ordered_kendall_and_spearman", expected={"statistic": 1}, source="") == ({}, {"statistic"})


@pytest.mark.parametrize(
    ("case", "beside", "name", "other"),
    [  # where only one test has sides, or is exact, that one is meant, whatever stands beside
        ("yes_no_sides_of_fisher", "chi2", "p_two", "p_two"), ("yes_no_sides_of_fisher", "df", "p_exact", "p_two"),
        ("nominal_fisher_and_chisq", "chisq", "p_exact", "p_fisher"),
        ("nominal_fisher_and_chisq", "df", "p", "p_chi2"),
        ("twice_mcnemar_by_names", "chi2", "p_two", "p_exact"), ("twice_mcnemar_by_names", "chi2", "p", "p_chi2"),
    ],
)  # fmt: skip
def test_which_test_is_meant_by_its_form(case, beside, name, other):
    expected = CASES[case]["expected"]
    outcome = run({**CASES[case], "expected": {beside: expected.get(beside, 1), name: expected[other]}, "source": ""})
    assert name in outcome.agree


def test_sides_that_a_test_does_not_have_are_not_offered():
    assert judged("nominal_kruskal_as_r_prints", expected={"p_less": 1}) == ({}, {"p_less"})


# --- names


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("p.value", "p"), ("P_Value", "p"), ("X-squared", "chi2"), ("Kruskal-Wallis chi-squared", "kruskal chi2"),
        ("McNemar's chi-squared", "mcnemar chi2"), ("conf.int", "ci"), ("conf.low", "low"), ("ci_upper", "high"),
        ("p_two.sided", "p both"), ("p_exactRankTests", "p exact"), ("tau-b", "tau"), ("odds ratio", "or"),
        ("Cramer's V", "v"), ("epsilon.squared", "epsilon2"), ("p_perm", "p perm"), ("ci_fisherz", "ci fisherz"),
    ],
)  # fmt: skip
def test_spellings_of_the_same_name(one, other):
    assert words_of(one) == frozenset(other.split())


def test_a_call_in_r_tells_its_arguments():
    assert calls_in("wilcox.test(c(1, 2), y, exact = FALSE, mu = m)") == [
        Call("wilcox.test", (("1", None), ("2", None), ("exact", False), ("mu", None)))
    ]
    assert calls_in("stats::fisher.test(T, alternative = \"less\")$p.value") == [
        Call("fisher.test", (("1", None), ("alternative", "less")))
    ]
    assert calls_in("binom.test(3, 9, 0.5); coin::lbl_test(T, distribution = approximate(nresample = 99))") == [
        Call("binom.test", (("1", 3.0), ("2", 9.0), ("3", 0.5))),
        Call("lbl_test", (("1", None), ("distribution", "approximate"))),
    ]
    assert calls_in("chisq.test(T); pchisq(q, 1); chisq.test(T)") == [Call("chisq.test", (("1", None),))]
    named = calls_in("rstatix 0.7.2::wilcox_test(d, y ~ g); coin::wilcox_test(y ~ g); rstatix::dunn_test(d, y ~ g)")
    assert [call.function for call in named] == ["wilcox.test", "wilcox_test", "dunn_test"]
    assert issubclass(NotOffered, LookupError)


@pytest.mark.parametrize(
    ("x", "call", "w"),
    [([1, 2, 2], "wilcox.test(y ~ x)", 1), ([1, 2, 2], "wilcox.test(x, y)", 2.5),
     (["a", "b", "b"], "wilcox.test(y ~ factor(x))", 1), (["a", "b", "b"], "", 1)],
)  # fmt: skip
def test_two_lists_are_two_groups_or_the_group_and_the_answer_of_each_person(x, call, w):
    case = {"id": "r", "kind": "binary-ordinal", "inputs": {"x": x, "y": [3, 1, 4]}, "expected": {"W": w}}
    assert run({**case, "source": call}).agree == ("W",)


# --- values


@pytest.mark.parametrize(
    ("got", "expected", "tolerance", "same"),
    [
        (1.0, 1.0000009, 1e-6, True), (1.0, 1.000002, 1e-6, False), (2e-9, 1e-9, 1e-6, True), (2e-5, 1e-5, 1e-6, False),
        (float("inf"), None, 1e-6, True), (float("nan"), 1.0, 1, False), ([1, 2], [1, 2, 3], 1, False),
        (True, True, 1, True), (1, True, 1, False), ([1], 1, 1, False), ("a", "a", 1, True), (0.71, 0.72, 0.02, True),
    ],
)  # fmt: skip
def test_how_values_are_compared(got, expected, tolerance, same):
    assert agrees(got, expected, tolerance) is same
