"""What is true: data in; estimates, tests, figures, tables and findings out.

Every folder of data/ that holds a descriptor is a study, and can be imported by its name:

    from analysis import figures, interviews, tables

`interviews` then holds every number of data/interviews by name (see analysis/findings.py).
"""

from .findings import Findings
from .study import DATA, read_study


def __getattr__(name: str) -> Findings:
    """The findings of the study data/`name`, read once."""
    folder = DATA / name.replace("_", "-")
    if name.startswith("_") or not folder.is_dir():
        raise AttributeError(f"analysis has no module and data/ no study called “{name}”")
    globals()[name] = Findings(read_study(folder))
    return globals()[name]
