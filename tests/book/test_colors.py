"""Can the colors of the theme be read?  Contrasts computed from theme/report.css, in light and dark, after WCAG 2.2."""

from __future__ import annotations

import re

import pytest
from project import ROOT

from surveybook.survey.show import theme

STYLE = (ROOT / "surveybook" / "theme" / "report.css").read_text(encoding="utf-8")
TOKENS = {name: pair for name, *pair in re.findall(r"--([\w-]+): light-dark\((#\w{6}), (#\w{6})\);", STYLE)}
ALIASES = dict(re.findall(r"--([\w-]+): var\(--([\w-]+)\);", STYLE))
MODES = ("light", "dark")

TEXT = ("ink", "muted", "accent", "agrees", "differs", "figure-second", "simulated")  # on the page and on panels
SIDES = [f"figure-{side}-{step}" for side in ("low", "high") for step in (1, 2, 3)]
MARKS = ("edge", "figure-mark", "figure-second", "figure-bar", "figure-middle", *SIDES)  # on the page
WRITTEN_ON = {
    **dict.fromkeys(("figure-fill", "figure-fill-second", "figure-step-1", "figure-step-2", "figure-step-3"), "ink"),
    **dict.fromkeys(("figure-step-4", "figure-step-5"), "figure-on-step"),
}
NUMBERS_ON = ("figure-step-1", "figure-step-2", "figure-step-3")  # numbers of simulated answers
GROUNDS, LINES = ("paper", "panel"), ("line",)  # lines only divide, and carry no meaning


def color(name: str, mode: str) -> str:
    return TOKENS[ALIASES.get(name, name)][MODES.index(mode)]


def luminance(hexadecimal: str) -> float:
    """Relative luminance of a color in sRGB: WCAG 2.2, definition of relative luminance."""
    parts = [int(hexadecimal[place : place + 2], 16) / 255 for place in (1, 3, 5)]
    red, green, blue = (part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    low, high = sorted(map(luminance, (one, other)))
    return (high + 0.05) / (low + 0.05)


def test_the_contrast_is_that_of_the_standard():
    assert contrast("#ffffff", "#000000") == pytest.approx(21)
    assert contrast("#777777", "#ffffff") == pytest.approx(4.48, abs=0.005)  # the example that just fails 4.5


@pytest.mark.parametrize("mode", MODES)
def test_text_has_4_5_to_1_wherever_it_stands(mode):
    on_grounds = [(text, ground) for text in TEXT for ground in GROUNDS]
    on_grounds += [("simulated", area) for area in NUMBERS_ON]
    pairs = on_grounds + [(text, area) for area, text in WRITTEN_ON.items()]
    ratios = {pair: contrast(*(color(name, mode) for name in pair)) for pair in pairs}
    assert {pair: ratio for pair, ratio in ratios.items() if ratio < 4.5} == {}


@pytest.mark.parametrize("mode", MODES)
def test_marks_have_3_to_1_on_the_page(mode):
    ratios = {mark: contrast(color(mark, mode), color("paper", mode)) for mark in MARKS}
    assert {mark: ratio for mark, ratio in ratios.items() if ratio < 3} == {}


@pytest.mark.parametrize("mode", MODES)
def test_what_lies_on_a_bar_or_beside_another_one_stands_out(mode):
    assert contrast(color("ink", mode), color("figure-bar", mode)) >= 3, "the interval on a bar"
    for side in ("low", "high"):
        assert contrast(color(f"figure-{side}-1", mode), color(f"figure-{side}-3", mode)) >= 2, "neighbours in a bar"


@pytest.mark.parametrize("mode", MODES)
def test_answers_on_the_same_side_are_told_apart_by_lightness_alone(mode):
    """In print without color, and by those who see none: outer answers are ever farther from the page."""
    for side in ("low", "high"):
        ratios = [contrast(color(f"figure-{side}-{step}", mode), color("paper", mode)) for step in (1, 2, 3)]
        assert all(later / former > 1.3 for former, later in zip(ratios, ratios[1:], strict=False)), (side, ratios)


def test_every_color_has_a_use_that_is_tried_here():
    assert set(TOKENS) == {*TEXT, *MARKS, *WRITTEN_ON, *WRITTEN_ON.values(), *GROUNDS, *LINES}


def test_a_drawing_that_is_saved_as_a_file_has_the_colors_of_the_light_page():
    written = " ".join(str(value) for name, value in vars(theme).items() if name.isupper())
    fallbacks = dict(re.findall(r"var\(--([\w-]+), (#\w{6})\)", written))
    assert len(fallbacks) > 10
    assert fallbacks == {name: color(name, "light") for name in fallbacks}
