"""Does a plain table say what columns and codes mean?  A row for each variable, or for each code of one.

“variable, label, values” with “1=Never; 2=Often” in a cell is how many a codebook is kept beside the answers, and so is
“1, Never | 2, Often” in the data dictionary of REDCap; others have a row for each code: “variable, code, meaning”.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence

from surveybook.survey.intake.wordings import clean, fold

NAME = {"variable", "variable name", "var", "varname", "name", "column", "column name", "field", "field name", "id",
        "variable / field name", "item", "question id", "question code", "qid", "merkmal", "spalte"}
LABEL = {"label", "variable label", "question", "question text", "wording", "question wording", "description", "text",
         "field label", "title", "meaning", "definition", "frage", "fragetext", "beschreibung", "item text"}
CODES = {"values", "value labels", "codes", "coding", "categories", "choices", "response options", "options", "answers",
         "answer options", "responses", "levels", "scale", "choices, calculations, or slider labels", "werte",
         "antworten", "kodierung"}
CODE = {"value", "code", "wert"}
WORD = {"value label", "label", "meaning", "answer", "category", "text", "description", "bedeutung"}
BETWEEN = re.compile(r"\s*[;|\n]\s*|\s*,\s*(?=-?\d+\s*[=:])")
PAIR = re.compile(r"(-?\w{1,8})\s*(?:[=:,.)]|\s[-–]\s)\s*(\S.*)")


def read_dictionary(
    rows: Sequence[Sequence[str]], names: Collection[str]
) -> tuple[dict[str, str], dict[str, dict[str, str]]]:
    """The wordings of columns by their `names`, and the words of their codes; nothing where no heading of the table
    says that it holds names of columns, or it has nothing to say of two of them at least."""
    head = [fold(cell) for cell in rows[0]] if rows else []
    where = {what: next((place for place, cell in enumerate(head) if cell in words), -1)
             for what, words in (("name", NAME), ("label", LABEL), ("codes", CODES), ("code", CODE))}
    word = next((place for place, cell in enumerate(head) if cell in WORD and place > where["code"] >= 0), -1)
    if where["name"] < 0 or max(where["label"], where["codes"], word) < 0:
        return {}, {}
    known = {fold(name): name for name in names}
    wordings: dict[str, str] = {}
    labels: dict[str, dict[str, str]] = {}
    last = ""
    for row in rows[1:]:
        cells = {what: clean(row[place]) if 0 <= place < len(row) else "" for what, place in where.items()}
        last = cells["name"] or (last if where["code"] >= 0 else "")
        told = _pairs(row[where["codes"]]) if 0 <= where["codes"] < len(row) else {}
        if cells["code"] and 0 <= word < len(row):
            told = {cells["code"]: clean(row[word])}
        for name in _columns(last, known, told):
            own = told.get(name.rpartition("___")[2], "") if "___" in name else ""  # an option of REDCap
            if cells["label"] and where["label"] != word:
                wordings.setdefault(name, f"{cells['label']} [{own}]" if own else cells["label"])
            if told and not own:
                labels.setdefault(name, {}).update(told)
    return (wordings, labels) if len(wordings.keys() | labels.keys()) > 1 else ({}, {})


def _columns(name: str, known: dict[str, str], told: dict[str, str]) -> list[str]:
    """The columns of a variable: one, or one for each of its codes."""
    found = [known[fold(name)]] if fold(name) in known else []
    return found + [known[one] for code in told if (one := fold(f"{name}___{code}")) in known]


def _pairs(cell: str) -> dict[str, str]:
    """“1=Never; 2=Often” by code; nothing of a cell that holds anything else."""
    found = [PAIR.fullmatch(part.strip()) for part in BETWEEN.split(cell.strip()) if part.strip()]
    return {one[1]: clean(one[2]) for one in found if one} if len(found) > 1 and all(found) else {}
