"""Is anything lost, or anything wrong published, whatever happens to a build?  `make chaos` tries that on a small book.

| what happens                                          | file          |
| ----------------------------------------------------- | ------------- |
| a build is killed                                     | kills.py      |
| the disk is full                                      | disks.py      |
| what is kept between builds is damaged                | damages.py    |
| a published site is tampered with, and then verified  | tampering.py  |

All of it happens to a copy of tests/books/small, which stands in one of two states (book.py); the sites of both are
known, byte for byte. What happens in a round follows from the seed, but for how far a build is when it is killed.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path

from benchmarks.chaos.book import make_states
from benchmarks.chaos.damages import damage_cache
from benchmarks.chaos.disks import fill_disk
from benchmarks.chaos.kills import kill_builds
from benchmarks.chaos.tampering import tamper

MOUNTS = "CHAOS_MOUNTS"  # in the environment: that this process may mount, and nobody else sees it


def report(say: Callable[[str], None], seed: int, kills: int, disks: int, damages: int, tampers: int) -> bool:
    """Do all of it, tell every fault and at last one line that sums it up; whether there was no fault."""
    with tempfile.TemporaryDirectory(prefix="chaos-") as folder:
        states = make_states(Path(folder))
        trials = [
            *([kill_builds(Path(folder, "kills"), states, seed, kills, say)] if kills else []),
            *([fill_disk(Path(folder, "disks"), states, seed, disks, say)] if disks else []),
            *([damage_cache(Path(folder, "damages"), states, seed, damages, say)] if damages else []),
            *([tamper(Path(folder, "tampers"), states, seed, tampers, say)] if tampers else []),
        ]
    say(f"chaos, seed {seed}: {'; '.join(trial.told for trial in trials)}")
    return not any(trial.faults for trial in trials)


def mount_alone() -> None:
    """Start this program anew with file systems of its own, which are gone when it ends, however it ends; for that
    nobody needs to be root. Where the system has no such thing, it goes on without."""
    alone = ["unshare", "--mount", *(["--user", "--map-root-user"] if os.geteuid() else [])]
    if MOUNTS in os.environ or not shutil.which("unshare") or subprocess.run(
            [*alone, "true"], stderr=subprocess.DEVNULL).returncode:
        return
    os.environ[MOUNTS] = "1"
    os.execvp("unshare", [*alone, sys.executable, "-m", "benchmarks", *sys.argv[1:]])
