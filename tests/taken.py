"""Exports that a study is made of, in a report without one, and what is told then."""

from __future__ import annotations

import shutil
from pathlib import Path

from project import ROOT, SMALL

from surveybook.survey.data.loader import read_study
from surveybook.survey.data.study import Study
from surveybook.survey.intake.command import import_study

EXPORTS = ROOT / "tests" / "exports"
# What the pages of a study that was imported promise, by what follows its name in theirs
SHOWN = {"": "of the respondents answered", "-answers": "report-figure", "-hypotheses": "report-table",
         "-limits": "report-table", "-codebook": "report-table"}


def make_report(folder: Path) -> Path:
    """A report without a study."""
    left_out = shutil.ignore_patterns(".cache", "__pycache__", "data", "chapters")
    made = Path(shutil.copytree(SMALL, folder, ignore=left_out))
    settings = made / "_quarto.yml"
    lines = settings.read_text(encoding="utf-8").splitlines(keepends=True)
    settings.write_text("".join(line for line in lines if "chapters/" not in line), encoding="utf-8")
    (made / "index.qmd").write_text("# Front {#sec-front .unnumbered}\n\nA report.\n", encoding="utf-8")
    return made


def taken_in(report: Path, path: Path, name: str = "own", **options) -> tuple[Study, str]:
    """The study that a file becomes, and what was told."""
    told = "\n".join(import_study(report, path, name, **options))
    return read_study(report / "data" / name, report), told


def write(report: Path, text: str | bytes, name: str = "answers.csv") -> Path:
    path = report.parent / name
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    return path


def people(header: str, *rows: str, times: int = 5) -> str:
    """A table in which each row was given so many times."""
    return "\n".join([header, *(row for row in rows for _ in range(times))]) + "\n"
