"""SET -> RUNS of searchdb: queries as plain text, `match` smart and any, the rest as it comes.

Longer queries than `SMART_LONGEST` are ranked at once by both, so they are asked only once. Law:
what saves time here (compiled kernels, hits that are never shown) changes no run.
"""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Literal
from unittest.mock import patch

from benchmark import DEPTH, Engine, Made, Task, digest

import searchdb
from searchdb import answering
from searchdb.engine import SearchDB
from searchdb.evaluation import Run, ask, fill
from searchdb.index.backend import Match
from searchdb.query.interpret import SMART_LONGEST

__all__ = ["ENGINE", "INDEXING", "SHELLS", "index_of", "kept", "run_of", "sources", "unshown"]

SHELLS = {"__main__.py", "cli", "conformance", "evaluation", "opening.py", "settings.py"}
"""Rooms that change no run."""
INDEXING = SHELLS | {
    "answering.py",
    "kernels",
    "matching.py",
    "query",
    "ranked.py",
    "scoring.py",
    "snippets",
}
"""Those and rooms that change no index."""


def sources(*, without: set[str]) -> list[Path]:
    """The files of searchdb, some rooms left out."""
    package = Path(searchdb.__file__).parent
    return [
        path
        for path in package.rglob("*")
        if path.suffix in {".py", ".toml", ".tsv"}
        and without.isdisjoint(path.relative_to(package).parts)
    ]


def index_of(task: Task, own: Path) -> Path:
    """The folder of an index of the set made by this code."""
    key = digest(sources(without=INDEXING), task.files)
    return kept(own, key, lambda db: fill(db, task.collection))


def kept(own: Path, key: str, put: Callable[[SearchDB], object]) -> Path:
    """The index called `key` in a folder that keeps one, filled by `put` unless it is there."""
    folder = own / key
    if not folder.exists():
        own.mkdir(exist_ok=True)
        for old in own.iterdir():
            shutil.rmtree(old)
        with searchdb.open(own / "new", create=True) as db:
            put(db)
        (own / "new").rename(folder)
    return folder


def run_of(
    db: SearchDB, queries: Mapping[str, str], *, match: Literal["smart", "any"] = "smart"
) -> Run:
    """What is found, as `searchdb eval` asks."""
    with unshown():
        return ask(db, queries, match=match, limit=DEPTH, page=0).run


@contextmanager
def unshown() -> Iterator[None]:
    """Hits are ids only: showing a hundred of them takes three quarters of the time of a search."""

    def bare(match: Match, *_: object, **__: object) -> Match:
        return match

    with patch.object(answering, "_hit", bare):
        yield


def _make(task: Task, own: Path) -> Iterator[Made]:
    with searchdb.open(index_of(task, own), kernels="numba") as db:
        for accents, queries in task.queries.items():
            smart = run_of(db, queries)
            yield "searchdb", accents, smart
            short = {
                query: text
                for query, text in queries.items()
                if len(db.analyze(text)) <= SMART_LONGEST
            }
            alone = run_of(db, short, match="any")
            yield "searchdb, match any", accents, {**smart, **alone}


ENGINE = Engine("searchdb", digest(sources(without=SHELLS)), _make)
