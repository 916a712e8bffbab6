"""What can be ticked off?  The gaps and the mitigations as lists, made by a cell as Markdown.

Lists of the class `checklist` can be ticked where scripts run (surveybook/theme/checklist.js), and are lists elsewhere.
"""

from __future__ import annotations

from collections.abc import Iterable

from analysis.gaps_today.findings import Today
from analysis.profiles.findings import Attacks
from surveybook.survey.show.sections import Sections
from surveybook.survey.words import text
from surveybook.survey.words.text import plain


def gaps_checklist(today: Today) -> Sections:
    """The practices that were missing, by phase, each with a reference to the section that judges it."""
    judgement = today.judgement
    return _list((label, [f"{_item(gap.id, gap.missing)} [what exists today: @{gap.section}]{{.place}}"
                          for gap in judgement.during(phase)]) for phase, label in judgement.phases.items())


def mitigations_checklist(attacks: Attacks) -> Sections:
    """All mitigations of ATLAS, each once, under the earliest of its phases; below it the attacks that it is against,
    under the strict reading."""
    phases = attacks.collected.study.package.labels("mitigations", "lifecycle")
    profiles, left = attacks.profiles.profiles.values(), list(attacks.profiles.documented.mitigations.values())
    groups = []
    for phase, label in phases.items():
        own, left = [one for one in left if phase in one.phases], [one for one in left if phase not in one.phases]
        groups.append((label, [_item(one.id, one.name) + _against(
            [text.lower(each.kind.label) for each in profiles if one in each.kind.strict.mitigations])
            for one in own]))
    return _list(groups)


def _item(key: str, words: str) -> str:
    """An item with what it is known by when the list changes."""
    return f'[{plain(words)}]{{data-item="{key}"}}'


def _against(labels: list[str]) -> str:
    return f" [against {plain(text.listing(labels))}]{{.place}}" if labels else ""


def _list(groups: Iterable[tuple[str, list[str]]]) -> Sections:
    """Lists with a title each, but for groups that hold nothing."""
    made = [f"**{plain(label)}**\n\n" + "\n".join(f"- {item}" for item in items) for label, items in groups if items]
    return Sections("::: {.checklist}\n\n" + "\n\n".join(made) + "\n\n:::\n")
