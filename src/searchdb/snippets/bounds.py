"""A slice of text in, where its sentences and clauses begin out.

Rougher than `passages.sentences`, which decides where an index cuts and brings its whole room
along: here a miss costs a less handsome edge. Law: linear time, and no place inside a word.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

__all__ = ["clauses", "sentences"]

_END = re.compile(r"[.!?…\n](?:(?<=\n)\s*|[\"'”’»)\]]{0,3}\s+)")
"""A sign with the closing ones behind it, or the end of a line. That both begin with one set of
characters makes `re` twice as fast."""
_CLAUSE = re.compile(r"[,;:][\"'”’»)\]]{0,3}\s+|\s(?=[-–—(“\"]\s?\S)")
_SHORT = re.compile(r"\d{1,2}|[a-zđ]|[bcdfghjklmnpqrstvwxzđ]{2,3}|.*\w\.\w.*", re.IGNORECASE)
"""A word before a full stop that ends no sentence: a number of one or two digits, one letter, two
or three letters without a vowel (TP, ThS, GS), or letters with dots between them (T.Ư)."""

_REACH = 12
"""Characters of the word before a full stop that are looked at."""


def sentences(text: str, low: int, high: int) -> list[tuple[int, int]]:
    """The start and the end, white space left out, of each sentence or line of `[low, high)`."""
    found: list[tuple[int, int]] = []
    start = low
    for gap in _END.finditer(text, low, high):
        stop, after = gap.span()
        if after < high and _ends(text, start, stop, after):
            found.append((start, start + len(text[start:after].rstrip())))
            start = after
    found.append((start, high))
    return found


def _ends(text: str, start: int, stop: int, after: int) -> bool:
    """Whether a sentence ends with the sign at `stop`, which white space follows up to `after`."""
    if "\n" in text[stop:after]:
        return True
    if text[after].islower():
        return False
    if text[stop] != ".":
        return True
    words = text[max(start, stop - _REACH) : stop].split()
    return not (words and _SHORT.fullmatch(words[-1].lstrip("([“\"'")))


def clauses(text: str, low: int, high: int) -> Iterator[tuple[int, int]]:
    """Between clauses: where one ends, and where the next begins in `[low, high)`."""
    for gap in _CLAUSE.finditer(text, low, high):
        if gap.end() < high:
            yield gap.start() + len(gap[0].rstrip()), gap.end()
