"""A file that a tool for surveys exported becomes a study: every answer counted, nothing of a single person kept."""

from __future__ import annotations

import csv
import io
import json
from collections import Counter
from pathlib import Path

import pytest
from statsmodels.datasets import fair
from taken import EXPORTS, people, taken_in, write

from surveybook.cli import main
from surveybook.survey.data.loader import read_study
from surveybook.survey.errors import DataError
from surveybook.survey.intake import workbooks
from surveybook.survey.intake.command import import_study
from surveybook.survey.intake.sheet import read_sheet

# What an analyst would say of each export: the kind of each question, in its order
KINDS = {
    "limesurvey.csv": {
        "how_old_are_you": "count",
        "do_you_own_a_bicycle": "yes-no",
        "how_often_do_you_ride_it": "ordered",
        "what_do_you_carry_on_it": "multi-select",
        "cycling_is_safe_here": "ordered",
        "there_are_enough_stands": "ordered",
        "drivers_take_care": "ordered",
    },
    "qualtrics.csv": {
        "q1": "nominal",
        "q2": "ordered",
        "the_exhibition": "ordered",
        "the_cafe": "ordered",
        "the_shop": "ordered",
        "q4": "multi-select",
        "q5": "count",
    },
    "surveymonkey.csv": {
        "have_you_been_to_the_cafe": "yes-no",
        "drinks_buy": "multi-select",
        "how_was_the_cake": "ordered",
        "age": "ordered",
    },
    "google-forms.csv": {
        "which_languages_do_you_speak": "multi-select",
        "how_do_you_get_to_work": "nominal",
        "pay": "ordered",
        "colleagues": "ordered",
        "years_worked_here": "count",
        "would_you_work_here_again": "ordered",
    },
    "sosci.csv": {
        "sd01": "nominal",
        "sd02_01": "count",
        "die_arbeit_ist_leicht": "ordered",
        "die_pausen_reichen": "ordered",
        "der_ton_ist_freundlich": "ordered",
        "md01": "count",
        "gerate": "multi-select",
    },
    "kobo.csv": {"members": "count", "water": "nominal", "crops": "multi-select", "harvest_kg": "ordered"},
    "microsoft-forms.xlsx": {
        "how_did_you_learn_of_the_course": "nominal",
        "what_do_you_want_to_learn": "multi-select",
        "how_would_you_rate_the_room": "ordered",
        "did_you_pay_yourself": "yes-no",
    },
    "spss.sav": {"voted": "yes-no", "council": "ordered", "district": "nominal", "age": "count"},
    "stata.dta": {"voted": "yes-no", "council": "ordered", "district": "nominal", "age": "count"},
    "by-hand.csv": {
        "grosse_in_m": "ordered",
        "haben_sie_ein_fahrrad": "yes-no",
        "wie_oft_fahren_sie": "ordered",
        "ausgaben_im_monat": "ordered",
    },
    "gardens.ods": {
        "do_you_have_a_garden": "yes-no",
        "what_grows_in_it": "multi-select",
        "hours_week_work": "count",
        "soil": "nominal",
    },
}


@pytest.mark.parametrize("file", KINDS)
def test_an_export_becomes_a_study_with_the_kinds_that_an_analyst_would_name(report, file):
    study, told = taken_in(report, EXPORTS / file)
    assert {name: one.kind for name, one in study.questions.items()} == KINDS[file]
    assert study.disclosure.minimum_cell == 5
    assert "people gave these answers; counts below 5 are withheld, and no row is published" in told
    assert not study.given_away


# How the plain file is read, without any code of the tool: encoding, separator, rows of headings, and for a question
# the columns with the cell that stands for each answer
PLAIN = {
    "limesurvey.csv": (
        "utf-8-sig",
        ",",
        1,
        {
            "how_often_do_you_ride_it": (
                7,
                {"never": "Never", "rarely": "Rarely", "sometimes": "Sometimes", "often": "Often", "always": "Always"},
            ),
            "drivers_take_care": (
                13,
                {
                    "strongly-disagree": "Strongly disagree",
                    "disagree": "Disagree",
                    "agree": "Agree",
                    "neither-agree-nor-disagree": "Neither agree nor disagree",
                    "strongly-agree": "Strongly agree",
                },
            ),
        },
    ),
    "qualtrics.csv": (
        "utf-8",
        ",",
        3,
        {
            "q1": (11, {"female": "Female", "male": "Male", "non-binary-third-gender": "Non-binary / third gender"}),
            "the_cafe": (
                14,
                {
                    "very-dissatisfied": "Very dissatisfied",
                    "somewhat-dissatisfied": "Somewhat dissatisfied",
                    "neither-satisfied-nor": "Neither satisfied nor dissatisfied",
                    "somewhat-satisfied": "Somewhat satisfied",
                    "very-satisfied": "Very satisfied",
                },
            ),
        },
    ),
    "surveymonkey.csv": (
        "cp1252",
        ",",
        2,
        {
            "have_you_been_to_the_cafe": (8, {"no": "No", "yes": "Yes"}),
            "age": (13, {"is-18-29": "18-29", "is-30-44": "30-44", "is-45-60": "45-60", "above-60": "> 60"}),
        },
    ),
    "google-forms.csv": (
        "utf-8",
        ",",
        1,
        {"would_you_work_here_again": (6, {"no": "No", "maybe": "Maybe", "yes": "Yes"})},
    ),
    "sosci.csv": ("utf-16", "\t", 2, {"die_arbeit_ist_leicht": (7, {f"is-{n}": f"{n}" for n in range(1, 6)})}),
    "kobo.csv": ("utf-8", ";", 1, {"water": (3, {"well": "well", "piped": "piped", "river": "river"})}),
}


@pytest.mark.parametrize("file", PLAIN)
def test_every_answer_is_counted_as_often_as_it_stands_in_the_file(report, file):
    encoding, separator, headings, questions = PLAIN[file]
    study, _ = taken_in(report, EXPORTS / file)
    text = (EXPORTS / file).read_bytes().decode(encoding)
    rows = list(csv.reader(io.StringIO(text, newline=""), delimiter=separator))[headings:]
    rows = [row for row in rows if "Survey Preview" not in row]
    assert len(study.responses.respondents) == len(rows) == 80
    for name, (column, answers) in questions.items():
        found = Counter(row[column] for row in rows)
        assert study.responses.distribution(name).counts == {value: found[word] for value, word in answers.items()}


def test_options_in_one_cell_and_in_a_column_each_are_counted_as_they_stand_there(report):
    study, _ = taken_in(report, EXPORTS / "google-forms.csv")
    cells = [row[1].split(";") for row in csv.reader((EXPORTS / "google-forms.csv").read_text().splitlines())][1:]
    for language in ("Basque", "English", "French", "Spanish"):
        counted = study.responses.distribution("which_languages_do_you_speak").counts[language.lower()]
        assert counted == sum(language in cell for cell in cells)
    crops, _ = taken_in(report, EXPORTS / "kobo.csv", "farms")
    rows = list(csv.reader((EXPORTS / "kobo.csv").read_text().splitlines(), delimiter=";"))[1:]
    found = crops.responses.distribution("crops")
    assert [found.counts[crop] for crop in ("maize", "beans", "rice")] == [
        sum(row[place] == "1" for row in rows) for place in (5, 6, 7)
    ]
    assert found.counts["none-of-these"] == sum(row[5:8] == ["0", "0", "0"] for row in rows)
    assert found.missing["skipped"] == sum(row[5:8] == ["", "", ""] for row in rows)


def test_who_was_not_asked_is_told_from_the_answers(report):
    study, _ = taken_in(report, EXPORTS / "limesurvey.csv")
    for name in ("how_often_do_you_ride_it", "what_do_you_carry_on_it"):
        question = study.questions[name]
        assert question.condition.question == "do_you_own_a_bicycle" and question.condition.answers == ("yes",)
        assert question.asked == "those who said “Yes” to “Do you own a bicycle?”"
    assert not study.questions["how_old_are_you"].condition


def test_nothing_that_a_single_person_wrote_or_that_names_one_is_kept(report):
    for file in ("limesurvey.csv", "qualtrics.csv", "surveymonkey.csv", "google-forms.csv", "kobo.csv"):
        name = file.partition(".")[0]
        taken_in(report, EXPORTS / file, name)
        for path in [*(report / "data" / name).iterdir(), *(report / "chapters").glob(f"{name}*")]:
            text = path.read_text(encoding="utf-8")
            for telling in (
                "in street",
                "colleague 1",
                "my cousin",
                "10.0.",
                "R_",
                "192.168",
                "Zoë",
                "uncle's boat",
                "aaaa-4bbb",
                "2026-03",
                "03/1",
            ):
                assert telling not in text, f"{path} holds “{telling}”"


def test_labels_keep_the_words_of_the_author_and_ids_are_made(report):
    study, _ = taken_in(report, EXPORTS / "by-hand.csv")
    assert study.questions["haben_sie_ein_fahrrad"].labels["yes"] == "Ja"
    assert study.questions["wie_oft_fahren_sie"].answers == ("nie", "selten", "manchmal", "oft", "immer")
    age, _ = taken_in(report, EXPORTS / "surveymonkey.csv", "cafe")
    assert [age.questions["age"].labels[one] for one in age.questions["age"].answers] == [
        "18-29",
        "30-44",
        "45-60",
        "> 60",
    ]


def test_each_guess_stands_beside_what_was_guessed_with_reason_and_doubt(report):
    _, told = taken_in(report, EXPORTS / "google-forms.csv")
    text = (report / "data" / "own" / "datapackage.yaml").read_text(encoding="utf-8")
    assert "# guess (sure): order: told by the usual scale of yes or no" in text
    assert (
        "# guess (doubtful): answers: 5 answers that few people gave, most of which look as if written by" in text
    )
    doubts = [line.split(":")[0].strip() for line in told.splitlines() if line.startswith("  ")]
    order = ("please look", "doubtful", "likely", "sure")
    assert doubts == sorted(doubts, key=order.index) and "doubtful" in doubts


def test_a_study_gets_a_name_that_can_be_imported(report):
    for name, called in {"class": "class-study", "2014-poll": "study-2014-poll", "tables": "tables-study"}.items():
        told = list(import_study(report, EXPORTS / "surveymonkey.csv", name))
        assert told[0] == f"{called}: the study is called so, as chapters could not import “{name}”"
        assert read_study(report / "data" / called, report).id == called


def test_the_author_can_name_the_kind_of_a_column(report, monkeypatch, capsys):
    monkeypatch.chdir(report)
    file = str(EXPORTS / "qualtrics.csv")
    assert main(["study", file, "--name", "own", "--as", "Q2=count", "--as", "Q5=leave-out"]) == 0
    study = read_study(report / "data" / "own", report)
    assert study.questions["q2"].kind == "count" and "q5" not in study.questions
    assert main(["study", file, "--name", "own", "--as", "Q9=count"]) == 1
    assert "has no column of this heading" in capsys.readouterr().err


BAD = {
    "empty": (b"", "the file is empty"),
    "one row": (b"a,b\nx,y\n", "there is one respondent below the header"),
    "no row": (b"a,b\n", "there is no respondent below the header"),
    "one column": (b"a\nx\ny\nx\ny\nx\n", "there is one column alone"),
    "3,000 columns": (
        (",".join(f"c{n}" for n in range(3000)) + "\n" + ",".join("1" * 3000) + "\n").encode(),
        "3,000 columns are more than the 1,000",
    ),
    "a page": (b"<!DOCTYPE html><table><tr><td>a</td></tr></table>", "is a page of HTML or XML, though its name ends"),
    "a NUL byte": (b"a,b\nx,y\nx\0,y\n" * 4, "row 3: holds a NUL byte"),
    "an open quote": (b'a,b\nx,y\n"x,y\nx,y\n', "row 3: a quote that opens there does not close"),
    "an open quote before a quote": (b'a,b\nx,y\n"x,y\nx,y\nx,"y"\n', "row 3: a quote that opens there does not close"),
    "a cell that no one wrote": (b'a,b\nx,y\n"' + b"x " * 600_000 + b'",y\n', "row 3: a quote that opens there does"),
    "one line": (b"x, " * 4_000_000, "row 1: is longer than 10,000,000 letters"),
    "no text": (bytes(range(1, 256)) * 9, "is no text; export the answers once more"),
    "an archive": (b"PK\3\4" + b"x" * 99, "is a workbook of today or an archive, though its name ends in “.csv”"),
    "a long row": (b"a,b\nx,y\nx,y\nx,y\nx,y,z\n", "row 5 has 3 cells and the header 2"),
    "identifiers alone": (
        b"id,email\n" + b"".join(b"%d,a%d@b.org\n" % (n, n) for n in range(9)),
        "no column holds answers",
    ),
}


@pytest.mark.parametrize("content, told", BAD.values(), ids=BAD)
def test_a_file_that_cannot_be_used_is_refused_in_one_sentence_and_nothing_is_written(report, content, told):
    before = sorted(report.rglob("*"))
    with pytest.raises(DataError, match=told) as refused:
        list(import_study(report, write(report, content), "own"))
    assert "\n" not in str(refused.value) and str(refused.value).count(";") + str(refused.value).count(":") > 0
    assert sorted(report.rglob("*")) == before


MENDED = {
    "duplicate headings": (people("a,a,b", "Red,Red,Yes", "Blue,Red,No", "Red,Blue,Yes"), "stands 2 times"),
    "an empty heading": (people("a,,b", "Red,Red,Yes", "Blue,Red,No", "Red,Blue,Yes"), "column 2 has no heading"),
    "spellings": (
        people("a,b", "Red,Yes", "red ,No", " RED,Yes", "Blue,No"),
        "they differ in case, spaces or the stop",
    ),
    "five forms of dates": (
        people(
            "a,b,when",
            "Red,Yes,2026-03-14",
            "Red,No,14.03.2026",
            "Blue,No,03/14/2026",
            "Blue,Yes,14 March 2026",
            'Red,Yes,"March 14, 2026"',
        ),
        "dates in 5 forms",
    ),
    "a formula": (people("a,b", "Red,Yes", "Blue,No", "Green,No") + "=1+1,Yes\n", "is a formula and no answer"),
    "a total": (people("a,b", "Red,3", "Blue,1", "Green,2") + "Total,30\n", "row 17 at the end is no respondent"),
    "a merged heading": ("What we asked in May,\n" + people("a,b,c", "Red,Yes,Up", "Blue,No,Down"), "is a title"),
    "two titles": ("Our survey,,\nMay,,\n" + people("a,b,c", "Red,Yes,Up", "Blue,No,Down"), "first 2 rows are titles"),
    "a footnote": (people("a,b,c", "Red,Yes,Up", "Blue,No,Down") + "Source: us,,\n", "a note, “Source: us”"),
    "no headings": (people("Red,Yes,Up", "Red,Yes,Up", "Blue,No,Down"), "holds what stands below it as well"),
    "a respondent twice": (
        "a,b,c\n" + "".join(f"Red {n} of one,{'Yes' if n % 3 else 'No'},{'Up' if n % 2 else 'Down'}\n"
                            for n in [*range(40), 7]), "repeats another one in every cell"),
    "mixed encodings": (
        b"a,b\n" + "Rosé,Yes\nCafé,No\n".encode() * 6 + "Rosé,Yes\n".encode("cp1252"),
        "two encodings are mixed: line 14",
    ),
    "semicolons": (people("a;b", "Red;Yes", "Blue;No"), "divided by semicolons"),
}


@pytest.mark.parametrize("content, told", MENDED.values(), ids=MENDED)
def test_what_can_be_mended_is_mended_and_said(report, content, told):
    study, lines = taken_in(report, write(report, content))
    assert told in lines
    assert study.questions


def test_markup_in_headings_and_answers_is_taken_off(report):
    study, _ = taken_in(
        report,
        write(
            report,
            people("<p>Which <b>one</b>?&nbsp;</p><script>x()</script>,b", "<i>Red</i>,Yes", "Blue &amp; green,No"),
        ),
    )
    first = next(iter(study.questions.values()))
    assert first.wording == "Which one?" and set(first.labels.values()) == {"Red", "Blue & green"}


def test_without_the_library_that_reads_it_a_file_is_refused_with_the_command_that_installs_it(report, monkeypatch):
    monkeypatch.setitem(__import__("sys").modules, "python_calamine", None)
    monkeypatch.setitem(__import__("sys").modules, "pyreadstat", None)
    monkeypatch.setitem(__import__("sys").modules, "duckdb", None)
    for file in (EXPORTS / "gardens.ods", EXPORTS / "spss.sav", write(report, "PAR1", "answers.parquet")):
        with pytest.raises(DataError, match=r"install it with `python -m pip install 'surveybook\[intake\]'`"):
            list(import_study(report, file, "own"))


def test_a_workbook_that_no_memory_holds_is_refused_before_it_is_read(tmp_path, monkeypatch):
    xlsxwriter, path = pytest.importorskip("xlsxwriter"), tmp_path / "answers.xlsx"
    with xlsxwriter.Workbook(path) as book:
        sheet = book.add_worksheet()
        for row in range(9):
            sheet.write_row(row, 0, ["a", "b"] if not row else ["Yes", "No"])
        sheet.write_blank(1_048_575, 16_383, None, book.add_format({"bold": True}))
    assert len(read_sheet(path).numbers) == 9  # what is formatted alone is no cell
    with xlsxwriter.Workbook(tmp_path / "far.xlsx") as book:
        book.add_worksheet().write_row(0, 0, ["a", "b"])
        book.worksheets()[0].write_string(1_048_575, 16_383, "x")
    with pytest.raises(DataError, match="has text in row 1,048,576 and in column XFD, so that it is a table of more"):
        read_sheet(tmp_path / "far.xlsx")
    monkeypatch.setattr(workbooks, "LARGEST", 1000)
    with pytest.raises(DataError, match="unpacks to 0.0 GB, more than"):
        read_sheet(path)
    path.rename(tmp_path / "answers.csv")
    with pytest.raises(DataError, match="is a workbook of today or an archive, though its name ends in “.csv”; give"):
        read_sheet(tmp_path / "answers.csv")


def test_a_parquet_file_is_read_as_the_same_answers_in_plain_text(report):
    duckdb = pytest.importorskip("duckdb")  # requirements-dev.txt has it
    path = report.parent / "answers.parquet"
    duckdb.sql("""select n % 2 = 0 as owner, ['never', 'often', 'always'][n % 3 + 1] as how_often, n % 7 as visits,
        case when n % 5 = 0 then null else ['tea', 'milk', 'juice'][1:n % 3 + 1] end as drinks,
        date '2026-03-14' + n as born from (select range::int as n from range(60))""").write_parquet(str(path))
    study, _ = taken_in(report, path)
    assert {name: one.kind for name, one in study.questions.items()} == {
        "owner": "yes-no", "how_often": "ordered", "visits": "count", "drinks": "multi-select"}
    assert study.responses.distribution("drinks").counts == {"tea": 48, "milk": 32, "juice": 16}
    assert study.responses.distribution("drinks").missing["skipped"] == 12
    assert study.responses.distribution("how_often").counts == {"never": 20, "often": 20, "always": 20}
    path.write_bytes(b"PAR1 and nothing else")
    with pytest.raises(DataError, match=r"answers\.parquet: cannot be read as Parquet"):
        list(import_study(report, path, "other"))


def test_columns_of_one_question_are_told_by_their_names_and_cells(report):
    """“Not selected” beside one word, options of which nobody chose two, and headings that begin alike."""
    likes = "Please rate how much you like the food of"
    media = ("Radio", "Films", "Other")
    heading = f"q4_1,q4_2,q4_3,Age,,,{likes} Chile:,{likes} Cuba:,{likes} India:,how_often"
    rows = [",".join([*(word if n % k == 0 else "Not selected" for k, word in zip((2, 3, 5), media, strict=True)),
                      *("" if n % 3 != k else word for k, word in enumerate(("18-29", "30-44", "> 44"))),
                      str(n % 5 + 1), str(n % 4 + 1), str(n % 3 + 1),
                      ('Often', 'Rarely', '"Never, but open to it"', '"Never, and not open to it"')[n % 4]])
            for n in range(60)]
    below = ",,,18-29,30-44,> 44,Response,Response,Response,Response"
    study, told = taken_in(report, write(report, "\n".join([heading, below, *rows]) + "\n"))
    kinds = {name: one.kind for name, one in study.questions.items()}
    assert kinds == {"q4": "multi-select", "age": "ordered", "chile": "ordered", "cuba": "ordered", "india": "ordered",
                     "how_often": "nominal"}
    assert study.responses.distribution("q4").counts == {
        "radio": 30, "films": 20, "other": 12, "none-of-these": sum(n % 2 * (n % 3) * (n % 5) > 0 for n in range(60))}
    assert study.responses.distribution("age").counts == {"is-18-29": 20, "is-30-44": 20, "above-44": 20}
    assert len(study.questions["how_often"].answers) == 4
    assert "3 columns of one question, of which nobody chose two: taken for one answer each" in told


def test_numbers_that_are_not_whole_stand_by_themselves_where_they_are_few(report):
    words = people("children,hours,b", "0,0,Yes", "1,0,No", "2,0.25,Yes", "3,1.5,No", "5.5,3.75,Yes", times=30)
    spread = "".join(f"{n % 4},{n / 7:.2f},Yes\n" for n in range(1, 40))
    study, _ = taken_in(report, write(report, words + spread + "4.5,0,No\n"))
    assert list(study.questions["children"].labels.values())[:5] == ["0", "1", "2", "3", "4.5 or more"]
    assert list(study.questions["hours"].labels.values())[:1] == ["0"]
    assert next(iter(study.responses.distribution("hours").counts.values())) == 61


def test_a_folder_without_a_report_is_told_how_to_make_one(tmp_path):
    with pytest.raises(DataError, match="make one with `surveybook new`"):
        list(import_study(tmp_path, EXPORTS / "kobo.csv"))


def test_a_real_export_of_two_header_rows_is_read_as_its_authors_asked_it(report):
    study, _ = taken_in(report, EXPORTS / "starwars.csv", "films")
    kinds = Counter(one.kind for one in study.questions.values())
    assert kinds == {"ordered": 23, "yes-no": 5, "nominal": 3, "multi-select": 1}
    rows = list(csv.reader((EXPORTS / "starwars.csv").read_text("cp1252").splitlines()))[2:]
    seen = study.responses.distribution("star_wars_films_seen").counts
    assert list(seen.values()) == [sum(bool(row[place]) for row in rows) for place in range(3, 9)]
    han = Counter(row[15] for row in rows)
    assert study.responses.distribution("han_solo").counts["very-favorably"] == han["Very favorably"]
    assert study.responses.distribution("han_solo").missing["cant-say"] == han["Unfamiliar (N/A)"]
    chapters = "".join(path.read_text("utf-8") for path in (report / "chapters").glob("films-answers*.qmd"))
    assert "bars part at the middle of the scale" in chapters and "bars part below “3rd”" in chapters
    # who left something out is withheld of one question, so that no box tells how many answered all
    assert "boxes" not in (report / "chapters" / "films.qmd").read_text("utf-8")
    asked = [one for one in study.questions.values() if one.condition]
    assert len(asked) == 25 and study.questions["han_solo"].condition.answers == ("yes",)


def test_a_real_export_with_a_question_that_ends_the_survey_for_some_is_read_so(report):
    study, _ = taken_in(report, EXPORTS / "flying-etiquette.csv", "flying")
    travel = study.questions["how_often_do_you_travel_by_plane"]
    assert travel.answers[0] == "never" and travel.kind == "ordered"
    rows = list(csv.reader((EXPORTS / "flying-etiquette.csv").read_text().splitlines()))[1:]
    flying = [row for row in rows if row[1] != "Never"]
    baby = next(one for one in study.questions.values() if "baby" in one.label)
    counts = study.responses.distribution(baby.id)
    assert counts.asked == len(flying)
    labels = ("No, not at all rude", "Yes, somewhat rude", "Yes, very rude")
    assert list(counts.counts.values()) == [sum(row[18] == label for row in rows) for label in labels]
    chapters = "".join(path.read_text("utf-8") for path in (report / "chapters").glob("flying-answers*.qmd"))
    captions = [line for line in chapters.splitlines() if "bars part" in line]
    assert captions and all("bars part below “Yes, very rude”, lines are intervals of that answer." in line
                            for line in captions)  # a scale of three steps without a middle


def test_a_real_table_of_numbers_is_read_as_scales_and_bands(report):
    """The survey of Redbook (1974) that statsmodels carries: all of its columns are numbers."""
    file = Path(fair.__file__).parent / "fair.csv"
    study, _ = taken_in(report, file, "fair")
    rows = list(csv.DictReader(file.read_text().splitlines()))
    assert len(study.responses.respondents) == len(rows) == 6366
    kinds = {one.id: one.kind for one in study.questions.values()}
    # codes of words without an order
    assert kinds.pop("occupation") == kinds.pop("occupation_husb") == "nominal"
    assert set(kinds.values()) == {"ordered", "count"}
    found = study.responses.distribution("rate_marriage").counts
    assert list(found.values()) == [sum(float(row["rate_marriage"]) == n for row in rows) for n in range(1, 6)]


def test_the_record_of_a_run_is_not_among_what_is_published(report):
    study, _ = taken_in(report, EXPORTS / "kobo.csv")
    record = json.loads((report / "data" / "own" / "intake.json").read_text(encoding="utf-8"))
    assert record["questions"]["water"]["answers"] == {"piped": "piped", "river": "river", "well": "well"}
    assert "intake.json" not in [one["path"] for one in study.package.resources.values()]
