"""Would a column tell who somebody is?  Names, keys, addresses, dates, and what people wrote in their own words."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping

from surveybook.survey.estimates.weighting import STEPS
from surveybook.survey.intake import languages
from surveybook.survey.intake.decisions import LIKELY, LOOK, MINIMUM_CELL, SURE, Decision, Guess, left_out
from surveybook.survey.intake.decisions import WEIGHT as WEIGHTS
from surveybook.survey.intake.numbers import find_dates, read_numbers
from surveybook.survey.intake.wordings import bare, plain

IDENTIFIER = re.compile(
    r"\b(e-?mails?|e-?mail address|ip( ?address)?|phone|telephone|mobile|uuid|guid|token|user ?id|respondent ?id|"
    r"participant ?id|case ?id|record ?id|response ?id|first name|last name|full name|your name|surname|street|"
    r"device ?id|passport|birth ?date|date of birth|iban|url|" + languages.NAMED + r")\b|^(id|name|nr|no|index|"
    r"serial|case|key|code|lp|uid|respondent|participant|nombre|nom|naam)$| id$|" + languages.NAMED_SIGNS,
    re.IGNORECASE | re.MULTILINE,
)
# “hhid”, “emp_no”: a key where many values stand in the column
KEYED = re.compile(
    r"^(hh|p|u|s|r|c|h|i|n|resp|respondent|participant|pers|person|case|subj|subject|user|emp|employee|staff|ind|indiv|"
    r"fam|family|house|household|member|merge|ps|panel|client|customer|student|pupil|patient|school|firm|company|"
    r"record|obs|sample|ea|village|cluster)[ _]?(id|no|nr|num|number|key|code)$", re.IGNORECASE | re.MULTILINE)
# Where somebody is, and who asked: as telling where few values stand in the column
PLACED = re.compile(
    r"\b(latitude|longitude|altitude|lat|lon|lng|gps|geo ?point|gps precision|coordinates|enumerator|"
    r"interviewer|surveyor|"
    r"data ?collector|field ?worker)( (id|name|code|nr|no))?\s*$",
    re.IGNORECASE | re.MULTILINE,
)
LOOKS = re.compile(
    r"[^@\s]+@[^@\s]+\.\w+|\d{1,3}(\.\d{1,3}){3}(\(.*\))?|https?://\S+|[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f-]{20,}|"
    r"R_[A-Za-z0-9]{10,}|\+?\d[\d ()/-]{8,}\d|uuid:\S+|-?\d{1,3}\.\d+[ ,]+-?\d{1,3}\.\d+.*",
    re.IGNORECASE,
)
KEY = re.compile(r"(?=\D*\d)(?=[^A-Za-z]*[A-Za-z])[\w-]{8,}")  # “k4f81b2c”: letters and digits without a blank
POSTAL = re.compile(r"\b(zip|zip ?code|postal ?code|post ?code|plz|postleitzahl|code postal)\b", re.IGNORECASE)
NEAR_ONE = 0.5, 2.0  # where the mean of weights lies that were made for a sample
FEW_CODES = 12  # of groups that a column “id” may hold
AGAIN = 1.5  # rows of each, from which on a column of keys is said to hold some several times
ALIKE = 20  # pairs of people with the same number who are to be expected, where all numbers differ
PLACES = 25  # of residence: more are so fine that few people share one
WEIGHT = re.compile(
    r"\b(weights?|weighting|wt|wgt|gewicht|gewichtung|pweight|pond[eé]ration|poids|peso)\b|^p?w$|_wt$|weight$|wgh?t$|"
    r"^wt(?!kg|lb)[a-z]{2,}\w*$|^(per|hh|fam)wt$|^p?wgtp$",
    re.IGNORECASE | re.MULTILINE,
)
BODY = re.compile(r"\b(kg|kilos?|kilograms?|lbs?|pounds?|stones?|body|birth|height|kilogramm)\b", re.IGNORECASE)
DRAWN = re.compile(r"^(v?strat(a|um)?|v?psu|fpc|cluster|sdmvstra|sdmvpsu|primary sampling unit)[ _]?(id|nr|no)?$",
                   re.IGNORECASE | re.MULTILINE)
OPEN = re.compile(
    r"\b(other|please specify|comment|comments|describe|explain|tell us|in your own words|feedback|why|"
    r"suggestions?|anything else|sonstiges|bitte angeben|kommentar|_text|- text|"
    + languages.OPEN + r")\b|_TEXT$|_other$|" + languages.OPEN_SIGNS,
    re.IGNORECASE | re.MULTILINE,
)
PERSONAL = re.compile(
    r"\b(age|aged|age ?group|old are you|year of birth|birth ?year|born|gender|sex|"
    r"income|earn|earnings|salary|education|educ|degree|schooling|region|country|state|"
    r"county|zip|postal|city|"
    r"location|marital|married|children|household|occupation|employment|job|profession|religion|ethnic\w*|race|"
    r"nationality|department|dept|faculty|tenure|seniority|school year|job title|worked (here|at|for)|"
    + languages.PERSONAL + r")\b|" + languages.PERSONAL_SIGNS,
    re.IGNORECASE,
)
ABOUT_ONESELF = re.compile(r"\b(your|do you have|have you worked|are you|do you live|do you work|were you|ihre?n?|"
                           r"sind sie|haben sie|votre|vos|avez vous|su|sus|tiene|seu|sua|suo|uw|pana?|pani)\b|[您你]",
                           re.IGNORECASE)
# “How satisfied are you with your job?” asks for a judgement, and not who somebody is
JUDGED = re.compile(r"\b(satisf\w+|dissatisf\w+|agree|likely|important|happy|feel\w*|think|opinion|rate|enjoy|proud|"
                    r"recommend|worr(y|ied)|stress\w*|trust|confident|zufrieden\w*|insatisf\w+|content[ea]?s?|"
                    r"satisfech\w+)\b")
WRITTEN = "people wrote it in words of their own, which can tell who they are"


def is_personal(wording: str) -> bool:
    """Whether a question asks what others may know about a person, such as age or region."""
    wording = plain(re.sub(r"\([^()]*\)", "", wording))
    return bool(PERSONAL.search(wording)) and not JUDGED.search(wording) and (
        len(wording.split()) <= 5 or bool(ABOUT_ONESELF.search(wording)))


def find_personal(counts: Counter[str], heading: str, labels: Mapping[str, str]) -> Decision | None:
    """Why a column is left out at once: it would tell who somebody is, or when one answered."""
    if forms := find_dates(counts):
        if forms == ["20260314"] and len(counts) < 0.5 * counts.total():
            return None
        several = (
            f"dates in {len(forms)} forms ({', '.join(forms)})" if len(forms) > 1 else f"dates or times ({forms[0]})"
        )
        return left_out(
            f"it holds {several}, which can tell who somebody is; put them into classes to use them",
            LIKELY if len(forms) > 1 else SURE,
        )
    asked = bare(heading).replace("_", " ")
    looks = sum(number for one, number in counts.items() if LOOKS.fullmatch(one))
    if looks > 0.5 * counts.total():
        return left_out("its cells are addresses, numbers or keys of single people")
    if POSTAL.search(heading) and len(counts) > PLACES:
        return left_out("its cells are places of residence, which few people share; put them into regions to use "
                        "them")
    if DRAWN.search(heading) and not labels:
        return left_out("its heading says how people were drawn, in strata or clusters; to use it, take it in under "
                        "“sampling” of the descriptor", LOOK)
    unlike = len(counts) > 0.95 * counts.total() and counts.total() > 4
    if PLACED.search(asked) and not labels:
        return left_out("its heading says where somebody is, or who asked")
    many = len(counts) > 0.5 * counts.total() or re.search(r"\bname\b", asked) or (
        re.fullmatch(r"(\w+ )?id", asked.partition("\n")[0].strip()) and len(counts) > FEW_CODES)
    if IDENTIFIER.search(asked) and not labels and many:
        return left_out("its heading says that it names somebody or something")
    if KEYED.search(bare(heading)) and not labels and len(counts) > FEW_CODES:
        again = counts.total() / len(counts)
        return left_out("its heading says that it names somebody or something") if again < AGAIN else left_out(
            f"its heading says that it names somebody or something, and each stands in {again:.1f} rows; if they are "
            "the same people at several times, give each time a file of its own (--wave), as each row counts as "
            "somebody else here", LOOK)
    if unlike and all(KEY.fullmatch(one) for one in counts):
        return left_out("its cells are addresses, numbers or keys of single people")
    if unlike and all(re.fullmatch(r"\d+(\.0)?", one) for one in counts) and _running(counts):
        return left_out("its numbers run on from row to row, or are too different for answers, as identifiers are")
    if (
        WEIGHT.search(heading)
        and not BODY.search(heading)
        and (found := read_numbers(list(counts)))
        and min(found.values()) >= 0
        and (len(counts) > 3 or len(counts) > 1 and not all(one.is_integer() for one in found.values()))
    ):
        return decide_weight(counts, asked=False)
    return None


def decide_weight(counts: Counter[str], asked: bool = True) -> Decision:
    """A column that holds, or is `asked` to hold, how many people each respondent stands for, or why it is left out.
    What nobody asked for has to look like weights: their mean is near one, as that of body weights is not."""
    numbers = read_numbers(list(counts)) or {}
    n, values = counts.total(), numbers.values()
    mean = sum(numbers[one] * number for one, number in counts.items()) / n if numbers else 0.0
    if not numbers or min(values) <= 0 or min(values) == max(values):
        return left_out("it is to be a weight, and weights are numbers above 0 that are not all equal", LOOK)
    if not asked and not NEAR_ONE[0] <= mean <= NEAR_ONE[1]:
        return left_out("it may be a weight; if it is one, say --as “Heading=weight”, or shares are not "
                        "weighted", LOOK)
    reach = MINIMUM_CELL * (max(values) - min(values)) / (mean * n)
    if reach > STEPS[-1]:
        return left_out(f"it is a weight, and of {n} respondents weighted shares could tell how few people of some "
                        "weight gave an answer, so that shares are not weighted", LOOK)
    reading = {one: f"{number:.10f}".rstrip("0").rstrip(".") for one, number in numbers.items()}
    guess = Guess("weight", "every share, interval and test is weighted by it; look whether it is one", LOOK)
    return Decision(WEIGHTS, [guess], reading=dict(reading))


def _running(counts: Counter[str]) -> bool:
    numbers = sorted(int(float(one)) for one in counts)
    span = numbers[-1] - numbers[0] + 1
    chance = len(numbers) ** 2 / (2 * span)  # of pairs that would be alike if people answered one of these numbers
    return span < 1.2 * len(numbers) + 1 and len(numbers) > 10 or numbers[0] > 10**6 or (
        len(counts) == counts.total() and chance > ALIKE)
