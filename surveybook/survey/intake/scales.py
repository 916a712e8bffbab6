"""Do answers stand on a scale, and which end is the lower one?  The usual scales, and words that tell an order."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from surveybook.survey.intake.wordings import fold

# Scales from the lowest answer to the highest; `/` divides ways to say the same
SCALES: dict[str, str] = {
    "agreement": "strongly disagree/disagree strongly/completely disagree/totally disagree/fully disagree; "
    "disagree/mostly disagree; somewhat disagree/slightly disagree/rather disagree/tend to disagree; "
    "neither agree nor disagree/neutral/undecided/neither/neither disagree nor agree; "
    "somewhat agree/slightly agree/rather agree/tend to agree; agree/mostly agree; "
    "strongly agree/agree strongly/completely agree/totally agree/fully agree",
    "frequency": "never/not at all/none of the time; almost never/very rarely/hardly ever; rarely/seldom/"
    "a little of the time; occasionally/once in a while/from time to time; sometimes/some of the time; "
    "about half the time/half of the time; often/frequently/a good bit of the time; "
    "usually/mostly/most of the time/most of time; very often/very frequently; almost always/nearly always; "
    "always/all of the time/all the time",
    "degree": "not at all/none/nothing/not/none at all; very little/hardly/not very much/not much; "
    " a little/slightly/a bit/little/to a small extent; "
    "somewhat/moderately/a moderate amount/to some extent/partly; quite a bit/fairly/rather/mostly/a fair amount; "
    "a lot/much/very/very much/to a large extent; a great deal/extremely/completely/totally/entirely",
    "amount": "not at all/nothing at all/none at all/none/nothing; only a little/not much/very little/a little; "
    "some/a moderate amount; quite a bit/a fair amount; a lot/a great deal",
    "expertise": "novice/beginner; basic/elementary; intermediate/competent; advanced/proficient; expert",
    "quality": "terrible/very poor/very bad/awful; poor/bad/below average; "
    "fair/average/okay/ok/acceptable/neither good nor bad; good/above average; very good; "
    "excellent/outstanding",
    "level": "none; very low; low; rather low; medium/moderate/middle; rather high; high; very high",
    "likelihood": "definitely not/definitely no/certainly not; probably not; "
    "possibly/might or might not/maybe/perhaps; "
    "probably/probably yes; definitely/definitely yes/certainly",
    "comparison": "much worse; worse; somewhat worse/slightly worse/a little worse; "
    "about the same/the same/same/no change/unchanged; somewhat better/slightly better/a little better; "
    "better; much better",
    "change": "much less; less; somewhat less; about the same/the same/same/no change; somewhat more; more; much more",
    "sufficiency": "far too little/much too little/far too few; too little/not enough/too few; "
    "about right/just right/the right amount/about the right amount; too much/too many; "
    "far too much/much too much/far too many",
    "importance": "not/not at all important/unimportant; not very/notvery/not very important; somewhat; very; "
    "extremely",
    "yes or no": "no; maybe/perhaps/sometimes/partly/uncertain/to some extent; yes",
    "size": "very small/micro; small; medium; large; very large",
    "education": "no schooling/no formal education/none; primary school/elementary school/primary/primary education/"
    "8th grade or less; "
    "less than high school/less than high school degree/some high school/no degree/"
    "did not complete high school/lt high school/lesshs/less than hs/hs dropout; high school or less/hs/"
    "high school or ged/high school or g.e.d/"
    "high school/high school degree/high school graduate/high school diploma/secondary school/secondary/"
    "secondary education/high school or equivalent; "
    "some college/some college or associate degree/someps/college dropout/some university/"
    "vocational training/apprenticeship; "
    "associate degree/associates degree/associate's degree/junior college/college; "
    "bachelor/bachelors/bachelor degree/bachelor's degree/bachelors degree/college degree/university degree/"
    "undergraduate degree/college graduate/college or more/associate or bachelor degree; "
    "post graduate degree/post-graduate degree/"
    "master/master degree/master's degree/masters degree/graduate degree/postgraduate degree/graduate "
    "school/graduate/higher/professional degree; doctorate/phd/doctoral degree/doctor",
    "schooling": "preschool; 1st-4th; 5th-6th; 7th-8th; 9th; 10th; 11th; 12th; hs-grad; some-college; assoc-voc; "
    "assoc-acdm; bachelors; masters; prof-school; doctorate",  # as the Census of the United States writes it
    "Zustimmung": "stimme überhaupt nicht zu/stimme gar nicht zu/trifft überhaupt nicht zu/trifft gar nicht zu; "
    "stimme nicht zu/trifft nicht zu; stimme eher nicht zu/trifft eher nicht zu; teils teils/teils, teils/"
    "teils-teils/weder noch/unentschieden/neutral; stimme eher zu/trifft eher zu; stimme zu/trifft zu; "
    "stimme voll zu/stimme voll und ganz zu/stimme völlig zu/trifft voll zu/trifft voll und ganz zu/"
    "trifft völlig zu",
    "Grad": "gar nicht/überhaupt nicht; wenig/kaum; etwas/teilweise; ziemlich; sehr/stark; sehr stark",
    "Häufigkeit": "nie/niemals; sehr selten/fast nie; selten; gelegentlich/ab und zu; manchmal; häufig/oft; "
    "meistens/sehr oft/sehr häufig; fast immer; immer",
    "Zufriedenheit": "sehr unzufrieden; unzufrieden; eher unzufrieden; teils teils/weder noch/neutral; eher zufrieden; "
    "zufrieden; sehr zufrieden",
    "accord": "pas du tout d'accord; pas d'accord/plutôt pas d'accord; ni d'accord ni pas d'accord/neutre; "
    "plutôt d'accord; d'accord; tout à fait d'accord",
    "fréquence": "jamais; rarement; parfois/quelquefois; souvent; toujours",
    "acuerdo": "totalmente en desacuerdo/muy en desacuerdo; en desacuerdo; ni de acuerdo ni en desacuerdo/neutral; "
    "de acuerdo; totalmente de acuerdo/muy de acuerdo",
    "frecuencia": "nunca; casi nunca; rara vez/raramente; a veces/algunas veces; a menudo/frecuentemente; "
    "casi siempre; siempre",
}
STEPS = {
    name: {way.strip(): step for step, ways in enumerate(text.split(";")) for way in ways.split("/")}
    for name, text in SCALES.items()
}
# How strong a word makes what follows it
STRENGTH = {
    **dict.fromkeys(("extremely", "completely", "totally", "strongly", "absolutely", "highly"), 4.0),
    **dict.fromkeys(("very", "much"), 3.0),
    **dict.fromkeys(("quite", "mostly", "fairly", "rather"), 2.2),
    **dict.fromkeys(("somewhat", "moderately", "slightly", "a little", "a bit"), 1.0),
}
UNIT = {
    "hour": 8760.0,
    "day": 365.0,
    "daily": 365.0,
    "week": 52.0,
    "weekly": 52.0,
    "month": 12.0,
    "monthly": 12.0,
    "quarter": 4.0,
    "year": 1.0,
    "yearly": 1.0,
    "annually": 1.0,
}
NUMBERS = {
    "no": 0,
    "none": 0,
    "never": 0,
    "zero": 0,
    "once": 1,
    "one": 1,
    "a": 1,
    "an": 1,
    "every": 1,
    "each": 1,
    "per": 1,
    "single": 1,
    "twice": 2,
    "two": 2,
    "couple": 2,
    "three": 3,
    "few": 3,
    "four": 4,
    "several": 4,
    "five": 5,
    "six": 6,
    "seven": 7,
    "eight": 8,
    "nine": 9,
    "ten": 10,
}
NOTHING = re.compile(r"(i )?(do|did|does) ?(not|n't)\b|(i )?don't\b")  # “did not drive”: it does not apply, or none
CODE = re.compile(r"[A-Za-z]{1,3}_?\d{1,3}")  # “A1”: of an answer whose words stand elsewhere
JOINED = re.compile(r"(?<=[a-z])(?=[A-Z][a-z])")  # “StronglyAgree”


@dataclass(frozen=True)
class Scale:
    """The answers from the lowest to the highest, how that was told, and how doubtful that is (0 to 3)."""

    answers: tuple[str, ...]
    reason: str
    doubt: int


def find_scale(answers: Sequence[str], known: bool = False) -> Scale | None:
    """The order of these answers; None if no order can be told, which needs a place for each. `known`: only by a usual
    scale, as for answers that nearly nobody shares."""
    if len(answers) < 2 or all(CODE.fullmatch(one) for one in answers):
        return None
    for place, reason, doubt in (
        (_known, "the usual scale of {}", 0),
        (_leading, "their numbers", 0),
        (_rate, "how often that is", 1),
        (_range, "the numbers in them", 0),
        (_strength, "words such as “very” and “not”", 1),
        (_times, "the numbers in them", 1),
    ):
        if known and place is not _known:
            continue
        found = place([fold(JOINED.sub(" ", one)) for one in answers])
        if found and len(set(found[0])) == len(answers):
            order = sorted(range(len(answers)), key=found[0].__getitem__)
            return Scale(tuple(answers[n] for n in order), reason.format(found[1]), doubt)
    return None


Placed = tuple[list[float], str] | None


def _known(answers: list[str]) -> Placed:
    for name, steps in STEPS.items():
        if all(one in steps for one in answers):
            return [float(steps[one]) for one in answers], name
    return None


def _leading(answers: list[str]) -> Placed:
    """“1 - not at all”, “2”, “3 (very)”."""
    found = [re.match(r"(-?\d+)(?=$|\s*[-=:.)(]\s*\D|\s+\D)", one) for one in answers]
    words = [re.sub(r"^-?\d+", "", one).strip() for one in answers]
    if (
        not all(found)
        or not any(words)
        or any(re.match(r"(-|to\b|or\b|bis\b)\s*\d|\+|or more|or less", one) for one in words)
    ):
        return None
    return [float(one[1]) for one in found if one], ""


def _range(answers: list[str]) -> Placed:
    """“18-29”, “under 18”, “> 60”, “$100,000 - $149,999”, “60+”: the lower end of each."""
    places = []
    for one in answers:
        plain = re.sub(r"(?<=\d)[, .](?=\d{3}\b)", "", one)
        plain = re.sub(
            r"(\d)\s*(?:'|ft\b\.?|feet\b)\s*(\d+)?(?:\"|''| ?in\b\.?)?",
            lambda found: str(int(found[1]) * 12 + int(found[2] or 0)),
            plain,
        )
        numbers = [
            float(digits.replace(",", ".")) * (1000 if unit else 1)
            for digits, unit in re.findall(r"(\d+(?:[.,]\d+)?)\s*(k\b)?", plain)
        ]
        if not numbers:
            if (one in ("none", "zero", "no", "never", "0") or NOTHING.match(one)) and -1.0 not in places:
                places.append(-1.0)
                continue
            return None
        least = numbers[0]
        if (
            re.search(r"under|below|\blt\b|less than|fewer|up to|younger|<|or less|unter|bis zu|moins de|menos de",
                      plain)
            and len(numbers) == 1
        ):
            least -= 0.5
        elif re.search(r">|more than|over\b|above|older|\+|mehr als|plus de|más de|or more", plain):
            least += 0.5
        places.append(least)
    worded = {re.sub(r"[\d.,\s$€£+<>=-]+", " ", one).strip() for one in answers}
    return (places, "") if len(worded) <= 6 and all(len(one.split()) <= 6 for one in worded) else None


def _rate(answers: list[str]) -> Placed:
    """“Once a year or less”, “A few times per week”, “Every day”: times a year; nearly all answers name a time."""
    places = []
    for one in answers:
        words = re.findall(r"[a-z]+|\d+", one)
        if one in ("never", "not at all", "none"):
            places.append(-1.0)
            continue
        unit = next((UNIT[key] for word in words for key in (word, word.rstrip("s")) if key in UNIT), None)
        if unit is None:
            return None
        counted = [
            float(word) if word.isdigit() else float(NUMBERS[word])
            for word in words
            if word.isdigit() or word in NUMBERS
        ]
        times = max(counted, default=1.0) * unit
        if re.search(r"less|fewer|at most|rarer", one):
            times *= 0.9
        elif re.search(r"more|at least", one):
            times *= 1.1
        places.append(times)
    return places, ""


def _strength(answers: list[str]) -> Placed:
    """“Very unfavorably” to “Very favorably”; “No, not at all rude” to “Yes, very rude”: one word and its opposite."""
    found, about, all_words = [], set(), {word for one in answers for word in one.split()}
    for one in answers:
        if re.match(r"neither\b|neutral\b|undecided\b|indifferent\b|teils", one):
            found.append(0.0)
            continue
        words = re.sub(r"^(yes|no),?\s+", "", one)
        little = bool(re.match(r"not (very|too|so|that|particularly|really|much)\b", words))
        none = not little and bool(re.match(r"not\b", words))
        words = re.sub(r"\bnot\b|\bat all\b", " ", words)
        words = " ".join(re.sub(r"^\s*(too|so|that|particularly|really)\b", " ", words).split())
        strong = 2.0
        for way, number in STRENGTH.items():
            if re.match(rf"{way}\b", words):
                strong, words = number, words[len(way) :].strip()
                break
        base = re.sub(r"^(un|dis|in|im)(?=\w{4})", "", words)
        against = base != words and base.split()[0] in all_words
        base = base if against else words
        about.add(base)
        found.append(-0.1 if none else 0.5 if little else -strong if against else strong)
    return (found, "") if len(about) == 1 and "" not in about else None


def _times(answers: list[str]) -> Placed:
    """“Once”, “Twice”, “Three times”, “More than five times”."""
    places = []
    for one in answers:
        words = re.findall(r"[a-z]+|\d+", one)
        counted = [
            float(word) if word.isdigit() else float(NUMBERS[word])
            for word in words
            if word.isdigit() or word in NUMBERS
        ]
        if re.search(r"\bnot\b|\bno\b|\bnever\b", one) and -1.0 not in places:
            places.append(-1.0)
            continue
        if not counted or len(words) > 7:
            return None
        places.append(
            counted[-1] + (0.5 if re.search(r"more|over", one) else -0.5 if re.search(r"less|under", one) else 0)
        )
    return (places, "") if sum(place > -1 for place in places) > 1 else None  # one number alone orders nothing
