"""What is to be said of one gap?  A section for each gap of a phase, made by a cell as Markdown."""

from __future__ import annotations

from collections.abc import Sequence

from analysis.gaps_today import tables
from analysis.gaps_today.declaration import Gap
from analysis.gaps_today.findings import Today
from analysis.profiles.findings import Attacks, falling
from surveybook.survey.errors import DataError
from surveybook.survey.show.display import float_of, fold
from surveybook.survey.show.sections import Sections
from surveybook.survey.words import text
from surveybook.survey.words.text import plain

CITED = "kumar2020"  # who described the gaps


def gaps(today: Today, phase: str, attacks: Attacks) -> Sections:
    """The gaps of a phase of the life cycle, a section `sec-gap-<id>` for each: the verdict and its reason, and folded
    below it what was missing and why it hurts, with the attacks that fall into it, what exists (`tbl-gap-<id>`), and
    what to do and what to keep.

    Raises DataError for a phase that no gap has.
    """
    found = today.judgement.during(phase)
    if not found:
        raise DataError(f"no gap is of the phase “{phase}”; use one of {', '.join(today.judgement.phases)}")
    return Sections("\n\n".join(_section(today, gap, attacks) for gap in found) + "\n")


def _section(today: Today, gap: Gap, attacks: Attacks) -> str:
    """One section."""
    cited = "; ".join(f"@{key}" for key in gap.sources)
    fall = [f"{plain(text.lower(one.kind.label))} (@{one.section})" for one in falling(attacks, gap.id)]
    thin = [f"*The sources are thin.* {plain(gap.thin)}"] if gap.thin else []
    searched = f' synonyms="{", ".join(gap.synonyms)}"' if gap.synonyms else ""
    return "\n\n".join([
        f"### {plain(gap.label)} {{#{gap.section}{searched}}}",
        f"**Our judgement: {gap.verdict}.** {plain(gap.reason)}", *thin,
        fold("What to do this quarter, and what to log and keep",
             "*To do this quarter:*", _list(gap.quarter), "*To log and keep:*", _list(gap.log)),
        fold(f"What exists today ({len(gap.exists)}), and what would change our judgement",
             f"@tbl-gap-{gap.id} lists what these sources tell [{cited}].",
             float_of(f"tbl-gap-{gap.id}", tables.exists(today, gap),
                      f"What can be pointed at today: {plain(gap.label)}."),
             f"*What would change our judgement.* {plain(gap.change)}"),
        fold("What was missing, and why it hurts",
             f"*Missing then.* {plain(gap.missing)} [@{CITED}].\n*In traditional software:* {plain(gap.counterpart)}.",
             f"*Why it hurts.* {plain(gap.hurts)}",
             *([f"*Attacks that fall into it:* {text.listing(fall)}."] if fall else [])),
    ])


def _list(points: Sequence[str]) -> str:
    return "\n".join(f"- {plain(point)}" for point in points)
