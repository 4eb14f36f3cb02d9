"""FILES -> CHANGES: which documents of an index are new, changed, unchanged or gone.

Laws: a file that cannot be read is reported and keeps the document it had, and so does one that is
excluded now; only a file that is not there any more, under a path that is, loses it. The paths are
walked once.
"""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Protocol, runtime_checkable

from searchdb import readers
from searchdb.errors import ReadError
from searchdb.index.backend import FileState
from searchdb.model import Document, SyncReport
from searchdb.readers.source import inspect
from searchdb.readers.walk import walk

__all__ = ["Changes", "Expecting", "Progress", "relative"]

_MOST_NAMED = 10
"""Kinds of files, or documents, that are named in a note."""

Progress = Callable[[int, str], None]
"""Called with the number of files (or documents) done and the id of the last one."""


@runtime_checkable
class Expecting(Protocol):
    """A progress that wants to know beforehand how many files there are."""

    def expect(self, total: int) -> None:
        """Take note of the number."""


class Changes:
    """Goes through files once and yields the documents that are new or changed; counts the others.

    `known` are the files behind the documents of the index by document id, `base` the folder that
    ids are relative to. Counts, `errors` and `notes` are complete when the iteration is.
    """

    def __init__(
        self,
        paths: Sequence[str | os.PathLike[str]],
        known: Mapping[str, FileState],
        base: Path,
        *,
        include: Sequence[str] = (),
        exclude: Sequence[str] = (),
        encoding: str = "auto",
        progress: Progress | None = None,
    ) -> None:
        self._paths = paths
        self._known = known
        self._base = base
        self._encoding = encoding
        self._progress = progress
        self._limited = bool(include or exclude)
        self.added = self.updated = self.unchanged = 0
        self.errors: list[ReadError] = []
        self.notes: list[str] = []
        self._found: dict[str, Path] = {}
        unknown: Counter[str] = Counter()
        for item in walk(paths, include=include, exclude=exclude, unknown=unknown):
            if isinstance(item, ReadError):
                self.errors.append(item)
            else:
                self._found[relative(item, base)] = item
        if unknown:
            kinds = _few(sorted(unknown))
            note = f"files of kinds that cannot be read, passed over: {unknown.total()} ({kinds})"
            self.notes.append(note)
        if isinstance(progress, Expecting):
            progress.expect(len(self._found))

    def __len__(self) -> int:
        """The number of files to go through."""
        return len(self._found)

    def __iter__(self) -> Iterator[tuple[Document, FileState]]:
        """The documents to add or to put in place of the ones with their ids."""
        for done, (file_id, path) in enumerate(sorted(self._found.items()), start=1):
            try:
                yield from self._changed(file_id, path)
            except ReadError as error:
                self.errors.append(error)
            if self._progress:
                self._progress(done, file_id)

    def gone(self) -> list[str]:
        """Ids of documents whose file stood under one of the paths and is not there any more.

        Those of files that are there, but excluded now, are no part of it: a slip in a glob must
        not empty an index. A note tells of them.
        """
        roots = [os.path.realpath(path) for path in self._paths if os.path.isdir(path)]  # noqa: PTH112 - says no where it may not look
        gone, excluded = list[str](), list[str]()
        for document_id, state in sorted(self._known.items()):
            if state.path in self._found:
                continue
            path = Path(os.path.normpath(self._base / state.path))
            if not any(path.is_relative_to(root) for root in roots):
                continue
            try:
                path.stat()
            except (FileNotFoundError, NotADirectoryError):
                gone.append(document_id)
            except OSError:  # not provably gone: behind a folder that is closed to us, for one
                continue
            else:
                excluded.append(document_id)
        if excluded and self._limited:
            note = (
                f"documents of files that are excluded now are kept: {len(excluded)} "
                f"({_few(excluded)}); `searchdb remove` takes them out"
            )
            self.notes.append(note)
        return gone

    def report(self, *, removed: int) -> SyncReport:
        """What came of it, once the iteration is over."""
        return SyncReport(
            added=self.added,
            updated=self.updated,
            removed=removed,
            unchanged=self.unchanged,
            failed=len(self.errors),
            errors=tuple(self.errors),
            notes=tuple(self.notes),
        )

    def _changed(self, file_id: str, path: Path) -> Iterator[tuple[Document, FileState]]:
        """The documents of a file unless it is known with its time and size, or with its hash."""
        before = self._known.get(file_id)
        status = inspect(path)
        if before and (before.mtime_ns, before.size) == (status.st_mtime_ns, status.st_size):
            self.unchanged += 1
            return
        loaded = readers.load(path, id=file_id, encoding=self._encoding)
        stamp = loaded.state
        if before and before.sha256 == stamp.sha256:
            self.unchanged += 1
            return
        if loaded.note:
            self.notes.append(loaded.note)
        state = FileState(file_id, stamp.mtime_ns, stamp.size, stamp.sha256)
        for document in loaded.documents:
            yield replace(document, source=file_id), state
        if before:
            self.updated += 1
        else:
            self.added += 1


def _few(names: Sequence[str]) -> str:
    """The first of some names."""
    return ", ".join(names[:_MOST_NAMED]) + (", …" if len(names) > _MOST_NAMED else "")


def relative(path: str | os.PathLike[str], base: Path) -> str:
    """The real path relative to a real folder as POSIX, absolute where it cannot be relative."""
    real = os.path.realpath(path)
    try:
        return Path(os.path.relpath(real, base)).as_posix()
    except ValueError:  # another drive
        return Path(real).as_posix()
