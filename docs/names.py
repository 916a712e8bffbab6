"""By which names does a sentence get its numbers?  The findings of a report by pattern, each with an example."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from types import MappingProxyType

from docs.words import anchor, table, words_of
from surveybook.survey.data.package import DESCRIPTOR
from surveybook.survey.estimates.share import Share
from surveybook.survey.evidence.report import Report
from surveybook.survey.words import text
from surveybook.survey.words.names import Names
from surveybook.survey.words.text import Text

LONGEST = 110  # letters of an example
SHARE = {*text.share(Share(1, 1), "")}  # the names of every share
VERSION = re.compile(r"\b\d+\.\d+\.\d+\b")  # of a library, which would make this page another one
# What each node of the tree holds; a word in capitals stands for an id of the report
NODES = {
    "STUDY": "A study as a whole, under the name of its folder.",
    "STUDY.QUESTION": "A question of a study, as it was asked and answered.",
    "STUDY.QUESTION.ANSWER": "An answer or a group of answers: beside its [share](#share), how else it could be read.",
    "STUDY.QUESTION.at_least": "Of a question with an order: the [share](#share) of each answer or a higher one.",
    "STUDY.QUESTION.equal": "A test that all answers are equally frequent.",
    "STUDY.QUESTION.equal_picked": "The same test of those answers alone that somebody gave.",
    "STUDY.claims": "How the claims of a source stand beside its own counts.",
    "STUDY.claims.CLAIM": "One claim.",
    "STUDY.FILE": "Another file of a study, by the name of its resource.",
    "STUDY.FILE.FIELD": "A column of it, by its categories.",
    "STUDY.FILE.FIELD.CATEGORY": "How many rows have a category.",
    "STUDY.hypotheses": "The hypotheses of a survey.",
    "STUDY.hypotheses.words": "How many verdicts have each word.",
    "STUDY.hypotheses.HYPOTHESIS": "What was declared of a hypothesis, how it was tested, and what came out.",
    "STUDY.hypotheses.HYPOTHESIS.robust": "The same hypothesis under every other reasonable choice.",
    "STUDY.families": "The families of hypotheses.",
    "STUDY.families.FAMILY": "What was declared of a family.",
    "STUDY.families.FAMILY.verdicts": "How many verdicts of the family have each word.",
    "STUDY.batteries": "Questions that stand together, by the construct that they measure.",
    "STUDY.batteries.CONSTRUCT": "The questions of one construct, by their kind.",
    "STUDY.batteries.CONSTRUCT.KIND": "Questions of one construct and kind.",
    "STUDY.batteries.CONSTRUCT.KIND.yes": "The [share](#share) of yes in each question, the largest and the smallest.",
    "STUDY.batteries.CONSTRUCT.KIND.at_least": "The [share](#share) of each answer or a higher one.",
    "STUDY.batteries.CONSTRUCT.KIND.at_least.ANSWER": "It in each question, the largest and the smallest.",
    "STUDY.batteries.CONSTRUCT.KIND.chosen": "The [share](#share) of each option.",
    "STUDY.batteries.CONSTRUCT.KIND.chosen.ANSWER": "It in each question, the largest and the smallest.",
    "STUDY.batteries.CONSTRUCT.KIND.differ": "A test that the same people answer the questions alike.",
    "STUDY.missing": "How many answers are missing.",
    "STUDY.design": "What the design analysis says of the survey.",
    "STUDY.design.coverage": "How often intervals hold the true size.",
    "STUDY.design.families": "False alarms by family.",
    "STUDY.design.families.FAMILY": "How often a family claims something where nothing is true.",
    "STUDY.design.hypotheses": "What a survey of this size can find, by hypothesis.",
    "STUDY.design.hypotheses.HYPOTHESIS": "What a survey of this size can find of one hypothesis.",
    "STUDY.model": "What the model of a simulated survey assumes.",
    "evidence": "What all sources say together: data/synthesis.yaml, counted.",
    "evidence.sources": "The sources.",
    "evidence.sources.SOURCE": "One source, by its key in references.bib.",
    "evidence.sources.SOURCE.FACT": "What the source states.",
    "evidence.links": "How facts bear on hypotheses.",
    "evidence.relations": "How facts bear on published relations.",
    "evidence.families": "How facts bear on the hypotheses of each family.",
    "evidence.families.FAMILY": "How facts bear on the hypotheses of one family.",
    "evidence.STUDY": "How facts of the source whose counts a study holds bear on hypotheses.",
    "evidence.hypotheses": "How many hypotheses have a link of each kind.",
    "evidence.consequences": "What the consequences rest on.",
    "reporting": "How the checklists are answered: data/checklists, counted.",
    "reporting.CHECKLIST": "One checklist.",
    "share": "How many gave an answer, among whom, with an interval.",
}
# Which ids stand below the nodes of a name
BELOW = {
    "STUDY": ("QUESTION", "FILE"), "QUESTION": ("ANSWER",), "FILE": ("FIELD",), "FIELD": ("CATEGORY",),
    "hypotheses": ("HYPOTHESIS",), "families": ("FAMILY",), "claims": ("CLAIM",), "batteries": ("CONSTRUCT",),
    "CONSTRUCT": ("KIND",), "at_least": ("ANSWER",), "chosen": ("ANSWER",), "ANSWER": ("QUESTION",),
    "yes": ("QUESTION",), "evidence": ("STUDY",), "sources": ("SOURCE",),
    "SOURCE": ("FACT",), "reporting": ("CHECKLIST",),
}

EMPTY: Mapping[str, str] = MappingProxyType({})


def page(root: Path) -> Iterator[str]:
    """The introduction, then a table for each node. Raises Wordless for a node that NODES does not have."""
    yield ("A sentence of a chapter gets its numbers by name, as in ``It is `{python} interviews.secures.no.of`.`` A "
           "name leads to further names or to a text, which carries its name into the page. Words in capitals stand "
           "for ids of the report, where `-` is `_`: of a study, a question, an answer and so on. Examples are of this "
           "report.")
    found = Patterns(Report(root))
    for pattern in NODES:
        rows = found.rows.get(pattern, {})
        asked = pattern.startswith("STUDY.QUESTION") and len({kinds for _, kinds in rows.values()}) > 1
        if rows:
            yield f"## {pattern}"
            yield NODES[pattern]
            yield table(("name", *["questions"] * asked, "example"), (
                [f"`{name}`", *[", ".join(kinds) if len(kinds) < len(found.kinds) else "all"] * asked, example]
                for name, (example, kinds) in rows.items()))


class Patterns:
    """The names of all findings, one of each kind. `rows`: by pattern and name, an example, and the kinds of question
    that have it."""

    def __init__(self, report: Report):
        self.rows: dict[str, dict[str, tuple[str, tuple[str, ...]]]] = {}
        self.kinds: set[str] = set()
        self.ids: dict[str, set[str]] = {}
        studies = [report.findings(path.parent.name) for path in sorted(report.data.glob(f"*/{DESCRIPTOR}"))]
        self.ids["STUDY"] = {one.study.id.replace("-", "_") for one in studies}
        for study in (one.study for one in studies):
            for word, names in {
                "QUESTION": study.questions, "FILE": study.others, "HYPOTHESIS": study.hypotheses,
                "FAMILY": [one.family.id for one in study.hypotheses.values()],
                "ANSWER": [*study.groups, *(one for asked in study.questions.values() for one in asked.answers)],
            }.items():
                self.ids.setdefault(word, set()).update(name.replace("-", "_") for name in names)
        for one in studies:
            self._visit(one, "STUDY", kinds={name: asked.kind for name, asked in one.study.questions.items()})
        for name in ("evidence", "reporting"):
            self._visit(report.named(name), name)

    def _visit(self, node: Names, pattern: str, kind: str = "", kinds: Mapping[str, str] = EMPTY) -> None:
        """Note what a node holds: of hypotheses one alone, as each takes long, of questions one of each kind."""
        words_of(f"docs/names.py: {pattern}", NODES.get(pattern))
        seen, listed = set(), node.__dir__()  # in their order
        if {*listed} >= SHARE:
            listed = [name for name in listed if (name in SHARE) == (pattern == "share")]
        for name in listed:
            word = self._word(node, name, BELOW.get(pattern.rpartition(".")[2], ()))
            same = word if word == "HYPOTHESIS" else kinds.get(name, name)
            if same not in seen:
                seen.add(same)
                self._note(getattr(node, name), pattern, word or name, kind or kinds.get(name, ""))

    def _word(self, node: Names, name: str, below: tuple[str, ...]) -> str:
        """The word for an id; nothing for a name that is no id."""
        known = [word for word in below if name in self.ids.get(word, ())]
        free = [word for word in below if word not in self.ids and isinstance(getattr(node, name), Names)]
        return next(iter([*known, *free]), "")

    def _note(self, entry: Names | Text, pattern: str, name: str, kind: str) -> None:
        """Note an entry, and what it holds."""
        inner, held = f"{pattern}.{name}", {*dir(entry)} if isinstance(entry, Names) else set()
        if held >= SHARE:
            example = f"[share](#share): {entry.full}"
            self._visit(entry, "share")
        elif held:
            example = f"[{inner}](#{anchor(inner)})"
        else:
            example = VERSION.sub("…", entry)
            example = example if len(example) <= LONGEST else f"{example[:LONGEST].rsplit(' ', 1)[0]} …"
        first, kinds = self.rows.setdefault(pattern, {}).get(name, (str(example), ()))
        self.rows[pattern][name] = first, tuple(dict.fromkeys([*kinds, *filter(None, [kind])]))
        self.kinds |= {*filter(None, [kind])}
        if held and held != SHARE:
            self._visit(entry, inner, kind)
