"""Which answers does the model of a simulated survey give?  Latents are drawn, and answers follow from them.

The same model gives the same bytes on every machine: each latent has a stream of its own, made of the raw words of a
generator whose words are fixed, and numbers are rounded before anything is decided by them. So a question that is
added or taken away leaves the other answers as they were.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from zlib import crc32

import numpy as np
from scipy.special import ndtri

from surveybook.survey.data.codebook import Declared
from surveybook.survey.data.responses import CODES, NOT_ASKED, Codes, applies, counted
from surveybook.survey.data.simulation.assumptions import Model

DIGITS = 9  # of a latent: far fewer than a machine could get wrong, far more than thresholds need

Latents = dict[str, np.ndarray]


def draw(model: Model, n: int, seed: int | np.random.SeedSequence, questions: Collection[str] | None = None) -> Latents:
    """The latents of `n` respondents: name -> n standard normal numbers.

    With `questions`, only the latents that these questions need; they are the same as among all.
    """
    structure, noise = model.structure(), model.noise()
    needed = set(structure)
    if questions is not None:
        needed = _with_ancestors(structure, {latent for name in questions for latent in model.latents_of(name)})
    latents: Latents = {}
    for name, parents in structure.items():
        if name in needed:
            value = noise[name] * _normal(seed, name, n)
            for parent, loading in sorted(parents.items()):  # in one order, as sums of floats depend on it
                value = value + loading * latents[parent]
            latents[name] = np.round(value, DIGITS)
    return latents


def answer(model: Model, codebook: Mapping[str, Declared], latents: Latents) -> Codes:
    """The answers that follow from the latents, and the counts derived from them.

    A question without all its latents, or that depends on the answer to such a one, is left out.
    """
    codes: Codes = {}
    for name, question in codebook.items():
        if question.counting:
            if all(part in codes for part in question.counting.questions):
                codes[name] = counted(question.counting, codebook, codes)
            continue
        if not all(latent in latents for latent in model.latents_of(name)) or (
            question.condition and question.condition.question not in codes
        ):
            continue
        if question.kind == "multi-select":
            code = _chosen(question, model.options[name], latents)
        else:
            code = _picked(question, model.margins[name], latents[name])
        for reason, rate in reversed(model.absent[name].items()):  # where both happen, the first reason stands
            code[latents[f"{name}:{reason}"] > _threshold(1 - rate)] = CODES[reason]
        if question.condition:
            code[~applies(question.condition, codebook, codes)] = NOT_ASKED
        codes[name] = code
    return codes


def _normal(seed: int | np.random.SeedSequence, name: str, n: int) -> np.ndarray:
    """The stream of standard normal numbers that belongs to a name."""
    root = seed if isinstance(seed, np.random.SeedSequence) else np.random.SeedSequence(seed)
    own = np.random.SeedSequence(root.entropy, spawn_key=(*root.spawn_key, crc32(name.encode())))
    words = np.random.PCG64(own).random_raw(n)
    return np.round(ndtri(((words >> np.uint64(11)) + 0.5) / 2.0**53), DIGITS)


def _with_ancestors(structure: Mapping[str, Mapping[str, float]], latents: set[str]) -> set[str]:
    """These latents and all that they depend on."""
    needed = set(latents)
    for name in reversed(structure):  # what a latent depends on stands before it
        if name in needed:
            needed |= structure[name].keys()
    return needed


def _threshold(share: float) -> float:
    """The standard normal number below which this share lies."""
    return float(np.round(ndtri(share), DIGITS))


def _picked(question: Declared, margin: Mapping[str, float], latent: np.ndarray) -> np.ndarray:
    """One answer each: where the latent lies between the thresholds."""
    place = np.zeros(len(latent), np.int8)
    for share in np.cumsum(list(margin.values()))[:-1]:  # faster than a search, as the thresholds are few
        place += latent >= _threshold(min(1.0, share))
    if question.kind == "count":
        return np.array([int(number) for number in margin], np.int32)[place]
    return place


def _chosen(question: Declared, options: Mapping[str, float], latents: Latents) -> np.ndarray:
    """Any number of answers. Who would choose none has the answer for that, or else the option that came nearest."""
    margin = {name: (latents[f"{question.id}.{name}"], _threshold(1 - share)) for name, share in options.items()}
    chosen = {name: latent > threshold for name, (latent, threshold) in margin.items()}
    nothing = ~np.logical_or.reduce(list(chosen.values()))
    if question.alone is None:
        nearest = np.argmax([latent[nothing] - threshold for latent, threshold in margin.values()], axis=0)
        for place, taken in enumerate(chosen.values()):
            taken[nothing] = nearest == place
    return np.array([nothing if name == question.alone else chosen[name] for name in question.answers], np.int8).T
