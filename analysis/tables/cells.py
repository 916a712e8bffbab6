"""What several tables write into their cells."""

from __future__ import annotations

from html import escape

from ..display import Html


def placed(words: str, *places: str) -> Html:
    """Words with the places where they stand in the source below them."""
    return Html(f'{escape(words)} <span class="place">{escape(" · ".join(dict.fromkeys(places)))}</span>')


def first_up(words: str) -> str:
    return words[:1].upper() + words[1:]
