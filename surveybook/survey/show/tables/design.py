"""What can a survey of this size show?  Tables of the design analysis."""

from __future__ import annotations

from surveybook.survey.design.scenarios import ASSUMED, NONE
from surveybook.survey.estimates.share import Share
from surveybook.survey.evidence.design import facts, label, note, power_of, rate, size_words
from surveybook.survey.evidence.findings import Findings
from surveybook.survey.show.display import LOOKED_UP, Column, Table
from surveybook.survey.verdicts.test import WORDS
from surveybook.survey.words import text


def detectable(findings: Findings) -> Table:
    """The smallest size that each hypothesis finds with the power asked for. One row for each hypothesis."""
    power, rows, data = power_of(findings.study), [], []
    for name in power.stored.design.hypotheses:
        found, row, least = power.detectable(name), power.row(name), power.of_interest(name)
        if found is None:
            continue
        rows.append([label(power, name), row.label, size_words(found), text.decimal(found.loading, 2),
                     text.decimal(least, 2) if least else "none"])
        data.append({"hypothesis": name, "measure": row.measure, "size": found.size, "error": found.error,
                     "loading": found.loading, "reached": found.reached, "smallest_of_interest": least})
    target = text.percent(power.stored.design.power)
    columns = [Column("Hypothesis"), Column("Measure"), Column(f"Found with {target}", True), Column("Loading", True),
               Column("Of interest", True)]
    return Table("Smallest sizes that are found", columns, rows, facts(findings.study, detectable, data),
                 note(power, "± is the standard error of the simulation; a size lies between two that were simulated, "
                             "where the normal quantiles of their power lead to the power asked for"),
                 folded=len(rows) > LOOKED_UP)


def nothing(findings: Findings) -> Table:
    """The verdicts of surveys in which nothing is true. One row for each hypothesis, one column for each verdict."""
    power = power_of(findings.study)
    points = {name: power.point(NONE, name) for name in power.stored.design.hypotheses}
    rows = [[label(power, name), *(text.percent(point.share(word).value) for word in WORDS)]
            for name, point in points.items()]
    data = [{"hypothesis": name} | rate(point.share(word), word) for name, point in points.items() for word in WORDS]
    columns = [Column("Hypothesis"), *(Column(text.first_up(word), True) for word in WORDS)]
    return Table("Verdicts where nothing is true", columns, rows, facts(findings.study, nothing, data),
                 note(power), folded=len(rows) > LOOKED_UP)


def exaggeration(findings: Findings) -> Table:
    """Power, wrong signs and exaggeration where the model is as assumed. One row for each hypothesis that is true."""
    power, rows, data = power_of(findings.study), [], []
    for name in power.stored.design.hypotheses:
        point = power.point(ASSUMED, name)
        if not point.truth.related:
            continue
        found, wrong, times = point.share("effect"), point.wrong_sign, point.exaggeration
        rows.append([
            label(power, name), power.row(name).label, text.decimal(point.truth.value, 2), text.percent(found.value),
            text.tenth(wrong.value) if wrong else "none found",
            f"{text.decimal(times[0], 2)} ± {text.decimal(times[1], 3)}" if times else "none found",
        ])
        data.append({"hypothesis": name, "true_size": point.truth.value, "true_size_error": point.truth.error}
                    | rate(found, "effect") | {"wrong_sign": wrong.value if wrong else None}
                    | dict(zip(("exaggeration", "exaggeration_error"), times or (None, None), strict=True)))
    columns = [Column("Hypothesis"), Column("Measure"), *(Column(title, True) for title in
                                                          ("True size", "Power", "Wrong sign", "Times the true size"))]
    return Table("What is found where something is true", columns, rows,
                 facts(findings.study, exaggeration, data),
                 note(power, "± is the standard error of the simulation"), folded=len(rows) > LOOKED_UP)


def coverage(findings: Findings) -> Table:
    """How often the 95% intervals hold the true size. One row for each hypothesis, one column for each survey size."""
    power, rows, data = power_of(findings.study), [], []
    sizes = [size.respondents for size in power.stored.design.sizes]
    for name in power.stored.design.hypotheses:
        cells = []
        for n in sizes:
            lowest = power.lowest_coverage(name, n)
            cells.append(text.tenth(lowest.coverage.value))
            data.append({"hypothesis": name, "respondents": n, "scenario": lowest.truth.scenario}
                        | rate(lowest.coverage, "covered"))
        rows.append([label(power, name), *cells])
    columns = [Column("Hypothesis"), *(Column(text.whole(n), True) for n in sizes)]
    words = "the lower of the scenarios without effects and as assumed; the columns are respondents"
    return Table("Coverage of the intervals", columns, rows, facts(findings.study, coverage, data),
                 note(power, words, sizes=True), folded=len(rows) > LOOKED_UP)


def alarms(findings: Findings) -> Table:
    """How often a family claims something where nothing is true, and how often a relation that just matters is called
    smaller. One row for each family and size of survey."""
    power, rows, data = power_of(findings.study), [], []
    for one in power.alarms():
        shares = {word: Share(getattr(one, word), one.surveys) for word in ("effect", "opposite", "either")}
        title = power.family(one.family).title
        smaller = power.false_equivalents(one.family, one.respondents)
        rows.append([f"{title}, {text.whole(one.respondents)} respondents",
                     *(text.tenth(share.value) for share in shares.values()),
                     text.tenth(smaller.value) if smaller else "none declared"])
        if smaller:
            shares["equivalent"] = smaller
        data += [{"family": one.family, "title": title, "respondents": one.respondents} | rate(share, word)
                 for word, share in shares.items()]
    columns = [Column("Family"), *(Column(title, True) for title in ("Effect", "Opposite", "Either", "Equivalent"))]
    words = ("a false alarm is at least one hypothesis of the family with that verdict, or with either, where "
             "nothing is true; a false equivalent is a relation at the smallest size of interest that is said to be "
             "smaller, and the rate is the highest of the hypotheses of the family")
    return Table("False alarms and false equivalents of the families", columns, rows,
                 facts(findings.study, alarms, data), note(power, words, sizes=True))
