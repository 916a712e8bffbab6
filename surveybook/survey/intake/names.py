"""What are questions, answers and studies called by chapters?  Names are made from words, and never asked for."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Collection
from keyword import iskeyword
from pathlib import Path

from surveybook.survey.data.responses import CODES
from surveybook.survey.data.study import TAKEN

LONGEST = 32
# Words that tell little of what a question is about
IDLE_WORDS = (
    "a an and any are as at be been by can could do does did for from had has have how i if in is it its many me much "
    "my of often on or our please so than that the their them there these they this those to under us was we were what "
    "when where which who whom whose why will with would you your yourself following select all apply choose rate "
    "indicate state whether generally speaking der die das und oder sie ihr ihre wie ist sind ein eine im in zu"
)
IDLE = frozenset(IDLE_WORDS.split())
# Names that findings of a question, or of a study, have beside answers and questions (evidence/questions, findings)
QUESTION_WORDS = (
    "label locator asked answered missing answers picked unpicked sum repair top second equal equal_picked median "
    "median_interval at_least mean largest some nothing"
)
OF_QUESTIONS = frozenset(QUESTION_WORDS.split())
STUDY_WORDS = (
    "source provenance units answers collected claims hypotheses families batteries missing design model respondent "
    "responses counts most least plan waves"
)
OF_STUDIES = frozenset(STUDY_WORDS.split())
TRUTH = frozenset(("yes", "no", "on", "off", "true", "false", "null", "y", "n"))  # no texts in YAML without quotes


def name_answer(label: str, taken: Collection[str]) -> str:
    """The value of an answer in kebab case: “Every day” is every-day, “18-29” is is-18-29."""
    words = re.sub(r"(?<=\d),(?=\d{3})", "", label).replace("+", " or more ").replace("<", " below ")
    words = re.sub(r"(?<=\d)\.(?=\d)", " point ", words.replace(">", " above ").replace("%", " percent "))
    found = re.sub(r"[^a-z0-9]+", "-", _ascii(re.sub(r"(?<=\w)['’](?=\w)", "", words))).strip("-")
    found = _cut(found, "-") or "answer"
    if found[0].isdigit():
        found = f"is-{found}"
    if found in CODES or found.replace("-", "_") in OF_QUESTIONS or iskeyword(found):
        found = f"{found}-answer"
    return _free(found, taken, "-")


def name_question(words: str, taken: Collection[str]) -> str:
    """The name of a question, one that Python takes: the words of it that tell most."""
    parts = [one for one in re.split(r"[^a-z0-9]+", _ascii(re.sub(r"(?<=\w)['’](?=\w)", "", words))) if one]
    if len("_".join(parts)) > LONGEST:
        parts = [one for one in parts if one not in IDLE] or parts
    found = _cut("_".join(parts), "_") or "question"
    if found[0].isdigit():
        found = f"q_{found}"
    if found in OF_STUDIES | TRUTH or iskeyword(found):
        found = f"{found}_answer"
    return _free(found, taken, "_")


def name_study(words: str, package: Path | None = None) -> str:
    """The name of a study, which chapters can import: “2014 poll” is study-2014-poll, “class” is class-study."""
    found = re.sub(r"[^a-z0-9]+", "-", _ascii(re.sub(r"(?<=[a-z])(?=[A-Z])", "-", words))).strip("-") or "survey"
    if found[0].isdigit():
        found = f"study-{found}"
    own = {path.stem for path in package.glob("*") if path.suffix in ("", ".py")} if package else set()
    if iskeyword(found) or found.replace("-", "_") in own | {*TAKEN}:
        found = f"{found}-study"
    return found


def _ascii(words: str) -> str:
    """Words in small letters from a to z, as far as they have such."""
    words = words.replace("ß", "ss").replace("ø", "o").replace("Ø", "O").replace("æ", "ae").replace("ł", "l")
    return unicodedata.normalize("NFKD", words).encode("ascii", "ignore").decode().lower()


def _cut(name: str, join: str) -> str:
    """A name that is not too long, cut between words."""
    if len(name) <= LONGEST:
        return name
    return name[: LONGEST + 1].rpartition(join)[0] or name[:LONGEST]


def _free(name: str, taken: Collection[str], join: str) -> str:
    """The name, or with a number if it is taken."""
    if name not in taken:
        return name
    number = 2
    while f"{name}{join}{number}" in taken:
        number += 1
    return f"{name}{join}{number}"
