"""How does a program end with the one that started it, even where that is killed?"""

from __future__ import annotations

import os
import signal
import threading
import time

STARTER = "SURVEYBOOK_STARTER"  # in the environment: the number of the process with which a program ends
BUNDLED = "SURVEYBOOK_RENDERER"  # in the environment of scripts that the bundled renderer runs, and not Quarto
EVERY = 0.5  # seconds between two looks


def end_with_starter() -> None:
    """End this process once the one that is named in its environment, if that started it, is gone.

    The system tells a program so by the number of its parent, on Linux and macOS alike.
    """
    starter = os.getppid()
    if os.environ.pop(STARTER, "") == str(starter):
        threading.Thread(target=_watch, args=(starter,), daemon=True).start()


def _watch(starter: int) -> None:
    while os.getppid() == starter:
        time.sleep(EVERY)
    os.kill(os.getpid(), signal.SIGKILL)
