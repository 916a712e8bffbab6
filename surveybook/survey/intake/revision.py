"""What stands in a study when its export is read once more: what is guessed, and what its author changed?"""

from __future__ import annotations

import shutil
import tempfile
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path

from surveybook.errors import Refusal
from surveybook.survey.data.hypotheses import FILE as HYPOTHESES
from surveybook.survey.data.loader import read_study
from surveybook.survey.data.package import DESCRIPTOR
from surveybook.survey.data.seal import seal
from surveybook.survey.data.study import Study
from surveybook.survey.errors import DataError
from surveybook.survey.evidence.report import Report
from surveybook.survey.intake import descriptor, edits, waves
from surveybook.survey.intake.conditions import find_conditions
from surveybook.survey.intake.descriptor import About
from surveybook.survey.intake.edits import Standing, read_standing
from surveybook.survey.intake.hypotheses import find_example, write_hypotheses
from surveybook.survey.intake.questions import finish_cells
from surveybook.survey.intake.record import (
    FILE,
    Descriptor,
    Record,
    compare,
    digest,
    remember,
    write_record,
)
from surveybook.survey.intake.run import Run
from surveybook.survey.intake.wordings import shorten

NO_LICENCE = "LicenseRef-not-stated"


@dataclass(frozen=True)
class Kept:
    """What of the fields that stand is kept: those whose author `edited` them, and for each field that is not guessed
    anew the answers that are `new` in it, with their labels."""

    edited: set[str] = field(default_factory=set)
    new: dict[str, dict[str, str]] = field(default_factory=dict)


def bring_up_to_date(run: Run) -> Descriptor:
    """The descriptor as it will be: as it is guessed, with what the author changed since the last time."""
    stands = read_standing(run.folder / DESCRIPTOR) if run.old else None
    together = bool(run.wave or stands and stands.waves)  # of waves the answers stay as they were
    kept = _keep_questions(run, run.old, stands, together) if stands else Kept()
    _refuse_none(run)
    find_conditions(run.questions)
    edits.keep_conditions(run.questions, stands.declared if stands else {})
    finish_cells(run.questions)
    about = About(run.name, run.title, run.path.name, run.export.tool, _licence(run.root), run.export.respondents)
    made = Descriptor(
        descriptor.write_head(about), descriptor.OPENING,
        {"respondent": descriptor.RESPONDENT} | {one.id: descriptor.write_field(one) for one in run.questions},
        descriptor.write_tail(about, run.questions, run.out),
    )
    made.fresh = {part: digest(words) for part, words in made.parts.items()}
    if run.old and not together:
        reasons = {one.heading: one.guess.words for one in run.out}
        changed = compare(run.old, run.questions, run.export.respondents, reasons)
        run.told += [f"{run.name}: {line}" for line in changed]
    if stands:
        _put_edits_back(run, run.old, made, stands, kept)
    run.questions = [one for one in run.questions if one.id in made.fields]
    made.fields = {name: made.fields[name] for name in ["respondent", *(one.id for one in run.questions)]}
    return made


def _keep_questions(run: Run, old: Record, stands: Standing, together: bool) -> Kept:
    """Give the questions the names and answers that they have in the descriptor, where their author changed them."""
    current, kept, found = stands.parts, Kept(), len(run.questions)
    run.questions = edits.keep_names(run.questions, old, stands)
    if len(run.questions) < found:
        run.told.append(f"{run.name}: {found - len(run.questions)} questions stay out, as you took them out")
    _check_gone(run, old, current)
    for one in run.questions:
        if one.id not in current.fields:
            continue
        if not old.unchanged(f"field {one.id}", current.fields[one.id]):
            kept.edited.add(one.id)
        elif together and one.kind == "count":
            current.fields[one.id] = edits.widen(current.fields[one.id], one)
        if one.id in kept.edited or together:
            told = old.questions.get(one.id, {})
            kept.new[one.id] = edits.keep_answers(one, told, stands.declared[one.id], run.folder / DESCRIPTOR)
            if kept.new[one.id] and one.kind == "ordered":
                run.told.append(f"{run.name}: “{one.id}” has new answers, please look whether they are in order now: "
                                f"{', '.join(one.answers.values())}")
    return kept


def _refuse_none(run: Run) -> None:
    """Raise DataError where no column is a question."""
    if run.questions:
        return
    why = "; ".join(f"“{shorten(one.heading, 40)}”: {one.guess.words}" for one in run.out[:2])
    more = f"; and {len(run.out) - 2} more" if len(run.out) > 2 else ""
    because = f" ({why}{more})" if why else ""
    raise DataError(
        f"{run.path}: no column holds answers that could be counted{because}; name the kind of those that do, "
        "as in --as “Heading=nominal”"
    )


def _put_edits_back(run: Run, old: Record, made: Descriptor, stands: Standing, kept: Kept) -> None:
    """Put the parts that the author changed in the place of those that are guessed, and tell of it."""
    current, told, by_name = stands.parts, [], {one.id: one for one in run.questions}
    for part in ("head", "tail"):
        if not old.unchanged(part, getattr(current, part)):
            setattr(made, part, getattr(current, part))
            told.append(part)
    made.opening = current.opening
    for name in [name for name in current.fields if name in kept.new]:
        made.fields[name] = edits.complete(
            current.fields[name], by_name[name], kept.new[name], stands.declared[name], run.path.name)
        if name in kept.edited:
            told.append(name)
            made.fresh[f"field {name}"] = old.written.get(f"field {name}", "")
        else:
            made.fresh[f"field {name}"] = digest(made.fields[name])
    if run.wave:
        made.opening, made.tail = waves.add_wave(stands, made.tail, run.wave, run.questions, run.folder / DESCRIPTOR)
    if told:
        run.told.append(f"{run.name}: kept as you wrote it in {DESCRIPTOR}: {', '.join(told)}")


def _licence(root: Path) -> str:
    """The licence of the report, as a first guess of that of its data."""
    with suppress(Refusal):  # a build says what is wrong with that file
        return Report(root).licence or NO_LICENCE
    return NO_LICENCE


def _check_gone(run: Run, old: Record, current: Descriptor) -> None:
    """Refuse to drop a question that its author worked on because its column is gone."""
    now = {one.id for one in run.questions}
    for name, told in old.questions.items():
        if name in current.fields and name not in now and not old.unchanged(f"field {name}", current.fields[name]):
            raise DataError(
                f"{run.path}: has no column “{told['columns'][0]}” with answers, which is “{name}” in "
                f"data/{run.name}/{DESCRIPTOR}; write its new heading under “columns” of {name} in "
                f"data/{run.name}/{FILE}, or take the field out"
            )


def write_study(run: Run, made: Descriptor) -> Study:
    """The files of the study: tried in another folder first, so that nothing is changed unless they can be read."""
    hypotheses = ""
    example, path = find_example(run.questions), run.folder / HYPOTHESES
    if example and (
        run.old is None or path.exists() and run.old.unchanged(HYPOTHESES, path.read_text(encoding="utf-8"))
    ):
        hypotheses = write_hypotheses(run.name, example)
    with tempfile.TemporaryDirectory() as workshop:
        trial = Path(workshop) / "data" / run.name
        trial.mkdir(parents=True)
        if run.folder.is_dir():
            shutil.copytree(run.folder, trial, dirs_exist_ok=True)
        (trial / DESCRIPTOR).write_text(made.text, encoding="utf-8")
        file = waves.rows_of(made.opening)
        descriptor.write_rows(run.questions, trial / file)
        if hypotheses:
            (trial / HYPOTHESES).write_text(hypotheses, encoding="utf-8")
        try:
            seal(trial)
            study = read_study(trial)
        except DataError as error:
            raise DataError(str(error).replace(str(trial), f"data/{run.name}")) from None
        run.folder.mkdir(parents=True, exist_ok=True)
        for name in (DESCRIPTOR, file, *([HYPOTHESES] if hypotheses else [])):
            shutil.copyfile(trial / name, run.folder / name)
    away = {name: told for name, told in (run.old.questions if run.old else {}).items() if told.get("taken_out")}
    record = Record(
        run.path.name,
        run.export.respondents,
        away | {one.id: remember(one) for one in run.questions},
        [one.heading for one in run.out],
        run.wanted,
        dict(made.fresh),
    )
    if hypotheses:
        record.written[HYPOTHESES] = digest(hypotheses)
    elif run.old and HYPOTHESES in run.old.written:
        record.written[HYPOTHESES] = run.old.written[HYPOTHESES]
    (run.folder / FILE).write_text(write_record(record), encoding="utf-8")
    return study
