"""What is wrong with data: the one exception for it, and what gathers several of them."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from surveybook.errors import Refusal


class DataError(Refusal, ValueError):
    """Data or a descriptor that cannot be used: one sentence with the file, the place and what to do.

    `unknown`: the name that stands for nothing, where that is what is wrong.
    """

    unknown: object = None


class Faults:
    """What the readers of a study find wrong: the first fault is raised or, of one that gathers, all of them are kept.

    What is wrong itself is `broken`, by its name or by the keys to it: whatever names it is not told to be wrong as
    well, and need not be read.
    """

    def __init__(self, gathers: bool = False):
        self.gathers = gathers
        self.found: list[DataError] = []
        self.broken: set[object] = set()

    def add(self, fault: DataError) -> None:
        """One more fault. Raises it unless faults are gathered."""
        if not self.gathers:
            raise fault
        self.found.append(fault)

    @contextmanager
    def part(self, *names: object) -> Iterator[None]:
        """Reading something that may be wrong by itself, and is known by `names`."""
        try:
            yield
        except DataError as fault:
            if not self.gathers:
                raise
            self.broken |= set(names)
            if fault.unknown is None or fault.unknown not in self.broken:
                self.found.append(fault)

    def sound(self, *keys: str | int) -> bool:
        """Whether nothing at or around these keys is broken."""
        return not any(keys[:n] in self.broken for n in range(1, len(keys) + 1))
