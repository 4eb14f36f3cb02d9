"""FORWARD LISTS -> COUNTS: how many documents hold what, how often what follows what.

Counts are tables of codes in order and a count each, so that those of several sets of documents
are added, taken away and renumbered as arrays (`merging`). Words are nodes of a trie: the node of a
one-syllable word is its syllable id, that of a longer one stands for its word but the last syllable
and that syllable.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Protocol

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from numpy.typing import NDArray

    from searchdb.backends.whoosh.forward import Forward

__all__ = ["Counts", "Posted", "Table", "Tables", "added", "counted", "lengths", "posted", "summed"]

_HALF = 32
"""Bits of the second number of a code."""
_LOW = (1 << _HALF) - 1
_WIDEST = 63
"""Bits of the numbers that are sorted."""
_WEIGHT_BITS = 5
"""Of the weight of one occurrence in tenths, which is 30 at most (`ranking.TITLE`)."""


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

    def table(self, name: str) -> Table:
        """One of the tables."""
        found: Table = getattr(self, name)
        return found


class Tables(Protocol):
    """`Counts`, or what reads them one table at a time: not all need be in memory together."""

    @property
    def totals(self) -> NDArray[np.int64]:
        """As in `Counts`."""
        ...

    @property
    def trie(self) -> NDArray[np.int64]:
        """As in `Counts`."""
        ...

    def table(self, name: str) -> Table:
        """The table of that name."""
        ...


@dataclass(frozen=True, slots=True)
class Posted:
    """Postings of some documents, in order: `ids`, `documents` and `tfs` (in tenths) in step."""

    ids: NDArray[np.int64]
    documents: NDArray[np.int64]
    tfs: NDArray[np.int64]


def posted(forward: Forward) -> Posted:
    """One posting for each syllable id and document that holds it."""
    documents = forward.document[forward.part]
    bits = _bits(documents)
    low = bits + _WEIGHT_BITS
    codes = _packed(forward.ids, documents << _WEIGHT_BITS | forward.weight[forward.part], low)
    codes.sort()
    pairs = codes >> _WEIGHT_BITS
    begins = _begins(pairs)
    weights = codes & ((1 << _WEIGHT_BITS) - 1)
    tfs = np.add.reduceat(weights, begins, dtype=np.int64) if len(begins) else weights
    found = pairs[begins].astype(np.int64)
    return Posted(found >> bits, found & ((1 << bits) - 1), tfs)


def counted(
    forward: Forward,
    postings: Posted,
    folds: NDArray[np.int64],
    trie: NDArray[np.int64] | None = None,
) -> Counts:
    """Count documents, whose postings these are; `folds` has the fold id of each syllable id.

    With the `trie` of a segment that holds these documents its nodes are used, else new ones made.
    """
    ids = forward.ids
    documents = forward.document[forward.part]
    first = forward.neighbors()
    one, two = ids[first], ids[first + 1]
    bits = _bits(folds)
    pairs = _document_table(folds[one] << bits | folds[two], documents[first])
    bigrams = _table(np.sort(_packed(one, two, _bits(ids))))
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
        df=_sparse(np.bincount(postings.ids)),
        cf=_sparse(np.bincount(ids)),
        trie=trie,
        words=_document_table(nodes, documents[places]),
        bigrams=_in_halves(bigrams, _bits(ids)),
        pairs=_in_halves(pairs, bits),
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
    codes, counts = _ordered(codes, counts)
    begins = _begins(codes)
    sums = np.add.reduceat(counts, begins) if len(begins) else counts
    live = np.flatnonzero(sums)
    return Table(codes[begins][live], sums[live])


def summed(
    counts: Sequence[Tables],
    keys: Sequence[NDArray[np.int64]],
    folds: Sequence[NDArray[np.int64]],
    size: int,
) -> Counts:
    """The sums; `keys` and `folds` have the new numbers of each one's syllables and folds, or -1.

    Of what is gone there may be no count but 0. `size` is the new number of syllables.
    """
    trie, nodes = _trie([count.trie for count in counts], keys, size)

    def total(name: str, number: Sequence[NDArray[np.int64]], *, pairs: bool = False) -> Table:
        # Sums of about one size are added up, so that few of the tables are in memory at once.
        sums: list[Table] = []
        for count, new in zip(counts, number, strict=True):
            table = count.table(name)
            live = table.counts > 0
            codes = table.codes[live]
            codes = new[codes >> 32] << 32 | new[codes & 0xFFFFFFFF] if pairs else new[codes]
            sums.append(added([Table(codes, table.counts[live])], [1]))
            while len(sums) > 1 and 2 * len(sums[-1].codes) > len(sums[-2].codes):
                sums[-2:] = [added(sums[-2:], [1, 1])]
        return added(sums, [1] * len(sums)) if len(sums) > 1 else sums[0]

    return Counts(
        totals=np.sum([count.totals for count in counts], axis=0),
        df=total("df", keys),
        cf=total("cf", keys),
        trie=trie,
        words=total("words", nodes),
        bigrams=total("bigrams", keys, pairs=True),
        pairs=total("pairs", folds, pairs=True),
    )


def _trie(
    tries: Sequence[NDArray[np.int64]], keys: Sequence[NDArray[np.int64]], size: int
) -> tuple[NDArray[np.int64], list[NDArray[np.int64]]]:
    """The merged trie, and the new number of each source's nodes, -1 where it is gone."""
    nodes = [np.append(new, np.full(len(trie), -1)) for trie, new in zip(tries, keys, strict=True)]
    levels: list[NDArray[np.int64]] = [np.zeros(0, dtype=np.int64)]
    base = size
    begins = [0] * len(tries)
    limits = [len(new) for new in keys]
    while True:
        ends = [
            int(np.searchsorted(trie, limit << 32))
            for trie, limit in zip(tries, limits, strict=True)
        ]
        if ends == begins:
            return np.concatenate(levels), nodes
        level: list[NDArray[np.int64]] = []
        for trie, new, node, begin, end in zip(tries, keys, nodes, begins, ends, strict=True):
            codes = trie[begin:end]
            before, last = node[codes >> 32], new[codes & 0xFFFFFFFF]
            level.append(np.where((before < 0) | (last < 0), -1, before << 32 | last))
        merged = np.unique(np.concatenate(level))
        merged = merged[merged >= 0]
        for codes, node, new, begin, end in zip(level, nodes, keys, begins, ends, strict=True):
            found = base + np.searchsorted(merged, codes)
            node[len(new) + begin : len(new) + end] = np.where(codes < 0, -1, found)
        levels.append(merged)
        base += len(merged)
        limits = [len(new) + end for new, end in zip(keys, ends, strict=True)]
        begins = ends


def _ordered(
    codes: NDArray[np.int64], counts: NDArray[np.int64]
) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Both in the order of the codes; packed into one number where they fit, to be sorted alone."""
    low = _bits(codes & _LOW)
    bits = _bits(counts) if len(counts) and int(counts.min()) >= 0 else _WIDEST
    if _bits(codes >> _HALF) + low + bits > _WIDEST:
        order = np.argsort(codes, kind="stable")
        return codes[order], counts[order]
    packed = (codes >> _HALF << low | codes & _LOW) << bits | counts
    packed.sort()
    counts = packed & ((1 << bits) - 1)
    packed >>= bits
    return packed >> low << _HALF | packed & ((1 << low) - 1), counts


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
            level, where = _ranked(codes)
            nodes[longer] = base + where
            levels.append(level)
            base += len(level)
        else:
            nodes[longer] = base + np.searchsorted(known, codes)
        depth += 1
        longer = longer[length[longer] > depth]
    return nodes, places, np.concatenate(levels) if known is None else known


def _ranked(codes: NDArray[np.int64]) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """The different codes in order, and the place there of each code given."""
    low, bits = _bits(codes & _LOW), len(codes).bit_length()
    if _bits(codes >> _HALF) + low + bits > _WIDEST:
        return np.unique(codes, return_inverse=True)
    packed = codes >> _HALF << low | codes & _LOW
    packed <<= bits
    packed |= np.arange(len(codes))
    packed.sort()
    places = packed & ((1 << bits) - 1)
    packed >>= bits
    begins = _begins(packed)
    ranks = np.empty(len(codes), dtype=np.int64)
    ranks[places] = np.repeat(np.arange(len(begins)), np.diff(begins, append=len(codes)))
    found = packed[begins]
    return found >> low << _HALF | found & ((1 << low) - 1), ranks


def _bits(values: NDArray[np.int64]) -> int:
    """Bits that the largest needs."""
    return int(values.max(initial=0)).bit_length()


def _packed(high: NDArray[np.int64], low: NDArray[np.int64], bits: int) -> NDArray[Any]:
    """Two numbers in one, the lower of `bits` bits: in 32 bits where they fit, quicker to sort."""
    dtype = np.uint32 if _bits(high) + bits <= _HALF else np.int64
    codes: NDArray[Any] = high.astype(dtype)
    codes <<= dtype(bits)
    codes |= low.astype(dtype)
    return codes


def _begins(ordered: NDArray[Any]) -> NDArray[np.int64]:
    """Where each run of equal values begins."""
    if not len(ordered):
        return np.zeros(0, dtype=np.int64)
    return np.concatenate(([0], np.flatnonzero(ordered[1:] != ordered[:-1]) + 1))


def _table(ordered: NDArray[Any]) -> Table:
    """How often each value occurs."""
    begins = _begins(ordered)
    return Table(ordered[begins].astype(np.int64), np.diff(begins, append=len(ordered)))


def _sparse(counts: NDArray[np.int64]) -> Table:
    """The counts that are not 0."""
    codes = np.flatnonzero(counts)
    return Table(codes, counts[codes])


def _in_halves(table: Table, bits: int) -> Table:
    """The same of codes whose second number had that many bits."""
    codes = table.codes
    return Table(codes >> bits << _HALF | codes & ((1 << bits) - 1), table.counts)


def _document_table(codes: NDArray[np.int64], documents: NDArray[np.int64]) -> Table:
    """In how many documents each code occurs."""
    bits = _bits(documents)
    distinct = None
    if _bits(codes) + bits > _WIDEST:
        distinct, codes = _ranked(codes)
    both = _packed(codes, documents, bits)
    both.sort()
    found = _table(both[_begins(both)] >> bits)
    return found if distinct is None else Table(distinct[found.codes], found.counts)
