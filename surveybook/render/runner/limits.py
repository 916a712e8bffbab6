"""What the cells of a page may take: processor time, and time by the clock."""

from __future__ import annotations

import os
import signal
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from typing import Any

import psutil

TICK = 0.05  # seconds between looks at the clock and at the size of what cells have printed


class Clock:
    """What the current step of a process takes: processor time, with what it started, and time by the clock.

    Asking for processor time looks at every process of the machine, so it is asked only when the step could have used
    too much: all processors, since it was last asked.
    """

    def __init__(self, pid: int, limits: dict):
        self.pid, self.limits = pid, limits
        self.begin()

    def begin(self) -> None:
        """A step begins."""
        self.started = time.monotonic()
        self.before: float | None = None  # processor time when the step had run for a moment
        self.due = self.started + min(1.0, self.limits["processor"] / 2)

    def exceeded(self) -> str | None:
        """“time” if the step has used too much processor time, “clock” if it has gone on for too long."""
        now = time.monotonic()
        if now - self.started > self.limits["clock"]:
            return "clock"
        if now < self.due:
            return None
        used = spent(self.pid)
        self.before = used if self.before is None else self.before
        left = self.limits["processor"] - (used - self.before)
        self.due = now + max(left / (os.cpu_count() or 1), TICK)
        return "time" if left < 0 else None


def spent(pid: int) -> float:
    """Processor seconds of a process, of those that it started and of those that ended before it."""
    seconds = 0.0
    with suppress(psutil.Error):
        first = psutil.Process(pid)
        for process in (first, *first.children(recursive=True)):
            with suppress(psutil.Error):
                seconds += sum(process.cpu_times()[:4])
    return seconds


@contextmanager
def stopped_after(limits: dict) -> Iterator[None]:
    """Raise TimeoutError in what is done here, and takes longer than a cell may."""

    def stop(*_: Any) -> None:
        raise TimeoutError

    clocks = ((signal.SIGPROF, signal.ITIMER_PROF, "processor"), (signal.SIGALRM, signal.ITIMER_REAL, "clock"))
    try:
        for number, timer, limit in clocks:
            signal.signal(number, stop)
            signal.setitimer(timer, limits[limit], TICK)
        yield
    finally:
        for number, timer, _ in clocks:
            signal.setitimer(timer, 0)
            signal.signal(number, signal.SIG_DFL)
