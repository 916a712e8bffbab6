"""All about one hypothesis by name: its declaration, its verdict in words, and how many other choices agree.

`hypotheses` is a part of the findings of a study; `record` is the same as plain data, unrounded, for a JSON file.
"""

from __future__ import annotations

from functools import partial

from . import text
from .hypotheses import Hypothesis
from .names import Tree, joined
from .robustness import Robustness, robustness
from .share import Interval
from .study import Study
from .verdict import WORDS, Verdict, judge

ONE_SIDED = "one-sided, as the claim has a direction, while the interval is two-sided and not adjusted for the family"
SIDES = {
    "greater": ONE_SIDED, "less": ONE_SIDED,
    "two-sided": "two-sided, as the claim has no direction, and the interval is not adjusted for the family",
}
DIRECTIONS = {"positive": "rise together", "negative": "one rises as the other falls", "any": "any difference"}
REASONS = {"not-asked": "not asked", "skipped": "skipped", "cant-say": "could not say"}


def hypotheses(study: Study) -> Tree:
    """The findings about every hypothesis of a study, by id, and how many have each word."""
    verdicts = judge(study)
    words = [verdict.word for verdict in verdicts.values()]
    numbers: Tree = {"count": str(len(verdicts)), "words": {word: str(words.count(word)) for word in WORDS}}
    return joined(f"{study.id}.hypotheses", numbers, {name: _passport(study, one) for name, one in verdicts.items()})


def _passport(study: Study, verdict: Verdict) -> Tree:
    """The ways to write a verdict."""
    return _declared(verdict.hypothesis) | {
        "verdict": verdict.word, "sentence": verdict.sentence, "n": text.whole(verdict.n),
        "missing": missing(verdict), "test": verdict.row.test, "why": verdict.row.why, "sides": SIDES[verdict.side],
        "method": verdict.method, "engine": verdict.engine, "measure": verdict.row.label,
        "statistic_name": verdict.row.statistic, "family_size": str(verdict.declared),
    } | _numbers(verdict) | {"robust": partial(_robust, study, verdict)}


def _declared(hypothesis: Hypothesis) -> Tree:
    """What was declared before the data were read."""
    published, family = hypothesis.published, hypothesis.family
    return {
        "claim": hypothesis.claim, "origin": hypothesis.origin, "predictor": hypothesis.predictor.label,
        "outcome": hypothesis.outcome.label, "direction": DIRECTIONS[hypothesis.direction], "family": family.title,
        "level": text.percent(family.level), "published": published.outcome if published else "not published",
        "relation": published.relation if published else "none",
    }


def _numbers(verdict: Verdict) -> Tree:
    """The numbers of a verdict, or why there are none."""
    judged = verdict.judged
    names = ("statistic", "p", "p_adjusted", "p_rate", "p_approximate", "effect", "low", "high", "interval",
             "smallest", "equivalence_p", "equivalence_interval")
    if judged.trouble:
        return dict.fromkeys(names, f"none, as {judged.trouble}")
    size, equivalence = judged.size, judged.equivalence
    statistic = float(judged.tested.statistic)
    none = "none declared for this measure" if verdict.row.measure not in verdict.hypothesis.family.smallest_effects \
        else "no test of equivalence for this table"
    return {
        "statistic": text.decimal(statistic, 0 if statistic.is_integer() else 2), "p": text.p_value(verdict.p),
        "p_adjusted": text.p_value(verdict.p_adjusted), "p_rate": text.p_value(verdict.p_rate),
        "p_approximate": text.p_value(judged.approximate.p), "effect": text.decimal(size.value, 2),
        "low": text.decimal(size.interval.low, 2), "high": text.decimal(size.interval.high, 2),
        "interval": span(size.interval), "smallest": text.decimal(equivalence.high, 2) if equivalence else none,
        "equivalence_p": text.p_value(equivalence.p) if equivalence else none,
        "equivalence_interval": span(equivalence.interval) if equivalence else none,
    }


def _robust(study: Study, verdict: Verdict) -> Tree:
    """How many other choices agree, in words."""
    if verdict.judged.trouble:
        return {"choices": "0", "sentence": "There is no other choice, as the claim cannot be judged."}
    found = robustness(study, verdict)
    effects = found.frame.loc[found.frame["measure"] == verdict.row.label, "effect"].dropna()
    level = text.percent(verdict.hypothesis.family.level)
    low, high = (text.decimal(float(one), 2) for one in (effects.min(), effects.max()))
    tree: Tree = {
        "choices": str(found.choices), "same_side": str(found.same_side), "low": low, "high": high,
        "agree": f"{found.same_side} of {found.choices}",
        "sentence": (f"Of {found.choices} other choices, {found.same_side} give a p on the same side of {level} as "
                     f"planned (not adjusted for the family); {verdict.row.label} lies between {low} and {high}."),
    }
    return tree if found.same_sign is None else tree | {"same_sign": str(found.same_sign)}


def missing(verdict: Verdict) -> str:
    """“11 skipped and 18 could not say”, or “none”."""
    parts = [f"{text.whole(count)} {REASONS[code]}" for code, count in verdict.counts.missing.items() if count]
    return text.listing(parts) or "none"


def span(interval: Interval) -> str:
    """“−0.23 to 0.09”."""
    return f"{text.decimal(interval.low, 2)} to {text.decimal(interval.high, 2)}"


def record(verdict: Verdict, other: Robustness | None = None) -> dict[str, object]:
    """A verdict as plain data, unrounded: what is needed to compute it again, what came out, and the `other` choices
    (one object for each, the planned one first) where they are given."""
    hypothesis, judged, family = verdict.hypothesis, verdict.judged, verdict.hypothesis.family
    tested, approximate, size, equivalence = judged.tested, judged.approximate, judged.size, judged.equivalence
    published = hypothesis.published
    return {
        "id": hypothesis.id, "claim": hypothesis.claim, "origin": hypothesis.origin, "evidence": verdict.evidence,
        "predictor": hypothesis.predictor.id, "outcome": hypothesis.outcome.id, "direction": hypothesis.direction,
        "published": {"relation": published.relation, "outcome": published.outcome, "reference": published.reference}
        if published else None,
        "family": {"id": family.id, "correction": family.correction, "level": family.level,
                   "declared": verdict.declared},
        "table": {"rows": list(verdict.counts.rows), "columns": list(verdict.counts.columns),
                  "counts": [list(line) for line in verdict.counts.table]},
        "n": verdict.n, "missing": dict(verdict.counts.missing),
        "test": {"name": verdict.row.test, "why": verdict.row.why, "side": verdict.side, "method": verdict.method,
                 "details": tested.method, "statistic": tested.statistic, "p": tested.p,
                 "standard_error": tested.standard_error, "draws": judged.draws if tested.standard_error else None,
                 "seed": verdict.seed if tested.standard_error else None, "p_approximate": approximate.p}
        if tested else None,
        "p_adjusted": verdict.p_adjusted, "p_benjamini_hochberg": verdict.p_rate, "p_other_side": verdict.p_other,
        "effect": {"measure": verdict.row.measure, "value": size.value, "low": size.interval.low,
                   "high": size.interval.high, "level": size.interval.level, "method": size.interval.method}
        if size else None,
        "equivalence": {"low": equivalence.low, "high": equivalence.high, "p": equivalence.p,
                        "interval": [equivalence.interval.low, equivalence.interval.high],
                        "level": equivalence.interval.level, "method": equivalence.method}
        if equivalence else None,
        "verdict": verdict.word, "sentence": verdict.sentence, "trouble": judged.trouble or None,
        "engine": verdict.engine, "choices": _choices(other) if other else None,
    }


def _choices(found: Robustness) -> list[dict[str, object]]:
    """The choices as plain data, None where there is no number."""
    return found.frame.astype(object).where(found.frame.notna(), None).to_dict("records")
