"""Laws that hold for every study: made-up ones go through the loader, are judged, and looked at under other choices.

They have 0 to 300 people, answers that nobody gave, questions that all skipped or answered alike, answers that nearly
all gave, and relations without exception.
"""

from __future__ import annotations

import hashlib
import json
import math
from dataclasses import dataclass, replace
from fractions import Fraction
from itertools import combinations
from pathlib import Path

import numpy as np
import pytest
import yaml
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from surveybook.survey.data.loader import read_study
from surveybook.survey.data.study import Study
from surveybook.survey.errors import DataError
from surveybook.survey.verdicts.record import record
from surveybook.survey.verdicts.robustness import robustness
from surveybook.survey.verdicts.test import EFFECT, EQUIVALENT, INCONCLUSIVE, OPPOSITE
from surveybook.survey.verdicts.verdict import Verdict, judge

KINDS = {"member": "yes-no", "owner": "yes-no", "worry": "ordered", "trust": "ordered", "district": "nominal",
         "party": "nominal"}
LEVELS = {"yes-no": 2, "ordered": 4, "nominal": 3}
OTHERS = ("district", "worry")  # left out and held equal in the other choices of every second claim
COUNT = "visits"  # how many of three yes/no questions were answered with yes
PARTS = ("visit_shop", "visit_park", "visit_bath")
LEAST = {"tau_b": 0.2, "cliff_delta": 0.33, "epsilon_squared": 0.08, "risk_difference": 0.2, "cramers_v": 0.2}
ALL = tuple(combinations([*KINDS, COUNT], 2))
WAYS = ("turned", "swapped")
SETTINGS = {"deadline": None, "suppress_health_check": list(HealthCheck)}


@dataclass(frozen=True)
class Answers:
    """The codes of all answers by question, -1 where it was skipped, the names of the answers, and the pairs of
    questions that something is claimed of."""

    codes: dict[str, np.ndarray]
    prefix: str = "a"
    pairs: tuple[tuple[str, str], ...] = ALL

    @property
    def people(self) -> int:
        return len(next(iter(self.codes.values())))


@st.composite
def answers(draw, least: int = 0, among: tuple[tuple[str, str], ...] = ()) -> Answers:
    """Answers of some people, drawn with odds that may be zero or extreme, each maybe the same as another one. `among`:
    of these pairs of questions, one is claimed something of, and only what that claim needs is asked."""
    people = draw(st.one_of(st.integers(least, 12), st.integers(least, 300)))
    random = np.random.default_rng(draw(st.integers(0, 2**32 - 1)))
    pairs = (draw(st.sampled_from(among)),) if among else ALL
    asked = {*OTHERS, *(name for pair in pairs for name in pair)}
    codes: dict[str, np.ndarray] = {}
    for name in (*(one for one in KINDS if one in asked), *(PARTS if COUNT in asked else ())):
        levels = LEVELS[KINDS.get(name, "yes-no")]
        odds = np.array(draw(st.lists(st.sampled_from([0, 1, 1, 5, 200]), min_size=levels + 1, max_size=levels + 1)))
        odds[0] = min(odds[0], 5) if odds[1:].any() else 1  # of skipping
        drawn = random.choice(levels + 1, size=people, p=odds / odds.sum()) - 1
        if codes and draw(st.integers(0, 3)) == 0:  # follows an earlier answer without exception
            drawn = np.minimum(codes[draw(st.sampled_from(list(codes)))], levels - 1)
        codes[name] = drawn
    return Answers(codes, pairs=pairs)


def field(name: str, kind: str, prefix: str) -> dict:
    """A question as a descriptor declares it."""
    values = ["no", "yes"] if kind == "yes-no" else [f"{prefix}{level}" for level in range(LEVELS[kind])]
    told = {
        "name": name, "title": name.title(), "type": "string", "description": f"About {name}.", "kind": kind,
        "wording": f"What about {name}?", "asked": "all respondents", "unit": "person", "construct": name,
        "origin": "ours", "categories": [{"value": value, "label": value.title()} for value in values],
        "missingValues": [{"value": "skipped", "label": "Skipped"}],
    }
    return told | ({"categoriesOrdered": True} if kind == "ordered" else {})


def claims(pairs: tuple[tuple[str, str], ...], swapped: bool) -> list[dict]:
    """A claim about each pair of questions."""
    direction, others = ("any", "positive", "negative"), dict(zip(("leave_out", "hold_equal"), OTHERS, strict=True))
    return [{
        "id": f"claim-{number}", "family": "all", "claim": "These two answers go together.",
        "origin": "It was made up by a test.",
        "predictor": ALL[number][swapped], "outcome": ALL[number][not swapped],
        "direction": "any" if {"nominal"} & {KINDS.get(one) for one in ALL[number]} else direction[number % 3],
        **(others if number % 2 else {}),
    } for number in map(ALL.index, pairs)]


def written(given: Answers, folder: Path, correction: str = "holm", swapped: bool = False) -> Study:
    """The study of these answers, written to a folder and read by the loader."""
    folder.mkdir(parents=True, exist_ok=True)
    values = {name: [one["value"] for one in field(name, KINDS.get(name, "yes-no"), given.prefix)["categories"]]
              for name in given.codes}
    lines = [",".join(["respondent", *given.codes])]
    for person in range(given.people):
        cells = (values[name][code[person]] if code[person] >= 0 else "skipped" for name, code in given.codes.items())
        lines.append(",".join([f"R-{person:03}", *cells]))
    content = ("\n".join(lines) + "\n").encode()
    (folder / "responses.csv").write_bytes(content)
    fields = [field(name, KINDS.get(name, "yes-no"), given.prefix) for name in given.codes]
    person = {"name": "respondent", "title": "Respondent", "type": "string", "description": "Means nothing.",
              "constraints": {"required": True}}
    descriptor = {
        "$schema": "https://datapackage.org/profiles/2.0/datapackage.json", "name": folder.name, "title": "Made up",
        "description": "A made-up survey.", "version": "1.0.0", "created": "2026-03-09T00:00:00Z",
        "sources": [{"title": "Nothing"}], "licenses": [{"name": "CC-BY-4.0", "title": "CC BY", "path": "https://x.org"}],
        "resources": [{
            "name": "responses", "title": "Responses", "path": "responses.csv", "bytes": len(content),
            "hash": f"sha256:{hashlib.sha256(content).hexdigest()}",
            "schema": {"primaryKey": ["respondent"], "fields": [person, *fields]},
        }],
        "simulated": False, "credit": "nobody", "provenance": "Made up by a test.",
        "disclosure": {"minimum_cell": "none", "reason": "These answers were made up by a test, of nobody."},
    }
    if PARTS[0] in given.codes:
        descriptor["derived"] = [{"name": COUNT, "title": "Visits", "description": "How many.", "unit": "person",
                                  "construct": "visits", "origin": "ours",
                                  "counts": {"of": list(PARTS), "is": "yes"}, "missing_if": "any"}]
    (folder / "datapackage.yaml").write_text(yaml.dump(descriptor, sort_keys=False, Dumper=yaml.CSafeDumper))
    family = {"title": "All", "question": "What goes with what?", "correction": correction, "level": 0.05,
              "smallest_effects": LEAST, "reason": "So that everything is tried."}
    if correction == "none":
        family["uncorrected"] = "Each claim is looked at alone here."
    told = {"published": {}, "families": {"all": family}, "hypotheses": claims(given.pairs, swapped)}
    (folder / "hypotheses.yaml").write_text(yaml.dump(told, sort_keys=False, Dumper=yaml.CSafeDumper))
    return read_study(folder)


def check(one: Verdict) -> None:
    """What holds of one verdict alone."""
    judged, word = one.judged, one.word
    assert one.sentence.endswith(".") and "nan" not in one.sentence
    json.dumps(record(one), allow_nan=False)
    if judged.trouble:
        assert word == INCONCLUSIVE and one.p is None and one.p_adjusted is None
        return
    for p in (one.p, one.p_adjusted, one.p_rate, one.p_other, judged.approximate.p):
        assert 0 <= p <= 1
    assert one.p_adjusted >= one.p or one.hypothesis.family.correction == "none"
    level = Fraction(str(one.hypothesis.family.level))
    assert (word == EFFECT) == (one.p_adjusted < level)
    assert (word == OPPOSITE) == (one.p_other < level <= one.p_adjusted)
    if judged.size is None:
        assert judged.no_size and word != EQUIVALENT
        return
    inside, least = judged.size.interval, LEAST[one.row.measure]
    low = -1 if one.row.signed else 0
    assert low <= inside.low <= judged.size.value <= inside.high <= 1
    small = -least < inside.low and inside.high < least
    if word == EQUIVALENT:
        assert small and judged.equivalence.shown and "rule out" in one.sentence
    if word == INCONCLUSIVE and judged.equivalence:
        assert not small
    if word in (EFFECT, OPPOSITE) and one.row.signed and one.side != "two-sided":
        assert (judged.size.value > 0) == ((one.side == "greater") == (word == EFFECT))


def check_choices(study: Study, one: Verdict) -> None:
    """What holds of the other choices."""
    found = robustness(study, one).frame
    for line in found.itertuples():
        numbers = [line.effect, line.low, line.high, line.p]
        if line.note:
            assert all(map(math.isnan, numbers)), line
            continue
        assert 0 <= line.p <= 1 and math.isfinite(line.effect), line
        if not math.isnan(line.low):
            assert line.low - 1e-9 <= line.effect <= line.high + 1e-9, line
        if "odds" not in line.measure:
            assert -1 - 1e-9 <= line.effect <= 1 + 1e-9, line
            assert math.isnan(line.low) or -1 - 1e-9 <= line.low <= line.high <= 1 + 1e-9, line


def numbers(one: Verdict) -> list[float]:
    """All numbers of a verdict, nan where there is none."""
    size = one.judged.size
    sized = (size.value, size.interval.low, size.interval.high) if size else (None,) * 3
    return [math.nan if number is None else number for number in (one.p, one.p_adjusted, one.p_other, *sized)]


def tried(given: Answers, folder: Path, draws: int, correction: str, ways: tuple[str, ...] = WAYS) -> None:
    """Everything that holds of one study, and of what becomes of it in these ways."""
    if not given.people:
        with pytest.raises(DataError, match="there is no respondent below the header; add the responses"):
            written(given, folder / "study", correction)
        return
    study = written(given, folder / "study", correction)
    found = judge(study, draws)
    for number, one in enumerate(found.values()):
        check(one)
        if len(found) == 1 or number % 4 == given.people % 4:
            check_choices(study, one)
    if "turned" in ways:  # the rows turned round, and other names of the answers
        codes = {name: code[::-1] for name, code in given.codes.items()}
        again = judge(written(Answers(codes, "z", given.pairs), folder / "study", correction), draws)
        for name, one in found.items():
            assert numbers(again[name]) == pytest.approx(numbers(one), rel=1e-9, abs=1e-12, nan_ok=True), name
            assert again[name].word == one.word
    if "swapped" in ways:
        swapped = judge(written(given, folder / "study", correction, swapped=True), draws)
        for name, one in found.items():
            check_swapped(one, swapped[name])


def check_swapped(one: Verdict, other: Verdict) -> None:
    """What holds of a verdict and of that with the two questions exchanged."""
    if one.judged.trouble:
        assert other.judged.trouble
        return
    if not one.judged.tested.standard_error:
        assert other.p == pytest.approx(one.p, rel=1e-7, abs=1e-12)
    if one.judged.size and one.row.measure != "risk_difference":  # whose shares are of other groups then
        assert numbers(other)[3:] == pytest.approx(numbers(one)[3:], rel=1e-7, abs=1e-7), one.hypothesis.id


CORRECTIONS = st.sampled_from(["holm", "benjamini-hochberg", "none"])


@settings(max_examples=30, **SETTINGS)
@given(given=answers(among=ALL), correction=CORRECTIONS)
def test_every_claim_is_judged_by_the_laws(given, correction, tmp_path_factory):
    tried(given, tmp_path_factory.getbasetemp() / "laws", 0 if given.people > 12 else 200, correction)


@settings(max_examples=8, **SETTINGS)
@given(given=answers(), correction=CORRECTIONS)
def test_every_study_of_many_claims_is_judged_by_the_laws(given, correction, tmp_path_factory):
    tried(given, tmp_path_factory.getbasetemp() / "laws", 0 if given.people > 12 else 200, correction)


@pytest.mark.exhaustive
@settings(max_examples=2000, **SETTINGS)
@given(given=answers(among=ALL), correction=CORRECTIONS, way=st.sampled_from(["", *WAYS]))
def test_thousands_of_claims_are_judged_by_the_laws(given, correction, way, tmp_path_factory):
    tried(given, tmp_path_factory.getbasetemp() / "laws", 200, correction, (way,))


@pytest.mark.exhaustive
@settings(max_examples=100, **SETTINGS)
@given(given=answers(), correction=CORRECTIONS)
def test_more_studies_of_many_claims_are_judged_by_the_laws(given, correction, tmp_path_factory):
    tried(given, tmp_path_factory.getbasetemp() / "laws", 200, correction)


@settings(max_examples=20, **SETTINGS)
@given(given=answers(least=1, among=tuple(pair for pair in ALL if "worry" in pair)))
def test_an_order_that_is_turned_round_turns_the_sign(given, tmp_path_factory):
    folder = tmp_path_factory.getbasetemp() / "laws"
    mirrored = given.codes | {"worry": np.where(given.codes["worry"] >= 0, 3 - given.codes["worry"], -1)}
    found, other = (judge(written(one, folder / "study"), 0) for one in (given, replace(given, codes=mirrored)))
    for name, one in found.items():
        if one.judged.trouble:
            continue
        if one.side == "two-sided":
            assert other[name].p == pytest.approx(one.p, rel=1e-7, abs=1e-12)
        if one.row.signed and one.judged.size:
            assert other[name].judged.size.value == pytest.approx(-one.judged.size.value, abs=1e-9)
            assert other[name].judged.size.interval.low == pytest.approx(-one.judged.size.interval.high, abs=1e-7)


def test_other_choices_may_be_declared_for_one_hypothesis_alone(tmp_path):
    some = Answers({name: np.array([0, 1, 1, 0]) for name in (*KINDS, *PARTS)})
    study = written(some, tmp_path / "study")
    for number, one in enumerate(study.hypotheses.values()):
        own = (one.leave_out and one.leave_out.id, one.hold_equal and one.hold_equal.id)
        assert own == (("district", "worry") if number % 2 else (None, None))
    path = tmp_path / "study" / "hypotheses.yaml"
    told = yaml.safe_load(path.read_text(encoding="utf-8"))
    told["robustness"] = {"leave_out": "party", "hold_equal": "trust", "reason": "Some are other people than others."}
    path.write_text(yaml.safe_dump(told), encoding="utf-8")
    for number, one in enumerate(read_study(tmp_path / "study").hypotheses.values()):
        assert (one.leave_out.id, one.hold_equal.id) == (("district", "worry") if number % 2 else ("party", "trust"))
