"""ANALYZED DOCUMENTS -> A COMMIT: one Whoosh segment, one lexicon, one manifest.

Law: all or nothing. Until the manifest is in place every file written here is an orphan that the
next commit removes; the files of the commit before stay for readers that are opening it.
"""

from __future__ import annotations

import datetime as dt
import errno
import json
from contextlib import suppress
from dataclasses import asdict, replace
from functools import partial
from typing import TYPE_CHECKING, Any, Self

import numpy as np
from whoosh.filedb.filestore import FileStorage
from whoosh.index import TOC, FileIndex
from whoosh.reading import SegmentReader
from whoosh.writing import SegmentWriter

from searchdb.analysis.lexicon import Totals
from searchdb.backends.whoosh.forward import Forward, encode
from searchdb.backends.whoosh.lexicon import LexiconChange
from searchdb.backends.whoosh.schema import INDEX_NAME, Codec, meta_term, schema
from searchdb.backends.whoosh.searcher import WhooshSearcher, lexicon_name, toc_name
from searchdb.backends.whoosh.store import Store, unwritable
from searchdb.errors import StorageError
from searchdb.model import meta_text

if TYPE_CHECKING:
    from collections.abc import Callable
    from types import TracebackType

    from numpy.typing import NDArray

    from searchdb.index.backend import AnalyzedDocument, Start
    from searchdb.index.manifest import Manifest

__all__ = ["WhooshWriter"]

_POOL_MB = 256
"""Memory for postings before Whoosh writes a run to disk."""

_MOST_SEGMENTS = 8
"""Whoosh segments an index may have; the smaller ones are merged beyond that."""


class _Index(FileIndex):  # type: ignore[misc] # Whoosh has no types
    """Whoosh's index as of the manifest's generation, whatever else lies in the folder."""

    def __init__(self, storage: FileStorage, generation: int, *, fresh: bool) -> None:
        self.storage = storage
        self.indexname = INDEX_NAME
        self._schema = schema()
        self._generation = generation
        self._fresh = fresh

    def _read_toc(self) -> TOC:
        if self._fresh:
            return TOC(self._schema, [], self._generation)
        return TOC.read(self.storage, INDEX_NAME, gen=self._generation, schema=self._schema)


class _SegmentWriter(SegmentWriter):  # type: ignore[misc] # Whoosh has no types
    """Whoosh's writer up to the point where Whoosh would commit and delete the old files.

    `verify` raises IndexCorruptError for a file that is not as it was written.
    """

    verify: Callable[[str], None]

    def complete(self, superseded: list[int]) -> tuple[list[Any], Any]:
        """Merge, flush, write the new table of contents; returns all segments and the new one."""
        segments = self._merge_segments(_merge_small, optimize=False, merge=True)
        new = None
        if self._added:
            new = self._finalize_segment()
            for number in superseded:
                new.delete_document(number)
            segments.append(new)
        else:
            self._close_segment()
        TOC(self.schema, segments, self.generation).write(self.storage, INDEX_NAME)
        self._finish()
        return segments, new


def _merge_small(writer: SegmentWriter, segments: list[Any]) -> list[Any]:
    """Beyond the number allowed, merge all but the largest segment into the new one.

    Each merge takes the smaller ones together, so a document is written again about as often as
    the index doubles.
    """
    if len(segments) < _MOST_SEGMENTS:
        return segments
    largest = max(segments, key=lambda segment: segment.doc_count_all())
    for segment in segments:
        if segment is not largest:
            # A merge gives its result a fresh checksum: damage must not get one too.
            writer.verify(_segment_file(segment))
            reader = SegmentReader(writer.storage, writer.schema, segment)
            writer.add_reader(reader)
            reader.close()
    return [largest]


class WhooshWriter:
    """One change of an index on disk; see `searchdb.index.backend.Writer`."""

    def __init__(self, store: Store, manifest: Manifest, start: Start) -> None:
        self._store = store
        self._manifest = manifest
        self._start = start
        self._batch: dict[str, int] = {}
        self._superseded: list[int] = []
        self._gone: set[int] = set()

    def __enter__(self) -> Self:
        store = self._store
        store.prepare()
        self._lock = store.lock()
        try:
            self._begin()
        except OSError as error:
            self._lock.release()
            raise unwritable(store.folder, error) from error
        except BaseException:
            self._lock.release()
            raise
        return self

    def _begin(self) -> None:
        store = self._store
        self._present = store.names()
        before = None if self._start == "nothing" else store.manifest()
        if before is None:
            self._searcher = WhooshSearcher(store, None)
            generation = store.last_generation()
            self._counts = np.zeros(3, dtype=np.int64)
            lexicon = None
        else:
            self._searcher = WhooshSearcher(store, before)
            generation = before.generation
            self._counts = np.array([before.documents, before.passages, before.from_files])
            lexicon = store.folder / lexicon_name(generation)
        self._change = LexiconChange(lexicon)
        storage = FileStorage(str(store.folder))
        index = _Index(storage, generation, fresh=before is None)
        self._whoosh = _SegmentWriter(index, _lk=False, limitmb=_POOL_MB, codec=Codec())
        self._whoosh.verify = partial(store.verify, before)
        self._generation = generation + 1

    def add(self, document: AnalyzedDocument) -> None:
        """Keep the document in place of an earlier one with its id. Raises StorageError."""
        try:
            self._add(document)
        except OSError as error:
            raise unwritable(self._store.folder, error) from error

    def _add(self, document: AnalyzedDocument) -> None:
        self.remove(document.stored.id)
        for segment in (document.title, *document.passages):
            self._change.learn(
                document.keys(segment), document.folded(segment), document.surfaces(segment)
            )
        blob = encode(document, self._change.ids)
        forward = Forward.decode([blob])
        totals = _totals(forward)
        self._change.count(forward, totals, 1)
        self._batch[document.stored.id] = self._whoosh.docnum
        self._whoosh.add_document(**_fields(document, self._terms(forward), totals, blob))
        self._counts += self._sizes(totals.passages, from_file=document.file is not None)

    def _terms(self, forward: Forward) -> list[tuple[str, float]]:
        weights = forward.weight[forward.segment]
        numbers, where = np.unique(forward.ids, return_inverse=True)
        sums = np.bincount(where, weights=weights, minlength=len(numbers))
        keys = self._change.keys
        return [(keys[n], w) for n, w in zip(numbers.tolist(), sums.tolist(), strict=True)]

    @staticmethod
    def _sizes(passages: int, *, from_file: bool) -> NDArray[np.int64]:
        return np.array([1, passages, int(from_file)], dtype=np.int64)

    def remove(self, document_id: str) -> bool:
        """Drop the document; False where there is none with that id."""
        number = self._batch.pop(document_id, None)
        if number is not None:
            self._superseded.append(number)
            return True
        ref = self._searcher.find(document_id)
        if ref is None or ref in self._gone:
            return False
        self._gone.add(ref)
        forward = self._searcher.forward([ref])
        self._forget(forward, from_file=self._searcher.is_from_file(ref))
        self._whoosh.delete_document(ref)
        return True

    def _forget(self, forward: Forward, *, from_file: bool) -> None:
        totals = _totals(forward)
        self._change.count(forward, totals, -1)
        self._counts -= self._sizes(totals.passages, from_file=from_file)

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        try:
            if kind is None:
                self._commit()
            else:
                self._discard()
        except OSError as failure:
            self._discard()
            raise unwritable(self._store.folder, failure) from failure
        except Exception as failure:
            self._discard()
            raise self._searcher.blame(failure) from failure
        except BaseException:
            self._discard()
            raise
        finally:
            self._searcher.close()
            self._lock.release()

    def _commit(self) -> None:
        store = self._store
        try:
            segments, new = self._whoosh.complete(self._superseded)
        except AssertionError as error:  # Whoosh takes a folder that cannot be listed for empty
            raise OSError(errno.EIO, "files vanished while they were written") from error
        if new is not None and self._superseded:
            self._forget_superseded(new)
        lexicon = lexicon_name(self._generation)
        self._change.write(store.folder / lexicon)
        names = [toc_name(self._generation), lexicon]
        names += [_segment_file(segment) for segment in segments]
        documents, passages, from_files = (int(count) for count in self._counts)
        manifest = replace(
            self._manifest,
            generation=self._generation,
            documents=documents,
            passages=passages,
            from_files=from_files,
        )
        before = self._published()
        store.publish(manifest, names)
        store.clean((*names, *before))

    def _forget_superseded(self, segment: Any) -> None:  # noqa: ANN401 - Whoosh has no types
        """Take documents of this batch that a later one replaced out of the counts."""
        reader = SegmentReader(self._whoosh.storage, schema(), segment)
        forwards, files = reader.column_reader("forward"), reader.column_reader("file")
        for number in self._superseded:
            forward = Forward.decode([bytes(forwards[number])])
            self._forget(forward, from_file=bool(files[number]))
        reader.close()

    def _discard(self) -> None:
        """Leave the folder as the last commit made it, as far as the disk lets us."""
        if not self._whoosh.is_closed:
            with suppress(Exception):  # a full disk fails again while closing; nothing is lost
                self._whoosh.cancel()
        with suppress(StorageError):  # what cannot be read may name any file: then all stay
            manifest = self._store.manifest()
            self._store.clean(self._present | frozenset(manifest.files if manifest else ()))

    def _published(self) -> frozenset[str]:
        """The files that the manifest in the folder names, none if it cannot be read."""
        with suppress(StorageError):
            manifest = self._store.manifest()
            return frozenset(manifest.files if manifest else ())
        return frozenset()


def _totals(forward: Forward) -> Totals:
    """What one document adds to the sums; lengths in tenths."""
    length, weight = forward.length, forward.weight
    starts = np.bincount(forward.segment, weights=forward.starts, minlength=len(length))
    return Totals(
        documents=1,
        passages=len(length) - 1,
        occurrences=len(forward.ids),
        syllable_length=int((length * weight).sum()),
        word_length=int((starts.astype(np.int64) * weight).sum()),
        pair_length=int((np.maximum(length - 1, 0) * weight).sum()),
    )


def _fields(
    document: AnalyzedDocument, terms: list[tuple[str, float]], totals: Totals, forward: bytes
) -> dict[str, Any]:
    """The document as Whoosh takes it."""
    stored = document.stored
    date = dt.date.fromisoformat(stored.date).toordinal() if stored.date else 0
    return {
        "id": [(stored.id, 1.0)],
        "syllables": terms,
        "meta": [(meta_term(name, meta_text(value)), 1.0) for name, value in stored.meta.items()],
        "stored": {
            "id": stored.id,
            "text": stored.text,
            "title": stored.title,
            "date": stored.date,
            "source": stored.source,
            "meta": dict(stored.meta),
            "passages": [(each.start, each.end, each.furniture) for each in stored.passages],
        },
        "name": stored.id.encode("utf-8"),
        "forward": forward,
        "file": json.dumps(asdict(document.file)).encode() if document.file else b"",
        "date": date,
        "syllable_length": totals.syllable_length,
        "word_length": totals.word_length,
        "pair_length": totals.pair_length,
    }


def _segment_file(segment: Any) -> str:  # noqa: ANN401 - Whoosh has no types
    return str(segment.make_filename(".seg"))
