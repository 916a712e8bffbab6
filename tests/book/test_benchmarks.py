"""The benchmarks measure what they say they do. How long anything takes is printed by them, and never tested."""

from __future__ import annotations

import gzip
import shutil
import subprocess
import sys
import urllib.request
from collections.abc import Iterator

import duckdb
import numpy as np
import pytest
from project import SAMPLED
from selectolax.lexbor import LexborHTMLParser

from benchmarks import __main__ as commands
from benchmarks import coverage, lighthouse, measure, site, size
from benchmarks.generated import write_book
from benchmarks.host import hosted
from benchmarks.measure import Run, Stopped, run
from benchmarks.table import table
from surveybook.survey.data.loader import read_study
from surveybook.survey.estimates.distribution import Distribution


def test_the_renderer_builds_the_generated_book_with_all_that_its_pages_have(build, root, tmp_path):
    made = build(write_book(tmp_path / "book", 3), PYTHONPATH=str(root))
    page = LexborHTMLParser((made / "chapters" / "page-002.html").read_text(encoding="utf-8"))
    text = page.css_first("main").text()
    assert [heading.tag for heading in page.css("main h1, main h2, main h3")] == ["h1", "h2", "h3", "h2", "h3"]
    assert len(page.css("main table")) == 2
    assert "How does page 2 follow from Chapter 1?" in text and "Author and Writer (1982)" in text
    assert "is 6." in text
    assert len(list((made / "chapters").iterdir())) == 3


def test_a_table_is_markdown_with_its_numbers_to_the_right():
    assert table(["what", "s"], [["cold", "1.25"], ["unchanged", "0.5"]]) == (
        "| what      |    s |\n| --------- | ---: |\n| cold      | 1.25 |\n| unchanged |  0.5 |"
    )


def test_edits_are_told_with_their_spread_and_their_target():
    ours, other = site.SITE.name, "make site with Quarto 1.6"
    runs = {
        (ours, "cold"): [Run(9, 12, 150_000_000), Run(7, 12.5, 160_000_000), Run(7.5, 13, 155_000_000)],
        (ours, "unchanged"): [Run(1.5, 1, 50_000_000)],
        (other, "cold"): [Run(60, 70, 900_000_000)],
    }
    lines = [[cell.strip() for cell in line.split("|")[1:-1]] for line in site.edits_table(runs).splitlines()]
    assert lines[2:] == [
        [f"{ours}: cold", "7.50", "7.00", "9.00", "12.50", "160", "10 (met)"],
        [f"{ours}: unchanged", "1.50", "1.50", "1.50", "1.00", "50", "0.6 (missed)"],
        [f"{other}: cold", "60.00", "60.00", "60.00", "70.00", "900", ""],
    ]


def test_growth_is_told_in_total_and_a_page():
    row = site.growth_table({("renderer", 100): [Run(5, 8, 200_000_000)]}).splitlines()[2]
    assert [cell.strip() for cell in row.split("|")[1:-1]] == [
        "renderer: 100 pages", "5.00", "5.00", "5.00", "50", "8.00", "200", "2.0",
    ]  # fmt: skip


def test_an_edit_of_prose_leaves_the_cells_and_an_edit_of_a_cell_changes_the_last_one():
    text = "# Title\n\n```{python}\na\n```\n\n```{python}\n#| label: tbl-b\nb\n```\n\nEnd.\n"
    assert site.prose_edited(text, 2) == text + "\nThis sentence is very very new.\n"
    assert site.cell_edited(text, 7) == text.replace("\nb\n", "\nb\n# edit 7\n")


def test_the_edits_fit_the_chapters_of_this_book(root):
    text = site.longest(root).read_text(encoding="utf-8")
    assert len(site.cell_edited(text, 1)) == len(text) + len("\n# edit 1")


def test_an_edited_count_is_sealed_and_every_edit_is_taken_back(tmp_path):
    book = site.copy(tmp_path / "copy")
    before = {path: path.read_bytes() for path in book.rglob("*") if path.is_file()}
    for number, what in enumerate(list(site.TARGETS)[1:]):
        with site.edited(book, what, number):
            changed = {path for path in before if path.read_bytes() != before[path]}
            assert bool(changed) == (what != "unchanged")
            if what.startswith("a count"):
                assert read_study(book / "data" / "interviews").question("build").distribution.counts["scratch"] != 2
        assert {path: path.read_bytes() for path in before} == before


def test_a_copy_of_the_project_is_a_book_and_nothing_that_was_built(tmp_path):
    names = {path.name for path in site.copy(tmp_path / "copy").iterdir()}
    assert {"_quarto.yml", "index.qmd", "chapters", "surveybook", "data", "requirements.txt"} <= names
    assert not names & {".git", ".venv", ".cache", "site", "_freeze"}


def test_memory_is_that_of_all_processes_of_a_command(tmp_path, monkeypatch):
    processes = measure.tree

    def tree(process: int) -> Iterator[int]:
        ready, found = (tmp_path / "ready").exists(), list(processes(process))
        yield from found
        if ready and len(found) == 2:  # both hold their half, and have been looked at
            (tmp_path / "looked").touch()

    monkeypatch.setattr(measure, "tree", tree)
    half = "held = bytearray(b'x') * 40_000_000"
    other = f"{half}; print('ready', flush=True); input()"
    both = f"""
import os, subprocess, sys, time
{half}
with subprocess.Popen([sys.executable, "-c", {other!r}], stdin=subprocess.PIPE, stdout=subprocess.PIPE) as other:
    other.stdout.readline()
    open("ready", "w").close()
    while not os.path.exists("looked"): time.sleep(0.01)
    other.communicate(b"end\\n")
"""
    measured = run([sys.executable, "-c", both], tmp_path)
    assert measured.seconds > 0 and measured.work > 0
    assert 80_000_000 < measured.memory < 200_000_000


def test_a_command_that_fails_is_not_measured(tmp_path):
    with pytest.raises(Stopped, match="failed, so nothing is measured; it said\nno such chapter"):
        run([sys.executable, "-c", "import sys; sys.exit('no such chapter')"], tmp_path)


def everything(counts: np.ndarray) -> np.ndarray:
    return np.tile([0.0, 1.0], (len(counts), 1))


def found_shares(counts: np.ndarray) -> np.ndarray:
    shares = counts / counts.sum()
    return np.stack([shares, shares], axis=1)


@pytest.fixture(scope="module")
def fair() -> Distribution:
    return Distribution({"a": 4, "b": 4, "c": 4}, {}, 12)


def test_intervals_without_width_hold_as_often_as_the_true_table_is_drawn(fair):
    """12! / (4! 4! 4!) / 3^12 = 0.0652 is the probability of the table (4, 4, 4)."""
    found = coverage.simulate(fair, {"all": everything, "none": found_shares}, draws=4000)
    assert found["all"] == (1.0, 1.0)
    assert found["none"][0] == pytest.approx(0.0652, abs=0.012) and found["none"][1] == 0.0


def test_the_intervals_of_the_report_keep_their_promise_where_an_approximation_does_not():
    lopsided = Distribution({"a": 7, "b": 1, "c": 1, "d": 1}, {}, 10)
    methods = {name: coverage.METHODS[name] for name in ("report", "Goodman")}
    found = coverage.simulate(lopsided, methods, draws=1000)
    assert found["report"][0] >= coverage.LEVEL > found["Goodman"][0]
    assert coverage.simulate(lopsided, methods, draws=1000) == found


# --- Lighthouse


def asked(address: str, encoding: str = "gzip") -> tuple[bytes, dict[str, str]]:
    with urllib.request.urlopen(urllib.request.Request(address, headers={"Accept-Encoding": encoding})) as answer:
        return answer.read(), dict(answer.headers)


def test_the_host_compresses_text_names_types_and_adds_no_policy(tmp_path):
    (tmp_path / "index.html").write_text("<p>é</p>" * 99, encoding="utf-8")
    (tmp_path / "x.png").write_bytes(b"PNG")
    with hosted(tmp_path) as address:
        packed, said = asked(f"{address}/")
        assert gzip.decompress(packed).decode() == "<p>é</p>" * 99
        assert (said["Content-Type"], said["Content-Encoding"]) == ("text/html; charset=utf-8", "gzip")
        assert "Content-Security-Policy" not in said
        plain, said = asked(f"{address}/index.html", "identity")
        assert plain.decode() == "<p>é</p>" * 99 and "Content-Encoding" not in said
        picture, said = asked(f"{address}/x.png")
        assert (picture, said["Content-Type"]) == (b"PNG", "image/png")
        with pytest.raises(urllib.error.HTTPError, match="404"):
            asked(f"{address}/none.html")
        with pytest.raises(urllib.error.HTTPError, match="404"):
            asked(f"{address}/%2e%2e/{tmp_path.name}/../../etc/passwd")


# What a report of Lighthouse holds, as far as it is read
REPORT = {
    "categories": {
        "performance": {"score": 0.964, "auditRefs": [{"id": "lcp", "weight": 25}, {"id": "cache", "weight": 0}]},
        "accessibility": {"score": 1, "auditRefs": [{"id": "contrast", "weight": 7}, {"id": "by-hand", "weight": 0}]},
        "best-practices": {"score": None, "auditRefs": []},
        "seo": {"score": 0.9, "auditRefs": [{"id": "description", "weight": 1}]},
    },
    "audits": {
        "lcp": {"title": "Largest Contentful Paint", "score": 0.8, "displayValue": "2.1 s"},
        "cache": {"title": "Efficient cache", "score": 0.5}, "contrast": {"title": "Contrast", "score": 1},
        "by-hand": {"title": "Focus order", "score": None}, "description": {"title": "No description", "score": 0},
    },
    "environment": {"benchmarkIndex": 1234.5},
}  # fmt: skip


def test_a_report_of_lighthouse_is_told_by_its_scores_and_by_every_audit_below_the_full_one():
    better = {**REPORT, "audits": {**REPORT["audits"], "lcp": {**REPORT["audits"]["lcp"], "score": 1}}}
    visits = [lighthouse.read("index.html", "mobile", REPORT), lighthouse.read("index.html", "desktop", better)]

    def cells(table: str) -> list[list[str]]:
        return [[cell.strip() for cell in line.split("|")[1:-1]] for line in table.splitlines()[2:]]

    assert cells(lighthouse.scores_table(visits))[0] == ["index.html, mobile", "96", "100", "–", "90", "1234"]
    assert cells(lighthouse.audits_table(visits)) == [
        ["Largest Contentful Paint (lcp)", "25", "1 of 2", "80", "2.1 s, index.html, mobile"],
        ["Efficient cache (cache)", "0", "2 of 2", "50", "no number, index.html, mobile"],
        ["No description (description)", "1", "2 of 2", "0", "no number, index.html, mobile"],
    ]


@pytest.mark.parametrize(("missing", "message"), [
    (("node", "npm"), "Lighthouse needs Node.js 18 or newer with npm, and they are not on this machine; "
                      "install them (on Debian: apt-get install nodejs npm)"),
    (("chrom",), "there is no Chromium on this machine, which Lighthouse drives; "
                 "install it (on Debian: apt-get install chromium), or name one by CHROME_PATH"),
])  # fmt: skip
def test_what_the_machine_lacks_is_said_in_one_sentence(missing, message, monkeypatch, tmp_path, capsys):
    for name in lighthouse.PAGES:
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).touch()
    there = lambda name: None if not name or any(part in name for part in missing) else f"/usr/bin/{name}"  # noqa: E731
    monkeypatch.setattr(lighthouse.shutil, "which", there)
    assert commands.main(["lighthouse", "--site", str(tmp_path)]) == 1
    assert capsys.readouterr().err == f"{message}\n"


def test_without_a_built_site_nothing_is_installed_or_measured(tmp_path, capsys):
    assert commands.main(["lighthouse", "--site", str(tmp_path)]) == 1
    assert capsys.readouterr().err == (
        f"{tmp_path} has no index.html, so nothing is measured; build the site first (make site)\n")


def test_an_installation_that_fails_is_told_by_its_last_words(monkeypatch, tmp_path):
    monkeypatch.setattr(lighthouse, "INSTALLED", tmp_path / "lighthouse")
    monkeypatch.setattr(lighthouse, "PROGRAM", tmp_path / "none.js")
    monkeypatch.setattr(lighthouse.shutil, "which", lambda name: f"/usr/bin/{name}")
    failed = subprocess.CompletedProcess([], 1, "", "npm error\nnpm error network: no route\n")
    monkeypatch.setattr(lighthouse.subprocess, "run", lambda *command, **options: failed)
    with pytest.raises(Stopped, match="npm could not install lighthouse@.*: npm error network: no route; see whether"):
        lighthouse.installed(lambda line: None)


def test_the_pages_measured_are_pages_of_this_book(site):
    assert [name for name in lighthouse.PAGES if not (site / name).is_file()] == []


# --- size, and chaos


def test_a_made_up_export_has_as_many_people_and_questions_as_are_asked_for():
    header, *people = size.rows(25_000, 8)
    assert len(header) == 9 and len(people) == 25_000 and [row[0] for row in people] == [
        str(number) for number in range(1, 25_001)]
    assert {row[1] for row in people} == {"Yes", "No", ""} and {row[2] for row in people} == {*size.SCALE, ""}
    assert list(size.rows(30, 8)) == list(size.rows(30, 8))


def test_responses_of_very_many_are_drawn_alike_for_the_questions_of_a_study(tmp_path):
    study = shutil.copytree(SAMPLED / "gardens", tmp_path / "gardens")
    size.write_responses(study, 300)
    drawn = duckdb.read_parquet(str(study / "responses.parquet")).df()
    assert len(set(drawn["respondent"])) == len(drawn) == 300
    assert 0 < (drawn["visits"] == "skipped").sum() < 30
    assert "path: responses.parquet" in (study / "datapackage.yaml").read_text(encoding="utf-8")


@pytest.mark.exhaustive
def test_a_few_rounds_of_chaos_lose_nothing(root):
    counts = {"--kills": 3, "--disks": 2, "--damages": 40, "--tampers": 15}
    asked = [str(part) for pair in counts.items() for part in pair]
    ended = subprocess.run([sys.executable, "-m", "benchmarks", "chaos", *asked], cwd=root, text=True,
                           capture_output=True, check=False)
    assert ended.returncode == 0, ended.stdout + ended.stderr
    summary = ended.stdout.splitlines()[-1]
    assert summary.startswith("chaos, seed 1: 3 kills: ")
    assert "0 files of the site wrong" in summary and "15 tamperings with a published site: 15 found" in summary
