"""The tutorial is true: each command says what stands below it, and the site is there in the end.

To write anew what commands say: `python tests/book/test_tutorial.py`, from the folder of the repository.
"""

from __future__ import annotations

import doctest
import re
import shlex
import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest
from commands import say
from project import ROOT
from taken import EXPORTS, SHOWN

TUTORIAL = ROOT / "docs" / "tutorial.md"
CHANGING = re.compile(r"(?<=sha256:)\w+|\b\d+(?= (?:pages|figures|tables))|\b[\d.]+(?= s with)")
BLOCK = re.compile(r"^```(console|yaml [^\n]+)\n(.*?)^```", re.DOTALL | re.MULTILINE)
ELLIPSIS = doctest.ELLIPSIS | doctest.NORMALIZE_WHITESPACE  # what stands for CHANGING


def follow(text: str, folder: Path) -> Iterator[tuple[str, str, str]]:
    """Do what the tutorial says; each command with what it should say, and what it says."""
    shutil.copyfile(EXPORTS / "limesurvey.csv", folder / "bicycles.csv")
    for kind, body in BLOCK.findall(text):
        if kind != "console":
            (folder / kind.removeprefix("yaml ")).write_text(body, "utf-8")
            continue
        for step in body.split("$ ")[1:]:
            command, _, expected = step.partition("\n")
            words = shlex.split(command)
            if words[0] == "cd":
                folder /= words[1]
                continue
            assert words[0] == "surveybook", f"the tutorial has a command that no test can run: {command}"
            yield command, expected, say(*words[1:], folder=folder)


@pytest.fixture(scope="module")
def followed(tmp_path_factory) -> tuple[Path, list[tuple[str, str, str]]]:
    """The folder in which the tutorial was followed, with what each command should say and says."""
    folder = tmp_path_factory.mktemp("tutorial")
    return folder, list(follow(TUTORIAL.read_text("utf-8"), folder))


def test_each_command_says_what_stands_below_it(followed):
    assert len(followed[1]) >= 7
    for command, expected, said in followed[1]:
        assert doctest.OutputChecker().check_output(expected, said, ELLIPSIS), f"{command}\n{said}"


def test_the_published_site_has_both_verdicts_with_their_plan_and_a_claim_with_a_number(followed):
    page = (followed[0] / "rides" / "public" / "chapters" / "bicycles-hypotheses.html").read_text("utf-8")
    assert page.count("Verdict: ") == 2 and page.count("responses were there. Not amended since.") >= 2
    assert "Owners of 1 bicycle or more find fewer stands" in page


def test_sample_answers_hypotheses_limits_and_codebook_are_pages_with_what_they_promise(followed):
    for part, shown in SHOWN.items():
        page = followed[0] / "rides" / "public" / "chapters" / f"bicycles{part}.html"
        assert shown in page.read_text("utf-8"), part


def test_no_row_of_the_answers_and_nothing_that_a_single_person_wrote_is_published(followed):
    files = [path for path in (followed[0] / "rides" / "public").rglob("*") if path.is_file()]
    for telling in (b"in street", b"said colleague", b"respondent-0001"):
        assert files and not [path for path in files if telling in path.read_bytes()]


if __name__ == "__main__":
    text = TUTORIAL.read_text("utf-8")
    with tempfile.TemporaryDirectory() as place:
        for command, before, said in follow(text, Path(place)):
            text = text.replace(f"$ {command}\n{before}", f"$ {command}\n{CHANGING.sub('...', said)}", 1)
    TUTORIAL.write_text(text, "utf-8")
