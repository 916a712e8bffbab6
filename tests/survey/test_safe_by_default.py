"""Whatever an author forgets, the rows of people stay where they are: nothing is called simulated that no model draws,
no count of people is shown whole and no row is given away unless the author says why."""

from __future__ import annotations

import random
import re
import shutil
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest
import yaml
from declared import (
    NO_MODEL,
    RULE,
    WHOLE,
    add_copy,
    answered,
    change_cell,
    declare,
    declare_resource,
    descriptor_of,
    drawn,
    surveybook,
    table_of,
    write,
)
from project import DATA, ROOT, SMALL, TOOL

from surveybook.publish.checks.respondents import respondents_shown
from surveybook.survey.data.loader import read_study
from surveybook.survey.data.package import read_descriptor
from surveybook.survey.data.seal import seal
from surveybook.survey.data.simulation import rows
from surveybook.survey.data.simulation.proof import prove, prove_studies
from surveybook.survey.data.simulation.rows import simulated
from surveybook.survey.data.simulation.simulate import simulate
from surveybook.survey.errors import DataError

# --- what is called simulated is what a model draws


def test_simulated_without_a_model_is_refused_wherever_a_report_is_made(tmp_path, capsys, monkeypatch):
    folder = answered(tmp_path / "data" / "clinic")
    line = (folder / "datapackage.yaml").read_text("utf-8").splitlines().index("simulated: true") + 1
    with pytest.raises(DataError) as refused:
        read_study(folder)
    said = f"{folder / 'datapackage.yaml'}:{line}: {NO_MODEL}"
    assert str(refused.value) == said
    for command in (["seal", "clinic"], ["hook", "before"], ["hook", "after"], ["check"], ["publish"]):
        assert surveybook(capsys, monkeypatch, tmp_path, *command) == said, command


OTHER_ROWS = {
    "a cell changed by hand": (
        lambda folder: change_cell(folder, 9, "district", "skipped"), r"row 9, column “district”: “skipped” stands"),
    "rows in another order": (
        lambda folder: write(folder / "responses.csv", [table_of(folder)[0], *reversed(table_of(folder)[1:])]),
        r"row 2, column “respondent”: “SYN-060” stands where simulation.yaml draws “SYN-001”"),
    "other names": (
        lambda folder: write(folder / "responses.csv", [[cell.replace("SYN-", "P") for cell in row]
                                                        for row in table_of(folder)]),
        r"row 2, column “respondent”: “P001” stands"),
    "a row too few": (
        lambda folder: write(folder / "responses.csv", table_of(folder)[:-1]),
        r"row 61: the file ends, and simulation.yaml draws 60 respondents"),
    "a row too many": (
        lambda folder: write(folder / "responses.csv", [*table_of(folder), ["SYN-061", *table_of(folder)[-1][1:]]]),
        r"row 62: simulation.yaml draws 60 respondents, and here is one more"),
    "a model with another seed": (
        lambda folder: (folder / "simulation.yaml").write_text(
            (folder / "simulation.yaml").read_text("utf-8").replace("seed: 20260309", "seed: 1")),
        r"row 2, column “\w+”: “[\w-]+” stands where simulation.yaml draws “[\w-]+”"),
}


@pytest.mark.parametrize("spoil, told", OTHER_ROWS.values(), ids=OTHER_ROWS)
def test_a_model_that_draws_other_rows_proves_nothing(tmp_path, capsys, monkeypatch, spoil, told):
    folder = drawn(tmp_path / "data" / "residents")
    spoil(folder)
    with pytest.raises(DataError) as refused:
        read_study(folder)
    remedy = ("; if people gave the answers, write `simulated: false` and a rule of disclosure, else draw them with "
              "`surveybook simulate residents`")
    assert re.match(rf"{re.escape(str(folder / 'responses.csv'))}: {told}", str(refused.value)), refused.value
    assert str(refused.value).endswith(remedy)
    assert surveybook(capsys, monkeypatch, tmp_path, "hook", "before") == str(refused.value)


@pytest.mark.parametrize("seed", range(20))
def test_any_other_cell_is_found(tmp_path, seed):
    folder, chance = drawn(tmp_path / "residents"), random.Random(seed)
    table, row = table_of(folder), chance.randrange(1, 61)
    column = chance.choice([name for name in table[0] if name not in ("respondent", "reasons", "worry_dry")])
    place = table[0].index(column)
    others = sorted({line[place] for line in table[1:]} - {table[row][place]})
    change_cell(folder, row + 1, column, chance.choice(others))
    with pytest.raises(DataError, match=rf"responses\.csv: row {row + 1}, column “{column}”: "):
        read_study(folder)


def test_a_model_copied_along_from_another_survey_proves_nothing(tmp_path):
    folder = answered(tmp_path / "clinic")
    shutil.copy(DATA / "practitioners" / "simulation.yaml", folder)
    with pytest.raises(DataError, match="simulation.yaml:.*; or, if people gave the answers, write `simulated: false`"):
        read_study(folder)
    shutil.copy(SMALL / "data" / "residents" / "simulation.yaml", folder)
    with pytest.raises(DataError, match=r"row 2, column “respondent”: “patient-001” stands"):
        read_study(folder)


def test_drawing_anew_does_not_replace_what_people_answered(tmp_path):
    folder = answered(tmp_path / "clinic")
    shutil.copy(SMALL / "data" / "residents" / "simulation.yaml", folder)
    before = (folder / "responses.csv").read_bytes()
    with pytest.raises(DataError, match="“patient-001” is no name that a model gives"):
        simulate(folder)
    assert (folder / "responses.csv").read_bytes() == before
    (folder / "responses.csv").unlink()
    simulate(folder)
    assert read_study(folder).given_away == {"responses"}


def test_how_the_file_is_written_does_not_matter_as_long_as_the_rows_are_those(tmp_path):
    folder = drawn(tmp_path / "residents")
    path = folder / "responses.csv"
    path.write_bytes(path.read_bytes().replace(b"\n", b"\r\n"))
    seal(folder)
    assert read_study(folder).given_away == {"responses"}


def test_columns_names_and_what_divides_answers_are_drawn_as_the_descriptor_has_them(tmp_path):
    folder = drawn(tmp_path / "residents")
    schema = read_descriptor(folder, "study").data["resources"][0]["schema"]
    fields = [field | {"name": {"respondent": "who"}.get(field["name"], field["name"])} for field in schema["fields"]]
    fields = [*fields[1:], fields[0]]
    fields[-2]["delimiter"] = "|"
    declare_resource(folder, schema={"primaryKey": ["who"], "fields": fields})
    (folder / "responses.csv").write_text(simulated(folder), "utf-8", newline="")
    declare(folder)
    assert "|" in simulated(folder) and read_study(folder).responses.respondents[0] == "SYN-001"


def test_published_counts_that_are_made_up_are_called_so_and_nothing_more(tmp_path):
    folder = Path(shutil.copytree(SMALL / "data" / "councils", tmp_path / "councils"))
    study = read_study(declare(folder, simulated=True))
    assert study.simulated and study.provenance.startswith("Simulated data: no one was asked, counts are made up. ")
    assert study.given_away == {"counts", "claims"}


# --- the proof is made once


@pytest.fixture
def draws(monkeypatch) -> list[Path]:
    """The studies that were drawn."""
    made, truly = [], rows.simulated
    monkeypatch.setattr(rows, "simulated", lambda folder: made.append(folder) or truly(folder))
    return made


def test_the_rows_are_drawn_once_for_the_same_files(tmp_path, draws):
    folder = drawn(tmp_path / "data" / "residents")
    prove_studies(tmp_path)
    for _ in range(3):
        read_study(folder, tmp_path)
        prove_studies(tmp_path)
    assert draws == [folder]
    (folder / "simulation.yaml").write_text((folder / "simulation.yaml").read_text("utf-8") + "# again\n", "utf-8")
    prove_studies(tmp_path)
    declare(folder, title="Residents")
    prove_studies(tmp_path)
    assert draws == [folder] * 3


def test_rows_that_are_gone_are_missed(tmp_path):
    folder = drawn(tmp_path / "data" / "residents")
    (folder / "responses.csv").unlink()
    with pytest.raises(DataError, match="responses.csv: the file is missing; restore it, or take it out of"):
        prove_studies(tmp_path)


def test_a_proof_holds_for_no_other_rows(tmp_path, draws):
    folder = drawn(tmp_path / "data" / "residents")
    prove_studies(tmp_path)
    change_cell(folder, 5, "age", "skipped")
    for _ in range(2):  # what is refused is not kept
        with pytest.raises(DataError, match="row 5, column “age”"):
            prove_studies(tmp_path)
    assert len(draws) == 3


@pytest.mark.parametrize("damage", [b"", b"drawn from the model", b"\0" * 60])
def test_a_damaged_proof_is_made_again(tmp_path, draws, damage):
    folder = drawn(tmp_path / "data" / "residents")
    prove_studies(tmp_path)
    kept = list((tmp_path / ".cache" / "store" / "proofs").iterdir())  # of the study, and of the report
    whole = [one.read_bytes() for one in kept]
    for one in kept:
        one.write_bytes(damage)
    prove_studies(tmp_path)
    assert len(draws) == 2 and [one.read_bytes() for one in kept] == whole
    change_cell(folder, 5, "age", "skipped")
    for one in kept:
        one.write_bytes(damage)
    with pytest.raises(DataError):
        prove_studies(tmp_path)


def test_whoever_looks_at_kept_proofs_needs_nothing_that_draws(tmp_path):
    folder = drawn(tmp_path / "data" / "residents")
    prove(read_descriptor(folder, "study"), tmp_path)
    code = ("import sys; from pathlib import Path; from surveybook.survey.data.simulation.proof import prove_studies; "
            "prove_studies(Path('.')); print(sorted({'numpy', 'pandas', 'scipy'} & sys.modules.keys()))")
    said = subprocess.check_output([sys.executable, "-c", code], cwd=tmp_path, env=TOOL, text=True)
    assert said == "[]\n"


def test_a_study_that_cannot_be_read_is_proved_to_nobody(tmp_path):
    folder = answered(tmp_path / "data" / "clinic")
    path = folder / "datapackage.yaml"
    for word in ('"true"', "maybe", "[true]"):
        path.write_text(re.sub("(?m)^simulated: .*", f"simulated: {word}", path.read_text("utf-8")), "utf-8")
        with pytest.raises(DataError, match="simulated: must be true or false"):
            prove_studies(tmp_path)
    path.write_text(path.read_text("utf-8").replace("simulated: [true]\n", ""), "utf-8")
    with pytest.raises(DataError, match="the key “simulated” is missing"):
        prove_studies(tmp_path)


# --- real answers have a rule, or a reason of their own


WEAK = {
    "no rule": (None, "the key “disclosure” is missing"),
    "no reason": ({"minimum_cell": "none"}, "the key “reason” is missing"),
    "an empty one": ({"minimum_cell": "none", "reason": "  "}, "“” is no reason; say in at least 5 words"),
    "a word": ({"minimum_cell": "none", "reason": "not needed"}, "“not needed” is no reason; say in at least 5 words"),
    "that of the simulated survey of this report": (
        descriptor_of(DATA / "practitioners")["disclosure"]
        | {"quasi_identifiers": ["age", "district"]}, "so it is said of simulated answers, and these are not"),
    "that of the one it was copied from": (
        descriptor_of(SMALL / "data" / "residents")["disclosure"],
        "so it is said of simulated answers, and these are not"),
}


@pytest.mark.parametrize("rule, told", WEAK.values(), ids=WEAK)
def test_real_answers_are_not_shown_whole_without_a_reason_of_their_own(tmp_path, rule, told):
    folder = answered(tmp_path / "clinic", simulated=False, disclosure=rule)
    with pytest.raises(DataError) as refused:
        read_study(folder)
    assert re.match(rf"{re.escape(str(folder))}/datapackage\.yaml:\d+: .*{re.escape(told)}", str(refused.value))


def test_with_a_reason_counts_are_shown_whole_and_rows_stay(tmp_path):
    study = read_study(answered(tmp_path / "clinic", simulated=False, disclosure=WHOLE))
    assert study.disclosure.minimum_cell is None and not study.given_away


def test_the_way_that_is_shown_to_authors_is_the_safe_one(tmp_path):
    told = (ROOT / "docs" / "studies.md").read_text("utf-8")
    shown = yaml.safe_load(re.search(r"(?s)```yaml\n(simulated:.*?)```", told)[1])
    assert set(shown) == {"simulated", "disclosure"}
    study = read_study(answered(tmp_path / "clinic", **shown))
    assert not study.simulated and study.disclosure.minimum_cell and not study.given_away


# --- a hurried author


def everything(site: Path) -> dict[str, bytes]:
    """The bytes of all files of a site, of those in archives as well."""
    found = {path.relative_to(site).as_posix(): path.read_bytes() for path in site.rglob("*") if path.is_file()}
    for name in [name for name in found if name.endswith(".zip")]:
        with zipfile.ZipFile(site / name) as archive:
            found |= {f"{name}/{one}": archive.read(one) for one in archive.namelist()}
    return found


CHAPTER = """# All of it {#sec-all}

```{python}
from analysis import clinic, figures, tables
```

@fig-age shows it, from the files of @tbl-files.

```{python}
#| label: fig-age
#| fig-cap: "How old they are."
figures.shares(clinic, "age")
```

```{python}
#| label: tbl-files
#| tbl-cap: "The files."
tables.files(clinic)
```
"""


@pytest.fixture(scope="module")
def book(book_of_one_chapter, tmp_path_factory) -> Path:
    book = book_of_one_chapter(tmp_path_factory.mktemp("hurried") / "book", "all", CHAPTER)
    shutil.rmtree(book / "data" / "residents")
    return book


def test_a_copied_descriptor_builds_nothing(book):
    folder = answered(book / "data" / "clinic")
    ran = subprocess.run([sys.executable, "-m", "surveybook", "build", "."], cwd=book, env=TOOL, capture_output=True,
                         text=True)
    assert ran.returncode == 1 and NO_MODEL in ran.stderr and not (book / "site").exists()
    shutil.rmtree(folder)


def test_of_real_answers_the_site_has_no_row_under_any_name(book, build):
    folder = answered(book / "data" / "clinic", simulated=False, disclosure=RULE | {"quasi_identifiers": ["age"]})
    for name in ("counts", "rows"):
        add_copy(folder, name)
    shutil.copy(folder / "responses.csv", folder / "notes.csv")  # lies there, and is listed nowhere
    site = build(book)
    table = table_of(folder)
    people = [row[0].encode() for row in table[1:]] + [",".join(row[1:]).encode() for row in table[1:]]
    for name, content in everything(site).items():
        assert not any(one in content for one in people), name
        assert not name.endswith(("responses.csv", "notes.csv", "/rows.csv", "/counts.csv")) or "councils" in name
    assert not list(respondents_shown(site, book))
    for leak in (table[3][0], ",".join(table[9]), f'rows.csv {len((folder / "rows.csv").read_bytes())}'):
        (site / "leak.txt").write_text(leak, "utf-8")
        assert [fault[0] for fault in respondents_shown(site, book)], leak
    (site / "leak.txt").unlink()
    shutil.rmtree(folder)
