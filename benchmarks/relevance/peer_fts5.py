"""SET -> RUNS of SQLite FTS5: `unicode61 remove_diacritics 2`, any word of the query.

It takes đ for a letter of its own, so that is made d before, in texts and queries. Its BM25 has k1
1.2, b .75 built in; each query term counts once; titles count once or three times (the weight of
their column).
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import tokens
from benchmark import DEPTH, Engine, Made, Task, digest

__all__ = ["ENGINE"]

_RANKED = "SELECT rowid FROM texts WHERE texts MATCH ? ORDER BY bm25(texts, ?, 1) LIMIT ?"


def _make(task: Task, _: Path) -> Iterator[Made]:
    with closing(sqlite3.connect(":memory:")) as db:
        db.execute(
            "CREATE VIRTUAL TABLE texts USING fts5"
            "(title, text, tokenize = 'unicode61 remove_diacritics 2')"
        )
        db.executemany(
            "INSERT INTO texts (rowid, title, text) VALUES (?, ?, ?)",
            (
                (row, tokens.stroke_less(each.title or ""), tokens.stroke_less(each.text))
                for row, each in enumerate(task.documents)
            ),
        )
        known: dict[tuple[str, int], list[str]] = {}
        for times in (1, 3) if task.titled else (1,):
            for accents, queries in task.queries.items():
                run: dict[str, list[str]] = {}
                for query, text in queries.items():
                    wanted = " OR ".join(f'"{word}"' for word in dict.fromkeys(tokens.folded(text)))
                    if (wanted, times) not in known:
                        rows = db.execute(_RANKED, (wanted, times, DEPTH)) if wanted else ()
                        known[wanted, times] = [task.documents[row].id for (row,) in rows]
                    run[query] = known[wanted, times]
                yield f"FTS5, folded; title {times}", accents, run


ENGINE = Engine(
    "fts5", digest([Path(__file__), Path(tokens.__file__)], sqlite3.sqlite_version), _make
)
