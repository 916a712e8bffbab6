"""What does a new report begin with?  `report/` holds its files as they are; here they get a title, authors, a licence.

A new report brings along the tool that made it, as a wheel (wheel.py), so that its two commands work wherever the
tool's own requirements can be installed, whether or not an index has the tool. Its example, a study of nobody, goes
where somebody has answers already.
"""

from __future__ import annotations

import json
import re
import shutil
import subprocess
import tempfile
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from surveybook import __version__
from surveybook.clock import today
from surveybook.errors import Refusal
from surveybook.skeleton.wheel import write_wheel

FILES = Path(__file__).resolve().parent / "report"
SETTINGS, WHEELS = "_quarto.yml", "wheels"
FILLED_IN = ("CITATION.cff", SETTINGS, "README.md", "CONTRIBUTING.md", "requirements.txt")  # what has blanks
# The files of the example, and what others say of it: {{#example}} ... {{/example}}
EXAMPLE = re.compile(r"index\.qmd|data/readers/.*|chapters/readers.*\.qmd|tests/test_readers\.py")
OF_EXAMPLE = re.compile(r"\{\{#example\}\}\n(.*?)\{\{/example\}\}\n", re.DOTALL)
PLACE = re.compile(r"\{\{(\w+)\}\}")
NAME = re.compile(r"[^\W_]([\w.-]*\w)?")
SPDX = re.compile(r"[A-Za-z0-9][A-Za-z0-9.+-]*")
LICENCE, NOBODY = "CC-BY-4.0", "The authors"


@dataclass(frozen=True)
class Beginning:
    """What is said of a report that is made: `authors` as “Family, Given” for a person, else as they stand."""

    title: str
    authors: tuple[str, ...]
    licence: str
    day: date

    def words(self) -> dict[str, str]:
        """What stands for each name in the files: YAML, but for `heading` and `version`."""
        people = [_person(one) for one in self.authors]
        names = [one.get("name") or f"{one['given-names']} {one['family-names']}" for one in people]
        entries = ("\n    ".join(f"{key}: {_quoted(value)}" for key, value in one.items()) for one in people)
        return {
            "title": _quoted(self.title), "heading": self.title, "licence": self.licence, "date": self.day.isoformat(),
            "authors": "\n".join(f"  - {entry}" for entry in entries), "version": __version__,
            "names": _quoted(", ".join(names)),
        }


def make_report(place: Path, title: str = "", authors: Sequence[str] = (), licence: str = "",
                fill: Callable[[Path], None] | None = None) -> Beginning:
    """Write a report that builds at once into the folder `place`, which is made; what is said of it.

    Without a title it is called as its folder; without authors it is whose name git knows. Raises Refusal, one
    sentence, for a name or a word that cannot be used, a folder with something in it, and one inside of another report;
    then nothing is written. `fill` puts a study, and a first page, into a report that has no example; whatever it
    raises, nothing is written.
    """
    place = place.resolve()
    _refuse_place(place)
    said = Beginning(_line(title, "--title") if title else _title_of(place.name),
                     tuple(_line(one, "--author") for one in authors) or (_own_name(),), licence or LICENCE, today())
    if not SPDX.fullmatch(said.licence):
        raise Refusal(f"“{said.licence}” is no name of a licence that programs know; write that of SPDX, such as "
                      "CC-BY-4.0, CC0-1.0 or MIT")
    with tempfile.TemporaryDirectory() as workshop:
        for name, content in _files(said.words(), fill is None).items():
            path = Path(workshop) / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(content)
            if content.startswith(b"#!"):
                path.chmod(0o755)
        if fill:
            fill(Path(workshop))
        shutil.copytree(workshop, place, dirs_exist_ok=True, ignore=shutil.ignore_patterns("__pycache__", ".cache"))
    return said


def _files(words: Mapping[str, str], example: bool) -> dict[str, bytes]:
    """Every file of the report by its path."""
    found = {path.relative_to(FILES).as_posix(): path.read_bytes() for path in sorted(FILES.rglob("*"))
             if path.is_file() and not {"__pycache__", ".cache"} & set(path.parts)}
    for name in FILLED_IN:
        text = OF_EXAMPLE.sub(r"\1" if example else "", found[name].decode())
        found[name] = PLACE.sub(lambda place: words[place[1]], text).encode()
    if not example:
        found = {name: content for name, content in found.items() if not EXAMPLE.fullmatch(name)}
    wheel, content = write_wheel()
    return {**found, f"{WHEELS}/{wheel}": content}


def _refuse_place(place: Path) -> None:
    """Raise Refusal where no report can be made."""
    if not NAME.fullmatch(place.name):
        mended = re.sub(r"[^\w.-]+", "-", place.name).strip("-_.") or "my-report"
        raise Refusal(f"“{place.name}” is no name for the folder of a report; use letters, digits, “-”, “_” and “.” in "
                      f"it, such as {mended}")
    if place.exists() and not place.is_dir():
        raise Refusal(f"{place.name} is a file already; choose another name")
    if place.is_dir() and {one.name for one in place.iterdir()} - {".git"}:
        raise Refusal(f"{place.name} is a folder with something in it, which could be lost; choose another name, or "
                      "empty it")
    for above in (place, *place.parents):
        if (above / SETTINGS).is_file():
            raise Refusal(f"{above} is a report already ({SETTINGS}), and a report inside of another one would be "
                          "taken for a part of it; go to another folder")


def _line(words: str, option: str) -> str:
    """The words, which have to be one line. Raises Refusal."""
    found = words.strip()
    if not found or not found.isprintable():
        raise Refusal(f"{option} is empty, or more than a line; write it in one line")
    return found


def _title_of(name: str) -> str:
    """“My report” for my-report."""
    words = re.sub(r"[-_.]+", " ", name)
    return words[:1].upper() + words[1:]


def _own_name() -> str:
    """The name that git would put on a commit here; NOBODY where it knows none."""
    try:
        ended = subprocess.run(["git", "config", "user.name"], capture_output=True, text=True, stdin=subprocess.DEVNULL)
    except OSError:
        return NOBODY
    found = ended.stdout.strip()
    return found if found and found.isprintable() else NOBODY


def _person(name: str) -> dict[str, str]:
    """The entry of an author in CITATION.cff. Raises Refusal for a name with several commas."""
    family, comma, given = (part.strip() for part in name.partition(","))
    if not comma:
        return {"name": name}
    if not family or not given or "," in given:
        raise Refusal(f"“{name}” could be several people; give each an --author, as “Family, Given” or “Name”")
    return {"family-names": family, "given-names": given}


def _quoted(words: str) -> str:
    """A text in double quotes, as both JSON and YAML have it."""
    return json.dumps(words, ensure_ascii=False)
