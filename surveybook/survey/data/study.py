"""What was asked, of whom, and what did they answer?  A folder of data/ as one checked object."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property
from keyword import iskeyword
from pathlib import Path
from types import MappingProxyType
from typing import Any

import pandas as pd

from surveybook.survey.data import CLAIMS, COUNTS, RESPONSES, WAVES, answered
from surveybook.survey.data.claims import check_claims
from surveybook.survey.data.codebook import CODED, SAMPLING, Question, read_codebook
from surveybook.survey.data.coding import Coding, read_codings
from surveybook.survey.data.collection import Collection, read_collection
from surveybook.survey.data.counts import Group, check_columns, read_counts, read_group
from surveybook.survey.data.crossing import read_pairs
from surveybook.survey.data.disclosure import DisclosedCounts, Disclosure, read_disclosure, read_distributions
from surveybook.survey.data.hypotheses import Hypothesis, read_hypotheses
from surveybook.survey.data.package import Package, read_descriptor, read_tables
from surveybook.survey.data.plan import Plan, read_plan
from surveybook.survey.data.publication import check_publication, given_away
from surveybook.survey.data.quotes import Quote, read_quotes, unread_quotes
from surveybook.survey.data.responses import Responses, kept_responses, read_responses
from surveybook.survey.data.sampling import check_told, read_sampling
from surveybook.survey.data.schema import Document
from surveybook.survey.data.simulation.proof import prove
from surveybook.survey.data.waves import Waves, check_waves, read_waves
from surveybook.survey.errors import DataError, Faults
from surveybook.survey.estimates.weighting import Sampling
from surveybook.survey.words.text import SIMULATED

NAME = re.compile(r"[a-z][a-z0-9]*(-[a-z0-9]+)*")  # of an answer
# Names that the package of a report has, so that no study can be imported by them
TAKEN = ("analysis", "boxes", "data", "evidence", "figures", "report", "reporting", "sections", "tables")


@dataclass(frozen=True)
class Study:
    """A study whose data are published counts, the responses of a survey, or things that were collected.

    `questions` and `groups` by id; `responses` of each respondent, and the `hypotheses` declared about them, by id
    (None and empty where there are counts alone). `disclosure`: the rule by which counts are withheld; the
    distributions of the questions hold only what it leaves. `claims`: one row for each number that the source states
    (empty where the study has none). `others`: the frames of all further resources whose rows are published, by name.
    `collection`: what was collected, of a study that asked nobody, and has no questions. `plan`: what was planned
    before the responses were there, if that was sealed. `crossed`: the ids of each question that is declared to be
    shown by the answers to another one, and of that one. `codings`: how texts were coded, by the question that holds
    the codes; `quotes`: the texts that may be shown. `waves`: what was answered in earlier waves of the same survey;
    all else is about the last one.
    """

    package: Package
    questions: Mapping[str, Question]
    groups: Mapping[str, Group]
    disclosure: Disclosure
    responses: Responses | None = None
    hypotheses: Mapping[str, Hypothesis] = field(default_factory=dict)
    collection: Collection | None = None
    plan: Plan | None = None
    crossed: tuple[tuple[str, str], ...] = ()
    codings: Mapping[str, Coding] = field(default_factory=dict)
    quotes: tuple[Quote, ...] = ()
    waves: Waves | None = None

    @property
    def id(self) -> str:
        return self.package.descriptor["name"]

    @property
    def title(self) -> str:
        return self.package.descriptor["title"]

    @property
    def source(self) -> str:
        """The first source, with its version and address; that of simulated data says so."""
        first = self.package.descriptor["sources"][0]
        words = ", ".join(first[key].strip() for key in ("title", "version", "path") if key in first)
        return f"{SIMULATED}. {words}" if self.simulated else words

    @property
    def licence(self) -> str:
        return self.package.descriptor["licenses"][0]["name"]

    @property
    def simulated(self) -> bool:
        return self.package.descriptor["simulated"]

    @property
    def given_away(self) -> frozenset[str]:
        """The names of the resources whose rows are published."""
        return given_away(self.package.descriptor)

    @property
    def answers(self) -> str:
        """What to call the answers in a sentence."""
        return f"{SIMULATED.split()[0].lower()} answers" if self.simulated else "answers"

    @property
    def provenance(self) -> str:
        """How the data came to be here."""
        words = self.package.descriptor["provenance"]
        how = "the responses were drawn from the model in simulation.yaml" if self.responses else "counts are made up"
        return f"{SIMULATED}: no one was asked, {how}. {words}" if self.simulated else words

    @property
    def credit(self) -> str:
        """Whom to credit, in a few words."""
        words = self.package.descriptor["credit"]
        return f"{SIMULATED.lower()}, {words}" if self.simulated else words

    @property
    def sampling(self) -> Sampling | None:
        """How people came into the sample, where not all had the same chance by themselves."""
        return self.responses.sampling if self.responses else None

    @property
    def claims(self) -> pd.DataFrame:
        return self.package.tables.get(CLAIMS, pd.DataFrame())

    @property
    def others(self) -> dict[str, pd.DataFrame]:
        return {name: self.package.tables[name] for name in self.package.tables
                if name in self.given_away - {COUNTS, CLAIMS, RESPONSES}}

    @cached_property
    def shown(self) -> DisclosedCounts:
        """What the rule leaves of the responses. Raises ValueError where there are none."""
        if self.responses is None:
            raise ValueError(f"the study “{self.id}” has no responses")
        pairs = [(one.predictor.id, one.outcome.id) for one in self.hypotheses.values()]
        return DisclosedCounts(self.responses, self.disclosure, [*pairs, *self.crossed])

    def absent(self, question: Question) -> dict[str, int]:
        """How many gave no answer to a question, by reason; those who were not asked among them."""
        absent = dict(question.distribution.missing)
        if self.responses and "not-asked" in question.missing:
            absent = {"not-asked": len(self.responses.respondents) - question.distribution.asked} | absent
        return absent

    @property
    def asked(self) -> Mapping[str, Question]:
        """The questions. Raises DataError for a collection, which has none, and of which no share can be had."""
        if self.collection:
            raise DataError(f"the study “{self.id}” asked nobody: its {self.collection.unit}s were collected, and no "
                            "share or interval can be made of them; count the rows of its files")
        return self.questions

    def question(self, name: str) -> Question:
        """The question with this id. Raises DataError with the ids there are."""
        return _named(self.asked, name, f"the study “{self.id}” has no question")

    def group(self, name: str) -> Group:
        """The group with this id. Raises DataError with the ids there are."""
        return _named(self.groups, name, f"the study “{self.id}” has no group")


def read_study(folder: Path, root: Path | None = None) -> Study:
    """The study in `folder`. Raises DataError for anything that is not as declared (see also read_package), and for
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
    entries = [(number, one) for number, one in enumerate(document.data["resources"])
               if faults.sound("resources", number)]
    if all(map(faults.sound, ("simulated", "disclosure"))):
        with faults.part():
            check_publication(document)
    _check_names(document, faults)
    resources = [resource["name"] for _, resource in entries]
    responses, hypotheses, collection, rule, codebook, plan = None, {}, None, None, None, None
    pairs: tuple[tuple[str, str], ...] = ()
    codings: Mapping[str, Coding] = {}
    quotes: tuple[Quote, ...] = ()
    waves = None
    questions: dict[str, Question] = {}
    if "collection" in document.data:
        with faults.part():
            collection = read_collection(document, folder)
    elif RESPONSES in resources:
        codebook = read_codebook(document, faults)
        with faults.part():
            hypotheses = read_hypotheses(folder, codebook, faults)
        pairs = read_pairs(document, codebook, faults)
        if faults.sound(WAVES) and faults.sound("simulated"):
            with faults.part((WAVES,)):
                check_waves(document)
        if not faults.found:
            with faults.part():
                plan = read_plan(folder, document)
    elif COUNTS not in resources and len(entries) == len(document.data["resources"]):
        raise document.refusal(
            ["resources"],
            f"there is no resource “{COUNTS}” and none called “{RESPONSES}”; add the table of one of them, or say "
            "under “collection” what was collected",
        )
    if faults.sound("disclosure") and faults.sound("simulated"):
        with faults.part():
            rule = read_disclosure(document, codebook)
    keeps = root is not None and sealed and not faults.gathers
    package = read_tables(document, faults, sealed, [RESPONSES] if keeps and codebook is not None else [])
    if codebook is not None and RESPONSES in package.tables:
        with faults.part():
            responses = kept_responses(package, codebook, root) if keeps else read_responses(package, codebook, faults)
        with faults.part():
            if responses is not None and faults.sound(SAMPLING):
                sampling = read_sampling(package, responses.codebook, responses.codes)
                if sampling and rule:
                    check_told(document, sampling, rule.minimum_cell)
                responses = replace(responses, sampling=sampling)
        with faults.part():
            if responses is not None:
                codings = read_codings(package, responses.codebook, faults)
                quotes = read_quotes(package, codings, responses, faults)
    elif codebook is None:
        for key, what in ((SAMPLING, "weights"), (CODED, "codes"), (WAVES, "waves")):
            if key in document.data:
                why = f"{what} belong to “{RESPONSES}”, and there are none; remove this key"
                faults.add(document.refusal([key], why))
        if fault := unread_quotes(folder):
            faults.add(fault)
    if rule is None or faults.found:
        if responses is None or not responses.respondents:
            return None
        rule = rule or Disclosure(None, (), "")
    if codebook is not None:
        assert responses is not None
        if not faults.found:
            prove(document, root)
        else:
            hypotheses = _sound(hypotheses, responses, faults)
        codebook = responses.codebook
        distributions = read_distributions(DisclosedCounts(responses, rule), root)
        questions = {name: Question(**vars(declared), distribution=distributions[name])
                     for name, declared in codebook.items()}
        pairs = tuple(pair for pair in pairs if set(pair) <= codebook.keys())
        with faults.part():
            waves = read_waves(package, responses, distributions, rule, faults)
    elif collection is None:
        if "crossed" in document.data:
            raise document.refusal(["crossed"], "printed counts do not say who gave which two answers; remove this key")
        check_columns(package, COUNTS)
        questions = read_counts(package, faults)
    groups = {}
    for name, declared in package.descriptor.get("groups", {}).items():
        with faults.part():
            groups[name] = read_group(name, declared, questions, package)
    study = Study(package, MappingProxyType(questions), MappingProxyType(groups), rule, responses,
                  MappingProxyType(hypotheses), collection, plan, pairs, codings, quotes, waves)
    if CLAIMS in package.tables:
        if rule.minimum_cell:
            raise document.refusal(["disclosure"], "claims print counts that this rule withholds; remove the claims")
        check_columns(package, CLAIMS)
        path = folder / package.resources[CLAIMS]["path"]
        check_claims(study.claims, {name: q.distribution for name, q in questions.items()}, path)
    return study


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


def _check_names(document: Document, faults: Faults) -> None:
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


def _named(known: Mapping[str, Any], name: Any, trouble: str) -> Any:
    """The entry with this name, or one sentence that lists the names there are."""
    if name not in known:
        raise DataError(f"{trouble} is called “{name}”; use one of {', '.join(known)}")
    return known[name]
