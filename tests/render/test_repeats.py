"""What many pages were refused for, as it lies in a file that all of them read, is told once."""

from surveybook.render.problems import Problem, Refused

DATA = "the cell raised DataError: data/x/hypotheses.yaml:18: no family is called “wrong”"


def test_a_fault_of_the_data_is_told_once_with_the_other_pages():
    refused = Refused([Problem(f"chapters/{name}.qmd", 2, DATA, "correct it") for name in "cab"])
    assert str(refused).splitlines() == [
        f"chapters/a.qmd:2: {DATA}; correct it", "  the same in chapters/b.qmd, chapters/c.qmd"]
    assert len(refused.problems) == 3


def test_what_has_to_be_mended_in_each_page_is_told_of_each():
    refused = Refused([Problem(f"chapters/{name}.qmd", 2, "there is no file x.png", "add it") for name in "ab"])
    assert len(str(refused).splitlines()) == 2


def test_other_data_are_told_apart():
    refused = Refused([Problem("a.qmd", 2, DATA, "mend it"), Problem("b.qmd", 2, DATA.replace("18", "19"), "mend it")])
    assert len(str(refused).splitlines()) == 2
