"""Whatever is typed is a query: `search` gives a sound answer or raises QueryError."""

from __future__ import annotations

import time
from itertools import pairwise
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from searchdb import Document, QueryError
from searchdb.analysis import Analyzer
from searchdb.analysis.segmenters.syllable import SyllableSegmenter
from searchdb.backends.memory import MemoryBackend
from searchdb.backends.whoosh import WhooshBackend
from searchdb.engine import SearchDB

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from searchdb import SearchResult

TEXTS = {
    "hợp tác": "Hợp tác xã Tân Lập bán 12.500 tấn lúa, theo Quyết định 15/QĐ-UBND ngày 02/06/2017.",
    "không dấu": "Hop tac xa ban lua cho kho thoc.",
    "mẹo": 'a*b "trích dẫn" (ngoặc) -trừ title:gì ~ngã _gạch_ AND OR NOT',
    "lạ": "\ud800 😀 中文 ที่นี่ ក្រុង \0 e\u0301 ½ ² ٣ ﬁ ǅ İ \u200b",
    "rỗng": "",
}


@pytest.fixture(scope="module", params=["memory", "disk"])
def db(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[SearchDB]:
    folder = tmp_path_factory.mktemp("index")
    backend = MemoryBackend() if request.param == "memory" else WhooshBackend(folder)
    with SearchDB(backend, Analyzer(SyllableSegmenter()), folder=folder) as opened:
        opened.add(Document(id=each, text=text, date="2017-06-02") for each, text in TEXTS.items())
        yield opened


PIECES = st.sampled_from(
    [
        *(
            " ",
            " ",
            " ",
            '"',
            "“",
            "”",
            "-",
            "--",
            "(",
            ")",
            "*",
            ":",
            "title:",
            "AND",
            "OR",
            "NOT",
        ),
        *("lúa", "LUA", "hop", "tác", "15/QĐ-UBND", "12.500", "thoc*", "~", "\\", "/", "'", "\0"),
        *("\n", "\ud800", "\udfff", "😀", "中", "ที่", "\u0301", "\u200b", "²", "٣", "İ", "a" * 70),
    ]
)
typed_texts = st.lists(PIECES, max_size=14).map("".join) | st.text(max_size=30)

choices = {
    "diacritics": st.sampled_from(["smart", "exact", "ignore"]),
    "match": st.sampled_from(["smart", "all", "any"]),
    "sort": st.sampled_from(["relevance", "date"]),
    "group": st.sampled_from(["document", "passage"]),
    "syntax": st.sampled_from(["smart", "plain"]),
    "limit": st.sampled_from([0, 1, 10, 10_000]),
    "offset": st.sampled_from([0, 1, 10_000]),
    "explain": st.booleans(),
    "snippet_size": st.sampled_from([0, 1, 7, 300]),
    "after": st.sampled_from([None, "2017-06-02", "1/1/2030"]),
    "where": st.none() | st.dictionaries(st.text(max_size=3), st.text(max_size=3) | st.integers()),
}
wrong = {
    "after": st.text(max_size=10) | st.integers() | st.none() | st.just("2017-02-30"),
    "before": st.text(max_size=10) | st.floats(),
    "where": st.dictionaries(st.text(max_size=3), st.lists(st.integers(), max_size=2)),
    "limit": st.sampled_from([-1, 10_001, 1.5, None, "10", True]),
    "offset": st.sampled_from([-1, 10**30, None]),
    "match": st.sampled_from(["", "ALL", None, 3]),
    "sort": st.sampled_from(["date ", "score", None]),
    "diacritics": st.sampled_from(["", None, "Smart"]),
    "snippet_size": st.sampled_from([-5, 10_001, None]),
}


def outcome(db: SearchDB, typed: str, options: dict[str, Any]) -> SearchResult | QueryError:
    """The answer, or the one error that there may be."""
    try:
        return db.search(typed, **options)
    except QueryError as error:
        return error


def check(result: SearchResult, typed: str, options: dict[str, Any]) -> None:
    assert result.query == typed
    assert len(result.hits) <= options.get("limit", 10)
    first = options.get("offset", 0) + 1
    assert [hit.rank for hit in result.hits] == list(range(first, first + len(result.hits)))
    for hit in result.hits:
        size = options.get("snippet_size", 300)
        assert len(hit.snippet.text) <= size
        ranges = hit.snippet.highlights
        assert all(0 <= start < end <= len(hit.snippet.text) for start, end in ranges)
        assert all(one[1] <= two[0] for one, two in pairwise(ranges))
        assert hit.start <= hit.snippet.start
        assert hit.snippet.start + len(hit.snippet.text) <= hit.end
        assert hit.snippet.html().count("<mark>") == len(ranges)
        assert hit.explanation == () or sum(
            part.score for part in hit.explanation
        ) == pytest.approx(hit.score, abs=1e-9)


@settings(max_examples=200)
@given(typed=typed_texts, options=st.fixed_dictionaries({}, optional=choices))
@example(typed="(" * 60 + "-(a OR b)" + ")" * 60, options={})
@example(typed="-" * 500, options={})
@example(typed='"' * 501, options={})
@example(typed="a " * 4_000, options={})
def test_any_text_is_a_query(db: SearchDB, typed: str, options: dict[str, Any]) -> None:
    found = outcome(db, typed, options)
    if isinstance(found, QueryError):
        assert found.query == typed
        assert 0 <= found.pos <= len(typed)
        assert "nested" in str(found) or "use at most" in str(found)
    else:
        check(found, typed, options)


@settings(max_examples=100)
@given(options=st.fixed_dictionaries({}, optional=wrong))
def test_a_wrong_option_is_a_query_error(db: SearchDB, options: dict[str, Any]) -> None:
    found = outcome(db, "lúa", options)
    if isinstance(found, QueryError):
        assert str(found)
    else:
        check(found, "lúa", options)


@settings(max_examples=100)
@given(typed=typed_texts)
def test_any_text_can_be_completed(db: SearchDB, typed: str) -> None:
    offered = db.suggest(typed, limit=5)
    assert len(offered) == len(set(offered)) <= 5


@given(typed=st.text(max_size=3))
def test_any_text_may_be_asked_for_as_an_id(db: SearchDB, typed: str) -> None:
    found = db.document(typed)
    assert found is None or found.id == typed
    assert db.remove([typed + "\ud800"]) == 0


LONG: list[tuple[str, Callable[[], str]]] = [
    ("one letter words", lambda: "a " * 5_000),
    ("one long word", lambda: "x" * 10_000),
    ("unknown words", lambda: " ".join(f"x{chr(97 + n % 26)}qz" for n in range(1_990))),
    ("piled-up marks", lambda: "a" + "\u0301\u0323" * 4_999),
    ("quotes", lambda: '"a" ' * 100),
    ("exclusions", lambda: "lúa " + "-a " * 3_000),
    ("alternatives", lambda: " OR ".join(["lúa"] * 1_400)),
    ("prefixes", lambda: " ".join(f"{chr(97 + n % 26)}*" for n in range(100))),
    ("codes", lambda: "15/QĐ-UBND " * 900),
]


@pytest.mark.parametrize("text", [pytest.param(make(), id=name) for name, make in LONG])
def test_the_longest_queries_are_quick(db: SearchDB, text: str) -> None:
    assert len(text) <= 10_000
    began = time.process_time()
    found = outcome(db, text, {})
    if isinstance(found, QueryError):
        assert "use at most" in str(found)
    db.suggest(text)
    assert time.process_time() - began < 5


@pytest.mark.parametrize("syntax", ["smart", "plain"])
def test_a_longer_query_is_turned_down_at_once(db: SearchDB, syntax: Any) -> None:  # noqa: ANN401
    text = "a" * 100_000
    with pytest.raises(QueryError, match="10,000") as caught:
        db.search(text, syntax=syntax)
    assert caught.value.query == text
    with pytest.raises(QueryError, match="10,000"):
        db.suggest(text)
