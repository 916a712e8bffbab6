"""How did each group answer?  Cross tables with letters, scores, means and which groups differ."""

from __future__ import annotations

import numpy as np

from surveybook.survey.data.codebook import KINDS, Question
from surveybook.survey.data.grouping import ALL, LEVEL, Groups, grouped
from surveybook.survey.data.scale import Scale, named
from surveybook.survey.data.study import Study
from surveybook.survey.errors import DataError
from surveybook.survey.estimates.share import Share, known
from surveybook.survey.estimates.weighted import WeightedShare
from surveybook.survey.evidence.about import about, ended, left_out, source_line, wording
from surveybook.survey.evidence.findings import Findings
from surveybook.survey.evidence.passport import REASONS
from surveybook.survey.show.display import Column, Table
from surveybook.survey.show.tables.cells import counted, in_brackets, numbers, share_cells, share_columns, withheld
from surveybook.survey.show.tables.hypotheses import bare
from surveybook.survey.stats import sampled
from surveybook.survey.stats.groups import Pair, dunn, epsilon_squared, kruskal_wallis
from surveybook.survey.stats.scores import Mean
from surveybook.survey.words import text

LETTERED = "A letter names a group whose share is smaller."
EXPLORED = "These comparisons explore: none was declared before the answers were read."


def crossed(findings: Findings, question: str, by: str) -> Table:
    """The answers to one question in the groups that the answers to another one make, with the letters of those groups
    in which a share is smaller.

    One row for each answer, a column for each group and for all, and the base in the last row; of a question of yes or
    no one row for each group. The data have one row for each answer of each group; `larger_than` names the groups.
    """
    made = grouped(findings.study, question, by)
    return _of_yes(findings.study, made) if made.question.kind == "yes-no" else _of_answers(findings.study, made)


def _of_answers(study: Study, made: Groups) -> Table:
    """A row for each answer, a column for each group."""
    data, rows = [], []
    for place, answer in enumerate(made.answers):
        shares, letters = made.shares([place]), [*made.larger([place]), ""]
        rows.append([answer, *(counted(share, own) for share, own in zip(shares, letters, strict=True))])
        data += [_row(made, answer, *each) for each in zip((*made.names, ALL), shares, letters, strict=True)]
    bases = [share.base for share in shares]
    rows.append(["Base", *map(text.whole, bases)])
    if made.domains:
        effective = [one.effective for one in shares if isinstance(one, WeightedShare)]
        rows.append(["Effective n", *(text.decimal(one, 0) for one in effective)])
    heads = [f"{name} ({letter})" for name, letter in zip(made.names, made.letters, strict=True)]
    columns = [Column(made.question.label), *(Column(head, True) for head in heads), Column(ALL, True)]
    several = " Several answers could be chosen, so that the shares of a group add up to more than all of it." \
        if made.crossed.bases else ""
    worth = "Effective n: by the weights alone. " if made.domains else ""
    return Table(title(made), columns, rows, about(study, crossed, data, made.question, made.by),
                 f"{_letters(made)}{several} {in_brackets(study)}{worth}{note(study, made, shares[0].interval.method)}")


def _of_yes(study: Study, made: Groups) -> Table:
    """A row for each group, with the share that said yes."""
    place = made.question.answers.index("yes")
    rows_of_yes = made.places((place,))
    shares = made.box((place,))
    letters = [*(made.larger(rows_of_yes) if rows_of_yes is not None else [""] * len(made.names)), ""]
    heads = [*(f"{name} ({letter})" for name, letter in zip(made.names, made.letters, strict=True)), ALL]
    rows = [[head, *share_cells(share), own] for head, share, own in zip(heads, shares, letters, strict=True)]
    data = [_row(made, made.question.labels["yes"], *each)
            for each in zip((*made.names, ALL), shares, letters, strict=True)]
    return Table(f"{title(made)}: said yes", [*share_columns("Group", shares), Column("Larger than")], rows,
                 about(study, crossed, data, made.question, made.by),
                 f"{_letters(made)} {note(study, made, shares[0].interval.method)}")


def _row(made: Groups, answer: str, group: str, share: Share, letters: str) -> dict[str, object]:
    """One answer of one group as exact values."""
    smaller = ", ".join(made.names[made.letters.index(letter)] for letter in letters)
    return {"answer": answer, "group": group} | numbers(share) | {"larger_than": smaller or None}


def scores(findings: Findings, question: str, by: str) -> Table:
    """How many of each group gave an answer at the upper and at the lower end of a scale, and how many more at the
    upper one: top-2-box, bottom-2-box and net score. From 0 to 10 these are promoters, detractors and the net promoter
    score.

    One row for each group and for all. Raises DataError for a question without a scale.
    """
    made = grouped(findings.study, question, by)
    scale, upper, lower, net = made.scale, made.box(made.scale.upper), made.box(made.scale.lower), made.net()
    ends = [_end(made.question, scale, places) for places in (scale.upper, scale.lower)]
    score = "Net promoter score" if scale.promoters else "Net score"
    rows, data = [], []
    for group, high, low, one, plain in zip((*made.names, ALL), upper, lower, net, made.unweighted.net(), strict=True):
        assert one.interval is not None
        rows.append([group, text.whole(high.base), counted(high), counted(low), points(one.value),
                     f"{points(one.interval.low)} to {points(one.interval.high)}" if known(one.value)
                     else text.WITHHELD, *([points(plain.value)] if made.domains else [])])
        data.append(withheld({"group": group, "base": high.base, "upper": high.count, "lower": low.count,
                              "net": one.value, "low": one.interval.low, "high": one.interval.high,
                              "level": one.interval.level, "method": one.interval.method}
                             | ({"net_unweighted": plain.value} if made.domains else {})))
    columns = [Column("Group"), Column("Base", True), Column(ends[0], True), Column(ends[1], True), Column(score, True),
               Column(f"{text.percent(net[0].interval.level)} interval", True), *_unweighted(made)]
    together = "" if known(net[-1].value) else " Where answers are put together, the ends of the scale may not be told."
    return Table(
        f"{title(made)}: {text.lower(score)}", columns, rows,
        about(findings.study, scores, data, made.question, made.by),
        f"{score}: the share that answered {named(made.question, scale.upper)} less the share that answered "
        f"{named(made.question, scale.lower)}, in points of a hundred. Each interval is for one group."
        f"{together} {in_brackets(findings.study)}{note(findings.study, made, net[0].interval.method)}",
    )


def _end(question: Question, scale: Scale, places: tuple[int, ...]) -> str:
    """One end of a scale as the head of a column."""
    upper = places == scale.upper
    if scale.promoters:
        return "Promoters (9 and 10)" if upper else "Detractors (0 to 6)"
    return f"{'Top' if upper else 'Bottom'} {'two' if len(places) > 1 else 'answer'}: {named(question, places)}"


def points(value: float) -> str:
    """A difference of shares in points of a hundred: “+12”."""
    words = text.decimal(100 * value, 0)
    return words if not known(value) or words[0] in "0−" else f"+{words}"


def means(findings: Findings, question: str, by: str) -> Table:
    """The mean of a number or of answers on a scale in each group, with its interval and the standard deviation.

    One row for each group and for all. Raises DataError for a question that is neither.
    """
    made = grouped(findings.study, question, by)
    found = means_of(made)
    level = text.percent(0.95)
    rows, data = [], []
    for group, one, plain in zip((*made.names, ALL), found, made.unweighted.means(), strict=True):
        rows.append([group, text.whole(one.n), text.decimal(one.value, 2), _span(one), text.decimal(one.deviation, 2),
                     *([text.decimal(plain.value, 2)] if made.domains else [])])
        low, high = (one.interval.low, one.interval.high) if one.interval else (None, None)
        data.append(withheld({"group": group, "base": one.n, "mean": one.value, "low": low, "high": high, "level": 0.95,
                              "deviation": one.deviation, "rough": bool(one.rough)}
                             | ({"mean_unweighted": plain.value} if made.domains else {})))
    columns = [Column("Group"), Column("Base", True), Column("Mean", True), Column(f"{level} interval", True),
               Column("Standard deviation", True), *_unweighted(made)]
    return Table(f"{title(made)}: means", columns, rows,
                 about(findings.study, means, data, made.question, made.by),
                 f"{_numbers(made)} {note(findings.study, made, f'{made.means_by}, for each group')}")


def _unweighted(made: Groups) -> list[Column]:
    """A last column for what it would be if all people counted alike, of a weighted study."""
    return [Column("Unweighted", True)] if made.domains else []


def means_of(made: Groups) -> list[Mean]:
    """The means of each group and of all. Raises DataError for a question that has no numbers."""
    if made.question.kind != "count":
        _ = made.scale  # which says what a question without one is
    return made.means()


def _span(one: Mean) -> str:
    """The interval of a mean, and whether it is rough."""
    if one.interval is None:
        return "none"
    if not known(one.value):
        return text.WITHHELD
    words = f"{text.decimal(one.interval.low, 2)} to {text.decimal(one.interval.high, 2)}"
    return f"{words} (rough)" if one.rough else words


def _numbers(made: Groups) -> str:
    """What the numbers are that a mean is made of, and how good its interval is."""
    words = []
    if made.numbers is None:
        words.append("Means are withheld, as single numbers are not told of each group.")
    elif made.question.kind == "ordered":
        scale, answers = made.scale, made.question.answers
        first, last = (made.question.labels[answers[place]] for place in (0, -1))
        words.append("Answers count as the numbers that they are." if scale.numbered else
                     f"Answers count as {scale.values[0]} (“{first}”) to {scale.values[-1]} (“{last}”), as if the "
                     "steps between them were equal.")
    found = made.means()
    if any(one.rough for one in found):
        words.append("“Rough”: the numbers are too skewed for so few people.")
    if any(one.interval is None for one in found):
        words.append("“None”: there is one person, or all have the same number.")
    return " ".join(words)


def differences(findings: Findings, question: str, by: str) -> Table:
    """Which groups give higher answers or numbers than which others: Dunn's test of each pair, after that of Kruskal
    and Wallis, which stands in the note; of a weighted study the rank tests of Lumley and Scott.

    One row for each pair of groups. Raises DataError for a question whose answers have no order.
    """
    made, study = grouped(findings.study, question, by), findings.study
    if made.question.kind not in ("yes-no", "ordered", "count"):
        raise DataError(f"“{question}” has no order, so no group answers higher than another; show it with "
                        "tables.crossed")
    statistic = "t" if made.domains else "z"
    columns = [Column("Groups"), Column("Higher"), Column(statistic, True), Column("p", True), Column("p, Holm", True)]
    rows, data, overall = [], [], "No test is made, as counts are withheld."
    if known(float(made.ranked().sum())):
        try:
            pairs, overall = _by_ranks(made)
        except ValueError as error:
            raise DataError(f"“{question}” cannot be compared by “{by}”: {error}; show it with tables.crossed") \
                from None
        for one in pairs:
            first, second = made.names[one.first], made.names[one.second]
            higher = (second if one.z > 0 else first) if one.adjusted < LEVEL and one.z else ""
            rows.append([f"{first} and {second}", higher or "not told apart", text.decimal(one.z, 2), bare(one.p),
                         bare(one.adjusted)])
            data.append({"first": first, "second": second, statistic: one.z, "p": one.p, "p_holm": one.adjusted})
    test = "the rank test of Lumley and Scott of the two groups in the sample, two-sided, with midranks" \
        if made.domains else "Dunn’s test on the ranks of all groups, two-sided, corrected for ties"
    note_ = (f"{overall} Pairs: {test}; p, Holm: over all pairs. {statistic} is above zero where the second group is "
             f"higher. {EXPLORED}")
    return Table(f"{title(made)}: which groups differ", columns, rows or [[text.WITHHELD] * 5],
                 about(study, differences, data, made.question, made.by), f"{note_} {note(study, made)}")


def _by_ranks(made: Groups) -> tuple[tuple[Pair, ...], str]:
    """Every pair of groups, and the test of all of them in a sentence."""
    if made.domains:
        whole = made.domains.ranked(range(len(made.names)))
        pairs, tested, size = made.domains.compare_ranks(), sampled.compare_many_ranks(whole), \
            sampled.epsilon_squared(whole)
        words = f"Lumley and Scott, F = {text.decimal(tested.statistic, 2)} with {int(tested.df or 0)}"
    else:
        table = np.asarray(made.ranked()).astype(int)
        pairs, tested, size = dunn(table), kruskal_wallis(table), epsilon_squared(table)
        words = f"Kruskal and Wallis, H = {text.decimal(tested.statistic, 2)} with {int(tested.df or 0)}"
    assert size.interval is not None
    return pairs, (f"All groups: {words} degrees of freedom, {text.p_value(tested.p)}; epsilon squared "
                   f"{text.decimal(size.value, 2)}, {text.percent(size.interval.level)} interval "
                   f"{text.decimal(size.interval.low, 2)} to {text.decimal(size.interval.high, 2)}.")


def title(made: Groups) -> str:
    """What is shown, and of which groups."""
    return f"{made.question.label} by {text.lower(made.by.label)}"


def _letters(made: Groups) -> str:
    """What the letters mean."""
    if made.withheld and not made.crossed.bases:
        return "No letters are given, as counts are withheld."
    return (f"{LETTERED} Groups are told apart by two-sided tests of two shares ({made.compared_by}), adjusted by "
            f"Holm over the pairs of groups for each answer, at {text.percent(LEVEL)}. {EXPLORED}")


def note(study: Study, made: Groups, intervals: str = "") -> str:
    """The line below what is shown of groups: what was asked, of whom, how many gave both answers, and who is left
    out."""
    question, by, missing = made.question, made.by, made.crossed.missing
    left = [left_out(code, REASONS[code], text.whole(count)) for code, count in missing.items() if count]
    out = f", left out: {', '.join(left)}" if left else ""
    whom = f"Asked: {question.asked}, {KINDS[question.kind]}."
    level = f" Intervals: {text.percent(0.95)}, {intervals}." if intervals else ""
    weighted = f" Weighted; counts are of people. Sample: {study.sampling.words}." if study.sampling else ""
    return (f"{wording(question)} {whom} Groups: {ended(wording(by))} Base: "
            f"{text.whole(made.crossed.n)} who answered both{out}.{level}{weighted} Source: {source_line(study)}.")
