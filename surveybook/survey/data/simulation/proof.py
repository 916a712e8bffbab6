"""Are the responses of a study those that its model draws?  Then, and only then, nobody is behind them.

`simulated: true` marks all that is shown, and has the row of each respondent published. So it is not taken on trust:
the model is drawn once more. That is kept in the store of the report, by all files that it depends on; what draws is
imported where it has to be done.
"""

from __future__ import annotations

import csv
import hashlib
import io
import json
from collections.abc import Iterator
from contextlib import suppress
from itertools import zip_longest
from pathlib import Path
from typing import TYPE_CHECKING

from surveybook.boundary import walk_files
from surveybook.folders import digest
from surveybook.store import Store, version_of
from surveybook.survey.data import RESPONSES
from surveybook.survey.data.simulation import FILE
from surveybook.survey.errors import DataError

if TYPE_CHECKING:
    from surveybook.survey.data.schema import Document

DRAWN_WITH = version_of(Path(__file__).resolve().parents[2], "numpy", "scipy")
KEPT = 20  # proofs of other data or other code
PROVED = b"drawn from the model"
REAL = "if people gave the answers, write `simulated: false` and a rule of disclosure"


def prove_studies(root: Path) -> None:
    """Prove every study in `data/` of the report in `root` that is said to be simulated. Raises as `prove`.

    Where no file of `data/` has changed, not even the descriptors are read.
    """
    proofs = Store(root, "proofs", DRAWN_WITH)

    def data() -> str:
        files = sorted(here / name for here, _, names in walk_files(root / "data") for name in names)
        return json.dumps([(path.relative_to(root).as_posix(), digest(path)) for path in files])

    proofs.get(data, lambda: _prove_all(root))
    proofs.forget_all_but(KEPT)


def _prove_all(root: Path) -> bytes:
    from surveybook.document import YAML_1_1, read_document
    from surveybook.errors import Refusal
    from surveybook.survey.data.schema import read_yaml

    for path in filter(Path.is_file, sorted((root / "data").glob("*/datapackage.yaml"))):
        told = None
        with suppress(Refusal):  # which read_yaml has as well
            told = read_document(path, YAML_1_1).get("simulated")
        if told is not False:
            prove(read_yaml(path, "study"), root)
    return PROVED


def prove(document: Document, root: Path | None = None) -> None:
    """That the model of a study draws exactly its responses, where the descriptor says that they are simulated; of
    published counts, which have no rows, that word is a label and nothing more.

    With the `root` of a report it is drawn once for the same files and code. Raises DataError where there is no model,
    it cannot draw, or it draws other rows: the first row and column that differ.
    """
    number = next((n for n, one in enumerate(document.data["resources"]) if one["name"] == RESPONSES), None)
    if not document.data["simulated"] or number is None:
        return
    folder = document.path.parent
    path = folder / document.data["resources"][number]["path"]
    if not (folder / FILE).is_file():
        raise document.refusal(["simulated"], f"true says that nobody was asked, and there is no {FILE} that draws "
                                              f"these rows; {REAL}, else add the model")
    content = document.content(number)

    def compare() -> bytes:
        if wrong := next(_differences(content.decode("utf-8", "replace"), _drawn(folder)), None):
            raise DataError(f"{path}: {wrong}; {REAL}, else draw them with `surveybook simulate {folder.name}`")
        return PROVED

    if root is None:
        compare()
        return
    proofs = Store(root, "proofs", DRAWN_WITH)
    # not the hypotheses: they decide whether the model is whole, never what it draws
    drawn = hashlib.sha256(content).hexdigest()
    proofs.get(lambda: json.dumps([digest(document.path), digest(folder / FILE), drawn]), compare)
    proofs.forget_all_but(KEPT)


def _drawn(folder: Path) -> str:
    """What the model draws."""
    from surveybook.survey.data.simulation.rows import simulated

    try:
        return simulated(folder)
    except DataError as error:  # that of another questionnaire, copied along, cannot draw
        raise DataError(f"{error}; or, {REAL}") from None


def _differences(text: str, drawn: str) -> Iterator[str]:
    """Where the responses are others than those that are drawn, from the first row on: the row, the column, and what
    stands there."""
    if text == drawn:
        return
    try:
        own = list(csv.reader(io.StringIO(text, newline="")))
    except csv.Error as error:
        yield f"not CSV ({error})"
        return
    other = list(csv.reader(io.StringIO(drawn)))
    for number, (cells, wanted) in enumerate(zip_longest([row for row in own if row], other), start=1):
        if wanted is None:
            yield f"row {number}: {FILE} draws {len(other) - 1} respondents, and here is one more"
        elif cells is None:
            yield f"row {number}: the file ends, and {FILE} draws {len(other) - 1} respondents"
        else:
            yield from _cells(number, cells, wanted, other[0])


def _cells(number: int, cells: list[str], wanted: list[str], names: list[str]) -> Iterator[str]:
    for name, cell, drawn in zip_longest(names, cells, wanted):
        if cell != drawn:
            yield f"row {number}, column “{name or cell}”: “{cell or ''}” stands where {FILE} draws “{drawn or ''}”"
