"""BUILDING A SEGMENT: in whatever pieces it is built, it is the same file."""

from __future__ import annotations

import copy
from typing import TYPE_CHECKING

import pytest

from searchdb import Document, passages
from searchdb.analysis import Analyzer
from searchdb.analysis.segmenters.syllable import SyllableSegmenter
from searchdb.backends.whoosh import building, layout, records
from searchdb.backends.whoosh.building import Buffer
from searchdb.backends.whoosh.records import Packing
from searchdb.backends.whoosh.segment import SegmentFile
from searchdb.index.document import all_analyzed
from searchdb.model import Passage, StoredDocument

if TYPE_CHECKING:
    from pathlib import Path

    from searchdb.index.backend import AnalyzedDocument
    from searchdb.index.manifest import ManifestFile

TEXTS = [
    "Đảng ủy phường họp chi bộ. Chi bộ phường họp hằng tháng, đảng viên dự họp.",
    "Trường tiểu học khai giảng\n\nHọc sinh dự lễ khai giảng ở trường.",
    "hoc sinh du le khai giang",
    "Chi bộ trường tiểu học họp. " * 9,
    "",
]


def documents() -> list[AnalyzedDocument]:
    stored = [
        passages.split(Document(id=f"d{number}", text=f"{text} {number}"))
        for number, text in enumerate(TEXTS * 5)
    ]
    return all_analyzed([(each, None) for each in stored], Analyzer(SyllableSegmenter()))


def built(path: Path, given: list[AnalyzedDocument], dropped: tuple[int, ...] = ()) -> ManifestFile:
    buffer = Buffer()
    for each in given:
        buffer.add(each)
    for number in dropped:
        buffer.drop(number)
    return buffer.write(path)


@pytest.mark.parametrize("dropped", [(), (0, 7), tuple(range(3, 20))])
def test_the_file_does_not_depend_on_the_pieces_it_is_built_of(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, dropped: tuple[int, ...]
) -> None:
    whole = built(tmp_path / "one", documents(), dropped)
    for tokens in (1, 30, 100):
        monkeypatch.setattr(building, "_PIECE", tokens)
        assert built(tmp_path / "many", documents(), dropped) == whole


def test_frequencies_are_the_same_however_they_are_looked_up(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    usual = built(tmp_path / "usual", documents())
    monkeypatch.setattr(layout, "_SHORT", 15)
    assert built(tmp_path / "short", documents()) == usual
    segment = SegmentFile(tmp_path / "short")
    assert set(segment.postings(segment.keys.find("họp"))[1].tolist()) == {30, 90}


def stored(count: int) -> list[StoredDocument]:
    """Documents of about 100 KB each."""
    texts = (f"{number} Chi bộ họp. " * 6_000 for number in range(count))
    return [
        StoredDocument(f"d{number}", text, "", None, None, {"n": number}, (Passage(0, 9),))
        for number, text in enumerate(texts)
    ]


def restored(packing: Packing) -> list[StoredDocument]:
    packed = packing.packed()
    return [records.loaded(records.restored(each, packing.dictionary)) for each in packed]


class TestPacking:
    def test_few_documents_go_without_a_dictionary(self) -> None:
        packing = Packing(b"usual")
        packing.add(stored(1)[0])
        assert packing.packer is None
        assert restored(packing) == stored(1)
        assert packing.dictionary == b""

    def test_the_first_documents_make_the_dictionary_of_all(self) -> None:
        packing = Packing()
        for each in stored(30):
            packing.add(each)
        assert packing.packer is not None
        assert b"0 Chi b" in packing.dictionary
        assert restored(packing) == stored(30)

    def test_a_dictionary_in_use_is_used(self) -> None:
        packing = Packing(b"in use")
        for each in stored(4):
            packing.add(each)
        assert restored(packing) == stored(4)
        assert packing.dictionary == b"in use"

    def test_what_was_packed_elsewhere_is_what_would_have_been_packed_here(self) -> None:
        here, there = Packing(), Packing()
        for each in stored(40):
            there.add(each)
            packer = copy.deepcopy(here.packer)  # by what pickle does
            here.add(each, packer(each) if packer else None)
        assert here.packed() == there.packed()
