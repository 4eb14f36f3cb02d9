"""Plain text in, one document out: the text as decoded, title and date left to be looked for."""

from __future__ import annotations

from searchdb.model import Document
from searchdb.readers.encodings import Decoded, decode
from searchdb.readers.source import ReadFile, Source

__all__ = ["decoded", "read"]


def read(source: Source) -> ReadFile:
    """Read a plain text file. Raises ValueError where it is no text or has nothing in it."""
    found = decoded(source)
    document = Document(id=source.id, text=found.text, source=source.source)
    return ReadFile((document,), found.note)


def decoded(source: Source) -> Decoded:
    """Decode a file that must not be empty. Raises ValueError as `decode`, and for an empty one."""
    found = decode(source.data, encoding=source.encoding)
    if not found.text or found.text.isspace():
        raise ValueError("is empty: there is nothing to index")
    return found
