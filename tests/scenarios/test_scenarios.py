"""One behavior a file, on every engine: what is indexed, what is asked, what must come back.

A case has `docs` (id = text), a `query`, perhaps `options` of the search, and in `expect` any of

  matches      these ids come first, in this order (`any_order = true`: in any), not relaxed
  never        these ids are no match; they may follow as relaxed
  relaxed      these ids follow, flagged as relaxed
  top          the first hit
  total        the number of matches
  highlight    a part of the first hit's snippet as HTML
  interpreted  how the query was understood

Copy a file to add a case; its name says the rule, and `why` says what it guards against.
"""

from __future__ import annotations

import tomllib
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

import searchdb
from searchdb import Document

if TYPE_CHECKING:
    from collections.abc import Iterator

    from searchdb import SearchDB

CASES = sorted(Path(__file__).parent.glob("cases/*.toml"))
EXPECTATIONS = {"matches", "any_order", "never", "relaxed", "top", "total", "highlight"} | {
    "interpreted"
}


@pytest.fixture(params=["memory", "disk"])
def db(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[SearchDB]:
    folder = None if request.param == "memory" else tmp_path / "index"
    with searchdb.open(folder, create=True) as opened:
        yield opened


def test_there_are_cases() -> None:
    assert len(CASES) > 40


@pytest.mark.parametrize("path", CASES, ids=lambda path: path.stem)
def test_scenario(db: SearchDB, path: Path) -> None:
    case = tomllib.loads(path.read_text(encoding="utf-8"))
    assert case.keys() <= {"why", "query", "options", "docs", "expect"}
    assert case["why"]
    db.add([Document(id=each, text=text) for each, text in case["docs"].items()])
    result = db.search(case["query"], **case.get("options", {}))
    _check(case["expect"], result)


def _check(expect: dict[str, Any], result: searchdb.SearchResult) -> None:
    assert expect
    assert expect.keys() <= EXPECTATIONS
    matches = [hit.id for hit in result.hits if not hit.relaxed]
    relaxed = [hit.id for hit in result.hits if hit.relaxed]
    first = matches[: len(expect.get("matches", []))]
    if expect.get("any_order"):
        assert sorted(first) == sorted(expect["matches"])
    else:
        assert first == expect.get("matches", [])
    assert not set(expect.get("never", [])) & set(matches)
    assert set(expect.get("relaxed", [])) <= set(relaxed)
    if "top" in expect:
        assert result.hits[0].id == expect["top"]
    if "highlight" in expect:
        assert expect["highlight"] in result.hits[0].snippet.html()
    assert result.total == expect.get("total", result.total)
    assert result.interpreted == expect.get("interpreted", result.interpreted)
