"""What is wrong with a study and the chapters that show it?  Everything at once: what `surveybook check-study` says."""

from __future__ import annotations

import ast
import re
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from surveybook.survey.data.loader import inspect_study
from surveybook.survey.data.package import DESCRIPTOR
from surveybook.survey.data.study import Study
from surveybook.survey.errors import DataError, Faults
from surveybook.survey.evidence.findings import Findings

CELL = re.compile(r"^(```+)\{python\}[^\n]*\n(.*?)^\1", re.DOTALL | re.MULTILINE)
INLINE = re.compile(r"`\{python\} ([^`\n]+)`")
HERE = "<cell>"


def find_faults(root: Path, name: str, package: str, sealed: bool = True) -> tuple[Study | None, list[str]]:
    """The study data/`name` of the report `root`, and all that is wrong with its files and the chapters that import it
    from `package`: a line for each fault, with file, line and remedy.

    The cells of these chapters are run, with as much of the study as is sound.
    """
    if not (root / "data" / name / DESCRIPTOR).is_file():
        known = ", ".join(path.parent.name for path in sorted((root / "data").glob(f"*/{DESCRIPTOR}")))
        raise DataError(f"{root / 'data' / name}: there is no study of this name; use one of {known or 'none yet'}")
    study, faults = inspect_study(root / "data" / name, root, sealed)
    told = [str(fault) for fault in faults.found]
    if study:
        with _importing(root, package):
            told += [line for line in inspect_chapters(root, study, package) if not _follows(line, faults)]
    inside = f"{root}/"
    return study, [line.replace(inside, "") for line in dict.fromkeys(told)]


def inspect_chapters(root: Path, study: Study, package: str) -> Iterator[str]:
    """What the cells and sentences of the chapters that import a study find wrong, each with file and line."""
    code = study.id.replace("-", "_")
    wanted = re.compile(rf"^from {re.escape(package)} import .*\b{code}\b", re.MULTILINE)
    for path in (root / "index.qmd", *sorted((root / "chapters").glob("*.qmd"))):
        text = path.read_text(encoding="utf-8") if path.is_file() else ""
        if wanted.search(text):
            names: dict[str, Any] = {code: Findings(study, root)}
            for line, source in _sources(text):
                if trouble := _run(source, names, package, code):
                    yield f"{path}:{line + trouble[0] - 1}: {trouble[1]}"


def _sources(text: str) -> Iterator[tuple[int, str]]:
    """The code of each cell and each sentence, with the line on which it begins."""
    cells = list(CELL.finditer(text))
    found = [(cell.start(2), cell[2]) for cell in cells]
    found += [(one.start(1), one[1]) for one in INLINE.finditer(text)
              if not any(cell.start() < one.start() < cell.end() for cell in cells)]
    for place, source in sorted(found):
        yield text.count("\n", 0, place) + 1, source


def _run(source: str, names: dict[str, Any], package: str, code: str) -> tuple[int, str] | None:
    """Run one piece of code as a build does; the line in it that is wrong, and what is."""
    try:
        tree = ast.parse(source.strip("\n") if "\n" in source else source.strip(), HERE)
    except SyntaxError as error:
        return error.lineno or 1, f"is not Python ({error.msg}); correct it"
    for node in tree.body:
        if isinstance(node, ast.ImportFrom) and node.module == package:
            node.names = [one for one in node.names if one.name != code]
    tree.body = [node for node in tree.body if not isinstance(node, ast.ImportFrom) or node.names]
    last = tree.body.pop() if tree.body and isinstance(tree.body[-1], ast.Expr) else None
    try:
        exec(compile(tree, HERE, "exec"), names)
        if last is not None:
            shown = eval(compile(ast.Expression(last.value), HERE, "eval"), names)
            getattr(shown, "_repr_mimebundle_", dict)()
    except Exception as error:  # whatever a build would stop at
        line = last.lineno if last is not None else 1
        trace = error.__traceback__
        while trace:
            line = trace.tb_lineno if trace.tb_frame.f_code.co_filename == HERE else line
            trace = trace.tb_next
        words = " ".join(str(error).split()) or type(error).__name__
        return line, words if isinstance(error, (DataError, AttributeError)) else f"{words}; correct this line"
    return None


def _follows(line: str, faults: Faults) -> bool:
    """Whether a fault of a chapter is that it names what is wrong itself."""
    return any(f"{noun} “{name}”" in line for name in faults.broken for noun in ("called", "finding"))


@contextmanager
def _importing(root: Path, package: str) -> Iterator[None]:
    """With the package of this report in the place of another one of its name."""
    before = {name: module for name, module in sys.modules.items() if name.split(".")[0] == package}
    for name in before:
        del sys.modules[name]
    sys.path.insert(0, str(root))
    try:
        yield
    finally:
        sys.path.remove(str(root))
        for name in [name for name in sys.modules if name.split(".")[0] == package]:
            del sys.modules[name]
        sys.modules.update(before)
