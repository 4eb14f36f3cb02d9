"""A path in, the bytes of one regular file and their stamp out.

Law: whatever is wrong with a file becomes a ReadError that names the fix, nothing but a regular
file is ever opened, and the stamp describes the very bytes that were read.
"""

from __future__ import annotations

import hashlib
import os
import re
import stat
from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from searchdb.errors import ReadError

if TYPE_CHECKING:
    from pathlib import Path

    from searchdb.model import Document

__all__ = [
    "MAX_BYTES",
    "FileStamp",
    "ReadFile",
    "Reader",
    "Source",
    "check",
    "explain",
    "fetch",
    "inspect",
    "shown",
]

MAX_BYTES = 512 * 2**20
"""The largest file that is read: text takes about four times its size in memory on the way."""

# What neither an id nor a terminal can take: controls, and the half characters that stand for the
# bytes of a file name that is not UTF-8.
_UNNAMEABLE = re.compile(r"[\x00-\x1f\x7f-\x9f\ud800-\udfff]")


@dataclass(frozen=True, slots=True)
class FileStamp:
    """What tells one state of a file from another; `sha256` in hexadecimal digits."""

    mtime_ns: int
    size: int
    sha256: str


@dataclass(frozen=True, slots=True)
class Source:
    """What a reader gets: the bytes of a file, the id and source its documents shall have.

    `encoding` is the name of one, or "auto".
    """

    data: bytes
    id: str
    source: str
    encoding: str = "auto"


@dataclass(frozen=True, slots=True)
class ReadFile:
    """What a reader gives: documents, and a sentence on what was guessed or passed over."""

    documents: tuple[Document, ...]
    note: str | None = None


Reader = Callable[[Source], ReadFile]
"""Raises ValueError, its message the reason, for content that cannot become a document."""


def shown(name: str) -> str:
    """Write as an escape everything in a file name that a terminal would act or choke on."""
    return _UNNAMEABLE.sub(lambda found: found[0].encode("unicode_escape").decode(), name)


def explain(path: Path, error: OSError) -> str:
    """Turn what the operating system said about `path` into the reason of a ReadError."""
    if isinstance(error, FileNotFoundError | NotADirectoryError):
        if path.is_symlink():
            return "is a broken link: what it points to does not exist"
        return "no such file or folder: check the spelling"
    if isinstance(error, PermissionError):
        return "permission denied: make it readable for this user"
    return f"cannot be read: {error.strerror or error}"


def inspect(path: Path) -> os.stat_result:
    """Find the status of what `path` leads to. Raises ReadError, also for a name no id can hold."""
    name = path.as_posix()
    if _UNNAMEABLE.search(name):
        reason = "its name is not valid UTF-8 or holds a control character: rename it"
        raise ReadError(shown(name), reason)
    try:
        return path.stat()
    except OSError as error:
        raise ReadError(name, explain(path, error)) from error


def check(path: Path) -> None:
    """Raise ReadError unless `path` leads to a regular file of at most `MAX_BYTES`."""
    _refuse(path.as_posix(), inspect(path))


def fetch(path: Path) -> tuple[bytes, FileStamp]:
    """Read a regular file of at most `MAX_BYTES` whole. Raises ReadError.

    A file that grows meanwhile is read to the length it had when it was opened: its time and size
    then differ from the stamp, so that the next look finds it changed.
    """
    name = path.as_posix()
    check(path)  # before it is opened: opening a pipe would wait for its other end
    try:
        with path.open("rb") as stream:
            status = os.fstat(stream.fileno())
            _refuse(name, status)
            data = stream.read(status.st_size)
    except OSError as error:
        raise ReadError(name, explain(path, error)) from error
    return data, FileStamp(status.st_mtime_ns, len(data), hashlib.sha256(data).hexdigest())


def _refuse(name: str, status: os.stat_result) -> None:
    if stat.S_ISDIR(status.st_mode):
        raise ReadError(name, "is a folder: name a file in it")
    if not stat.S_ISREG(status.st_mode):
        raise ReadError(name, "is a pipe, socket or device: copy what it gives into a file")
    if status.st_size > MAX_BYTES:
        size, limit = status.st_size / 2**20, MAX_BYTES / 2**20
        raise ReadError(name, f"is too large ({size:,.1f} MB, limit {limit:,.1f} MB): split it")
