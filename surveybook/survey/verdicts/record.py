"""A verdict as plain data: what is needed to compute it again, what came out, and what other choices would give.

Nothing is rounded. This is what a JSON file about a hypothesis holds.
"""

from __future__ import annotations

from surveybook.survey.verdicts.robustness import Robustness
from surveybook.survey.verdicts.verdict import Verdict
from surveybook.survey.words.text import exact


def record(verdict: Verdict, other: Robustness | None = None) -> dict[str, object]:
    """A verdict as plain data, with the `other` choices (one object for each, the planned one first) where given."""
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
        "table": {"rows": list(verdict.shown.rows), "columns": list(verdict.shown.columns),
                  "counts": [list(map(exact, line)) for line in verdict.shown.table]},
        "n": exact(verdict.n), "missing": {code: exact(count) for code, count in verdict.shown.missing.items()},
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
