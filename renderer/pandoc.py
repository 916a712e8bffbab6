"""Markdown to the parts of HTML pages, by Pandoc: several pages in each of a few parallel processes."""

from __future__ import annotations

import json
import os
import subprocess
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import cache
from pathlib import Path

import pypandoc

from .problems import Problem, Refused

SCRIPT = Path(__file__).with_name("pages.lua")


@cache
def program() -> str:
    """The Pandoc that came with the locked wheel (the one of PATH may be years older)."""
    return pypandoc.get_pandoc_path()


@cache
def abbreviations() -> dict[str, bool]:
    """Pandoc's own list of abbreviations, after which a space does not break."""
    found = subprocess.run([program(), "--print-default-data-file=abbreviations"], capture_output=True, text=True)
    return dict.fromkeys(found.stdout.split(), True)


def run(job: dict, root: Path) -> dict:
    """One Pandoc process; `job` and the answer are described by pages.lua."""
    job = {"abbreviations": abbreviations(), **{key: value for key, value in job.items() if value is not None}}
    done = subprocess.run([program(), "lua", str(SCRIPT)], input=json.dumps(job), capture_output=True, text=True,
                          encoding="utf-8", cwd=root)
    if done.returncode:
        why = done.stderr.strip().split("stack traceback")[0].strip().replace("\n", " ")
        where = next((path for path in job.get("bibliography", []) if path in why), "_quarto.yml")
        raise Refused([Problem(where, 0, f"Pandoc stopped: {why}", "mend what it names")])
    return json.loads(done.stdout)


def convert(pages: Sequence[dict], settings: dict, root: Path, progress=lambda name: None) -> tuple[list[dict], set]:
    """Each page's parts in the given order, and all keys of the bibliography if any page cites."""
    workers = max(1, min(os.cpu_count() or 1, len(pages)))
    # The longest pages first, dealt to the batch with the least text so far.
    batches: list[list[int]] = [[] for _ in range(workers)]
    weights = [0] * workers
    for number in sorted(range(len(pages)), key=lambda n: -len(pages[n]["markdown"])):
        lightest = weights.index(min(weights))
        batches[lightest].append(number)
        weights[lightest] += len(pages[number]["markdown"]) + 2000

    def work(batch: list[int]) -> dict:
        answer = run({**settings, "pages": [pages[number] for number in batch]}, root)
        for number in batch:
            progress(pages[number]["file"])
        return answer

    with ThreadPoolExecutor(workers) as pool:
        answers = list(pool.map(work, batches))
    parts = {n: part for batch, answer in zip(batches, answers, strict=True)
             for n, part in zip(batch, answer["pages"], strict=True)}
    return [parts[n] for n in range(len(pages))], {key for answer in answers for key in answer["keys"]}
