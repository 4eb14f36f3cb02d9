"""TEXTS <-> ARRAYS: a text is found by its CRC-32, a number leads to its text.

Tables of a file share a prefix: `{name}_blob` (UTF-8), `_offsets`, `_codes` (the CRC-32 of each
text, in order) with `_ids`, and `_order` (the numbers in the order of the texts' bytes, which for
UTF-8 is that of code points).
"""

from __future__ import annotations

import zlib
from bisect import bisect_left
from itertools import pairwise
from typing import TYPE_CHECKING

import numpy as np

from searchdb.backends.whoosh.blocks import damaged

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from searchdb.backends.whoosh.blocks import ArrayFile, ArrayWriter

__all__ = ["Strings", "write_blobs", "write_strings"]


def write_blobs(file: ArrayWriter, name: str, blobs: Sequence[bytes]) -> None:
    """Write byte strings by number."""
    offsets = np.zeros(len(blobs) + 1, dtype=np.int64)
    np.cumsum([len(each) for each in blobs], out=offsets[1:])
    file.add(f"{name}_offsets", "u8", offsets)
    file.add(f"{name}_blob", "u1", np.frombuffer(b"".join(blobs), dtype=np.uint8))


def write_strings(file: ArrayWriter, name: str, texts: Sequence[str]) -> None:
    """Write different texts by number, with the tables that find them."""
    blobs = [text.encode("utf-8") for text in texts]
    write_blobs(file, name, blobs)
    codes = np.array([zlib.crc32(each) for each in blobs], dtype=np.uint32)
    ids = np.argsort(codes, kind="stable")
    file.add(f"{name}_codes", "u4", codes[ids])
    file.add(f"{name}_ids", "u4", ids)
    file.add(f"{name}_order", "u4", np.array(sorted(range(len(blobs)), key=blobs.__getitem__)))


class Strings:
    """A table of different texts in a file."""

    __slots__ = ("_blob", "_bounds", "_codes", "_ids", "_name", "_offsets", "_order")

    def __init__(self, file: ArrayFile, name: str) -> None:
        self._name = file.name
        self._bounds: memoryview | None = None
        self._blob = file[f"{name}_blob"]
        self._offsets = file[f"{name}_offsets"]
        self._codes = file[f"{name}_codes"]
        self._ids = file[f"{name}_ids"]
        self._order = file[f"{name}_order"]
        size = len(self._codes)
        if {len(self._ids), len(self._order), len(self._offsets) - 1} != {size}:
            raise damaged(file.name)

    def __len__(self) -> int:
        return len(self._codes)

    def raw(self, number: int) -> bytes:
        """The UTF-8 of text `number`."""
        offsets = self._bounds or self._checked()
        try:
            begin, end = offsets[number], offsets[number + 1]
        except IndexError as error:
            raise damaged(self._name) from error
        return self._blob.raw(begin, end)

    def _checked(self) -> memoryview:
        """Where each text begins, and the last one ends."""
        values = self._offsets.whole()
        if bool((values[1:] < values[:-1]).any()) or int(values[-1]) > len(self._blob):
            raise damaged(self._name)
        self._bounds = self._offsets.view
        return self._bounds

    def text(self, number: int) -> str:
        """Text `number`."""
        try:
            return self.raw(number).decode("utf-8")
        except UnicodeDecodeError as error:
            raise damaged(self._name) from error

    def texts(self) -> list[str]:
        """All texts by number."""
        blob, offsets = self._blob.whole().tobytes(), self._checked().tolist()
        try:
            return [blob[begin:end].decode("utf-8") for begin, end in pairwise(offsets)]
        except UnicodeDecodeError as error:
            raise damaged(self._name) from error

    def find(self, text: str) -> int:
        """The number of this very text, -1 if it is not there."""
        raw = text.encode("utf-8", "surrogatepass")
        code, codes = zlib.crc32(raw), self._codes.view
        place = bisect_left(codes, code)
        while place < len(codes) and codes[place] == code:
            number = self._ids.view[place]
            if self.raw(number) == raw:
                return int(number)
            place += 1
        return -1

    def rank(self, raw: bytes) -> int:
        """How many texts come before this one."""
        return bisect_left(range(len(self)), raw, key=lambda rank: self.raw(self.at(rank)))

    def at(self, rank: int) -> int:
        """The number of the text that comes `rank`-th in the order of bytes."""
        return int(self._order.view[rank])

    def starting(self, prefix: str) -> Iterator[int]:
        """The numbers of the texts that start with a prefix, in the order of bytes."""
        raw = prefix.encode("utf-8", "surrogatepass")
        for rank in range(self.rank(raw), len(self)):
            number = self.at(rank)
            if not self.raw(number).startswith(raw):
                return
            yield number
