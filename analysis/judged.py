"""What do all files of judgements have in common?  Sources with how each was read, and entries in a known order."""

from __future__ import annotations

from collections.abc import Callable, Collection, Container, Iterable, Mapping, Sequence
from dataclasses import dataclass
from html import escape
from importlib.resources import files
from urllib.parse import urlsplit

from surveybook.survey.data.schema import Document
from surveybook.survey.data.study import Study
from surveybook.survey.evidence.about import Rows, place_of, rows_of
from surveybook.survey.evidence.findings import Findings
from surveybook.survey.show.display import Column, Html, Table
from surveybook.survey.show.tables.cells import cited
from surveybook.survey.words import text
from surveybook.survey.words.names import Tree

SCHEMAS = files("analysis") / "schemas"
ITSELF = "itself"
EXTENTS = {ITSELF: "read itself", "part": "read in part", "report": "known from a report"}


@dataclass(frozen=True)
class Reading:
    """A source as it was read: on which day, to which extent, under which title, where, and what stands there, in our
    words."""

    key: str
    read: str
    extent: str
    title: str
    addresses: tuple[str, ...]
    says: str


def read_study(document: Document, key: str, studies: Callable[[str], Findings]) -> Study:
    """The study that the file names under a key. Raises DataError for one that data/ has not."""
    name = document.data[key]
    try:
        return studies(name).study
    except AttributeError:
        raise document.refusal([key], f"data/ has no study “{name}”; name one of its folders") from None


def read_sources(document: Document, references: Container[str]) -> dict[str, Reading]:
    """The sources of the file by key. Raises DataError for one that is not in references.bib."""
    found = {}
    for key, declared in document.data["sources"].items():
        if key not in references:
            raise document.refusal(["sources", key], f"references.bib has no entry “{key}”; add it")
        found[key] = Reading(key, declared["read"], declared["extent"], declared["title"],
                             tuple(declared["addresses"]), declared["says"])
    return found


def check_needed(document: Document, needed: Collection[str], what: str) -> None:
    """Refuse a source that nothing names, no gap or no attack."""
    for key in document.data["sources"]:
        if key not in needed:
            raise document.refusal(["sources", key], f"no {what} needs it; name it where it says something, or take it "
                                   "out")


def check_order(document: Document, entries: str, what: str, known: Sequence[str], whole: str, missing: str) -> None:
    """Refuse entries that are not each of the `known` once, in their order, as the `whole` has them.

    The list of the file is called `entries`, the id of each is at `what`; `missing` says what to do for one that is.
    """
    found = [declared[what] for declared in document.data[entries]]
    for number, entry in enumerate(found):
        keys = [entries, number, what]
        document.known(entry, known, keys, f"no {what} of the {whole}")
        if entry in found[:number]:
            raise document.refusal(keys, f"“{entry}” stands above already; remove one of the two")
    for number, entry in enumerate(known):
        if entry not in found:
            raise document.refusal([entries], f"the {what} “{entry}” is missing; {missing}")
        if found[number] != entry:
            raise document.refusal([entries, number, what],
                                   f"the {whole} has “{entry}” here; bring them into its order")


@dataclass(frozen=True)
class JudgedFile:
    """What was judged in data/`name` on a `day`, and its tables, which hold no counts."""

    name: str
    title: str
    day: str
    licence: str

    def table(self, made_by: Callable[..., Table], title: str, columns: Sequence[Column],
              rows: Sequence[Sequence[str]], data: Rows) -> Table:
        """A table of judgements; `data`: the same rows for machines."""
        about = {
            "study": self.name.removesuffix(".yaml"), "title": self.title,
            "source": f"Judgement of this report, {self.day}, from the sources it names",
            "licence": self.licence, "simulated": False, "label": "", "evidence": text.JUDGED,
            "function": place_of(made_by),
            "provenance": f"Judged for this report from the sources it names; data/{self.name} holds the reasons.",
            "data": rows_of(data),
        }
        return Table(title, columns, rows, about, f"Our judgement of {self.day}.")

    def readings(self, made_by: Callable[..., Table], title: str, readings: Mapping[str, Reading],
                 references: Mapping[str, str]) -> Table:
        """Sources with when and where each was read, and what stands there. One row for each."""
        found = list(readings.values())
        data = [{"source": one.key, "title": one.title, "read": one.read, "extent": one.extent,
                 "says": one.says, "addresses": " ".join(one.addresses)} for one in found]
        rows = [[below(f"{escape(one.title)}, {cited(one.key, references)}", *map(_link, one.addresses),
                       f"{text.first_up(EXTENTS[one.extent])}, {escape(one.read)}"), one.says] for one in found]
        columns = [Column("What was read, where and when"), Column("What stands there")]
        return self.table(made_by, title, columns, rows, data)


def named(labels: Iterable[str]) -> Tree:
    """How many there are of something, and which."""
    found = [text.lower(label) for label in labels]
    return {"count": text.whole(len(found)), "label": text.listing(found) or "none"}


def how_read(readings: Iterable[Reading]) -> Tree:
    """How many sources there are, and how many of them were read to which extent."""
    extents = [one.extent for one in readings]
    return {"count": text.whole(len(extents))} | {extent: text.whole(extents.count(extent)) for extent in EXTENTS}


def below(words: str, *places: str) -> Html:
    """HTML with smaller lines below it."""
    return Html(words + "".join(f' <span class="place">{place}</span>' for place in places))


def _link(address: str) -> str:
    """A link that shows the host."""
    return f'<a href="{escape(address)}">{escape(urlsplit(address).netloc)}</a>'
