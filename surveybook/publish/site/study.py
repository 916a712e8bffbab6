"""What do the descriptors of the studies in `data/` say to those who publish them?

A descriptor is a Data Package (https://datapackage.org), `data/NAME/datapackage.yaml`.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from surveybook.publish.site.declaration import read_declaration

DESCRIPTOR = "datapackage.yaml"
RESPONSES = "responses"  # the resource that has a row for each respondent
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
        return self.descriptor.get("simulated") == "true"

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
    def archive(self) -> str:
        """The file of the site that holds all of it."""
        return f"data/{self.name}.zip"


def read_studies(root: Path) -> dict[str, Study]:
    """Every study of the book in `root`, by name. Raises Refusal for a descriptor that is no YAML."""
    paths = sorted((root / "data").glob(f"*/{DESCRIPTOR}"))
    return {path.parent.name: Study(path.parent, read_declaration(path).data) for path in paths}
