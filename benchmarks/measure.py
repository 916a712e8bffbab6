"""How long does a command run, how much work is it, and how much memory do all its processes take?"""

from __future__ import annotations

import os
import platform
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

EVERY = 0.1  # seconds between two looks at the memory


class Stopped(Exception):
    """A measured command failed: one sentence, and what it said last."""


@dataclass(frozen=True)
class Run:
    """One run of a command: wall clock, processor time of all its processes, and their peak memory in bytes.

    The memory is the largest sum seen over all processes that were alive at once, pages they share counted once
    (proportional set size), or the largest single process where the system does not tell that.
    """

    seconds: float
    work: float
    memory: int


def run(command: Sequence[str], folder: Path, environment: Mapping[str, str] | None = None) -> Run:
    """Run a command in a folder to its end. Raises Stopped if it fails."""
    with tempfile.TemporaryFile() as said:
        start = time.perf_counter()
        process = subprocess.Popen(
            command, cwd=folder, env={**os.environ, **(environment or {})},
            stdin=subprocess.DEVNULL, stdout=said, stderr=subprocess.STDOUT,
        )  # fmt: skip
        peak, ended = [0], threading.Event()
        watcher = threading.Thread(target=_watch, args=(process.pid, peak, ended))
        watcher.start()
        try:
            _, status, used = os.wait4(process.pid, 0)
            process.returncode = os.waitstatus_to_exitcode(status)  # so that nobody waits for it again
            seconds = time.perf_counter() - start
        finally:
            ended.set()
            watcher.join()
        if process.returncode:
            said.seek(0)
            last = said.read().decode(errors="replace").strip().splitlines()[-5:]
            raise Stopped("\n".join([f"{' '.join(command)} failed, so nothing is measured; it said", *last]))
    # only where there is nothing better: it counts the process that started the command as well
    largest = used.ru_maxrss * (1 if sys.platform == "darwin" else 1024)
    return Run(seconds, used.ru_utime + used.ru_stime, peak[0] or largest)


def _watch(process: int, peak: list[int], ended: threading.Event) -> None:
    while not ended.wait(EVERY):
        peak[0] = max(peak[0], sum(map(_memory, tree(process))))


def tree(process: int) -> Iterator[int]:
    """A process and all that descend from it."""
    yield process
    with suppress(OSError):
        for thread in Path(f"/proc/{process}/task").iterdir():
            with suppress(OSError):
                for child in (thread / "children").read_text().split():
                    yield from tree(int(child))


def _memory(process: int) -> int:
    with suppress(OSError, StopIteration):
        lines = Path(f"/proc/{process}/smaps_rollup").read_text().splitlines()
        return int(next(line for line in lines if line.startswith("Pss:")).split()[1]) * 1024
    return 0


def machine() -> str:
    """The machine in a line: cores, processor, system, Python."""
    names: list[str] = []
    with suppress(OSError):
        lines = Path("/proc/cpuinfo").read_text().splitlines()
        names = [line.partition(":")[2].strip() for line in lines if line.startswith("model name")]
    processor = names[0] if names else platform.processor() or platform.machine()
    cores = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count()
    return f"{cores} cores ({processor}), {platform.system()}, Python {platform.python_version()}"


def load() -> str:
    """How many processes wanted a core in the last minute: above the number of cores, all times are too long."""
    return f"{os.getloadavg()[0]:.1f}"
