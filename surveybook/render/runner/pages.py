"""The children that run pages, one each: how they begin, what they tell, and what ends them."""

from __future__ import annotations

import json
import os
import select
import selectors
import signal
import sys
import tempfile
from collections.abc import Callable, Iterable, Iterator
from contextlib import suppress

from .following import Follow, Seen, modules
from .limits import TICK, Clock
from .shell import Shell, as_text, run_page


def attend(task: dict, numbers: Iterable[int], running: dict[int, Page], start: Callable[[int], Page],
           answer: Callable[[dict], None]) -> None:
    """Start the pages with these numbers, those with most cells first, pass on what they tell, and end those that take
    or show too much."""
    jobs = task["jobs"]
    waiting = sorted(numbers, key=lambda number: sum("code" in step for step in jobs[number]["steps"]))
    selector = selectors.DefaultSelector()
    selector.register(0, selectors.EVENT_READ)
    while waiting or running:
        while waiting and len(running) < task["workers"]:
            page = start(waiting.pop())
            running[page.number] = page
            selector.register(page.pipe, selectors.EVENT_READ)
        if any(key.fd == 0 for key, _ in selector.select(TICK)):
            return  # the one who asked is gone
        for page in list(running.values()):
            messages = list(page.messages())
            done = bool(messages) and "seen" in messages[-1]
            reason = "printed" if page.shown() > task["limits"]["shown"] else None if done else page.clock.exceeded()
            for message in messages[: -1 if done and reason else None]:  # it did not end well
                answer({"job": page.number, **message})
            if reason or page.over or done:
                selector.unregister(page.pipe)
                status = running.pop(page.number).end()
                if reason or not done:
                    answer({"job": page.number, "broken": page.step, "reason": reason or "ended", "status": status})


class Page:
    """One running child, seen from the warmed process."""

    def __init__(self, shell: Shell, number: int, task: dict, watched: tuple[Follow, Seen, Seen], guard: Guard):
        self.number, self.step, self.rest, self.over, self.told = number, 0, b"", False, 0
        self.files = [tempfile.TemporaryFile(buffering=0) for _ in range(2)]  # noqa: SIM115
        self.pipe, pipe = os.pipe()
        self.pid = os.fork()
        if self.pid == 0:
            guard.note("+", os.getpid())
            os.close(guard.pipe)
            os.close(self.pipe)
            child(shell, task["jobs"][number], *watched, pipe, *(file.fileno() for file in self.files))
        os.close(pipe)
        self.guard = guard
        self.clock = Clock(self.pid, task["limits"])
        os.set_blocking(self.pipe, False)

    def messages(self) -> Iterator[dict]:
        """What the child has told since the last look; `over` is set at the end of its pipe."""
        with suppress(BlockingIOError):
            while True:
                data = os.read(self.pipe, 1 << 20)
                if not data:
                    self.over = True
                    break
                self.rest += data
                self.told += len(data)
        *lines, self.rest = self.rest.split(b"\n")
        for line in lines:
            message = json.loads(line)
            if "step" in message:
                self.step = message["step"]
                self.clock.begin()
            else:
                yield message

    def shown(self) -> int:
        """Bytes that the page's cells have printed, shown or raised."""
        return self.told + sum(os.fstat(file.fileno()).st_size for file in self.files)

    def end(self) -> int:
        """Kill what is left of the page's processes, and give the exit status of the first."""
        with suppress(ProcessLookupError, PermissionError):
            os.killpg(self.pid, signal.SIGKILL)
        with suppress(ProcessLookupError):
            os.kill(self.pid, signal.SIGKILL) if not self.over else None
        status = os.waitstatus_to_exitcode(os.waitpid(self.pid, 0)[1])
        self.guard.note("-", self.pid)
        os.close(self.pipe)
        for file in self.files:
            file.close()
        return status


def child(shell: Shell, job: dict, follow: Follow, seen: Seen, known: Seen, pipe: int, out: int, err: int) -> None:
    """All that the forked process does; never returns. `known`: what was seen when modules were imported before it."""

    me, before = os.getpid(), set(sys.modules)

    def tell(message: dict) -> None:
        if os.getpid() != me:  # a cell forked, and its copy goes on: one page is enough
            os._exit(0)
        data = (json.dumps(message, default=as_text) + "\n").encode()
        while data:
            data = data[os.write(pipe, data) :]

    with suppress(BaseException):
        os.setsid()
        signal.signal(signal.SIGINT, signal.default_int_handler)
        for source, target in ((os.open(os.devnull, os.O_RDONLY), 0), (out, 1), (err, 2)):
            os.dup2(source, target)
        sys.stdin, sys.stdout, sys.stderr = (
            open(fd, mode, encoding="utf-8", errors="backslashreplace", closefd=False)  # noqa: SIM115
            for fd, mode in ((0, "r"), (1, "a"), (2, "a"))
        )
        sys.path.insert(0, "")
        seen |= {kind: set(paths) for kind, paths in known.items()}
        seen["modules"] |= set(job["vain"])
        run_page(shell, job, tell)
        if os.getpid() != me:
            os._exit(0)
        seen["read"] -= {path for path in seen["written"] if not follow.mine(path)}
        seen["written"] = set(filter(follow.mine, seen["written"]))
        seen["modules"] |= modules(follow, before)
        tell({"seen": {key: sorted(value) for key, value in seen.items()}})
    os._exit(0)


class Guard:
    """A small process that outlives this one for a moment: when this one or who asked it is gone, however it died, the
    processes of all pages end, with all that they started. A pipe that closes tells it, on every system."""

    def __init__(self):
        reading, self.pipe = os.pipe()
        runner = os.getpid()
        if os.fork() == 0:
            with suppress(BaseException):
                os.setsid()  # so that what kills a group does not kill it as well
                for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
                    signal.signal(number, signal.SIG_IGN)
                os.closerange(1, reading)
                os.close(self.pipe)
                self.keep(reading, runner)
            os._exit(0)
        os.close(reading)

    def note(self, sign: str, pid: int) -> None:
        """The process of a page begins (+), or has ended (-)."""
        with suppress(OSError):
            os.write(self.pipe, f"{sign}{pid}\n".encode())

    @staticmethod
    def keep(pipe: int, runner: int) -> None:
        """Wait until the pipe or standard input closes, then kill what is left."""
        told = b""
        while True:
            ready, _, _ = select.select([0, pipe], [], [])
            if pipe not in ready:
                with suppress(ProcessLookupError):  # it was killed as well
                    os.kill(runner, signal.SIGKILL)  # nobody wants its answers; its end closes the pipe
            data = os.read(pipe, 1 << 16)
            if not data:
                break
            told += data
        running: set[int] = set()
        for line in told.decode().splitlines():
            (running.add if line[0] == "+" else running.discard)(int(line[1:]))
        for pid in running:
            for kill in (os.killpg, os.kill):
                with suppress(OSError):
                    kill(pid, signal.SIGKILL)
