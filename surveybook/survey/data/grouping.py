"""How did each group answer?  The answers to one question by those to another one, as counts that may be shown.

Whatever is shown of groups is made from these counts: shares, letters, scores, means and tests.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

import numpy as np

from surveybook.survey.data.codebook import Declared, Question
from surveybook.survey.data.crossing import Crossed, no_groups
from surveybook.survey.data.responses import chosen, column, places
from surveybook.survey.data.scale import Scale, scale_of
from surveybook.survey.data.study import Study
from surveybook.survey.errors import DataError
from surveybook.survey.estimates.distribution import Distribution
from surveybook.survey.estimates.share import WITHHELD, Share, known
from surveybook.survey.estimates.weighted import WeightedDistribution
from surveybook.survey.stats.columns import METHOD, Columns, compare_columns, larger_than
from surveybook.survey.stats.domains import LETTERS_BY, LINEAR, Domains
from surveybook.survey.stats.result import Estimate
from surveybook.survey.stats.scores import Mean, mean, net_score

LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
LEVEL = 0.05  # of the tests of columns, over all pairs of one row
ALL = "All"


@dataclass(frozen=True)
class Groups:
    """People who answered `question`, in groups by their answer to `by`.

    `answers` and `names`: the labels of the rows and of the groups, answers put together where the study withholds
    counts. `counts`: how many of each group gave each answer, shape (answers, groups); `bases`: how many of it answered
    both questions. Groups that nobody is in are left out. `numbers`: what means are made from, how many of each group
    gave each number; of a count the number itself, of a scale its own (see scale.py), None where it is not told.
    `crossed`: the table that all of this was made from. `domains`: the people behind it, of a study that declares how
    they were sampled: shares, tests, means and scores are then weighted, and counts go on counting people.
    """

    question: Question
    by: Question
    crossed: Crossed
    answers: tuple[str, ...]
    names: tuple[str, ...]
    counts: np.ndarray
    bases: np.ndarray
    numbers: tuple[tuple[int, ...], np.ndarray] | None
    domains: Domains | None = None

    @property
    def unweighted(self) -> Groups:
        """The same as if all people counted alike."""
        return replace(self, domains=None)

    @property
    def compared_by(self) -> str:
        """The test that letters rest on."""
        return LETTERS_BY if self.domains else METHOD

    @property
    def means_by(self) -> str:
        """What the intervals of means rest on."""
        return LINEAR if self.domains else "Student’s t"

    @property
    def letters(self) -> str:
        """The letter of each group."""
        return LETTERS[: len(self.names)]

    @property
    def withheld(self) -> bool:
        """Whether any count is."""
        return not known(float(self.counts.sum() + self.bases.sum()))

    def shares(self, answers: list[int]) -> list[Share]:
        """The share of those who gave one of these answers, in each group and in all; intervals hold for all of these
        together."""
        counts, among = self._sums(answers), len(self.names) + 1
        if self.domains:
            return list(self.domains.shares(answers, among))
        pairs = [*zip(counts.tolist(), self.bases.tolist(), strict=True), (counts.sum(), self.bases.sum())]
        return [Share(_number(count), _number(base), among) for count, base in pairs]

    def _sums(self, answers: list[int]) -> np.ndarray:
        return self.counts[np.array(answers, int)].sum(axis=0)

    def compare(self, answers: list[int]) -> tuple[Columns, ...]:
        """Every pair of groups by the share of these answers; nothing where a count is withheld."""
        if self.domains:
            return self.domains.compare(answers)
        counts = self._sums(answers)
        if not known(float(counts.sum() + self.bases.sum())):
            return ()
        return compare_columns([int(one) for one in counts], [int(one) for one in self.bases])

    def larger(self, answers: list[int]) -> list[str]:
        """For each group the letters of those in which the share of these answers is smaller, beyond chance."""
        return ["".join(self.letters[place] for place in own)
                for own in larger_than(self.compare(answers), len(self.names), LEVEL)]

    @property
    def scale(self) -> Scale:
        """The scale of the question. Raises DataError where it has none."""
        return scale_of(self.question)

    @property
    def scale_or_none(self) -> Scale | None:
        """The scale of the question, if it has one."""
        return self.scale if self.question.kind == "ordered" and len(self.question.answers) > 2 else None

    def places(self, wanted: tuple[int, ...]) -> list[int] | None:
        """The rows that hold these answers of the question; None where others are put together with them."""
        ways = self.crossed.ways[0] if self.crossed.ways else tuple((place,) for place in range(len(self.answers)))
        rows = [row for row, way in enumerate(ways) if set(way) & set(wanted)]
        return rows if {place for row in rows for place in ways[row]} == set(wanted) else None

    def box(self, wanted: tuple[int, ...]) -> list[Share]:
        """The share of these answers in each group and in all; withheld where others are put together with them."""
        rows = self.places(wanted)
        if rows is not None:
            return self.shares(rows)
        return [replace(share, count=WITHHELD) for share in self.shares([])]

    def net(self) -> list[Estimate]:
        """The share at the upper end of the scale less that at the lower one, in each group and in all."""
        if self.domains:
            return self.domains.net(self.scale.upper, self.scale.lower)
        return [net_score(upper.count, lower.count, upper.base)
                for upper, lower in zip(self.box(self.scale.upper), self.box(self.scale.lower), strict=True)]

    def means(self) -> list[Mean]:
        """The mean of each group and of all; withheld where single numbers are not told."""
        if self.domains:
            return self.domains.means()
        if self.numbers is None:
            return [mean([WITHHELD], [0])] * (len(self.names) + 1)
        values, counts = self.numbers
        return [mean(column, values) for column in (*counts.T.tolist(), counts.sum(axis=1).tolist())]

    def ranked(self) -> np.ndarray:
        """How many of each group, a row, gave each answer or number, in their order; for tests of ranks."""
        return self.numbers[1].T if self.numbers else self.counts.T

    def distributions(self, parts: Sequence[Sequence[int]] = ()) -> Iterator[tuple[str, Distribution]]:
        """The answers of each group and of all, by rows of the table, or by `parts` that have some rows each."""
        several, parts = bool(self.crossed.bases), parts or [[row] for row in range(len(self.answers))]
        rows = np.stack([self._sums(list(part)) for part in parts])
        columns = [*rows.T.tolist(), rows.sum(axis=1).tolist()]
        weighted = self.domains.distributions(parts) if self.domains else [None] * len(columns)
        bases = (*self.bases, self.bases.sum())
        for name, counts, base, shares in zip((*self.names, ALL), columns, bases, weighted, strict=True):
            own = {str(place): _number(count) for place, count in enumerate(counts)}
            base = _number(base)
            found = Distribution(own, {}, base, base if several else None, base)
            yield name, WeightedDistribution(**vars(found), weighted=shares) if shares else found


def grouped(study: Study, question: str, by: str) -> Groups:
    """The answers to a question in the groups that the answers to another one make.

    Raises DataError, one sentence, for a study without responses, a question or a pair that cannot be crossed or is not
    declared to be, and for groups too many to have letters or that nobody is in.
    """
    asked, parting = study.question(question), study.question(by)
    if study.responses is None:
        raise DataError(f"the study “{study.id}” has printed counts alone, which do not say who gave which two "
                        f"answers; show “{question}” with figures.shares")
    if question == by:
        raise DataError(f"“{question}” is not shown by its own answers; name another question under by")
    if trouble := no_groups(parting):
        raise DataError(trouble)
    if study.disclosure.minimum_cell and frozenset((question, by)) not in study.shown.pairs:
        raise DataError(f"“{question}” is not declared to be shown by “{by}”, and “{study.id}” withholds small counts, "
                        "so that this has to be settled before; add "
                        f"`crossed: {{{by}: [{question}]}}` to its descriptor")
    if study.sampling and study.disclosure.minimum_cell:
        raise DataError(f"“{study.id}” is weighted and withholds small counts, and beside them a weighted share of a "
                        "group could tell how few people of some weight gave an answer; show its questions one by one")
    table = study.shown.crossed(asked, parting)
    (rows, answers), (columns, names) = _bands(asked, table.rows, table, 0), _bands(parting, table.columns, table, 1)
    counts, numbers = _summed(_summed(np.array(table.table, float), rows).T, columns).T, None
    if asked.kind == "count":
        numbers = _numbers(asked, table)
    elif asked.kind == "ordered" and len(asked.answers) > 2 and not _together(table):
        numbers = scale_of(asked).values, np.array(table.table)
    bases = _summed(np.array(table.bases, float), columns) if table.bases else counts.sum(axis=0)
    kept = [place for place, base in enumerate(bases) if base != 0]
    if not kept:
        raise DataError(f"nobody answered both “{question}” and “{by}”, so there are no groups to show; name others")
    if len(kept) > len(LETTERS):
        raise DataError(f"“{by}” makes {len(kept)} groups, more than there are letters for; put its answers together "
                        "in the descriptor, or name another question")
    if numbers:
        numbers = numbers[0], _summed(numbers[1].T, columns).T[:, kept]
    return Groups(asked, parting, table, answers, tuple(names[place] for place in kept), counts[:, kept], bases[kept],
                  numbers, _domains(study, asked, parting, kept))


def _domains(study: Study, asked: Question, parting: Question, kept: list[int]) -> Domains | None:
    """The people of a weighted study, in those groups that anybody is in."""
    if not study.sampling:
        return None
    assert study.responses is not None
    codes, parted = study.responses.codes[asked.id], study.responses.codes[parting.id]
    number = np.full(max(kept) + 1, -1)
    number[kept] = range(len(kept))
    both = (column(codes) >= 0) & (parted >= 0)
    group = np.where(both, number[np.where(both, places(parting, parted), kept[0])], -1)
    values = None
    if asked.kind == "count":
        values = np.maximum(codes, 0).astype(float)
    elif asked.kind == "ordered" and len(asked.answers) > 2:
        values = np.array(scale_of(asked).values, float)[np.maximum(codes, 0)]
    return Domains(study.sampling, chosen(asked, codes), group, values)


def _together(table: Crossed) -> bool:
    """Whether answers to the first question are put together, or nothing is told of them."""
    return bool(table.trouble) or any(len(way) > 1 for way in (table.ways or ((),))[0])


def _bands(
    question: Declared, labels: tuple[str, ...], table: Crossed, axis: int
) -> tuple[np.ndarray | None, tuple[str, ...]]:
    """Which levels of a count lie in each of its bands, shape (bands, levels), and what these are called; of others
    None, and their `labels`."""
    if question.kind != "count" or table.ways or table.trouble:
        return None, labels
    places = np.searchsorted(question.bands, table.values[axis], side="right") - 1
    return (places == np.arange(len(question.bands))[:, None]).astype(int), tuple(
        question.labels[answer] for answer in question.answers)


def _summed(counts: np.ndarray, bands: np.ndarray | None) -> np.ndarray:
    """The counts, of which the first axis has the levels of a question, in its bands."""
    return counts if bands is None else bands @ counts


def _numbers(question: Declared, table: Crossed) -> tuple[tuple[int, ...], np.ndarray] | None:
    """The numbers of a count, and how many of each group gave them; None where only wider bands are told."""
    if not (table.ways or table.trouble):
        return table.values[0], np.array(table.table)
    edges = [*question.bands[1:], (question.maximum or 0) + 1]
    single = all(edge - least == 1 for least, edge in zip(question.bands, edges, strict=True))
    return (tuple(question.bands), np.array(table.table)) if single and not _together(table) else None


def _number(count: float) -> float:
    """A count as a whole number, or withheld."""
    return int(count) if known(float(count)) else WITHHELD
