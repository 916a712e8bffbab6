"""Where is the Pandoc that the tool runs?"""

from __future__ import annotations

from functools import cache
from importlib.util import find_spec
from pathlib import Path


@cache
def find_pandoc() -> str:
    """The Pandoc that came with the locked wheel; nothing where it is not there.

    The one of PATH may be years older, and is what pypandoc takes where it is newer, or where its own one cannot tell
    its version.
    """
    package = find_spec("pypandoc")  # found and not imported, which would take longer than most edits
    bundled = Path(package.origin).with_name("files") / "pandoc" if package and package.origin else Path()
    return str(bundled) if bundled.is_file() else ""
