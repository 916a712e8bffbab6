"""What is to be said of one attack?  The chapter on it below its first sentences, made by a cell as Markdown."""

from __future__ import annotations

from collections.abc import Iterable

from analysis.atlas.tables import address_of
from analysis.profiles import tables
from analysis.profiles.declaration import CONCERNS, Profile
from analysis.profiles.findings import Attacks
from surveybook.survey.errors import DataError
from surveybook.survey.show.boxes import MARKS
from surveybook.survey.show.display import float_of
from surveybook.survey.show.sections import Sections
from surveybook.survey.words import text
from surveybook.survey.words.text import plain

SEARCHED = {"defend": 'synonyms="how to protect, how to prevent" '}  # words by which a section is found, too
SURVEY, COLLECTION, LAW = "grosse2023", "mitre2026", "eu2024"  # in references.bib


def attack(attacks: Attacks, name: str) -> Sections:
    """An attack by its id: an example; then a section `sec-attack-<id>-<part>` for who feared it, its documented cases,
    its names elsewhere, what to do, the gaps that it falls into, and where to read on.

    Raises DataError for an attack that has no profile.
    """
    profiles = attacks.profiles.profiles
    if name not in profiles:
        raise DataError(f"no attack is called “{name}”; use one of {', '.join(profiles)}")
    one = profiles[name]
    parts = {"feared": ("Who feared it", _feared), "cases": ("Documented cases", _cases),
             "names": ("Its names elsewhere", _names), "defend": ("What to do and what to log", _defend),
             "gaps": ("Which gaps it falls into", _gaps), "read": ("Where to read on", _read)}
    sections = [f"## {title} {{{SEARCHED.get(part, '')}#{one.section}-{part}}}\n\n" + "\n\n".join(made(attacks, one))
                for part, (title, made) in parts.items()]
    return Sections("\n\n".join([_example(attacks, one), *sections]) + "\n")


def _example(attacks: Attacks, one: Profile) -> str:
    if not one.case:
        return f"*An example that we made up.* {plain(one.example)}"
    case = attacks.profiles.documented.cases[one.case]
    return (f"*A documented {case.kind}.* {plain(one.example)} "
            f"MITRE ATLAS has it as [{plain(case.name)}]({address_of(case.id)}) [@{COLLECTION}].")


def _feared(attacks: Attacks, one: Profile) -> Iterable[str]:
    asked = attacks.asked.attack
    if one.kind.listed:
        pick = getattr(asked, one.kind.id.replace("-", "_"))
        yield (f"{_mark(text.RECOMPUTED)} Of the picks for the attack that would hurt most, the interviewed "
               f"organizations gave it {_shown(pick.full)} (@sec-attacks).")
    else:
        yield (f"{_mark(text.UNKNOWN)} It was not on the list of {_shown(asked.answers)} attacks from which the "
               "interviewed organizations picked one, so nobody could name it (@sec-attacks).")
    unknown = f"how many practitioners consider it relevant or have met it, we could not read [@{SURVEY}]" \
        if one.kind.listed else f"whether it asked about this attack, we could not read [@{SURVEY}]"
    found = [CONCERNS[key] for key in one.concerns]
    could = f"Of these, this attack could lead to {text.listing(found, 'or')}, in our judgement." if found else \
        "In our judgement this attack leads to none of them."
    yield (f"{_mark(text.UNKNOWN)} What the published survey found about this attack alone is not known to us: "
           f"{unknown}.\n"
           f"Its abstract names three concerns: {text.listing(list(CONCERNS.values()))} (@sec-published-concerns).\n"
           f"{could}")


def _cases(attacks: Attacks, one: Profile) -> Iterable[str]:
    kind, found = one.kind, getattr(attacks.collected.kinds, one.kind.id.replace("-", "_"))
    if not kind.broad.cases:
        lines = attacks.collected.study.package.tables["mapping"]
        reasons = lines.loc[(lines["attack"] == kind.id) & (lines["reading"] == "none"), "reason"]
        why = f" {plain(reasons.iloc[0])}." if len(reasons) else ""
        yield (f"{_mark(text.UNKNOWN)} No documented case shows it, under either reading [@{COLLECTION}].{why}\n"
               "That is no proof that it does not happen: the collection holds what somebody noticed and told.")
        return
    years = "" if not kind.strict.cases else f", from {_shown(found.first)}" if found.first == found.last \
        else f", the first of {_shown(found.first)}, the last of {_shown(found.last)}"
    broad = f"\nUnder the broad reading it is {_shown(found.told_broad)}." \
        if kind.broad.tally != kind.strict.tally else ""
    yield (f"{_mark(text.RECOMPUTED)} In MITRE ATLAS it is shown by {_shown(found.told)}{years} [@{COLLECTION}]."
           f"{broad}\n@tbl-attack-{kind.id}-cases lists them.")
    others = [f"{_named(other)} (@{other.section})" for other in attacks.profiles.profiles.values()
              if other is not one and other.kind.strict.cases & kind.strict.cases]
    if others:
        yield f"Some of these cases show another attack as well: {text.listing(others)}."
    yield _float(attacks, one, "cases", tables.attack_cases, f"Documented cases that show this attack: {_named(one)}.")
    yield ("A case is what somebody wrote down; how often the attack happens, no collection can say "
           "(@sec-documented-limits).")


def _names(attacks: Attacks, one: Profile) -> Iterable[str]:
    kind = one.kind
    if kind.broad.techniques:
        yield f"These techniques of MITRE ATLAS stand for it, in our judgement (@tbl-attack-{kind.id}-techniques)."
        yield _float(attacks, one, "techniques", tables.attack_techniques,
                     f"Techniques of MITRE ATLAS that stand for this attack: {_named(one)}.")
    else:
        yield "MITRE ATLAS has no technique for it (@sec-feared-mapping)."
    cited = "; ".join(f"@{key}" for key in one.sources)
    yield f"@tbl-attack-{kind.id}-names lists what others call it, and how well each name fits [{cited}]."
    law = [term.name for term in one.terms if term.source == LAW]
    named = f"what it calls {text.listing([f'*{plain(name)}*' for name in law])}" if law else ""
    yield (f"The EU AI Act asks, in its article on accuracy, robustness and cybersecurity, that high-risk systems have "
           f"measures against {named}, where that is appropriate [@{LAW}]." if law else
           f"The EU AI Act names no attack that fits it well in its article on accuracy, robustness and cybersecurity "
           f"[@{LAW}].")
    yield _float(attacks, one, "names", tables.attack_names, f"What others call this attack: {_named(one)}.")


def _defend(attacks: Attacks, one: Profile) -> Iterable[str]:
    kind = one.kind
    if kind.broad.mitigations:
        yield (f"@tbl-attack-{kind.id}-mitigations lists what MITRE ATLAS names against its techniques, by the phase "
               "in which it is done; a mitigation stands in each of its phases.\n"
               "How well a mitigation works, no source that we could read measured; @sec-in-place has all as a "
               "checklist.")
        yield _float(attacks, one, "mitigations", tables.attack_mitigations,
                     f"Mitigations that are named against this attack, by phase of the life cycle: {_named(one)}.")
    else:
        yield "As MITRE ATLAS has no technique for it, it names no mitigation against it either."
    yield "*To log and keep, in our judgement:*"
    yield "\n".join(f"- {plain(point)}" for point in one.log)


def _gaps(attacks: Attacks, one: Profile) -> Iterable[str]:
    yield "Which practices are missing against it is our judgement, as is the verdict on what exists of each today:"
    yield "\n".join(f"- {plain(gap.label)} (@{gap.section}), judged *{gap.verdict}* today. {plain(why)}"
                    for gap, why in one.gaps)


def _read(attacks: Attacks, one: Profile) -> Iterable[str]:
    yield "\n".join([
        *(f"- {plain(why.rstrip('.'))} [@{source}]." for source, why in one.further),
        "- All attacks side by side, with their sources: @sec-attack-index.",
        "- What was feared beside what was documented: @sec-feared.",
        "- All documented cases: @sec-documented.",
    ])


def _named(one: Profile) -> str:
    return plain(text.lower(one.kind.label))


def _float(attacks: Attacks, one: Profile, part: str, table, caption: str) -> str:
    return float_of(f"tbl-attack-{one.kind.id}-{part}", table(attacks, one), caption)


def _mark(kind: str) -> str:
    return f'[{MARKS[kind]}]{{.evidence data-evidence="{kind}"}}'


def _shown(finding: text.Text) -> str:
    return finding._repr_markdown_()
