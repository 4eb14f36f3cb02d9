"""The door of this engine: a folder in, writers and searchers out."""

from __future__ import annotations

from contextlib import suppress
from threading import Lock
from typing import TYPE_CHECKING, Literal

from searchdb.backends.whoosh.kernels import compiled
from searchdb.backends.whoosh.store import Store, unreadable
from searchdb.errors import IndexCorruptError, StorageError

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from searchdb.backends.whoosh.remains import Remains
    from searchdb.backends.whoosh.searcher import WhooshSearcher
    from searchdb.backends.whoosh.segment import SegmentFile
    from searchdb.backends.whoosh.writer import WhooshWriter
    from searchdb.index.backend import Start
    from searchdb.index.manifest import Manifest

__all__ = ["WhooshBackend"]

_ATTEMPTS = 10


class WhooshBackend:
    """An index in one folder. `lock_timeout` is how many seconds a writer waits for another.

    `kernels` does the arithmetic of searching. Raises ImportError where numba is not installed.
    """

    def __init__(
        self,
        folder: Path,
        *,
        lock_timeout: float = 10.0,
        kernels: Literal["numpy", "numba"] = "numpy",
    ) -> None:
        self._store = Store(folder, lock_timeout=lock_timeout)
        self._kernels = compiled() if kernels == "numba" else None
        self._segments: dict[str, SegmentFile] = {}
        self._opening = Lock()

    def manifest(self) -> Manifest | None:
        """The identity of the newest commit, or of the one before if that cannot be read."""
        try:
            return self._store.manifest()
        except IndexCorruptError:
            before = self._before()
            if before is None:
                raise
            return before

    def _before(self) -> Manifest | None:
        with suppress(StorageError):
            return self._store.previous()
        return None

    def writer(self, manifest: Manifest, *, start: Start = "newest") -> WhooshWriter:
        """Begin a change that will be committed under the identity of `manifest`."""
        from searchdb.backends.whoosh.writer import WhooshWriter  # noqa: PLC0415 - searches need none

        return WhooshWriter(self._store, manifest, start, self._segments)

    def searcher(self) -> WhooshSearcher:
        """Open a snapshot of the newest commit, or of the one before if that is damaged."""
        with self._opening:  # the segments held open belong to one snapshot at a time
            return self._sound()

    def _sound(self) -> WhooshSearcher:
        try:
            return self._newest()
        except IndexCorruptError as error:
            before = self._before()
            if before is None:
                raise
            from searchdb.backends.whoosh.searcher import WhooshSearcher  # noqa: PLC0415 - as below

            try:
                return WhooshSearcher(
                    self._store,
                    before,
                    self._segments,
                    damage=error.file,
                    kernels=self._kernels,
                )
            except (OSError, StorageError):
                raise error from None

    def _newest(self) -> WhooshSearcher:
        from searchdb.backends.whoosh.searcher import WhooshSearcher  # noqa: PLC0415 - imports numpy
        from searchdb.backends.whoosh.snapshot import absent  # noqa: PLC0415 - as above

        store = self._store
        for _ in range(_ATTEMPTS):
            manifest = store.manifest()
            try:
                return WhooshSearcher(store, manifest, self._segments, kernels=self._kernels)
            except FileNotFoundError as error:
                # A commit may have removed the files of the one before between the two reads.
                if manifest is not None and store.manifest() == manifest:
                    raise absent(store, manifest, error) from error
            except OSError as error:
                raise unreadable(store.folder, error) from error
        message = f"the index in {store.folder} changes faster than it can be opened: try again"
        raise StorageError(message)

    def check(self) -> Iterator[str]:
        """Read every live file; yield the name of each that is damaged or missing."""
        return self._store.check()

    def remains(self) -> Remains:
        """What can still be read of an index that may be damaged. Raises StorageError."""
        from searchdb.backends.whoosh.remains import Remains  # noqa: PLC0415 - seldom needed

        try:
            return Remains.of(self._store)
        except OSError as error:
            raise unreadable(self._store.folder, error) from error

    def close(self) -> None:
        """Let go of the files that are held open for the next snapshot; idempotent."""
        self._segments.clear()
