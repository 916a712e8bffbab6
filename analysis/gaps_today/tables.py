"""What was judged, what exists against each gap, and what was read?  The judged gaps as tables."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from html import escape
from typing import Any
from urllib.parse import urlsplit

import pandas as pd

from analysis.atlas.tables import address_of
from analysis.gaps_today.declaration import CANNOT_TELL, CLOSED, EXTENTS, OPEN, PARTLY, Gap, Provision, Reading
from analysis.gaps_today.findings import Today
from surveybook.survey.show.display import Column, Html, Table
from surveybook.survey.show.tables.cells import cited
from surveybook.survey.words import text

# Each verdict with its sign and the class that colors it
SIGNS = {CLOSED: ("✓", "agrees"), PARTLY: ("±", "partly"), OPEN: ("✗", "does-not-agree"),
         CANNOT_TELL: ("?", "not-checkable")}


def judged(today: Today) -> Table:
    """The verdict on each gap with what exists against it. One row for each gap."""
    gaps, phases = today.judgement.gaps, today.judgement.phases
    data = pd.DataFrame([
        {"gap": gap.id, "label": gap.label, "phase": gap.phase, "verdict": gap.verdict, "reason": gap.reason,
         "exists": "; ".join(one.name for one in gap.exists), "atlas": ", ".join(gap.atlas),
         "change": gap.change, "quarter": "\n".join(gap.quarter), "log": "\n".join(gap.log)} for gap in gaps
    ])
    rows = [[_below(f'<a href="#{gap.section}">{escape(gap.label)}</a>', escape(phases[gap.phase])), verdict_of(gap),
             "; ".join(dict.fromkeys(one.name for one in gap.exists))] for gap in gaps]
    columns = [Column("Gap"), Column("Verdict"), Column("What can be pointed at")]
    return _table(today, judged, "The gaps today", columns, rows, data)


def meanings(today: Today) -> Table:
    """What each verdict means, and which gaps have it. One row for each verdict."""
    judgement = today.judgement
    data = pd.DataFrame([{"verdict": verdict, "means": words, "gaps": len(judgement.of(verdict))}
                         for verdict, words in judgement.meanings.items()])
    rows = [[_sign(verdict), words, text.whole(len(judgement.of(verdict))),
             text.listing([gap.label for gap in judgement.of(verdict)]) or "none"]
            for verdict, words in judgement.meanings.items()]
    columns = [Column("Verdict"), Column("What it means"), Column("Gaps", True), Column("Which")]
    return _table(today, meanings, "The verdicts", columns, rows, data)


def exists(today: Today, gap: Gap) -> Table:
    """What exists against a gap, from the oldest to the newest. One row for each thing."""
    found = sorted(gap.exists, key=lambda one: one.date)
    data = pd.DataFrame([{"name": one.name, "kind": one.kind, "date": one.date, "atlas": one.atlas or None,
                          "gives": one.gives, "source": one.source} for one in found])
    rows = [[_below(escape(one.name), f"{escape(text.first_up(one.kind))}, {escape(one.date)}"), one.gives,
             _sourced(today, one)] for one in found]
    columns = [Column("What exists, and since when"), Column("What it gives"), Column("Source")]
    return _table(today, exists, f"{gap.label}: what exists", columns, rows, data)


def literature(today: Today) -> Table:
    """What was read, when and where, and what stands there. One row for each source."""
    return readings_table(list(today.judgement.readings.values()), today.references, "Sources of the verdicts",
                          lambda data: _facts(today, literature, data), f"Our judgement of {today.judgement.judged}.")


def readings_table(readings: Sequence[Reading], references: Mapping[str, str], name: str,
                   facts: Callable[[pd.DataFrame], dict[str, Any]], note: str) -> Table:
    """Sources with when and where each was read, and what stands there. One row for each; `facts` of its data travel
    with it."""
    data = pd.DataFrame([{"source": one.key, "title": one.title, "read": one.read, "extent": one.extent,
                          "says": one.says, "addresses": " ".join(one.addresses)} for one in readings])
    rows = [[_below(f"{escape(one.title)}, {cited(one.key, references)}", *map(_link, one.addresses),
                    f"{text.first_up(EXTENTS[one.extent])}, {escape(one.read)}"), one.says] for one in readings]
    columns = [Column("What was read, where and when"), Column("What stands there")]
    return Table(name, columns, rows, facts(data), note)


def verdict_of(gap: Gap) -> Html:
    """The verdict on a gap, and the first sentence of the reason."""
    return Html(f"{_sign(gap.verdict)} {escape(gap.reason.partition('. ')[0].rstrip('.'))}.")


def _sign(verdict: str) -> Html:
    sign, color = SIGNS[verdict]
    return Html(f'<span class="verdict {color}">{sign} {text.first_up(verdict)}.</span>')


def _sourced(today: Today, one: Provision) -> Html:
    """Who says so, with a link to the page of ATLAS where it has an id."""
    link = f' <a class="place" href="{address_of(one.atlas)}">{escape(one.atlas)}</a>' if one.atlas else ""
    return Html(f"{cited(one.source, today.references)}{link}")


def _link(address: str) -> str:
    """A link that shows the host."""
    return f'<a href="{escape(address)}">{escape(urlsplit(address).netloc)}</a>'


def _below(words: str, *places: str) -> Html:
    """HTML with smaller lines below it."""
    return Html(words + "".join(f' <span class="place">{place}</span>' for place in places))


def _table(today: Today, made_by: Callable[..., Table], name: str, columns: Sequence[Column],
           rows: Sequence[Sequence[str]], data: pd.DataFrame) -> Table:
    return Table(name, columns, rows, _facts(today, made_by, data), f"Our judgement of {today.judgement.judged}.")


def _facts(today: Today, made_by: Callable[..., Table], data: pd.DataFrame) -> dict[str, Any]:
    """What travels with a table that holds no counts."""
    return {
        "study": "gaps-today", "title": "The gaps, then and now",
        "source": f"Judgement of this report, {today.judgement.judged}, from the sources it names",
        "licence": today.licence, "simulated": False, "label": "",
        "function": f"{made_by.__module__}.{made_by.__name__}",
        "provenance": "Judged for this report from the sources it names; data/gaps-today.yaml holds the reasons.",
        "data": data.astype(object).where(data.notna(), None).to_dict("records"),
    }
