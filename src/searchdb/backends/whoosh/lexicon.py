"""THE LEXICON OF A SNAPSHOT: sums over its segments, less what deleted documents held.

Every segment numbers syllables in its own way, so a key is looked up once a segment and its numbers
are remembered. What is remembered is bounded.
"""

from __future__ import annotations

import heapq
from bisect import bisect_left
from collections import Counter
from itertools import groupby
from typing import TYPE_CHECKING, TypeVar

import numpy as np

from searchdb.analysis import fold
from searchdb.analysis.lexicon import Totals
from searchdb.backends.whoosh.layout import LARGE

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from numpy.typing import NDArray

    from searchdb.backends.whoosh.segment import Deletions, SegmentFile

__all__ = ["Part", "SnapshotLexicon"]

_K = TypeVar("_K")
_V = TypeVar("_V")

_REMEMBERED = 1 << 16
"""Look-ups of a kind that are kept in memory."""

_FOLLOWERS = 20


class Part:
    """The lexicon of one segment, in its numbers."""

    __slots__ = ("_deletions", "segment")

    def __init__(self, segment: SegmentFile, deletions: Deletions | None) -> None:
        self.segment = segment
        self._deletions = deletions

    def totals(self) -> NDArray[np.int64]:
        """In the order of `Totals`."""
        found = self.segment.totals
        return found - self._deletions.totals if self._deletions else found

    def df(self, number: int) -> int:
        """Documents of a syllable id."""
        return max(0, int(self.segment["key_df"].view[number]) - self._gone("df", number))

    def cf(self, number: int) -> int:
        """Occurrences of a syllable id."""
        return max(0, int(self.segment["key_cf"].view[number]) - self._gone("cf", number))

    def word_df(self, numbers: Sequence[int]) -> int:
        """Documents in which these syllable ids are one word."""
        trie, keys = self.segment["trie"].view, len(self.segment.keys)
        node = numbers[0]
        for number in numbers[1:]:
            code = node << 32 | number
            place = bisect_left(trie, code)
            if place == len(trie) or trie[place] != code:
                return 0
            node = keys + place
        return max(0, int(self.segment["word_df"].view[node]) - self._gone("words", node))

    def count(self, name: str, first: int, second: int) -> int:
        """The count of a bigram or pair."""
        begin, end = self.row(name, first)
        seconds = self.segment[f"{name}_seconds"]
        seconds.part(begin, end)
        place = begin + int(seconds.values[begin:end].searchsorted(second))
        if place == end or seconds.values[place] != second:
            return 0
        return max(0, self._value(name, place) - self._gone(f"{name}s", first << 32 | second))

    def row(self, name: str, first: int) -> tuple[int, int]:
        """Where the counts of a first number begin and end."""
        segment = self.segment
        size = len(segment.keys) if name == "bigram" else len(segment.folds)
        offsets = segment.offsets(f"{name}_offsets", size, f"{name}_seconds").view
        return offsets[first], offsets[first + 1]

    def following(self, first: int) -> dict[int, int]:
        """The syllable ids that follow one, and how often."""
        begin, end = self.row("bigram", first)
        seconds = self.segment["bigram_seconds"].part(begin, end).tolist()
        counts = self.segment["bigram_counts"].part(begin, end).tolist()
        found = dict(zip(seconds, counts, strict=True))
        for place in np.flatnonzero(np.array(counts) == LARGE).tolist():
            found[seconds[place]] = self._value("bigram", begin + place)
        if self._deletions:
            codes, gone = self._deletions.views("bigrams")
            place = bisect_left(codes, first << 32)
            while place < len(codes) and codes[place] >> 32 == first:
                second = codes[place] & 0xFFFFFFFF
                found[second] = found.get(second, 0) - gone[place]
                place += 1
        return found

    def matrix(self, first: Sequence[int], second: NDArray[np.int64]) -> NDArray[np.int64]:
        """Bigram counts of ids (rows) with ids (columns); ids below 0 are followed by nothing."""
        found = np.zeros((len(first), len(second)), dtype=np.int64)
        for row, number in enumerate(first):
            if number < 0:
                continue
            begin, end = self.row("bigram", number)
            seconds = self.segment["bigram_seconds"].part(begin, end)
            places = seconds.searchsorted(second)
            hits = places < len(seconds)
            hits[hits] = seconds[places[hits]] == second[hits]
            for column in hits.nonzero()[0].tolist():
                value = self._value("bigram", begin + int(places[column]))
                code = number << 32 | int(second[column])
                found[row, column] = max(0, value - self._gone("bigrams", code))
        return found

    def _value(self, name: str, place: int) -> int:
        counts = self.segment[f"{name}_counts"]
        counts.part(place, place + 1)
        value = int(counts.values[place])
        if value < LARGE:
            return value
        return self.segment.large(name, place)

    def _gone(self, name: str, code: int) -> int:
        """What deleted documents had of it."""
        if self._deletions is None:
            return 0
        codes, counts = self._deletions.views(name)
        place = bisect_left(codes, code)
        return int(counts[place]) if place < len(codes) and codes[place] == code else 0


class SnapshotLexicon:
    """The lexicon of one commit; see `analysis.lexicon.Lexicon`. Safe to use from several threads.

    `numbers` and `fold_numbers` give a key's or a fold's number in each part, -1 where it has none.
    """

    def __init__(self, parts: Sequence[Part]) -> None:
        self.parts = tuple(parts)
        totals = sum((part.totals() for part in parts), np.zeros(6, dtype=np.int64))
        self.totals = Totals(*totals.tolist())
        self._numbers: dict[str, tuple[int, ...]] = {}
        self._folds: dict[str, tuple[int, ...]] = {}
        self._dfs: dict[str, int] = {}
        self._forms: dict[str, Sequence[str]] = {}
        self._words: dict[tuple[str, ...], int] = {}
        self._pairs: dict[tuple[str, str], int] = {}

    def numbers(self, key: str) -> tuple[int, ...]:
        """The syllable id of a key in each part."""
        return _remembered(self._numbers, key, self._find)

    def _find(self, key: str) -> tuple[int, ...]:
        return tuple(part.segment.keys.find(key) for part in self.parts)

    def fold_numbers(self, folded: str) -> tuple[int, ...]:
        """The fold id of a folded form in each part."""
        return _remembered(self._folds, folded, self._find_fold)

    def _find_fold(self, folded: str) -> tuple[int, ...]:
        return tuple(part.segment.folds.find(folded) for part in self.parts)

    def _held(self, key: str) -> Iterator[tuple[Part, int]]:
        for part, number in zip(self.parts, self.numbers(key), strict=True):
            if number >= 0:
                yield part, number

    def df(self, key: str) -> int:
        """Documents that hold this key."""
        return _remembered(self._dfs, key, self._df)

    def _df(self, key: str) -> int:
        return sum(part.df(number) for part, number in self._held(key))

    def cf(self, key: str) -> int:
        """Occurrences of this key."""
        return sum(part.cf(number) for part, number in self._held(key))

    def forms(self, folded: str) -> Sequence[str]:
        """The keys with this fold, most frequent first, then by code points."""
        return _remembered(self._forms, folded, self._read_forms)

    def _read_forms(self, folded: str) -> Sequence[str]:
        counts: Counter[str] = Counter()
        for part, number in zip(self.parts, self.fold_numbers(folded), strict=True):
            if number < 0:
                continue
            segment = part.segment
            offsets = segment.offsets("member_offsets", len(segment.folds), "members").view
            members = segment["members"].view
            for place in range(offsets[number], offsets[number + 1]):
                counts[segment.keys.text(members[place])] += part.cf(members[place])
        live = [(key, count) for key, count in counts.items() if count > 0]
        return tuple(key for key, _ in sorted(live, key=lambda item: (-item[1], item[0])))

    def starting(self, prefix: str) -> Iterator[str]:
        """The folded forms that start with a folded prefix, by code points."""
        tables = [part.segment.folds for part in self.parts]
        found = [map(table.text, table.starting(prefix)) for table in tables]
        return (text for text, _ in groupby(heapq.merge(*found)) if self.forms(text))

    def surface(self, key: str) -> str:
        """How the collection mostly writes this key, in lower case."""
        counts: Counter[str] = Counter()
        for part, number in self._held(key):
            segment = part.segment
            ids = segment["surface_ids"].view
            place = bisect_left(ids, number)
            while place < len(ids) and ids[place] == number:
                counts[segment.surface(place)] += segment["surface_counts"].view[place]
                place += 1
        plain = key.removeprefix(fold.BARE)
        if not counts or self.cf(key) - counts.total() >= max(counts.values()):
            return plain
        return min(counts, key=lambda text: (-counts[text], text))

    def count(self, key: str, following: str) -> int:
        """How often the second key follows the first inside a passage."""
        numbers = zip(self.parts, self.numbers(key), self.numbers(following), strict=True)
        return sum(
            part.count("bigram", first, second)
            for part, first, second in numbers
            if first >= 0 and second >= 0
        )

    def counts(self, keys: Sequence[str], following: Sequence[str]) -> list[list[int]]:
        """`count` of each key (rows) with each of `following` (columns)."""
        if len(keys) == len(following) == 1:
            return [[self.count(keys[0], following[0])]]
        first = [self.numbers(key) for key in keys]
        second = [self.numbers(key) for key in following]
        found = np.zeros((len(keys), len(following)), dtype=np.int64)
        for place, part in enumerate(self.parts):
            columns = np.array([numbers[place] for numbers in second], dtype=np.int64)
            found += part.matrix([numbers[place] for numbers in first], columns)
        return [row.tolist() for row in found]

    def followers(self, key: str) -> Sequence[tuple[str, int]]:
        """The keys that follow this one and how often, most frequent first."""
        counts: Counter[str] = Counter()
        for part, number in self._held(key):
            for second, count in part.following(number).items():
                if count > 0:
                    counts[part.segment.keys.text(second)] += count
        return heapq.nsmallest(_FOLLOWERS, counts.items(), key=lambda item: (-item[1], item[0]))

    def word_df(self, word: tuple[str, ...]) -> int:
        """Documents in which these keys are one word."""
        return _remembered(self._words, word, self._read_word_df)

    def _read_word_df(self, word: tuple[str, ...]) -> int:
        found = 0
        for part, *numbers in zip(self.parts, *map(self.numbers, word), strict=True):
            if min(numbers) >= 0:
                found += part.word_df(numbers)
        return found

    def pair_df(self, folded: str, following: str) -> int:
        """Documents in which the second folded form follows the first inside a passage."""
        return _remembered(self._pairs, (folded, following), self._read_pair_df)

    def _read_pair_df(self, pair: tuple[str, str]) -> int:
        first, second = map(self.fold_numbers, pair)
        return sum(
            part.count("pair", one, two)
            for part, one, two in zip(self.parts, first, second, strict=True)
            if one >= 0 and two >= 0
        )


def _remembered(known: dict[_K, _V], key: _K, read: Callable[[_K], _V]) -> _V:
    """What `read` gives for the key, kept for the next time; what is kept is bounded."""
    found = known.get(key)
    if found is None:
        found = read(key)
        if len(known) >= _REMEMBERED:
            known.clear()
        known[key] = found
    return found
