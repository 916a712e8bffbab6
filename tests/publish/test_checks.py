"""The rules for a finished page: what each finds on a tiny bad page, and what it leaves alone."""

from __future__ import annotations

import random

import pytest
from checked import PAGE, finding, table, told
from selectolax.lexbor import LexborHTMLParser
from statsmodels.stats.multitest import multipletests

from surveybook.publish.check import check_pages
from surveybook.publish.checks import p_values, shares, statcheck
from surveybook.publish.checks.p_values import benjamini_hochberg, holm
from surveybook.publish.checks.shares import SHARE
from surveybook.publish.pages.policy import digest
from surveybook.publish.site.page import read_pages
from surveybook.publish.site.text import columns, words
from surveybook.store import Store

# --- pages that are as they were


def test_what_was_found_on_a_page_is_kept_until_the_page_or_a_rule_changes(tmp_path, monkeypatch):
    looked = []

    def rule(page):
        looked.append(page.name)
        yield "a", "b", "c"

    def found(version: str = "1") -> list[str]:
        kept = Store(tmp_path, "checks", version)
        return [str(one) for one in check_pages(read_pages(tmp_path), tmp_path, kept=kept)]

    monkeypatch.setattr("surveybook.publish.check.RULES", [rule])

    (tmp_path / "index.html").write_text(PAGE, encoding="utf-8")
    assert found() == found() == ["index.html: a: b; c"] and looked == ["index.html"]
    (tmp_path / "index.html").write_text(PAGE.replace("A Book", "Another"), encoding="utf-8")
    assert found() == found() and len(looked) == 2
    assert found("2") == ["index.html: a: b; c"] and len(looked) == 3
    for entry in (tmp_path / ".cache").rglob("*"):
        entry.is_file() and entry.write_bytes(b"damaged")
    assert found("2") == ["index.html: a: b; c"] and len(looked) == 4


# --- figures without text


def test_a_figure_needs_a_drawing_a_note_and_its_numbers(tmp_path):
    here = "#here <div class='report-figure'>: the figure"
    assert told(tmp_path, '<div class="report-figure"><p class="figure-note"> </p></div>') == [
        f"{here} does not say what it rests on; give it a note with question and base",
        f"{here} has no drawing; show the picture as an svg with role=img, or as an img",
        f"{here} has no table of its numbers; give it its data as a table",
    ]
    whole = '<svg role="img" aria-label="Bars."></svg><p class="figure-note">Asked: all.</p>' + table(["a"], ["b"])
    assert told(tmp_path, f'<div class="report-figure">{whole}</div>') == []


# --- simulated numbers

DRAWN = '<span class="finding simulated" data-label="Simulated data" data-evidence="simulated">9 of 10</span>'
DRAWING = ('<div class="report-figure simulated" data-label="Simulated data"><svg role="img" aria-label="Dots."><text>'
           '{}</text></svg><p class="figure-note">Asked: all.</p>' + table(["a"], ["b"]) + "</div>")
TWIN = '<link rel="alternate" type="text/markdown" href="index.md">'


def test_a_sentence_with_a_simulated_number_has_the_word(tmp_path):
    remedy = "is simulated, and its sentence does not say so; finish the site anew (surveybook build)"
    assert told(tmp_path, f"<p>Of all, {DRAWN} agree.</p>") == [f"#here <p>: “9 of 10” {remedy}"]
    assert told(tmp_path, f"<p>Simulated answers are no evidence. Of all, {DRAWN} agree.</p>") != []
    assert told(tmp_path, f"<p>In simulated answers, {DRAWN} agree.</p>") == []
    declared = DRAWN.replace('evidence="simulated"', 'evidence="declared"')
    assert told(tmp_path, f"<p>The plan has {declared} claims.</p>") == []


def test_a_drawing_of_simulated_numbers_has_the_word(tmp_path):
    assert "nothing in the drawing says" in told(tmp_path, DRAWING.format("9%"))[0]
    assert told(tmp_path, DRAWING.format("Simulated data")) == []


def test_the_twin_of_a_page_has_the_word_at_each_simulated_number(tmp_path):
    said = f"<p>In simulated answers, {DRAWN} agree.</p>"
    words = {"index.md": "In simulated answers, 9 of 10 (simulated) agree."}
    assert told(tmp_path, said * 3, TWIN, **words) == [
        "the twin: index.md has 3 simulated numbers, and says so 2 times; finish the site anew (surveybook build)"]
    assert told(tmp_path, said, TWIN, **words) == []


# --- typed results


@pytest.mark.parametrize(("typed", "shown"), [
    ("<p>Most, 22 of them, agree.</p>", "Most, 22 of them, agree."),
    ("<ul><li>about 9%</li></ul>", "about 9%"),
    ("<h2>The 28 organizations</h2>", "The 28 organizations"),
    ("<figure><figcaption>Figure&nbsp;3.1: All 28 of them.</figcaption></figure>", "All 28 of them."),
])  # fmt: skip
def test_a_digit_that_was_typed_is_found(typed, shown, tmp_path):
    (finding,) = told(tmp_path, typed)
    assert finding.endswith(f"a digit was typed (“{shown}”); take the number from a finding, by its name")


def test_digits_that_are_no_results_are_left_alone(tmp_path):
    assert told(tmp_path, """
      <p><span class="finding">22 of 25</span> (<a href="#here" class="quarto-xref">Figure 3.1</a>) of
      <span class="citation">Kumar (2020)</span>, with Python 3.11, on 2026-11-23 <code>n = 7</code>
      <math><mn>2</mn></math></p><h2><span class="header-section-number">1.2</span> Shares</h2>
      <figure><figcaption>Table&nbsp;1.2: Shares.</figcaption></figure>
      <p class="downloads">Download: CSV 3 kB</p>
      <section class="addresses"><ol><li>https://example.org/2026/a-1</li></ol></section>""") == []


def test_the_title_and_the_authors_of_the_report_may_stand_in_a_sentence_and_their_digits_nowhere_else(tmp_path):
    head = ('<meta name="DC.creator" content="Studio 54">'
            '<meta name="DC.title" content="Bob\'s 2026 (simulated data)">')
    assert told(tmp_path, "<p>Cite it as: Studio 54, “Bob’s 2026”.</p>", head) == []
    (finding,) = told(tmp_path, "<p>Of Bob’s 2026 readers, 54 agree.</p>", head)
    assert "a digit was typed (“Of readers, 54 agree.”)" in finding
    other = told(tmp_path, "<p>See it.</p>", **{"other.html": PAGE.replace("{head}", head).replace(
        "{finished}", "").replace("{}", "<p>Bob’s 2026</p>")})
    assert any("a digit was typed" in one for one in other)  # the title of another page is not that of the report


@pytest.mark.parametrize("shown", ["<function Text.count>", "<bound method Share.of of yes>", "<class 'int'>"])
def test_an_object_in_the_place_of_its_value_is_found(shown, tmp_path):
    words = shown.replace("<", "&lt;")
    (finding,) = told(tmp_path, f"<p>There are {words} of them; a &lt; b. <code>&lt;class 'int'></code></p>")
    assert finding.endswith(f"a sentence shows “{shown}”, which is no value; name a finding, or call the method")


def test_a_page_that_no_author_wrote_is_left_alone(tmp_path):
    assert told(tmp_path, "<p>Version 0.1.0, Figure 3.1</p>", finished=" data-made") == []


# --- p values


def test_a_statistic_that_does_not_give_the_p_beside_it_is_found(tmp_path):
    # R: 2 * pnorm(-1.96) -> 0.04999579; pchisq(5.99, 2, lower.tail = FALSE) -> 0.05003663
    assert told(tmp_path, finding("z = 1.96, p = .050") + finding("χ²(2) = 5.99, p = .05")) == []
    assert told(tmp_path, finding("z = 1.96, p = .030")) == [
        "#here <p>: “z = 1.96, p = .030”: the statistic gives p = 0.05; print both from one test"
    ]


FAMILY = ["Claim", "p", "p, Holm", "p, BH"]
# R: p.adjust(c(0.011, 0.02, 0.3), "holm") -> 0.033 0.040 0.300; "BH" -> 0.03 0.03 0.30
ROWS = (["one", "0.011", "0.033", "0.030"], ["two", "0.020", "0.040", "0.030"], ["three", "0.30", "0.30", "0.30"])


def test_p_values_that_one_adjustment_gives_are_left_alone(tmp_path):
    assert told(tmp_path, table(FAMILY, *ROWS)) == []
    both = table(["Claim", "Family", *FAMILY[1:]], *([n, f, *row] for f in "ab" for n, *row in ROWS))
    assert told(tmp_path, both) == []
    open_ = table(FAMILY, ["one", "< 0.001", "< 0.001", "0.001"], ["two", "> 0.99", "> 0.99", "> 0.99"])
    assert told(tmp_path, open_) == []


@pytest.mark.parametrize(("column", "shown", "follows"), [
    (2, "0.022", "p, Holm is printed as 0.022, and follows as 0.0315 to 0.0345"),
    (3, "0.011", "p, BH is printed as 0.011, and follows as 0.0292 to 0.0307"),
])  # fmt: skip
def test_an_adjusted_p_that_does_not_follow_from_the_others_is_found(column, shown, follows, tmp_path):
    first = [*ROWS[0][:column], shown, *ROWS[0][column + 1 :]]
    assert told(tmp_path, table(FAMILY, first, *ROWS[1:])) == [
        f"#here <table>: “one”: {follows}; print all p of a family from one adjustment"
    ]


def test_the_adjustments_are_those_of_an_independent_implementation(monkeypatch):
    monkeypatch.setattr("gc.collect", lambda: 0)  # which statsmodels does at each call, for a second in a long run
    draw = random.Random(7)
    for _ in range(100):
        p = [round(draw.random() ** 3, 3) for _ in range(draw.randint(1, 12))]
        assert holm(p) == pytest.approx(multipletests(p, method="holm")[1])
        assert benjamini_hochberg(p) == pytest.approx(multipletests(p, method="fdr_bh")[1])


# --- the policy


POLICY = '<meta http-equiv="Content-Security-Policy" content="{}">'
NONE = "default-src 'none'; script-src 'self' {}; style-src 'self'"
LATE = "let the finishing step do its work last, after all that changes a page"


def test_a_finished_page_needs_a_policy(tmp_path):
    finished = ' data-rendered="0"'
    assert told(tmp_path, "", finished=finished) == [f"<head>: the page has no Content-Security-Policy; {LATE}"]
    assert told(tmp_path, "", POLICY.format(NONE.format("")), finished) == []


UNSAFE = {
    "script-src 'unsafe-inline'": "the policy does not begin with nothing allowed; write default-src 'none'",
    "default-src 'self'": "the policy does not begin with nothing allowed; write default-src 'none'",
    "default-src 'none'; script-src 'unsafe-inline'":
        "the policy allows 'unsafe-inline' in script-src; name the site's own files, or a hash",
    "default-src 'none'; style-src 'unsafe-hashes'":
        "the policy allows 'unsafe-hashes' in style-src; name the site's own files, or a hash",
    "default-src 'none'; img-src *": "the policy allows * in img-src; name the site's own files, or a hash",
    "default-src 'none'; script-src https:":
        "the policy allows https: in script-src; name the site's own files, or a hash",
}


@pytest.mark.parametrize(("content", "what"), UNSAFE.items(), ids=UNSAFE)
def test_a_policy_that_allows_too_much_is_found(content, what, tmp_path):
    assert f"<head>: {what}" in told(tmp_path, "", POLICY.format(content))


REFUSED = {
    "a script": (
        "<script>alert()</script>",
        "<script>: the policy refuses scripts that stand in the text; put it into a file of the book, and name that "
        "with <script src=…> in the text or under include-in-header",
    ),
    "a style": ("<style>p { color: red }</style>", f"<style>: the policy has no hash of this style; {LATE}"),
    "a style in an attribute": (
        '<p style="color: red">x</p>',
        "<p>: the policy refuses styles in attributes; use a class and theme/report.css",
    ),
    "a handler": (
        '<button onclick="go()">x</button>',
        "<button>: the policy refuses the handler onclick; add a listener in a script of theme/",
    ),
    "a script in an address": (
        '<a href="javascript:go()">x</a>',
        "<a href='javascript:go()'>: the policy refuses scripts in addresses; use a button, and a script of theme/",
    ),
}


@pytest.mark.parametrize(("content", "what"), REFUSED.values(), ids=REFUSED)
def test_what_the_policy_would_refuse_is_found(content, what, tmp_path):
    assert told(tmp_path, content, POLICY.format(NONE.format(""))) == [f"#here {what}"]


def test_what_the_policy_allows_is_left_alone(tmp_path):
    content = '<script type="application/json" class="x">{"onclick": 1}</script>'
    assert told(tmp_path, content, POLICY.format(NONE.format(digest("go()"))) + "<script>go()</script>") == []


# --- weight


def noise(size: int) -> str:
    """Text that cannot be compressed much: letters carry under six bits."""
    return "".join(random.Random(1).choices("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ", k=size))


def test_a_page_above_its_budget_is_found(tmp_path):
    (found,) = told(tmp_path, f"<p>{noise(90_000)}</p>")
    assert found.startswith("the page: it has 6") and found.endswith(
        " bytes compressed, and the budget is 60,000; show fewer figures on it, or split it"
    )


def test_a_first_visit_above_its_budget_is_found(tmp_path):
    head = '<link rel="stylesheet" href="a.css"><script src="a.js" defer></script>'
    files = {"a.css": "/* " + noise(70_000) + " */", "a.js": "// " + noise(80_000)}
    (found,) = told(tmp_path, "", head, **files)
    assert found.startswith("the page: a first visit loads 1") and found.endswith(
        " bytes compressed, and the budget is 100,000; make what it asks for smaller: a.css, a.js"
    )
    generator = '<meta name="generator" content="quarto-1.9.38">'
    assert told(tmp_path, "", generator + head, **files) == []


# --- on the real site the rules have something to look at


def test_the_rules_see_the_numbers_of_the_real_site(site):
    pages = read_pages(site)
    said = [found for page in pages for _, text in words(page) for found in SHARE.findall(text)]
    assert len(said) > 30 and any(found[5] for found in said)
    found = [row for page in pages for node in page.content.css("table") for row in shares.rows(columns(node))]
    assert len(found) > 40 and sum(bool(row.level) for row in found) > 40


@pytest.mark.parametrize("old, new", [("(88%,", "(87%,"), ("70% to 96%)", "70% to 97%)")])
def test_a_number_changed_on_the_real_site_is_found(old, new, site):
    (page,) = (page for page in read_pages(site) if page.name == "chapters/practice.html")
    assert old in page.tree.html and not list(shares.shares_in_words(page))
    changed = type(page)(page.name, LexborHTMLParser(page.tree.html.replace(old, new)))
    assert list(shares.shares_in_words(changed)) and not list(p_values.adjusted(changed))


# --- printed tests, recomputed

TEXTS = [  # text -> (kind, error, decision error); p by R 4.2.2: pt, pchisq, pf, pnorm
    ("t(28) = 2.20, p = .036", ("t", False, False)), ("t(28) = -2.20, p = .04", ("t", False, False)),
    ("t(28) = 2.20, p < .05", ("t", False, False)), ("t(28) = 2.20, p > .05", ("t", True, True)),
    ("t(28) = 2.20, ns", ("t", True, True)), ("t(28) = 1.20, n.s.", ("t", False, False)),
    ("χ2(1, N = 139) = 5.66, p = .017", ("chi2", False, False)), ("χ²(4) = 12.03, p = .07", ("chi2", True, True)),
    ("z = 1.70, p = .045", ("z", True, True)), ("z = 1.70, p = .045, one-tailed", ("z", False, False)),
    ("F(2, 45) = 4.30, p < .01", ("F", True, False)), ("r(137) = .21, p = .013", ("r", False, False)),
]  # fmt: skip


@pytest.mark.parametrize(("text", "expected"), TEXTS)
def test_printed_tests_are_recomputed(text, expected):
    (found,) = statcheck.check_text(f"As expected ({text}).")
    assert (found.kind, found.error, found.decision_error) == expected


def test_a_statistic_without_its_degrees_of_freedom_cannot_be_recomputed():
    with pytest.raises(ValueError, match="degrees of freedom"):
        statcheck.recompute("F", 2.0, 3)
