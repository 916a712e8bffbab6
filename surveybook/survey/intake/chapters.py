"""Which pages show an imported study?  Sample, answers by topic, hypotheses, limits, codebook: a start to write in."""

from __future__ import annotations

import json
from collections.abc import Sequence
from contextlib import suppress

from surveybook.survey.data.change import changed
from surveybook.survey.data.study import Study
from surveybook.survey.errors import DataError
from surveybook.survey.estimates.share import known
from surveybook.survey.evidence.findings import count_complete
from surveybook.survey.intake.hypotheses import family_of
from surveybook.survey.intake.topics import (
    BACKGROUND,
    FIGURES,
    Topic,
    divide_topics,
    find_topics,
    kebab,
    plain_title,
    write_section,
)
from surveybook.survey.intake.wordings import shorten

BY_GROUP = "shares are of those of each group who answered"
FOREST = (
    "Size of the relation in each hypothesis; dots are sizes, lines intervals, and bands sizes that were declared "
    "not to matter."
)
FRONT = "index.qmd"
MOST_CLAIMS = 5  # on the first page


def write_chapters(study: Study, package: str, front: bool = False) -> dict[str, str]:
    """The text of each chapter by its path in the report, in their order; the `front` page as well, if it is to be
    about this study."""
    name, code = study.id, study.id.replace("-", "_")
    topics = list(find_topics(study, code))
    background = [one for one in topics if one.title == BACKGROUND]
    pages = divide_topics([one for one in topics if one.title != BACKGROUND])
    found = {FRONT: _front(study, code, package, len(pages))} if front else {}
    found[f"chapters/{name}.qmd"] = _sample(study, code, package, background)
    for number, page in enumerate(pages, 1):
        suffix = "" if number == 1 else f"-{number}"
        found[f"chapters/{name}-answers{suffix}.qmd"] = _answers(study, code, package, page, number, len(pages))
    if compared := _groups(study, code, package):
        found[f"chapters/{name}-groups.qmd"] = compared
    if changes := _changes(study, code, package):
        found[f"chapters/{name}-changes.qmd"] = changes
    if study.hypotheses:
        found[f"chapters/{name}-hypotheses.qmd"] = _hypotheses(study, code, package)
    found[f"chapters/{name}-limits.qmd"] = _limits(study, code, package)
    found[f"chapters/{name}-codebook.qmd"] = _codebook(study, code, package)
    return found


def _opening(package: str, code: str, *names: str) -> str:
    return f"```{{python}}\nfrom {package} import {', '.join(sorted([*names, code]))}\n```\n\n"


def _sample(study: Study, code: str, package: str, background: Sequence[Topic]) -> str:
    """Who answered, and the questions about them."""
    sections = []
    for part in divide_topics(background):
        sections += [write_section(study, topic) for topic in part]
    return (
        _opening(package, code, *(["boxes"] if _complete(study, code) else []), *(["figures"] if sections else []))
        + f"""\
# {plain_title(study.title)} {{#sec-{study.id}}}

Who answered, and how much did they leave out?
`{{python}} {code}.missing.respondents` people were asked up to `{{python}} {code}.missing.questions` questions.
`{{python}} {code}.provenance`

{_complete(study, code)}How many did not answer each question stands in @sec-{study.id}-limits.
What was asked, word for word, stands in @sec-{study.id}-codebook.

"""
        + "\n".join(sections)
    )


def _complete(study: Study, code: str, words: str = "") -> str:
    """The box with the share of those who answered all they were asked; nothing where it is withheld, or nobody did, as
    in surveys that show many questions to some alone."""
    full = count_complete(study)
    if not (known(full) and full):
        return ""
    said = f"of the respondents answered all that they were asked{words}."
    return f'```{{python}}\nboxes.share({code}.missing.complete, "{said}")\n```\n\n'


def _front(study: Study, code: str, package: str, pages: int) -> str:
    """The first page of a report that has this study alone; what it says of all reports comes with the report."""
    boxes = _complete(study, code, f" (@sec-{study.id})")
    if study.hypotheses:
        family = next(iter(study.hypotheses.values())).family.id
        boxes += f"""\
```{{python}}
boxes.part({code}.hypotheses.count, {code}.hypotheses.words, "claims are supported by the answers \
(@sec-passports-{family}).",
           effect="supported", opposite="the other way round", equivalent="no relation that matters",
           inconclusive="left open")
```

"""
    numbers = f"::: {{.key-numbers}}\n\n{boxes}:::\n\n" if boxes else ""
    more = " and the chapters after it" if pages > 1 else ""
    claims = [f"* *`{{python}} {code}.hypotheses.{name}.claim`* `{{python}} {code}.hypotheses.{name}.sentence`"
              for name in [one.replace("-", "_") for one in study.hypotheses][:MOST_CLAIMS]]
    found = "## What came out? {.unnumbered #sec-found}\n\n" + "\n".join(claims) + "\n\n" if claims else ""
    return (
        _opening(package, code, *(["boxes"] if boxes else []))
        + f"""\
# The short version {{.unnumbered #sec-short}}

What do we know, and how?
`{{python}} {code}.missing.respondents` people answered; what they said stands in @sec-{study.id}-answers{more}.
Write your question here, and its answer.

{numbers}{found}## How sure is this? {{.unnumbered #sec-sure}}

What limits the answers stands in @sec-{study.id}-limits, and how each number is computed in @sec-methods.

{{{{< include shared/front.md >}}}}
"""
    )


def _answers(study: Study, code: str, package: str, page: Sequence[Topic], number: int, pages: int) -> str:
    """The answers to some topics."""
    first, last = (plain_title(shorten(one.title, 40)) for one in (page[0], page[-1]))
    about = "what was answered" if pages == 1 else f"“{first}” to “{last}”" if first != last else f"“{first}”"
    title = f"{plain_title(study.title)}: {about}"
    suffix = "" if number == 1 else f"-{number}"
    return (
        _opening(package, code, "figures")
        + f"""\
# {title} {{#sec-{study.id}-answers{suffix}}}

What did the respondents say?
Shares are of those who answered, and each figure says below it who was asked and how many did not answer.

"""
        + "\n".join(write_section(study, topic) for topic in page)
    )


def _groups(study: Study, code: str, package: str) -> str:
    """Answers to some questions by those to others; nothing where no pair is declared that can be shown, or where
    people have weights and small counts are withheld, as weighted shares of few people would tell their answers."""
    sections: dict[str, list[str]] = {}
    for name, by in () if study.sampling and study.disclosure.minimum_cell else study.crossed:
        question, parting = study.questions[name], study.questions[by]
        if study.shown.crossed(question, parting).trouble or sum(map(len, sections.values())) >= FIGURES:
            continue
        parts = sections.setdefault(by, [])
        words = json.dumps(f"{plain_title(question.label)}, by {plain_title(parting.label)}; {BY_GROUP}.",
                           ensure_ascii=False)
        label = f"{study.id}-{kebab(name)}-by-{kebab(by)}"
        call = f'crossed({code}, "{name}", by="{by}")'
        if not parts:  # one table with letters, as an example of how to show the others
            parts.append(f"Shares, counts and letters stand in @tbl-{label}.\n\n```{{python}}\n#| label: tbl-{label}\n"
                         f"#| tbl-cap: {words}\ntables.{call}\n```\n")
        parts.append(f"@fig-{label} compares the groups.\n\n```{{python}}\n#| label: fig-{label}\n#| fig-cap: {words}\n"
                     f"figures.{call}\n```\n")
    if not sections:
        return ""
    told = "\n".join(f"## By “{plain_title(study.questions[by].label)}” {{#sec-{study.id}-by-{kebab(by)}}}\n\n"
                     + "\n".join(parts) for by, parts in sections.items())
    return _opening(package, code, "figures", "tables") + f"""\
# {plain_title(study.title)}: groups {{#sec-{study.id}-groups}}

Do groups of respondents answer differently?
What is compared here was not expected before the answers were read, so that its tests explore.
Which groups are shown stands under “crossed” in the descriptor.

{told}"""


def _changes(study: Study, code: str, package: str) -> str:
    """How answers changed from wave to wave, of the questions that did not move; nothing of a study without waves."""
    if study.waves is None:
        return ""
    names = []
    for name in study.questions:
        with suppress(DataError):
            if any(step.changed for part in changed(study, name).parts for step in part.steps):
                names.append(name)
    parts = []
    if names:
        listed = ", ".join(f'"{name}"' for name in names[:FIGURES])
        parts.append(f"""\
## What changed {{#sec-{study.id}-changed}}

@tbl-{study.id}-change has the shares and means of each wave, and the tests of their change.

```{{python}}
#| label: tbl-{study.id}-change
#| tbl-cap: "Shares and means in each wave, and their change up to the last one with interval and test."
tables.change({code}, {listed})
```
""")
    for name in names[:FIGURES]:
        question, label = study.questions[name], f"{study.id}-{kebab(name)}-change"
        words = json.dumps(f"{plain_title(question.label)} in each wave; dots are shares or means, lines intervals.",
                           ensure_ascii=False)
        parts.append(f"@fig-{label} shows “{plain_title(question.label)}”.\n\n```{{python}}\n#| label: fig-{label}\n"
                     f"#| fig-cap: {words}\nfigures.change({code}, \"{name}\")\n```\n")
    return _opening(package, code, *(["figures"] if names else []), "tables") + f"""\
# {plain_title(study.title)}: waves {{#sec-{study.id}-waves}}

What changed since the last time, and what was asked otherwise?
`{{python}} {code}.waves.sentence`
Changes explore: none of them was expected before the answers were read.

## What moved in the questionnaire {{#sec-{study.id}-moved}}

`{{python}} {code}.waves.moved`
Each of these stands in @tbl-{study.id}-moved; questions that moved are not compared.

```{{python}}
#| label: tbl-{study.id}-moved
#| tbl-cap: "What of the questionnaire moved from one wave to the next."
tables.questionnaire({code})
```

""" + "\n".join(parts)


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


def _chance(study: Study) -> str:
    """What intervals and tests speak of, and whether all people count the same."""
    if not study.sampling:
        return ("Intervals and tests speak of the luck of the draw alone, as if everybody had the same chance to be "
                "asked.\nAll people count the same: the shares are not weighted.")
    return ("Intervals and tests speak of the luck of the draw alone, in a sample that is weighted as declared: "
            f"`{{python}} {study.id.replace('-', '_')}.sampling`.\n"
            "Tables have the unweighted share beside the weighted one; what weights cannot mend is for you to write.")


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

{_chance(study)}
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
