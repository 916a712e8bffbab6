"""Do answers stand on a scale, and which end is the lower one?  The usual scales, and words that tell an order."""

from __future__ import annotations

import os.path
import re
from collections.abc import Sequence
from dataclasses import dataclass

from surveybook.survey.intake import languages
from surveybook.survey.intake.languages import MAYBE, NO, YES
from surveybook.survey.intake.places import Placed, leading, least, rate, strength, times
from surveybook.survey.intake.wordings import bare, fold, plain

# Scales from the lowest answer to the highest; `/` divides ways to say the same
SCALES: dict[str, str] = {
    "agreement": "strongly disagree/disagree strongly/completely disagree/totally disagree/fully disagree; "
    "disagree/mostly disagree; somewhat disagree/slightly disagree/rather disagree/tend to disagree; "
    "neither agree nor disagree/neutral/undecided/neither/neither disagree nor agree; "
    "somewhat agree/slightly agree/rather agree/tend to agree; agree/mostly agree; "
    "strongly agree/agree strongly/completely agree/totally agree/fully agree",
    "frequency": "never/rarely or never/never or rarely/not at all/none of the time; almost never/very rarely/"
    "hardly ever; rarely/seldom/"
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
    "habit": "never/none/no; occas/occasional/occasionally/light/some; regul/regular/regularly/moderate; "
    "freq/frequent/frequently/heavy/heavily/often",
    "comparatives": "worst; worse; bad; good; better; best",
    "improvement": "none/no; some; marked/much",
    "priority": "not a priority; low priority; medium priority; high priority; essential/top priority",
    "trend": "decreased a lot/decreased greatly; decreased; decreased a little/decreased somewhat/"
    "decreased slightly; "
    "stayed the same/no change/about the same/unchanged; increased a little/increased somewhat/increased slightly; "
    "increased; increased a lot/increased greatly",
    "expertise": "novice/beginner; basic/elementary; intermediate/competent; advanced/proficient; expert",
    "quality": "terrible/very poor/very bad/awful; poor/bad/below average; "
    "only fair/fair/average/okay/ok/acceptable/neither good nor bad; good/above average; very good; "
    "excellent/outstanding",
    "level": "none; very low; low; rather low; medium/moderate/middle; rather high; high; very high",
    "likelihood": "definitely not/definitely no/certainly not; probably not; "
    "possibly/might or might not/maybe/perhaps; "
    "probably/probably yes; definitely/definitely yes/certainly",
    "comparison": "much worse/a lot worse/far worse; worse; somewhat worse/slightly worse/a little worse; "
    "about the same/the same/same/no change/unchanged; somewhat better/slightly better/a little better; "
    "better; much better/a lot better/far better",
    "change": "much less; less; somewhat less; about the same/the same/same/no change; somewhat more; more; "
    "much more",
    "sufficiency": "far too little/much too little/far too few; too little/not enough/too few/too slow/too short/"
    "too small/too early/too easy/too cold/too low/too narrow/too quiet; "
    "about right/just right/the right amount/about the right amount/right/appropriate/appropriate in length/ok/okay; "
    "too much/too many/too fast/too long/too large/too big/too late/too difficult/too hard/too hot/too high/too wide/"
    "too loud; "
    "far too much/much too much/far too many",
    "importance": "not/not at all important/unimportant; not very/notvery/not very important; somewhat; very; "
    "extremely",
    "difficulty": "very difficult/very hard; difficult/hard/somewhat difficult; neither easy nor difficult/"
    "neither difficult nor easy/neutral/medium/moderate; easy/somewhat easy; very easy",
    "school years": "freshman/first year/1st year/freshmen; sophomore/second year/2nd year; "
    "junior/third year/3rd year; senior/fourth year/4th year; graduate/graduate student",
    "days": "not at all/none of the days; several days/some days; more than half the days/over half the days; "
    "nearly every day/every day",
    "yes or no": "no; maybe/perhaps/sometimes/partly/uncertain/to some extent; yes",
    "size": "very small/micro; small; medium; large; very large",
    "education": "no schooling/no formal education/none; primary school/elementary school/primary/primary education/"
    "8th grade or less; "
    "less than high school/less than high school degree/some high school/no degree/"
    "did not complete high school/lt high school/lesshs/less than hs/hs dropout; high school or less/hs/"
    "high school or ged/high school or g.e.d/below college/"
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
}
STEPS = {
    name: {plain(way): step for step, ways in enumerate(text.split(";")) for way in ways.split("/")}
    for name, text in (SCALES | languages.SCALES).items()
}
STEPS["yes or no"] |= dict.fromkeys(NO, 0) | dict.fromkeys(MAYBE, 1) | dict.fromkeys(YES, 2)
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
        (leading, "their numbers", 0),
        (rate, "how often that is", 1),
        (least, "the numbers in them", 0),
        (strength, "words such as “very” and “not”", 1),
        (times, "the numbers in them", 1),
    ):
        if known and place is not _known:
            continue
        words = [JOINED.sub(" ", one).replace("_", " ") for one in answers]
        found = place([bare(fold(one)) if place in (leading, least) else plain(one) for one in words])
        if found and len(set(found[0])) == len(answers):
            order = sorted(range(len(answers)), key=found[0].__getitem__)
            return Scale(tuple(answers[n] for n in order), reason.format(found[1]), doubt)
    return _about_one_thing(answers) if not known else None


def _about_one_thing(answers: Sequence[str]) -> Scale | None:
    """“Never true”, “Often true”: a usual scale, once what all answers begin or end with is left out."""
    words = [plain(one).split() for one in answers]
    for end in (slice(None, None, -1), slice(None)):
        turned = [one[end] for one in words]
        shared = len(os.path.commonprefix(turned))
        rest = [" ".join(one[shared:][end]) for one in turned]
        if shared and (found := _known(rest)) and len(set(found[0])) == len(answers):
            order = sorted(range(len(answers)), key=found[0].__getitem__)
            return Scale(tuple(answers[n] for n in order), f"the usual scale of {found[1]}", 1)
    return None


def _known(answers: list[str]) -> Placed:
    for name, steps in STEPS.items():
        if all(one in steps for one in answers):
            return [float(steps[one]) for one in answers], name
    return None
