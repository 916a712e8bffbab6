"""What is the one number of a chapter?  A box with a share in large digits, a small picture of its interval, and words.

    boxes.share(interviews.secures.no, "of the organizations that gave an answer do not secure their systems.")

It takes a share from the findings, so that its digits are those of every sentence, and carry their name.
"""

from __future__ import annotations

from dataclasses import dataclass
from html import escape
from typing import Any

import altair as alt
import pandas as pd

from . import text, theme
from .display import drawing
from .errors import DataError
from .figures.drawing import svg
from .names import Names
from .text import Text

WIDTH, HEIGHT = 300, 44  # px


@dataclass(frozen=True)
class Box:
    """A share in large digits, its picture, and what it is a share of."""

    share: Names
    words: str

    def _repr_mimebundle_(self, include: Any = None, exclude: Any = None) -> dict[str, str]:
        percent, full, interval = (getattr(self.share, name) for name in ("percent", "full", "interval"))
        label = text.SIMULATED if percent.simulated else ""
        told = f"{percent} on a scale from none to all, with an interval from {interval}."
        picture = drawing(_picture(percent), "key-picture", f"{label}. {told}" if label else told, label)
        mark = f' .simulated data-label="{escape(label)}"' if label else ""
        parts = [f"[{_marked(percent)}]{{.key-value}} [{self.words.translate(text.SPECIAL)}]{{.key-words}}",
                 f"```{{=html}}\n{picture}\n```", _marked(full)]
        return {"text/markdown": "\n\n".join([f"::: {{.key-number{mark}}}", *parts, ":::\n"])}


def share(found: Names, words: str) -> Box:
    """The box of a share; `words` go on after its percent, as in “88% of those who answered ...”.

    Raises DataError for findings that are no share.
    """
    if not isinstance(getattr(found, "percent", None), Text) or "low" not in found.percent.exact:
        raise DataError(f"{found} holds no share with an interval; name one, such as interviews.secures.no")
    return Box(found, words)


def _picture(percent: Text) -> str:
    """The share as a dot on a line from none to all, its interval as a thick line."""
    frame = pd.DataFrame([{name: percent.exact[name] for name in ("value", "low", "high")}])
    base = alt.Chart(frame).encode(y=alt.value(10))
    axis = alt.Axis(format=".0%", values=[0, 0.5, 1], labelAlign="center", grid=False, ticks=True, tickColor=theme.LINE,
                    domain=True, domainColor=theme.LINE, offset=2)
    dot = base.mark_circle(size=150, color=theme.MARK, opacity=1).encode(
        x=alt.X("value:Q", scale=alt.Scale(domain=[0, 1]), axis=axis)
    )
    line = base.mark_rule(strokeWidth=5, color=theme.MARK, opacity=0.55, strokeCap="round").encode(
        x="low:Q", x2="high:Q"
    )
    return svg(alt.layer(line, dot).properties(
        width=WIDTH - 40, height=20, padding={"left": 20, "right": 20, "top": 0, "bottom": HEIGHT - 20}
    ))


def _marked(finding: Text) -> str:
    """The finding as it stands in a sentence."""
    return finding._repr_markdown_()
