"""Files and documents as bad as they come are reported or kept; the index is never lost."""

from __future__ import annotations

import errno
import os
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

import searchdb
from searchdb import Document, errors
from searchdb.analysis import Analyzer
from searchdb.analysis.segmenters.syllable import SyllableSegmenter
from searchdb.backends.memory import MemoryBackend
from searchdb.engine import SearchDB
from searchdb.readers.source import fetch

if TYPE_CHECKING:
    from collections.abc import Iterator


@pytest.fixture(params=["memory", "disk"])
def db(
    request: pytest.FixtureRequest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Iterator[SearchDB]:
    """An empty index; the current folder is one that may be filled with files."""
    (tmp_path / "here").mkdir()
    monkeypatch.chdir(tmp_path / "here")
    folder = None if request.param == "memory" else tmp_path / "index"
    with searchdb.open(folder, create=True) as opened:
        yield opened


# Files


def test_a_missing_folder_is_reported_and_nothing_is_removed(db: SearchDB) -> None:
    Path("a").mkdir()
    Path("a/x.txt").write_text("Đê đã đắp xong.", encoding="utf-8")
    assert db.sync(["a"]).added == 1
    Path("a").rename("b")
    report = db.sync(["a"])
    assert (report.failed, report.removed) == (1, 0)
    assert report.errors[0].path == "a"
    assert report.errors[0].reason
    assert len(db) == 1


def test_one_bad_file_never_stops_the_others(db: SearchDB) -> None:
    Path("good.txt").write_text("Đê đã đắp xong.", encoding="utf-8")
    Path("binary.txt").write_bytes(bytes(range(256)) * 40)
    Path("empty.txt").write_bytes(b"")
    Path("blank.txt").write_bytes(b" \r\n\t\n")
    Path("picture.png").write_bytes(b"\x89PNG")
    report = db.sync(["."])
    assert (report.added, report.failed) == (1, 3)
    assert sorted(error.path for error in report.errors) == ["binary.txt", "blank.txt", "empty.txt"]
    assert list(db.ids()) == ["good.txt"]
    assert db.search("đắp đê", match="any").total == 1


def test_an_unreadable_file_keeps_the_document_it_had(
    db: SearchDB, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("a.txt", "b.txt"):
        Path(name).write_text(f"Bản đầu của {name}.", encoding="utf-8")
    assert db.sync(["."]).added == 2
    for name in ("a.txt", "b.txt"):
        Path(name).write_text(f"Bản hai của {name}, dài hơn.", encoding="utf-8")

    def fails_for_a(path: Path) -> object:
        if path.name == "a.txt":
            raise searchdb.ReadError(path.as_posix(), "cannot be read: Permission denied")
        return fetch(path)

    monkeypatch.setattr("searchdb.readers.fetch", fails_for_a)
    report = db.sync(["."])
    assert (report.updated, report.removed, report.failed) == (1, 0, 1)
    assert report.errors[0].path == "a.txt"
    kept = db.document("a.txt")
    assert kept is not None
    assert kept.text.startswith("Bản đầu")


def test_a_file_that_goes_while_it_is_synced_is_reported(db: SearchDB) -> None:
    for name in ("a.txt", "b.txt"):
        Path(name).write_text("Đê đã đắp xong.", encoding="utf-8")

    def remove(done: int, _: str) -> None:
        if done == 1:
            Path("b.txt").unlink()

    report = db.sync(["."], progress=remove)
    assert (report.added, report.failed) == (1, 1)


def test_a_name_that_is_no_text_is_reported(db: SearchDB) -> None:
    try:
        Path(os.fsdecode(b"caf\xe9.txt")).write_text("Đê đã đắp xong.", encoding="utf-8")
    except OSError:  # a file system that takes UTF-8 only
        return
    Path("good.txt").write_text("Đê đã đắp xong.", encoding="utf-8")
    report = db.sync(["."])
    assert (report.added, report.failed) == (1, 1)
    assert report.errors[0].path.isprintable()


def test_a_dry_run_changes_nothing(db: SearchDB) -> None:
    Path("a.txt").write_text("Đê đã đắp xong.", encoding="utf-8")
    report = db.sync(["."], dry_run=True)
    assert (report.added, len(db)) == (1, 0)
    assert db.stats()["generation"] == 0


# Documents


def test_of_one_id_twice_in_a_batch_the_last_is_kept_and_the_others_counted(db: SearchDB) -> None:
    report = db.add(Document(id="a", text=f"bản {number}") for number in range(3))
    assert (report.added, report.updated, report.duplicates) == (1, 0, 2)
    kept = db.document("a")
    assert kept is not None
    assert kept.text == "bản 2"
    assert len(db) == 1


@pytest.mark.parametrize(
    "document_id",
    [
        *("a b", " a ", "a/b/../c", "/a", "C:\\a", "a#5", "#", "a?b=c&d", "..", "-", "*", "~"),
        *("chỉ thị số 3", "chi\u0309", "😀", "\u200b", "a" * 5000, "id:x", "%2e", "\ufffd"),
    ],
)
def test_an_id_is_any_text(db: SearchDB, document_id: str) -> None:
    db.add([Document(id=document_id, text="Đê đã đắp xong."), Document(id="b", text="Khác.")])
    assert sorted(db.ids()) == sorted([document_id, "b"])
    (hit,) = db.search("đắp đê", match="any").hits
    assert hit.id == document_id
    assert db.remove([document_id]) == 1
    assert list(db.ids()) == ["b"]


def test_ids_that_only_look_alike_are_two(db: SearchDB) -> None:
    ids = ["é", "e\u0301", "É", "e", "ｅ"]
    assert db.add(Document(id=each, text="x") for each in ids).added == 5
    assert sorted(db.ids()) == sorted(ids)


STRANGE = "đê\0 \x07\ud800 đắp \udfff\x1f xong\x85\u2028\ufeff"


def test_controls_and_half_characters_are_kept_or_replaced_and_never_in_the_way(
    db: SearchDB,
) -> None:
    db.add([Document(id="a", text=STRANGE, title=STRANGE, meta={STRANGE: STRANGE}, source=STRANGE)])
    kept = db.document("a")
    assert kept is not None
    mended = STRANGE.replace("\ud800", "\ufffd").replace("\udfff", "\ufffd")
    assert (kept.text, kept.title, kept.source) == (mended, mended, mended)
    assert kept.meta == {mended: mended}
    (hit,) = db.search("đắp").hits
    assert "<mark>đắp</mark>" in hit.snippet.html()
    assert db.search("đê", where={mended: mended}).total == 1
    assert db.search("đê", where={STRANGE: STRANGE}).total in {0, 1}


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("chữ " * 500_000, id="two megabytes on a line"),
        pytest.param("ơ" * 500_000, id="one word"),
        pytest.param("-" * 2_000_000, id="dashes"),
        pytest.param("a." * 100_000, id="host names"),
        pytest.param("a\n" * 50_000, id="short lines"),
    ],
)
def test_a_large_text_is_quick(text: str) -> None:
    with SearchDB(MemoryBackend(), Analyzer(SyllableSegmenter())) as db:
        began = time.process_time()
        db.add([Document(id="a", text=text)])
        db.search("chữ a ơ", match="any")
        assert time.process_time() - began < 20  # seconds; what is quadratic takes hours


def test_a_generator_that_fails_leaves_the_index_as_it_was(db: SearchDB) -> None:
    db.add([Document(id="a", text="Đê đã đắp xong.")])

    def documents() -> Iterator[Document]:
        yield Document(id="b", text="x")
        yield Document(id="", text="y")

    with pytest.raises(ValueError, match="non-empty"):
        db.add(documents())
    assert list(db.ids()) == ["a"]
    db.add([Document(id="c", text="z")])
    assert sorted(db.ids()) == ["a", "c"]


def test_a_query_of_100_000_characters_is_turned_down(db: SearchDB) -> None:
    with pytest.raises(searchdb.QueryError, match="shorten it"):
        db.search("chi bộ " * 14_000)


def test_files_of_unknown_kinds_are_counted(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text("chi bộ", encoding="utf-8")
    for name in ("1.csv", "2.csv", "3.html", "noend"):
        (tmp_path / name).write_text("x", encoding="utf-8")
    with searchdb.open(None, base=tmp_path) as db:
        report = db.sync([tmp_path])
    assert (report.added, report.failed) == (1, 0)
    (note,) = report.notes
    assert note.endswith("passed over: 4 (.csv, .html, no suffix)")


def test_what_is_behind_a_closed_folder_is_not_gone(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    inner = tmp_path / "closed"
    inner.mkdir()
    (inner / "a.txt").write_text("chi bộ", encoding="utf-8")
    with searchdb.open(None, base=tmp_path) as db:
        db.sync([tmp_path])
        scan, stat = os.scandir, Path.stat

        def closed_scan(path: Path) -> Any:  # noqa: ANN401
            if Path(path) == inner:
                raise PermissionError(errno.EACCES, "Permission denied", str(path))
            return scan(path)

        def closed_stat(path: Path, **options: Any) -> Any:  # noqa: ANN401
            if path.parent == inner:
                raise PermissionError(errno.EACCES, "Permission denied", str(path))
            return stat(path, **options)

        monkeypatch.setattr(os, "scandir", closed_scan)
        monkeypatch.setattr(Path, "stat", closed_stat)
        report = db.sync([tmp_path])
        assert (report.removed, report.failed) == (0, 1)
        assert db.search("chi bộ").total == 1


def test_an_index_with_a_broken_manifest_can_be_given_up(tmp_path: Path) -> None:
    folder, source = tmp_path / "index", tmp_path / "a.txt"
    source.write_text("chi bộ", encoding="utf-8")
    with searchdb.open(folder, create=True, base=tmp_path) as db:
        db.sync([source])
    (folder / "manifest.json").write_bytes(b"{")
    with pytest.raises(errors.StorageError, match="--discard"):
        searchdb.rebuild(folder, [source], base=tmp_path)
    searchdb.rebuild(folder, [source], base=tmp_path, discard=True)
    with searchdb.open(folder) as db:
        assert [hit.id for hit in db.search("chi bộ").hits] == ["a.txt"]
        assert db.check() == []
