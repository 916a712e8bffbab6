"""How does a report bring along the tool that made it?  As a wheel, written from the files of the tool that runs.

So a report needs no index that has the tool, and another version of it changes nothing. The format is that of
https://packaging.python.org/en/latest/specifications/binary-distribution-format/.
"""

from __future__ import annotations

import base64
import hashlib
import io
import tomllib
import zipfile
from importlib.metadata import PackageNotFoundError, distribution
from pathlib import Path

import surveybook
from surveybook.errors import Refusal

NAME, TAG = "surveybook", "py3-none-any"
TOOL = Path(surveybook.__file__).resolve().parent
OF_THIS_PLACE = ("RECORD", "INSTALLER", "REQUESTED", "direct_url.json")  # what pip writes where it installs
LONG_AGO = (1980, 1, 1, 0, 0, 0)  # the first day that the format knows, so that equal files give equal bytes


def write_wheel() -> tuple[str, bytes]:
    """Name and content of the wheel. Raises Refusal where the tool is neither installed nor in its checkout."""
    about = f"{NAME}-{surveybook.__version__}.dist-info"
    files = {f"{NAME}/{path.relative_to(TOOL).as_posix()}": path.read_bytes() for path in sorted(TOOL.rglob("*"))
             if path.is_file() and not {"__pycache__", ".cache"} & set(path.parts) and path.suffix != ".pyc"}
    files |= {f"{about}/{name}": content for name, content in sorted(_metadata().items())}
    lines = [f"{name},sha256={_digest(content)},{len(content)}" for name, content in files.items()]
    files[f"{about}/RECORD"] = ("\n".join([*lines, f"{about}/RECORD,,"]) + "\n").encode()
    written = io.BytesIO()
    with zipfile.ZipFile(written, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in files.items():
            entry = zipfile.ZipInfo(name, LONG_AGO)
            entry.external_attr, entry.compress_type = 0o100644 << 16, zipfile.ZIP_DEFLATED
            archive.writestr(entry, content)
    return f"{NAME}-{surveybook.__version__}-{TAG}.whl", written.getvalue()


def _metadata() -> dict[str, bytes]:
    """The files about the distribution: those of a checkout as its settings have it, else those that are installed."""
    settings = TOOL.parent / "pyproject.toml"
    project = tomllib.loads(settings.read_text(encoding="utf-8")).get("project", {}) if settings.is_file() else {}
    return _declared(project) if project.get("name") == NAME else _installed()


def _installed() -> dict[str, bytes]:
    try:
        found = distribution(NAME)
    except PackageNotFoundError:
        raise Refusal("the tool is not installed here, so a report cannot bring it along; install it (pip install "
                      "surveybook)") from None
    paths = [path for path in found.files or () if path.parts[0].endswith(".dist-info")]
    files = {"/".join(path.parts[1:]): Path(str(found.locate_file(path))).read_bytes() for path in paths
             if path.name not in OF_THIS_PLACE}
    headers, _, _ = files["METADATA"].partition(b"\n\n")  # what follows is the README of another report
    return {**files, "METADATA": headers + b"\n"}


def _declared(project: dict) -> dict[str, bytes]:
    extras = project["optional-dependencies"]
    lines = ["Metadata-Version: 2.4", f"Name: {NAME}", f"Version: {surveybook.__version__}",
             f"Summary: {(surveybook.__doc__ or '').splitlines()[0]}", f"License-Expression: {project['license']}",
             f"Requires-Python: {project['requires-python']}",
             *(f"License-File: {name}" for name in project["license-files"]),
             *(f"Requires-Dist: {one}" for one in project["dependencies"]),
             *(f'Requires-Dist: {one} ; extra == "{name}"' for name in extras for one in extras[name]),
             *(f"Provides-Extra: {name}" for name in extras)]
    scripts = [f"{name}={place}" for name, place in project["scripts"].items()]
    return {
        "METADATA": ("\n".join(lines) + "\n").encode(),
        "WHEEL": f"Wheel-Version: 1.0\nGenerator: {NAME}\nRoot-Is-Purelib: true\nTag: {TAG}\n".encode(),
        "entry_points.txt": ("\n".join(["[console_scripts]", *scripts]) + "\n").encode(),
        **{f"licenses/{name}": (TOOL.parent / name).read_bytes() for name in project["license-files"]},
    }


def _digest(content: bytes) -> str:
    return base64.urlsafe_b64encode(hashlib.sha256(content).digest()).rstrip(b"=").decode()
