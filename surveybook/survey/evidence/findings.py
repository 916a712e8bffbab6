"""Every number of a study by name, ready to stand in a sentence.

    STUDY.QUESTION.ANSWER.of         “22 of 25”
    STUDY.QUESTION.top.label         the answer that was given most often
    STUDY.claims.CLAIM.verdict
    STUDY.hypotheses.HYPOTHESIS.sentence

A name leads to further names or to a Text, which carries its own name into the page. `-` in an id is `_` here. What
stands below a name is worked out when it is asked for.
"""

from __future__ import annotations

from dataclasses import replace
from functools import partial
from pathlib import Path

import numpy as np

from surveybook.survey.data.codebook import WITHOUT_ORDER
from surveybook.survey.data.package import categories
from surveybook.survey.data.study import Question, Study
from surveybook.survey.design.scenarios import FILE as DESIGN
from surveybook.survey.estimates.equality import ALPHA, EqualShares
from surveybook.survey.estimates.sensitivity import readings
from surveybook.survey.estimates.share import WITHHELD, Share, known
from surveybook.survey.evidence.design_words import design
from surveybook.survey.evidence.ledger import AGREES, claims, ledger, repairs
from surveybook.survey.evidence.passport import families, hypotheses
from surveybook.survey.evidence.scales import number, scale, together
from surveybook.survey.simulation.assumptions import FILE as MODEL
from surveybook.survey.simulation.assumptions import read_model
from surveybook.survey.verdicts.record import Judgements
from surveybook.survey.words import text
from surveybook.survey.words.names import Names, Tree, joined


class Findings(Names):
    """The findings of a study; the `study` itself and the `judgements` of its hypotheses for figures and tables.

    `root`: the folder of the report, where what takes long to compute is kept.
    """

    def __init__(self, study: Study, root: Path | None = None):
        self.study, self.judgements = study, Judgements(study, root)
        path = study.id.replace("-", "_")
        tree = joined(
            path, {name: partial(_question, question, study) for name, question in study.questions.items()},
            {"units": _units(study), "answers": study.answers, "source": study.source, "provenance": study.provenance},
            {"claims": partial(claims, study)} if len(study.claims) else {},
            {name: partial(_table, study, name) for name in study.others},
            {"hypotheses": partial(hypotheses, self.judgements), "families": families(self.judgements)}
            if study.hypotheses else {},
            {"batteries": partial(together, study), "missing": partial(_missing, study)} if study.responses else {},
            {"design": partial(design, study)} if (study.package.folder / DESIGN).exists() else {},
            {"model": partial(_model, study)} if (study.package.folder / MODEL).exists() else {},
        )
        super().__init__(tree, path, study.simulated)


def _units(study: Study) -> str:
    """Who answered, in the plural."""
    return next(iter(study.questions.values())).respondent + "s"


def _question(question: Question, study: Study) -> Tree:
    """The findings of one question: each answer, its groups, and what holds for the whole."""
    distribution, labels, shares = question.distribution, question.labels, question.distribution.shares
    silent, picked = sum(distribution.missing.values()), distribution.picked
    whole: Tree = {
        "label": question.label, "locator": question.locator, "asked": text.whole(distribution.asked),
        "answered": text.whole(distribution.answered), "missing": text.whole(silent),
        "answers": text.whole(len(shares)), "picked": text.whole(len(picked)),
        "unpicked": text.whole(len(shares) - len(picked)), "sum": _sum(question), "repair": _repair(study, question),
    }
    if distribution.withheld:  # a withheld one could be the first
        hidden = text.share(Share(WITHHELD, WITHHELD), text.WITHHELD)
        whole |= {"top": hidden, "second": hidden}
    places = [] if distribution.withheld else sorted(set(distribution.counts.values()), reverse=True)
    for name, count in zip(("top", "second"), places, strict=False):
        tied = [item for item in shares if distribution.counts[item] == count]
        if tied:
            whole[name] = text.share(shares[tied[0]], labels[tied[0]]) | _tied([labels[item] for item in tied])
    if question.kind in WITHOUT_ORDER:  # for answers on a scale, to be equally frequent means nothing
        whole["equal"] = partial(_test, study, question, list(shares))
        whole["equal_picked"] = partial(_test, study, question, list(picked))
    if question.kind == "ordered":
        whole |= scale(question)
    if question.kind == "count":
        whole |= number(question, study)
    answers: Tree = {
        item: text.share(share, labels[item]) | {"readings": _readings(question, item)}
        for item, share in shares.items()
    }
    groups: Tree = {
        group.id: text.share(distribution.group(group.items), group.label)
        for group in study.groups.values() if group.question == question.id
    }
    return joined(f"{study.id}.{question.id}", whole, answers, groups)


def _tied(labels: list[str]) -> Tree:
    """The labels of answers that are equally frequent."""
    return {"label": text.listing([text.lower(label) for label in labels]), "title": text.listing(labels)}


def _readings(question: Question, item: str) -> str:
    """The share of an answer under each reading of the counts: “88% without ..., 79% ... and 89% ...”."""
    found = readings(question.distribution, item)
    return text.listing([f"{text.percent(reading.share.value)} {reading.words}" for reading in found])


def _sum(question: Question) -> str:
    """Whether the rows of a question add up to those asked, as a sentence."""
    distribution = question.distribution
    rows = distribution.asked + distribution.surplus
    asked = f"the {text.whole(distribution.asked)} {question.respondent}s asked"
    if not distribution.surplus:
        return f"The rows of the table add up to {asked}."
    more = "more" if distribution.surplus > 0 else "fewer"
    return f"The rows of the table add to {rows:,}, {abs(distribution.surplus):,} {more} than {asked}."


def _test(study: Study, question: Question, items: list[str]) -> Tree:
    """The ways to write a test that some answers are equally frequent."""
    facts: Tree = {"answers": text.whole(len(items)), "alpha": text.percent(ALPHA)}
    if len(items) < 2 or question.distribution.withheld:
        few = "counts are withheld" if question.distribution.withheld else "fewer than two answers were given"
        return facts | {"p": "no test", "percent": "none", "leader_percent": "none", "corrected": "There is no test.",
                        "verdict": f"cannot be compared, as {few}", "order": f"cannot be judged, as {few}"}
    test = question.distribution.equal(items)
    return facts | {
        "p": _with_error(text.p_value(test.p), test.standard_error), "percent": text.chance(test.p),
        "leader_percent": _with_error(text.chance(test.leader_p), test.leader_standard_error),
        "verdict": text.evenness(test), "order": text.order(test), "corrected": _corrected(study, question, items),
    }


def _with_error(found: text.Written, standard_error: float) -> text.Written:
    """A number with the error of its simulation, where there is one."""
    if not standard_error:
        return found
    words = f"{found} (simulated, standard error {standard_error:.1g})"
    return text.Written(words, **found.exact, standard_error=float(standard_error))


def _corrected(study: Study, question: Question, items: list[str]) -> str:
    """What a test of equal shares gives if one count is corrected so that the table adds up, as a sentence."""
    if not question.distribution.surplus:
        return "The rows of the table add up, so none of the counts needs a correction."
    found: list[EqualShares] = []
    for repair in repairs(study, question):
        counts = dict(question.distribution.counts)
        counts[repair.item] += repair.change
        found.append(replace(question.distribution, counts=counts).equal(items))
    if not found:
        return "The rows of the table do not add up, and no change of a single count would mend that."
    low, high = (text.p_value(p) for p in (min(t.p for t in found), max(t.p for t in found)))
    return f"With any one count corrected so that the rows add up, the result lies between {low} and {high}."


def _repair(study: Study, question: Question) -> str:
    """What change of one count would reconcile a table with itself and with the claims about it, as a sentence."""
    entries = [entry for entry in ledger(study) if entry.question is question]
    if not question.distribution.surplus and all(entry.verdict == AGREES for entry in entries):
        return "No count needs a change."
    found = repairs(study, question)
    if not found:
        return "No change of a single count reconciles them."
    ways = [f"{question.labels[repair.item]} by {text.signed(repair.change)}" for repair in found]
    return f"Any one of these changes of a single count reconciles them: {text.listing(ways, 'or')}."


def _table(study: Study, name: str) -> Tree:
    """How many rows one of the other tables of a study has, and of each category of its fields how many rows and what
    it is called; the fields that name the row left out."""
    frame, schema = study.others[name], study.package.resources[name]["schema"]
    fields = {
        field["name"]: {
            value: {"label": text.lower(label), "count": text.whole(int((frame[field["name"]] == value).sum()))}
            for value, label in categories(field).items()
        }
        for field in schema["fields"] if categories(field) and field["name"] not in schema.get("primaryKey", [])
    }
    return joined(f"{study.id}.{name}", {"count": text.whole(len(frame))}, fields)


def _model(study: Study) -> Tree:
    """How many effects the model behind a survey has, and how strong they are."""
    assert study.responses is not None
    model = read_model(study.package.folder, study.responses.codebook, study.hypotheses)
    loadings = [abs(effect.loading) for effect in model.effects if effect.loading]
    numbers: Tree = {"respondents": text.whole(model.respondents), "effects": text.whole(len(model.effects)),
                     "present": text.whole(len(loadings)), "absent": text.whole(len(model.effects) - len(loadings))}
    return numbers | ({"weakest": text.decimal(min(loadings), 2), "strongest": text.decimal(max(loadings), 2)}
                      if loadings else {})


def _missing(study: Study) -> Tree:
    """How many answered all they were asked, and which question has the largest share without an answer."""
    assert study.responses is not None
    asked = [question for question in study.questions.values() if not question.counting]
    columns = [study.responses.missing[question.id] for question in asked]
    complete = np.all([~column.isin(["skipped", "cant-say"]) for column in columns], axis=0)
    absent = {question.id: Share(sum(question.distribution.missing.values()), question.distribution.asked)
              for question in asked if question.distribution.asked}
    hidden, every = Share(WITHHELD, WITHHELD), study.shown.number(int(complete.sum()))
    told = all(known(share.value) for share in absent.values())  # else a withheld one could be the largest
    most = max(absent, key=lambda name: absent[name].value) if told else ""
    return {
        "respondents": text.whole(len(complete)), "questions": text.whole(len(asked)),
        "complete": text.share(Share(every, len(complete)), "answered all they were asked"),
        "most": text.share(absent[most], study.questions[most].label) if most else text.share(hidden, text.WITHHELD),
    }
