"""What do the descriptors of the studies in `data/` say to those who publish them?

A descriptor is a Data Package (https://datapackage.org), `data/NAME/datapackage.yaml`.
"""

from __future__ import annotations

import os
import posixpath
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any, BinaryIO

import yaml

from surveybook.boundary import Beyond, Missing, find_file, open_file, walk_files
from surveybook.document import YAML_1_1
from surveybook.errors import Refusal
from surveybook.folders import Content
from surveybook.publish.site.declaration import read_declaration

DESCRIPTOR = "datapackage.yaml"
RESPONSES = "responses"  # the resource that has a row for each respondent
COUNTS, CLAIMS = "counts", "claims"  # those that were published before
WHY = "published_because"  # what a resource says whose author gives its rows away
PARQUET = ".parquet"
TRUE = ("true", "yes", "on")  # in YAML
QUOTES = "quotes.yaml"  # words of people that the author cleared
LICENCE = "SOURCE-LICENSE.txt"  # the text of the licence of a source, where that has to go with its data
# What is given away beside the resources
DECLARATIONS = (DESCRIPTOR, "hypotheses.yaml", "plan.yaml", "simulation.yaml", "design.yaml", LICENCE)
# What a descriptor tells of a file: its size and hash would confirm a guess of what is in it
OF_FILE = ("path", "bytes", "hash", "format", "mediatype", "encoding", "dialect")
MARK = "simulated data"  # what is said of a study that no person answered, wherever it is named


@dataclass(frozen=True)
class Study:
    """A study: its `folder`, and its descriptor, in which every value is text."""

    folder: Path
    descriptor: Mapping[str, Any]

    @property
    def name(self) -> str:
        return self.folder.name

    @property
    def simulated(self) -> bool:
        return self.descriptor.get("simulated", "").casefold() in TRUE

    @property
    def title(self) -> str:
        """What it is called, with the mark of what is simulated."""
        title = self.descriptor.get("title", self.name)
        return f"{title} ({MARK})" if self.simulated else title

    @property
    def description(self) -> str:
        return " ".join(self.descriptor.get("description", "").split())

    @property
    def withholds(self) -> bool:
        """Whether small counts may not be known, so that the rows behind them may not be either."""
        return self.descriptor.get("disclosure", {}).get("minimum_cell", "none") != "none"

    @property
    def least(self) -> int:
        """The least number of people that may be shown, 0 where every number may be."""
        declared = str(self.descriptor.get("disclosure", {}).get("minimum_cell", ""))
        return int(declared) if declared.isdigit() else 0

    @property
    def given_away(self) -> frozenset[str]:
        """The names of the resources whose rows are published: counts and claims, responses that a model drew if no
        count of them is withheld, and what the author declares. That a model drew them was proved before
        (commands.py)."""
        resources = self.descriptor["resources"]
        free = {RESPONSES} if self.simulated and not self.withholds else set()
        free |= {CLAIMS} if any(one["name"] == RESPONSES for one in resources) else {CLAIMS, COUNTS}
        return frozenset(one["name"] for one in resources if one["name"] in free or WHY in one)

    @property
    def private(self) -> frozenset[str]:
        """The paths of all other files."""
        return frozenset(posixpath.normpath(one["path"]) for one in self.descriptor["resources"]
                         if one["name"] not in self.given_away)

    @property
    def answered(self) -> tuple[str, ...]:
        """The resources that have a row for each respondent: those of earlier waves, and the responses."""
        files = (self.descriptor.get("waves") or {}).get("files", ())
        return tuple(dict.fromkeys([*(one["resource"] for one in files), RESPONSES]))

    @property
    def identifiers(self) -> frozenset[str]:
        """The columns that name respondents."""
        keys = {one["schema"]["primaryKey"][0] for one in self.descriptor["resources"] if one["name"] in self.answered}
        matched = (self.descriptor.get("waves") or {}).get("matched_by")
        return frozenset(keys | {matched} if matched else keys)

    @property
    def texts(self) -> frozenset[str]:
        """The columns of the responses that hold what people wrote."""
        return frozenset(one["text"] for one in self._coded if "text" in one)

    @property
    def codes(self) -> frozenset[str]:
        """The columns of the responses that hold the codes of single coders."""
        return frozenset(column for one in self._coded for column in one.get("coders", {}).values())

    @property
    def _coded(self) -> list[Mapping[str, Any]]:
        return list((self.descriptor.get("coded") or {}).values())

    @property
    def quotes(self) -> frozenset[str]:
        """What people wrote and the author cleared, one by one, with single blanks."""
        path = self.folder / QUOTES
        if not os.path.lexists(path):
            return frozenset()
        self.open(QUOTES).close()  # which refuses a file that is not of the folder
        return frozenset(" ".join(one["quote"].split()) for one in read_declaration(path).data["quotes"])

    def open(self, path: str) -> BinaryIO:
        """A file of the study, to be read. Raises Refusal for a path that leads to no plain file of its folder."""
        try:
            return open_file(self.folder, path, self.folder.parents[1])
        except Beyond as beyond:
            raise Refusal(f"data/{self.name}/{DESCRIPTOR}: a file of the study, {beyond}") from None

    def content(self, path: str) -> Content:
        """A file of the study, as `open` gives it."""
        with self.open(path) as file:
            return Content(partial(self.open, path), os.fstat(file.fileno()).st_size)

    def parts(self, path: str) -> Iterator[tuple[str, Content]]:
        """The files that a resource is made of, by path: one, or, of a folder of Parquet files, each of them."""
        if not (self.folder / path).is_dir():
            yield path, self.content(path)
            return
        for here, _, names in walk_files(self.folder):
            for name in names:
                if (self.folder / path) in (here / name).parents and name.endswith(PARQUET):
                    one = (here / name).relative_to(self.folder).as_posix()
                    yield one, self.content(one)

    def published(self) -> dict[str, Content]:
        """The files that are given away, by path in the folder: those that the descriptor lists and the declarations.

        What merely lies in the folder is not among them. Where a file is private, the descriptor keeps the codebook and
        says nothing of the file: a table with its columns and no row takes its place. Raises as `content`.
        """
        listed = {one["path"] for one in self.descriptor["resources"]}
        declared = {name for name in DECLARATIONS if os.path.lexists(self.folder / name)}
        files = {posixpath.normpath(path): self.content(path) for path in sorted(listed | declared)
                 if posixpath.normpath(path) not in self.private}
        if self.private:
            files[DESCRIPTOR] = Content.of(without_files(files[DESCRIPTOR].read(), self.private))
        return files

    @property
    def archive(self) -> str:
        """The file of the site that holds all of it."""
        return f"data/{self.name}.zip"

    @property
    def workbook(self) -> str:
        """The file of the site that holds its tables as sheets."""
        return f"data/{self.name}.xlsx"


def read_studies(root: Path) -> dict[str, Study]:
    """Every study of the book in `root`, by name. Raises Refusal for one that is no YAML or not of the book."""
    studies = {}
    for path in sorted((root / "data").glob(f"*/{DESCRIPTOR}")):
        try:
            find_file(root, path.relative_to(root).as_posix())
        except Missing:  # a link to nothing
            continue
        except Beyond as beyond:
            raise Refusal(f"a study of this book, {beyond}") from None
        studies[path.parent.name] = Study(path.parent, read_declaration(path).data)
    return studies


def without_files(descriptor: bytes, private: frozenset[str]) -> bytes:
    """A descriptor that says nothing of these files: no path, size or hash, and no comment of the author's."""
    told = yaml.load(descriptor.decode("utf-8-sig"), YAML_1_1)  # a safe loader: it makes plain values alone
    told["resources"] = [columns_alone(one) if posixpath.normpath(one["path"]) in private else one
                         for one in told["resources"]]
    return yaml.safe_dump(told, allow_unicode=True, sort_keys=False, width=120).encode()


def columns_alone(resource: Mapping[str, Any]) -> dict[str, Any]:
    """A resource as a table with its columns and no row; the standard wants either a file or the data."""
    kept = {key: value for key, value in resource.items() if key not in OF_FILE}
    return kept | {"data": [[field["name"] for field in resource["schema"]["fields"]]]}


def undisclosed(root: Path) -> dict[str, Content | None]:
    """What may be told of the files of studies with private ones: path in the project -> the content as published, None
    for a file of which nothing is told, not even that it is there."""
    found: dict[str, Content | None] = {}
    for study in read_studies(root).values():
        if study.private:
            files: dict[str, Content | None] = {(here / name).relative_to(study.folder).as_posix(): None
                     for here, _, names in walk_files(study.folder) for name in names}
            found |= {f"data/{study.name}/{path}": content for path, content in (files | study.published()).items()}
    return found
