"""A published site is tampered with: `verify` has to find it, also where the manifest was made to fit."""

from __future__ import annotations

import hashlib
import json
import os
import random
import shutil
from collections.abc import Callable
from pathlib import Path

from benchmarks.chaos.book import States, Trial, flip_bit, last_line, run_tool

FITTED = 20  # in each twentieth the manifest is made to fit, so that only building the book anew can tell


def tamper(folder: Path, states: States, seed: int, number: int, say: Callable[[str], None]) -> Trial:
    """Tamper with `number` copies of the site as it is published, and verify each."""
    folder.mkdir()
    trial, found = Trial(say), 0
    book = states[0].copy(folder / "book")
    run_tool(book, "publish").check_returncode()
    whole, outside = book / "public", folder / "no report"
    outside.mkdir()
    if run_tool(book, "verify", str(whole)).returncode:
        trial.fault("the site as it was published was not verified")
    for one in range(number):
        choice, copy = random.Random(f"tamper {seed} {one}"), folder / "copy"
        shutil.copytree(whole, copy)
        fitted = one % FITTED == FITTED - 1
        what = tamper_with(copy, choice, fitted)
        ended = run_tool(book if fitted else outside, "verify", str(copy))
        told = any(sign in ended.stdout for sign in "\x1b\r")
        if ended.returncode == 0 or told or "Traceback" in ended.stderr:
            trial.fault(f"tampering {one + 1} ({what}) was not found as it should be ({last_line(ended)})")
        else:
            found += 1
        shutil.rmtree(copy)
    trial.told = f"{number} tamperings with a published site: {found} found"
    say(trial.told)
    return trial


def tamper_with(site: Path, choice: random.Random, fitted: bool) -> str:
    """Change one thing of a site, and have the manifest `fitted` where that can be; what was done to which file."""
    names = sorted(path.relative_to(site).as_posix() for path in site.rglob("*")
                   if path.is_file() and path.name != "manifest.json" and path.stat().st_size)
    name, other = choice.sample(names, 2)
    plain = (flip, append, cut, exchange, delete, add)
    how = choice.choice(plain if fitted else (*plain, lead_away, link_folder, dangle, lay_pipe, make_folder, color,
                                              list_more, list_less, relist))
    how(site, site / name, site / other, choice)
    if fitted:
        fit(site)
    return f"{how.__name__}{' and fit' if fitted else ''}: {name}"


def flip(site: Path, path: Path, other: Path, choice: random.Random) -> None:
    flip_bit(path, choice)


def append(site: Path, path: Path, other: Path, choice: random.Random) -> None:
    path.write_bytes(path.read_bytes() + choice.choice([b"\n", b" ", b"\0", b"<script>alert(1)</script>"]))


def cut(site: Path, path: Path, other: Path, choice: random.Random) -> None:
    path.write_bytes(path.read_bytes()[:choice.randrange(path.stat().st_size)])


def exchange(site: Path, path: Path, other: Path, choice: random.Random) -> None:
    path.write_bytes(path.read_bytes() + b"\n" if path.read_bytes() == other.read_bytes() else other.read_bytes())


def delete(site: Path, path: Path, other: Path, choice: random.Random) -> None:
    path.unlink()


def add(site: Path, path: Path, other: Path, choice: random.Random) -> None:
    name = choice.choice(["login.html", ".htaccess", "index.html.bak", "Index.html", "a b.html"])
    path.with_name(name).write_text("x")


def lead_away(site: Path, path: Path, other: Path, choice: random.Random) -> None:
    """A file is a link to one that holds the same."""
    path.rename(site.parent / "elsewhere")
    path.symlink_to(site.parent / "elsewhere")


def link_folder(site: Path, path: Path, other: Path, choice: random.Random) -> None:
    (path.parent / "more").symlink_to(choice.choice(["/etc", "."]))


def dangle(site: Path, path: Path, other: Path, choice: random.Random) -> None:
    (path.parent / "page.html").symlink_to("nowhere")


def lay_pipe(site: Path, path: Path, other: Path, choice: random.Random) -> None:
    os.mkfifo(path.parent / "page.html")


def make_folder(site: Path, path: Path, other: Path, choice: random.Random) -> None:
    (path.parent / "empty" / "er").mkdir(parents=True)


def color(site: Path, path: Path, other: Path, choice: random.Random) -> None:
    """A name that a terminal would obey."""
    (path.parent / choice.choice(["\x1b[2Jindex.html", "a\ridentical", "b\nidentical: all of it"])).write_text("x")


def list_more(site: Path, path: Path, other: Path, choice: random.Random) -> None:
    """The manifest lists what no site has."""
    change(site, lambda files: files.update({choice.choice(["/etc/passwd", "../x", "gone.html", "chapters"]): {
        "bytes": 1, "sha256": "0" * 64}}))


def list_less(site: Path, path: Path, other: Path, choice: random.Random) -> None:
    change(site, lambda files: files.pop(path.relative_to(site).as_posix()))


def relist(site: Path, path: Path, other: Path, choice: random.Random) -> None:
    """The manifest says something else of a file."""
    change(site, lambda files: files[path.relative_to(site).as_posix()].update(
        choice.choice([{"bytes": -1}, {"sha256": None}, {"sha256": "0" * 64}])))


def change(site: Path, how: Callable[[dict], object]) -> None:
    told = json.loads((site / "manifest.json").read_bytes())
    how(told["files"])
    (site / "manifest.json").write_text(json.dumps(told, indent=1) + "\n")


def fit(site: Path) -> None:
    """Have the manifest list the files as they are now."""
    told = json.loads((site / "manifest.json").read_bytes())
    found = {path.relative_to(site).as_posix(): path.read_bytes() for path in sorted(site.rglob("*"))
             if path.is_file() and path.name != "manifest.json"}
    told["files"] = {name: {"bytes": len(content), "sha256": hashlib.sha256(content).hexdigest()}
                     for name, content in sorted(found.items())}
    (site / "manifest.json").write_text(json.dumps(told, indent=1) + "\n")
