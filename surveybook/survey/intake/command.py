"""From a file of answers to a study of a report: what `surveybook study FILE` does."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path

from surveybook.survey.data import RESPONSES
from surveybook.survey.data.package import DESCRIPTOR
from surveybook.survey.data.responses import chosen
from surveybook.survey.data.study import Study
from surveybook.survey.data.waves import Wave
from surveybook.survey.evidence import waves
from surveybook.survey.intake.contents import bring_in_chapters
from surveybook.survey.intake.decisions import IN_WORDS, LIKELY, WEIGHT
from surveybook.survey.intake.revision import bring_up_to_date, write_study
from surveybook.survey.intake.run import Run, read_run
from surveybook.survey.words.text import listing


def import_study(
    root: Path, path: Path, name: str = "", title: str = "", wanted: Mapping[str, str] | None = None, wave: str = "",
) -> Iterator[str]:
    """Make the answers in the file `path` a study of the report `root`, or bring that study up to date; a line for each
    thing that its author should know, the doubtful guesses at the end, worst first.

    `wanted`: the kind of a question that its author asks for, by the heading of its column. `wave`: what these answers
    are called, if they are not the same ones again but the next wave of the study. Raises DataError, one
    sentence, for a file that cannot be used and a folder that is no report; then nothing is changed.
    """
    run = read_run(root, path, name, title, wanted or {}, wave)
    current = bring_up_to_date(run)
    study = write_study(run, current)
    yield from run.told
    yield from _moved(run, study)
    yield from bring_in_chapters(run, study)
    left = f"; left out: {len(run.out)}" if run.out else ""
    asked = sum(one.kind != WEIGHT for one in run.questions)
    yield (
        f"{run.name}: {asked} question{'s' * (asked != 1)} and {run.export.respondents:,} respondents in "
        f"data/{run.name}{left}"
    )
    least = study.disclosure.minimum_cell
    rule = f"counts below {least} are withheld" if least else "every count is shown, as you declared"
    rows = "the rows are published, as you declared" if study.given_away else "no row is published"
    yield (f"{run.name}: people gave these answers; {rule}, and {rows} (“disclosure” in data/{run.name}/{DESCRIPTOR})")
    file = study.package.resources[RESPONSES]["path"]
    yield (f"{run.name}: data/{run.name}/{file} has a row for each of them: whoever can read the repository of this "
           "report can read it")
    yield from _doubts(run)
    yield f"{run.name}: see it with `surveybook build`, then site/index.html"


def _moved(run: Run, study: Study) -> Iterator[str]:
    """What of the questionnaire moved up to the last wave, a line each, and why what moved is not compared."""
    if study.waves is None:
        return
    yield f"{run.name}: {waves.sentence(study.waves)}"
    found = [one for _, after, one in study.waves.moved if after is study.waves.last]
    yield f"{run.name}: {waves.moved(study.waves)}"
    for one in found:
        yield f"  “{one.question}” ({one.what}): {one.how}"
    gone = [*_given_no_more(study.waves.each[-2], study.waves.last)]
    yield from gone
    if gone:
        yield (f"{run.name}: these answers count as offered all the same; take those that were not out of "
               f"“{RESPONSES}” in data/{run.name}/{DESCRIPTOR}, give those that were renamed their new label there in "
               "place of the new answer, and run this again without --wave")
    if found:
        yield (f"{run.name}: what moved is not compared; where it may be, say why under “same” of “waves” in "
               f"data/{run.name}/{DESCRIPTOR}")


def _given_no_more(before: Wave, after: Wave) -> Iterator[str]:
    """The answers to each question that somebody gave in a wave, and nobody in the next one."""
    for name, question in after.questions.items():
        if question.kind == "count" or name not in before.questions:
            continue
        earlier, own = before.questions[name], question
        given, now = ({one for one, some in zip(asked.answers, chosen(asked, wave.responses.codes[name]).any(axis=0),
                                                strict=True) if some}
                      for asked, wave in ((earlier, before), (own, after)))
        if gone := [f"“{own.labels[one]}”" for one in own.answers if one in given - now]:
            yield f"  “{name}”: nobody gave {listing(gone, 'or')} any more"


def _doubts(run: Run) -> Iterator[str]:
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
