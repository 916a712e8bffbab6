"""Surveys that are simulated or were answered, with what their descriptor declares changed."""

from __future__ import annotations

import csv
import io
import shutil
from pathlib import Path
from typing import Any

import yaml
from project import SMALL

from surveybook import cli
from surveybook.survey.data.seal import seal
from surveybook.survey.data.simulation.rows import simulated

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
