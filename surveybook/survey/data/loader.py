"""From a folder of data/ to one checked study, or to all that is wrong with it.

What rests on what is the order of reading: a survey has a codebook before its answers, printed counts have their own
questions, and a collection has none.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from keyword import iskeyword
from pathlib import Path
from types import MappingProxyType

from surveybook.survey.data import CLAIMS, COUNTS, RESPONSES, WAVES, answered
from surveybook.survey.data.claims import check_claims
from surveybook.survey.data.codebook import CODED, SAMPLING, Declared, Question, read_codebook
from surveybook.survey.data.coding import Coding, read_codings
from surveybook.survey.data.collection import read_collection
from surveybook.survey.data.counts import Group, check_columns, read_counts, read_group
from surveybook.survey.data.crossing import read_pairs
from surveybook.survey.data.disclosure import DisclosedCounts, Disclosure, read_disclosure, read_distributions
from surveybook.survey.data.hypotheses import Hypothesis, read_hypotheses
from surveybook.survey.data.package import Package, read_descriptor, read_tables
from surveybook.survey.data.plan import Plan, read_plan
from surveybook.survey.data.publication import check_publication
from surveybook.survey.data.quotes import Quote, read_quotes, unread_quotes
from surveybook.survey.data.responses import Responses, kept_responses, read_responses
from surveybook.survey.data.sampling import check_told, read_sampling
from surveybook.survey.data.schema import Document
from surveybook.survey.data.simulation.proof import prove
from surveybook.survey.data.study import TAKEN, Study
from surveybook.survey.data.waves import Waves, check_waves, read_waves
from surveybook.survey.errors import Faults

NAME = re.compile(r"[a-z][a-z0-9]*(-[a-z0-9]+)*")  # of an answer


@dataclass(frozen=True)
class _Survey:
    """What belongs to answers of people, as far as it is read; words as in Study."""

    codebook: Mapping[str, Declared]
    hypotheses: Mapping[str, Hypothesis]
    crossed: tuple[tuple[str, str], ...]
    plan: Plan | None
    responses: Responses | None = None
    codings: Mapping[str, Coding] = field(default_factory=dict)
    quotes: tuple[Quote, ...] = ()
    waves: Waves | None = None


def read_study(folder: Path, root: Path | None = None) -> Study:
    """The study in `folder`. Raises DataError for anything that is not as declared (see also read_tables), and for
    one that is said to be simulated and is not (simulation/proof.py); with the `root` of a report that is looked into
    once."""
    study = _read(folder, root, Faults())
    assert study is not None  # or the first fault was raised
    return study


def inspect_study(folder: Path, root: Path | None = None, sealed: bool = True) -> tuple[Study | None, Faults]:
    """The study in `folder` as read_study gives it, and all that is wrong with it at once.

    What rests on something that is wrong is not told to be wrong as well. Where there are faults, the study is as much
    of it as is sound, for a look at the rest; None if that is nothing. Files that are not `sealed` yet may have other
    bytes than the descriptor says.
    """
    faults, study = Faults(gathers=True), None
    with faults.part():
        study = _read(folder, root, faults, sealed)
    return study, faults


def _read(folder: Path, root: Path | None, faults: Faults, sealed: bool = True) -> Study | None:
    """The study in `folder`; of one that has faults which are gathered, as much as is sound."""
    document = read_descriptor(folder, "study", faults)
    if faults.sound("name"):
        with faults.part():
            _check_own_name(document, folder.name)
    if not faults.sound("resources"):
        return None
    if all(map(faults.sound, ("simulated", "disclosure"))):
        with faults.part():
            check_publication(document)
    _check_answer_names(document, faults)
    collection, survey, rule = None, None, None
    if "collection" in document.data:
        with faults.part():
            collection = read_collection(document, folder)
    elif RESPONSES in (resources := _names_of_tables(document, faults)):
        survey = _read_declarations(document, folder, faults)
    elif COUNTS not in resources and len(resources) == len(document.data["resources"]):
        raise document.refusal(
            ["resources"],
            f"there is no resource “{COUNTS}” and none called “{RESPONSES}”; add the table of one of them, or say "
            "under “collection” what was collected",
        )
    if faults.sound("disclosure") and faults.sound("simulated"):
        with faults.part():
            rule = read_disclosure(document, survey.codebook if survey else None)
    keeping = root if sealed and not faults.gathers else None
    package = read_tables(document, faults, sealed, answered(document.data) if keeping and survey else ())
    if survey is None:
        _refuse_keys_of_surveys(document, folder, faults)
    elif RESPONSES in package.tables:
        survey = _read_answers(survey, package, rule, keeping, faults)
    if rule is None or faults.found:
        if not (survey and survey.responses and survey.responses.respondents):
            return None
        rule = rule or Disclosure(None, (), "")
    questions: dict[str, Question] = {}
    if survey:
        survey, questions = _read_counts_of_answers(survey, package, rule, root, keeping, faults)
    elif collection is None:
        if "crossed" in document.data:
            raise document.refusal(["crossed"], "printed counts do not say who gave which two answers; remove this key")
        check_columns(package, COUNTS)
        questions = read_counts(package, faults)
    study = Study(package, MappingProxyType(questions), _read_groups(package, questions, faults), rule,
                  collection=collection)
    if survey:
        study = replace(study, responses=survey.responses, hypotheses=survey.hypotheses, crossed=survey.crossed,
                        plan=survey.plan, codings=survey.codings, quotes=survey.quotes, waves=survey.waves)
    if CLAIMS in package.tables:
        _check_claims(study)
    return study


def _names_of_tables(document: Document, faults: Faults) -> list[str]:
    """The names of the resources whose declarations are sound."""
    return [one["name"] for number, one in enumerate(document.data["resources"]) if faults.sound("resources", number)]


def _read_declarations(document: Document, folder: Path, faults: Faults) -> _Survey:
    """What a survey declares before anybody answered: questions, hypotheses, pairs to be shown, and the sealed plan."""
    codebook, hypotheses, plan = read_codebook(document, faults), {}, None
    with faults.part():
        hypotheses = read_hypotheses(folder, codebook, faults)
    crossed = read_pairs(document, codebook, faults)
    if faults.sound(WAVES) and faults.sound("simulated"):
        with faults.part((WAVES,)):
            check_waves(document)
    if not faults.found:
        with faults.part():
            plan = read_plan(folder, document)
    return _Survey(codebook, hypotheses, crossed, plan)


def _read_answers(survey: _Survey, package: Package, rule: Disclosure | None, keeping: Path | None, faults: Faults,
                  ) -> _Survey:
    """The survey with the answers of its respondents, their weights, and what was coded and quoted of their texts.

    `keeping`: the root of the report that keeps answers it has read once.
    """
    responses, codings, quotes = None, survey.codings, survey.quotes
    with faults.part():
        responses = (kept_responses(package, survey.codebook, keeping) if keeping
                     else read_responses(package, survey.codebook, faults))
    with faults.part():
        if responses is not None and faults.sound(SAMPLING):
            sampling = read_sampling(package, responses.codebook, responses.codes)
            if sampling and rule:
                check_told(package.document, sampling, rule.minimum_cell)
            responses = replace(responses, sampling=sampling)
    with faults.part():
        if responses is not None:
            codings = read_codings(package, responses.codebook, faults)
            quotes = read_quotes(package, codings, responses, faults)
    return replace(survey, responses=responses, codings=codings, quotes=quotes)


def _refuse_keys_of_surveys(document: Document, folder: Path, faults: Faults) -> None:
    """Refuse what only answers of people can have, of a study without any."""
    for key, what in ((SAMPLING, "weights"), (CODED, "codes"), (WAVES, "waves")):
        if key in document.data:
            why = f"{what} belong to “{RESPONSES}”, and there are none; remove this key"
            faults.add(document.refusal([key], why))
    if fault := unread_quotes(folder):
        faults.add(fault)


def _read_counts_of_answers(survey: _Survey, package: Package, rule: Disclosure, root: Path | None,
                            keeping: Path | None, faults: Faults) -> tuple[_Survey, dict[str, Question]]:
    """The survey with its waves, and its questions with the counts that may be shown; less what rests on a fault."""
    responses = survey.responses
    assert responses is not None
    hypotheses, waves = survey.hypotheses, None
    if not faults.found:
        prove(package.document, root)
    else:
        hypotheses = _sound(hypotheses, responses, faults)
    distributions = read_distributions(DisclosedCounts(responses, rule), root)
    questions = {name: Question(**vars(declared), distribution=distributions[name])
                 for name, declared in responses.codebook.items()}
    with faults.part():
        waves = read_waves(package, responses, distributions, rule, faults, keeping)
    crossed = tuple(pair for pair in survey.crossed if set(pair) <= questions.keys())
    return replace(survey, hypotheses=MappingProxyType(hypotheses), crossed=crossed, waves=waves), questions


def _read_groups(package: Package, questions: Mapping[str, Question], faults: Faults) -> Mapping[str, Group]:
    """The groups of answers that a descriptor declares, by their ids."""
    groups = {}
    for name, declared in package.descriptor.get("groups", {}).items():
        with faults.part():
            groups[name] = read_group(name, declared, questions, package)
    return MappingProxyType(groups)


def _check_claims(study: Study) -> None:
    """Refuse claims that are not about the counts of the study, or that would tell what its rule withholds."""
    package = study.package
    if study.disclosure.minimum_cell:
        why = "claims print counts that this rule withholds; remove the claims"
        raise package.document.refusal(["disclosure"], why)
    check_columns(package, CLAIMS)
    path = package.folder / package.resources[CLAIMS]["path"]
    check_claims(study.claims, {name: one.distribution for name, one in study.questions.items()}, path)


def _sound(hypotheses: Mapping[str, Hypothesis], responses: Responses, faults: Faults) -> dict[str, Hypothesis]:
    """The hypotheses all of whose questions could be read; the families of others are broken too."""
    found = {name: one for name, one in hypotheses.items()
             if all(asked is None or asked.id in responses.codebook
                    for asked in (one.predictor, one.outcome, one.leave_out, one.hold_equal))}
    lost = {one.family.id for name, one in hypotheses.items() if name not in found}
    faults.broken |= {"hypotheses", "families", *lost} if lost else set()
    return found


def _check_own_name(document: Document, folder: str) -> None:
    """Refuse the name of a study that is another one than its folder's, or that no chapter could import."""
    name = document.data["name"]
    if name != folder:
        raise document.refusal(["name"], f"“{name}” is not the name of its folder; make them the same")
    imported = name.replace("-", "_")
    if not imported.isidentifier() or iskeyword(imported) or imported in TAKEN or imported != imported.lower():
        raise document.refusal(["name"], f"chapters cannot import “{name}”; call study and folder by a word in small "
                                         f"letters that is none of Python's and none of {', '.join(TAKEN)}")


def _check_answer_names(document: Document, faults: Faults) -> None:
    """Refuse an answer, or a table of answers, whose value names no finding."""
    for number, resource in enumerate(document.data["resources"]):
        if not faults.sound("resources", number) or resource["name"] not in (*answered(document.data), COUNTS):
            continue
        for place, declared in enumerate(resource["schema"]["fields"]):
            at = ("resources", number, "schema", "fields", place)
            for order, category in enumerate(declared.get("categories", ()) if faults.sound(*at) else ()):
                keys, value = (*at, "categories", order, "value"), category["value"]
                if not NAME.fullmatch(value):
                    faults.add(document.refusal(keys, f"“{value}” is not a name in kebab case; correct it"))
