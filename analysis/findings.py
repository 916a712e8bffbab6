"""Every number of a study by name, ready to stand in a sentence.

    interviews.secures.no.of          “22 of 25”
    interviews.attack.top.label       the answer that was given most often
    interviews.claims.sensitive.verdict

A name leads to further names or to a Text, which carries its own name into the page. `-` in an id is `_` here.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from difflib import get_close_matches
from keyword import iskeyword

from . import text
from .equality import EqualShares
from .errors import DataError
from .ledger import AGREES, DIFFERS, UNCHECKABLE, Entry, ledger, repairs
from .sensitivity import readings
from .share import Share
from .study import Question, Study

Tree = dict[str, "str | Tree"]


class Names:
    """A node of the tree of findings: attributes are findings or further nodes."""

    def __init__(self, tree: Tree, path: str, simulated: bool = False):
        self._path = path
        self._entries: dict[str, Names | text.Text] = {}
        for name, entry in tree.items():
            key = name.replace("-", "_")
            if not key.isidentifier() or iskeyword(key) or key in self._entries:
                raise DataError(
                    f"{path}: “{name}” cannot name a finding, as it is no Python name or is taken; choose another id"
                )
            source = f"{path}.{key}"
            kind = Names if isinstance(entry, dict) else text.Text
            self._entries[key] = kind(entry, source, simulated)

    def __getattr__(self, name: str) -> Names | text.Text:
        try:
            return self.__dict__["_entries"][name]
        except KeyError:
            known = self.__dict__.get("_entries", {})
            near = get_close_matches(name, known, n=1)
            remedy = f"did you mean “{near[0]}”?" if near else f"there is {', '.join(known)}"
            raise AttributeError(f"{self.__dict__.get('_path')} has no finding “{name}”; {remedy}") from None

    def __dir__(self) -> list[str]:
        return list(self._entries)

    def walk(self) -> Iterator[text.Text]:
        """All findings below this node, in their order."""
        for entry in self._entries.values():
            if isinstance(entry, Names):
                yield from entry.walk()
            else:
                yield entry


class Findings(Names):
    """The findings of a study, and the `study` itself for figures and tables."""

    def __init__(self, study: Study):
        self.study = study
        tree: Tree = {name: _question(question, study) for name, question in study.questions.items()}
        tree |= {"unit": _units(study), "source": study.source, "provenance": study.provenance}
        if len(study.claims):
            tree["claims"] = _claims(study)
        if len(study.gaps):
            tree["gaps"] = _gaps(study)
        super().__init__(tree, study.id.replace("-", "_"), study.simulated)


def _units(study: Study) -> str:
    """Who answered, in the plural."""
    return next(iter(study.questions.values())).respondent + "s"


def _share(share: Share, label: str) -> Tree:
    """The ways to write a share."""
    interval = share.interval
    return {
        "label": text.lower(label), "title": label, "count": str(share.count), "base": str(share.base),
        "of": text.of(share), "percent": text.percent(share.value), "low": text.percent(interval.low),
        "high": text.percent(interval.high), "interval": text.span(interval), "full": text.full(share),
    }


def _test(test: EqualShares) -> Tree:
    """The ways to write a test of equal shares."""
    error = f" (Monte Carlo error {test.standard_error:.1g})" if test.standard_error else ""
    return {
        "p": text.p_value(test.p) + error, "percent": text.percent(test.p), "verdict": text.evenness(test),
        "order": text.order(test),
        "leader_percent": text.percent(test.leader_p), "answers": str(len(test.counts)),
    }


def _question(question: Question, study: Study) -> Tree:
    """The findings of one question: each answer, its groups, and what holds for the whole."""
    distribution, labels = question.distribution, question.labels
    shares = distribution.shares
    tree: Tree = {
        "label": question.label, "locator": question.locator, "asked": str(distribution.asked),
        "answered": str(distribution.answered), "missing": str(sum(distribution.missing.values())),
        "rows": str(distribution.answered + sum(distribution.missing.values())),
        "surplus": text.signed(distribution.surplus),
        "answers": str(len(shares)), "picked": str(len(distribution.picked)),
        "unpicked": str(len(shares) - len(distribution.picked)), "repair": _repair(study, question),
    }
    for name, item in zip(("top", "second"), distribution.ranked, strict=False):
        if shares:
            tree[name] = _share(shares[item], labels[item])
    if len(shares) > 1 and distribution.one_each:
        tree["equal"] = _test(distribution.equal())
    if len(distribution.picked) > 1 and distribution.one_each:
        tree["equal_picked"] = _test(distribution.equal(distribution.picked))
    for item, share in shares.items():
        values = [reading.share.value for reading in readings(distribution, item)]
        tree[item] = _share(share, labels[item]) | {
            "lowest": text.percent(min(values)), "highest": text.percent(max(values))
        }
    for group in study.groups.values():
        if group.question == question.id:
            tree[group.id] = _share(distribution.group(group.items), group.label)
    return tree


def _repair(study: Study, question: Question) -> str:
    """What change of one count would reconcile a table with itself and with the claims about it, as a sentence."""
    entries = [entry for entry in ledger(study) if entry.question is question]
    if not question.distribution.surplus and all(entry.verdict == AGREES for entry in entries):
        return "Nothing needs a change."
    found = repairs(study, question)
    if not found:
        return "No change of a single count reconciles them."
    ways = [f"{question.labels[repair.item]} by {text.signed(repair.change)}" for repair in found]
    return f"Any one of these changes of a single count reconciles them: {text.listing(ways, 'or')}."


def _claims(study: Study) -> Tree:
    """The ledger in words."""
    entries = ledger(study)

    def number(verdict: str) -> str:
        return str(sum(entry.verdict == verdict for entry in entries))

    tree: Tree = {
        "count": str(len(entries)), "agree": number(AGREES), "differ": number(DIFFERS),
        "uncheckable": number(UNCHECKABLE), "checkable": str(sum(entry.share is not None for entry in entries)),
    }
    return tree | {entry.claim["claim"]: _entry(entry) for entry in entries}


def _entry(entry: Entry) -> Tree:
    """One entry of the ledger in words."""
    tree: Tree = {"printed": printed(entry.claim), "verdict": entry.verdict, "judgement": _judgement(entry)}
    if entry.share:
        tree |= {"recomputed": recomputed(entry), "difference": text.signed(entry.difference or 0)}
    return tree


def _judgement(entry: Entry) -> str:
    """The verdict on a claim with its reason, as the predicate of a sentence about it."""
    if entry.verdict == UNCHECKABLE:
        return f"cannot be checked, as {entry.reason}"
    if entry.verdict == AGREES:
        return "agrees with the table"
    return f"does not agree with the table ({entry.reason}), but would agree {text.listing(list(entry.mends), 'or')}"


def printed(claim: Mapping[str, object]) -> str:
    """What the source prints: “22 of 28”, or “28” where it names no base."""
    base = claim["printed_base"]
    return f"{claim['printed_count']} of {base}" if isinstance(base, int) else f"{claim['printed_count']}"


def recomputed(entry: Entry) -> str:
    """What the counts give, written as the source writes its number."""
    assert entry.share is not None
    return text.of(entry.share) if isinstance(entry.claim["printed_base"], int) else str(entry.share.count)


def _gaps(study: Study) -> Tree:
    """How many gaps there are, in each phase and for each person."""
    tree: Tree = {"count": str(len(study.gaps))}
    for column in ("phase", "persona"):
        labels = study.package.labels("gaps", column)
        tree[column] = {
            value: {"label": text.lower(label), "count": str(int((study.gaps[column] == value).sum()))}
            for value, label in labels.items()
        }
    return tree
