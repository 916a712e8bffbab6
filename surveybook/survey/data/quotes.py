"""Which words of people may be shown?  A list that the author cleared one by one, each found in the responses."""

from __future__ import annotations

import os
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

import numpy as np

from surveybook.survey.data import RESPONSES
from surveybook.survey.data.codebook import CODED, TEXT, Declared
from surveybook.survey.data.coding import MANY, ONE, Coding
from surveybook.survey.data.package import Package
from surveybook.survey.data.responses import Responses, column
from surveybook.survey.data.schema import Document, read_yaml
from surveybook.survey.errors import DataError, Faults

FILE = "quotes.yaml"
MARKED = re.compile(r"\[[^\[\]]*\]")  # what was left out, or stands for other words
LEAST_WORDS = 2  # of the person's own
LEAST_LETTERS = 4  # of the name of a respondent that can be told from other words
TELLING = re.compile(r"\S+@\S+\.\w+|https?://\S+|\+?\d[\d ()/-]{7,}\d")


@dataclass(frozen=True)
class Quote:
    """What somebody wrote about a `question`, and one of its codes. `said_by`: the answers that tell of which group the
    person is, by question; `people`: how many have these answers and this code."""

    words: str
    question: str
    code: str
    cleared_by: str
    day: date
    said_by: Mapping[str, str]
    people: int


def read_quotes(package: Package, codings: Mapping[str, Coding], responses: Responses, faults: Faults
                ) -> tuple[Quote, ...]:
    """The quotes in quotes.yaml of a study; none where it has no such file.

    Raises DataError, one sentence with file and line, for a quote that nobody wrote so, whose text has another code or
    is from another group, that stands there twice, or that names a respondent or holds an address or a number.
    """
    path = package.folder / FILE
    if not os.path.lexists(path):
        return ()
    document = read_yaml(path, "quotes", faults=faults)
    found: list[Quote] = []
    entries = document.data.get("quotes") if isinstance(document.data, dict) else None
    for number, told in enumerate(entries if isinstance(entries, list) else ()):
        if faults.sound("quotes") and faults.sound("quotes", number):
            with faults.part():
                one = _quote(told, document, ("quotes", number), package, codings, responses)
                if any(one.words == other.words and one.question == other.question for other in found):
                    raise document.refusal(("quotes", number, "quote"), "stands here twice; remove one of them")
                found.append(one)
    return tuple(found)


def unread_quotes(folder: Path) -> DataError | None:
    """The refusal of quotes in a study that has no responses they could be from."""
    path = folder / FILE
    return DataError(f"{path}:1: the study has no “{RESPONSES}” that anybody could be quoted from; remove this file") \
        if os.path.lexists(path) else None


def _quote(
    told: Mapping[str, Any], document: Document, keys: tuple[str | int, ...], package: Package,
    codings: Mapping[str, Coding], responses: Responses,
) -> Quote:
    """One quote, which is somebody's."""
    name, code, words = told["question"], told["code"], " ".join(told["quote"].split())
    if not codings:
        raise document.refusal(keys, f"the descriptor declares no texts; name their column as “{TEXT}” under “{CODED}”")
    document.known(name, codings, (*keys, "question"), f"no question under “{CODED}”")
    question, text = responses.codebook[name], codings[name].text
    if not text:
        raise document.refusal((*keys, "question"), f"“{name}” has no texts; name their column as “{TEXT}” under "
                                                    f"“{CODED}” in the descriptor")
    document.known(code, question.answers, (*keys, "code"), f"no code of “{name}”")
    _check_harmless(words, document, keys, responses)
    texts = package.tables[RESPONSES][text].fillna("")
    wrote = np.array([bool(one) and is_from(words, one) for one in map(_folded, texts)])
    if not wrote.any():
        raise document.refusal((*keys, "quote"), (
            f"nobody wrote this in “{text}”; correct it word for word, write […] for what was left out (at the "
            "beginning and the end too), and put what stands for other words into square brackets"))
    coded = _has(responses, question, code)
    if not (wrote & coded).any():
        raise document.refusal((*keys, "code"), f"what was quoted has not the code “{code}” in “{name}”; write one "
                                                "that it has")
    group = coded
    for other, answer in told.get("said_by", {}).items():
        at = (*keys, "said_by", other)
        document.known(other, responses.codebook, at, "no question")
        if responses.codebook[other].kind not in (*ONE, MANY):
            raise document.refusal(at, f"“{other}” has no answers with names; name another question")
        document.known(answer, responses.codebook[other].answers, at, f"no answer of “{other}”")
        group = group & _has(responses, responses.codebook[other], answer)
    if not (wrote & group).any():
        raise document.refusal((*keys, "said_by"), "whoever wrote this gave other answers; correct them")
    return Quote(words, name, code, " ".join(told["cleared_by"].split()), date.fromisoformat(told["cleared_on"]),
                 dict(told.get("said_by", {})), int(group.sum()))


def _check_harmless(words: str, document: Document, keys: tuple[str | int, ...], responses: Responses) -> None:
    """Refuse a quote that has no words of its own, or could tell who wrote it."""
    at = (*keys, "quote")
    if len(re.findall(r"\w+", MARKED.sub(" ", words))) < LEAST_WORDS:
        raise document.refusal(at, f"has fewer than {LEAST_WORDS} words that somebody wrote; quote more, or leave it "
                                   "out")
    if found := TELLING.search(words):
        raise document.refusal(at, f"“{found[0]}” can tell who somebody is; write [address] or [number] in its place")
    named = {one for one in responses.respondents if len(one) >= LEAST_LETTERS}
    if named := named.intersection(re.findall(r"[\w-]+", words)):
        raise document.refusal(at, f"“{min(named)}” names a respondent; write [name] in its place")


def is_from(words: str, text: str) -> bool:
    """Whether a quote is a text, but for what stands in square brackets; both with single blanks."""
    if words == text:
        return True
    parts = [part.strip() for part in MARKED.split(words)]
    if len(parts) == 1 or not text.startswith(parts[0]) or not text.endswith(parts[-1]):
        return False
    at = len(parts[0])
    for part in parts[1:-1]:
        found = text.find(part, at)
        if found < 0:
            return False
        at = found + len(part)
    return at <= len(text) - len(parts[-1])


def _folded(text: str) -> str:
    return " ".join(text.split())


def _has(responses: Responses, question: Declared, answer: str) -> np.ndarray:
    """Who gave an answer."""
    code, place = responses.codes[question.id], question.answers.index(answer)
    return code[:, place] == 1 if question.kind == MANY else column(code) == place
