"""What the engine marks and shows in titles and passages, however they are written."""

from __future__ import annotations

import unicodedata
from collections.abc import Callable, Iterable

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import searchdb
from searchdb import Document, Hit
from searchdb.query.interpret import Diacritics

ZERO_WIDTH = "\u200b\u200d\ufeff\u00ad"
WORDS = ["chi bộ", "hòa giải", "Thúy Kiều", "ủy ban", "kỹ thuật", "đường sắt", "mạng lưới", "quý"]


def first(
    documents: Iterable[Document], query: str, *, diacritics: Diacritics = "smart", size: int = 300
) -> Hit:
    with searchdb.open(None) as db:
        db.add(documents)
        return db.search(query, diacritics=diacritics, snippet_size=size).hits[0]


def in_text(text: str, query: str, title: str = "") -> list[str]:
    snippet = first([Document(id="a", text=text, title=title)], query).snippet
    return [snippet.text[start:end] for start, end in snippet.highlights]


def in_title(title: str, query: str, text: str = "Không có gì.") -> list[str]:
    hit = first([Document(id="a", text=text, title=title)], query)
    return [title[start:end] for start, end in hit.title_highlights]


def plain(marked: str) -> str:
    """Without what the normal form leaves out, to compare with what was written at first."""
    kept = "".join(char for char in marked if char not in ZERO_WIDTH)
    return unicodedata.normalize("NFC", kept).lower()


class TestWays:
    def test_a_variant_is_marked_as_a_whole_or_not_at_all(self) -> None:
        text = "Chủ tịch HĐND phường gặp nhân dân ở hội trường."
        assert in_text(text, "HĐND") == ["HĐND"]
        assert in_text(text, "hội đồng nhân dân") == ["HĐND"]
        assert in_text("Hội đồng nhân dân phường họp nhân dân.", "HĐND") == ["Hội đồng nhân dân"]

    def test_an_abbreviation_and_the_word_beside_it_are_one_range(self) -> None:
        text = "Báo cáo của UBND phường về công tác của ủy ban nhân dân phường."
        assert in_text(text, "UBND phường") == ["UBND phường", "ủy ban nhân dân phường"]

    def test_a_code_is_one_range_with_the_word_before_it(self) -> None:
        text = "Thực hiện Chỉ thị 03-CT/TƯ, các chi bộ học Chỉ thị 03 CT TW."
        assert in_text(text, "chỉ thị 03-CT/TW") == ["Chỉ thị 03-CT/TƯ", "Chỉ thị 03 CT TW"]

    def test_a_date_is_marked_in_every_dress(self) -> None:
        text = "Kế hoạch ngày 28/01/2015, tức ngày 28 tháng 1 năm 2015, của tháng 1 năm 2016."
        assert in_text(text, "28/1/2015") == ["28/01/2015", "28 tháng 1 năm 2015"]

    def test_words_on_both_sides_of_a_blank_line_are_no_phrase(self) -> None:
        text = "Đảng bộ xã Tân Thành\n\nỦy viên và Bí thư Thành ủy đều dự."
        assert in_text(text, "thành ủy") == ["Thành ủy"]

    def test_a_relaxed_hit_shows_what_it_was_found_for(self) -> None:
        with searchdb.open(None) as db:
            db.add([Document(id="a", text="Họp ngày 7."), Document(id="b", text="GMT+7 là giờ ta")])
            snippets = {hit.id: hit.snippet for hit in db.search("GMT+7").hits}
        assert snippets["a"].highlights == ((9, 10),)
        assert snippets["b"].highlights == ((0, 5),)

    def test_part_of_an_address_is_marked_inside_it(self) -> None:
        text = 'Ghi rõ nguồn "www.dongxoai.gov.vn" khi đăng lại.'
        assert in_text(text, "dongxoai") == ["dongxoai"]
        assert in_text(text, "dongxoai.gov.vn") == ["dongxoai.gov.vn"]


class TestTitles:
    @pytest.mark.parametrize(
        ("query", "marks"),
        [
            ("chuyen bien", ["Chuyển biến"]),
            ("chuyên bien", ["Chuyển biến"]),
            ("chuyển bien phuc yen", ["Chuyển biến", "Phúc Yên"]),
            ("TW", ["T.Ư"]),
            ("trung ương", ["T.Ư"]),
            ("ubnd", ["ỦY BAN NHÂN DÂN"]),
            ("05/9/2015", ["5-9-2015"]),
            ("ngày 5 tháng 9 năm 2015", ["5-9-2015"]),
            ("27 NQ CP", ["27/NQ-CP"]),
            ("nq-cp", ["NQ-CP"]),
        ],
    )
    def test_a_title_is_marked_as_a_text_is(self, query: str, marks: list[str]) -> None:
        title = "Chuyển biến ở Phúc Yên (T.Ư, 5-9-2015): ỦY BAN NHÂN DÂN và 27/NQ-CP"
        documents = [
            Document(id="a", title=title, text="Không có gì."),
            Document(id="b", title="", text="Cơ quan chuyên môn"),
        ]
        with searchdb.open(None) as db:
            db.add(documents)
            hits = [hit for hit in db.search(query).hits if hit.id == "a"]
        found = [[title[start:end] for start, end in hit.title_highlights] for hit in hits]
        assert found == [marks]

    def test_the_title_of_an_unmarked_document_is_marked_for_both_ways_of_typing(self) -> None:
        for query in ("sinh hoạt chi bộ", "sinh hoat chi bo"):
            assert in_title("Sinh hoat chi bo", query, "Khong co gi.") == ["Sinh hoat chi bo"]

    def test_of_a_very_long_title_the_beginning_is_marked(self) -> None:
        title = "Chi bộ " + "và nhân dân " * 400 + "chi bộ"
        assert in_title(title, "chi bộ") == ["Chi bộ"]


class TestWindow:
    def test_the_rare_word_wins_over_the_usual_one(self) -> None:
        filler = "Các nơi khác vẫn làm như mọi năm, không có gì mới. " * 8
        text = f"Phường họp bàn việc của phường. {filler}Phường trồng phượng vĩ ven hồ. {filler}"
        others = [Document(id=f"b{n}", text="Phường họp.") for n in range(9)]
        hit = first([Document(id="a", text=text), *others], "phường phượng vĩ", size=120)
        assert "Phường trồng phượng vĩ ven hồ." in hit.snippet.text

    def test_it_ends_with_a_sentence_or_a_clause_where_one_is_near(self) -> None:
        text = "Họp ở TP. Vinh xong, mọi người ra về, ai cũng vui. " + "Rồi lại đi nữa, " * 40
        assert first([Document(id="a", text=text)], "vinh", size=60).snippet.text == (
            "Họp ở TP. Vinh xong, mọi người ra về, ai cũng vui."
        )
        assert first([Document(id="a", text=text)], "vinh", size=43).snippet.text == (
            "Họp ở TP. Vinh xong, mọi người ra về,"
        )

    def test_what_stands_at_the_very_end_is_shown_with_what_is_before_it(self) -> None:
        text = "một hai ba bốn năm sáu bảy tám chín mười " * 12 + "\n\nNguyễn Khánh"
        hit = first([Document(id="a", text=text)], "nguyễn khánh")
        assert hit.snippet.text.endswith("mười \n\nNguyễn Khánh")
        assert len(hit.snippet.text) > 200


def old_tones(text: str) -> str:
    return text.replace("oà", "òa").replace("uý", "úy").replace("uỷ", "ủy")


def new_tones(text: str) -> str:
    return text.replace("òa", "oà").replace("úy", "uý").replace("ủy", "uỷ")


def decomposed(text: str) -> str:
    return unicodedata.normalize("NFD", text)


def riddled(text: str) -> str:
    return "".join(char + ZERO_WIDTH[n % 4] for n, char in enumerate(text))


DRESSES: list[Callable[[str], str]] = [str, str.upper, old_tones, new_tones, decomposed, riddled]


class TestSpelling:
    @settings(deadline=None, max_examples=60)
    @given(
        words=st.lists(st.sampled_from(WORDS), min_size=2, max_size=6, unique=True),
        dresses=st.lists(st.sampled_from(DRESSES), min_size=1, max_size=3),
        asked=st.sampled_from(DRESSES[:5]),
        title=st.booleans(),
    )
    def test_marks_are_exact_however_text_and_query_are_written(
        self,
        words: list[str],
        dresses: list[Callable[[str], str]],
        asked: Callable[[str], str],
        *,
        title: bool,
    ) -> None:
        written = words
        for dress in dresses:
            written = [dress(word) for word in written]
        text = " rồi ".join(written)
        query = asked(words[0])
        marks = in_title(text, query) if title else in_text(text, query)
        assert len(marks) == 1
        assert marks[0] in text
        assert new_tones(plain(marks[0])) == new_tones(words[0].lower())
