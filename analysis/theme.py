"""Colours, sizes and type of every chart.

Colours are CSS custom properties with a fallback, so that one drawing serves light, dark and print, and still has
its colours when it is saved as a file. theme/report.css gives the properties their values.
"""

from __future__ import annotations

from typing import Any

INK = "var(--figure-ink, #1c2530)"
MUTED = "var(--figure-muted, #5b6673)"
LINE = "var(--figure-line, #d5dae0)"
MARK = "var(--figure-mark, #1b5e9e)"
SECOND = "var(--figure-second, #b45309)"
FILL = "var(--figure-fill, #e3edf7)"
FILL_SECOND = "var(--figure-fill-second, #fbeadb)"

TEXT = 14  # px, as drawn
SMALL = 12.5
LEADING = 17
WIDE = 680  # px, the measure of a page
NARROW = 330  # px, a phone


def config() -> dict[str, Any]:
    """The Vega-Lite configuration shared by all charts: no background, no frame, fixed sizes.

    Nothing may depend on the width of a text, which differs between machines: sizes are fixed, labels never dropped.
    """
    return {
        "background": None,
        "autosize": {"type": "none"},
        "view": {"stroke": None},
        "text": {"color": INK, "fontSize": TEXT},
        "axis": {
            "domain": False, "ticks": False, "gridColor": LINE, "labelColor": MUTED, "labelFontSize": SMALL,
            "labelOverlap": False, "labelFlush": False, "labelPadding": 6, "title": None,
        },
    }
