"""Which keys can a file of data/ have, and what does each mean?  All schemas, a table for each kind of entry."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from importlib.resources import files
from typing import Any

import yaml

from docs.words import anchor, table, words_of

SCHEMAS = {  # in the order in which a study is written
    "study": "data/STUDY/datapackage.yaml", "hypotheses": "data/STUDY/hypotheses.yaml",
    "quotes": "data/STUDY/quotes.yaml", "plan": "data/STUDY/plan.yaml", "simulation": "data/STUDY/simulation.yaml",
    "design": "data/STUDY/design.yaml", "synthesis": "data/synthesis.yaml",
    "checklist": "data/checklists/NAME.yaml", "package": "any folder with a datapackage.yaml",
}
SIMPLE = {"string": "text", "boolean": "true or false", "integer": "whole number", "number": "number",
          "object": "keys with values"}
BOUNDS = {"minimum": "from {}", "exclusiveMinimum": "above {}", "maximum": "to {}", "exclusiveMaximum": "below {}",
          "minLength": "of {}+ letters"}

Schema = Mapping[str, Any]


def page() -> Iterator[str]:
    """The introduction, then one part for each schema."""
    for path in (files("surveybook") / "schemas").iterdir():
        words_of(f"docs/declarations.py: {path.name}", SCHEMAS.get(path.name.removesuffix(".schema.json")))
    yield ("The files of data/ are YAML, and each is checked against a schema before anything is read from it. The "
           "first line of a file names its schema, `# yaml-language-server: $schema=...`, so that editors complete "
           "keys and show these words. In headings `[]` stands for each entry of a list, and NAME for a name that you "
           "choose.")
    yield table(("file", "what it declares"), (
        [f"[{path}](#{anchor(name)})", read(name)["description"].partition(". ")[0].partition(", `")[0]]
        for name, path in SCHEMAS.items()))
    for name in SCHEMAS:
        yield from Declarations(name, read(name)).parts()


def read(name: str) -> Schema:
    """The schema of this name."""
    return json.loads((files("surveybook") / "schemas" / f"{name}.schema.json").read_text(encoding="utf-8"))


class Declarations:
    """The entries of one file: each kind has a table of its keys, and stands where its path first leads to it."""

    def __init__(self, name: str, root: Schema):
        self.name, self.root = name, root
        self.homes: dict[int, str] = {}  # by what only copies of the same entry share: its keys
        self.found: list[tuple[str, Schema]] = []

    def parts(self) -> Iterator[str]:
        """The heading of the file, and a part for each kind of entry."""
        yield f"## {self.name}"
        yield f"`{SCHEMAS[self.name]}`"
        self._home("", self.root)
        waiting: list[tuple[str, Schema]] = []
        while waiting := [*self.found, *waiting]:
            self.found, (path, schema) = [], waiting.pop(0)
            if path:
                yield f"### {self._heading(path)}"
            yield words_of(f"{self.name}: {path or 'the file'}", schema.get("description"))
            rows = [self._row(path, key, self._whole(value), key in schema.get("required", ()))
                    for key, value in schema["properties"].items()]
            yield table(("key", "required", "takes", "what it is"), rows)

    def _row(self, path: str, key: str, schema: Schema, required: bool) -> list[str]:
        inner = f"{path}.{key}" if path else key
        words = words_of(f"{self.name}: {inner}", schema.get("description"))
        if "enum" in schema:
            meanings = schema.get("enumDescriptions", [""] * len(schema["enum"]))
            words += "".join(f"\n\n`{value}`: {words_of(f'{self.name}: {inner}: {value}', meaning)}"
                             for value, meaning in zip(schema["enum"], meanings, strict=True))
        shown = [yaml.safe_dump(one, default_flow_style=True, width=1000, sort_keys=False, allow_unicode=True)
                 .removesuffix("...\n").strip() for one in schema.get("examples", ())]
        words += f"\n\nExample: {', or '.join(f'`{one}`' for one in shown)}" if shown else ""
        return [f"`{key}`", "yes" if required else "", self._takes(inner, schema), words]

    def _takes(self, path: str, schema: Schema) -> str:
        """What may stand there, with a link where it has keys of its own."""
        schema = self._whole(schema)
        if "properties" in schema:
            home = self._home(path, schema)
            return f"[{schema.get('title', 'keys')}](#{anchor(self._heading(home))})"
        if isinstance(inner := schema.get("additionalProperties"), dict):
            name = self._whole(inner).get("title", "name")
            return f"by {name}: {self._takes(f'{path}.NAME', inner)}"
        if "items" in schema:
            return f"list of {self._takes(f'{path}[]', schema['items'])}"
        if "enum" in schema:
            return "one of these" if len(schema["enum"]) > 1 else f"`{schema['enum'][0]}`"
        if "const" in schema:
            return f"`{schema['const']}`"
        bounds = [said.format(schema[key]) for key, said in BOUNDS.items() if key in schema]
        return " ".join([schema.get("x-form") or SIMPLE.get(schema.get("type"), "anything"), *bounds])

    def _home(self, path: str, schema: Schema) -> str:
        """The path at which an entry is described; it is if it has not been yet."""
        if id(schema["properties"]) not in self.homes:
            self.homes[id(schema["properties"])] = path
            self.found.append((path, schema))
        return self.homes[id(schema["properties"])]

    def _whole(self, schema: Schema) -> Schema:
        """A schema with what it refers to."""
        if "$ref" not in schema:
            return schema
        return self.root["$defs"][schema["$ref"].rpartition("/")[2]] | {k: v for k, v in schema.items() if k != "$ref"}

    def _heading(self, path: str) -> str:
        return f"{self.name}: {path}" if path else self.name
