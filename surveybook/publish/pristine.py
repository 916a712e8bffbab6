"""What did the builder make of each page?  Quarto can render one chapter, and then leaves the finished others in place.

So a copy of each page as rendered is kept under its hash, and a finished page carries the hash of the copy that it was
made from. Only for Quarto: the bundled renderer always makes the whole site.
"""

from __future__ import annotations

import hashlib
import re
from pathlib import Path

from surveybook.publish.site.edition import Refused
from surveybook.publish.site.page import MADE

KEPT = Path(".cache", "rendered")
OURS = re.compile(rf'<html[^>]* {MADE}=')
FINISHED = re.compile(r'<html[^>]* data-rendered="([0-9a-f]{64})"')


class Lost(Refused):
    """A finished page whose rendered form is gone: one sentence with the remedy."""


def rendered(root: Path, names: list[str], site: Path) -> dict[str, str]:
    """The text of each page as rendered, by name. Pages that no builder made are left out."""
    folder = root / KEPT
    folder.mkdir(parents=True, exist_ok=True)
    texts, used = {}, set()
    for name in names:
        text = (site / name).read_text(encoding="utf-8")
        if OURS.search(text[:1000]):
            continue
        if found := FINISHED.search(text[:1000]):
            copy = folder / f"{found[1]}.html"
            if not copy.is_file():
                raise Lost(f"{name}: it is finished, and what it was made from is gone; render the whole book")
            text = copy.read_text(encoding="utf-8")
        copy = folder / f"{digest(text)}.html"
        copy.write_text(text, encoding="utf-8")
        used.add(copy)
        texts[name] = text
    for copy in set(folder.iterdir()) - used:
        copy.unlink()
    return texts


def digest(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()
