"""The law of every Segmenter: spans in order and disjoint, every letter and digit in one of them.

What a segmenter is given is normalized, so every text here is composed (NFC) first.
"""

from __future__ import annotations

import unicodedata
from typing import TYPE_CHECKING

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from searchdb.analysis.segmenters.pyvi import PyviSegmenter
from searchdb.analysis.segmenters.syllable import SyllableSegmenter

if TYPE_CHECKING:
    from searchdb.analysis.segmenters import Segmenter

SEGMENTERS: list[Segmenter] = [SyllableSegmenter(), PyviSegmenter()]

PIECES = st.sampled_from(
    [
        *("sinh hoạt", "chi bộ", "Đảng ủy", "TP. Đồng Xoài", "03-CT/TW", "5.700", "ThS. An"),
        *("_", "__a__", "sinh_hoạt", "http://a.vn/b?c=d", "a@b.vn", "...", "==>", "->", ">>"),
        *("\n", "\r\n", "\t", "\u00a0", "\u3000", " ", "  ", "\u2028", "\x1c", "\x85"),
        *(
            "😀",
            "👨‍👩‍👧",
            "viê\u0323t",
            "e\u0301",
            "\u0301",
            "ភ្នំពេញ",
            "ที่นี่",
            "中文",
            "\u200b",
            "\ufeff",
        ),
        *("ﬁ", "ǅ", "ß", "İ", "½", "²", "٣", "Ⅷ", "ａｂ", "\ufffd", "\0", "\x07", "", "a." * 30),
    ]
)
TEXTS = st.one_of(
    st.lists(PIECES, max_size=12).map("".join),
    st.lists(PIECES, max_size=12).map(" ".join),
    st.text(alphabet=st.characters(exclude_categories=["Cs"]), max_size=40),
)


def check(text: str, spans: list[tuple[int, int]]) -> None:
    done = 0
    for start, end in spans:
        assert done <= start < end <= len(text), (start, end)
        done = end
    inside = {place for start, end in spans for place in range(start, end)}
    left = [place for place, char in enumerate(text) if char.isalnum() and place not in inside]
    assert not left, f"{text[left[0]]!r} at {left[0]} is in no word"


@pytest.mark.parametrize("segmenter", SEGMENTERS, ids=lambda segmenter: type(segmenter).__name__)
@settings(max_examples=150)
@given(TEXTS)
@example("")
@example("a." * 1000)
@example("_" * 500)
@example("-" * 3000)
@example("ơ" * 5000)
@example("sinh hoạt\nchi\nbộ  \n\n")
@example("từ " * 2000 + "x" * 300 + " từ" * 2000)
def test_words_are_spans_of_the_text(segmenter: Segmenter, text: str) -> None:
    text = unicodedata.normalize("NFC", text)
    check(text, segmenter.segment(text))


@pytest.mark.parametrize("segmenter", SEGMENTERS, ids=lambda segmenter: type(segmenter).__name__)
@settings(max_examples=60)
@given(st.lists(TEXTS.map(lambda text: unicodedata.normalize("NFC", text)), max_size=4))
@example([])
@example(["", "chi", "", "\n", "sinh hoạt"])
@example(["chi bộ " * 10_000, "sinh hoạt " * 10_000, "chi"])
def test_texts_together_have_the_words_they_have_alone(
    segmenter: Segmenter, texts: list[str]
) -> None:
    alone = [segmenter.segment(text) for text in texts]
    assert segmenter.segment_all(texts) == alone
    begins = [sum(len(text) + 1 for text in texts[:number]) for number in range(len(texts))]
    expected = [
        begin + start for begin, spans in zip(begins, alone, strict=True) for start, _ in spans
    ]
    assert segmenter.starts_all(texts).tolist() == expected


@pytest.mark.parametrize("segmenter", SEGMENTERS, ids=lambda segmenter: type(segmenter).__name__)
def test_a_segmenter_has_a_name_and_no_memory(segmenter: Segmenter) -> None:
    text = "Sinh hoạt chi bộ hàng tháng ở phường."
    first = segmenter.segment(text)
    segmenter.segment("Một câu khác hẳn, dài hơn.")
    assert segmenter.segment(text) == first
    assert segmenter.name.strip()


def test_compounds_are_one_word_for_pyvi_alone() -> None:
    text = "sinh hoạt chi bộ"
    assert PyviSegmenter().segment(text) == [(0, 9), (10, 16)]
    assert SyllableSegmenter().segment(text) == [(0, 4), (5, 9), (10, 13), (14, 16)]
