"""The tool as somebody else has it: a wheel, installed where there is no checkout, makes a book beside none of its own
files."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
import sysconfig
import zipfile
from pathlib import Path

import pytest
from project import ROOT, STRANGE, files_of

from surveybook.cli import parser

# The commands, and what each is for
COMMANDS = next(action for action in parser()._actions if action.dest == "command").choices


def said(*command: object, folder: Path, **surroundings: str) -> str:
    """What a program prints that knows nothing of this checkout: no variable leads Python to it."""
    alone = {name: value for name, value in os.environ.items() if not name.startswith("PYTHON")}
    ended = subprocess.run(list(map(str, command)), cwd=folder, env={**alone, "BUILDER": "renderer", **surroundings},
                           capture_output=True, text=True, stdin=subprocess.DEVNULL)
    assert ended.returncode == 0, ended.stdout + ended.stderr
    return ended.stdout


@pytest.fixture(scope="module")
def wheel(project_copy, tmp_path_factory) -> Path:
    """The wheel of the distribution, built from a copy of the checkout, by nothing that must be downloaded."""
    source, folder = project_copy(tmp_path_factory.mktemp("source") / "checkout"), tmp_path_factory.mktemp("wheel")
    said(sys.executable, "-m", "pip", "wheel", source, "--no-deps", "--no-build-isolation", "--no-index", "--quiet",
         "--disable-pip-version-check", "--wheel-dir", folder, folder=folder)
    (made,) = folder.glob("*.whl")
    return made


@pytest.fixture(scope="module")
def installed(wheel, tmp_path_factory) -> Path:
    """The folder of programs of an environment that holds the tool, and what it needs from this one's packages."""
    environment = tmp_path_factory.mktemp("environment")
    said(sys.executable, "-m", "venv", "--without-pip", environment, folder=environment)
    (packages,) = environment.glob("lib/python*/site-packages")
    packages.joinpath("needed.pth").write_text(f"{sysconfig.get_path('purelib')}\n", encoding="utf-8")
    said(sys.executable, "-m", "pip", "--python", environment / "bin" / "python", "install", "--no-deps", "--no-index",
         "--quiet", "--no-compile", "--disable-pip-version-check", wheel, folder=environment)
    return environment / "bin"


def kept_by_git() -> set[str]:
    """The files of the tool: those that git keeps, or those of a checkout without git but for what Python writes."""
    ended = subprocess.run(["git", "ls-files", "surveybook"], cwd=ROOT, capture_output=True, text=True)
    if ended.returncode == 0 and ended.stdout:
        return {name for name in ended.stdout.splitlines() if (ROOT / name).is_file()}
    return {path.relative_to(ROOT).as_posix() for path in (ROOT / "surveybook").rglob("*")
            if path.is_file() and "__pycache__" not in path.parts}


def test_the_wheel_holds_every_file_of_the_tool_and_none_of_the_report(wheel):
    with zipfile.ZipFile(wheel) as archive:
        held = {name for name in archive.namelist() if ".dist-info/" not in name}
    assert sorted(kept_by_git() - held) == []
    assert {name.split("/")[0] for name in held} == {"surveybook"}
    assert {"surveybook/py.typed", "surveybook/theme/report.css", "surveybook/render/pages.lua"} <= held


def test_the_installed_tool_is_the_wheels_and_not_the_checkouts(installed, tmp_path):
    where = said(installed / "python", "-c", "import surveybook; print(surveybook.__file__)", folder=tmp_path).strip()
    assert Path(where).is_relative_to(installed.parent)


def test_a_book_elsewhere_and_in_other_surroundings_is_rendered_checked_and_the_same_as_with_the_checkouts_tool(
    installed, small_copy, small, tmp_path
):
    book = small_copy(tmp_path / "somewhere else" / "book")
    told = said(installed / "surveybook", "build", folder=book, **STRANGE).splitlines()[-1]
    assert re.fullmatch(r"site: 8 pages, .* with the bundled renderer; open site/index\.html", told)
    one, other = files_of(small), files_of(book / "site")
    assert sorted(one) == sorted(other)
    assert [name for name in one if one[name] != other[name]] == ["manifest.json"], "it says which tool made the rest"


def test_the_help_of_the_installed_tool_names_each_command(installed, tmp_path, monkeypatch):
    monkeypatch.setenv("COLUMNS", "80")
    told = said(installed / "surveybook", "--help", folder=tmp_path)
    assert told == parser().format_help()


@pytest.mark.parametrize("command", ["", *COMMANDS])
def test_the_help_of_each_command_tells_what_it_does(command, capsys):
    with pytest.raises(SystemExit, match="0"):
        parser().parse_args([*command.split(), "--help"])
    told = capsys.readouterr().out
    assert told.startswith(f"usage: surveybook {command}".strip())
    words = re.split(r"\n\n", told)[1]
    assert len(words.split()) > 5
    if not command:
        assert set(COMMANDS) <= set(re.findall(r"^    ([\w-]+)(?: |$)", told, re.MULTILINE))


def test_a_report_that_the_installed_tool_makes_brings_it_along(installed, wheel, tmp_path):
    said(installed / "surveybook", "new", "my-report", "--author", "Ada", folder=tmp_path)
    report = tmp_path / "my-report"
    with zipfile.ZipFile(*(report / "wheels").iterdir()) as brought, zipfile.ZipFile(wheel) as first:
        tool = [name for name in first.namelist() if ".dist-info/" not in name]
        assert [name for name in tool if brought.read(name) != first.read(name)] == []
        (about,) = (name for name in brought.namelist() if name.endswith("/METADATA"))
        headers, _, description = first.read(about).decode().partition("\n\n")
        assert description and brought.read(about).decode() == f"{headers}\n"  # not the README of another report
    said(sys.executable, "-m", "venv", "--without-pip", ".venv", folder=report)
    said(sys.executable, "-m", "pip", "--python", ".venv/bin/python", "install", "--no-deps", "--no-index", "--quiet",
         "--no-compile", "--disable-pip-version-check", "--find-links", "wheels", "--requirement", "requirements.txt",
         folder=report)
    told = said(report / ".venv" / "bin" / "surveybook", "--version", folder=report)
    assert told.strip() == said(installed / "surveybook", "--version", folder=tmp_path).strip()
    where = said(report / ".venv/bin/python", "-c", "import surveybook; print(surveybook.__file__)", folder=report)
    assert Path(where.strip()).is_relative_to(report)


def spoil(name: str, environment: Path) -> None:
    """Leave an environment as an installation does that was killed, or a Python that was removed."""
    if name == "its Python is gone":
        for link in environment.glob("bin/python*"):
            link.unlink()
            link.symlink_to("/nowhere/python")
    elif name == "its settings are gone":
        (environment / "pyvenv.cfg").unlink()
    elif name == "half of a package is there":
        (about,) = environment.glob("lib/python*/site-packages/pip-*.dist-info")
        other = about.with_name("half-1.0.dist-info")
        other.mkdir()
        (other / "METADATA").write_text("Metadata-Version: 2.1\nName: half\nVersion: 1.0\n")
        (other / "RECORD").write_text("half/__init__.py,sha256=0,1\n")
    else:
        shutil.rmtree(next(environment.glob("lib/python*/site-packages/pip")) / "_internal")
    for stamp in environment.glob("*.stamp"):
        stamp.unlink()


@pytest.mark.parametrize("name", [
    pytest.param("its Python is gone", marks=pytest.mark.exhaustive),
    pytest.param("its settings are gone", marks=pytest.mark.exhaustive),
    pytest.param("half of pip is there", marks=pytest.mark.exhaustive),
    pytest.param("half of a package is there", marks=pytest.mark.exhaustive),
])
def test_an_environment_that_is_half_made_is_made_again(name, tmp_path):
    shutil.copy(ROOT / "Makefile", tmp_path)
    for file in ("requirements.txt", "requirements-dev.txt"):
        (tmp_path / file).write_text("")  # nothing is asked of anybody
    command = ("make", "-j", f"PYTHON={sys.executable}", ".venv/test.stamp", ".venv/site.stamp")
    said(*command, folder=tmp_path)
    spoil(name, tmp_path / ".venv")
    said(*command, folder=tmp_path)
    inside = "import pip._internal, sys; print(sys.prefix)"
    assert said(tmp_path / ".venv/bin/python", "-c", inside, folder=tmp_path).strip() == str(tmp_path / ".venv")
    assert not list(tmp_path.glob(".venv/lib/python*/site-packages/half*"))
    assert "installing" not in said(*command, folder=tmp_path)


def test_a_new_report_makes_its_environment_as_this_one_does():
    files = [path.read_text("utf-8") for path in (ROOT / "Makefile", ROOT / "surveybook/skeleton/report/Makefile")]
    here, there = (text.partition("$(VENV)/bin/python:\n")[2].partition("\n\n")[0] for text in files)
    assert here == there and "--clear" in here
    here, there = (text.partition("\nWHOLE :=")[2].partition("$(VENV); }\n")[0] for text in files)
    assert here == there and "RECORD" in here
