"""A run of lines in, ranges of readable size out.

Law: the ranges are in order, disjoint, trimmed, no longer than `LIMIT`, and hold every letter and
digit of the run. Cuts fall on the best place near the middle of what is allowed: the end of a
paragraph, of a sentence, of a clause, of a line, of a word, and only then anywhere.
"""

from __future__ import annotations

import re
import unicodedata
from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator, Sequence
from itertools import pairwise

from searchdb.model import Range
from searchdb.passages.lines import FINAL, Line
from searchdb.passages.sentences import sentence_ends

__all__ = ["LARGEST", "LIMIT", "SMALLEST", "cut"]

SMALLEST, LARGEST, LIMIT = 400, 1_000, 1_500
"""Characters. A range is cut to between the first two; a paragraph up to `LIMIT` stays whole."""

_SCRAP = 150
"""Fewer characters than this (a byline, a last word) are not left over as a range of their own."""

_CLAUSE = re.compile(r";(?=\s)")
_SPACE = re.compile(r"\s")
_VISIBLE = re.compile(r"\S")
_WORDLIKE = re.compile(r"[^\W_]")
_ITEM = re.compile(r"[-+*] ?\S|(?:\d{1,3}|[a-z])[.)] ?\S")
_JOINER = "\u200d"


def cut(text: str, lines: Sequence[Line]) -> Iterator[Range]:
    """Cut consecutive lines of the text to size."""
    end = lines[-1].end
    ends = [line.end for line in lines]
    closings = [line.end for line, below in pairwise(lines) if _closes(text, line, below)]
    closings.append(end)
    start: int | None = lines[0].start
    while start is not None and start < end:
        at = end if end - start <= LARGEST else _place(text, start, end, closings, ends)
        until = start + len(text[start:at].rstrip())
        if _WORDLIKE.search(text, start, until):
            yield start, until
        start = _next_start(text, at, end)


def _next_start(text: str, at: int, end: int) -> int | None:
    """Where the next range begins: at the first sign, unless the first letter is far from it."""
    word = _WORDLIKE.search(text, at, end)
    if word is None:
        return None
    visible = _VISIBLE.search(text, max(at, word.start() - _SCRAP), end)
    return visible.start() if visible else None


def _closes(text: str, line: Line, below: Line) -> bool:
    """Whether a paragraph ends with this line."""
    return below.gap != "break" or text[line.end - 1] in FINAL or _ITEM.match(below.key) is not None


def _place(text: str, start: int, end: int, closings: Sequence[int], ends: Sequence[int]) -> int:
    """The best place to cut `[start, end)`, which is longer than `LARGEST`."""
    low, high = start + SMALLEST, start + LARGEST
    ideal = start + (end - start) // -(-(end - start) // LARGEST)
    fits = end - start <= LIMIT
    paragraphs = [
        at
        for at in _between(closings, low, start + LIMIT)
        if at == end or not fits or end - at >= _SCRAP
    ]
    usable = paragraphs[: bisect_right(paragraphs, high)] or paragraphs[:1]
    if usable:
        return _closest(usable, ideal)
    for places in (
        sentence_ends(text, low, high),
        (found.end() for found in _CLAUSE.finditer(text, low, high)),
        _between(ends, low, high),
        (found.start() for found in _SPACE.finditer(text, low, high)),
    ):
        usable = list(places)
        if usable:
            return _closest(usable, ideal)
    return _whole_character(text, low, ideal)


def _between(places: Sequence[int], low: int, high: int) -> Sequence[int]:
    return places[bisect_left(places, low) : bisect_right(places, high)]


def _closest(places: Iterable[int], ideal: int) -> int:
    return min(places, key=lambda at: abs(at - ideal))


def _whole_character(text: str, low: int, high: int) -> int:
    """The last place in `(low, high]` that splits no letter from its marks; `high` if none is."""
    for at in range(high, low, -1):
        mark = unicodedata.category(text[at]).startswith("M") or text[at] == _JOINER
        if not mark and text[at - 1] != _JOINER:
            return at
    return high
