"""Hostile text is text in every field of every declaration that takes words: the schemas say which, so that none is
forgotten."""

from __future__ import annotations

import csv
import json
import re
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import pytest
import yaml
from project import ROOT
from python_calamine import CalamineWorkbook
from selectolax.lexbor import LexborHTMLParser
from server import served

from surveybook.survey.data.seal import seal

CODE = ("<img src=x onerror=alert(1)></script><script>alert(1)</script> & \"q\" 'q' **b** $x$ `c` @sec-x "
        "{{< include a >}} [a](javascript:alert(1)) {.c} {#sec-y} ::: | ^s^ ~t~ <!-- \\alpha <svg onload='alert(1)'>")
SHORT = "<b onclick=f()>"  # where there is little room
SCHEMAS = ("study", "hypotheses", "synthesis", "checklist", "simulation")
STUDIES = ("residents", "councils")
# Fields of text that name something, and lead to a refusal where they name nothing: no words of anybody's
NAMES = re.compile(r"""\.(\$schema|id|name|homepage|version|created|image|encoding|format|mediatype|type|hash|path)
    | \.email
    | \.resources\[\]\.schema\.(primaryKey|foreignKeys).* | \.resources\[\]\.name
    | .*\.(licenses|sources)\[\]\.(name|path|email) | \.derived\[\]\.(name|counts.*)
    | .*\.fields\[\]\.(name|delimiter|exclusive|asked_if.*|categories\[\]\.value|missingValues\[\]\.value|construct)
    | .*\.schema\.\$schema | \.resources\[\]\.(path|type|format|mediatype|encoding|hash)
    | \.(coded|crossed|sampling|waves)\..* | \.groups\.\*\.(table|items\[\]) | \.disclosure\.quasi_identifiers\[\]
    | \.questions\.\*\.answers\[\] | \.collection\.rows | \.citation | \.derived\[\]\.construct
    | \.hypotheses\[\]\.(id|family|predictor|outcome|published|leave_out|hold_equal) | \.published\.\*\.reference
    | \.robustness\.(leave_out|hold_equal) | \.effects\[\]\.(from|to|hypotheses\[\]) | \.prefix
    | \.(survey|design|reference|study) | \.items\[\]\.(id|section) | .*\.(finding|section|hypothesis|fact)
    | \.sources\.\*\.(study|rows\.(resource|prefix)) | \.links\[\]\.relation
    | .*\.(evidence|simulated|stated)\[\] | \.consequences\[\]\.audience""", re.VERBOSE)

ELSEWHERE = {".collection.chosen"}  # of collected cases, which the small book has not

SYNTHESIS = """
survey: residents
sources:
  moss2014:
    kind: x
    study: councils
    read_in: transcription
    rows: {resource: claims, prefix: claim-, words: "{statement}", section: sec-hostile}
    facts: {water: {words: x, finding: councils.water.yes.of, section: sec-hostile}}
  reed2015:
    kind: x
    n: 12
    unit: x
    read_in: abstract
    facts: {age: {words: x, printed: x, relation: {between: [x], and: x, found: true}}}
links:
- {hypothesis: dry-age, fact: moss2014.water, says: silent, reason: x}
- {hypothesis: noticed-garden, fact: moss2014.water, says: silent, reason: x}
- {hypothesis: pests-district, fact: moss2014.water, says: silent, reason: x}
- {relation: age-worry, fact: reed2015.age, says: supports, reason: x}
audiences: {all: x}
consequences: [{audience: all, text: x, evidence: [moss2014.water]}]
illustrations: [{text: x, evidence: [dry-age]}]
"""
CHECKLIST = """
name: cross
title: x
about: x
reference: moss2014
items:
- {id: "1", topic: x, asks: x, section: sec-hostile}
- {id: "2", topic: x, asks: x, not_published: x}
- {id: "3", topic: x, asks: x, does_not_apply: x}
"""
# What the declarations of the small book leave out
MORE = {
    "residents": {"keywords": ["x"], "contributors": [{"title": "x"}], "citation": "moss2014", "resources": [
        {"description": "x", "schema": {"fields": [{}, {"categories": [{"description": "x"}]}]}}]},
    "councils": {"groups": {"kept": {"label": "x", "table": "plant", "items": ["native", "mixed"]}},
                 "sources": [{"version": "x"}], "resources": [{"published_because": "x"}, {"description": "x"}]},
    "hypotheses": {"families": {"care": {"correction": "none", "uncorrected": "x"}},
                   "robustness": {"leave_out": "district", "reason": "x"}},
    "simulation": {"missing": {"not-applicable": {"rate": 0, "reason": "x"}}},
}
CHAPTER = """```{python}
from analysis import boxes, councils, evidence, figures, reporting, residents, sections, tables
```

# Hostile {#sec-hostile}

As they say [@moss2014; @reed2015], of the links `{python} evidence.links.count` are there.
Expected was: `{python} residents.hypotheses.dry_age.claim`.

"""
CELLS = {
    "tbl-sources": "tables.sources(evidence)", "tbl-agreement": "tables.agreement(evidence)",
    "tbl-links": 'tables.links(evidence, "care")', "tbl-relations": "tables.relations(evidence)",
    "tbl-consequences": 'tables.consequences(evidence, "all")', "tbl-illustrations": "tables.illustrations(evidence)",
    "tbl-cross": 'tables.checklist(reporting, "cross")', "tbl-hypotheses": "tables.hypotheses(residents)",
    "fig-forest": "figures.forest(residents)", "tbl-claims": "tables.claims(councils)",
    "tbl-files": "tables.files(residents)", "tbl-files-councils": "tables.files(councils)",
    "tbl-codebook": "tables.codebook(residents)", "tbl-assumptions": "tables.assumptions(residents)",
    "fig-plant": 'figures.shares(councils, "plant")', "tbl-water": 'tables.shares(councils, "water")',
}


def follow(schema: dict, root: dict) -> Iterator[dict]:
    """A schema, and all that stand for it or beside it."""
    while "$ref" in schema:
        found = root
        for key in schema["$ref"].removeprefix("#/").split("/"):
            found = found[key]
        schema = {**found, **{key: value for key, value in schema.items() if key != "$ref"}}
    yield schema
    for key in ("anyOf", "oneOf", "allOf"):
        for one in schema.get(key, ()):
            yield from follow(one, root)
    for key in ("then", "else"):
        if key in schema:
            yield from follow(schema[key], root)


def words_for(schemas: list[dict], path: str) -> str | None:
    """What to write into a field; None where it takes no words of anybody's."""
    texts = [one for one in schemas if one.get("type") == "string"]
    if not texts or NAMES.fullmatch(path) or any("enum" in one or "const" in one or "format" in one for one in schemas):
        return None
    text = SHORT if any(one.get("maxLength", 10_000) < len(CODE) for one in texts) else CODE
    return text if all(re.search(one["pattern"], text) for one in texts if "pattern" in one) else None


def fields_of(schemas: list[dict], root: dict, path: str = "") -> Iterator[str]:
    """The paths of all fields of a declaration that take words."""
    schemas = [one for schema in schemas for one in follow(schema, root)]
    if words_for(schemas, path):
        yield path
    for one in schemas:
        for key, below in one.get("properties", {}).items():
            yield from fields_of([below], root, f"{path}.{key}")
        for below, name in ((one.get("additionalProperties"), ".*"), (one.get("items"), "[]")):
            if isinstance(below, dict):
                yield from fields_of([below], root, path + name)


def spoil(value: Any, schemas: list[dict], root: dict, filled: set[str], path: str = "") -> Any:
    """A declaration with hostile words in each field that takes words."""
    schemas = [one for schema in schemas for one in follow(schema, root)]
    if isinstance(value, dict):
        made = {}
        for key, one in value.items():
            named = [schema["properties"][key] for schema in schemas if key in schema.get("properties", {})]
            others = [schema["additionalProperties"] for schema in schemas
                      if isinstance(schema.get("additionalProperties"), dict)]
            made[key] = spoil(one, named or others, root, filled, f"{path}.{key if named else '*'}")
        return made
    if isinstance(value, list):
        below = [schema["items"] for schema in schemas if isinstance(schema.get("items"), dict)]
        return [spoil(one, below, root, filled, f"{path}[]") for one in value]
    text = words_for(schemas, path) if isinstance(value, str) else None
    if text is None:
        return value
    filled.add(path)
    return text


def join(value: Any, more: Any) -> Any:
    """A declaration with more in it."""
    if isinstance(value, dict):
        return {**value, **{key: join(value.get(key), one) for key, one in more.items()}}
    if isinstance(value, list):
        return [join(one, more[place]) if place < len(more) else one for place, one in enumerate(value)]
    return more


@pytest.fixture(scope="module")
def hostile(book_of_one_chapter, build, tmp_path_factory) -> tuple[Path, dict[str, set[str]]]:
    """The site of such a book, and the fields that were filled, by schema."""
    cells = "".join(f'```{{python}}\n#| label: {label}\n#| {label[:3]}-cap: "Shown."\n{call}\n```\n\n'
                    for label, call in CELLS.items())
    passports = '```{python}\n#| output: asis\nsections.passports(residents, "care")\n```\n'
    book = book_of_one_chapter(tmp_path_factory.mktemp("declarations") / "book", "hostile", CHAPTER + cells + passports)
    data, filled = book / "data", {name: set() for name in SCHEMAS}
    (data / "synthesis.yaml").write_text(SYNTHESIS, "utf-8")
    (data / "checklists").mkdir()
    (data / "checklists" / "cross.yaml").write_text(CHECKLIST, "utf-8")
    with open(book / "references.bib", "a", encoding="utf-8") as file:
        file.write("\n@book{reed2015,\n  author={Reed, Eli}, title={Trees}, publisher={Made Up}, year={2015}\n}\n")
    declared = {data / "synthesis.yaml": "synthesis", data / "checklists" / "cross.yaml": "checklist",
                data / "residents" / "hypotheses.yaml": "hypotheses",
                data / "residents" / "simulation.yaml": "simulation",
                **{data / name / "datapackage.yaml": "study" for name in STUDIES}}
    for path, name in declared.items():
        schema = json.loads((ROOT / "surveybook" / "schemas" / f"{name}.schema.json").read_text("utf-8"))
        value = yaml.safe_load(path.read_text("utf-8"))
        value = join(value, MORE.get(path.parent.name if name == "study" else name, {}))
        value = spoil(value, [schema], schema, filled[name])
        path.write_text(yaml.safe_dump(value, sort_keys=False, allow_unicode=True), "utf-8")
    claims = data / "councils" / "claims.csv"
    rows = list(csv.reader(claims.read_text("utf-8").splitlines()))
    place = rows[0].index("statement")
    with open(claims, "w", encoding="utf-8", newline="") as file:
        csv.writer(file, lineterminator="\n").writerows(
            [rows[0], *([*row[:place], CODE, *row[place + 1:]] for row in rows[1:])])
    for name in STUDIES:
        seal(data / name)
    return build(book), filled


@pytest.mark.parametrize("name", SCHEMAS)
def test_no_field_that_takes_words_is_left_out(name, hostile):
    schema = json.loads((ROOT / "surveybook" / "schemas" / f"{name}.schema.json").read_text("utf-8"))
    assert set(fields_of([schema], schema)) - hostile[1][name] - ELSEWHERE == set()


def test_in_a_browser_all_of_it_is_text(browser, hostile):
    site, _ = hostile
    with served(site) as address, browser.new_context() as context:
        said, page = [], context.new_page()
        page.on("dialog", lambda dialog: (said.append(f"dialog {dialog.message}"), dialog.dismiss()))
        page.on("console", lambda message: message.type == "error" and said.append(message.text))
        page.on("pageerror", lambda error: said.append(str(error)))
        page.on("request", lambda asked: asked.url.startswith(address) or said.append(f"asked for {asked.url}"))
        for path in sorted(site.rglob("*.html")):
            page.goto(f"{address}/{path.relative_to(site).as_posix()}", wait_until="load")
        page.goto(f"{address}/chapters/hostile.html", wait_until="load")
        for label in CELLS:
            if label not in ("tbl-water", "fig-plant"):
                assert CODE in (page.locator(f"#{label}").text_content() or ""), label
        assert CODE in (page.locator("#sec-dry-age h2").text_content() or "")
        assert said == []


def test_no_page_holds_an_element_of_it(hostile):
    for path in hostile[0].rglob("*.html"):
        page = LexborHTMLParser(path.read_text("utf-8"))
        assert not [node for node in page.css("script:not([src], [type$='json'])") if "alert" in node.text()], path.name
        assert not page.css("[onerror], [onclick], [onload], [href^='javascript:'], main img[src='x']"), path.name


def test_the_files_beside_it_are_read_by_their_own_readers(hostile):
    read = 0
    for path in hostile[0].rglob("*"):
        if path.suffix == ".xlsx":
            book = CalamineWorkbook.from_path(path)
            assert all(book.get_sheet_by_name(name).to_python() for name in book.sheet_names), path.name
            with zipfile.ZipFile(path) as archive:
                assert not [name for name in archive.namelist() if b"<f>" in archive.read(name)], path.name
        elif path.suffix in (".json", ".jsonld"):
            json.loads(path.read_text("utf-8"))
        elif path.suffix in (".svg", ".xml"):
            tags = {one.tag.rpartition("}")[2] for one in ElementTree.fromstring(path.read_bytes()).iter()}
            assert not tags & {"script", "foreignObject", "image", "b"}, path.name
        else:
            continue
        read += 1
    assert read > 20
