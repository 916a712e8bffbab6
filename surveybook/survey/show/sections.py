"""Which sections of a page are made by a cell?  Those of which there is one for each hypothesis.

A cell with `#| output: asis` shows them as Markdown, so that headings are numbered and floats have labels, as if they
stood in the chapter. A study needs a chapter for its passports, and no code.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

from surveybook.survey.evidence.findings import Findings
from surveybook.survey.show import figures, tables
from surveybook.survey.show.display import float_of, fold
from surveybook.survey.words.names import Names
from surveybook.survey.words.text import Text, plain

SAID = ("Claim", "Plan", "Verdict", "Other choices")  # parts of a passport that its section says above it


@dataclass(frozen=True)
class Sections:
    """Markdown of sections, one after the other."""

    markdown: str

    def _repr_mimebundle_(self, include: Any = None, exclude: Any = None) -> dict[str, str]:
        return {"text/markdown": self.markdown}


def passports(findings: Findings, family: str) -> Sections:
    """The passports of the hypotheses of a family, a section `sec-<id>` for each: what was found, and folded below it
    the whole passport (`tbl-<id>`), the counts (`tbl-counts-<id>`) and the other choices (`fig-choices-<id>`)."""
    names = [verdict.hypothesis.id for verdict in findings.judgements.of(family)]
    return Sections("\n\n".join(_passport(findings, name) for name in names) + "\n")


def _passport(findings: Findings, name: str) -> str:
    """One section."""
    node = getattr(findings.hypotheses, name.replace("-", "_"))
    published = findings.study.hypotheses[name].published
    passport = tables.passport(findings, name)
    cited = f" [@{published.reference}]" if published else ""
    return "\n\n".join([
        f"## {_headed(node.claim.rstrip('.'))} {{#sec-{name}}}",
        f"**Verdict: {_shown(node.verdict)}.** {_shown(node.sentence)}",
        *([f"Plan: {_shown(node.plan)}"] if findings.study.plan else []),
        f"Published outcome: {_shown(node.published)}{cited}.\n"
        f"{_shown(node.robust.sentence)}",
        fold("The passport, the counts behind it, and the other choices",
             f"In this order: @tbl-{name}, @tbl-counts-{name} and @fig-choices-{name}.",
             float_of(f"tbl-{name}", replace(passport, rows=[row for row in passport.rows if row[0] not in SAID]),
                      "The rest of the passport."),
             float_of(f"tbl-counts-{name}", tables.counts(findings, name),
                      f"How many people gave each pair of answers, to “{_shown(node.predictor)}” (rows) and "
                      f"“{_shown(node.outcome)}” (columns)."),
             float_of(f"fig-choices-{name}", figures.choices(findings, name),
                      "The claim under every reasonable choice; dots are sizes, lines their intervals.")),
    ])


def _headed(claim: str) -> str:
    """A claim as a heading; one with a number in it, which its author declared and nobody computed, says so."""
    words = plain(claim)
    return f"[{words}]{{.declared}}" if any(one.isdigit() for one in claim) else words


def _shown(finding: Names | Text) -> str:
    """A finding with its own name and label, as it stands in a sentence."""
    return finding._repr_markdown_()
