"""What does it look like?  Each function draws one figure from the estimates of a study."""

from __future__ import annotations

from collections.abc import Callable
from textwrap import wrap

import altair as alt
import pandas as pd
import vl_convert

from . import tables, text, theme
from .display import Figure
from .findings import Findings


def shares(findings: Findings, question: str) -> Figure:
    """How many gave each answer to a question: dots for shares, lines for their intervals."""
    asked, table = findings.study.question(question), tables.shares(findings, question)
    distribution, labels = asked.distribution, asked.labels
    frame = _dots_frame(table.about["data"])
    first, last = distribution.ranked[0], distribution.ranked[-1]
    most, least = text.full(distribution.shares[first]), text.full(distribution.shares[last])
    told = f"Dot plot of {len(frame)} answers, from {labels[first]}, {most}, down to {labels[last]}, {least}."
    if len(frame) == 1:
        told = f"Dot plot of one answer, {labels[first]}, {most}."
    return Figure(*_both(lambda wide: _dots(frame, wide)), f"{asked.label}. {told}", table, table.note)


def readings(findings: Findings, question: str, item: str) -> Figure:
    """The share of one answer under each reasonable reading of the counts."""
    asked, table = findings.study.question(question), tables.readings(findings, question, item)
    frame = _dots_frame(table.about["data"])
    told = "; ".join(f"{text.lower(row.label)}: {row.words}" for row in frame.itertuples())
    label = f"{asked.label}: {text.lower(asked.labels[item])}"
    return Figure(
        *_both(lambda wide: _dots(frame, wide)), f"{label}. Dot plot, one dot for each reading: {told}.",
        table, table.note,
    )


def lifecycle(findings: Findings) -> Figure:
    """The gaps as tiles in the order of the life cycle, coloured by who needs them."""
    table, study = tables.lifecycle(findings), findings.study
    frame = pd.DataFrame(table.about["data"])
    phases, personas = study.package.labels("gaps", "phase"), study.package.labels("gaps", "persona")
    told = [
        f"{label}: {text.listing([row.label for row in frame[frame['phase'] == phase].itertuples()])}"
        for phase, label in phases.items()
    ]
    return Figure(
        *_both(lambda wide: _tiles(frame, phases, personas, wide)), f"{table.name}. {'. '.join(told)}.",
        table, table.note,
    )


def _dots_frame(data: list[dict[str, object]]) -> pd.DataFrame:
    """One row for each dot: label, share, low, high, and the words beside it."""
    frame = pd.DataFrame(data)
    words = [f"{text.whole(row['count'])} of {text.whole(row['base'])} · {text.percent(row['share'])}" for row in data]
    return frame[["label", "share", "low", "high"]].assign(words=words)


def _dots(frame: pd.DataFrame, wide: bool) -> alt.LayerChart:
    """Dots with intervals on a scale from none to all; labels at the left, or above the line on a narrow page."""
    left, right, letters = (292, 118, 36) if wide else (0, 0, 26)
    inset = 0 if wide else 20  # so that dots and percentages at the ends of the scale stay inside
    plot = (theme.WIDE if wide else theme.NARROW) - left - right - 2 * inset
    wrapped = frame["label"].map(lambda label: wrap(label, letters))
    frame = frame.assign(row=range(len(frame)), name=wrapped.map("\n".join), lines=wrapped.map(len))
    most = int(frame["lines"].max())
    height = max(34, 8 + most * theme.LEADING) if wide else 34 + most * theme.LEADING
    base = alt.Chart(frame).encode(y=alt.Y("row:O", axis=None))
    axis = alt.Axis(format=".0%", values=[0, 0.25, 0.5, 0.75, 1], labelAlign="center")
    drop = 0 if wide else height / 2 - 16
    intervals = base.mark_rule(strokeWidth=3, color=theme.MARK, opacity=0.7, strokeCap="round", yOffset=drop)
    dots = base.mark_circle(size=110, color=theme.MARK, opacity=1, yOffset=drop)
    words = base.mark_text(
        align="left" if wide else "right", baseline="middle", dy=0 if wide else drop - 20, color=theme.MUTED
    )
    names = [  # one layer for labels of one line, of two, ...: each needs another shift to stay centred on its row
        base.transform_filter(alt.datum.lines == lines)
        .mark_text(
            align="left", baseline="middle", lineBreak="\n", lineHeight=theme.LEADING,
            dy=-(lines - 1) * theme.LEADING / 2 if wide else drop - 20 - (lines - 1) * theme.LEADING,
        )
        .encode(text="name:N", x=alt.value(-left - inset))
        for lines in range(1, most + 1)
    ]
    return alt.layer(
        intervals.encode(x="low:Q", x2="high:Q"),
        dots.encode(x=alt.X("share:Q", scale=alt.Scale(domain=[0, 1]), axis=axis)),
        words.encode(text="words:N", x=alt.value(plot + (14 if wide else inset))),
        *names,
    ).properties(
        width=plot, height=height * len(frame),
        padding={"left": left + inset, "right": right + inset, "top": 4, "bottom": 28},
    )


def _tiles(frame: pd.DataFrame, phases: dict[str, str], personas: dict[str, str], wide: bool) -> alt.LayerChart:
    """A column of tiles for each phase; on a narrow page one below the other."""
    gutter, tile, head = 16, 40, 34
    total = theme.WIDE if wide else theme.NARROW
    width = (total - gutter * (len(phases) - 1)) / len(phases) if wide else total
    placed, heads, top = [], [], 0.0
    for number, (phase, label) in enumerate(phases.items()):
        left = number * (width + gutter) if wide else 0.0
        if wide:
            top = 0.0
        heads.append({"x": left, "y": top + head - 12, "label": label})
        for order, row in enumerate(frame[frame["phase"] == phase].itertuples()):
            y = top + head + order * (tile + 6)
            placed.append({"x": left, "x2": left + width, "y": y, "y2": y + tile, "label": row.label,
                           "persona": row.persona, "middle": y + tile / 2, "text": left + 14})
        top = placed[-1]["y2"] + gutter
    height = max(p["y2"] for p in placed) + gutter + 22 * len(personas)
    heads += [{"x": 20.0, "y": height - 22 * number - 11, "label": label}
              for number, label in enumerate(reversed(personas.values()))]
    keys = [{"x": 0.0, "x2": 12.0, "y": height - 22 * number - 17, "y2": height - 22 * number - 5, "persona": persona}
            for number, persona in enumerate(reversed(personas))]

    def scale(size: float) -> alt.Scale:
        return alt.Scale(domain=[0, size], range=[0, size], nice=False)

    def x(name: str) -> alt.X:
        return alt.X(f"{name}:Q", scale=scale(total), axis=None)

    def y(name: str) -> alt.Y:
        return alt.Y(f"{name}:Q", scale=scale(height), axis=None)

    fills = alt.Scale(domain=list(personas), range=[theme.FILL, theme.FILL_SECOND])
    strokes = alt.Scale(domain=list(personas), range=[theme.MARK, theme.SECOND])
    tiles = alt.Chart(pd.DataFrame(placed + keys)).mark_rect(cornerRadius=4, strokeWidth=1).encode(
        x=x("x"), x2="x2:Q", y=y("y"), y2="y2:Q",
        fill=alt.Fill("persona:N", scale=fills, legend=None),
        stroke=alt.Stroke("persona:N", scale=strokes, legend=None),
    )
    names = alt.Chart(pd.DataFrame(placed)).mark_text(align="left", baseline="middle").encode(
        x=x("text"), y=y("middle"), text="label:N"
    )
    titles = alt.Chart(pd.DataFrame(heads)).mark_text(
        align="left", baseline="middle", fontWeight="bold", color=theme.MUTED, fontSize=theme.SMALL
    ).encode(x=x("x"), y=y("y"), text="label:N")
    return alt.layer(tiles, names, titles).properties(width=total, height=height, padding=1)  # room for the strokes


def _both(draw: Callable[[bool], alt.LayerChart]) -> tuple[str, str]:
    """The SVG of a chart for a wide and for a narrow page."""
    return _svg(draw(True)), _svg(draw(False))


def _svg(chart: alt.LayerChart) -> str:
    return vl_convert.vegalite_to_svg(chart.to_dict() | {"config": theme.config()})
