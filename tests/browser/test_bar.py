"""The bar that stays in sight, the one list of chapters and sections, and what each printed sheet says of itself."""

from __future__ import annotations

from io import BytesIO

from playwright.sync_api import expect
from project import PHONE, WIDE
from pypdf import PdfReader

LATE, LONG, WIDE_TABLES = "chapters/rebuild.html", "chapters/ledger.html", "chapters/relevance.html"
SHEET = 673  # px: the width of a sheet of A4 between its margins
# Whether each of these is inside the window and can be touched
SEEN = """(names) => names.map((name) => {
    const { top, bottom, height, width } = document.querySelector(name).getBoundingClientRect();
    return top >= 0 && bottom <= innerHeight && Math.min(height, width) > 0;
})"""


def test_search_and_the_switch_stay_in_sight_on_a_late_chapter(opened):
    with opened(LATE, viewport={"width": 1300, "height": 800}) as page:
        page.evaluate("scrollTo(0, document.body.scrollHeight / 2)")
        assert page.evaluate(SEEN, ["#report-search", ".report-mode", "#quarto-sidebar a.active"]) == [True] * 3


def test_on_a_phone_one_bar_has_all_and_each_part_of_it_can_be_touched(opened):
    with opened(LONG, viewport=PHONE) as page:
        page.evaluate("scrollTo(0, 3000)")
        tools = ["#report-search", ".report-mode", ".report-menu", ".report-top a"]
        assert page.evaluate(SEEN, tools) == [True] * len(tools)
        assert [page.locator(tool).bounding_box()["height"] >= 44 for tool in tools] == [True] * len(tools)
        assert page.locator(".report-bar").bounding_box()["height"] < 60


def test_the_menu_opens_without_scripts_and_holds_chapters_and_sections(opened):
    with opened(LATE, viewport=PHONE, java_script_enabled=False) as page:
        assert not page.locator("#quarto-sidebar").is_visible()
        page.locator(".report-menu").click()
        expect(page.locator("#quarto-sidebar a.active")).to_be_visible()
        expect(page.locator("#TOC a").first).to_be_visible()


def test_the_menu_closes_when_it_led_to_a_section(opened):
    with opened(LATE, viewport=PHONE) as page:
        page.locator(".report-menu").click()
        page.locator("#TOC a").last.click()
        expect(page.locator("#quarto-sidebar")).to_be_hidden()
        page.wait_for_url("**#*")


def test_few_keys_lead_to_the_text(opened):
    with opened(LATE, viewport=WIDE) as page:
        reached = []
        while not reached or not reached[-1]:
            page.keyboard.press("Tab")
            reached.append(page.evaluate("document.querySelector('main').contains(document.activeElement)"))
        assert len(reached) < 36, "parts that this page is not in are folded"


def test_every_page_has_one_first_heading(opened):
    for name in ("index.html", LATE):
        with opened(name) as page:
            assert page.locator("h1").count() == 1


def test_a_wide_table_takes_the_room_beside_the_text(opened):
    with opened("chapters/synthesis.html", viewport={"width": 1600, "height": 900}) as page:
        table, text = page.locator(".table-scroll:visible").first, page.locator("main > section p").first
        assert table.bounding_box()["width"] > text.bounding_box()["width"] + 100
        assert page.evaluate("document.documentElement.scrollWidth") <= 1600


def test_no_table_makes_a_printed_chapter_smaller(opened):
    with opened(WIDE_TABLES, viewport={"width": SHEET, "height": 900}) as page:
        page.emulate_media(media="print")
        assert page.evaluate("document.documentElement.scrollWidth") <= SHEET
        assert page.locator("th", has_text="Question as asked").last.bounding_box()["x"] < SHEET - 60


def test_every_printed_sheet_names_report_chapter_date_and_address(opened):
    with opened(WIDE_TABLES) as page:
        title = page.locator("h1 .chapter-title").inner_text()
        sheets = [sheet.extract_text() for sheet in PdfReader(BytesIO(page.pdf(format="A4"))).pages]
    assert len(sheets) > 3
    for number, sheet in enumerate(sheets, 1):
        words = " ".join(sheet.split())
        for said in ("The Security of Machine Learning in Industry", title, "Version ", WIDE_TABLES, f"{number} / "):
            assert said in words, (number, said)
