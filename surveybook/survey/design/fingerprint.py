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
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from surveybook.folders import digest
from surveybook.store import Store, version_of
from surveybook.survey.data import RESPONSES
from surveybook.survey.data.hypotheses import FILE as HYPOTHESES
from surveybook.survey.data.package import DESCRIPTOR, read_descriptor
from surveybook.survey.data.schema import read_yaml
from surveybook.survey.data.simulation import FILE as MODEL
from surveybook.survey.design.scenarios import FILE as DESIGN

TOOL = Path(__file__).resolve().parents[2]
VERSION = version_of(TOOL, "numpy", "scipy", "pandas")  # how declarations and results are read
START = "surveybook.survey.design.run"  # what it imports, and what that imports, computes the results
KEPT = 4  # fingerprints of other sources
PROSE = {"reason", "claim", "origin", "published", "title", "description", "wording", "label", "construct", "asked"}
SCHEMAS = {HYPOTHESES: "hypotheses", MODEL: "simulation", DESIGN: "design"}


def fingerprint(folder: Path) -> dict[str, str]:
    """The hash of each thing that the results of the study in `folder` depend on, by its name.

    Of the descriptor only the codebook counts: not the responses, which are drawn from the same model.
    """
    sources, store = read_sources(), Store(root_of(folder), "fingerprints", VERSION)
    content = store.get(lambda: json.dumps([sources, *digests(folder)]),
                        lambda: json.dumps(_fingerprint(folder, sources)).encode())
    store.forget_all_but(KEPT)
    return json.loads(content)


def digests(folder: Path) -> list[str]:
    """What each declaration holds that the results of the study in `folder` depend on."""
    return [digest(folder / name) for name in (DESCRIPTOR, *SCHEMAS)]


def _fingerprint(folder: Path, sources: Mapping[str, str]) -> dict[str, str]:
    descriptor = read_descriptor(folder, "study").data
    schema = next(one["schema"] for one in descriptor["resources"] if one["name"] == RESPONSES)
    declared = {f"codebook of {DESCRIPTOR}": [schema["fields"], descriptor.get("derived", [])]}
    declared |= {name: read_yaml(folder / name, schema).data for name, schema in SCHEMAS.items()}
    found = {name: _hash(json.dumps(_without_prose(data), ensure_ascii=False)) for name, data in declared.items()}
    return found | {name: _hash(code(source)) for name, source in sorted(modules(START, sources).items())}


def root_of(folder: Path) -> Path:
    """The folder of the report that the study in `folder` belongs to."""
    return folder.resolve().parents[1]


def read_sources(tool: Path = TOOL) -> dict[str, str]:
    """The sources of the survey's modules and of those that it rests on, by their paths."""
    paths = sorted([*tool.glob("*.py"), *tool.glob("survey/**/*.py")])
    return {path.relative_to(tool.parent).as_posix(): path.read_text(encoding="utf-8") for path in paths}


def modules(start: str, sources: Mapping[str, str]) -> dict[str, str]:
    """Those of the `sources` that the module `start` imports, directly or not, and its own."""
    found: dict[str, str] = {}
    waiting = [start]
    while waiting:
        path = _path(waiting.pop(), sources)
        if path and path not in found:
            found[path] = sources[path]
            waiting += _imports(path, sources)
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


def _imports(path: str, sources: Mapping[str, str]) -> Iterator[str]:
    """The names of all that a module imports: of `from a import b` both a.b and, where that is no module, a."""
    package = path.split("/")[:-1]
    for node in ast.walk(ast.parse(sources[path])):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            above = package[: len(package) - node.level + 1] if node.level else ()
            base = ".".join([*above, *([node.module] if node.module else [])])
            for alias in node.names:
                inner = f"{base}.{alias.name}"
                yield inner if _path(inner, sources) else base


def _path(module: str, sources: Mapping[str, str]) -> str | None:
    """The path of a module, if it is one of the sources."""
    name = module.replace(".", "/")
    return next((path for path in (f"{name}.py", f"{name}/__init__.py") if path in sources), None)


def _without_prose(value: Any) -> Any:
    """Declared data without what is only read by people."""
    if isinstance(value, dict):
        return {key: _without_prose(one) for key, one in value.items() if key not in PROSE}
    return [_without_prose(one) for one in value] if isinstance(value, list) else value


def _hash(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()[:16]
