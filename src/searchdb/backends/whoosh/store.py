"""FOLDER -> COMMITS: which files belong to the index, what the newest commit is, who may write.

Law: a commit is visible from the moment its manifest has replaced the one before, and not earlier;
nothing in a folder that is not an index is ever changed.
"""

from __future__ import annotations

import os
import re
import time
import zlib
from contextlib import suppress
from typing import TYPE_CHECKING

from searchdb.errors import (
    IndexCorruptError,
    IndexLockedError,
    IndexNotFoundError,
    StorageError,
)
from searchdb.index.manifest import MANIFEST_NAME, Manifest, ManifestFile

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from pathlib import Path
    from typing import Any

__all__ = ["Store", "foreign", "measure", "missing", "unreadable", "unwritable"]

_OURS = re.compile(
    r"searchdb_[0-9a-z]{16}\.[A-Za-z0-9_.]+"  # segments
    r"|_searchdb_[0-9]+\.toc(\.[0-9.]+)?"
    r"|searchdb_lexicon_[0-9]+\.arrays"  # of format 1
    r"|searchdb\.tmp|searchdb_WRITELOCK"
    r"|(manifest|previous)\.json(\.new)?"
)
"""Names that this backend and Whoosh give to files of an index."""

_GENERATION = re.compile(r"_searchdb_([0-9]{1,18})\.toc")

_PREVIOUS = "previous.json"
"""The manifest of the commit before the newest."""

_HARMLESS = re.compile(r"\..*|readme(\..*)?", re.IGNORECASE)
"""What may lie in a folder that an index is created in."""

_LOCK = "searchdb_WRITELOCK"
_CHUNK = 1 << 20


class Store:
    """The folder of an index. `lock_timeout` is how many seconds a writer waits for another."""

    def __init__(self, folder: Path, *, lock_timeout: float = 10.0) -> None:
        self.folder = folder
        self._lock_timeout = lock_timeout

    def manifest(self) -> Manifest | None:
        """The identity of the newest commit. Raises StorageError and its children."""
        found = self._read(MANIFEST_NAME)
        if found is None and (self.folder / _PREVIOUS).exists():
            # No commit takes it away; there may have been two since it was looked for.
            found = self._read(MANIFEST_NAME)
            if found is None:
                raise missing(MANIFEST_NAME)
        return found

    def previous(self) -> Manifest | None:
        """The identity of the commit before it. Raises as above."""
        return self._read(_PREVIOUS)

    def _read(self, name: str) -> Manifest | None:
        try:
            data = (self.folder / name).read_bytes()
        except (FileNotFoundError, NotADirectoryError):
            return None
        except OSError as error:
            raise unreadable(self.folder, error) from error
        return Manifest.loads(data)

    def check(self) -> Iterator[str]:
        """Read every live file; yield the name of each that is damaged or missing."""
        try:
            manifest = self.manifest()
        except IndexCorruptError as error:
            yield error.file
            return
        if manifest is None:
            message = f"there is no index in {self.folder}: run `searchdb index` first"
            raise IndexNotFoundError(message)
        yield from self.damaged(manifest)

    def damaged(self, manifest: Manifest) -> Iterator[str]:
        """The names of the files of a commit that are not as they were written."""
        for name, expected in sorted(manifest.files.items()):
            with suppress(OSError):
                if measure(self.folder / name) == expected:
                    continue
            yield name

    def prepare(self) -> None:
        """Make the folder, or see that an index may be created in the one there is."""
        try:
            self.folder.mkdir(parents=True, exist_ok=True)
            names = sorted(path.name for path in self.folder.iterdir())
        except OSError as error:
            raise unwritable(self.folder, error) from error
        if MANIFEST_NAME in names:
            return
        strange = [
            name for name in names if not (_OURS.fullmatch(name) or _HARMLESS.fullmatch(name))
        ]
        if strange:
            message = (
                f"{self.folder} holds other files ({', '.join(strange[:3])}"
                f"{', …' if len(strange) > 3 else ''}) and no index: "  # noqa: PLR2004
                "name an empty or a new folder for the index"
            )
            raise StorageError(message)

    def lock(self) -> Any:  # noqa: ANN401 - Whoosh has no types
        """Take the write lock, or raise IndexLockedError naming the process that has it."""
        from whoosh.filedb.filestore import FileStorage  # noqa: PLC0415 - imports whoosh

        path = self.folder / _LOCK
        until = time.monotonic() + self._lock_timeout
        try:
            lock = FileStorage(str(self.folder)).lock(_LOCK)
            while not lock.acquire():
                if time.monotonic() > until:
                    raise _locked(self.folder, path)
                time.sleep(0.05)
        except OSError as error:
            raise unwritable(self.folder, error) from error
        import socket  # noqa: PLC0415 - searches need none

        with suppress(OSError):  # the note is for the message to others; the lock holds without it
            path.write_text(f"process {os.getpid()} on {socket.gethostname()}", encoding="utf-8")
        return lock

    def publish(self, manifest: Manifest, fresh: Iterable[str]) -> None:
        """Make the fresh files durable, then put the manifest in place; or OSError.

        The manifest of the commit before is kept beside it, for the case that this one is damaged.
        """
        for name in fresh:
            with (self.folder / name).open("rb") as file:
                os.fsync(file.fileno())
        waiting = self._written(f"{MANIFEST_NAME}.new", manifest.dumps())
        with suppress(FileNotFoundError):
            before = (self.folder / MANIFEST_NAME).read_bytes()
            kept = self._written(f"{_PREVIOUS}.new", before)
            kept.replace(self.folder / _PREVIOUS)
        self._fsync_folder()
        waiting.replace(self.folder / MANIFEST_NAME)
        try:
            self._fsync_folder()
        except OSError as error:
            message = (
                f"the change of the index in {self.folder} is in place, "
                f"but a power cut may undo it: {error.strerror or error}"
            )
            raise StorageError(message) from error

    def _written(self, name: str, data: bytes) -> Path:
        """A small file, durable."""
        path = self.folder / name
        with path.open("wb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        return path

    def names(self) -> frozenset[str]:
        """What lies in the folder. Raises OSError."""
        return frozenset(path.name for path in self.folder.iterdir())

    def last_generation(self) -> int:
        """The highest generation that a file in the folder is named for, 0 if none is."""
        found = map(_GENERATION.fullmatch, self.names())
        return max((int(match[1]) for match in found if match), default=0)

    def clean(self, keep: Iterable[str]) -> None:
        """Remove the files of an index that are not to be kept; failing to is no harm."""
        kept = {*keep, MANIFEST_NAME, _PREVIOUS, _LOCK}
        with suppress(OSError):
            for name in sorted(self.names() - kept):
                if _OURS.fullmatch(name):
                    self._remove(self.folder / name)

    @staticmethod
    def _remove(path: Path) -> None:
        import shutil  # noqa: PLC0415 - brings all kinds of compression

        with suppress(OSError):
            if path.is_dir():
                shutil.rmtree(path)
            else:
                path.unlink()

    def _fsync_folder(self) -> None:
        if os.name != "posix":  # only there a folder can be opened and synced
            return
        descriptor = os.open(self.folder, os.O_RDONLY)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)


def measure(path: Path) -> ManifestFile:
    """Size and CRC-32 of a file. Raises OSError."""
    size = crc = 0
    with path.open("rb") as file:
        while chunk := file.read(_CHUNK):
            crc = zlib.crc32(chunk, crc)
            size += len(chunk)
    return ManifestFile(size, crc)


def missing(name: str | None) -> IndexCorruptError:
    """The error for a file that the manifest names and that is not there."""
    short = os.path.basename(name or "a file")  # noqa: PTH119 - a name, not a path
    message = (
        f"{short} of the index is missing: run `searchdb check --repair` or `searchdb rebuild`"
    )
    return IndexCorruptError(message, file=short)


def foreign(name: str) -> IndexCorruptError:
    """The error for an index that a program other than searchdb has written to."""
    message = (
        f"{name} of the index is not as searchdb left it, another program has changed the index: "
        "run `searchdb rebuild`"
    )
    return IndexCorruptError(message, file=name)


def _locked(folder: Path, path: Path) -> IndexLockedError:
    with suppress(OSError, UnicodeDecodeError):
        holder = path.read_text(encoding="utf-8").strip()
        message = f"another writer ({holder or 'unknown'}) holds the index in {folder}: wait for it"
        return IndexLockedError(message)
    return IndexLockedError(f"another writer holds the index in {folder}: wait for it")


def unreadable(folder: Path, error: OSError) -> StorageError:
    """The error for a folder or file that the system does not let us read."""
    return StorageError(f"the index in {folder} cannot be read: {error.strerror or error}")


def unwritable(folder: Path, error: OSError) -> StorageError:
    """The error for a change that the system did not let us make."""
    reason = error.strerror or str(error)
    return StorageError(f"the index in {folder} cannot be written: {reason}; it is as it was")
