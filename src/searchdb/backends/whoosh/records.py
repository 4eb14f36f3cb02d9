"""A DOCUMENT <-> BYTES: what is kept of it for showing, as compressed JSON.

Short texts of one language compress about twice as well against a dictionary of what is usual in
their collection; the documents of a segment share one.
"""

from __future__ import annotations

import json
import zlib
from typing import TYPE_CHECKING

from searchdb.model import Passage, StoredDocument

if TYPE_CHECKING:
    from collections.abc import Sequence

__all__ = ["compressed", "dictionary", "dumped", "loaded", "restored"]

_LEVEL = 4
"""Level 6 makes the texts of news 4 % smaller and takes nearly twice the time."""
_WINDOW = 1 << 15
"""Bytes that a dictionary may have: as far as deflate looks back."""
_SAMPLE = 600
"""Bytes of a document that go into a dictionary."""
_LONGEST = 1 << 30
"""Bytes that a document may have: few bytes can be made to ask for more memory than there is."""
_WORTH_IT = 1 << 18
"""Bytes of texts below which a dictionary costs more than it saves."""


def dumped(stored: StoredDocument) -> bytes:
    """The document as JSON; `loaded` is the way back."""
    fields = {
        "id": stored.id,
        "text": stored.text,
        "title": stored.title,
        "date": stored.date,
        "source": stored.source,
        "meta": dict(stored.meta),
        "passages": [(each.start, each.end, int(each.furniture)) for each in stored.passages],
    }
    return json.dumps(fields, ensure_ascii=False, separators=(",", ":")).encode("utf-8")


def loaded(data: bytes) -> StoredDocument:
    """The document that `dumped` wrote. Raises ValueError, KeyError or TypeError for others."""
    fields = json.loads(data)
    fields["passages"] = tuple(
        Passage(start, end, bool(furniture)) for start, end, furniture in fields["passages"]
    )
    found = StoredDocument(**fields)
    texts = [found.id, found.text, found.title]
    texts += [each for each in (found.date, found.source) if each is not None]
    places = [0, *(place for each in found.passages for place in (each.start, each.end))]
    if (
        not all(isinstance(each, str) for each in texts)
        or not isinstance(found.meta, dict)
        or not 0 <= min(places) <= max(places) <= len(found.text)
        or not all(isinstance(place, int) for place in places)
    ):
        raise ValueError("stored document")
    return found


def dictionary(documents: Sequence[bytes], usual: bytes) -> bytes:
    """What to compress these documents with: the dictionary in use, or a new one if there is none.

    It is made of the beginnings of some of them, evenly spread.
    """
    if sum(map(len, documents)) < _WORTH_IT:
        return b""
    step = max(1, len(documents) * _SAMPLE // _WINDOW)
    return usual or b"".join(each[:_SAMPLE] for each in documents[::step])[:_WINDOW]


def compressed(data: bytes, usual: bytes) -> bytes:
    """Deflate a document."""
    if not usual:
        return zlib.compress(data, _LEVEL, -15)
    packer = zlib.compressobj(_LEVEL, zlib.DEFLATED, -15, zdict=usual)
    return packer.compress(data) + packer.flush()


def restored(data: bytes, usual: bytes) -> bytes:
    """The way back. Raises ValueError where it is not whole."""
    opener = zlib.decompressobj(-15, zdict=usual) if usual else zlib.decompressobj(-15)
    try:
        found = opener.decompress(data, _LONGEST)
    except zlib.error as error:
        raise ValueError("stored document") from error
    if not opener.eof:
        raise ValueError("stored document")
    return found
