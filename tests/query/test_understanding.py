"""What a query means for a collection: demands, slips, names, words that tell little."""

from __future__ import annotations

import pytest

import searchdb
from searchdb import Document
from searchdb.analysis import Analyzer
from searchdb.analysis.segmenters.syllable import SyllableSegmenter
from searchdb.query import dictionary, slips


def matches(query: str, *texts: str, **options: object) -> list[int]:
    """The texts that match, best first; those that only relaxing finds are left out."""
    with searchdb.open(None) as db:
        db.add(Document(id=str(number), text=text) for number, text in enumerate(texts))
        result = db.search(query, **options)  # type: ignore[arg-type]
    return [int(hit.id) for hit in result.hits if not hit.relaxed]


class TestMarks:
    @pytest.mark.parametrize(
        ("query", "text"),
        [
            ("trương", "Trường làng."),
            ("đương", "Đường làng."),
            ("tư", "Từ ngữ, tự do."),
            ("công nhân", "Xã công nhận làng nghề."),
            ("công nhận", "Đội công nhân."),
        ],
    )
    def test_of_a_word_are_a_demand(self, query: str, text: str) -> None:
        assert matches(query, text) == []

    def test_that_make_no_word_may_be_half_typed(self) -> None:
        assert matches("tiêng", "Nói tiếng Thái.", "Nói tiêng Thái.", "Tiền bạc.") == [1, 0]
        assert matches("tiêng", "Nói tiếng Thái.") == [0]

    def test_are_exact_on_demand(self) -> None:
        texts = ("Nói tiếng Thái.", "Nói tiêng Thái.")
        assert matches("tiêng", *texts, diacritics="exact") == [1]

    def test_that_a_collection_uses_often_are_no_slip(self) -> None:
        often = "Bản Thiêm có giếng. " * 60
        assert matches("thiêm", often, "Bác Thiềm đan sọt.") == [0]

    @pytest.mark.parametrize("query", ["khuyên nông", "Khuyên nông", "KHUYÊN NÔNG"])
    def test_one_mistaken_in_a_compound_is_forgiven(self, query: str) -> None:
        assert matches(query, "Trạm khuyến nông mở lớp.", "Lời khuyên của mẹ.") == [0]

    def test_one_mistaken_in_a_document_is_forgiven_though_none_has_it_right(self) -> None:
        assert matches("khuyến nông", "Trạm khuyên nông mở lớp.", "Lời khuyên của mẹ.") == [0]

    def test_none_is_forgiven_when_all_are_demanded(self) -> None:
        assert matches("khuyên nông", "Trạm khuyến nông.", diacritics="exact") == []

    def test_are_forgiven_only_where_nothing_stands_so(self) -> None:
        texts = ("Lời khuyên nông dân.", "Trạm khuyến nông.")
        assert matches("khuyên nông", *texts) == [0]


class TestNames:
    @pytest.mark.parametrize(
        ("text", "expected"),
        [
            ("Sinh hoạt chi bộ", [False, False, False, False]),
            ("bà Lê Thị Hoa", [False, True, True, True]),
            ("Lê Thị Hoa ở đâu", [True, True, True, False, False]),
            ("SINH HOẠT", [False, False]),
            ("gặp ai? Hỏi ngay", [False, False, False, False]),
            ("gặp ông Tư. Lê Hoa", [False, False, True, True, True]),
            ("Hoa", [False]),
            ("", []),
        ],
    )
    def test_have_a_capital_that_nothing_else_explains(
        self, text: str, expected: list[bool]
    ) -> None:
        found = Analyzer(SyllableSegmenter()).syllables(text)
        assert slips.names(text, found) == expected

    @pytest.mark.parametrize(
        "query", ["Lê Văn Hùng", "lê văn hùng", "ông Lê Văn Hùng", "LÊ VĂN HÙNG"]
    )
    def test_are_no_slips_of_each_other(self, query: str) -> None:
        assert matches(query, "Ông Lê Văn Hưng nuôi ong.", "Ông Lê Văn Hứng bán cau.") == []

    def test_half_typed_are_forgiven_only_if_no_syllable_is_written_so(self) -> None:
        assert matches("bà Hưong", "Bà Hương bán cau.") == [0]
        assert matches("bà Lê Hưng", "Bà Lê Hứng bán cau.") == []
        assert matches("bà Lê Nguyên", "Bà Lê Nguyễn bán cau.") == []

    def test_that_nothing_is_known_of_are_not_restored(self) -> None:
        texts = ["Ông từ giữ đền.", "Từ nay đến mai, từ làng ra chợ.", "Bác Tú bán cau."]
        with searchdb.open(None) as db:
            db.add(Document(id=str(number), text=text) for number, text in enumerate(texts))
            assert db.search("lang Tu zzz").interpreted == "làng Tu zzz"


class TestTellingWords:
    COMMON = tuple(
        f"Giá của {each} ở chợ là hai đồng." for each in "abcdefghijklmnopqrstuvwxyz" * 2
    )

    def test_that_nearly_all_documents_have_may_be_missing(self) -> None:
        texts = (*self.COMMON, "Lịch cắt điện phường Hạ.")
        assert matches("lịch cắt điện của phường", *texts) == [len(self.COMMON)]

    def test_are_demanded_where_some_document_has_all(self) -> None:
        texts = (*self.COMMON, "Lịch cắt điện phường Hạ.", "Lịch cắt điện của phường Hạ.")
        assert matches("lịch cắt điện của phường", *texts) == [len(self.COMMON) + 1]

    def test_are_demanded_by_all(self) -> None:
        texts = (*self.COMMON, "Lịch cắt điện phường Hạ.")
        assert matches("lịch cắt điện của phường", *texts, match="all") == []

    def test_are_what_there_is_to_find_when_alone(self) -> None:
        assert len(matches("của", *self.COMMON, "Hạ.", limit=100)) == len(self.COMMON)

    def test_are_never_part_of_a_compound(self) -> None:
        assert matches("của cải ông bà", *self.COMMON, "Cải bắp ông bà trồng.") == []

    def test_need_a_collection_to_be_told(self) -> None:
        assert matches("lịch của phường", *self.COMMON[:10], "Lịch phường.") == []


def test_the_dictionary_knows_words_by_their_keys() -> None:
    known = dictionary.load()
    assert {"công nhân", "công nhận", "khuyến nông", "lí luận", "qui định"} & known.words
    assert "lí luận" in known.words
    assert "tiêng" not in known.words
    assert {"nhân", "khuyên"} <= known.syllables


def test_without_a_dictionary_marks_are_still_read(monkeypatch: pytest.MonkeyPatch) -> None:
    empty = dictionary.Dictionary("")
    monkeypatch.setattr(dictionary, "load", lambda: empty)
    assert matches("tiêng", "Nói tiếng Thái.") == [0]
    assert matches("đường", "Đương mùa.", "Đường làng.") == [1]


def test_an_abbreviation_that_is_a_syllable_counts_behind_a_word() -> None:
    texts = ("Bệnh viện TƯ mở khoa.", "Bệnh viện tư nhân.", "Suy tư.", "Bệnh viện trung ương.")
    assert matches("bệnh viện trung ương", *texts) == [3, 0]
    assert matches("bệnh viện TW", *texts) == [3, 0]
    assert matches("trung ương", *texts) == [3]
