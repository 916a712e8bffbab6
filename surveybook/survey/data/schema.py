"""Read a YAML file of data/ with the line of every key, and refuse it where it is not as its schema has it."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from difflib import get_close_matches
from functools import cache
from importlib.resources import files
from importlib.resources.abc import Traversable
from pathlib import Path
from typing import Any

from jsonschema import Draft202012Validator, ValidationError

from surveybook.boundary import Beyond, Missing, check_path, read_file, walk_files
from surveybook.document import YAML_1_1, Keys, read_document
from surveybook.document import Document as YamlDocument
from surveybook.errors import Refusal
from surveybook.survey.errors import DataError, Faults

SCHEMAS = files("surveybook") / "schemas"
KINDS = {"object": "keys with values", "array": "a list", "string": "a text", "boolean": "true or false",
         "integer": "a whole number", "number": "a number"}
PARQUET = ".parquet"
NAMED = ("questions", "groups", "families", "published")  # keys of files whose values are entries by name


def digest(content: bytes) -> str:
    """The hash of a file as the standard writes it."""
    return "sha256:" + hashlib.sha256(content).hexdigest()


def is_parquet(resource: Mapping[str, Any]) -> bool:
    """Whether the rows of a resource are in a Parquet file, or a folder of them."""
    return resource["path"].rstrip("/").endswith(PARQUET)


@dataclass(frozen=True)
class Document(YamlDocument):
    """A YAML file of data/: what it says, and the line on which each key or list item begins."""

    path: Path = Path()

    def refusal(self, keys: Sequence[str | int], trouble: str) -> DataError:
        """The refusal of what stands at `keys`, or of the nearest thing around it that has a line."""
        names = "".join(f"{name}: " for name in self._names(tuple(keys)))
        return DataError(f"{self.path}:{self.line(*keys)}: {names}{trouble}")

    def content(self, number: int, name: str = "") -> bytes:
        """The bytes of the file of a resource, by the number of the resource in this descriptor, or of one of its
        parts. Raises DataError where there is none, or where its path leads to no plain file of the folder."""
        folder, name = self.path.parent, name or self.data["resources"][number]["path"]
        try:
            return read_file(folder, name, folder.parents[1] if len(folder.parents) > 1 else folder)
        except Missing:
            raise DataError(f"{folder / name}: the file is missing; restore it, or take it out of {self.path.name}") \
                from None
        except Beyond as beyond:
            raise self.refusal(["resources", number, "path"], str(beyond)) from None

    def parts(self, number: int) -> list[str]:
        """The Parquet files of a resource, as seen from the descriptor: the one that its path names, or, where that is
        a folder, as engines write it for many rows, all that are in it or below, in the order of their names."""
        folder, name = self.path.parent, self.data["resources"][number]["path"]
        if not self._is_folder(number):
            return [name]
        found = [(here / one).relative_to(folder).as_posix() for here, _, names in walk_files(folder)
                 for one in names if one.endswith(PARQUET) and (folder / name) in (here / one).parents]
        if not found:
            raise self.refusal(["resources", number, "path"], f"the folder “{name}” has no file that ends in "
                                                              f"{PARQUET}; restore it, or name the file")
        return sorted(found)

    def _is_folder(self, number: int) -> bool:
        return is_parquet(self.data["resources"][number]) and self.file(number).is_dir()

    def seal(self, number: int) -> tuple[int, str]:
        """How many bytes the file of a resource has, and its hash as the standard writes it. Of a folder of Parquet
        files it is the hash of what `sha256sum` says of them. Raises as `content`."""
        if not self._is_folder(number):
            content = self.content(number)
            return len(content), digest(content)
        size, told, folder = 0, [], self.data["resources"][number]["path"].rstrip("/")
        for name in self.parts(number):
            content = self.content(number, name)
            size += len(content)
            told.append(f"{digest(content).removeprefix('sha256:')}  {name.removeprefix(folder).lstrip('/')}\n")
        return size, digest("".join(told).encode())

    def file(self, number: int) -> Path:
        """Where the file of a resource is, or will be. Raises DataError where its path leads out of the folder."""
        folder, name = self.path.parent, self.data["resources"][number]["path"]
        try:
            return folder / check_path(name)
        except Beyond as beyond:
            raise self.refusal(["resources", number, "path"], str(beyond)) from None

    def known(self, name: Any, names: Iterable[str], keys: Sequence[str | int], trouble: str) -> None:
        """Refuse a `name` that is none of `names`, with the nearest one that is."""
        names = list(names)
        if name not in names:
            fault = self.refusal(keys, f"{trouble} is called “{name}”; {remedy(name, names)}")
            fault.unknown = name
            raise fault

    def _names(self, keys: Keys) -> list[str]:
        """The keys in words: an item of a list goes by its name or id, if it has one."""
        words, value = [], self.data
        for key in keys:
            try:
                value = value[key]
            except (KeyError, IndexError, TypeError):
                value = None
            entry = value if isinstance(value, dict) else {}
            words.append(str(entry.get("name", entry.get("id", key + 1)) if isinstance(key, int) else key))
        return words


def read_yaml(path: Path, schema: str, schemas: Traversable = SCHEMAS, faults: Faults | None = None) -> Document:
    """The YAML file `path`, as `schema`.schema.json of the folder `schemas` has it; a report can have its own.

    Raises DataError, one sentence with file and line, for a file that is no YAML or has a key twice, and for the
    first thing in it that the schema does not allow; with `faults` that gather they are told all that it does not.
    """
    try:
        read = read_document(path, YAML_1_1)
    except Refusal as refusal:
        raise DataError(str(refusal)) from None
    document = Document(read.data, read.lines, path=path)
    check(document, schema, schemas, faults or Faults())
    return document


def check(document: Document, schema: str, schemas: Traversable, faults: Faults) -> None:
    """Refuse a document that is not as `schema`.schema.json of the folder `schemas` has it."""
    errors = list(_validator(schemas / f"{schema}.schema.json").iter_errors(document.data))
    # unknown keys first: a key that is spelt wrong is the reason why another one is missing
    errors.sort(key=lambda error: (error.validator != "additionalProperties", document.lines.get(_keys(error), 0)))
    for error in errors:
        if not isinstance(document.data, dict):  # of which no part could be read
            raise document.refusal((), _trouble(error))
        faults.add(document.refusal(_keys(error), _trouble(error)))
        faults.broken |= set(_broken(error, document))


def _broken(error: ValidationError, document: Document) -> Iterator[object]:
    """What cannot be read because of an error: the entry it stands in, by its keys and by its name."""
    keys = _keys(error)
    if error.validator == "required" and not keys:
        keys = (_lacking(error),)
    keys = keys[:5] if keys[2:4] == ("schema", "fields") and len(keys) > 4 else keys[:2]
    if len(keys) == 2 and isinstance(document.get(keys[0]), dict) and keys[0] not in NAMED:
        keys = keys[:1]
    yield keys
    entry = document.get(*keys)
    yield from (str(entry[key]) for key in ("name", "id") if isinstance(entry, dict) and key in entry)
    if isinstance(keys[-1], str):
        yield keys[-1]


def _lacking(error: ValidationError) -> str:
    """The key that is required and missing, of which each has an error of its own."""
    return next(key for key in error.validator_value if error.message.startswith(repr(key)))


def remedy(name: Any, names: Sequence[str]) -> str:
    """What to write instead of a name that is not known."""
    near = get_close_matches(str(name), [str(known) for known in names], n=1)
    listed = ", ".join(map(str, names))
    return f"did you mean “{near[0]}”?" if near else f"use {'one of ' if len(names) > 1 else ''}{listed}"


@cache
def _validator(schema: Traversable) -> Draft202012Validator:
    """The tests, and not every process that reads, see that the schemas are good ones: it takes longer than reading."""
    return Draft202012Validator(json.loads(schema.read_text(encoding="utf-8")))


def _keys(error: ValidationError) -> Keys:
    """The keys to what is wrong; an unknown key is wrong itself."""
    keys = tuple(error.absolute_path)
    return (*keys, _unknown(error)[0]) if error.validator == "additionalProperties" else keys


def _unknown(error: ValidationError) -> list[str]:
    return [key for key in error.instance if key not in error.schema.get("properties", {})]


def _trouble(error: ValidationError) -> str:
    """What a schema does not allow, and what to do, in our words."""
    wanted, found = error.validator_value, error.instance
    match error.validator:
        case "additionalProperties":
            return f"unknown key; {remedy(_unknown(error)[0], list(error.schema['properties']))}"
        case "required":
            whose = error.schema.get("title", "entry of this kind")
            return f"the key “{_lacking(error)}” is missing; every {whose} states it"
        case "type":
            kinds = " or ".join(KINDS[kind] for kind in ([wanted] if isinstance(wanted, str) else wanted))
            stands = {dict: KINDS["object"], list: KINDS["array"]}.get(type(found), f"“{found}”")
            words = {True: "yes or true", False: "no or false"}.get(found) if isinstance(found, bool) else None
            if words and kinds == KINDS["string"]:
                return f"must be a text, and without quotes {words} is a truth value; put it in quotes"
            return f"must be {kinds}, not {stands}; correct it"
        case "enum":
            return f"“{found}” is not known here; {remedy(found, wanted)}"
        case "const":
            return f"must be “{wanted}” here, not “{found}”; correct it"
        case "anyOf":
            return f"must be {error.schema['x-form']}, not “{found}”; correct it"
        case "pattern":
            return f"“{found}” is not {error.schema.get('x-form', f'of the form {wanted}')}; correct it"
        case "minimum" | "exclusiveMinimum":
            return f"{found} is too small, the least is {wanted}; correct the number"
        case "maximum" | "exclusiveMaximum":
            return f"{found} is too large, the most is {wanted}; correct the number"
        case "minLength" if found.strip() and wanted > 1:
            return f"has {len(found)} characters, and {wanted} are the least; say more"
        case "minItems" | "minLength" | "minProperties":
            return "is empty or too short; fill it in"
        case "maxProperties":
            return f"holds more than {wanted} keys; remove the others"
        case "uniqueItems":
            return "holds something twice; remove one of them"
        case _:
            return f"{error.message}; correct it"
