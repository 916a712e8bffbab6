"""Weights and groups of an export: what becomes of them, and which answers are compared by them."""

from __future__ import annotations

from pathlib import Path

import pytest
from taken import taken_in, write

from surveybook.survey.data.study import Study

# --- weights


def weighed(report: Path, heading: str, cells: list[str], **options) -> tuple[Study, str]:
    """400 people, who say yes or no, with these cells in turn."""
    rows = [f"{'Yes' if n % 3 else 'No'},{cells[n % len(cells)]}" for n in range(400)]
    return taken_in(report, write(report, "\n".join([f"Do you have a garden?,{heading}", *rows, ""])), **options)


def test_a_column_of_weights_becomes_the_sampling_and_no_question(report):
    study, told = weighed(report, "weight", ["0.6", "1.1", "1.3", "0.95"])
    assert list(study.questions) == ["do_you_have_a_garden"] and "own: 1 question and 400 respondents" in told
    assert study.package.descriptor["sampling"] == {"weight": "weight"}
    assert "please look: weight: weight: every share, interval and test is weighted by it" in told
    study, _ = weighed(report, "weight", ["0.6", "1.1", "1.3", "0.95", "1.05"])  # the next export
    assert study.sampling.weights[4] == 1.05


@pytest.mark.parametrize("cells, why", [
    (["62", "71", "80", "94"], "it may be a weight; if it is one, say --as “Heading=weight”"),  # of bodies
    (["0.1", "0.2", "0.3", "0.1", "0.2", "0.3", "0.1", "6"],
     "weighted shares could tell how few people of some weight"),
    (["0.6", "1.1", "", "0.95", "1.2"], "it is a weight, and 80 respondents have none"),
])
def test_what_is_no_weight_that_can_be_used_is_left_out_with_the_reason(report, cells, why):
    study, told = weighed(report, "weight", cells)
    assert study.sampling is None and why in told


def test_an_author_names_the_weight(report):
    study, _ = weighed(report, "Factor", ["620", "710", "800", "940"], wanted={"Factor": "weight"})
    assert study.package.descriptor["sampling"] == {"weight": "factor"}


# --- groups


def test_answers_are_compared_by_what_is_known_of_people_but_where_these_have_weights(report):
    rows = [f"{('Female', 'Male')[n % 2]},{'Yes' if n % 3 else 'No'},{(0.6, 1.1, 1.3, 0.95)[n % 4]}"
            for n in range(400)]
    text = "\n".join(["What is your gender?,Do you have a garden?,{}", *rows, ""])
    study, _ = taken_in(report, write(report, text.format("Minutes"), "plain.csv"), "plain")
    assert ("do_you_have_a_garden", "what_is_your_gender") in study.crossed
    chapter = (report / "chapters" / "plain-groups.qmd").read_text(encoding="utf-8")
    assert 'figures.crossed(plain, "do_you_have_a_garden", by="what_is_your_gender")' in chapter
    assert "chapters/plain-groups.qmd" in (report / "_quarto.yml").read_text(encoding="utf-8")
    study, _ = taken_in(report, write(report, text.format("weight"), "weighed.csv"), "weighed")
    assert study.sampling and not study.crossed
    assert not (report / "chapters" / "weighed-groups.qmd").exists()


@pytest.mark.parametrize("columns, shown, left", [
    (["q5_coded", "q5_coder1", "q5_coder2"], "q5_coded", ["q5_coder1", "q5_coder2"]),
    (["q5_coder1", "q5_coder2"], "q5_coder1", ["q5_coder2"]),
    (["Q5 code"], "Q5 code", []),
])
def test_codes_of_a_text_are_told_as_such_and_those_of_single_coders_left_out(report, columns, shown, left):
    words = ["longer hours", "more books", "better chairs", "quiet rooms"]
    rows = [[f"I wish for {words[n % 4]} and wrote it in my own words, number {n}",
             *(("hours", "books", "comfort")[(n + k) % 3] for k, _ in enumerate(columns)), ("Yes", "No")[n % 2]]
            for n in range(60)]
    text = "\n".join(",".join(row) for row in (["q5_text", *columns, "member"], *([f'"{row[0]}"', *row[1:]]
                                                                                  for row in rows)))
    study, _ = taken_in(report, write(report, text))
    (question,) = [one for one in study.questions.values() if one.origin == f"column “{shown}”"]
    assert question.wording == "q5_text" and question.kind == "nominal" and len(study.questions) == 2
    descriptor = (report / "data" / "own" / "datapackage.yaml").read_text(encoding="utf-8")
    assert "holds codes of what people wrote in “q5_text”" in descriptor
    assert not [one for one in study.questions.values() if one.origin in {f"column “{name}”" for name in left}]
    assert "longer hours" not in (report / "data" / "own" / "responses.csv").read_text(encoding="utf-8")


def test_codes_with_blanks_between_them_are_several_answers_where_a_form_writes_them_so(report):
    head = "start,end,crops,said,_id,_uuid,_submission_time,_index\n"
    cells = [("maize", "good"), ("maize beans", "not good at all"), ("beans", "ok"), ("beans rice", "fine"),
             ("rice", "i do not know")]
    rows = "".join(f"2024-01-01,2024-01-01,{crops},{said} {n},{n},uuid-{n},2024-01-01,{n}\n"
                   for n in range(40) for crops, said in [cells[n % 5]])
    study, _ = taken_in(report, write(report, head + rows))
    assert list(study.questions) == ["crops"] and study.questions["crops"].kind == "multi-select"
    assert set(study.questions["crops"].answers) == {"maize", "beans", "rice"}


def test_one_text_beside_the_options_of_a_question_is_no_answer(report):
    head = '"Response ID","Date submitted","Q1[a]. Which tools? [Hammer]","Q1[b]. Which tools? [Saw]",' \
           '"Q1[other]. Which tools? [Other]"\n'
    rows = "".join(f'{n},2024-01-01,{("Yes", "No")[n % 2]},{("No", "Yes")[n % 3 == 0]},{"my aunt’s glue" * (n == 7)}\n'
                   for n in range(1, 40))
    study, _ = taken_in(report, write(report, head + rows))
    (question,) = study.questions.values()
    assert question.kind == "multi-select" and list(question.labels.values())[:2] == ["Hammer", "Saw"]
    assert "glue" not in (report / "data" / "own" / "responses.csv").read_text(encoding="utf-8")
