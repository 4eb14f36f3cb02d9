"""ANALYZED DOCUMENTS -> A COMMIT: a new segment, merges where due, one manifest.

Law: all or nothing. Until the manifest is in place every file written here is an orphan that the
next commit removes; the files of the commit before stay for readers that are opening it and for
the case that the new ones are damaged.
"""

from __future__ import annotations

import secrets
import string
from contextlib import suppress
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Self

import numpy as np

from searchdb.backends.whoosh.blocks import ArrayWriter
from searchdb.backends.whoosh.building import Buffer
from searchdb.backends.whoosh.counting import Counts, added, counted, posted
from searchdb.backends.whoosh.layout import write_gone
from searchdb.backends.whoosh.merging import Source, merge
from searchdb.backends.whoosh.policy import chosen, is_tired
from searchdb.backends.whoosh.segment import SegmentFile
from searchdb.backends.whoosh.snapshot import (
    absent,
    deletions_name,
    opened,
    segment_name,
    toc_name,
)
from searchdb.backends.whoosh.store import measure, unwritable
from searchdb.errors import StorageError

if TYPE_CHECKING:
    from types import TracebackType

    from numpy.typing import NDArray

    from searchdb.backends.whoosh.records import Packer
    from searchdb.backends.whoosh.segment import Deletions
    from searchdb.backends.whoosh.snapshot import Leaf
    from searchdb.backends.whoosh.store import Store
    from searchdb.index.backend import AnalyzedDocument, Start
    from searchdb.index.manifest import Manifest, ManifestFile

__all__ = ["WhooshWriter"]

_FLUSH = 16_000_000
"""Tokens kept in memory before they are written as a segment; each takes about 20 bytes, and as
many again while it is written."""

_DIGITS = string.digits + string.ascii_lowercase


@dataclass(slots=True)
class _Part:
    """A segment of the commit to come.

    `deleted` are the documents deleted before, told in the file of that name; `gone` are those
    deleted by this change.
    """

    segid: str
    segment: SegmentFile
    deletions_name: str | None = None
    deletions: Deletions | None = None
    fresh: bool = False
    deleted: frozenset[int] = frozenset()
    gone: set[int] = field(default_factory=set)

    @classmethod
    def of(cls, leaf: Leaf) -> _Part:
        """A segment as it is."""
        deleted = leaf.deletions.documents.tolist() if leaf.deletions else ()
        name, deletions = leaf.deletions_name, leaf.deletions
        return cls(leaf.segid, leaf.segment, name, deletions, deleted=frozenset(deleted))

    def live(self) -> NDArray[np.bool_]:
        """Which documents are left."""
        live = np.ones(self.segment.documents, dtype=np.bool_)
        live[list(self.deleted | self.gone)] = False
        return live

    def gone_counts(self) -> Counts | None:
        """The counts of all documents that are deleted, in the numbers of the segment."""
        if not self.deleted and not self.gone:
            return None
        segment = self.segment
        numbers = np.array(sorted(self.gone), dtype=np.int64)
        folds = segment["key_fold"].whole().astype(np.int64)
        trie = segment["trie"].whole().astype(np.int64)
        forward = segment.forward(numbers)
        counts = counted(forward, posted(forward), folds, trie)
        if self.deletions is None:
            return counts
        before = self.deletions.counts(trie)
        return Counts(
            totals=counts.totals + before.totals,
            df=added((before.df, counts.df), (1, 1)),
            cf=added((before.cf, counts.cf), (1, 1)),
            trie=trie,
            words=added((before.words, counts.words), (1, 1)),
            bigrams=added((before.bigrams, counts.bigrams), (1, 1)),
            pairs=added((before.pairs, counts.pairs), (1, 1)),
        )


class WhooshWriter:
    """One change of an index on disk; see `searchdb.index.backend.Writer`."""

    def __init__(
        self, store: Store, manifest: Manifest, start: Start, known: dict[str, SegmentFile]
    ) -> None:
        self._store = store
        self._manifest = manifest
        self._start = start
        self._known = known
        self._buffer = Buffer()
        self._buffered: dict[str, int] = {}
        self._parts: list[_Part] = []
        self._files: dict[str, ManifestFile] = {}
        self._from_files = 0
        self._serial = 0

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
        self._before = None if self._start == "nothing" else store.manifest()
        # A generation that was torn off left its number behind: it is not given again.
        self._generation = store.last_generation() + 1
        if self._before is not None:
            self._generation = max(self._generation, self._before.generation + 1)
            self._from_files = self._before.from_files
            try:
                leaves = opened(store, self._before, dict(self._known))
            except FileNotFoundError as error:
                raise absent(store, self._before, error) from error
            self._parts = [_Part.of(leaf) for leaf in leaves]
            self._buffer = self._empty()

    def add(self, document: AnalyzedDocument) -> None:
        """Keep the document in place of an earlier one with its id. Raises StorageError."""
        try:
            self.remove(document.stored.id)
            self._buffered[document.stored.id] = self._buffer.add(document)
            self._from_files += document.file is not None
            if self._buffer.tokens >= _FLUSH:
                self._flush()
        except OSError as error:
            raise unwritable(self._store.folder, error) from error

    def remove(self, document_id: str) -> bool:
        """Drop the document; False where there is none with that id."""
        number = self._buffered.pop(document_id, None)
        if number is not None:
            self._from_files -= self._buffer.from_file(number)
            self._buffer.drop(number)
            return True
        for part in self._parts:
            number = part.segment.names.find(document_id)
            if number >= 0 and number not in part.deleted and number not in part.gone:
                self._from_files -= part.segment.from_file(number)
                part.gone.add(number)
                return True
        return False

    def packer(self) -> Packer | None:
        """What compresses the documents to come, once it is settled against what."""
        return self._buffer.packer

    def _flush(self) -> None:
        """Write what is in memory as a segment."""
        if len(self._buffer):
            segid = self._fresh()
            self._keep(segid, self._buffer.write(self._store.folder / segment_name(segid)))
        self._buffer, self._buffered = self._empty(), {}

    def _empty(self) -> Buffer:
        """A buffer that compresses as the one before, or as the largest segment does."""
        before = self._buffer.packer
        if before is not None and before.dictionary:
            return Buffer(before.dictionary)
        largest = max(self._parts, key=lambda part: part.segment.documents, default=None)
        return Buffer(largest.segment.dictionary if largest else b"")

    def _fresh(self) -> str:
        """The id of a segment that never was and that comes after all there are."""
        self._serial += 1
        rest = "".join(secrets.choice(_DIGITS) for _ in range(6))
        return f"{self._generation % 10**7:07}{self._serial % 1000:03}{rest}"

    def _keep(self, segid: str, measured: ManifestFile) -> None:
        """Take in a segment that was just written."""
        name = segment_name(segid)
        self._files[name] = measured
        self._parts.append(_Part(segid, SegmentFile(self._store.folder / name), fresh=True))

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
        except BaseException:
            self._discard()
            raise
        finally:
            self._lock.release()

    def _commit(self) -> None:
        self._flush()
        self._merge()
        store = self._store
        totals = np.zeros(6, dtype=np.int64)
        for part in self._parts:
            totals += part.segment.totals
            gone = part.gone_counts()
            if gone is not None:
                totals -= gone.totals
                self._write_deletions(part, gone)
        names = [
            name
            for part in self._parts
            for name in (segment_name(part.segid), part.deletions_name)
            if name
        ]
        toc = self._write_toc()
        before = self._before.files if self._before else {}
        files = {name: self._files.get(name) or before[name] for name in names}
        files[toc] = measure(store.folder / toc)
        manifest = replace(
            self._manifest,
            generation=self._generation,
            documents=int(totals[0]),
            passages=int(totals[1]),
            from_files=self._from_files,
            files=files,
        )
        # Whatever the manifest in the folder says: what cannot be read any more is not kept.
        published = self._published()
        store.publish(manifest, [name for name in files if name in self._files or name == toc])
        store.clean((*files, *published))

    def _merge(self) -> None:
        """Merge the segments of this change, then those that are due."""
        fresh = [part for part in self._parts if part.fresh]
        if len(fresh) > 1:
            self._join(fresh)
        self._parts = [part for part in self._parts if part.live().any()]
        sizes = [len(part.segment["tokens"]) for part in self._parts]
        tired = [
            is_tired(part.segment.documents, len(part.deleted | part.gone)) for part in self._parts
        ]
        for group in [[self._parts[number] for number in each] for each in chosen(sizes, tired)]:
            self._join(group)

    def _join(self, parts: list[_Part]) -> None:
        segid = self._fresh()
        sources = [Source(part.segment, part.live(), part.gone_counts()) for part in parts]
        measured, documents = merge(self._store.folder / segment_name(segid), sources)
        self._parts = [part for part in self._parts if part not in parts]
        if documents:
            self._keep(segid, measured)

    def _write_deletions(self, part: _Part, gone: Counts) -> None:
        """Write the deleted documents and their counts, if this change deleted any."""
        if not part.gone:
            return
        name = part.deletions_name = deletions_name(part.segid, self._generation)
        with ArrayWriter(self._store.folder / name) as file:
            write_gone(file, part.deleted | part.gone, gone)
        self._files[name] = file.measured

    def _write_toc(self) -> str:
        from whoosh.filedb.filestore import FileStorage  # noqa: PLC0415 - only to write
        from whoosh.index import TOC  # noqa: PLC0415 - as above

        from searchdb.backends.whoosh.schema import INDEX_NAME, ArraySegment, schema  # noqa: PLC0415

        entries = [
            ArraySegment(part.segid, part.segment.documents, part.deleted | part.gone)
            for part in self._parts
        ]
        storage = FileStorage(str(self._store.folder))
        TOC(schema(), entries, self._generation).write(storage, INDEX_NAME)
        return toc_name(self._generation)

    def _discard(self) -> None:
        """Leave the folder as the last commit made it, as far as the disk lets us."""
        with suppress(StorageError):  # what cannot be read may name any file: then all stay
            manifest = self._store.manifest()
            self._store.clean(self._present | frozenset(manifest.files if manifest else ()))

    def _published(self) -> frozenset[str]:
        """The files that the manifest in the folder names, none if it cannot be read."""
        with suppress(StorageError):
            manifest = self._store.manifest()
            return frozenset(manifest.files if manifest else ())
        return frozenset()
