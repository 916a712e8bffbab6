"""Write the hash and size of a study's files into its descriptor:  python -m analysis.seal STUDY

To be run after a change of the data that is meant. Only the lines `bytes:` and `hash:` change.
"""

from __future__ import annotations

import re
import sys
from pathlib import Path

from .errors import DataError
from .package import DESCRIPTOR, content_of, digest, read_descriptor
from .study import DATA, read_study


def seal(folder: Path) -> list[str]:
    """Bring the descriptor of `folder` up to date and return the paths of the files that had changed."""
    descriptor, path = read_descriptor(folder).data, folder / DESCRIPTOR
    text, changed = path.read_text(encoding="utf-8"), []
    for resource in descriptor["resources"]:
        content = content_of(folder / resource["path"])
        sealed = re.sub(
            rf"(path: {re.escape(resource['path'])}\n(?:(?! *- name:).*\n)*? *bytes: ).*(\n *hash: ).*",
            rf"\g<1>{len(content)}\g<2>{digest(content)}",
            text,
        )
        if sealed != text:
            changed.append(resource["path"])
        elif resource.get("hash") != digest(content):
            raise DataError(
                f"{path}: the file {resource['path']} has no lines `bytes:` and `hash:` in this order; add them"
            )
        text = sealed
    path.write_text(text, encoding="utf-8")
    return changed


def main(names: list[str]) -> int:
    """Seal the named studies, then read them, so that data which cannot be used are reported at once."""
    if not names:
        print(__doc__)
        return 2
    try:
        for name in names:
            for changed in seal(DATA / name):
                print(f"{name}: sealed {changed}")
            read_study(DATA / name)
            print(f"{name}: complete and as declared")
    except DataError as error:
        print(error, file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
