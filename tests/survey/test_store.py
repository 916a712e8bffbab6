"""What is kept is what would be made again: whole, of the same version, and made once however many ask."""

from concurrent.futures import ProcessPoolExecutor
from pathlib import Path

import pytest

from surveybook.store import FOLDER, Store


def entries(folder: Path) -> list[Path]:
    return sorted((folder / FOLDER / "kind").glob("*"))


def counted(root: Path, version: str = "1"):
    """A store, a way to ask it for content of its own, and what was made."""
    store, made = Store(root, "kind", version), []

    def get(key: str) -> bytes:
        return store.get(key, lambda: made.append(key) or key.encode())

    return store, get, made


def test_content_is_made_once_and_by_another_version_again(tmp_path):
    for version, expected in (("1", ["a", "b"]), ("1", []), ("2", ["a", "b"]), ("1", [])):
        _, get, made = counted(tmp_path, version)
        assert [get("a"), get("b"), get("a")] == [b"a", b"b", b"a"]
        assert made == expected
    assert all(path.suffix != ".making" for path in entries(tmp_path))


@pytest.mark.parametrize("damage", [b"", b"a", b"\0" * 40])
def test_a_damaged_entry_is_made_again(tmp_path, damage):
    _, get, made = counted(tmp_path)
    get("a")
    for path in entries(tmp_path):
        path.write_bytes(damage)
    assert get("a") == get("a") == b"a"
    assert made == ["a", "a"]


def test_an_entry_in_the_place_of_another_one_is_made_again(tmp_path):
    _, get, made = counted(tmp_path)
    get("a"), get("b")
    one, other = entries(tmp_path)
    one.write_bytes(other.read_bytes())
    assert [get("a"), get("b")] == [b"a", b"b"]
    assert len(made) == 3


def test_what_fails_is_not_kept(tmp_path):
    store = Store(tmp_path, "kind", "1")
    with pytest.raises(ZeroDivisionError):
        store.get("a", lambda: bytes(1 // 0))
    assert store.get("a", lambda: b"b") == b"b"
    assert len(entries(tmp_path)) == 1


def test_a_folder_that_cannot_be_written_to_costs_only_time(tmp_path):
    (tmp_path / ".cache").write_text("a file")
    _, get, made = counted(tmp_path)
    assert get("a") == get("a") == b"a"
    assert made == ["a", "a"]


def test_what_nobody_asked_for_is_forgotten(tmp_path):
    store, get, made = counted(tmp_path)
    get("a")
    store, get, made = counted(tmp_path)
    get("b")
    store.forget_all_but(1)
    assert len(entries(tmp_path)) == 2
    store.forget_the_rest()
    assert get("b") == b"b" and made == ["b"]
    assert get("a") == b"a" and made == ["b", "a"]


def test_only_the_last_ones_are_kept(tmp_path):
    for number in range(4):
        store, get, _ = counted(tmp_path)
        get(str(number))
        store.forget_all_but(2)
    assert len(entries(tmp_path)) == 3  # the one in use, and two others


def ask(root: Path) -> bytes:
    def make() -> bytes:
        with (root / "made").open("a") as file:
            file.write("x")
        return b"content"

    return Store(root, "kind", "1").get("a", make)


def test_processes_that_ask_at_once_make_it_once(tmp_path):
    with ProcessPoolExecutor(4) as processes:
        assert set(processes.map(ask, [tmp_path] * 16)) == {b"content"}
    assert (tmp_path / "made").read_text() == "x"
