"""Session numbers in Roman and Arabic, telephone numbers in any groups."""

from __future__ import annotations

import time

import pytest

from searchdb.analysis import Analyzer
from searchdb.analysis.segmenters.syllable import SyllableSegmenter
from searchdb.query import numbers

ANALYZER = Analyzer(SyllableSegmenter())


def found(query: str) -> list[tuple[str, set[str], set[str]]]:
    """What is taken for a number, the other ways to write it, and those behind a word only."""
    syllables = ANALYZER.syllables(query)
    return [
        (
            " ".join(syllables.keys[each.start : each.end]),
            set(map(" ".join, each.alternatives)),
            set(map(" ".join, each.led)),
        )
        for each in numbers.readings(query, syllables)
    ]


@pytest.mark.parametrize(
    ("query", "number", "other"),
    [
        ("khóa XI", "xi", "11"),
        ("khoá 11", "11", "xi"),
        ("khoa xiv", "xiv", "14"),
        ("kỳ họp thứ IV", "iv", "4"),
        ("thế kỷ 19", "19", "xix"),
        ("quý III", "iii", "3"),
        ("Chương 02", "2", "ii"),
        ("đại hội XIII", "xiii", "13"),
        ("hồi thứ 39", "39", "xxxix"),
    ],
)
def test_what_is_counted_is_counted_in_both(query: str, number: str, other: str) -> None:
    assert found(query) == [(number, set(), {other})]


@pytest.mark.parametrize(
    "query",
    [
        "xi măng",
        "vitamin C",
        "khóa C",
        "khóa 40",
        "khóa 0",
        "XI",
        "khóa, XI",
        "khóa XI/2",
        "khóa-XI",
        "máy X",
        "khóa 2015",
        "khóa iiii",
        "quả 4",
    ],
)
def test_nothing_else_is(query: str) -> None:
    assert found(query) == []


@pytest.mark.parametrize(
    "query", ["0987654321", "0987 654 321", "0987.654.321", "098-765-4321", "09 8765 4321"]
)
def test_digits_of_a_telephone_number_may_be_grouped_otherwise(query: str) -> None:
    typed = " ".join(ANALYZER.syllables(query).keys)
    ((number, ways, _),) = found(f"gọi {query} ngay")
    assert number == typed
    usual = {"0987654321", "0987 654 321", "098 765 4321", "9 8765 4321", "84 987 654 321"}
    assert usual - {typed} <= ways
    assert typed not in ways


@pytest.mark.parametrize("query", ["+84 987 654 321", "84987654321", "+84987 654 321"])
def test_the_number_of_the_country_stands_for_the_zero(query: str) -> None:
    ((_, ways, _),) = found(query)
    assert {"0987654321", "0987 654 321"} <= ways


def test_a_hotline_begins_otherwise() -> None:
    assert found("1900 6789") == [("1900 6789", {"19006789", "1900 67 89"}, set())]


@pytest.mark.parametrize(
    "query",
    [
        "2015 2020",
        "12345678",
        "0098765432",
        "098765432100",
        "098765",
        "0987,654,321",
        "0987/654/321",
        "0987654321a",
        "0987     654     321",
        "01 02 03",
    ],
)
def test_other_digits_are_left_alone(query: str) -> None:
    assert found(query) == []


@pytest.mark.parametrize("piece", ["0", "09 ", "0987 654 321 ", "khóa XI ", "1900 ", "84"])
def test_time_is_linear(piece: str) -> None:
    query = (piece * 10_000)[:10_000]
    syllables = ANALYZER.syllables(query)
    start = time.process_time()
    numbers.readings(query, syllables)
    assert time.process_time() - start < 2
