"""Changing one count changes every sentence, figure, table and ledger row that depends on it, and nothing else."""

from __future__ import annotations

import json
import re
import shutil
from pathlib import Path

import pytest
from project import DATA
from selectolax.lexbor import LexborHTMLParser, LexborNode

from surveybook.survey.data import seal
from surveybook.survey.data.loader import read_study
from surveybook.survey.evidence.findings import Findings

BLOCKS = "h1, h2, h3, p, li, figcaption, tr, svg"
# What shows the count that is changed below, or what follows from it
CHANGED = {"index", *(f"chapters/{name}" for name in
                      ("practice", "ledger", "data", "synthesis", "consequences"))}
EVIDENCE = {"tbl-sources", "tbl-links-exposure", "tbl-developers", "tbl-auditors", "tbl-researchers"}
# What names the state of the whole project: the last line of a page, and in the size of a file the commit that it holds
STATE = re.compile(r'<section class="edition".*?</section>|JSON \d+(\.\d+)? [kM]B')


@pytest.fixture(scope="module")
def changed(workshop, build, tmp_path_factory) -> Path:
    """A folder with the data of the interviews, one count changed (one organization less builds from scratch), and with
    the site made from it."""
    folder = tmp_path_factory.mktemp("changed")
    with workshop() as book:
        counts = book / "data" / "interviews" / "counts.csv"
        text = counts.read_text(encoding="utf-8")
        assert "build,scratch,2,28" in text
        counts.write_text(text.replace("build,scratch,2,28", "build,scratch,1,28"), encoding="utf-8")
        seal.seal(counts.parent)
        shutil.copytree(counts.parent, folder / "data" / "interviews")
        build(book, folder / "site")
    return folder


def pages_of(site: Path) -> list[Path]:
    """All pages but that for dead addresses, and those for frames of other sites, which hold a figure alone."""
    return sorted(page for page in site.rglob("*.html") if not page.name.endswith((".embed.html", "404.html")))


def blocks(page: Path) -> list[LexborNode]:
    """The smallest pieces of a page that can be read alone."""
    main = LexborHTMLParser(page.read_text(encoding="utf-8")).css_first("main")
    return [node for node in main.css(BLOCKS) if not node.css("p, li, tr, figcaption")[1:]]


def stateless(path: Path) -> str:
    """A file without what names the state of the whole project."""
    return STATE.sub("", path.read_text(encoding="utf-8"))


def differing(site: Path, other: Path) -> dict[str, list[tuple[LexborNode, LexborNode]]]:
    """The blocks of each page that differ; the two sites must have the same pages with as many blocks."""
    found = {}
    for page in pages_of(site):
        name = page.relative_to(site).as_posix()
        one, two = blocks(page), blocks(other / name)
        assert len(one) == len(two), name
        found[name] = [(a, b) for a, b in zip(one, two, strict=True) if STATE.sub("", a.html) != STATE.sub("", b.html)]
    return found


def names(node: LexborNode) -> list[str]:
    return [span.attributes["data-from"] for span in node.css(".finding")]


def label(node: LexborNode) -> str | None:
    """The figure or table that a block is part of."""
    while node is not None:
        identity = node.attributes.get("id") or ""
        if re.match(r"(fig|tbl)-[a-z-]+$", identity):
            return identity
        node = node.parent
    return None


def test_exactly_the_pages_that_use_the_table_change(site, changed):
    different = {name for name, pairs in differing(site, changed / "site").items() if pairs}
    assert different == {"cite.html", *(f"{name}.html" for name in CHANGED)}, "captions are findings, and are cited"
    for page in pages_of(site):
        name = page.relative_to(site).as_posix()
        same = stateless(page) == stateless(changed / "site" / name)
        assert same == (name not in different), f"{name}: what surrounds the text must not change"


def test_exactly_the_sentences_change_whose_findings_change(site, changed):
    before = {finding.source: str(finding) for finding in Findings(read_study(DATA / "interviews")).walk()}
    after = {f.source: str(f) for f in Findings(read_study(changed / "data" / "interviews")).walk()}
    moved = {source for source in before if before[source] != after.get(source)}
    assert moved
    sentences = 0
    for page in pages_of(site):
        name = page.relative_to(site).as_posix()
        for one, two in zip(blocks(page), blocks(changed / "site" / name), strict=True):
            if names(one):
                assert (one.text() != two.text()) == bool(moved & set(names(one))), one.text()
                sentences += one.text() != two.text()
            elif one.tag in ("p", "li", "h1", "h2", "h3", "figcaption") and not label(one) and name != "cite.html":
                assert STATE.sub("", one.html) == STATE.sub("", two.html)
    assert sentences >= 3, "the index, the chapter on practice and the ledger speak of the count"


def test_exactly_the_figures_and_tables_change_that_show_the_count(site, changed):
    pairs = [pair for pairs in differing(site, changed / "site").values() for pair in pairs]
    touched = {label(one) for one, _ in pairs if label(one)}
    assert touched == {"fig-build", "tbl-sums", "tbl-claims", "tbl-files", *EVIDENCE}
    drawn = [label(one) or one.attributes["class"] for one, _ in pairs if one.tag == "svg"]
    assert drawn == ["key-picture", "fig-build", "fig-build", "key-picture"], (
        "claims that agree, on the front page and in the ledger; the wide and the narrow drawing")


def test_exactly_the_rows_change_that_show_the_count(site, changed):
    pairs = [pair for pairs in differing(site, changed / "site").values() for pair in pairs]
    rows = [(label(one), one.css_first("th").text()) for one, _ in pairs if one.tag == "tr"]
    assert sorted(rows) == sorted([
        ("fig-build", "Machine learning frameworks"), ("fig-build", "Machine learning as a service"),
        ("fig-build", "From scratch"), ("tbl-sums", "How machine learning systems are built Table III"),
        ("tbl-claims", "Build their machine learning systems from scratch Stated in Section II · Table III"),
        ("tbl-files", "counts.csv"),
        ("tbl-links-exposure", "Organizations that use models of others notice more kinds of incidents."),
        ("tbl-links-exposure", "Organizations whose systems the public can reach notice more kinds of incidents."),
    ])


def test_the_verdict_on_the_claim_turns(site, changed):
    def verdict(folder: Path) -> str:
        page = LexborHTMLParser((folder / "chapters" / "ledger.html").read_text(encoding="utf-8"))
        (row,) = [r for r in page.css("#tbl-claims tbody tr") if "from scratch" in r.css_first("th").text()]
        return row.css_first(".verdict").text()

    assert (verdict(site), verdict(changed / "site")) == ("✓ agrees", "✗ does not agree")


def test_the_files_beside_the_page_follow(site, changed):
    def beside(folder: Path) -> list:
        return json.loads((folder / "chapters" / "fig-build.json").read_text(encoding="utf-8"))["data"]

    assert [row["count"] for row in beside(site)] == [16, 10, 2]
    assert [row["count"] for row in beside(changed / "site")] == [16, 10, 1]
    assert [row["base"] for row in beside(changed / "site")] == [27, 27, 27]


def test_exactly_the_files_change_that_hold_the_count(site, changed):
    def different(kind: str) -> set[str]:
        names = {path.relative_to(site).as_posix() for path in site.rglob(f"*.{kind}")}
        return {name for name in names if (site / name).read_bytes() != (changed / "site" / name).read_bytes()}

    assert different("png") == {"chapters/fig-build.png"}
    floats = {"fig-build", "tbl-sums", "tbl-claims", "tbl-files", *EVIDENCE}
    assert different("csv") == {"data/interviews/counts.csv", *(f"chapters/{name}.csv" for name in floats)}
    assert different("zip") == {"data/interviews.zip"}
    twins = [path.relative_to(site).as_posix() for path in site.rglob("*.md")]
    changed_twins = {name for name in twins if stateless(site / name) != stateless(changed / "site" / name)}
    assert changed_twins == {f"{name}.md" for name in CHANGED}


def test_the_list_of_results_tells_what_changed(site, changed):
    def values(folder: Path) -> dict[str, object]:
        listed = json.loads((folder / "results.json").read_text(encoding="utf-8"))
        return {entry["name"]: entry.get("value", entry["text"]) for entry in listed["findings"]}

    before, after = values(site), values(changed / "site")
    assert before["interviews.build.scratch.of"] == 2 / 28 and after["interviews.build.scratch.of"] == 1 / 27
    moved = {name for name in before if before[name] != after[name]}
    assert moved and all(name.startswith(("interviews.build.", "interviews.claims.")) for name in moved), moved
