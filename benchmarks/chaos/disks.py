"""The disk is full after some bytes of a build: in a `tmpfs` of this program alone, which is made small."""

from __future__ import annotations

import os
import random
import shutil
import subprocess
import threading
from collections import Counter
from collections.abc import Callable
from pathlib import Path

from benchmarks.chaos.book import State, States, Trial, last_line, run_tool, state_of

AMPLE = 500_000_000  # bytes
AGAIN = 4  # after each fourth size there is room again, and the book is built


def fill_disk(folder: Path, states: States, seed: int, number: int, say: Callable[[str], None]) -> Trial:
    """Build with room for nothing up to more than enough."""
    folder.mkdir()
    trial, found, kept = Trial(say), Counter[str](), folder.with_name("built")
    if subprocess.run(["mount", "-t", "tmpfs", "-o", f"size={AMPLE}", "tmpfs", folder], capture_output=True).returncode:
        trial.told = "no full disk, as this system gives a program no file system of its own"
        return trial
    try:
        old, new = states
        old.copy(folder / "book")
        shutil.copytree(folder / "book", kept, symlinks=True)
        needed = measure(reset(folder, kept, new, cold=True), folder)
        for one in range(number):
            choice = random.Random(f"disk {seed} {one}")
            book = reset(folder, kept, new, cold=one % 2 == 1)
            room = int(needed * 1.1 * (one + choice.random()) / number)
            resize(folder, used(folder) + room)
            ended = run_tool(book, "build")
            now = state_of(book / "site", states)
            found["lost" if now is None else now.name] += 1
            if now is not (old if ended.returncode else new):
                trial.fault(f"with room for {room} bytes a build ended with {ended.returncode} and the wrong site")
            if "Traceback" in ended.stderr or ended.returncode and "No space left" not in ended.stderr:
                trial.fault(f"with room for {room} bytes a build said: {last_line(ended)}")
            resize(folder, AMPLE)
            if one % AGAIN:
                continue
            ended = run_tool(book, "build")
            if ended.returncode or state_of(book / "site", states) is not new:
                trial.fault(f"after there was room for {room} bytes only, a build with room was wrong: "
                            f"{last_line(ended)}")
    finally:
        subprocess.run(["umount", folder], check=False)
    trial.told = (f"a disk full at {number} sizes (tmpfs): {found['old']} times the old site whole, {found['new']} "
                  f"the new, {found['lost']} lost")
    say(trial.told)
    return trial


def reset(folder: Path, kept: Path, new: State, cold: bool) -> Path:
    """The book with the site of its old state, which now is in its new one."""
    shutil.rmtree(folder / "book")
    book = Path(shutil.copytree(kept, folder / "book", symlinks=True))
    if cold:
        shutil.rmtree(book / ".cache")
    new.put(book)
    return book


def measure(book: Path, folder: Path) -> int:
    """How much room a build takes at the most, in bytes."""
    before, most, ended = used(folder), [0], threading.Event()

    def look() -> None:
        while not ended.wait(0.02):
            most[0] = max(most[0], used(folder))

    watch = threading.Thread(target=look)
    watch.start()
    try:
        run_tool(book, "build").check_returncode()
    finally:
        ended.set()
        watch.join()
    return most[0] - before


def used(folder: Path) -> int:
    """Bytes that are taken on the file system of a folder."""
    known = os.statvfs(folder)
    return (known.f_blocks - known.f_bfree) * known.f_frsize


def resize(folder: Path, size: int) -> None:
    subprocess.run(["mount", "-o", f"remount,size={size}", folder], check=True)
