"""Which text can stand in a page?  HTML that a reader comes to the end of, as the time that parsers take grows with the
square of its depth, and data that cannot end the script element that they are in."""

from __future__ import annotations

import json
import re
from typing import Any

DEEPEST = 512  # elements in each other; Chromium nests no deeper
MOST_LETTERS = 100_000_000
TAG = re.compile(r"<(/?)([a-zA-Z][^\s/>]*)([^<>]*)")
# What has no end
ALONE = frozenset(["area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "param", "source",
                   "track", "wbr"])
# What ends an element that is open, where its own end may be left out (HTML, 13.1.2.4)
ENDS = {
    "p": frozenset(["p", "li", "dt", "dd", "td", "th", "tr", "ul", "ol", "dl", "div", "table", "blockquote", "pre",
                    "section", "h1", "h2", "h3", "h4", "h5", "h6"]),
    "li": frozenset(["li"]), "option": frozenset(["option"]),
    **dict.fromkeys(("dt", "dd"), frozenset(["dt", "dd"])),
    **dict.fromkeys(("td", "th"), frozenset(["td", "th", "tr", "tbody", "tfoot"])),
    "tr": frozenset(["tr", "tbody", "tfoot"]), **dict.fromkeys(("thead", "tbody"), frozenset(["tbody", "tfoot"])),
}
DRAWN = ("svg", "math")  # in them `/>` ends an element


def limit_passed(text: str) -> tuple[str, str] | None:
    """What of a page is more than any reader should be given, and what to do; None where nothing is.

    As in browsers, an end tag without a beginning is passed over, and one of an outer element ends those in it.
    """
    if len(text) > MOST_LETTERS:
        return f"the page has more than {MOST_LETTERS:,} characters", "split it"
    opened: list[str] = []
    for found in TAG.finditer(text):
        end, name, rest = found.groups()
        name = name.lower()
        if end:
            while name in opened and opened.pop() != name:
                pass
        elif name not in ALONE and not (rest.endswith("/") and any(one in opened for one in DRAWN)):
            while opened and name in ENDS.get(opened[-1], ()):
                opened.pop()
            opened.append(name)
            if len(opened) > DEEPEST:
                line = text.count("\n", 0, found.start()) + 1
                return (f"the page has more than {DEEPEST} elements in each other, at <{name[:20]}> in line {line} of "
                        "its HTML", "nest fewer, or close them")
    return None


def script_text(value: Any, **how: Any) -> str:
    """Plain data as JSON that can stand in a script element: no character of it can end that."""
    return json.dumps(value, ensure_ascii=False, **how).replace("<", "\\u003c")
