"""What did an export ask?  Its columns as questions, with every guess, and what is left out with the reason."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import groupby

from surveybook.survey.data.responses import CODES
from surveybook.survey.intake.cells import Cells, combine
from surveybook.survey.intake.decisions import DOUBTFUL, LIKELY, LOOK, SURE, WEIGHT, Decision, Guess
from surveybook.survey.intake.exports import Column, Export
from surveybook.survey.intake.kinds import OTHER, decide
from surveybook.survey.intake.matrices import UNWORDED, find_parts, steps_beside
from surveybook.survey.intake.names import name_answer, name_question
from surveybook.survey.intake.options import chosen, exclusive, is_block, is_written, repeats_options, spaced_codes
from surveybook.survey.intake.privacy import WRITTEN, is_personal
from surveybook.survey.intake.quantities import COUNTED
from surveybook.survey.intake.silence import SKIPPED, says_so_apart
from surveybook.survey.intake.tools import is_record
from surveybook.survey.intake.wordings import divide_names, fold, in_words, shorten, words_of_codes

INSTRUCTION = re.compile(  # “(Select all that apply.)” at the end of a question, which its title does not repeat
    r"\s*[(\[]?\s*(please )?((select|check|choose|tick|mark|pick) (all|any|one|as many|up to)\b[^()\[\]]*|"
    r"multiple answers (are )?(possible|allowed)|mehrfach(nennung|antwort|auswahl)\w*( möglich)?|"
    r"bitte alles? zutreffende\w*[^()\[\]]*|plusieurs réponses possibles|varias respuestas posibles)[.:]?\s*[)\]]?\s*$",
    re.IGNORECASE)
NONE, NOTHING = "None of these", "none-of-these"
ALONE = "-"  # the name of a column without a number at its end
SIDE_BY_SIDE = 4, 7  # answers of numbers alone that neighbors are shown beside each other with
SINGLE = 30  # people of whom none chose two options, before a question is taken for one that allows one alone


@dataclass
class Question:
    """A question as the descriptor will have it, and the cells of its column.

    `answers`: value -> label; `raw`: what the file writes -> the value or the missing code. `cells`: empty where
    nothing stands in the file; `source`: the cells as the file has them, where one column holds them. `kept`: what
    the author wrote of it stands. `condition`: the earlier question, `is` or `at_least`, and its answer.
    """

    id: str
    title: str
    wording: str
    kind: str
    headings: tuple[str, ...]
    answers: dict[str, str]
    raw: dict[str, str]
    cells: Cells
    guesses: list[Guess]
    construct: str
    personal: bool
    bands: tuple[int, ...] = ()
    minimum: int = 0
    maximum: int = 0
    alone: str = ""
    condition: tuple[str, str, str] | None = None
    asked: str = "all respondents"
    codes: list[str] = field(default_factory=list)
    source: Cells | None = None
    kept: bool = False

    @property
    def origin(self) -> str:
        """Where in the export it comes from, as the descriptor says it."""
        more = f" and {len(self.headings) - 1} more" if len(self.headings) > 1 else ""
        return f"column “{shorten(self.headings[0], 100)}”{more}"


@dataclass(frozen=True)
class LeftOut:
    """A column that becomes no question, and why."""

    heading: str
    guess: Guess


def find_questions(export: Export, wanted: Mapping[str, str]) -> tuple[list[Question], list[LeftOut]]:
    """The questions of an export in the order of their columns. `wanted`: kinds that the author wants, by heading."""
    questions: list[Question] = []
    out: list[LeftOut] = []
    # LimeSurvey writes “N/A” where a question was not shown
    apart = export.tool != "LimeSurvey" and any(says_so_apart(column.cells.counts) for column in export.columns)
    steps = {heading for heading in steps_beside(export.columns) if not COUNTED.search(heading)}
    groups, written = _groups(export, wanted)
    for group in groups:
        first = group[0]
        if first.heading in written:
            out.append(LeftOut(first.heading, Guess("left out", WRITTEN, LIKELY)))
        elif is_record(export.tool, first.heading, first.wording) and first.heading not in wanted:
            out.append(LeftOut(first.heading, Guess("left out", f"{export.tool} writes it about each response", SURE)))
        elif is_block(chosen_ever := [one for one in group if one.counts], export.tool):
            out += [LeftOut(one.heading, Guess("left out", "it is empty", SURE)) for one in group if not one.counts]
            questions.append(_single(chosen_ever, questions) or _block(chosen_ever, questions))
        else:
            pooled = _pooled(group, apart) if len(group) > 1 else None
            for column in group:
                asked = wanted.get(column.heading, "ordered" if column.ordered or column.heading in steps else "")
                counts = column.counts
                labels = column.labels or (spaced_codes(counts) if export.tool == "KoboToolbox" else {})
                made = decide(counts, f"{column.heading}\n{column.wording}", labels, asked, apart)
                if (
                    pooled
                    and not asked
                    and counts
                    and set(counts) <= set(pooled.reading) | set(pooled.missing)
                    and (made.kind or len(fold_all(counts)) == 1)
                ):
                    made = pooled
                if column.ticked and made.kind:
                    made.guesses.append(Guess("answers", "a tick stands in it, or nothing, which is taken as no",
                                              DOUBTFUL))
                if made.kind == WEIGHT and (why := _no_weight(column, questions)):
                    out.append(LeftOut(column.heading, Guess("left out", why, LOOK)))
                elif made.kind:
                    questions.append(_question(column, made, questions, len(group) > 1))
                else:
                    out.append(LeftOut(column.heading, made.guesses[-1]))
    _put_scales_together(questions)
    titles = Counter(one.title for one in questions)
    for one in questions:
        if titles[one.title] > 1 and len(one.headings) == 1 and one.headings[0] != one.title:
            one.title = f"{one.title} ({shorten(one.headings[0], 40)})"
    return questions, out


def _with_words(column: Column) -> Column:
    """The column with the words of its codes where they stand in its heading. Labels that are numbers themselves are
    no words, but the codes that the heading speaks of."""
    if column.labels and all(word.isdigit() for word in column.labels.values()):
        labels = column.labels
        column = replace(column, labels={}, cells=column.cells.map(lambda cell: labels.get(cell, cell)))
    wording, words = words_of_codes(column.wording)
    ends = {one for one in column.counts if one.isdigit()}
    ends = {min(ends, key=int), max(ends, key=int)} if ends else set()  # “1 = not at all, 5 = extremely”
    if column.labels or not words or not (set(column.counts) <= set(words) or ends == set(words)):
        return column
    return replace(column, labels=words, stem=wording or in_words(column.heading))


def _no_weight(column: Column, earlier: Sequence[Question]) -> str:
    """Why a column of weights cannot be used, if it cannot."""
    if other := next((one for one in earlier if one.kind == WEIGHT), None):
        return f"it is a weight, as “{other.headings[0]}” is, and there can be one; say --as “Heading=leave-out” of one"
    empty = column.cells.counts[""]
    return f"it is a weight, and {empty} respondents have none; give each one, or leave the rows out" if empty else ""


def fold_all(counts: Mapping[str, int]) -> set[str]:
    return set(map(fold, counts))


def _groups(export: Export, wanted: Mapping[str, str]) -> tuple[list[list[Column]], set[str]]:
    """The columns that belong to one question, and the others each by itself; and the headings of those that hold what
    people wrote beside the options of a question."""
    divided = divide_names(column.heading for column in export.columns)
    columns = find_parts([_with_words(replace(column, stem=divided.get(column.stem, column.stem)))
                          for column in export.columns])
    parts: dict[str, list[Column]] = {}
    for column in columns:
        if column.item:
            parts.setdefault(column.stem, []).append(column)
    groups: dict[tuple[str, int], list[Column]] = {}
    last, written = ("", -1), set()
    for place, column in enumerate(columns):
        own = parts.get(column.stem, [])
        beside = bool(column.item) and column.heading not in wanted and is_written(column, own)
        if beside and len(own) > 1:
            written.add(column.heading)
        if not column.item or column.heading in wanted or beside:
            if column.item or not repeats_options(column, own, export.tool):
                groups[column.heading, place] = [column]
            continue
        if last[0] != column.stem:
            last = (column.stem, place)
        groups.setdefault(last, []).append(column)
    return list(groups.values()), written


def _pooled(group: list[Column], apart: bool) -> Decision | None:
    """How the items of one question are answered, decided from all of them, if they have the same kind of answers."""
    counts: Counter[str] = Counter()
    labels: dict[str, str] = {}
    for column in group:
        counts.update(column.counts)
        labels |= column.labels
    made = decide(counts, group[0].stem, labels, apart=apart)
    return made if made.kind in ("yes-no", "ordered", "nominal") and len(made.answers) <= 11 else None


def _question(column: Column, made: Decision, earlier: list[Question], grid: bool) -> Question:
    """A question with one column."""
    taken = {one.id for one in earlier}
    words = f"{shorten(column.stem, 28)} {column.item}" if grid else column.stem
    short = column.heading if re.fullmatch(r"[A-Za-z][\w.]{0,30}", column.heading) and not grid else words
    if grid and name_question(column.item, ()) not in taken | {"question"}:
        short = column.item
    answers: dict[str, str] = {}
    for label in made.answers:
        answers[("no", "yes")[len(answers)] if made.kind == "yes-no" else name_answer(label, answers)] = label
    value = {label: name for name, label in answers.items()}
    answers = {name: read_label(label) for name, label in answers.items()}
    raw = {cell: code for cell, code in made.missing.items()}
    for cell, read in made.reading.items():
        raw[cell] = (
            read
            if made.kind in ("count", WEIGHT)
            else ";".join(value[one] for one in (read if isinstance(read, tuple) else (read,)))
        )
    asked = INSTRUCTION.sub("", in_words(column.wording)) or column.wording
    title = f"{shorten(column.stem, 60)}: {shorten(column.item, 80)}" if grid else shorten(asked, 110)
    guesses = list(made.guesses)
    alone = value.get(made.alone or "", "")
    if alone and any(alone in cell.split(";") and ";" in cell for cell in raw.values()):
        guesses.append(
            Guess(
                "answers", f"“{made.alone}” was chosen beside other options, so that it does not exclude them", DOUBTFUL
            )
        )
        alone = ""
    return Question(
        name_question(short, taken),
        title,
        column.wording,
        made.kind,
        (column.heading,),
        answers,
        raw,
        column.cells.map(lambda cell: raw[cell] if cell else ""),
        guesses,
        construct=shorten(column.stem, 90) if grid else "",
        personal=is_personal(in_words(column.wording)) and not grid,
        bands=made.bands,
        minimum=made.minimum,
        maximum=made.maximum,
        alone=alone,
        source=column.cells,
    )


def read_label(label: str) -> str:
    """“very satisfied” of “very_satisfied”, as forms of XLSForm name answers; “Other” of what LimeSurvey has for it."""
    if label == OTHER:
        return "Other"
    return label.replace("_", " ") if re.fullmatch(r"[a-z0-9]+(_[a-z0-9]+)+|[A-Z][a-z]+(_[A-Za-z]+)+", label) else label


def _single(group: list[Column], earlier: list[Question]) -> Question | None:
    """A question with a column for each answer of which nobody gave two; None if some did, or few answered."""
    if (sum(column.cells.each(lambda cell, own=column: chosen(own, cell) or False).astype(int) for column in group) > 1
            ).any():
        return None
    cells = combine([column.cells.map(lambda cell, own=column: own.item if chosen(own, cell) else "")
                     for column in group], "".join)
    stem = group[0].stem
    column = Column(stem, stem, "", cells)
    made = decide(column.counts, stem, {}) if column.counts.total() >= SINGLE else None
    if not made or made.kind not in ("ordered", "nominal"):
        return None
    why = f"{len(group)} columns of one question, of which nobody chose two: taken for one answer each"
    made.guesses.insert(0, Guess("kind", why, LIKELY))
    question = _question(column, made, earlier, False)
    question.headings, question.source = tuple(one.heading for one in group), None
    return question


def _block(group: list[Column], earlier: list[Question]) -> Question:
    """A question with a column for each of its options."""
    options: dict[str, str] = {}
    for column in group:
        options[name_answer(column.item, options)] = column.item
    words = {True: "yes", False: "no", None: ""}
    said = [column.cells.map(lambda cell, own=column: words[chosen(own, cell)]) for column in group]

    def read(row: tuple[str, ...]) -> str:
        picked = [option for option, one in zip(options, row, strict=True) if one == "yes"]
        return NOTHING if not picked and "no" in row else ";".join(picked)

    cells = combine(said, read)
    nothing = NOTHING in cells
    guesses = [Guess("kind", f"{len(group)} columns of one question, each of which holds one option or "
    "nothing", SURE)]
    alone = exclusive(list(options.values()))
    if nothing:
        options[NOTHING] = NONE
        guesses.append(
            Guess(
                "answers",
                f"who chose no option at all has the answer “{NONE}”, as the file has a word for what was not chosen",
                LIKELY,
            )
        )
        alone = NONE
    elif not alone and "" in cells:
        guesses.append(
            Guess(
                "missing",
                "who chose no option at all counts as one who skipped the question, as the file "
                "cannot tell the one from the other",
                DOUBTFUL,
            )
        )
    if group[0].stem.startswith(UNWORDED):
        guesses.append(Guess("wording", "the file has the options of this question, not its words", LOOK))
    picked_alone = next((name for name, label in options.items() if label == alone), "")
    if picked_alone and any(picked_alone in cell.split(";") and ";" in cell for cell in cells.words):
        guesses.append(
            Guess("answers", f"“{alone}” was chosen beside other options, so that it does not exclude them", DOUBTFUL)
        )
        picked_alone = ""
    taken = {one.id for one in earlier}
    stem = group[0].stem
    return Question(
        name_question(stem, taken),
        shorten(INSTRUCTION.sub("", stem) or stem, 110),
        stem,
        "multi-select",
        tuple(column.heading for column in group),
        options,
        {},
        cells,
        guesses,
        construct="",
        personal=False,
        alone=picked_alone,
    )


def _put_scales_together(questions: list[Question]) -> None:
    """Questions with the same answers in an order, and those of yes and no, are read side by side."""
    alike: dict[tuple[str, ...], list[Question]] = {}
    for one in questions:
        if one.construct or one.personal:
            continue
        if (
            one.kind == "ordered"
            and len(one.answers) <= 7
            and not all(re.fullmatch(r"-?\d+|(Under|Up to) -?[\d.,]+|.+ or more|.+ to under .+", word)
                        for word in one.answers.values())
            or one.kind == "yes-no"
        ):
            alike.setdefault(tuple(map(fold, one.answers.values())), []).append(one)
    for found in alike.values():
        ways = Counter(tuple(one.answers.values()) for one in found)
        answers = max(ways, key=lambda way: (ways[way], way))
        for one in found:  # the same scale, of which some answers are written with large letters
            one.answers = dict(zip(one.answers, answers, strict=True))
        if len(found) > 1:
            words = (
                "Questions of yes and no"
                if found[0].kind == "yes-no"
                else (f"Questions from “{answers[0]}” to “{answers[-1]}”")
            )
            for one in found:
                one.construct = words
                one.guesses.append(Guess("construct", "put beside others with the same answers", LIKELY))
    for (_, name), run in groupby(questions, _numbered):
        found = list(run)
        if name and len(found) > 1:
            first, last = found[0], found[-1]
            words = f"Questions {name}" if name != ALONE else f"{first.title} to {last.title}"
            for one in found:
                one.construct = words
                one.guesses.append(Guess("construct", "put beside its neighbors with the same numbers", LIKELY))
    for one in questions:
        one.construct = one.construct or ("Background" if one.personal else one.title)


def _numbered(one: Question) -> tuple[tuple[str, ...], str]:
    """The answers of a scale of numbers alone, and “A” of “A1”; nothing of any other question."""
    answers = tuple(one.answers.values())
    if one.kind != "ordered" or one.construct or one.personal or not SIDE_BY_SIDE[0] <= len(answers) <= SIDE_BY_SIDE[1]:
        return (), ""
    named = re.fullmatch(r"([A-Za-z]+)[_.]?\d+", one.headings[0])
    if not all(re.fullmatch(r"-?\d+", word) for word in answers):
        return (), ""
    return answers, named[1] if named else ALONE


def finish_cells(questions: list[Question]) -> None:
    """Say of each empty cell why it is empty: not asked where a condition says so, else skipped."""
    for one in questions:
        one.cells = one.cells.map(lambda cell: cell or SKIPPED)
        one.codes = [code for code in CODES if code in one.cells]
