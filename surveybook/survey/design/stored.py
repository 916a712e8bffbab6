"""What did the design analysis find?  Its results as files of data/STUDY/design, refused where they are stale."""

from __future__ import annotations

import copyreg
import csv
import io
import json
import pickle
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, fields
from pathlib import Path
from types import MappingProxyType
from typing import Any

from surveybook.folders import beside, digest, replace_folder
from surveybook.store import Store
from surveybook.survey.design.agreement import Agreement
from surveybook.survey.design.bounds import FalseEquivalents
from surveybook.survey.design.fingerprint import KEPT, VERSION, digests, fingerprint, root_of
from surveybook.survey.design.scenarios import Design, read_design
from surveybook.survey.design.summary import Digests, FalseAlarms, Truth, Verdicts
from surveybook.survey.errors import DataError

FOLDER = "design"
INPUTS = "inputs.json"
FILES = {
    "truths.csv": Truth, "verdicts.csv": Verdicts, "false_alarms.csv": FalseAlarms,
    "false_equivalents.csv": FalseEquivalents, "agreement.csv": Agreement, "digests.csv": Digests,
}
TYPES = {"int": int, "float": float, "str": str, "bool": lambda cell: {"True": True, "False": False}[cell]}


def _as_mapping(entries: dict[Any, Any]) -> MappingProxyType:
    return MappingProxyType(entries)


class _Pickler(pickle.Pickler):
    """Writes what a design is made of; whatever others register for pickles of the whole process, as run.py does."""

    dispatch_table = copyreg.dispatch_table | {MappingProxyType: lambda mapping: (_as_mapping, (dict(mapping),))}


@dataclass(frozen=True)
class Stored:
    """The results of the design analysis of a study, and what was simulated."""

    design: Design
    truths: tuple[Truth, ...]
    verdicts: tuple[Verdicts, ...]
    false_alarms: tuple[FalseAlarms, ...]
    false_equivalents: tuple[FalseEquivalents, ...]
    agreement: tuple[Agreement, ...]
    digests: tuple[Digests, ...]


def read_stored(folder: Path, stale: Collection[str] = ()) -> Stored:
    """The stored results of the study in `folder`.

    Raises DataError where there are none, where a file is not as it was written, and where a declaration or a module,
    those named as `stale` left out, has changed since.
    """
    since = [name for name in changed(folder) if name not in stale]
    if since:
        raise DataError(
            f"{folder / FOLDER / INPUTS}: the stored results of the design analysis are stale, as {_listed(since)} "
            f"changed since; {_remedy(folder)}"
        )

    def read() -> bytes:
        results = (_read(folder / FOLDER / name, kind) for name, kind in FILES.items())
        _Pickler(content := io.BytesIO()).dump(Stored(read_design(folder), *results))
        return content.getvalue()

    store = Store(root_of(folder), "designs", VERSION)
    content = store.get(
        lambda: json.dumps([*digests(folder), *(digest(folder / FOLDER / name) for name in FILES)]), read)
    store.forget_all_but(KEPT)
    return pickle.loads(content)


def changed(folder: Path) -> list[str]:
    """What the stored results depend on and has changed since. Raises DataError where there are none."""
    path = folder / FOLDER / INPUTS
    if not path.exists():
        raise DataError(f"{path.parent}: there are no results of the design analysis; {_remedy(folder)}")
    before, now = json.loads(path.read_text(encoding="utf-8")), fingerprint(folder)
    return [name for name in {**now, **before} if before.get(name) != now.get(name)]


def renew(folder: Path) -> None:
    """Say that the stored results are those of the code and the declarations as they are now."""
    _write_inputs(folder / FOLDER, fingerprint(folder))


def write_stored(folder: Path, rows: Iterable[Any], inputs: dict[str, str]) -> None:
    """Store the rows of all kinds, and what they depend on. The old results stay until the new ones are whole."""
    place = folder / FOLDER
    with beside(place) as new:
        rows = list(rows)
        for name, kind in FILES.items():
            _write(new / name, kind, [row for row in rows if isinstance(row, kind)])
        _write_inputs(new, inputs)
        replace_folder(new, place)


def keep(folder: Path, name: str, inputs: Mapping[str, str], rows: Sequence[Any]) -> None:
    """Put the rows of a scenario aside, so that a run that is stopped goes on where it was."""
    kinds = {kind: file for file, kind in FILES.items()}
    text = json.dumps([[kinds[type(row)], asdict(row)] for row in rows])
    _aside(folder).write(json.dumps([name, inputs], sort_keys=True), text.encode())


def kept(folder: Path, name: str, inputs: Mapping[str, str]) -> list[Any] | None:
    """The rows of a scenario that a stopped run put aside, if all that they depend on is as it was."""
    content = _aside(folder).read(json.dumps([name, inputs], sort_keys=True))
    return [FILES[file](**row) for file, row in json.loads(content)] if content else None


def forget(folder: Path) -> None:
    """Remove what stopped runs have put aside."""
    _aside(folder).forget_the_rest()


def _aside(folder: Path) -> Store:
    """Scenarios of this study, until all are done."""
    return Store(root_of(folder), f"scenarios-{folder.name}", "")


def _write(path: Path, kind: type, rows: Sequence[Any]) -> None:
    """One line for each row; numbers with the digits that their Monte Carlo error could make use of."""
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow([field.name for field in fields(kind)])
        for row in rows:
            cells = [getattr(row, field.name) for field in fields(kind)]
            writer.writerow([f"{cell:.7g}" if isinstance(cell, float) else cell for cell in cells])


def _read(path: Path, kind: type) -> tuple[Any, ...]:
    """The rows of one file."""
    columns = [(field.name, TYPES[field.type]) for field in fields(kind)]
    try:
        with path.open(encoding="utf-8", newline="") as file:
            return tuple(kind(*(read(line[name]) for name, read in columns)) for line in csv.DictReader(file))
    except (OSError, KeyError, ValueError, TypeError):
        raise DataError(f"{path}: is missing or not as it was written; {_remedy(path.parents[1])}") from None


def _write_inputs(place: Path, inputs: Mapping[str, str]) -> None:
    (place / INPUTS).write_text(json.dumps(inputs, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")


def _remedy(folder: Path) -> str:
    return f"run `surveybook design {folder.name}`"


def _listed(names: Sequence[str]) -> str:
    return f"{', '.join(names[:3])}{f' and {len(names) - 3} more' if len(names) > 3 else ''}"
