"""Files with sound checksums that no index wrote: an answer or IndexCorruptError, nothing else."""

from __future__ import annotations

import json
import shutil
import struct
import zlib
from contextlib import suppress
from functools import partial
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest

from searchdb import Document, errors, passages
from searchdb.analysis import Analyzer
from searchdb.analysis.segmenters.syllable import SyllableSegmenter
from searchdb.backends.whoosh import WhooshBackend, blocks, kernels, records
from searchdb.backends.whoosh import searcher as searcher_module
from searchdb.engine import SearchDB
from searchdb.index.backend import FileState
from searchdb.index.document import analyzed
from searchdb.query import abbreviations

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from numpy.typing import NDArray

    from tests.engine.conftest import Forge

    Change = Callable[[NDArray[Any]], NDArray[Any] | None]

ANALYZER = Analyzer(SyllableSegmenter())
TEXTS = {
    "a": "Sinh hoạt chi bộ tháng ba, bàn việc đắp đê.",
    "b": "Lịch tiêm chủng cho trẻ em trong phường; tiêm CHI nhánh hai.",
    "c": "Chi bộ thôn Đoài bàn việc tu sửa đường liên thôn số 15.\n\nChi bộ họp lại.",
    "d": "chi " * 300 + "bộ",
}
ABBREVIATIONS = abbreviations.load()


def opened(folder: Path) -> SearchDB:
    db = SearchDB(WhooshBackend(folder), ANALYZER, folder=folder, base=folder.parent)
    db._abbreviations = ABBREVIATIONS  # reading the table takes longer than all of the questions
    return db


@pytest.fixture(scope="module")
def sound(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An index of one segment with a deleted document; never written to again."""
    folder = tmp_path_factory.mktemp("sound") / "index"
    with opened(folder) as db:
        with db._writing() as writer:
            for each, text in TEXTS.items():
                document = Document(id=each, text=text, meta={"x": 1}, date="2015-09-05")
                state = FileState(f"{each}.txt", 1, 2, "3")
                writer.add(analyzed(passages.split(document), ANALYZER, state))
        db._reopen()
        db.remove(["b"])
        assert db.search("chi bộ", where={"x": 1}).total == 3
        assert len(dict(db._snapshot().files())) == 3
    (folder / "previous.json").unlink()
    return folder


@pytest.fixture
def folder(sound: Path, tmp_path: Path) -> Path:
    shutil.copytree(sound, tmp_path / "index")
    return tmp_path / "index"


def questions(db: SearchDB) -> list[Callable[[], object]]:
    """Everything that can be asked; one by one, so that no error hides another."""
    return [
        partial(db.search, "chi bo", explain=True, where={"x": 1}, after="2000-01-01"),
        partial(db.search, '"bàn việc" thon* -tiêm', group="passage"),
        partial(db.search, "title:x OR đường OR chi nhanh", explain=True),
        partial(db.search, "chi bôj", sort="date"),
        partial(db.suggest, "ch"),
        db.stats,
        lambda: sorted(db.ids()),
        lambda: dict(db._snapshot().files()),
        *(partial(db.document, each) for each in TEXTS),
    ]


def use(folder: Path) -> None:
    """Answers and IndexCorruptError pass; whatever else is raised does not."""
    try:
        with opened(folder) as db:
            for ask in questions(db):
                with suppress(errors.IndexCorruptError):
                    ask()
    except errors.IndexCorruptError as error:
        assert "rebuild" in str(error)  # noqa: PT017 - an answer is as good


def largest(values: NDArray[Any]) -> NDArray[Any]:
    changed = values.copy()
    changed[len(values) // 2 :] = np.iinfo(values.dtype).max
    return changed


def backwards(values: NDArray[Any]) -> NDArray[Any]:
    return values[::-1].copy()


def one_more(values: NDArray[Any]) -> NDArray[Any]:
    changed = values.copy()
    changed[-1:] += 1
    return changed


def zeros(values: NDArray[Any]) -> NDArray[Any]:
    return np.zeros_like(values)


def wider(values: NDArray[Any]) -> NDArray[Any]:
    return values.astype("u8" if values.itemsize < 8 else "u1")


def noise(values: NDArray[Any]) -> NDArray[Any]:
    rng = np.random.default_rng(len(values))
    high = min(int(values.max(initial=0)) * 2 + 2, np.iinfo(values.dtype).max)
    return rng.integers(0, high, len(values)).astype(values.dtype)


CHANGES: dict[str, Change] = {
    "largest": largest,
    "backwards": backwards,
    "one more": one_more,
    "zeros": zeros,
    "wider": wider,
    "noise": noise,
    "shorter": lambda values: values[:-1],
    "none": lambda _: None,
}
KERNELS_READ = {
    *("docs", "tfs", "tf_values", "tf_large", "tf_large_at", "term_offsets", "tokens", "parts"),
    *("token_offsets", "part_offsets", "escapes", "escape_offsets", "members", "syllable_length"),
}


@pytest.mark.parametrize("arithmetic", ["plain", "compiled"])
@pytest.mark.parametrize("change", CHANGES)
def test_a_forged_array_is_an_error_or_an_answer(
    folder: Path,
    forge: type[Forge],
    change: str,
    arithmetic: str,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(searcher_module, "plain", getattr(kernels, arithmetic))
    forger = forge(folder)
    manifest = (folder / "manifest.json").read_bytes()
    names = [name for name in forger.live() if not name.endswith(".toc")]
    assert len(names) == 2
    for name in names:
        whole = (folder / name).read_bytes()
        for array in forger.arrays(name):
            if arithmetic == "plain" or array in KERNELS_READ:
                forger.change_array(name, array, CHANGES[change])
                use(folder)
                (folder / name).write_bytes(whole)
                (folder / "manifest.json").write_bytes(manifest)
    with opened(folder) as db:
        assert db.check() == []


SOUND: dict[str, object] = {
    "id": "a",
    "text": "Chi bộ.",
    "title": "",
    "date": None,
    "source": None,
    "meta": {},
    "passages": [[0, 7, 0]],
}

FORGED: list[dict[str, object]] = [
    {"id": 5},
    {"text": None},
    {"title": []},
    {"date": 20150905},
    {"source": {}},
    {"meta": []},
    {"more": 1},
    {"passages": []},
    {"passages": [[0, 8, 0]]},
    {"passages": [[-1, 7, 0]]},
    {"passages": [[0, 7]]},
    {"passages": [["0", "7", 0]]},
    {"passages": [[0.5, 7, 0]]},
    {"passages": {"0": 7}},
]


def instead(values: NDArray[Any]) -> Change:
    return lambda _: values


@pytest.mark.parametrize(
    "stored",
    [
        b"",
        b"null",
        b"[]",
        b"{}",
        b"\xff",
        b"[" * 100_000,
        *(json.dumps({**SOUND, **change}).encode() for change in FORGED),
        pytest.param(b" " * (1 << 24) + b"{", id="bomb"),
    ],
)
def test_a_forged_document_is_an_error(tmp_path: Path, forge: type[Forge], stored: bytes) -> None:
    folder = tmp_path / "index"
    with opened(folder) as db:
        db.add([Document(id="a", text="Chi bộ.", title="")])
    (name,) = (each for each in forge(folder).live() if each.endswith(".arrays"))
    for data in (records.Packer(b"").deflated(stored), stored[:100] + b"\xff\xff"):
        forge(folder).change_array(
            name, "stored_blob", instead(np.frombuffer(data, dtype=np.uint8))
        )
        sizes = np.array([0, len(data)], dtype=np.uint64)
        forge(folder).change_array(name, "stored_offsets", instead(sizes))
        with opened(folder) as db, pytest.raises(errors.IndexCorruptError):
            db.document("a")
        with opened(folder) as db, pytest.raises(errors.IndexCorruptError):
            db.search("chi bộ")


def array_file(directory: bytes, *, begin: int = 64, sums: bytes | None = None) -> bytes:
    """An array file with sound checksums whose directory is these bytes."""
    body = blocks._MAGIC + bytes(56)
    table = struct.pack("<I", zlib.crc32(body)) if sums is None else sums
    numbers = struct.pack("<QQI", begin, len(body) + len(table), len(directory))
    crc = zlib.crc32(numbers, zlib.crc32(table + directory))
    return body + table + directory + numbers + struct.pack("<I", crc) + blocks._MAGIC


@pytest.mark.parametrize(
    "directory",
    [
        b"",
        b"null",
        b"[]",
        b"[" * 100_000,
        b'{"x": null}',
        b'{"x": ["u1", 1]}',
        b'{"x": ["f8", 1, 8]}',
        b'{"x": [["u1"], 1, 8]}',
        b'{"x": ["u1", -1, 8]}',
        b'{"x": ["u1", 1.5, 8]}',
        b'{"x": ["u1", "1", 8]}',
        b'{"x": ["u1", null, 8]}',
        b'{"x": ["u1", 1, -8]}',
        b'{"x": ["u1", 57, 8]}',
        b'{"x": ["u1", 1, 7]}',
        b'{"x": ["u1", 1e300, 8]}',
        b'{"x": ["u1", NaN, 8]}',
        b'{"x": ["u8", ' + b"9" * 30 + b", 8]}",
    ],
)
def test_a_forged_directory_is_damage(tmp_path: Path, directory: bytes) -> None:
    path = tmp_path / "forged"
    path.write_bytes(array_file(b'{"x": ["u1", 56, 8]}'))
    assert len(blocks.ArrayFile(path)["x"].whole()) == 56
    path.write_bytes(array_file(directory))
    with pytest.raises(errors.IndexCorruptError):
        blocks.ArrayFile(path)


@pytest.mark.parametrize("begin", [0, 8, 1 << 20, (1 << 64) - 1])
def test_a_forged_footer_is_damage(tmp_path: Path, begin: int) -> None:
    path = tmp_path / "forged"
    for sums in (b"", b"\0" * 3, b"\0" * 8, None):
        path.write_bytes(array_file(b'{"x": ["u1", 56, 8]}', begin=begin, sums=sums))
        with pytest.raises(errors.IndexCorruptError):
            blocks.ArrayFile(path)


def test_a_document_that_is_deleted_beyond_the_last_is_damage(
    folder: Path, forge: type[Forge]
) -> None:
    (name,) = (each for each in forge(folder).live() if each.endswith(".gone"))
    forge(folder).change_array(name, "deleted", lambda values: values + np.uint32(1000))
    with pytest.raises(errors.IndexCorruptError) as caught, opened(folder) as db:
        len(db)
    assert caught.value.file == name
