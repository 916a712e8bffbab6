"""What must a report of such a study tell, and where does this one tell it?"""

from __future__ import annotations

from html import escape

from surveybook.survey.evidence.about import about_all
from surveybook.survey.evidence.checklists import Item, Reporting
from surveybook.survey.show.display import Column, Html, Table
from surveybook.survey.show.tables.cells import listed, placed, shown_in
from surveybook.survey.words import text


def checklist(reporting: Reporting, name: str) -> Table:
    """A checklist with its answers. One row for each item; those left unanswered for the same reason share one."""
    found = reporting.checklists[name]
    data = [
        {"item": item.id, "topic": item.topic, "asks": item.asks, "answer": item.answer,
         "section": item.section.id if item.section else None, "reason": item.reason}
        for item in found.items
    ]
    shared: dict[tuple[str, str], list[Item]] = {}
    for item in found.items:
        shared.setdefault((item.answer, item.reason or item.id), []).append(item)
    rows = [[_asked(items), _answer(items[0])] for items in shared.values()]
    source = reporting.references[found.reference]
    return Table(found.title, [Column("What to tell"), Column("Where it is told, or why not")], rows,
                 about_all("reporting", found.title, source, reporting.licence, checklist, data, simulated=False),
                 f"Items after {source}, in our own words.")


def _asked(items: list[Item]) -> Html:
    """What an item asks for, or a list of what several do."""
    each = [placed(item.asks, f"{item.id} · {item.topic}") for item in items]
    return each[0] if len(each) == 1 else listed(each)


def _answer(item: Item) -> Html:
    if item.section:
        return shown_in(item.section)
    answer = f'<span class="verdict not-checkable">{escape(text.first_up(item.answer))}</span>'
    return Html(f"{answer}: {escape(item.reason)}")
