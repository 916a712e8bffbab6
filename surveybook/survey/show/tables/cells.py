"""What several tables write into their cells."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from html import escape

from surveybook.survey.data.denominators import Denominator
from surveybook.survey.data.study import Study
from surveybook.survey.estimates.share import Share, known
from surveybook.survey.estimates.weighted import WeightedShare
from surveybook.survey.evidence import sources
from surveybook.survey.evidence.sections import Section
from surveybook.survey.show.display import Column, Html
from surveybook.survey.words import text
from surveybook.survey.words.text import first_up as first_up


def placed(words: str, *places: str) -> Html:
    """Words with the places where they stand in the source below them."""
    return Html(f'{escape(words)} <span class="place">{escape(" · ".join(dict.fromkeys(places)))}</span>')


def withheld(row: dict[str, object]) -> dict[str, object]:
    """A row of exact values that says which of them may not be shown, if there are any."""
    names = [name for name, value in row.items() if isinstance(value, float) and not known(value)]
    return row | {"withheld": ", ".join(names)} if names else row


def numbers(share: Share, question: str = "", others: Iterable[Denominator] = ()) -> dict[str, object]:
    """A share as exact values, and what it is of others than those who answered the question: “share_asked”."""
    interval = share.interval
    row: dict[str, object] = {"count": share.count, "base": share.base, "share": share.value, "low": interval.low,
                              "high": interval.high, "level": interval.level, "method": interval.method}
    if isinstance(share, WeightedShare):
        row |= {"share_unweighted": share.unweighted, "design_effect": share.design_effect}
    for one in others:
        other = one.share(share, question)
        row |= {f"base_{one.name}": other.base, f"share_{one.name}": other.value,
                f"low_{one.name}": other.interval.low, f"high_{one.name}": other.interval.high}
    return withheld(row)


def share_columns(first: str, shares: Iterable[Share]) -> list[Column]:
    """The columns of a table of shares; the first one names the row."""
    share = next(iter(shares))
    level = f"{text.percent(share.interval.level)} interval"
    titles = ("Count", "Base", "Unweighted", "Weighted", level, "Design effect") if share.is_weighted else \
        ("Count", "Base", "Share", level)
    return [Column(first), *(Column(title, True) for title in titles)]


def share_cells(share: Share) -> list[str]:
    """A share as the cells below these columns."""
    first, last = [text.whole(share.count), text.whole(share.base)], []
    if isinstance(share, WeightedShare):
        first.append(text.percent(share.unweighted))
        last.append(text.effect(share.design_effect))
    return [*first, text.percent(share.value), text.span(share.interval), *last]


def counted(share: Share, letters: str = "") -> str:
    """A share and its count as one cell: “22 (55%) B”; of a weighted sample “51% (22; 55%) B”, see `in_brackets`."""
    if share.withheld:
        return text.WITHHELD
    if isinstance(share, WeightedShare):
        inside = f"{text.whole(share.count)}; {text.percent(share.unweighted)}"
        return f"{text.percent(share.value)} ({inside}) {letters}".rstrip()
    return f"{text.whole(share.count)} ({text.percent(share.value)}) {letters}".rstrip()


def in_brackets(study: Study) -> str:
    """What stands in the brackets of such cells of a weighted sample."""
    return "In brackets: how many people, and their share if all counted alike. " if study.sampling else ""


def cited(key: str, references: Mapping[str, str]) -> Html:
    """A source in words, with a link to its place in the list of references."""
    return Html(f'<a href="{sources.address(key)}">{escape(references[key])}</a>')


def shown_in(section: Section, words: str = "") -> Html:
    """A section in words, or in its title with that of its chapter, with a link to it."""
    return Html(f'<a href="{escape(section.address)}">{escape(words or section.words)}</a>')


def listed(parts: Iterable[str]) -> Html:
    """HTML parts as a list."""
    return Html(f"<ul>{''.join(f'<li>{part}</li>' for part in parts)}</ul>")
