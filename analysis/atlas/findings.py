"""Which numbers of the documented cases can stand in a sentence?  Their names, below those of the study itself.

    documented.years.last                          “2026”
    documented.steps.incidents.top.label           what most incidents have a step for
    documented.kinds.poisoning.incidents           under the strict reading; incidents_broad under the broad one
    documented.checks.slips                        what the rules found
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence

from analysis.atlas.collection import EXERCISE, INCIDENT, Documented, Tally, read_documented
from analysis.atlas.kinds import Kind, read_kinds, unmapped
from analysis.atlas.slips import Check, checks
from analysis.judged import named
from surveybook.survey.data.study import Study
from surveybook.survey.evidence.findings import Findings
from surveybook.survey.evidence.report import Report
from surveybook.survey.words import text
from surveybook.survey.words.names import Tree

FEARED = ("interviews", "attack")  # the study and the question whose answers are the list of attacks


def found(study: Study, report: Report) -> Tree:
    """What this report finds in the documented cases."""
    documented = read_documented(study)
    kinds = kinds_of(study, documented, report.findings(FEARED[0]).study)
    return {
        "version": f"version {study.package.descriptor['version']}",
        "years": _years(documented), "steps": _tactics(documented), "kinds": _kinds(documented, kinds),
        "checks": _checks(study, documented),
    }


def kinds_of(study: Study, documented: Documented, asked: Study) -> list[Kind]:
    """The kinds of attacks, with how many of those that `asked` could pick one feared it most."""
    return read_kinds(study, documented, asked.question(FEARED[1]))


def everything(findings: Findings, asked: Findings) -> tuple[Documented, list[Kind]]:
    """All that figures and tables of the kinds are made of."""
    documented = read_documented(findings.study)
    return documented, kinds_of(findings.study, documented, asked.study)


def year(number: int) -> text.Written:
    """“2026”."""
    return text.Written(str(number), value=number)


def _years(documented: Documented) -> Tree:
    """The first and the last year, the years without a case, and how many cases each year has."""
    years = documented.years
    by_year = {one: documented.in_year(one) for one in years}
    empty = [one for one, tally in by_year.items() if not tally.cases]
    return {
        "first": year(years[0]), "last": year(years[-1]), "empty": _listed(empty),
        "incidents": _most({one: tally.incidents for one, tally in by_year.items()}),
        "exercises": _most({one: tally.exercises for one, tally in by_year.items()}),
        **{f"y{one}": _tally(tally) for one, tally in by_year.items()},
    }


def _most(counts: dict[int, int]) -> Tree:
    """The years with the largest count, and that count."""
    most = max(counts.values())
    return {"year": _listed([one for one, count in counts.items() if count == most]), "count": text.whole(most)}


def _listed(years: Sequence[int]) -> str:
    """“2017 and 2018”; of a single one the number."""
    return year(years[0]) if len(years) == 1 else text.listing([str(one) for one in years]) or "none"


def _tally(tally: Tally, end: str = "") -> Tree:
    return {f"incidents{end}": text.whole(tally.incidents), f"exercises{end}": text.whole(tally.exercises),
            f"cases{end}": text.whole(tally.cases), f"told{end}": told(tally)}


def told(tally: Tally) -> str:
    """“1 incident and 2 exercises”, “1 incident and no exercise”, “no documented case”."""
    def said(count: int, noun: str) -> str:
        return f"{text.whole(count) if count else 'no'} {noun}{'s' * (count > 1)}"
    return f"{said(tally.incidents, 'incident')} and {said(tally.exercises, 'exercise')}" if tally.cases else \
        "no documented case"


def _tactics(documented: Documented) -> Tree:
    """The tactics which most incidents and most exercises have a step for, and begin with."""
    def top(kind: str, first: bool) -> Tree:
        numbers = {name: sum(documented.cases[case].kind == kind for case in documented.serving(tactic, first))
                   for tactic, name in documented.tactics.items()}
        most, second = sorted(set(numbers.values()), reverse=True)[:2]
        return {word: {"label": text.listing([name for name, count in numbers.items() if count == number]),
                       "count": text.whole(number)} for word, number in (("top", most), ("second", second))}
    return {
        "incidents": top(INCIDENT, False) | {"opening": top(INCIDENT, True)},
        "exercises": top(EXERCISE, False) | {"opening": top(EXERCISE, True)},
    }


def _kinds(documented: Documented, kinds: Sequence[Kind]) -> Tree:
    """How many kinds there are; of which there is a case, an incident, or neither; and each kind."""
    listed, others = [one for one in kinds if one.listed], [one for one in kinds if not one.listed]
    picked = [one for one in listed if one.picks]
    loose = unmapped(documented, list(kinds))
    disputed = [one for one in kinds if one.strict.tally != one.broad.tally]
    return {
        "count": text.whole(len(kinds)), "listed": text.whole(len(listed)), "new": text.whole(len(others)),
        "shown": _shown(documented, listed, others), "turn": _turn(documented, kinds, others),
        "disputed": named(one.label for one in disputed),
        "unmapped": {"count": text.whole(len(loose)),
                     "label": text.listing([documented.cases[one].name for one in loose])},
        "picked": {
            "count": text.whole(len(picked)),
            "without_incident": named(one.label for one in picked if not one.strict.tally.incidents),
            "without_case": named(one.label for one in picked if not one.broad.tally.cases),
        },
        "unpicked": {
            "count": text.whole(len(listed) - len(picked)),
            "with_incident": named(one.label for one in listed if not one.picks and one.strict.tally.incidents),
        },
        "without_technique": named(one.label for one in kinds if not one.broad.techniques),
        "most": {
            "picks": _leading(listed, lambda one: one.picks or 0),
            "incidents": _leading(kinds, lambda one: one.strict.tally.incidents),
            "exercises": _leading(kinds, lambda one: one.strict.tally.exercises),
            "mitigations": _leading(kinds, lambda one: len(one.strict.mitigations)),
        },
        **{one.id: _kind(documented, one) for one in kinds},
    }


def _shown(documented: Documented, listed: Sequence[Kind], others: Sequence[Kind]) -> Tree:
    """Each case once: those that show a kind that was not on the list, those that show listed kinds alone, and those
    that show none, under the strict reading."""
    new, old = _cases(others), _cases(listed) - _cases(others)
    parts = {"new": new, "listed": old, "none": frozenset(documented.cases) - new - old}
    return {name: _tally(documented.tally(cases)) | {"count": text.whole(len(cases))} for name, cases in parts.items()}


def _turn(documented: Documented, kinds: Sequence[Kind], others: Sequence[Kind]) -> Tree:
    """The first year with a kind that was not on the list; how many cases there are before it and from it on, how many
    of these show such a kind, and how many each listed one."""
    first = min((documented.cases[one].year for one in _cases(others)), default=documented.years[-1])
    sides = {"before": lambda number: number < first, "since": lambda number: number >= first}

    def number(cases: Iterable[str], side: Callable[[int], bool]) -> text.Written:
        return text.whole(sum(side(documented.cases[one].year) for one in cases))

    return {"year": year(first)} | {
        name: {"cases": number(documented.cases, side), "new": number(_cases(others), side)}
        | {one.id: number(one.strict.cases, side) for one in kinds} for name, side in sides.items()
    }


def _cases(kinds: Iterable[Kind]) -> frozenset[str]:
    """The cases that show any of the kinds, under the strict reading."""
    return frozenset().union(*(one.strict.cases for one in kinds))


def _leading(kinds: Sequence[Kind], count: Callable[[Kind], int]) -> Tree:
    """The kinds with the largest count, and that count; who picked each of them, and how many cases show it."""
    most = max(map(count, kinds))
    own = [one for one in kinds if count(one) == most]
    return {
        "label": text.listing([text.lower(one.label) for one in own]), "count": text.whole(most),
        "by": text.listing([_fearing(one) for one in own]),
        "told": text.listing([told(one.strict.tally) for one in own]),
    }


def _fearing(kind: Kind) -> str:
    """Who picked a kind: “nobody”, “1 organization”; nobody could if it was not on the list."""
    number = text.whole(kind.picks or 0)
    return "nobody" if not kind.picks else f"{number} organization{'s' * (kind.picks != 1)}"


def _kind(documented: Documented, kind: Kind) -> Tree:
    """One kind under both readings; its years and mitigations under the strict one."""
    years = sorted({documented.cases[case].year for case in kind.strict.cases})
    return {
        "label": text.lower(kind.label), "title": kind.label,
        "by": _fearing(kind),
        **_tally(kind.strict.tally), **_tally(kind.broad.tally, "_broad"),
        "first": year(years[0]) if years else "no year", "last": year(years[-1]) if years else "no year",
        "mitigations": text.whole(len(kind.strict.mitigations)),
        "mitigations_broad": text.whole(len(kind.broad.mitigations)),
    }


def _checks(study: Study, documented: Documented) -> Tree:
    """How many rules there are, how many hold, and what the others found."""
    made = checks(study, documented)
    now = [one for one in made if one.now]

    def number(of: Iterable[Check]) -> text.Written:
        return text.whole(sum(len(one.slips) for one in of))

    return {"count": text.whole(len(made)), "now": text.whole(len(now)), "read": text.whole(len(made) - len(now)),
            "hold": text.whole(sum(not one.slips for one in made)), "slips": number(made), "slips_now": number(now),
            "slips_read": number([one for one in made if not one.now])}
