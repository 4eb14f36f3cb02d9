"""SET -> RUNS of searchdb: queries as plain text, `match` smart and any, the rest as it comes.

Longer queries than `SMART_LONGEST` are ranked at once by both, so they are asked only once.
"""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

from benchmark import DEPTH, Engine, Made, Task, digest

import searchdb
from searchdb.evaluation import ask, fill
from searchdb.query.interpret import SMART_LONGEST

__all__ = ["ENGINE", "SHELLS", "index_of", "sources"]

SHELLS = {"__main__.py", "cli", "conformance", "evaluation", "opening.py", "settings.py"}
"""Rooms that change no run."""
_ASKING = {"query", "snippets.py"}
"""Rooms that change no index."""


def sources(*, without: set[str]) -> list[Path]:
    """The files of searchdb, some rooms left out."""
    package = Path(searchdb.__file__).parent
    return [
        path
        for path in package.rglob("*")
        if path.suffix in {".py", ".toml", ".tsv"}
        and path.relative_to(package).parts[0] not in without
    ]


def index_of(task: Task, own: Path) -> Path:
    """The folder of an index of the set made by this code, filled unless it is there."""
    folder = own / digest(sources(without=SHELLS | _ASKING), task.files)
    if not folder.exists():
        for old in own.iterdir():
            shutil.rmtree(old)
        with searchdb.open(own / "new", create=True) as db:
            fill(db, task.collection)
        (own / "new").rename(folder)
    return folder


def _make(task: Task, own: Path) -> Iterator[Made]:
    with searchdb.open(index_of(task, own)) as db:
        for accents, queries in task.queries.items():
            smart = ask(db, queries, match="smart", limit=DEPTH, page=0).run
            yield "searchdb", accents, smart
            short = {
                query: text
                for query, text in queries.items()
                if len(db.analyze(text)) <= SMART_LONGEST
            }
            alone = ask(db, short, match="any", limit=DEPTH, page=0).run
            yield "searchdb, match any", accents, {**smart, **alone}


ENGINE = Engine("searchdb", digest(sources(without=SHELLS)), _make)
