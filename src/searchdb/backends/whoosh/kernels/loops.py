"""The kernels as loops that numba compiles; see `Kernels`.

The first call of each compiles it, three seconds in all; what was compiled is kept beside this file
where that is allowed.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from numba import njit

from searchdb.backends.whoosh.kernels.loops_phrase import holding
from searchdb.backends.whoosh.layout import ESCAPE, LARGE
from searchdb.ranking import BODY, FURNITURE, TITLE

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from searchdb.backends.whoosh.kernels import Lists, Postings, Probe, Sequences

__all__ = ["add_frequencies", "add_scores", "best", "count", "holding", "saturate"]


_MARGIN = 1.0 + 1e-9
"""What rounding may take from a sum that bounds another."""

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
def _beside(large_at, large, place):
    """The frequency of a posting that no byte stands for."""
    at = np.searchsorted(large_at, place)
    return large[at] if at < len(large) else 0.0


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
                tf = _beside(large_at, large, place) if code == LARGE else values[code]
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
                tf = _beside(large_at, large, place) if code == LARGE else values[code]
                frequencies[document] += share * tf


def saturate(
    scores: NDArray[np.float64],
    norms: NDArray[np.float64],
    frequencies: NDArray[np.float64],
    postings: Postings,
    runs: NDArray[np.int64],
    *,
    weight: float,
) -> None:
    """See `Kernels`."""
    _saturate(scores, norms, frequencies, postings.docs, runs, weight)


@_compiled
def _saturate(scores, norms, frequencies, docs, runs, weight):
    size = min(len(scores), len(norms), len(frequencies))
    for run in range(len(runs)):
        base, begin, end = runs[run]
        for place in range(begin, end):
            document = base + docs[place]
            if document < size:
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
) -> tuple[NDArray[np.int64], NDArray[np.float64]]:
    """See `Kernels`."""
    parts = lists.part_offsets[documents + 1].astype(np.int64) - lists.part_offsets[documents]
    groups = int(parts.sum()) if by_part else len(documents)
    found = np.zeros((groups, probe.features), dtype=np.int64)
    held = np.zeros((groups, len(probe.steps)))
    _count(
        found,
        held,
        lists.tokens,
        lists.token_offsets,
        lists.escapes,
        lists.escape_offsets,
        lists.parts,
        lists.part_offsets,
        documents,
        by_part,
        probe.codes,
        probe.keys,
        probe.folds,
        probe.key_count,
        probe.pairs,
        probe.pair_count,
        probe.words.numbers,
        probe.words.offsets,
        _by_first(probe.words, probe.key_count),
        probe.rows.numbers,
        probe.rows.offsets,
        _by_first(probe.rows, probe.key_count),
        probe.steps,
        probe.idfs,
        probe.term_offsets,
        probe.term_numbers,
        probe.term_shares,
    )
    return found, held


def _by_first(sequences: Sequences, keys: int) -> NDArray[np.int32]:
    """The sequences that begin with each key: the first one, and after each the next; -1 for none.

    Shape (keys + 1 + sequences,): by key number, then by sequence.
    """
    heads = np.full(keys + 1 + len(sequences), -1, dtype=np.int32)
    for sequence in range(len(sequences) - 1, -1, -1):
        first = int(sequences.numbers[sequences.offsets[sequence]])
        heads[keys + 1 + sequence] = heads[first]
        heads[first] = sequence
    return heads


@_compiled
def _count(
    found,
    held,
    tokens,
    token_offsets,
    escapes,
    escape_offsets,
    parts,
    part_offsets,
    documents,
    by_part,
    codes,
    keys,
    folds,
    key_count,
    pairs,
    pair_count,
    words,
    word_offsets,
    word_heads,
    rows,
    row_offsets,
    row_heads,
    steps,
    idfs,
    term_offsets,
    term_numbers,
    term_shares,
):
    pair_base = key_count + len(word_offsets) - 1
    row_base = pair_base + pair_count
    limit = len(tokens)
    longest = np.int64(0)
    for index in range(len(documents)):
        document = documents[index]
        for part in range(part_offsets[document], part_offsets[document + 1]):
            longest = max(longest, np.int64(parts[part] >> 1))
    longest = min(longest, limit)
    where = np.zeros(longest + 1, dtype=np.uint32)
    what = np.zeros(longest + 1, dtype=codes.dtype)
    terms = len(idfs)
    best = np.zeros((2, terms))
    bounds = np.zeros(2)
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
            # First what is looked for, without a branch that would be guessed wrongly.
            hits = 0
            for at in range(length):
                number = np.int64(tokens[place + at] >> 1)
                if number == ESCAPE:
                    number = np.int64(escapes[escape]) if escape < len(escapes) else ESCAPE
                    escape += 1
                    if number >= len(codes):
                        number = ESCAPE
                code = codes[number]
                where[hits] = at
                what[hits] = code
                hits += code != 0
            for hit in range(hits):
                at = np.int64(where[hit])
                code = what[hit]
                fold = folds[code]
                if fold != 0 and hit > 0 and where[hit - 1] == at - 1:
                    pair = pairs[folds[what[hit - 1]], fold]
                    if pair >= 0:
                        found[group, pair_base + pair] += weight
                key = keys[code]
                if key == 0:
                    continue
                found[group, key - 1] += weight
                sequence = word_heads[key]
                if sequence >= 0 and (at == 0 or tokens[place + at] & 1):
                    while sequence >= 0:
                        begin = word_offsets[sequence]
                        size = word_offsets[sequence + 1] - begin
                        whole = at + size <= length and hit + size <= hits
                        if whole and at + size < length:
                            whole = (tokens[place + at + size] & 1) == 1
                        step = 1
                        while whole and step < size:
                            whole = (
                                where[hit + step] == at + step
                                and keys[what[hit + step]] == words[begin + step]
                                and not tokens[place + at + step] & 1
                            )
                            step += 1
                        if whole:
                            found[group, key_count + sequence] += weight
                        sequence = word_heads[key_count + 1 + sequence]
                sequence = row_heads[key]
                while sequence >= 0:
                    begin = row_offsets[sequence]
                    size = row_offsets[sequence + 1] - begin
                    whole = hit + size <= hits
                    step = 1
                    while whole and step < size:
                        whole = (
                            where[hit + step] == at + step
                            and keys[what[hit + step]] == rows[begin + step]
                        )
                        step += 1
                    if whole:
                        found[group, row_base + sequence] += weight
                    sequence = row_heads[key_count + 1 + sequence]
            if terms and hits:
                factor = min(1.0, weight / BODY)
                for column in range(len(steps)):
                    step = np.uint32(steps[column])
                    most = 0.0
                    enough = held[group, column] / factor
                    hit = 0
                    before = np.int64(-2)
                    best[:] = 0.0
                    bounds[:] = 0.0
                    while hit < hits:
                        block = np.int64(where[hit] // step)
                        own = block & 1
                        best[own] = 0.0
                        bounds[own] = 0.0
                        if before != block - 1:
                            best[1 - own] = 0.0
                            bounds[1 - own] = 0.0
                        stop = (block + 1) * np.int64(step)
                        while hit < hits and where[hit] < stop:
                            key = keys[what[hit]]
                            for entry in range(term_offsets[key], term_offsets[key + 1]):
                                term = term_numbers[entry]
                                more = term_shares[entry] - best[own, term]
                                if more > 0.0:
                                    best[own, term] = term_shares[entry]
                                    bounds[own] += idfs[term] * more
                            hit += 1
                        # Most windows cannot be the best: only the others are added up exactly.
                        if (bounds[0] + bounds[1]) * _MARGIN > max(most, enough):
                            total = 0.0
                            for term in range(terms):
                                total += idfs[term] * max(best[0, term], best[1, term])
                            most = max(most, total)
                        before = block
                    held[group, column] = max(held[group, column], most * factor)
            place += length
