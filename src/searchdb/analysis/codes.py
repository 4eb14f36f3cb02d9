"""A normalized stretch without white space in, its pieces out: syllables, numbers, parts of codes.

Letters and digits part (TW4 is `TW` and `4`), so that `03-CT/TW`, `03 ct tw` and `03-CT/TƯ` meet
piece by piece. Numbers have one key whatever their dress: 5.700 is 5700, 03 is 3. Law: every
letter and digit is in exactly one piece, pieces are in order, and no piece is longer than
`LONGEST`.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass

from searchdb.analysis.forms import ALL, NormalForms

__all__ = ["LONGEST", "Piece", "split"]

LONGEST = 64
"""In characters. A longer run of letters is no word; cutting it bounds the terms of the index."""

_THOUSANDS = re.compile(r"(?<![\d.,])\d{1,3}(?:\.\d{3})+(?![\d]|[.,]\d)")
_RUN = re.compile(r"\d+|[^\W\d_]+")
_MIXED_RUN = re.compile(r"[^\W_]+")
_CONNECTORS = frozenset("-\u2010\u2011\u2013/._&+@'\u2019")
_CONNECTORS_OF_DIGITS = frozenset(":,")
_IDEOGRAPH = re.compile("[\u3040-\u30ff\u3400-\u9fff]")
"""Han and kana are written without spaces: each character is a token, phrases do the rest."""
_FIRST_MARK = "\u0300"
"""No mark has a lower number (Unicode)."""
_LEADING_ZERO = re.compile(r"0(\d)")


@dataclass(frozen=True, slots=True)
class Piece:
    """`[start, end)` of the stretch, the text to make keys of, and how it hangs together.

    `joined` says that the piece and the one before it are parts of one code or compound spelling.
    """

    start: int
    end: int
    text: str
    number: bool
    joined: bool


def split(chunk: str, forms: NormalForms = ALL) -> tuple[Piece, ...]:
    """The pieces of a stretch in normal form; time linear in its length."""
    if chunk.isalpha() and len(chunk) <= LONGEST and not _IDEOGRAPH.search(chunk):
        # Most are one syllable.
        return (Piece(0, len(chunk), chunk, number=False, joined=False),)
    pieces: list[Piece] = []
    for start, end, number in _runs(chunk, forms):
        text = chunk[start:end]
        if number and forms.numbers:
            text = text.replace(".", "")
            text = _LEADING_ZERO.sub(r"\1", text) if len(text) == 2 else text  # noqa: PLR2004
        joined = bool(pieces) and _joins(chunk, pieces[-1], start, number=number)
        pieces.append(Piece(start, end, text, number, joined))
    return tuple(pieces)


def _runs(chunk: str, forms: NormalForms) -> list[tuple[int, int, bool]]:
    """Start, end and whether it is a number, of every piece."""
    thousands = _THOUSANDS.finditer(chunk) if forms.numbers and "." in chunk else ()
    grouped = {match.start(): match.end() for match in thousands}
    found: list[tuple[int, int, bool]] = []
    done = 0
    for match in (_RUN if forms.codes else _MIXED_RUN).finditer(chunk):
        start, end = match.span()
        if start < done:
            continue
        number = match[0].isdecimal()
        end = _with_marks(chunk, grouped.get(start, end))
        done = end
        if (
            not number
            and found
            and found[-1][1] == start
            and not found[-1][2]
            and _marked(chunk, start)
        ):
            start = found.pop()[0]
        found.extend(_cut(chunk, start, end, number=number))
    return found


def _with_marks(chunk: str, end: int) -> int:
    """Past the combining marks that follow: they belong to the letter before them."""
    while (
        end < len(chunk)
        and chunk[end] >= _FIRST_MARK
        and unicodedata.category(chunk[end]).startswith("M")
    ):
        end += 1
    return end


def _marked(chunk: str, start: int) -> bool:
    """Whether a mark that no letter takes in stands before `start`, inside a run of letters."""
    return start > 0 and unicodedata.category(chunk[start - 1]).startswith("M")


def _cut(chunk: str, start: int, end: int, *, number: bool) -> list[tuple[int, int, bool]]:
    """The run, ideographs one by one, and cut where it passes the longest piece."""
    if end - start <= LONGEST and not _IDEOGRAPH.search(chunk, start, end):
        return [(start, end, number)]
    pieces: list[tuple[int, int, bool]] = []
    begin = start
    for index in range(start, end):
        beside = _IDEOGRAPH.search(chunk, max(index - 1, begin), index + 1)
        if begin < index and (beside or index - begin >= LONGEST):
            pieces.append((begin, index, number))
            begin = index
    pieces.append((begin, end, number))
    return pieces


def _joins(chunk: str, previous: Piece, start: int, *, number: bool) -> bool:
    """Whether what stands between two pieces holds them together."""
    between = chunk[previous.end : start]
    if not between:
        return True
    if between in _CONNECTORS:
        return True
    return between in _CONNECTORS_OF_DIGITS and previous.number and number
