"""The second back end: cells run in real Jupyter kernels, one a page, by nbclient. Slower, and the reference."""

from __future__ import annotations

import asyncio
import os
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict
from itertools import groupby
from pathlib import Path

from nbclient import NotebookClient
from nbclient.exceptions import DeadKernelError
from nbformat import v4

from surveybook.render.cells import ANSI, Limits, Output, Outputs, Seen, steps, task, tidy
from surveybook.render.pieces import Source
from surveybook.render.runner.limits import TICK, Clock

# seconds, on a busy machine too: until a kernel is there, and between the end of a cell and the last of its output, of
# which nbclient would leave out what comes more than 4 s late
PATIENCE = 1800


def run_jobs(
    sources: Sequence[Source],
    root: Path,
    limits: Limits,
    environment: Mapping[str, str],
    done: Callable[[int, Outputs | dict], None],
) -> None:
    """Run pages, as many at a time as there are processors; a page that failed gives the message that says how."""

    async def all_pages() -> None:
        places = asyncio.Semaphore(os.cpu_count() or 1)

        async def one(number: int, source: Source) -> None:
            async with places:
                done(number, await _page(source, root, limits, environment))

        await asyncio.gather(*(one(number, source) for number, source in enumerate(sources)))

    asyncio.run(all_pages())


async def _page(source: Source, root: Path, limits: Limits, environment: Mapping[str, str]) -> Outputs | dict:
    job, pieces = task(source, root), steps(source)
    client = NotebookClient(v4.new_notebook(), kernel_name="python3", allow_errors=True, timeout=None,
                            startup_timeout=PATIENCE, iopub_timeout=PATIENCE)
    client.extra_arguments = ["--log-level=50"]
    results: list[tuple[Output, ...]] = []
    async with client.async_setup_kernel(cwd=job["cwd"], env={**environment, "PYTHONHASHSEED": "0"}):
        set_up = client.kc.execute(f"exec({job['setup']!r}, {{}})", silent=True, store_history=False)
        await client.async_wait_for_reply(set_up)
        clock = Clock(client.km.provisioner.pid, asdict(limits))
        for index, step in enumerate(job["steps"]):
            clock.begin()
            running = asyncio.ensure_future(_step(client, step))
            while not running.done() and not (reason := clock.exceeded()):
                await asyncio.wait([running], timeout=TICK)
            if not running.done():
                running.cancel()
                return {"broken": index, "reason": reason}
            try:
                shown = running.result()
            except (TimeoutError, DeadKernelError, RuntimeError):
                return {"broken": index, "reason": "ended", "status": _status(client)}
            if isinstance(shown, dict):
                return {"failed": index, **shown}
            printed = (one["data"]["text/plain"] for one in shown if one["kind"] in ("stdout", "stderr"))
            if sum(map(len, printed)) > limits.shown:
                return {"broken": index, "reason": "printed"}
            results.append(tidy(shown, root, pieces[index]))
    # what a kernel reads is not watched, so nothing may rely on knowing it
    return Outputs(source.file, tuple(results), Seen(beyond=("jupyter",)))


def _status(client: NotebookClient) -> int:
    """Exit status of the kernel's process, negative for a signal."""
    process = getattr(getattr(client.km, "provisioner", None), "process", None)
    return (process.poll() if process else None) or 0


async def _step(client: NotebookClient, step: dict) -> list[dict] | dict:
    """Outputs of one cell or inline expression, or how it failed."""
    if "expression" in step:
        message = client.kc.execute("", user_expressions={"value": step["expression"]})
        reply = await client.async_wait_for_reply(message)
        value = reply["content"]["user_expressions"]["value"]
        if value["status"] == "error":
            return {"line": 0, "name": value["ename"], "message": value["evalue"]}
        return [{"kind": "display", "data": value["data"], "metadata": value["metadata"]}]
    cell = v4.new_code_cell(step["code"])
    client.nb.cells.append(cell)
    await client.async_execute_cell(cell, len(client.nb.cells) - 1)
    for output in cell.outputs:
        if output.output_type == "error" and not step["error"]:
            frames = re.findall(r"^ *Cell In\[(\d+)\], line (\d+)", _traceback(output), re.MULTILINE)
            # of the frames in cells, the last one in the latest cell, which is this one
            line = max(((int(cell), count, int(line)) for count, (cell, line) in enumerate(frames)), default=(0,))[-1]
            return {"line": line, "name": output.ename, "message": output.evalue}
    return _ordered([_output(output) for output in cell.outputs])


def _output(output: dict) -> dict:
    if output["output_type"] == "stream":
        return {"kind": output["name"], "data": {"text/plain": output["text"]}}
    if output["output_type"] == "error":
        text = f"{output['ename']}: {output['evalue']}\n{_traceback(output)}"
        return {"kind": "error", "data": {"text/plain": text}}
    return {"kind": "display", "data": dict(output["data"]), "metadata": dict(output["metadata"])}


def _traceback(output: dict) -> str:
    return ANSI.sub("", "\n".join(output["traceback"]))


def _ordered(outputs: list[dict]) -> list[dict]:
    """Between two displays the streams come in no certain order: standard output first, then standard error."""
    ordered: list[dict] = []
    for streams, group in groupby(outputs, lambda output: output["kind"] in ("stdout", "stderr")):
        some = list(group)
        if not streams:
            ordered += some
            continue
        for name in ("stdout", "stderr"):
            text = "".join(output["data"]["text/plain"] for output in some if output["kind"] == name)
            if text:
                ordered.append({"kind": name, "data": {"text/plain": text}})
    return ordered
