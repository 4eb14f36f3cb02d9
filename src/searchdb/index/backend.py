"""The seam between searchdb and the engine that keeps an index.

A backend receives analyzed documents and analyzed queries: never a query as typed, never text to
split into words. Two of them live in `searchdb.backends`: Whoosh on disk, and memory, the
brute-force oracle. They return equal results for equal content (tests/contracts).
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Literal, Protocol, Self

if TYPE_CHECKING:
    from types import TracebackType

    import numpy as np
    from numpy.typing import NDArray

    from searchdb.analysis.lexicon import Lexicon
    from searchdb.analysis.vocabulary import Vocabulary
    from searchdb.index.manifest import Manifest
    from searchdb.model import Part, StoredDocument
    from searchdb.query.plan import Query
    from searchdb.ranking import Ranking

Start = Literal["newest", "nothing"]
"""What a change begins with."""
Packer = Callable[["StoredDocument"], bytes]
"""Makes of a document what an engine stores of it; can be pickled."""

__all__ = [
    "AnalyzedDocument",
    "AnalyzedPassage",
    "Backend",
    "FileState",
    "Match",
    "Matches",
    "Packer",
    "Request",
    "Searcher",
    "Start",
    "Writer",
]


@dataclass(frozen=True, slots=True)
class FileState:
    """What `sync` remembers of the file behind a document, to see whether it changed."""

    path: str
    mtime_ns: int
    size: int
    sha256: str


@dataclass(frozen=True, slots=True, eq=False)
class AnalyzedPassage:
    """The tokens of one passage (or title) in order: two arrays in step, shape (tokens,).

    `tokens` are places in the vocabulary of the document, `word_starts` says whether a word begins
    at the token; at the first one does.
    """

    tokens: NDArray[np.uint32]
    word_starts: NDArray[np.bool_]
    furniture: bool = False


@dataclass(frozen=True, slots=True, eq=False)
class AnalyzedDocument:
    """A document ready to be kept: `passages` runs in step with `stored.passages`.

    Documents that were analyzed together share one vocabulary, the same object. `packed` is what
    the packer of the writer that the document is for made of `stored`, if it was asked.
    """

    stored: StoredDocument
    vocabulary: Vocabulary
    title: AnalyzedPassage
    passages: tuple[AnalyzedPassage, ...]
    file: FileState | None = None
    packed: bytes | None = None

    def keys(self, passage: AnalyzedPassage) -> list[str]:
        """The accented keys of the tokens of the title or of a passage."""
        return list(map(self.vocabulary.keys.__getitem__, passage.tokens.tolist()))

    def folded(self, passage: AnalyzedPassage) -> list[str]:
        """The same without marks."""
        return list(map(self.vocabulary.folded.__getitem__, passage.tokens.tolist()))

    def surfaces(self, passage: AnalyzedPassage) -> list[str]:
        """The tokens as written, in lower case."""
        return list(map(self.vocabulary.surfaces.__getitem__, passage.tokens.tolist()))


@dataclass(frozen=True, slots=True)
class Request:
    """One page of one search. `limit` and `offset` count hits, matches before relaxed ones."""

    query: Query
    ranking: Ranking
    limit: int = 10
    offset: int = 0
    sort: Literal["relevance", "date"] = "relevance"
    group: Literal["document", "passage"] = "document"
    explain: bool = False


@dataclass(frozen=True, slots=True)
class Match:
    """One hit: a document of this snapshot and the number of its best passage (from 0).

    `ref` is only good for `Searcher.document` of the same snapshot.
    """

    ref: int
    id: str
    passage: int
    score: float
    relaxed: bool = False
    parts: tuple[Part, ...] = ()


@dataclass(frozen=True, slots=True)
class Matches:
    """The page that was asked for, in order, and the number of documents matched, unrelaxed."""

    total: int
    page: tuple[Match, ...] = field(default=())


class Searcher(Protocol):
    """One snapshot of an index: what it answers never changes, whatever is written meanwhile.

    Safe to use from several threads at once.
    """

    @property
    def lexicon(self) -> Lexicon:
        """The counts of this snapshot: forms, words, neighbours."""
        ...

    @property
    def generation(self) -> int:
        """The number of the commit that this snapshot shows; 0 before the first."""
        ...

    @property
    def damage(self) -> str | None:
        """The damaged file because of which this is the commit before the newest; mostly None."""
        ...

    def search(self, request: Request) -> Matches:
        """Match, score and rank. Order: score (or date), then document id, then passage.

        Of each document the passages with any evidence count; page furniture only where neither
        another passage nor the title has any. Where the title alone has some, the first passage
        that is no furniture stands for the document, with score 0.
        """
        ...

    def document(self, ref: int) -> StoredDocument:
        """The stored document behind a match."""
        ...

    def find(self, document_id: str) -> int | None:
        """The ref of the document with that id."""
        ...

    def ids(self) -> Iterator[str]:
        """The ids of all documents, in no set order."""
        ...

    def files(self) -> Iterator[tuple[str, FileState]]:
        """Document id and file of every document that came from a file, in no set order."""
        ...

    def stats(self) -> Mapping[str, int]:
        """Counts: documents, passages, files, syllables, words, bytes."""
        ...

    def close(self) -> None:
        """Release files; the searcher is of no use afterwards."""
        ...


class Writer(Protocol):
    """One atomic change. Leaving the `with` block commits, an exception discards everything."""

    def add(self, document: AnalyzedDocument) -> None:
        """Keep the document, in place of the one with the same id, this batch's included."""
        ...

    def remove(self, document_id: str) -> bool:
        """Drop the document; False where there is none with that id."""
        ...

    def packer(self) -> Packer | None:
        """What other processes may do to documents ahead of `add`; None for nothing, or not yet."""
        ...

    def __enter__(self) -> Self: ...

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None: ...


class Backend(Protocol):
    """An engine with one index in it (or none yet)."""

    def manifest(self) -> Manifest | None:
        """The identity of the newest commit, None before the first."""
        ...

    def writer(self, manifest: Manifest, *, start: Start = "newest") -> Writer:
        """Begin a change that will be committed under the identity of `manifest`.

        Waits for another writer, then raises IndexLockedError naming it. It starts from the newest
        commit or from nothing; the latter never reads what is there, so it works on any index,
        and the old one answers until the commit.
        """
        ...

    def searcher(self) -> Searcher:
        """Open a snapshot of the newest commit; an empty one before the first."""
        ...

    def check(self) -> Iterator[str]:
        """Read everything; yield the name of each file that is damaged or missing."""
        ...

    def close(self) -> None:
        """Let go of everything; idempotent."""
        ...
