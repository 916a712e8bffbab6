"""The warmed process that runs cells: it imports once what the pages import, then forks one child a page.

Started as a file by its path, not imported: cells must find neither this package nor its folder. It is told what to
do by one line of JSON on standard input, and answers with lines of JSON; when standard input closes, it ends its
children and itself, and a second small process does that where this one is killed.
"""

from __future__ import annotations

import ast
import gc
import importlib
import importlib.machinery
import importlib.metadata
import io
import json
import os
import select
import selectors
import signal
import sys
import tempfile
import time
import traceback
from binascii import b2a_base64
from collections.abc import Callable, Collection, Iterator
from contextlib import contextmanager, suppress
from functools import cache
from types import CodeType
from typing import Any
from urllib.parse import unquote

import psutil
from IPython.core.displayhook import DisplayHook
from IPython.core.displaypub import DisplayPublisher
from IPython.core.interactiveshell import InteractiveShell
from traitlets import Any as AnyTrait
from traitlets.config import Config

# What a run cannot be followed into: other programs, and the network.
BEYOND = {"subprocess.Popen", "os.system", "os.posix_spawn", "os.fork", "os.forkpty", "os.exec", "socket.connect"}
# Where Python, the system and its settings are: part of the environment, not of what a page is made from.
SYSTEM = tuple(
    os.path.join(folder, "")
    for folder in (sys.prefix, sys.base_prefix, "/usr", "/etc", "/lib", "/lib64", "/bin", "/proc", "/sys", "/dev")
)
# What the tool keeps by the hash of all that it depends on, which is the same as making it anew: whoever asks for an
# entry reads all of that first, and is seen doing so (surveybook/store.py).
STORE = os.path.join(".cache", "store", "")
# Who looks through folders for modules, which are followed by their own files, or for what is installed
SEARCHES = ("<frozen importlib", importlib.metadata.__file__)
TICK = 0.05  # seconds between looks at the clock and at the size of what cells have printed

Imports = dict[str, bool]  # dotted names, and whether they are imported with the module itself, not by a function of it
Seen = dict[str, set[str]]  # what was read, written, imported (or looked for in vain), and what leads beyond


class Sink:
    """Collects what one page's cells show, in Jupyter's order: at each flush standard output before standard error."""

    def __init__(self, out: int, err: int):
        self.files = {"stdout": [out, 0], "stderr": [err, 0]}
        self.streams = (sys.stdout, sys.stderr)  # cells may put others in their place
        self.outputs: list[dict] = []

    def flush(self) -> None:
        for stream in self.streams:
            with suppress(ValueError):  # closed by the cell
                stream.flush()
        for name, state in self.files.items():
            size = os.fstat(state[0]).st_size
            text = os.pread(state[0], size - state[1], state[1]).decode("utf-8", "replace")
            state[1] = size
            last = self.outputs[-1] if self.outputs else {}
            if text and last.get("kind") == name:
                last["data"]["text/plain"] += text
            elif text:
                self.outputs.append({"kind": name, "data": {"text/plain": text}, "metadata": {}})

    def show(self, data: dict, metadata: dict, transient: dict | None = None, update: bool = False, **_: Any) -> None:
        self.flush()
        key = (transient or {}).get("display_id")
        if update:
            for output in self.outputs:
                if key is not None and output.get("id") == key:
                    output.update(data=data, metadata=metadata)
            return
        self.outputs.append({"kind": "display", "data": data, "metadata": metadata} | ({"id": key} if key else {}))

    def take(self) -> list[dict]:
        self.flush()
        taken, self.outputs = self.outputs, []
        for output in taken:
            output.pop("id", None)
        return taken


def as_text(value: Any) -> str:
    """What JSON does not know, as Jupyter sends it: bytes of pictures in base64."""
    return b2a_base64(value, newline=False).decode() if isinstance(value, bytes) else repr(value)


class Publisher(DisplayPublisher):
    sink = AnyTrait()

    def publish(self, data, metadata=None, source=None, *, transient=None, update=False, **_):  # type: ignore[override]
        self.sink.show(data, metadata or {}, transient, update)

    def clear_output(self, wait=False):
        self.sink.flush()
        self.sink.outputs.clear()


class Hook(DisplayHook):
    sink = AnyTrait()

    def write_output_prompt(self):
        pass

    def write_format_data(self, format_dict, md_dict=None):
        self.sink.show(format_dict, md_dict or {})

    def finish_displayhook(self):
        self._is_active = False


class Shell(InteractiveShell):
    """The shell of a Jupyter kernel, without the kernel."""

    sink: Sink
    failure: BaseException | None = None  # the last error shown

    def ask_exit(self):
        raise SystemExit

    def enable_gui(self, gui=None):
        """There are no windows: figures are shown on the page (`%matplotlib inline`, `%pylab`)."""

    def _showtraceback(self, etype, evalue, stb):
        self.failure = evalue
        lines = [f"{etype.__name__}: {evalue}", *(line for part in stb for line in part.split("\n"))]
        self.sink.flush()
        self.sink.outputs.append({"kind": "error", "data": {"text/plain": "\n".join(lines)}, "metadata": {}})


def make_shell() -> Shell:
    config = Config()
    config.HistoryManager.enabled = False
    config.HistoryManager.hist_file = ":memory:"
    config.InteractiveShell.colors = "nocolor"
    config.InteractiveShell.banner1 = ""
    config.InteractiveShell.history_load_length = 0
    shell = Shell.instance(config=config, display_pub_class=Publisher, displayhook_class=Hook)
    shell.set_hook("show_in_pager", lambda *_, **__: None)  # `?name` shows nothing on a page
    return shell


def run_page(shell: Shell, job: dict, tell: Callable[[dict], None]) -> None:
    """Run the steps of one page in this (forked) process, telling what each gave, until one fails."""
    sink = shell.sink = shell.display_pub.sink = shell.displayhook.sink = Sink(1, 2)
    os.chdir(job["cwd"])
    exec(job["setup"], {})
    names: dict[int, str] = {}
    usual = shell.compile.get_code_name  # of what a cell runs itself, as `%%capture` does
    shell.compile.get_code_name = lambda raw, code, number: names.pop(number, None) or usual(raw, code, number)
    for index, step in enumerate(job["steps"]):
        tell({"step": index})
        if "expression" in step:
            value = shell.user_expressions({"value": step["expression"]})["value"]
            sink.take()  # what an inline expression prints is shown nowhere
            if value["status"] == "error":
                return tell({"failed": index, "line": 0, "name": value["ename"], "message": value["evalue"]})
            tell({"outputs": [{"kind": "display", "data": value["data"], "metadata": value["metadata"]}]})
            continue
        shell.failure = None
        name = names[shell.execution_count] = f"<cell {index}>"
        result = shell.run_cell(step["code"], store_history=True)
        # an error while a value is shown does not count as the cell's for IPython, but does for Quarto
        error = result.error_before_exec or result.error_in_exec or shell.failure
        outputs = sink.take()
        if error is not None and not step["error"]:
            failure = {"name": type(error).__name__, "message": str(error)[:500]}
            return tell({"failed": index, "line": failing_line(error, name), **failure})
        tell({"outputs": outputs})


def failing_line(error: BaseException, name: str) -> int:
    """The line of the cell called `name` that raised, from 1; 0 if it is not known."""
    if isinstance(error, SyntaxError) and error.filename == name:
        return error.lineno or 0
    lines = [line for frame, line in traceback.walk_tb(error.__traceback__) if frame.f_code.co_filename == name]
    return lines[-1] if lines else 0


class Follow:
    """Which files and folders belong to what a page is made from, as paths with all their folders."""

    def __init__(self, root: str):
        self.root, self.store = os.path.join(root, ""), os.path.join(root, STORE)
        self.settings = os.path.join(os.path.expanduser("~"), ".")

    def mine(self, path: str) -> bool:
        """Whether it is a file of the book, and not of a virtual environment inside its folder."""
        path += os.sep
        return path.startswith(self.root) and not path.startswith((os.path.join(sys.prefix, ""), self.store))

    def __call__(self, path: str) -> bool:
        """Whether it is of the book or of elsewhere, and not of Python, the system or a program."""
        return self.mine(path) or not path.startswith(self.settings) \
            and not f"{path}{os.sep}".startswith((*SYSTEM, self.store))


def watch(follow: Follow, seen: Seen) -> None:
    """Record the files and folders that are read, and what cannot be followed, from now on.

    A module that is asked for and not there is one as well: if it is written later, it is found.
    """

    @cache
    def candidates(name: str, *folders: str) -> set[str]:
        paths = [os.path.join(folder, *file) for folder in map(os.path.abspath, folders)
                 for file in ((f"{name}.py",), (name, "__init__.py"))]
        return set(filter(follow, paths))

    def hook(event: str, args: tuple) -> None:
        with suppress(Exception):
            if event in ("open", "os.listdir", "os.scandir", "sqlite3.connect") and not isinstance(args[0], int):
                if event != "open" and sys._getframe(1).f_code.co_filename.startswith(SEARCHES):
                    return
                name = os.fsdecode(args[0] if args[0] is not None else ".")
                if event == "sqlite3.connect" and name.startswith("file:"):
                    name = unquote(name[5:].partition("?")[0])
                path = os.path.abspath(name)
                if event != "open" and os.path.basename(path) == "__pycache__":
                    return  # Python fills it while others look
                if follow(path) and not os.path.basename(path).startswith("<"):
                    writes = event == "open" and isinstance(args[1], str) and bool(set(args[1]) & set("wax"))
                    seen["written" if writes else "read"].add(path)
            elif event == "import":
                folders = [os.getcwd() if folder == "" else folder for folder in sys.path]
                seen["modules"] |= candidates(args[0].partition(".")[0], *folders)
            elif event in BEYOND:
                seen["beyond"].add(event)

    sys.addaudithook(hook)


def modules(follow: Follow, before: Collection[str] = ()) -> set[str]:
    """The files of the modules that are imported by now, and were not `before`."""
    files = {getattr(module, "__file__", None) for name, module in list(sys.modules.items()) if name not in before}
    return {path for path in map(os.path.abspath, filter(lambda file: isinstance(file, str), files)) if follow(path)}


class Modules:
    """The modules that are followed, each compiled once for all pages, and taken by what its source says.

    Python itself takes compiled modules for current when size and whole second of the source are as they were, so that
    an edit can go unseen.
    """

    def __init__(self, follow: Follow):
        self.follow = follow
        self.compiled: dict[tuple[str, bytes], CodeType] = {}
        self.imports: dict[str, Imports] = {}  # of each file that was compiled
        loader = importlib.machinery.SourceFileLoader
        usual = loader.get_code

        def get_code(this: Any, name: str) -> CodeType:
            path = this.get_filename(name)
            if not follow(os.path.abspath(path)):
                return usual(this, name)
            source = this.get_data(path)
            return self.compiled.get((path, source)) or this.source_to_code(source, path)

        loader.get_code = get_code

    def prepare(self, folder: str, codes: list[str]) -> Imports:
        """Compile the modules in `folder` that cells run there may import; the names that they import from elsewhere.

        What is wrong with a module is said where a cell imports it.
        """
        waiting: list[Imports] = []
        for code in codes:
            with suppress(Exception):
                waiting.append(imported(ast.parse(code), "."))
        known: set[str] = set()
        outside: Imports = {}
        while waiting:
            for name, at_once in waiting.pop().items():
                if not lies_in(folder, name.partition(".")[0]):
                    outside[name] = at_once or outside.get(name, False)
                for file in files_of(folder, name) - known:
                    known.add(file)
                    waiting.append(self.names(folder, file))
        return outside

    def names(self, folder: str, file: str) -> Imports:
        """The names that a module imports, which is compiled here when it is first asked for."""
        if file not in self.imports:
            self.imports[file] = {}
            with suppress(Exception):
                with open(file, "rb") as opened:
                    source = opened.read()
                tree = ast.parse(source)
                self.compiled[file, source] = compile(tree, file, "exec", dont_inherit=True)
                self.imports[file] = imported(tree, os.path.relpath(os.path.dirname(file), folder))
        return self.imports[file]


def imported(tree: ast.AST, folder: str) -> Imports:
    """The dotted names that a module in `folder` imports; with `from a import b`, b may be the module a.b."""
    names: Imports = {}
    waiting = [(tree, True)]
    while waiting:
        node, at_once = waiting.pop()
        found: set[str] = set()
        if isinstance(node, ast.Import):
            found = {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            above = folder.split(os.sep)
            above = above[: len(above) - node.level + 1] if node.level else []
            module = ".".join([*above, *filter(None, [node.module])])
            found = {module, *(f"{module}.{alias.name}" for alias in node.names)}
        names |= {name: at_once or names.get(name, False) for name in found}
        at_once = at_once and not isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
        waiting += [(child, at_once) for child in ast.iter_child_nodes(node)]
    return names


@cache  # pages import the same modules
def lies_in(folder: str, top: str) -> bool:
    """Whether a folder holds a module or package of this name."""
    place = os.path.join(folder, top)
    return os.path.exists(place) or os.path.exists(f"{place}.py")


@cache
def files_of(folder: str, name: str) -> frozenset[str]:
    """The files in `folder` that are run when the module with this dotted name is imported."""
    found: set[str] = set()
    for part in name.split("."):
        folder = os.path.join(folder, part)
        found |= set(filter(os.path.isfile, (f"{folder}.py", os.path.join(folder, "__init__.py"))))
    return frozenset(found)


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


def serve(task: dict, answer: Callable[[dict], None]) -> None:
    """Run all jobs, `task["workers"]` at a time."""
    guard = Guard()
    gc.disable()  # what is imported stays
    shell, follow = make_shell(), Follow(task["root"])
    seen: Seen = {"read": set(), "written": set(), "beyond": set(), "modules": set()}
    compiled, names = Modules(follow), set()
    for job in task["jobs"]:
        outside = compiled.prepare(job["cwd"], [step.get("code", "") for step in job["steps"]])
        tops = {os.path.join(job["cwd"], name.partition(".")[0]) for name in outside}
        job["vain"] = [f"{top}{end}" for top in tops for end in (".py", f"{os.sep}__init__.py")]  # which are not there
        names |= {name for name, at_once in outside.items() if at_once}
    watch(follow, seen)  # what is read when a module is imported here was read for every page
    with open(os.devnull, "w") as nowhere:
        sys.stdout = sys.stderr = nowhere
        for name in sorted(names):
            # what is wrong with an import is said where the cell imports it
            with suppress(BaseException), stopped_after(task["limits"]):
                importlib.import_module(name)
    seen["beyond"].clear()  # a library that asks the system how it is runs a program, and no page shows what it said
    import_shared(task["jobs"], follow, task["limits"])
    gc.freeze()  # it is no garbage of the pages, which would look through all of it, and copy it
    gc.enable()
    seen["modules"] |= modules(follow)
    known = {kind: set(paths) for kind, paths in seen.items()}
    running: dict[int, Page] = {}
    try:
        attend(task, running, lambda number: Page(shell, number, task, (follow, seen, known), guard), answer)
    finally:
        for page in running.values():
            page.end()


def import_shared(jobs: list[dict], follow: Follow, limits: dict) -> None:
    """Import once the modules of the book that every page imports; what they read is then known to be read by all.

    Not where pages run in several folders. Modules that print something are imported by each page again, to show it.
    """
    folders = {job["cwd"] for job in jobs}
    shared = set.intersection(*map(own_names, jobs))
    if len(folders) > 1 or not shared:
        return
    streams, before = (sys.stdout, sys.stderr), set(sys.modules)
    sys.stdout = sys.stderr = said = io.StringIO()
    os.chdir(*folders)
    sys.path.insert(0, "")
    for name in sorted(shared):
        with suppress(BaseException), stopped_after(limits):
            exec(f"import {name}", {})  # as a cell does, so that what is looked for in vain is noticed
    sys.path.remove("")
    sys.stdout, sys.stderr = streams
    if said.getvalue():
        for name in set(sys.modules) - before:
            if follow.mine(os.path.abspath(getattr(sys.modules[name], "__file__", None) or os.sep)):
                del sys.modules[name]


def own_names(job: dict) -> set[str]:
    """The names of modules of the book that the cells of a page import."""
    names: set[str] = set()
    for step in job["steps"]:
        with suppress(Exception):
            names |= imported(ast.parse(step.get("code", "")), ".").keys()
    places = {name: os.path.join(job["cwd"], *name.split(".")) for name in names}
    return {name for name, place in places.items()
            if os.path.isfile(f"{place}.py") or os.path.isfile(os.path.join(place, "__init__.py"))}


def attend(task: dict, running: dict[int, Page], start: Callable[[int], Page], answer: Callable[[dict], None]) -> None:
    """Start pages, those with most cells first, pass on what they tell, and end those that take or show too much."""
    jobs = task["jobs"]
    waiting = sorted(range(len(jobs)), key=lambda number: sum("code" in step for step in jobs[number]["steps"]))
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


if __name__ == "__main__":
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # whoever asked is interrupted too, and closes standard input
    line = sys.stdin.readline()
    answers = os.fdopen(os.dup(1), "w", encoding="utf-8")
    os.dup2(os.open(os.devnull, os.O_WRONLY), 1)

    def reply(message: dict) -> None:
        answers.write(json.dumps(message) + "\n")
        answers.flush()

    serve(json.loads(line), reply)
