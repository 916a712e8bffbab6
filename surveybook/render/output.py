"""The output folder: written beside its place, then swapped in, so that a build that dies leaves the last good site."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path

from surveybook.folders import beside, may_replace, replace_folder
from surveybook.render.problems import Problem, Refused


def refuse_to_overwrite(output: Path, root: Path) -> None:
    """Refuse to write where something other than a site would be lost."""
    if root.is_relative_to(output):
        what = "the output folder holds the book itself"
    elif output.is_symlink():
        what = "the output is a symbolic link, which would be replaced"
    elif output.exists() and not output.is_dir():
        what = "the output is a file"
    elif not may_replace(output, root):
        what = "the output folder holds something that is not a site"
    else:
        return
    raise Refused([Problem(str(output), 0, what, "name another folder with --output")])


def write_site(output: Path, made: dict[str, bytes], copied: dict[str, Path], finish: Callable[[Path], None]) -> None:
    """Put files with the given contents, and copies of others, where `output` is, once `finish` is done with the folder
    that holds them; all of them or none."""
    try:
        with beside(output) as fresh:
            for name in sorted({*made, *copied}):
                (fresh / name).parent.mkdir(parents=True, exist_ok=True)
                if name in made:
                    (fresh / name).write_bytes(made[name])
                else:
                    shutil.copyfile(copied[name], fresh / name)
            finish(fresh)
            replace_folder(fresh, output)
    except OSError as error:
        raise Refused([Problem(str(output), 0, f"the site could not be written ({error.strerror})",
                               "make room, or mend the rights of the folder; the last site is unchanged")]) from error
