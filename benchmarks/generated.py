"""A book of any number of pages, each with what a page of a report has: for seeing how cost grows."""

from __future__ import annotations

from pathlib import Path

SETTINGS = """\
project:
  type: book
  output-dir: site
  execute-dir: project
book:
  title: "A Generated Book"
  author: "Nobody"
  date: "2026-01-15"
  chapters:
    - index.qmd
{chapters}
    - references.qmd
bibliography: references.bib
lang: en
execute:
  echo: false
format:
  html:
    toc: true
    number-sections: true
    html-math-method: mathml
"""
SOURCE = """\
@article{{source{number},
  title = {{Source number {number}}},
  author = {{Author, Ann and Writer, Will}},
  journal = {{Journal of Sources}},
  year = {{{year}}},
}}
"""
INDEX = """\
# Preface {#sec-preface .unnumbered}

This book was generated; its pages differ only in their numbers.
"""
REFERENCES = """\
# References {.unnumbered}

::: {#refs}
:::
"""
PROSE = """\
A share is read together with its base, because a share of few answers says little about those who were not asked.
Whoever compares two shares compares two intervals, and where these overlap widely the order of the answers is open.
"""
CELL = """\
```{{python}}
#| label: tbl-cell-{number}
#| tbl-cap: "What the cell of page {number} counts"
from IPython.display import Markdown
Markdown("| item | count |\\n|:--|--:|\\n" + "\\n".join(f"| item {{n}} | {{n * {number}}} |" for n in range(1, 6)))
```
"""
PAGE = """\
# Page {number} {{#sec-page-{number}}}

How does page {number} follow from @sec-page-{before}?
As in @tbl-typed-{before}, and in the words of @source{source}, from its numbers alone.

{prose}
## Counts {{#sec-counts-{number}}}

{prose}
| answer | count | base |
|:-------|------:|-----:|
| yes    |    12 |   20 |
| no     |     5 |   20 |
| other  |     3 |   20 |

: What was answered on page {number} {{#tbl-typed-{number}}}

The table above is @tbl-typed-{number}.

### Bases {{#sec-bases-{number}}}

{prose}
## Cells {{#sec-cells-{number}}}

{cell}
{prose}
@tbl-cell-{number} is made by a cell; the sum of its first two rows is `{{python}} {number} + 2 * {number}`.

### Limits {{#sec-limits-{number}}}

- Few were asked, see @sec-bases-{number}.
- Fewer answered, see @sec-counts-{before}.

$$
\\hat{{p}} = \\frac{{x}}{{n}}
$$ {{#eq-share-{number}}}

@eq-share-{number} is the share.
"""
SOURCES = 40


def write_book(folder: Path, pages: int) -> Path:
    """A book in a new folder, `pages` pages besides the preface and the references; the folder."""
    (folder / "chapters").mkdir(parents=True)
    numbers = range(1, pages + 1)
    listed = "\n".join(f"    - {_name(number)}" for number in numbers)
    sources = "\n".join(SOURCE.format(number=number, year=1980 + number) for number in range(SOURCES))
    files = {
        "_quarto.yml": SETTINGS.format(chapters=listed), "index.qmd": INDEX, "references.qmd": REFERENCES,
        "references.bib": sources, **{_name(number): _page(number, pages) for number in numbers},
    }  # fmt: skip
    for name, text in files.items():
        (folder / name).write_text(text, encoding="utf-8")
    return folder


def _name(number: int) -> str:
    return f"chapters/page-{number:03}.qmd"


def _page(number: int, pages: int) -> str:
    """A page that refers to the page before it (the first one to the last), and cites one source."""
    return PAGE.format(
        number=number, before=number - 1 or pages, source=number % SOURCES, prose=PROSE,
        cell=CELL.format(number=number),
    )  # fmt: skip
