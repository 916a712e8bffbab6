"""What stands on every printed sheet of a page?  The report, the chapter, the date and the address, and its number.

A sheet is taken out of its pile and copied: it must say by itself what it is part of. CSS has no names for parts of a
page that every browser knows, so that each page has the rule for its own sheets; where the whole report is printed,
each of its chapters has one.
"""

from __future__ import annotations

from surveybook.publish.site.edition import Edition, Trait, step
from surveybook.publish.site.page import Page, element
from surveybook.publish.site.parts import line
from surveybook.publish.site.report import Report

CLASS = "running-heads"


@step(needs=[Trait.FRAMES], adds=[Trait.STYLES])
def add_running_heads(edition: Edition) -> None:
    """Give each page the rule for its sheets."""
    for page in edition.pages.values():
        rule = running_heads(page, edition.report, edition.report.address(page.name) if edition.report else "")
        page.tree.head.insert_child(element(f'<style class="{CLASS}">{rule}</style>'))


def running_heads(page: Page, report: Report | None, address: str, sheets: str = "") -> str:
    """The rule for the sheets of a page, or for those that are called `sheets`: report, chapter, date and address."""
    heading = page.content.css_first("h1")
    chapter = line(heading.text()) if heading is not None else page.title
    if report is None:
        return f"@page {sheets} {{ @top-left {{ content: {quoted(chapter)}; }} }}\n"
    foot = " · ".join(filter(None, (f"Version {report.version}", f"{report.date:%Y-%m-%d}", address)))
    return (f"@page {sheets} {{ @top-left {{ content: {quoted(report.title)}; }} "
            f"@top-right {{ content: {quoted(chapter)}; }} @bottom-left {{ content: {quoted(foot)}; }} }}\n")


def quoted(text: str) -> str:
    """The text as a string of CSS, which can end neither the string nor the element that it stands in."""
    return '"' + "".join(f"\\{ord(one):x} " if one in '"\\<&>' else one for one in text) + '"'
