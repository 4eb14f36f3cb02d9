"""Whose folder it is and whose turn: what is no index is left alone, writers wait in line."""

from __future__ import annotations

import signal
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

import searchdb
from searchdb import Document, StorageError, errors

if TYPE_CHECKING:
    from collections.abc import Iterator

A = Document(id="a", text="Chi bộ thôn Đoài họp.")
B = Document(id="b", text="Chi bộ thôn Thượng họp.")


def everything(folder: Path) -> dict[str, bytes | None]:
    return {
        path.relative_to(folder).as_posix(): path.read_bytes() if path.is_file() else None
        for path in folder.rglob("*")
    }


# Folders


@pytest.mark.parametrize("name", ["thesis.docx", "index.html", "a folder", "searchdb_notes.txt"])
def test_a_folder_with_other_files_is_left_alone(tmp_path: Path, name: str) -> None:
    (tmp_path / name).mkdir() if "folder" in name else (tmp_path / name).write_bytes(b"mine")
    before = everything(tmp_path)
    with searchdb.open(tmp_path, create=True) as db:
        assert len(db) == 0
        for _ in range(2):
            with pytest.raises(StorageError, match="empty or a new folder") as caught:
                db.add([A])
            assert name in str(caught.value)
    assert everything(tmp_path) == before
    with pytest.raises(errors.IndexNotFoundError):
        searchdb.open(tmp_path)
    with pytest.raises(StorageError):
        searchdb.rebuild(tmp_path, discard=True)
    assert everything(tmp_path) == before


def test_a_readme_and_hidden_files_are_welcome(tmp_path: Path) -> None:
    for name in ("README.md", ".gitignore", ".DS_Store"):
        (tmp_path / name).write_bytes(b"mine")
    with searchdb.open(tmp_path, create=True) as db:
        db.add([A])
        db.add([B])
        db.remove(["a"])
    assert all((tmp_path / name).read_bytes() == b"mine" for name in ("README.md", ".gitignore"))


def test_files_of_others_beside_an_index_survive_every_change(tmp_path: Path) -> None:
    with searchdb.open(tmp_path / "index", create=True) as db:
        db.add([A])
        (tmp_path / "index" / "notes.txt").write_bytes(b"mine")
        (tmp_path / "index" / "searchdb_notes.txt").write_bytes(b"mine")
        for number in range(12):
            db.add([Document(id=f"{number}", text="x")])
        with pytest.raises(ZeroDivisionError):
            db.add(broken())
    searchdb.rebuild(tmp_path / "index")
    assert (tmp_path / "index" / "notes.txt").read_bytes() == b"mine"
    assert (tmp_path / "index" / "searchdb_notes.txt").read_bytes() == b"mine"


def broken() -> Iterator[Document]:
    yield B
    raise ZeroDivisionError


def test_a_file_is_no_folder(tmp_path: Path) -> None:
    (tmp_path / "file").write_bytes(b"mine")
    with pytest.raises(StorageError, match="is a file"):
        searchdb.open(tmp_path / "file", create=True)
    with pytest.raises(StorageError), searchdb.open(tmp_path / "file" / "x", create=True) as db:
        db.add([A])
    assert everything(tmp_path) == {"file": b"mine"}


def test_what_is_no_index_says_so(tmp_path: Path) -> None:
    for folder in (tmp_path, tmp_path / "a" / "b"):
        with pytest.raises(errors.IndexNotFoundError, match="searchdb index"):
            searchdb.open(folder)
    assert everything(tmp_path) == {}


def test_leftovers_of_a_first_commit_that_died_are_no_obstacle(tmp_path: Path) -> None:
    (tmp_path / "searchdb_0123456789abcdef.trm").write_bytes(b"half")
    (tmp_path / "_searchdb_1.toc").write_bytes(b"half")
    (tmp_path / "searchdb_lexicon_1.arrays").write_bytes(b"half")
    (tmp_path / "searchdb.tmp").mkdir()
    (tmp_path / "searchdb.tmp" / "x.ctmp").write_bytes(b"half")
    (tmp_path / "manifest.json.new").write_bytes(b"half")
    with searchdb.open(tmp_path, create=True) as db:
        db.add([A])
        assert db.check() == []
        assert db.search("chi bộ").total == 1
    assert not any(path.read_bytes() == b"half" for path in tmp_path.iterdir() if path.is_file())
    assert not (tmp_path / "searchdb.tmp").exists()


# Writers

HOLD = """
import sys, searchdb
from searchdb import Document

def documents():
    yield Document(id="theirs", text="Chi bộ thôn khác họp.")
    print("holding", flush=True)
    sys.stdin.readline()

with searchdb.open(sys.argv[1], create=True) as db:
    db.add(documents())
print("done", flush=True)
"""


@pytest.fixture
def holder(tmp_path: Path) -> Iterator[subprocess.Popen[str]]:
    """Another process in the middle of a change of the index in `tmp_path / "index"`."""
    with searchdb.open(tmp_path / "index", create=True) as db:
        db.add([A])
    with subprocess.Popen(  # noqa: S603 - our own interpreter, our own code
        [sys.executable, "-W", "ignore", "-c", HOLD, str(tmp_path / "index")],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        encoding="utf-8",
    ) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == "holding\n"
        yield process
        process.kill()


def test_a_second_writer_is_told_who_holds_the_index(
    holder: subprocess.Popen[str], tmp_path: Path
) -> None:
    with searchdb.open(tmp_path / "index", lock_timeout=0.1) as db:
        for _ in range(2):
            with pytest.raises(errors.IndexLockedError, match=f"process {holder.pid}\\b"):
                db.add([B])
        with pytest.raises(errors.IndexLockedError):
            db.remove(["a"])
        assert list(db.ids()) == ["a"]
        assert db.search("chi bộ").total == 1
        holder.communicate("\n", timeout=60)
        assert holder.returncode == 0
        assert db.refresh()
        db.add([B])
        assert sorted(db.ids()) == ["a", "b", "theirs"]


def test_a_writer_that_is_killed_leaves_the_index_and_no_lock(
    holder: subprocess.Popen[str], tmp_path: Path
) -> None:
    holder.send_signal(signal.SIGTERM if sys.platform == "win32" else signal.SIGKILL)
    holder.wait(timeout=60)
    with searchdb.open(tmp_path / "index", lock_timeout=0.1) as db:
        assert db.check() == []
        assert list(db.ids()) == ["a"]
        db.add([B])
        assert sorted(db.ids()) == ["a", "b"]
        manifest = db._backend.manifest()
        assert manifest is not None
    left = {path.name for path in (tmp_path / "index").iterdir()} - set(manifest.files)
    assert len(left) <= 2 + 3  # the manifest, the lock, the commit before


def test_a_writer_waits_for_its_turn(holder: subprocess.Popen[str], tmp_path: Path) -> None:
    with searchdb.open(tmp_path / "index", lock_timeout=30) as db:
        assert holder.stdin is not None
        holder.stdin.write("\n")
        holder.stdin.flush()
        db.add([B])
        assert sorted(db.ids()) == ["a", "b", "theirs"]


def test_a_change_within_a_change_is_refused_and_not_waited_for(tmp_path: Path) -> None:
    with searchdb.open(tmp_path / "index", create=True, lock_timeout=0.1) as db:
        db.add([A])

        def documents() -> Iterator[Document]:
            yield B
            db.remove(["a"])

        with pytest.raises(errors.IndexLockedError):
            db.add(documents())
        assert list(db.ids()) == ["a"]
