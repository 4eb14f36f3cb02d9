from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from searchdb.query.syllable import reads_as_syllable

SYLLABLES = """
    a ai anh bánh chuyện cưỡi dậy đoàn đường gì gìn giếng giết giữa ghế hoẻn huých huỳnh khuya khuỷu
    kênh kỹ lý mười nghiêng nghĩa ngoằn nguyễn nhuốm nước oán phố quà quyết quýt quỳnh quốc rượu
    thuở toòng trước tư uyên ước vườn xoong yếm yêu ỷ Ưu TƯ ĐẢNG
"""
TYPED_BARE = "cat duong giup nghiep quyet tieng truong tu uong viet"
OTHER = """
    bhxh c clb ct d đ eu fax g gd hđnd kh km kt m ng ngh nq q qđ t taxi tp tw ubnd usd w web xii
    kà ghà nghà cê gê ngê trương1 03 2015
"""


@pytest.mark.parametrize("word", (SYLLABLES + TYPED_BARE).split())
def test_a_vietnamese_syllable_reads_as_one(word: str) -> None:
    assert reads_as_syllable(word)


@pytest.mark.parametrize("word", OTHER.split())
def test_abbreviations_numbers_and_misspellings_do_not(word: str) -> None:
    assert not reads_as_syllable(word)


@given(st.text())
def test_every_text_has_an_answer(text: str) -> None:
    assert reads_as_syllable(text) in {True, False}
