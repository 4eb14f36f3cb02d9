"""Did you mean: other spellings of a query that finds nothing."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

import searchdb
from searchdb import Document, SearchDB
from searchdb.query.respelling import respellings

TEXTS = (
    "Thuyền câu mực ra khơi, ngư dân trồng trọt, sản xuất nước mắm.",
    "Triển khai kế hoạch bảo hiểm xã hội. Ông Nguyễn Văn Hùng tranh chấp đất đai.",
    "Trạm khuyến nông mở lớp ở Đắk Lắk; cán bộ xã quy định giá nước mắm.",
)


@pytest.fixture(scope="module", params=["memory", "disk"])
def db(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[SearchDB]:
    folder = None if request.param == "memory" else tmp_path_factory.mktemp("index")
    with searchdb.open(folder, create=True) as opened:
        opened.add(Document(id=str(number), text=text) for number, text in enumerate(TEXTS))
        yield opened


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("thuyenn câu", "thuyền câu"),
        ("thuyề câu", "thuyền câu"),
        ("nướ mắm", "nước mắm"),
        ("nuocc mam", "nước mắm"),
        ("chiển khai", "triển khai"),
        ("sản suất", "sản xuất"),
        ("chồng trọt", "trồng trọt"),
        ("bao hiem xa hoii", "bảo hiểm xã hội"),
        ("Nguyễn Văn Hùmg", "Nguyễn Văn Hùng"),
        ("THUYENN CÂU", "THUYỀN CÂU"),
        ("tranh trấp đất đai", "tranh chấp đất đai"),
        ("(thuyenn) câu!", "(thuyền) câu!"),
    ],
)
def test_what_finds_nothing_is_spelled_otherwise(db: SearchDB, typed: str, meant: str) -> None:
    result = db.search(typed, syntax="plain")
    assert result.total == 0
    assert result.suggestion == meant
    assert db.search(meant, syntax="plain").total > 0


@pytest.mark.parametrize("typed", ["thuyền câu", "thuyen cau", "triển", "nuoc mam"])
def test_what_finds_something_is_left_alone(db: SearchDB, typed: str) -> None:
    assert db.search(typed).suggestion is None


@pytest.mark.parametrize("typed", ["chó", "công nhân", "lò rèn", "qwrtpsdf", "12345", "", "?"])
def test_words_and_what_is_near_to_nothing_have_no_other_spelling(db: SearchDB, typed: str) -> None:
    assert db.search(typed).suggestion is None


@pytest.mark.parametrize("typed", ["x", "-x", "-w", "(g)"])
def test_a_letter_by_itself_is_no_slip(db: SearchDB, typed: str) -> None:
    result = db.search(typed, syntax="plain")
    assert (result.total, result.suggestion) == (0, None)


def test_a_suggestion_finds_something(db: SearchDB) -> None:
    """No text has both, however near `mựcc` is to a word."""
    assert db.search('mựcc "khuyến nông"').suggestion is None


def test_they_come_in_order_without_repeats(db: SearchDB) -> None:
    offered = list(respellings("nướ mắm", db._analyzer, db._snapshot().lexicon))
    assert offered[0] == "nước mắm"
    assert len(offered) == len(set(offered)) <= 5


def test_long_queries_are_not_tried(db: SearchDB) -> None:
    assert list(respellings("nướ " * 500, db._analyzer, db._snapshot().lexicon)) == []
