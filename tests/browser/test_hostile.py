"""Hostile text is text: labels, questions, titles and names of respondents that would like to be code, in the whole
build and in a real browser."""

from __future__ import annotations

import copy
import csv
import json
import re
import zipfile
from pathlib import Path
from xml.etree import ElementTree

import pytest
import yaml
from selectolax.lexbor import LexborHTMLParser
from server import served

from surveybook.survey.data.loader import read_study
from surveybook.survey.data.seal import seal
from surveybook.survey.errors import DataError

NAME = "hostile"
LABELS = {
    "script": "</script><script>alert(1)</script>",
    "markup": "\"quoted\" 'single' <b>bold</b> &amp; & <img src=x onerror=alert(1)>",
    "latex": r"$x^2$ \alpha \(y\) $$z$$ \begin{x}",
    "markdown": "**bold** _it_ [a](javascript:alert(1)) `code` ![i](x) @sec-x ^a^ ~b~ {.c} {#sec-x} {#fig-y} | ::: # h",
    "shortcode": "{{< include /etc/passwd >}} `{python} 1/0` <!-- -->",
    "formula": '=HYPERLINK("http://bad.example","x")',
    "turned": "\u202eright to left\u200f",
}
WORDS = f"Which {LABELS['script']} {LABELS['markup']}?"
RESPONDENT = "</script><script>alert(2)</script>"


AUTHOR = "Ann <svg onload='alert(3)'></svg> </p></header></main><script>alert(3)</script> & @sec-x"
ABSTRACT = f"On {LABELS['script']} {LABELS['markup']} and {LABELS['formula']}."
SOURCE = """@article{hostile2020,
  author = {Moss, <script>alert(4)</script> and {</main><svg onload=alert(4)>}},
  title = {Who <img src=x onerror=alert(4)> Waters </script><script>alert(4)</script>},
  journal = {Made <b onclick="alert(4)">Up</b>}, note = {<iframe src=javascript:alert(4)>}, year = {2020}
}
"""
LISTED = """references:
- id: yaml2021
  type: book
  title: "Read <svg onload=alert(5)></svg> and </main><script>alert(5)</script>"
  author: [{family: "<img src=x onerror=alert(5)>", given: "B"}]
  publisher: "[link](javascript:alert(5)) <iframe srcdoc='<script>alert(5)</script>'></iframe>"
  issued: {year: 2021}
"""


WAVES = ("<b onclick=alert(6)>", "</main> **b** | $x$")
REASON = "Asked <b onclick='alert(6)'>alike</b> </script><script>alert(6)</script> [a](javascript:alert(6))"
QUOTE = "I wrote </script><script>alert(7)</script> and <img src=x onerror=alert(7)> and **bold** {{< include a >}} | x"
CLEARED = "Ada <svg onload='alert(7)'></svg> [a](javascript:alert(7))"
CODERS = {"<img src=x onerror=alert(8)>": "coder", "{.c} `x` | $y$": "pick"}
TAKEN = {"waves": {"files": [{"resource": "before", "label": WAVES[0]},
                             {"resource": "responses", "label": WAVES[1]}],
                   "same": {"rating": REASON}},
         "coded": {"pick": {"text": "said", "coders": CODERS}}, "crossed": {"rating": ["pick"]}}


def descriptor() -> dict:
    """A survey with one question about each thing that could be mistaken for code."""
    common = {"type": "string", "description": WORDS, "wording": WORDS, "asked": f"all {LABELS['markdown']}",
              "unit": "person", "construct": LABELS["latex"], "origin": LABELS["markup"]}
    skipped = [{"value": "skipped", "label": LABELS["script"]}]
    return {
        "name": NAME, "title": LABELS["script"], "description": WORDS, "version": "1.0.0",
        "contributors": [{"title": LABELS["markup"]}], "sources": [{"title": LABELS["markup"]}],
        "licenses": [{"name": "CC-BY-4.0"}], "simulated": False, "credit": LABELS["markdown"],
        "provenance": LABELS["script"], "disclosure": {"minimum_cell": "none", "reason": "nobody is behind these rows"},
        "resources": [{
            "name": "responses", "title": LABELS["markup"], "path": "responses.csv", "bytes": 1, "hash": "sha256:0",
            "schema": {"primaryKey": ["respondent"], "fields": [
                {"name": "respondent", "title": "Respondent", "type": "string", "description": "A name."},
                {"name": "pick", "title": LABELS["script"], "kind": "nominal", "missingValues": skipped,
                 "categories": [{"value": one, "label": label} for one, label in LABELS.items()], **common},
                {"name": "rating", "title": LABELS["markup"], "kind": "ordered", "categoriesOrdered": True,
                 "missingValues": skipped,
                 "categories": [{"value": one, "label": LABELS[one]} for one in ("latex", "markdown", "turned")],
                 **common},
                *({"name": name, "title": name, "type": "string", "description": WORDS} for name in ("said", "coder")),
            ]},
        }],
    }


def taken(declared: dict) -> dict:
    """The same with an earlier wave, codes of what people wrote, and a question by the answers to another."""
    (now,) = declared["resources"]
    fields = copy.deepcopy(now["schema"]["fields"][:3])
    fields[2]["wording"] += " (before)"
    before = now | {"name": "before", "path": "before.csv", "schema": {"primaryKey": ["respondent"], "fields": fields}}
    return declared | TAKEN | {"resources": [before, now]}


def study(folder: Path, declared: dict | None = None) -> Path:
    folder.mkdir(parents=True)
    (folder / "datapackage.yaml").write_text(
        yaml.safe_dump(declared or descriptor(), sort_keys=False, allow_unicode=True), "utf-8")
    answers, ratings = list(LABELS), ["latex", "markdown", "turned"]
    with open(folder / "responses.csv", "w", encoding="utf-8", newline="") as file:
        rows = csv.writer(file, lineterminator="\n")
        rows.writerow(["respondent", "pick", "rating", "said", "coder"])
        for n in range(40):
            pick = "skipped" if n > 38 else answers[n * n % 7]
            rows.writerow([f"{RESPONDENT}{n}", pick, ratings[n % 3], QUOTE if n == 0 else "", "" if n > 38 else pick])
    with open(folder / "before.csv", "w", encoding="utf-8", newline="") as file:
        rows = csv.writer(file, lineterminator="\n")
        rows.writerow(["respondent", "pick", "rating"])
        rows.writerows([f"{RESPONDENT}{n}", answers[n % 7], ratings[n * n % 3]] for n in range(40))
    seal(folder)
    return folder


CHAPTER = f"""```{{python}}
from analysis import figures, {NAME}, tables
```

# Hostile {{#sec-hostile}}

As @hostile2020 and @yaml2021 say.
Named: `{{python}} {NAME}.pick.script.title` and `{{python}} {NAME}.pick.latex.title` and
`{{python}} {NAME}.pick.markdown.title` and `{{python}} {NAME}.pick.shortcode.title`.

"""
CELLS = {
    "fig-pick": 'figures.shares({}, "pick")', "fig-rating": 'figures.ordered({}, "rating")',
    "tbl-pick": 'tables.shares({}, "pick")', "tbl-missing": "tables.missing({})",
    "tbl-codebook": "tables.codebook({})", "tbl-files": "tables.files({})", "tbl-constructs": "tables.constructs({})",
    "fig-change": 'figures.change({}, "rating")', "tbl-change": 'tables.change({}, "rating")',
    "fig-crossed": 'figures.crossed({}, "pick", by="rating")',
    "tbl-crossed": 'tables.crossed({}, "pick", by="rating")',
    "tbl-quotes": 'tables.quotes({}, "pick")', "tbl-coders": 'tables.coders({}, "pick")',
}


@pytest.fixture(scope="module")
def hostile(book_of_one_chapter, build, tmp_path_factory) -> Path:
    """The site of a book with such a study."""
    cells = "".join(f'```{{python}}\n#| label: {label}\n#| {label[:3]}-cap: "Shown."\n{call.format(NAME)}\n```\n\n'
                    for label, call in CELLS.items())
    book = book_of_one_chapter(tmp_path_factory.mktemp("hostile") / "book", "hostile", CHAPTER + cells)
    own = study(book / "data" / NAME, taken(descriptor()))
    told = {"quote": QUOTE, "question": "pick", "code": "script", "cleared_by": CLEARED, "cleared_on": "2026-03-14",
            "said_by": {"rating": "latex"}}
    (own / "quotes.yaml").write_text(yaml.safe_dump({"quotes": [told]}), "utf-8")
    cited, settings = (book / name for name in ("CITATION.cff", "_quarto.yml"))
    known = yaml.safe_load(cited.read_text("utf-8"))
    known |= {"authors": [{"name": AUTHOR}], "abstract": ABSTRACT, "keywords": list(LABELS.values())}
    cited.write_text(yaml.safe_dump(known, sort_keys=False, allow_unicode=True), "utf-8")
    text = settings.read_text("utf-8").replace('author: "The Tree Project"', f"author: {json.dumps(AUTHOR)}")
    settings.write_text(text.replace("bibliography: references.bib", "bibliography: [references.bib, listed.yaml]"),
                        "utf-8")
    (book / "references.bib").write_text(SOURCE, "utf-8")
    (book / "listed.yaml").write_text(LISTED, "utf-8")
    return build(book)


@pytest.mark.parametrize("way", ["http", "file"])
def test_in_a_browser_all_of_it_is_text(way, browser, hostile):
    with served(hostile) as address, browser.new_context() as context:
        start, said = hostile.as_uri() if way == "file" else address, []
        page = context.new_page()
        page.on("dialog", lambda dialog: (said.append(f"dialog {dialog.message}"), dialog.dismiss()))
        page.on("console", lambda message: message.type == "error" and said.append(message.text))
        page.on("pageerror", lambda error: said.append(str(error)))
        page.on("request", lambda asked: asked.url.startswith(start) or said.append(f"asked for {asked.url}"))
        for name in ("index.html", "cite.html", "references.html", "chapters/hostile.html"):
            page.goto(f"{start}/{name}", wait_until="load")
        shown = page.locator("#tbl-pick tbody").first.locator("th").all_text_contents()
        assert sorted(shown) == sorted(LABELS.values())
        twin = page.locator("#fig-pick details tbody").first
        assert sorted(twin.locator("th").all_text_contents()) == sorted(LABELS.values())
        named = page.locator(".finding").all_text_contents()
        assert named == [LABELS[one] for one in ("script", "latex", "markdown", "shortcode")]
        for label in LABELS.values():
            assert label in (page.locator("#tbl-codebook").text_content() or "")
        assert WORDS in (page.locator("#tbl-pick .figure-note").text_content() or "")
        for place, words in {
            "#tbl-change": (*WAVES, REASON), "#fig-change": (*WAVES, REASON), "#tbl-coders": LABELS.values(),
            "#tbl-quotes": (QUOTE, CLEARED, LABELS["latex"]), "#tbl-crossed": LABELS.values(),
        }.items():
            told = page.locator(place).text_content() or ""
            assert [one for one in words if one not in told] == [], place
        assert page.locator("main b, main :not(.report-figure) > img, main .math").count() == 0
        assert "</script>" in page.locator("#fig-pick svg").first.get_attribute("aria-label")
        page.locator("#report-search").fill("HYPERLINK")
        page.locator(".report-search-results li, .report-search-count:not(:empty)").first.wait_for()
        assert said == []


def test_data_files_hold_the_exact_text_and_no_spreadsheet_runs_it(hostile):
    told = json.loads((hostile / "chapters" / "tbl-pick.json").read_text("utf-8"))
    assert sorted(row["label"] for row in told["data"]) == sorted(LABELS.values())
    assert told["question"]["wording"] == WORDS and told["title"] == LABELS["script"]
    rows = list(csv.DictReader((hostile / "chapters" / "tbl-pick.csv").read_text("utf-8-sig").splitlines()))
    assert sorted(row["label"] for row in rows) == sorted(
        f"'{label}" if label.startswith("=") else label for label in LABELS.values())


def test_drawings_are_sound_xml_without_code(hostile):
    for path in sorted((hostile / "chapters").glob("*.svg")):
        tags = {element.tag.rpartition("}")[2] for element in ElementTree.fromstring(path.read_bytes()).iter()}
        assert not tags & {"script", "foreignObject", "image", "a"}, path.name


def test_no_page_twin_or_index_has_a_script_of_it(hostile):
    for path in hostile.rglob("*.html"):
        page = LexborHTMLParser(path.read_text("utf-8"))
        inline = page.css("script:not([src], [type$='json'])")
        assert not [node for node in inline if "alert" in node.text()], path.name
        assert not page.css("[onerror], [onclick], [onload], [srcdoc], [href^='javascript:']"), path.name
    for path in hostile.rglob("*.md"):
        assert not re.search(r"(?<!\\)</?script", path.read_text("utf-8")), path.name
    index = (hostile / "search-index.js").read_text("utf-8")
    assert "<" not in index


def test_names_of_respondents_are_nowhere(hostile):
    for path in hostile.rglob("*"):
        if path.suffix == ".zip":
            with zipfile.ZipFile(path) as archive:
                assert not [name for name in archive.namelist() if b"alert(2)" in archive.read(name)]
        elif path.is_file():
            assert b"alert(2)" not in path.read_bytes(), path


@pytest.mark.parametrize("name", ["__proto__", "__class__", "_x", "constructor()", "</script>", "a.b", "class"])
def test_a_field_cannot_have_a_name_that_means_something_elsewhere(tmp_path, name):
    declared = descriptor()
    declared["resources"][0]["schema"]["fields"][1]["name"] = name
    with pytest.raises(DataError, match="cannot name a question"):
        read_study(study(tmp_path / NAME, declared))
