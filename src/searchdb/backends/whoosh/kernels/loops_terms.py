"""The kernels that look documents up in postings, as loops that numba compiles; see `loops`."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from numba import njit

from searchdb.backends.whoosh.layout import CONTAINER, LARGE

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from searchdb.backends.whoosh.kernels import Postings, Terms

__all__ = ["among", "first_from", "frequency", "look_up", "mark", "score"]

_compiled = njit(cache=True, nogil=True, boundscheck=False)


@_compiled
def frequency(tfs, values, large_at, large, place):
    """The frequency of a posting."""
    code = tfs[place]
    if code != LARGE:
        return values[code]
    at = np.searchsorted(large_at, place)
    return large[at] if at < len(large) else 0.0


@_compiled
def first_from(docs, begin, end, wanted):
    """The place of the first posting from `begin` on whose document is not before `wanted`."""
    step = 1
    high = begin
    while high < end and docs[high] < wanted:
        begin = high + 1
        high += step
        step <<= 1
    high = min(high, end)
    while begin < high:
        middle = (begin + high) >> 1
        if docs[middle] < wanted:
            begin = middle + 1
        else:
            high = middle
    return begin


@_compiled
def look_up(
    docs,
    tfs,
    values,
    large_at,
    large,
    first,
    last,
    begins,
    ends,
    low,
    shares,
    weight,
    norms,
    from_norm,
    found,
    held,
    many,
):
    """Add a term to the scores `held` of the first `many` documents `found`, which are in order."""
    for index in range(many):
        wanted = found[index] + low
        tf = 0.0
        for run in range(first, last):
            place, end = begins[run], ends[run]
            if place < end:
                place = first_from(docs, place, end, wanted)
                begins[run] = place
                if place < end and docs[place] == wanted:
                    tf += shares[run] * frequency(tfs, values, large_at, large, place)
        if tf > 0.0:
            held[index] += weight * (tf / (tf + norms[from_norm + found[index]]))


def score(
    terms: Terms, norms: NDArray[np.float64], documents: NDArray[np.int64]
) -> NDArray[np.float64]:
    """See `Kernels`."""
    postings = terms.postings
    return _score(
        postings.docs,
        postings.tfs,
        postings.values,
        postings.large_at,
        postings.large,
        terms.runs,
        terms.shares,
        terms.weights,
        norms,
        documents,
    )


@_compiled
def _score(docs, tfs, values, large_at, large, runs, shares, weights, norms, documents):
    scores = np.zeros(len(documents))
    for base in range(0, len(norms), CONTAINER):
        low, high = np.searchsorted(documents, (base, base + CONTAINER))
        if low == high:
            continue
        found = documents[low:high] - base
        begins = runs[:, 2].copy()
        last = 0
        for term in range(len(weights)):
            first = last
            while last < len(runs) and runs[last, 0] == term:
                if runs[last, 1] != base:
                    begins[last] = runs[last, 3]
                last += 1
            look_up(
                docs,
                tfs,
                values,
                large_at,
                large,
                first,
                last,
                begins,
                runs[:, 3],
                0,
                shares,
                weights[term],
                norms,
                base,
                found,
                scores[low:high],
                len(found),
            )
    return scores


def mark(mask: NDArray[np.bool_], postings: Postings, runs: NDArray[np.int64]) -> None:
    """See `Kernels`."""
    _mark(mask, postings.docs, runs)


@_compiled
def _mark(mask, docs, runs):
    size = len(mask)
    for run in range(len(runs)):
        base, begin, end = runs[run]
        for place in range(begin, end):
            document = base + docs[place]
            if document < size:
                mask[document] = True


def among(
    postings: Postings, runs: NDArray[np.int64], documents: NDArray[np.int64]
) -> NDArray[np.int64]:
    """See `Kernels`."""
    return _among(postings.docs, runs, documents)


@_compiled
def _among(docs, runs, documents):
    found = np.empty(len(documents), dtype=np.int64)
    many = 0
    index = 0
    for run in range(len(runs)):
        base, place, end = runs[run]
        while index < len(documents) and documents[index] < base:
            index += 1
        while index < len(documents) and place < end:
            wanted = documents[index] - base
            if wanted >= CONTAINER:
                break
            place = first_from(docs, place, end, wanted)
            if place < end and docs[place] == wanted:
                found[many] = documents[index]
                many += 1
            index += 1
    return found[:many]
