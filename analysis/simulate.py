"""Draw the responses of a simulated survey from its model:  python -m analysis.simulate STUDY

Writes responses.csv of data/STUDY and seals it. The same model gives the same bytes on every machine: each latent has
a stream of its own, made of the raw words of a generator whose words are fixed, and numbers are rounded before
anything is decided by them. So a question that is added or taken away leaves the other answers as they were.
"""

from __future__ import annotations

import csv
import io
import sys
from collections.abc import Collection, Mapping
from pathlib import Path
from zlib import crc32

import numpy as np
from scipy.special import ndtri

from .assumptions import Model, read_model
from .codebook import RESPONSES, Declared, read_codebook
from .errors import DataError
from .hypotheses import read_hypotheses
from .package import read_descriptor
from .responses import CODES, NOT_ASKED, Codes, applies, counted
from .seal import seal
from .study import DATA, read_study

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


def rows(model: Model, codebook: Mapping[str, Declared], codes: Codes) -> str:
    """The answers as the text of a CSV file, one row for each respondent, derived counts left out."""
    asked = {name: question for name, question in codebook.items() if not question.counting}
    columns = [_cells(question, codes[name]) for name, question in asked.items()]
    width = max(3, len(str(len(columns[0]))))
    text = io.StringIO(newline="")
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(["respondent", *asked])
    for number, cells in enumerate(zip(*columns, strict=True), start=1):
        writer.writerow([f"{model.prefix}-{number:0{width}}", *cells])
    return text.getvalue()


def simulated(folder: Path, n: int | None = None, seed: int | None = None) -> str:
    """The text of responses.csv of a study, as its model has it, or with another number of respondents or seed."""
    codebook = read_codebook(read_descriptor(folder, "study"))
    model = read_model(folder, codebook, read_hypotheses(folder, codebook))
    latents = draw(model, n or model.respondents, model.seed if seed is None else seed)
    return rows(model, codebook, answer(model, codebook, latents))


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
    cuts = [_threshold(min(1.0, share)) for share in np.cumsum(list(margin.values()))[:-1]]
    place = np.searchsorted(cuts, latent, side="right")
    if question.kind == "count":
        return np.array([int(number) for number in margin], np.int32)[place]
    return place.astype(np.int32)


def _chosen(question: Declared, options: Mapping[str, float], latents: Latents) -> np.ndarray:
    """Any number of answers. Who would choose none has the answer for that, or else the option that came nearest."""
    margin = {name: latents[f"{question.id}.{name}"] - _threshold(1 - share) for name, share in options.items()}
    over = np.column_stack(list(margin.values()))
    chosen = over > 0
    nothing = ~chosen.any(axis=1)
    if question.alone is None:
        chosen[nothing, over[nothing].argmax(axis=1)] = True
    columns = [nothing if name == question.alone else chosen[:, list(options).index(name)] for name in question.answers]
    return np.column_stack(columns).astype(np.int32)


def _cells(question: Declared, code: np.ndarray) -> list[str]:
    """One column of the file."""
    reasons = {value: reason for reason, value in CODES.items()}
    if question.kind == "multi-select":
        chosen = [[o for o, picked in zip(question.answers, row, strict=True) if picked] for row in code.tolist()]
        return [reasons.get(row[0]) or ";".join(names) for row, names in zip(code.tolist(), chosen, strict=True)]
    if question.kind == "count":
        return [reasons.get(value) or str(value) for value in code.tolist()]
    return [reasons.get(value) or question.answers[value] for value in code.tolist()]


def main(names: list[str]) -> int:
    """Draw, write and seal the responses of the named studies, which must be simulated ones."""
    if not names:
        print(__doc__)
        return 2
    try:
        for name in names:
            folder = DATA / name
            document = read_descriptor(folder, "study")
            if not document.data["simulated"]:
                raise document.refusal(("simulated",), "real responses are not replaced by drawn ones; keep them")
            resource = next((r for r in document.data["resources"] if r["name"] == RESPONSES), None)
            if resource is None:
                raise document.refusal(("resources",), f"there is no resource “{RESPONSES}” to be drawn; add it")
            (folder / resource["path"]).write_text(simulated(folder), encoding="utf-8", newline="")
            changed = seal(folder)
            print(f"{name}: {len(read_study(folder).responses.respondents)} respondents drawn; "
                  f"{'sealed ' + ', '.join(changed) if changed else 'nothing changed'}")
    except DataError as error:
        print(error, file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
