"""Every error that searchdb raises on purpose, so that one `except SearchDBError` is enough.

Messages are written for the person who made the call: they say what is wrong and name the fix.
"""

from __future__ import annotations

__all__ = [
    "BackendUnavailableError",
    "IndexCorruptError",
    "IndexLockedError",
    "IndexNotFoundError",
    "IndexOutdatedError",
    "MissingExtraError",
    "QueryError",
    "ReadError",
    "SearchDBError",
    "StorageError",
]


class SearchDBError(Exception):
    """The base of every error below."""


class ReadError(SearchDBError):
    """One file, or one line of a file, could not be turned into a document.

    `path` is the file as it was named, `reason` a sentence without the path.
    """

    def __init__(self, path: str, reason: str) -> None:
        super().__init__(f"{path}: {reason}")
        self.path = path
        self.reason = reason


class QueryError(SearchDBError, ValueError):
    """The query cannot be understood or is too large. Safe to show to whoever typed it.

    `query` is the text as typed, `pos` the offset of the trouble in code points.
    """

    def __init__(self, message: str, *, query: str = "", pos: int = 0) -> None:
        super().__init__(message)
        self.query = query
        self.pos = pos


class StorageError(SearchDBError):
    """The index directory could not be read or written."""


class IndexNotFoundError(StorageError):
    """There is no index in that folder."""


class IndexOutdatedError(StorageError):
    """The index was made by another format or another analysis than the one in force.

    `found` and `wanted` are the two identities; the message names the fix (`searchdb rebuild`).
    """

    def __init__(self, message: str, *, found: str, wanted: str) -> None:
        super().__init__(message)
        self.found = found
        self.wanted = wanted


class IndexLockedError(StorageError):
    """Another writer holds the index; the message names it."""


class IndexCorruptError(StorageError):
    """A file of the index is damaged or missing. `file` is its name inside the index folder."""

    def __init__(self, message: str, *, file: str) -> None:
        super().__init__(message)
        self.file = file


class BackendUnavailableError(SearchDBError):
    """The engine behind the index cannot be reached or loaded."""


class MissingExtraError(SearchDBError, ImportError):
    """An optional package is not installed; the message contains the pip line that installs it."""
