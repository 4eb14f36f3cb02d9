"""A DAMAGED INDEX -> WHAT CAN STILL BE READ of it, for a rebuild.

Each document is taken from the newest commit if its text is whole there, else from the commit
before. Whoosh's table of contents is not needed: which segments there are says the manifest, and
which documents are deleted say files of their own. Law: what cannot be read is told, by id where
that can be read.
"""

from __future__ import annotations

import re
from contextlib import suppress
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from searchdb.backends.whoosh.segment import Deletions, SegmentFile
from searchdb.backends.whoosh.snapshot import toc_name
from searchdb.backends.whoosh.store import measure
from searchdb.errors import IndexCorruptError

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from searchdb.backends.whoosh.store import Store
    from searchdb.index.backend import FileState
    from searchdb.index.manifest import Manifest
    from searchdb.model import StoredDocument

__all__ = ["Remains"]

_SEGMENT = ".arrays"
_DELETIONS = re.compile(r"\.[0-9]+\.gone")
_NONE: frozenset[int] = frozenset()


@dataclass(slots=True)
class Remains:
    """The documents of an index that can be read.

    `told` is False where the newest manifest cannot be read, so that nobody knows what it changed.
    `older` are ids whose documents are those of the commit before, `lost` maps ids to the path of
    their file ("" for none), `unknown` counts documents whose ids cannot be read either, those of
    them that came from files in `unknown_files`.
    """

    told: bool = True
    older: list[str] = field(default_factory=list)
    lost: dict[str, str] = field(default_factory=dict)
    unknown: int = 0
    unknown_files: int = 0
    _places: dict[str, tuple[SegmentFile, int]] = field(default_factory=dict)

    @classmethod
    def of(cls, store: Store) -> Remains:
        """What is left of an index. Raises StorageError, OSError."""
        found = cls()
        opened: set[str] = set()
        try:
            newest = store.manifest()
        except IndexCorruptError:
            found.told = False
        else:
            opened = found._read(store, newest) if newest else opened
        if not found.told or found.lost or found.unknown:
            with suppress(IndexCorruptError):
                found._fill(store, store.previous(), opened)
        return found

    def __len__(self) -> int:
        return len(self._places)

    def __iter__(self) -> Iterator[tuple[StoredDocument, FileState | None]]:
        """The documents, in the order of their ids."""
        for _, (segment, number) in sorted(self._places.items()):
            yield segment.stored(number), _state(segment, number)

    def _read(self, store: Store, manifest: Manifest) -> set[str]:
        """Take what is whole of the newest commit; the names of the segments that tell it all."""
        opened: set[str] = set()
        from_files = 0
        for name, segment, deleted in _segments(store, manifest):
            unnamed = 0
            for number in sorted(set(range(segment.documents)) - deleted):
                document_id, whole = _looked_at(segment, number)
                state = _state(segment, number)
                if document_id is None:
                    unnamed += 1
                    continue
                from_files += state is not None
                if whole:
                    self._places[document_id] = (segment, number)
                else:
                    self.lost[document_id] = state.path if state else ""
            if not unnamed:
                opened.add(name)
        self.unknown = max(0, manifest.documents - len(self._places) - len(self.lost))
        self.unknown_files = min(self.unknown, max(0, manifest.from_files - from_files))
        return opened

    def _fill(self, store: Store, before: Manifest | None, opened: set[str]) -> None:
        """Take from the commit before what is lost, and what an unreadable segment may have had."""
        for name, segment, deleted in _segments(store, before) if before else ():
            for number in sorted(set(range(segment.documents)) - deleted):
                document_id, whole = _looked_at(segment, number)
                if document_id is None or not whole or document_id in self._places:
                    continue
                # What a readable segment does not have any more was deleted.
                if document_id in self.lost or name not in opened:
                    self.lost.pop(document_id, None)
                    self.older.append(document_id)
                    self._places[document_id] = (segment, number)


def _segments(
    store: Store, manifest: Manifest
) -> Iterator[tuple[str, SegmentFile, frozenset[int]]]:
    """The segments that can be opened, and which of their documents are deleted."""
    told: dict[str, frozenset[int]] = {}
    with suppress(IndexCorruptError, FileNotFoundError):
        told = _entries(store, manifest)
    for name in sorted(manifest.files):
        stem = name.removesuffix(_SEGMENT)
        if stem == name:
            continue
        gone = (each for each in manifest.files if _DELETIONS.fullmatch(each.removeprefix(stem)))
        with suppress(IndexCorruptError, FileNotFoundError):
            segment = SegmentFile(store.folder / name)
            deleted = told.get(name)
            if deleted is None:
                deleted = next((_deleted(store.folder / each) for each in gone), _NONE)
            yield name, segment, deleted


def _deleted(path: Path) -> frozenset[int]:
    return frozenset(Deletions(path).documents.tolist())


def _entries(store: Store, manifest: Manifest) -> dict[str, frozenset[int]]:
    """The deleted documents of each segment, as Whoosh's table of contents has them."""
    from whoosh.filedb.filestore import FileStorage  # noqa: PLC0415 - only for what is damaged
    from whoosh.index import TOC  # noqa: PLC0415 - as above

    from searchdb.backends.whoosh.schema import INDEX_NAME, schema  # noqa: PLC0415 - as above

    toc = toc_name(manifest.generation)
    # It is a pickle: it is read only if it is the one that was written.
    if toc not in manifest.files or measure(store.folder / toc) != manifest.files[toc]:
        return {}
    storage = FileStorage(str(store.folder))
    contents = TOC.read(storage, INDEX_NAME, gen=manifest.generation, schema=schema())
    return {entry.file_name(): frozenset(entry.deleted) for entry in contents.segments}


def _looked_at(segment: SegmentFile, number: int) -> tuple[str | None, bool]:
    """The id of a document, None if it cannot be read, and whether the document can."""
    try:
        return segment.stored(number).id, True
    except IndexCorruptError:
        pass
    try:
        return segment.names.text(number), False
    except IndexCorruptError:
        return None, False


def _state(segment: SegmentFile, number: int) -> FileState | None:
    """The file behind a document, as far as it can be read."""
    try:
        return segment.state(number)
    except IndexCorruptError:
        return None
