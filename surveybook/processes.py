"""How does a program end with the one that started it, even where that is killed?  And how does the next build know
that one still writes?"""

from __future__ import annotations

import os
import shutil
import signal
import stat
import threading
import time
from functools import cache

STARTER = "SURVEYBOOK_STARTER"  # in the environment: the number of the process with which a program ends
CLAIM = "SURVEYBOOK_CLAIM"  # in the environment: the descriptor with the claim on the folder that a build works in
BUNDLED = "SURVEYBOOK_RENDERER"  # in the environment of scripts that the bundled renderer runs, and not Quarto
EVERY = 0.5  # seconds between two looks


def end_with_starter() -> None:
    """End this process once the one that is named in its environment, if that started it, is gone.

    The system tells a program so by the number of its parent, on Linux and macOS alike.
    """
    starter = os.getppid()
    if os.environ.pop(STARTER, "") == str(starter):
        threading.Thread(target=_watch, args=(starter,), daemon=True).start()


@cache
def kill_with_starter() -> tuple[str, ...]:
    """The words before a command, any program's, so that the system kills it when this process ends, however that
    ends; none where the system does not offer it."""
    return ("setpriv", "--pdeathsig", "KILL") if shutil.which("setpriv") else ()


def claims() -> tuple[int, ...]:
    """The claim that this process was given, for the programs that it starts, which may outlive it."""
    try:
        number = int(os.environ.get(CLAIM, ""))
        return (number,) if stat.S_ISDIR(os.fstat(number).st_mode) else ()
    except (ValueError, OverflowError, OSError):  # none; or it was not handed on to this process
        return ()


def _watch(starter: int) -> None:
    while os.getppid() == starter:
        time.sleep(EVERY)
    os.kill(os.getpid(), signal.SIGKILL)
