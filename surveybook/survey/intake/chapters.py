"""Which pages show an imported study?  Sample, answers by topic, hypotheses, limits, codebook: a start to write in."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from surveybook.survey.data.study import Study
from surveybook.survey.intake.hypotheses import family_of
from surveybook.survey.intake.wordings import shorten, spelled
from surveybook.survey.show.figures.bars import MOST as MOST_BANDS

FIGURES = 7  # on a page, within its budget of bytes
SIDES = 7  # answers of a scale whose bars part in the middle
DOTS = "dots are shares of those who answered, lines intervals that hold for all answers together"
BARS = "bars part at the middle of the scale, lines are intervals of the answers above it"
COLUMNS = "bars are shares of those who answered, lines intervals that hold for all bands together"
BY_GROUP = "shares are of those of each group who answered"
FOREST = (
    "Size of the relation in each hypothesis; dots are sizes, lines intervals, and bands sizes that were declared "
    "not to matter."
)
BACKGROUND, FRONT = "Background", "index.qmd"


@dataclass(frozen=True)
class Topic:
    """Questions that stand in one section: `title`, the call that draws each figure, and what is said of it."""

    id: str
    title: str
    figures: tuple[str, ...]


def write_chapters(study: Study, package: str, front: bool = False) -> dict[str, str]:
    """The text of each chapter by its path in the report, in their order; the `front` page as well, if it is to be
    about this study."""
    name, code = study.id, study.id.replace("-", "_")
    topics = list(_topics(study, code))
    background = [one for one in topics if one.title == BACKGROUND]
    pages = _pages([one for one in topics if one.title != BACKGROUND])
    found = {FRONT: _front(study, code, package)} if front else {}
    found[f"chapters/{name}.qmd"] = _sample(study, code, package, background)
    for number, page in enumerate(pages, 1):
        suffix = "" if number == 1 else f"-{number}"
        found[f"chapters/{name}-answers{suffix}.qmd"] = _answers(study, code, package, page, number, len(pages))
    if compared := _groups(study, code, package):
        found[f"chapters/{name}-groups.qmd"] = compared
    if study.hypotheses:
        found[f"chapters/{name}-hypotheses.qmd"] = _hypotheses(study, code, package)
    found[f"chapters/{name}-limits.qmd"] = _limits(study, code, package)
    found[f"chapters/{name}-codebook.qmd"] = _codebook(study, code, package)
    return found


def _topics(study: Study, code: str) -> Iterator[Topic]:
    """Questions by what they measure, in the order of the first of each; those on a person together."""
    constructs: dict[str, list[str]] = {}
    for question in study.questions.values():
        constructs.setdefault(question.construct or question.label, []).append(question.id)
    for construct, ids in constructs.items():
        questions = [study.questions[name] for name in ids if study.questions[name].distribution.answered]
        figures: list[str] = []
        for kind in ("yes-no", "ordered"):
            own = [one for one in questions if one.kind == kind]
            offered = {tuple(one.labels[answer] for answer in one.answers) for one in own}
            if len(own) > 1 and len(offered) == 1 and construct != BACKGROUND and len(own[0].answers) <= SIDES:
                questions = [one for one in questions if one.kind != kind]
                verb, marks = ("yes", DOTS) if kind == "yes-no" else ("ordered", BARS)
                figures.append(
                    _figure(
                        f"fig-{study.id}-{_kebab(own[0].id)}-{verb}",
                        construct,
                        marks,
                        f"figures.{verb}({code}, {json.dumps(construct, ensure_ascii=False)})",
                        "The questions stand side by side in @{}.",
                    )
                )
        for one in questions:
            verb, marks = (
                ("bars", COLUMNS) if one.kind == "count" and len(one.answers) <= MOST_BANDS else ("shares", DOTS)
            )
            figures.append(
                _figure(
                    f"fig-{study.id}-{_kebab(one.id)}",
                    one.label,
                    marks,
                    f'figures.{verb}({code}, "{one.id}")',
                    _sentence(study, one.id, code),
                )
            )
        if figures:
            yield Topic(_kebab(ids[0]), construct, tuple(figures))


def _sentence(study: Study, name: str, code: str) -> str:
    """What is said before a figure; nothing of counts of which any is withheld."""
    question = study.questions[name]
    if question.distribution.withheld or (study.disclosure.minimum_cell and study.shown.withheld_answers.get(name)):
        return "Some of the counts are too small to be shown (@{})."
    if question.kind == "yes-no":
        return f"`{{python}} {code}.{name}.yes.full` said yes (@{{}})."
    if question.kind == "count":
        return "Numbers stand in bands in @{}."
    return (
        f"The answer given most often is “`{{python}} {code}.{name}.top.title`”, by `{{python}} {code}.{name}.top.of` "
        "(@{})."
    )


def _figure(label: str, title: str, marks: str, call: str, sentence: str) -> str:
    caption = json.dumps(f"{plain_title(title)}; {marks}.", ensure_ascii=False)
    return f"{sentence.replace('{}', label)}\n\n```{{python}}\n#| label: {label}\n#| fig-cap: {caption}\n{call}\n```\n"


def plain_title(words: str) -> str:
    """A title that can head a section or a figure: without digits, which are for results, and safe in Markdown."""
    words = spelled(shorten(words, 100)).rstrip("?.!:; ")
    return re.sub(r"([\\`*_\[\]{}<>#|~^$@])", r"\\\1", words[:1].upper() + words[1:])


def _pages(topics: Sequence[Topic]) -> list[list[Topic]]:
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


def _section(study: Study, topic: Topic) -> str:
    return f"## {plain_title(topic.title)} {{#sec-{study.id}-{topic.id}}}\n\n" + "\n".join(topic.figures)


def _opening(package: str, code: str, *names: str) -> str:
    return f"```{{python}}\nfrom {package} import {', '.join(sorted([*names, code]))}\n```\n\n"


def _sample(study: Study, code: str, package: str, background: Sequence[Topic]) -> str:
    """Who answered, and the questions about them."""
    sections = []
    for part in _pages(background):
        sections += [_section(study, topic) for topic in part]
    return (
        _opening(package, code, "boxes", *(["figures"] if sections else []))
        + f"""\
# {plain_title(study.title)} {{#sec-{study.id}}}

Who answered, and how much did they leave out?
`{{python}} {code}.missing.respondents` people were asked up to `{{python}} {code}.missing.questions` questions.
`{{python}} {code}.provenance`

```{{python}}
boxes.share({code}.missing.complete, "of the respondents answered all that they were asked.")
```

How many did not answer each question stands in @sec-{study.id}-limits.
What was asked, word for word, stands in @sec-{study.id}-codebook.

"""
        + "\n".join(sections)
    )


def _front(study: Study, code: str, package: str) -> str:
    """The first page of a report that has this study alone; what it says of all reports comes with the report."""
    cells = [f'boxes.share({code}.missing.complete, "of the respondents answered all that they were asked '
             f'(@sec-{study.id}).")']
    if study.hypotheses:
        family = next(iter(study.hypotheses.values())).family.id
        cells.append(f'boxes.part({code}.hypotheses.count, {code}.hypotheses.words, "claims are supported by the '
                     f'answers (@sec-passports-{family}).",\n           effect="supported", opposite="the other way '
                     'round", equivalent="no relation that matters", inconclusive="left open")')
    return (
        _opening(package, code, "boxes")
        + f"""\
# The short version {{.unnumbered #sec-short}}

What do we know, and how?
`{{python}} {code}.missing.respondents` people answered; what they said stands in @sec-{study.id}-answers.
Write your question here, and its answer.

::: {{.key-numbers}}

"""
        + "\n\n".join(f"```{{python}}\n{cell}\n```" for cell in cells)
        + f"""

:::

## How sure is this? {{.unnumbered #sec-sure}}

What limits the answers stands in @sec-{study.id}-limits, and how each number is computed in @sec-methods.

{{{{< include shared/front.md >}}}}
"""
    )


def _answers(study: Study, code: str, package: str, page: Sequence[Topic], number: int, pages: int) -> str:
    """The answers to some topics."""
    part = f", part {spelled(str(number))} of {spelled(str(pages))}" if pages > 1 else ""
    title = f"{plain_title(study.title)}: what was answered{part}"
    suffix = "" if number == 1 else f"-{number}"
    return (
        _opening(package, code, "figures")
        + f"""\
# {title} {{#sec-{study.id}-answers{suffix}}}

What did the respondents say?
Shares are of those who answered, and each figure says below it who was asked and how many did not answer.

"""
        + "\n".join(_section(study, topic) for topic in page)
    )


def _groups(study: Study, code: str, package: str) -> str:
    """Answers to some questions by those to others; nothing where no pair is declared that can be shown."""
    sections: dict[str, list[str]] = {}
    for name, by in study.crossed:
        question, parting = study.questions[name], study.questions[by]
        if study.shown.crossed(question, parting).trouble or sum(map(len, sections.values())) >= FIGURES:
            continue
        parts = sections.setdefault(by, [])
        words = json.dumps(f"{plain_title(question.label)}, by {plain_title(parting.label)}; {BY_GROUP}.",
                           ensure_ascii=False)
        label = f"{study.id}-{_kebab(name)}-by-{_kebab(by)}"
        call = f'crossed({code}, "{name}", by="{by}")'
        if not parts:  # one table with letters, as an example of how to show the others
            parts.append(f"Shares, counts and letters stand in @tbl-{label}.\n\n```{{python}}\n#| label: tbl-{label}\n"
                         f"#| tbl-cap: {words}\ntables.{call}\n```\n")
        parts.append(f"@fig-{label} compares the groups.\n\n```{{python}}\n#| label: fig-{label}\n#| fig-cap: {words}\n"
                     f"figures.{call}\n```\n")
    if not sections:
        return ""
    told = "\n".join(f"## By “{plain_title(study.questions[by].label)}” {{#sec-{study.id}-by-{_kebab(by)}}}\n\n"
                     + "\n".join(parts) for by, parts in sections.items())
    return _opening(package, code, "figures", "tables") + f"""\
# {plain_title(study.title)}: groups {{#sec-{study.id}-groups}}

Do groups of respondents answer differently?
What is compared here was not expected before the answers were read, so that its tests explore.
Which groups are shown stands under “crossed” in the descriptor.

{told}"""


def _hypotheses(study: Study, code: str, package: str) -> str:
    """The claims of each family with their passports."""
    families = list(dict.fromkeys(one.family.id for one in study.hypotheses.values()))
    first, *others = families
    title = plain_title(study.title)
    more = "".join(
        f"""
# {title}: passports of another family {{#sec-passports-{family}}}

```{{python}}
#| output: asis
sections.passports({code}, "{family}")
```
"""
        for family in others
    )
    note = (
        "This claim is an example that was written with the descriptor, to be replaced.\n"
        if first == family_of(study.id)
        else ""
    )
    return (
        _opening(package, code, "figures", "sections", "tables")
        + f"""\
# {title}: what was expected {{#sec-passports-{first}}}

Which of the claims that were written down do the answers support?
`{{python}} {code}.hypotheses.words.sentence`
{note}
The claims stand in @tbl-{study.id}-hypotheses, and how strong each relation is in @fig-{study.id}-forest.

```{{python}}
#| label: tbl-{study.id}-hypotheses
#| tbl-cap: "The hypotheses with their tests, sizes, p values and verdicts."
tables.hypotheses({code})
```

```{{python}}
#| label: fig-{study.id}-forest
#| fig-cap: "{FOREST}"
figures.forest({code})
```

```{{python}}
#| output: asis
sections.passports({code}, "{first}")
```
"""
        + more
    )


def _limits(study: Study, code: str, package: str) -> str:
    """What the answers cannot tell."""
    return (
        _opening(package, code, "tables")
        + f"""\
# {plain_title(study.title)}: limits {{#sec-{study.id}-limits}}

How far do these answers reach?
They tell of those who answered; how these were chosen, and who refused, is for you to write here.

## Answers that are missing {{#sec-{study.id}-missing}}

@tbl-{study.id}-missing counts for each question who was not asked, who skipped it, and who could not say.
Shares are of those who answered; that is fair to the others only if their answers would have been much the same.

```{{python}}
#| label: tbl-{study.id}-missing
#| tbl-cap: "How many were asked each question and answered it, and why the others did not."
tables.missing({code})
```

## Chance, and what it is not {{#sec-{study.id}-chance}}

Intervals and tests speak of the luck of the draw alone, as if everybody had the same chance to be asked.
All people count the same: the shares are not weighted.
Small counts are withheld, so that nobody can be known by an answer.
With them those are withheld from which one could be worked out.
"""
    )


def _codebook(study: Study, code: str, package: str) -> str:
    """What was asked word for word, and the files."""
    return (
        _opening(package, code, "tables")
        + f"""\
# {plain_title(study.title)}: codebook {{#sec-{study.id}-codebook}}

What was asked, of whom, and how could it be answered?
@tbl-{study.id}-codebook has the wording of each question with its answers.
The files of the study are listed in @tbl-{study.id}-files.

```{{python}}
#| label: tbl-{study.id}-codebook
#| tbl-cap: "Each question with its wording, whom it was put to, its answers and the reasons for none."
tables.codebook({code})
```

## Files {{#sec-{study.id}-data}}

The rows of single people are not published.

```{{python}}
#| label: tbl-{study.id}-files
#| tbl-cap: "The files of the study, and whether they are given away."
tables.files({code})
```
"""
    )


def _kebab(name: str) -> str:
    return name.strip("_").replace("_", "-")


def list_chapters(settings: str, title: str, paths: Mapping[str, str]) -> str:
    """_quarto.yml with the chapters that it does not list yet in a part of their own, before the references."""
    new = [
        path for path in paths if not re.search(rf"(^|[\s\"'-]){re.escape(path)}([\s\"',\]]|$)", settings, re.MULTILINE)
    ]
    if not new:
        return settings
    lines = settings.split("\n")
    start = next((n for n, line in enumerate(lines) if re.match(r"\s+chapters:\s*$", line)), None)
    if start is None:
        return settings
    indent = len(lines[start + 1]) - len(lines[start + 1].lstrip())
    end = start + 1
    while end < len(lines) and (not lines[end].strip() or len(lines[end]) - len(lines[end].lstrip()) >= indent):
        end += 1
    while not lines[end - 1].strip():
        end -= 1
    place = next((n for n in range(start + 1, end) if re.match(r"\s*- references\.", lines[n])), end)
    about = next((n for n in range(start + 1, end) if re.search(r"chapters/(data|methods)\.qmd", lines[n])), None)
    if about is not None:  # what is told of all studies comes after them
        place = next((n for n in range(about, start, -1) if re.match(rf"\s{{{indent}}}- ", lines[n])), place)
    space = " " * indent
    known = [n for n in range(start + 1, end) if any(path in lines[n] for path in paths)]
    if known:  # the part is there already
        row = lines[known[-1]]
        return "\n".join(
            [
                *lines[: known[-1] + 1],
                *(row[: len(row) - len(row.lstrip())] + f"- {path}" for path in new),
                *lines[known[-1] + 1 :],
            ]
        )
    part = [
        f"{space}- part: {json.dumps(title, ensure_ascii=False)}",
        f"{space}  chapters:",
        *(f"{space}    - {path}" for path in new),
    ]
    return "\n".join([*lines[:place], *part, *lines[place:]])
