"""Is this copy of the site what the project makes?  Compare it with its manifest, then with a site built anew.

The project is copied to a temporary folder and built there without any cache. Only a copy that was made from the same
inputs can be compared so; of another one it is said which inputs differ.
"""

from __future__ import annotations

import json
import os
import platform
import shutil
import stat
import tempfile
from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

from surveybook.publish.build import SITE, Failed, build
from surveybook.publish.builders import Builder, choose
from surveybook.publish.host import ROBOTS, publish
from surveybook.publish.manifest import NAME, describe_file, git, packages, source
from surveybook.publish.mirror import fetch_site, is_address
from surveybook.publish.site.study import undisclosed

PLAIN = "a plain file"
NEAR = 30  # characters shown around a difference


def verify(root: Path, site: Path | str, say: Callable[[str], None]) -> bool:
    """Tell what was found, and whether the site in the folder or at the address `site` is whole and what the project in
    `root` makes.

    Raises Failed where that cannot be found out, with the reason.
    """
    if is_address(str(site)):
        with tempfile.TemporaryDirectory(prefix="verify-") as folder:
            say(f"fetching what the {NAME} of {printable(str(site))} lists")
            return verify_folder(root, fetch_site(str(site), Path(folder)), str(site), say)
    return verify_folder(root, Path(site), str(site), say)


def verify_folder(root: Path, site: Path, name: str, tell: Callable[[str], None]) -> bool:
    """The same of a folder, which is told by `name`."""

    def say(line: str) -> None:
        tell(printable(line))

    told = read_manifest(site)
    broken = list(against_manifest(site, told))
    for line in broken:
        say(line)
    say(f"manifest: {len(told['files'])} files; {len(broken) or 'none'} of them not as listed")
    for line in other_tools(root, told):
        say(line)
    if not (root / "_quarto.yml").is_file():
        say("nothing was built anew: this folder is no report; run it in the folder of the project that made the site")
        return not broken
    from surveybook.publish.printing.pdf import FILE as PRINT  # what reads PDF takes its time
    from surveybook.publish.printing.pdf import add_print

    state = source(root, root / SITE, undisclosed(root))
    if changed := list(other_inputs(told["inputs"], state.inputs)):
        faults = [*changed, f"the site was made from other inputs than stand here; {check_out(told)}"]
        raise Failed("\n".join(map(printable, faults)))
    if told.get("commit") != (state.commit or None):
        raise Failed(printable(f"the site names another commit than stands here; {check_out(told)}"))
    with tempfile.TemporaryDirectory(prefix="verify-") as folder:
        copy = copied(root, Path(folder) / "project", [*told["inputs"], *state.private])
        build(copy, of_project(builder_for(told), root, copy), say)
        fresh = copy / SITE
        if (site / PRINT).is_file() and not (site / PRINT).is_symlink():
            say(f"note: {PRINT} is taken as it is; compare it with what surveybook pdf prints")
            add_print(fresh, (site / PRINT).read_bytes())
        if (site / ROBOTS).is_file():  # it was prepared for a host
            fresh = Path(folder) / "public"
            publish(copy, copy / SITE, fresh)
        differences = list(compared(site, fresh))
    for line in differences:
        say(line)
    if not differences:
        say(f"identical: {name} is what the project makes, {len(told['files'])} files and the manifest, byte for byte")
    return not differences and not broken


def read_manifest(site: Path) -> dict[str, Any]:
    """The manifest of a site."""
    path = site / NAME
    if path.is_symlink() or not path.is_file():
        raise Failed(f"{site} has no {NAME}, so it is no site to verify; build one (make site), or name its folder")
    try:
        told = json.loads(path.read_text(encoding="utf-8"))
        return {"files": dict(told["files"]), "inputs": dict(told["inputs"]), **told}
    except (ValueError, KeyError, TypeError, RecursionError) as error:
        raise Failed(f"{path} cannot be read as a manifest ({error}); get the file again") from None


def against_manifest(site: Path, told: dict[str, Any]) -> Iterator[str]:
    """Every entry of a site's folder that is not as its manifest says: it lists plain files, and nothing else."""
    found = dict(entries(site))
    for name in sorted(found.keys() | told["files"].keys()):
        kind = found.get(name, "")
        if kind not in ("", PLAIN):
            yield f"{name}: it is {kind}, and a site has plain files only"
        elif name not in found:
            yield f"{name}: it is listed in {NAME} and not there"
        elif name not in told["files"]:
            yield f"{name}: it is there and not listed in {NAME}"
        elif describe_file(site / name) != told["files"][name]:
            yield f"{name}: it is not the file that {NAME} lists"


def entries(site: Path) -> Iterator[tuple[str, str]]:
    """Every entry of a site but the manifest, by its path, with its kind; of folders only those that are empty. No link
    is followed, and nothing opened."""
    for folder, folders, names in os.walk(site):
        here = Path(folder)
        links = [name for name in folders if (here / name).is_symlink()]
        if not (folders or names) and here != site:
            yield here.relative_to(site).as_posix(), "an empty folder"
        for name in (*links, *names):
            path = here / name
            if path != site / NAME or path.is_symlink():
                yield path.relative_to(site).as_posix(), kind_of(path)


def kind_of(path: Path) -> str:
    """What an entry of a folder is, in words."""
    mode = path.lstat().st_mode
    kinds = {"a link": stat.S_ISLNK, "a pipe": stat.S_ISFIFO, "a socket": stat.S_ISSOCK, PLAIN: stat.S_ISREG}
    return next((kind for kind, is_one in kinds.items() if is_one(mode)), "a device")


def printable(words: str) -> str:
    """Words for a terminal: what no reader sees in them, or a terminal would obey, as its number."""
    return "".join(sign if sign.isprintable() else sign.encode("unicode_escape").decode() for sign in words)


def other_tools(root: Path, told: dict[str, Any]) -> Iterator[str]:
    """What is of another version here than where the site was made: a reason for differences, and none by itself."""
    here = {"Python": platform.python_version(), **packages(root)}
    there = {"Python": told.get("python"), **(told.get("packages") or {})}
    for name in sorted(here.keys() | there.keys()):
        if here.get(name) != there.get(name):
            yield f"note: made with {name} {there.get(name)}, and here it is {here.get(name)}"


def other_inputs(then: dict[str, Any], now: dict[str, Any]) -> Iterator[str]:
    """The inputs that are not as they were when the site was made."""
    for name in sorted(then.keys() | now.keys()):
        if then.get(name) != now.get(name):
            state = "is not here" if name not in now else "is new here" if name not in then else "is another one here"
            yield f"{name}: this input {state}"


def check_out(told: dict[str, Any]) -> str:
    """How to get the inputs of a site."""
    if not told.get("commit"):
        return "build the site again (make site), or get the project in the state that it was made from"
    if told.get("changed_since_commit"):
        return f"it was made from commit {told['commit'][:10]} with later changes, which nobody else has"
    return f"check out commit {told['commit'][:10]} and verify there"


def builder_for(told: dict[str, Any]) -> Builder:
    """The builder that the site was made with. Raises NoBuilder where it is not here."""
    return choose("quarto" if str(told.get("builder")).startswith("Quarto") else "renderer")


def copied(root: Path, target: Path, inputs: Iterable[str]) -> Path:
    """The inputs alone, in a folder of their own."""
    for name in inputs:
        (target / name).parent.mkdir(parents=True, exist_ok=True)
        shutil.copy2(root / name, target / name)
    return target


def of_project(builder: Builder, root: Path, copy: Path) -> Builder:
    """A builder for which the copy is in the same state of git as the project."""
    folder = git(root, "rev-parse", "--absolute-git-dir")
    state = (("GIT_DIR", folder), ("GIT_WORK_TREE", str(copy))) if folder else ()
    return replace(builder, environment=(*builder.environment, *state))


def compared(one: Path, other: Path) -> Iterator[str]:
    """Every file in which a site differs from one built anew, with the first difference."""
    here, there = ({NAME, *(name for name, kind in entries(site) if kind == PLAIN)} for site in (one, other))
    for name in sorted(here | there):
        if name not in there:
            yield f"{name}: it is not in the site built anew"
        elif name not in here:
            yield f"{name}: only the site built anew has it"
        elif (found := first_difference((one / name).read_bytes(), (other / name).read_bytes())) is not None:
            yield f"{name}: {found}"


def first_difference(one: bytes, other: bytes) -> str | None:
    """Where two files part, in words; None where they are the same."""
    if one == other:
        return None
    at = len(os.path.commonprefix([one, other]))
    line = one.count(b"\n", 0, at) + 1
    return f"line {line}: “{near(one, at)}” here, “{near(other, at)}” built anew"


def near(content: bytes, at: int) -> str:
    """The characters around a place of a file, on one line."""
    shown = content[max(0, at - NEAR) : at + NEAR].decode("utf-8", "replace")
    return " ".join(shown.split()) or "its end"
