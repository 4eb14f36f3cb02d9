"""Search as you type: what is offered for a half-typed query."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

import searchdb
from searchdb import Document, SearchDB

TEXTS = (
    "Nội dung sinh hoạt chi bộ tháng này. Chi bộ họp tối nay, sinh hoạt chi bộ đúng kỳ.",
    "Học sinh học tiếng Thái. Tiếng trống trường, tiếng ve. Tiên cảnh, tiền bạc.",
    "Thành phố Hồ Chí Minh mở hội chợ. Xuất khẩu lao động, xuất khẩu lúa gạo.",
    "Đường làng lát gạch, đường phố rợp bóng. Cán bộ đương chức.",
    "Chất hoạt chất, hoạt chất, hoạt chất trong thuốc. Chợ phiên, chú Cuội, cho vay.",
    "Trưởng trại, trường chợ.",
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
    ("typed", "first"),
    [
        ("sinh hoat ch", "sinh hoạt chi bộ"),
        ("sinh hoạt ch", "sinh hoạt chi bộ"),
        ("SINH HOAT CH", "SINH HOẠT CHI BỘ"),
        ("Sinh hoat ch", "Sinh hoạt chi bộ"),
        ("sinh hoạt ", "sinh hoạt chi bộ"),
        ("hồ chí m", "hồ chí minh"),
        ("ho chi m", "hồ chí minh"),
        ("xuất khẩu la", "xuất khẩu lao động"),
        ("tiế", "tiếng"),
        ("truong ch", "trường chợ"),
    ],
)
def test_what_people_write_there_comes_first(db: SearchDB, typed: str, first: str) -> None:
    assert db.suggest(typed)[0] == first


def test_marks_may_be_half_typed(db: SearchDB) -> None:
    assert "tiếng" in db.suggest("tiêng")
    assert "tiếng" in db.suggest("tiê")
    assert db.suggest("đươn")[0].startswith("đương")
    assert "đường" in db.suggest("đươn")


def test_marks_that_are_typed_are_kept(db: SearchDB) -> None:
    assert not [each for each in db.suggest("tiề") if "tiếng" in each or "tiên" in each]
    assert all(each.startswith("đường") for each in db.suggest("đườn"))


def test_what_was_never_seen_there_is_left_out_where_something_was(db: SearchDB) -> None:
    assert all("hoạt ch" in each for each in db.suggest("sinh hoat ch"))
    assert [each for each in db.suggest("sinh hoat ch") if "chú" in each] == []


def test_what_stands_before_is_kept_as_it_is(db: SearchDB) -> None:
    assert db.suggest("(zzz)  xuất khẩu la")[0] == "(zzz)  xuất khẩu lao động"


@pytest.mark.parametrize("typed", ["", " ", "?!", "zzz", "zzz ", "\ud800", "x" * 300])
def test_nothing_is_offered_for_what_nothing_continues(db: SearchDB, typed: str) -> None:
    assert db.suggest(typed) == []


def test_no_more_than_asked_for_and_nothing_twice(db: SearchDB) -> None:
    offered = db.suggest("t", limit=3)
    assert len(offered) == len(set(offered)) == 3
    assert db.suggest("t", limit=0) == []
