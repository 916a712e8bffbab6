"""What is folded on a long page: closed at first, opened by an address, with and without scripts, and open on paper."""

from __future__ import annotations

import re

import pytest

PAGE = "chapters/gaps-today.html"
GAP, TABLE = "sec-gap-forensics", "tbl-gap-forensics"
WORDS = "To do this quarter:"


def words(page, gap: str = GAP):
    return page.locator(f"#{gap}").get_by_text(WORDS)


def test_a_long_page_is_folded_below_what_each_section_finds(opened):
    with opened(PAGE) as page:
        folds = page.locator("main .fold")
        assert folds.count() > 30 and page.locator("main .fold[open]").count() == 0
        section = page.locator(f"#{GAP}")
        assert section.get_by_text(re.compile("Our judgement: ")).is_visible() and not words(page).is_visible()
        section.locator(".fold > summary").first.click()
        words(page).wait_for()


@pytest.mark.parametrize("place, next_gap", [(GAP, "sec-gap-detection"), (TABLE, "sec-gap-red-teaming")])
def test_an_address_opens_what_it_leads_to(place, next_gap, opened):
    with opened(f"{PAGE}#{place}") as page:
        page.locator(f"#{TABLE} table").wait_for()
        page.goto(page.url.partition("#")[0] + f"#{next_gap}")  # on the same page
        words(page, next_gap).wait_for()


@pytest.mark.parametrize("place", [GAP, TABLE])
def test_an_address_opens_it_without_scripts_too(place, opened):
    with opened(f"{PAGE}#{place}", java_script_enabled=False) as page:
        page.locator(f"#{TABLE} table").wait_for()


def test_on_paper_all_of_it_is_there(opened):
    with opened(PAGE) as page:
        page.emulate_media(media="print")
        words(page).wait_for()
        page.locator(f"#{TABLE} table").wait_for()
        page.emulate_media(media="screen")
        words(page).wait_for(state="hidden")


@pytest.mark.parametrize("place", ["tbl-feared-mapping", "sec-feared-mapping"])
@pytest.mark.parametrize("scripts", [True, False])
def test_an_address_opens_a_folded_table(place, scripts, opened):
    with opened("chapters/feared.html", java_script_enabled=scripts) as page:
        table = page.locator("#tbl-feared-mapping table")
        assert not table.is_visible()
        page.goto(f"{page.url}#{place}")
        table.wait_for()
