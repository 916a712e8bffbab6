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
SIMULATED = "var(--figure-simulated, #86287a)"  # whatever no person answered, in charts and in words
PAPER = "var(--figure-paper, #ffffff)"  # inside of what is hollow
FILL = "var(--figure-fill, #e3edf7)"
FILL_SECOND = "var(--figure-fill-second, #fbeadb)"
BAR = "var(--figure-bar, #5b8fc7)"  # an area that lines can be drawn on

# Answers in an order: below the middle, in the middle, above it; for each side from the inner to the outer answer.
# Safe for the colour-blind, and each stands out from the page at 3:1. STEPS: shares from small to large, as areas
# behind numbers, with the colour of the numbers on each of them.
LOW = ("var(--figure-low-1, #d07d2f)", "var(--figure-low-2, #a9560f)", "var(--figure-low-3, #7a3a05)")
MIDDLE = "var(--figure-middle, #8b95a1)"
HIGH = ("var(--figure-high-1, #5b8fc7)", "var(--figure-high-2, #2b68a8)", "var(--figure-high-3, #123f70)")
STEPS = tuple(f"var(--figure-step-{number}, {colour})" for number, colour in enumerate(
    ("#f1f6fb", "#d5e5f4", "#aacbe9", "#2f70ae", "#164a7e"), 1))
ON_STEPS = (INK, INK, INK, "var(--figure-on-step, #ffffff)", "var(--figure-on-step, #ffffff)")

TEXT = 14  # px, as drawn
SMALL = 12.5
LEADING = 17
WIDE = 680  # px, the measure of a page
NARROW = 330  # px, a phone

# How “simulated data” is written behind the marks of a drawing, as attributes of SVG
BEHIND = {"fill": SIMULATED, "fill-opacity": "0.2", "font-family": "sans-serif", "font-size": f"{SMALL}px",
          "font-weight": "bold"}


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
