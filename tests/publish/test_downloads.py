"""Beside each page: data and picture of every figure and table, all of a study, all results, a twin in Markdown."""

from __future__ import annotations

import json
import math
import re
import shutil
import zipfile
from html import unescape
from pathlib import Path
from urllib.parse import unquote
from xml.etree import ElementTree

import frictionless
import pytest
import yaml
from beside import HOSTILE, facts, rows, shown_on
from project import ROOT, as_real
from rocrate.rocrate import ROCrate
from selectolax.lexbor import LexborHTMLParser

from analysis import figures, interviews, practitioners, tables
from surveybook.publish.check import check
from surveybook.publish.downloads.studies import read_archive
from surveybook.publish.finish import finish
from surveybook.publish.site.page import drawings, float_labels, read_pages
from surveybook.publish.site.study import read_studies
from surveybook.survey.show.display import Column, Figure, Table
from surveybook.survey.show.figures.canvas import Canvas
from surveybook.survey.words import text

SVG = "{http://www.w3.org/2000/svg}"

# A page as Quarto makes it
PAGE = """<!DOCTYPE html><html lang="en"><head><title>1&nbsp; Sizes – A Book</title></head>
<body class="nav-sidebar floating"><div id="quarto-content">
<nav id="quarto-sidebar"><a href="./index.html">A Book</a><a href="./chapters/sizes.html">1 Sizes</a></nav>
<main class="content" id="quarto-document-content">
<header id="title-block-header" class="quarto-title-block default"><div class="quarto-title"><h1 class="title">
<span id="sec-sizes" class="quarto-section-identifier"><span class="chapter-number">1</span>&nbsp; <span
class="chapter-title">Sizes</span></span></h1></div></header>
<p>Who was asked? See <a href="#fig-x" class="quarto-xref">Figure&nbsp;1.1</a>.</p>
<section id="sec-one" class="level2" data-number="1.1"><h2 data-number="1.1" class="anchored"
data-anchor-id="sec-one"><span class="header-section-number">1.1</span> One</h2>
{}</section></main></div></body></html>"""
CELL = """<div id="cell-{label}" class="cell"><div class="cell-output cell-output-display cell-output-markdown">
<div id="{label}" class="quarto-float quarto-figure quarto-figure-center anchored"><figure class="quarto-float figure">
<div aria-describedby="{label}-caption-0ceaefa1">{shown}</div>
<figcaption class="quarto-float-caption-bottom quarto-float-caption quarto-float-fig" id="{label}-caption-0ceaefa1">
{kind}&nbsp;1.1: {caption}</figcaption></figure></div></div></div>"""


def cell(shown: Figure | Table, label: str, caption: str = "Sizes.") -> str:
    """A shown object as it stands on a page of Quarto, which lower-cases the attributes of drawings."""
    markdown = shown._repr_mimebundle_()["text/markdown"]
    html = markdown.removeprefix("```{=html}\n").rpartition("\n```")[0].replace("viewBox", "viewbox")
    return CELL.format(label=label, shown=html, kind="Figure" if label.startswith("fig-") else "Table", caption=caption)


@pytest.fixture
def finished(tmp_path):
    """Finishes a site of one page of Quarto that shows this; the folder of the site."""

    def finishing(*shown: str) -> Path:
        site = tmp_path / "site"
        (site / "chapters").mkdir(parents=True, exist_ok=True)
        for name in ("CITATION.cff", "LICENSE-data"):
            shutil.copy(ROOT / name, tmp_path / name)
        if not (tmp_path / "data").exists():
            shutil.copytree(ROOT / "data", tmp_path / "data")
        (site / "chapters" / "sizes.html").write_text(PAGE.replace("{}", "".join(shown)), encoding="utf-8")
        finish(tmp_path, site)
        return site

    return finishing


# --- beside each figure and table


def test_every_figure_and_table_of_the_analysis_has_its_files(site):
    labels = {label for page in read_pages(site) for label in float_labels(page)
              if page.content.css(f"#{label} .downloads")}
    assert labels == {label for _, label in shown_on(site)} and len(labels) >= 15
    for page, label in shown_on(site):
        kinds = ("csv", "json", "svg", "png") if label.startswith("fig-") else ("csv", "json")
        links = {link.attributes["href"]: link for link in page.content.css(f"#{label} .downloads a")}
        for kind in kinds:
            file = (site / page.name).with_name(f"{label}.{kind}")
            link = links[file.name]
            size = f"{max(1, round(file.stat().st_size / 1000))} kB"
            assert link.text() == f"{kind.upper()} {size}" and "download" in link.attributes
            assert link.attributes["aria-label"] == f"{link.text()}: {facts(site, label)['number']}"
        assert links[f"#{label}"].attributes["aria-label"] == f"Link to {facts(site, label)['number']}"


def test_the_data_have_left_the_pages(site):
    for page in read_pages(site):
        assert not page.tree.css("script.report-data, [data-exact]"), page.name


def written(value: object) -> str:
    """A value as it stands in a CSV file."""
    return str(value).lower() if isinstance(value, bool) else str(value)


def test_the_rows_are_the_same_in_both_files(site):
    for page, label in shown_on(site):
        data = facts(site, label)["data"]
        told = rows((site / page.name).with_name(f"{label}.csv").read_bytes())
        assert len(told) == len(data)
        for line, row in zip(told, data, strict=True):
            for name, value in row.items():
                same = line[name] == "" if value is None else line[name].removeprefix("'") == written(value)
                assert same, (label, name)


def test_the_facts_say_what_was_asked_of_whom_and_from_where(site):
    known = facts(site, "fig-secures")
    study = interviews.study.question("secures")
    assert known["question"]["wording"] == study.wording and known["question"]["asked_of"] == study.asked
    assert (known["question"]["asked"], known["question"]["answered"]) == (28, 25)
    assert known["question"]["missing"] == {"abstained": 3}
    assert known["methods"] == ["Wilson"] and known["simulated"] is False
    assert known["caption"].startswith(
        "“Secures its machine learning systems today: no” is what most answered: 22 of 25 (88%)")
    assert known["reading"].startswith("Whether the interviewed")
    assert known["source"] == interviews.study.source and known["licence"] == "CC-BY-4.0"
    assert known["function"] == "surveybook.survey.show.tables.answers.shares"
    assert known["anchor"] == "chapters/practice.html#fig-secures"
    assert "The Security of Machine Learning in Industry" in known["citation"] and known["version"] == "0.1.0"
    (no,) = [row for row in known["data"] if row["answer"] == "no"]
    assert (no["count"], no["base"], no["share"]) == (22, 25, 22 / 25)


def test_columns_keep_the_order_of_the_table(site):
    first = (site / "chapters" / "fig-secures.csv").read_text(encoding="utf-8-sig").splitlines()[0]
    assert first == ("answer,label,count,base,share,low,high,level,method,"
                     "base_asked,share_asked,low_asked,high_asked")
    assert facts(site, "fig-secures")["others"] == {"asked": "those asked"}
    first = (site / "chapters" / "fig-attack.csv").read_text(encoding="utf-8-sig").splitlines()[0]
    assert first == "answer,label,count,base,share,low,high,level,method" and "others" not in facts(site, "fig-attack")


def test_a_page_of_quarto_gets_the_same(finished):
    site = finished(cell(figures.shares(interviews, "size"), "fig-x"), cell(tables.shares(interviews, "size"), "tbl-x"))
    assert {path.name for path in (site / "chapters").iterdir()} >= {
        "fig-x.csv", "fig-x.json", "fig-x.svg", "fig-x.png", "tbl-x.csv", "tbl-x.json", "sizes.md"}
    assert facts(site, "fig-x")["number"] == "Figure 1.1" and facts(site, "fig-x")["caption"].startswith("“Large, ")
    assert facts(site, "fig-x")["data"] == facts(site, "tbl-x")["data"]
    assert [f for f in check(site) if f.page != "index.html"] == []


def test_finishing_again_changes_nothing(finished):
    shown = cell(figures.shares(interviews, "size"), "fig-x"), cell(tables.files(interviews), "tbl-x")
    first = {path: path.read_bytes() for path in sorted(finished(*shown).rglob("*")) if path.is_file()}
    again = {path: path.read_bytes() for path in sorted(finished(*shown).rglob("*")) if path.is_file()}
    assert first == again


def test_files_of_simulated_data_say_so(finished):
    site = finished(cell(figures.shares(practitioners, "size"), "fig-x"))
    folder = site / "chapters"
    assert {row["simulated"] for row in rows((folder / "fig-x.csv").read_bytes())} == {"Simulated data"}
    assert facts(site, "fig-x")["simulated"] is True and "simulated data" in facts(site, "fig-x")["citation"]
    drawn = [node.text for node in ElementTree.fromstring((folder / "fig-x.svg").read_bytes()).iter(f"{SVG}text")]
    assert "Simulated data" in drawn
    listed = json.loads((site / "results.json").read_text(encoding="utf-8"))["estimates"]
    assert listed and all(entry["simulated"] for entry in listed)
    assert "Simulated data" in (folder / "sizes.md").read_text(encoding="utf-8")


def first_script() -> str:
    """The one script that stands in a page, and is ours."""
    return (ROOT / "surveybook" / "theme" / "mode.js").read_text(encoding="utf-8")


def test_hostile_text_is_text_in_every_file(finished):
    about = {"study": "interviews", "title": HOSTILE, "source": HOSTILE, "licence": "CC-BY-4.0", "simulated": False,
             "label": "", "function": "surveybook.survey.show.tables.answers.shares",
             "data": [{"__proto__": f"={HOSTILE}", "count": -1, "low": 0.0, "high": math.inf, "verdict": HOSTILE}]}
    table = Table(HOSTILE, [Column(HOSTILE)], [[HOSTILE]], about, HOSTILE)
    canvas = Canvas(300)
    canvas.text(0, 9, HOSTILE)
    chart = canvas.drawn(20)
    caption = HOSTILE.replace("&", "&amp;").replace("<", "&lt;")
    site = finished(cell(Figure(chart, chart, HOSTILE, HOSTILE, table, HOSTILE), "fig-x", caption))
    folder = site / "chapters"
    assert facts(site, "fig-x")["data"][0] == {**about["data"][0], "high": "Infinity"}
    assert facts(site, "fig-x")["caption"] == HOSTILE.replace("\u202e", "")  # it would turn what it is quoted in
    assert facts(site, "fig-x")["description"] == f"{HOSTILE} {HOSTILE}"
    assert rows((folder / "fig-x.csv").read_bytes())[0]["__proto__"] == f"'={HOSTILE}"
    svg = ElementTree.fromstring((folder / "fig-x.svg").read_bytes())
    assert HOSTILE in [node.text for node in svg.iter(f"{SVG}text")]
    assert svg.find(f"{SVG}desc").text == f"{HOSTILE} {HOSTILE}"
    assert not list(svg.iter(f"{SVG}script"))
    page = LexborHTMLParser((folder / "sizes.html").read_text(encoding="utf-8"))
    assert [script.text() for script in page.css('script:not([src], [type$="json"])')] == [first_script()]
    assert not page.css(".downloads b") and len(page.css("#fig-x .downloads a")) == 6
    (estimate,) = json.loads((site / "results.json").read_text(encoding="utf-8"))["estimates"]
    assert estimate["name"] == f"fig-x.={HOSTILE}"
    twin = (folder / "sizes.md").read_text(encoding="utf-8")
    assert "<script" not in twin.replace(r"\<script", "")


def test_a_figure_without_a_label_keeps_its_data_on_the_page(finished):
    site = finished(cell(tables.shares(interviews, "size"), "tbl-x").replace('id="tbl-x"', ""))
    page = LexborHTMLParser((site / "chapters" / "sizes.html").read_text(encoding="utf-8"))
    assert page.css("script.report-data") and not page.css(".downloads")


# --- all of a study


def test_the_archive_of_a_study_holds_its_files_as_they_are(site):
    with zipfile.ZipFile(site / "data" / "interviews.zip") as archive:
        inside = {name.removeprefix("interviews/"): archive.read(name) for name in archive.namelist()}
        assert {entry.date_time for entry in archive.infolist()} == {(2026, 11, 23, 0, 0, 0)}
    given = {path.name: path.read_bytes() for path in (ROOT / "data" / "interviews").iterdir() if path.is_file()}
    assert given.items() <= inside.items()
    assert set(inside) - set(given) == {"README.md", "LICENSE.txt", "codebook.csv"}
    for name, content in inside.items():
        assert (site / "data" / "interviews" / name).read_bytes() == content
    assert [row["question"] for row in rows(inside["codebook.csv"])] == list(interviews.study.questions)
    readme = inside["README.md"].decode()
    for name in given:
        assert f"`{name}`" in readme
    assert "https://arxiv.org/abs/2002.05646v1" in readme and "CC-BY-4.0" in readme


def test_the_archive_of_what_others_published_holds_their_licence_and_says_what_was_changed(site):
    with zipfile.ZipFile(site / "data" / "documented.zip") as archive:
        inside = {name.removeprefix("documented/"): archive.read(name) for name in archive.namelist()}
    given = {path.name: path.read_bytes() for path in (ROOT / "data" / "documented").iterdir() if path.is_file()}
    assert given.items() <= inside.items() and set(inside) - set(given) == {"README.md", "LICENSE.txt"}
    readme = inside["README.md"].decode()
    assert "`SOURCE-LICENSE.txt`: the licence of the source" in readme and "Licence: Apache-2.0, CC-BY-4.0." in readme
    assert "MITRE ATLAS™" in readme and "changed: ids, names, dates" in readme
    assert b"Copyright 2021-2025 MITRE" in inside["SOURCE-LICENSE.txt"] and b"MITRE ATLAS" in inside["LICENSE.txt"]


def test_the_files_of_a_study_are_a_valid_data_package(site, monkeypatch):
    monkeypatch.chdir(site / "data" / "interviews")
    descriptor = yaml.safe_load(Path("datapackage.yaml").read_text(encoding="utf-8"))
    report = frictionless.Package.from_descriptor(descriptor).validate()
    assert report.valid, report.flatten(["type", "note"])


def test_the_table_of_the_files_leads_to_the_archive(site):
    page = next(page for page in read_pages(site) if page.content.css_first("#tbl-files"))
    (link,) = page.content.css('#tbl-files .downloads a[href$=".zip"]')
    assert unquote(link.attributes["href"]) == "../data/interviews.zip" and link.text().startswith("ZIP ")


def test_answers_of_people_are_given_away_only_where_no_person_gave_them(tmp_path):
    folder = shutil.copytree(ROOT / "data" / "practitioners", tmp_path / "data" / "practitioners")
    simulated = read_archive(tmp_path, read_studies(tmp_path)["practitioners"], [], None)
    assert "responses.csv" in simulated.files and b"Simulated data" in simulated.files["README.md"].read()
    descriptor = folder / "datapackage.yaml"
    descriptor.write_text(as_real(descriptor.read_text("utf-8")), "utf-8")
    real = read_archive(tmp_path, read_studies(tmp_path)["practitioners"], [], None)
    assert "responses.csv" not in real.files
    assert b"answers of single people are not given away" in real.files["README.md"].read()
    assert b"Simulated data" not in real.files["README.md"].read()


# --- all results


@pytest.fixture(scope="module")
def results(site) -> dict:
    return json.loads((site / "results.json").read_text(encoding="utf-8"))


def test_every_finding_is_listed_with_all_its_places(site, results):
    stand = {(span.attributes["data-from"], page.name, " ".join(span.text().split()))
             for page in read_pages(site) for span in page.content.css(".finding")}
    listed = {(one["name"], place["page"], one["text"]) for one in results["findings"] for place in one["places"]}
    assert listed == stand and len(listed) > 50
    ids = {page.name: set(page.ids) for page in read_pages(site)}
    places = [place for entry in results["findings"] for place in entry["places"]]
    places += [*results["estimates"], *results["verdicts"]]
    assert not [place for place in places if place["anchor"] not in ids[place["page"]]]


def test_a_finding_has_the_exact_value_that_its_words_were_written_from(results):
    share = interviews.study.question("secures").distribution.shares["no"]
    (entry,) = [entry for entry in results["findings"] if entry["name"] == "interviews.secures.no.full"]
    assert entry["text"] == text.full(share) and (entry["value"], entry["n"], entry["count"]) == (22 / 25, 25, 22)
    assert entry["interval"] == {"low": share.interval.low, "high": share.interval.high, "level": 0.95}
    assert entry["method"] == share.interval.method and entry["simulated"] is False
    written = {"of": text.of, "full": text.full}
    for entry in results["findings"]:
        kind = entry["name"].rpartition(".")[2]
        if kind in ("percent", "p") and "value" in entry:
            assert entry["text"].startswith((text.percent if kind == "percent" else text.p_value)(entry["value"])) or (
                "leader" in entry["name"] or "equal" in entry["name"])
        if kind in written:
            assert entry["text"].startswith(f"{entry['count']:,} of {entry['n']:,}")
            assert entry["value"] == entry["count"] / entry["n"]


def test_every_number_of_the_findings_is_exact(results):
    """A finding that is a number alone has a value; those that are words have none."""
    for entry in results["findings"]:
        if re.fullmatch(r"[+−]?[\d,.]+%?", entry["text"]):
            assert isinstance(entry.get("value"), int | float), entry["name"]


def test_estimates_and_verdicts_are_rows_of_figures_and_tables(site, results):
    estimates = {entry["name"]: entry for entry in results["estimates"]}
    assert len(estimates) == len(results["estimates"])
    assert estimates["fig-secures.no"]["values"] == facts(site, "fig-secures")["data"][1]
    claims = {entry["name"]: entry["verdict"] for entry in results["verdicts"] if entry["anchor"] == "tbl-claims"}
    ledger = {f"tbl-claims.{entry['claim']}": entry["verdict"] for entry in facts(site, "tbl-claims")["data"]}
    assert claims == ledger and len(claims) == 12


def test_a_passport_is_a_verdict_with_all_that_it_rests_on(finished):
    record = {"id": "exposure-size", "verdict": "inconclusive", "n": 110, "p_adjusted": 0.25}
    about = {"study": "practitioners", "simulated": True, "label": "Simulated data",
             "function": "surveybook.survey.show.tables.passports.passport", "data": [{"part": "Verdict"}],
             "passport": record}
    site = finished(cell(Table("Passport", [Column("Part")], [["Verdict"]], about), "tbl-exposure-size"))
    (verdict,) = json.loads((site / "results.json").read_text(encoding="utf-8"))["verdicts"]
    assert verdict["name"] == "practitioners.hypotheses.exposure_size" and verdict["verdict"] == "inconclusive"
    assert verdict["values"] == record and verdict["simulated"] is True
    assert (verdict["page"], verdict["anchor"]) == ("chapters/sizes.html", "tbl-exposure-size")


# --- twins


def bare(words: str) -> str:
    """Words without what Markdown, or a note in a table, puts around them."""
    return " ".join(re.sub(r"[\\()]", " ", words).split())


def test_every_table_and_every_number_survives_in_the_twin(site):
    for page in [page for page in read_pages(site) if not page.made]:
        twin = (site / page.name).with_suffix(".md").read_text(encoding="utf-8")
        plain = bare(unescape(twin).replace(" (simulated)", ""))
        assert [link.attributes["href"] for link in page.tree.css('link[rel="alternate"][type="text/markdown"]')] == [
            Path(page.name).with_suffix(".md").name]
        for value in page.content.css(".finding, .report-table td.number, .report-figure td.number"):
            assert bare(value.text()) in plain, (page.name, value.text())
        rows = sum(line.startswith("|") for line in twin.splitlines()) + twin.count("<tr")  # HTML for lists in cells
        tables = page.content.css("table[data-quarto-disable-processing]")
        assert rows >= sum(len(table.css("tr")) for table in tables), page.name
        for drawing in drawings(page.content):  # what a reader can choose is in the tables
            assert bare(drawing.attributes["aria-label"])[:60] in plain
        for words in page.content.css(".told"):
            assert bare(words.text())[:60] in plain
        assert "data-from" not in twin and "data-exact" not in twin and "<svg" not in twin and "<script" not in twin


def test_simulated_values_between_real_ones_say_so_in_the_twin(finished):
    drawn = ('<p><span class="finding simulated" data-label="Simulated data" data-from="practitioners.size.large.of">'
             '18 of 132</span> and <span class="finding" data-from="interviews.size.large.of">10 of 28</span>.'
             ' It is “<span class="finding simulated" data-label="Simulated data" data-from="practitioners.size.most">'
             'evasion</span>”, then.</p>')
    twin = (finished(drawn) / "chapters" / "sizes.md").read_text(encoding="utf-8")
    assert "18 of 132 (simulated data) and 10 of 28. It is “evasion” (simulated data), then." in twin


def test_each_simulated_number_of_a_table_and_of_the_words_of_a_figure_says_so_in_the_twin(finished):
    about = json.dumps({"study": "practitioners", "simulated": True, "label": "Simulated data", "data": []})
    shown = ('<div class="report-figure simulated" data-label="Simulated data" data-evidence="simulated">'
             f'<script type="application/json" class="report-data">{about}</script>'
             '<p class="figure-note">Asked: all.</p><table data-quarto-disable-processing="true"><thead><tr>'
             '<th scope="col">Age</th><th scope="col">Share</th></tr></thead><tbody><tr><th scope="row">18 to 29</th>'
             '<td class="number">9% to 27%</td></tr></tbody></table>'
             '<p class="told">Young: 1,022 of 2,129 (48%, 95% interval 46% to 50%); old: 0.3.</p></div>')
    twin = (finished(shown) / "chapters" / "sizes.md").read_text(encoding="utf-8")
    assert "| 18 to 29 | 9% to 27% (simulated) |" in twin and "Simulated data. Asked: all." in twin
    assert "1,022 of 2,129 (48%, 95% interval 46% to 50%) (simulated); old: 0.3 (simulated)." in twin


def test_links_of_a_twin_lead_somewhere(site):
    for twin in site.rglob("*.md"):
        for target in re.findall(r"\]\(([^)#:]+)(?:#[^)]*)?\)", twin.read_text(encoding="utf-8")):
            assert (twin.parent / unquote(target)).is_file(), (twin.name, target)


def test_llms_lists_all_pages_in_the_order_of_the_book(site):
    listed = (site / "llms.txt").read_text(encoding="utf-8")
    assert listed.startswith("# The Security of Machine Learning in Industry\n\n> ")
    links = re.findall(r"^- \[[^\]]+\]\(([^)]+)\)", listed, re.MULTILINE)
    book = [Path(page.name).with_suffix(".md").as_posix() for page in read_pages(site) if not page.made]
    assert sorted(link for link in links if link.endswith(".md")) == sorted(book)
    assert links[:3] == ["index.md", "chapters/consequences.md", "chapters/organizations.md"]
    assert {"results.json", "data/interviews.zip"} < set(links)


# --- the crate


def test_the_crate_describes_the_site(site):
    crate = ROCrate(site)
    assert crate.name == "The Security of Machine Learning in Industry" and crate.version == "1.2"
    assert crate.root_dataset["datePublished"] == "2026-11-23"
    assert crate.license.id == "https://spdx.org/licenses/CC-BY-4.0"
    assert [author["name"] for author in crate.root_dataset["author"]] == ["The ML Security in Industry Report Project"]
    files = {unquote(entity.id) for entity in crate.data_entities if entity.type == "File"}
    assert all((site / name).is_file() for name in files)
    companions = {path.relative_to(site).as_posix() for kind in ("html", "md", "csv", "png", "svg", "zip")
                  for path in site.rglob(f"*.{kind}")} - {"theme/icon.svg"}
    assert companions <= files
    study = crate.get("data/interviews/")
    assert study.type == "Dataset" and study["distribution"].id == "data/interviews.zip"
    assert {part.id for part in study["hasPart"]} == {
        f"data/interviews/{path.name}" for path in (site / "data" / "interviews").iterdir()}


def test_everything_that_the_crate_refers_to_is_in_it(site):
    graph = json.loads((site / "ro-crate-metadata.json").read_text(encoding="utf-8"))["@graph"]
    known = [entity["@id"] for entity in graph]
    assert len(known) == len(set(known))

    def referred(value: object) -> list[str]:
        if isinstance(value, dict):
            return [value["@id"]] if set(value) == {"@id"} else [i for one in value.values() for i in referred(one)]
        return [i for one in value for i in referred(one)] if isinstance(value, list) else []

    outside = {"https://w3id.org/ro/crate/1.2"}
    assert {name for entity in graph for name in referred(entity)} - outside <= set(known)
