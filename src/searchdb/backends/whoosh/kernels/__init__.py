"""THE ARITHMETIC of matching and scoring, on whole arrays: in numpy, and compiled by numba.

Both modules have the same functions with the same results to the last bit (tests/engine).
`arrays` needs numpy alone and is at its best at once; `loops` (the extra `searchdb[speed]`) is
several times faster and takes a while to load, so it is for processes that live long. Law: numbers
read from disk lead nowhere outside the arrays given, whatever they are.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, Protocol, cast

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

__all__ = ["Kernels", "Lists", "Postings", "Probe", "compiled", "plain"]


@dataclass(frozen=True, slots=True)
class Postings:
    """The postings of a segment: `docs` u2 and `tfs` u1 in step.

    `values` float64 (256,) has the frequency of each byte; where that is 255, `large_at` (int64, in
    order) has the place of the posting and `large` its frequency, in occurrences.
    """

    docs: NDArray[np.uint16]
    tfs: NDArray[np.uint8]
    values: NDArray[np.float64]
    large_at: NDArray[np.int64]
    large: NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Lists:
    """The forward lists of a segment; where each document begins in tokens, escapes and parts."""

    tokens: NDArray[np.uint16]
    token_offsets: NDArray[np.uint64]
    escapes: NDArray[np.uint32]
    escape_offsets: NDArray[np.uint32]
    parts: NDArray[np.uint32]
    part_offsets: NDArray[np.uint32]


@dataclass(frozen=True, slots=True)
class Probe:
    """What to count in forward lists, in the numbers of one segment.

    `table` u4 (ids,): of each syllable id its number as a key (low half) and as a fold (high half)
    of the query, from 1, 0 for none. `pairs` int32 (folds + 1, folds + 1): the feature of two folds
    in a row, -1 for none. `words` and `rows` int32: sequences of key numbers end to end, with their
    offsets. `keys` keys, then words, pairs and rows, in this order, are the features.
    """

    table: NDArray[np.uint32]
    keys: int
    pairs: NDArray[np.int32]
    pair_count: int
    words: NDArray[np.int32]
    word_offsets: NDArray[np.int32]
    rows: NDArray[np.int32]
    row_offsets: NDArray[np.int32]
    escaped: bool

    @property
    def features(self) -> int:
        """How many things are counted."""
        words, rows = len(self.word_offsets) - 1, len(self.row_offsets) - 1
        return self.keys + words + self.pair_count + rows


class Kernels(Protocol):
    """What both modules have. `runs` are postings: first document, begin, end; int64 (runs, 3)."""

    def add_scores(
        self,
        scores: NDArray[np.float64],
        norms: NDArray[np.float64],
        postings: Postings,
        runs: NDArray[np.int64],
        weights: NDArray[np.float64],
    ) -> None:
        """Add to the scores of documents `weight tf / (tf + norm)` for each posting."""
        ...

    def add_frequencies(
        self,
        frequencies: NDArray[np.float64],
        postings: Postings,
        runs: NDArray[np.int64],
        shares: NDArray[np.float64],
    ) -> None:
        """Add to the frequencies of documents `share tf` for each posting."""
        ...

    def saturate(
        self,
        scores: NDArray[np.float64],
        norms: NDArray[np.float64],
        frequencies: NDArray[np.float64],
        weight: float,
    ) -> None:
        """Add `weight tf / (tf + norm)` where the frequency is above 0, and set it to 0."""
        ...

    def best(self, scores: NDArray[np.float64], depth: int) -> NDArray[np.int64]:
        """The places of the `depth` largest scores above 0, all of the last one's equals too."""
        ...

    def count(
        self, lists: Lists, documents: NDArray[np.int64], probe: Probe, *, by_part: bool
    ) -> NDArray[np.int64]:
        """Occurrences in tenths of each feature in each document, or in each of their parts."""
        ...

    def holding(
        self,
        lists: Lists,
        documents: NDArray[np.int64],
        slots: tuple[NDArray[np.int64], ...],
        ids: int,
        *,
        title: bool,
    ) -> NDArray[np.bool_]:
        """Which documents have ids of the slots side by side in one part (or in the title).

        `slots` are the ids of each slot, all of them below `ids`, the number of ids there are.
        """
        ...


@cache
def plain() -> Kernels:
    """The kernels in numpy."""
    from searchdb.backends.whoosh.kernels import arrays  # noqa: PLC0415 - one of two

    return cast("Kernels", arrays)


@cache
def compiled() -> Kernels:
    """The kernels compiled by numba. Raises ImportError where it is not installed."""
    from searchdb.backends.whoosh.kernels import loops  # noqa: PLC0415 - takes half a second

    return cast("Kernels", loops)
