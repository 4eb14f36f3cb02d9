"""The kernel that finds the best by their terms, as loops that numba compiles; see `loops`.

`best` takes a few thousand documents at a time, whose scores stay in a processor's nearest caches,
and adds up the terms from the rarest on. As soon as the terms that are left cannot bring a document
among the best that are known by then, they are looked up for the few documents that may still be
among them, and the rest of their postings is never read (MaxScore: Turtle and Flood, "Query
evaluation: strategies and optimizations", 1995). Scores are the same as if all had been.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from numba import njit

from searchdb.backends.whoosh.kernels.loops_terms import first_from, frequency, look_up
from searchdb.backends.whoosh.layout import CONTAINER

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from searchdb.backends.whoosh.kernels import Terms

__all__ = ["best", "largest"]

_compiled = njit(cache=True, nogil=True, boundscheck=False)

_MARGIN = 1.0 + 1e-9
"""What rounding may take from a sum that bounds another."""
_BINS = 1024
"""Bins of a histogram of scores."""
_FEW = 64
"""Scores in one bin that are ordered."""
_WINDOW = 1 << 13
"""Documents whose scores are added up together, a part of a container."""
_LOOK_UP = 12
"""Looking a document up in postings costs as much as reading so many of them."""
_SCANNED = 4
"""Adding a posting costs as much as looking at so many scores."""
_SHARE = 0.5
"""What terms may bring at most, as a share of the best scores, before they are looked up."""
_ENOUGH = 4
"""A run of postings shows how good the best are if it has so many times as many documents."""
_BLOCK = np.uint64(64)
_TINY = 5e-324


def best(
    terms: Terms, norms: NDArray[np.float64], depth: int, least: float
) -> tuple[NDArray[np.int64], NDArray[np.float64]]:
    """See `Kernels`."""
    postings = terms.postings
    if not len(terms.runs) or depth < 1:
        return np.zeros(0, dtype=np.int64), np.zeros(0)
    return _best(
        postings.docs,
        postings.tfs,
        postings.values,
        postings.large_at,
        postings.large,
        terms.runs,
        terms.shares,
        terms.weights,
        norms,
        depth,
        least,
    )


@_compiled
def _largest(values, depth):
    """The `depth`-th largest of at least so many values."""
    low, high = values[0], values[0]
    for value in values:
        low, high = min(low, value), max(high, value)
    rank = depth
    kept = values
    while len(kept) > _FEW and low < high:
        scale = _BINS / (high - low)
        if not np.isfinite(scale):
            break
        bins = np.zeros(_BINS + 1, dtype=np.int64)
        for value in kept:
            bins[min(np.int64((value - low) * scale), _BINS)] += 1
        number = _BINS
        while bins[number] < rank:
            rank -= bins[number]
            number -= 1
        rest = np.empty(bins[number])
        many = 0
        for value in kept:
            if min(np.int64((value - low) * scale), _BINS) == number:
                rest[many] = value
                many += 1
        kept = rest
        low, high = kept[0], kept[0]
        for value in kept:
            low, high = min(low, value), max(high, value)
    ordered = np.sort(kept)
    return ordered[len(ordered) - rank]


@_compiled
def largest(scores, depth):
    """See `Kernels`."""
    many = 0
    for score in scores:
        many += score > 0.0
    values = np.empty(many)
    found = np.empty(many, dtype=np.int64)
    many = 0
    for place in range(len(scores)):
        if scores[place] > 0.0:
            values[many] = scores[place]
            found[many] = place
            many += 1
    if many <= depth or depth < 1:
        return found
    return found[values >= _largest(values, depth)]


@_compiled
def _added(docs, tfs, values, large_at, large, begin, end, low, weight, norms, scores):
    """Add postings to the scores of the documents from `low` on."""
    size = np.uint64(len(norms))
    for place in range(begin, end):
        document = np.uint64(docs[place] - low)
        if document < size:
            tf = values[tfs[place]]
            scores[document] += weight * (tf / (tf + norms[document]))
    first, last = np.searchsorted(large_at, begin), np.searchsorted(large_at, end)
    for number in range(first, last):
        document = np.uint64(docs[large_at[number]] - low)
        if document < size:
            tf = large[number]
            scores[document] += weight * (tf / (tf + norms[document]))


@_compiled
def _mixed(
    docs,
    tfs,
    values,
    large_at,
    large,
    shares,
    begins,
    ends,
    low,
    weight,
    norms,
    scores,
    frequencies,
):
    """Add the postings of the forms of a term to the scores of the documents from `low` on.

    The last form, which has most of them, is added as it is read.
    """
    size = np.uint64(len(norms))
    last = len(begins) - 1
    for form in range(last):
        for place in range(begins[form], ends[form]):
            document = np.uint64(docs[place] - low)
            if document < size:
                tf = frequency(tfs, values, large_at, large, place)
                frequencies[document] += shares[form] * tf
    for place in range(begins[last], ends[last]):
        document = np.uint64(docs[place] - low)
        if document < size:
            tf = shares[last] * frequency(tfs, values, large_at, large, place)
            if frequencies[document] > 0.0:
                tf += frequencies[document]
                frequencies[document] = 0.0
            scores[document] += weight * (tf / (tf + norms[document]))
    for form in range(last):
        for place in range(begins[form], ends[form]):
            document = np.uint64(docs[place] - low)
            if document < size and frequencies[document] > 0.0:
                tf = frequencies[document]
                frequencies[document] = 0.0
                scores[document] += weight * (tf / (tf + norms[document]))


@_compiled
def _from(scores, bits, least, found, held):
    """Take from scores those above 0 and not below `least`; how many they are.

    `bits` are the same scores as whole numbers, which order floats above 0 as well. There are whole
    blocks of them, and places have no sign, so that a processor compares many at once.
    """
    held[0] = max(least, _TINY)
    bound = held.view(np.int64)[0]
    many = 0
    for begin in range(np.uint64(0), np.uint64(len(bits)), _BLOCK):
        enough = 0
        for place in range(begin, begin + _BLOCK):
            enough += bits[place] >= bound
        if enough:
            for place in range(begin, begin + _BLOCK):
                found[many] = place
                held[many] = scores[place]
                many += bits[place] >= bound
    return many


@_compiled
def _sampled(docs, begin, end, low, scores, depth):
    """A number that at least `depth` of the scores of these postings' documents are not below."""
    size = np.uint64(len(scores))
    values = np.empty(end - begin)
    many = 0
    for place in range(begin, end):
        document = np.uint64(docs[place] - low)
        if document < size:
            values[many] = scores[document]
            many += 1
    return _largest(values[:many], depth) if many >= depth else 0.0


@_compiled
def _best(docs, tfs, values, large_at, large, runs, shares, weights, norms, depth, least):
    terms = len(weights)
    rest = np.zeros(terms + 1)
    for term in range(terms - 1, -1, -1):
        rest[term] = rest[term + 1] + weights[term] * _MARGIN
    # The runs of the container at hand: where they begin and end, their shares, and by term.
    begins, ends, lasts = runs[:, 2].copy(), runs[:, 2].copy(), runs[:, 3].copy()
    own_shares = shares.copy()
    firsts = np.zeros(terms + 1, dtype=np.int64)
    width = min((len(norms) + 63) // 64 * 64, _WINDOW)
    scores = np.zeros(width)
    bits = scores.view(np.int64)
    frequencies = np.zeros(width)
    left = np.zeros(terms + 1, dtype=np.int64)
    # One more than there can be, so that what is not taken can be written, too.
    found, held = np.empty(width + 1, dtype=np.int64), np.empty(width + 1)
    all_found, all_held = np.empty(depth + width, dtype=np.int64), np.empty(depth + width)
    many = 0
    edge = least
    for low in range(0, len(norms), width):
        size = min(width, len(norms) - low)
        base = low // CONTAINER * CONTAINER
        from_base = low - base
        if low == base:
            firsts[:] = 0
            own = 0
            for run in range(len(runs)):
                if runs[run, 1] == base:
                    firsts[runs[run, 0] + 1 :] += 1
                    ends[own], lasts[own], own_shares[own] = runs[run, 2], runs[run, 3], shares[run]
                    own += 1
        left[terms] = 0
        for term in range(terms - 1, -1, -1):
            left[term] = left[term + 1]
            for run in range(firsts[term], firsts[term + 1]):
                begins[run] = ends[run]
                ends[run] = first_from(docs, begins[run], lasts[run], from_base + size)
                left[term] += ends[run] - begins[run]
        if not left[0]:
            continue
        kept = 0
        chosen = False
        reach = 0.0
        for term in range(terms):
            first, last = firsts[term], firsts[term + 1]
            weight = weights[term]
            if not chosen and left[term] * _SCANNED > size:
                if edge == 0.0 and rest[term] < reach * _SHARE:
                    run = 0
                    while ends[run] - begins[run] < depth * _ENOUGH and run + 1 < first:
                        run += 1
                    edge = _sampled(docs, begins[run], ends[run], from_base, scores, depth)
                if rest[term] < edge * _SHARE:
                    kept = _from(scores, bits, edge / _MARGIN - rest[term], found, held)
                    chosen = kept * _LOOK_UP < left[term]
            if chosen:
                bound = edge / _MARGIN - rest[term]
                before, kept = kept, 0
                for index in range(before):
                    found[kept] = found[index]
                    held[kept] = held[index]
                    kept += held[index] >= bound
                look_up(
                    docs,
                    tfs,
                    values,
                    large_at,
                    large,
                    first,
                    last,
                    begins,
                    ends,
                    from_base,
                    own_shares,
                    weight,
                    norms,
                    low,
                    found,
                    held,
                    kept,
                )
            elif last - first == 1 and own_shares[first] == 1.0:
                _added(
                    docs,
                    tfs,
                    values,
                    large_at,
                    large,
                    begins[first],
                    ends[first],
                    from_base,
                    weight,
                    norms[low : low + size],
                    scores,
                )
            elif last > first:
                _mixed(
                    docs,
                    tfs,
                    values,
                    large_at,
                    large,
                    own_shares[first:last],
                    begins[first:last],
                    ends[first:last],
                    from_base,
                    weight,
                    norms[low : low + size],
                    scores,
                    frequencies,
                )
            reach += weight
        if not chosen:
            kept = _from(scores, bits, edge, found, held)
        scores[:] = 0.0
        if many + kept > len(all_found):
            all_found = _extended(all_found, many, 2 * (many + kept))
            all_held = _extended(all_held, many, 2 * (many + kept))
        more = 0
        for index in range(kept):
            all_found[many + more] = found[index] + low
            all_held[many + more] = held[index]
            more += held[index] >= edge
        many += more
        if many >= 2 * depth or (many >= depth and edge <= least):
            edge = max(edge, _largest(all_held[:many], depth))
            before, many = many, 0
            for index in range(before):
                all_found[many] = all_found[index]
                all_held[many] = all_held[index]
                many += all_held[index] >= edge
    if many > depth:
        kept = all_held[:many] >= _largest(all_held[:many], depth)
        return all_found[:many][kept], all_held[:many][kept]
    return all_found[:many].copy(), all_held[:many].copy()


@_compiled
def _extended(values, many, size):
    wider = np.empty(size, dtype=values.dtype)
    wider[:many] = values[:many]
    return wider
