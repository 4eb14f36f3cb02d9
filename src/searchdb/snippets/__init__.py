"""Stored text, its tokens and what was asked for in, ranges to mark and snippets out.

The law: a range is made of whole tokens, a snippet is a verbatim slice of the stored text, and
several syllables asked for as one are marked as one, where they stand together.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Callable, Iterable, Iterator, Sequence

from searchdb.model import Passage, Range, Snippet, Token
from searchdb.snippets.edges import trimmed, window
from searchdb.snippets.marking import Run, runs
from searchdb.snippets.units import Wanted, wanted

__all__ = ["Wanted", "highlights", "snippet", "wanted"]


def highlights(
    text: str, tokens: Sequence[Token], wanted: Wanted, *, title: bool = False
) -> tuple[Range, ...]:
    """The ranges of `text` that answer the query, sorted and disjoint, one for each phrase.

    `tokens` are those of one passage or, with `title=True`, of a title, that have a key of
    `wanted.slots`, with their combining marks and with their positions among all. What is marked,
    and what of a phrase that stands nowhere as a whole, is said in `marking.runs`.
    """
    found = runs(text, tokens, wanted, title=title)
    return tuple((tokens[first].start, tokens[last].end) for first, last in found)


def snippet(
    text: str,
    passage: Passage,
    tokens: Sequence[Token],
    wanted: Wanted,
    *,
    token_ends: Callable[[], Sequence[int]],
    size: int = 300,
) -> Snippet:
    """The window of `passage` that answers the query best, at most `size` code points long.

    `text` is the stored text of the document, `tokens` those of the passage as `highlights` takes
    them; `token_ends` tells where each token of the passage ends, and is seldom asked. Which window
    is best is said in `windows.best`; it begins and ends with a sentence or a clause where one is
    near, else with a word or, where there is no white space, with a token, and never parts a letter
    from its combining marks. Without a match it is the beginning of the passage.
    """
    size = max(size, 0)
    low, high = trimmed(text, passage)
    found = runs(text, tokens, wanted, title=False)
    if not size:
        start = end = low
    elif high - low <= size:
        start, end = low, high
    else:
        weights = wanted.weights
        start, end = window(
            text, (low, high), tokens, found, weights, token_ends=token_ends, size=size
        )
    return Snippet(
        text=text[start:end],
        highlights=tuple(_inside(tokens, found, start, end)),
        start=start,
        cut_before=start > low,
        cut_after=end < high,
    )


def _inside(tokens: Sequence[Token], found: Iterable[Run], start: int, end: int) -> Iterator[Range]:
    """The ranges of `found` within the window, as offsets in it."""
    from_token = bisect_right(tokens, start, key=lambda token: token.end)
    to_token = bisect_left(tokens, end, key=lambda token: token.start) - 1
    for first, last in found:
        if first > to_token:
            break
        if last >= from_token:
            begin, stop = tokens[max(first, from_token)].start, tokens[min(last, to_token)].end
            yield max(begin, start) - start, min(stop, end) - start
