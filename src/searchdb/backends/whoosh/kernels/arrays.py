"""The kernels in numpy; see `Kernels`.

None uses `np.unique` or `np.isin`, which load `numpy.ma` (40 ms, a tenth of a first search).
"""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING, Any

import numpy as np

from searchdb.backends.whoosh.layout import ESCAPE
from searchdb.ranking import BODY, FURNITURE, TITLE

if TYPE_CHECKING:
    from collections.abc import Iterator

    from numpy.typing import NDArray

    from searchdb.backends.whoosh.kernels import Lists, Postings, Probe

__all__ = ["add_frequencies", "add_scores", "best", "count", "holding", "saturate"]

_TOGETHER = 1 << 17
"""Tokens looked at together: what fits a processor's cache is read twice as fast."""

_SAMPLE = 16
"""One score in so many is looked at to guess the least of the best."""


def _posted(
    postings: Postings, runs: NDArray[np.int64]
) -> Iterator[tuple[int, NDArray[np.int64], NDArray[np.float64]]]:
    """Number of the run, documents, and frequencies in occurrences."""
    for number, (base, begin, end) in enumerate(runs.tolist()):
        documents = postings.docs[begin:end].astype(np.int64)
        if base:
            documents += base
        tfs = postings.values[postings.tfs[begin:end]]
        if len(postings.large_at):
            first, last = postings.large_at.searchsorted((begin, end)).tolist()
            tfs[postings.large_at[first:last] - begin] = postings.large[first:last]
        yield number, documents, tfs


def add_scores(
    scores: NDArray[np.float64],
    norms: NDArray[np.float64],
    postings: Postings,
    runs: NDArray[np.int64],
    weights: NDArray[np.float64],
) -> None:
    """See `Kernels`."""
    for number, documents, tfs in _posted(postings, runs):
        scores[documents] += weights[number] * (tfs / (tfs + norms[documents]))


def add_frequencies(
    frequencies: NDArray[np.float64],
    postings: Postings,
    runs: NDArray[np.int64],
    shares: NDArray[np.float64],
) -> None:
    """See `Kernels`."""
    for number, documents, tfs in _posted(postings, runs):
        frequencies[documents] += shares[number] * tfs


def saturate(
    scores: NDArray[np.float64],
    norms: NDArray[np.float64],
    frequencies: NDArray[np.float64],
    weight: float,
) -> None:
    """See `Kernels`."""
    where = frequencies.nonzero()[0]
    tfs = frequencies[where]
    scores[where] += weight * (tfs / (tfs + norms[where]))
    frequencies[where] = 0.0


def best(scores: NDArray[np.float64], depth: int) -> NDArray[np.int64]:
    """See `Kernels`."""
    least = 0.0
    if depth * 4 < len(scores):
        # Most scores are far below the best: a guess from a sample leaves few to be ordered.
        sample = scores[::_SAMPLE]
        rank = min(len(sample), 2 * depth // _SAMPLE + 8)
        guess = float(np.partition(sample, len(sample) - rank)[len(sample) - rank])
        if guess > 0.0 and int(np.count_nonzero(scores >= guess)) >= depth:
            least = guess
    found = (scores >= least).nonzero()[0] if least else scores.nonzero()[0]
    if len(found) > depth:
        values = scores[found]
        last = np.partition(values, len(values) - depth)[len(values) - depth]
        found = found[values >= last]
    return found


def count(
    lists: Lists, documents: NDArray[np.int64], probe: Probe, *, by_part: bool
) -> NDArray[np.int64]:
    """See `Kernels`."""
    part_begins = lists.part_offsets[documents].astype(np.int64)
    parts_of = lists.part_offsets[documents + 1].astype(np.int64) - part_begins
    groups = int(parts_of.sum()) if by_part else len(documents)
    found = np.zeros((groups, probe.features), dtype=np.int64)
    group = 0
    for begin, end in _together(_sizes(lists, documents)):
        some = documents[begin:end]
        size = int(parts_of[begin:end].sum()) if by_part else end - begin
        found[group : group + size] = _count(lists, some, probe, size, by_part=by_part)
        group += size
    return found


def _sizes(lists: Lists, documents: NDArray[np.int64]) -> NDArray[np.int64]:
    """Tokens of documents."""
    offsets = lists.token_offsets
    return (offsets[documents + 1] - offsets[documents]).astype(np.int64)


def _together(sizes: NDArray[np.int64]) -> Iterator[tuple[int, int]]:
    """Stretches of documents with about `_TOGETHER` tokens."""
    ends = np.cumsum(sizes)
    begin = 0
    while begin < len(sizes):
        before = int(ends[begin - 1]) if begin else 0
        end = max(begin + 1, int(ends.searchsorted(before + _TOGETHER, side="right")))
        yield begin, end
        begin = end


def _joined(
    values: NDArray[Any], offsets: NDArray[Any], documents: NDArray[np.int64]
) -> NDArray[Any]:
    begins, ends = offsets[documents].tolist(), offsets[documents + 1].tolist()
    slices = [values[begin:end] for begin, end in zip(begins, ends, strict=True)]
    return np.concatenate(slices) if slices else values[:0]


def _ids(lists: Lists, documents: NDArray[np.int64], *, escaped: bool) -> NDArray[Any]:
    """The syllable ids of documents, end to end; those that do not fit 15 bits if wanted."""
    ids: NDArray[Any] = _joined(lists.tokens, lists.token_offsets, documents) >> 1
    if escaped:
        ids = ids.astype(np.int64)
        ids[ids == ESCAPE] = _joined(lists.escapes, lists.escape_offsets, documents)
    return ids


def _count(
    lists: Lists, documents: NDArray[np.int64], probe: Probe, groups: int, *, by_part: bool
) -> NDArray[np.int64]:
    heads = _joined(lists.parts, lists.part_offsets, documents).astype(np.int64)
    counts = lists.part_offsets[documents + 1].astype(np.int64) - lists.part_offsets[documents]
    firsts = np.cumsum(counts) - counts
    weights = np.where(heads & 1, FURNITURE, BODY)
    weights[firsts[counts > 0]] = TITLE
    numbers = np.arange(len(heads)) if by_part else np.arange(len(documents)).repeat(counts)
    ids = _ids(lists, documents, escaped=probe.escaped)
    marks = probe.table[ids]
    hits = marks.nonzero()[0]
    if not len(hits):
        return np.zeros((groups, probe.features), dtype=np.int64)
    lengths = heads >> 1
    part = np.arange(len(heads)).repeat(lengths)[hits]
    marks = marks[hits]
    keys = (marks & 0xFFFF).astype(np.int64) - 1
    cells, amounts = [], []

    def tally(places: NDArray[np.int64], features: NDArray[np.int64]) -> None:
        cells.append(numbers[part[places]] * probe.features + features)
        amounts.append(weights[part[places]])

    known = (keys >= 0).nonzero()[0]
    tally(known, keys[known])
    beside = ((hits[1:] == hits[:-1] + 1) & (part[1:] == part[:-1])).nonzero()[0]
    base = probe.keys + len(probe.word_offsets) - 1
    if probe.pair_count:
        folds = marks >> 16
        pair = probe.pairs[folds[beside], folds[beside + 1]]
        which = (pair >= 0).nonzero()[0]
        tally(beside[which], pair[which].astype(np.int64) + base)
    if len(probe.words):
        tokens = _joined(lists.tokens, lists.token_offsets, documents)
        ends = np.cumsum(lengths)
        begins = np.append(tokens & 1, 1).astype(np.bool_)
        begins[ends - lengths] = True
        begins[ends] = True
        for feature, sequence in _sequences(probe.words, probe.word_offsets):
            places = _rows(keys, hits, part, sequence)
            stops = hits[places] + len(sequence)
            inner = [begins[hits[places] + step] for step in range(1, len(sequence))]
            whole = begins[hits[places]] & begins[stops]
            for each in inner:
                whole &= ~each
            places = places[whole]
            tally(places, np.full(len(places), probe.keys + feature))
    for feature, sequence in _sequences(probe.rows, probe.row_offsets):
        places = _rows(keys, hits, part, sequence)
        tally(places, np.full(len(places), base + probe.pair_count + feature))
    table = np.bincount(
        np.concatenate(cells), np.concatenate(amounts), minlength=groups * probe.features
    )
    return table.astype(np.int64).reshape(groups, probe.features)


def _sequences(
    numbers: NDArray[np.int32], offsets: NDArray[np.int32]
) -> Iterator[tuple[int, list[int]]]:
    for feature, (begin, end) in enumerate(pairwise(offsets.tolist())):
        yield feature, (numbers[begin:end] - 1).tolist()


def _rows(
    keys: NDArray[np.int64], hits: NDArray[np.int64], part: NDArray[np.int64], sequence: list[int]
) -> NDArray[np.int64]:
    """The hits at which key numbers stand in a row within one part."""
    if min(sequence) < 0:
        return np.zeros(0, dtype=np.int64)
    places = (keys == sequence[0]).nonzero()[0]
    for step, number in enumerate(sequence[1:], start=1):
        places = places[places + step < len(keys)]
        right = keys[places + step] == number
        right &= hits[places + step] == hits[places] + step
        right &= part[places + step] == part[places]
        places = places[right]
    found: NDArray[np.int64] = places
    return found


def holding(
    lists: Lists,
    documents: NDArray[np.int64],
    slots: tuple[NDArray[np.int64], ...],
    ids: int,
    *,
    title: bool,
) -> NDArray[np.bool_]:
    """See `Kernels`."""
    found = np.zeros(len(documents), dtype=np.bool_)
    escaped = any(int(slot.max(initial=0)) >= ESCAPE for slot in slots)
    if not len(documents):
        return found
    tables = [_membership(slot, ids) for slot in slots]
    for begin, end in _together(_sizes(lists, documents)):
        some = documents[begin:end]
        values = _ids(lists, some, escaped=escaped)
        where = _among(values, tables[0]).nonzero()[0]
        for step, table in enumerate(tables[1:], start=1):
            where = where[where + step < len(values)]
            where = where[_among(values[where + step], table)]
        if not len(where):
            continue
        lengths = _joined(lists.parts, lists.part_offsets, some).astype(np.int64) >> 1
        stops = np.cumsum(lengths)
        part = stops.searchsorted(where, side="right")
        inside = where + len(slots) <= stops[np.minimum(part, len(stops) - 1)]
        counts = lists.part_offsets[some + 1].astype(np.int64) - lists.part_offsets[some]
        last_parts = np.cumsum(counts)
        document = last_parts.searchsorted(part, side="right")
        if title:
            inside &= part == (last_parts - counts)[np.minimum(document, len(some) - 1)]
        found[begin + document[inside]] = True
    return found


def _membership(slot: NDArray[np.int64], ids: int) -> int | NDArray[np.bool_]:
    """A single id, or which ids are in the slot."""
    if len(slot) == 1:
        return int(slot[0])
    table = np.zeros(max(ids, ESCAPE + 1), dtype=np.bool_)
    table[slot] = True
    return table


def _among(values: NDArray[Any], table: int | NDArray[np.bool_]) -> NDArray[np.bool_]:
    found: NDArray[np.bool_] = values == table if isinstance(table, int) else table[values]
    return found
