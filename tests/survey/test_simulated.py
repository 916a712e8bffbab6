"""The label of drawn data: on everything that is shown, and gone where people answered."""

from __future__ import annotations

import json
import re
import shutil
from pathlib import Path

import pytest
from drawn import shown
from project import DATA, ROOT, as_real

from analysis import figures, tables
from surveybook.survey.data import seal
from surveybook.survey.data.codebook import read_codebook
from surveybook.survey.data.loader import read_study
from surveybook.survey.data.package import read_descriptor
from surveybook.survey.data.simulation import simulate
from surveybook.survey.evidence.findings import Findings
from surveybook.survey.show import theme

SURVEY = DATA / "practitioners"


@pytest.fixture
def copy(tmp_path) -> Path:
    """A copy of the survey that a test may spoil."""
    return Path(shutil.copytree(SURVEY, tmp_path / "practitioners"))


SHOWN = {
    "figure": lambda findings: figures.shares(findings, next(iter(findings.study.questions))),
    "table": lambda findings: tables.shares(findings, next(iter(findings.study.questions))),
    "codebook": tables.codebook,
    "files": tables.files,
    "sums": tables.sums,
}


@pytest.fixture(scope="module", params=["interviews", "practitioners"])
def either(request, tmp_path_factory) -> dict[bool, Findings]:
    """The findings of each kind of study, with the flag `simulated` and without it, and nothing else changed."""
    found = {}
    for simulated in (True, False):
        folder = shutil.copytree(DATA / request.param, tmp_path_factory.mktemp("flag") / request.param)
        path = folder / "datapackage.yaml"
        text = path.read_text(encoding="utf-8")
        text = text.replace("simulated: false", "simulated: true") if simulated else as_real(text)
        path.write_text(text, encoding="utf-8")
        found[simulated] = Findings(read_study(folder), ROOT)  # verdicts are kept by the answers
    return found


@pytest.mark.parametrize("show", SHOWN.values(), ids=SHOWN)
def test_the_flag_puts_the_label_on_everything_that_is_shown(either, show):
    page = shown(show(either[True]))
    (element,) = page.css(".report-figure, .report-table")
    assert "simulated" in element.attributes["class"].split()
    assert element.attributes["data-evidence"] == "simulated"
    assert page.css_first(".table-scroll").attributes["aria-label"].startswith("Simulated data. ")
    assert json.loads(page.css_first("script.report-data").text())["simulated"] is True
    for drawing in page.css("svg"):
        assert drawing.attributes["aria-label"].startswith("Simulated data. ")
        assert "Simulated data" in [text.text() for text in drawing.css("text")]


@pytest.mark.parametrize("show", SHOWN.values(), ids=SHOWN)
def test_without_the_flag_there_is_no_label_and_the_numbers_are_the_same(either, show):
    labelled, bare = show(either[True]), show(either[False])
    words = bare._repr_mimebundle_()["text/markdown"].replace('"simulated": false', "")
    assert not re.search("simulat", words, re.IGNORECASE), re.findall(".{40}imulat.{40}", words)
    rows = [[row.text() for row in shown(thing).css("tbody tr")] for thing in (labelled, bare)]
    unlike = [other for one, other in zip(*rows, strict=True) if one != other]
    assert rows[0] and all("responses.csv" in row and "not published" in row for row in unlike)
    assert len(unlike) <= (show is SHOWN["files"]), "the rows of real answers are not given away; all else is the same"


def test_every_finding_of_a_simulated_study_says_so_in_its_span_and_no_other_does(either):
    simulated, real = either[True], either[False]
    mark = ']{.finding .simulated data-label="Simulated data" title="Simulated data" data-from='
    for finding in simulated.walk():
        assert mark in finding._repr_markdown_()
        kind = "simulated" if finding.evidence == "simulated" else "declared"
        assert finding._repr_markdown_().endswith(f' data-evidence="{kind}"}}')
    assert all("]{.finding data-from=" in finding._repr_markdown_() for finding in real.walk())
    assert not any("simulat" in finding.lower() for finding in real.walk())
    sentences = {"source", "provenance", "answers"}
    for one, other in zip(simulated.walk(), real.walk(), strict=True):
        assert one.source == other.source
        plain = one.replace("The simulated answers", "The answers")
        assert plain == other or one.source.rpartition(".")[2] in sentences


def test_what_was_said_before_any_answer_is_not_called_drawn(either):
    """Real answers to the same questions would change nothing of it."""
    said = {one.source for one in either[True].walk() if one.evidence == "declared"}
    study = either[True].study
    assert {f"{study.id}.provenance", *(f"{study.id}.{name}.label" for name in study.questions)} <= said
    assert not {f"{study.id}.{name}.answered" for name in study.questions} & said


def test_a_simulated_picture_says_so_behind_its_marks_which_are_hollow_and_where_they_were(either):
    dotted = {"interviews": lambda findings: figures.readings(findings, "secures", "no"),
              "practitioners": lambda findings: figures.shares(findings, "defenses")}[either[True].study.id]

    def drawn(simulated: bool) -> list:
        return [svg for show in (SHOWN["figure"], dotted) for svg in shown(show(either[simulated])).css("svg")]

    for one, other in zip(drawn(True), drawn(False), strict=True):
        assert one.attributes["viewBox"] == other.attributes["viewBox"]
        behind, texts = one.css_first("g").css("text"), [text.text() for text in one.css("text")]
        assert behind and {text.text() for text in behind} == {"Simulated data"}
        assert texts[len(behind):] == [text.text() for text in other.css("text")]
        left, top, width, height = map(float, one.attributes["viewBox"].split())
        rows = sorted({float(text.attributes["y"]) for text in behind})
        assert all(after - before <= 100 for before, after in zip([top, *rows], [*rows, top + height], strict=True))
        assert "var(--figure-mark" not in one.html
        lines = one.css(f'line[stroke="{theme.PAPER}"]')  # of a hatch
        dots = [node for node in one.css("path") if "A" in (node.attributes.get("d") or "")]
        assert {(dot.attributes["fill"], dot.attributes["stroke"]) for dot in dots} <= {(theme.PAPER, theme.SIMULATED)}
        assert bool(lines) != bool(dots) and theme.PAPER not in "".join(node.html for node in other.css("line"))


def test_real_responses_take_every_label_away_and_every_number_is_computed_anew(copy, study):
    before = {finding.source: str(finding) for finding in Findings(study, ROOT).walk()}
    (copy / "responses.csv").write_text(
        simulate.simulated(copy, seed=4).replace("SYN-", "R"), encoding="utf-8", newline=""
    )
    path = copy / "datapackage.yaml"
    path.write_text(as_real(path.read_text(encoding="utf-8")), encoding="utf-8")
    seal.seal(copy)
    real = read_study(copy)
    findings = Findings(real)
    for name, question in real.questions.items():
        rows = real.package.tables["responses"]
        if question.kind in ("yes-no", "ordered", "nominal"):
            counts = rows[name].value_counts()
            assert dict(question.distribution.counts) == {item: counts.get(item, 0) for item in question.answers}
        words = tables.shares(findings, name)._repr_mimebundle_()["text/markdown"].replace('"simulated": false', "")
        assert not re.search("simulat", words, re.IGNORECASE), name
    picture = figures.shares(findings, "exposure")._repr_mimebundle_()["text/markdown"]
    assert "Simulated" not in picture and "simulated\"" not in picture.replace('"simulated": false', "")
    after = {finding.source: str(finding) for finding in findings.walk()}
    assert not any(re.search("simulat", words, re.IGNORECASE) for words in after.values())
    moved = [name for name in real.questions
             if real.questions[name].distribution != study.questions[name].distribution]
    assert len(moved) == len(real.questions)
    assert after["practitioners.exposure.is_0.of"] != before["practitioners.exposure.is_0.of"]


def test_the_codebook_can_be_read_without_the_responses(copy):
    (copy / "responses.csv").unlink()
    assert "exposure" in read_codebook(read_descriptor(copy, "study"))
