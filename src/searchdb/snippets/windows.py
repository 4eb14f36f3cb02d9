"""MARKED PIECES, SENTENCES -> WINDOW: the part of a passage that answers best.

An answer stands in the sentence that has most of the question, and seldom has words of the
question itself. So a window is made for a sentence, and is worth

    the evidence in it, each key once,
    + a half of the evidence in its middle half, so that what is around it is seen (up to the edge
      where the passage ends there),
    + 1.5 x the evidence of the sentence, by the share of it that is shown, times its evidence
      over that of the best sentence,

a tenth more if it begins with a sentence. The evidence of a key is its inverse document frequency,
that of neighbors marked as one a half of the rarer's on top. Which weights matter was measured
(docs/snippets.md); they are round, and around them the measure is flat. Law: time is linear in the
pieces and sentences but for sorting; of equal windows that with most marks wins, then the first.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Iterator, Mapping, Sequence

from searchdb.model import Range, Token
from searchdb.snippets.marking import Run

__all__ = ["Piece", "best", "pieces"]

Worth = tuple[tuple[str, float], ...]
Piece = tuple[int, int, Worth]
"""Where a run of marked tokens begins and ends, and its keys, and pairs of them, with weights.

It is no longer than a window; a longer run is several pieces."""

_NEIGHBORS = 0.5
_MIDDLE = 0.5
_SENTENCE = 1.5
_BEGINNING = 1.1


def pieces(
    tokens: Sequence[Token], runs: Iterable[Run], weights: Mapping[str, float], size: int
) -> Iterator[Piece]:
    """The runs as pieces, in order."""
    for first, last in runs:
        token = tokens[first]
        if first == last:
            yield token.start, token.end, ((token.key, weights[token.key]),)
            continue
        begin, end, before = token.start, token.end, token.key
        worth = [(before, weights[before])]
        for index in range(first + 1, last + 1):
            token = tokens[index]
            key, weight = token.key, weights[token.key]
            if token.end - begin > size:
                yield begin, end, tuple(worth)
                begin, worth = token.start, []
            else:
                pair = f"{before} {key}"
                worth.append((pair, _NEIGHBORS * max(weights[before], weight)))
            worth.append((key, weight))
            end, before = token.end, key
        yield begin, end, tuple(worth)


def best(
    pieces: Sequence[Piece], sentences: Sequence[Range], size: int
) -> tuple[int, Piece, Piece]:
    """Where the best window of `size` begins, and the first and the last piece in it.

    There is at least one piece, and `sentences` cover all of them. Tried
    are the windows that begin with a sentence, that end with one, and that have a piece in the
    middle, for the sentences that have at least half of what the best one has.
    """
    known = _Sentences(pieces, sentences, size)
    whole, middle = _Sliding(pieces), _Sliding(pieces)
    inner = size // 4
    low, high = sentences[0][0], sentences[-1][1]
    top, chosen = (-1.0, 0), (pieces[0][0], 0, 1)
    for start, sentence in known.starts():
        end = start + size
        worth = whole.move(start, end)
        if whole.begin == whole.stop:
            continue
        first = start + inner if start > low else low
        worth += _MIDDLE * middle.move(first, end - inner if end < high else high)
        worth += known.shown(sentence, start, end)
        if start == sentences[sentence][0]:
            worth *= _BEGINNING
        rank = round(worth, 9), whole.stop - whole.begin
        if rank > top:
            top, chosen = rank, (start, whole.begin, whole.stop)
    start, begin, stop = chosen
    return start, pieces[begin], pieces[stop - 1]


class _Sliding:
    """The worth of the pieces within a window that only moves on: each key counts once."""

    __slots__ = ("_counts", "_pieces", "_worth", "begin", "stop")

    def __init__(self, pieces: Sequence[Piece]) -> None:
        self._pieces = pieces
        self._counts: dict[str, int] = {}
        self._worth = 0.0
        self.begin = self.stop = 0

    def move(self, start: int, end: int) -> float:
        """The worth of `[start, end)`; neither of them is less than the time before."""
        pieces, counts = self._pieces, self._counts
        begin, stop, total = self.begin, self.stop, self._worth
        while stop < len(pieces) and pieces[stop][1] <= end:
            for key, weight in pieces[stop][2]:
                count = counts.get(key, 0)
                counts[key] = count + 1
                if not count:
                    total += weight
            stop += 1
        while begin < stop and pieces[begin][0] < start:
            for key, weight in pieces[begin][2]:
                counts[key] = count = counts[key] - 1
                if not count:
                    total -= weight
            begin += 1
        self.begin, self.stop, self._worth = begin, stop, total
        return total


def _worth(pieces: Iterable[Piece]) -> float:
    """What these pieces are worth together: each key counts once."""
    known: dict[str, float] = {}
    for piece in pieces:
        known.update(piece[2])
    return sum(known.values())


class _Sentences:
    """The sentences with what stands in them, and what each of their characters is worth."""

    __slots__ = ("_rates", "_sentences", "_size", "_within")

    def __init__(self, pieces: Sequence[Piece], sentences: Sequence[Range], size: int) -> None:
        self._sentences, self._size = sentences, size
        begins = [start for start, _ in sentences]
        within: dict[int, list[Piece]] = {}
        for piece in pieces:
            within.setdefault(bisect_right(begins, piece[0]) - 1, []).append(piece)
        worths = {sentence: _worth(held) for sentence, held in within.items()}
        most = max(worths.values())
        self._within = {each: within[each] for each in within if worths[each] >= most / 2}
        self._rates: dict[int, float] = {}
        for each in self._within:
            length = sentences[each][1] - sentences[each][0]
            self._rates[each] = _SENTENCE * worths[each] ** 2 / most / min(size, length)

    def starts(self) -> list[tuple[int, int]]:
        """Where the windows that are tried begin, in order, and the sentences they are for."""
        size = self._size
        low = self._sentences[0][0]
        high = max(low, self._sentences[-1][1] - size)
        found: set[tuple[int, int]] = set()
        for sentence, within in self._within.items():
            start, end = self._sentences[sentence]
            places = [start, end - size]
            places += [(begin + stop - size) // 2 for begin, stop, _ in within]
            found.update([(min(max(low, place), high), sentence) for place in places])
        return sorted(found)

    def shown(self, sentence: int, start: int, end: int) -> float:
        """What the sentence is worth by its share in the window."""
        first, last = self._sentences[sentence]
        return self._rates[sentence] * max(0, min(end, last) - max(start, first))
