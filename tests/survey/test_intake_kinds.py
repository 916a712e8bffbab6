"""What an analyst would have made of single columns: scales, codes without their words, bands, and batteries."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import pytest

from surveybook.survey.intake.decisions import LOOK
from surveybook.survey.intake.exports import Export, read_export
from surveybook.survey.intake.kinds import decide
from surveybook.survey.intake.numbers import find_bands, in_digits, name_bands
from surveybook.survey.intake.questions import find_questions, is_personal
from surveybook.survey.intake.sheet import read_sheet
from surveybook.survey.intake.wordings import divide_names, in_words, spelled, words_of_codes

pytestmark = pytest.mark.unit


def kind(heading: str, *cells: str, times: int = 20):
    return decide(Counter({cell: times for cell in cells}), heading, {})


def read(folder: Path, header: str, *rows: str) -> Export:
    path = folder / "answers.csv"
    path.write_text("\n".join([header, *rows, ""]), encoding="utf-8")
    return read_export(read_sheet(path), path)


@pytest.mark.parametrize("cells, order", [
    (("very", "not", "notvery", "somewhat"), ("not", "notvery", "somewhat", "very")),  # Canadian Election Study
    (("About Right", "Too Much", "Too Little"), ("Too Little", "About Right", "Too Much")),  # World Values Survey
    (("Agree", "StronglyAgree", "Disagree", "StronglyDisagree"),
     ("StronglyDisagree", "Disagree", "Agree", "StronglyAgree")),
    (("BACHELOR", "LT HIGH SCHOOL", "GRADUATE", "HIGH SCHOOL", "JUNIOR COLLEGE"),
     ("LT HIGH SCHOOL", "HIGH SCHOOL", "JUNIOR COLLEGE", "BACHELOR", "GRADUATE")),  # General Social Survey
    (("HS-grad", "11th", "Bachelors", "Some-college", "Preschool", "Masters"),
     ("Preschool", "11th", "HS-grad", "Some-college", "Bachelors", "Masters")),  # Census of the United States
    (("2", "<1", "do not watch", "5+", "1", "3", "4"), ("do not watch", "<1", "1", "2", "3", "4", "5+")),
    (("Several days", "Nearly every day", "Not at all", "More than half the days"),
     ("Not at all", "Several days", "More than half the days", "Nearly every day")),  # PHQ-9
    (("Multiple times per day", "A few times per week", "Daily or almost daily"),
     ("A few times per week", "Daily or almost daily", "Multiple times per day")),  # Stack Overflow
    (("Too long", "Appropriate in length", "Too short"), ("Too short", "Appropriate in length", "Too long")),
    (("Too fast", "Too slow", "Just right"), ("Too slow", "Just right", "Too fast")),
    (("Junior", "Senior", "Freshman", "Sophomore"), ("Freshman", "Sophomore", "Junior", "Senior")),
])
def test_the_scales_of_known_surveys_are_put_in_their_order(cells, order):
    found = kind("A question", *cells)
    assert (found.kind, found.answers) == ("ordered", order)


def test_an_answer_that_the_question_does_not_apply_is_no_step_of_a_scale():
    found = kind("helmet_12m", "never", "did not ride", "rarely", "always", "sometimes", "most of time")
    assert found.answers == ("never", "rarely", "sometimes", "most of time", "always")
    assert found.missing == {"did not ride": "not-applicable"} and any(one.doubt == LOOK for one in found.guesses)


@pytest.mark.parametrize("heading, cells, answers", [
    ("sex", ("0", "1"), ("0", "1")),  # not no and yes
    ("race", ("1", "2", "3"), ("1", "2", "3")),
    ("marital", ("2", "3", "4", "5", "6", "8"), ("2", "3", "4", "5", "6", "8")),
    ("What is your religion?", ("1", "2", "3", "4"), ("1", "2", "3", "4")),
    ("Do you own or rent your home?", ("1", "2", "3"), ("1", "2", "3")),
    ("G02Q05", ("A1", "A2", "A3", "A4", "A5"), ("A1", "A2", "A3", "A4", "A5")),  # answer codes of LimeSurvey
])
def test_codes_without_their_words_are_put_in_no_order_and_told(heading, cells, answers):
    found = kind(heading, *cells)
    assert (found.kind, found.answers) == ("nominal", answers)
    assert [one.doubt for one in found.guesses] == [LOOK] and "codes whose words the file has not" in \
        found.guesses[0].words
    assert kind("The state of the economy, rated from 1 to 5", "1", "2", "3", "4", "5").kind == "ordered"


def test_zero_and_one_written_as_decimals_are_yes_and_no():
    found = kind("Do you ride?", "0.0", "1.0")
    assert (found.kind, found.reading) == ("yes-no", {"0.0": "No", "1.0": "Yes"})


def test_the_weight_of_a_body_is_no_weight_of_an_answer():
    cells = [f"{50 + n / 4}" for n in range(120)]
    assert decide(Counter(cells), "wt71\nWEIGHT IN KILOGRAMS", {}).kind == "ordered"
    for heading in ("finalwgt", "WTMEC2YR", "Poids de redressement"):
        assert not decide(Counter(cells), heading, {}).kind


def test_a_heading_that_says_what_its_codes_mean_gives_them_their_words(tmp_path):
    wording = "Drinks past year? 1:EVER, 0:NEVER; 2:MISSING"
    assert words_of_codes(wording) == ("Drinks past year?", {"1": "EVER", "0": "NEVER", "2": "MISSING"})
    assert words_of_codes("Income 11:<$1000, 12: 1000-1999, 22: 25000+")[1]["12"] == "1000-1999"
    assert words_of_codes("How often, from 1 to 5?") == ("How often, from 1 to 5?", {})
    rows = [f"{(1, 0, 1, 2)[n % 4]},{n % 3 + 1}" for n in range(40)]
    questions, _ = find_questions(read(tmp_path, '"Drinks past year? 1:EVER, 0:NEVER; 2:MISSING",'
                                                 '"Sorts (1=red, 2=white)"', *rows), {})
    assert (questions[0].kind, list(questions[0].answers.values())) == ("yes-no", ["NEVER", "EVER"])
    assert list(questions[1].answers.values()) == ["1", "2", "3"]  # one of its codes has no word


def test_many_codes_without_their_words_are_left_out():
    found = kind("birthplace", *map(str, range(1, 50)))
    assert not found.kind and "49 numbers are codes" in found.guesses[0].words


def test_a_name_that_only_some_married_people_have_is_no_scale_to_look_at():
    found = kind("marital", "Married", "Never married", "Divorced", "Widowed", "Separated")
    assert found.kind == "nominal" and all(one.doubt < LOOK for one in found.guesses)


@pytest.mark.parametrize("heading, numbers, answers", [
    ("imbgeco", range(11), tuple(map(str, range(11)))),  # 0 to 10 of the European Social Survey, without a word
    ("Europe", range(1, 12), tuple(map(str, range(1, 12)))),
    ("change", range(-2, 3), ("-2", "-1", "0", "1", "2")),
    ("natspac", range(-1, 2), ("-1", "0", "1")),
    ("year", range(2000, 2016, 2), tuple(map(str, range(2000, 2016, 2)))),
    ("Rank the films", range(1, 4), ("3rd", "2nd", "1st")),  # so that “or higher” means better
])
def test_numbers_that_are_a_scale_are_one(heading, numbers, answers):
    found = kind(heading, *map(str, numbers))
    assert (found.kind, found.answers, found.missing) == ("ordered", answers, {})


def test_a_minus_one_that_few_have_stands_for_no_answer():
    found = decide(Counter({"1": 60, "0": 40, "-1": 3}), "Do you ride?", {})
    assert found.missing == {"-1": "cant-say"}


@pytest.mark.parametrize("cells, told", [
    ([f"{day:02}.03.2026" for day in range(1, 29)], "it holds dates"),
    ([f"2026-03-{day:02} 10:15:00" for day in range(1, 29)], "it holds dates"),
    ([str(7 + 37 * n * n % 4001) for n in range(600)], "as identifiers are"),
])
def test_dates_and_keys_are_left_out_with_the_right_reason(cells, told):
    found = decide(Counter(cells), "when", {})
    assert not found.kind and told in found.guesses[0].words


def test_bands_have_one_width_at_round_numbers():
    ages = Counter({float(age): 30 if age < 65 else 12 for age in range(18, 90)})
    assert find_bands(ages, True) == [15, 30, 40, 50, 60, 70, 80]
    assert find_bands(Counter({float(year): 9 for year in range(1884, 2020)}), True)[0] == 1880  # of twenty years each
    assert find_bands(Counter({float(people): 20 for people in range(1, 12)}), True) == list(range(1, 12))
    days = Counter({float(day): 20 for day in range(8)})
    assert find_bands(days, True) == list(range(8))
    hours = Counter({0.0: 60, 1.0: 200, 2.0: 260, 3.0: 170, 4.0: 130, 5.0: 70, 6.0: 50, 8.0: 30, 10.0: 10, 20.0: 4})
    assert find_bands(hours, True) == [0, 1, 2, 3, 4, 5, 6]


def test_bands_hold_about_equally_many_people_where_one_width_would_say_nothing():
    spent = Counter({float(2**n): 40 for n in range(12)})
    bands = find_bands(spent, True)
    people = [sum(number for one, number in spent.items() if low <= one < high)
              for low, high in zip(bands, [*bands[1:], 10**6], strict=True)]
    assert len(bands) > 3 and max(people) <= 4 * min(people)


def test_neighbors_of_numbers_alone_are_a_battery_by_their_names(tmp_path):
    rows = [f"{n % 5 + 1},{(n + 1) % 5 + 1},{(n * 2) % 5 + 1},{n % 5 + 1},{n % 2}" for n in range(40)]
    questions, _ = find_questions(read(tmp_path, "A1,A2,B1,B2,C1", *rows), {})
    assert [one.construct for one in questions[:4]] == ["Questions A", "Questions A", "Questions B", "Questions B"]
    questions, _ = find_questions(read(tmp_path, "Blair,Hague,Kennedy,Europe,C1", *rows), {})
    assert {one.construct for one in questions[:4]} == {"Blair to Europe"}


def test_rows_of_a_table_of_microsoft_forms_are_one_question(tmp_path):
    header = "ID,Start time,Completion time,Rate us.Staff,Rate us.Price,What else? Etc."
    rows = [f"{n},3/1/26 10:{n:02}:00,3/1/26 10:{n:02}:30,{('Good', 'Poor')[n % 2]},{('Poor', 'Good')[n % 3 == 0]},"
            f"{('Yes', 'No')[n % 2]}" for n in range(1, 31)]
    questions, _ = find_questions(read(tmp_path, header, *rows), {})
    assert [(one.construct, one.title) for one in questions[:2]] == [
        ("Rate us", "Rate us: Staff"), ("Rate us", "Rate us: Price")]
    assert questions[2].title == "What else? Etc."


def test_a_row_of_answers_that_stands_in_the_place_of_the_header_gives_names_that_can_be_written(tmp_path):
    rows = [f"{('Red', 'Blue')[n % 2]},{('Yes', 'No')[n % 3 == 0]},{20 + n}" for n in range(40)]
    export = read(tmp_path, ",,", *rows)
    questions, _ = find_questions(export, {})
    assert [one.id for one in questions] == ["red", "no_answer"]  # “no” is no text in YAML
    assert any("no text above row 2" in note for note in export.notes)


def test_headings_of_groups_above_those_of_columns_are_no_respondent(tmp_path):
    export = read(tmp_path, "Who,,What,", "Sex,City,Good?,Fair?", *(
        f"{('f', 'm')[n % 2]},{('Bonn', 'Kiel')[n % 3 == 0]},{('yes', 'no')[n % 2]},{('yes', 'no')[n % 3 == 0]}"
        for n in range(40)))
    assert export.respondents == 40 and [one.item for one in export.columns] == ["Sex", "City", "Good?", "Fair?"]


def test_a_name_of_a_variable_is_told_in_words():
    assert in_words("QUIT SMOKING BY THE 1ST INTERVIEW") == "Quit smoking by the 1st interview"
    assert in_words("text_while_driving") == "text while driving"
    asked = ["MaritalStatus", "collegeDegree", "JobRole", "YearsAtCompany", "Age"]
    assert list(divide_names(asked).values()) == ["Marital status", "college degree", "Job role", "Years at company"]
    assert not divide_names(["YouTube", "How old are you?", *asked]) and not divide_names(["YouTube", "Age"])
    assert in_words("economic.cond.national") == "economic cond national"
    assert in_words("How often? 3.5 or more") == "How often? 3.5 or more"
    assert spelled("Gss2014, the 2nd") == "Gss twenty fourteen, the second"


@pytest.mark.parametrize("answers", [
    "sehr unzufrieden|eher unzufrieden|teils/teils|eher zufrieden|sehr zufrieden",
    "Trifft überhaupt nicht zu|Trifft eher nicht zu|Teils/teils|Trifft eher zu|Trifft voll und ganz zu",
    "Seltener als einmal im Monat|Einmal im Monat|Mehrmals im Monat|Einmal pro Woche|Mehrmals pro Woche|Täglich",
    "Très insatisfait|Plutôt insatisfait|Plutôt satisfait|Très satisfait",
    "Pas du tout d'accord|Plutôt pas d’accord|Ni d'accord ni pas d'accord|Plutôt d'accord|Tout à fait d'accord",
    "Jamais|Moins d'une fois par an|Une fois par an|Plusieurs fois par an|Chaque mois",
    "Muy malo|Malo|Regular|Bueno|Muy bueno", "Nada satisfecho|Poco satisfecho|Bastante satisfecho|Muy satisfecho",
    "Nunca|Una vez al mes|Una vez a la semana|Varias veces a la semana|Todos los días",
    "Zdecydowanie się nie zgadzam|Raczej się nie zgadzam|Ani się zgadzam, ani nie zgadzam|Raczej się zgadzam|"
    "Zdecydowanie się zgadzam",
    "Nigdy|Rzadziej|Raz w tygodniu|Kilka razy w tygodniu|Codziennie", "Bardzo źle|Źle|Przeciętnie|Dobrze|Bardzo dobrze",
    "Per niente soddisfatto|Poco soddisfatto|Abbastanza soddisfatto|Molto soddisfatto",
    "Discordo totalmente|Discordo|Nem concordo nem discordo|Concordo|Concordo totalmente",
    "Zeer ontevreden|Ontevreden|Neutraal|Tevreden|Zeer tevreden", "Очень плохо|Плохо|Нормально|Хорошо|Очень хорошо",
    "非常不满意|不太满意|一般|比较满意|非常满意", "从不|很少|每月|每周|每天", "18岁以下|18~25|26~30|31~40|60以上",
    "غير راض جدا|غير راض|محايد|راض|راض جدا", "أبدا|نادرا|شهريا|أسبوعيا|يوميا",
    "very_dissatisfied|dissatisfied|satisfied|very_satisfied", "Very Low|Fairly Low|Average|Fairly High|Very High",
    "independent|slightly dependent|moderately dependent|severely dependent",
    "Very liberal|Liberal|Moderate|Conservative|Very conservative", "Never true|Rarely true|Often true|Always true",
    "Very difficult|Difficult|Neither easy nor difficult|Easy|Very easy", "Never|Occas|Regul|Heavy",
    "Nein|Vielleicht|Ja",
])
def test_scales_in_many_languages_run_from_their_lower_end(answers):
    order = answers.split("|")
    found = kind("A question", *sorted(order))
    assert (found.kind, found.answers) == ("ordered", tuple(order))


@pytest.mark.parametrize("answers", [
    "Right|Neither|Left", "Smoker|Non-smoker", "Employed|Unemployed", "Labour|Conservative|Liberal Democrat",
    "Never married|Married|Divorced", "Urban|Suburban|Rural"])
def test_words_that_have_an_opposite_are_no_scale_by_that_alone(answers):
    assert kind("A question", *answers.split("|")).kind == "nominal"


@pytest.mark.parametrize("silent, code", [
    ("DK/Refused", "cant-say"), ("(VOL.) Don't know", "cant-say"), ("NSP", "cant-say"), ("k. A.", "skipped"),
    ("weiß nicht / keine Angabe", "cant-say"), ("Trudno powiedzieć", "cant-say"), ("不愿透露", "skipped"),
    ("NS/NC", "cant-say"), ("أفضل عدم الإجابة", "skipped"), ("Prefer not to say", "skipped")])
def test_words_for_no_answer_are_known_in_many_languages(silent, code):
    assert kind("A question", "North", "South", silent).missing == {silent: code}


def test_letters_that_could_mean_anything_are_answers_by_themselves():
    assert not kind("major", "ns", "eco", "hum").missing


def test_yes_and_no_are_known_in_many_languages():
    for yes, no in (("WAHR", "FALSCH"), ("Ja", "Nein"), ("Sí", "No"), ("Tak", "Nie"), ("是", "否"), ("نعم", "لا"),
                    ("Да", "Нет")):
        found = kind("A question", yes, no)
        assert (found.kind, found.answers, found.reading) == ("yes-no", (no, yes), {yes: yes, no: no})


@pytest.mark.parametrize("heading, cells", [
    ("emp_no", [str(10000 + 37 * n * n % 80000) for n in range(60)]), ("hhid", [str(900 - n) for n in range(60)]),
    ("pid", [str(n % 50) for n in range(100)]), ("SDMVSTRA", [str(119 + n % 9) for n in range(60)]),
    ("_gps_latitude", [f"{n / 7:.2f}" for n in range(20)] * 3), ("enumerator", ["ann", "joe"] * 30),
    ("#", [f"k4f8{n:06}x" for n in range(60)]), ("ID", [str(n % 20) for n in range(60)])])
def test_places_keys_and_who_asked_stay_out(heading, cells):
    assert not decide(Counter(cells), heading, {}).kind


def ways(cells: dict[str, int]) -> dict[str, int]:
    """How many people chose each option of a question whose cells these are."""
    found = decide(Counter(cells), "Which of these?", {})
    assert found.kind == "multi-select"
    times: Counter[str] = Counter()
    for cell, options in found.reading.items():
        times.update(dict.fromkeys(options, cells[cell]))
    return dict(times)


def test_options_may_have_commas_of_their_own():
    google = {"Bus (tram, train)": 9, "Car, alone": 12, "Car, alone, Car, shared with others": 7, "Bicycle": 20,
              "Bus (tram, train), Bicycle": 11, "Car, shared with others, Bicycle": 6}
    assert ways(google) == {"Bus (tram, train)": 20, "Car, alone": 19, "Car, shared with others": 13, "Bicycle": 37}
    qualtrics = {"Gym": 12, "Bicycle, scooter,Gym": 9, "Bicycle, scooter": 8, "Gym,Home office": 7, "Home office": 9,
                 "Bicycle, scooter,Gym,Home office": 5}
    assert ways(qualtrics) == {"Gym": 33, "Bicycle, scooter": 22, "Home office": 21}


def test_things_that_everybody_brought_into_an_order_are_ranks(tmp_path):
    orders = ["Search;App;Texts;", "App;Search;Texts;", "Texts;App;Search;"]
    questions, _ = find_questions(read(tmp_path, "What comes first?,Used", *(
        f"{orders[n % 3]},{('yes', 'no')[n % 2]}" for n in range(40))), {})
    counts = {one.title: Counter(one.answers.get(cell, cell) for cell in one.cells) for one in questions[:3]}
    assert counts["What comes first? (rank): App"] == {"1st": 13, "2nd": 27}
    assert counts["What comes first? (rank): Search"] == {"1st": 14, "2nd": 13, "3rd": 13}
    assert [one.kind for one in questions] == ["ordered"] * 3 + ["yes-no"]


def test_neighbors_that_hold_their_own_headings_are_the_options_of_one_question(tmp_path):
    rows = [f"k{n:09}a,{'Oven' if n % 2 else ''},{'Wok' if n % 3 else ''},x" for n in range(40)]
    questions, _ = find_questions(read(tmp_path, "#,Oven,Wok,Network ID", *rows), {})
    assert [(one.kind, list(one.answers.values())) for one in questions] == [("multi-select", ["Oven", "Wok"])]
    assert any(guess.doubt == LOOK for guess in questions[0].guesses)


def test_eights_and_nines_beside_a_short_scale_are_no_answers():
    cells = Counter({"1": 30, "2": 40, "3": 20, "4": 10, "8": 4, "9": 2})
    found = decide(cells, "Q2A", {})
    assert (found.kind, found.answers) == ("ordered", ("1", "2", "3", "4"))
    assert found.missing == {"8": "cant-say", "9": "skipped"}
    assert not decide(cells, "How many children live with you?", {}).missing  # nine children are nine
    assert not decide(Counter({"1": 9, "2": 8, "3": 9, "8": 9, "9": 9}), "Q2A", {}).missing


def test_points_divide_thousands_where_none_can_be_decimal():
    found = decide(Counter({"900": 30, "1.500": 30, "2.750": 20, "12.000": 10, "350": 40}), "Gasto", {})
    assert found.reading["2.750"] == "2750"
    assert decide(Counter({"1.5": 30, "2.750": 30}), "Gasto", {}).kind == "ordered"


def test_names_of_answers_are_read_as_words(tmp_path):
    questions, _ = find_questions(read(tmp_path, "place,used", *(
        f"{('mto_wa_mbu', 'usa_river')[n % 2]},{'-oth-' if n % 3 else 'A1'}" for n in range(40))), {})
    assert set(questions[0].answers.values()) == {"mto wa mbu", "usa river"}
    assert set(questions[1].answers.values()) == {"A1", "Other"}


def test_numbers_before_a_question_and_options_behind_it_are_no_words_of_it(tmp_path):
    rows = [f"{n % 2},{n // 2 % 2},{['非常满意', '满意', '一般'][n % 3]},{n % 4}" for n in range(60)]
    asked = "6、您使用过哪些功能？"
    export = read(tmp_path, f"{asked}(支付),{asked}(出行),3、满意吗？,Q12: Level?", *rows)
    questions, _ = find_questions(export, {})
    assert [(one.kind, one.title) for one in questions[:2]] == [
        ("multi-select", "您使用过哪些功能？"), ("ordered", "满意吗？")]
    assert questions[2].title == "Level?" and set(questions[0].answers.values()) == {"支付", "出行", "None of these"}
    assert spelled("Q1 and Q2a, 2 of 3") == "Q1 and Q2a, two of three"


def test_one_scale_in_small_and_large_letters_is_one_battery(tmp_path):
    small, large = ["never", "often", "always"], ["Never", "Often", "Always"]
    rows = [f"{small[n % 3]},{large[n % 3]},{large[n // 3 % 3]}" for n in range(60)]
    questions, _ = find_questions(read(tmp_path, "Tired?,Angry?,Sad?", *rows), {})
    assert {one.construct for one in questions} == {"Questions from “Never” to “Always”"}
    assert {tuple(one.answers.values()) for one in questions} == {tuple(large)}


def test_cells_may_be_divided_by_blanks(tmp_path):
    questions, _ = find_questions(read(tmp_path, "'PSI' 'GRADE' 'SITE'", *(
        f"{n % 2} {(n // 2) % 3} s{n % 2}" for n in range(40))), {})
    assert [one.id for one in questions] == ["psi", "grade", "site"]


@pytest.mark.parametrize(("wording", "personal"), [
    ("What is your age in years at your last birthday?", True),
    ("Wie alt sind Sie, und was ist Ihr Beruf heute?", True),
    ("你的年龄是多少岁呢，请告诉我们", True), ("Cuál es su estado civil en este momento, por favor", True),
    ("In which department do you work?", True), ("How long have you worked here?", True),
    ("How satisfied are you with your job?", False), ("Do you agree that your salary is fair?", False),
    ("Should the country support such a law, for sure or not at all?", False),
    ("Which region has been successful with its summer schools lately?", False),
])
def test_only_a_question_about_oneself_asks_what_others_may_know(wording, personal):
    """“Support”, “such” and “successful” begin as the Spanish “su” does, and are about nobody."""
    assert is_personal(wording) is personal


def test_a_second_column_of_weights_says_what_to_do(tmp_path):
    rows = [f"{'yes' if n % 3 else 'no'},{0.9 + n % 4 / 20},{0.8 + n % 5 / 20}" for n in range(400)]
    asked = {"weight": "weight", "wt": "weight"}
    _, out = find_questions(read(tmp_path, "agree,weight,wt", *rows), asked)
    assert [one.guess.words.partition("; ")[2] for one in out] == ["say --as “Heading=leave-out” of one"]


def test_words_at_the_ends_of_a_scale_of_numbers_stay_with_them():
    labels = {"0": "Gauche", "10": "Droite", "88": "NSP"}
    found = decide(Counter({str(n): 20 for n in [*range(11), 88]}), "Échelle gauche-droite", labels)
    assert found.answers == ("0 (Gauche)", *map(str, range(1, 10)), "10 (Droite)")
    assert found.reading["10"] == "10 (Droite)" and found.missing == {"88": "cant-say"}
    found = decide(Counter({str(n): 20 for n in range(1, 6)}), "Trust", {"1": "1 None", "5": "5 Full"})
    assert found.answers == ("1 None", "2", "3", "4", "5 Full")


def test_codes_of_a_file_tell_more_of_an_order_than_words_that_only_seem_to():
    labels = {"1": "up to a week", "2": "some weeks", "3": "about a year", "4": "half a year"}
    found = decide(Counter(dict.fromkeys(labels, 20)), "How long?", labels)
    assert found.kind == "nominal" or found.answers == tuple(labels.values())


def test_a_long_list_is_shown_by_its_most_frequent_answers():
    cells = Counter({f"Land {chr(65 + n % 26)}{chr(97 + n // 26)}": 10 + n for n in range(60)})
    found = decide(cells, "Country", {})
    assert found.kind == "nominal" and len(found.answers) == 16 and found.answers[-1] == "Another answer"
    assert found.reading["Land Aa"] == "Another answer" and found.guesses[-1].words.startswith("of 60 answers")


@pytest.mark.parametrize("heading, cells, answers", [
    ("Where do you live?", {"South": 60, "Other": 30, "North": 20, "Abroad": 2}, ["Abroad", "North", "South", "Other"]),
    ("What do you use?", {"Web; Post": 40, "Web; Fax": 2, "Web": 20, "None of these": 9},
     ["Fax", "Post", "Web", "None of these"]),
])
def test_answers_without_an_order_do_not_stand_in_that_of_their_counts(heading, cells, answers):
    assert list(decide(Counter(cells), heading, {}).answers) == answers


@pytest.mark.parametrize("cells, kept", [
    ({"South": 60, "North": 20, "West": 4, "a": 1, "b": 1, "c": 1, "d": 1}, ["North", "South"]),  # West would be 3 or 4
    ({"South": 60, "North": 20, "West": 5, "a": 1, "b": 1, "c": 1, "d": 1}, ["North", "South"]),  # the rest would be 4
    ({"South": 60, "North": 20, "West": 5, "a": 1, "b": 1, "c": 1, "d": 1, "e": 1}, ["North", "South", "West"]),
])
def test_what_is_put_together_tells_nothing_of_a_small_count(cells, kept):
    found = decide(Counter(cells), "Where do you live?", {})
    assert list(found.answers) == [*kept, "Another answer"]
    assert {found.reading[one] for one in cells.keys() - set(kept)} == {"Another answer"}


def test_the_ends_of_a_list_of_numbers_are_numbers():
    cells = Counter({"Less than 1 year": 9, "More than 50 years": 7} | {str(n): 12 for n in range(1, 51)})
    found = decide(cells, "YearsCode", {})
    assert found.kind == "count" and found.reading["More than 50 years"] == "51"
    assert any("“Less than 1 year” counts as 0" in guess.words for guess in found.guesses)
    assert kind("Age", "18-29", "30-44", "45+", "Under 18").kind == "ordered"


def test_columns_are_read_as_their_neighbors_say(tmp_path):
    rows = [f"{n % 4},{n // 2 % 4},{n // 3 % 4},{'x' if n % 3 else ''},{n % 5 + 1},{n % 4 + 1},{n % 3 + 1}"
            for n in range(60)]
    asked = "phq_1,phq_2,phq_3,Comes by bike,Do you agree? [People help each other],Do you agree? [It is safe]," \
        "Do you agree? [It is clean]"
    questions, _ = find_questions(read(tmp_path, asked, *rows), {})
    assert [one.kind for one in questions] == ["ordered"] * 3 + ["yes-no"] + ["ordered"] * 3
    assert {one.construct for one in questions[4:]} == {"Do you agree?"}


def test_a_column_that_repeats_those_of_its_options_is_told_once(tmp_path):
    asked = "How did you find us?"
    header = f"Submission ID,Submitted at,{asked},{asked} (A friend),{asked} (Web)"
    rows = [f"k{n}x,2025-06-01,{('A friend', 'Web', 'A friend;Web')[n % 3]},{str(n % 3 != 1).lower()},"
            f"{str(n % 3 != 0).lower()}" for n in range(60)]
    questions, _ = find_questions(read(tmp_path, header, *rows), {})
    assert [(one.kind, list(one.answers.values())[:2]) for one in questions] == [("multi-select", ["A friend", "Web"])]


@pytest.mark.parametrize("header, record", [
    ("record_id,pain___1,pain___2,base_complete", ["record_id", "base_complete"]),
    ("Record ID,Where? (choice=Back),Where? (choice=Head, neck),Complete?", ["Record ID", "Complete?"])])
def test_options_of_redcap_are_one_question(tmp_path, header, record):
    quoted = header.replace("Where? (choice=Head, neck)", '"Where? (choice=Head, neck)"')
    rows = [f"{n},{n % 2},{n // 2 % 2},{2}" for n in range(60)]
    questions, out = find_questions(read(tmp_path, quoted, *rows), {})
    assert [one.kind for one in questions] == ["multi-select"] and [one.heading for one in out] == record


def test_the_names_of_rows_have_no_heading_in_files_of_r(tmp_path):
    path = tmp_path / "answers.txt"
    path.write_text("\n".join(['"smoke" "score"', *(f'"{n}" "{("no", "yes")[n % 2]}" {n % 5 + 1}'
                                                   for n in range(1, 41))]), encoding="utf-8")
    export = read_export(read_sheet(path), path)
    assert [(one.heading, one.cells[0]) for one in export.columns][1:] == [("smoke", "yes"), ("score", "2")]
    path.write_text("a,b\n" + "1,2,\n" * 9, encoding="utf-8")  # a separator at the end of each row is no cell
    assert [one.heading for one in read_export(read_sheet(path), path).columns] == ["a", "b"]


@pytest.mark.parametrize("table", [
    "variable,label,values\nq1,Do you like it?,1=Yes; 2=No\nq2,How often?,\"1=Never, 2=Rarely, 3=Often\"\n",
    "Variable / Field Name,Field Label,\"Choices, Calculations, OR Slider Labels\"\n"
    "q1,Do you like it?,\"1, Yes | 2, No\"\nq2,How often?,\"1, Never | 2, Rarely | 3, Often\"\n",
    "name,question,value,meaning\nq1,Do you like it?,1,Yes\n,,2,No\nq2,How often?,1,Never\n,,2,Rarely\n,,3,Often\n"])
def test_a_table_beside_the_answers_has_the_words_of_their_codes(tmp_path, table):
    (tmp_path / "codebook.csv").write_text(table, encoding="utf-8")
    questions, _ = find_questions(read(tmp_path, "q1,q2", *(f"{n % 2 + 1},{n % 3 + 1}" for n in range(40))), {})
    assert [(one.title, list(one.answers.values())) for one in questions] == [
        ("Do you like it?", ["No", "Yes"]), ("How often?", ["Never", "Rarely", "Often"])]


def test_what_people_wrote_beside_options_stays_out_however_often_they_wrote_the_same(tmp_path):
    header = "Which? (Select all that apply.) [Bus],Which? (Select all that apply.) [Car]," \
        "Which? (Select all that apply.) [Other (please specify)],Stressed? (1 = not at all; 5 = extremely)"
    rows = [f"{('Bus', '')[n % 2]},{('Car', '', '')[n % 3]},{('horse', 'ferry', '', '')[n % 4]},{n % 5 + 1}"
            for n in range(60)]
    questions, out = find_questions(read(tmp_path, header, *rows), {})
    assert [(one.title, list(one.answers.values())[:2]) for one in questions] == [
        ("Which?", ["Bus", "Car"]), ("Stressed?", ["1 (not at all)", "2"])]
    assert "[Other (please specify)]" in out[0].heading and "words of their own" in out[0].guess.words


def test_a_labelled_column_in_which_all_say_the_same_is_no_question():
    assert not decide(Counter({"1": 60}), "Do you agree to take part?", {"1": "Yes", "0": "No"}).kind


def test_large_numbers_keep_all_their_digits():
    assert in_digits(1234567.0) == "1234567" and in_digits(0.25) == "0.25"
    labels = set(name_bands(Counter({1_000_000.5 * n: 20 for n in range(1, 30)})).values())
    assert all("e+" not in one for one in labels) and any("5,000,000" in one for one in labels)
    found = decide(Counter({"1000001": 20, "1000002": 30}), "region", {})
    assert found.answers == ("1000001", "1000002")


def test_measures_whose_bands_happen_to_be_alike_are_no_battery(tmp_path):
    rows = [f"{1 + n % 40 / 8},{1 + (n * 7) % 40 / 8}" for n in range(120)]
    questions, _ = find_questions(read(tmp_path, "speed,depth", *rows), {})
    assert questions[0].answers == questions[1].answers
    assert [one.construct for one in questions] == ["speed", "depth"]
