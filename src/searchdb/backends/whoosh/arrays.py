"""NAMED ARRAYS <-> ONE FILE: little-endian, 8-byte aligned, memory-mapped on the way back.

Layout: magic (8 bytes), length of the directory (u4), directory (JSON: name -> [dtype, count,
offset]), padding, data. A file is believed only as far as its directory fits its size; whether
its bytes are the ones written is the manifest's business.
"""

from __future__ import annotations

import json
import struct
from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from numpy.typing import NDArray

__all__ = ["read_arrays", "write_arrays"]

_MAGIC = b"SDBARR\x01\n"
_DTYPES: dict[str, np.dtype[Any]] = {
    "u1": np.dtype("u1"),
    "u4": np.dtype("<u4"),
    "u8": np.dtype("<u8"),
    "i8": np.dtype("<i8"),
}
_ALIGN = 8


def write_arrays(path: Path, arrays: Mapping[str, NDArray[Any]]) -> None:
    """Write one-dimensional arrays of u1, u4, u8 or i8. Raises OSError."""
    directory: dict[str, tuple[str, int, int]] = {}
    offset = 0
    for name, array in arrays.items():
        directory[name] = (array.dtype.str.lstrip("<|"), len(array), offset)
        offset += -(-array.nbytes // _ALIGN) * _ALIGN
    head = json.dumps(directory).encode()
    head += b" " * (-(len(_MAGIC) + 4 + len(head)) % _ALIGN)
    with path.open("wb") as file:
        file.write(_MAGIC + struct.pack("<I", len(head)) + head)
        for array in arrays.values():
            file.write(array.tobytes())
            file.write(b"\0" * (-array.nbytes % _ALIGN))


def read_arrays(path: Path) -> dict[str, NDArray[Any]]:
    """The arrays of a file, read-only, backed by it. Raises OSError, or ValueError if damaged."""
    data = np.memmap(path, mode="r", dtype=np.uint8).view(np.ndarray)
    start = len(_MAGIC) + 4
    if data[: len(_MAGIC)].tobytes() != _MAGIC or len(data) < start:
        raise ValueError("no array file")
    base = start + struct.unpack("<I", data[len(_MAGIC) : start].tobytes())[0]
    directory = json.loads(data[start:base].tobytes())
    arrays: dict[str, NDArray[Any]] = {}
    for name, (kind, count, offset) in directory.items():
        dtype = _DTYPES[kind]
        begin, end = base + offset, base + offset + count * dtype.itemsize
        if not 0 <= base <= begin <= end <= len(data) or begin % _ALIGN:
            raise ValueError(name)
        arrays[name] = data[begin:end].view(dtype)
    return arrays
