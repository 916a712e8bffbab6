"""A figure of a page as a picture that can leave it: with title, source and licence, in colours of its own."""

from __future__ import annotations

import hashlib
import json
import os
import re
import select
import subprocess
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from importlib.metadata import version
from pathlib import Path
from platform import python_version
from textwrap import wrap
from xml.etree import ElementTree

import oxipng
from selectolax.lexbor import LexborNode

from surveybook.publish.site.engine import VERSION, open_engine
from surveybook.store import Store

SVG, XLINK, XML = "http://www.w3.org/2000/svg", "http://www.w3.org/1999/xlink", "http://www.w3.org/XML/1998/namespace"
PREFIXES = {"xlink": XLINK, "xml": XML}
# A custom property with what it falls back to, the innermost first
PROPERTY = re.compile(r"var\(\s*--[\w-]+\s*(?:,\s*((?:[^()]|\((?:[^()]|\([^()]*\))*\))*))?\)")
NO_XML = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")  # what no XML file can hold

FONT = "Liberation Sans, Arial, Helvetica, sans-serif"  # the first comes with the engine: the same on every machine
INK, MUTED, PAPER = "#1c2530", "#5b6673", "#ffffff"
EFFORT = 8  # of 12 in packing: half the work of the next best way, for files that are a twentieth larger
MAKERS = (f"Python {python_version()}, {VERSION}, oxipng {version('pyoxipng')}, "
          f"{hashlib.sha256(Path(__file__).read_bytes()).hexdigest()}")  # all that makes a picture of a drawing
TOOL = Path(__file__).resolve().parents[3]  # where Python finds this module, if it is not installed
FEW = 8  # pictures that are made before another process would have begun
MARGIN, TITLE, SMALL = 20, 15, 11.5  # px
BOLD_WIDTH, TEXT_WIDTH = 0.56, 0.5  # of a letter, in sizes of the font: rather too wide than cut off

ElementTree.register_namespace("", SVG)
ElementTree.register_namespace("xlink", XLINK)


def picture(drawing: LexborNode, title: str, description: str, notes: Sequence[str]) -> bytes:
    """A drawing of a page as an SVG file: the title above it, the notes below, on white; what it shows, in words."""
    left, top, wide, high = box(drawing)
    titles = lines(title, wide, TITLE * BOLD_WIDTH)
    smalls = [line for note in notes for line in lines(note, wide, SMALL * TEXT_WIDTH)]
    above, leading = len(titles) * TITLE * 1.3 + MARGIN / 2, SMALL * 1.4
    width, height = wide + 2 * MARGIN, above + high + len(smalls) * leading + 2.5 * MARGIN
    root = ElementTree.Element(f"{{{SVG}}}svg", {
        "width": f"{width:g}", "height": f"{height:g}", "viewBox": f"0 0 {width:g} {height:g}", "role": "img",
        "font-family": FONT,
    })
    ElementTree.SubElement(root, f"{{{SVG}}}title").text = legible(title)
    ElementTree.SubElement(root, f"{{{SVG}}}desc").text = legible(description)
    ElementTree.SubElement(root, f"{{{SVG}}}rect", {"width": "100%", "height": "100%", "fill": PAPER})
    write(root, titles, MARGIN, TITLE, {"fill": INK, "font-weight": "bold"}, 1.3)
    shown = ElementTree.SubElement(root, f"{{{SVG}}}g", {
        "transform": f"translate({MARGIN - left:g},{MARGIN + above - top:g})",
    })
    shown.extend(element(child) for child in drawing.iter())
    write(root, smalls, 1.5 * MARGIN + above + high, SMALL, {"fill": MUTED}, 1.4)
    return ElementTree.tostring(root, encoding="utf-8", xml_declaration=True) + b"\n"


def png(svg: bytes) -> bytes:
    """The picture in twice as many pixels as it has units."""
    pixels = open_engine().svg_to_png(svg.decode(), scale=2)
    plain = [oxipng.RowFilter.NoOp]  # what filters gain in photographs they lose in drawings of few colors
    return oxipng.optimize_from_memory(pixels, level=0, filter=plain, deflate=oxipng.Deflaters.libdeflater(EFFORT))


def open_pictures(root: Path) -> Store:
    """What the pictures of the report in `root` are kept in: files of SVG by their drawing and words, of PNG by the
    file of SVG."""
    return Store(root, "pictures", MAKERS)


@contextmanager
def share_work(root: Path, svgs: Sequence[bytes]) -> Iterator[None]:
    """While it lasts, a second process makes the PNG of these too, the last one first, and puts it into the store: who
    makes them from the first one on finds it there. The programs that make them use one processor at a time. It ends
    with this process, however that ends: what it is told by is closed then."""
    missing = [svg.decode() for svg in svgs if not open_pictures(root).has(svg)]
    if len(missing) <= FEW or (os.cpu_count() or 1) < 2:
        yield
        return
    command = [sys.executable, "-m", __spec__.name, str(root)]
    silent = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}  # what goes wrong is told where it is made
    with subprocess.Popen(command, cwd=TOOL, stdin=subprocess.PIPE, **silent) as helper:
        try:
            with suppress(BrokenPipeError):  # a helper that is gone leaves all the work
                helper.stdin.write(json.dumps(missing[::-1]).encode() + b"\n")
                helper.stdin.flush()
            yield
        finally:
            helper.kill()  # all are made


def box(drawing: LexborNode) -> tuple[float, float, float, float]:
    """Left, top, width and height of a drawing."""
    left, top, wide, high = map(float, (drawing.attributes.get("viewBox") or "").split())
    return left, top, wide, high


def element(node: LexborNode) -> ElementTree.Element:
    """A part of a drawing as XML, with the light colour of each custom property."""
    found = ElementTree.Element(f"{{{SVG}}}{node.tag}")
    for name, value in node.attributes.items():
        prefix, colon, local = name.partition(":")
        key = f"{{{PREFIXES[prefix]}}}{local}" if colon and prefix in PREFIXES else name
        found.set(key, FONT if name == "font-family" else light(legible(value or "")))
    last = None
    for child in node.iter(include_text=True):
        if child.tag != "-text":
            last = element(child)
            found.append(last)
        elif last is None:
            found.text = (found.text or "") + legible(child.text_content or "")
        else:
            last.tail = (last.tail or "") + legible(child.text_content or "")
    return found


def light(value: str) -> str:
    """A value with what each custom property falls back to: few programs but browsers know them."""
    while (plain := PROPERTY.sub(lambda found: (found[1] or INK).strip(), value)) != value:
        value = plain
    return value


def lines(words: str, wide: float, letter: float) -> list[str]:
    """Words in lines that are no wider than a drawing."""
    return wrap(legible(words), max(20, int(wide / letter)), break_on_hyphens=False)


def write(root: ElementTree.Element, texts: Sequence[str], top: float, size: float, style: dict[str, str],
          leading: float) -> None:
    """Write lines below each other, the first one just below `top`."""
    for number, words in enumerate(texts):
        place = {"x": f"{MARGIN}", "y": f"{top + size + number * size * leading:g}", "font-size": f"{size:g}px"}
        ElementTree.SubElement(root, f"{{{SVG}}}text", place | style).text = words


def legible(words: str) -> str:
    """Text without the control characters that XML has no place for."""
    return NO_XML.sub("\ufffd", words)


if __name__ == "__main__":
    store = open_pictures(Path(sys.argv[1]))
    for svg in json.loads(sys.stdin.readline()):
        if select.select([sys.stdin], [], [], 0)[0]:  # who asked is gone
            break
        store.get(svg.encode(), lambda svg=svg: png(svg.encode()))
