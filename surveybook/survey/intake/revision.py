"""What stands in a study when its export is read once more: what is guessed, and what its author changed?"""

from __future__ import annotations

import shutil
import tempfile
from contextlib import suppress
from pathlib import Path

import yaml

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
from surveybook.survey.intake.hypotheses import find_example, write_hypotheses
from surveybook.survey.intake.questions import finish_cells
from surveybook.survey.intake.record import (
    FILE,
    Descriptor,
    Record,
    compare,
    digest,
    remember,
    split_descriptor,
    write_record,
)
from surveybook.survey.intake.run import Run
from surveybook.survey.intake.wordings import shorten

NO_LICENCE = "LicenseRef-not-stated"


def bring_up_to_date(run: Run) -> Descriptor:
    """The descriptor as it will be: as it is guessed, with what the author changed since the last time."""
    path, old = run.folder / DESCRIPTOR, run.old
    text = path.read_text(encoding="utf-8") if old and path.exists() else ""
    current, declared, new, edited, together = None, {}, {}, set(), False
    if old and text:
        current, declared = split_descriptor(text, path), _declared(text, path)
        together = bool(run.wave or waves.labels_of(text))  # of waves the answers stay as they were
        before = {one.id for one in run.questions}
        run.questions = edits.keep_names(run.questions, old, current, declared)
        if len(run.questions) < len(before):
            run.told.append(f"{run.name}: {len(before) - len(run.questions)} questions stay out, as you took them out")
        _check_gone(run, old, current)
        for one in run.questions:
            if one.id in current.fields and not old.unchanged(f"field {one.id}", current.fields[one.id]):
                edited.add(one.id)
            elif together and one.id in current.fields and one.kind == "count":
                current.fields[one.id] = edits.widen(current.fields[one.id], one)
            if one.id in edited or together and one.id in current.fields:
                new[one.id] = edits.keep_answers(one, old.questions.get(one.id, {}), declared[one.id], path)
    if not run.questions:
        why = "; ".join(f"“{shorten(one.heading, 40)}”: {one.guess.words}" for one in run.out[:2])
        more = f"; and {len(run.out) - 2} more" if len(run.out) > 2 else ""
        because = f" ({why}{more})" if why else ""
        raise DataError(
            f"{run.path}: no column holds answers that could be counted{because}; name the kind of those that do, "
            "as in --as “Heading=nominal”"
        )
    find_conditions(run.questions)
    edits.keep_conditions(run.questions, declared)
    finish_cells(run.questions)
    about = About(
        run.name,
        run.title,
        run.path.name,
        run.export.tool,
        _licence(run.root),
        run.export.respondents,
    )
    made = Descriptor(
        descriptor.write_head(about),
        descriptor.OPENING,
        {"respondent": descriptor.RESPONDENT} | {one.id: descriptor.write_field(one) for one in run.questions},
        descriptor.write_tail(about, run.questions, run.out),
    )
    run.told += [
        f"{run.name}: {line}"
        for line in (
            compare(old, run.questions, run.export.respondents, {one.heading: one.guess.words for one in run.out})
            if old and not together
            else []
        )
    ]
    fresh = {part: digest(words) for part, words in made.parts.items()} | {
        f"field {name}": old.written.get(f"field {name}", "") for name in new if old
    }
    if old and current:
        kept = []
        for one in ("head", "tail"):
            if not old.unchanged(one, getattr(current, one)):
                setattr(made, one, getattr(current, one))
                kept.append(one)
        made.opening = current.opening
        for name, words in current.fields.items():
            if name in new:
                question = next(one for one in run.questions if one.id == name)
                made.fields[name] = edits.complete(words, question, new[name], declared[name], run.path.name)
                if name in edited:
                    kept.append(name)
                else:
                    fresh[f"field {name}"] = digest(made.fields[name])
        if run.wave:
            made.opening, made.tail = waves.add_wave(current, made.tail, run.wave, run.questions, declared, path)
        if kept:
            run.told.append(f"{run.name}: kept as you wrote it in {DESCRIPTOR}: {', '.join(kept)}")
    run.old = old
    run.questions = [one for one in run.questions if one.id in made.fields]
    made.fields = {name: made.fields[name] for name in ["respondent", *(one.id for one in run.questions)]}
    made.fresh = fresh
    return made


def _licence(root: Path) -> str:
    """The licence of the report, as a first guess of that of its data."""
    with suppress(yaml.YAMLError):  # a build says what is wrong with that file
        return Report(root).licence or NO_LICENCE
    return NO_LICENCE


def _declared(text: str, path: Path) -> dict:
    try:
        return edits.read_fields(text)
    except yaml.YAMLError as error:
        raise DataError(f"{path}: is not valid YAML ({' '.join(str(error).split())[:200]}); mend it first") from None


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
