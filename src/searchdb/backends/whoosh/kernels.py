"""FORWARD LISTS -> COUNTS: the arithmetic of matching and rescoring, on whole arrays at once.

Every function is pure, and none uses `np.unique` or `np.isin`, which load `numpy.ma` (40 ms, a
tenth of a first search). Counts are sums of whole tenths held in float64, hence exact: the plain
Python twin in `backends.memory` gets the same numbers to the last bit.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from searchdb.backends.whoosh.forward import Forward

__all__ = ["adjacent", "count_ids", "count_pairs", "count_rows", "count_words"]


def count_ids(
    forward: Forward, ids: Sequence[int], group: NDArray[np.int64], groups: int
) -> NDArray[np.float64]:
    """Weighted occurrences, in tenths, of each id in each group of segments; shape (ids, groups).

    `group` maps segments to groups. Ids below 0 occur nowhere.
    """
    return _count(forward.ids, forward.weight[forward.segment], group[forward.segment], ids, groups)


def count_pairs(
    forward: Forward,
    folds: NDArray[np.int64],
    pairs: Sequence[tuple[int, int]],
    group: NDArray[np.int64],
    groups: int,
) -> NDArray[np.float64]:
    """The same for folded neighbors; `folds` maps syllable ids to fold ids. (pairs, groups)."""
    first = forward.neighbors()
    codes = folds[forward.ids[first]] << 32 | folds[forward.ids[first + 1]]
    wanted = [one << 32 | two if one >= 0 and two >= 0 else -1 for one, two in pairs]
    segment = forward.segment[first]
    return _count(codes, forward.weight[segment], group[segment], wanted, groups)


def count_words(
    forward: Forward, words: Sequence[Sequence[int]], group: NDArray[np.int64], groups: int
) -> NDArray[np.float64]:
    """The same for whole words, given as syllable ids. Shape (words, groups)."""
    ends = forward.word_ends()
    begins = np.ones(len(ends), dtype=np.bool_)
    begins[1:] = ends[:-1]
    counts = np.zeros((len(words), groups))
    for row, word in enumerate(words):
        if min(word) < 0:
            continue
        where = np.flatnonzero(begins & (forward.ids == word[0]))
        for step, number in enumerate(word):
            inside = where + step < len(ends)
            where = where[inside]
            last = step == len(word) - 1
            where = where[(forward.ids[where + step] == number) & (ends[where + step] == last)]
        segment = forward.segment[where]
        counts[row] = np.bincount(group[segment], forward.weight[segment], minlength=groups)
    return counts


def count_rows(
    forward: Forward, rows: Sequence[Sequence[int]], group: NDArray[np.int64], groups: int
) -> NDArray[np.float64]:
    """The same for syllable ids in a row, whatever words they are. Shape (rows, groups)."""
    counts = np.zeros((len(rows), groups))
    for place, row in enumerate(rows):
        if min(row) < 0:
            continue
        where = np.flatnonzero(forward.ids == row[0])
        for step, number in enumerate(row[1:], start=1):
            where = where[where + step < len(forward.ids)]
            where = where[forward.segment[where + step] == forward.segment[where]]
            where = where[forward.ids[where + step] == number]
        segment = forward.segment[where]
        counts[place] = np.bincount(group[segment], forward.weight[segment], minlength=groups)
    return counts


def adjacent(
    forward: Forward, slots: Sequence[NDArray[np.int64]], *, title: bool
) -> NDArray[np.int64]:
    """The documents in which ids of the slots stand side by side; sorted, without repeats."""
    here = _among(forward.ids, slots[0])
    if title:
        here &= forward.number[forward.segment] < 0
    where = np.flatnonzero(here)
    for step, ids in enumerate(slots[1:], start=1):
        where = where[where + step < len(forward.ids)]
        where = where[forward.segment[where + step] == forward.segment[where]]
        where = where[_among(forward.ids[where + step], ids)]
    found = np.zeros(int(forward.document.max(initial=-1)) + 1, dtype=np.bool_)
    found[forward.document[forward.segment[where]]] = True
    return np.flatnonzero(found)


def _among(values: NDArray[np.int64], wanted: NDArray[np.int64]) -> NDArray[np.bool_]:
    """Which of the values are among those wanted."""
    if not len(wanted):
        return np.zeros(len(values), dtype=np.bool_)
    ordered = np.sort(wanted)
    place = np.minimum(np.searchsorted(ordered, values), len(ordered) - 1)
    return np.equal(ordered[place], values)


def _count(
    values: NDArray[np.int64],
    weights: NDArray[np.int64],
    group: NDArray[np.int64],
    wanted: Sequence[int],
    groups: int,
) -> NDArray[np.float64]:
    """Sum `weights` by wanted value (rows) and group (columns)."""
    distinct = np.array(sorted({value for value in wanted if value >= 0}), dtype=np.int64)
    counts = np.zeros((len(wanted), groups))
    if not len(distinct) or not len(values):
        return counts
    place = np.minimum(np.searchsorted(distinct, values), len(distinct) - 1)
    hit = np.flatnonzero(distinct[place] == values)
    cells = place[hit] * groups + group[hit]
    table = np.bincount(cells, weights[hit], minlength=len(distinct) * groups)
    table = table.reshape(len(distinct), groups)
    for row, value in enumerate(wanted):
        if value >= 0:
            counts[row] = table[np.searchsorted(distinct, value)]
    return counts
