"""A page that comes in pieces, as over a slow connection: what is painted of it stays where it is."""

from __future__ import annotations

import time

import pytest
from project import PHONE, WIDE
from server import Plain, served
from visits import KINDS, MOVED, STEADY

PIECES = 25
PAUSE = 0.04  # s: a browser paints in between, or else the test proves less, but fails for nothing


class InPieces(Plain):
    def copyfile(self, source, outputfile) -> None:
        content = source.read()
        if not self.path.endswith(".html"):
            outputfile.write(content)
            return
        size = len(content) // PIECES + 1
        for at in range(0, len(content), size):
            outputfile.write(content[at:at + size])
            outputfile.flush()
            time.sleep(PAUSE)


@pytest.fixture(scope="module")
def slow(site):
    with served(site, InPieces) as address:
        yield address


@pytest.mark.parametrize("viewport", [WIDE, PHONE], ids=["wide", "phone"])
@pytest.mark.parametrize("name", KINDS)
def test_nothing_moves_while_a_page_comes_in_pieces(name, viewport, slow, browser):
    with browser.new_context(viewport=viewport) as context:
        page = context.new_page()
        page.goto(f"{slow}/{name}", wait_until="load")
        assert page.evaluate(MOVED) < STEADY
