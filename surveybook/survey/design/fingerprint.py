"""What do stored results depend on?  A hash of each declaration and each module that can change them.

What is only read by people does not count: comments, docstrings, empty lines, and the keys of PROSE. So a reason may be
worded better without simulating anything again.
"""

from __future__ import annotations

import ast
import hashlib
import io
import json
import tokenize
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from surveybook.survey.data.codebook import RESPONSES
from surveybook.survey.data.hypotheses import FILE as HYPOTHESES
from surveybook.survey.data.package import DESCRIPTOR, read_descriptor
from surveybook.survey.data.schema import read_yaml
from surveybook.survey.design.scenarios import FILE as DESIGN
from surveybook.survey.simulation.assumptions import FILE as MODEL

ROOT = Path(__file__).resolve().parents[3]
START = "surveybook.survey.design.run"  # what it imports, and what that imports, computes the results
PROSE = {"reason", "claim", "origin", "published", "title", "description", "wording", "label", "construct", "asked"}
SCHEMAS = {HYPOTHESES: "hypotheses", MODEL: "simulation", DESIGN: "design"}


def fingerprint(folder: Path) -> dict[str, str]:
    """The hash of each thing that the results of the study in `folder` depend on, by its name.

    Of the descriptor only the codebook counts: not the responses, which are drawn from the same model.
    """
    descriptor = read_descriptor(folder, "study").data
    schema = next(one["schema"] for one in descriptor["resources"] if one["name"] == RESPONSES)
    declared = {f"codebook of {DESCRIPTOR}": [schema["fields"], descriptor.get("derived", [])]}
    declared |= {name: read_yaml(folder / name, schema).data for name, schema in SCHEMAS.items()}
    found = {name: _hash(json.dumps(_without_prose(data), ensure_ascii=False)) for name, data in declared.items()}
    return found | {name: _hash(code(path.read_text(encoding="utf-8"))) for name, path in sorted(modules().items())}


def modules(start: str = START, root: Path = ROOT) -> dict[str, Path]:
    """The files of the modules of the project that `start` imports, directly or not, and its own, by their paths."""
    found: dict[str, Path] = {}
    waiting = [start]
    while waiting:
        path = _file(waiting.pop(), root)
        if path and (name := path.relative_to(root).as_posix()) not in found:
            found[name] = path
            waiting += _imports(path, root)
    return found


def code(source: str) -> str:
    """A module without comments, docstrings and empty lines."""
    lines = source.splitlines()
    for token in tokenize.generate_tokens(io.StringIO(source).readline):
        if token.type == tokenize.COMMENT:
            row, column = token.start
            lines[row - 1] = lines[row - 1][:column]
    for node in ast.walk(ast.parse(source)):
        body = getattr(node, "body", None)
        if isinstance(node, ast.Module | ast.ClassDef | ast.FunctionDef) and body and _is_text(body[0]):
            for row in range(body[0].lineno, body[0].end_lineno + 1):
                lines[row - 1] = ""
    return "\n".join(line.rstrip() for line in lines if line.strip())


def _is_text(statement: ast.stmt) -> bool:
    return isinstance(statement, ast.Expr) and isinstance(getattr(statement.value, "value", None), str)


def _imports(path: Path, root: Path) -> Iterator[str]:
    """The names of all that a module imports: of `from a import b` both a.b and, where that is no module, a."""
    package = path.relative_to(root).parent.parts
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            above = package[: len(package) - node.level + 1] if node.level else ()
            base = ".".join([*above, *([node.module] if node.module else [])])
            for alias in node.names:
                inner = f"{base}.{alias.name}"
                yield inner if _file(inner, root) else base


def _file(module: str, root: Path) -> Path | None:
    """The file of a module of the project, if it is one."""
    path = root.joinpath(*module.split("."))
    return next((one for one in (path.with_suffix(".py"), path / "__init__.py") if one.is_file()), None)


def _without_prose(value: Any) -> Any:
    """Declared data without what is only read by people."""
    if isinstance(value, dict):
        return {key: _without_prose(one) for key, one in value.items() if key not in PROSE}
    return [_without_prose(one) for one in value] if isinstance(value, list) else value


def _hash(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()[:16]
