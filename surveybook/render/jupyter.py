"""The second back end: cells run in real Jupyter kernels, one a page, by nbclient. Slower, and the reference."""

from __future__ import annotations

import asyncio
import os
import re
from collections.abc import Sequence
from itertools import groupby
from pathlib import Path

from nbclient import NotebookClient
from nbclient.exceptions import DeadKernelError
from nbformat import v4

from surveybook.render.execute import ANSI, Output, Outputs, Progress, Seen, report, steps, task, tidy
from surveybook.render.source import Source


def run_jobs(
    sources: Sequence[Source], root: Path, limit: float, progress: Progress, most: int
) -> list[Outputs | dict]:
    """Run pages, as many at a time as there are processors; a page that failed gives the message that says how."""

    async def all_pages() -> list[Outputs | dict]:
        places = asyncio.Semaphore(os.cpu_count() or 1)
        return await asyncio.gather(*(_page(source, root, limit, progress, most, places) for source in sources))

    return asyncio.run(all_pages())


async def _page(
    source: Source, root: Path, limit: float, progress: Progress, most: int, places: asyncio.Semaphore
) -> Outputs | dict:
    job, pieces = task(source, root), steps(source)
    client = NotebookClient(v4.new_notebook(), timeout=None, kernel_name="python3", allow_errors=True)
    client.extra_arguments = ["--log-level=50"]
    environment = os.environ | {"PYTHONHASHSEED": "0"}
    results: list[tuple[Output, ...]] = []
    index = 0
    async with places, client.async_setup_kernel(cwd=job["cwd"], env=environment):
        for index, step in enumerate(job["steps"]):
            report(progress, source.file, pieces, index)
            clock = asyncio.timeout(limit)
            try:
                async with clock:
                    done = await _step(client, step)
            except (TimeoutError, DeadKernelError, RuntimeError):
                reason = "time" if clock.expired() else "ended"
                return {"broken": index, "reason": reason, "status": await _status(client)}
            if isinstance(done, dict):
                return {"failed": index, **done}
            if sum(len(one["data"]["text/plain"]) for one in done if one["kind"] in ("stdout", "stderr")) > most:
                return {"broken": index, "reason": "printed"}
            results.append(tidy(done, root, pieces[index]))
    # what a kernel reads is not watched, so nothing may rely on knowing it
    return Outputs(source.file, tuple(results), Seen(beyond=("jupyter",)))


async def _status(client: NotebookClient) -> int:
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
