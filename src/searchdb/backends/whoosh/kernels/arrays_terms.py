"""The kernels that read postings, in numpy; see `Kernels`."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from searchdb.backends.whoosh.layout import CONTAINER

if TYPE_CHECKING:
    from collections.abc import Iterator

    from numpy.typing import NDArray

    from searchdb.backends.whoosh.kernels import Postings, Terms

__all__ = ["among", "best", "largest", "mark", "score"]

_SAMPLE = 16
"""One score in so many is looked at to guess the least of the best."""


def best(
    terms: Terms, norms: NDArray[np.float64], depth: int, least: float
) -> tuple[NDArray[np.int64], NDArray[np.float64]]:
    """See `Kernels`."""
    scores = np.zeros(len(norms))
    frequencies = scores[:0]
    for weight, rows in _by_term(terms):
        posted = [(share, *_posted(terms.postings, *run)) for share, *run in rows]
        if all(row[0] == 1.0 for row in rows) and len({row[1] for row in rows}) == len(rows):
            # One form: no document has two postings.
            for _, documents, tfs in posted:
                scores[documents] += weight * (tfs / (tfs + norms[documents]))
            continue
        if not len(frequencies):
            frequencies = np.zeros(len(norms))
        for share, documents, tfs in posted:
            frequencies[documents] += share * tfs
        for _, documents, _ in posted:
            tfs = frequencies[documents]
            # A document that an earlier form had, too, is at 0 now and adds nothing.
            scores[documents] += weight * (tfs / (tfs + norms[documents]))
            frequencies[documents] = 0.0
    found = largest(scores, depth)
    held = scores[found]
    enough = held >= least
    return found[enough], held[enough]


def score(
    terms: Terms, norms: NDArray[np.float64], documents: NDArray[np.int64]
) -> NDArray[np.float64]:
    """See `Kernels`."""
    scores = np.zeros(len(documents))
    own = norms[documents]
    for weight, rows in _by_term(terms):
        frequencies = np.zeros(len(documents))
        for share, *run in rows:
            held, tfs = _posted(terms.postings, *run)
            places = np.minimum(held.searchsorted(documents), len(held) - 1)
            frequencies += np.where(held[places] == documents, share * tfs[places], 0.0)
        some = frequencies > 0.0
        tfs = frequencies[some]
        scores[some] += weight * (tfs / (tfs + own[some]))
    return scores


def _by_term(terms: Terms) -> Iterator[tuple[float, list[tuple[float, int, int, int]]]]:
    """The weight of each term, and of each of its runs the share, first document, begin and end."""
    rows: list[list[tuple[float, int, int, int]]] = [[] for _ in terms.weights]
    for share, (term, base, begin, end) in zip(
        terms.shares.tolist(), terms.runs.tolist(), strict=True
    ):
        rows[term].append((share, base, begin, end))
    return zip(terms.weights.tolist(), rows, strict=True)


def _posted(
    postings: Postings, base: int, begin: int, end: int
) -> tuple[NDArray[np.int64], NDArray[np.float64]]:
    """The documents of a run of postings, and frequencies in occurrences."""
    tfs = postings.values[postings.tfs[begin:end]]
    if len(postings.large_at):
        first, last = postings.large_at.searchsorted((begin, end)).tolist()
        tfs[postings.large_at[first:last] - begin] = postings.large[first:last]
    return postings.docs[begin:end].astype(np.int64) + base, tfs


def largest(scores: NDArray[np.float64], depth: int) -> NDArray[np.int64]:
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


def mark(mask: NDArray[np.bool_], postings: Postings, runs: NDArray[np.int64]) -> None:
    """See `Kernels`."""
    for base, begin, end in runs.tolist():
        mask[base:][postings.docs[begin:end]] = True


def among(
    postings: Postings, runs: NDArray[np.int64], documents: NDArray[np.int64]
) -> NDArray[np.int64]:
    """See `Kernels`."""
    found = [documents[:0]]
    for base, begin, end in runs.tolist():
        first, last = documents.searchsorted((base, base + CONTAINER)).tolist()
        own, held = documents[first:last], postings.docs[begin:end]
        places = np.minimum(held.searchsorted((own - base).astype(held.dtype)), len(held) - 1)
        found.append(own[held[places] == own - base])
    return np.concatenate(found)
