"""A COMMIT -> ANSWERS: match on postings, rank on postings and forward lists, read what is stored.

A snapshot never changes and each question has its own state, so threads need no lock.
"""

from __future__ import annotations

from functools import cached_property, partial
from typing import TYPE_CHECKING, Any

import numpy as np

from searchdb.backends.whoosh.blocks import damaged
from searchdb.backends.whoosh.kernels import plain
from searchdb.backends.whoosh.lexicon import Part, SnapshotLexicon
from searchdb.backends.whoosh.ranked import Search
from searchdb.backends.whoosh.snapshot import opened
from searchdb.errors import SearchDBError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    from numpy.typing import NDArray

    from searchdb.backends.whoosh.kernels import Kernels
    from searchdb.backends.whoosh.segment import SegmentFile
    from searchdb.backends.whoosh.snapshot import Leaf
    from searchdb.backends.whoosh.store import Store
    from searchdb.index.backend import FileState, Matches, Request
    from searchdb.index.manifest import Manifest
    from searchdb.model import StoredDocument
    from searchdb.ranking import Ranking

__all__ = ["WhooshSearcher"]


class WhooshSearcher:
    """One snapshot; see `searchdb.index.backend.Searcher`. `manifest=None` is an empty index.

    `known` are segments held open from one snapshot to the next; `damage` names the file because
    of which this is the commit before the newest.
    """

    def __init__(
        self,
        store: Store,
        manifest: Manifest | None,
        known: dict[str, SegmentFile],
        *,
        damage: str | None = None,
        kernels: Kernels | None = None,
    ) -> None:
        self._store = store
        self._manifest = manifest
        self.damage = damage
        self.kernels = kernels or plain()
        self.generation = manifest.generation if manifest else 0
        self.leaves: list[Leaf] = opened(store, manifest, known) if manifest else []
        parts = [Part(leaf.segment, leaf.deletions) for leaf in self.leaves]
        self.lexicon = SnapshotLexicon(parts)
        self.size = self.leaves[-1].end if self.leaves else 0
        self._norms: dict[tuple[float, float], NDArray[np.float64]] = {}

    def _guarded(self, work: Callable[[], Any]) -> Any:  # noqa: ANN401 - whatever the work gives
        """Do it; damage comes out as IndexCorruptError whatever it looks like."""
        try:
            return work()
        except SearchDBError:
            raise
        except Exception as error:
            if self._manifest is not None:
                for name in self._store.damaged(self._manifest):
                    raise damaged(name) from error
            raise

    # What is stored

    def leaf(self, ref: int) -> tuple[Leaf, int]:
        """The segment of a document, and its number there."""
        for leaf in self.leaves:
            if leaf.base <= ref < leaf.end:
                return leaf, ref - leaf.base
        message = f"no document {ref} in this snapshot"
        raise LookupError(message)

    def document(self, ref: int) -> StoredDocument:
        """The stored document behind a match."""
        leaf, number = self.leaf(ref)
        found: StoredDocument = self._guarded(lambda: leaf.segment.stored(number))
        return found

    def find(self, document_id: str) -> int | None:
        """The ref of the document with that id."""
        for leaf in self.leaves:
            number: int = self._guarded(partial(leaf.segment.names.find, document_id))
            if number >= 0 and leaf.live[number]:
                return leaf.base + number
        return None

    def _documents(self) -> Iterator[tuple[Leaf, int]]:
        for leaf in self.leaves:
            for number in leaf.live.nonzero()[0].tolist():
                yield leaf, number

    def ids(self) -> Iterator[str]:
        """The ids of all documents."""
        return (leaf.segment.names.text(number) for leaf, number in self._documents())

    def files(self) -> Iterator[tuple[str, FileState]]:
        """Document id and file of what came from files."""
        for leaf, number in self._documents():
            if state := leaf.segment.state(number):
                yield leaf.segment.names.text(number), state

    def name(self, ref: int) -> str:
        """The id of a document."""
        leaf, number = self.leaf(ref)
        return leaf.segment.names.text(number)

    def stats(self) -> Mapping[str, int]:
        """Counts of this snapshot."""
        manifest, totals = self._manifest, self.lexicon.totals
        return {
            "documents": totals.documents,
            "passages": totals.passages,
            "files": manifest.from_files if manifest else 0,
            "syllables": totals.occurrences,
            "bytes": sum(file.size for file in manifest.files.values()) if manifest else 0,
        }

    def close(self) -> None:
        """Let go of the segments."""
        self.leaves = []

    # Searching

    def search(self, request: Request) -> Matches:
        """Match, score and rank."""
        found: Matches = self._guarded(lambda: Search(self, request).run())
        return found

    def numbers(self, name: str) -> NDArray[np.int64]:
        """A number of each document, over all segments."""
        values = [leaf.segment[name].whole() for leaf in self.leaves]
        return np.concatenate(values).astype(np.int64) if values else np.zeros(0, dtype=np.int64)

    @cached_property
    def live(self) -> NDArray[np.bool_]:
        """Which documents are not deleted."""
        return np.concatenate([leaf.live for leaf in self.leaves] or [np.zeros(0, dtype=np.bool_)])

    @cached_property
    def intact(self) -> bool:
        """Whether no document is deleted."""
        return not any(leaf.deletions for leaf in self.leaves)

    @cached_property
    def syllable_lengths(self) -> NDArray[np.int64]:
        """In tenths."""
        return self.numbers("syllable_length")

    @cached_property
    def word_lengths(self) -> NDArray[np.int64]:
        """In tenths."""
        return self.numbers("word_length")

    @cached_property
    def pair_lengths(self) -> NDArray[np.int64]:
        """In tenths."""
        return self.numbers("pair_length")

    @cached_property
    def dates(self) -> NDArray[np.int64]:
        """Proleptic ordinals, 0 for none."""
        return self.numbers("date")

    def norms(self, ranking: Ranking, average: float) -> NDArray[np.float64]:
        """What a frequency in syllables is weighed against in each document."""
        known = self._norms.get((ranking.k1, ranking.b))
        if known is None:
            lengths = self.syllable_lengths / 10
            known = ranking.k1 * (1.0 - ranking.b + ranking.b * (lengths / average))
            self._norms[ranking.k1, ranking.b] = known
        return known
