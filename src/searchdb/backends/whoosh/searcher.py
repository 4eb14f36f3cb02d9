"""A COMMIT -> ANSWERS: match on postings, rank on postings and forward lists, read what is stored.

Whoosh's matchers yield postings; they never score and never skip blocks (an `Or` over duplicated
passages can hang in 2.7.4 when they do). One lock guards the files, whose position is shared.
"""

from __future__ import annotations

import datetime as dt
import json
from functools import cached_property, partial, reduce
from itertools import pairwise
from operator import and_, or_
from threading import RLock
from typing import TYPE_CHECKING, Any

import numpy as np
from whoosh.filedb.filestore import FileStorage
from whoosh.index import TOC, FileIndex
from whoosh.reading import TermNotFound

from searchdb.backends.whoosh.forward import Forward
from searchdb.backends.whoosh.kernels import adjacent
from searchdb.backends.whoosh.lexicon import ArrayLexicon
from searchdb.backends.whoosh.schema import INDEX_NAME, meta_term, schema
from searchdb.backends.whoosh.scoring import Lengths, Scorer, parts, shown, total
from searchdb.backends.whoosh.store import Store, damaged, measure
from searchdb.errors import SearchDBError
from searchdb.index.backend import FileState, Match, Matches
from searchdb.model import Passage, StoredDocument
from searchdb.query import plan

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence

    from numpy.typing import NDArray

    from searchdb.index.backend import Request
    from searchdb.index.manifest import Manifest

__all__ = ["WhooshSearcher", "lexicon_name", "toc_name"]

_AT_ONCE = 4096
"""Forward lists decoded together while looking for neighbors: bounds the memory of a phrase."""

_VERIFIED = 1 << 20
"""Files up to this many bytes are checked against the manifest when they are opened."""


def toc_name(generation: int) -> str:
    """Whoosh's table of contents of a commit."""
    return str(TOC._filename(INDEX_NAME, generation))  # noqa: SLF001 - Whoosh's own rule


def lexicon_name(generation: int) -> str:
    """The lexicon of a commit."""
    return f"searchdb_lexicon_{generation}.arrays"


class WhooshSearcher:
    """One snapshot; see `searchdb.index.backend.Searcher`. `manifest=None` is an empty index."""

    def __init__(self, store: Store, manifest: Manifest | None) -> None:
        self._store = store
        self._manifest = manifest
        self._lock = RLock()
        self._postings: dict[str, tuple[NDArray[Any], NDArray[Any]]] = {}
        self._held: dict[plan.Sequence, NDArray[np.bool_]] = {}
        self.generation = manifest.generation if manifest else 0
        self._leaves: list[tuple[Any, int]] = []
        self.lexicon = ArrayLexicon.empty()
        if manifest is not None:
            self._open(manifest)
        self._size = sum(leaf.doc_count_all() for leaf, _ in self._leaves)

    def _open(self, manifest: Manifest) -> None:
        folder = self._store.folder
        toc = toc_name(manifest.generation)
        lexicon = lexicon_name(manifest.generation)
        for name in (toc, lexicon):
            if name not in manifest.files:
                raise damaged("manifest.json")
        for name, expected in manifest.files.items():
            # The table of contents is a pickle, and the lexicon is read without looking back:
            # both must be the ones that were written.
            verified = expected.size <= _VERIFIED or name in {toc, lexicon}
            path = folder / name
            if path.stat().st_size != expected.size or (verified and measure(path) != expected):
                raise damaged(name)
        try:
            self.lexicon = ArrayLexicon.open(folder / lexicon)
            storage = FileStorage(str(folder))
            contents = TOC.read(storage, INDEX_NAME, gen=manifest.generation, schema=schema())
            reader = FileIndex._reader(storage, schema(), contents.segments, manifest.generation)  # noqa: SLF001 - opens the generation named, not the newest
        except FileNotFoundError:  # a commit may have removed it: the backend tries again
            raise
        except Exception as error:
            raise self.blame(error) from error
        self._leaves = [] if not contents.segments else list(reader.leaf_readers())

    def blame(self, error: Exception) -> Exception:
        """The damaged file behind an unexpected error, or the error itself if all are sound."""
        if self._manifest is not None and not isinstance(error, SearchDBError):
            for name in self._store.damaged(self._manifest):
                return damaged(name)
        return error

    def _guarded(self, work: Callable[[], Any]) -> Any:  # noqa: ANN401 - whatever the work gives
        """Do it under the lock; damage comes out as IndexCorruptError whatever it looks like."""
        try:
            with self._lock:
                return work()
        except Exception as error:
            blamed = self.blame(error)
            if blamed is error:
                raise
            raise blamed from error

    # What is stored

    def document(self, ref: int) -> StoredDocument:
        """The stored document behind a match."""
        found: StoredDocument = self._guarded(lambda: self._document(ref))
        return found

    def _document(self, ref: int) -> StoredDocument:
        leaf, number = self._leaf(ref)
        stored = dict(leaf.stored_fields(number)["stored"])
        stored["passages"] = tuple(Passage(*passage) for passage in stored["passages"])
        return StoredDocument(**stored)

    def find(self, document_id: str) -> int | None:
        """The ref of the document with that id."""
        found: NDArray[Any] = self._guarded(lambda: self._read("id", document_id)[0])
        return int(found[0]) if len(found) else None

    def ids(self) -> Iterator[str]:
        """The ids of all documents."""
        return (self._name(int(ref)) for ref in np.flatnonzero(self._live))

    def files(self) -> Iterator[tuple[str, FileState]]:
        """Document id and file of what came from files."""
        for ref in np.flatnonzero(self._live):
            if state := self._guarded(partial(self._state, int(ref))):
                yield self._name(int(ref)), state

    def is_from_file(self, ref: int) -> bool:
        """Whether a file is behind the document."""
        return bool(self._file(ref))

    def _state(self, ref: int) -> FileState | None:
        raw = self._value("file", ref)
        return FileState(**json.loads(raw)) if raw else None

    def _file(self, ref: int) -> bytes:
        raw: bytes = self._guarded(lambda: self._value("file", ref))
        return raw

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
        """Release Whoosh's files."""
        with self._lock:
            for leaf, _ in self._leaves:
                leaf.close()
            self._leaves = []

    # Columns and postings, over all Whoosh segments end to end

    def _leaf(self, ref: int) -> tuple[Any, int]:
        for leaf, base in self._leaves:
            if base <= ref < base + leaf.doc_count_all():
                return leaf, ref - base
        message = f"no document {ref} in this snapshot"
        raise LookupError(message)

    @cached_property
    def _live(self) -> NDArray[np.bool_]:
        live = np.ones(self._size, dtype=np.bool_)
        for leaf, base in self._leaves:
            gone = list(leaf.segment().deleted_docs())
            live[np.array(gone, dtype=np.int64) + base] = False
        return live

    @cached_property
    def _columns(self) -> dict[tuple[str, int], Any]:
        return {}

    def _column(self, name: str, leaf: Any, base: int) -> Any:  # noqa: ANN401 - Whoosh has no types
        key = (name, base)
        if key not in self._columns:
            self._columns[key] = leaf.column_reader(name)
        return self._columns[key]

    def _value(self, name: str, ref: int) -> bytes:
        for leaf, base in self._leaves:
            if base <= ref < base + leaf.doc_count_all():
                return bytes(self._column(name, leaf, base)[ref - base])
        raise LookupError(ref)

    def _name(self, ref: int) -> str:
        name: str = self._guarded(lambda: self._value("name", ref).decode("utf-8"))
        return name

    def _numbers(self, name: str) -> NDArray[np.int64]:
        """A numeric column over all documents."""
        loaded = [
            np.fromiter(self._column(name, leaf, base), dtype=np.int64, count=leaf.doc_count_all())
            for leaf, base in self._leaves
        ]
        return np.concatenate(loaded) if loaded else np.zeros(0, dtype=np.int64)

    @cached_property
    def _lengths(self) -> Lengths:
        return Lengths(
            self._numbers("syllable_length"),
            self._numbers("word_length"),
            self._numbers("pair_length"),
        )

    @cached_property
    def _dates(self) -> NDArray[np.int64]:
        return self._numbers("date")

    def forward(self, refs: Sequence[int] | NDArray[np.int64]) -> Forward:
        """The forward lists of these documents, end to end."""
        found: Forward = self._guarded(
            lambda: Forward.decode([self._value("forward", int(ref)) for ref in refs])
        )
        return found

    def _read(self, field: str, text: str) -> tuple[NDArray[Any], NDArray[Any]]:
        """Live documents and weights of a term."""
        ids: list[int] = []
        weights: list[float] = []
        for leaf, base in self._leaves:
            try:
                matcher = leaf.postings(field, text)
            except TermNotFound:
                continue
            while matcher.is_active():
                ids.append(base + matcher.id())
                weights.append(matcher.weight())
                matcher.next()
        return np.array(ids, dtype=np.int64), np.array(weights, dtype=np.float64)

    def _posting(self, key: str) -> tuple[NDArray[Any], NDArray[Any]]:
        """Documents and frequencies (in tenths) of a syllable, remembered for a while."""
        if key not in self._postings:
            if len(self._postings) > 1 << 12:
                self._postings.clear()
            known = self.lexicon.df(key) > 0
            empty = (np.zeros(0, dtype=np.int64), np.zeros(0))
            self._postings[key] = self._read("syllables", key) if known else empty
        return self._postings[key]

    # Searching

    def search(self, request: Request) -> Matches:
        """Match, score and rank."""
        found: Matches = self._guarded(lambda: self._search(request))
        return found

    def _search(self, request: Request) -> Matches:
        query = request.query
        self._held.clear()
        allowed = self._live & self._allowed(query.filters)
        matched = allowed & self._matching(query.match)
        scorer = Scorer(self.lexicon, query.evidence, request.ranking)
        hits = self._ranked(np.flatnonzero(matched), request, scorer, relaxed=False)
        wanted = request.offset + request.limit
        if len(hits) < wanted:
            for node in query.closest:
                close = np.flatnonzero(allowed & self._matching(node) & ~matched)
                if len(close):
                    hits += self._ranked(close, request, scorer, relaxed=True)
                    break
        return Matches(int(matched.sum()), tuple(hits[request.offset : wanted]))

    def _allowed(self, filters: plan.Filters) -> NDArray[np.bool_]:
        allowed = self._all()
        if filters.after is not None:
            allowed &= self._dates >= dt.date.fromisoformat(filters.after).toordinal()
        if filters.before is not None:
            before = dt.date.fromisoformat(filters.before).toordinal()
            allowed &= (self._dates > 0) & (self._dates <= before)
        for name, value in filters.where:
            allowed &= self._mask(self._read("meta", meta_term(name, value))[0])
        return allowed

    def _all(self) -> NDArray[np.bool_]:
        return np.ones(self._size, dtype=np.bool_)

    def _mask(self, refs: NDArray[np.int64]) -> NDArray[np.bool_]:
        mask = np.zeros(self._size, dtype=np.bool_)
        mask[refs] = True
        return mask

    def _matching(self, node: plan.Node) -> NDArray[np.bool_]:
        """The documents that a node of the query matches, shape (documents,)."""
        match node:
            case plan.Everything():
                return self._all()
            case plan.Not(node=inner):
                return ~self._matching(inner)
            case plan.All(nodes=nodes):
                return reduce(and_, map(self._matching, nodes), self._all())
            case plan.Any(nodes=nodes):
                return reduce(or_, map(self._matching, nodes), ~self._all())
            case plan.Sequence():
                if node not in self._held:
                    self._held[node] = self._holding(node)
                return self._held[node]

    def _holding(self, sequence: plan.Sequence) -> NDArray[np.bool_]:
        """Documents with the slots side by side: by postings, then by forward lists."""
        holding = self._all()
        for slot in sequence.slots:
            refs = [self._posting(key)[0] for key in slot.keys]
            holding &= self._mask(np.concatenate(refs) if refs else np.zeros(0, np.int64))
        if len(sequence.slots) == 1 and not sequence.title:
            return holding
        candidates = np.flatnonzero(holding & self._live)
        slots = [
            np.array([self.lexicon.number(key) for key in slot.keys], dtype=np.int64)
            for slot in sequence.slots
        ]
        found = [np.zeros(0, dtype=np.int64)]
        for begin in range(0, len(candidates), _AT_ONCE):
            some = candidates[begin : begin + _AT_ONCE]
            found.append(some[adjacent(self.forward(some), slots, title=sequence.title)])
        return self._mask(np.concatenate(found))

    def _ranked(
        self, refs: NDArray[np.int64], request: Request, scorer: Scorer, *, relaxed: bool
    ) -> list[Match]:
        """The best by syllables (or the newest), scored with all streams, in order."""
        depth = max(request.ranking.candidates, request.offset + request.limit)
        lengths = self._lengths
        first = total(scorer.syllables(self._frequency(refs), lengths.syllables[refs]), len(refs))
        by_date = request.sort == "date"
        refs = self._top(refs, self._dates[refs] if by_date else first, depth)
        chosen = Lengths(lengths.syllables[refs], lengths.words[refs], lengths.pairs[refs])
        forward = self.forward(refs)
        rows = scorer.rows(forward, forward.document, chosen)
        scores = total(rows, len(refs))
        order = np.arange(len(refs)) if by_date else self._order(refs, scores)
        if request.group == "document":
            order = order[: request.offset + request.limit]
        found: list[Match] = []
        best = self._passages(refs[order], scorer)
        for place, passages in zip(order.tolist(), best, strict=True):
            ref = int(refs[place])
            name = self._name(ref)
            if request.group == "document":
                why = parts(rows, place) if request.explain else ()
                number = passages[0][0]
                found.append(Match(ref, name, number, float(scores[place]), relaxed, why))
            else:
                found += [
                    Match(ref, name, number, score, relaxed, why() if request.explain else ())
                    for number, score, why in passages
                ]
        if request.group == "passage" and not by_date:
            found.sort(key=lambda match: (-match.score, match.id, match.passage))
        return found

    def _frequency(self, refs: NDArray[np.int64]) -> Callable[[str], NDArray[np.float64]]:
        def frequency(key: str) -> NDArray[np.float64]:
            documents, weights = self._posting(key)
            dense = np.zeros(self._size)
            dense[documents] = weights
            return dense[refs]

        return frequency

    def _top(self, refs: NDArray[np.int64], keys: NDArray[Any], depth: int) -> NDArray[np.int64]:
        """The `depth` documents with the largest keys, ties by id, in that order."""
        if len(refs) > depth:
            least = np.partition(keys, len(keys) - depth)[len(keys) - depth]
            chosen = keys >= least
            refs, keys = refs[chosen], keys[chosen]
        return refs[self._order(refs, keys)[:depth]]

    def _order(self, refs: NDArray[np.int64], keys: NDArray[Any]) -> NDArray[np.int64]:
        """Places in order of falling keys, ties by id. Only the ids of ties are read."""
        order = np.argsort(-keys, kind="stable")
        ranked = keys[order]
        cuts = np.flatnonzero(ranked[1:] != ranked[:-1]) + 1
        for begin, end in pairwise([0, *cuts.tolist(), len(order)]):
            if end - begin > 1:
                tied = sorted(
                    order[begin:end].tolist(), key=lambda place: self._name(int(refs[place]))
                )
                order[begin:end] = tied
        return order

    def _passages(
        self, refs: NDArray[np.int64], scorer: Scorer
    ) -> list[list[tuple[int, float, Callable[[], Any]]]]:
        """For each document its passages with any evidence, best first: number, score, parts."""
        forward = self.forward(refs)
        segments = len(forward.length)
        starts = np.bincount(forward.segment, weights=forward.starts, minlength=segments)
        lengths = Lengths(
            forward.length * forward.weight,
            starts.astype(np.int64) * forward.weight,
            np.maximum(forward.length - 1, 0) * forward.weight,
        )
        passages = self.lexicon.totals.passages
        rows = scorer.rows(forward, np.arange(segments), lengths, max(1, passages))
        scores = total(rows, segments)
        ends = np.cumsum(np.bincount(forward.document, minlength=len(refs)))
        return [
            [
                # A passage that only stands for the title has nothing to account for.
                (
                    max(0, int(forward.number[segment])),
                    score,
                    partial(parts, rows, segment) if score else tuple,
                )
                for segment, score in shown(forward, scores, begin, end)
            ]
            for begin, end in pairwise([0, *ends.tolist()])
        ]
