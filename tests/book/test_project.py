"""The project as a stranger finds it: two commands, locked requirements, licences, the way of imports."""

from __future__ import annotations

import ast
import os
import re
import shutil
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest
import yaml


@pytest.fixture(scope="module")
def readme(root) -> str:
    return (root / "README.md").read_text(encoding="utf-8")


@pytest.fixture(scope="module")
def settings(root) -> dict:
    return tomllib.loads((root / "pyproject.toml").read_text(encoding="utf-8"))


@pytest.fixture(scope="module")
def citation(root) -> dict:
    return yaml.safe_load((root / "CITATION.cff").read_text(encoding="utf-8"))


@pytest.fixture(scope="module")
def book(root) -> dict:
    return yaml.safe_load((root / "_quarto.yml").read_text(encoding="utf-8"))["book"]


# --- the make targets. A stand-in for Python makes an environment in no time and notes what it is asked.

STAND_IN = """#!/bin/sh
echo "$*${BUILDER:+ with $BUILDER}" >> "$LOG"
case "$1 $2" in
  "-m venv") shift; shift; test "$1" != --clear || shift; mkdir -p "$1/bin" && cp "$0" "$1/bin/python" ;;
  "-c import sys; sys.exit(sys.version_info < (3, 11))") exit ${OLD:-0} ;;
  "-c import ensurepip, venv") exit ${BARE:-0} ;;
  "-c import csv, "*) test -z "$HALF" ;;
  "-m pip") test -z "$NO_INDEX" ;;
esac
"""


class Stranger:
    """Someone with a fresh checkout in a folder with spaces in its path."""

    def __init__(self, checkout: Path, programs: Path):
        self.folder, self.log = checkout, programs / "log"
        programs.mkdir()
        for name in ("python3", "python3.12"):
            (programs / name).write_text(STAND_IN, encoding="utf-8")
            (programs / name).chmod(0o755)
        # Nothing else is handed on: the `make` that runs these tests may have been given a PYTHON, which would win
        # over the stand-in, install everything, and run these very tests.
        self.environment = {"PATH": f"{programs}:{os.environ['PATH']}", "LOG": str(self.log)}

    def run(self, *command: str, **environment: str) -> subprocess.CompletedProcess[str]:
        self.log.write_text("", encoding="utf-8")
        return subprocess.run(
            command,
            cwd=self.folder,
            env=self.environment | environment,
            capture_output=True,
            text=True,
            stdin=subprocess.DEVNULL,
        )

    def asked(self) -> list[str]:
        """What Python was asked to do, without its questions and what makes pip quiet."""
        asked = self.log.read_text(encoding="utf-8").splitlines()
        lines = [line for line in asked if not line.startswith("-c ")]
        return [re.sub(" --quiet| --disable-pip-version-check| --no-compile", "", line) for line in lines]

    def add_uv(self, fails: bool = False) -> None:
        """Let the environment have a stand-in for uv, which notes what it is asked as well."""
        uv = self.folder / ".venv" / "uv" / "bin" / "uv"
        uv.parent.mkdir(parents=True)
        uv.write_text(f'#!/bin/sh\necho "uv $*" >> "$LOG"\nexit {int(fails)}\n', encoding="utf-8")
        uv.chmod(0o755)


@pytest.fixture
def stranger(project_copy, tmp_path) -> Stranger:
    return Stranger(project_copy(tmp_path / "a fresh checkout"), tmp_path / "programs")


UV = "-m pip install --require-hashes --target .venv/uv -r requirements-uv.txt"  # none comes of it here, so pip goes on
ENVIRONMENT = ["-m venv --clear .venv", UV, "-m pip install --require-hashes -r requirements.txt"]
TESTS = "-m pytest -n auto -m not exhaustive and not slow"  # as the shell hands it on
TESTS_TOO = [*ENVIRONMENT, UV, "-m pip install --require-hashes -r requirements-dev.txt"]


def test_make_alone_lists_every_target_with_what_it_does(stranger):
    listed = stranger.run("make").stdout
    targets = re.findall(r"^([a-z]+):", (stranger.folder / "Makefile").read_text(encoding="utf-8"), re.MULTILINE)
    assert {"site", "test", "check", "help"} <= set(targets)
    assert [line.split()[1] for line in listed.splitlines()] == targets
    assert all(len(line.split()) > 3 for line in listed.splitlines())
    assert stranger.run("make", "help").stdout == listed


def test_make_site_in_a_fresh_checkout_makes_the_environment_then_the_site(stranger):
    ended = stranger.run("make", "site")
    assert ended.returncode == 0, ended.stderr
    assert stranger.asked() == [*ENVIRONMENT, "-m surveybook build"]


def test_make_test_in_a_fresh_checkout_makes_the_environment_then_runs_the_tests(stranger):
    ended = stranger.run("make", "test")
    assert ended.returncode == 0, ended.stderr
    assert stranger.asked() == [*TESTS_TOO, TESTS]
    stranger.run("make", "test", "ALL=1", "ARGS=-k ledger")
    assert stranger.asked() == ["-m pytest -n auto -m not exhaustive -k ledger"]


def test_the_second_time_nothing_is_installed_until_a_lock_file_changes(stranger):
    stranger.run("make", "site")
    stranger.run("make", "site")
    assert stranger.asked() == ["-m surveybook build"]
    stamp = (stranger.folder / ".venv" / "site.stamp").stat().st_mtime
    os.utime(stranger.folder / "requirements.txt", (stamp + 5, stamp + 5))
    stranger.run("make", "site")
    assert stranger.asked() == [*ENVIRONMENT[1:], "-m surveybook build"]


@pytest.mark.parametrize("fails", [False, True])
def test_what_uv_installs_pip_does_not_and_what_it_cannot_pip_does(fails, stranger):
    stranger.run("make", "site")
    stranger.add_uv(fails)
    (stranger.folder / ".venv" / "site.stamp").unlink()
    stranger.run("make", "site")
    asked = ["uv pip install --python .venv/bin/python --require-hashes -r requirements.txt", *ENVIRONMENT[2:] * fails]
    assert stranger.asked() == [*asked, "-m surveybook build"]


def test_targets_side_by_side_install_once_and_check_the_new_site(stranger):
    ended = stranger.run("make", "-j", "4", "check", "test", "site")
    assert ended.returncode == 0, ended.stderr
    asked = stranger.asked()
    assert asked[:3] == ENVIRONMENT
    assert sorted(asked[3:]) == sorted(
        ["-m surveybook build", "-m surveybook check site", TESTS, *TESTS_TOO[3:]]
    )
    assert asked.index("-m surveybook build") < asked.index("-m surveybook check site")


def test_make_anchors_builds_the_site_before_it_reads_its_addresses(stranger):
    stranger.run("make", "site")
    stranger.run("make", "anchors")
    assert stranger.asked() == ["-m surveybook build", "-m surveybook anchors site"]


def test_make_atlas_reads_the_file_that_is_named_then_builds(stranger):
    stranger.run("make", "site")
    stranger.run("make", "atlas", "FILE=a b/ATLAS.yaml", "RELEASED=2026-04-30")
    assert stranger.asked() == ["-m analysis.atlas a b/ATLAS.yaml --released 2026-04-30", "-m surveybook build"]
    ended = stranger.run("make", "atlas")
    assert ended.returncode and ended.stderr.startswith("name the published file: make atlas FILE=ATLAS.yaml\n")


def test_a_builder_can_be_forced(stranger):
    stranger.run("make", "site", "BUILDER=renderer")
    assert stranger.asked()[-1] == "-m surveybook build with renderer"
    stranger.run("make", "site", BUILDER="quarto")
    assert stranger.asked()[-1] == "-m surveybook build with quarto"


def test_a_failed_installation_is_tried_again(stranger):
    assert stranger.run("make", "site", NO_INDEX="1").returncode != 0
    stranger.run("make", "site")
    assert stranger.asked() == [*ENVIRONMENT[1:], "-m surveybook build"]


def test_an_environment_that_is_not_whole_is_made_again(stranger):
    stranger.run("make", "site", HALF="1")  # as if killed while packages were put in their places
    assert stranger.asked() == [ENVIRONMENT[0], *ENVIRONMENT, "-m surveybook build"]


def test_a_build_beside_the_tests_waits_until_all_is_installed(stranger):
    stranger.run("make", "-j", "site", "test")  # it would be built again, for packages that came meanwhile
    assert stranger.asked() == [*TESTS_TOO, "-m surveybook build", TESTS]


def test_another_python_can_be_named(stranger):
    assert stranger.run("make", "site", "PYTHON=python3.12").stdout.startswith(
        "environment: making .venv with python3.12\n"
    )


def test_a_python_that_is_too_old_is_said_in_one_sentence(stranger):
    ended = stranger.run("make", "site", OLD="1")
    assert ended.returncode != 0
    assert ended.stderr.splitlines()[0] == (
        "The report needs Python 3.11 or newer, and python3 is not; name another one: make PYTHON=python3.12"
    )
    assert not (stranger.folder / ".venv").exists()


def test_a_python_without_venv_is_said_in_one_sentence(stranger):
    ended = stranger.run("make", "site", BARE="1")
    assert ended.returncode != 0
    assert ended.stderr.splitlines()[0] == (
        "python3 cannot make virtual environments; install that part of it (on Debian: apt-get install python3-venv)"
    )


# --- README


@pytest.mark.parametrize(("target", "last"), [("site", "-m surveybook build"), ("test", TESTS)])
def test_the_line_in_readme_does_what_the_make_target_does(target, last, readme, stranger):
    lines = [line for line in readme.splitlines() if line.startswith("python3 -m venv")]
    (line,) = [line for line in lines if line.replace('"', "").endswith(last)]
    ended = stranger.run("sh", "-c", line)
    assert ended.returncode == 0, ended.stderr
    by_hand = stranger.asked()
    assert by_hand[0] == "-m venv .venv"  # make takes what is left of a half-made one away as well
    assert by_hand[1] == {"site": ENVIRONMENT[-1], "test": TESTS_TOO[-1]}[target]
    assert by_hand[2:] == [last]


def test_readme_starts_with_the_two_commands(readme):
    first = readme.split("```")[1].splitlines()
    assert [line.split("#")[0].strip() for line in first if line.startswith("make")] == [
        "make site",
        "make test",
    ]


def test_readme_names_every_folder_and_target(readme, root):
    folders = [path.name for path in root.iterdir() if path.is_dir() and not path.name.startswith((".", "_"))]
    unnamed = [name for name in folders if f"`{name}/`" not in readme and name != "__pycache__"]
    targets = re.findall(r"^([a-z]+):.*##", (root / "Makefile").read_text(encoding="utf-8"), re.MULTILINE)
    assert unnamed == []
    assert [name for name in targets if f"make {name}" not in readme] == []


# --- continuous integration


def test_every_file_that_contributing_names_is_there(root):
    text = (root / "CONTRIBUTING.md").read_text(encoding="utf-8")
    named = [one for one in re.findall(r"`([\w./-]+/[\w./-]*|[\w-]+\.\w+)`", text)]
    assert len(named) > 40
    assert [one for one in named if not (root / one).exists() and not (root / "surveybook" / one).exists()] == []


def test_continuous_integration_builds_and_checks_and_runs_all_tests(root):
    script = root / ".ci" / "run"
    lines = [line.split(" <")[0] for line in script.read_text(encoding="utf-8").splitlines()]
    assert [line for line in lines if line.startswith("make ")] == [
        "make site",
        "make check",
        "make test ALL=1",
        "make lint",
    ]
    assert os.access(script, os.X_OK)
    subprocess.run(["bash", "-n", str(script)], check=True)


# --- locked requirements


def locked(path: Path) -> dict[str, set[str]]:
    """The versions a lock file gives to each package; more than one where they differ by Python version."""
    versions: dict[str, set[str]] = {}
    for name, version in re.findall(r"^([a-z0-9-]+)==(\S+)", path.read_text(encoding="utf-8"), re.MULTILINE):
        versions.setdefault(name, set()).add(version)
    return versions


@pytest.mark.parametrize("name", ["requirements.txt", "requirements-dev.txt", "requirements-uv.txt"])
def test_every_locked_package_has_hashes_and_no_host_is_named(name, root):
    text = (root / name).read_text(encoding="utf-8")
    entries = re.split(r"^(?=[a-z0-9])", text, flags=re.MULTILINE)[1:]
    assert [entry.split()[0] for entry in entries if "--hash=sha256:" not in entry] == []
    assert "://" not in text and "--index" not in text and "--find-links" not in text


def test_every_direct_dependency_is_locked_and_the_tests_lock_repeats_the_sites(root, settings):
    site, tests = locked(root / "requirements.txt"), locked(root / "requirements-dev.txt")
    direct, extra = (
        {re.match(r"[a-z0-9_-]+", name)[0].replace("_", "-") for name in names}
        for names in (settings["project"]["dependencies"], settings["project"]["optional-dependencies"]["dev"])
    )
    assert direct <= set(site)
    assert direct | extra <= set(tests)
    assert {name: tests.get(name) for name in site} == site


# --- licences and citation


def test_code_and_text_have_their_licences(root, settings):
    assert (root / "LICENSE").read_text(encoding="utf-8").startswith("MIT License\n")
    assert settings["project"]["license"] == "MIT"
    notice = (root / "LICENSE-data").read_text(encoding="utf-8")
    assert "SPDX-License-Identifier: CC-BY-4.0" in notice
    assert "https://creativecommons.org/licenses/by/4.0/" in notice


def test_the_citation_file_cites_the_report_and_gives_each_part_its_licence(citation, settings):
    report = citation["preferred-citation"]
    assert citation["cff-version"] == "1.2.0" and citation["message"]
    assert (citation["type"], citation["license"]) == ("software", settings["project"]["license"])
    assert (report["type"], report["license"]) == ("report", "CC-BY-4.0")
    assert citation["version"] == report["version"]  # of the report; the tool has its own
    for same in ("title", "authors", "date-released"):
        assert citation[same] == report[same], same
    assert (report["year"], report["month"]) == tuple(map(int, citation["date-released"].split("-")[:2]))


def test_the_book_has_the_title_author_and_date_of_the_citation_file(book, citation):
    (author,) = citation["authors"]
    assert book["title"] == citation["title"]
    assert book["author"] == author["name"]
    assert str(book["date"]) == str(citation["date-released"])


# --- both builders


def test_quarto_by_hand_uses_the_projects_python_and_writes_where_make_site_does(root):
    assert (root / "_environment").read_text(encoding="utf-8") == "QUARTO_PYTHON=.venv/bin/python\n"
    project = yaml.safe_load((root / "_quarto.yml").read_text(encoding="utf-8"))["project"]
    assert project["output-dir"] == "site"


# --- the direction of imports


def lint(folder: Path) -> subprocess.CompletedProcess[str]:
    program = Path(sys.executable).with_name("lint-imports")
    return subprocess.run([program, "--no-cache", "--no-logo"], cwd=folder, capture_output=True, text=True)


def test_what_takes_long_to_import_is_imported_where_it_is_needed(root):
    command = [sys.executable, "-c", "import sys, analysis; print(*sys.modules)"]
    seen = subprocess.run(command, cwd=root, capture_output=True, text=True, check=True).stdout.split()
    assert "scipy.special" in seen and not {"scipy.stats", "scipy.optimize", "statsmodels", "duckdb"} & set(seen)


def test_imports_run_one_way(root):
    ended = lint(root)
    assert ended.returncode == 0, ended.stdout


WINGS = ("survey", "publish", "render")
FORBIDDEN = [
    *((f"surveybook.{one}", f"surveybook.{other}") for one in WINGS for other in WINGS if one != other),
    *((f"surveybook.{wing}", f"surveybook.{command}") for wing in WINGS for command in ("cli", "commands")),
    *((f"surveybook.{wing}", "analysis") for wing in WINGS),
    ("analysis", "surveybook.publish"),
    ("analysis", "surveybook.render"),
    ("surveybook.survey.data", "surveybook.survey.show"),
    ("surveybook.survey.stats", "surveybook.survey.verdicts"),
]


def test_each_import_against_the_direction_is_found(root, tmp_path):
    shutil.copy(root / "pyproject.toml", tmp_path)
    for package in ("analysis", "surveybook"):
        shutil.copytree(root / package, tmp_path / package, ignore=shutil.ignore_patterns("__pycache__"))
    for number, (importer, imported) in enumerate(FORBIDDEN):
        module = tmp_path.joinpath(*importer.split("."), f"module_{number}.py")
        module.write_text(f"import {imported}\n", encoding="utf-8")
    found = lint(tmp_path)
    assert found.returncode == 1
    for number, (importer, imported) in enumerate(FORBIDDEN):
        assert re.search(rf"{importer}.module_{number} ->\s+{imported}\b", found.stdout), (importer, imported)

@pytest.mark.parametrize("package", ["analysis", "surveybook"])
def test_every_file_of_a_room_stands_in_the_table_of_the_room(root, package):
    """Who looks for something reads what a folder says of itself, and finds each file by its question."""
    rooms = [path for path in sorted((root / package).rglob("__init__.py")) if "skeleton" not in path.parts]
    assert len(rooms) > 3
    for room in rooms:
        rows = " ".join(line.rpartition("|")[0].rpartition("|")[2] or line for line in
                        ast.get_docstring(ast.parse(room.read_text(encoding="utf-8"))).splitlines())
        files = {path.stem for path in room.parent.glob("*.py")} - {"__init__", "__main__"}
        rooms_inside = {path.parent.name for path in room.parent.glob("*/__init__.py")}
        missing = {name for name in files | rooms_inside if not re.search(rf"\b{name}\b", rows)}
        assert not missing, f"{room.relative_to(root)} does not say what these are for: {', '.join(sorted(missing))}"
