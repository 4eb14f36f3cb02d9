"""The public names as a type checker sees them: checked by mypy, never run."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from pathlib import Path
from typing import assert_type

import searchdb
from searchdb import (
    Document,
    Hit,
    QueryError,
    ReadError,
    SearchDB,
    SearchDBError,
    SearchResult,
    Snippet,
    StorageError,
    StoredDocument,
    SyncReport,
    Token,
    errors,
)


def opening(folder: Path) -> None:
    with searchdb.open(folder, create=True, base="..", lock_timeout=0.5) as db:
        assert_type(db, SearchDB)
    assert_type(searchdb.open(None), SearchDB)
    assert_type(searchdb.open("index"), SearchDB)
    searchdb.rebuild(folder, ["seeds", Path("more")], discard=True)


def indexing(db: SearchDB) -> None:
    document = Document(
        id="a",
        text="...",
        title=None,
        date="2015-09-05",
        source="a.txt",
        meta={"ward": "Phúc Lợi", "page": 3, "share": 0.5, "open": True, "note": None},
    )
    assert_type(document.meta, Mapping[str, str | int | float | bool | None])
    report = db.add([document], keep_furniture=True)
    assert_type(report.added + report.updated + report.duplicates, int)
    db.add(Document(id=each, text="") for each in "ab")
    assert_type(db.remove({"a"}), int)
    synced = db.sync(["seeds"], include=["*.txt"], exclude=(), prune=False, dry_run=True)
    assert_type(synced, SyncReport)
    assert_type(synced.errors, tuple[ReadError, ...])
    Document(id=5, text="")  # type: ignore[arg-type]
    Document("a")  # type: ignore[call-arg]
    db.add([{"id": "a"}])  # type: ignore[list-item]


def searching(db: SearchDB) -> None:
    result = db.search(
        "sinh hoat chi bo",
        limit=10,
        offset=0,
        diacritics="smart",
        match="all",
        after=dt.date(2015, 1, 1),
        before="2015-12-31",
        where={"ward": "Phúc Lợi"},
        sort="date",
        group="passage",
        syntax="plain",
        explain=True,
        snippet_size=200,
    )
    assert_type(result, SearchResult)
    assert_type(result.total, int)
    assert_type(result.interpreted, str | None)
    assert_type(result.suggestion, str | None)
    assert_type(result.took_ms, float)
    for hit in result.hits:
        assert_type(hit, Hit)
        assert_type((hit.id, hit.passage, hit.score), tuple[str, int, float])
        assert_type(hit.date, str | None)
        assert_type(hit.relaxed, bool)
        assert_type(hit.snippet, Snippet)
        assert_type(hit.snippet.highlights, tuple[tuple[int, int], ...])
        assert_type(hit.snippet.html(), str)
        assert_type([part.stream for part in hit.explanation], list[str])
        hit.score = 1.0  # type: ignore[misc]
    db.search("x", diacritics="Smart")  # type: ignore[arg-type]
    db.search("x", 10)  # type: ignore[call-arg]
    db.search("x", no_such_option=1)  # type: ignore[call-arg]


def looking(db: SearchDB) -> None:
    assert_type(db.analyze("Chỉ thị 03-CT/TW"), list[Token])
    assert_type(db.document("a"), StoredDocument | None)
    assert_type(db.suggest("sinh h", limit=5), list[str])
    assert_type(list(db.ids()), list[str])
    assert_type(db.refresh(), bool)
    assert_type(db.check(), list[str])
    assert_type(len(db), int)


def failing(db: SearchDB) -> None:
    try:
        db.search("x")
    except QueryError as error:
        assert_type((error.query, error.pos), tuple[str, int])
        as_value_error(error)
    except errors.IndexCorruptError as error:
        assert_type(error.file, str)
    except errors.IndexOutdatedError as error:
        assert_type(error.found + error.wanted, str)
    except StorageError as error:
        as_any_of_ours(error)


def as_value_error(_: ValueError) -> None: ...


def as_any_of_ours(_: SearchDBError) -> None: ...
