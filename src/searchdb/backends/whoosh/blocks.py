"""NAMED ARRAYS <-> ONE FILE: little-endian, 8-byte aligned, memory-mapped, a checksum a block.

Layout: magic (8 bytes), the arrays one after another, the CRC-32 of each block of `BLOCK` bytes so
far (u4), the directory (JSON: name -> [dtype, count, offset]), the footer. Law: a byte is compared
with its checksum before anyone computes with it, and at most once per array; what does not match
raises IndexCorruptError. That a file is the one its commit wrote is the manifest's business.
"""

from __future__ import annotations

import json
import mmap
import struct
import zlib
from typing import TYPE_CHECKING, Any, Self

import numpy as np

from searchdb.errors import IndexCorruptError
from searchdb.index.manifest import ManifestFile

if TYPE_CHECKING:
    from pathlib import Path
    from types import TracebackType

    from numpy.typing import NDArray

__all__ = ["BLOCK", "Array", "ArrayFile", "ArrayWriter", "damaged"]

BLOCK = 1 << 16
"""Bytes that share a checksum: read whole at the first touch of one of them, in about 40 us."""

_MAGIC = b"SDBARR\x02\n"
_FOOTER = struct.Struct("<QQII8s")
"""Where the checksums begin, where the directory begins, its length, the CRC-32 of both and of the
three numbers before, magic."""
_SHIFT = 16
_ALIGN = 8
_DTYPES: dict[str, np.dtype[Any]] = {
    "u1": np.dtype("u1"),
    "u2": np.dtype("<u2"),
    "u4": np.dtype("<u4"),
    "u8": np.dtype("<u8"),
}


def damaged(name: str) -> IndexCorruptError:
    """The error for a file that is not as it was written."""
    message = f"{name} of the index is damaged: run `searchdb check --repair` or `searchdb rebuild`"
    return IndexCorruptError(message, file=name)


class ArrayWriter:
    """Writes a file of arrays, each whole or piece by piece. Raises OSError.

    Leaving the `with` block ends the file; after an exception it is no array file.
    """

    def __init__(self, path: Path) -> None:
        self._file = path.open("wb")
        self._directory: dict[str, tuple[str, int, int]] = {}
        self._crcs: list[int] = []
        self._crc = 0
        self._size = 0
        self._checksum = 0
        self._write(memoryview(_MAGIC))

    @property
    def measured(self) -> ManifestFile:
        """Size and checksum of the file, once it is ended."""
        return ManifestFile(self._size, self._checksum)

    def begin(self, name: str, dtype: str) -> None:
        """Begin an array of u1, u2, u4 or u8; what `extend` is given next is in it."""
        self._write(memoryview(bytes(-self._size % _ALIGN)))
        self._directory[name] = (dtype, 0, self._size)

    def extend(self, values: NDArray[Any]) -> None:
        """Append to the array begun last; values are cast to its type and must fit."""
        name, (dtype, count, offset) = next(reversed(self._directory.items()))
        data: Any = np.ascontiguousarray(values, dtype=_DTYPES[dtype])
        self._directory[name] = (dtype, count + len(data), offset)
        self._write(memoryview(data).cast("B") if len(data) else memoryview(b""))

    def add(self, name: str, dtype: str, values: NDArray[Any]) -> None:
        """Write a whole array."""
        self.begin(name, dtype)
        self.extend(values)

    def _write(self, data: memoryview) -> None:
        """Write bytes, adding up the checksums of the blocks they fall into."""
        self._file.write(data)
        self._checksum = zlib.crc32(data, self._checksum)
        place = 0
        while place < len(data):
            room = BLOCK - (self._size & (BLOCK - 1))
            piece = data[place : place + room]
            self._crc = zlib.crc32(piece, self._crc)
            self._size += len(piece)
            place += len(piece)
            if len(piece) == room:
                self._crcs.append(self._crc)
                self._crc = 0

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        with self._file:
            if kind is None:
                self._end()

    def _end(self) -> None:
        self._write(memoryview(bytes(-self._size % _ALIGN)))
        begin = self._size
        if begin & (BLOCK - 1):
            self._crcs.append(self._crc)
        table = np.array(self._crcs, dtype="<u4").tobytes()
        directory = json.dumps(self._directory).encode()
        numbers = struct.pack("<QQI", begin, begin + len(table), len(directory))
        crc = zlib.crc32(numbers, zlib.crc32(table + directory))
        tail = table + directory + numbers + struct.pack("<I", crc) + _MAGIC
        self._file.write(tail)
        self._checksum = zlib.crc32(tail, self._checksum)
        self._size += len(tail)


class ArrayFile:
    """The arrays of a file. Raises OSError, and IndexCorruptError where it is no such file."""

    def __init__(self, path: Path) -> None:
        self.name = path.name
        try:
            with path.open("rb") as file:
                self._map = mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ)
            self._read()
        except (ValueError, LookupError, TypeError, AttributeError, struct.error) as error:
            raise damaged(self.name) from error
        except RecursionError as error:
            raise damaged(self.name) from error

    def _read(self) -> None:
        data = self._map
        begin, place, length, crc, magic = _FOOTER.unpack(data[-_FOOTER.size :])
        ends = len(data) - _FOOTER.size
        if magic != _MAGIC or data[: len(_MAGIC)] != _MAGIC or not begin <= place <= ends:
            raise ValueError("no array file")
        sums, directory = data[begin:place], data[place : place + length]
        numbers = struct.pack("<QQI", begin, place, length)
        if place + length != ends or crc != zlib.crc32(numbers, zlib.crc32(sums + directory)):
            raise ValueError("footer")
        self._crcs = np.frombuffer(sums, dtype="<u4").tolist()
        self._end = begin
        if len(self._crcs) != -(-begin // BLOCK):
            raise ValueError("checksums")
        self._arrays = {name: self._array(*entry) for name, entry in json.loads(directory).items()}

    def _array(self, kind: str, count: int, offset: int) -> Array:
        dtype = _DTYPES[kind]
        if not (0 <= offset <= offset + count * dtype.itemsize <= self._end) or offset % _ALIGN:
            raise ValueError("directory")
        values = np.frombuffer(self._map, dtype=dtype, count=count, offset=offset)
        return Array(self, values, offset)

    def __getitem__(self, name: str) -> Array:
        """The array of that name."""
        try:
            return self._arrays[name]
        except KeyError as error:
            raise damaged(self.name) from error

    def __contains__(self, name: str) -> bool:
        return name in self._arrays

    def raw(self, begin: int, end: int) -> bytes:
        """The bytes of the file from `begin` to `end`, not verified."""
        return self._map[begin:end]

    def verify(self, block: int) -> None:
        """Compare a block with its checksum. Raises IndexCorruptError."""
        begin = block << _SHIFT
        data = memoryview(self._map)[begin : min(begin + BLOCK, self._end)]
        if zlib.crc32(data) != self._crcs[block]:
            raise damaged(self.name)


class Array:
    """One array of a file, read-only; `values` itself has not been compared with checksums."""

    __slots__ = ("_file", "_offset", "_seen", "_size", "_view", "values")

    def __init__(self, file: ArrayFile, values: NDArray[Any], offset: int) -> None:
        self.values = values
        self._file = file
        self._offset = offset
        self._size = values.itemsize
        first = offset >> _SHIFT
        last = (offset + max(values.nbytes, 1) - 1) >> _SHIFT
        self._seen = bytearray(last - first + 1)
        self._view: memoryview | None = None

    def __len__(self) -> int:
        return len(self.values)

    def part(self, begin: int, end: int) -> NDArray[Any]:
        """The values from `begin` to `end`, verified."""
        if begin < end:
            base = self._offset >> _SHIFT
            low = ((self._offset + begin * self._size) >> _SHIFT) - base
            high = ((self._offset + end * self._size - 1) >> _SHIFT) - base
            block = self._seen.find(0, low, high + 1)
            while block >= 0:
                self._file.verify(block + base)
                self._seen[block] = 1
                block = self._seen.find(0, block + 1, high + 1)
        return self.values[begin:end]

    def raw(self, begin: int, end: int) -> bytes:
        """The same of an array of bytes, as bytes: for a few of them several times faster."""
        if begin >= end:
            return b""
        base = self._offset >> _SHIFT
        begin, end = self._offset + begin, self._offset + end
        if begin >> _SHIFT != end >> _SHIFT or not self._seen[(begin >> _SHIFT) - base]:
            return self.part(begin - self._offset, end - self._offset).tobytes()
        return self._file.raw(begin, end)

    def verify(self, begins: NDArray[Any], ends: NDArray[Any]) -> None:
        """Verify many ranges of values at once; empty ones are passed over."""
        if self._seen.find(0) < 0:
            return
        some = begins < ends
        base = self._offset >> _SHIFT
        low = ((self._offset + begins[some].astype(np.int64) * self._size) >> _SHIFT) - base
        high = ((self._offset + ends[some].astype(np.int64) * self._size - 1) >> _SHIFT) - base
        for first, last in set(zip(low.tolist(), high.tolist(), strict=True)):
            block = self._seen.find(0, first, last + 1)
            while block >= 0:
                self._file.verify(block + base)
                self._seen[block] = 1
                block = self._seen.find(0, block + 1, last + 1)

    def whole(self) -> NDArray[Any]:
        """All values, verified."""
        return self.part(0, len(self.values))

    @property
    def view(self) -> memoryview:
        """All values, verified, to be read one by one: as integers, several times faster."""
        if self._view is None:
            self._view = memoryview(self.whole())  # type: ignore[arg-type] # it has a buffer
        return self._view
