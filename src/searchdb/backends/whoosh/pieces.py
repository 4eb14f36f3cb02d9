"""FORWARD LISTS OF SOME DOCUMENTS -> A PIECE of a segment: their postings and counts.

What is sorted at once fits a processor's cache, and what the pieces of a segment hold is put
together without another sort of it all (`building`). Law: a piece depends on its documents alone.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from searchdb.backends.whoosh.counting import counted, lengths, posted
from searchdb.backends.whoosh.forward import Forward

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from searchdb.backends.whoosh.counting import Counts

__all__ = ["Piece", "made"]


@dataclass(frozen=True, slots=True)
class Piece:
    """Documents in a row, numbered from 0; syllables are places in `terms`, folds in `folds`.

    `terms` and `folds` are the numbers that syllables and folds have in the segment to be, in
    order. Over tokens: `ids`, `starts`. Over parts: `heads` (length, doubled, plus 1 for
    furniture); `parts` says how many a document has. Over postings, in order of syllable, then
    document: `documents`, `tfs` in tenths; `sizes` says how many a syllable has. `lengths` are
    those of `counting.lengths`, shape (3, documents). Unsigned, as narrow as they can be.
    """

    terms: NDArray[np.int64]
    folds: NDArray[np.int64]
    ids: NDArray[Any]
    starts: NDArray[np.bool_]
    heads: NDArray[Any]
    parts: NDArray[np.int64]
    sizes: NDArray[np.int64]
    documents: NDArray[Any]
    tfs: NDArray[Any]
    lengths: NDArray[np.int64]
    counts: Counts

    def without(self, live: NDArray[np.bool_], fold_of: NDArray[np.int64]) -> Piece:
        """The piece of the documents that are left."""
        parts = live.repeat(self.parts)
        tokens = parts.repeat(self.heads >> 1)
        ids = self.terms.take(self.ids[tokens])
        return made(ids, self.starts[tokens], self.heads[parts], self.parts[live], fold_of)


def made(
    numbers: NDArray[Any],
    starts: NDArray[np.bool_],
    heads: NDArray[Any],
    parts: NDArray[np.int64],
    fold_of: NDArray[np.int64],
) -> Piece:
    """From the tokens of documents, their parts, and the fold number of each syllable number."""
    held = np.bincount(numbers)
    terms = np.flatnonzero(held)
    places = np.zeros(len(held), dtype=np.int64)
    places[terms] = np.arange(len(terms))
    folds, folded = np.unique(fold_of[terms], return_inverse=True)
    forward = Forward.of(places.take(numbers), starts, heads, parts)
    postings = posted(forward)
    return Piece(
        terms=terms,
        folds=folds,
        ids=_narrow(forward.ids),
        starts=starts,
        heads=_narrow(heads),
        parts=parts,
        sizes=np.bincount(postings.ids, minlength=len(terms)),
        documents=_narrow(postings.documents),
        tfs=_narrow(postings.tfs),
        lengths=np.stack(lengths(forward)),
        counts=counted(forward, postings, folded),
    )


def _narrow(values: NDArray[Any]) -> NDArray[Any]:
    return values.astype(np.min_scalar_type(int(values.max(initial=0))))
