"""What does a shortcode stand for?  A variable of the book, or what its settings and the page's front matter say."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from html import escape
from typing import Any

from surveybook.render.dates import written_date
from surveybook.render.pieces import PARAGRAPH, Place
from surveybook.render.problems import box, nearest

SHORTCODE = re.compile(
    rf"\{{\{{\{{<(?P<escaped>{PARAGRAPH}*?)>\}}\}}\}}|\{{\{{</\*(?P<commented>{PARAGRAPH}*?)\*/>\}}\}}"
    rf"|\{{\{{<(?P<call>{PARAGRAPH}*?)>\}}\}}|(?<!\\)\{{\{{<"
)
TITLE = "\ue000title\ue000"  # stands for the page's title with its number, which is not known yet
NAMED = {"var": "_variables.yml", "meta": "_quarto.yml or in front matter"}
OTHERS = "include pagebreak kbd env video embed contents brand version placeholder lipsum"  # further ones of Quarto


class Shortcodes:
    """Those of one page: what `variables` the book has, what `meta` says of the page, whom to tell of faults, and the
    environment."""

    def __init__(self, variables: Mapping[str, Any], meta: Mapping[str, Any], refuse: Callable[..., None],
                 environment: Mapping[str, str]):
        self.variables, self.meta, self.refuse, self.environment = variables, meta, refuse, environment

    def value(self, match: re.Match, place: Place, code: bool) -> str:
        """What a match of SHORTCODE is replaced with; in `code` without marks of Markdown."""
        literal = match["escaped"] if match["escaped"] is not None else match["commented"]
        if literal is not None:
            return _shown("{{<" + literal + ">}}", code)
        words = words_of(match["call"] or "")
        name = words[0] if words else ""
        if name == "pagebreak" and not code:
            return '<div class="page-break"></div>'
        if name == "kbd" and not code and len(words) == 2 and "=" not in words[1]:
            return f"`<kbd>{escape(words[1]).replace('`', '&#96;')}</kbd>`{{=html}}"
        if name == "env" and len(words) > 1:
            key, found = words[1], self.environment.get(words[1], words[2] if len(words) > 2 else None)
            if found is None:
                remedy = f"set it, or write {{{{< env {key} VALUE >}}}} with what stands there then"
                self.refuse(place, f"the variable {key} of the environment is not set", remedy)
            return _shown(" ".join((found or "").split("\n")), code)
        if name not in NAMED:
            if code and name not in OTHERS.split():
                return match[0]  # Quarto, too, shows it as it is
            if match["call"] is None:
                self.refuse(place, "a shortcode is never closed", "end it with >}}, or write \\{{< to show it")
            elif name == "include":
                self.refuse(place, "an include stands within a line", "put it on a line of its own")
            else:
                remedy = "use include, var or meta, or write {{{< … >}}} to show it"
                what = f"the shortcode “{name}” of Quarto is not done here" if name in OTHERS.split() \
                    else f"unknown shortcode “{name}”"
                hint = "" if name in OTHERS.split() else nearest(name, [*NAMED, "include", "kbd", "pagebreak"])
                self.refuse(place, what, hint + remedy, True)
                return box(match[0])
            return ""
        values = self.variables if name == "var" else self.meta
        if len(words) != 2:
            self.refuse(place, f"the shortcode {name} takes one name", f"write {{{{< {name} NAME >}}}}")
            return ""
        if name == "meta" and words[1] == "title":
            return TITLE
        value: Any = values
        for key in words[1].split("."):
            known = list(value) if isinstance(value, Mapping) else []
            if isinstance(value, list) and key.isdigit() and 0 < int(key) <= len(value):
                value = value[int(key) - 1]
            elif key in known:
                value = value[key]
            else:
                remedy = f"{nearest(key, known)}define it in {NAMED[name]}, or correct the name"
                self.refuse(place, f"unknown {name} “{words[1]}”", remedy)
                return ""
        if isinstance(value, list) and len(value) == 1:
            value = value[0]
        if isinstance(value, (Mapping, list)) or value is None or "\n\n" in str(value).strip():
            self.refuse(place, f"the {name} “{words[1]}” is no single text", "name one of the values below it")
            return ""
        if name == "meta" and words[1] == "date":
            value = written_date(value) or value
        if code:
            return _plain(value)
        return _data(value) if name == "meta" and words[1] == "book.author" else _markdown(value)

def words_of(text: str) -> list[str]:
    """The words of a shortcode; quotes keep one together."""
    return [double or single or bare for double, single, bare in re.findall(r"\"([^\"]*)\"|'([^']*)'|(\S+)", text)]


def _shown(text: str, code: bool) -> str:
    """A text that is shown as it is."""
    return text if code else re.sub(r"([!-/:-@\[-`{-~])", r"\\\1", text)


def _markdown(value: Any) -> str:
    """A value as the Markdown of one line."""
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    return " ".join(str(value).split("\n")).strip()


def _data(value: Any) -> str:
    """A value as Markdown that shows just it, for names of authors: they are no Markdown, and whoever bears one may not
    write into the page with it."""
    return re.sub(r"[\\`*_{}\[\]<>#|$@^~&:]", lambda sign: f"&#{ord(sign[0])};", _markdown(value))


def _plain(value: Any) -> str:
    """A value inside code: its text without the marks of emphasis and code."""
    return re.sub(r"(\*{1,3}|_{1,3}|`+)(\S(?:.*?\S)?)\1", r"\2", _markdown(value))
