"""Which surveys are simulated?  The plan of the design analysis in design.yaml, checked, as scenarios and chunks."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType
from zlib import crc32

import numpy as np

from surveybook.survey.data.codebook import Declared, read_codebook
from surveybook.survey.data.hypotheses import Hypothesis, read_hypotheses
from surveybook.survey.data.package import read_descriptor
from surveybook.survey.data.schema import read_yaml
from surveybook.survey.data.simulation import FILE as MODEL
from surveybook.survey.data.simulation.assumptions import Effect, Model, read_model
from surveybook.survey.errors import DataError

FILE = "design.yaml"
NONE, ASSUMED = "none", "assumed"  # scenarios with all hypotheses: all effects switched off, the model as it stands


@dataclass(frozen=True)
class Size:
    """A number of respondents, and how many surveys of that size are simulated: in each scenario with all hypotheses
    (`whole`) and in each with one effect alone (`single`)."""

    respondents: int
    whole: int
    single: int


@dataclass(frozen=True)
class Scenario:
    """A model, and the hypotheses that are tested in its surveys: whole families. `effect`: the one that is switched on
    alone, if there is one; the name is then that of its first hypothesis, with the loading."""

    name: str
    model: Model
    hypotheses: Mapping[str, Hypothesis]
    effect: Effect | None = None


@dataclass(frozen=True)
class Chunk:
    """Some surveys of a scenario that are drawn at once: their size, their number, and the place among the chunks."""

    scenario: str
    respondents: int
    surveys: int
    number: int


@dataclass(frozen=True)
class Compared:
    """Surveys that are judged with exact tests as well: how many of each size, and the draws of each test."""

    surveys: Mapping[int, int]
    draws: int


@dataclass(frozen=True)
class Design:
    """The design analysis of a study: what is simulated, from which model, and how finely it is cut into chunks."""

    codebook: Mapping[str, Declared]
    hypotheses: Mapping[str, Hypothesis]
    model: Model
    seed: int
    people: int
    power: float
    sizes: tuple[Size, ...]
    scenarios: Mapping[str, Scenario]
    compared: Compared

    def chunks(self, scenario: Scenario, size: Size) -> Iterator[Chunk]:
        """The chunks of the surveys of one size in a scenario."""
        surveys, at_once = size.single if scenario.effect else size.whole, max(1, self.people // size.respondents)
        for number, start in enumerate(range(0, surveys, at_once)):
            yield Chunk(scenario.name, size.respondents, min(at_once, surveys - start), number)

    def seed_of(self, chunk: Chunk) -> np.random.SeedSequence:
        """The seed of a chunk: of the scenario's name, not its place, so that others may come and go."""
        return np.random.SeedSequence(
            self.seed, spawn_key=(crc32(chunk.scenario.encode()), chunk.respondents, chunk.number)
        )


def read_design(folder: Path) -> Design:
    """The design analysis declared in `folder`/design.yaml.

    Raises DataError, one sentence with file and line, for what the schema does not allow, sizes or loadings that do not
    rise, sizes to be compared that are not simulated, and a loading that leaves no room for noise.
    """
    path = folder / FILE
    if not path.exists():
        raise DataError(f"{path}: the plan of the design analysis is missing; write it, or do not ask for one")
    codebook = read_codebook(read_descriptor(folder, "study"))
    hypotheses = read_hypotheses(folder, codebook)
    model = read_model(folder, codebook, hypotheses)
    document = read_yaml(path, "design")
    told = document.data
    sizes = tuple(Size(**{key: one[key] for key in ("respondents", "whole", "single")}) for one in told["sizes"])
    for key, values in (("sizes", [size.respondents for size in sizes]), ("loadings", told["loadings"]["grid"])):
        if values != sorted(set(values)):
            raise document.refusal((key,), "must rise; put them in order")
    compared = {one["respondents"]: one["number"] for one in told["compared"]["surveys"]}
    for n in compared:
        document.known(n, [size.respondents for size in sizes], ("compared", "surveys"), "no size")
    if model.respondents not in [size.respondents for size in sizes]:
        raise document.refusal(("sizes",), f"the size of the survey itself, {model.respondents}, is missing; add it")
    scenarios = {
        NONE: Scenario(NONE, model.scaled(0), hypotheses), ASSUMED: Scenario(ASSUMED, model, hypotheses),
    }
    for effect in model.effects:
        for number, loading in enumerate(told["loadings"]["grid"]):
            try:
                scenario = _single(model, effect, loading, hypotheses)
                scenario.model.noise()
            except DataError as error:
                raise document.refusal(("loadings", "grid", number), str(error)) from None
            if scenario.name in scenarios:  # it goes by the first hypothesis
                raise DataError(f"{folder / MODEL}: two effects begin with “{effect.hypotheses[0]}”; reorder one")
            scenarios[scenario.name] = scenario
    return Design(
        codebook, MappingProxyType(hypotheses), model, told["seed"], told["chunk"]["people"], told["power"]["target"],
        sizes, MappingProxyType(scenarios),
        Compared(MappingProxyType(compared), told["compared"]["draws"]),
    )


def _single(model: Model, effect: Effect, loading: float, hypotheses: Mapping[str, Hypothesis]) -> Scenario:
    """The scenario with one effect alone, and the families of its hypotheses."""
    families = {hypotheses[name].family.id for name in effect.hypotheses}
    alone = model.scaled(0).with_effects({(effect.source, effect.to): loading})
    (switched,) = (one for one in alone.effects if (one.source, one.to) == (effect.source, effect.to))
    members = {name: h for name, h in hypotheses.items() if h.family.id in families}
    return Scenario(f"{effect.hypotheses[0]} {loading:g}", alone, MappingProxyType(members), switched)
