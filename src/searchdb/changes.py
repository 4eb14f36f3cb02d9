"""FILES -> CHANGES: which documents of an index are new, changed, unchanged or gone.

Law: a file that cannot be read is reported and keeps the document it had; only a file that is not
there any more, under a path that is, loses it.
"""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from pathlib import Path

from searchdb import readers
from searchdb.errors import ReadError
from searchdb.index.backend import FileState
from searchdb.model import Document, SyncReport
from searchdb.readers.source import inspect
from searchdb.readers.walk import walk

_MOST_KINDS = 10
"""Kinds of files that are named in a note."""

__all__ = ["Changes", "Progress", "relative"]

Progress = Callable[[int, str], None]
"""Called with the number of files (or documents) done and the id of the last one."""


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
            kinds = ", ".join(sorted(unknown)[:_MOST_KINDS]) + (
                ", …" * (len(unknown) > _MOST_KINDS)
            )
            note = f"files of kinds that cannot be read, passed over: {unknown.total()} ({kinds})"
            self.notes.append(note)

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
        """Ids of documents whose file stood under one of the paths and is not there any more."""
        roots = [os.path.realpath(path) for path in self._paths if os.path.isdir(path)]  # noqa: PTH112 - says no where it may not look
        return sorted(
            document_id
            for document_id, state in self._known.items()
            if state.path not in self._found and self._is_gone(state.path, roots)
        )

    def _is_gone(self, file_id: str, roots: Iterable[str]) -> bool:
        path = Path(os.path.normpath(self._base / file_id))
        if not any(path.is_relative_to(root) for root in roots):
            return False
        try:
            path.stat()
        except (FileNotFoundError, NotADirectoryError):
            return True
        except OSError:  # not provably gone: behind a folder that is closed to us, for one
            return False
        return False

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


def relative(path: str | os.PathLike[str], base: Path) -> str:
    """The real path relative to a real folder as POSIX, absolute where it cannot be relative."""
    real = os.path.realpath(path)
    try:
        return Path(os.path.relpath(real, base)).as_posix()
    except ValueError:  # another drive
        return Path(real).as_posix()
