"""What does a simulated survey assume?  The model in simulation.yaml, checked against codebook and hypotheses.

Behind every answer stands a standard normal number, its latent: the sum of loadings on other latents and of noise of
its own, scaled so that the variance is one. Thresholds that give the assumed shares turn it into the answer.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace
from graphlib import CycleError, TopologicalSorter
from math import isclose, sqrt
from pathlib import Path
from types import MappingProxyType

from surveybook.survey.data.codebook import Declared
from surveybook.survey.data.schema import Document, read_yaml
from surveybook.survey.data.simulation import FILE
from surveybook.survey.errors import DataError


@dataclass(frozen=True)
class Effect:
    """A loading that hypotheses are about: of the latent `to` on the latent `source`, with the reason for it."""

    source: str
    to: str
    loading: float
    hypotheses: tuple[str, ...]
    reason: str


@dataclass(frozen=True)
class Model:
    """The assumptions of a simulated survey.

    `loadings`: latent -> latent it depends on -> loading, effects not included. `margins`: question -> answer (or
    number) -> share of all, in the order of the latent. `options`: multi-select question -> option -> share that
    chooses it. `absent`: question -> missing code -> share of those asked. A latent is called like the factor or
    question it stands behind, “question.option”, or “question:code” where it decides on a missing answer.
    """

    seed: int
    respondents: int
    prefix: str
    loadings: Mapping[str, Mapping[str, float]]
    effects: tuple[Effect, ...]
    margins: Mapping[str, Mapping[str, float]]
    options: Mapping[str, Mapping[str, float]]
    absent: Mapping[str, Mapping[str, float]]

    def latents_of(self, question: str) -> list[str]:
        """The latents that decide on the answer to a question, and on its being missing."""
        own = [f"{question}.{option}" for option in self.options[question]] if question in self.options else [question]
        return own + [f"{question}:{code}" for code in self.absent[question]]

    def with_effects(self, loadings: Mapping[tuple[str, str], float]) -> Model:
        """The same model with other loadings for some effects, by (source, to). Raises DataError for unknown ones."""
        known = {(effect.source, effect.to): effect for effect in self.effects}
        for pair in loadings:
            if pair not in known:
                raise DataError(f"the model has no effect of “{pair[0]}” on “{pair[1]}”; declare it in {FILE}")
        changed = {pair: replace(effect, loading=loadings.get(pair, effect.loading)) for pair, effect in known.items()}
        return replace(self, effects=tuple(changed.values()))

    def scaled(self, factor: float) -> Model:
        """The same model with all effects times `factor`: 0 switches them off."""
        return self.with_effects({(e.source, e.to): e.loading * factor for e in self.effects})

    def structure(self) -> dict[str, dict[str, float]]:
        """Latent -> latent it depends on -> loading, effects included, each latent after all that it depends on.

        Raises graphlib.CycleError for latents that depend on each other in a circle.
        """
        found = {name: dict(parents) for name, parents in self.loadings.items()}
        for effect in self.effects:
            found[effect.to][effect.source] = found[effect.to].get(effect.source, 0.0) + effect.loading
        # sorted, so that the order depends on the names alone
        order = TopologicalSorter({name: sorted(found[name]) for name in sorted(found)}).static_order()
        return {name: found[name] for name in order}

    def noise(self) -> dict[str, float]:
        """The weight of each latent's own noise, which makes its variance one.

        Raises DataError where the loadings alone explain more than all of it.
        """
        return {name: parts[name] for name, parts in self.parts().items()}

    def parts(self) -> dict[str, dict[str, float]]:
        """Each latent as a sum of independent noises: latent -> whose noise it is -> weight. Raises as `noise`."""
        parts: dict[str, dict[str, float]] = {}
        for name, parents in self.structure().items():
            mixed: dict[str, float] = {}
            for parent, loading in parents.items():
                for source, weight in parts[parent].items():
                    mixed[source] = mixed.get(source, 0.0) + loading * weight
            rest = round(1 - sum(weight * weight for weight in mixed.values()), 12)
            if rest < 0:
                raise DataError(f"the loadings of “{name}” explain {1 - rest:.2f} of its variance; make them smaller")
            parts[name] = mixed | {name: sqrt(rest)}
        return parts


def read_model(folder: Path, codebook: Mapping[str, Declared], hypotheses: Collection[str] = ()) -> Model:
    """The model in `folder`/simulation.yaml.

    Raises DataError, one sentence with file and line, for a key that the schema does not know, a question, answer,
    latent or hypothesis that does not exist, a question without assumptions, shares that do not add to one, and
    loadings that form a circle or are too large.
    """
    path = folder / FILE
    if not path.exists():
        raise DataError(f"{path}: the model is missing; write it, or give the study responses that are not simulated")
    document = read_yaml(path, "simulation")
    told, questions = document.data, {name: q for name, q in codebook.items() if not q.counting}
    for name in told["questions"]:
        document.known(name, questions, ("questions", name), "no question")
    for name in questions:
        if name not in told["questions"]:
            raise document.refusal(("questions",), f"nothing is assumed about “{name}”; add it, with a reason")
    loadings = {name: factor.get("depends_on", {}) for name, factor in told["factors"].items()}
    margins, options, absent = {}, {}, {}
    for name, question in questions.items():
        assumed, keys = told["questions"][name], ("questions", name)
        _check_shares(question, assumed, document, keys)
        if "options" in assumed:
            options[name] = assumed["options"]
            loadings |= {f"{name}.{option}": assumed.get("depends_on", {}) for option in assumed["options"]}
        else:
            margins[name] = assumed["margin"]
            loadings[name] = assumed.get("depends_on", {})
        own = assumed.get("missing", {})
        for code in own:
            document.known(code, question.missing, (*keys, "missing", code), f"no missing code of “{name}”")
        for code in question.missing:
            if code != "not-asked" and code not in told["missing"]:
                raise document.refusal(("missing",), f"“{name}” has the missing code “{code}”; say how often "
                                                     "it is given")
        absent[name] = {code: own.get(code, told["missing"][code]["rate"])
                        for code in question.missing if code != "not-asked"}
        loadings |= {f"{name}:{code}": told["missing"][code].get("depends_on", {}) for code in absent[name]}
    _check_names(document, loadings, hypotheses)
    effects = tuple(
        Effect(effect["from"], effect["to"], effect["loading"], tuple(effect["hypotheses"]), effect["reason"])
        for effect in told["effects"]
    )
    model = Model(told["seed"], told["respondents"], told["prefix"], MappingProxyType(loadings), effects,
                  MappingProxyType(margins), MappingProxyType(options), MappingProxyType(absent))
    try:
        model.noise()
    except CycleError as error:
        raise document.refusal((), f"latents depend on each other in a circle ({', '.join(error.args[1])}); break it"
                               ) from None
    except DataError as error:
        raise document.refusal((), str(error)) from None
    return model


def _check_shares(question: Declared, assumed: Mapping, document: Document, keys: tuple[str, ...]) -> None:
    """Every answer has its share and no other has; the shares of answers that exclude each other add to one."""
    several = question.kind == "multi-select"
    key, other = ("options", "margin") if several else ("margin", "options")
    if key not in assumed or other in assumed:
        raise document.refusal(keys, f"a question of the kind {question.kind} has “{key}” and no “{other}”; write that")
    shares = assumed[key]
    if question.kind == "count":
        for number in shares:
            if not (number.isdigit() and question.minimum <= int(number) <= question.maximum):
                raise document.refusal(
                    (*keys, key, number), f"must be a number from {question.minimum} to {question.maximum}; correct it"
                )
    else:
        wanted = [answer for answer in question.answers if answer != question.alone]
        for answer in shares:
            document.known(answer, wanted, (*keys, key, answer), f"no answer of “{question.id}”")
        for answer in wanted:
            if answer not in shares:
                raise document.refusal((*keys, key), f"the answer “{answer}” has no share; add it")
        if list(shares) != wanted:
            raise document.refusal((*keys, key), f"the codebook has another order; write {', '.join(wanted)}")
    if not several and not isclose(sum(shares.values()), 1, abs_tol=1e-9):
        raise document.refusal((*keys, key), f"the shares add to {sum(shares.values()):.4g}; make them add to 1")


def _check_names(document: Document, latents: Mapping[str, object], hypotheses: Collection[str]) -> None:
    """Every latent that something depends on exists, and every effect serves hypotheses that exist."""
    told = document.data
    places = [("factors", name, "depends_on") for name in told["factors"]]
    places += [("questions", name, "depends_on") for name in told["questions"]]
    places += [("missing", code, "depends_on") for code in told["missing"]]
    for section, name, key in places:
        for parent in told[section][name].get(key, {}):
            document.known(parent, latents, (section, name, key, parent), "no factor or question")
    for number, effect in enumerate(told["effects"]):
        for key in ("from", "to"):
            document.known(effect[key], latents, ("effects", number, key), "no factor or question")
        for name in effect["hypotheses"]:
            document.known(name, hypotheses, ("effects", number, "hypotheses"), "no hypothesis")
