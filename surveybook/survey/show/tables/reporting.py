"""What must a report of such a study tell, and where does this one tell it?"""

from __future__ import annotations

from html import escape

import pandas as pd

from .. import text
from ..about import about_all
from ..beyond import Reporting
from ..checklists import Item
from ..display import Column, Html, Table
from .cells import placed, shown_in


def checklist(reporting: Reporting, name: str) -> Table:
    """A checklist with its answers. One row for each item."""
    found = reporting.checklists[name]
    data = pd.DataFrame([
        {"item": item.id, "topic": item.topic, "asks": item.asks, "answer": item.answer,
         "section": item.section.id if item.section else None, "reason": item.reason}
        for item in found.items
    ])
    rows = [[placed(item.asks, f"{item.id} · {item.topic}"), _answer(item)] for item in found.items]
    source = reporting.references[found.reference]
    return Table(found.title, [Column("What to tell"), Column("Where it is told, or why not")], rows,
                 about_all("reporting", found.title, source, "tables.checklist", data, simulated=False),
                 f"Items after {source}, in our own words.")


def _answer(item: Item) -> Html:
    if item.section:
        return shown_in(item.section)
    answer = f'<span class="verdict not-checkable">{escape(text.first_up(item.answer))}</span>'
    return Html(f"{answer}: {escape(item.reason)}")
