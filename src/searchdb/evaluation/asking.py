"""COLLECTION AND INDEX -> RUN: fill an index with a corpus, and ask it queries.

Law: queries are read as plain words, whatever signs they hold, and an index that holds anything
else than the corpus is left alone.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from searchdb.errors import QueryError, StorageError
from searchdb.readers.legacy import in_unicode

if TYPE_CHECKING:
    from searchdb.engine import SearchDB
    from searchdb.evaluation.beir import Collection
    from searchdb.evaluation.runs import Run
    from searchdb.model import Document, StoredDocument

__all__ = ["PAGE", "Answers", "ask", "fill"]

PAGE = 10
"""Hits of the page that is timed, as people see it."""

Progress = Callable[[int, str], object]
"""Called with how many documents or queries are done and the id of the last."""


@dataclass(frozen=True, slots=True)
class Answers:
    """A run, and what the timed page of each query took, in milliseconds.

    `refused` are the ids of queries that were too much to be read; they find nothing.
    """

    run: Run
    took_ms: tuple[float, ...]
    refused: tuple[str, ...]


def fill(db: SearchDB, collection: Collection, *, progress: Progress | None = None) -> int:
    """Bring an index to hold a corpus and nothing else, in one commit; how many were added.

    What it holds already stays. Raises StorageError where it holds documents of something else,
    and writes nothing then.
    """
    strangers = sum(each not in collection.ids for each in db.ids())
    if strangers:
        message = (
            f"the index holds {strangers:,} documents that are not in {collection.corpus}: "
            "name another folder"
        )
        raise StorageError(message)

    def new() -> Iterator[Document]:
        for done, document in enumerate(collection.documents(), 1):
            if not _is_same(db.document(document.id), document):
                yield document
            if progress:
                progress(done, document.id)

    report = db.add(new())
    return report.added + report.updated


def _is_same(stored: StoredDocument | None, document: Document) -> bool:
    if stored is None:
        return False
    meant = in_unicode(document)
    return stored.text == meant.text and meant.title in {None, stored.title}


def ask(
    db: SearchDB,
    queries: Mapping[str, str],
    *,
    match: Literal["smart", "any"] = "smart",
    limit: int = 100,
    page: int = PAGE,
    progress: Progress | None = None,
) -> Answers:
    """Ask queries, id to text, for the best `limit` documents of each.

    Each is asked for `page` hits first, which is timed; 0 times nothing.
    """
    run: dict[str, tuple[str, ...]] = {}
    took: list[float] = []
    refused: list[str] = []
    for done, (query, text) in enumerate(queries.items(), 1):
        try:
            if page:
                took.append(db.search(text, limit=page, match=match, syntax="plain").took_ms)
            result = db.search(text, limit=limit, match=match, syntax="plain", snippet_size=0)
            run[query] = tuple(hit.id for hit in result.hits)
        except QueryError:
            refused.append(query)
            run[query] = ()
        if progress:
            progress(done, query)
    return Answers(run, tuple(took), tuple(refused))
