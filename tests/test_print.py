"""A chapter on paper: printed by Chromium, read back with pdftotext."""

from __future__ import annotations

import os
import re
import shutil
import subprocess

import pytest

CHAPTER, TABLES = "chapters/attacks.html", "chapters/ledger.html"
NO_READER = "there is no pdftotext on this machine; get it with: apt-get install poppler-utils"


@pytest.fixture
def printed(opened, tmp_path):
    """printed(page): the texts of its sheets, as printed by somebody who reads in the dark."""
    if shutil.which("pdftotext") is None:
        (pytest.fail if os.environ.get("CI") == "true" else pytest.skip)(NO_READER)

    def sheets(name: str, size: str = "A4", change: str = "") -> list[str]:
        with opened(name, color_scheme="dark") as page:
            if change:
                page.evaluate(change)
            page.pdf(path=tmp_path / "page.pdf", format=size)
        command = ["pdftotext", "-layout", tmp_path / "page.pdf", "-"]
        ended = subprocess.run(command, capture_output=True, text=True, check=True)
        return ended.stdout.rstrip("\f").split("\f")

    return sheets


@pytest.mark.parametrize("size", ["A4", "Letter"])
def test_a_sheet_holds_the_text_and_its_number_but_no_navigation(size, printed):
    sheets = printed(CHAPTER, size)
    assert len(sheets) >= 2
    for number, sheet in enumerate(sheets, 1):
        assert re.search(rf"\s{number} ?/ ?{len(sheets)}$", sheet.strip())
    text = "\n".join(sheets)
    assert "Which attack they fear most" in text
    for tool in ("Search the report", "Skip to the text", "Table of contents", "Who was interviewed", "Dark\n"):
        assert tool not in text


def test_folded_parts_are_open(printed, opened):
    with opened(CHAPTER) as page:
        folded = page.locator("details").first
        assert not folded.evaluate("(folded) => folded.open")
        cells = folded.locator("tbody tr").first.locator("th, td").all_text_contents()
    assert re.search(r"\s+".join(map(re.escape, cells)), "\n".join(printed(CHAPTER)))


def test_a_link_to_another_site_is_followed_by_its_address(printed):
    link = '<a href="https://example.org/paper">a paper</a>'
    add = f"document.querySelector('main p').insertAdjacentHTML('beforeend', ' {link}')"
    assert "a paper (https://example.org/paper)" in " ".join("\n".join(printed(CHAPTER, change=add)).split())


def test_a_caption_its_drawing_and_its_note_are_on_one_sheet(printed):
    first = next(sheet for sheet in printed(CHAPTER) if "Figure 3.1:" in sheet.replace("\xa0", " "))
    for words in ("Poisoning", "Exploiting software dependencies", "100%", "Source: Kumar and others"):
        assert words in first


def test_no_heading_stands_alone_at_the_end_of_a_sheet(printed):
    """Wherever the text is cut: lines before the first heading move all others down the sheets."""
    for lines in range(0, 24, 3):
        add = f"document.querySelector('main p').insertAdjacentHTML('beforeend', '<br>·'.repeat({lines}))"
        for sheet in printed(TABLES, change=add):
            last = [line for line in sheet.splitlines() if line.strip()][-2]
            assert not re.match(r"\s*\d+\.\d+ ", last), last


def test_the_head_of_a_table_is_repeated_on_each_of_its_sheets(printed):
    longer = """{
        const body = document.querySelector('#tbl-claims tbody');
        [...body.rows].forEach((row) => body.append(row.cloneNode(true)));
    }"""
    sheets = [sheet for sheet in printed(TABLES, change=longer) if re.search(r"[✓✗] ?(agrees|does not agree)", sheet)]
    assert len(sheets) >= 2
    assert all("Recomputed" in sheet for sheet in sheets)
