"""Import once what the pages import, then run them."""

from __future__ import annotations

import gc
import importlib
import io
import os
import sys
from collections.abc import Callable
from contextlib import suppress

from .branches import run_pages
from .following import Follow, Seen, modules, watch
from .imports import Modules, own_names
from .limits import stopped_after
from .pages import Guard
from .shell import make_shell

FEW = 8  # pages, of which none may need what takes a second to import


def serve(task: dict, answer: Callable[[dict], None]) -> None:
    """Run all jobs, `task["workers"]` at a time."""
    guard = Guard()
    gc.disable()  # what is imported stays
    shell, follow = make_shell(), Follow(task["root"])
    seen: Seen = {"read": set(), "written": set(), "beyond": set(), "modules": set()}
    compiled, at_once, later = Modules(follow), set(), set()
    for job in task["jobs"]:
        outside = compiled.prepare(job["cwd"], [step.get("code", "") for step in job["steps"]])
        tops = {os.path.join(job["cwd"], name.partition(".")[0]) for name in outside}
        job["vain"] = [f"{top}{end}" for top in tops for end in (".py", f"{os.sep}__init__.py")]  # which are not there
        at_once |= {name for name, imported in outside.items() if imported}
        later |= {name for name, imported in outside.items() if not imported}
    if len(task["jobs"]) > FEW:  # of libraries that are imported anyway, also what a function of some page imports
        tops = {name.partition(".")[0] for name in at_once}
        at_once |= {name for name in later if name.partition(".")[0] in tops}
    watch(follow, seen)  # what is read when a module is imported here was read for every page
    with open(os.devnull, "w") as nowhere:
        sys.stdout = sys.stderr = nowhere
        for name in sorted(at_once):
            # what is wrong with an import is said where the cell imports it
            with suppress(BaseException), stopped_after(task["limits"]):
                importlib.import_module(name)
    seen["beyond"].clear()  # a library that asks the system how it is runs a program, and no page shows what it said
    import_shared(task["jobs"], follow, task["limits"])
    gc.freeze()  # it is no garbage of the pages, which would look through all of it, and copy it
    gc.enable()
    seen["modules"] |= modules(follow)
    known = {kind: set(paths) for kind, paths in seen.items()}
    run_pages(shell, task, range(len(task["jobs"])), (follow, seen, known), answer, guard)


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
