r"""The bytes of a text file in, its text and the name of its encoding out.

Laws: line ends become \n ("\r\n" and a lone "\r" alike) and a byte order mark goes, everything
else stays as written (decomposed text too); whatever is not certain is said in a note.
"""

from __future__ import annotations

import codecs
import re
from dataclasses import dataclass, replace

__all__ = ["Decoded", "decode"]

# UTF-32 before UTF-16: the little-endian mark of the one begins with that of the other.
_MARKS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
_GUESSES = ["cp1258", "cp1252"]
_SAMPLE = 1 << 16
_BROKEN = 4
"""One broken character in so many (of those beyond ASCII, for UTF-8) is damage; more are another
encoding, in which next to no character reads as valid UTF-8 by chance."""

_CONTROLS = re.compile(r"[\x01-\x08\x0e-\x1f\x7f]")
_CONTROL_SHARE = 20
"""Random bytes are one in ten control characters, text next to none. C1 controls do not count:
text decoded wrongly elsewhere is full of them, and it is still text."""

# What Vietnamese and other Latin text is made of. In the wrong byte order a space is U+2000 and
# the letters land outside the Latin blocks, so the two orders cannot be mistaken.
_LATIN = re.compile(r"[\t\n\r -\u024f\u0300-\u036f\u1e00-\u1eff\u2010-\u203a\u20ab\ufeff]+")
_LATIN_SHARE = 0.7

_HALF = re.compile(r"[\ud800-\udfff]")
_BINARY = "looks like a binary file, not text; if it is text, name its encoding with --encoding"


@dataclass(frozen=True, slots=True)
class Decoded:
    """A text, the name of the encoding it was in, and a sentence where that was not certain."""

    text: str
    encoding: str
    note: str | None = None


def decode(data: bytes, *, encoding: str = "auto") -> Decoded:
    """Decode a whole file.

    "auto" tries, in this order: byte order marks; UTF-16 without one (by its zero bytes); UTF-8;
    UTF-8 with a few damaged characters, which become U+FFFD; a guess among cp1258 and cp1252.
    A named encoding is taken strictly at its word. Raises ValueError, its message a reason that
    names the fix, for an unknown name, undecodable bytes and content that is no text.
    """
    found = _detect(data) if encoding == "auto" else _named(data, encoding)
    text = found.text.removeprefix("\ufeff").replace("\r\n", "\n").replace("\r", "\n")
    start = text[:_SAMPLE]
    if "\0" in text or len(_CONTROLS.findall(start)) * _CONTROL_SHARE > len(start):
        raise ValueError(_BINARY)
    return replace(found, text=text)


def _detect(data: bytes) -> Decoded:
    marked = next((name for mark, name in _MARKS if data.startswith(mark)), None)
    if marked is None and b"\0" in data:
        marked = _byte_order(data)
    if marked is not None:
        found, broken = _mended(data, marked)
        if broken * _BROKEN > len(found.text):
            raise ValueError(f"begins like {marked} but is not: name its encoding with --encoding")
        return found
    found, broken = _mended(data, "utf-8")
    beyond_ascii = len(found.text) - len(found.text.encode("ascii", "ignore")) if broken else 0
    return found if broken * _BROKEN <= beyond_ascii else _guess(data)


def _byte_order(data: bytes) -> str:
    """Name the UTF-16 in which bytes that hold zeros read as Latin text."""
    for name in ("utf-16-le", "utf-16-be"):
        text = data[:_SAMPLE].decode(name, "replace")
        if sum(map(len, _LATIN.findall(text))) >= _LATIN_SHARE * len(text):
            return name
    raise ValueError(_BINARY)


def _mended(data: bytes, encoding: str) -> tuple[Decoded, int]:
    """Decode with U+FFFD for what is broken; the second value counts them."""
    try:
        return Decoded(data.decode(encoding), encoding), 0
    except UnicodeDecodeError as error:
        note = f"is not valid {encoding} (first at byte {error.start}): unreadable parts became �"
        found = Decoded(data.decode(encoding, "replace"), encoding, note)
        return found, max(1, found.text.count("\ufffd"))


def _guess(data: bytes) -> Decoded:
    """Judge by a bounded sample about the first byte beyond ASCII, then decode everything."""
    from searchdb.readers import legacy  # noqa: PLC0415 - tables that few files need

    old = legacy.decode(data)
    if old is not None and old.encoding is not None:
        note = f"read as {old.encoding} and converted to Unicode: --encoding names another"
        return Decoded(old.text, old.encoding, note)
    from charset_normalizer import from_bytes  # noqa: PLC0415 - 50 ms that few files need

    beyond_ascii = re.search(rb"[\x80-\xff]", data)
    start = max(0, beyond_ascii.start() - 1024) if beyond_ascii else 0
    for match in from_bytes(data[start : start + _SAMPLE], cp_isolation=_GUESSES):
        note = f"read as {match.encoding}, a guess: --encoding names another"
        try:
            return Decoded(data.decode(match.encoding), match.encoding, note)
        except UnicodeDecodeError:
            continue
    raise ValueError("its encoding is not recognized: name it with --encoding, or save it as UTF-8")


def _named(data: bytes, encoding: str) -> Decoded:
    try:
        codecs.lookup(encoding)
    except (LookupError, ValueError):
        raise ValueError(_unknown(encoding)) from None
    try:
        text = data.decode(encoding)
    except LookupError:  # a codec, but one from bytes to bytes
        raise ValueError(_unknown(encoding)) from None
    except UnicodeError as error:
        place = f" at byte {error.start}" if isinstance(error, UnicodeDecodeError) else ""
        raise ValueError(f"is not valid {encoding}{place}: try --encoding auto") from None
    if _HALF.search(text):
        raise ValueError(f"holds half characters when read as {encoding}: try --encoding auto")
    return Decoded(text, encoding)


def _unknown(encoding: str) -> str:
    return f"cannot be read as {encoding!r}, an unknown encoding: try auto, utf-8, utf-16 or cp1258"
