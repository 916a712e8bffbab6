"""A copy of the site can be verified, versions compared, and all of it be put on a host."""

from __future__ import annotations

import hashlib
import json
import re
import shutil
import subprocess
import sys
from pathlib import Path
from xml.etree import ElementTree

import pytest
import yaml
from project import CITATION

from surveybook.folders import Content
from surveybook.publish.build import Failed
from surveybook.publish.changes import COMPUTED, diff, markdown, read_versions, record, split_versions, write_table
from surveybook.publish.check import check
from surveybook.publish.comparison import Difference, compare_content, read_content
from surveybook.publish.finish import finish
from surveybook.publish.host import publish
from surveybook.publish.manifest import describe_file, git, source
from surveybook.publish.printing.pdf import link_print
from surveybook.publish.site.page import read_pages
from surveybook.publish.verify import first_difference, verify

IGNORED = "/site/\n/public/\n/.cache/\n__pycache__/\n"
BOOK = """project: {type: book, output-dir: site, post-render: hook.py after}
lang: en
book: {title: "A & B", author: "N", date: "2026-01-02", chapters: [index.qmd]}
"""
HOME = """# Home {.unnumbered}

The share is [22 of 25 (88%)]{.finding data-from="survey.yes.full"}.

## Verify {#sec-verify .how-to-verify}

Build it again.
"""


def command(folder: Path, *words: str) -> str:
    ended = subprocess.run(words, cwd=folder, capture_output=True, text=True, stdin=subprocess.DEVNULL)
    assert ended.returncode == 0, ended.stderr
    return ended.stdout.strip()


def commit(folder: Path, message: str = "All") -> str:
    identity = ("-c", "user.name=N", "-c", "user.email=n@example.org")
    command(folder, "git", "add", "-A")
    command(folder, "git", *identity, "commit", "-qm", message)
    return command(folder, "git", "rev-parse", "HEAD")


@pytest.fixture(scope="module")
def first(root, tmp_path_factory) -> Path:
    """A small book under git, with its site, and the project's own code, which Python compiles as it does for
    everybody."""
    folder = tmp_path_factory.mktemp("first") / "a project"
    files = {"_quarto.yml": BOOK, "index.qmd": HOME, "CITATION.cff": CITATION, ".gitignore": IGNORED,
             "data/survey/counts.csv": "answer,count\nyes,22\n"}
    for name, text in files.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(text, encoding="utf-8")
    shutil.copytree(root / "surveybook", folder / "surveybook", ignore=shutil.ignore_patterns("__pycache__"))
    shutil.copy(root / "hook.py", folder)
    command(folder, "git", "init", "-q")
    commit(folder)
    with pytest.MonkeyPatch.context() as patch:
        patch.delenv("PYTHONDONTWRITEBYTECODE", raising=False)
        build_site(folder)
    return folder


@pytest.fixture
def project(first, tmp_path, monkeypatch) -> Path:
    """A copy of it to change, without the site."""
    monkeypatch.delenv("PYTHONDONTWRITEBYTECODE", raising=False)
    copy = Path(shutil.copytree(first, tmp_path / "a project"))
    shutil.rmtree(copy / "site")
    return copy


@pytest.fixture
def built(first, project) -> Path:
    """The site of that copy."""
    return Path(shutil.copytree(first / "site", project / "site"))


def build_site(project: Path) -> None:
    command(project, sys.executable, "-m", "surveybook", "render", ".", "--output", "site")


def listed(site: Path) -> dict:
    return json.loads((site / "manifest.json").read_text(encoding="utf-8"))


# --- the manifest


@pytest.mark.parametrize("content", [b"", b"abc", b"x" * 300_000])
def test_a_file_is_described_alike_whether_it_is_held_or_not(content, tmp_path):
    (path := tmp_path / "file").write_bytes(content)
    told = {"bytes": len(content), "sha256": hashlib.sha256(content).hexdigest()}
    assert describe_file(path) == told
    assert describe_file(Content.of(content)) == told


def test_the_manifest_lists_every_file_of_the_site_as_it_is(site):
    files = {path.relative_to(site).as_posix(): path.read_bytes() for path in site.rglob("*") if path.is_file()}
    del files["manifest.json"]
    assert listed(site)["files"] == {
        name: {"bytes": len(content), "sha256": hashlib.sha256(content).hexdigest()} for name, content in files.items()
    }


def test_the_manifest_lists_what_the_site_is_made_from_and_nothing_else(site, root):
    told = listed(site)
    inputs = told["inputs"]
    assert {"_quarto.yml", "index.qmd", "requirements.txt", "CITATION.cff", "surveybook/theme/report.css",
            "data/interviews/counts.csv", "surveybook/survey/estimates/share.py", "chapters/data.qmd"} <= set(inputs)
    assert not [name for name in inputs if name.startswith((".", "site/", "tests/", "benchmarks/", "README"))]
    for name, one in inputs.items():
        assert one["sha256"] == hashlib.sha256((root / name).read_bytes()).hexdigest(), name
    assert told["builder"] == "the bundled renderer" and told["python"] == ".".join(map(str, sys.version_info[:3]))
    assert {"pandas", "scipy", "altair"} <= set(told["packages"])


def test_the_builder_is_told_from_the_pages(tmp_path):
    head = '<meta name="generator" content="quarto-1.9.38"><title>x</title>'
    page = f"<html><head>{head}</head><body><main></main></body></html>"
    (tmp_path / "site").mkdir()
    (tmp_path / "site" / "index.html").write_text(page, encoding="utf-8")
    finish(tmp_path, tmp_path / "site")
    assert listed(tmp_path / "site")["builder"] == "Quarto 1.9.38"


def test_what_git_knows_is_said_honestly(project):
    (revision,) = [command(project, "git", "rev-parse", "HEAD")]
    site = project / "site"
    assert (source(project, site, {}).commit, source(project, site, {}).changed) == (revision, False)
    (project / "notes.txt").write_text("new", encoding="utf-8")
    assert source(project, site, {}).changed
    (project / "notes.txt").unlink()
    (project / "tests").mkdir()
    (project / "tests" / "test_x.py").write_text("", encoding="utf-8")
    assert not source(project, site, {}).changed  # a test changes no page
    shutil.rmtree(project / ".git")
    assert (source(project, site, {}).commit, source(project, site, {}).changed) == ("", False)


def test_a_folder_inside_of_another_project_has_no_commit_of_its_own(project):
    assert git(project, "rev-parse", "HEAD") and not git(project / "data", "rev-parse", "HEAD")


# --- the last line of each page


def test_every_page_ends_with_its_edition_and_leads_to_how_to_verify_it(site):
    told = listed(site)
    for page in read_pages(site):
        if page.name == "404.html":  # which stands anywhere, and needs no other file
            continue
        footer = page.tree.css("body > section.edition")[-1]
        words = " ".join(footer.text().split())
        assert words.startswith(f"Version {told['version']} · commit {(told['commit'] or 'not known')[:10]}")
        assert f"data {told['data_sha256'][:10]}" in words
        assert ("with later changes" in words) == bool(told["changed_since_commit"])
        links = [link.attributes["href"] for link in footer.css("a")]
        up = "../" if "/" in page.name else ""
        place = "rebuild.html" if up else "chapters/rebuild.html"
        assert links == [f"{place}#sec-verify", f"{up}verify.html", f"{up}manifest.json"]


# --- verifying


def told_by(project: Path, site: Path) -> tuple[bool, list[str]]:
    said: list[str] = []
    return verify(project, site, said.append), said


def test_a_site_is_identical_to_one_built_anew(project, built, tmp_path):
    same, said = told_by(project, built)
    assert same and said[-1].startswith(f"identical: {built} is what the project makes, ")
    copy = shutil.copytree(built, tmp_path / "downloaded")
    assert told_by(project, copy)[0]


def test_what_was_changed_in_a_copy_is_found_with_its_first_difference(project, built):
    page = built / "index.html"
    page.write_text(page.read_text(encoding="utf-8").replace("22 of 25", "23 of 25"), encoding="utf-8")
    (built / "extra.txt").write_text("", encoding="utf-8")
    (built / "search.json").unlink()
    same, said = told_by(project, built)
    assert not same
    assert said[:4] == [
        "extra.txt: it is there and not listed in manifest.json",
        "index.html: it is not the file that manifest.json lists",
        "search.json: it is listed in manifest.json and not there",
        f"manifest: {len(listed(built)['files'])} files; 3 of them not as listed",
    ]
    assert said[-3] == "extra.txt: it is not in the site built anew"
    assert said[-1] == "search.json: only the site built anew has it"
    found = re.fullmatch(r"index\.html: line (\d+): “(.*)” here, “(.*)” built anew", said[-2])
    assert "23 of 25" in page.read_text(encoding="utf-8").splitlines()[int(found[1]) - 1]
    assert "3 of 25" in found[2] and "2 of 25" in found[3]


def test_a_changed_file_with_a_changed_manifest_is_found_by_building_anew(project, built):
    page = built / "index.html"
    page.write_text(page.read_text(encoding="utf-8").replace("22 of 25", "23 of 25"), encoding="utf-8")
    content = listed(built)
    content["files"]["index.html"] = {"bytes": page.stat().st_size,
                                      "sha256": hashlib.sha256(page.read_bytes()).hexdigest()}
    (built / "manifest.json").write_text(json.dumps(content, indent=1) + "\n", encoding="utf-8")
    same, said = told_by(project, built)
    assert not same and any(line.endswith("none of them not as listed") for line in said)
    assert [line.partition(":")[0] for line in said[-2:]] == ["index.html", "manifest.json"]


def test_a_site_of_other_inputs_is_not_compared_and_it_is_said_which(project, built):
    first = listed(built)["commit"][:10]
    (project / "data" / "survey" / "counts.csv").write_text("answer,count\nyes,23\n", encoding="utf-8")
    with pytest.raises(Failed) as failed:
        told_by(project, built)
    assert str(failed.value) == (
        "data/survey/counts.csv: this input is another one here\n"
        f"the site was made from other inputs than stand here; check out commit {first} and verify there"
    )


def test_a_site_of_another_commit_asks_for_that_commit(project, built):
    (project / "README.md").write_text("New.", encoding="utf-8")
    commit(project)
    with pytest.raises(Failed, match="the site names another commit than stands here; check out commit [0-9a-f]{10} "):
        told_by(project, built)


@pytest.mark.parametrize(("content", "message"), [
    (None, "has no manifest.json, so it is no site to verify; build one"),
    ("[]", "cannot be read as a manifest"),
    ("{", "cannot be read as a manifest"),
    ("{}", "cannot be read as a manifest"),
])  # fmt: skip
def test_what_is_no_site_is_one_sentence(content, message, project):
    (project / "site").mkdir()
    if content is not None:
        (project / "site" / "manifest.json").write_text(content, encoding="utf-8")
    with pytest.raises(Failed, match=message):
        told_by(project, project / "site")


def test_the_first_difference_is_told_in_words():
    assert first_difference(b"same", b"same") is None
    assert first_difference(b"a\nb 1\n", b"a\nb 2\n") == "line 2: “a b 1” here, “a b 2” built anew"
    assert first_difference(b"a", b"") == "line 1: “a” here, “its end” built anew"


# --- what changed between two sites, and two versions


def test_a_changed_number_is_told_with_the_cell_and_the_sentence_that_show_it(site, tmp_path):
    other = shutil.copytree(site, tmp_path / "other")
    page = other / "chapters" / "practice.html"
    text = page.read_text(encoding="utf-8")
    sentence = "22 of 25 (88%, 95% interval 70% to 96%)</span>"
    assert ">22</td>" in text and sentence in text
    text = text.replace(">22</td>", ">21</td>", 1).replace(sentence, "21 of 25 (84%)</span>")
    page.write_text(text.replace('id="sec-secured"', 'id="sec-safe"'), encoding="utf-8")
    found = compare_content(read_content(site), read_content(other))
    assert compare_content(read_content(site), read_content(site)) == []
    cell, sentence = (one for one in found if one.kind == "result")
    assert sentence.name == "interviews.secures.no.full"
    assert sentence.new == "22 of 25 (88%, 95% interval 70% to 96%) / 21 of 25 (84%)"  # the front page says the old one
    assert (cell.old, cell.new) == ("22", "21") and cell.name.endswith(": No, Count")


def test_the_real_site_says_many_things_by_name(site):
    said = read_content(site)
    assert len(said.results) > 200 and len(said.anchors) > 50
    assert said.anchors["sec-verify"] == "chapters/rebuild.html"


def test_what_only_a_builder_gives_an_id_is_no_anchor(tmp_path):
    (tmp_path / "index.html").write_text(
        """<main><div id="fig-a"><figcaption id="fig-a-caption-0ceaefa1-69ba-4598-a22c-09a6ac19f8ca"></figcaption></div>
        <p id="quarto-x"></p><section id="sec-a-caption-of-ours"></section></main>""", encoding="utf-8")
    assert set(read_content(tmp_path).anchors) == {"fig-a", "sec-a-caption-of-ours"}


def test_two_versions_are_compared_by_building_both(project):
    command(project, "git", "tag", "v1.1.0")
    home = project / "index.qmd"
    changed = HOME.replace("22 of 25 (88%)", "23 of 25 (92%)").replace("sec-verify", "sec-again")
    home.write_text(changed, encoding="utf-8")
    (project / "data" / "survey" / "counts.csv").write_text("answer,count\nyes,23\n", encoding="utf-8")
    commit(project)
    said: list[str] = []
    found = diff(project, "v1.1.0", "HEAD", said.append)
    assert said == ["building v1.1.0", "building HEAD"]
    assert [(one.kind, one.name) for one in found] == [
        ("result", "survey.yes.full"), ("anchor", "sec-again"), ("anchor", "sec-verify"),
        ("data", "data/survey/counts.csv"),
    ]  # fmt: skip
    assert (found[0].old, found[0].new) == ("22 of 25 (88%)", "23 of 25 (92%)")
    assert diff(project, "HEAD", "HEAD", said.append) == []


def test_a_revision_that_git_does_not_know_is_one_sentence(project):
    with pytest.raises(Failed) as failed:
        diff(project, "v9", "HEAD", print)
    assert str(failed.value) == "git knows no revision v9 here; name a tag, a branch or a commit (git tag, git log)"


def test_a_revision_that_does_not_build_says_why(project):
    (project / "index.qmd").write_text(f"{HOME}\n@fig-gone\n", encoding="utf-8")
    revision = commit(project)
    with pytest.raises(Failed, match=r"index\.qmd:9: .*fig-gone[\s\S]*does not build here"):
        diff(project, revision, "HEAD~1", lambda line: None)


FOUND = [Difference("result", "survey.yes.full", "22 of 25 (88%)", "23 of 25 (92%)"),
         Difference("anchor", "sec-a_b|c", "", "a.html")]


def test_differences_read_as_a_table():
    assert write_table(FOUND, "v1", "v2").splitlines() == [
        "What    Name             v1              v2",
        "result  survey.yes.full  22 of 25 (88%)  23 of 25 (92%)",
        "anchor  sec-a_b|c        –               a.html",
    ]
    assert write_table([], "v1", "v2") == "no result, anchor or file of data differs between v1 and v2"
    assert markdown(FOUND, "v1", "v2").splitlines()[-1] == r"| anchor | sec\-a\_b\|c | – | a\.html |"


CHANGES = """## Version 1.2.0 {#sec-version-1-2-0}

Published 2026-01-02.

One answer was counted twice.

## Version 1.1.0 {#sec-version-1-1-0}

The first version.
"""


def test_differences_are_recorded_below_the_words_on_the_version_once(tmp_path):
    path = tmp_path / "CHANGES.md"
    path.write_text(CHANGES, encoding="utf-8")
    record(tmp_path, [], "v1.1.0", "v1.2.0")
    record(tmp_path, FOUND, "v1.1.0", "v1.2.0")
    text = path.read_text(encoding="utf-8")
    assert text.count("<!-- computed: v1.1.0 to v1.2.0 -->") == 1 and "No result" not in text
    assert text.index("counted twice") < text.index("survey") < text.index("## Version 1.1.0")
    before = text
    record(tmp_path, FOUND, "v1.1.0", "v1.2.0")
    assert path.read_text(encoding="utf-8") == before
    assert [one.words for one in split_versions(text)] == ["One answer was counted twice.", "The first version."]
    with pytest.raises(Failed, match="CHANGES.md does not have this version; begin a section “## Version 1.3.0 "):
        record(tmp_path, FOUND, "v1.2.0", "v1.3.0")


def test_the_newest_version_of_the_report_is_the_one_that_is_cited(root, site):
    cited = yaml.safe_load((root / "CITATION.cff").read_text(encoding="utf-8"))
    newest = read_versions(root)[0]
    assert (newest.name, newest.date) == (cited["version"], cited["date-released"])
    (page,) = (page for page in read_pages(site) if page.name == "chapters/changes.html")
    assert {one.anchor for one in read_versions(root)} <= page.targets


def test_every_version_but_the_first_has_its_computed_differences(root):
    text = (root / "CHANGES.md").read_text(encoding="utf-8")
    *later, first = split_versions(text)
    assert first.words and not COMPUTED.search(text[first.start : first.end])
    for one in later:
        assert COMPUTED.search(text[one.start : one.end]), f"make diff RECORD=--record B=v{one.name} A=..."


# --- for a static host


@pytest.fixture
def cited(project):
    """cited(url): the project with this address, built."""

    def at(url: str) -> Path:
        (project / "CITATION.cff").write_text(CITATION + (f"url: {url}\n" if url else ""), encoding="utf-8")
        (project / "CHANGES.md").write_text(CHANGES.replace("sec-version-1-2-0", "sec-verify"), encoding="utf-8")
        commit(project)
        build_site(project)
        return project

    return at


def test_without_an_address_nothing_absolute_is_written(cited):
    project = cited("")
    line = publish(project, project / "site", project / "public")
    assert line.startswith("publish: 3 pages for any address (CITATION.cff has no url")
    there, before = ({path.name for path in (project / name).iterdir()} for name in ("public", "site"))
    assert there - before == {"robots.txt", ".nojekyll"}
    assert (project / "public" / "robots.txt").read_text() == "User-agent: *\nAllow: /\n"
    dead = (project / "public" / "404.html").read_text(encoding="utf-8")
    assert "A &amp; B has no page at this address." in dead and "href=" not in dead and "src=" not in dead
    assert check(project / "public") == []


def test_with_an_address_there_are_a_map_and_a_feed(cited):
    project = cited("https://report.example/ml/")
    publish(project, project / "site", project / "public")
    names = {"a": "http://www.w3.org/2005/Atom", "s": "http://www.sitemaps.org/schemas/sitemap/0.9"}
    _, entry, _ = ElementTree.parse(project / "public" / "sitemap.xml").findall("s:url", names)
    assert [part.text for part in entry] == ["https://report.example/ml/index.html", "2026-01-02"]
    assert "Sitemap: https://report.example/ml/sitemap.xml\n" in (project / "public" / "robots.txt").read_text()
    feed = ElementTree.parse(project / "public" / "feed.xml").getroot()
    assert feed.findtext("a:id", None, names) == "https://report.example/ml/feed.xml"
    assert feed.findtext("a:updated", None, names) == "2026-01-02T00:00:00Z"
    (version,) = feed.findall("a:entry", names)  # the other one is not published
    assert version.findtext("a:title", None, names) == "Version 1.2.0"
    assert version.findtext("a:id", None, names) == "https://report.example/ml/index.html#sec-verify"
    assert version.findtext("a:content", None, names) == "One answer was counted twice."
    assert 'href="https://report.example/ml/index.html"' in (project / "public" / "404.html").read_text()


def test_what_was_published_can_be_verified_and_published_again(cited):
    project = cited("https://report.example/")
    publish(project, project / "site", project / "public")
    (project / "report.pdf").write_bytes(b"%PDF of the whole report")
    for _ in range(2):  # a print takes the place of an earlier one
        link_print(project, project / "site", project / "report.pdf")
    assert (project / "site" / "index.html").read_text("utf-8").count('<a class="whole-report" href="report.pdf">') == 1
    publish(project, project / "site", project / "public")
    assert {"feed.xml", "report.pdf"} <= listed(project / "public")["files"].keys()
    same, said = told_by(project, project / "public")
    assert same and "note: report.pdf is taken as it is; compare it with what surveybook pdf prints" in said


def test_a_folder_that_is_no_published_site_is_not_thrown_away(cited):
    project = cited("")
    (project / "public").mkdir()
    (project / "public" / "letter.txt").write_text("dear", encoding="utf-8")
    with pytest.raises(Failed, match="public is something other than a published site, and would be lost;"):
        publish(project, project / "site", project / "public")
    assert (project / "public" / "letter.txt").read_text() == "dear"


# --- by itself, at every change and every night


def test_the_workflow_may_do_no_more_than_it_must_and_publishes_only_what_was_compared(root):
    workflow = yaml.safe_load((root / ".github" / "workflows" / "site.yml").read_text(encoding="utf-8"))
    assert workflow["permissions"] == {"contents": "read"}
    jobs = workflow["jobs"]
    assert {name: job.get("permissions") for name, job in jobs.items() if "permissions" in job} == {
        "deploy": {"pages": "write", "id-token": "write"}
    }
    assert jobs["deploy"]["needs"] == ["test", "build"] and "schedule" in workflow[True]
    steps = [step for job in jobs.values() for step in job["steps"]]
    for step in steps:
        assert re.fullmatch(r"[\w./-]+@(v\d+|[0-9a-f]{40})", step.get("uses", "x@v1")), step
        assert step.get("with", {}).get("persist-credentials", False) is False
    ran = "\n".join(step.get("run", "") for step in jobs["build"]["steps"])
    for one in ("BUILDER=quarto", "BUILDER=renderer", "make verify", "surveybook compare", "make publish"):
        assert one in ran
    targets = re.findall(r"make ([a-z]+)", "\n".join(step.get("run", "") for step in steps))
    assert all(f"\n{target}:" in (root / "Makefile").read_text(encoding="utf-8") for target in targets)
