"""Rows and pictures for other programs: no text is a formula, none is lost, and colours are those of the page."""

from __future__ import annotations

import csv
import io
import json
import math
import os
import struct
import subprocess
import sys
import time
from base64 import b64encode
from pathlib import Path
from xml.etree import ElementTree

import pytest
from beside import HOSTILE, facts, rows, shown_on
from hypothesis import strategies as st
from laws import given

from surveybook.publish.downloads.pictures import FEW, FONT, light, open_pictures, png, share_work
from surveybook.publish.site.encoding import as_csv, as_json
from surveybook.publish.site.engine import NO_FONTS, open_engine

SVG = "{http://www.w3.org/2000/svg}"


# --- rows


@pytest.mark.parametrize("words", ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\rx", "\n=1", " =1", "\u200e=1", "\x00",
                                   "＝1", "-Infinity", "2-4", "11-50", "1/2"])
def test_text_that_a_spreadsheet_would_compute_is_text(words):
    assert rows(as_csv([{"a": words}]))[0]["a"] == f"'{words}"


@pytest.mark.parametrize("words", ["a=1", "1 - 2", "", "−1", "“=1”", "a\tb", "  a", "\u200fשלום", "2–4", "2026-03-14",
                                   "10.1109/SPW"])
def test_other_text_is_as_it_was(words):
    assert rows(as_csv([{"a": words, "b": 1}]))[0]["a"] == words


@given(st.lists(st.dictionaries(st.text(st.characters(codec="utf-8"), min_size=1, max_size=3),
                                st.text(st.characters(codec="utf-8")), min_size=1), min_size=1))
def test_no_cell_starts_like_a_formula_and_none_is_lost(given_rows):
    header, *body = csv.reader(io.StringIO(as_csv(given_rows).decode("utf-8-sig"), newline=""))
    assert not [cell for line in (header, *body) for cell in line if cell.lstrip()[:1] in tuple("=+-@\t\r")]
    columns = list(dict.fromkeys(name for row in given_rows for name in row))
    assert [name.removeprefix("'") for name in header] == [name.removeprefix("'") for name in columns]
    for row, line in zip(given_rows, body, strict=True):
        assert [c.removeprefix("'") for c in line] == [row.get(name, "").removeprefix("'") for name in columns]


def test_a_file_begins_with_the_mark_by_which_a_spreadsheet_knows_its_letters():
    """Excel takes UTF-8 without a byte order mark for the encoding of the machine, and shows “ as â€œ."""
    assert as_csv([{"a": "“±” −"}]).decode("utf-8") == "\ufeffa\r\n“±” −\r\n"


def test_numbers_are_whole_and_negative_ones_stay_numbers():
    row = {"share": 22 / 25, "third": 1 / 3, "less": -0.1, "count": 22, "yes": True, "none": None, "big": 2**60}
    (read_back,) = rows(as_csv([row]))
    assert read_back == {"share": "0.88", "third": "0.3333333333333333", "less": "-0.1", "count": "22", "yes": "true",
                         "none": "", "big": "1152921504606846976"}
    assert json.loads(as_json(row)) == row


def test_what_is_no_number_is_missing_and_what_has_no_end_is_a_word():
    row = {"nan": math.nan, "up": math.inf, "down": -math.inf}
    assert rows(as_csv([row])) == [{"nan": "", "up": "Infinity", "down": "-Infinity"}]
    assert json.loads(as_json(row), parse_constant=pytest.fail) == {"nan": None, "up": "Infinity", "down": "-Infinity"}


def test_a_field_may_have_any_name_and_any_text():
    row = {"__proto__": HOSTILE, "=cmd": 1, 'a"b,c\n': "x"}
    assert json.loads(as_json([row])) == [row]
    assert rows(as_csv([row])) == [{"__proto__": HOSTILE, "'=cmd": "1", 'a"b,c\n': "x"}]


# --- pictures


def test_a_custom_property_becomes_its_light_colour():
    assert light("var(--ink, #123456)") == "#123456"
    assert light("1px var(--a, var(--b, rgb(1 2 3))) var( --c,red )") == "1px rgb(1 2 3) red"
    assert "var" not in light("var(--nothing)")


def test_a_picture_can_leave_the_page(site):
    pictures = [(page, label) for page, label in shown_on(site) if label.startswith("fig-")]
    assert pictures
    for page, label in pictures:
        beside = (site / page.name).with_name(f"{label}.svg")
        drawing, known = ElementTree.fromstring(beside.read_bytes()), facts(site, label)
        written = " ".join(" ".join(node.itertext()) for node in drawing.iter(f"{SVG}text"))
        words = " ".join(written.split())
        for said in (known["caption"], known["source"], known["licence"], "version 0.1.0", f"{page.name}#{label}"):
            assert said in words, label
        assert drawing.find(f"{SVG}rect").attrib["fill"] == "#ffffff"
        assert drawing.find(f"{SVG}desc").text == known["description"]
        assert b"var(" not in beside.read_bytes() and b"class=" not in beside.read_bytes()
        wide, high = map(float, drawing.attrib["viewBox"].split()[2:])
        png = beside.with_suffix(".png").read_bytes()
        assert png.startswith(b"\x89PNG\r\n\x1a\n")
        assert struct.unpack(">II", png[16:24]) == pytest.approx((2 * wide, 2 * high), abs=2)


def test_a_picture_has_its_colours_on_white(site, browser):
    """The pixels as a browser draws them on a page that has none of the report's custom properties."""
    count = """async address => { const image = new Image(); image.src = address; await image.decode();
        const canvas = document.createElement("canvas"); [canvas.width, canvas.height] = [image.width, image.height];
        const ink = canvas.getContext("2d"); ink.drawImage(image, 0, 0);
        const data = ink.getImageData(0, 0, image.width, image.height).data, seen = {};
        for (let i = 0; i < data.length; i += 4) {
          const key = [...data.slice(i, i + 4)].join(); seen[key] = (seen[key] || 0) + 1; }
        return seen }"""
    with browser.new_context() as surroundings:
        page = surroundings.new_page()
        for name, kind in (("fig-readings.svg", "svg+xml"), ("fig-readings.png", "png")):
            content = b64encode((site / "chapters" / name).read_bytes()).decode()
            seen = page.evaluate(count, f"data:image/{kind};base64,{content}")
            assert max(seen, key=seen.get) == "255,255,255,255"
            assert seen.get("27,94,158,255", 0) > 100, "the colour of the dots"


def test_where_many_pictures_are_missing_a_second_process_makes_some_and_all_are_the_same(tmp_path):
    svgs = [f'<svg xmlns="http://www.w3.org/2000/svg" width="{n}" height="9"><text y="8">{n}</text></svg>'.encode()
            for n in range(20, 21 + FEW)]
    store = open_pictures(tmp_path)
    with share_work(tmp_path, svgs):
        made = [store.get(svg, lambda svg=svg: png(svg)) for svg in svgs]
    assert made == [png(svg) for svg in svgs]
    assert all(map(store.has, svgs))
    store.forget_the_rest()  # such as what the helper was about to make
    assert len(list(store.folder.iterdir())) == len(svgs)


def test_the_second_process_ends_with_the_one_that_asked(tmp_path):
    svgs = [f'<svg xmlns="http://www.w3.org/2000/svg" width="{n}" height="9"/>' for n in range(20, 2020)]
    asking = ("import sys, time; from pathlib import Path\n"
              "from surveybook.publish.downloads.pictures import share_work\n"
              "with share_work(Path(sys.argv[1]), [line.encode() for line in sys.stdin.read().splitlines()]):\n"
              "    print('asked', flush=True); time.sleep(600)")
    with subprocess.Popen([sys.executable, "-c", asking, str(tmp_path)], text=True, stdin=subprocess.PIPE,
                          stdout=subprocess.PIPE) as process:
        process.stdin.write("\n".join(svgs))
        process.stdin.close()
        assert process.stdout.readline() == "asked\n"
        helper = Path(f"/proc/{process.pid}/task/{process.pid}/children").read_text().split()
        process.kill()
    while Path(f"/proc/{helper[0]}").exists() and "Z" not in Path(f"/proc/{helper[0]}/stat").read_text().split():
        time.sleep(0.05)
    assert len(list(open_pictures(tmp_path).folder.glob("*"))) < len(svgs)


def test_pictures_have_the_fonts_of_the_engine_whatever_fonts_the_system_has(tmp_path):
    words = f'<text font-family="{FONT}" y="18">mg</text>'
    svg = f'<svg xmlns="http://www.w3.org/2000/svg" width="99" height="20">{words}</svg>'
    usual = os.environ.get("FONTCONFIG_FILE")
    (tmp_path / "none.conf").write_text(NO_FONTS)
    draw = "import sys, vl_convert; sys.stdout.buffer.write(vl_convert.svg_to_png(sys.argv[1], scale=2))"
    alone = subprocess.run([sys.executable, "-c", draw, svg], capture_output=True, check=True,
                           env={**os.environ, "FONTCONFIG_FILE": str(tmp_path / "none.conf")}).stdout
    assert open_engine().svg_to_png(svg, scale=2) == alone
    assert os.environ.get("FONTCONFIG_FILE") == usual
