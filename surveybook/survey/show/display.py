"""How does a figure or a table get into a page?  The only module that knows what Quarto does with output.

A cell shows its value as Markdown with one raw HTML block. HTML output would make Quarto load scripts from another
host; a raw block does not, and labels, captions and references still work. Tables inside must ask Quarto to leave
them alone, and must have no caption of their own. What is shown travels with it as an escaped JSON block, and a chart
as another one, where its drawing will stand.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from html import escape
from typing import Any

from surveybook.markup import script_text
from surveybook.survey.show import theme
from surveybook.survey.show.simulation import hollow
from surveybook.survey.words.text import DRAWN, SIMULATED

TAG = re.compile(r"<[^>]*>")
LONG, LOOKED_UP = 100, 10  # more rows than this, and every table is folded, or one that nobody reads row by row
SENTENCE, PHRASE = 40, 20  # characters from which a cell is a sentence, or a phrase, rather than a value


@dataclass(frozen=True)
class Column:
    """A column of a table: its title, and whether it holds numbers (aligned right)."""

    title: str
    numeric: bool = False


@dataclass(frozen=True)
class Table:
    """A table as it is shown: cells are text already, or Html. The first column names the row.

    `about` says what the table holds and where it comes from; `rows` of `about["data"]` are the exact values. Where it
    says that they are simulated, the table says so too. `of` says of whom its shares are taken; `others` are tables of
    the same rows with shares of others, which stand with it. `folded`: it is looked things up in and is long, so it is
    open only for those who want it, or were led to it, and on paper.
    """

    name: str
    columns: Sequence[Column]
    rows: Sequence[Sequence[str]]
    about: Mapping[str, Any]
    note: str = ""
    of: str = ""
    others: Sequence[Table] = ()
    folded: bool = False

    @property
    def label(self) -> str:
        """What the table must say of all its values: that they are simulated, or nothing."""
        return SIMULATED if self.about.get("simulated") else ""

    def _repr_mimebundle_(self, include: Any = None, exclude: Any = None) -> dict[str, str]:
        shown = _readings(self)
        if self.folded or len(self.rows) > LONG:
            shown = f"<details><summary>The table, with {len(self.rows)} rows</summary>{shown}</details>"
        return _bundle(_framed("report-table", shown, self))


@dataclass(frozen=True)
class Choices:
    """What else a figure can show: `answers`, sentences about what is drawn, and all `cases`, as plain data for the
    script of this name in theme/, by which a reader chooses another one. Without scripts the drawing stands."""

    script: str
    answers: Sequence[str]
    cases: Mapping[str, Any]

    def __str__(self) -> str:
        said = "".join(f"<p>{escape(one)}</p>" for one in self.answers)
        return f'<div class="report-choices" data-script="{self.script}">{said}{_block("cases", self.cases)}</div>'


@dataclass(frozen=True)
class Drawn:
    """The same chart with shares `of` other people, for a wide and for a narrow page, as Vega-Lite."""

    of: str
    wide: Mapping[str, Any]
    narrow: Mapping[str, Any]


@dataclass(frozen=True)
class Figure:
    """A chart as it is shown: for a wide and for a narrow page, told in words, with its numbers as a table.

    `wide` and `narrow` are specifications in Vega-Lite, and hold totals alone. `alt` says what is drawn in one
    sentence, for those who do not see it, and `told` what it shows: the numbers and their pattern. `table` holds the
    same numbers. Where there is nothing that may be drawn, both are empty, and `alt` says so to everybody.

    `finding`: what it finds, in one sentence made from the same numbers, which becomes its caption; nothing where no
    sentence holds. `reading`: how its marks are read. `choices`: what else it can show. `others`: the chart once more
    for each of the other tables, of which a reader chooses one (theme/readings.js).
    """

    wide: Mapping[str, Any]
    narrow: Mapping[str, Any]
    alt: str
    told: str
    table: Table
    note: str = ""
    finding: str = ""
    reading: str = ""
    choices: Choices | None = None
    others: Sequence[Drawn] = ()

    def _repr_mimebundle_(self, include: Any = None, exclude: Any = None) -> dict[str, str]:
        alt, label = _labelled(f"{self.finding} {self.alt}".strip(), self.table.label), self.table.label
        drawings = _drawings(self.wide, self.narrow, alt, label) if self.wide \
            else f'<p class="withheld">{escape(alt)}</p>'
        if self.others:
            drawings = _reading(self.table.of, drawings, 'class="reading drawn"')
            for one in self.others:
                alt = _labelled(f"{self.alt} Shares of {one.of}.", label)
                drawn = _drawings(one.wide, one.narrow, alt, label)
                drawings += _reading(one.of, drawn, 'class="reading drawn" hidden')
        drawings = f"{self.choices or ''}{drawings}"
        twin = f"<details><summary>As a table and in words</summary>{_readings(self.table)}</details>"
        # shown while that is open, and outside of it, as browsers read out no words that are folded
        twin += f'<p class="told">{escape(self.told)}</p>' if self.told else ""
        said = {"finding": self.finding, "reading": self.reading}
        return _bundle(_framed("report-figure", drawings, self.table, self.note, twin, said))


class Html(str):
    """Text that is HTML already and is not escaped again."""


class Computed(str):
    """Words of a cell that were computed from answers, in a column that holds other words too."""


def float_of(label: str, shown: Figure | Table, caption: str) -> str:
    """A figure or table in Markdown that a cell makes, with a label that it can be referred to by."""
    return f"::: {{#{label}}}\n{shown._repr_mimebundle_()['text/markdown']}\n{caption}\n:::"


def fold(title: str, *blocks: str) -> str:
    """Blocks of Markdown below a line that opens them; an address and print do so as well."""
    return "\n\n".join([_raw(f'<details class="fold"><summary>{escape(title)}</summary>'), *blocks, _raw("</details>")])


def table_html(table: Table) -> str:
    """The table as HTML, in a region of its own that can scroll."""
    head = "".join(f'<th scope="col"{_align(column)}>{escape(column.title)}</th>' for column in table.columns)
    body = "".join("<tr>" + "".join(_cells(row, table.columns)) + "</tr>" for row in table.rows)
    name = escape(_labelled(table.name, table.label))
    kind = "table-scroll stacked" if _is_read(table) else "table-scroll"
    return (
        f'<div class="{kind}" role="group" tabindex="0" aria-label="{name}">'
        '<table data-quarto-disable-processing="true">'
        f"<thead><tr>{head}</tr></thead><tbody>{body}</tbody></table></div>"
    )


def _readings(table: Table) -> str:
    """The table, or where its shares can be of several groups of people one for each, under the name of the group.

    They stand below each other; theme/readings.js shows one at a time.
    """
    if not table.others:
        return table_html(table)
    return "".join(_reading(one.of, table_html(replace(one, name=f"{one.name}, shares of {one.of}")))
                   for one in (table, *table.others))


def _reading(of: str, shown: str, attributes: str = 'class="reading"') -> str:
    """What is shown of one group of people, under its name."""
    return f'<div {attributes} data-of="{escape(of)}"><p>Shares of {escape(of)}</p>{shown}</div>'


def _drawings(wide: Mapping[str, Any], narrow: Mapping[str, Any], name: str, label: str) -> str:
    return drawing(wide, "wide", name, label) + drawing(narrow, "narrow", name, label)


def _cells(row: Sequence[str], columns: Sequence[Column]) -> list[str]:
    cells = [cell if isinstance(cell, Html) else escape(cell) for cell in row]
    kinds = [' class="computed"' if isinstance(cell, Computed) else _align(column)
             for cell, column in zip(row, columns, strict=True)]
    return [f'<th scope="row"{kinds[0]}>{cells[0]}</th>'] + [
        f'<td{kind} data-column="{escape(column.title)}">{cell}</td>'
        for cell, column, kind in zip(cells[1:], columns[1:], kinds[1:], strict=True)
    ]


def _is_read(table: Table) -> bool:
    """Whether rows are read one by one, which a phone shows one below the other: they hold sentences, or so many
    columns that phrases would lie beyond the edge."""
    words = [place for place, column in enumerate(table.columns) if place and not column.numeric]
    longest = PHRASE if len(table.columns) > 3 else SENTENCE
    return any(len(TAG.sub("", row[place])) > (longest if place in words else SENTENCE)
               for row in table.rows for place in range(1, len(row)))


def _align(column: Column) -> str:
    return ' class="number"' if column.numeric else ""


def _framed(
    kind: str, shown: str, table: Table, note: str | None = None, twin: str = "", said: Mapping[str, str] | None = None,
) -> str:
    """What is shown, with its note and its data, in an element that says what it is; `said`: of its caption, which
    publishing writes (see surveybook/publish/pages/captions.py)."""
    mark = f' simulated" {evidence(table.label)}' if table.label else '"'
    words = _note(table.note if note is None else note)
    mark += "".join(f' data-{name}="{escape(one)}"' for name, one in (said or {}).items() if one)
    return f'<div class="{kind}{mark}>{_block("report-data", table.about)}{shown}{words}{twin}</div>'


def evidence(label: str) -> str:
    """The attributes that say what all values of an element are."""
    return f'data-label="{escape(label)}" data-evidence="{DRAWN}"'


def _labelled(words: str, label: str) -> str:
    """Words with the label before them, if there is one."""
    return f"{label}. {words}".strip() if label else words


def drawing(chart: Mapping[str, Any], kind: str, name: str, label: str) -> str:
    """The place of a chart, with its specification, which is drawn when the site is finished.

    See surveybook/publish/pages/drawings.py. `kind`: for which pages it is, or what it is on them; `name`: what those
    hear who do not see it; `label`: what its values are, which is written behind the marks and seen by their look, or
    nothing. They travel in the specification.
    """
    said = {**chart.get("usermeta", {}), "class": kind, "label": label}
    shown = chart
    if label:
        shown, said = hollow(chart), {**said, "behind": theme.BEHIND}
    return _block("report-drawing", {**shown, "description": name, "usermeta": said})


def _note(note: str) -> str:
    return f'<p class="figure-note">{escape(note)}</p>' if note else ""


def _block(kind: str, content: Mapping[str, Any]) -> str:
    """Data that travel in a page: JSON in which no character can end the script element."""
    return f'<script type="application/json" class="{kind}">{script_text(content)}</script>'


def _bundle(html: str) -> dict[str, str]:
    return {"text/markdown": f"{_raw(html)}\n"}


def _raw(html: str) -> str:
    """A raw block of HTML in Markdown."""
    return f"```{{=html}}\n{html}\n```"
