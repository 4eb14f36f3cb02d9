"""PASSAGE, MARKS -> SLICE TO SHOW: the best window with its edges moved to where one can read.

Law: the slice has at most `size` code points, holds the marks that made it the best, and never
begins or ends inside of a word (unless that alone is longer), of a marked range that fits, or
between a letter and its combining marks.
"""

from __future__ import annotations

import re
import unicodedata
from bisect import bisect_left, bisect_right
from collections.abc import Callable, Iterator, Mapping, Sequence

from searchdb.model import Passage, Range, Token
from searchdb.snippets import windows
from searchdb.snippets.bounds import clauses, sentences
from searchdb.snippets.marking import Run

__all__ = ["trimmed", "window"]

_WHITE = re.compile(r"\s+")

_FOR_SENTENCE, _FOR_CLAUSE = 0.3, 0.15
"""The share of a window that is given up so that its edge is that of a sentence, of a clause."""


def trimmed(text: str, passage: Passage) -> Range:
    """The passage without white space at its ends."""
    inner = text[passage.start : passage.end]
    start = passage.start + len(inner) - len(inner.lstrip())
    return start, start + len(inner.strip())


def window(
    text: str,
    bounds: Range,
    tokens: Sequence[Token],
    runs: Sequence[Run],
    weights: Mapping[str, float],
    *,
    token_ends: Callable[[], Sequence[int]],
    size: int,
) -> Range:
    """The slice of `[low, high)`, which is longer than `size`, to show for what is marked.

    `token_ends` tells where each token of the passage ends.
    """
    low, high = bounds
    found = list(windows.pieces(tokens, runs, weights, size))
    whole = sentences(text, low, high)
    marked = [(begin, end) for begin, end, _ in found]
    start, core = low, (low, low)
    if found:
        start, first, last = windows.best(found, whole, size)
        core = (first[0], min(last[1], first[0] + size))
    starts = [begin for begin, _ in whole]
    start = _opening(text, (start, core[0]), core[0], starts, marked, size=size)
    if start + size >= high:
        fill = max(low, high - size)
        near = min(start, fill + int(size * _FOR_SENTENCE))
        return _opening(text, (fill, start), near, starts, marked, size=size), high
    ends = [end for _, end in whole]
    reach = max(core[1], start), start + size
    return start, _closing(text, start, reach, ends=ends, marked=marked, token_ends=token_ends)


def _opening(
    text: str,
    reach: Range,
    near: int,
    starts: Sequence[int],
    marked: Sequence[Range],
    *,
    size: int,
) -> int:
    """Where to begin within `reach`: at a sentence up to `near`, a clause, a word, else at its end.

    What is left out here is shown behind, so a sentence may begin anywhere before the marks.
    """
    low, high = reach
    index = bisect_left(starts, low)
    if index < len(starts) and starts[index] <= near and _opens(text, starts[index], marked):
        return starts[index]
    for _, place in clauses(text, low, min(high, int(low + size * _FOR_CLAUSE)) + 1):
        if _opens(text, place, marked):
            return place
    for gap in _WHITE.finditer(text, low - 1, high):
        if _opens(text, gap.end(), marked):
            return gap.end()
    return high


def _opens(text: str, place: int, marked: Sequence[Range]) -> bool:
    """Whether a cut there parts neither a marked range nor a sign from its combining marks."""
    return _crossed(marked, place) is None and not _combines(text[place])


def _closing(
    text: str,
    start: int,
    reach: Range,
    *,
    ends: Sequence[int],
    marked: Sequence[Range],
    token_ends: Callable[[], Sequence[int]],
) -> int:
    """Where to end within `reach`: after a sentence, a clause, a word, a token, else a letter."""
    low, high = reach
    least = max(low, start + 1)
    for place in _endings(text, reach, size=high - start, ends=ends):
        if least <= place <= high and _crossed(marked, place) is None:
            return place
    return _between_letters(text, start, reach, marked, token_ends())


def _endings(text: str, reach: Range, *, size: int, ends: Sequence[int]) -> Iterator[int]:
    """Where one might end: after the last sentence, the one before it, then clauses, words."""
    low, high = reach
    yield from reversed(
        ends[bisect_left(ends, int(high - size * _FOR_SENTENCE)) : bisect_right(ends, high)]
    )
    nearest = max(low, int(high - size * _FOR_CLAUSE))
    yield from reversed([end for end, _ in clauses(text, nearest, high + 2)])
    yield from reversed([gap.start() for gap in _WHITE.finditer(text, low, high + 1)])


def _between_letters(
    text: str, start: int, reach: Range, marked: Sequence[Range], token_ends: Sequence[int]
) -> int:
    """Where to end a stretch without white space: after a token, else before a letter."""
    low, high = reach
    crossed = _crossed(marked, high)
    if crossed is not None and crossed[0] >= max(low, start + 1):
        high = crossed[0]
    index = bisect_right(token_ends, high)
    if index and token_ends[index - 1] >= max(low, start + 1):
        high = token_ends[index - 1]
    while high > start and _combines(text[high]):
        high -= 1
    return high


def _combines(char: str) -> bool:
    return unicodedata.category(char).startswith("M")


def _crossed(marked: Sequence[Range], place: int) -> Range | None:
    """The range that a cut at `place` would part."""
    index = bisect_left(marked, (place, 0)) - 1
    return marked[index] if index >= 0 and place < marked[index][1] else None
