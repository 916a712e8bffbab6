"""The shell that runs the cells of a page, as a Jupyter kernel has it, and what it shows."""

from __future__ import annotations

import os
import sys
import traceback
from binascii import b2a_base64
from collections.abc import Callable
from contextlib import suppress
from typing import Any

from IPython.core.displayhook import DisplayHook
from IPython.core.displaypub import DisplayPublisher
from IPython.core.interactiveshell import InteractiveShell
from traitlets import Any as AnyTrait
from traitlets.config import Config


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
