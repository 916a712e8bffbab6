"""The box at the top of a chapter: the digits are those of the findings, and the picture shows the same numbers."""

from __future__ import annotations

import re

import pytest
from drawn import drawn

from analysis import boxes, documented, evidence, interviews, practitioners, today
from surveybook.survey.errors import DataError
from surveybook.survey.estimates.share import WITHHELD, Share
from surveybook.survey.words import text
from surveybook.survey.words.names import Names

CLAIMS = {"agree": "agree", "differ": "do not agree", "uncheckable": "cannot be checked"}


def shown(box: boxes.Box) -> str:
    return box._repr_mimebundle_()["text/markdown"]


def plain(box: boxes.Box) -> str:
    """The words of a box, without the names of findings."""
    words = shown(box).split("```")[0]
    return re.sub(r"\[([^][]*)\]\{[^}]*\}", r"\1", re.sub(r"\[([^][]*)\]\{[^}]*\}", r"\1", words))


def picture(box: boxes.Box) -> str:
    """The little drawing of a box."""
    return drawn(shown(box)).css_first("svg.key-picture").html


def squares(box: boxes.Box) -> dict[str, int]:
    """How many squares are drawn in each color."""
    fills = re.findall(r'v10h-10Z" fill="var\(--figure-(\w+)', picture(box))
    return {color: fills.count(color) for color in set(fills)}


def test_a_share_shows_the_percent_the_counts_and_the_interval_of_the_finding():
    box = boxes.share(interviews.secures.no, "do not.")
    assert plain(box).endswith("88% do not.\n\n")
    assert 'data-from="interviews.secures.no.percent"' in shown(box)
    assert 'data-from="interviews.secures.no.full"' in shown(box)
    assert f"interval from {interviews.secures.no.interval}" in box.told


def test_a_part_shows_the_first_count_and_the_whole_and_a_square_for_each_thing_counted():
    box = boxes.part(interviews.claims.count, interviews.claims, "statements agree.", **CLAIMS)
    assert f"{interviews.claims.agree} of {interviews.claims.count} statements agree." in plain(box)
    assert box.told == "5 agree, 4 do not agree, 3 cannot be checked."
    assert squares(box) == {"mark": 5, "middle": 7}
    assert all(f"{number} {label}" in picture(box) for number, label in zip((5, 4, 3), CLAIMS.values(), strict=True))


def test_a_whole_shows_its_number_and_lets_no_part_stand_out():
    phases = {"development": "a", "deployment": "b", "attack": "c"}
    box = boxes.whole(interviews.gaps.count, interviews.gaps.phase, "practices.", **phases)
    assert f"{interviews.gaps.count} practices." in plain(box)
    assert squares(box) == {"mark": int(interviews.gaps.count)}


@pytest.mark.parametrize(("kind", "said"), [("model_stealing", "1 case shows it, strictly."),
                                            ("poisoning", "3 cases show it, strictly.")])
def test_one_thing_is_told_in_the_singular(kind, said):
    found = getattr(documented.kinds, kind)
    assert said in plain(boxes.whole(found.cases, found, "cases show it,", "strictly.", one="case shows it,",
                                     incidents="attacked", exercises="tried"))


def test_parts_that_are_not_all_there_is_are_refused():
    with pytest.raises(DataError, match=r"interviews.claims.agree is 5, and interviews.claims.count is 12; name all"):
        boxes.part(interviews.claims.count, interviews.claims, "agree.", agree="agree")


def test_what_is_no_share_is_refused():
    with pytest.raises(DataError, match="name another one"):
        boxes.share(interviews.claims, "agree.")


def test_a_share_that_is_withheld_says_so_and_stops_no_build():
    hidden = Names({"complete": text.share(Share(WITHHELD, WITHHELD), "answered all")}, "club")
    box = boxes.share(hidden.complete, "of the members answered all.")
    assert "withheld" in plain(box) and "small counts" in box.told and ">?</text>" in picture(box)


def test_a_part_that_is_empty_has_no_row_and_is_told():
    words = practitioners.families.exposure.verdicts
    box = boxes.part(practitioners.families.exposure.count, words, "are supported.", effect="supported",
                     opposite="the other way round", equivalent="ruled out", inconclusive="left open")
    assert ">0 supported" not in picture(box) and box.told.startswith("0 supported, 0 the other way round")


def test_simulated_numbers_are_marked_in_words_in_the_picture_and_for_those_who_hear_it():
    box = boxes.share(practitioners.exposure.some, "noticed something.")
    assert '.simulated data-label="Simulated data" data-evidence="simulated"' in shown(box)
    assert "[(simulated)]{.evidence-word} [noticed something.]" in shown(box)
    assert 'aria-label="Simulated data. ' in picture(box) and ">Simulated data</text>" in picture(box)
    assert "imulated" not in shown(boxes.share(interviews.secures.no, "do not."))


def test_words_are_strings_and_findings_that_may_refer_to_sections_and_are_nothing_else():
    box = boxes.share(interviews.attack.top, "are for", interviews.attack.top.label, "; *all* @tbl-x (@sec-attacks).")
    assert "are for poisoning; &#42;all&#42; &#64;tbl-x (@sec-attacks)." in plain(box)
    assert 'data-from="interviews.attack.top.label"' in shown(box)


def test_many_things_are_drawn_small_enough_for_their_words():
    from analysis import reporting

    box = boxes.part(reporting.sampl.items, reporting.sampl, "items.", answered="answered by a section",
                     not_published="not published", does_not_apply="do not apply")
    start = float(re.search(r"<text[^>]*transform=\"translate\(([\d.]+)", picture(box))[1])
    assert start + 7 * len("51 answered by a section") < boxes.WIDTH


def mark(box: boxes.Box) -> str:
    return re.search(r'\[([\w ]+)\]\{\.evidence', shown(box))[1]


def test_a_mark_says_what_a_box_rests_on():
    claims = interviews.claims
    assert mark(boxes.share(interviews.secures.no, "do not.")) == "Recomputed"
    assert mark(boxes.printed(claims.knowledge.printed, "knew.")) == "Published"
    assert mark(boxes.stated(evidence.sources.grosse2023.knowledge.words, "It does.")) == "Published"
    assert mark(boxes.share(practitioners.exposure.some, "noticed something.")) == "Simulated"
    assert mark(boxes.unknown("How many?", "Nobody counted.")) == "Not known"
    assert mark(boxes.whole(today.gaps, today.verdicts, "gaps.", closed="a", partly="b", open="c", cannot_tell="d")
                ) == "Our judgement"


def test_a_printed_count_is_drawn_as_full_squares_among_all():
    box = boxes.printed(interviews.claims.knowledge.printed, "organizations knew enough.")
    assert "5 of 28 organizations knew enough." in plain(box)
    assert squares(box) == {"mark": 5, "fill": 23}
    with pytest.raises(DataError, match="no count of a base; name another finding"):
        boxes.printed(interviews.type.top.label, "knew.")


def test_a_stated_relation_is_drawn_broken_where_none_was_found():
    found, none = (boxes.stated(getattr(evidence.sources.grosse2023, name).words, "So.")
                   for name in ("defenses", "organizations"))
    assert found.told == "Exposure or expected likelihood and defenses: a relation was found."
    assert none.told == "Factors of organizations and exposure: none was found."
    assert "stroke-dasharray" in picture(none) and "stroke-dasharray" not in picture(found)
    assert all(word in picture(found) for word in ("exposure", "expected likelihood", "defenses"))
    with pytest.raises(DataError, match="declares no relation"):
        boxes.stated(evidence.sources.kumar2020.tools.words, "So.")
