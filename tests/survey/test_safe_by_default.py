"""Whatever an author forgets, the rows of people stay where they are: nothing is called simulated that no model draws,
no count of people is shown whole and no row is given away unless the author says why."""

from __future__ import annotations

import csv
import io
import itertools
import random
import re
import shutil
import subprocess
import sys
import zipfile
from pathlib import Path
from typing import Any

import pytest
import yaml
from project import DATA, ROOT, SMALL, TOOL

from surveybook import cli
from surveybook.publish.checks.respondents import respondents_shown
from surveybook.publish.downloads.studies import read_archive
from surveybook.publish.manifest import source
from surveybook.publish.site.study import read_studies, undisclosed
from surveybook.survey.data.loader import read_study
from surveybook.survey.data.package import read_descriptor
from surveybook.survey.data.seal import seal
from surveybook.survey.data.simulation import rows
from surveybook.survey.data.simulation.proof import prove, prove_studies
from surveybook.survey.data.simulation.rows import simulated
from surveybook.survey.data.simulation.simulate import simulate
from surveybook.survey.errors import DataError
from surveybook.survey.evidence.findings import Findings
from surveybook.survey.show import tables

RULE = {"minimum_cell": 5, "reason": "fewer people could be known to each other"}
WHOLE = {"minimum_cell": "none", "reason": "all who answered agreed to it and none of it is delicate"}
AGREED = "every respondent agreed in writing that the answers are published"
NO_MODEL = ("simulated: true says that nobody was asked, and there is no simulation.yaml that draws these rows; if "
            "people gave the answers, write `simulated: false` and a rule of disclosure, else add the model")


def descriptor_of(folder: Path) -> dict[str, Any]:
    return yaml.load((folder / "datapackage.yaml").read_text("utf-8"), yaml.CSafeLoader)


def declare(folder: Path, **keys: Any) -> Path:
    """Set keys of a descriptor, leave those out that are None, and seal the files."""
    path = folder / "datapackage.yaml"
    told = descriptor_of(folder) | keys | {"name": folder.name}
    told = {key: value for key, value in told.items() if value is not None}
    path.write_text(yaml.dump(told, Dumper=yaml.CSafeDumper, sort_keys=False, allow_unicode=True), "utf-8")
    seal(folder)
    return folder


def declare_resource(folder: Path, name: str = "responses", **keys: Any) -> Path:
    """The same of one resource."""
    resources = descriptor_of(folder)["resources"]
    return declare(folder, resources=[one | keys if one["name"] == name else one for one in resources])


def add_copy(folder: Path, name: str, **keys: Any) -> Path:
    """Another resource with the same rows, in a file of its own."""
    resources = descriptor_of(folder)["resources"]
    shutil.copy(folder / "responses.csv", folder / f"{name}.csv")
    own = {"name": name, "title": "More rows", "path": f"{name}.csv", "bytes": 0, "hash": "sha256:0",
           "schema": resources[0]["schema"]}
    return declare(folder, resources=[*resources, own | keys])


def drawn(folder: Path) -> Path:
    """A simulated survey as it should be, in `folder`."""
    shutil.copytree(SMALL / "data" / "residents", folder)
    return declare(folder)


def answered(folder: Path, **keys: Any) -> Path:
    """The same questions answered by people, in `folder`: the descriptor copied from the simulated survey, with `keys`
    changed in it."""
    drawn(folder)
    people = simulated(folder, seed=7).replace("SYN-", "patient-")
    (folder / "simulation.yaml").unlink()
    (folder / "responses.csv").write_text(people, "utf-8", newline="")
    return declare(folder, **keys)


def change_cell(folder: Path, row: int, column: str, cell: str) -> None:
    path = folder / "responses.csv"
    table = list(csv.reader(io.StringIO(path.read_text("utf-8"))))
    table[row - 1][table[0].index(column)] = cell
    write(path, table)


def write(path: Path, table: list[list[str]]) -> None:
    with open(path, "w", encoding="utf-8", newline="") as file:
        csv.writer(file, lineterminator="\n").writerows(table)
    seal(path.parent)


def table_of(folder: Path) -> list[list[str]]:
    return list(csv.reader(io.StringIO((folder / "responses.csv").read_text("utf-8"))))


def surveybook(capsys, monkeypatch, root: Path, *command: str) -> str:
    """What a command in the folder of a report refuses."""
    monkeypatch.chdir(root)
    assert cli.main(command) == 1
    return capsys.readouterr().err.strip()


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


# --- rows are given away only where that is proved or declared


def published(root: Path, name: str) -> dict[str, bytes]:
    given = read_archive(root, read_studies(root)[name], [], None).files
    return {path: content.read() for path, content in given.items()}


def test_both_wings_give_away_the_same_and_never_a_row_that_nobody_declared(tmp_path):
    read = 0
    for number, (made_up, rule, declared, more, why) in enumerate(itertools.product(
            (True, False), (WHOLE, RULE), (False, True), (None, "rows", "counts"), (False, True))):
        folder = tmp_path / str(number) / "data" / "clinic"
        (drawn if made_up else answered)(folder)
        declare(folder, simulated=made_up, disclosure=rule)
        if declared:
            declare_resource(folder, published_because=AGREED)
        if more:
            add_copy(folder, more, **({"published_because": AGREED} if why else {}))
        elif why:
            continue
        contradiction = rule is RULE and (declared or (more and why)) or (made_up and declared)
        if contradiction:
            with pytest.raises(DataError, match="published_because: "):
                read_study(folder)
            continue
        given = read_study(folder).given_away
        there = read_studies(folder.parents[1])["clinic"]
        assert there.given_away == given
        files = published(folder.parents[1], "clinic")
        assert ("responses.csv" in files) == ((made_up and rule is WHOLE) or declared)
        if more:
            assert (f"{more}.csv" in files) == why
        told = source(folder.parents[1], tmp_path / "no site", undisclosed(folder.parents[1])).inputs
        assert {name for name in told if name.endswith(".csv")} == {
            f"data/clinic/{name}" for name in files if name.endswith(".csv")}
        if "responses" not in given and not made_up and not why:
            assert not any(b"patient-001" in content for content in files.values())
        read += 1
    assert read == 21


@pytest.mark.parametrize("place", ["answers.csv", "data/raw.SAV", "data/exports/raw.xlsx", "chapters/raw.zip"])
def test_of_an_export_that_was_left_in_the_report_not_even_the_name_is_told(tmp_path, place):
    answered(tmp_path / "data" / "clinic", simulated=False)
    path = tmp_path / place
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(b"patient-001")
    (tmp_path / "chapters").mkdir(exist_ok=True)
    (tmp_path / "chapters" / "one.qmd").write_text("# One", "utf-8")
    state = source(tmp_path, tmp_path / "site", undisclosed(tmp_path))
    assert place not in state.inputs and place in state.private and "chapters/one.qmd" in state.inputs


@pytest.mark.parametrize("word, simulated", [("true", True), ("True", True), ("yes", True), ("on", True),
                                             ("false", False), ("no", False), ("Off", False)])
def test_both_wings_read_the_word_alike(tmp_path, word, simulated):
    folder = (drawn if simulated else answered)(tmp_path / "data" / "clinic")
    declare(folder, simulated=simulated, disclosure=WHOLE)
    path = folder / "datapackage.yaml"
    path.write_text(re.sub("(?m)^simulated: .*", f"simulated: {word}", path.read_text("utf-8")), "utf-8")
    there = read_studies(tmp_path)["clinic"]
    assert read_study(folder).simulated == there.simulated == simulated
    assert read_study(folder).given_away == there.given_away


@pytest.mark.parametrize("why", ["", "yes", "true", "they are open data", "   a  b c d"])
def test_a_reason_for_giving_rows_away_is_one(tmp_path, why):
    folder = answered(tmp_path / "clinic", simulated=False, disclosure=WHOLE)
    declare_resource(folder, published_because=why)
    with pytest.raises(DataError, match="published_because: .* is not a reason of at least five words"):
        read_study(folder)


@pytest.mark.parametrize("path", ["../clinic/responses.csv", "/etc/passwd", "more/../../clinic/responses.csv"])
def test_no_study_lists_the_files_of_another_one(tmp_path, path):
    answered(tmp_path / "data" / "clinic", simulated=False, disclosure=RULE)
    folder = drawn(tmp_path / "data" / "residents")
    text = (folder / "datapackage.yaml").read_text("utf-8")
    (folder / "datapackage.yaml").write_text(text.replace("path: responses.csv", f"path: {path}"), "utf-8")
    with pytest.raises(DataError, match="path: .* is not a path inside the folder of the study"):
        read_study(folder)


@pytest.mark.parametrize("rule", [WHOLE, RULE], ids=["shown whole", "withheld"])
def test_a_table_that_is_not_published_is_in_no_finding_and_no_fact(tmp_path, rule):
    folder = answered(tmp_path / "data" / "clinic", simulated=False, disclosure=rule)
    add_copy(folder, "rows")
    findings = Findings(read_study(folder))
    assert not [one.source for one in findings.walk() if one.source.startswith("clinic.rows")]
    with pytest.raises(AttributeError, match="clinic has no finding “rows”"):
        findings.rows  # noqa: B018
    if rule is WHOLE:
        declare_resource(folder, "rows", published_because=AGREED)
        assert str(Findings(read_study(folder)).rows.count) == "60"


def test_no_two_tables_share_a_name_and_what_one_of_them_declares(tmp_path):
    folder = answered(tmp_path / "data" / "clinic", simulated=False, disclosure=WHOLE)
    resources = descriptor_of(folder)["resources"]
    declare(folder, resources=[*resources, resources[0] | {"published_because": AGREED}])
    with pytest.raises(DataError, match="there is a resource “responses” already; choose another name"):
        read_study(folder)


def test_one_file_under_two_names_is_as_private_as_the_stricter_one(tmp_path):
    folder = answered(tmp_path / "data" / "clinic", simulated=False, disclosure=WHOLE)
    add_copy(folder, "rows", path="./responses.csv", published_because=AGREED)
    assert "responses.csv" not in published(tmp_path, "clinic")


def test_counts_and_claims_hold_nothing_else(tmp_path):
    folder = Path(shutil.copytree(SMALL / "data" / "councils", tmp_path / "councils"))
    schema = descriptor_of(folder)["resources"][0]["schema"]
    schema["fields"].append({"name": "who", "title": "Who", "type": "string", "description": "Who said so."})
    (folder / "counts.csv").write_text("\n".join(
        f"{line},{'who' if number == 0 else f'patient-{number:03}'}"
        for number, line in enumerate((folder / "counts.csv").read_text("utf-8").splitlines())) + "\n", "utf-8")
    declare_resource(folder, "counts", schema=schema)
    with pytest.raises(DataError, match="“counts” is published and has no field “who”; put it into a table of its own"):
        read_study(folder)


def test_readers_see_why_rows_are_given_away(tmp_path):
    folder = answered(tmp_path / "data" / "clinic", simulated=False, disclosure=WHOLE)
    declare_resource(folder, published_because=AGREED)
    study = read_study(folder)
    (row,) = tables.files(Findings(study)).rows
    assert row[1].endswith(f", published because {AGREED}") and row[2] == "60"
    files = published(tmp_path, "clinic")
    assert f"published because {AGREED}".encode() in files["README.md"]
    assert files["responses.csv"] == (folder / "responses.csv").read_bytes()
    assert not list(respondents_shown(tmp_path, tmp_path))


def test_sealing_says_which_rows_stay(tmp_path, capsys, monkeypatch):
    answered(tmp_path / "data" / "clinic", simulated=False, disclosure=RULE)
    monkeypatch.chdir(tmp_path)
    assert cli.main(["seal", "clinic"]) == 0
    assert "clinic: the rows of responses.csv are not published" in capsys.readouterr().out.splitlines()


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
