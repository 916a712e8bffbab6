"""What is the one number of a chapter?  A box with it in large digits, a small picture, and words.

    boxes.share(readers.lends.no, "of the readers who gave an answer never lend a book.")
    boxes.part(readers.claims.count, readers.claims, "statements agree with the tables.", agree="agree", ...)
    boxes.printed(readers.claims.members.printed, "said that they are members, which no table shows.")
    boxes.stated(evidence.sources.author2020.age, "In short: age goes with visits [@author2020].")
    boxes.unknown("How many of all readers never visit a library?", "No source that we could read says it.")

Numbers come from the findings, so that their digits are those of every sentence, and carry their names. The words that
go on after them are strings and findings; a string may refer to sections and sources, as in “(@sec-ledger)”. A mark
says what kind of evidence the box rests on; it follows from the finding.
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

WIDTH, HEIGHT = 252, 44  # px: what a box has beside two others, so that letters keep their size
SQUARE, ROW, LETTER = 10, 18, 7.1  # px: of one thing that is counted, from row to row, and of a letter at most
REFERENCE = re.compile(r"(@sec-[a-z0-9-]+|\[@[A-Za-z0-9]+\])")  # to a section, or to a source
MARKS = {text.PUBLISHED: "Published", text.RECOMPUTED: "Recomputed", text.DRAWN: "Simulated",
         text.DECLARED: "Declared", text.UNKNOWN: "Not known",
         text.JUDGED: "Our judgement"}  # how each kind of evidence is marked
UNSHOWN = "This share is withheld, as small counts could be worked out from it."
SAID = "[(simulated)]{.evidence-word}"


@dataclass(frozen=True)
class Box:
    """Findings in large digits, with plain words between them; the words that go on; a picture, told in words as well;
    one more finding below it, or nothing; and the kind of evidence, which follows from the findings if not given."""

    value: tuple[str, ...]
    words: tuple[str, ...]
    picture: Chart
    told: str
    note: str = ""
    evidence: str = ""

    def _repr_mimebundle_(self, include: Any = None, exclude: Any = None) -> dict[str, str]:
        kinds = [one.evidence for one in self.value if isinstance(one, Text)]
        kind = self.evidence or (text.DRAWN if text.DRAWN in kinds else kinds[0])
        label = text.SIMULATED if kind == text.DRAWN else ""
        picture = drawing(self.picture, "key-picture", f"{label}. {self.told}" if label else self.told, label)
        mark = f' .simulated data-label="{escape(label)}"' if label else ""
        value, words = map(_sentence, (self.value, self.words))
        said = label and not any(text.DRAWN in one for one in self.words)  # in the sentence itself
        large = [f"[{value}]{{.key-value}}", *([SAID] if said else [])] if value else []
        parts = [f'[{MARKS[kind]}]{{.evidence data-evidence="{kind}"}}', " ".join([*large, f"[{words}]{{.key-words}}"]),
                 f"```{{=html}}\n{picture}\n```", *([_marked(self.note)] if self.note else [])]
        opening = f'::: {{.key-number{mark} data-evidence="{kind}"}}'
        return {"text/markdown": "\n\n".join([opening, *parts, ":::\n"])}


def share(found: Names, *words: str) -> Box:
    """The box of a share with its interval: “88% of those who answered ...”. Of one that is withheld, which the next
    answers may change, it says so, and why.

    Raises DataError for findings that are no share.
    """
    if not isinstance(getattr(found, "percent", None), Text):
        raise DataError(f"{found} holds no share that can be shown with an interval; name another one")
    if "low" not in found.percent.exact:
        return Box((found.percent,), words, _nothing(), UNSHOWN, UNSHOWN)
    told = f"{found.percent} on a scale from none to all, with an interval from {found.interval}."
    return Box((found.percent,), words, _interval(found.percent), told, found.full)


def part(total: Text, parts: Names, *words: str, **labels: str) -> Box:
    """The box of the first of some parts of a whole: “5 of 12 ...”; below each other, what each part is, and how many.

    `labels` are what the findings of `parts` with these names count. Raises DataError where they are not all there is.
    """
    counts = _counts(total, parts, labels)
    return Box((counts[0], "of", total), words, _units(counts, labels, one=True), _told(counts, labels))


def whole(total: Text, parts: Names, *words: str, one: str = "", **labels: str) -> Box:
    """The box of a whole, “12 ...”, with its parts below each other, as `part` has them. `one`: what the first of the
    words are where the whole is 1."""
    counts = _counts(total, parts, labels)
    if one and total == "1":
        words = (one, *words[1:])
    return Box((total,), words, _units(counts, labels, one=False), _told(counts, labels))


def printed(found: Text, *words: str) -> Box:
    """The box of a count that a source prints with its base, “5 of 28 ...”: a square for each of all, the counted full.

    Raises DataError for a finding without a count and a base.
    """
    if not {"count", "base"} <= set(found.exact):
        raise DataError(f"{found.source} is “{found}”, no count of a base; name another finding")
    return Box((found,), words, _filled(found.exact["count"], found.exact["base"]), f"{found}.")


def stated(found: Text, *words: str) -> Box:
    """The box of a relation that a source states in words: its picture is the relation, `words` say it.

    Raises DataError for a fact whose declaration has no `relation`.
    """
    if "between" not in found.exact:
        raise DataError(f"{found.source} declares no relation; add one to it in synthesis.yaml, or name another fact")
    between, outcome, exists = (found.exact[name] for name in ("between", "outcome", "found"))
    told = f"{between.replace(' | ', ' or ')} and {outcome}: {'a relation was found' if exists else 'none was found'}."
    picture = _relation(between.split(" | "), outcome, bool(exists))
    return Box((), words, picture, text.first_up(told), evidence=found.evidence)


def unknown(question: str, *words: str) -> Box:
    """The box of a question that no source answers, with the reason."""
    return Box((question,), words, _nothing(), "A scale with nothing on it.", evidence=text.UNKNOWN)


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
    base = alt.Chart().encode(y=alt.YValue(10))
    layers = [
        base.mark_rule(strokeWidth=5, color=theme.MARK, opacity=0.55, strokeCap="round")
        .encode(x=alt.X("low:Q"), x2=alt.X2("high")),
        base.mark_circle(size=150, color=theme.MARK, opacity=1)
        .encode(x=alt.X("value:Q", scale=alt.Scale(domain=[0, 1]), axis=axis)),
    ]
    row = {name: percent.exact[name] for name in ("value", "low", "high")}
    return declared(layers, [row], WIDTH - 40, 20, {"left": 20, "right": 20, "top": 0, "bottom": HEIGHT - 20})


def _units(counts: list[Text], labels: dict[str, str], *, one: bool) -> Chart:
    """A row of squares for each part, a square for each thing that was counted, or a bar where they are too many;
    `one`: the first part stands out."""
    canvas = Canvas(WIDTH)
    rows = [pair for pair in zip(counts, labels.values(), strict=True) if pair[0].exact["value"]]
    most = max(count.exact["value"] for count, _ in rows)
    room = WIDTH - 8 - LETTER * max(len(f"{count} {label}") for count, label in rows)
    step = min(SQUARE + 3, room / most)  # px
    for row, (count, label) in enumerate(rows):
        top, color = row * ROW + 4, theme.MIDDLE if one and count is not counts[0] else theme.MARK
        places = range(count.exact["value"]) if step >= 3 else ()
        for left in [place * step for place in places]:
            canvas.area(left, top, left + min(SQUARE, step - 1), top + SQUARE, color)
        if not places:
            canvas.area(0, top, count.exact["value"] * step, top + SQUARE, color)
        canvas.text(most * step + 8, top + SQUARE / 2, f"{count} {label}", size=theme.SMALL)
    return canvas.drawn(ROW * len(rows))


def _filled(count: int, base: int) -> Chart:
    """A square for each of a base, in as many rows as they need; those that were counted are full."""
    canvas, step = Canvas(WIDTH), SQUARE + 3
    across = (WIDTH - 2) // step
    for place in range(base):
        left, top = place % across * step, place // across * step + 4
        fill, edge = (theme.MARK, "") if place < count else (theme.FILL, theme.MIDDLE)
        canvas.area(left, top, left + SQUARE, top + SQUARE, fill, edge)
    return canvas.drawn((base - 1) // across * step + step + 4)


def _relation(between: list[str], outcome: str, found: bool) -> Chart:
    """Some things, and an arrow from them to another below; a broken one where no relation was found."""
    canvas, color = Canvas(WIDTH), theme.MARK if found else theme.MUTED
    dashes = {} if found else {"strokeDash": (3, 4)}
    names, below = ROW * len(between), ROW * len(between) + ROW / 2 + 4
    for row, name in enumerate(between):
        canvas.text(0, row * ROW + ROW / 2, name, size=theme.SMALL)
    canvas.line(5, names, 5, below, color, 2, **dashes)
    canvas.line(5, below, 24, below, color, 2, **dashes)
    canvas.text(28, below, "▸" if found else "?", color=color, align="center", bold=True)
    canvas.text(38, below, outcome, size=theme.SMALL)
    return canvas.drawn(below + ROW / 2)


def _nothing() -> Chart:
    """A scale with nothing on it but a question mark."""
    canvas = Canvas(WIDTH)
    canvas.line(20, 24, WIDTH - 20, 24, theme.MIDDLE, 2, strokeDash=(3, 4))
    canvas.text(WIDTH / 2, 11, "?", bold=True, color=theme.MUTED, align="center")
    return canvas.drawn(30)


def _sentence(parts: tuple[str, ...]) -> str:
    """Findings and other words one after the other; none before a sign that ends a word."""
    return "".join(_marked(part) if part[0] in ",.;:" else f" {_marked(part)}" for part in parts).strip()


def _marked(words: str) -> str:
    """A finding as it stands in a sentence; other words as they are, with references."""
    if isinstance(words, Text):
        return words._repr_markdown_()
    return "".join(one if REFERENCE.match(one) else text.plain(one) for one in REFERENCE.split(words))
