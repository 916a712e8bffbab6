"""What is read when a study is made of an export: the file with its questions, and what was written the last time?"""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from surveybook.document import YAML_1_1, read_document
from surveybook.errors import Refusal
from surveybook.survey.data.package import DESCRIPTOR
from surveybook.survey.errors import DataError
from surveybook.survey.intake.codes import name_codes
from surveybook.survey.intake.decisions import KINDS
from surveybook.survey.intake.exports import Export, read_export
from surveybook.survey.intake.names import name_study
from surveybook.survey.intake.questions import LeftOut, Question, find_questions
from surveybook.survey.intake.record import Record, read_record
from surveybook.survey.intake.sheet import read_sheet

SETTINGS = "_quarto.yml"


@dataclass
class Run:
    """One run: what was read, what was written the last time, and the lines that are told."""

    root: Path
    path: Path
    name: str
    title: str
    package: str
    export: Export
    questions: list[Question]
    out: list[LeftOut]
    old: Record | None
    told: list[str]
    wanted: dict[str, str]
    wave: str = ""  # what the answers are called, if they are a wave of their own

    @property
    def folder(self) -> Path:
        return self.root / "data" / self.name


def read_run(root: Path, path: Path, name: str, title: str, wanted: Mapping[str, str], wave: str = "") -> Run:
    """The file with its questions, for a study whose name can be imported; a `wave` of one that is there."""
    if not (root / SETTINGS).is_file():
        raise DataError(
            f"{root / SETTINGS}: there is no report in this folder; make one with `surveybook new`, or go to its folder"
        )
    package = find_package(root)
    chosen = name_study(name or path.stem, root / package)
    old, wave = read_record(root / "data" / chosen), " ".join(wave.split())
    if wave and not old:
        raise DataError(f"--wave “{wave}”: there is no study “{chosen}” that could have a next wave; make it from the "
                        "first export without --wave, or name it with --name")
    title = " ".join(title.split()) or _title(root / "data" / chosen / DESCRIPTOR, name or path.stem)
    told = []
    if name and chosen != name:
        told.append(f"{chosen}: the study is called so, as chapters could not import “{name}”")
    export = read_export(read_sheet(path), path)
    headings = [column.heading for column in export.columns]
    for heading, kind in wanted.items():
        if heading not in headings or kind not in KINDS:
            raise DataError(
                f"--as “{heading}={kind}”: "
                + (
                    f"the kind must be one of {', '.join(KINDS)}"
                    if heading in headings
                    else f"{path} has no column of this heading"
                )
            )
    before = {one: kind for one, kind in (old.wanted if old else {}).items() if one in headings}
    questions, out = find_questions(export, before | dict(wanted))
    name_codes(questions, out, export.columns, before | dict(wanted))
    told += [f"{path.name}: {note}" for note in export.notes]
    if export.tool:
        told.append(f"{path.name}: an export of {export.tool}")
    return Run(root, path, chosen, title, package, export, questions, out, old, told, before | dict(wanted), wave)


def _title(path: Path, words: str) -> str:
    """The title that the study has already, else its name in words."""
    with suppress(Refusal):  # there is none, or it is refused further on
        if title := read_document(path, YAML_1_1).get("title"):
            return str(title)
    words = " ".join(words.replace("_", " ").replace("-", " ").split())
    return words[:1].upper() + words[1:]


def find_package(root: Path) -> str:
    """The package that chapters of this report import."""
    for init in sorted(root.glob("*/__init__.py")):
        if "Report(" in init.read_text(encoding="utf-8"):
            return init.parent.name
    raise DataError(
        f"{root}: the report has no package with a `Report(...)` that its chapters could import; make a "
        "report with `surveybook new`, and copy its folder `analysis`"
    )
