"""docs/waves.md is true: its commands say what stands below them, and its example gives what it prints."""

from __future__ import annotations

import csv
import doctest
import re
import shutil
import subprocess
import sys

import pytest
from project import ROOT, SMALL, TOOL

from surveybook.survey.data.loader import read_study
from surveybook.survey.evidence.findings import Findings
from surveybook.survey.show import figures, tables

TEXT = (ROOT / "docs" / "waves.md").read_text(encoding="utf-8")
BLOCK = re.compile(r"^```(\w+)\n(.*?)^```", re.DOTALL | re.MULTILINE)
FLAGS = doctest.ELLIPSIS | doctest.NORMALIZE_WHITESPACE
EXPORTS = {"2024": (40, ("North", "South")), "2026": (66, ("North", "South", "Harbour"))}


@pytest.fixture(scope="module")
def report(tmp_path_factory):
    made = tmp_path_factory.mktemp("waves") / "report"
    shutil.copytree(SMALL, made, ignore=shutil.ignore_patterns(".cache", "__pycache__", "data", "chapters"))
    for label, (members, branches) in EXPORTS.items():
        with open(made / f"library-{label}.csv", "w", encoding="utf-8", newline="") as file:
            writer = csv.writer(file)
            writer.writerow(["Are you a member?", "Which branch?", "Are you content?"])
            for number in range(120):
                writer.writerow(["Yes" if number < members else "No", branches[number % len(branches)],
                                 "Yes" if number % 3 else "No"])
    return made


def test_the_commands_say_what_stands_below_them_and_the_example_what_it_prints(report):
    blocks = dict(BLOCK.findall(TEXT))
    for step in blocks["console"].split("$ ")[1:]:
        command, _, expected = step.partition("\n")
        ended = subprocess.run([sys.executable, "-m", *command.split()], cwd=report, text=True, env=TOOL,
                               stdin=subprocess.DEVNULL, capture_output=True)
        assert ended.returncode == 0, ended.stderr
        assert doctest.OutputChecker().check_output(expected, ended.stdout, FLAGS), ended.stdout
    path = report / "data" / "library" / "datapackage.yaml"
    written = path.read_text(encoding="utf-8")
    path.write_text(written[: written.index("\nwaves:")] + "\n" + blocks["yaml"], encoding="utf-8")
    text = path.read_text(encoding="utf-8").replace("are_you_a_member", "member")
    path.write_text(text, encoding="utf-8")
    (path.parent / "hypotheses.yaml").unlink(missing_ok=True)
    for file in path.parent.glob("*.csv"):
        file.write_text(file.read_text(encoding="utf-8").replace("are_you_a_member", "member"), encoding="utf-8")
    subprocess.run([sys.executable, "-m", "surveybook", "seal", "library"], cwd=report, env=TOOL, check=True,
                   capture_output=True)
    found = Findings(read_study(path.parent))
    test = doctest.DocTestParser().get_doctest(
        blocks["python"], {"library": found, "figures": figures, "tables": tables}, "waves", None, None)
    assert len(test.examples) > 5
    told: list[str] = []
    assert not doctest.DocTestRunner(optionflags=FLAGS).run(test, out=told.append).failed, "".join(told)
    assert "is compared because the harbour was part of the south before" in tables.change(found, "which_branch").note
