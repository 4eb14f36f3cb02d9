"""Every engine in turn, and the two things it is fed: analyzed documents, analyzed queries."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from searchdb.analysis import Analyzer
from searchdb.analysis.segmenters.syllable import SyllableSegmenter
from searchdb.backends.memory import MemoryBackend
from searchdb.backends.whoosh import WhooshBackend
from searchdb.index.backend import Request
from searchdb.index.document import analyzed
from searchdb.index.manifest import Manifest
from searchdb.model import Passage, StoredDocument
from searchdb.query import options
from searchdb.query.interpret import interpret
from searchdb.query.parser import parse
from searchdb.ranking import Ranking

if TYPE_CHECKING:
    from collections.abc import Callable, Collection
    from pathlib import Path

    from searchdb.index.backend import (
        AnalyzedDocument,
        Backend,
        FileState,
        Matches,
        Searcher,
        Writer,
    )

ANALYZER = Analyzer(SyllableSegmenter())
GAP = "\n\n"


@pytest.fixture(params=["memory", "whoosh"])
def backend(request: pytest.FixtureRequest, tmp_path: Path) -> Backend:
    if request.param == "memory":
        return MemoryBackend()
    return WhooshBackend(tmp_path / "index", lock_timeout=0.2)


@pytest.fixture
def writer(backend: Backend) -> Callable[[], Writer]:
    return lambda: backend.writer(Manifest(fingerprint="contract"))


@pytest.fixture(scope="session")
def doc() -> Callable[..., AnalyzedDocument]:
    """A document with an id and a passage for each part of its text.

    `furniture` holds the numbers of the passages that are page furniture.
    """

    def make(
        document_id: str,
        *parts: str,
        title: str = "",
        date: str | None = None,
        file: FileState | None = None,
        meta: dict[str, Any] | None = None,
        furniture: Collection[int] = (),
    ) -> AnalyzedDocument:
        found: list[Passage] = []
        start = 0
        for number, part in enumerate(parts):
            if part:
                found.append(Passage(start, start + len(part), number in furniture))
            start += len(part) + len(GAP)
        stored = StoredDocument(
            id=document_id,
            text=GAP.join(parts),
            title=title,
            date=date,
            source=None if file is None else file.path,
            meta=meta or {},
            passages=tuple(found),
        )
        return analyzed(stored, ANALYZER, file)

    return make


@pytest.fixture(scope="session")
def ask() -> Callable[..., Matches]:
    """What a searcher answers to a query as typed, under the options of a search."""

    def search(searcher: Searcher, typed: str, **given: Any) -> Matches:  # noqa: ANN401
        asked = interpret(
            parse(typed),
            typed=typed,
            analyzer=ANALYZER,
            lexicon=searcher.lexicon,
            diacritics=given.pop("diacritics", "smart"),
            match=given.pop("match", "smart"),
            filters=options.filters(
                given.pop("after", None), given.pop("before", None), given.pop("where", None)
            ),
        )
        return searcher.search(Request(asked, given.pop("ranking", Ranking()), **given))

    return search
