"""A figure as a page of its own, `fig-x.embed.html`, for other sites to show in a frame.

It holds what the figure's own page does: the same drawings, the caption, whose data they show, and what evidence that
is. It asks for two style sheets of the site and nothing else, runs nothing, and follows the colours of the system.
"""

from __future__ import annotations

import posixpath
from collections.abc import Mapping
from html import escape
from typing import Any

from selectolax.lexbor import LexborHTMLParser, LexborNode

from surveybook.publish.downloads.pictures import box, lines
from surveybook.publish.pages.policy import move_styles, write_policy
from surveybook.publish.pages.theme import STYLE, THEME
from surveybook.publish.site.page import EMBED, MADE, Float, Page, drawings, relative_path

SHEET = "theme/embed.css"
EVIDENCE = {"simulated": "Simulated data", "recomputed": "Recomputed from published numbers",
            "published": "Published numbers", "judged": "Judgement of its authors"}
# px: the narrowest frame that is thought of, that from which on it shows the wide drawing (theme/embed.css), and the
# widest drawing; what stands beside a drawing, a letter and a line
NARROW, BREAK, WIDE, PADDING, LETTER, LEADING = 320, 560, 680, 32, 8.5, 23
PAGE = """<!DOCTYPE html>
<html lang="{language}" {made}="" class="embed">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="robots" content="noindex">
<title>{title}</title>
<link rel="stylesheet" href="{style}">
<link rel="stylesheet" href="{sheet}">
</head>
<body><figure>
<p class="embed-evidence" data-evidence="{kind}">{evidence}</p>
<figcaption>{title}</figcaption>
<div class="report-figure{mark}">{drawings}{told}</div>
<p class="embed-source">{source}<a href="{place}" target="_blank" rel="noopener">{number} of {report}</a></p>
</figure></body>
</html>
"""


def evidence(about: Mapping[str, Any]) -> str:
    """What a figure shows: numbers drawn from a model, computed by the report, or as printed; or a judgement."""
    if about.get("label") or about.get("simulated"):
        return "simulated"
    if about.get("evidence") in EVIDENCE:
        return about["evidence"]
    computed = {"share", "low", "high", "p", "method", "effect"}
    return "recomputed" if any(computed & row.keys() for row in about["data"]) else "published"


def embed(page: Page, figure: Float, number: str, caption: str, report: str) -> bytes:
    """The page of a figure that stands on `page`: `caption` in all its words, `report` as it is called."""
    folder, about, kind = posixpath.dirname(page.name), figure.about, evidence(figure.about)
    told = figure.frame.css_first(".told")
    source = str(about.get("credit") or about.get("source") or "").removesuffix(".")
    tree = LexborHTMLParser(PAGE.format(
        language=escape(page.language), made=MADE, title=escape(f"{number}: {caption}"), kind=kind,
        style=relative_path(STYLE, folder), sheet=relative_path(SHEET, folder), evidence=EVIDENCE[kind],
        mark=" simulated" if kind == "simulated" else "",
        drawings="".join(svg.html or "" for svg in drawings(figure.frame)),
        told=told.html if told is not None else "", source=f"Data: {escape(source)}. " if source else "",
        place=f"{posixpath.basename(page.name)}#{figure.label}", number=escape(number), report=escape(report)))
    made = Page(f"{figure.label}{EMBED}", tree)
    move_styles(made)
    write_policy(made)
    return (tree.html or "").encode() + b"\n"


def heights(frame: LexborNode, caption: str, source: str) -> tuple[int, int]:
    """How high (px) a frame must be so that nothing in it scrolls: one of BREAK px and more, and a narrower one."""
    def at(width: float, drawing: LexborNode) -> float:
        _, _, wide, high = box(drawing)
        words = len(lines(caption, width, LETTER)) + len(lines(source, width, LETTER)) + 3
        return high * min(1, width / wide) + words * LEADING + 3 * PADDING

    wide, narrow = drawings(frame)[0], drawings(frame)[-1]
    return round(max(at(WIDE, wide), at(BREAK - PADDING, wide))), round(at(NARROW - PADDING, narrow))


def stylesheet() -> bytes:
    """What an embedded figure looks like beyond its colours."""
    return (THEME / "embed.css").read_bytes()
