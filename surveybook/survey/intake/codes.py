"""Which columns hold codes of what people wrote in another one?  Told from their headings and from that column."""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence

from surveybook.survey.intake.decisions import LIKELY, LOOK, SURE, Guess
from surveybook.survey.intake.exports import Column
from surveybook.survey.intake.privacy import WRITTEN
from surveybook.survey.intake.questions import LeftOut, Question

CODES = re.compile(r"(.+?)[\s_.:-]+(coded?|codes|coding|agreed|category|categories|kodiert|codiert|kategorien?)$",
                   re.IGNORECASE)
CODER = re.compile(r"(.+?)[\s_.:-]+(?:coder|rater|kodierer|codierer)[\s_.-]*\w{0,12}$", re.IGNORECASE)
TEXTS = re.compile(r"[\s_.:-]+(text|open|verbatim|raw|offen)$", re.IGNORECASE)


def name_codes(questions: list[Question], out: list[LeftOut], columns: Sequence[Column], wanted: Collection[str]
               ) -> None:
    """Say of questions that hold codes of a text that they do, and leave out what single coders gave where another
    column holds what they agreed on, or the first coder's codes have to do for that."""
    texts = {_bare(one.heading): one.heading for one in out if one.guess.words == WRITTEN}
    wordings = {column.heading: column.wording for column in columns}
    for bare, heading in texts.items():
        coders = [one for one in questions if _stem(CODER, one) == bare]
        agreed = [one for one in questions if _stem(CODES, one) == bare and one not in coders]
        for one in (agreed or coders)[:1]:
            words = f"its heading says that it holds codes of what people wrote in “{heading}”"
            alone = not agreed and len(coders) > 1
            more = "; it is that of one coder, as no column says what the coders agreed on" if alone else ""
            one.guesses.insert(0, Guess("codes", words + more, LOOK if alone else LIKELY))
            one.wording = wordings[heading]
        for one in coders if agreed else coders[1:]:
            if one.headings[0] not in wanted:
                questions.remove(one)
                out.append(LeftOut(one.headings[0], Guess("left out", (
                    f"one coder gave these codes to what people wrote in “{heading}”; to compare coders, take the "
                    "column in and name it under “coded” of the descriptor"), SURE if agreed else LOOK)))


def _bare(heading: str) -> str:
    """The heading of a text without the word that says so."""
    return TEXTS.sub("", heading).casefold()


def _stem(pattern: re.Pattern[str], question: Question) -> str | None:
    """What the heading of a column of codes begins with."""
    found = pattern.fullmatch(question.headings[0])
    return _bare(found[1]) if found else None
