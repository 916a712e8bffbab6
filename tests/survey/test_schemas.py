"""The schemas of data/ are sound, and every file of data/ tells an editor which one is its own."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest
import yaml
from jsonschema import Draft202012Validator
from project import DATA, ROOT

FOLDERS = [ROOT / "surveybook" / "schemas", ROOT / "analysis" / "schemas"]  # of the tool, and of this report
SCHEMAS = sorted(path for folder in FOLDERS for path in folder.iterdir())
FILES = sorted(DATA.rglob("*.yaml"))
MODELINE = re.compile(r"# yaml-language-server: \$schema=(\S+)")


def once(pairs: list[tuple[str, object]]) -> dict[str, object]:
    names = [name for name, _ in pairs]
    assert len(names) == len(set(names)), f"a key twice among {names}"
    return dict(pairs)


@pytest.mark.parametrize("path", SCHEMAS, ids=lambda path: path.name)
def test_a_schema_is_one_of_the_standard_whole_in_itself_and_has_no_key_twice(path):
    text = path.read_text(encoding="utf-8")
    schema = json.loads(text, object_pairs_hook=once)
    assert path.name.endswith(".schema.json")
    assert schema["$schema"] == "https://json-schema.org/draft/2020-12/schema"
    Draft202012Validator.check_schema(schema)
    assert all(one.startswith("#/$defs/") for one in re.findall(r'"\$ref": "([^"]+)"', text))


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.relative_to(DATA).as_posix())
def test_a_file_names_its_schema_in_the_first_line_and_any_validator_finds_it_sound(path: Path):
    text = path.read_text(encoding="utf-8")
    named = MODELINE.fullmatch(text.splitlines()[0])
    assert named, f"{path.name} begins with # yaml-language-server: $schema=..."
    schema = path.parent / named[1]
    stem = "checklist" if path.parent.name == "checklists" else {"datapackage": "study"}.get(path.stem, path.stem)
    assert schema.resolve() in [folder / f"{stem}.schema.json" for folder in FOLDERS]
    Draft202012Validator(json.loads(schema.read_text(encoding="utf-8"))).validate(yaml.safe_load(text))
