"""A reader verifies the site in the browser: what is as published, what is not, and why a folder cannot be."""

from __future__ import annotations

import hashlib
import json
import shutil
from pathlib import Path

import pytest
from server import served

LIST = "manifest.json"


@pytest.fixture
def copy(small, tmp_path) -> Path:
    return shutil.copytree(small, tmp_path / "copy")


def listed(site: Path) -> dict:
    return json.loads((site / LIST).read_text("utf-8"))["files"]


def verified(browser, address: str) -> tuple[str, list[str]]:
    """What the page says in the end, and of which files."""
    with browser.new_context() as context:
        page = context.new_page()
        page.goto(f"{address}/verify.html", wait_until="load")
        page.locator(".verify-start").click()
        page.locator(".verify-told", has_text="published").or_(
            page.locator(".verify-told", has_text="nothing can be verified")).wait_for()
        return page.locator(".verify-told").text_content(), page.locator(".verify-found li").all_text_contents()


def test_every_file_of_a_sound_copy_is_as_published(browser, copy):
    empty = {"bytes": 0, "sha256": hashlib.sha256().hexdigest()}
    files = listed(copy) | {"a #?%41 ü.txt": empty, ".hidden": empty}
    (copy / LIST).write_text(json.dumps({"files": files}), "utf-8")
    (copy / "a #?%41 ü.txt").write_text("")
    with served(copy) as address:
        told, found = verified(browser, address)
    number = len(files)
    assert found == [] and number > 50
    assert told.startswith(f"{number} of {number} files are as published; the list itself has the hash ")


def test_each_file_that_is_not_as_published_is_named_as_text(browser, copy):
    (copy / "index.md").write_text("Another", "utf-8")
    (copy / "results.json").unlink()
    files = listed(copy) | {"<img src=x onerror=alert(1)>": {"bytes": 1, "sha256": "0"}}
    (copy / LIST).write_text(json.dumps({"files": files}), "utf-8")
    with served(copy) as address:
        told, found = verified(browser, address)
    assert sorted(found) == ["<img src=x onerror=alert(1)> cannot be had", "index.md is not as published",
                             "results.json cannot be had"]
    assert told.startswith(f"{len(files) - 3} of {len(files)} files are as published")


def test_a_list_that_cannot_be_read_is_said(browser, copy):
    (copy / LIST).write_text("{", "utf-8")
    with served(copy) as address:
        assert verified(browser, address) == (
            "The list of files cannot be had or read, so that nothing can be verified.", [])


def test_from_a_folder_it_says_why_not(browser, small):
    with browser.new_context() as context:
        page = context.new_page()
        page.goto(f"{small.as_uri()}/verify.html", wait_until="load")
        assert "opened from a folder" in page.locator(".verify-told").text_content()
        assert page.locator(".verify-start").is_disabled()
