"""Damaged files are found out: an index answers rightly, or as the commit before, or with an error.

Opening sees manifests, tables of contents, sizes and footers, and falls back; the blocks of a file
are compared with their checksums when a question first touches them.
"""

from __future__ import annotations

import json
import shutil
from typing import TYPE_CHECKING

import numpy as np
import pytest

import searchdb
from searchdb import Document, errors
from searchdb.analysis import Analyzer
from searchdb.analysis.segmenters.syllable import SyllableSegmenter
from searchdb.backends.whoosh import WhooshBackend
from searchdb.backends.whoosh.blocks import BLOCK, ArrayFile
from searchdb.engine import SearchDB
from searchdb.query import abbreviations

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from tests.engine.conftest import Forge

ANALYZER = Analyzer(SyllableSegmenter())
ABBREVIATIONS = abbreviations.load()
TEXTS = {
    "a": "Sinh hoạt chi bộ tháng ba, bàn việc đắp đê.",
    "b": "Lịch tiêm chủng cho trẻ em trong phường.",
    "d.txt": "Biên bản họp tổ dân phố số 4.",
    "c": "Chi bộ thôn Đoài bàn việc tu sửa đường liên thôn số 15.",
}
"""In the order of their commits."""


def opened(folder: Path) -> SearchDB:
    db = SearchDB(WhooshBackend(folder), ANALYZER, folder=folder, base=folder.parent)
    db._abbreviations = ABBREVIATIONS  # reading the table takes longer than any question here
    return db


@pytest.fixture(scope="module")
def sound(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An index of four commits, one of them of a file; never written to again."""
    folder = tmp_path_factory.mktemp("sound") / "index"
    (folder.parent / "d.txt").write_text(TEXTS["d.txt"], encoding="utf-8")
    with opened(folder) as db:
        for each, text in TEXTS.items():
            if each == "d.txt":
                assert db.sync([folder.parent / each]).added == 1
            else:
                db.add([Document(id=each, text=text, date="2015-09-05", meta={"x": 1})])
    return folder


@pytest.fixture
def folder(sound: Path, tmp_path: Path) -> Path:
    """A copy of it to damage."""
    shutil.copytree(sound, tmp_path / "index")
    return tmp_path / "index"


@pytest.fixture
def alone(folder: Path) -> Path:
    """The same without a commit before."""
    (folder / "previous.json").unlink()
    return folder


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


def of_the_commit_before(folder: Path) -> list[object]:
    """What `use` gave before the last document was added."""
    path = folder / "manifest.json"
    whole = path.read_bytes()
    path.write_bytes((folder / "previous.json").read_bytes())
    seen = use(folder)
    path.write_bytes(whole)
    return seen


def damages(data: bytes) -> Iterator[bytes]:
    """The file cut short, grown, and with single bytes changed."""
    yield b""
    for length in (1, len(data) // 2, len(data) - 1):
        yield data[:length]
    yield data + b"\0"
    for number, place in enumerate(range(0, len(data), max(1, len(data) // 13))):
        flip = (0x01, 0x80, 0xFF)[number % 3]
        yield data[:place] + bytes([data[place] ^ flip]) + data[place + 1 :]


def last_segment(folder: Path, forge: type[Forge]) -> str:
    """The segment that only the newest commit has."""
    before = json.loads((folder / "previous.json").read_bytes())["files"]
    return next(name for name in forge(folder).live() if not (name in before or "toc" in name))


# Only one commit


def test_every_damaged_file_is_found_out(alone: Path, forge: type[Forge]) -> None:
    expected = use(alone)
    refused: list[tuple[str, errors.IndexCorruptError]] = []
    for name in forge(alone).live():
        whole = (alone / name).read_bytes()
        for data in damages(whole):
            (alone / name).write_bytes(data)
            # Damage may hide where nothing looks: then the answer is as before.
            try:
                assert use(alone) == expected
            except errors.IndexCorruptError as error:
                refused.append((name, error))
            with opened(alone) as db:
                assert db.check() == [name]
        (alone / name).write_bytes(whole)
    assert len(refused) > 50
    for name, found in refused:
        assert found.file == name
        assert name in str(found)
        assert "rebuild" in str(found)
    assert use(alone) == expected


def test_every_missing_file_is_named(alone: Path, forge: type[Forge]) -> None:
    for name in forge(alone).live():
        whole = (alone / name).read_bytes()
        (alone / name).unlink()
        with pytest.raises(errors.IndexCorruptError, match="missing") as caught:
            use(alone)
        assert caught.value.file == name
        with opened(alone) as db, pytest.raises(errors.IndexCorruptError, match="missing"):
            db.add([Document(id="z", text="thêm")])
        with opened(alone) as db:
            assert db.check() == [name]
        (alone / name).write_bytes(whole)


def test_no_flipped_byte_of_an_array_file_is_believed(alone: Path, forge: type[Forge]) -> None:
    name = next(name for name in forge(alone).live() if name.endswith(".arrays"))
    whole = (alone / name).read_bytes()
    path = alone / "flipped"

    def read_every_block() -> None:
        file = ArrayFile(path)
        for block in range(len(file._crcs)):
            file.verify(block)

    for place in range(len(whole)):
        path.write_bytes(
            whole[:place] + bytes([whole[place] ^ 1 << place % 8]) + whole[place + 1 :]
        )
        with pytest.raises(errors.IndexCorruptError):
            read_every_block()


def test_a_block_that_no_one_has_read_is_compared_at_first_touch(
    alone: Path, forge: type[Forge]
) -> None:
    noise = np.random.default_rng(1)  # what does not compress fills blocks quickly
    with opened(alone) as db:
        db.add(
            Document(id=f"n{number}", text=f"việc số {number}", meta={"x": noise.bytes(4000).hex()})
            for number in range(60)
        )
    (alone / "previous.json").unlink()
    name = max(forge(alone).live(), key=lambda each: (alone / each).stat().st_size)
    whole = bytearray((alone / name).read_bytes())
    stored = ArrayFile(alone / name)["stored_blob"]
    assert stored.values.nbytes > 3 * BLOCK
    whole[stored._offset + (stored.values.nbytes >> 1)] ^= 0x10
    (alone / name).write_bytes(whole)
    with opened(alone) as db:
        assert db.damaged is None
        assert db.search("đắp đê").total == 1
        assert db.document("n1") is not None
        names = sorted(db.ids())
        with pytest.raises(errors.IndexCorruptError) as caught:
            list(map(db.document, names))
        assert caught.value.file == name
        assert db.check() == [name]


# A commit before


def test_damage_that_opening_sees_leads_to_the_commit_before(
    folder: Path, forge: type[Forge]
) -> None:
    before, expected = of_the_commit_before(folder), use(folder)
    assert before != expected
    older = json.loads((folder / "previous.json").read_bytes())["files"]
    fallen_back = 0
    for name in ["manifest.json", *forge(folder).live()]:
        whole = (folder / name).read_bytes()
        for data in (None, *damages(whole)):
            if data is None:
                (folder / name).unlink()
            else:
                (folder / name).write_bytes(data)
            with opened(folder) as db:
                try:
                    damage = db.damaged
                    assert use(folder) == (expected if damage is None else before)
                    assert damage in {None, name}
                    fallen_back += damage is not None
                except errors.IndexCorruptError as error:
                    assert error.file == name  # noqa: PT017 - both have it, or a question met it
                    assert name in older or damage is None
                if damage is not None:
                    with pytest.raises(errors.IndexCorruptError, match="rebuild") as caught:
                        db.add([Document(id="z", text="thêm")])
                    assert caught.value.file == name
                assert db.check() in ([name], [])
        (folder / name).write_bytes(whole)
    assert fallen_back > 20
    assert use(folder) == expected


def test_files_of_the_commit_before_are_not_checked(folder: Path, forge: type[Forge]) -> None:
    older = json.loads((folder / "previous.json").read_bytes())["files"].keys()
    for name in older - set(forge(folder).live()):
        (folder / name).write_bytes(b"")
    (folder / "previous.json").write_bytes(b"{")
    with opened(folder) as db:
        assert db.check() == []
        assert db.damaged is None
        db.add([Document(id="z", text="thêm")])
        assert db.check() == []


# Manifests


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
        b'{"format": 2}',
        b'{"format": 2, "crc32": []}',
        b"[" * 100_000,
        b'{"format": ' + b"9" * 5_000 + b"}",
        b'{"name": "a web page", "icons": []}',
    ],
)
def test_a_manifest_that_is_none_is_a_damaged_one(alone: Path, manifest: bytes) -> None:
    (alone / "manifest.json").write_bytes(manifest)
    for create in (False, True):
        with pytest.raises(errors.IndexCorruptError, match="rebuild") as caught:
            searchdb.open(alone, create=create)
        assert caught.value.file == "manifest.json"


@pytest.mark.parametrize("name", ["../secret", "/etc/passwd", "..", ".", "", "a\\b", "a\0"])
def test_a_manifest_cannot_name_what_lies_elsewhere(
    alone: Path, forge: type[Forge], name: str
) -> None:
    forger = forge(alone)
    some = next(iter(forger.manifest().files.values()))
    forger.change_manifest(files={**forger.manifest().files, name: some})
    with pytest.raises(errors.IndexCorruptError):
        use(alone)


@pytest.mark.parametrize(
    ("change", "found", "wanted"),
    [
        ({"format": 999}, "999", "2"),
        ({"format": 0}, "0", "2"),
        ({"fingerprint": "format 2, analysis 0, pyvi 0.0.1"}, "pyvi 0.0.1", "pyvi"),
    ],
)
def test_an_index_of_another_make_is_outdated(
    folder: Path, forge: type[Forge], change: dict[str, object], found: str, wanted: str
) -> None:
    forge(folder).change_manifest(**change)
    with pytest.raises(errors.IndexOutdatedError, match="searchdb rebuild") as caught:
        searchdb.open(folder)
    assert found in caught.value.found
    assert wanted in caught.value.wanted


def test_an_index_of_format_1_is_outdated(alone: Path) -> None:
    (alone / "manifest.json").write_bytes(b'{"format": 1, "generation": 3}')
    with pytest.raises(errors.IndexOutdatedError, match="searchdb rebuild"):
        searchdb.open(alone)
