"""All about one hypothesis by name: its declaration, its verdict in words, and how many other choices agree.

    STUDY.hypotheses.HYPOTHESIS.sentence
    STUDY.families.FAMILY.verdicts.sentence

Nothing is judged before a name asks for it, and then one family at a time.
"""

from __future__ import annotations

from collections import Counter
from functools import partial

from surveybook.survey.data.hypotheses import Hypothesis
from surveybook.survey.estimates.distribution import NOT_APPLICABLE
from surveybook.survey.estimates.share import WITHHELD, Interval, known
from surveybook.survey.verdicts.record import Judgements
from surveybook.survey.verdicts.sentence import answers
from surveybook.survey.verdicts.test import EFFECT, EQUIVALENT, INCONCLUSIVE, OPPOSITE, WORDS
from surveybook.survey.verdicts.verdict import Verdict
from surveybook.survey.words import text
from surveybook.survey.words.names import Tree, joined

DIRECTIONS = {"positive": "rise together", "negative": "one rises as the other falls", "any": "any difference"}
PERSON = "person"  # the unit of answers that people give about themselves
REASONS = {"not-asked": "not asked", "skipped": "skipped", "cant-say": "could not say",
           NOT_APPLICABLE: "to whom it did not apply"}


def hypotheses(judgements: Judgements) -> Tree:
    """The findings about every hypothesis of a study, by id, and how many have each word."""
    study = judgements.study
    numbers: Tree = {"count": text.declared(text.whole(len(study.hypotheses))),
                     "words": lambda: _words(judgements.of())}
    claims: Tree = {name: partial(_passport, judgements, name) for name in study.hypotheses}
    return joined(f"{study.id}.hypotheses", numbers, claims)


def families(judgements: Judgements) -> Tree:
    """What was declared of each family, by id, and what its verdicts are together."""
    return {
        name: {
            "title": text.declared(family.title), "question": text.declared(family.question),
            "reason": text.declared(family.reason), "level": text.declared(text.percent(family.level)),
            "count": text.declared(text.whole(
                sum(one.family is family for one in judgements.study.hypotheses.values()))),
            "verdicts": lambda name=name: _words(judgements.of(name)),
        }
        for name, family in judgements.families.items()
    }


def _words(verdicts: list[Verdict]) -> Tree:
    """How many verdicts have each word, as a sentence, and beside what is published; how many people they rest on."""
    words = Counter(verdict.word for verdict in verdicts)
    one = {EFFECT: "support the one claim", OPPOSITE: "speak against the one claim", INCONCLUSIVE: "leave the one "
           "claim open", EQUIVALENT: "do not support the one claim, and rule out a relation that matters"}
    told = [one[verdicts[0].word]] if len(verdicts) == 1 else [
        f"support {words[EFFECT] or 'none'} of the {len(verdicts)} claims"]
    for word, said in ((OPPOSITE, "speak against {}"), (EQUIVALENT, "rule out a relation that matters for {}"),
                       (INCONCLUSIVE, "leave {} open")):
        told += [said.format(words[word])] * (words[word] > 0 and len(verdicts) > 1)
    n = [verdict.n for verdict in verdicts if known(verdict.n)] or [WITHHELD]
    return {
        **{word: text.whole(words[word]) for word in WORDS},
        "sentence": f"{answers(verdicts[0].evidence)} {text.listing(told)}.",
        "published": _beside_published(verdicts), "fewest": text.whole(min(n)), "most": text.whole(max(n)),
    }


def _beside_published(verdicts: list[Verdict]) -> str:
    """How the verdicts stand beside the published outcomes of the relations that the claims operationalize."""
    told = []
    for outcome in dict.fromkeys(one.published.outcome for one in verdicts if one.published):
        about = [one for one in verdicts if one.published and one.published.outcome == outcome]
        relations = len({(one.published.reference, one.published.relation) for one in about})
        of = "one published relation" if relations == 1 else f"{relations} published relations"
        told.append(f"support {[one.word for one in about].count(EFFECT) or 'none'} of the {len(about)} claims that "
                    f"stand for {of} with the outcome “{outcome}”")
    if not told:
        return "Nothing is published about these claims."
    return f"{answers(verdicts[0].evidence)} {text.listing(told)}."


def _passport(judgements: Judgements, name: str) -> Tree:
    """The ways to write a verdict."""
    verdict = judgements.verdict(name)
    plan = judgements.study.plan
    return _declared(verdict.hypothesis) | ({"plan": text.declared(plan.sentence(name))} if plan else {}) | {
        "verdict": verdict.word, "sentence": verdict.sentence, "n": text.whole(verdict.n),
        "missing": missing(verdict), "test": verdict.row.test, "why": verdict.row.why,
        "assumes": assumed(verdict), "sides": sides(verdict), "method": verdict.method, "engine": verdict.engine,
        "measure": verdict.row.label, "statistic_name": verdict.row.statistic,
        "family_size": text.whole(verdict.declared),
    } | _numbers(verdict) | {"robust": lambda: _robust(judgements, verdict)}


def _declared(hypothesis: Hypothesis) -> Tree:
    """What was declared before the data were read."""
    published, family = hypothesis.published, hypothesis.family
    words = {
        "claim": hypothesis.claim, "origin": hypothesis.origin, "predictor": hypothesis.predictor.label,
        "outcome": hypothesis.outcome.label, "direction": DIRECTIONS[hypothesis.direction], "family": family.title,
        "level": text.percent(family.level), "published": published.outcome if published else "not published",
        "relation": published.relation if published else "none",
    }
    return {name: text.declared(one) for name, one in words.items()}


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


def _robust(judgements: Judgements, verdict: Verdict) -> Tree:
    """How many other choices agree, in words."""
    if verdict.judged.trouble:
        return {"choices": "0", "sentence": "There is no other choice, as the claim cannot be judged."}
    found = judgements.robustness(verdict.hypothesis.id)
    effects = found.frame.loc[found.frame["measure"] == verdict.row.label, "effect"].dropna()
    level = text.percent(verdict.hypothesis.family.level)
    low, high = (text.decimal(float(one), 2) for one in (effects.min(), effects.max()))
    tree: Tree = {
        "choices": text.whole(found.choices), "same_side": text.whole(found.same_side), "low": low, "high": high,
        "agree": f"{found.same_side} of {found.choices}",
        "sentence": (f"Of {found.choices} other choices, {found.same_side} give a p on the same side of {level} as "
                     f"planned (not adjusted for the family); {verdict.row.label} lies between {low} and {high}."),
    }
    return tree if found.same_sign is None else tree | {"same_sign": text.whole(found.same_sign)}


def sides(verdict: Verdict) -> str:
    """On which side the test looks, and how its interval differs from that."""
    if not verdict.row.signed:
        return "without a side, as any difference counts; the interval is not adjusted for the family"
    if verdict.side == "two-sided":
        return "two-sided, as the claim has no direction; the interval is not adjusted for the family"
    return "one-sided, as the claim has a direction; the interval is two-sided, and not adjusted for the family"


def assumed(verdict: Verdict) -> str:
    """What the test takes for granted; of answers about something else than a person also that it is spoken for
    once."""
    units = dict.fromkeys((verdict.hypothesis.predictor.unit, verdict.hypothesis.outcome.unit))
    once = "".join(f" No two of them speak for the same {unit}." for unit in units if unit != PERSON)
    if verdict.counts.weighted:
        return f"Nobody answered twice. {verdict.row.assumes}"
    return f"Each person answered on their own account, and nobody twice.{once} {verdict.row.assumes}"


def missing(verdict: Verdict) -> str:
    """“11 skipped and 18 could not say”, or “none”."""
    parts = [f"{text.whole(count)} {REASONS[code]}" for code, count in verdict.counts.missing.items() if count]
    return text.listing(parts) or "none"


def span(interval: Interval) -> str:
    """“−0.23 to 0.09”."""
    return f"{text.decimal(interval.low, 2)} to {text.decimal(interval.high, 2)}"
