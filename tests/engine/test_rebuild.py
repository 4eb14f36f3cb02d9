"""A rebuild brings back whatever can be read, from wherever, and gives nothing up unasked."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

import searchdb
from searchdb import Document, StorageError

if TYPE_CHECKING:
    from tests.engine.conftest import Forge

TEXTS = {
    "a": "Sinh hoạt chi bộ tháng ba.",
    "a2": "Họp chi bộ tháng tư.",
    "a3": "Họp chi bộ tháng năm.",
    "b": "Lịch tiêm chủng cho trẻ em.",
    "d.txt": "Biên bản họp tổ dân phố số 4.",
    "c": "Chi bộ thôn Đoài tu sửa đường.",
}
"""In the order of their commits."""


def contents(folder: Path) -> dict[str, str]:
    with searchdb.open(folder) as db:
        found = {each: db.document(each) for each in db.ids()}
        assert db.check() == []
        assert db.damaged is None
        assert db.search("bộ OR em OR họp").total == len(found)
    return {each: stored.text for each, stored in found.items() if stored}


@pytest.fixture(scope="module")
def sound(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An index of five commits, the last of which removed a document; never written to again."""
    folder = tmp_path_factory.mktemp("sound") / "index"
    (folder.parent / "d.txt").write_text(TEXTS["d.txt"], encoding="utf-8")
    with searchdb.open(folder, create=True, base=folder.parent) as db:
        first = {"gone": "Bộ đã bỏ.", **{each: TEXTS[each] for each in ("a", "a2", "a3")}}
        db.add(Document(id=each, text=text) for each, text in first.items())
        db.add([Document(id="b", text=TEXTS["b"])])
        db.sync([folder.parent / "d.txt"])
        db.remove(["gone"])
        db.add([Document(id="c", text=TEXTS["c"])])
    return folder


@pytest.fixture
def folder(sound: Path, tmp_path: Path) -> Path:
    """A copy of it to damage, beside its file."""
    shutil.copytree(sound, tmp_path / "index")
    shutil.copy(sound.parent / "d.txt", tmp_path)
    return tmp_path / "index"


def segment_of(folder: Path, forge: type[Forge], document_id: str) -> str:
    for name in forge(folder).live():
        if name.endswith(".arrays"):
            names = forge(folder).arrays(name)["name_blob"].tobytes().decode()
            if document_id in names:
                return name
    raise LookupError(document_id)


def forge_text(folder: Path, forge: type[Forge], document_id: str) -> str:
    """Make the stored text of a segment unreadable; its ids stay."""
    name = segment_of(folder, forge, document_id)
    forge(folder).change_array(name, "stored_blob", lambda values: values[:0])
    forge(folder).change_array(name, "stored_offsets", lambda values: values * 0)
    return name


def cut(folder: Path, name: str) -> None:
    path = folder / name
    path.write_bytes(path.read_bytes()[:100])


def test_a_sound_index_keeps_every_document(folder: Path, forge: type[Forge]) -> None:
    forge(folder).change_manifest(fingerprint="another")
    report = searchdb.rebuild(folder)
    assert contents(folder) == TEXTS
    assert report.notes == ()
    with searchdb.open(folder) as db:
        assert db.stats()["files"] == 1


@pytest.mark.parametrize("ending", [".toc", ".gone"])
def test_what_only_lists_documents_is_no_loss(
    folder: Path, forge: type[Forge], ending: str
) -> None:
    cut(folder, next(name for name in forge(folder).live() if name.endswith(ending)))
    searchdb.rebuild(folder)
    assert contents(folder) == TEXTS


def test_a_text_comes_from_its_file(folder: Path, forge: type[Forge], tmp_path: Path) -> None:
    (folder / "previous.json").unlink()
    forge_text(folder, forge, "d.txt")
    with pytest.raises(StorageError, match=r"1 documents cannot be read \(d.txt\).*--discard"):
        searchdb.rebuild(folder)
    searchdb.rebuild(folder, [tmp_path / "d.txt"])
    assert contents(folder) == TEXTS


def test_a_text_comes_from_the_commit_before(folder: Path, forge: type[Forge]) -> None:
    with searchdb.open(folder) as db:
        db.add(
            [Document(id="b", text="Lịch tiêm, bản sau cho em."), Document(id="z", text="Bộ z.")]
        )
    forge_text(folder, forge, "z")
    with pytest.raises(StorageError, match=r"1 documents cannot be read \(z\)"):
        searchdb.rebuild(folder)
    report = searchdb.rebuild(folder, discard=True)
    assert contents(folder) == TEXTS
    assert report.notes == (
        "given up: 1 documents cannot be read (z)",
        "as the commit before had them: b",
    )


def test_a_segment_that_cannot_be_opened_is_told(folder: Path, forge: type[Forge]) -> None:
    cut(folder, segment_of(folder, forge, "c"))
    before = {path.name: path.read_bytes() for path in folder.iterdir()}
    with pytest.raises(StorageError, match="1 documents cannot be read, not even their ids"):
        searchdb.rebuild(folder)
    assert {path.name: path.read_bytes() for path in folder.iterdir()} == before
    searchdb.rebuild(folder, discard=True)
    assert contents(folder) == {each: text for each, text in TEXTS.items() if each != "c"}


def test_what_was_merged_away_is_taken_from_the_commit_before(
    folder: Path, forge: type[Forge]
) -> None:
    with searchdb.open(folder) as db:
        db.add([Document(id="e", text="Tập tin thứ năm về bộ.")])
    assert len([name for name in forge(folder).live() if name.endswith(".arrays")]) == 1
    cut(folder, segment_of(folder, forge, "e"))
    with pytest.raises(StorageError, match="7 documents cannot be read"):
        searchdb.rebuild(folder)
    searchdb.rebuild(folder, discard=True)
    assert contents(folder) == TEXTS


def test_a_damaged_manifest_leads_to_the_commit_before(folder: Path) -> None:
    (folder / "manifest.json").write_bytes(b"{")
    with pytest.raises(StorageError, match="5 documents of the one before"):
        searchdb.rebuild(folder)
    report = searchdb.rebuild(folder, discard=True)
    assert contents(folder) == {each: text for each, text in TEXTS.items() if each != "c"}
    assert "as the commit before had them: a, a2, a3, b, d.txt" in report.notes


def test_where_nothing_can_be_read_only_sources_are_left(folder: Path, tmp_path: Path) -> None:
    (folder / "previous.json").unlink()
    (folder / "manifest.json").write_bytes(b"{")
    with pytest.raises(StorageError, match="--discard"):
        searchdb.rebuild(folder, [tmp_path / "d.txt"], base=tmp_path)
    searchdb.rebuild(folder, [tmp_path / "d.txt"], base=tmp_path, discard=True)
    assert contents(folder) == {"d.txt": TEXTS["d.txt"]}


def test_a_failing_rebuild_leaves_the_old_index(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("os.fsync", fail)
    with pytest.raises(StorageError, match="No space left"):
        searchdb.rebuild(folder)
    monkeypatch.undo()
    assert contents(folder) == TEXTS
