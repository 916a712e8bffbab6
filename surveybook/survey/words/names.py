"""A tree of named texts: what makes `study.question.answer.of` an expression that can stand in a chapter."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from difflib import get_close_matches
from keyword import iskeyword

from surveybook.survey.errors import DataError
from surveybook.survey.estimates.weighting import Unweighted
from surveybook.survey.words.text import Text

Tree = dict[str, "str | Tree | Callable[[], Tree]"]


class Names:
    """A node of the tree of findings: attributes are findings or further nodes.

    A node that takes long to compute may stand in the tree as a function, which is called when it is needed.
    """

    def __init__(self, tree: Tree, path: str, simulated: bool = False):
        self._path, self._simulated = path, simulated
        self._entries: dict[str, Names | Text | Callable[[], Tree]] = {}
        for name, entry in tree.items():
            key = name.replace("-", "_")
            if not key.isidentifier() or iskeyword(key) or key in self._entries:
                raise DataError(
                    f"{path}: “{name}” cannot name a finding, as it is no Python name or is taken; choose another id"
                )
            kind = Names if isinstance(entry, dict) else Text
            self._entries[key] = entry if callable(entry) else kind(entry, f"{path}.{key}", simulated)

    def __getattr__(self, name: str) -> Names | Text:
        try:
            entry = self.__dict__["_entries"][name]
        except KeyError:
            known = self.__dict__.get("_entries", {})
            near = get_close_matches(name, known, n=1)
            remedy = f"did you mean “{near[0]}”?" if near else f"there is {', '.join(known)}"
            raise AttributeError(f"{self.__dict__.get('_path')} has no finding “{name}”; {remedy}") from None
        if callable(entry):
            entry = self._entries[name] = Names(entry(), f"{self._path}.{name}", self._simulated)
        return entry

    def __dir__(self) -> list[str]:
        return list(self._entries)

    def walk(self) -> Iterator[Text]:
        """All findings below this node, in their order; those left out that a weighted study refuses."""
        for name in list(self._entries):
            try:
                entry = getattr(self, name)
            except Unweighted:
                continue
            if isinstance(entry, Names):
                yield from entry.walk()
            else:
                yield entry


def joined(path: str, *trees: Tree) -> Tree:
    """Several trees as one. Raises DataError for a name that two of them have: an id that is no longer free."""
    whole: Tree = {}
    for tree in trees:
        for name, entry in tree.items():
            if name.replace("-", "_") in (taken.replace("-", "_") for taken in whole):
                raise DataError(f"{path}: “{name}” already names another finding; choose another id")
            whole[name] = entry
    return whole
