"""What is true: data in; estimates, tests, figures, tables and findings out.

Every folder of data/ that holds a descriptor is a study, and can be imported by its name:

    from analysis import figures, interviews, tables

`interviews` then holds every number of data/interviews by name (see analysis/findings.py). Two names belong to no
single study: `evidence` and `reporting` (see analysis/beyond.py).
"""

from functools import cache

from .findings import Findings
from .names import Names
from .package import DESCRIPTOR
from .study import DATA, read_study

BEYOND = ("evidence", "reporting")


@cache
def __getattr__(name: str) -> Names:
    """The findings of the study data/`name`, or those beyond the studies, read once."""
    if name not in BEYOND:
        return _findings(name)
    from . import beyond  # it reads the studies, and so comes after them

    return getattr(beyond, name)(_findings)


@cache
def _findings(name: str) -> Findings:
    """The findings of the study data/`name`."""
    folder = DATA / name.replace("_", "-")
    if name.startswith("_") or not (folder / DESCRIPTOR).is_file():
        raise AttributeError(
            f"analysis has no module and data/ no study called “{name}”; a study is a folder with a {DESCRIPTOR}"
        )
    return Findings(read_study(folder))
