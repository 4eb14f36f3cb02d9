"""Damaged files are found out: an index answers rightly, or with an error that names the file."""

from __future__ import annotations

import gc
import json
import shutil
from typing import TYPE_CHECKING

import pytest

import searchdb
from searchdb import Document, StorageError, errors
from searchdb.analysis import Analyzer
from searchdb.analysis.segmenters.syllable import SyllableSegmenter
from searchdb.backends.whoosh import WhooshBackend
from searchdb.backends.whoosh import searcher as searcher_module
from searchdb.engine import SearchDB

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

ANALYZER = Analyzer(SyllableSegmenter())
TEXTS = {
    "a": "Sinh hoạt chi bộ tháng ba, bàn việc đắp đê.",
    "b": "Lịch tiêm chủng cho trẻ em trong phường.",
    "c": "Chi bộ thôn Đoài bàn việc tu sửa đường liên thôn số 15.",
    "d.txt": "Biên bản họp tổ dân phố số 4.",
}

# Whoosh lets go of the files it could not make sense of when they are collected.
pytestmark = pytest.mark.filterwarnings("ignore:unclosed file:ResourceWarning")


@pytest.fixture(autouse=True)
def _collect_files() -> Iterator[None]:
    yield
    gc.collect()


def opened(folder: Path) -> SearchDB:
    return SearchDB(WhooshBackend(folder), ANALYZER, folder=folder, base=folder.parent)


@pytest.fixture(scope="module")
def sound(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An index of four commits, one of them of a file; never written to again."""
    folder = tmp_path_factory.mktemp("sound") / "index"
    (folder.parent / "d.txt").write_text(TEXTS["d.txt"], encoding="utf-8")
    with opened(folder) as db:
        for each in "abc":
            db.add([Document(id=each, text=TEXTS[each], date="2015-09-05", meta={"x": 1})])
        assert db.sync([folder.parent / "d.txt"]).added == 1
    return folder


@pytest.fixture
def folder(sound: Path, tmp_path: Path) -> Path:
    """A copy of it to damage."""
    shutil.copytree(sound, tmp_path / "index")
    return tmp_path / "index"


def live(folder: Path) -> list[str]:
    """The files that the manifest names."""
    with opened(folder) as db:
        manifest = db._backend.manifest()
        assert manifest is not None
        return sorted(manifest.files)


def use(folder: Path) -> list[object]:
    """Open the index and read all of it, in every way there is."""
    seen: list[object] = []
    with opened(folder) as db:
        for typed in ("chi bo", '"bàn việc"', "thon* -tiêm", "title:x", "đường số 15"):
            result = db.search(typed, explain=True, where={"x": 1}, after="2015-01-01")
            seen += [(hit.id, hit.passage, hit.score, hit.snippet) for hit in result.hits]
        seen += [db.search("chi bộ", sort="date", group="passage").total, db.suggest("ch")]
        seen += [db.search("chi bôj").suggestion, len(db), sorted(db.ids()), db.stats()["files"]]
        seen += [dict(db._snapshot().files())]
        seen += [db.document(each) for each in TEXTS]
    return seen


def damages(data: bytes) -> Iterator[bytes]:
    """The file cut short, grown, and with single bytes changed."""
    yield b""
    for length in (1, len(data) // 2, len(data) - 1):
        yield data[:length]
    yield data + b"\0"
    for place in sorted({0, 7, 11, len(data) - 1, *range(13, len(data), max(1, len(data) // 11))}):
        for flip in (0x01, 0x80, 0xFF):
            yield data[:place] + bytes([data[place] ^ flip]) + data[place + 1 :]


def test_every_damaged_file_is_found_out(folder: Path) -> None:
    for name in live(folder):
        whole = (folder / name).read_bytes()
        for data in damages(whole):
            (folder / name).write_bytes(data)
            with pytest.raises(errors.IndexCorruptError, match="rebuild") as caught:
                use(folder)
            assert caught.value.file == name
            assert name in str(caught.value)
            with opened(folder) as db:
                assert db.check() == [name]
        (folder / name).write_bytes(whole)
    use(folder)


def test_every_missing_file_is_named(folder: Path) -> None:
    for name in live(folder):
        whole = (folder / name).read_bytes()
        (folder / name).unlink()
        with pytest.raises(errors.IndexCorruptError, match="missing") as caught:
            use(folder)
        assert caught.value.file == name
        with opened(folder) as db:
            assert db.check() == [name]
        (folder / name).write_bytes(whole)


def test_damage_in_files_too_large_to_verify_is_no_traceback(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(searcher_module, "_VERIFIED", -1)
    names = [name for name in live(folder) if not name.endswith(".toc")]
    assert len(names) == 5
    for name in names:
        whole = (folder / name).read_bytes()
        for data in damages(whole):
            (folder / name).write_bytes(data)
            try:
                use(folder)
            except errors.IndexCorruptError as error:
                assert error.file == name  # noqa: PT017 - damage may hide where nothing looks
        (folder / name).write_bytes(whole)


def test_a_damaged_manifest_is_found_out_or_harmless(folder: Path) -> None:
    path = folder / "manifest.json"
    whole = path.read_bytes()
    expected = use(folder)
    refused = 0
    for place in range(0, len(whole), 2):
        for flip in (0x01, 0x90):
            path.write_bytes(whole[:place] + bytes([whole[place] ^ flip]) + whole[place + 1 :])
            try:
                assert use(folder)[:-9] == expected[:-9]
            except StorageError as error:
                refused += 1
                assert "rebuild" in str(error) or "cannot be read" in str(error)  # noqa: PT017
    assert refused > len(whole) // 2


@pytest.mark.parametrize(
    "manifest",
    [
        b"",
        b"{",
        b"null",
        b"[]",
        b"\xff\xfe",
        b"{}",
        b'{"format": "1"}',
        b'{"format": true}',
        b'{"format": 1}',
        b"[" * 100_000,
        b'{"format": ' + b"9" * 5_000 + b"}",
        b'{"name": "a web page", "icons": []}',
    ],
)
def test_a_manifest_that_is_none_is_a_damaged_one(folder: Path, manifest: bytes) -> None:
    (folder / "manifest.json").write_bytes(manifest)
    for create in (False, True):
        with pytest.raises(errors.IndexCorruptError, match="rebuild") as caught:
            searchdb.open(folder, create=create)
        assert caught.value.file == "manifest.json"


@pytest.mark.parametrize(
    "name", ["../secret", "/etc/passwd", "..", ".", "", "a\\b", "a\0", "\ud800", "x" * 5000]
)
def test_a_manifest_cannot_name_what_lies_elsewhere(folder: Path, name: str) -> None:
    path = folder / "manifest.json"
    fields = json.loads(path.read_bytes())
    fields["files"][name] = {"size": 1, "crc32": 1}
    path.write_text(json.dumps(fields), encoding="utf-8")
    with pytest.raises(StorageError):
        use(folder)


@pytest.mark.parametrize(
    ("change", "found", "wanted"),
    [
        ({"format": 999}, "999", "1"),
        ({"format": 0}, "0", "1"),
        ({"fingerprint": "format 1, analysis 0, pyvi 0.0.1"}, "pyvi 0.0.1", "pyvi"),
    ],
)
def test_an_index_of_another_make_is_outdated(
    folder: Path, change: dict[str, object], found: str, wanted: str
) -> None:
    path = folder / "manifest.json"
    fields = json.loads(path.read_bytes())
    path.write_text(json.dumps(fields | change), encoding="utf-8")
    with pytest.raises(errors.IndexOutdatedError, match="searchdb rebuild") as caught:
        searchdb.open(folder)
    assert found in caught.value.found
    assert wanted in caught.value.wanted


# Rebuilding


def test_a_rebuild_keeps_every_document(folder: Path) -> None:
    path = folder / "manifest.json"
    fields = json.loads(path.read_bytes())
    path.write_text(json.dumps(fields | {"fingerprint": "another"}), encoding="utf-8")
    searchdb.rebuild(folder)
    with searchdb.open(folder) as db:
        assert {each: db.document(each).text for each in db.ids()} == TEXTS  # type: ignore[union-attr]
        assert db.check() == []
        assert db.search("chi bo").total == 2
        assert db.stats()["files"] == 1


def test_a_rebuild_of_a_damaged_index_gives_nothing_up_unasked(
    folder: Path, tmp_path: Path
) -> None:
    (tmp_path / "d.txt").write_text("Chi bộ thôn Thượng họp.", encoding="utf-8")
    name = live(folder)[0]
    (folder / name).write_bytes(b"damaged")
    before = {path.name: path.read_bytes() for path in folder.iterdir()}
    with pytest.raises(StorageError, match="3 documents"):
        searchdb.rebuild(folder, [tmp_path / "d.txt"], base=tmp_path)
    assert {path.name: path.read_bytes() for path in folder.iterdir()} == before
    report = searchdb.rebuild(folder, [tmp_path / "d.txt"], base=tmp_path, discard=True)
    assert report.added == 1
    with searchdb.open(folder) as db:
        assert len(db) == 1
        assert db.check() == []


def test_a_failing_rebuild_leaves_the_old_index(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_: object) -> None:
        raise OSError(28, "No space left on device")

    before = use(folder)
    monkeypatch.setattr("os.fsync", fail)
    with pytest.raises(StorageError, match="No space left"):
        searchdb.rebuild(folder)
    monkeypatch.undo()
    assert use(folder) == before
