"""What was judged, what exists against each gap, and what was read?  The judged gaps as tables."""

from __future__ import annotations

from dataclasses import replace
from html import escape

from analysis.atlas.tables import address_of
from analysis.gaps_today.declaration import CANNOT_TELL, CLOSED, OPEN, PARTLY, Gap, Provision
from analysis.gaps_today.findings import Today
from analysis.judged import below
from surveybook.survey.show.display import Column, Html, Table
from surveybook.survey.show.tables.cells import cited
from surveybook.survey.words import text

# Each verdict with its sign and the class that colors it
SIGNS = {CLOSED: ("✓", "agrees"), PARTLY: ("±", "partly"), OPEN: ("✗", "does-not-agree"),
         CANNOT_TELL: ("?", "not-checkable")}


def judged(today: Today) -> Table:
    """The way to each gap: the verdict on it, and how many things can be pointed at. One row for each gap; its data
    hold all of the judgement."""
    gaps, phases = today.judgement.gaps, today.judgement.phases
    data = [
        {"gap": gap.id, "label": gap.label, "phase": gap.phase, "verdict": gap.verdict, "reason": gap.reason,
         "exists": "; ".join(one.name for one in gap.exists), "atlas": ", ".join(gap.atlas),
         "change": gap.change, "quarter": "\n".join(gap.quarter), "log": "\n".join(gap.log)} for gap in gaps
    ]
    rows = [[below(f'<a href="#{gap.section}">{escape(gap.label)}</a>', escape(phases[gap.phase])), _sign(gap.verdict),
             text.whole(len(gap.exists))] for gap in gaps]
    columns = [Column("Gap"), Column("Verdict"), Column("What exists", True)]
    return today.file.table(judged, "The gaps today", columns, rows, data)


def verdicts(today: Today) -> Table:
    """The verdict on each gap, as a figure shows it: the table `judged` without reasons and what exists."""
    phases = today.judgement.phases
    rows = [[gap.label, phases[gap.phase], _sign(gap.verdict)] for gap in today.judgement.gaps]
    return replace(judged(today), columns=[Column("Gap"), Column("Phase"), Column("Verdict")], rows=rows)


def meanings(today: Today) -> Table:
    """What each verdict means, and which gaps have it. One row for each verdict."""
    judgement = today.judgement
    data = [{"verdict": verdict, "means": words, "gaps": len(judgement.of(verdict))}
            for verdict, words in judgement.meanings.items()]
    rows = [[_sign(verdict), words, text.whole(len(judgement.of(verdict))),
             text.listing([gap.label for gap in judgement.of(verdict)]) or "none"]
            for verdict, words in judgement.meanings.items()]
    columns = [Column("Verdict"), Column("What it means"), Column("Gaps", True), Column("Which")]
    return today.file.table(meanings, "The verdicts", columns, rows, data)


def exists(today: Today, gap: Gap) -> Table:
    """What exists against a gap, from the oldest to the newest. One row for each thing."""
    found = sorted(gap.exists, key=lambda one: one.date)
    data = [{"name": one.name, "kind": one.kind, "date": one.date, "atlas": one.atlas or None,
             "gives": one.gives, "source": one.source} for one in found]
    rows = [[below(escape(one.name), f"{escape(text.first_up(one.kind))}, {escape(one.date)}"), one.gives,
             _sourced(today, one)] for one in found]
    columns = [Column("What exists, and since when"), Column("What it gives"), Column("Source")]
    return today.file.table(exists, f"{gap.label}: what exists", columns, rows, data)


def literature(today: Today) -> Table:
    """What was read, when and where, and what stands there. One row for each source."""
    return today.file.readings(literature, "Sources of the verdicts", today.judgement.readings, today.references)


def _sign(verdict: str) -> Html:
    sign, color = SIGNS[verdict]
    return Html(f'<span class="verdict {color}">{sign} {text.first_up(verdict)}.</span>')


def _sourced(today: Today, one: Provision) -> Html:
    """Who says so, with a link to the page of ATLAS where it has an id."""
    link = f' <a class="place" href="{address_of(one.atlas)}">{escape(one.atlas)}</a>' if one.atlas else ""
    return Html(f"{cited(one.source, today.references)}{link}")
