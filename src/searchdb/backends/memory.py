"""An index in memory that answers by reading every document: the oracle for the other backends.

Nothing here is clever on purpose. What a query means is written down once more in plain Python,
so that a faster engine can be held against it; for a few thousand documents it is fast enough to
be used as it is (`searchdb.open(None)`).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import pairwise
from threading import RLock
from typing import TYPE_CHECKING, Self

from searchdb.analysis import fold
from searchdb.analysis.lexicon import Totals
from searchdb.backends.counting import Scorer, Segment, lengths, segmented
from searchdb.index.backend import Match, Matches
from searchdb.model import Part, meta_text
from searchdb.query import plan
from searchdb.ranking import FURNITURE

if TYPE_CHECKING:
    from types import TracebackType

    from searchdb.index.backend import AnalyzedDocument, FileState, Request, Start
    from searchdb.index.manifest import Manifest
    from searchdb.model import StoredDocument

__all__ = ["MemoryBackend"]


@dataclass(slots=True)
class _Snapshot:
    """The documents of one generation, in the order they came."""

    generation: int = 0
    documents: dict[str, AnalyzedDocument] = field(default_factory=dict)
    manifest: Manifest | None = None


class MemoryBackend:
    """Keeps the newest snapshot; searchers keep the one they were opened on."""

    def __init__(self) -> None:
        self._lock = RLock()
        self._snapshot = _Snapshot()

    def manifest(self) -> Manifest | None:
        """The identity of the newest commit."""
        return self._snapshot.manifest

    def writer(self, manifest: Manifest, *, start: Start = "newest") -> MemoryWriter:
        """Begin a change; a second writer of another thread waits for the first."""
        return MemoryWriter(self, manifest, start)

    def searcher(self) -> MemorySearcher:
        """A snapshot of the newest commit."""
        return MemorySearcher(self._snapshot)

    def check(self) -> Iterator[str]:
        """Memory has no files that could be damaged."""
        return iter(())

    def close(self) -> None:
        """Nothing is held."""


class MemoryWriter:
    """Changes a copy, which takes the place of the snapshot on commit."""

    def __init__(self, backend: MemoryBackend, manifest: Manifest, start: Start) -> None:
        self._backend = backend
        self._manifest = manifest
        self._start = start
        self._documents: dict[str, AnalyzedDocument] = {}

    def add(self, document: AnalyzedDocument) -> None:
        """Keep the document in place of an earlier one with its id."""
        self._documents.pop(document.stored.id, None)
        self._documents[document.stored.id] = document

    def remove(self, document_id: str) -> bool:
        """Drop the document."""
        return self._documents.pop(document_id, None) is not None

    def packer(self) -> None:
        """Nothing: documents are kept as they are."""

    def __enter__(self) -> Self:
        backend = self._backend
        backend._lock.acquire()  # noqa: SLF001 - the writer is the other half of the backend
        if self._start == "newest":
            self._documents = dict(backend._snapshot.documents)  # noqa: SLF001
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        backend = self._backend
        if kind is None:
            generation = backend._snapshot.generation + 1  # noqa: SLF001
            documents = self._documents
            manifest = replace(
                self._manifest,
                generation=generation,
                documents=len(documents),
                passages=sum(len(document.passages) for document in documents.values()),
                from_files=sum(document.file is not None for document in documents.values()),
            )
            backend._snapshot = _Snapshot(generation, documents, manifest)  # noqa: SLF001
        backend._lock.release()  # noqa: SLF001


class _CountedLexicon:
    """The counts of a snapshot, taken by counting."""

    def __init__(self, documents: Sequence[list[Segment]]) -> None:
        self._df: Counter[str] = Counter()
        self._cf: Counter[str] = Counter()
        self._words: Counter[tuple[str, ...]] = Counter()
        self._pairs: Counter[tuple[str, str]] = Counter()
        self._next: dict[str, Counter[str]] = {}
        self._surfaces: dict[str, Counter[str]] = {}
        sums = [0, 0, 0]
        for segments in documents:
            words: set[tuple[str, ...]] = set()
            pairs: set[tuple[str, str]] = set()
            keys: Counter[str] = Counter()
            for segment in segments:
                keys.update(segment.keys)
                words.update(segment.words())
                pairs.update(pairwise(segment.folded))
                for before, after in pairwise(segment.keys):
                    self._next.setdefault(before, Counter())[after] += 1
                for key, surface in zip(segment.keys, segment.surfaces, strict=True):
                    self._surfaces.setdefault(key, Counter())[surface] += 1
                for stream, length in enumerate(lengths(segment)):
                    sums[stream] += length
            self._cf.update(keys)
            self._df.update(keys.keys())
            self._words.update(words)
            self._pairs.update(pairs)
        passages = sum(len(segments) - 1 for segments in documents)
        self.totals = Totals(len(documents), passages, self._cf.total(), *sums)
        self._forms: dict[str, list[str]] = {}
        for key in sorted(self._cf, key=lambda key: (-self._cf[key], key)):
            self._forms.setdefault(fold.fold(key), []).append(key)

    def df(self, key: str) -> int:
        return self._df[key]

    def cf(self, key: str) -> int:
        return self._cf[key]

    def forms(self, folded: str) -> Sequence[str]:
        return self._forms.get(folded, [])

    def starting(self, prefix: str) -> Iterator[str]:
        return iter(sorted(folded for folded in self._forms if folded.startswith(prefix)))

    def surface(self, key: str) -> str:
        plain = key.removeprefix(fold.BARE)
        written = self._surfaces.get(key, Counter())
        return max(written, key=lambda each: (written[each], each == plain), default=plain)

    def count(self, key: str, following: str) -> int:
        return self._next.get(key, Counter())[following]

    def counts(self, keys: Sequence[str], following: Sequence[str]) -> list[list[int]]:
        return [[self.count(key, each) for each in following] for key in keys]

    def followers(self, key: str) -> Sequence[tuple[str, int]]:
        found = self._next.get(key, Counter())
        return sorted(found.items(), key=lambda item: (-item[1], item[0]))[:20]

    def word_df(self, word: tuple[str, ...]) -> int:
        return self._words[word]

    def pair_df(self, folded: str, following: str) -> int:
        return self._pairs[folded, following]


@dataclass(slots=True)
class _Scored:
    ref: int
    id: str
    parts: list[Part]
    date: str
    relaxed: bool = False

    @property
    def score(self) -> float:
        return sum(part.score for part in self.parts)


class MemorySearcher:
    """Reads every document for every query."""

    def __init__(self, snapshot: _Snapshot) -> None:
        self.generation = snapshot.generation
        self.damage: str | None = None
        self._documents = list(snapshot.documents.values())
        self._segments = [segmented(document) for document in self._documents]
        self.lexicon = _CountedLexicon(self._segments)

    def search(self, request: Request) -> Matches:
        """Match every document, score the matching ones, sort them, cut out the page."""
        query = request.query
        allowed = [ref for ref in range(len(self._documents)) if self._passes(ref, query.filters)]
        matched = [ref for ref in allowed if _matches(query.match, self._segments[ref])]
        hits = self._ranked(matched, request, relaxed=False)
        if len(hits) < request.offset + request.limit:
            others = [ref for ref in allowed if ref not in set(matched)]
            for node in query.closest:
                close = [ref for ref in others if _matches(node, self._segments[ref])]
                if close:
                    hits += self._ranked(close, request, relaxed=True)
                    break
        return Matches(len(matched), tuple(hits[request.offset : request.offset + request.limit]))

    def document(self, ref: int) -> StoredDocument:
        """The stored document behind a match."""
        return self._documents[ref].stored

    def find(self, document_id: str) -> int | None:
        """The ref of the document with that id."""
        for ref, document in enumerate(self._documents):
            if document.stored.id == document_id:
                return ref
        return None

    def ids(self) -> Iterator[str]:
        """The ids of all documents."""
        return (document.stored.id for document in self._documents)

    def files(self) -> Iterator[tuple[str, FileState]]:
        """Document id and file of what came from files."""
        for document in self._documents:
            if document.file is not None:
                yield document.stored.id, document.file

    def stats(self) -> Mapping[str, int]:
        """Counts of this snapshot."""
        totals = self.lexicon.totals
        return {
            "documents": totals.documents,
            "passages": totals.passages,
            "files": sum(1 for _ in self.files()),
            "syllables": totals.occurrences,
            "bytes": 0,
        }

    def close(self) -> None:
        """Nothing is held."""

    def _passes(self, ref: int, filters: plan.Filters) -> bool:
        stored = self._documents[ref].stored
        if filters.after is not None and not (stored.date and stored.date >= filters.after):
            return False
        if filters.before is not None and not (stored.date and stored.date <= filters.before):
            return False
        return all(
            name in stored.meta and meta_text(stored.meta[name]) == value
            for name, value in filters.where
        )

    def _ranked(self, refs: list[int], request: Request, *, relaxed: bool) -> list[Match]:
        """Hits in order: the best by syllables (or the newest) are rescored with all streams."""
        scorer = Scorer(self.lexicon, request.query.evidence, request.ranking)
        hits = [self._scored(ref, scorer.syllables(self._segments[ref])) for ref in refs]
        hits.sort(key=lambda hit: (-hit.score, hit.id))
        if request.sort == "date":
            hits.sort(key=lambda hit: hit.id)
            hits.sort(key=lambda hit: hit.date, reverse=True)
        hits = hits[: max(request.ranking.candidates, request.offset + request.limit)]
        for hit in hits:
            hit.parts = scorer.parts(self._segments[hit.ref])
        if request.sort == "relevance":
            hits.sort(key=lambda hit: (-hit.score, hit.id))
        found: list[Match] = []
        for hit in hits:
            passages = self._passages(hit.ref, scorer)
            if request.group == "document":
                parts = tuple(hit.parts) if request.explain else ()
                number = passages[0][0] if passages else 0
                found.append(Match(hit.ref, hit.id, number, hit.score, relaxed, parts))
            else:
                found += [
                    Match(hit.ref, hit.id, number, score, relaxed, parts if request.explain else ())
                    for number, score, parts in passages
                ]
        if request.group == "passage" and request.sort == "relevance":
            found.sort(key=lambda match: (-match.score, match.id, match.passage))
        return found

    def _scored(self, ref: int, parts: list[Part]) -> _Scored:
        stored = self._documents[ref].stored
        return _Scored(ref, stored.id, parts, stored.date or "")

    def _passages(self, ref: int, scorer: Scorer) -> list[tuple[int, float, tuple[Part, ...]]]:
        """The passages to show, best first: number, score, parts; see `Searcher.search`."""
        scored: list[tuple[int, float, tuple[Part, ...]]] = []
        for segment in self._segments[ref]:
            parts = tuple(scorer.parts([segment], self.lexicon.totals.passages))
            scored.append((segment.number, sum(part.score for part in parts), parts))
        scored.sort(key=lambda item: (-item[1], item[0]))
        plain = [each.number for each in self._segments[ref][1:] if each.weight != FURNITURE]
        answering = [item for item in scored if item[1] > 0]
        body = [item for item in answering if item[0] in plain]
        if body:
            return body
        if not answering or any(number < 0 for number, _, _ in answering):
            return [(plain[0] if plain else 0, 0.0, ())]
        return answering


def _matches(node: plan.Node, segments: list[Segment]) -> bool:
    match node:
        case plan.Everything():
            return True
        case plan.Not(node=inner):
            return not _matches(inner, segments)
        case plan.All(nodes=nodes):
            return all(_matches(inner, segments) for inner in nodes)
        case plan.Any(nodes=nodes):
            return any(_matches(inner, segments) for inner in nodes)
        case plan.Sequence(slots=slots, title=title):
            where = segments[:1] if title else segments
            return any(_holds(segment.keys, slots) for segment in where)


def _holds(keys: Sequence[str], slots: tuple[plan.Slot, ...]) -> bool:
    """Whether the slots stand side by side somewhere."""
    accepted = [set(slot.keys) for slot in slots]
    return any(
        all(keys[start + index] in accepted[index] for index in range(len(slots)))
        for start in range(len(keys) - len(slots) + 1)
    )
