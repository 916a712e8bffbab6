"""Which figures show a question, and which questions stand together in a section?"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from surveybook.survey.data.study import Study
from surveybook.survey.evidence.battery import battery
from surveybook.survey.evidence.headlines import REST
from surveybook.survey.intake.wordings import shorten, spelled
from surveybook.survey.show.figures.bars import MOST as MOST_BANDS

FIGURES = 7  # on a page, within its budget of bytes
SIDES = 7  # answers of a scale whose bars part in the middle
SHARES = "shares of those who answered"  # parts of a bar, or dots, as the figure says below it
DOTS = "dots are shares of those who answered, lines intervals that hold for all answers together"
BARS = "bars part at the middle of the scale, lines are intervals of the answers above it"
PARTS = "bars part below “{}”, lines are intervals of {}"
COLUMNS = "bars are shares of those who answered, lines intervals that hold for all bands together"
BACKGROUND = "Background"


@dataclass(frozen=True)
class Topic:
    """Questions that stand in one section: `title`, the call that draws each figure, and what is said of it."""

    id: str
    title: str
    figures: tuple[str, ...]


def find_topics(study: Study, code: str) -> Iterator[Topic]:
    """Questions by what they measure, in the order of the first of each; those on a person together."""
    constructs: dict[str, list[str]] = {}
    for question in study.questions.values():
        constructs.setdefault(question.construct or question.label, []).append(question.id)
    for construct, ids in constructs.items():
        questions = [study.questions[name] for name in ids if study.questions[name].distribution.answered]
        figures: list[str] = []
        for kind in ("yes-no", "ordered"):
            own = [one for one in questions if one.kind == kind]
            offered = {tuple((answer, one.labels[answer]) for answer in one.answers) for one in own}
            if len(own) > 1 and len(offered) == 1 and construct != BACKGROUND and len(own[0].answers) <= SIDES:
                questions = [one for one in questions if one.kind != kind]
                verb, marks = ("yes", DOTS) if kind == "yes-no" else ("ordered", _parting(study, construct))
                figures.append(
                    _figure(
                        f"fig-{study.id}-{kebab(own[0].id)}-{verb}",
                        construct,
                        marks,
                        f"figures.{verb}({code}, {json.dumps(construct, ensure_ascii=False)})",
                        "The questions stand side by side in @{}.",
                    )
                )
        for one in questions:
            verb, marks = (
                ("bars", COLUMNS) if one.kind == "count" and len(one.answers) <= MOST_BANDS else ("shares", SHARES)
            )
            figures.append(
                _figure(
                    f"fig-{study.id}-{kebab(one.id)}",
                    one.label,
                    marks,
                    f'figures.{verb}({code}, "{one.id}")',
                    _sentence(study, one.id, code),
                )
            )
        if figures:
            yield Topic(kebab(ids[0]), construct, tuple(figures))


def _parting(study: Study, construct: str) -> str:
    """Where the bars of several questions part: at the middle of a scale that has sides, else below an answer."""
    asked = battery(study, [construct], "ordered")
    if asked.middle is not None:
        return BARS
    upper = asked.answers[asked.above :]
    return PARTS.format(asked.labels[upper[0]], "that answer and those above it" if len(upper) > 1 else "that answer")


def _sentence(study: Study, name: str, code: str) -> str:
    """What is said before a figure; nothing of counts of which any is withheld."""
    question = study.questions[name]
    if question.distribution.withheld or (study.disclosure.minimum_cell and study.shown.withheld_answers.get(name)):
        return "Some of the counts are too small to be shown (@{})."
    if question.kind == "yes-no":
        return f"`{{python}} {code}.{name}.yes.full` said yes (@{{}})."
    if question.kind == "count":
        return "@{} shows how the numbers are distributed."
    counts = question.distribution.counts
    if REST in counts and counts[REST] == max(counts.values()):
        return "@{} shows the answers given most often."
    people = "full" if study.sampling else "of"
    middle = f"The middle answer is “`{{python}} {code}.{name}.median`”.\n" if question.kind == "ordered" else ""
    return (
        f"{middle}The answer given most often is “`{{python}} {code}.{name}.top.title`”, by "
        f"`{{python}} {code}.{name}.top.{people}` "
        "(@{})."
    )


def _figure(label: str, title: str, marks: str, call: str, sentence: str) -> str:
    caption = json.dumps(f"{plain_title(title)}; {marks}.", ensure_ascii=False)
    return f"{sentence.replace('{}', label)}\n\n```{{python}}\n#| label: {label}\n#| fig-cap: {caption}\n{call}\n```\n"


def plain_title(words: str) -> str:
    """A title that can head a section or a figure: without digits, which are for results, and safe in Markdown."""
    words = spelled(shorten(words, 100)).rstrip("?.!:; ")
    return re.sub(r"([\\`*_\[\]{}<>#|~^$@])", r"\\\1", words[:1].upper() + words[1:])


def divide_topics(topics: Sequence[Topic]) -> list[list[Topic]]:
    """The topics in chapters that are not too long; a long topic is told in several sections."""
    pages: list[list[Topic]] = [[]]
    for topic in topics:
        for start in range(0, len(topic.figures), FIGURES):
            part = topic.figures[start : start + FIGURES]
            words = f"{topic.title}, continued" if start else topic.title
            if sum(len(one.figures) for one in pages[-1]) + len(part) > FIGURES:
                pages.append([])
            pages[-1].append(Topic(topic.id + (f"-more-{start // FIGURES}" if start else ""), words, part))
    return [page for page in pages if page]


def write_section(study: Study, topic: Topic) -> str:
    asks = "?" if topic.title.rstrip().endswith("?") else ""
    return f"## {plain_title(topic.title)}{asks} {{#sec-{study.id}-{topic.id}}}\n\n" + "\n".join(topic.figures)


def kebab(name: str) -> str:
    return name.strip("_").replace("_", "-")
