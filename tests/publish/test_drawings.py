"""Charts are drawn when the site is finished: from their specifications, which no reader gets, and only once."""

from __future__ import annotations

import json
from xml.etree import ElementTree

import pytest
from selectolax.lexbor import LexborHTMLParser

from analysis import figures, interviews, practitioners
from surveybook.errors import Refusal
from surveybook.publish.pages import drawings
from surveybook.publish.pages.drawings import draw, draw_charts
from surveybook.publish.site.edition import Edition
from surveybook.publish.site.page import Page, read_pages
from surveybook.survey.show import theme
from surveybook.survey.show.display import drawing
from surveybook.survey.show.figures.canvas import Canvas

CHART = figures.readings(interviews, "secures", "no").wide


def edition(root, *charts: dict) -> Edition:
    """A page with these charts, in figures fig-0, fig-1, ..."""
    boxes = "".join(f'<div id="fig-{number}">{drawing(chart, "wide", "A chart <i>.", "")}</div>'
                    for number, chart in enumerate(charts))
    page = Page("sizes.html", LexborHTMLParser(f"<html><body><main>{boxes}</main></body></html>"))
    return Edition(root, root / "site", {page.name: page})


def drawn(one: Edition) -> list[str]:
    draw_charts(one)
    page = one.pages["sizes.html"]
    assert not page.tree.css("script")
    return [box.inner_html for box in page.tree.css("div")]


def test_a_chart_is_drawn_where_its_specification_stands(tmp_path):
    first, second = drawn(edition(tmp_path, CHART, {**CHART, "usermeta": {}}))
    assert first.startswith('<svg xmlns="http://www.w3.org/2000/svg" data-bands="0 4 680 ')
    assert first.replace(f' data-bands="{CHART["usermeta"]["bands"]}"', "") == second
    assert 'class="wide" role="img" aria-label="A chart &lt;i&gt;."' in second and second.endswith("</svg>")


def test_what_was_drawn_is_kept_by_all_that_it_depends_on(tmp_path, monkeypatch):
    other = {**CHART, "height": CHART["height"] + 1}
    before = drawn(edition(tmp_path, CHART, other))
    made = []
    draw = drawings.draw
    monkeypatch.setattr(drawings, "draw", lambda written: made.append(written) or draw(written))
    assert drawn(edition(tmp_path, CHART, other)) == before and not made
    assert drawn(edition(tmp_path, CHART)) == before[:1] and not made
    assert drawn(edition(tmp_path, CHART, other)) == before
    assert [json.loads(one)["height"] for one in made] == [other["height"]], "what a build does not use is forgotten"
    monkeypatch.setattr(drawings, "VERSION", "another engine")
    assert drawn(edition(tmp_path, CHART)) == before[:1] and len(made) == 2


def test_a_label_stands_behind_marks_and_behind_words_only_where_it_would_be_missed():
    """Words as wide as letters are at most; of figures with words at both sides, and with names turned upwards."""
    claims, options = figures.forest(practitioners, "exposure"), figures.options(practitioners, "threat perception")
    for chart in (claims.wide, claims.narrow, options.wide, options.narrow):
        said = {**chart.get("usermeta", {}), "class": "wide", "label": "Simulated data", "behind": theme.BEHIND}
        root = ElementTree.fromstring(draw(json.dumps({**chart, "description": "", "usermeta": said})))
        behind, *others = root
        labels = [drawings._around(float(one.get("x")), float(one.get("y")), 50, 6) for one in behind]
        words = [box for other in others for box in drawings._words(other)]
        assert len(labels) >= 8 and len(words) > 20
        crossing = [one for one in labels if any(drawings._cross(one, box) for box in words)]
        assert len(crossing) <= 2
    crowded = Canvas(200)
    for y in range(5, 50, 10):
        crowded.text(0, y, "Words over all of a small drawing, without an end")
    said = {"class": "wide", "label": "Simulated data", "behind": theme.BEHIND}
    assert "Simulated data" in draw(json.dumps({**crowded.drawn(50), "description": "", "usermeta": said}))


URL = {"url": "https://example.org/data.csv"}
REFUSED = {
    "data from elsewhere": {**CHART, "data": URL},
    "data of a layer": {**CHART, "layer": [{**CHART["layer"][0], "data": {"url": "file:///etc/passwd"}}]},
    "data to look up": {**CHART, "transform": [{"lookup": "a", "from": {"data": URL, "key": "a"}}]},
    "a picture": {**CHART, "layer": [{"mark": "image", "encoding": {"url": {"value": "https://example.org/a.png"}}}]},
}


@pytest.mark.parametrize("chart", REFUSED.values(), ids=REFUSED)
def test_a_chart_that_asks_for_a_file_is_refused(tmp_path, chart):
    words = r"^sizes.html: the chart fig-1 cannot be drawn \(it asks for a file by its “url”, and a chart holds all"
    with pytest.raises(Refusal, match=words):
        draw_charts(edition(tmp_path, CHART, chart))


def test_a_column_may_be_called_url(tmp_path):
    rows = [{**row, "url": "https://example.org"} for row in CHART["data"]["values"]]
    assert drawn(edition(tmp_path, {**CHART, "data": {"values": rows}})) == drawn(edition(tmp_path, CHART))


def test_a_chart_that_is_none_is_refused_in_a_sentence(tmp_path):
    with pytest.raises(Refusal) as refused:
        draw_charts(edition(tmp_path, {**CHART, "layer": 3}))
    (line,) = str(refused.value).splitlines()
    assert line.startswith("sizes.html: the chart fig-0 cannot be drawn (TypeError: ")
    assert line.endswith("); mend its specification in the function that made it")


def test_no_page_of_the_report_holds_a_specification(site):
    pages = read_pages(site)
    assert not [page.name for page in pages if page.tree.css(drawings.CHART) or "vega" in page.tree.html.lower()]
    assert sum(len(page.tree.css("svg[role=img]")) for page in pages) > 90
