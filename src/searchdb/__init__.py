"""Vietnamese full-text search that finds the right passage, with accents or without.

    import searchdb

    with searchdb.open("index", create=True) as db:
        db.sync(["seeds"])
        for hit in db.search("sinh hoat chi bo").hits:
            hit.title, hit.snippet.html()

Importing this package is quick: the engine is loaded with the first index that is opened.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any, Literal

from searchdb import errors
from searchdb.errors import QueryError, ReadError, SearchDBError, StorageError
from searchdb.model import Document, Hit, SearchResult, Snippet, StoredDocument, SyncReport, Token

if TYPE_CHECKING:
    import os

    from searchdb.engine import SearchDB
    from searchdb.opening import rebuild

__version__ = "0.1.0"

__all__ = [
    "Document",
    "Hit",
    "QueryError",
    "ReadError",
    "SearchDB",
    "SearchDBError",
    "SearchResult",
    "Snippet",
    "StorageError",
    "StoredDocument",
    "SyncReport",
    "Token",
    "__version__",
    "errors",
    "open",
    "rebuild",
]

_ROOMS = {"analysis": "searchdb.analysis.segmenters.pyvi", "readers": "searchdb.readers"}
"""Rooms that the documents name in full, and what to load when one is first named."""


def open(  # noqa: A001 - `searchdb.open` reads as what it does, like `gzip.open`
    path: str | os.PathLike[str] | None,
    *,
    create: bool = False,
    base: str | os.PathLike[str] | None = None,
    lock_timeout: float = 10.0,
    abbreviations: str | os.PathLike[str] | None = None,
    workers: int | None = None,
    kernels: Literal["numpy", "numba"] = "numpy",
) -> SearchDB:
    """Open the index in folder `path`, or one in memory for None; see `opening.open_index`."""
    from searchdb.opening import open_index  # noqa: PLC0415 - the package must import quickly

    return open_index(
        path,
        create=create,
        base=base,
        lock_timeout=lock_timeout,
        abbreviations=abbreviations,
        workers=workers,
        kernels=kernels,
    )


def __getattr__(name: str) -> Any:  # noqa: ANN401 - PEP 562
    if name in {"SearchDB", "rebuild"}:
        from searchdb import engine, opening  # noqa: PLC0415 - as above

        return engine.SearchDB if name == "SearchDB" else opening.rebuild
    if name in _ROOMS:
        import_module(_ROOMS[name])
        return import_module(f"searchdb.{name}")
    message = f"module 'searchdb' has no attribute {name!r}"
    raise AttributeError(message)
