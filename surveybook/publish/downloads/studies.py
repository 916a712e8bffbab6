"""Everything of a study to take away: its files in `data/NAME/` of the site, and all of them as `data/NAME.zip`.

Only studies that a page shows something of. Answers of people are given away row by row only where no person gave
them and no count is withheld; of a real survey the report publishes counts.
"""

from __future__ import annotations

import io
import zipfile
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from surveybook.publish import lines
from surveybook.publish.citing.citation import Report, read
from surveybook.publish.citing.formats import entry, text
from surveybook.publish.site.edition import Edition
from surveybook.publish.site.encoding import as_csv
from surveybook.publish.site.parts import Part

FILES, CODEBOOK = "files", "codebook"  # kinds of tables: those that list files, and those that explain questions
RESPONSES = "responses"  # the resource that has a row for each respondent
DESCRIPTOR, LICENCE = "datapackage.yaml", "LICENSE-data"
OLDEST = date(1980, 1, 1)  # that an archive can hold


@dataclass(frozen=True)
class Archive:
    """A study as it is given away: `files` by their path in its folder, `withheld` the paths of those that are not."""

    descriptor: Mapping[str, Any]
    files: Mapping[str, bytes]
    withheld: tuple[str, ...]

    @property
    def name(self) -> str:
        return self.descriptor["name"]


def publish_studies(edition: Edition) -> None:
    """Add the files of each study that is shown, and its archive."""
    report = read(edition.root)
    for name, codebook in shown(edition).items():
        archive = read_archive(edition.root, name, codebook, report)
        edition.files.update({f"data/{name}/{path}": content for path, content in archive.files.items()})
        edition.files[archive_of(name)] = zipped(archive, report.date if report else OLDEST)


def simulated(descriptor: Mapping[str, Any]) -> bool:
    return descriptor["simulated"] == "true"  # every value of a file is text here


def withholds(descriptor: Mapping[str, Any]) -> bool:
    """Whether small counts may not be known, so that the rows behind them may not be either."""
    return descriptor.get("disclosure", {}).get("minimum_cell", "none") != "none"


def offered(edition: Edition, about: Mapping[str, Any]) -> str:
    """The archive that stands below a table of the files of a study, or nothing."""
    path = archive_of(about.get("study", ""))
    return path if about.get("kind") == FILES and path in edition.files else ""


def archive_of(study: str) -> str:
    return f"data/{study}.zip"


def shown(edition: Edition) -> dict[str, list[dict[str, Any]]]:
    """The studies of which a page shows something, with the rows of their codebook if a table has them."""
    found: dict[str, list[dict[str, Any]]] = {}
    for page in edition.pages.values():
        for about in (one.about for one in page.floats):
            if (edition.root / "data" / about.get("study", ".") / DESCRIPTOR).is_file():
                rows = found.setdefault(about["study"], [])
                if about.get("kind") == CODEBOOK and not rows:
                    rows.extend(about["data"])
    return dict(sorted(found.items()))


def read_archive(root: Path, name: str, codebook: list[dict[str, Any]], report: Report | None) -> Archive:
    """What is given away of the study in data/`name`: what its descriptor lists, and what was declared beside it."""
    folder = root / "data" / name
    descriptor = lines.read(folder / DESCRIPTOR).data
    closed = not simulated(descriptor) or withholds(descriptor)
    private = {r["path"] for r in descriptor["resources"] if r["name"] == RESPONSES and closed}
    listed = {resource["path"] for resource in descriptor["resources"]} - private
    declared = {path.relative_to(folder).as_posix() for path in folder.glob("*.yaml")}
    files = {path: (folder / path).read_bytes() for path in sorted(listed | declared)}
    if codebook:
        files["codebook.csv"] = as_csv(codebook)
    if (root / LICENCE).is_file():
        files["LICENSE.txt"] = (root / LICENCE).read_bytes()
    files["README.md"] = readme(descriptor, sorted(files), sorted(private), report).encode()
    return Archive(descriptor, files, tuple(sorted(private)))


def readme(descriptor: Mapping[str, Any], files: list[str], private: list[str], report: Report | None) -> str:
    """What is in the folder of a study, from where, and how to use it."""
    titles = {resource["path"]: resource["title"] for resource in descriptor["resources"]}
    titles |= {
        "datapackage.yaml": "the descriptor: a Data Package, and the codebook of the study",
        "hypotheses.yaml": "the hypotheses, declared before the responses were read",
        "simulation.yaml": "the model that the simulated responses were drawn from",
        "codebook.csv": "the questions, one row for each, as the report shows them",
        "LICENSE.txt": "what the licence covers",
    }
    listed = [f"* `{path}`" + (f": {titles[path]}" if path in titles else "") for path in files]
    sources = [", ".join(" ".join(str(source[key]).split()) for key in ("title", "version", "path") if key in source)
               for source in descriptor["sources"]]
    licences = ", ".join(licence["name"] for licence in descriptor["licenses"])
    parts = [
        f"# {descriptor['title']}", " ".join(descriptor["description"].split()),
        "**Simulated data.** No person gave any of these answers; they were drawn from the model in `simulation.yaml`."
        if simulated(descriptor) else "", " ".join(descriptor["provenance"].split()),
        "## Files", "\n".join(listed),
        f"Not here: {', '.join(f'`{path}`' for path in private)}. The answers of single people are not given away; "
        "the report publishes counts." if private else "",
        "## Sources", "\n".join(f"* {source}" for source in sources),
        "## Licence and citation", f"Licence: {licences}.",
        cited(descriptor, report) if report else "",
    ]
    written = "\n\n".join(filter(None, parts)) + "\n"
    return written.replace("<", "\\<")  # what a label or a title says is never HTML


def cited(descriptor: Mapping[str, Any], report: Report) -> str:
    """How to cite the data of a study."""
    mark = "simulated data" if simulated(descriptor) else ""
    part = Part("data", archive_of(descriptor["name"]), "", "", descriptor["title"], mark, None)
    return text(entry(report, part, ""))


def zipped(archive: Archive, day: date) -> bytes:
    """The files as a zip archive that is the same wherever it is made."""
    content = io.BytesIO()
    # stored, not compressed: what comes out of a compressor differs between its versions
    with zipfile.ZipFile(content, "w", zipfile.ZIP_STORED) as file:
        for path, data in sorted(archive.files.items()):
            entry = zipfile.ZipInfo(f"{archive.name}/{path}", (day.year, day.month, day.day, 0, 0, 0))
            entry.create_system, entry.external_attr = 3, 0o644 << 16
            file.writestr(entry, data)
    return content.getvalue()
