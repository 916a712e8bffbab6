"""What did the builder make of each page?  Quarto can render one chapter, and then leaves the finished others in place.

So each page as rendered is kept in the store under its hash, and a finished page carries the hash of what it was made
from.
"""

from __future__ import annotations

import hashlib
import re
from pathlib import Path

from surveybook.errors import Refusal
from surveybook.publish.site.page import MADE
from surveybook.store import Store

OURS = re.compile(rf'<html[^>]* {MADE}=')
FINISHED = re.compile(r'<html[^>]* data-rendered="([0-9a-f]{64})"')


class Lost(Refusal):
    """A finished page whose rendered form is gone: one sentence with the remedy."""


def rendered(root: Path, names: list[str], site: Path) -> dict[str, str]:
    """The text of each page as rendered, by name. Pages that no builder made are left out."""
    store, texts = Store(root, "rendered", ""), {}
    for name in names:
        text = (site / name).read_text(encoding="utf-8")
        if OURS.search(text[:1000]):
            continue

        def gone(name: str = name) -> bytes:
            raise Lost(f"{name}: it is finished, and what it was made from is gone; render the whole book")

        if found := FINISHED.search(text[:1000]):
            texts[name] = store.get(found[1], gone).decode()
        else:
            texts[name] = store.get(digest(text), text.encode).decode()
    store.forget_the_rest()
    return texts


def digest(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()
