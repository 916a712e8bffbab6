"""How did people come into the sample?  Weights, strata and clusters that a descriptor declares, checked row by row.

The columns that hold them are no questions. A weight is never made up, and trimmed where that is declared alone: what
cannot be used is refused in one sentence.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
import pandas as pd

from surveybook.survey.data import RESPONSES
from surveybook.survey.data.codebook import SAMPLED_BY, SAMPLING, Declared
from surveybook.survey.data.package import Package
from surveybook.survey.data.schema import Document
from surveybook.survey.errors import DataError
from surveybook.survey.estimates.weighting import STEPS, Sampling, effective, rake, targets_of, trim
from surveybook.survey.words.text import listing

DESIGN = "design.yaml"  # of the simulated surveys of a design analysis
ONE_PICK = ("yes-no", "ordered", "nominal")
CLOSE = 1e-6  # by how much targets may miss a sum of one
NUMBERS = ("number", "integer")


def read_sampling(
    package: Package, codebook: Mapping[str, Declared], codes: Mapping[str, np.ndarray], resource: str = RESPONSES
) -> Sampling | None:
    """The sampling that a descriptor declares, if it does, of the responses or of those of an earlier wave.

    Raises DataError, one sentence with file and line or with file, row and column, for: names of no column, a study
    whose answers were drawn from a model, weights that are missing, zero, below zero, all equal, or carry half of the
    sample; a stratum with one respondent, a cluster in two strata; shares to rake to that do not add up, lack an
    answer, or cannot be had; and a population that is no larger than the sample.
    """
    document, told = package.document, package.descriptor.get(SAMPLING)
    if told is None:
        return None
    if document.data["simulated"]:
        raise document.refusal([SAMPLING], "answers that a model draws are drawn alike and one by one; remove this key")
    if any(one.name == DESIGN for one in package.folder.iterdir()):
        raise document.refusal([SAMPLING], f"{DESIGN} simulates surveys in which everybody counts the same; remove "
                                           "that file, or this key")
    rows = package.tables[resource]
    for key in SAMPLED_BY:
        if key in told:  # unless it was told already that it is not there
            document.known(told[key], rows, [SAMPLING, key], f"no column of “{resource}”")
    n = len(rows)
    before = _weights(package, told["weight"], resource) if "weight" in told else np.ones(n)
    strata = _groups(package, "strata", told["strata"], resource) if "strata" in told else np.zeros(n, int)
    clusters = _groups(package, "clusters", told["clusters"], resource) if "clusters" in told else np.arange(n)
    if "clusters" in told and clusters.max() + 1 == n:
        raise document.refusal([SAMPLING, "clusters"], f"no two respondents have the same “{told['clusters']}”, so "
                                                       "that nobody was asked together; remove it, or name another "
                                                       "column")
    _check_strata(package, told, strata, clusters, resource)
    weights, margins = before, ()
    if "rake" in told:
        margins, targets = zip(*(_margin(document, name, one, codebook, codes) for name, one in told["rake"].items()),
                               strict=True)
        try:
            weights = rake(before, margins, targets)
        except ValueError as error:
            raise document.refusal([SAMPLING, "rake"],
                                   f"{error}; put answers together, or take a question out") from None
    untrimmed = None
    if "trim" in told:
        if not np.ptp(weights):
            raise document.refusal([SAMPLING, "trim"], "no weights are declared; name their column under “weight”, or "
                                                       "shares of the population under “rake”")
        untrimmed, weights = weights, trim(weights, told["trim"])
    _check_largest(package, told, weights, resource)
    population = _population(package, told, strata, clusters) if "population" in told else None
    return Sampling(weights, strata, clusters, margins, before, _words(told, codebook, strata, clusters, population),
                    untrimmed, population)


def check_told(document: Document, sampling: Sampling, least: int | None) -> None:
    """Refuse weights whose shares could be told of so few people in steps alone that are too large to be of use."""
    n = len(sampling.weights)
    reach = sampling.reach(n, least) if least else 0
    if reach > STEPS[-1]:
        raise document.refusal([SAMPLING], f"with {n} respondents and weights as unequal as these, weighted shares "
                                           f"could be told in steps of {reach:.0%} alone, or counts below {least} "
                                           "would follow; use weights that are more alike, or take them out")


def _words(
    told: Mapping[str, Any], codebook: Mapping[str, Declared], strata: np.ndarray, clusters: np.ndarray,
    population: np.ndarray | None,
) -> str:
    """What was declared, in a clause that tells nothing of single people."""
    parts = [f"weights in “{told['weight']}”"] if "weight" in told else []
    if "rake" in told:
        parts.append(f"raked to {listing([f'“{codebook[name].label}”' for name in told['rake']])}")
    if "trim" in told:
        parts[-1] += f", trimmed to {told['trim']:g} times their mean"
    if "strata" in told:
        parts.append(f"{int(strata.max()) + 1} strata by “{told['strata']}”")
        if (_clusters_of(strata, clusters) == 1).any():
            parts[-1] += " (where one has a single cluster, its distance from the mean of all counts)"
    if "clusters" in told:
        parts.append(f"{int(clusters.max()) + 1:,} clusters by “{told['clusters']}”")
    if population is not None:
        what = "clusters" if "clusters" in told else "people"
        parts.append(f"drawn without replacement from a population of {int(population.sum()):,} {what}")
    return listing(parts)


def _clusters_of(strata: np.ndarray, clusters: np.ndarray) -> np.ndarray:
    """How many clusters each stratum has."""
    return np.bincount(strata[np.unique(clusters, return_index=True)[1]])


def _population(
    package: Package, told: Mapping[str, Any], strata: np.ndarray, clusters: np.ndarray
) -> np.ndarray:
    """How many clusters each stratum has in the population."""
    document, sizes, at = package.document, told["population"], [SAMPLING, "population"]
    what = "clusters" if "clusters" in told else "respondents"
    names = [""]
    if "strata" in told:
        cells = package.tables[RESPONSES][told["strata"]]
        names = [str(cells.iloc[place]) for place in np.unique(strata, return_index=True)[1]]
    if isinstance(sizes, dict) != ("strata" in told):
        raise document.refusal(at, f"give the number of {what} of each stratum of “{told['strata']}” by its name"
                               if "strata" in told else f"no strata are declared; give one number, of all {what}")
    sizes = sizes if isinstance(sizes, dict) else {"": sizes}
    for name in sizes:
        document.known(name, names, [*at, name], f"no stratum of “{told.get('strata')}”")
    if lacking := [name for name in names if name not in sizes]:
        raise document.refusal(at, f"lacks the number of {what} of {listing([f'“{one}”' for one in lacking])}; give "
                                   "each stratum one")
    drawn, population = _clusters_of(strata, clusters), np.array([sizes[name] for name in names], float)
    for name, own, size in zip(names, drawn, population, strict=True):
        if own > size:
            raise document.refusal([*at, name] if name else at, f"{own} {what} are in the sample, more than the "
                                   f"{size:g} of the population; it counts {what}, whoever answered: correct it")
    if (drawn == population).all():
        raise document.refusal(at, "everybody of the population is in the sample, so that nothing is uncertain; "
                                   "remove this key, or give the size of the population that conclusions are on")
    return population


def _weights(package: Package, name: str, resource: str) -> np.ndarray:
    """A column of weights."""
    document, declared = package.document, package.field(resource, name)
    if declared["type"] not in NUMBERS or "kind" in declared:
        raise document.refusal([SAMPLING, "weight"], f"“{name}” is a question or a text, and a weight is a number that "
                                                "nobody was asked; give its field the `type: number` and no “kind”")
    cells = package.tables[resource][name]
    for row, cell in cells.items():
        if pd.isna(cell):
            raise _refused(package, resource, row, name, "the weight is missing; give each respondent one, or leave "
                                                         "the row out")
        if cell <= 0:
            why = "a weight of 0 counts nobody" if cell == 0 else f"a weight of {cell:g} is below 0"
            raise _refused(package, resource, row, name, f"{why}; correct it, or leave the row out")
    weights = cells.to_numpy(float)
    if np.ptp(weights) == 0:
        raise document.refusal([SAMPLING, "weight"], f"all weights in “{name}” are equal, so that they change nothing; "
                                                "remove it, or name another column")
    return weights


def _groups(package: Package, key: str, name: str, resource: str) -> np.ndarray:
    """A column of strata or clusters, as numbers from 0 on in the order of their first rows."""
    cells = package.tables[resource][name]
    if cells.isna().any():
        row = cells.index[cells.isna().to_numpy().argmax()]
        raise _refused(package, resource, row, name, f"the cell is empty; say to which of the {key} this respondent "
                                                     "belongs")
    found, names = pd.factorize(cells)
    if len(names) < 2:
        raise package.document.refusal([SAMPLING, key], f"all respondents have the same “{name}”, so that it tells "
                                                        "nothing; remove it, or name another column")
    return found


def _check_strata(
    package: Package, told: Mapping[str, Any], strata: np.ndarray, clusters: np.ndarray, resource: str
) -> None:
    """Refuse a cluster that lies in two strata, and strata whose spread nobody can tell."""
    if "strata" not in told:
        return
    index, name = package.tables[resource].index, told["strata"]
    pairs = pd.DataFrame({"stratum": strata, "cluster": clusters}).drop_duplicates()
    if (twice := pairs["cluster"].duplicated()).any():
        row = index[twice[twice].index[0]]
        cell = package.tables[resource][told["clusters"]][row]
        raise _refused(package, resource, row, told["clusters"], f"“{cell}” is in two of the strata of “{name}”, and a "
                       "cluster lies in one; give clusters of each stratum names of their own")
    alone = _clusters_of(strata, clusters) == 1
    if alone.any() and "clusters" not in told:
        row = index[int((strata == alone.argmax()).argmax())]
        cell = package.tables[resource][name][row]
        raise _refused(package, resource, row, name, f"the stratum “{cell}” has one respondent, from whom nobody can "
                       "tell how far off its answers are; put it together with another stratum")
    if alone.all():
        raise package.document.refusal([SAMPLING, "strata"], f"each stratum of “{name}” has one cluster, from which "
                                       "nobody can tell how far off its answers are; put strata together, or remove it")


def _margin(
    document: Document, name: str, shares: Mapping[str, float], codebook: Mapping[str, Declared],
    codes: Mapping[str, np.ndarray],
) -> tuple[np.ndarray, np.ndarray]:
    """The answers to a question that weights are raked to, as numbers, and the shares that they should have."""
    at = [SAMPLING, "rake", name]
    document.known(name, codebook, at, "no question")
    question, given = codebook[name], codes[name]
    if question.kind not in ONE_PICK:
        raise document.refusal(at, f"“{name}” is of the kind {question.kind}; rake to questions with one answer")
    for answer in shares:
        document.known(answer, question.answers, [*at, answer], f"no answer of “{name}”")
    lacking = [answer for answer in question.answers if answer not in shares]
    if lacking:
        raise document.refusal(at, f"lacks a share of {listing([f'“{one}”' for one in lacking])}; give each answer one")
    if (silent := int((given < 0).sum())):
        raise document.refusal(at, f"{silent} of {len(given)} respondents gave no answer to “{name}”; rake to "
                                   "questions that everybody answered, or leave these rows out")
    targets = targets_of(shares, question.answers)
    if abs(targets.sum() - 1) > CLOSE:
        raise document.refusal(at, f"the shares add up to {targets.sum():g}; they are fractions that add up to 1")
    counts = np.bincount(given, minlength=len(targets))
    for answer, target, count in zip(question.answers, targets, counts, strict=True):
        if bool(target) != bool(count):
            why = f"nobody gave the answer “{answer}”, so that no weights give it {target:g}" if target else \
                f"{count} respondents gave the answer “{answer}”, and a share of 0 would count none of them"
            raise document.refusal([*at, answer], f"{why}; correct the share, or the answers")
    return given, targets


def _check_largest(package: Package, told: Mapping[str, Any], weights: np.ndarray, resource: str) -> None:
    """Refuse weights of which one respondent has half."""
    largest = int(weights.argmax())
    if weights[largest] * 2 > weights.sum() and len(weights) > 2:
        worth = f"all {len(weights)} are worth {effective(weights):.1f} equal ones"
        trouble = (f"this respondent has more than half of all weight ({worth}); correct it, or set a limit by “trim”")
        row = package.tables[resource].index[largest]
        raise _refused(package, resource, row, told.get("weight") or next(iter(told["rake"])), trouble)


def _refused(package: Package, resource: str, row: Any, column: str, trouble: str) -> DataError:
    """The refusal of a cell of the responses."""
    path = package.folder / package.resources[resource]["path"]
    return DataError(f"{path}: row {row}, column “{column}”: {trouble}")
