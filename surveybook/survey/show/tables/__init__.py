"""What are the numbers?  Each function makes one table from the estimates of a study.

| question | file |
|---|---|
| How many gave each answer? | answers; of questions side by side, batteries |
| Who gave no answer, and why? | silence |
| How did each group answer? | groups |
| What did people write? | open_answers |
| How did answers change from wave to wave? | waves |
| What came out for each hypothesis, and why? | hypotheses, passports |
| What can a survey of this size find, and how often is it wrong? | chances, design |
| What does a simulated survey assume? | assumptions |
| What do the data mean, and which files hold them? | descriptor |
| Do the printed numbers of a source agree? | ledger |
| What do all sources say together? | synthesis |
| What must such a report tell? | reporting |
| What do several tables write into their cells? | cells |
"""

from surveybook.survey.show.sampled import TABLES, refuse_others
from surveybook.survey.show.tables.answers import readings, shares
from surveybook.survey.show.tables.assumptions import assumptions
from surveybook.survey.show.tables.batteries import options, ordered, yes
from surveybook.survey.show.tables.chances import how_many, power
from surveybook.survey.show.tables.descriptor import codebook, constructs, fields, files
from surveybook.survey.show.tables.design import alarms, coverage, detectable, exaggeration, nothing
from surveybook.survey.show.tables.groups import crossed, differences, means, scores
from surveybook.survey.show.tables.hypotheses import effects, hypotheses
from surveybook.survey.show.tables.ledger import claims, sums
from surveybook.survey.show.tables.open_answers import coders, quotes
from surveybook.survey.show.tables.passports import choices, counts, passport
from surveybook.survey.show.tables.reporting import checklist
from surveybook.survey.show.tables.silence import missing
from surveybook.survey.show.tables.synthesis import agreement, consequences, illustrations, links, relations, sources
from surveybook.survey.show.tables.waves import change, questionnaire

__all__ = [
    "agreement", "alarms", "assumptions", "change", "checklist", "choices", "claims", "codebook", "coders",
    "consequences", "constructs", "counts", "coverage", "crossed", "detectable", "differences", "effects",
    "exaggeration", "fields", "files", "how_many", "hypotheses", "illustrations", "links", "means", "missing",
    "nothing", "options", "ordered", "passport", "power", "questionnaire", "quotes", "readings", "relations", "scores",
    "shares", "sources", "sums", "yes",
]

refuse_others(globals(), TABLES, "tables")
