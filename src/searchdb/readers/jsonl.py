"""JSON Lines in, documents out, one a line; a line that is none becomes a ReadError in its place.

Laws: nothing is raised for what is in the file, a bad line never hides a good one, and memory
holds one line at a time, whatever the size of the file.
"""

from __future__ import annotations

import gzip
import io
import json
import math
import os
import re
import zlib
from pathlib import Path
from typing import IO, TYPE_CHECKING, BinaryIO, cast

from searchdb.errors import ReadError
from searchdb.model import Document, MetaValue
from searchdb.readers.dates import day
from searchdb.readers.source import explain, shown

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from searchdb.model import Meta

__all__ = ["MAX_LINE", "read_jsonl"]

MAX_LINE = 256 * 2**20
"""In bytes. A longer line is an error and is passed over without being kept."""

_HOPELESS = 1000
"""So many bad lines before the first good one, and the file is not JSON Lines at all."""

_HALF = re.compile(r"[\ud800-\udfff]")
_HALF_ESCAPE = re.compile(r"\\u[dD][89a-fA-F]")
_UTF16 = (b"\xff\xfe", b"\xfe\xff")
_GZIP = b"\x1f\x8b"


def read_jsonl(
    source: str | os.PathLike[str] | BinaryIO, *, name: str | None = None
) -> Iterator[Document | ReadError]:
    """Yield a document or a ReadError for every line that is not blank, in order.

    A line is `{"id", "text", "title", "date", "meta", "source"}` (or `"url"` for the source), or
    BEIR's `{"_id", "text", "title", "metadata"}`; only id and text are demanded, other keys are
    passed over, and a number will do as an id. `title` missing asks for one to be looked for, ""
    says there is none. Texts stay as written, line ends too. UTF-8, with or without gzip, which
    is told by its first bytes and not by the suffix.

    `name` is what errors call the file (`name:line`), its path unless given; a stream that was
    passed in is left open. What stops the reading (a missing file, damaged gzip) is the last
    ReadError.
    """
    if not isinstance(source, str | os.PathLike):
        yield from _stream(source, name or "-")
        return
    path = Path(source)
    name = shown(name or path.as_posix())
    try:
        stream = path.open("rb")
    except OSError as error:
        reason = "is a folder: name a file in it" if path.is_dir() else explain(path, error)
        yield ReadError(name, reason)
    except ValueError:
        yield ReadError(name, "its name holds a zero byte: check the spelling")
    else:
        with stream:
            yield from _stream(stream, name)


def _stream(stream: BinaryIO, name: str) -> Iterator[Document | ReadError]:
    buffered = io.BufferedReader(cast("io.RawIOBase", stream))
    try:
        packed = buffered.peek(2).startswith(_GZIP)
        lines = gzip.GzipFile(fileobj=buffered) if packed else buffered
        yield from _documents(cast("IO[bytes]", lines), name)
    except OSError as error:
        yield ReadError(name, _damage(error))
    finally:
        buffered.detach()  # the stream is the caller's to close


def _documents(stream: IO[bytes], name: str) -> Iterator[Document | ReadError]:
    number = good = bad = 0
    try:
        for number, line in enumerate(_lines(stream), 1):
            if number == 1 and line and line.startswith(_UTF16):
                yield ReadError(name, "is UTF-16: save it as UTF-8")
                return
            try:
                document = _document(line)
            except ValueError as error:
                yield ReadError(f"{name}:{number}", str(error))
                bad += 1
            else:
                if document:
                    yield document
                    good += 1
            if bad == _HOPELESS and not good:
                yield ReadError(name, "is not JSON Lines: write one JSON object on each line")
                return
    except (EOFError, zlib.error, OSError) as error:
        yield ReadError(f"{name}:{number + 1}", _damage(error))
        return
    if not good and not bad:
        yield ReadError(name, "is empty: there is nothing to index")


def _damage(error: Exception) -> str:
    """Say why a stream cannot be read on."""
    if isinstance(error, EOFError):
        return "the gzip file is cut off here: fetch it again"
    if isinstance(error, gzip.BadGzipFile | zlib.error):
        return f"the gzip file is damaged here ({error}): fetch it again"
    return f"cannot be read on: {error}"


def _lines(stream: IO[bytes]) -> Iterator[bytes | None]:
    """Yield the lines, None for one that is too long."""
    while line := stream.readline(MAX_LINE + 1):
        if len(line) <= MAX_LINE:
            yield line
            continue
        while line and not line.endswith(b"\n"):
            line = stream.readline(1 << 20)
        yield None


def _document(line: bytes | None) -> Document | None:
    """Read one line, None for a blank one. Raises ValueError, its message the reason."""
    if line is None:
        raise ValueError(f"is longer than {MAX_LINE / 2**20:g} MB: split the document")
    if line.isspace():
        return None
    record = _record(line)
    source = record.get("source")
    date = _optional(record, "date")
    return Document(
        id=_id(record["_id"] if "_id" in record else record.get("id")),
        text=_text(record),
        title=_optional(record, "title"),
        date=day(date) if date else None,
        source=_optional(record, "url" if source is None else "source") or None,
        meta=_meta(record),
    )


def _record(line: bytes) -> Mapping[str, object]:
    try:
        text = line.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        message = f"is not valid UTF-8 (byte {error.start + 1} of the line): save it as UTF-8"
        raise ValueError(message) from None
    try:
        record = json.loads(text)
        # Only escapes can make half characters: as bytes they are no UTF-8.
        suspect = json.dumps(record, ensure_ascii=False) if _HALF_ESCAPE.search(text) else ""
    except json.JSONDecodeError as error:
        message = f"is not JSON: {error.msg} at character {error.pos + 1} of the line"
        raise ValueError(message) from None
    except RecursionError:
        raise ValueError("is nested too deeply: keep meta flat") from None
    except ValueError:  # Python's own limit on the digits of a whole number
        raise ValueError("holds a number with too many digits: write it as text") from None
    if _HALF.search(suspect):
        raise ValueError("holds half a character (a lone escape like \\ud83d): remove it")
    if not isinstance(record, dict):
        raise ValueError(f"is {_kind(record)}, not an object: write one object on each line")  # noqa: TRY004 - one kind of error for every bad line
    return record


def _id(value: object) -> str:
    if isinstance(value, int | float) and not isinstance(value, bool) and math.isfinite(value):
        return str(value)
    if isinstance(value, str):
        return value
    if value is None:
        raise ValueError('has no id: give each line an "id" (or "_id")')
    raise ValueError(f"its id is {_kind(value)}: use text or a number")


def _text(record: Mapping[str, object]) -> str:
    text = record.get("text")
    if text is None:
        raise ValueError('has no text: give each line a "text"')
    if not isinstance(text, str):
        raise ValueError(f"its text is {_kind(text)}: use text")  # noqa: TRY004 - as above
    title = record.get("title")
    if not text.strip() and not (isinstance(title, str) and title.strip()):
        raise ValueError("is empty: it has neither text nor title")
    return text


def _optional(record: Mapping[str, object], key: str) -> str | None:
    value = record.get(key)
    if value is None or isinstance(value, str):
        return value
    raise ValueError(f"its {key} is {_kind(value)}: use text or null")


def _meta(record: Mapping[str, object]) -> Meta:
    """Take `meta`, which must be right, else BEIR's `metadata`, if it happens to be plain."""
    meta = record.get("meta")
    if meta is None:
        metadata = record.get("metadata")
        plain = isinstance(metadata, dict) and all(map(_is_plain, metadata.values()))
        return cast("Meta", metadata) if plain else {}
    if not isinstance(meta, dict):
        raise ValueError(f"its meta is {_kind(meta)}: use an object of plain values")  # noqa: TRY004 - as above
    for key, value in meta.items():
        if not _is_plain(value):
            message = f"its meta field {key!r} is {_kind(value)}: use text, numbers, true or null"
            raise ValueError(message)
    return meta


def _is_plain(value: object) -> bool:
    return isinstance(value, MetaValue) and not (
        isinstance(value, float) and not math.isfinite(value)
    )


def _kind(value: object) -> str:
    """Say what JSON calls it."""
    if isinstance(value, bool):
        return "true or false"
    if isinstance(value, int | float):
        return "a number" if math.isfinite(value) else "a number beyond all bounds"
    names: dict[type, str] = {str: "text", list: "a list", dict: "an object"}
    return names.get(type(value), "null")
