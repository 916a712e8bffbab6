"""Nothing of a respondent reaches the site: small counts are withheld, and cannot be worked out from what is shown."""

from __future__ import annotations

import base64
import csv
import hashlib
import json
import re
import shutil
import zipfile
from pathlib import Path

import frictionless
import numpy as np
import pytest
import yaml
from project import DATA, ROOT, SMALL
from scipy.optimize import linprog
from scipy.sparse import csr_array

from analysis import figures
from surveybook.publish.checks.respondents import respondents_shown
from surveybook.publish.checks.withheld import withheld_told
from surveybook.publish.downloads.studies import read_archive
from surveybook.publish.manifest import source
from surveybook.publish.site.study import read_studies, undisclosed
from surveybook.survey.data.codebook import read_codebook
from surveybook.survey.data.loader import read_study
from surveybook.survey.data.package import read_descriptor
from surveybook.survey.data.seal import seal
from surveybook.survey.data.simulation.simulate import simulated
from surveybook.survey.estimates.share import WITHHELD, Share, known
from surveybook.survey.evidence.findings import Findings
from surveybook.survey.evidence.withheld import advice
from surveybook.survey.stats.contingency import DRAWS, SEED
from surveybook.survey.verdicts.test import judged
from surveybook.survey.words import text

K = 5
NAME = "clinic"
SEEDS = {"residents": 25, "practitioners": 20260101}  # the first draws answers of which a whole figure is withheld
FIGURES = {  # of each questionnaire
    "residents": {
        "shares": [["age"], ["district"], ["garden"], ["reasons"]], "bars": [["noticed"]], "yes": [["damage"]],
        "ordered": [["worry"]], "readings": [["garden", "yes"]],
    },
    "practitioners": {
        "shares": [["size"], ["sector"], ["maturity"], ["role"], ["education"], ["defenses"], ["expected_likelihood"]],
        "bars": [["exposure"], ["defenses_count"], ["ml_years"]],
        "yes": [["threat exposure"], ["organizational factor"]],
        "ordered": [["threat perception"], ["prior knowledge"]],
        "options": [["threat perception"]],
        "readings": [["sector", "security"]],
    },
}

CROSSED = {"residents": {"district": ["garden", "reasons", "worry_dry"], "age": ["noticed"]},
           "practitioners": {"maturity": ["had_training", "defenses", "knowledge_ml"]}}


def made_up(folder: Path, questionnaire: str) -> Path:
    """A study of its own in `folder`, said to be real: the questionnaire of a simulated one, and its answers or others
    drawn from its model."""
    shutil.copytree((SMALL / "data" if questionnaire == "residents" else DATA) / questionnaire, folder)
    rows = (folder / "responses.csv").read_text(encoding="utf-8")
    if (folder / "simulation.yaml").is_file():
        rows = simulated(folder, seed=SEEDS[questionnaire])
        for drawn in ("simulation.yaml", "design.yaml"):  # of a real survey there is no model
            (folder / drawn).unlink(missing_ok=True)
        shutil.rmtree(folder / "design", ignore_errors=True)
    (folder / "responses.csv").write_text(rows.replace("SYN-", "patient-"), encoding="utf-8", newline="")
    path = folder / "datapackage.yaml"
    descriptor = path.read_text(encoding="utf-8").replace(f"name: {questionnaire}\n", f"name: {folder.name}\n", 1)
    descriptor = descriptor.replace("simulated: true", "simulated: false")
    pairs = yaml.safe_dump({"crossed": CROSSED[questionnaire]})
    path.write_text(descriptor.replace("minimum_cell: none", f"minimum_cell: {K}") + pairs, encoding="utf-8")
    seal(folder)
    return folder


def everything(study, questionnaire: str, book: Path) -> str:
    """A chapter with every kind of figure and table, and every finding of the study."""
    imported = f"```{{python}}\nfrom analysis import {NAME}, figures, sections, tables\n```\n"
    parts = [imported, "# All of it {#sec-all}\n"]

    def cell(label: str, call: str) -> None:
        parts.append(f'```{{python}}\n#| label: {label}\n#| {label[:3]}-cap: "Shown."\n{call}\n```\n')

    for function, calls in FIGURES[questionnaire].items():
        for number, names in enumerate(calls):
            said = ", ".join(f'"{name}"' for name in names)
            cell(f"fig-{function}-{number}", f"figures.{function}({NAME}, {said})")
    for number, (name, by) in enumerate(study.crossed):
        families = {"ordered": ("crossed", "scores", "means"), "count": ("crossed", "means")}
        for function in families.get(study.questions[name].kind, ("crossed",)):
            cell(f"fig-{function}-{number}", f'figures.{function}({NAME}, "{name}", by="{by}")')
        if study.questions[name].kind in families:
            cell(f"tbl-differences-{number}", f'tables.differences({NAME}, "{name}", by="{by}")')
    for question in study.questions.values():
        cell(f"tbl-of-{question.id.replace('_', '-')}", f'tables.shares({NAME}, "{question.id}")')
    for function in ("hypotheses", "effects", "missing", "codebook", "files", "constructs"):
        cell(f"tbl-{function}", f"tables.{function}({NAME})")
    cell("fig-forest", f"figures.forest({NAME})")
    for family in dict.fromkeys(one.family.id for one in study.hypotheses.values()):
        parts.append(f'```{{python}}\n#| output: asis\nsections.passports({NAME}, "{family}")\n```\n')
    for finding in Findings(study, book).walk():  # what is judged here is kept for the build
        parts.append(f"`{{python}} {finding.source}`\n")
    return "\n".join(parts)


@pytest.fixture(scope="module", params=["residents", pytest.param("practitioners", marks=pytest.mark.exhaustive)])
def book(request, book_of_one_chapter, tmp_path_factory) -> Path:
    """A book with a study that withholds counts below five, and a chapter that shows all of it."""
    book = book_of_one_chapter(tmp_path_factory.mktemp("disclosure") / "book", "all", "")
    study = read_study(made_up(book / "data" / NAME, request.param))
    (book / "chapters" / "all.qmd").write_text(everything(study, request.param, book), encoding="utf-8")
    with open(book / "references.bib", "a", encoding="utf-8") as references:  # hypotheses name who published a relation
        references.write((ROOT / "references.bib").read_text(encoding="utf-8"))
    return book


@pytest.fixture(scope="module")
def protected(book, build) -> Path:
    return build(book)


# --- what an attacker can work out of the published files


def number(cell: str | float | None) -> float | None:
    return None if cell in ("", None, text.WITHHELD) else float(cell)


def read_counts(site: Path, label: str) -> list[dict[str, str]]:
    return list(csv.DictReader((site / "chapters" / f"{label}.csv").read_text("utf-8-sig").splitlines()))


def facts(site: Path, label: str) -> dict:
    return json.loads((site / "chapters" / f"{label}.json").read_text("utf-8"))


class Attacker:
    """What sums of published counts say about those that are not published: unknown numbers that are not negative."""

    def __init__(self, study):
        self.respondents = len(study.responses.answers)  # which the study tells everybody
        self.places: dict[tuple, int] = {}
        self.equations: list[tuple[dict[tuple, int], float]] = []
        self.told: set[tuple] = set()

    def learn(self, name: tuple, value: float | None) -> tuple:
        self.places.setdefault(name, len(self.places))
        if value is not None:
            self.told.add(name)
            self.equations.append(({name: 1}, value))
        return name

    def sums(self, whole: tuple, *parts: tuple) -> None:
        for name in (whole, *parts):
            self.places.setdefault(name, len(self.places))
        self.equations.append(({whole: 1} | dict.fromkeys(parts, -1), 0))

    def limits(self, name: tuple) -> tuple[float, float]:
        rows, columns, values = zip(*((row, self.places[part], weight) for row, (parts, _) in enumerate(self.equations)
                                      for part, weight in parts.items()), strict=True)
        weights = csr_array((values, (rows, columns)), shape=(len(self.equations), len(self.places)))
        aim, known = np.zeros(len(self.places)), [value for _, value in self.equations]
        aim[self.places[name]] = 1
        low, high = (linprog(sign * aim, A_eq=weights, b_eq=known, method="highs") for sign in (1, -1))
        assert low.status == 0, "the published counts contradict each other"
        return low.fun, -high.fun if high.status == 0 else np.inf

    def question(self, site: Path, declared) -> None:
        """Learn all that is published of one question."""
        name, label = declared.id, f"tbl-of-{declared.id.replace('_', '-')}"
        told = facts(site, label)["question"]
        everyone = self.learn(("all",), self.respondents)
        asked = self.learn((name, "asked"), number(told["asked"]))
        answered = self.learn((name, "answered"), number(told["answered"]))
        missing = [self.learn((name, code), number(count)) for code, count in told["missing"].items()]
        answers = [self.learn((name, row["answer"]), number(row["count"])) for row in read_counts(site, label)]
        for row in read_counts(site, label):
            if number(row["base"]) is not None:
                self.learn(answered, number(row["base"]))
        if declared.condition:
            self.sums(asked, *((declared.condition.question, answer) for answer in declared.condition.answers))
        else:
            self.sums(everyone, asked)
        self.sums(asked, answered, *missing)
        if declared.kind != "multi-select":
            self.sums(answered, *answers)
        else:
            for answer in answers:
                self.sums(answered, answer, (*answer, "not chosen"))


@pytest.fixture(scope="module")
def study(book):
    return read_study(book / "data" / NAME)


def guarded(attacker: Attacker, name: tuple, true: int) -> None:
    low, high = attacker.limits(name)
    assert high - low > K - 1.01, (name, true, low, high)
    if 0 < true < K:
        assert low < 1.01 and high > K - 1.01, (name, true, low, high)


def test_no_withheld_count_of_a_question_can_be_subtracted_back(protected, study):
    attacker = Attacker(study)
    for question in study.responses.codebook.values():
        attacker.question(protected, question)
    hidden = 0
    for name in study.questions:
        true = study.responses.distribution(name)
        sizes = {"answered": true.answered, "asked": true.asked, **true.counts, **true.missing}
        for part, size in sizes.items():
            if (name, part) in attacker.told:
                assert part not in true.counts or not 0 < size < K, (name, part)
            else:
                hidden += 1
                guarded(attacker, (name, part), size)
    assert hidden > 1


def test_a_cross_table_is_shown_whole_or_not_at_all(protected, study):
    """Its answers are put together until no count is small; what can be worked out of that is tried in test_attack."""
    told, together, silent = 0, 0, 0
    for hypothesis in study.hypotheses.values():
        first, second = hypothesis.predictor, hypothesis.outcome
        published = facts(protected, f"tbl-{hypothesis.id}")["passport"]
        *rows, whole = read_counts(protected, f"tbl-counts-{hypothesis.id}")
        columns = published["table"]["columns"]
        counts = [[number(row[label]) for label in columns] for row in rows]
        assert counts == [list(map(number, line)) for line in published["table"]["counts"]]
        if counts[0][0] is None:
            silent += 1
            assert {cell for line in counts for cell in line} == {None} == {number(whole[label]) for label in columns}
            assert not (published["test"] or published["effect"] or published["equivalence"])
            assert [one["effect"] for one in published["choices"]] == [None] and "withheld" in published["sentence"]
            continue
        told += 1
        true = true_grid(study, first, second)
        for row, line in zip(rows, counts, strict=True):
            for label, count in zip(columns, line, strict=True):
                parts = [true[a, b] for a in meant(first, row["answer"]) for b in meant(second, label)]
                together += len(parts) > 1
                assert count == sum(parts)
                assert count >= K or not count and (not sum(line) or not number(whole[label]))
    assert told and together and silent


def meant(question, label: str) -> list[str]:
    """The answers that a line of a cross table puts together."""
    return [answer for answer in question.answers if question.labels[answer] in label]


def test_tests_and_sizes_are_those_of_the_published_table(protected, study):
    """Whoever has the table has them already: they tell nothing of the counts behind it."""
    for hypothesis in study.hypotheses.values():
        published = facts(protected, f"tbl-{hypothesis.id}")["passport"]
        if not published["test"]:
            continue
        table = tuple(tuple(line) for line in published["table"]["counts"])
        again = judged(table, hypothesis, DRAWS, SEED)
        assert published["test"]["p"] == again.tested.p and published["test"]["statistic"] == again.tested.statistic
        assert (published["effect"]["value"], published["effect"]["low"], published["effect"]["high"]) \
            == (again.size.value, again.size.interval.low, again.size.interval.high)
        for one in published["choices"]:
            others = one["about"] in ("missing", "people") or "adjusted for" in one["choice"]
            assert (one["n"], one["effect"], one["p"]) == (None, None, None) if others else one["n"] == published["n"]


def true_grid(study, first, second) -> dict[tuple[str, str], int]:
    """The true counts of pairs of answers, counted from the rows, numbers in their bands."""
    answers = study.responses.answers
    columns = []
    for question in (first, second):
        column = answers[question.id]
        if question.bands:
            column = column.map(lambda value, q=question: q.answers[sum(least <= value for least in q.bands) - 1],
                                na_action="ignore")
        columns.append(column.astype(object))
    pairs = list(zip(*columns, strict=True))
    return {(a, b): pairs.count((a, b)) for a in first.answers for b in second.answers}


COUNTS = ("count", "base", "upper", "lower", "n", "asked", "answered", "all", "not-asked")


def counts_in(value, name: str = ""):
    """Every number in plain data that counts people, with its key."""
    if isinstance(value, dict):
        for key, entry in value.items():
            yield from counts_in(entry, key)
    elif isinstance(value, list):
        for entry in value:
            yield from counts_in(entry, name)
    elif name in COUNTS and isinstance(value, int | float):
        yield name, value


def test_no_file_holds_a_small_count(protected):
    found = 0
    for path in protected.rglob("*.json"):
        for name, count in counts_in(json.loads(path.read_text("utf-8"))):
            found += 1
            assert not 0 < count < K, f"{path.name}: {name} is {count}"
    assert found > 200


def test_sentences_say_that_a_number_is_withheld(protected, study):
    results = json.loads((protected / "results.json").read_text("utf-8"))["findings"]
    words = {entry["name"]: entry for entry in results}
    withheld_ones = 0
    for question in study.questions.values():
        true = study.responses.distribution(question.id)
        for answer, count in true.counts.items():
            entry = words[f"{NAME}.{question.id}.{answer.replace('-', '_')}.count"]
            if 0 < count < K:
                withheld_ones += 1
                assert entry["text"] == "withheld" and "value" not in entry
    assert withheld_ones
    assert not [entry for entry in results if re.search(r"\bnan\b", entry["text"], re.I)]


def test_neither_the_archive_nor_another_file_has_the_rows(protected, study):
    with zipfile.ZipFile(protected / "data" / f"{NAME}.zip") as archive:
        assert f"{NAME}/datapackage.yaml" in archive.namelist()
        assert not [name for name in archive.namelist() if "responses" in name]
    for path in protected.rglob("*"):
        if path.is_file():
            assert b"patient-" not in path.read_bytes(), path


def test_a_figure_without_a_share_that_may_be_shown_says_so(protected, study):
    untold = [one for one in study.questions.values() if not any(map(known, one.distribution.counts.values()))]
    page = (protected / "chapters" / "all.html").read_text("utf-8")
    assert ("Nothing is drawn, as every share is withheld." in page) == bool(untold)
    assert "nan" not in re.findall(r"\w+", page.lower())


def test_the_words_of_a_figure_rank_no_answers_of_which_some_are_withheld(tmp_path):
    study = read_study(made_up(tmp_path / NAME, "practitioners"))
    told = {name: figures.shares(Findings(study), name).told for name, question in study.questions.items()
            if question.distribution.withheld and question.distribution.answered}
    assert any("withheld" in words for words in told.values())
    for name, words in told.items():
        assert not re.search(r"[Mm]ost often|least often|Along the scale", words), name


def test_a_withheld_number_is_never_a_digit():
    hidden = Share(WITHHELD, 20)
    assert {str(words) for words in (text.whole(WITHHELD), text.of(hidden), text.full(hidden),
                                     text.span(hidden.interval), text.percent(hidden.value))} == {"withheld"}
    assert not known(sum([3, WITHHELD, 4]))


def test_an_author_is_told_what_is_withheld_and_what_to_do(tmp_path):
    told = list(advice(read_study(made_up(tmp_path / NAME, "residents"))))
    assert any(line.startswith("withheld of “age”: young") and "put its answers together" in line for line in told)
    assert "nothing is told of “noticed”, as it is withheld how many answered a question that it counts" in told
    assert any("is not judged, as its counts are withheld" in line for line in told)
    assert list(advice(read_study(DATA / "practitioners"))) == []


# --- what is told of files that are not published


def test_nothing_is_told_of_a_file_that_is_not_published(protected, book):
    """Its size and hash would confirm a guess of all answers, and so would the hash of the descriptor that has both."""
    told = json.loads((protected / "manifest.json").read_text("utf-8"))
    folder = book / "data" / NAME
    original = (folder / "datapackage.yaml").read_bytes()
    assert not [name for name in told["inputs"] if name == f"data/{NAME}/responses.csv"]
    listed = told["inputs"][f"data/{NAME}/datapackage.yaml"]
    assert listed["sha256"] != hashlib.sha256(original).hexdigest()
    given = (protected / "data" / NAME / "datapackage.yaml").read_bytes()
    assert listed["sha256"] == hashlib.sha256(given).hexdigest()
    (resource,) = [one for one in yaml.safe_load(given)["resources"] if one["name"] == "responses"]
    assert not {"path", "bytes", "hash"} & resource.keys()
    assert len(resource["data"]) == 1 and resource["schema"]["fields"]
    assert not (protected / "data" / NAME / "responses.csv").exists()


def test_neither_the_answers_nor_what_lies_beside_them_changes_what_is_told(book, tmp_path):
    """Two surveys with the same published form have the same archive and the same manifest."""
    shutil.copytree(book / "data", tmp_path / "data")
    folder, (_, before) = tmp_path / "data" / NAME, read_told(tmp_path)
    rows = (folder / "responses.csv").read_text("utf-8").splitlines(keepends=True)
    (folder / "responses.csv").write_text("".join(rows[:-1]), "utf-8")
    seal(folder)
    (folder / "notes.yaml").write_text("interviewers: [somebody]\n", "utf-8")
    (folder / "raw.xlsx").write_bytes(b"answers")
    private, after = read_told(tmp_path)
    assert after == before
    assert {f"data/{NAME}/{name}" for name in ("responses.csv", "notes.yaml", "raw.xlsx")} <= set(private)


def read_told(root: Path) -> tuple[tuple[str, ...], tuple]:
    """The private files, and what the archive of the study and the manifest tell."""
    state, one = source(root, root / "site", undisclosed(root)), read_studies(root)[NAME]
    given = {path: content.read() for path, content in read_archive(root, one, [], None).files.items()}
    return state.private, (given, state.inputs, state.data)


def test_a_descriptor_without_its_file_is_a_data_package(protected, monkeypatch):
    monkeypatch.chdir(protected / "data" / NAME)
    descriptor = yaml.safe_load(Path("datapackage.yaml").read_text("utf-8"))
    report = frictionless.Package.from_descriptor(descriptor).validate()
    assert report.valid, report.flatten(["type", "note"])


# --- the scanner


def test_the_scanner_finds_nothing_in_the_site(protected, book):
    assert list(respondents_shown(protected, book)) == []


def test_the_scanner_finds_what_is_planted(protected, book, tmp_path):
    rows = (book / "data" / NAME / "responses.csv").read_text("utf-8").splitlines()
    descriptor = read_descriptor(book / "data" / NAME, "study")
    codebook = read_codebook(descriptor)
    first = dict(zip(rows[0].split(","), next(csv.reader([rows[1]])), strict=True))
    name = first.pop("respondent")
    known = [one for one in descriptor.data["disclosure"]["quasi_identifiers"] if first[one] in codebook[one].labels]
    labels = [codebook[one].labels[first[one]] for one in known]
    planted = {
        "chapters/x.html": f"<p>Said {name}.</p>",
        "data/x.csv": f"a\n{rows[2].partition(',')[2]}\n",
        "x.json": json.dumps({str(place): cell for place, cell in enumerate(next(csv.reader([rows[3]]))[1:])}),
        "y.csv": ",".join(f'"{label}"' for label in [*labels, "1", "2", "3"]) + "\n",
    }
    content = (book / "data" / NAME / "responses.csv").read_bytes()
    hashes = {
        "hash.html": hashlib.sha256(content).hexdigest()[:12], "hash.json": hashlib.md5(content).hexdigest(),
        "hash.md": base64.b64encode(hashlib.sha256(content).digest()).decode(),
        "hash.txt": hashlib.sha1(b"blob %d\0" % len(content) + content).hexdigest(),
    }
    sizes = {
        "size.json": json.dumps({f"data/{NAME}/responses.csv": {"bytes": len(content)}}),
        "size.yaml": f"path: responses.csv\nformat: csv\nbytes: {len(content)}\n",
        "size.html": f"<table><tr><td>responses.csv</td><td>{len(content)}</td></tr></table>",
    }
    planted |= {path: f"the file {words}" for path, words in hashes.items()} | sizes
    for path, content in planted.items():
        (tmp_path / path).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / path).write_text(content, "utf-8")
    with zipfile.ZipFile(tmp_path / "z.zip", "w") as archive:
        archive.writestr("inner/responses.csv", "\n".join(rows))
    found = {fault[0]: fault for fault in respondents_shown(tmp_path, book)}
    assert all("the hash of the responses" in found[path][2] for path in hashes)
    assert all("the size of the responses" in found[path][2] for path in sizes)
    assert set(found) == {*planted, "z.zip/inner/responses.csv"}
    assert found["chapters/x.html"][1:3] == ("line 1", f"“{name}” names a respondent of “{NAME}”")
    assert "only" in found["y.csv"][2] and "row" in found["data/x.csv"][2] and "row" in found["x.json"][2]


def test_the_scanner_finds_what_was_made_of_withheld_counts(protected, book, study, tmp_path):
    assert list(withheld_told(protected, book)) == []
    passports = [path.read_text("utf-8") for path in sorted(protected.rglob("tbl-*.json"))
                 if "passport" in json.loads(path.read_text("utf-8"))]
    untold = [number(json.loads(one)["passport"]["table"]["counts"][0][0]) is None for one in passports]
    hidden, told = passports[untold.index(True)], passports[untold.index(False)]
    passport, other, small = json.loads(hidden), json.loads(told), json.loads(told)
    passport["passport"]["effect"] = {"value": 0.25}
    planted = {"test.json": passport}
    other["passport"]["choices"].append(other["passport"]["choices"][0] | {"n": None, "choice": "without one group"})
    planted["choice.json"] = other
    small["passport"]["table"]["counts"][0][0] = 3
    planted["cell.json"] = small
    planted["count.json"] = {"study": NAME, "data": [{"answer": "yes", "count": 4, "base": 40}]}
    name = f"{NAME}.{next(iter(study.questions))}.yes.count"
    planted["all.json"] = {"findings": [{"name": name, "value": 1, "text": "1"}]}
    for name, data in planted.items():
        (tmp_path / name).write_text(json.dumps(data), "utf-8")
    found = {fault[0]: fault for fault in withheld_told(tmp_path, book)}
    assert set(found) == set(planted)
    assert found["count.json"][1] == "data 1.count" and "a count of 4 stands here" in found["count.json"][2]
    assert "without one group" in found["choice.json"][1] and found["test.json"][1] == "passport.effect"
