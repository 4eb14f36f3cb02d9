"""A DOCUMENT <-> BYTES: what is kept of it for showing, as compressed JSON.

Short texts of one language compress about twice as well against a dictionary of what is usual in
their collection; the documents of a segment share one.
"""

from __future__ import annotations

import json
import zlib

from searchdb.model import Passage, StoredDocument

__all__ = ["Packer", "Packing", "dumped", "loaded", "restored"]

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
_TELLING = 1 << 21
"""Bytes of texts that a dictionary is made of: of 3 MB it saves as much as of all, of 1 MB 4 % of
the compressed texts less."""


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


class Packer:
    """Deflates documents against a dictionary, against none if that is empty."""

    def __init__(self, dictionary: bytes) -> None:
        self.dictionary = dictionary
        if dictionary:
            self._begun = zlib.compressobj(_LEVEL, zlib.DEFLATED, -15, zdict=dictionary)
        else:
            self._begun = zlib.compressobj(_LEVEL, zlib.DEFLATED, -15)

    def __reduce__(self) -> tuple[type[Packer], tuple[bytes]]:
        """All else is made of the dictionary."""
        return Packer, (self.dictionary,)

    def __call__(self, stored: StoredDocument) -> bytes:
        """What is kept of a document."""
        return self.deflated(dumped(stored))

    def deflated(self, data: bytes) -> bytes:
        """A document that was dumped, compressed."""
        packing = self._begun.copy()  # quicker than to read the dictionary again
        return packing.compress(data) + packing.flush()


class Packing:
    """Documents compressed one by one against a dictionary: the one in use, or one of their own.

    That is made of the beginnings of the first of them, evenly spread; until there are enough the
    documents wait, and few go without one. `packer` is None as long as they wait.
    """

    def __init__(self, usual: bytes = b"") -> None:
        self.packer: Packer | None = None
        self._usual = usual
        self._waiting: list[bytes] = []
        self._size = 0
        self._packed: list[bytes] = []

    @property
    def dictionary(self) -> bytes:
        """What the documents are compressed against; empty as long as they wait."""
        return self.packer.dictionary if self.packer else b""

    def add(self, stored: StoredDocument, packed: bytes | None = None) -> None:
        """Take in a document, and what `packer` made of it where that is known already."""
        if self.packer is not None:
            self._packed.append(self.packer(stored) if packed is None else packed)
            return
        data = dumped(stored)
        self._waiting.append(data)
        self._size += len(data)
        if self._size >= (_WORTH_IT if self._usual else _TELLING):
            self.packer = self._begun()

    def _begun(self) -> Packer:
        """Settle on the dictionary."""
        waiting, self._waiting = self._waiting, []
        dictionary = b""
        if self._size >= _WORTH_IT:
            step = max(1, len(waiting) * _SAMPLE // _WINDOW)
            made = b"".join(each[:_SAMPLE] for each in waiting[::step])[:_WINDOW]
            dictionary = self._usual or made
        packer = Packer(dictionary)
        self._packed += map(packer.deflated, waiting)
        return packer

    def packed(self) -> list[bytes]:
        """All of the documents in order, compressed."""
        self.packer = self.packer or self._begun()
        return self._packed


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
