"""A page as one reader finds it: opened once, looked at in every way that one load allows.

    def test_x(phone):                  # of tests/browser/conftest.py: one visit a page, shared by all tests of it
        assert phone.overflow <= 360

What is asked of every page is collected by one visit and read by many tests, so that a failure names the page and the
rule, and a page is not loaded once a rule.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

import pytest
from axe_playwright_python.base import AXE_SCRIPT
from project import FRAME, PAGES, PHONE, WIDE

OPEN_ALL = "document.querySelectorAll('details').forEach((folded) => { folded.open = true; })"
BACKGROUND = "getComputedStyle(document.body).backgroundColor"
WIDTH = "document.documentElement.scrollWidth"
# A page of each kind: text, dots with intervals, stacked bars and steps of color, a forest of estimates with a long
# table, curves, a picture of gaps, words
CHART = "chapters/attacks.html"
KINDS = ["index.html", CHART, "chapters/relevance.html", "chapters/hypotheses.html", "chapters/design.html",
         "chapters/gaps.html", "chapters/glossary.html"]
# Pages that one function makes of the same data as another one, which stands for them but before a release
SIBLINGS = [page for page in PAGES if re.fullmatch(
    r"chapters/(attack-(?!index|poisoning).*|passports-(?!exposure).*|reporting-(?!survey).*)\.html", page)]
OTHERS = [page for page in PAGES if page not in KINDS]
LONGEST = "chapters/ledger.html"  # whose keys are all pressed
KEYS = 8  # of the other pages
# The layout shift that a reader may see while a page comes: half of what is called good (web.dev/articles/cls). It is
# not nothing, as columns find their width and words their line while a page is painted in parts
STEADY = 0.05

TITLE = """() => {
    const title = document.querySelector("h1"), { width, height } = title.getBoundingClientRect();
    return title.checkVisibility({ visibilityProperty: true }) && width > 0 && height > 0;
}"""
# What is found while all folds of the text are open for a moment, in which nothing is painted
UNFOLDED = """(look) => {
    const folds = [...document.querySelectorAll(".fold:not([open])")];
    const turn = (open) => folds.forEach((fold) => { fold.open = open; });
    turn(true);
    const found = look();
    turn(false);
    return found;
}"""
# The labels of the figures whose picture takes up room on the screen
FIGURES = f"({UNFOLDED})" + """(() => [...document.querySelectorAll("main [id^='fig-']:has(figcaption)")]
    .filter((figure) => [...figure.querySelectorAll("svg, img")].some((picture) => {
        const { width, height } = picture.getBoundingClientRect();
        return picture.checkVisibility() && Math.min(width, height) >= 40;
    })).map((figure) => figure.id))"""
# How far things moved while the page was loaded, which the browser has noted; it is asked when it has nothing left to
# do, so that what a script begins late has begun
MOVED = """() => new Promise((done) => {
    let sum = 0;
    const add = (entries) => entries.forEach((shift) => { sum += shift.value; });
    const observer = new PerformanceObserver((list) => add(list.getEntries()));
    observer.observe({ type: "layout-shift", buffered: true });
    requestAnimationFrame(() => requestIdleCallback(() => { add(observer.takeRecords()); done(sum); }));
})"""
# The name of each row of a figure's table and its cells with their titles, but for the words of a question
ROWS = """figure => [...figure.querySelector("details table").tBodies[0].rows].map(row => [row.cells[0].textContent,
    ...[...row.querySelectorAll("td")].filter(cell => !cell.querySelector(".asked"))
        .flatMap(cell => [cell.dataset.column, cell.textContent])])"""
# Every row that the arrow keys lead to in a drawing, from the first one on
WALKED = """(svg) => {
    const tip = () => { const shown = svg.parentNode.querySelector(".mark-tip");
        return [shown.querySelector("p"), ...shown.querySelectorAll("dt, dd")].map(node => node.textContent); };
    const press = (key) => svg.dispatchEvent(new KeyboardEvent("keydown", { key }));
    press("Home");
    const told = [tip()], band = svg.querySelector(".mark-band"), at = () => band.outerHTML;
    for (let before = ""; before !== at();) {
        before = at();
        press("ArrowRight");
        if (before !== at()) told.push(tip());
    }
    press("Escape");
    return told;
}"""
MARKS = f"""({UNFOLDED})(() => [...document.querySelectorAll(".report-figure svg")]
    .filter((svg) => svg.checkVisibility()).map((svg) => [({ROWS})(svg.closest(".report-figure")), ({WALKED})(svg)]))"""
# Whether all words of stacked rows are seen, and at which sides they stand
STACKED = """() => [...document.querySelectorAll(".stacked")].filter((region) => region.checkVisibility())
    .map((region) => [region.scrollWidth <= region.clientWidth, [...new Set(
        [...region.querySelectorAll("tbody :is(th, td)")].map((cell) => getComputedStyle(cell).textAlign))]])"""
FOCUSED = """() => {
    const at = document.activeElement, { outlineStyle, outlineWidth } = getComputedStyle(at);
    return [[...document.querySelectorAll("*")].indexOf(at), `${at.tagName}.${at.getAttribute("class")}`,
            outlineStyle, parseFloat(outlineWidth)];
}"""
DRAWN = """() => [...document.querySelectorAll('.report-figure svg.wide :is(path, text, rect):not([fill*=on-step])')]
    .filter((mark) => mark.getBoundingClientRect().width + mark.getBoundingClientRect().height > 1)
    .map((mark) => {
        const { fill, stroke } = getComputedStyle(mark);
        const color = mark.tagName === 'text' || stroke === 'none' ? fill : stroke;
        return { color, mark: mark.outerHTML.slice(0, 150) };
    }).filter(({ color }) => !['none', 'rgba(0, 0, 0, 0)'].includes(color))"""
MOTION = """() => {
    const sheet = new CSSStyleSheet();
    sheet.replaceSync(`@keyframes turn { to { opacity: 0 } }
        main p::before { transition: color 1s } h1 { animation: turn 1s }`);
    document.adoptedStyleSheets = [sheet];
}"""
STILL = "() => { document.adoptedStyleSheets = []; }"
MOVING = """() => [...document.querySelectorAll('*')].filter((one) => [null, '::before', '::after'].some((part) => {
    const { animationName, transitionDuration, scrollBehavior } = getComputedStyle(one, part);
    return animationName !== 'none' || parseFloat(transitionDuration) > 0 || scrollBehavior !== 'auto';
})).map((one) => one.outerHTML.slice(0, 90))"""

# Mark what looks as something before it, so that contrast is worked out once for all rows of a table: what stands in
# the same kinds of elements and holds the same, all in the same colors and letters. The number of the others
ALIKE = """() => {
    const numbers = new Map(), number = (words) => numbers.get(words) ?? numbers.set(words, numbers.size).get(words);
    const looks = new Map(), shapes = new Map(), seen = new Set();
    const shape = (node) => {
        const style = getComputedStyle(node);
        const text = [...node.childNodes].some((one) => one.nodeType === Node.TEXT_NODE && one.data.trim());
        const look = number([node.tagName, node.getAttribute("class"), text, style.color, style.backgroundColor,
            style.backgroundImage, style.opacity, style.filter, style.fontSize, style.fontWeight, style.textShadow,
            style.display, style.visibility, style.position].join());
        const own = number(`${look}: ${[...new Set([...node.children].map(shape))].sort()}`);
        looks.set(node, look);
        shapes.set(node, own);
        return own;
    };
    const mark = (node, above) => {
        const place = number(`${above} / ${shapes.get(node)}`), within = number(`${above} > ${looks.get(node)}`);
        const again = seen.has(place);
        seen.add(place);
        if (again) [node, ...node.querySelectorAll("*")].forEach((one) => one.setAttribute("data-alike", ""));
        else [...node.children].forEach((one) => mark(one, within));
    };
    document.querySelectorAll("[data-alike]").forEach((one) => one.removeAttribute("data-alike"));
    shape(document.body);
    mark(document.body, "");
    return document.querySelectorAll("body :not([data-alike])").length;
}"""
ONCE = "axe.configure({ rules: [{ id: 'color-contrast', selector: ':not([data-alike])' }] })"
ALSO = {"target-size": {"enabled": True}}  # WCAG 2.2, 2.5.8: what is pressed is 24 px wide and high, or has room
# The bar and the way back to the top lie over the page, and what they cover is free again after a turn of the wheel:
# to the top, where the bar covers nothing, with the way back at the end
AT_THE_END = """end => {
    scrollTo({ top: 0, behavior: "instant" });
    document.querySelector(".report-top")?.style.setProperty("position", end ? "static" : "");
}"""
COLORS = ["color-contrast", "link-in-text-block"]  # the rules that look at colors


def looked_at(pages: list[str]) -> list:
    """The pages as parameters of a test or a fixture."""
    return [pytest.param(page, marks=pytest.mark.exhaustive if page in SIBLINGS else ()) for page in pages]


@dataclass
class Visit:
    """What one reader found on a page, which is still open."""

    name: str
    page: Any
    requested: list[str]  # addresses
    said: list[str]  # errors
    title: bool  # whether the first heading is seen
    figures: set[str]  # labels of the figures that are seen
    width: int  # px that the page needs
    background: str
    moved: float = 0.0  # layout shift while it was loaded
    marks: list[list[list]] = field(default_factory=list)  # rows of the table and rows told, for each drawing
    found: dict[str, Any] = field(default_factory=dict)  # what only some readers look at, by name

    def axe(self, rules: list[str] | None = None) -> list[tuple[str, list[str]]]:
        """The faults that axe finds on the page as it stands, by all rules or these: rule, and where."""
        options = {"resultTypes": ["violations"]} | ({"runOnly": rules} if rules else {"rules": ALSO})
        self.page.evaluate(AXE_SCRIPT)
        self.page.evaluate(ALIKE)
        self.page.evaluate(ONCE)
        self.page.evaluate(AT_THE_END, True)
        found = self.page.evaluate("options => axe.run(options)", options)
        self.page.evaluate(AT_THE_END, False)
        assert len(found["passes"]) >= (len(rules) if rules else 16)
        return [(fault["id"], [node["html"][:150] for node in fault["nodes"]]) for fault in found["violations"]]

    @contextmanager
    def read_in(self, **colors: str) -> Iterator[None]:
        """The page in the colors of another reader, and then again in those it was opened in."""
        self.page.emulate_media(**colors)
        yield
        self.page.emulate_media(**dict.fromkeys(colors, "null"))

    def tell_each_row_by_a_mark(self) -> None:
        """Assert that each drawing has marks for all rows of its table, and that they tell nothing else."""
        for rows, told in self.marks:
            cells = {(row[0], *pair) for row in rows for pair in zip(row[1::2], row[2::2], strict=True)}
            shown = {(row[0], *pair) for row in told for pair in zip(row[1::2], row[2::2], strict=True)}
            # of a choice that allows no test there is nothing to draw
            assert cells - shown == {cell for row in rows for cell in cells if cell[0] == row[0] and "–" in row}
            assert shown <= cells and len(set(map(tuple, told))) == len(told)


def at_first_sight(page, name: str) -> Visit:
    """What every reader sees."""
    title, figures, width, background = page.evaluate(f"[({TITLE})(), {FIGURES}, {WIDTH}, {BACKGROUND}]")
    return Visit(name, page, page.requested, page.said, title, set(figures), width, background)


def with_scripts(page, name: str) -> Visit:
    """What readers find whose browser runs the page's scripts."""
    visit = at_first_sight(page, name)
    visit.moved, visit.marks = page.evaluate(MOVED), page.evaluate(MARKS)
    return visit


def on_a_wide_screen(page, name: str) -> Visit:
    """What a reader finds who has a wide screen, a keyboard, and later chooses other colors."""
    visit = with_scripts(page, name)
    with visit.read_in(color_scheme="dark"):
        visit.found["dark"] = page.evaluate(BACKGROUND)
    page.evaluate(OPEN_ALL)
    visit.found["keys"] = keys(page, 160 if name == LONGEST else KEYS)
    if name in KINDS:
        for scheme in ("light", "dark"):
            with visit.read_in(color_scheme=scheme, forced_colors="active"):
                visit.found[f"drawn, {scheme}"] = page.evaluate(DRAWN), page.evaluate(BACKGROUND)
        page.evaluate(MOTION)
        for motion in ("no-preference", "reduce"):
            with visit.read_in(reduced_motion=motion):
                visit.found[motion] = page.evaluate(MOVING)
        page.evaluate(STILL)
    return visit


def on_a_phone(page, name: str) -> Visit:
    """What a reader finds who opens the page from a folder, on a phone, in the dark, and makes it larger."""
    visit = with_scripts(page, name)
    page.evaluate(OPEN_ALL)
    visit.found["stacked"] = page.evaluate(STACKED)
    page.set_viewport_size({"width": 320, "height": 640})
    page.evaluate(FRAME)
    visit.found["width at 320"] = page.evaluate(WIDTH)
    page.set_viewport_size(PHONE)
    return visit


def keys(page, most: int) -> list[tuple[int, str, str, float]]:
    """The places that the Tab key leads to from the beginning of the text to the end of the page: which element of the
    page it is, its tag and class, and style and width (px) of its outline."""
    reached = []
    page.keyboard.press("Tab")
    first = page.evaluate(FOCUSED)
    page.locator("main").evaluate("(main) => (main.tabIndex = -1, main.focus())")  # as the skip link does
    for _ in range(most):
        page.keyboard.press("Tab")
        place = page.evaluate(FOCUSED)
        if place[1].startswith("BODY") or place[0] == first[0]:  # behind the last one a browser goes on with the first
            assert first[1] == "A.skip-link"
            break
        reached.append(tuple(place))
    return reached


# The readers: what their browser is set to, how they come, and how they look
READERS = {
    "wide": ({"viewport": WIDE, "color_scheme": "light"}, "http", on_a_wide_screen),
    "phone": ({"viewport": PHONE, "color_scheme": "dark"}, "file", on_a_phone),
    "plain": ({"viewport": WIDE, "java_script_enabled": False}, "http", at_first_sight),
}
