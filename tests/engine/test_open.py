"""Opening: what a commit is made of is told by our own files, and Whoosh's table agrees."""

from __future__ import annotations

import json
import subprocess
import sys
from typing import TYPE_CHECKING

import numpy as np
import pytest
from whoosh.filedb.filestore import FileStorage
from whoosh.index import TOC

from searchdb import Document, errors
from searchdb.analysis import Analyzer
from searchdb.analysis.segmenters.syllable import SyllableSegmenter
from searchdb.backends.whoosh import WhooshBackend
from searchdb.backends.whoosh.blocks import ArrayFile, ArrayWriter
from searchdb.backends.whoosh.schema import INDEX_NAME, schema
from searchdb.backends.whoosh.snapshot import opened
from searchdb.backends.whoosh.store import Store, measure
from searchdb.engine import SearchDB
from searchdb.index.manifest import Manifest, ManifestFile

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

    from searchdb.backends.whoosh.snapshot import Leaf

ANALYZER = Analyzer(SyllableSegmenter())


def index(folder: Path) -> SearchDB:
    return SearchDB(WhooshBackend(folder), ANALYZER, folder=folder, base=folder.parent)


def texts(ids: Iterable[str], text: str) -> list[Document]:
    return [Document(id=each, text=f"{text} của tổ {each}.") for each in ids]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """An index of three segments, two of them with deleted documents."""
    with index(tmp_path / "index") as db:
        db.add(texts("abcdefgh", "Biên bản họp chi bộ"))
        db.add(texts("ijklmnop", "Lịch trực bơm nước"))
        db.add([*texts("bj", "Bản đã sửa"), *texts("xyz", "Đơn xin tách hộ")])
        db.remove(["k"])
    return tmp_path / "index"


def leaves(folder: Path) -> list[Leaf]:
    store = Store(folder)
    manifest = store.manifest()
    assert manifest is not None
    return opened(store, manifest, {})


def rewrite(folder: Path, **changes: object) -> None:
    path = folder / "manifest.json"
    fields = json.loads(path.read_bytes()) | changes
    files = {name: ManifestFile(**each) for name, each in fields["files"].items()}
    del fields["crc32"]  # it is made anew
    path.write_bytes(Manifest(**(fields | {"files": files})).dumps())
    (folder / "previous.json").unlink(missing_ok=True)


def refused(folder: Path) -> str:
    """The file that opening finds damaged."""
    with pytest.raises(errors.IndexCorruptError) as caught:
        leaves(folder)
    return caught.value.file


def test_segments_come_in_the_order_of_their_commits(folder: Path) -> None:
    names = [leaf.segment.names.texts() for leaf in leaves(folder)]
    assert ["".join(sorted(each)) for each in names] == ["abcdefgh", "ijklmnop", "bjxyz"]
    assert [leaf.base for leaf in leaves(folder)] == [0, 8, 16]
    dead = [np.flatnonzero(~leaf.live).tolist() for leaf in leaves(folder)]
    assert dead == [[1], [1, 2], []]


def test_whoosh_is_told_the_same(folder: Path) -> None:
    def agree() -> None:
        contents = TOC.read(FileStorage(str(folder)), INDEX_NAME, schema=schema())
        told = [
            (segment.file_name(), segment.doc_count_all(), sorted(segment.deleted_docs()))
            for segment in contents.segments
        ]
        assert told == [
            (leaf.segment.file.name, leaf.segment.documents, (~leaf.live).nonzero()[0].tolist())
            for leaf in leaves(folder)
        ]

    agree()
    with index(folder) as db:
        for change in range(9):
            db.remove([db_id for place, db_id in enumerate(sorted(db.ids())) if place == change])
            db.add(texts(f"a{change}", "Thông báo thu gom rác"))
            agree()


def test_a_question_needs_no_whoosh(folder: Path) -> None:
    code = """
import sys
from pathlib import Path
from searchdb.analysis import Analyzer
from searchdb.analysis.segmenters.syllable import SyllableSegmenter
from searchdb.backends.whoosh import WhooshBackend
from searchdb.engine import SearchDB
folder = Path(sys.argv[1])
with SearchDB(WhooshBackend(folder), Analyzer(SyllableSegmenter()), folder=folder) as db:
    assert db.search("chi bo", where={"x": 1}).total == 0
    assert db.search("chi bo").total == 7
print(*sorted({"whoosh", "socket", "numba", "typer"} & set(sys.modules)))
"""
    done = subprocess.run(  # noqa: S603 - our own interpreter, our own code
        [sys.executable, "-c", code, str(folder)], capture_output=True, check=True
    )
    assert done.stdout.decode().strip() == ""


def test_a_segment_that_the_manifest_lost_is_missed(folder: Path) -> None:
    fields = json.loads((folder / "manifest.json").read_bytes())
    for name in fields["files"]:
        others = {other: size for other, size in fields["files"].items() if other != name}
        rewrite(folder, files=others)
        assert refused(folder) == "manifest.json"
        rewrite(folder, files=others | {f"{name}x": fields["files"][name]})
        assert refused(folder) == "manifest.json"


@pytest.mark.parametrize("documents", [[], [8], [2, 1], [1, 1], [1, 2**32 - 1]])
def test_deletions_that_no_segment_has_are_damage(folder: Path, documents: list[int]) -> None:
    fields = json.loads((folder / "manifest.json").read_bytes())
    name = next(name for name in sorted(fields["files"], reverse=True) if name.endswith(".gone"))
    file = ArrayFile(folder / name)
    names = [
        f"{each}_{kind}"
        for each in ("df", "cf", "words", "bigrams", "pairs")
        for kind in ("codes", "counts")
    ]
    with ArrayWriter(folder / "made") as made:
        made.add("deleted", "u4", np.array(documents, dtype=np.int64))
        for each in ("totals", *names):
            values = file[each].whole()
            made.add(each, f"u{values.itemsize}", values)
    del file
    (folder / "made").replace(folder / name)
    found = measure(folder / name)
    fields["files"][name] = {"size": found.size, "crc32": found.crc32}
    rewrite(folder, files=fields["files"])
    assert refused(folder) == name


def test_two_deletions_of_one_segment_are_damage(folder: Path) -> None:
    fields = json.loads((folder / "manifest.json").read_bytes())
    name = next(name for name in fields["files"] if name.endswith(".gone"))
    first, _, last = name.split(".")
    (folder / f"{first}.99.{last}").write_bytes((folder / name).read_bytes())
    rewrite(folder, files=fields["files"] | {f"{first}.99.{last}": fields["files"][name]})
    assert refused(folder) == "manifest.json"
