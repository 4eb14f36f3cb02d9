"""How the running text is cut: sizes, headings, sentences."""

from __future__ import annotations

import pytest

from searchdb.model import Document
from searchdb.passages import split

SENTENCE = "Bà con trong thôn cùng nhau sửa lại con đường đất dẫn ra cánh đồng mía."
OTHER = "Mỗi nhà góp một ngày công, xã góp đá và xi măng."
PARAGRAPH = " ".join([SENTENCE] * 6)


def pieces(text: str) -> list[str]:
    stored = split(Document(id="a", text=text, title=""))
    return [stored.text[part.start : part.end] for part in stored.passages]


def test_short_paragraphs_are_joined() -> None:
    text = "\n\n".join(f"Ngày thứ {number}. {SENTENCE}" for number in range(30))
    sizes = [len(piece) for piece in pieces(text)]
    assert all(400 <= size <= 1_000 for size in sizes)


def test_paragraphs_are_not_cut_where_they_can_be_joined_or_left_whole() -> None:
    paragraphs = [f"Việc {number}: {PARAGRAPH}" for number in range(8)]
    found = pieces("\n\n".join(paragraphs))
    assert [piece for joined in found for piece in joined.split("\n\n")] == paragraphs
    long = " ".join([SENTENCE] * 17)
    assert 1_000 < len(long) < 1_500
    assert pieces(long) == [long]


def test_a_long_paragraph_is_cut_at_sentence_ends() -> None:
    found = pieces(" ".join([SENTENCE] * 100))
    assert all(piece.endswith("mía.") and 400 <= len(piece) <= 1_000 for piece in found)


def test_a_byline_is_not_left_alone() -> None:
    text = f"{PARAGRAPH} {PARAGRAPH}\n\nQuang Minh"
    assert pieces(text) == [text]


@pytest.mark.parametrize(
    "words",
    [
        "từ TP. Đồng Hoa về",
        "theo T.Ư Đoàn thì",
        "nghe GS. Lê An và ThS. Võ Bình nói",
        "ở Q. Ba gặp anh Nguyễn Văn B. Hải",
        "gần 5.700 người và 12. 300 con",
        "xem Điều 12. Quyền của dân làng",
    ],
)
def test_abbreviations_and_numbers_end_no_sentence(words: str) -> None:
    found = pieces(" ".join([words] * 90))
    assert len(found) > 1
    assert not any(piece.endswith(".") for piece in found)


@pytest.mark.parametrize(
    "end", ["mía. ", "mía! ", "mía? ", "mía… ", "mía.” ", "năm 2015. ", "mía.\u00a0"]
)
def test_these_end_a_sentence(end: str) -> None:
    found = pieces(f"Bà con trong thôn sửa con đường dẫn ra cánh đồng {end}" * 60)
    assert len(found) > 1
    assert all(piece.endswith(end.rstrip()) for piece in found)


def test_clauses_come_before_words_and_words_before_anything() -> None:
    clause = "sửa con đường dẫn ra cánh đồng mía; "
    assert all(piece.endswith(";") for piece in pieces(clause * 60)[:-1])
    assert all(piece.endswith("đường") for piece in pieces("đường " * 600))
    assert [len(piece) for piece in pieces("đ" * 2_500)] == [833, 833, 834]


def test_marks_stay_with_their_letter() -> None:
    found = pieces("xe\u0302\u0301" * 900)
    assert all(piece[0] == "x" or piece.startswith("e\u0302\u0301") for piece in found)
    assert "".join(found) == "xe\u0302\u0301" * 900


def test_rows_of_a_wrapped_paragraph_are_cut_at_sentence_ends() -> None:
    words = " ".join([SENTENCE] * 60).split()
    rows = [" ".join(words[at : at + 13]) for at in range(0, len(words), 13)]
    assert all(piece.endswith("mía.") for piece in pieces("\n".join(rows)))


@pytest.mark.parametrize(
    "heading",
    [
        "Đường về cánh đồng",
        "ĐƯỜNG VỀ CÁNH ĐỒNG",
        "Vì sao phải sửa đường?",
        "1. Đường về cánh đồng",
        "II. ĐƯỜNG VỀ CÁNH ĐỒNG",
        "## Đường về cánh đồng",
        "Điều 5. Đường về cánh đồng",
        "Điều 5. Đường về cánh đồng do thôn quản lý, theo luật định.",
        "Chương II",
        "Bài 1",
        "Chương II\nĐƯỜNG LÀNG\nĐiều 5. Đường về cánh đồng",
        "Chương II\n\nĐiều 5. Đường về cánh đồng do thôn quản lý.",
    ],
)
def test_a_heading_begins_a_passage(heading: str) -> None:
    after = f"{heading}\n{OTHER} {OTHER}"
    assert pieces(f"{SENTENCE}\n\n{after}") == [SENTENCE, after]
    assert pieces(f"{SENTENCE}\n{after}") == [SENTENCE, after]


def test_a_heading_stays_with_a_long_text() -> None:
    found = pieces(f"{SENTENCE}\n\nĐường về cánh đồng\n\n" + " ".join([SENTENCE] * 100))
    assert found[1].startswith("Đường về cánh đồng\n\nBà con")


@pytest.mark.parametrize(
    "line",
    [
        "Bà con ra đồng từ sớm.",
        "- Con đường đất",
        "con đường đất",
        "Ảnh: bà con sửa đường",
        "Bà con sửa đường - Trong ảnh: Đoạn qua cầu",
        "Gồm các việc sau:",
        "Điều 5 của quy ước này nói rõ,",
    ],
)
def test_these_are_no_headings(line: str) -> None:
    text = f"{SENTENCE}\n\n{line}\n\n{OTHER}"
    assert pieces(text) == [text]


def test_a_list_of_short_lines_is_no_row_of_headings() -> None:
    text = f"{SENTENCE}\n\nAn\nBình\nChi\nDung\nEm\n\n{OTHER}"
    assert pieces(text) == [text]


def test_nothing_follows_the_last_line() -> None:
    text = f"{SENTENCE}\n\nQuang Minh"
    assert pieces(text) == [text]


def test_furniture_parts_the_text_around_it() -> None:
    assert pieces(f"{SENTENCE}\n\nanh tin bai\n\n{OTHER}") == [SENTENCE, "anh tin bai", OTHER]


@pytest.mark.parametrize("gap", ["\n\n", "\r\n\r\n", "\n \u00a0\n", "\u2029", "\x85", "\r"])
def test_line_breaks_of_every_kind_are_read(gap: str) -> None:
    text = f"Lượt xem: 5{gap}{SENTENCE}{gap}anh tin bai"
    assert pieces(text) == ["Lượt xem: 5", SENTENCE, "anh tin bai"]
