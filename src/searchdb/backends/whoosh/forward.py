"""FORWARD LISTS: the tokens of documents as numbers, in order, end to end.

A document is a row of parts: its title, then its passages. Adjacency, words and passages are read
from here, and whatever can be counted of documents is counted from here (`counting`).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from searchdb.ranking import BODY, FURNITURE, TITLE

if TYPE_CHECKING:
    from numpy.typing import NDArray

__all__ = ["Forward"]


@dataclass(frozen=True, slots=True)
class Forward:
    """Forward lists of several documents.

    Arrays over tokens: `ids` (syllable ids), `starts` (a word begins), `part`. Arrays over parts:
    `document` (index into the documents given), `number` (-1 the title, then passages from 0),
    `weight` (of one occurrence, in tenths), `length` (in tokens).
    """

    ids: NDArray[np.int64]
    starts: NDArray[np.bool_]
    part: NDArray[np.int64]
    document: NDArray[np.int64]
    number: NDArray[np.int64]
    weight: NDArray[np.int64]
    length: NDArray[np.int64]

    @classmethod
    def of(
        cls,
        ids: NDArray[np.int64],
        starts: NDArray[np.bool_],
        parts: NDArray[np.integer],
        counts: NDArray[np.int64],
    ) -> Forward:
        """From tokens, parts (length, doubled, plus 1 for furniture) and parts a document."""
        firsts = np.cumsum(counts) - counts
        head = parts.astype(np.int64)
        number = np.arange(len(head), dtype=np.int64) - np.repeat(firsts, counts) - 1
        length = head >> 1
        return cls(
            ids=ids,
            starts=starts,
            part=np.repeat(np.arange(len(head), dtype=np.int64), length),
            document=np.repeat(np.arange(len(counts), dtype=np.int64), counts),
            number=number,
            weight=np.where(number < 0, TITLE, np.where(head & 1, FURNITURE, BODY)),
            length=length,
        )

    def neighbors(self) -> NDArray[np.int64]:
        """The tokens that have a next token in their own part, shape (pairs,)."""
        return np.flatnonzero(self.part[1:] == self.part[:-1])

    def word_begins(self) -> NDArray[np.bool_]:
        """Over tokens: whether a word begins there; none runs past the end of its part."""
        begins = self.starts.copy()
        begins[:1] = True
        begins[1:] |= self.part[1:] != self.part[:-1]
        return begins
