"""The chart that answers “how many must I ask?”: what it says for a reader's choices is what the stored counts say.

The counts are read as plain CSV, and the sentences are put together here once more.
"""

from __future__ import annotations

import csv
from fractions import Fraction

import pytest
from project import PHONE, ROOT

from surveybook.survey.show.theme import NARROW, WIDE

PAGE, FIGURE = "chapters/design.html", "#fig-power"
CLAIM, STRENGTH, RESPONDENTS, NUMBER = "Claim", "True size", "Respondents", "or any number"
# claim, hypothesis, scenario, number of respondents, and whether the claim has a direction
CASES = {
    "strong": ("Larger organizations notice more kinds of incidents.", "exposure-size", "exposure-size 0.6", 60, True),
    "weak": ("Larger organizations have more defenses in place.", "defenses-size", "defenses-size 0.05", 1000, True),
    "none": ("Who had training in the security of machine learning", "perception-training", "none", 300, True),
    "groups": ("Organizations in some sectors notice more", "exposure-sector", "exposure-sector 0.4", 139, False),
}
SQUARES = """svg => Object.groupBy([...svg.querySelectorAll("g > g > rect")].slice(0, 100)
    .map(rect => rect.getAttribute("stroke").match(/--figure-\\w+/)[0]), one => one)"""


def read(name: str) -> list[dict[str, str]]:
    with (ROOT / "data" / "practitioners" / "design" / name).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def counted(hypothesis: str, scenario: str, respondents: int) -> list[int]:
    """The surveys that found it, left it open, called it too small, and found the opposite."""
    (row,) = [row for row in read("verdicts.csv") if row["hypothesis"] == hypothesis and row["scenario"] == scenario
              and row["respondents"] == str(respondents)]
    effect, opposite, small, open_, no_test = (
        int(row[name]) for name in ("effect", "opposite", "equivalent", "inconclusive", "no_test"))
    return [effect, open_ + no_test, small, opposite]


def choose(page, claim: str, scenario: str, hypothesis: str, respondents: int) -> int:
    """Choose a case by keyboard and list; the place of its strength."""
    loading = float(scenario.partition(" ")[2] or 0)
    strength = sorted({0.0, *(float(row["scenario"].split()[1]) for row in read("truths.csv")
                              if row["scenario"].startswith(f"{hypothesis} "))}).index(loading)
    figure = page.locator(FIGURE)
    option = figure.locator("option", has_text=claim)
    figure.get_by_label(CLAIM).select_option(option.first.get_attribute("value"))
    slider = figure.get_by_label(STRENGTH)
    slider.focus()
    page.keyboard.press("Home")
    for _ in range(strength):
        page.keyboard.press("ArrowRight")
    figure.get_by_label(NUMBER).fill(str(respondents))
    return strength


def said(page) -> str:
    return " ".join(page.locator(f"{FIGURE} [aria-live=polite] p").all_text_contents())


@pytest.mark.parametrize(("case", "way"), [*((case, "http") for case in CASES), (next(iter(CASES)), "file")])
def test_what_it_says_of_a_case_is_what_was_counted(case, way, opened):
    claim, hypothesis, scenario, n, directed = CASES[case]
    counts = counted(hypothesis, scenario, n)
    exact = [Fraction(100 * count, sum(counts)) for count in counts]
    with opened(PAGE, way) as page:
        strength = choose(page, claim, scenario, hypothesis, n)
        words = said(page)
        ends = words.partition(f"of 100 simulated surveys of {n:,} respondents, ")[2].partition(".")[0]
        parts = ends.replace(" and ", ", ").split(", ")
        assert len(parts) == (4 if directed else 3)
        verbs = ("find", "leave", "call", "find") if strength else ("claim", "leave", "rule", "claim")
        for part, share, verb in zip(parts, exact, verbs, strict=False):
            number, told = part.removeprefix("under ").removeprefix("over ").split()[:2]
            assert told.startswith(verb)
            assert abs((0 if number == "none" else int(number)) - share) <= 1
            assert (number == "none") == (share == 0)
        found = parts[0].split()[0]
        assert found == ("none" if not exact[0] else str(int(exact[0] + Fraction(1, 2)))) or exact[0] < Fraction(1, 2)
        rows = page.locator(f"{FIGURE} details tbody tr")
        mine = next(row for row in rows.all() if row.locator("th").text_content() == f"{n:,}")
        cells = mine.locator("td").all_text_contents()
        assert cells[0].partition("%")[0] == tenth(exact[0]) and cells[1] == f"{tenth(exact[1])}%"
        assert cells[3] == (f"{tenth(exact[3])}%" if directed else "–")
        squares = page.locator(f"{FIGURE} svg:visible").evaluate(SQUARES)
        assert sum(map(len, squares.values())) == 100
        assert abs(len(squares.get("--figure-simulated", [])) - exact[0]) <= Fraction(1, 2)
        assert page.said == [], "a strict security policy allows all of it"


def tenth(share: Fraction) -> str:
    tenths = int(10 * share + Fraction(1, 2))
    return f"{tenths // 10}.{tenths % 10}"


def test_how_many_to_ask_is_the_smallest_number_that_was_simulated_and_finds_it(opened):
    claim, hypothesis, scenario, _, _ = CASES["strong"]
    sizes = sorted({int(row["respondents"]) for row in read("verdicts.csv")})
    shares = {n: Fraction(counts[0], sum(counts)) for n in sizes if (counts := counted(hypothesis, scenario, n))}
    enough = min(n for n, share in shares.items() if share >= Fraction(4, 5))
    few = sizes[sizes.index(enough) - 1]
    with opened(PAGE) as page:
        choose(page, claim, scenario, hypothesis, enough)
        assert (f"To find a relation of this size in 80% of surveys, {few:,} respondents are too few "
                f"({int(100 * shares[few] + Fraction(1, 2))}%), and {enough:,} are enough "
                f"({int(100 * shares[enough] + Fraction(1, 2))}%)") in said(page)


def test_a_number_that_was_not_simulated_is_told_by_those_around_it(opened):
    with opened(PAGE) as page:
        number = page.locator(FIGURE).get_by_label(NUMBER)
        number.fill("200")
        words = said(page)
        assert "200 respondents were not simulated; they lie between 139 and 300." in words
        assert "surveys of 139 respondents" in words and "surveys of 300 respondents" in words
        assert "surveys of 200 respondents" not in words
        number.fill("5")
        assert "5 respondents were not simulated; the nearest number that was is 28." in said(page)
        number.fill("")
        assert "surveys of 139 respondents" in said(page), "nothing is as many as were asked"


def test_it_begins_with_what_stands_there_without_scripts_and_says_that_it_is_simulated(opened):
    with opened(PAGE, java_script_enabled=False) as page:
        assert page.locator(f"{FIGURE} .chances-tools").count() == 0
        plain = page.locator(f"{FIGURE} .report-choices p").all_text_contents()
        drawn = page.locator(f"{FIGURE} svg:visible").bounding_box()
    with opened(PAGE) as page:
        assert page.locator(f"{FIGURE} .report-choices p").all_text_contents() == plain and len(plain) == 2
        drawing = page.locator(f"{FIGURE} svg:visible")
        assert drawing.count() == 1 and abs(drawing.bounding_box()["height"] - drawn["height"]) < 2
        assert drawing.get_attribute("aria-label").startswith("Simulated data. ")
        assert "Simulated data" in drawing.text_content()


def test_it_is_used_by_keyboard_and_names_what_it_holds(opened):
    with opened(PAGE) as page:
        figure = page.locator(FIGURE)
        slider = figure.get_by_role("slider", name=RESPONDENTS)
        slider.focus()
        page.keyboard.press("End")
        assert slider.get_attribute("aria-valuetext") == "10,000 respondents"
        assert figure.get_by_label(NUMBER).input_value() == "10000"
        assert "surveys of 10,000 respondents" in said(page)
        strength = figure.get_by_label(STRENGTH)
        strength.focus()
        page.keyboard.press("Home")
        assert strength.get_attribute("aria-valuetext") == "no relation"
        assert "If there is no relation at all:" in said(page)


def test_it_fits_a_phone_and_prints_what_is_chosen(opened):
    with opened(PAGE, viewport=PHONE) as page:
        assert page.evaluate("document.documentElement.scrollWidth") <= PHONE["width"]
        drawing = page.locator(f"{FIGURE} svg:visible")
        assert drawing.get_attribute("width") == str(NARROW)
    with opened(PAGE) as page:
        page.locator(FIGURE).get_by_label(NUMBER).fill("60")
        page.emulate_media(media="print")
        assert not page.locator(f"{FIGURE} .chances-tools").is_visible()
        assert page.locator(f"{FIGURE} svg:visible").get_attribute("width") == str(WIDE)
        assert "surveys of 60 respondents" in said(page)


def test_old_addresses_lead_to_it(opened):
    for family in ("exposure", "defenses", "perception"):
        with opened(f"{PAGE}#fig-power-{family}") as page:
            top = page.locator(f"#fig-power-{family}").bounding_box()["y"]
            assert abs(page.locator(FIGURE).bounding_box()["y"] - top) < 60
