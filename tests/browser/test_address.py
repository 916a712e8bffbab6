"""What a reader chose stands in the address: whoever is sent it sees the same rows, shares, survey or search."""

from __future__ import annotations

import re
from urllib.parse import parse_qs, urlsplit

import pytest
from playwright.sync_api import expect

WAYS = ("http", "file")
ROWS = "() => document.querySelectorAll('tbody tr:not([hidden])').length"


def query(page) -> dict[str, str]:
    """What the address says, but for where it leads."""
    return {name: value for name, (value,) in parse_qs(urlsplit(address_of(page)).query).items()}


def address_of(page) -> str:
    """The address as the page has it, which others are told a little later."""
    return page.evaluate("location.href")


@pytest.mark.parametrize("way", WAYS)
def test_the_rows_and_the_order_of_a_table_stand_in_the_address(way, opened):
    with opened("chapters/attack-index.html", way) as page:
        loads = "() => performance.getEntriesByType('navigation')[0].startTime + performance.timeOrigin"
        before, began = page.evaluate(ROWS), page.evaluate(loads)
        page.get_by_label(re.compile("^Seen")).select_option("in an incident")
        page.get_by_label("Find a row").fill("model")
        page.get_by_label("Find a row").blur()
        page.locator("#tbl-attack-index thead button").nth(1).click()
        shown, address = page.locator("tbody tr:visible").all_text_contents(), address_of(page)
        assert 0 < page.evaluate(ROWS) < before
        assert query(page) == {"tbl-attack-index.seen": "in an incident", "tbl-attack-index.find": "model",
                               "tbl-attack-index.sort": "1 ascending"}
        assert urlsplit(address).fragment == "tbl-attack-index" and page.evaluate(loads) == began  # nothing was loaded
        page.goto("about:blank")
        page.goto(address)
        assert page.locator("tbody tr:visible").all_text_contents() == shown
        assert page.locator("[aria-sort=ascending]").count() == 1
        page.get_by_label(re.compile("^Seen")).select_option("all")
        page.get_by_label("Find a row").fill("")
        page.get_by_label("Find a row").blur()
        for _ in range(2):
            page.locator("#tbl-attack-index thead button").nth(1).click()
        assert query(page) == {} and page.evaluate(ROWS) == before
        assert page.said == []


def test_of_whom_shares_are_taken_stands_in_the_address(opened):
    with opened("chapters/relevance.html") as page:
        page.locator("#fig-relevance .reading-choice input").nth(1).check()
        chosen = page.locator("#fig-relevance .reading:not([hidden])").first.get_attribute("data-of")
        address = address_of(page)
        assert query(page) == {"fig-relevance.of": chosen}
        page.goto("about:blank")
        page.goto(address)
        assert page.locator("#fig-relevance .reading:not([hidden])").first.get_attribute("data-of") == chosen
        assert page.locator("#fig-relevance .reading-choice input").nth(1).is_checked()
        page.locator("#fig-relevance .reading-choice input").nth(0).check()
        assert query(page) == {}


def test_the_survey_of_an_instrument_stands_in_the_address(opened):
    with opened("chapters/design.html") as page:
        figure = page.locator("#fig-power")
        usual = figure.locator(".report-choices").inner_text()
        figure.get_by_label("Claim").select_option(index=5)
        figure.get_by_label("True size").focus()
        page.keyboard.press("End")
        figure.get_by_label("or any number").fill("60")
        figure.get_by_label("or any number").blur()
        said, address = figure.locator(".report-choices").inner_text(), address_of(page)
        assert set(query(page)) == {"fig-power.claim", "fig-power.size", "fig-power.n"} and said != usual
        page.goto("about:blank")
        page.goto(address)
        assert figure.locator(".report-choices").inner_text() == said
        assert figure.get_by_label("or any number").input_value() == "60"


def test_a_long_table_is_folded_until_an_address_asks_for_some_of_its_rows(opened):
    with opened("chapters/design.html") as page:
        assert not page.locator("#tbl-power table").is_visible()
        page.locator("#tbl-power summary").click()
        page.locator("#tbl-power").get_by_label(re.compile("^Answers")).select_option(index=1)
        left, address = page.locator("#tbl-power tbody tr:visible").count(), address_of(page)
        page.goto("about:blank")
        page.goto(address)
        assert 0 < page.locator("#tbl-power tbody tr:visible").count() == left < 100
        page.emulate_media(media="print")
        assert page.locator("#tbl-power table").is_visible()


@pytest.mark.parametrize("asked", [
    "chapters/attack-index.html?tbl-attack-index.seen=nowhere&tbl-attack-index.sort=99",
    "chapters/relevance.html?fig-relevance.of=%3Cb%3E",
    "chapters/design.html?fig-power.claim=none&fig-power.size=999&fig-power.n=-4",
])
def test_an_address_that_names_what_is_not_there_shows_the_page_as_it_is(asked, opened):
    look = "() => [document.querySelectorAll('tbody tr:not([hidden])').length, " \
           "document.querySelector('.report-choices')?.textContent.length > 99, " \
           "document.querySelector('.reading:not([hidden])')?.dataset.of, " \
           "[...document.querySelectorAll('.table-tools select')].map((one) => one.selectedIndex)]"
    with opened(asked.partition("?")[0]) as page:
        usual = page.evaluate(look)
    with opened(asked) as page:
        assert page.evaluate(look) == usual and page.said == []


def test_an_address_that_is_sent_opens_a_search_and_who_comes_back_finds_it_again(opened):
    with opened("chapters/limits.html?q=poisoning") as page:
        first = page.locator(".report-search-results a").first
        first.wait_for()
        assert page.locator("#report-search").input_value() == "poisoning"
    with opened("chapters/limits.html") as page:
        page.locator("#report-search").fill("backdoor")
        first.wait_for()
        page.keyboard.press("Enter")
        page.wait_for_url("**#sec-term-backdoor")
        page.go_back()
        first.wait_for()
        expect(page.locator("#report-search")).to_have_value("backdoor")
        assert query(page) == {"q": "backdoor"}


def test_a_citation_is_unfolded_by_the_address_that_leads_to_it_and_on_paper(opened):
    with opened("cite.html") as page:
        assert page.locator("details.citations[open]").count() == 0
        assert page.evaluate("document.documentElement.scrollHeight") < 8000
    with opened("cite.html#cite-fig-size") as page:
        expect(page.locator("details.citations[open]")).to_have_count(1)
        expect(page.locator("#cite-fig-size h3")).to_be_visible()
        page.evaluate("location.hash = 'cite-sec-term-poisoning'")
        page.locator("#cite-sec-term-poisoning h3").wait_for(state="visible")
        page.emulate_media(media="print")
        assert page.evaluate("[...document.querySelectorAll('.citation-entry > h3')]"
                             ".every((one) => one.checkVisibility())")
