from __future__ import annotations

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from searchdb.analysis import Analyzer
from searchdb.analysis.segmenters.syllable import SyllableSegmenter
from searchdb.query import dates

ANALYZER = Analyzer(SyllableSegmenter())

DAY = {"28 tháng 1 năm 2015", "28 1 2015", "28 tháng 1 2015", "2015 1 28"}
MONTH = {"tháng 1 năm 2015", "tháng 1 2015", "1 2015", "2015 1"}


def found(query: str) -> list[tuple[str, set[str]]]:
    """What is taken for a date, as its keys, and the other ways to write it."""
    syllables = ANALYZER.syllables(query)
    return [
        (" ".join(syllables.keys[each.start : each.end]), set(map(" ".join, each.alternatives)))
        for each in dates.readings(query, syllables)
    ]


@pytest.mark.parametrize(
    ("query", "typed"),
    [
        ("28/1/2015", "28 1 2015"),
        ("28/01/2015", "28 1 2015"),
        ("28-1-2015", "28 1 2015"),
        ("28–1–2015", "28 1 2015"),
        ("28.1.2015", "28 1 2015"),
        ("(28/1/2015).", "28 1 2015"),
        ("２８／１／２０１５", "28 1 2015"),
        ("2015-01-28", "2015 1 28"),
        ("ngày 28/1/2015", "ngày 28 1 2015"),
        ("ngày 28 tháng 1 năm 2015", "ngày 28 tháng 1 năm 2015"),
        ("ngay 28 thang 1 nam 2015", "ngay 28 thang 1 nam 2015"),
        ("28 tháng 01 năm 2015", "28 tháng 1 năm 2015"),
        ("28 tháng 1, 2015", "28 tháng 1 2015"),
        ("ngày 28 tháng 1/2015", "ngày 28 tháng 1 2015"),
    ],
)
def test_a_day_may_be_written_in_every_dress(query: str, typed: str) -> None:
    assert found(query) == [(typed, DAY - {typed})]


@pytest.mark.parametrize(
    ("query", "typed"),
    [
        ("tháng 1/2015", "tháng 1 2015"),
        ("tháng 01-2015", "tháng 1 2015"),
        ("tháng 1 năm 2015", "tháng 1 năm 2015"),
        ("thang 1 nam 2015", "thang 1 nam 2015"),
    ],
)
def test_so_may_a_month(query: str, typed: str) -> None:
    assert found(query) == [(typed, MONTH - {typed})]


@pytest.mark.parametrize(
    ("query", "typed", "ways"),
    [
        ("ngày 28-1", "ngày 28 1", {"28 tháng 1", "28 1"}),
        ("ngày 28/1", "ngày 28 1", {"28 tháng 1", "28 1"}),
        ("sáng 28-1 tại Hà Nội", "28 1", {"28 tháng 1"}),
        ("ngày 28 tháng 1 năm nay", "ngày 28 tháng 1", {"28 tháng 1", "28 1"}),
        ("lễ 30 tháng 4", "30 tháng 4", {"30 4"}),
        ("ngày mùng 2 tháng 9", "ngày mùng 2 tháng 9", {"2 tháng 9", "2 9"}),
        ("29 tháng 2", "29 tháng 2", {"29 2"}),
    ],
)
def test_day_and_month_need_words_around_them(query: str, typed: str, ways: set[str]) -> None:
    assert found(query) == [(typed, ways)]


@pytest.mark.parametrize(
    "query",
    [
        # No words lead: a fraction, a score.
        *("28/1", "28-1", "thắng 3-1", "năm 2015", "tháng 1"),
        # No such day or month.
        *("31/2/2015", "31 tháng 2 năm 2015", "29/2/2015", "0/1/2015", "28/13/2015"),
        *("ngày 32/1", "tháng 13/2015", "tháng 0 năm 2015", "tháng 1/0000", "ngày 28/1/15"),
        # Parts of something longer, or held together by other signs.
        *("5/28/1/2015", "28/1/2015/QĐ-UBND", "192.168.1.2015", "28:1:2015", "28/1-2015"),
        *("28 tháng 1/2015/2", "tháng 1/2015/TT", "mỗi ngày 1,5 lít"),
        # Spans of time.
        *("6 tháng 1 lần", "9 tháng 10 ngày", "12 tháng 2015"),
        *("", "ngày", "ngày ngày tháng năm", "tháng", "٢٨/١/٢٠١٥"),
    ],
)
def test_everything_else_is_left_alone(query: str) -> None:
    assert found(query) == []


def test_two_days_may_stand_side_by_side() -> None:
    days = ["1 2 2015", "28 2 2015"]
    assert [typed for typed, _ in found("1/2/2015-28/2/2015")] == days
    assert [typed for typed, _ in found("từ 1/2/2015 đến 28/2/2015")] == days


@pytest.mark.parametrize("piece", ["1/1/2015-", "1/1/2015 ", "ngày ", "ngày 1 tháng ", "1/", "1 "])
def test_long_queries_take_linear_time(piece: str) -> None:
    query = (piece * 10_000)[:10_000]
    syllables = ANALYZER.syllables(query)
    start = time.perf_counter()
    dates.readings(query, syllables)
    assert time.perf_counter() - start < 1


PIECES = ("ngày", "tháng", "nam", "năm", "mùng", " ", " ", "/", "-", ".", "1", "28", "2015", "CT")


@given(st.lists(st.sampled_from(PIECES), max_size=30).map("".join) | st.text())
def test_expansions_are_in_order_and_offer_something_new(query: str) -> None:
    syllables = ANALYZER.syllables(query)
    done = 0
    for each in dates.readings(query, syllables):
        assert done <= each.start < each.end <= len(syllables.keys)
        assert each.alternatives
        assert tuple(syllables.keys[each.start : each.end]) not in each.alternatives
        done = each.end
