"""How does a figure or a table get into a page?  The only module that knows what Quarto does with output.

A cell shows its value as Markdown with one raw HTML block. HTML output would make Quarto load scripts from another
host; a raw block does not, and labels, captions and references still work. Tables inside must ask Quarto to leave
them alone, and must have no caption of their own. What is shown travels with it as an escaped JSON block.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from html import escape
from typing import Any
from xml.etree import ElementTree

SVG = "http://www.w3.org/2000/svg"
ElementTree.register_namespace("", SVG)


@dataclass(frozen=True)
class Column:
    """A column of a table: its title, and whether it holds numbers (aligned right)."""

    title: str
    numeric: bool = False


@dataclass(frozen=True)
class Table:
    """A table as it is shown: cells are text already, or Html. The first column names the row.

    `about` says what the table holds and where it comes from; `rows` of `about["data"]` are the exact values.
    """

    name: str
    columns: Sequence[Column]
    rows: Sequence[Sequence[str]]
    about: Mapping[str, Any]
    note: str = ""

    def _repr_mimebundle_(self, include: Any = None, exclude: Any = None) -> dict[str, str]:
        return _bundle(f'<div class="report-table">{table_html(self)}{_note(self.note)}{_attached(self.about)}</div>')


@dataclass(frozen=True)
class Figure:
    """A chart as it is shown: drawn for a wide and for a narrow page, told in words, with its numbers as a table.

    `alt` says what the chart shows for those who do not see it. `table` holds the same numbers.
    """

    wide: str
    narrow: str
    alt: str
    table: Table
    note: str = ""

    def _repr_mimebundle_(self, include: Any = None, exclude: Any = None) -> dict[str, str]:
        drawings = _drawing(self.wide, "wide", self.alt) + _drawing(self.narrow, "narrow", self.alt)
        twin = f"<details><summary>The numbers as a table</summary>{table_html(self.table)}</details>"
        return _bundle(
            f'<div class="report-figure">{drawings}{_note(self.note)}{twin}{_attached(self.table.about)}</div>'
        )


class Html(str):
    """Text that is HTML already and is not escaped again."""


def table_html(table: Table) -> str:
    """The table as HTML, in a region of its own that can scroll."""
    head = "".join(f'<th scope="col"{_align(column)}>{escape(column.title)}</th>' for column in table.columns)
    body = "".join("<tr>" + "".join(_cells(row, table.columns)) + "</tr>" for row in table.rows)
    return (
        f'<div class="table-scroll" role="region" tabindex="0" aria-label="{escape(table.name)}">'
        '<table data-quarto-disable-processing="true">'
        f"<thead><tr>{head}</tr></thead><tbody>{body}</tbody></table></div>"
    )


def _cells(row: Sequence[str], columns: Sequence[Column]) -> list[str]:
    cells = [cell if isinstance(cell, Html) else escape(cell) for cell in row]
    first, *others = zip(cells, columns, strict=True)
    return [f'<th scope="row"{_align(first[1])}>{first[0]}</th>'] + [
        f"<td{_align(column)}>{cell}</td>" for cell, column in others
    ]


def _align(column: Column) -> str:
    return ' class="number"' if column.numeric else ""


def _drawing(svg: str, width: str, alt: str) -> str:
    """An SVG as an accessible picture: one name instead of a name for every mark, no fixed size."""
    root = ElementTree.fromstring(svg)
    for element in root.iter():
        for name in [n for n in element.attrib if n.startswith("aria-") or n in ("role", "class", "pointer-events")]:
            del element.attrib[name]
    root.attrib |= {"class": width, "role": "img", "aria-label": alt}
    return ElementTree.tostring(root, encoding="unicode")


def _note(note: str) -> str:
    return f'<p class="figure-note">{escape(note)}</p>' if note else ""


def _attached(about: Mapping[str, Any]) -> str:
    """The data block: JSON in which no character can end the script element."""
    content = json.dumps(about, ensure_ascii=False, sort_keys=True).replace("<", "\\u003c")
    return f'<script type="application/json" class="report-data">{content}</script>'


def _bundle(html: str) -> dict[str, str]:
    return {"text/markdown": f"```{{=html}}\n{html}\n```\n"}
