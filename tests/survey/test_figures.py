"""Figures and tables: the same input gives the same bytes, nothing is shown without its numbers, words and source."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from dataclasses import replace
from html import escape
from importlib import import_module
from inspect import isfunction

import altair as alt
import pytest
from drawn import shown
from jsonschema import ValidationError
from project import ROOT
from selectolax.lexbor import LexborHTMLParser

from analysis import figures, interviews, tables
from surveybook.survey import show
from surveybook.survey.show.display import Column, Figure, Html, Table

FIGURES = {
    **{f"shares {name}": (figures.shares, name) for name in interviews.study.questions},
    "readings": (figures.readings, "secures", "no"),
    "lifecycle": (figures.lifecycle,),
}
TABLES = {
    **{f"shares {name}": (tables.shares, name) for name in interviews.study.questions},
    "readings": (tables.readings, "attack", "poisoning"),
    **{name: (getattr(tables, name),) for name in ("sums", "claims", "gaps", "codebook", "fields", "files")},
}


@pytest.fixture(params=FIGURES.values(), ids=FIGURES)
def figure(request) -> Figure:
    function, *arguments = request.param
    return function(interviews, *arguments)


@pytest.fixture(params=TABLES.values(), ids=TABLES)
def table(request) -> Table:
    function, *arguments = request.param
    return function(interviews, *arguments)


def test_a_figure_is_drawn_for_wide_and_narrow_pages_with_one_name(figure):
    page = shown(figure)
    assert [svg.attributes["class"] for svg in page.css("svg")] == ["wide", "narrow"]
    for svg in page.css("svg"):
        assert svg.attributes["role"] == "img"
        assert svg.attributes["aria-label"] == f"{figure.finding} {figure.alt}".strip()
        assert not svg.css("[id], image, script, a"), "ids would meet on a page, and nothing may be loaded"
        colours = {node.attributes[name] for node in svg.css("*") for name in ("fill", "stroke")
                   if node.attributes.get(name)}
        assert all(c in ("none", "transparent") or c.startswith("var(--figure-") for c in colours), colours


def test_a_chart_is_as_the_schema_of_vega_lite_has_it(figure):
    for chart in (figure.wide, figure.narrow):  # that null means no background is not in the schema
        config = {name: value for name, value in chart["config"].items() if name != "background"}
        assert alt.LayerChart.from_dict(chart | {"config": config}).layer
        with pytest.raises(ValidationError, match="no such mark"):
            alt.LayerChart.from_dict(chart | {"config": config, "layer": [{"mark": "no such mark"}]})


def test_the_words_of_a_figure_tell_its_numbers(figure):
    numbers = {str(row["count"]) for row in figure.table.about["data"] if "count" in row}
    assert len(figure.alt) < 150 < len(figure.alt + figure.told)
    assert not numbers or numbers <= set(re.findall(r"\d+", figure.told))
    assert shown(figure).css_first(".report-figure > .told").text() == figure.told


def test_a_figure_has_its_numbers_as_a_table(figure):
    cells = [cell.text() for cell in shown(figure).css_first("details table").css("tbody tr th")]
    assert len(cells) == len(figure.table.about["data"]) > 0


def test_a_table_can_be_read_by_row_and_column(table):
    page = shown(table)
    assert not page.css("caption"), "Quarto would make a float of its own of it"
    assert len(page.css("table")) == 1 + len(table.others)
    for one in page.css("table"):
        assert one.attributes["data-quarto-disable-processing"] == "true"
        heads = one.css("thead th")
        assert all(head.attributes["scope"] == "col" and head.text() for head in heads)
        for row in one.css("tbody tr"):
            assert row.css_first("th").attributes["scope"] == "row"
            assert len(row.css("th, td")) == len(heads)


def test_what_is_shown_travels_with_it(table):
    about = json.loads(shown(table).css_first("script.report-data").text())
    assert about == json.loads(json.dumps(table.about))
    assert about["study"] == "interviews" and about["licence"] == "CC-BY-4.0" and about["simulated"] is False
    module, _, name = about["function"].rpartition(".")  # a reader can import what made it
    assert callable(getattr(import_module(module), name))
    assert len(about["data"]) == len(table.rows)


def test_below_a_figure_stands_what_was_asked_of_whom_and_how_many():
    note = shown(figures.shares(interviews, "secures")).css_first(".figure-note").text()
    for words in ("“Do you secure your ML systems today”", "all interviewed organizations, one answer each",
                  "28 organizations asked, 25 answered", "95%, Wilson",
                  "Kumar and others (2020), first arXiv version as transcribed, Table IV"):
        assert words in note
    assert "28 organizations asked, but the printed rows add to 29" in tables.shares(interviews, "attack").note


def test_only_totals_reach_a_chart():
    figure = figures.readings(interviews, "attack", "poisoning")
    for row in figure.table.about["data"]:
        assert set(row) == {"answer", "label", "count", "base", "share", "low", "high", "level", "method"}
    for chart in (figure.wide, figure.narrow):
        assert len(chart["data"]["values"]) == len(figure.table.rows)
        for row in chart["data"]["values"]:
            assert set(row) == {"row", "name", "lines", "words", "share", "low", "high"}


def test_the_package_lists_all_that_a_chapter_can_show():
    listed = {line.split()[0]: line.split()[1:] for line in re.sub(r"\n {15}", " ", show.__doc__).splitlines()
              if re.match(" {4}(figures|tables|boxes|sections) ", line)}
    assert listed["figures"] == sorted(show.figures.__all__) and listed["tables"] == sorted(show.tables.__all__)
    for family in ("boxes", "sections"):
        module = import_module(f"{show.__name__}.{family}")
        assert listed[family] == sorted(name for name, one in vars(module).items() if isfunction(one)
                                        and one.__module__ == module.__name__ and not name.startswith("_"))


def test_text_cannot_become_markup():
    nasty = "<script>alert('x')</script> & \"quotes\" ```"
    made = Table(nasty, [Column(nasty), Column("b")], [[nasty, Html("<b>1</b>")]], {"data": [nasty]}, nasty)
    html = made._repr_mimebundle_()["text/markdown"]
    page = LexborHTMLParser(html)
    assert len(page.css("script")) == 1 and escape(nasty) in html and page.css_first("td b").text() == "1"
    assert json.loads(page.css_first("script").text()) == {"data": [nasty]}
    nasty = nasty.rstrip("` ")
    figure = replace(figures.shares(interviews, "secures"), alt=nasty, finding="", reading=nasty)
    assert shown(figure).css_first(".report-figure").attributes["data-reading"] == nasty
    assert {svg.attributes["aria-label"] for svg in shown(figure).css("svg")} == {nasty}


def test_the_same_input_gives_the_same_bytes():
    code = ("import hashlib; from analysis import figures, interviews, tables; print(hashlib.sha256("
            "(figures.shares(interviews, 'attack')._repr_mimebundle_()['text/markdown']"
            " + tables.claims(interviews)._repr_mimebundle_()['text/markdown']).encode()).hexdigest())")
    runs = {
        subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True,
                       env={"PYTHONHASHSEED": seed, "PATH": ""}).stdout
        for seed in ("1", "2")
    }
    assert len(runs) == 1
