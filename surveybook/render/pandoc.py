"""Markdown to the parts of HTML pages, by Pandoc: several pages in each of a few parallel processes."""

from __future__ import annotations

import json
import os
import re
import subprocess
import tempfile
from collections.abc import Sequence
from functools import cache, cached_property
from pathlib import Path

from surveybook.folders import digest
from surveybook.pandoc import find_pandoc
from surveybook.processes import kill_with_starter
from surveybook.render.problems import Problem, Refused
from surveybook.store import Store

MEMORY = ("+RTS", "-M8g", "-RTS")  # so that a page which is too much for Pandoc does not take the machine with it
PATIENCE = 1800  # seconds, on a busy machine too, for the pages of one process; a chapter of 10 MB takes forty
SCRIPT = Path(__file__).with_name("pages.lua")
FILTERS = sorted(Path(__file__).with_name("filter").glob("*.lua"))


def program() -> str:
    """The Pandoc that came with the locked wheel."""
    if found := find_pandoc():
        return found
    what, remedy = "there is no Pandoc of the package pypandoc-binary", "install the locked requirements"
    raise Refused([Problem("Pandoc", 0, what, remedy)])


@cache
def abbreviations() -> dict[str, bool]:
    """Pandoc's own list of abbreviations, after which a space does not break."""
    found = subprocess.run([program(), "--print-default-data-file=abbreviations"], capture_output=True, text=True,
                           check=True)
    return dict.fromkeys(found.stdout.split(), True)


def run_pandoc(job: dict, root: Path) -> dict:
    """One Pandoc process; `job` and the answer are described by pages.lua."""
    job = {"abbreviations": abbreviations(), **{key: value for key, value in job.items() if value is not None}}
    environment = {**os.environ, "LC_ALL": "C.UTF-8", "TMPDIR": tempfile.gettempdir()}
    try:
        command = [*kill_with_starter(), program(), *MEMORY, "lua", str(SCRIPT)]
        done = subprocess.run(command, input=json.dumps(job), capture_output=True, text=True, encoding="utf-8",
                              cwd=root, env=environment, timeout=PATIENCE)
    except subprocess.TimeoutExpired:
        files = ", ".join(page["file"] for page in job.get("pages", ())) or "_quarto.yml"
        what = f"Pandoc did not come to an end within {PATIENCE} s"
        raise Refused([Problem(files, 0, what, "look for deeply nested or very long text, and split it")]) from None
    if done.returncode:
        why = re.split("stack traceback|HasCallStack", done.stderr.strip())[0].strip().replace("\n", " ")
        where = next((path for path in job.get("bibliography", []) if path in why), "_quarto.yml")
        why = why or f"it ended with status {done.returncode}, perhaps for want of memory"
        raise Refused([Problem(where, 0, f"Pandoc stopped: {why}", "mend what it names, or split long pages")])
    return json.loads(done.stdout)


class Converter:
    """Pandoc for one book, with what it answered to the same job before; answers not used again are forgotten."""

    def __init__(self, root: Path, bibliography: Sequence[str], csl: str | None):
        self.root, self.sources = root, {"bibliography": bibliography, "csl": csl}
        self.read = [SCRIPT, *FILTERS, *(root / name for name in (*bibliography, csl) if name)]
        self.digests = [digest(path) for path in self.read]
        self.store = Store(root, "pandoc", json.dumps([program(), os.stat(program()).st_size, *self.digests]))
        self.keys: set[str] = set()  # of the bibliography, as far as it was read

    def pages(self, jobs: Sequence[dict]) -> list[dict]:
        """The parts of each page, in the given order."""
        parts = {number: part for number, job in enumerate(jobs) if (part := self.known(job)) is not None}
        missing = [number for number in range(len(jobs)) if number not in parts]
        if missing:
            self.convert(jobs, missing, parts)
        self.keys |= {key for part in parts.values() if not part["problems"] for key in part["cites"]}
        return [parts[number] for number in range(len(jobs))]

    def convert(self, jobs: Sequence[dict], missing: Sequence[int], parts: dict[int, dict]) -> None:
        """Have Pandoc make the parts that are missing, in as many processes as there are processors."""
        from concurrent.futures import ThreadPoolExecutor  # not needed, and slow to load, where nothing changed

        workers = max(1, min(len(os.sched_getaffinity(0)), len(missing)))
        # The longest pages first, each to the process with the least text so far.
        batches: list[list[int]] = [[] for _ in range(workers)]
        weights = [0] * workers
        for number in sorted(missing, key=lambda number: -len(jobs[number]["markdown"])):
            lightest = weights.index(min(weights))
            batches[lightest].append(number)
            weights[lightest] += len(jobs[number]["markdown"]) + 2000

        def work(batch: list[int]) -> None:
            answer = run_pandoc({**self.sources, "pages": [jobs[number] for number in batch]}, self.root)
            self.keys |= set(answer["keys"])
            for number, part in zip(batch, answer["pages"], strict=True):
                parts[number] = part
                if not part["problems"]:
                    self.keep(jobs[number], part)

        with ThreadPoolExecutor(workers) as pool:
            list(pool.map(work, [batch for batch in batches if batch]))

    def rest(self, texts: Sequence[str], cites: Sequence[str]) -> dict:
        """Short texts as HTML and as plain text; and the list of references, if anything is cited.

        `lettered` tells whether years have letters, as in 2005a.
        """
        job = {**self.sources, "texts": texts, "cites": cites or None, "ordered": self.numeric or None}
        answer = self.known(job)
        if answer is None:
            answer = run_pandoc(job, self.root)
            self.keep(job, answer)
        return answer

    @cached_property
    def numeric(self) -> bool:
        """Whether the style of citations has numbers, which only mean something over a whole book."""
        style = self.sources["csl"]
        return bool(style) and "citation-number" in (self.root / style).read_text("utf-8", errors="replace")

    def known(self, job: dict) -> dict | None:
        """The answer kept for a job."""
        content = self.store.read(json.dumps(job, sort_keys=True))
        return None if content is None else json.loads(content)

    def keep(self, job: dict, answer: dict) -> None:
        """Keep the answer to a job, unless Pandoc may have read other sources than those that are known."""
        if self.digests == [digest(path) for path in self.read]:
            self.store.write(json.dumps(job, sort_keys=True), json.dumps(answer).encode())

    def forget(self) -> None:
        """Remove the answers that this build did not use."""
        self.store.forget_the_rest()
