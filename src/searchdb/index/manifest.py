"""The identity of an index: which format, which analysis, which files make up the newest commit.

The manifest is the one commit point: a commit is visible when its manifest has taken the place of
the one before, and nothing is ever decided from what an engine says of itself. It is JSON read from
a folder that anyone may have written to, so every field is checked before it is believed; its own
checksum tells a damaged one.
"""

from __future__ import annotations

import json
import re
import zlib
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field

from searchdb.errors import IndexCorruptError, IndexOutdatedError

__all__ = ["FORMAT_VERSION", "MANIFEST_NAME", "Manifest", "ManifestFile"]

FORMAT_VERSION = 2
"""Raised whenever the files of an index change their meaning."""

MANIFEST_NAME = "manifest.json"

_FILE_NAME = re.compile(r"[A-Za-z0-9_][A-Za-z0-9_.]{0,200}")

_LONGEST = 16 * 1024 * 1024
"""A manifest of a million files is smaller than this; a longer one is not ours."""


@dataclass(frozen=True, slots=True)
class ManifestFile:
    """Size in bytes and CRC-32 of one live file."""

    size: int
    crc32: int


@dataclass(frozen=True, slots=True)
class Manifest:
    """What one commit is made of.

    `fingerprint` names the analysis, `base` the folder that file ids are relative to (as a POSIX
    path relative to the index folder where that is possible), `files` the live files by name.
    """

    fingerprint: str
    base: str = ""
    generation: int = 0
    documents: int = 0
    passages: int = 0
    from_files: int = 0
    files: Mapping[str, ManifestFile] = field(default_factory=dict)
    format: int = FORMAT_VERSION

    def dumps(self) -> bytes:
        """The manifest as it is written: UTF-8 JSON, sorted, one field a line, with its CRC-32."""
        fields = asdict(self)
        return _written({**fields, "crc32": zlib.crc32(_written(fields))})

    @classmethod
    def loads(cls, data: bytes) -> Manifest:
        """Read what `dumps` wrote. Raises IndexCorruptError or IndexOutdatedError."""
        try:
            fields = json.loads(data[:_LONGEST])
            found = _count(fields["format"])
            # Format 1 had no checksum. Another one of ours has every byte as it was written.
            sound = found == 1 or (
                data == _written(fields) and fields.pop("crc32") == zlib.crc32(_written(fields))
            )
        except (ValueError, KeyError, TypeError, RecursionError):
            raise _damaged() from None
        if not sound:
            raise _damaged()
        if found != FORMAT_VERSION:
            message = (
                f"the index has format {found}, this searchdb writes format {FORMAT_VERSION}: "
                "run `searchdb rebuild`"
            )
            raise IndexOutdatedError(message, found=str(found), wanted=str(FORMAT_VERSION))
        try:
            files = {
                _file_name(name): ManifestFile(_count(entry["size"]), _count(entry["crc32"]))
                for name, entry in fields["files"].items()
            }
            return cls(
                fingerprint=_text(fields["fingerprint"]),
                base=_text(fields["base"]),
                generation=_count(fields["generation"]),
                documents=_count(fields["documents"]),
                passages=_count(fields["passages"]),
                from_files=_count(fields["from_files"]),
                files=files,
            )
        except (ValueError, KeyError, TypeError, AttributeError):
            raise _damaged() from None


def _written(fields: Mapping[str, object]) -> bytes:
    return (json.dumps(fields, ensure_ascii=False, indent=1, sort_keys=True) + "\n").encode()


def _damaged() -> IndexCorruptError:
    message = f"{MANIFEST_NAME} is damaged: run `searchdb check --repair` or `searchdb rebuild`"
    return IndexCorruptError(message, file=MANIFEST_NAME)


def _count(value: object) -> int:
    if not isinstance(value, int) or isinstance(value, bool) or value < 0:
        raise ValueError(value)
    return value


def _text(value: object) -> str:
    if not isinstance(value, str):
        raise TypeError(value)
    return value


def _file_name(value: str) -> str:
    """A plain name inside the index folder: no way out of it."""
    if not _FILE_NAME.fullmatch(value):
        raise ValueError(value)
    return value
