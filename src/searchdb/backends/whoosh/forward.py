"""ANALYZED DOCUMENT <-> FORWARD LIST: the tokens of a document as numbers, in order.

A forward list is u4, little-endian: the number of segments (the title first, then the passages);
for each its length, doubled, plus 1 for furniture; then for each token its syllable id, doubled,
plus 1 where a word begins. Adjacency, words and passages are read from it.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from searchdb.ranking import BODY, FURNITURE, TITLE

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from numpy.typing import NDArray

    from searchdb.index.backend import AnalyzedDocument

__all__ = ["Forward", "encode"]


def encode(document: AnalyzedDocument, ids: Mapping[str, int]) -> bytes:
    """The forward list of a document, given the number of each of its keys."""
    segments = (document.title, *document.passages)
    head = [len(segments)]
    head += [len(segment.tokens) << 1 | segment.furniture for segment in segments]
    tokens = [
        ids[key] << 1 | start
        for segment in segments
        for key, start in zip(document.keys(segment), segment.word_starts.tolist(), strict=True)
    ]
    return np.array(head + tokens, dtype="<u4").tobytes()


@dataclass(frozen=True, slots=True)
class Forward:
    """Forward lists of several documents end to end.

    Arrays over tokens: `ids`, `starts` (a word begins), `segment`. Arrays over segments: `document`
    (index into the documents given), `number` (-1 the title, then passages from 0), `weight` (of
    one occurrence, in tenths), `length` (in tokens).
    """

    ids: NDArray[np.int64]
    starts: NDArray[np.bool_]
    segment: NDArray[np.int64]
    document: NDArray[np.int64]
    number: NDArray[np.int64]
    weight: NDArray[np.int64]
    length: NDArray[np.int64]

    @classmethod
    def decode(cls, blobs: Iterable[bytes]) -> Forward:
        """Read forward lists. Raises ValueError where one does not add up."""
        heads: list[NDArray[Any]] = []
        tokens: list[NDArray[Any]] = []
        for blob in blobs:
            data = np.frombuffer(blob, dtype="<u4")
            if not len(data) or int(data[0]) >= len(data):
                raise ValueError("forward list")
            body = int(data[0]) + 1
            heads.append(data[1:body])
            tokens.append(data[body:])
        head = _joined(heads)
        token = _joined(tokens)
        counts = np.array([len(each) for each in heads], dtype=np.int64)
        firsts = np.cumsum(counts) - counts
        number = np.arange(len(head), dtype=np.int64) - np.repeat(firsts, counts) - 1
        length = head >> 1
        if int(length.sum()) != len(token):
            raise ValueError("forward list")
        weight = np.where(number < 0, TITLE, np.where(head & 1, FURNITURE, BODY))
        return cls(
            ids=token >> 1,
            starts=(token & 1).astype(np.bool_),
            segment=np.repeat(np.arange(len(head), dtype=np.int64), length),
            document=np.repeat(np.arange(len(counts), dtype=np.int64), counts),
            number=number,
            weight=weight,
            length=length,
        )

    def neighbors(self) -> NDArray[np.int64]:
        """The tokens that have a next token in their own segment, shape (pairs,)."""
        return np.flatnonzero(self.segment[1:] == self.segment[:-1])

    def word_ends(self) -> NDArray[np.bool_]:
        """Over tokens: whether a word ends there."""
        ends = np.ones(len(self.ids), dtype=np.bool_)
        ends[:-1] = self.starts[1:] | (self.segment[1:] != self.segment[:-1])
        return ends


def _joined(arrays: Sequence[NDArray[Any]]) -> NDArray[np.int64]:
    if not arrays:
        return np.zeros(0, dtype=np.int64)
    return np.concatenate(arrays).astype(np.int64)
