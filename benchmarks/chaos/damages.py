"""What is kept between builds (`.cache/`) is damaged: none of it may reach the site."""

from __future__ import annotations

import os
import random
import shutil
from collections.abc import Callable, Sequence
from pathlib import Path

from benchmarks.chaos.book import States, Trial, entries, flip_bit, last_line, run_tool

AT_ONCE = 20  # damages before a build
APART = {"build.lock"}  # empty, and never read


def damage_cache(folder: Path, states: States, seed: int, number: int, say: Callable[[str], None]) -> Trial:
    """Damage `number` entries in all, some before each build of a book that has not changed."""
    folder.mkdir()
    trial, wrong, builds, done = Trial(say), 0, 0, 0
    book = states[0].copy(folder / "book")
    while done < number:
        choice, told = random.Random(f"damage {seed} {builds}"), []
        for _ in range(min(AT_ONCE, number - done)):
            told.append(damage_one(book / ".cache", choice))
            done += 1
        if not any("receipt.json" in one for one in told):  # else nothing is built
            (book / ".cache" / "receipt.json").unlink(missing_ok=True)
        builds += 1
        ended, site = run_tool(book, "build"), entries(book / "site")
        known = states[0].site
        other = sorted(name for name in site.keys() | known.keys() if site.get(name) != known.get(name))
        wrong += len(other)
        if ended.returncode or other or "Traceback" in ended.stderr:
            trial.fault(f"{'; '.join(told)}: wrong are {', '.join(other[:3]) or 'none'} ({last_line(ended)})")
            shutil.rmtree(book)
            states[0].copy(book)
    trial.told = f"{number} damages of what is kept, in {builds} builds: {wrong} files of the site wrong"
    say(trial.told)
    return trial


def damage_one(cache: Path, choice: random.Random) -> str:
    """Damage one entry, or two of them; which, and how."""
    kept = sorted(path for path in cache.rglob("*") if path.is_file() and not path.is_symlink()
                  and path.name not in APART)
    path, other = choice.sample(kept, 2)
    how = choice.choice([flip, truncate, empty, swap, replace, scramble, link, remove, obstruct, pipe])
    how(path, other, choice)
    return f"{how.__name__} {path.relative_to(cache)}"


def flip(path: Path, other: Path, choice: random.Random) -> None:
    flip_bit(path, choice)


def truncate(path: Path, other: Path, choice: random.Random) -> None:
    path.write_bytes(path.read_bytes()[:choice.randrange(path.stat().st_size + 1)])


def empty(path: Path, other: Path, choice: random.Random) -> None:
    path.write_bytes(b"")


def swap(path: Path, other: Path, choice: random.Random) -> None:
    """Two entries change their places, of one kind where it has two."""
    near = [one for one in alike(path) if one != path]
    other = choice.choice(near) if near and choice.random() < 0.7 else other
    one, two = path.read_bytes(), other.read_bytes()
    path.write_bytes(two)
    other.write_bytes(one)


def replace(path: Path, other: Path, choice: random.Random) -> None:
    """An entry holds what one of another kind does."""
    path.write_bytes(other.read_bytes())


def scramble(path: Path, other: Path, choice: random.Random) -> None:
    """It holds what no builder wrote."""
    path.write_bytes(choice.choice([b"null", b"[]", b"{}", b"0", b"[" * 5000, b'{"key": {}}', choice.randbytes(100)]))


def link(path: Path, other: Path, choice: random.Random) -> None:
    path.unlink()
    path.symlink_to(choice.choice([other, "nowhere", path.name]))


def remove(path: Path, other: Path, choice: random.Random) -> None:
    path.unlink()


def obstruct(path: Path, other: Path, choice: random.Random) -> None:
    """A folder with something in it takes its place."""
    path.unlink()
    path.mkdir()
    (path / "file").write_bytes(b"mine")


def pipe(path: Path, other: Path, choice: random.Random) -> None:
    path.unlink()
    os.mkfifo(path)


def alike(path: Path) -> Sequence[Path]:
    return sorted(one for one in path.parent.iterdir() if one.is_file() and not one.is_symlink())
