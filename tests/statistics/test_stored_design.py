"""What is stored of the design analysis: what it depends on, when it is stale, and how its plan is declared."""

from __future__ import annotations

import json
import re
import shutil
from dataclasses import replace
from pathlib import Path

import pytest
import yaml
from project import DATA

from surveybook.cli import main
from surveybook.folders import OLD
from surveybook.survey.data.loader import read_study
from surveybook.survey.design import command, stored
from surveybook.survey.design.chunks import Simulated, simulate, task
from surveybook.survey.design.fingerprint import START, code, fingerprint, modules, read_sources
from surveybook.survey.design.scenarios import ASSUMED, NONE, read_design
from surveybook.survey.design.stored import FILES, read_stored
from surveybook.survey.errors import DataError
from surveybook.survey.verdicts.test import WORDS

SURVEY = DATA / "practitioners"


def quick(folder: Path, *sizes: int) -> Path:
    """A copy of the study whose design analysis takes seconds, without results."""
    shutil.copytree(SURVEY, folder, ignore=shutil.ignore_patterns("design"))
    told = yaml.safe_load((folder / "design.yaml").read_text(encoding="utf-8"))
    reason = "So few that a test can wait for them."
    told["sizes"] = [{"respondents": n, "whole": 20, "single": 10, "reason": reason} for n in sizes]
    told["loadings"]["grid"] = [0.1, 0.6]
    told["chunk"]["people"] = 1500
    told["compared"]["surveys"] = [{"respondents": 139, "number": 1}]
    told["compared"]["draws"] = 1000
    (folder / "design.yaml").write_text(yaml.safe_dump(told, sort_keys=False), encoding="utf-8")
    return folder


@pytest.fixture
def copy(tmp_path) -> Path:
    """A study whose design analysis takes seconds, without results."""
    return quick(tmp_path / "practitioners", 28, 139)


@pytest.fixture(scope="module")
def once_computed(tmp_path_factory) -> Path:
    folder = quick(tmp_path_factory.mktemp("design") / "practitioners", 139)
    command.compute(folder, 1)
    return folder


@pytest.fixture
def computed(once_computed, tmp_path) -> Path:
    """The same with results."""
    return Path(shutil.copytree(once_computed, tmp_path / "computed" / "practitioners"))

# --- the stored results


def test_the_stored_results_are_up_to_date_and_whole():
    kept = read_stored(SURVEY)
    design = kept.design
    every = [(s, size) for s in design.scenarios.values() for size in design.sizes]
    assert {(v.scenario, v.respondents, v.hypothesis) for v in kept.verdicts} == {
        (scenario.name, size.respondents, name) for scenario, size in every for name in scenario.hypotheses
    }
    for verdict in kept.verdicts:
        size = next(size for size in design.sizes if size.respondents == verdict.respondents)
        surveys = size.single if design.scenarios[verdict.scenario].effect else size.whole
        assert sum(getattr(verdict, word) for word in (*WORDS, "no_test")) == surveys
    assert len(kept.digests) == len(every)
    assert {t.hypothesis for t in kept.truths if t.related and t.scenario == NONE} == set()
    for name in FILES:
        assert (SURVEY / stored.FOLDER / name).stat().st_size < 450_000


def test_a_stored_chunk_comes_out_the_same_again():
    kept = read_stored(SURVEY)
    size = next(size for size in kept.design.sizes if size.respondents == kept.design.model.respondents)
    for scenario in (ASSUMED, "exposure-size 0.3"):
        (row,) = (d for d in kept.digests if (d.scenario, d.respondents) == (scenario, size.respondents))
        chunk = next(kept.design.chunks(kept.design.scenarios[scenario], size))
        assert simulate(task(kept.design, chunk)).digest == row.digests.split()[0]


def test_what_is_computed_is_stored_and_checked(computed, capsys):
    kept = read_stored(computed)
    assert len(kept.verdicts) == sum(len(s.hypotheses) for s in kept.design.scenarios.values())
    assert sum(a.surveys for a in kept.agreement) == 2 * len(kept.design.hypotheses)
    assert command.check(computed, 5, 1) == 0
    assert "5 of" in (said := capsys.readouterr()).out and "0 differ" in said.out and "min left" in said.err


def test_a_check_names_the_chunks_that_differ(computed, capsys, monkeypatch):
    kept = read_stored(computed)
    first = kept.digests[0]
    wrong = replace(first, digests=first.digests.replace(first.digests[:8], "00000000"))
    altered = replace(kept, digests=(wrong, *kept.digests[1:]))
    monkeypatch.setattr(command, "read_stored", lambda folder, stale: altered)
    assert command.check(computed, 10_000, 1) == 1
    out = capsys.readouterr().out
    assert f"differs: scenario “{first.scenario}”, {first.respondents} respondents, chunk 0" in out
    assert "1 differ" in out


def test_a_run_that_is_stopped_leaves_the_old_results(computed, monkeypatch):
    before = {path.name: path.read_bytes() for path in (computed / stored.FOLDER).iterdir()}

    def stop(*given):
        raise KeyboardInterrupt

    for place in ((command, "agreement"), (stored, "_write")):
        with monkeypatch.context() as patched:
            patched.setattr(*place, stop)
            with pytest.raises(KeyboardInterrupt):
                command.compute(computed, 1)
        assert {path.name: path.read_bytes() for path in (computed / stored.FOLDER).iterdir()} == before


def test_what_a_stopped_run_put_aside_is_whole_or_not_there(computed):
    rows, inputs = read_stored(computed).false_alarms[:2], {"simulation.yaml": "1"}
    for name, row in zip("ab", rows, strict=True):
        stored.keep(computed, name, inputs, [row])
    assert [stored.kept(computed, name, inputs) for name in "ab"] == [[row] for row in rows]
    assert stored.kept(computed, "a", {"simulation.yaml": "2"}) is None
    one, other = stored._aside(computed).folder.iterdir()
    other.write_bytes(one.read_bytes())
    assert sum(stored.kept(computed, name, inputs) is None for name in "ab") == 1
    one.write_bytes(one.read_bytes().replace(b"none", b"nine"))
    assert [stored.kept(computed, name, inputs) for name in "ab"] == [None, None]
    stored.forget(computed)
    assert not list(one.parent.iterdir())


def test_the_results_that_a_killed_run_had_put_aside_are_not_lost(computed):
    """As where two folders cannot be exchanged in one step."""
    place = computed / stored.FOLDER
    inputs = json.loads((place / stored.INPUTS).read_text(encoding="utf-8"))
    place.rename(computed / f".{stored.FOLDER}.building-999999999{OLD}")
    with pytest.raises(ZeroDivisionError):
        stored.write_stored(computed, (1 / 0 for _ in "a"), inputs)
    assert read_stored(computed).verdicts


def test_stale_results_are_refused_in_one_sentence(copy, computed):
    with pytest.raises(DataError, match=r"there are no results of the design analysis; run `surveybook design \w+`"):
        read_stored(copy)
    read_stored(computed)
    model = computed / "simulation.yaml"
    model.write_text(model.read_text(encoding="utf-8").replace("loading: 0.45", "loading: 0.46", 1), encoding="utf-8")
    stale = r"are stale, as simulation.yaml changed since; run `surveybook design \w+`"
    with pytest.raises(DataError, match=stale) as refused:
        read_stored(computed)
    assert "\n" not in str(refused.value)


def test_a_change_of_code_that_changes_no_result_is_accepted(computed, capsys, monkeypatch):
    inputs = computed / stored.FOLDER / stored.INPUTS
    true = inputs.read_text(encoding="utf-8")
    told = json.loads(true)

    def changed(name: str) -> None:
        inputs.write_text(json.dumps(told | {name: "0"}), encoding="utf-8")
        with pytest.raises(DataError, match=f"stale, as {name} changed since"):
            read_stored(computed)

    changed("surveybook/survey/data/simulation/latents.py")
    assert command.accept(computed, 3, 1) == 0
    assert inputs.read_text(encoding="utf-8") == true
    for name in ("simulation.yaml", "surveybook/survey/design/summary.py"):  # no digest would show it
        changed(name)
        with pytest.raises(DataError, match="stale"):
            command.accept(computed, 3, 1)
    changed("surveybook/survey/data/simulation/latents.py")
    monkeypatch.setattr(Simulated, "digest", "0")
    assert command.accept(computed, 3, 1) == 1
    assert inputs.read_text(encoding="utf-8") != true


def test_a_damaged_file_is_refused(computed):
    path = computed / stored.FOLDER / "verdicts.csv"
    path.write_text(path.read_text(encoding="utf-8").replace("effect", "affect", 1), encoding="utf-8")
    with pytest.raises(DataError, match=r"verdicts.csv: is missing or not as it was written"):
        read_stored(computed)


def test_the_command_says_what_is_wrong_and_no_more(capsys, monkeypatch):
    monkeypatch.chdir(DATA.parent)
    for asked in (["interviews"], ["interviews", "--check"], ["interviews", "--accept"], ["nothing"]):
        assert main(["design", *asked]) == 1
        assert re.fullmatch(r"\S+/design(\.yaml)?: [^\n]+; [^\n]+\n", capsys.readouterr().err), asked


# --- what they depend on


def test_words_for_people_do_not_make_results_stale(copy):
    before = fingerprint(copy)
    for name, old, new in (
        ("simulation.yaml", "fixed before anything was drawn", "fixed before a single number was drawn"),
        ("hypotheses.yaml", "claim: Larger organizations", "claim: Big organizations"),
        ("datapackage.yaml", "wording: About how many", "wording: Roughly how many"),
        ("hypotheses.yaml", "# --- exposure", "# --- What predicts exposure"),
    ):
        path = copy / name
        text = path.read_text(encoding="utf-8")
        assert old in text
        path.write_text(text.replace(old, new), encoding="utf-8")
    assert fingerprint(copy) == before


@pytest.mark.parametrize(("name", "old", "new"), [
    ("hypotheses.yaml", "level: 0.05", "level: 0.01"),
    ("simulation.yaml", "rate: 0.015", "rate: 0.016"),
    ("design.yaml", "seed: 20261126", "seed: 1"),
    ("datapackage.yaml", "missing_if: any", "missing_if: all"),
])
def test_declared_numbers_do(copy, name, old, new):
    before, path = fingerprint(copy), copy / name
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), encoding="utf-8")
    changed = {key for key, value in fingerprint(copy).items() if value != before[key]}
    assert len(changed) == 1 and name in changed.pop()


def test_the_responses_do_not(copy):
    before = fingerprint(copy)
    descriptor = copy / "datapackage.yaml"
    descriptor.write_text(re.sub(r"bytes: \d+", "bytes: 1", descriptor.read_text(encoding="utf-8")), encoding="utf-8")
    (copy / "responses.csv").unlink()
    assert fingerprint(copy) == before


def test_code_counts_and_comments_and_docstrings_do_not():
    source = '"""What?"""\n\ndef f(x):\n    """Doc\n    string."""\n    return f"{x}  # no comment"  # why\n'
    other = '"""Which?"""\n# new\ndef f(x):\n    """Other."""\n\n    return f"{x}  # no comment"\n'
    assert code(source) == code(other) == 'def f(x):\n    return f"{x}  # no comment"'
    assert code(source) != code(source.replace("{x}", "{x + 1}"))


def test_every_module_that_computes_counts_and_none_that_only_words(root):
    found = modules(START, read_sources())
    for name in ("verdicts/plan", "data/simulation/latents", "verdicts/test", "stats/association",
                 "design/approximations", "design/summary", "data/responses"):
        assert f"surveybook/survey/{name}.py" in found
    for name in ("verdicts/sentence", "words/text", "evidence/findings", "verdicts/verdict", "data/study",
                 "show/display", "design/stored"):
        assert (root / f"surveybook/survey/{name}.py").is_file()
        assert f"surveybook/survey/{name}.py" not in found


# --- the declaration


@pytest.mark.parametrize(("old", "new", "message"), [
    ("grid:", "grids:", r"design.yaml:\d+: loadings: grids: unknown key; did you mean “grid”"),
    ("target: 0.8", "target: 1.8", r"design.yaml:\d+: power: target: .*too large"),
    ("respondents: 28\n", "respondents: 500\n", r"design.yaml:\d+: sizes: must rise; put them in order"),
    ("respondents: 139\n", "respondents: 140\n", r"design.yaml:\d+: sizes: the size of the survey itself, 139"),
    ("respondents: 139\n    number: 1", "respondents: 140\n    number: 1",
     r"design.yaml:\d+: compared: surveys: no size is called “140”"),
    ("- 0.6", "- 1.0", None),
    ("- 0.1", "- 0.7", r"design.yaml:\d+: loadings: must rise"),
])
def test_a_wrong_declaration_is_refused_with_its_line(copy, old, new, message):
    path = copy / "design.yaml"
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new), encoding="utf-8")
    if message is None:
        assert read_design(copy).scenarios["exposure-size 1"].model.noise()["threat_exposure"] == 0
        return
    with pytest.raises(DataError, match=message):
        read_design(copy)


def test_a_loading_without_room_for_noise_is_refused(copy):
    model = copy / "simulation.yaml"
    text = model.read_text(encoding="utf-8").replace(
        "  defending:\n", "  defending:\n    depends_on: {unsure: 0.9}\n", 1)
    model.write_text(text, encoding="utf-8")
    with pytest.raises(DataError, match=r"explain .* of its variance"):
        read_design(copy)


def test_studies_without_a_design_do_not_need_one():
    assert not (DATA / "interviews" / "design.yaml").exists()
    assert not read_study(DATA / "interviews").hypotheses
    with pytest.raises(DataError, match=r"design.yaml: the plan of the design analysis is missing"):
        read_design(DATA / "interviews")


def test_every_number_of_the_declaration_has_its_reason():
    told = yaml.safe_load((SURVEY / "design.yaml").read_text(encoding="utf-8"))
    assert all("reason" in one for one in [told, *told["sizes"], told["chunk"], told["power"], told["loadings"]])


def test_inputs_name_their_files():
    inputs = json.loads((SURVEY / stored.FOLDER / stored.INPUTS).read_text(encoding="utf-8"))
    assert {"design.yaml", "simulation.yaml", "hypotheses.yaml", "surveybook/survey/verdicts/plan.py"} <= inputs.keys()
