"""What does a report know by name?  Its studies, the `evidence` of all its sources, and the checklists it answers.

A report is a folder: the studies are the folders of its `data/` that hold a descriptor, `data/synthesis.yaml` tells how
they bear on each other, `data/checklists` what such a report must tell, and `references.bib` who is cited.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path

from surveybook.document import TEXT, Document, read_document
from surveybook.survey.data.hypotheses import FILE as HYPOTHESES
from surveybook.survey.data.hypotheses import read_claims
from surveybook.survey.data.loader import read_study
from surveybook.survey.data.package import DESCRIPTOR
from surveybook.survey.data.study import Study
from surveybook.survey.evidence.checklists import Reporting, read_checklists
from surveybook.survey.evidence.findings import Findings
from surveybook.survey.evidence.sections import Section, read_sections
from surveybook.survey.evidence.sources import read_sources
from surveybook.survey.evidence.synthesis import Evidence, read_synthesis
from surveybook.survey.words.names import Names, Tree

DATA, BIBLIOGRAPHY, CITATION = "data", "references.bib", "CITATION.cff"


@dataclass(frozen=True, eq=False)  # what was read is kept for each report, even for two of one folder
class Report:
    """The report in the folder `root`; everything is read when it is first asked for, and once.

    `own`: by the name of a study, what only this report finds in it: a function of the study and the report that gives
    the names below it.
    """

    root: Path
    own: Mapping[str, Callable[[Study, Report], Tree]] = field(default_factory=dict)

    @property
    def data(self) -> Path:
        """The folder of its studies."""
        return self.root / DATA

    @property
    def licence(self) -> str:
        """The licence of the report as its CITATION.cff has it: of the citation that it prefers, else of the whole; of
        several any one may be chosen. Empty where none is stated."""
        path = self.root / CITATION
        stated = read_document(path, TEXT) if path.is_file() else Document()
        licence = stated.get("preferred-citation", "license") or stated.get("license") or ""
        return " OR ".join(licence) if isinstance(licence, list) else licence

    def named(self, name: str) -> Names:
        """The findings of the study data/`name` (`_` stands for `-`), or `evidence`, or `reporting`.

        Raises AttributeError where there is nothing of that name, so that a module can lend this its `__getattr__`, and
        DataError where the files are not as declared.
        """
        if name in ("evidence", "reporting"):
            return getattr(self, f"_{name}")()
        return self.findings(name)

    @cache  # noqa: B019  (a report lives as long as the process)
    def findings(self, name: str) -> Findings:
        """The findings of the study data/`name`. Raises AttributeError where there is no such study."""
        folder = self.data / name.replace("_", "-")
        if name.startswith("_") or not (folder / DESCRIPTOR).exists():
            raise AttributeError(
                f"there is no module and data/ has no study called “{name}”; a study is a folder with a {DESCRIPTOR}"
            )
        study = read_study(folder, self.root)
        return Findings(study, self.root, self.own[study.id](study, self) if study.id in self.own else None)

    @cache  # noqa: B019
    def _evidence(self) -> Evidence:
        synthesis = read_synthesis(self.data / "synthesis.yaml", self.findings, self.sections(), self.references())
        return Evidence(synthesis, self.sections(), self.references(), self.licence)

    @cache  # noqa: B019
    def _reporting(self) -> Reporting:
        return Reporting(read_checklists(self.data / "checklists", self.sections(), self.references()),
                         self.references(), self.licence)

    @cache  # noqa: B019
    def references(self) -> dict[str, str]:
        """The cited works by key, each in the words that name it in a sentence."""
        return read_sources(self.root / BIBLIOGRAPHY)

    @cache  # noqa: B019
    def sections(self) -> dict[str, Section]:
        """The sections of the book by id, with the passports of all studies."""
        files = sorted(self.data.glob(f"*/{HYPOTHESES}"))
        return read_sections(self.root, [claim for path in files for claim in read_claims(path)])
