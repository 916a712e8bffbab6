"""How is something cited in plain text, BibTeX, RIS and CSL-JSON?  Each format with its own rules of escaping."""

from __future__ import annotations

import re
from dataclasses import dataclass
from itertools import accumulate
from typing import Any

from surveybook.publish.site.encoding import MEDIA_TYPES, json_text
from surveybook.publish.site.parts import Part
from surveybook.publish.site.report import Author, Report
from surveybook.publish.site.text import line

LATEX = {
    "\\": r"\textbackslash{}", "~": r"\textasciitilde{}", "^": r"\textasciicircum{}", "<": r"\textless{}",
    ">": r"\textgreater{}", '"': r"\textquotedbl{}", **{one: f"\\{one}" for one in "&%$#_{}"},
}
# BibTeX counts braces, also those behind a backslash, so one without its partner must go by its name
LONE_BRACES = {"{": r"\textbraceleft{}", "}": r"\textbraceright{}"}
RULES = {True: str.maketrans(LATEX), False: str.maketrans(LATEX | LONE_BRACES)}  # by whether all braces are balanced
MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
FORMATS = {"text": "Text", "bibtex": "BibTeX", "ris": "RIS", "csl": "CSL-JSON"}
SUFFIXES = {"bibtex": ".bib", "ris": ".ris", "csl": ".csl.json"}
TYPES = {"bibtex": MEDIA_TYPES[".bib"], "ris": MEDIA_TYPES[".ris"], "csl": "application/vnd.citationstyles.csl+json"}


@dataclass(frozen=True)
class Citation:
    """A citation of a part, or of the whole report where `container` is empty. `address` is `located` if absolute.
    `data`: whose data it shows, who are others than the authors of the report as a rule."""

    report: Report
    key: str
    title: str
    container: str
    chapter: str
    address: str
    language: str
    data: str = ""

    @property
    def located(self) -> bool:
        return bool(self.report.url)

    @property
    def doi(self) -> str:
        """That of the report is not that of its parts."""
        return "" if self.container else self.report.doi

    @property
    def note(self) -> str:
        """What no field of these formats is for."""
        said = [f"Version {self.report.version}"]
        if not self.located:
            said.append(f"at {self.address} of the report")
        if self.data:
            said.append(f"data: {self.data}")
        if self.container and self.report.doi:
            said.append(f"in https://doi.org/{self.report.doi}")
        return ", ".join(said)


def entry(report: Report, part: Part, language: str) -> Citation:
    """The citation of a part of the report."""
    label = f" ({part.simulated})" if part.simulated else ""
    stem = key(report)
    if part.kind == "report":
        return Citation(report, stem, f"{line(report.title)}{label}", "", "", report.address(part.page), language)
    numbered = part.number and part.kind != "chapter"
    title = f"{part.number}: {part.title}{label}" if numbered else f"{part.title}{label}"
    chapter = part.number.rpartition(" ")[2] if part.kind == "chapter" else ""
    place = ascii_key(part.label or part.page.removesuffix(".html").replace("/", "-"))
    return Citation(report, f"{stem}-{place}", title, line(report.title), chapter,
                 report.address(part.page, part.label), language, part.data)


def sentence(report: Report, part: Part) -> str:
    """A figure or table with its largest count, ready to be put into a text; nothing for other parts."""
    if not (part.number and part.data):
        return ""
    value = f"{part.value}{f' ({part.simulated})' if part.simulated else ''}" if part.value else quoted(part.title)
    return (f"{value} ({part.number} of “{line(report.title)}”, version {report.version}, {report.date.year}; "
            f"data: {part.data}).")


def key(report: Report) -> str:
    """What a citation of the report goes by: the first long word of its title, and the year."""
    found = re.findall(r"[a-z]{4,}", report.title.lower())
    return f"{found[0] if found else 'report'}{report.date.year}"


def ascii_key(label: str) -> str:
    """A label as part of a key: other characters than BibTeX allows by their number, so that keys stay apart."""
    return re.sub(r"[^A-Za-z0-9.-]", lambda found: f"_{ord(found[0]):x}", label)


def all_formats(one: Citation) -> dict[str, str]:
    """The citation in every format, by the keys of FORMATS."""
    return {"text": text(one), "bibtex": bibtex(one), "ris": ris(one), "csl": json_text(csl(one), " ")}


def text(one: Citation) -> str:
    report = one.report
    names = [author.full for author in report.authors]
    who = f"{', '.join(names[:-1])} and {names[-1]}" if len(names) > 1 else names[0]
    day = f"{report.date:%B} {report.date.day}, {report.date.year}"
    address = f"https://doi.org/{one.doi}" if one.doi else one.address
    title = one.title if one.title.endswith(("?", "!", ".")) else f"{one.title}."
    if not one.container:
        return f"{who}. {title} Version {report.version}, {day}. {address}"
    data = f"Data: {one.data.removesuffix('.')}. " if one.data else ""
    return f"{who}. {quoted(title)} In {one.container}, version {report.version}, {day}. {data}{address}"


def quoted(title: str) -> str:
    """A title in quotation marks; those inside it become single ones."""
    return f"“{title.translate({ord('“'): '‘', ord('”'): '’'})}”"


def bibtex(one: Citation) -> str:
    report = one.report
    fields = {
        "author": " and ".join(bibtex_name(author) for author in report.authors),
        "title": f"{{{latex(one.title)}}}", "booktitle": one.container and f"{{{latex(one.container)}}}",
        "chapter": latex(one.chapter), "year": str(report.date.year), "month": MONTHS[report.date.month - 1],
        "note": latex(one.note), "doi": one.doi, "url": one.address if one.located else "", "language": one.language,
    }
    kind = "incollection" if one.container else "misc"
    lines = [f"  {name} = {value if name == 'month' else f'{{{value}}}'}," for name, value in fields.items() if value]
    return "\n".join([f"@{kind}{{{one.key},", *lines, "}"]) + "\n"


def bibtex_name(author: Author) -> str:
    """A name; that of an organization in braces, so that it is not taken apart."""
    return f"{{{latex(author.name)}}}" if author.name else latex(author.inverted)


def latex(words: str) -> str:
    """Words as LaTeX prints them; two hyphens would become a dash."""
    return re.sub("-(?=-)", "-{}", words.translate(RULES[balanced(words)]))


def balanced(words: str) -> bool:
    """Whether every brace has its partner."""
    if "{" not in words and "}" not in words:
        return True
    depths = list(accumulate((character == "{") - (character == "}") for character in words))
    return min(depths) >= 0 == depths[-1]


def ris(one: Citation) -> str:
    """Lines of tag, two spaces, hyphen, space, value; ended as the format asks for."""
    report = one.report
    lines = [
        ("TY", "CHAP" if one.container else "RPRT"), ("ID", one.key),
        *(("AU", ris_name(author)) for author in report.authors),
        ("TI", one.title), ("T2", one.container), ("SE", one.chapter), ("PY", str(report.date.year)),
        ("DA", f"{report.date:%Y/%m/%d}/"), ("ET", report.version), ("LA", one.language), ("N1", one.note),
        ("DO", one.doi), ("UR", one.address if one.located else ""), ("ER", ""),
    ]
    return "".join(f"{tag}  - {line(value)}\r\n" for tag, value in lines if value or tag == "ER")


def ris_name(author: Author) -> str:
    """Family name, given name, suffix. A comma would take the name of an organization apart."""
    family = " ".join(filter(None, (author.particle, author.family)))
    return author.name.replace(",", "") or ", ".join(filter(None, (family, author.given, author.suffix)))


def csl(one: Citation) -> dict[str, Any]:
    report = one.report
    fields = {
        "id": one.key, "type": "chapter" if one.container else "report", "title": one.title,
        "author": [csl_name(author) for author in report.authors], "container-title": one.container,
        "chapter-number": one.chapter, "issued": {"date-parts": [[report.date.year, report.date.month,
                                                                  report.date.day]]},
        "version": report.version, "note": one.note, "DOI": one.doi,
        "URL": one.address if one.located else "", "language": one.language,
    }
    return {name: value for name, value in fields.items() if value}


def csl_name(author: Author) -> dict[str, str]:
    if author.name:
        return {"literal": author.name}
    parts = {"family": author.family, "given": author.given, "non-dropping-particle": author.particle,
             "suffix": author.suffix}
    return {name: value for name, value in parts.items() if value}
