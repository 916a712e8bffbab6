"""Everything of a study to take away: its files in `data/NAME/` of the site, all of them as `data/NAME.zip`, and its
tables as `data/NAME.xlsx`.

Only studies that a page shows something of. What is given away row by row stands in site/study.py; of a real survey the
report publishes counts.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from surveybook.boundary import Missing, read_file
from surveybook.folders import Content
from surveybook.publish.citing.formats import entry, text
from surveybook.publish.downloads.workbooks import workbook
from surveybook.publish.manifest import describe_file
from surveybook.publish.site.edition import Edition, Trait, step
from surveybook.publish.site.encoding import OLDEST, as_csv, zip_files
from surveybook.publish.site.parts import Part
from surveybook.publish.site.report import Report
from surveybook.publish.site.study import MARK, WHY, Study
from surveybook.store import Store, version_of

FILES, CODEBOOK = "files", "codebook"  # kinds of tables: those that list files, and those that explain questions
LICENCE = "LICENSE-data"
# No mark at the beginning of a file: Python and R would read it as a part of the first column's name
SPREADSHEET = ("Tables are CSV in UTF-8. Excel opens them right by its menu Data, From Text/CSV; a double click may "
               "show wrong letters. The report's site has the same tables as a workbook.")
MADE_WITH = version_of(Path(__file__).resolve().parents[2], "XlsxWriter")
SIMULATED = ("Simulated data.",
             "No person gave any of these answers; they were drawn from the model in `simulation.yaml`.")


@dataclass(frozen=True)
class Archive:
    """A study as it is given away: `files` by their path in its folder, none of which is held."""

    study: Study
    files: Mapping[str, Content]


@step(adds=[Trait.STUDIES])
def publish_studies(edition: Edition) -> None:
    """Add the files of each study that is shown, and its archive."""
    workbooks = Store(edition.root, "workbooks", MADE_WITH)
    for study in edition.shown:
        archive = read_archive(edition.root, study, codebook(edition, study), edition.report)
        edition.files.update({f"data/{study.name}/{path}": content for path, content in archive.files.items()})
        day = edition.report.date if edition.report else OLDEST
        edition.files[study.archive] = zip_files(
            {f"{study.name}/{path}": content for path, content in sorted(archive.files.items())}, day)
        edition.files[study.workbook] = kept_workbook(workbooks, archive, told(study, edition.report), day)
    workbooks.forget_the_rest()


def kept_workbook(workbooks: Store, archive: Archive, lines: list[str], day: date) -> bytes:
    """The tables of a study as a workbook, made once of the same files and words."""
    study = archive.study
    sums = {path: describe_file(content)["sha256"] for path, content in archive.files.items()}
    depends_on = json.dumps([study.name, study.descriptor, sums, lines, str(day)], default=str)
    return workbooks.get(depends_on, lambda: workbook(study, archive.files, lines, day))


def offered(edition: Edition, about: Mapping[str, Any]) -> dict[str, str]:
    """What is linked below a table of the files of a study: file -> what it holds; elsewhere nothing."""
    study = edition.studies.get(about.get("study", ""))
    if not study or about.get("kind") != FILES or study.archive not in edition.files:
        return {}
    return {study.archive: "all data of the study", study.workbook: "the tables of the study"}


def codebook(edition: Edition, study: Study) -> list[dict[str, Any]]:
    """The rows of the first table that explains the questions of a study; none where no page has one."""
    tables = (one.about for page in edition.pages.values() for one in page.floats)
    return next((about["data"] for about in tables if about.get("study") == study.name and about["data"]
                 and about.get("kind") == CODEBOOK), [])


def read_archive(root: Path, study: Study, codebook: list[dict[str, Any]], report: Report | None) -> Archive:
    """What is given away of a study: what its descriptor lists, and what was declared beside it."""
    files = study.published()
    if codebook:
        files["codebook.csv"] = Content.of(as_csv(codebook))
    with suppress(Missing):
        files["LICENSE.txt"] = Content.of(read_file(root, LICENCE))
    files["README.md"] = Content.of(readme(study, sorted(files), report).encode())
    return Archive(study, files)


def readme(study: Study, files: list[str], report: Report | None) -> str:
    """What is in the folder of a study, from where, and how to use it."""
    descriptor = study.descriptor
    titles = {one["path"]: f"{one['title']}, published because {one[WHY]}" if WHY in one else one["title"]
              for one in descriptor["resources"]}
    titles |= {
        "datapackage.yaml": "the descriptor: a Data Package, and the codebook of the study",
        "hypotheses.yaml": "the hypotheses, declared before the responses were read",
        "plan.yaml": "when the hypotheses were sealed, and what was amended since",
        "simulation.yaml": "the model that the simulated responses were drawn from" if study.simulated else
                           "the model of the design analysis",
        "design.yaml": "what the design analysis varies",
        "codebook.csv": "the questions, one row for each, as the report shows them",
        "SOURCE-LICENSE.txt": "the licence of the source, which goes with what was taken from it",
        "LICENSE.txt": "what the licence covers",
    }
    listed = [f"* `{path}`" + (f": {titles[path]}" if path in titles else "") for path in files]
    parts = [
        f"# {descriptor['title']}", study.description, f"**{SIMULATED[0]}** {SIMULATED[1]}" if study.simulated else "",
        " ".join(descriptor["provenance"].split()),
        "## Files", "\n".join(listed), SPREADSHEET,
        "The answers of single people are not given away; the report publishes counts." if study.private else "",
        "## Sources", "\n".join(f"* {source}" for source in sources(study)),
        "## Licence and citation", licensed(study),
        cited(study, report) if report else "",
    ]
    written = "\n\n".join(filter(None, parts)) + "\n"
    return written.replace("<", "\\<")  # what a label or a title says is never HTML


def told(study: Study, report: Report | None) -> list[str]:
    """The same in a few lines, for the first sheet of a workbook."""
    lines = [study.description, " ".join(SIMULATED) if study.simulated else "",
             " ".join(study.descriptor["provenance"].split()), *(f"Source: {source}" for source in sources(study)),
             licensed(study), cited(study, report) if report else ""]
    return [line for line in lines if line]


def sources(study: Study) -> list[str]:
    """Where the data come from, a line for each source."""
    return [", ".join(" ".join(str(source[key]).split()) for key in ("title", "version", "path") if key in source)
            for source in study.descriptor["sources"]]


def licensed(study: Study) -> str:
    return f"Licence: {', '.join(licence['name'] for licence in study.descriptor['licenses'])}."


def cited(study: Study, report: Report) -> str:
    """How to cite the data of a study."""
    mark = MARK if study.simulated else ""
    return text(entry(report, Part("data", study.archive, "", "", study.descriptor["title"], mark, None), ""))
