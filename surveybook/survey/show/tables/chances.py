"""How many people must one ask?  The design analysis as tables: every rate of finding, and what is enough."""

from __future__ import annotations

from surveybook.survey.evidence.chances import ENDS, Case, claims, ends, pair, sizes, tenths
from surveybook.survey.evidence.design import facts, label, note, power_of, rate
from surveybook.survey.evidence.findings import Findings
from surveybook.survey.show.display import Column, Table
from surveybook.survey.words import text

POWER = "power is how often the verdict is “effect”, after the correction of the family"
NONE = "–"
TITLES = {end: text.first_up(words[0]) for end, words in ENDS.items()}


def chances(findings: Findings, case: Case) -> Table:
    """What surveys of each size find in one case. One row for each number of respondents, one column for each end."""
    rows, data = [], []
    for n, point in zip(case.power.sizes, case.points, strict=True):
        counts, found = ends(point), point.share("effect")
        low, high = (text.tenth(end) for end in (found.interval.low, found.interval.high))
        cells = {end: tenths(counts[end], point.surveys) for end in case.ends}
        cells["found"] = f"{cells['found']} ({low} to {high})"
        rows.append([text.whole(n), *(cells.get(end, NONE) for end in ENDS)])
        data.append({"hypothesis": case.hypothesis, "loading": point.loading, "true_size": point.truth.value,
                     "respondents": n} | rate(found, "effect") | counts)
    columns = [Column("Respondents", True), *(Column(title, True) for title in TITLES.values())]
    return Table("What surveys find, by the number of respondents", columns, rows, facts(findings.study, chances, data),
                 note(case.power, "brackets hold the intervals of the simulation", sizes=True))


def power(findings: Findings) -> Table:
    """How often each relation is found, and how many people are enough. One row for each hypothesis and strength of
    its relation, one column for each number of respondents."""
    found, rows, data = power_of(findings.study), [], []
    for name in claims(found):
        for place, size in enumerate(sizes(found, name)):
            points, enough = found.across(name, place), found.enough(name, place)
            rows.append([
                label(found, name), pair(found, name), size,
                *(text.percent(point.share("effect").value) for point in points),
                NONE if not place else text.whole(enough) if enough else f"> {text.whole(found.sizes[-1])}",
            ])
            data += [
                {"hypothesis": name, "measure": found.row(name).measure, "loading": point.loading,
                 "true_size": point.truth.value, "true_size_error": point.truth.error, "respondents": n,
                 "enough": enough if place else None} | rate(point.share("effect"), "effect") | ends(point)
                for point, n in zip(points, found.sizes, strict=True)
            ]
    columns = [Column("Hypothesis"), Column("Answers"), Column("True size", True),
               *(Column(f"n\u00a0=\u00a0{text.whole(n)}", True) for n in found.sizes), Column("Enough", True)]
    words = (f"{POWER}; n is the number of respondents. Enough is the smallest n that was simulated at which "
             f"{text.percent(found.stored.design.power)} of surveys find the relation")
    return Table("Power by hypothesis, true size and number of respondents", columns, rows,
                 facts(findings.study, power, data), note(found, words, sizes=True))


def how_many(findings: Findings) -> Table:
    """How many people must be asked to find a relation. One row for each two kinds of answers and each strength in the
    model; its hypotheses differ in their true sizes, and may differ in how many people are enough."""
    found, groups = power_of(findings.study), {}
    for name in claims(found):
        for place, point in enumerate(found.curve(name)[1:], 1):
            groups.setdefault((pair(found, name), found.row(name).label, point.loading), []).append((name, place))
    rows, data = [], []
    for (kinds, measure, loading), members in sorted(groups.items()):
        values = sorted(abs(found.curve(name)[place].truth.value) for name, place in members)
        numbers = [found.enough(name, place) for name, place in members]
        tried = [*found.sizes, None]  # None: more than were simulated
        lowest, highest = (one(numbers, key=tried.index) for one in (min, max))
        few = tried[tried.index(lowest) - 1] if lowest != tried[0] else None
        rows.append([kinds, measure, _span(values), text.whole(few) if few else NONE,
                     text.whole(highest) if highest else f"> {text.whole(found.sizes[-1])}"])
        data.append({"answers": kinds, "measure": measure, "loading": loading, "hypotheses": len(members),
                     "smallest_size": values[0], "largest_size": values[-1], "too_few": few, "enough": highest})
    target = text.percent(found.stored.design.power)
    columns = [Column("Answers"), Column("Measure"),
               *(Column(title, True) for title in ("True size", "Too few", "Enough"))]
    words = (f"with too few respondents none of the hypotheses of a row is found in {target} of surveys, with enough "
             "all are; what lies between is enough for some of them, or was not simulated. Simulated were "
             f"{text.listing([text.whole(n) for n in found.sizes])} respondents")
    return Table("How many people to ask", columns, rows, facts(findings.study, how_many, data),
                 note(found, words, sizes=True))


def _span(values: list[float]) -> str:
    """“0.091 to 0.126”."""
    low, high = (text.decimal(value, 3) for value in (values[0], values[-1]))
    return low if low == high else f"{low} to {high}"
