"""What is the one number of a chapter?  A box with it in large digits, a small picture, and words.

    boxes.share(readers.lends.no, "of the readers who gave an answer never lend a book.")
    boxes.part(readers.claims.count, readers.claims, "statements agree with the tables.", agree="agree", ...)

Numbers come from the findings, so that their digits are those of every sentence, and carry their names. The words that
go on after them are strings and findings; a string may refer to sections, as in “(@sec-ledger)”.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from html import escape
from typing import Any

import altair as alt

from surveybook.survey.errors import DataError
from surveybook.survey.show import theme
from surveybook.survey.show.display import drawing
from surveybook.survey.show.figures.canvas import Canvas, Chart, declared
from surveybook.survey.words import text
from surveybook.survey.words.names import Names
from surveybook.survey.words.text import Text

WIDTH, HEIGHT = 300, 44  # px
SQUARE, ROW, LETTER = 10, 18, 7.5  # px: of one thing that is counted, from row to row, and of a letter at most
REFERENCE = re.compile(r"(@sec-[a-z0-9-]+)")


@dataclass(frozen=True)
class Box:
    """Findings in large digits, with plain words between them; the words that go on; a picture, told in words as well;
    and one more finding below it, or nothing."""

    value: tuple[str, ...]
    words: tuple[str, ...]
    picture: Chart
    told: str
    note: str = ""

    def _repr_mimebundle_(self, include: Any = None, exclude: Any = None) -> dict[str, str]:
        label = text.SIMULATED if any(getattr(one, "simulated", False) for one in self.value) else ""
        picture = drawing(self.picture, "key-picture", f"{label}. {self.told}" if label else self.told, label)
        mark = f' .simulated data-label="{escape(label)}"' if label else ""
        value, words = map(_sentence, (self.value, self.words))
        parts = [f"[{value}]{{.key-value}} [{words}]{{.key-words}}", f"```{{=html}}\n{picture}\n```"]
        note = [_marked(self.note)] if self.note else []
        return {"text/markdown": "\n\n".join([f"::: {{.key-number{mark}}}", *parts, *note, ":::\n"])}


def share(found: Names, *words: str) -> Box:
    """The box of a share with its interval: “88% of those who answered ...”.

    Raises DataError for findings that are no share, or one that may not be shown.
    """
    if not isinstance(getattr(found, "percent", None), Text) or "low" not in found.percent.exact:
        raise DataError(f"{found} holds no share that can be shown with an interval; name another one")
    told = f"{found.percent} on a scale from none to all, with an interval from {found.interval}."
    return Box((found.percent,), words, _interval(found.percent), told, found.full)


def part(total: Text, parts: Names, *words: str, **labels: str) -> Box:
    """The box of the first of some parts of a whole: “5 of 12 ...”; below each other, what each part is, and how many.

    `labels` are what the findings of `parts` with these names count. Raises DataError where they are not all there is.
    """
    counts = _counts(total, parts, labels)
    return Box((counts[0], "of", total), words, _units(counts, labels, one=True), _told(counts, labels))


def whole(total: Text, parts: Names, *words: str, **labels: str) -> Box:
    """The box of a whole, “12 ...”, with its parts below each other, as `part` has them."""
    counts = _counts(total, parts, labels)
    return Box((total,), words, _units(counts, labels, one=False), _told(counts, labels))


def _counts(total: Text, parts: Names, labels: dict[str, str]) -> list[Text]:
    """The findings of these names, or their `count`."""
    found = [getattr(parts, name) for name in labels]
    counts = [one if isinstance(one, Text) else one.count for one in found]
    numbers = [one.exact.get("value") for one in counts]
    if None in numbers or sum(numbers) != total.exact.get("value"):
        listed = ", ".join(f"{one.source} is {one}" for one in counts)
        raise DataError(f"{listed}, and {total.source} is {total}; name all parts of the whole")
    return counts


def _told(counts: list[Text], labels: dict[str, str]) -> str:
    """“5 agree, 4 do not, 3 cannot be checked.”"""
    return ", ".join(f"{count} {label}" for count, label in zip(counts, labels.values(), strict=True)) + "."


def _interval(percent: Text) -> Chart:
    """A share as a dot on a line from none to all, its interval as a thick line."""
    axis = alt.Axis(format=".0%", values=[0, 0.5, 1], labelAlign="center", grid=False, ticks=True, tickColor=theme.LINE,
                    domain=True, domainColor=theme.LINE, offset=2)
    base = alt.Chart().encode(y=alt.value(10))
    layers = [
        base.mark_rule(strokeWidth=5, color=theme.MARK, opacity=0.55, strokeCap="round").encode(x="low:Q", x2="high"),
        base.mark_circle(size=150, color=theme.MARK, opacity=1)
        .encode(x=alt.X("value:Q", scale=alt.Scale(domain=[0, 1]), axis=axis)),
    ]
    row = {name: percent.exact[name] for name in ("value", "low", "high")}
    return declared(layers, [row], WIDTH - 40, 20, {"left": 20, "right": 20, "top": 0, "bottom": HEIGHT - 20})


def _units(counts: list[Text], labels: dict[str, str], *, one: bool) -> Chart:
    """A row of squares for each part, a square for each thing that was counted; `one`: the first part stands out."""
    canvas = Canvas(WIDTH)
    rows = [pair for pair in zip(counts, labels.values(), strict=True) if pair[0].exact["value"]]
    most = max(count.exact["value"] for count, _ in rows)
    room = WIDTH - 8 - LETTER * max(len(f"{count} {label}") for count, label in rows)
    step = min(SQUARE + 3, max(2, room // most))  # px; so many that they touch are a bar
    for row, (count, label) in enumerate(rows):
        top, color = row * ROW + 4, theme.MIDDLE if one and count is not counts[0] else theme.MARK
        for place in range(count.exact["value"]):
            canvas.area(place * step, top, place * step + min(SQUARE, max(2, step - 1)), top + SQUARE, color)
        canvas.text(most * step + 8, top + SQUARE / 2, f"{count} {label}", size=theme.SMALL)
    return canvas.drawn(ROW * len(rows))


def _sentence(parts: tuple[str, ...]) -> str:
    """Findings and other words one after the other; none before a sign that ends a word."""
    return "".join(_marked(part) if part[0] in ",.;:" else f" {_marked(part)}" for part in parts).strip()


def _marked(words: str) -> str:
    """A finding as it stands in a sentence; other words as they are, with references."""
    if isinstance(words, Text):
        return words._repr_markdown_()
    return "".join(one if REFERENCE.match(one) else text.plain(one) for one in REFERENCE.split(words))
