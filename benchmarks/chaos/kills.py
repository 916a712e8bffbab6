"""A build is killed at some moment: the command alone, one of the processes that it started, or all of them."""

from __future__ import annotations

import os
import random
import shutil
import signal
import subprocess
import time
from collections import Counter
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

from benchmarks.chaos.book import State, States, Trial, command, entries, environment, last_line, run_tool, state_of
from benchmarks.measure import tree

WHOLE = 10  # each tenth build is left to its end, and each fifth of these has nothing kept to begin with
WORK = 20  # seconds of processor time that what a killed build had started may take to end, however busy the machine is
WAIT = 900  # seconds by the clock, for what is idle


def kill_builds(folder: Path, states: States, seed: int, number: int, say: Callable[[str], None]) -> Trial:
    """Kill builds until `number` were; each would have led from one state of the book to the other one."""
    folder.mkdir()
    book, trial, found = states[0].copy(folder / "book"), Trial(say), Counter[str]()
    now, longest, tried = states[0], 0.0, 0
    while found.total() < number:
        choice = random.Random(f"kill {seed} {tried}")
        before, after = now, states[1 - states.index(now)]
        after.put(book)
        if tried % (WHOLE * 5) == 0:
            while (book / ".cache").exists():  # what a kill has left may still write into it
                shutil.rmtree(book / ".cache", ignore_errors=True)
        if tried % WHOLE == 0:
            started = time.monotonic()
            ended = run_tool(book, "build")
            longest = time.monotonic() - started
            if ended.returncode or state_of(book / "site", states) != after:
                trial.fault(f"after {found.total()} kills a build was wrong ({last_line(ended)})")
                after = renew(book, states)
            elif left := sorted(listed(book) - listed(after.folder)):
                trial.fault(f"after {found.total()} kills and a build there is {', '.join(left)}")
            now = after
        elif whom := kill_build(book, choice, longest, trial):
            now = state_of(book / "site", states)
            found["old" if now == before else "new" if now == after else "lost"] += 1
            if now is None:
                trial.fault(f"kill {found.total()}, of {whom}, left a site that is neither the old nor the new one")
                now = renew(book, states)
        else:
            now = after
            if state_of(book / "site", states) != after:
                found_there, right = entries(book / "site"), after.site
                wrong = sorted(name for name in {**found_there, **right} if found_there.get(name) != right.get(name))
                trial.fault(f"a build that did not need what was killed left a wrong site: {', '.join(wrong[:5])}")
                now = renew(book, states)
        tried += 1
    trial.told = (f"{number} kills: {found['old']} times the old site whole, {found['new']} the new, "
                  f"{found['lost']} lost")
    say(trial.told)
    return trial


def kill_build(book: Path, choice: random.Random, longest: float, trial: Trial) -> str:
    """Start a build and kill it; what of it was killed, or nothing where it had ended before."""
    process = subprocess.Popen(command("build"), cwd=book, env=environment(book), stdin=subprocess.DEVNULL,
                               stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    with suppress(subprocess.TimeoutExpired):
        if process.wait(choice.uniform(0, longest)) == 0:
            return ""
    started = list(tree(process.pid))
    whom = choice.choice(["the command", "one process", "all processes"])
    victims = {"the command": started[:1], "one process": [choice.choice(started)], "all processes": started}[whom]
    for victim in victims:
        with suppress(ProcessLookupError):
            os.kill(victim, signal.SIGKILL)
    if process.wait() == 0:  # it was so far that it needed that process no more
        return ""
    until, before = time.monotonic() + WAIT, {one: worked(one) for one in started}
    while left := [one for one in started if runs(one)]:
        if time.monotonic() > until or any(worked(one) > before[one] + WORK for one in left):
            trial.fault(f"after the kill of {whom} there still run: {'; '.join(map(name_of, left))}")
            for one in left:
                with suppress(ProcessLookupError):
                    os.kill(one, signal.SIGKILL)
        time.sleep(0.05)
    return whom


def listed(book: Path) -> set[str]:
    """The names in a book's folder and in that for what is kept."""
    return {path.name for path in (*book.iterdir(), *(book / ".cache").iterdir())}


def runs(process: int) -> bool:
    """Whether a process is there that is not only waited for."""
    with suppress(OSError):
        return Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    return False


def worked(process: int) -> float:
    """Seconds of processor time that a process has taken; none once it is gone."""
    with suppress(OSError):
        user, system = Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()[11:13]
        return (int(user) + int(system)) / os.sysconf("SC_CLK_TCK")
    return 0.0


def name_of(process: int) -> str:
    """How a process was started, in short."""
    with suppress(OSError):
        return Path(f"/proc/{process}/cmdline").read_bytes().replace(b"\0", b" ").decode(errors="replace")[:100].strip()
    return "one that is gone"


def renew(book: Path, states: States) -> State:
    """Begin anew, after a fault."""
    shutil.rmtree(book)
    states[0].copy(book)
    return states[0]
