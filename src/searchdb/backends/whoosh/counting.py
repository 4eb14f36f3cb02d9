"""FORWARD LISTS -> COUNTS: how many documents hold what, how often what follows what.

Counts are tables of codes in order and a count each, so that those of several sets of documents
are added, taken away and renumbered as arrays (`merging`). Words are nodes of a trie: the node of a
one-syllable word is its syllable id, that of a longer one stands for its word but the last syllable
and that syllable.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Iterable

    from numpy.typing import NDArray

    from searchdb.backends.whoosh.forward import Forward

__all__ = ["Counts", "Table", "added", "counted", "lengths"]

_HALF = 32
"""Bits of the second number of a code."""


@dataclass(frozen=True, slots=True)
class Table:
    """Counts by code: `codes` int64 in order, without repeats; `counts` int64 in step."""

    codes: NDArray[np.int64]
    counts: NDArray[np.int64]

    def dense(self, size: int) -> NDArray[np.int64]:
        """The counts of the codes 0 to `size`."""
        found = np.zeros(size, dtype=np.int64)
        found[self.codes] = self.counts
        return found


@dataclass(frozen=True, slots=True)
class Counts:
    """What some documents hold, in the numbers of one Whoosh segment.

    `totals` in the order of `analysis.lexicon.Totals`. `df`, `cf`: documents and occurrences of a
    syllable id. `words`: documents of a node; `trie` has for each node that is no syllable the code
    of the node before (high half) and the last syllable, in order, numbered from the number of
    syllables on. `bigrams`: occurrences of two ids in a row; `pairs`: documents of two fold ids.
    """

    totals: NDArray[np.int64]
    df: Table
    cf: Table
    trie: NDArray[np.int64]
    words: Table
    bigrams: Table
    pairs: Table


def counted(
    forward: Forward,
    folds: NDArray[np.int64],
    trie: NDArray[np.int64] | None = None,
) -> Counts:
    """Count documents; `folds` has the fold id of each syllable id.

    With the `trie` of a segment that holds these documents its nodes are used, else new ones made.
    """
    ids = forward.ids
    documents = forward.document[forward.part]
    first = forward.neighbors()
    one, two = ids[first], ids[first + 1]
    size = int(folds.max(initial=0)) + 1
    pairs = _document_table(folds[one] * size + folds[two], documents[first])
    pairs = Table(pairs.codes // size << _HALF | pairs.codes % size, pairs.counts)
    nodes, places, trie = _words(forward, len(folds), trie)
    syllables, words, neighbors = lengths(forward)
    totals = [
        len(syllables),
        int(np.count_nonzero(forward.number >= 0)),
        len(ids),
        int(syllables.sum()),
        int(words.sum()),
        int(neighbors.sum()),
    ]
    return Counts(
        totals=np.array(totals, dtype=np.int64),
        df=_document_table(ids, documents),
        cf=_table(np.sort(ids)),
        trie=trie,
        words=_document_table(nodes, documents[places]),
        bigrams=_table(np.sort(one << _HALF | two)),
        pairs=pairs,
    )


def lengths(
    forward: Forward,
) -> tuple[NDArray[np.int64], NDArray[np.int64], NDArray[np.int64]]:
    """Syllables, words and neighbors of each document, in tenths of an occurrence."""
    length, weight = forward.length, forward.weight
    begins = np.bincount(forward.part, weights=forward.starts, minlength=len(length))
    size = int(forward.document.max(initial=-1)) + 1
    found = (
        np.bincount(forward.document, weights=values * weight, minlength=size).astype(np.int64)
        for values in (length, begins, np.maximum(length - 1, 0))
    )
    syllables, words, neighbors = found
    return syllables, words, neighbors


def added(tables: Iterable[Table], signs: Iterable[int]) -> Table:
    """The sum of tables, each with its sign; what falls to 0 is left out."""
    parts = list(zip(tables, signs, strict=True))
    codes = np.concatenate([table.codes for table, _ in parts])
    counts = np.concatenate([sign * table.counts for table, sign in parts])
    order = np.argsort(codes, kind="stable")
    codes = codes[order]
    begins = _begins(codes)
    sums = np.add.reduceat(counts[order], begins) if len(begins) else counts
    live = np.flatnonzero(sums)
    return Table(codes[begins][live], sums[live])


def _words(
    forward: Forward, size: int, known: NDArray[np.int64] | None
) -> tuple[NDArray[np.int64], NDArray[np.int64], NDArray[np.int64]]:
    """The node of each word, the token it begins at, and the trie."""
    places = np.flatnonzero(forward.word_begins())
    length = np.diff(places, append=len(forward.ids))
    nodes = forward.ids[places]
    levels: list[NDArray[np.int64]] = [np.zeros(0, dtype=np.int64)]
    base, depth = size, 1
    longer = np.flatnonzero(length > depth)
    while len(longer):
        codes = nodes[longer] << _HALF | forward.ids[places[longer] + depth]
        if known is None:
            level, where = np.unique(codes, return_inverse=True)
            nodes[longer] = base + where
            levels.append(level)
            base += len(level)
        else:
            nodes[longer] = base + np.searchsorted(known, codes)
        depth += 1
        longer = longer[length[longer] > depth]
    return nodes, places, np.concatenate(levels) if known is None else known


def _begins(ordered: NDArray[np.int64]) -> NDArray[np.int64]:
    """Where each run of equal values begins."""
    if not len(ordered):
        return np.zeros(0, dtype=np.int64)
    return np.concatenate(([0], np.flatnonzero(ordered[1:] != ordered[:-1]) + 1))


def _table(ordered: NDArray[np.int64]) -> Table:
    """How often each value occurs."""
    begins = _begins(ordered)
    return Table(ordered[begins], np.diff(begins, append=len(ordered)))


def _document_table(codes: NDArray[np.int64], documents: NDArray[np.int64]) -> Table:
    """In how many documents each code occurs."""
    bits = int(documents.max(initial=0)).bit_length()
    distinct = None
    if int(codes.max(initial=0)).bit_length() + bits > 63:  # noqa: PLR2004 - bits of an int64
        distinct, codes = np.unique(codes, return_inverse=True)
    both = np.sort(codes << bits | documents)
    found = _table(both[_begins(both)] >> bits)
    return found if distinct is None else Table(distinct[found.codes], found.counts)
