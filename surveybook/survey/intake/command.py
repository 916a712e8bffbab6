"""From a file of answers to a study of a report: what `surveybook study FILE` does."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

import yaml

from surveybook.survey.data.hypotheses import FILE as HYPOTHESES
from surveybook.survey.data.package import DESCRIPTOR
from surveybook.survey.data.seal import seal
from surveybook.survey.data.study import Study, read_study
from surveybook.survey.errors import DataError
from surveybook.survey.evidence.report import Report
from surveybook.survey.intake import descriptor, edits
from surveybook.survey.intake.chapters import FRONT, list_chapters, write_chapters
from surveybook.survey.intake.conditions import find_conditions
from surveybook.survey.intake.decisions import IN_WORDS, KINDS, LIKELY, WEIGHT
from surveybook.survey.intake.descriptor import About
from surveybook.survey.intake.exports import Export, read_export
from surveybook.survey.intake.hypotheses import find_example, write_hypotheses
from surveybook.survey.intake.names import name_study
from surveybook.survey.intake.questions import LeftOut, Question, find_questions, finish_cells
from surveybook.survey.intake.record import (
    FILE,
    Descriptor,
    Record,
    compare,
    digest,
    read_record,
    remember,
    split_descriptor,
    write_record,
)
from surveybook.survey.intake.sheet import read_sheet

SETTINGS, ROWS, NO_LICENCE = "_quarto.yml", "responses.csv", "LicenseRef-not-stated"


@dataclass
class _Run:
    """One run: what was read, what was written the last time, and the lines that are told."""

    root: Path
    path: Path
    name: str
    title: str
    package: str
    export: Export
    questions: list[Question]
    out: list[LeftOut]
    old: Record | None
    told: list[str]
    wanted: dict[str, str]

    @property
    def folder(self) -> Path:
        return self.root / "data" / self.name


def import_study(
    root: Path, path: Path, name: str = "", title: str = "", wanted: Mapping[str, str] | None = None
) -> Iterator[str]:
    """Make the answers in the file `path` a study of the report `root`, or bring that study up to date; a line for each
    thing that its author should know, the doubtful guesses at the end, worst first.

    `wanted`: the kind of a question that its author asks for, by the heading of its column. Raises DataError, one
    sentence, for a file that cannot be used and a folder that is no report; then nothing is changed.
    """
    run = _read(root, path, name, title, wanted or {})
    current = _bring_up_to_date(run)
    study = _write_study(run, current)
    yield from run.told
    yield from _write_chapters(run, study)
    left = f"; left out: {len(run.out)}" if run.out else ""
    asked = sum(one.kind != WEIGHT for one in run.questions)
    yield (
        f"{run.name}: {asked} questions and {run.export.respondents:,} respondents in data/{run.name}"
        f"{left}"
    )
    least = study.disclosure.minimum_cell
    rule = f"counts below {least} are withheld" if least else "every count is shown, as you declared"
    rows = "the rows are published, as you declared" if study.given_away else "no row is published"
    yield (f"{run.name}: people gave these answers; {rule}, and {rows} (“disclosure” in data/{run.name}/{DESCRIPTOR})")
    yield (f"{run.name}: data/{run.name}/{ROWS} has a row for each of them: whoever can read the repository of this "
           "report can read it")
    yield from _doubts(run)
    yield f"{run.name}: see it with `surveybook build`, then site/index.html"


def _read(root: Path, path: Path, name: str, title: str, wanted: Mapping[str, str]) -> _Run:
    """The file with its questions, for a study whose name can be imported."""
    if not (root / SETTINGS).is_file():
        raise DataError(
            f"{root / SETTINGS}: there is no report in this folder; make one with `surveybook new`, or go to its folder"
        )
    package = find_package(root)
    chosen = name_study(name or path.stem, root / package)
    old = read_record(root / "data" / chosen)
    title = " ".join(title.split()) or _title(root / "data" / chosen / DESCRIPTOR, name or path.stem)
    told = []
    if name and chosen != name:
        told.append(f"{chosen}: the study is called so, as chapters could not import “{name}”")
    export = read_export(read_sheet(path), path)
    headings = [column.heading for column in export.columns]
    for heading, kind in wanted.items():
        if heading not in headings or kind not in KINDS:
            raise DataError(
                f"--as “{heading}={kind}”: "
                + (
                    f"the kind must be one of {', '.join(KINDS)}"
                    if heading in headings
                    else f"{path} has no column of this heading"
                )
            )
    before = {one: kind for one, kind in (old.wanted if old else {}).items() if one in headings}
    questions, out = find_questions(export, before | dict(wanted))
    told += [f"{path.name}: {note}" for note in export.notes]
    if export.tool:
        told.append(f"{path.name}: an export of {export.tool}")
    return _Run(root, path, chosen, title, package, export, questions, out, old, told, before | dict(wanted))


def _title(path: Path, words: str) -> str:
    """The title that the study has already, else its name in words."""
    with suppress(yaml.YAMLError, OSError, AttributeError):
        if title := yaml.safe_load(path.read_text(encoding="utf-8")).get("title"):
            return str(title)
    words = " ".join(words.replace("_", " ").replace("-", " ").split())
    return words[:1].upper() + words[1:]


def find_package(root: Path) -> str:
    """The package that chapters of this report import."""
    for init in sorted(root.glob("*/__init__.py")):
        if "Report(" in init.read_text(encoding="utf-8"):
            return init.parent.name
    raise DataError(
        f"{root}: the report has no package with a `Report(...)` that its chapters could import; make a "
        "report with `surveybook new`, and copy its folder `analysis`"
    )


def _bring_up_to_date(run: _Run) -> Descriptor:
    """The descriptor as it will be: as it is guessed, with what the author changed since the last time."""
    path, old = run.folder / DESCRIPTOR, run.old
    text = path.read_text(encoding="utf-8") if old and path.exists() else ""
    current, declared, new = None, {}, {}
    if old and text:
        current, declared = split_descriptor(text, path), _declared(text, path)
        before = {one.id for one in run.questions}
        run.questions = edits.keep_names(run.questions, old, current, declared)
        if len(run.questions) < len(before):
            run.told.append(f"{run.name}: {len(before) - len(run.questions)} questions stay out, as you took them out")
        _check_gone(run, old, current)
        for one in run.questions:
            if one.id in current.fields and not old.unchanged(f"field {one.id}", current.fields[one.id]):
                new[one.id] = edits.keep_answers(one, old.questions.get(one.id, {}), declared[one.id], path)
    if not run.questions:
        raise DataError(
            f"{run.path}: no column holds answers that could be counted; name the kind of those that do, as in "
            "--as “Heading=nominal”"
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
            if old
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
                kept.append(name)
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


def _check_gone(run: _Run, old: Record, current: Descriptor) -> None:
    """Refuse to drop a question that its author worked on because its column is gone."""
    now = {one.id for one in run.questions}
    for name, told in old.questions.items():
        if name in current.fields and name not in now and not old.unchanged(f"field {name}", current.fields[name]):
            raise DataError(
                f"{run.path}: has no column “{told['columns'][0]}” with answers, which is “{name}” in "
                f"data/{run.name}/{DESCRIPTOR}; write its new heading under “columns” of {name} in "
                f"data/{run.name}/{FILE}, or take the field out"
            )


def _write_study(run: _Run, made: Descriptor) -> Study:
    """The files of the study: tried in another folder first, so that nothing is changed unless they can be read."""
    rows, hypotheses = descriptor.write_rows(run.questions), ""
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
        (trial / ROWS).write_bytes(rows)
        if hypotheses:
            (trial / HYPOTHESES).write_text(hypotheses, encoding="utf-8")
        try:
            seal(trial)
            study = read_study(trial)
        except DataError as error:
            raise DataError(str(error).replace(str(trial), f"data/{run.name}")) from None
        run.folder.mkdir(parents=True, exist_ok=True)
        for name in (DESCRIPTOR, ROWS, *([HYPOTHESES] if hypotheses else [])):
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


def _write_chapters(run: _Run, study: Study) -> Iterator[str]:
    """Write each chapter that the author has not changed, list new ones in _quarto.yml, and tell which were kept."""
    before = run.old.written if run.old else {}
    chapters = write_chapters(study, run.package, FRONT in before or not (run.root / FRONT).exists())
    record = read_record(run.folder)
    assert record is not None
    kept = []
    for name, text in chapters.items():
        path = run.root / name
        if name in before and not path.exists():
            record.written[name] = before[name]
            continue  # its author took it out
        if path.exists() and digest(path.read_text(encoding="utf-8")) not in (before.get(name), digest(text)):
            kept.append(name)
            record.written[name] = before.get(name, "")
            continue
        path.parent.mkdir(exist_ok=True)
        path.write_text(text, encoding="utf-8")
        record.written[name] = digest(text)
    settings = run.root / SETTINGS
    new = {name: text for name, text in chapters.items() if name not in {FRONT, *before, *kept}}
    listed = list_chapters(settings.read_text(encoding="utf-8"), run.title, new)
    if new and listed != settings.read_text(encoding="utf-8"):
        settings.write_text(listed, encoding="utf-8")
        yield f"{run.name}: {len(new)} chapters written and listed in {SETTINGS}"
    missing = [name for name in new if name not in listed]
    if missing:
        yield f"{run.name}: list these in {SETTINGS}, whose chapters could not be found: {', '.join(missing)}"
    if kept:
        yield f"{run.name}: kept as you wrote them: {', '.join(kept)}"
    (run.folder / FILE).write_text(write_record(record), encoding="utf-8")


def _doubts(run: _Run) -> Iterator[str]:
    """Every guess that should be looked at, worst first; the same guess about several questions once."""
    found: dict[tuple[int, str, str], list[str]] = {}
    for one in run.questions:
        for guess in one.guesses:
            if guess.doubt >= LIKELY and not one.kept:
                found.setdefault((-guess.doubt, guess.about, guess.words), []).append(one.id)
    for left in run.out:
        found.setdefault((-left.guess.doubt, left.guess.about, left.guess.words), []).append(f"“{left.heading}”")
    if found or not run.old:
        yield f"{run.name}: what was guessed, the most doubtful first; change it in data/{run.name}/{DESCRIPTOR}:"
    if not run.old:
        yield f"  please look: title, source and licence: they are guessed from the file and the report ({run.title})"
    for (doubt, about, words), names in sorted(found.items(), key=lambda one: one[0][0]):
        several = ", ".join(names[:3]) + (f" and {len(names) - 3} more" if len(names) > 3 else "")
        yield f"  {IN_WORDS[-doubt]}: {several}: {about}: {' '.join(words.split())}"
