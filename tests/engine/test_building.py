"""BUILDING A SEGMENT: in whatever pieces it is built, it is the same file."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from searchdb import Document, passages
from searchdb.analysis import Analyzer
from searchdb.analysis.segmenters.syllable import SyllableSegmenter
from searchdb.backends.whoosh import building, layout, records
from searchdb.backends.whoosh.building import Buffer
from searchdb.backends.whoosh.segment import SegmentFile
from searchdb.index.document import all_analyzed

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


class TestPacking:
    def test_few_documents_go_without_a_dictionary(self) -> None:
        packing = records.Packing(b"usual")
        packing.add(b"a few words")
        (packed,) = packing.packed()
        assert packing.dictionary == b""
        assert records.restored(packed, b"") == b"a few words"

    def test_the_first_documents_make_the_dictionary_of_all(self) -> None:
        given = [f"{number} ".encode() * 9999 for number in range(100)]
        packing = records.Packing()
        for each in given:
            packing.add(each)
        assert packing.dictionary.startswith(b"0 0 ")
        found = [records.restored(each, packing.dictionary) for each in packing.packed()]
        assert found == given

    def test_a_dictionary_in_use_is_used(self) -> None:
        packing = records.Packing(b"in use")
        for _ in range(3):
            packing.add(b"in use " * 20_000)
        assert packing.dictionary == b"in use"
        assert [records.restored(each, b"in use") for each in packing.packed()] == [
            b"in use " * 20_000
        ] * 3
