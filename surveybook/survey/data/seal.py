"""Write the hash and size of a study's files into its descriptor: what `surveybook seal STUDY` does.

To be run after a change of the data that is meant. Only the lines `bytes:` and `hash:` change.
"""

from __future__ import annotations

import re
from pathlib import Path

from surveybook.folders import replace_file
from surveybook.survey.data.package import DESCRIPTOR, read_descriptor
from surveybook.survey.errors import DataError


def seal(folder: Path) -> list[str]:
    """Bring the descriptor of `folder` up to date and return the paths of the files that had changed."""
    descriptor, path = read_descriptor(folder), folder / DESCRIPTOR
    text, changed = path.read_text(encoding="utf-8"), []
    for number, resource in enumerate(descriptor.data["resources"]):
        size, hashed = descriptor.seal(number)
        sealed = re.sub(
            rf"(path: {re.escape(resource['path'])}\n(?:(?! *- name:).*\n)*? *bytes: ).*(\n *hash: ).*",
            rf"\g<1>{size}\g<2>{hashed}",
            text,
        )
        if sealed != text:
            changed.append(resource["path"])
        elif resource.get("hash") != hashed:
            raise DataError(
                f"{path}: the file {resource['path']} has no lines `bytes:` and `hash:` in this order; add them"
            )
        text = sealed
    replace_file(path, text.encode())
    return changed

