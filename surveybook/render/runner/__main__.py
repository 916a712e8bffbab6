"""Run the cells of pages: told what to do by one line of JSON on standard input, answer with lines of JSON.

When standard input closes, this process ends its children and itself; where it is killed, a second small one does that.
Started by the path of this file, so that cells find neither the package `surveybook` nor this folder.
"""

from __future__ import annotations

import fcntl
import importlib.util
import json
import os
import signal
import sys
import tempfile

NAME = "_runner"  # of this package, here


def load() -> None:
    """Make the files beside this one a package, without a folder on the path of modules."""
    here = os.path.dirname(os.path.abspath(__file__))
    spec = importlib.util.spec_from_file_location(NAME, os.path.join(here, "__init__.py"),
                                                  submodule_search_locations=[here])
    sys.modules[NAME] = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(sys.modules[NAME])


if __name__ == "__main__":
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # whoever asked is interrupted too, and closes standard input
    line = sys.stdin.readline()
    answers = os.fdopen(os.dup(1), "w", encoding="utf-8")
    os.dup2(os.open(os.devnull, os.O_WRONLY), 1)
    turns = tempfile.TemporaryFile()  # noqa: SIM115  whose turn to answer it is, as branches do so too

    def reply(message: dict) -> None:
        fcntl.lockf(turns, fcntl.LOCK_EX)
        answers.write(json.dumps(message) + "\n")
        answers.flush()
        fcntl.lockf(turns, fcntl.LOCK_UN)

    load()
    importlib.import_module(f"{NAME}.warm").serve(json.loads(line), reply)
