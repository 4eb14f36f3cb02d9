"""The kernels as loops that numba compiles; see `Kernels`.

The first call of each compiles it, three seconds in all; what was compiled is kept beside this file
where that is allowed.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from numba import njit

from searchdb.backends.whoosh.layout import ESCAPE, LARGE
from searchdb.ranking import BODY, FURNITURE, TITLE

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from searchdb.backends.whoosh.kernels import Lists, Postings, Probe

__all__ = ["add_frequencies", "add_scores", "best", "count", "holding", "saturate"]

_compiled = njit(cache=True, nogil=True, boundscheck=False)


def add_scores(
    scores: NDArray[np.float64],
    norms: NDArray[np.float64],
    postings: Postings,
    runs: NDArray[np.int64],
    weights: NDArray[np.float64],
) -> None:
    """See `Kernels`."""
    _add_scores(
        scores,
        norms,
        postings.docs,
        postings.tfs,
        postings.values,
        postings.large_at,
        postings.large,
        runs,
        weights,
    )


@_compiled
def _add_scores(scores, norms, docs, tfs, values, large_at, large, runs, weights):
    size = min(len(scores), len(norms))
    for run in range(len(runs)):
        base, begin, end = runs[run]
        weight = weights[run]
        for place in range(begin, end):
            document = base + docs[place]
            if document < size:
                code = tfs[place]
                tf = large[np.searchsorted(large_at, place)] if code == LARGE else values[code]
                scores[document] += weight * (tf / (tf + norms[document]))


def add_frequencies(
    frequencies: NDArray[np.float64],
    postings: Postings,
    runs: NDArray[np.int64],
    shares: NDArray[np.float64],
) -> None:
    """See `Kernels`."""
    _add_frequencies(
        frequencies,
        postings.docs,
        postings.tfs,
        postings.values,
        postings.large_at,
        postings.large,
        runs,
        shares,
    )


@_compiled
def _add_frequencies(frequencies, docs, tfs, values, large_at, large, runs, shares):
    size = len(frequencies)
    for run in range(len(runs)):
        base, begin, end = runs[run]
        share = shares[run]
        for place in range(begin, end):
            document = base + docs[place]
            if document < size:
                code = tfs[place]
                tf = large[np.searchsorted(large_at, place)] if code == LARGE else values[code]
                frequencies[document] += share * tf


@_compiled
def saturate(scores, norms, frequencies, weight):
    """See `Kernels`."""
    for document in range(len(frequencies)):
        tf = frequencies[document]
        if tf > 0.0:
            scores[document] += weight * (tf / (tf + norms[document]))
            frequencies[document] = 0.0


@_compiled
def best(scores, depth):
    """See `Kernels`."""
    heap = np.zeros(depth)
    size = 0
    least = 0.0
    for place in range(len(scores)):
        score = scores[place]
        if score <= least:
            continue
        if size < depth:
            at = size
            size += 1
            while at > 0 and heap[(at - 1) >> 1] > score:
                heap[at] = heap[(at - 1) >> 1]
                at = (at - 1) >> 1
            heap[at] = score
        else:
            at = 0
            while True:
                child = 2 * at + 1
                if child >= size:
                    break
                if child + 1 < size and heap[child + 1] < heap[child]:
                    child += 1
                if heap[child] >= score:
                    break
                heap[at] = heap[child]
                at = child
            heap[at] = score
        if size == depth:
            least = heap[0]
    found = np.empty(len(scores), dtype=np.int64)
    many = 0
    for place in range(len(scores)):
        if scores[place] >= least and scores[place] > 0.0:
            found[many] = place
            many += 1
    return found[:many].copy()


def count(
    lists: Lists, documents: NDArray[np.int64], probe: Probe, *, by_part: bool
) -> NDArray[np.int64]:
    """See `Kernels`."""
    parts = lists.part_offsets[documents + 1].astype(np.int64) - lists.part_offsets[documents]
    groups = int(parts.sum()) if by_part else len(documents)
    found = np.zeros((groups, probe.features), dtype=np.int64)
    _count(
        found,
        lists.tokens,
        lists.token_offsets,
        lists.escapes,
        lists.escape_offsets,
        lists.parts,
        lists.part_offsets,
        documents,
        by_part,
        probe.table,
        probe.keys,
        probe.pairs,
        probe.pair_count,
        probe.words,
        probe.word_offsets,
        _by_first(probe.words, probe.word_offsets, probe.keys),
        probe.rows,
        probe.row_offsets,
        _by_first(probe.rows, probe.row_offsets, probe.keys),
    )
    return found


def _by_first(
    numbers: NDArray[np.int32], offsets: NDArray[np.int32], keys: int
) -> NDArray[np.int32]:
    """The sequences that begin with each key: the first one, and after each the next; -1 for none.

    Shape (keys + 1 + sequences,): by key number, then by sequence.
    """
    heads = np.full(keys + len(offsets), -1, dtype=np.int32)
    for sequence in range(len(offsets) - 2, -1, -1):
        first = int(numbers[offsets[sequence]])
        heads[keys + 1 + sequence] = heads[first]
        heads[first] = sequence
    return heads


@_compiled
def _count(
    found,
    tokens,
    token_offsets,
    escapes,
    escape_offsets,
    parts,
    part_offsets,
    documents,
    by_part,
    table,
    keys,
    pairs,
    pair_count,
    words,
    word_offsets,
    word_heads,
    rows,
    row_offsets,
    row_heads,
):
    word_base = keys
    pair_base = keys + len(word_offsets) - 1
    row_base = pair_base + pair_count
    longest = np.int64(0)
    for index in range(len(documents)):
        document = documents[index]
        for part in range(part_offsets[document], part_offsets[document + 1]):
            longest = max(longest, np.int64(parts[part] >> 1))
    limit = len(tokens)
    marks = np.zeros(longest + 1, dtype=np.uint32)
    group = -1
    for index in range(len(documents)):
        document = documents[index]
        place = np.int64(token_offsets[document])
        escape = np.int64(escape_offsets[document])
        first = part_offsets[document]
        if not by_part:
            group += 1
        for part in range(first, part_offsets[document + 1]):
            if by_part:
                group += 1
            length = np.int64(parts[part] >> 1)
            if place + length > limit:
                return
            if part == first:
                weight = TITLE
            elif parts[part] & 1:
                weight = FURNITURE
            else:
                weight = BODY
            for at in range(length):
                number = np.int64(tokens[place + at] >> 1)
                if number == ESCAPE:
                    number = np.int64(escapes[escape]) if escape < len(escapes) else ESCAPE
                    escape += 1
                marks[at] = table[number] if number < len(table) else 0
            before = np.uint32(0)
            for at in range(length):
                mark = marks[at]
                if mark == 0:
                    before = mark
                    continue
                pair = pairs[before >> 16, mark >> 16]
                if pair >= 0:
                    found[group, pair_base + pair] += weight
                before = mark
                key = mark & 0xFFFF
                if key == 0:
                    continue
                found[group, key - 1] += weight
                sequence = word_heads[key]
                if sequence >= 0 and (at == 0 or tokens[place + at] & 1):
                    while sequence >= 0:
                        begin, end = word_offsets[sequence], word_offsets[sequence + 1]
                        size = end - begin
                        whole = at + size <= length
                        if whole and at + size < length:
                            whole = (tokens[place + at + size] & 1) == 1
                        step = 1
                        while whole and step < size:
                            if (marks[at + step] & 0xFFFF) != words[begin + step] or (
                                tokens[place + at + step] & 1
                            ):
                                whole = False
                            step += 1
                        if whole:
                            found[group, word_base + sequence] += weight
                        sequence = word_heads[keys + 1 + sequence]
                sequence = row_heads[key]
                while sequence >= 0:
                    begin, end = row_offsets[sequence], row_offsets[sequence + 1]
                    whole = at + end - begin <= length
                    step = 1
                    while whole and step < end - begin:
                        if (marks[at + step] & 0xFFFF) != rows[begin + step]:
                            whole = False
                        step += 1
                    if whole:
                        found[group, row_base + sequence] += weight
                    sequence = row_heads[keys + 1 + sequence]
            place += length


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
    singles = np.array([int(slot[0]) if len(slot) == 1 else -1 for slot in slots], dtype=np.int64)
    many = [slot for slot in slots if len(slot) > 1]
    members = np.zeros((len(many), max(ids, ESCAPE + 1) if many else 1), dtype=np.bool_)
    for row, slot in enumerate(many):
        members[row, slot] = True
    simple = len(slots) == 2 and not title and not many and int(singles.max()) < ESCAPE
    arrays = (lists.tokens, lists.token_offsets, lists.escapes, lists.escape_offsets)
    _holding(
        found, *arrays, lists.parts, lists.part_offsets, documents, singles, members, title, simple
    )
    return found


@_compiled
def _side_by_side(tokens, begin, end, one, two):
    """How often two tokens stand side by side, whatever part they are in; without a branch."""
    times = 0
    for place in range(begin, end - 1):
        times += ((tokens[place] >> 1) == one) & ((tokens[place + 1] >> 1) == two)
    return times


@_compiled
def _holding(
    found,
    tokens,
    token_offsets,
    escapes,
    escape_offsets,
    parts,
    part_offsets,
    documents,
    singles,
    members,
    title,
    simple,
):
    limit = len(tokens)
    slots = len(singles)
    one, two = np.uint16(0), np.uint16(0)
    if simple:
        one, two = np.uint16(singles[0]), np.uint16(singles[1])
    for index in range(len(documents)):
        document = documents[index]
        place = np.int64(token_offsets[document])
        stop = np.int64(token_offsets[document + 1])
        if simple and not _side_by_side(tokens, place, min(stop, limit), one, two):
            continue
        escape = np.int64(escape_offsets[document])
        first = part_offsets[document]
        ids = np.empty(max(0, stop - place), dtype=np.int64)
        for at in range(len(ids)):
            number = np.int64(tokens[place + at] >> 1) if place + at < limit else ESCAPE
            if number == ESCAPE:
                number = np.int64(escapes[escape]) if escape < len(escapes) else ESCAPE
                escape += 1
            ids[at] = number
        begin = 0
        for part in range(first, part_offsets[document + 1]):
            end = begin + np.int64(parts[part] >> 1)
            if end > len(ids):
                break
            for at in range(begin, end - slots + 1):
                row = 0
                step = 0
                while step < slots:
                    number = ids[at + step]
                    if singles[step] >= 0:
                        if number != singles[step]:
                            break
                    else:
                        if number >= members.shape[1] or not members[row, number]:
                            break
                        row += 1
                    step += 1
                if step == slots:
                    found[index] = True
                    break
            if found[index] or title:
                break
            begin = end
