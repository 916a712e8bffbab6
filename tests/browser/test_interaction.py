"""What a reader can do with a figure: point at a mark and read its row, and choose of whom shares are taken."""

from __future__ import annotations

import re
from dataclasses import replace
from types import MappingProxyType

import pytest
from drawn import shown
from project import FRAME, PHONE, ROOT, WIDE
from visits import ROWS

from analysis import figures, interviews, practitioners, tables
from surveybook.survey.data.denominators import denominators
from surveybook.survey.estimates.distribution import Distribution
from surveybook.survey.evidence.findings import Findings
from surveybook.survey.show.figures.design import CEILING, EDGE
from surveybook.survey.show.theme import SECOND, SIMULATED

CHARTS = {  # one of each kind whose rows are in the order of the table, and the key that leads to the next
    "dots": ("chapters/attacks.html", "#fig-attack", "ArrowDown"),
    "dots, simulated": ("chapters/incidents.html", "#fig-incidents", "ArrowDown"),
    "bars": ("chapters/incidents.html", "#fig-incident-count", "ArrowRight"),
    "scale": ("chapters/relevance.html", "#fig-relevance", "ArrowDown"),
    "forest": ("chapters/hypotheses.html", "#fig-forest", "ArrowDown"),
}
ELSEWHERE = {  # marks that stand in another order
    "tiles": ("chapters/gaps.html", "#fig-lifecycle", ""),
    "choices": ("chapters/passports-exposure.html", "#fig-choices-exposure-size", ""),
}
TOLD = """tip => [tip.querySelector("p"), ...tip.querySelectorAll("dt, dd")].map(node => node.textContent)"""
# Where a drawing itself writes the name of a row, in one text or one for each line, perhaps with its measure: the only
# thing by which people match marks and names, too; moved to the upper part of the window
NAMED = """(svg, name) => {
    const letters = (words) => words.replace(/\\s+/g, "").replace(/[.]$/, "").toLowerCase();
    const texts = [...svg.querySelectorAll("text")], said = texts.map((one) => letters(one.textContent));
    const starts = (first) => [1, 2, 3, 4].some((lines) =>
        `${said.slice(first, first + lines).join("")}(`.startsWith(`${letters(name)}(`));
    const text = texts.findLast((_, place) => starts(place));
    scrollBy({ top: text.getBoundingClientRect().y - innerHeight / 3, behavior: "instant" });
    const box = text.getBoundingClientRect();
    return [box.left + box.width / 2, box.top + box.height / 2];
}"""
WRITTEN = """(svg, [x, y]) => [...svg.querySelectorAll("text")].filter((text) => {
    const box = text.getBoundingClientRect();
    return box.left < x && x < box.right && box.top < y && y < box.bottom;
}).map((text) => text.textContent)"""
PLACES = """() => [...document.querySelectorAll("body *:not(.mark-tip, .mark-tip *, .mark-band)")].map((one) => {
    const { x, y, width, height } = one.getBoundingClientRect();
    return [x + scrollX, y + scrollY, width, height].map(Math.round).join(" ");
})"""


@pytest.fixture(params=CHARTS.values(), ids=CHARTS)
def chart(request) -> tuple[str, str, str]:
    return request.param


# --- what a mark stands for


@pytest.mark.parametrize(("way", "screen"), [("pointer", WIDE), ("touch", PHONE)], ids=["pointer", "touch"])
@pytest.mark.parametrize("kind", CHARTS | ELSEWHERE)
def test_each_row_of_a_drawing_tells_the_values_of_its_row_in_the_table(kind, way, screen, opened):
    name, figure, _ = (CHARTS | ELSEWHERE)[kind]
    with opened(name, viewport={**screen, "height": 1600}, has_touch=True) as page:
        drawing, tip = page.locator(f"{figure} svg:visible"), page.locator(".mark-tip")
        page.locator(figure).evaluate("figure => figure.closest('.fold')?.setAttribute('open', '')")
        rows = page.locator(figure).evaluate(ROWS)
        assert len(rows) > 3 and all(len(row) > 4 for row in rows)
        for row in rows:
            page.keyboard.press("Escape")
            assert tip.count() == 0
            place = drawing.evaluate(NAMED, row[0])
            page.mouse.move(*place) if way == "pointer" else page.touchscreen.tap(*place)
            assert tip.evaluate(TOLD) == row
        assert page.said == [], "a strict security policy allows all of it"


def test_a_mark_of_one_cell_tells_this_cell_and_what_holds_for_its_row(opened):
    with opened("chapters/relevance.html", has_touch=True) as page:
        drawing, tip = page.locator("#fig-reasons svg:visible"), page.locator(".mark-tip")
        row = next(row for row in page.locator("#fig-reasons").evaluate(ROWS) if row[0] == "Evasion")
        options = len(practitioners.study.question("reasons_evasion").answers)
        drawing.scroll_into_view_if_needed()
        drawing.focus()
        for key in ("ArrowDown", "ArrowDown", "ArrowRight"):
            page.keyboard.press(key)
        assert tip.evaluate(TOLD) == [row[0], *row[3:5], *row[1 + 2 * options:]]
        band = page.locator(".mark-band").bounding_box()
        middle = (band["x"] + band["width"] / 2, band["y"] + band["height"] / 2)
        written = drawing.evaluate(WRITTEN, middle)
        assert len(written) == 1 and row[4].endswith(f" ({written[0]})"), "the share that the tile itself shows"
        page.keyboard.press("ArrowUp")
        assert tip.evaluate(TOLD)[0] == "Backdoor" and tip.evaluate(TOLD)[1] == row[3], "the same column, one row above"
        for _ in range(2):
            page.keyboard.press("ArrowUp")
        assert tip.evaluate(TOLD)[0] == "Poisoning", "above the first row is none"
        page.touchscreen.tap(*middle)
        assert tip.evaluate(TOLD)[:3] == [row[0], *row[3:5]]


@pytest.mark.parametrize("wide", [True, False], ids=["wide", "narrow"])
def test_the_marks_of_a_curve_lie_where_its_table_has_them(wide):
    """The dots of a panel as shares of its height, against the exact values of the row whose area they lie in."""
    for figure, mine, most in ((figures.power(practitioners), {"verdict": "effect"}, 1),
                               (figures.alarms(practitioners), {"verdict": "effect"}, CEILING),
                               (figures.alarms(practitioners), {"verdict": "opposite"}, CEILING)):
        drawing = shown(figure).css_first("svg.wide" if wide else "svg.narrow")
        shares = [row["share"] for row in figure.table.about["data"] if mine.items() <= row.items()]
        places = [int(place) for place in drawing.attributes["data-bands"].split()]
        bands = list(zip(*[iter(places)] * 4, strict=True))
        color = SECOND if mine["verdict"] == "opposite" else SIMULATED
        dots = [tuple(map(float, re.findall(r"-?[\d.]+", path.attributes["transform"])))
                for path in drawing.css("path[transform]") if path.attributes.get("stroke") == color]
        assert len(bands) == len(shares) == len(dots) == len(figure.table.rows)
        for (left, top, right, bottom), share in zip(bands, shares, strict=True):
            (y,) = [y + EDGE for x, y in dots if left <= x + EDGE <= right and top - 1 <= y + EDGE <= bottom + 1]
            assert (bottom - y) / (bottom - top) * most == pytest.approx(share, abs=0.01 * most)


def test_the_keyboard_moves_through_the_rows_and_escape_ends_it(chart, opened):
    name, figure, following = chart
    with opened(name) as page:
        drawing, tip = page.locator(f"{figure} svg:visible"), page.locator(".mark-tip")
        rows = page.locator(figure).evaluate(ROWS)
        page.locator(f"{figure} a.cite-link").focus()
        for _ in range(1 + page.locator(f"{figure} > * .reading-choice").count()):  # of whom shares are comes before
            page.keyboard.press("Tab")
        assert drawing.evaluate("node => node === document.activeElement")
        assert drawing.evaluate("node => getComputedStyle(node).outlineWidth") == "3px"
        assert tip.evaluate(TOLD) == rows[0]
        for row in [*rows[1:], rows[-1]]:
            page.keyboard.press(following)
            assert tip.evaluate(TOLD) == row
        page.keyboard.press("Home")
        assert tip.evaluate(TOLD) == rows[0]
        page.keyboard.press("Escape")
        assert tip.count() == 0
        page.keyboard.press("End")
        page.keyboard.press("Tab")
        assert tip.count() == 0, "it goes with the focus"


@pytest.mark.parametrize("screen", [WIDE, PHONE], ids=["wide", "phone"])
def test_the_words_stand_below_the_drawing_and_cover_no_mark(chart, screen, opened):
    name, figure, following = chart
    with opened(name, viewport={**screen, "height": 1600}) as page:
        drawing, tip, band = (page.locator(one) for one in (f"{figure} svg:visible", ".mark-tip", ".mark-band"))
        drawing.scroll_into_view_if_needed()
        for place in (0.02, 0.5, 0.98):
            box = drawing.bounding_box()
            page.mouse.move(box["x"] + place * box["width"], box["y"] + box["height"] / 2)
            around, said = page.locator(f"{figure} .report-figure").bounding_box(), tip.bounding_box()
            assert said["x"] >= around["x"] - 1 and said["x"] + said["width"] <= around["x"] + around["width"] + 1
            assert said["y"] >= min(box["y"] + box["height"], 1600 - said["height"]) - 8
            assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
            page.mouse.move(said["x"] + said["width"] / 2, said["y"] + said["height"] / 2, steps=4)
            assert tip.is_visible(), "it can be reached"
            page.mouse.move(2, 2)
            assert tip.count() == 0
        page.set_viewport_size({**screen, "height": 600})  # less than the drawing needs
        page.evaluate(FRAME)
        drawing.focus()
        for key in ("Home", following, following, "End"):
            page.keyboard.press(key)
            said, lit = tip.bounding_box(), band.bounding_box()
            if lit["y"] + lit["height"] <= 600 - said["height"] or lit["y"] >= 80 + said["height"]:  # there is room
                assert said["y"] >= lit["y"] + lit["height"] or said["y"] + said["height"] <= lit["y"]


def test_who_hears_the_page_is_told_the_name_of_the_picture_and_of_its_rows_the_one_that_keys_lead_to(opened):
    name, figure, following = CHARTS["dots, simulated"]
    with opened(name) as page:
        drawing = page.locator(f"{figure} svg:visible")
        spoken = page.get_by_role("status").and_(page.locator("body > *"))
        before = page.locator(figure).aria_snapshot()
        drawing.hover()
        assert page.locator(".mark-tip").is_visible() and spoken.inner_text() == ""
        assert page.locator(figure).aria_snapshot() == before and before.count('img "') == 1
        row = page.locator(figure).evaluate(ROWS)[1]
        drawing.focus()
        page.keyboard.press("Home")
        page.keyboard.press(following)
        values = [f"{column} {value}" for column, value in zip(row[1::2], row[2::2], strict=True)]
        assert spoken.inner_text() == "; ".join([row[0], "Simulated data", *values])
        page.keyboard.press("Escape")
        assert spoken.inner_text() == ""


@pytest.mark.parametrize("kind", CHARTS)
def test_simulated_numbers_say_so_wherever_they_are_shown(kind, opened):
    name, figure, _ = CHARTS[kind]
    with opened(name) as page:
        page.locator(f"{figure} svg:visible").hover()
        assert ("Simulated data" in page.locator(".mark-tip").inner_text()) is (kind != "dots")


def test_sorting_the_table_changes_no_mark(opened):
    name, figure, _ = CHARTS["dots"]
    with opened(name) as page:
        row = page.locator(figure).evaluate(ROWS)[0]
        page.locator(f"{figure} summary").click()
        page.locator(f"{figure} .table-sort").first.click()
        assert page.locator(figure).evaluate(ROWS)[0] != row
        page.mouse.move(*page.locator(f"{figure} svg:visible").evaluate(NAMED, row[0]))
        assert page.locator(".mark-tip").evaluate(TOLD) == row


def test_whoever_comes_back_finds_what_was_chosen_and_what_it_shows(opened):
    """A browser puts choices in again by itself, after the scripts have begun."""
    looks = {
        "chapters/attack-index.html": ("() => document.querySelector('.table-tools select').value",
                                       "() => document.querySelectorAll('tbody tr:not([hidden])').length"),
        "chapters/relevance.html": ("() => document.querySelector('.reading-choice :checked').parentNode.textContent",
                                    "() => document.querySelector('.reading:not([hidden])').dataset.of"),
        "chapters/design.html": ("() => document.querySelector('.chances-tools select').value",
                                 "() => document.querySelector('.report-choices p').textContent"),
    }
    for name, both in looks.items():
        with opened(name) as page:
            before = [page.evaluate(look) for look in both]
            if "relevance" in name:
                page.locator(".reading-choice input").nth(1).check()
            else:
                page.locator(":is(.table-tools, .chances-tools) select").first.select_option(index=2)
            after = [page.evaluate(look) for look in both]
            assert all(one != other for one, other in zip(before, after, strict=True))
            page.goto(page.url.replace(name, "index.html"))
            page.go_back()
            page.wait_for_function(f"wanted => ({both[1]})() === wanted", arg=after[1])
            assert [page.evaluate(look) for look in both] == after


def test_a_drawing_that_leaves_rows_of_its_table_out_matches_none():
    study = practitioners.study
    hidden = study.question("relevance_evasion")
    counts = dict(hidden.distribution.counts) | {hidden.answers[0]: float("nan")}
    partly = replace(hidden, distribution=replace(hidden.distribution, counts=counts, total=131))
    found = Findings(replace(study, questions=MappingProxyType({**study.questions, hidden.id: partly})))
    assert shown(figures.ordered(practitioners, "threat perception")).css("svg[data-bands]")
    assert not shown(figures.ordered(found, "threat perception")).css("svg[data-bands]")


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_in_the_colors_of_the_reader_a_mark_and_its_words_are_seen(scheme, opened):
    for name, figure, _ in (CHARTS["forest"], ELSEWHERE["tiles"]):
        with opened(name, forced_colors="active", color_scheme=scheme) as page:
            page.locator(f"{figure} svg:visible").hover()
            ground, edge, words, border = page.evaluate("""() => {
                const of = (place) => getComputedStyle(document.querySelector(place)), tip = of(".mark-tip");
                return [of("body").backgroundColor, of(".mark-band").stroke, tip.color, tip.borderTopColor];
            }""")
            assert ground not in (edge, words, border)


@pytest.mark.parametrize("screen", [WIDE, PHONE], ids=["wide", "phone"])
def test_nothing_moves_where_words_appear(chart, screen, opened):
    name, figure, following = chart
    with opened(name, viewport=screen) as page:
        drawing, tip = page.locator(f"{figure} svg:visible"), page.locator(".mark-tip")
        drawing.focus()
        page.keyboard.press("Escape")
        assert tip.count() == 0
        before = page.evaluate(PLACES)
        page.keyboard.press(following)
        assert tip.is_visible() and page.evaluate(PLACES) == before


def test_without_javascript_a_drawing_is_a_picture(opened):
    name, figure, _ = CHARTS["dots"]
    with opened(name, java_script_enabled=False) as page:
        page.locator(f"{figure} svg:visible").hover()
        assert page.locator(".mark-tip").count() == 0
        assert page.locator(f"{figure} svg:visible").get_attribute("tabindex") is None


# --- of whom shares are taken


def test_shares_can_be_of_those_who_answered_those_asked_and_the_sample():
    study = practitioners.study
    some = replace(study.question("education"), distribution=Distribution({"a": 30, "b": 50}, {"skipped": 20}, 100))
    assert [(one.words, one.bases) for one in denominators(study, [some])] == [
        ("those who answered", {"education": 80}), ("those asked", {"education": 100}),
        ("the whole sample", {"education": 139}),
    ]
    everybody = replace(some, distribution=replace(some.distribution, missing={"skipped": 59}, asked=139))
    assert [one.words for one in denominators(study, [everybody])] == [
        "those who answered", "those asked (the whole sample)"]


def test_where_all_answered_or_rows_do_not_add_up_shares_are_of_one_group():
    study = practitioners.study
    full = replace(study.question("education"), distribution=Distribution({"a": 39, "b": 100}, {}, 139))
    assert [one.words for one in denominators(study, [full])] == ["those who answered"]
    assert len(denominators(interviews.study, [interviews.study.question("attack")])) == 1
    assert not figures.shares(interviews, "attack").table.others


def test_each_group_has_its_own_shares_and_intervals():
    # R 4.2: prop.test(3, 28, correct = FALSE)$conf.int is 0.03711837 to 0.27195852
    (asked,) = figures.shares(interviews, "secures").table.others
    assert asked.rows[0] == ["Yes", "3", "28", "11%", "4% to 27%"]
    # R 4.2: binom.test(68, 139, conf.level = 1 - 0.05 / 6)$conf.int is 0.3758555 to 0.6033536
    (asked,) = figures.bars(practitioners, "exposure").table.others
    assert asked.rows[0] == ["0", "68", "139", "49%", "38% to 60%"]
    # 89 of 130 who answered are 68%; 89 of 139 who were asked are 64%
    table = figures.ordered(practitioners, "threat perception").table
    (asked,) = table.others
    of = [dict(zip([column.title for column in one.columns], one.rows[0], strict=True)) for one in (table, asked)]
    assert [(one["“Moderately relevant” or higher"], one["Base"]) for one in of] == [
        ("89 (68%)", "130"), ("89 (64%)", "139")]
    assert [row[0] for row in asked.rows] == [row[0] for row in table.rows]
    # R 4.2: binom.test(22, 139, conf.level = 1 - 0.05 / 5)$conf.int is 0.0878357 to 0.2530592
    (asked,) = figures.yes(practitioners, "threat exposure").table.others
    assert asked.rows[0] == ["Fooled model", "22", "139", "16%", "9% to 25%"]
    # 57 of 87 who answered are 66%; 57 of 89 who were asked are 64%, and 57 of the sample of 139 are 41%
    table = figures.options(practitioners, "threat perception").table
    of = [dict(zip([column.title for column in one.columns], one.rows[0], strict=True))
          for one in (table, *table.others)]
    assert [(one["Decisions that cannot be relied on"], one["Base"]) for one in of] == [
        ("57 (66%)", "87"), ("57 (64%)", "89"), ("57 (41%)", "139")]


def test_the_data_hold_the_exact_values_of_each_group():
    row = figures.options(practitioners, "threat perception").table.about["data"][0]
    assert (row["count"], row["base"], row["base_asked"], row["base_sample"]) == (57, 87, 89, 139)
    assert (row["share_asked"], row["share_sample"]) == pytest.approx((57 / 89, 57 / 139))
    # R 4.2: binom.test(57, 89, conf.level = 1 - 0.05 / 7)$conf.int, and the same of 139
    assert (row["low_asked"], row["high_asked"]) == pytest.approx((0.49294346125374, 0.771267508408634))
    assert (row["low_sample"], row["high_sample"]) == pytest.approx((0.29941431131048, 0.527567323648576))
    # at least very relevant: 56 of the 139 asked; R 4.2: binom.test(56, 139, conf.level = 1 - 0.05 / 7)$conf.int
    rows = figures.ordered(practitioners, "threat perception").table.about["data"]
    very = next(row for row in rows if (row["question"], row["answer"]) == ("relevance_evasion", "very"))
    assert (very["share_asked"], very["at_least_asked"]) == pytest.approx((41 / 139, 56 / 139))
    assert (very["low_asked"], very["high_asked"]) == pytest.approx((0.292797332249073, 0.520343590792849))
    # where each group has the same shares, they are not repeated
    assert not any("_asked" in name for name in figures.shares(interviews, "attack").table.about["data"][0])


def test_a_table_of_answers_that_stands_alone_has_the_switch_too(browser):
    shown = tables.yes(practitioners, "threat exposure")._repr_mimebundle_()["text/markdown"]
    with browser.new_context() as surroundings:
        page = surroundings.new_page()
        page.set_content(shown.partition("\n")[2].rpartition("```")[0])
        assert page.locator(".report-table table:visible").count() == 2
        for name in ("address.js", "readings.js"):
            page.add_script_tag(path=ROOT / "surveybook" / "theme" / name)
        group = page.get_by_role("group", name="Shares of", exact=True)
        assert page.locator(".report-table table:visible").count() == 1
        group.get_by_label("those asked (the whole sample)").check()
        assert page.locator("table:visible tbody tr").first.inner_text().split("\t") == [
            "Fooled model", "22", "139", "16%", "9% to 25%"]


@pytest.mark.parametrize("name", ["scale", "bars", "dots, simulated"])
def test_a_switch_beside_the_chart_shows_the_shares_of_one_group_at_a_time(name, opened):
    name, figure, following = CHARTS[name]
    with opened(name) as page:
        group = page.locator(figure).get_by_role("group", name="Shares of", exact=True)
        drawing, tip = page.locator(f"{figure} svg:visible"), page.locator(".mark-tip")
        assert group.is_visible() and drawing.count() == 1
        before = drawing.inner_html()
        group.get_by_label("those asked (the whole sample)", exact=True).check()
        assert drawing.count() == 1 and drawing.inner_html() != before
        drawing.focus()
        page.keyboard.press("Home")
        row = page.locator(f"{figure} table").nth(1).locator("tbody tr").first
        assert tip.evaluate(TOLD)[2::2] == row.locator("td").all_text_contents()
        group.get_by_label("those who answered", exact=True).check()
        assert drawing.inner_html() == before and tip.count() == 0
        page.locator(f"{figure} summary").click()
        answered = group.get_by_label("those who answered", exact=True)
        asked = group.get_by_label("those asked (the whole sample)", exact=True)
        tables = page.locator(f"{figure} table")
        first, second = (tables.nth(place).text_content() for place in (0, 1))
        assert answered.is_checked() and [table.is_visible() for table in tables.all()] == [True, False]
        answered.focus()
        page.keyboard.press("ArrowRight")
        assert asked.is_checked() and [table.is_visible() for table in tables.all()] == [False, True]
        title = page.locator(f"{figure} details .reading > p:visible").text_content()
        assert title == "Shares of those asked (the whole sample)"
        answered.click()
        assert [table.is_visible() for table in tables.all()] == [True, False]
        assert [tables.nth(place).text_content() for place in (0, 1)] == [first, second], "a script works nothing out"


def test_without_javascript_and_on_paper_the_tables_stand_below_each_other(opened):
    name, figure, _ = CHARTS["scale"]
    with opened(name, java_script_enabled=False) as page:
        page.locator(f"{figure} summary").click()
        assert [table.is_visible() for table in page.locator(f"{figure} table").all()] == [True, True]
        assert page.locator(f"{figure} details .reading > p").all_text_contents() == [
            "Shares of those who answered", "Shares of those asked (the whole sample)"]
        assert page.locator(f"{figure} svg:visible").count() == 1
        assert page.locator(f"{figure} .drawn > p:visible").all_text_contents() == ["Shares of those who answered"]
    with opened(name) as page:
        page.locator(f"{figure} summary").click()
        page.emulate_media(media="print")
        assert [table.is_visible() for table in page.locator(f"{figure} table").all()] == [True, True]
        assert not page.locator(f"{figure} .reading-choice").is_visible()
