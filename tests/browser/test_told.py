"""Each drawing has a short name, and refers to the words that tell its numbers, for those who hear the page."""

from __future__ import annotations

from surveybook.publish.site.page import drawings, read_pages


def test_every_drawing_of_the_report_has_a_short_name_and_refers_to_its_words(site):
    seen = 0
    for page in read_pages(site):
        for frame in page.content.css(".report-figure:has(svg)"):
            (words,) = frame.css(".told")
            assert len(words.text()) > 60, page.name
            for drawing in drawings(frame):
                assert drawing.attributes["aria-describedby"] == words.attributes["id"]
                assert len(drawing.attributes["aria-label"]) < 320, drawing.attributes["aria-label"]
                seen += 1
    assert seen > 80


def test_a_browser_reads_out_the_words_although_they_are_folded(opened):
    with opened("chapters/practice.html") as page:
        session = page.context.new_cdp_session(page)
        tree = session.send("Accessibility.getFullAXTree")["nodes"]
        named = page.locator(".report-figure svg:visible").evaluate_all("(all) => all.map((one) => one.ariaLabel)")
        drawings = [node for node in tree if node.get("role", {}).get("value") in ("image", "img")
                    and node["name"]["value"] in named]
        assert len(drawings) == page.locator(".report-figure svg:visible").count() > 0
        told = page.locator(".told").all_text_contents()
        assert [node["description"]["value"] for node in drawings] == told
