"""Are the numbers of the study right?  Some are counted anew here, from the rows, by other means than the tool's."""

import csv
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from analysis import readers  # noqa: E402

ROWS = list(csv.DictReader((ROOT / "data" / "readers" / "responses.csv").open(encoding="utf-8", newline="")))


def test_the_share_that_borrows_e_books_is_counted_among_those_who_answered():
    answers = [row["ebooks"] for row in ROWS if row["ebooks"] in ("yes", "no")]
    assert str(readers.ebooks.yes.of) == f"{answers.count('yes')} of {len(answers)}"


def test_only_those_who_borrow_e_books_were_asked_on_what_they_read_them():
    assert all((row["devices"] == "not-asked") == (row["ebooks"] != "yes") for row in ROWS)
    assert str(readers.devices.asked) == str(sum(row["ebooks"] == "yes" for row in ROWS))
