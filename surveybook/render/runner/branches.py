"""Which pages import the same from modules of the book?  A process of their own does so once, and forks them.

What was read and imported in such a branch was so for each of its pages, and for no other page. A branch may have
branches.
"""

from __future__ import annotations

import ast
import gc
import io
import os
import select
import sys
import threading
from collections import Counter
from collections.abc import Callable, Sequence
from contextlib import suppress

from .following import Follow, Seen, modules
from .imports import files_of
from .limits import stopped_after
from .pages import Guard, Page, attend
from .shell import Shell

Answer = Callable[[dict], None]
Imports = frozenset[tuple[str, str]]  # module and name, each as in `from module import name`
Watched = tuple[Follow, Seen, Seen]  # what to follow, what is seen from now on, and what was seen before any page
LANES = 2  # branches at once, so that the pages of one run while another imports
DOES = ("written", "beyond")


def run_pages(shell: Shell, task: dict, numbers: Sequence[int], watched: Watched, answer: Answer, guard: Guard,
              done: Imports = frozenset(), lanes: int = LANES) -> None:
    """Run the pages with these numbers, whose imports that are `done` were so before, in branches where some share
    more."""
    jobs, numbers = task["jobs"], list(numbers)
    folders = {jobs[number]["cwd"] for number in numbers}
    imports = {number: opening(jobs[number]) - done for number in numbers}
    groups = group(imports, *folders) if len(folders) == 1 else []  # a module may be another one in another folder
    running: dict[int, Sequence[int]] = {}
    while groups or running:
        if groups and len(running) < lanes and not select.select([0], [], [], 0)[0]:  # who asked is still there
            members, shared = groups.pop()
            numbers = [number for number in numbers if number not in members]
            pid = os.fork()
            if pid == 0:
                branch(shell, task, members, watched, answer, guard, done, shared)
            guard.note("+", pid)
            running[pid] = members
        elif running:
            pid, status = os.wait()
            guard.note("-", pid)
            if os.waitstatus_to_exitcode(status) == 1:
                numbers += running.get(pid, ())  # its pages were not begun
            running.pop(pid, None)
        else:
            return
    pages: dict[int, Page] = {}
    try:
        attend(task, numbers, pages, lambda number: Page(shell, number, task, watched, guard), answer)
    finally:
        for page in pages.values():
            page.end()


def branch(shell: Shell, task: dict, numbers: Sequence[int], watched: Watched, answer: Answer, above: Guard,
           done: Imports, shared: Imports) -> None:
    """All that the process of a branch does; never returns. It ends with status 1, no page begun, where the imports did
    more than to read: what they do, each page does, and shows."""
    (follow, seen, known), status = watched, 1
    with suppress(BaseException):
        os.close(above.pipe)
        seen |= {kind: set(paths) for kind, paths in known.items()}
        said = sys.stdout = sys.stderr = io.StringIO()
        os.chdir(task["jobs"][numbers[0]]["cwd"])
        sys.path.insert(0, "")
        with stopped_after(task["limits"]):
            for module, name in sorted(shared):
                exec(f"from {module} import {name}", {})  # as a cell does
        sys.path.remove("")
        if not said.getvalue() and threading.active_count() == 1 and all(seen[kind] == known[kind] for kind in DOES):
            seen["modules"] |= modules(follow)
            known = {kind: set(paths) for kind, paths in seen.items()}
            gc.freeze()
            status = 0
            run_pages(shell, task, numbers, (follow, seen, known), answer, Guard(), done | shared, 1)
    os._exit(status)


def opening(job: dict) -> Imports:
    """What a page imports from modules of the book before it does anything else."""
    found = set()
    for step in job["steps"]:
        try:
            tree = ast.parse(step["code"])
        except (KeyError, SyntaxError, ValueError):  # an expression; a magic of IPython
            break
        for line in tree.body:
            if isinstance(line, ast.ImportFrom) and not line.level and files_of(job["cwd"], line.module):
                found |= {(line.module, name.name) for name in line.names if name.name != "*"}
            elif not isinstance(line, ast.Import | ast.ImportFrom):
                return frozenset(found)
    return frozenset(found)


def group(imports: dict[int, Imports], folder: str) -> list[tuple[list[int], Imports]]:
    """Pages that import the same, which may have to be read, each with all that they share; the largest comes last."""
    groups, left = [], dict(imports)
    while left:
        counts = Counter(one for names in left.values() for one in sorted(names) if may_read(folder, *one))
        most, count = counts.most_common(1)[0] if counts else (None, 0)
        if count < 2:
            break
        members = [number for number, names in left.items() if most in names]
        groups.append((members, frozenset.intersection(*(left.pop(number) for number in members))))
    return groups[::-1]


def may_read(folder: str, module: str, name: str) -> bool:
    """Whether a module gives something by this name only when asked, and not a module of the book or what it holds."""
    held = vars(sys.modules[module]) if module in sys.modules else {}
    return name not in held and files_of(folder, f"{module}.{name}") == files_of(folder, module)
