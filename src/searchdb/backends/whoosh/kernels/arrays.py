"""The kernels in numpy; see `Kernels`.

None uses `np.unique` or `np.isin`, which load `numpy.ma` (40 ms, a tenth of a first search).
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING, Any

import numpy as np

from searchdb.backends.whoosh.kernels.arrays_terms import among, best, largest, mark, score
from searchdb.backends.whoosh.layout import ESCAPE
from searchdb.ranking import BODY, FURNITURE, TITLE

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from numpy.typing import NDArray

    from searchdb.backends.whoosh.kernels import Formula, Lists, Probe, Sequences

__all__ = ["among", "best", "contenders", "count", "holding", "largest", "mark", "score"]

_TOGETHER = 1 << 17
"""Tokens looked at together: what fits a processor's cache is read twice as fast."""


def count(
    lists: Lists, documents: NDArray[np.int64], probe: Probe, *, by_part: bool
) -> tuple[NDArray[np.int64], NDArray[np.float64]]:
    """See `Kernels`."""
    begins = lists.part_offsets[documents].astype(np.int64)
    parts = lists.part_offsets[documents + 1].astype(np.int64) - begins
    groups = int(parts.sum()) if by_part else len(documents)
    found = np.zeros((groups, probe.features), dtype=np.int64)
    held = np.zeros((groups, len(probe.steps)))
    group = 0
    for begin, end in _together(_sizes(lists, documents)):
        size = int(parts[begin:end].sum()) if by_part else end - begin
        own = slice(group, group + size)
        hits = _hits(lists, documents[begin:end], probe, by_part=by_part)
        if len(hits.places):
            found[own] = _count(hits, probe, size)
            entries = _entries(hits, probe) if len(probe.steps) else []
            for column, step in enumerate(probe.steps.tolist()):
                held[own, column] = _windows(hits, entries, probe, step, size)
        group += size
    return found, held


def contenders(
    lists: Lists,  # noqa: ARG001 - as the compiled one
    documents: NDArray[np.int64],
    probe: Probe,  # noqa: ARG001 - as above
    formula: Formula,  # noqa: ARG001 - as above
    *,
    depth: int,  # noqa: ARG001 - as above
    least: float,  # noqa: ARG001 - as above
) -> NDArray[np.float64]:
    """See `Kernels`: here all of it is done at once, and nothing is saved by leaving out some."""
    return np.full(len(documents), np.inf)


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
        escapes = _joined(lists.escapes, lists.escape_offsets, documents)
        where = (ids == ESCAPE).nonzero()[0]
        size = min(len(where), len(escapes))
        ids[where[:size]] = escapes[:size]
    return ids


@dataclass(frozen=True, slots=True)
class _Hits:
    """The tokens that are looked for.

    `places` among all tokens, `keys` and `folds` (from 1, 0 for none) and `part` run in step. Over
    parts: `group`, `weight`, `length`, and `start`, the place of the first token. `begins` says of
    each place, and of the one after the last, whether a word begins there.
    """

    places: NDArray[np.int64]
    keys: NDArray[np.int32]
    folds: NDArray[np.int32]
    part: NDArray[np.int64]
    group: NDArray[np.int64]
    weight: NDArray[np.int64]
    length: NDArray[np.int64]
    start: NDArray[np.int64]
    begins: NDArray[np.bool_]


def _hits(lists: Lists, documents: NDArray[np.int64], probe: Probe, *, by_part: bool) -> _Hits:
    heads = _joined(lists.parts, lists.part_offsets, documents).astype(np.int64)
    counts = lists.part_offsets[documents + 1].astype(np.int64) - lists.part_offsets[documents]
    firsts = np.cumsum(counts) - counts
    weight = np.where(heads & 1, FURNITURE, BODY)
    weight[firsts[counts > 0]] = TITLE
    group = np.arange(len(heads)) if by_part else np.arange(len(documents)).repeat(counts)
    length = heads >> 1
    ends = np.cumsum(length)
    tokens = _joined(lists.tokens, lists.token_offsets, documents)
    ids = tokens >> 1
    if probe.escaped:
        ids = ids.astype(np.int64)
        ids[ids == ESCAPE] = _joined(lists.escapes, lists.escape_offsets, documents)
    codes = probe.codes.take(ids)
    places = codes.nonzero()[0]
    codes = codes[places]
    begins = np.zeros(0, dtype=np.bool_)
    if len(probe.words):
        begins = np.append(tokens & 1, 1).astype(np.bool_)
        begins[ends - length] = True
    part = np.arange(len(heads), dtype=np.int32).repeat(length)[places].astype(np.int64)
    return _Hits(
        places,
        probe.keys[codes],
        probe.folds[codes],
        part,
        group,
        weight,
        length,
        ends - length,
        begins,
    )


def _count(hits: _Hits, probe: Probe, groups: int) -> NDArray[np.int64]:
    """How often each feature occurs in each group."""
    places, part = hits.places, hits.part
    cells: list[NDArray[np.int64]] = []
    amounts: list[NDArray[np.int64]] = []

    def tally(which: NDArray[np.int64], features: NDArray[np.int64] | int) -> None:
        cells.append(hits.group[part[which]] * probe.features + features)
        amounts.append(hits.weight[part[which]])

    known = hits.keys.nonzero()[0]
    tally(known, hits.keys[known].astype(np.int64) - 1)
    base = probe.key_count + len(probe.words)
    if probe.pair_count:
        beside = ((places[1:] == places[:-1] + 1) & (part[1:] == part[:-1])).nonzero()[0]
        pair = probe.pairs[hits.folds[beside], hits.folds[beside + 1]]
        which = (pair >= 0).nonzero()[0]
        tally(beside[which], pair[which].astype(np.int64) + base)
    for feature, sequence in _sequences(probe.words):
        rows = _rows(hits, sequence)
        whole = hits.begins[places[rows]] & hits.begins[places[rows] + len(sequence)]
        for step in range(1, len(sequence)):
            whole &= ~hits.begins[places[rows] + step]
        tally(rows[whole], probe.key_count + feature)
    for feature, sequence in _sequences(probe.rows):
        tally(_rows(hits, sequence), base + probe.pair_count + feature)
    table = np.bincount(
        np.concatenate(cells), np.concatenate(amounts), minlength=groups * probe.features
    )
    return table.astype(np.int64).reshape(groups, probe.features)


def _entries(hits: _Hits, probe: Probe) -> list[tuple[int, float, NDArray[np.int64]]]:
    """Each form of each term: the term, its share and its hits; the largest share last."""
    by_key = np.argsort(hits.keys, kind="stable")
    limits = hits.keys[by_key].searchsorted(np.arange(probe.key_count + 2)).tolist()
    owners = np.arange(probe.key_count + 1).repeat(np.diff(probe.term_offsets)).tolist()
    shares = probe.term_shares.tolist()
    numbers = probe.term_numbers.tolist()
    return [
        (numbers[entry], shares[entry], by_key[limits[key] : limits[key + 1]])
        for entry in np.argsort(probe.term_shares, kind="stable").tolist()
        if limits[key := owners[entry]] < limits[key + 1]
    ]


def _windows(
    hits: _Hits,
    entries: Sequence[tuple[int, float, NDArray[np.int64]]],
    probe: Probe,
    step: int,
    groups: int,
) -> NDArray[np.float64]:
    """What the best window of twice `step` syllables holds in each group."""
    blocks = np.maximum(1, -(-hits.length // step))
    ends = np.cumsum(blocks)
    # Only blocks that hold something are looked at, each with the one after it.
    places = (hits.places - hits.start[hits.part]) // step + (ends - blocks)[hits.part]
    busy = np.zeros(int(ends[-1]) + 1, dtype=np.bool_)
    busy[places] = True
    where = busy.nonzero()[0]
    rank = np.cumsum(busy) - 1
    best = np.zeros((len(probe.idfs), len(where) + 1))
    ranks = rank[places]
    for term, share, own in entries:
        best[term, ranks[own]] = share
    last = np.zeros(int(ends[-1]) + 1, dtype=np.bool_)
    last[ends - 1] = True
    follows = np.where(busy[where + 1] & ~last[where], rank[where + 1], len(where))
    held = np.zeros(len(where))
    for row, weight in zip(best, probe.idfs.tolist(), strict=True):
        held += weight * np.maximum(row[:-1], row[follows])
    # A window may also begin with a block that holds nothing: it is no better than the next.
    part = ends.searchsorted(where, side="right")
    held *= np.minimum(1.0, hits.weight[part] / BODY)
    group = hits.group[part]
    begins = np.append(True, group[1:] != group[:-1]).nonzero()[0]
    most = np.zeros(groups)
    most[group[begins]] = np.maximum.reduceat(held, begins)
    return most


def _sequences(sequences: Sequences) -> Iterator[tuple[int, list[int]]]:
    for feature, (begin, end) in enumerate(pairwise(sequences.offsets.tolist())):
        yield feature, sequences.numbers[begin:end].tolist()


def _rows(hits: _Hits, sequence: list[int]) -> NDArray[np.int64]:
    """The hits at which keys stand in a row within one part."""
    keys, places, part = hits.keys, hits.places, hits.part
    found = (keys == sequence[0]).nonzero()[0]
    for step, number in enumerate(sequence[1:], start=1):
        found = found[found + step < len(keys)]
        right = keys[found + step] == number
        right &= places[found + step] == places[found] + step
        right &= part[found + step] == part[found]
        found = found[right]
    rows: NDArray[np.int64] = found
    return rows


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
