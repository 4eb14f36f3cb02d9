"""FILES -> DOCUMENTS: walk folders, decode bytes, read each format.

A reader is a plain function from the bytes of a file to its documents; `READERS` says by suffix
which one. Law: whatever is wrong with a file is a ReadError that names the fix.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path, PurePath
from typing import TYPE_CHECKING

from searchdb.errors import ReadError
from searchdb.readers import markdown, text
from searchdb.readers.source import FileStamp, Reader, Source, check, fetch

if TYPE_CHECKING:
    import os
    from collections.abc import Iterator, Mapping

    from searchdb.model import Document

__all__ = ["READERS", "FileStamp", "Loaded", "Reader", "load", "read", "supported", "unknown_kind"]

READERS: Mapping[str, Reader] = {
    ".txt": text.read,
    ".md": markdown.read,
    ".markdown": markdown.read,
}
"""Suffix in lower case to the reader of such files."""


@dataclass(frozen=True, slots=True)
class Loaded:
    """One file as read: its documents, the stamp of their bytes, and a sentence naming the file.

    `note` says what was guessed or passed over; None where nothing was.
    """

    documents: tuple[Document, ...]
    note: str | None
    state: FileStamp


def supported(path: str | os.PathLike[str]) -> bool:
    """Whether there is a reader for files of that name; the disk is not touched."""
    return PurePath(path).suffix.lower() in READERS


def read(
    path: str | os.PathLike[str],
    *,
    id: str | None = None,  # noqa: A002 - the word of Document
    encoding: str = "auto",
) -> Iterator[Document]:
    """Yield the documents of one file. `id` is its path in POSIX form unless given.

    Raises ReadError at the call, not at the first document.
    """
    return iter(load(path, id=id, encoding=encoding).documents)


def load(
    path: str | os.PathLike[str],
    *,
    id: str | None = None,  # noqa: A002 - the word of Document
    encoding: str = "auto",
) -> Loaded:
    """Read one file together with its note and stamp. Raises ReadError."""
    path = Path(path)
    name = path.as_posix()
    reader = READERS.get(path.suffix.lower())
    if reader is None:
        check(path)  # that it is missing or a folder says more than its suffix
        raise unknown_kind(name)
    data, state = fetch(path)
    try:
        found = reader(Source(data, id=name if id is None else id, source=name, encoding=encoding))
    except ValueError as error:
        raise ReadError(name, str(error)) from error
    return Loaded(found.documents, found.note and f"{name}: {found.note}", state)


def unknown_kind(name: str) -> ReadError:
    """Make the error for a file that no reader is for."""
    return ReadError(name, f"unknown kind of file: what can be read is {', '.join(READERS)}")
