"""Which modules the cells of a page import, and each of them compiled once for all pages."""

from __future__ import annotations

import ast
import importlib.machinery
import os
from contextlib import suppress
from functools import cache
from types import CodeType
from typing import Any

from .following import Follow

BLOCKS = ("body", "orelse", "finalbody", "handlers", "cases")  # what holds statements in one; no expression does
Imports = dict[str, bool]  # dotted names, and whether they are imported with the module itself, not by a function of it


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
        waiting += [(child, at_once) for block in BLOCKS for child in getattr(node, block, ())]
    return names


def own_names(job: dict) -> set[str]:
    """The names of modules of the book that the cells of a page import."""
    names: set[str] = set()
    for step in job["steps"]:
        with suppress(Exception):
            names |= imported(ast.parse(step.get("code", "")), ".").keys()
    places = {name: os.path.join(job["cwd"], *name.split(".")) for name in names}
    return {name for name, place in places.items()
            if os.path.isfile(f"{place}.py") or os.path.isfile(os.path.join(place, "__init__.py"))}


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
