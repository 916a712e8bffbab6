"""What changed from one version of ATLAS to the next, and which lines of the mapping are lost by it?"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from analysis.atlas.source import Source

Rows = Mapping[str, Mapping[str, str]]  # by id, and by column
COMPARED = ("cases", "techniques", "mitigations")
NAME = "name"


def differences(old: Mapping[str, Rows], new: Source) -> Iterator[str]:
    """A line for each entry that was added, is gone, has another name, or differs elsewhere. `old`: the rows of each
    table so far."""
    for table in COMPARED:
        before, after = old[table], new.named(table)
        for one in after:
            if one not in before:
                yield f"{table}: {one} was added, {after[one][NAME]}"
        for one in before:
            if one not in after:
                yield f"{table}: {one} is gone, {before[one][NAME]}"
        for one in (one for one in after if one in before and before[one] != after[one]):
            if before[one][NAME] != after[one][NAME]:
                yield f"{table}: {one} was renamed, from {before[one][NAME]} to {after[one][NAME]}"
            changed = [f"{column} from “{before[one][column]}” to “{after[one][column]}”" for column in after[one]
                       if column not in (NAME, "modified") and before[one][column] != after[one][column]]
            if changed:
                yield f"{table}: {one} differs, {'; '.join(changed)}"


def lost(mapping: list[Mapping[str, str]], new: Source) -> Iterator[str]:
    """A line for each row of the mapping whose technique is gone; the header is row 1."""
    known = new.named("techniques")
    for number, row in enumerate(mapping, 2):
        if row["technique"] and row["technique"] not in known:
            yield f"row {number}: {row['attack']} names {row['technique']}, which is gone; give it another technique"
