"""What a command of the tool says, where the process of the test calls it as its entry point does."""

from __future__ import annotations

from contextlib import redirect_stderr, redirect_stdout
from io import StringIO
from pathlib import Path

import pytest
from project import ROOT

from surveybook.cli import main


def say(*command: object, folder: Path, fails: bool = False, **environment: str) -> str:
    """All that `surveybook COMMAND` says in a folder. A process of its own says the same, after two seconds in which it
    imports what this one has."""
    with pytest.MonkeyPatch.context() as patch, redirect_stdout(StringIO()) as said, redirect_stderr(said):
        patch.chdir(folder)
        for name, value in {"PYTHONPATH": str(ROOT), "BUILDER": "renderer", **environment}.items():
            patch.setenv(name, value)
        ended = main(list(map(str, command)))
    assert ended == fails, said.getvalue()
    return said.getvalue()
