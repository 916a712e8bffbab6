"""What is known of the hypotheses of a study?  Verdicts and other choices, each worked out when it is asked for, kept,
and written down as plain data.

A page that shows one family judges one family: the p values of others do not touch it.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Mapping
from dataclasses import fields, is_dataclass
from fractions import Fraction
from functools import cached_property
from pathlib import Path
from typing import Any, get_args, get_type_hints

import numpy as np
import pandas as pd

from surveybook.store import Store, version_of
from surveybook.survey.data.crossing import Table
from surveybook.survey.data.hypotheses import Family, Hypothesis
from surveybook.survey.data.study import Study
from surveybook.survey.errors import DataError
from surveybook.survey.verdicts.robustness import Robustness, robustness
from surveybook.survey.verdicts.test import Corrected, judge_tables
from surveybook.survey.verdicts.verdict import Verdict, judge
from surveybook.survey.words.text import exact

# What verdicts are computed with: all modules of the survey, as they were imported, and the libraries below them
COMPUTED_WITH = version_of(Path(__file__).resolve().parents[1], "numpy", "scipy", "statsmodels", "pandas")
KEPT = 200  # entries of other data or other code


class Judgements:
    """The verdicts of a study and what other choices would have given, kept once they are worked out; where there is
    the `root` of a report, in its store as well."""

    def __init__(self, study: Study, root: Path | None = None):
        self.study, self._store = study, Store(root, "verdicts", COMPUTED_WITH) if root else None
        self._verdicts: dict[str, Verdict] = {}
        self._robustness: dict[str, Robustness] = {}

    @property
    def families(self) -> dict[str, Family]:
        """The families of the hypotheses by id, in their order."""
        return {one.family.id: one.family for one in self.study.hypotheses.values()}

    def verdict(self, name: str) -> Verdict:
        """The verdict on one hypothesis. Raises DataError with the ids there are."""
        self._check(name, self.study.hypotheses, "hypothesis")
        if name not in self._verdicts:
            self._verdicts |= judge(self.study, family=self.study.hypotheses[name].family.id, judging=self._judged)
        return self._verdicts[name]

    def of(self, family: str = "") -> list[Verdict]:
        """The verdicts on the hypotheses of one family, or on all. Raises DataError with the ids there are."""
        if family:
            self._check(family, self.families, "family")
        return [self.verdict(name) for name, one in self.study.hypotheses.items() if family in ("", one.family.id)]

    def robustness(self, name: str) -> Robustness:
        """One hypothesis under every other choice."""
        if name not in self._robustness:
            content = self._kept(f"robustness of {name}", lambda: _plain(robustness(self.study, self.verdict(name))))
            self._robustness[name] = _built(Robustness, content)
        return self._robustness[name]

    def _judged(
        self, tables: Mapping[str, Table], hypotheses: Mapping[str, Hypothesis], draws: int, seed: int
    ) -> dict[str, Corrected]:
        """As judge_tables, kept."""
        found = self._kept(f"{list(hypotheses)} by {draws} draws from {seed}", lambda: {
            name: _plain(one) for name, one in judge_tables(tables, hypotheses, draws, seed).items()
        })
        return {name: _built(Corrected, one) for name, one in found.items()}

    def _kept(self, what: str, make: Callable[[], Any]) -> Any:
        """What `make` gives as plain data, made once for the same answers and declarations."""
        if self._store is None:
            return make()
        content = self._store.get(f"{what}, {self._facts}", lambda: json.dumps(make(), default=_number).encode())
        self._store.forget_all_but(KEPT)
        return json.loads(content)

    @cached_property
    def _facts(self) -> str:
        """All that is judged: the answers as codes, what was asked, what was expected, and what may be shown."""
        study = self.study
        declared = [dict(study.responses.codebook), dict(study.hypotheses), study.disclosure, study.simulated]
        codes = study.responses.key or [(name, code.dtype.str, code.shape, hashlib.sha256(code.tobytes()).hexdigest())
                                        for name, code in study.responses.codes.items()]
        sampled = [study.sampling.key] if study.sampling else []
        return hashlib.sha256(repr([declared, codes, *sampled]).encode()).hexdigest()

    def _check(self, name: str, known: dict, what: str) -> None:
        if name not in known:
            there = f"use one of {', '.join(known)}" if known else "declare some in hypotheses.yaml"
            raise DataError(f"the study “{self.study.id}” has no {what} called “{name}”; {there}")


def _plain(found: Any) -> Any:
    """A result as plain data."""
    if is_dataclass(found):
        return {field.name: _plain(getattr(found, field.name)) for field in fields(found)}
    if isinstance(found, Fraction):
        return str(found)
    return found.to_dict("list") if isinstance(found, pd.DataFrame) else found


def _built(kind: Any, plain: Any) -> Any:
    """A result of this kind from its plain data."""
    if Fraction in get_args(kind) and plain is not None:
        return Fraction(plain)
    if plain is None or not isinstance(plain, dict):
        return plain
    kind = next((one for one in get_args(kind) if is_dataclass(one)), kind)
    if kind is pd.DataFrame:
        return pd.DataFrame(plain)
    types = get_type_hints(kind)
    return kind(**{name: _built(types[name], value) for name, value in plain.items()})


def _number(value: np.generic) -> Any:
    """A number of numpy as one of Python."""
    return value.item()


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
        "table": {"rows": list(verdict.counts.rows), "columns": list(verdict.counts.columns),
                  "counts": [list(map(exact, line)) for line in verdict.counts.table]},
        "n": exact(verdict.n), "missing": {code: exact(count) for code, count in verdict.counts.missing.items()},
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
