"""An index is filled with a corpus, and asked."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

import searchdb
from searchdb import Document
from searchdb.errors import StorageError
from searchdb.evaluation import ask, fill, read_collection

Layout = Callable[..., Path]


def test_an_index_is_filled_once_and_brought_up_to_changes(layout: Layout, tmp_path: Path) -> None:
    folder = layout()
    with searchdb.open(tmp_path / "index", create=True) as db:
        assert fill(db, read_collection(folder)) == 4
        before = db.stats()["generation"]
        assert fill(db, read_collection(folder)) == 0
        assert db.stats()["generation"] == before
        corpus = folder / "corpus.jsonl"
        corpus.write_text(corpus.read_text(encoding="utf-8").replace("gỗ lim", "gỗ mít"), "utf-8")
        assert fill(db, read_collection(folder)) == 1


def test_an_index_of_something_else_is_left_alone(layout: Layout) -> None:
    with searchdb.open(None) as db:
        db.add([Document(id="nhà", text="Nhà tôi ở ven sông.")])
        with pytest.raises(
            StorageError, match=r"holds 1 documents that are not in .* another folder"
        ):
            fill(db, read_collection(layout()))
        assert list(db.ids()) == ["nhà"]


def test_queries_are_asked_as_words_and_the_best_come_first(layout: Layout) -> None:
    with searchdb.open(None) as db:
        fill(db, read_collection(layout()))
        seen: list[str] = []
        found = ask(
            db,
            {"a": "mưa đầu mùa", "b": '-gặt "lúa', "c": "xe lửa"},
            match="any",
            progress=lambda _, query: seen.append(query),
        )
    assert found.run["a"][0] == "mua"
    assert found.run["b"][0] == "lua"
    assert found.run["c"] == ()
    assert seen == ["a", "b", "c"]
    assert len(found.took_ms) == 3


def test_a_query_that_is_too_much_finds_nothing_and_is_told(layout: Layout) -> None:
    with searchdb.open(None) as db:
        fill(db, read_collection(layout()))
        found = ask(db, {"a": "lúa " * 100_000, "b": "chợ"}, limit=1, page=0)
    assert found.refused == ("a",)
    assert found.run == {"a": (), "b": ("cho",)}
    assert found.took_ms == ()
