"""THE ARITHMETIC of matching and scoring, on whole arrays: in numpy, and compiled by numba.

Both modules have the same functions with the same results to the last bit (tests/engine), but for
`contenders`, which may leave out less.
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

__all__ = [
    "Formula",
    "Kernels",
    "Lists",
    "Postings",
    "Probe",
    "Sequences",
    "Terms",
    "compiled",
    "plain",
]


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
class Terms:
    """The terms of a query in one segment, in the order in which scores are added up.

    Postings read for a term are `runs`, int64 (runs, 4), in order: number of the term, first
    document, begin and end, of several forms of a term the most frequent last. A frequency there
    counts with its share: `shares` float64 (runs,).
    `weights` float64 (terms,), all above 0, do not rise.
    """

    postings: Postings
    runs: NDArray[np.int64]
    shares: NDArray[np.float64]
    weights: NDArray[np.float64]


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
class Sequences:
    """Rows of key numbers end to end, int32, and where each begins, int32 (rows + 1,)."""

    numbers: NDArray[np.int32]
    offsets: NDArray[np.int32]

    def __len__(self) -> int:
        return len(self.offsets) - 1


@dataclass(frozen=True, slots=True)
class Probe:
    """What to look for in forward lists, in the numbers of one segment.

    `codes` u1 or u2 (ids,): of each syllable id its number among those looked for, 0 if it is not;
    small, because every token is looked up there. `keys` and `folds` int32 (codes,) lead on to
    numbers among the `key_count` keys and the folds of the query, from 1, 0 for none. `pairs` int32
    (folds + 1, folds + 1): the number of two folds in a row, -1 for none.

    Counted are keys, `words`, pairs and `rows`, in this order. Windows of 2 `steps` syllables hold
    the `idfs` of the terms that `term_numbers` and `term_shares` give for each key, from
    `term_offsets[key]` on.
    """

    codes: NDArray[np.uint8] | NDArray[np.uint16]
    keys: NDArray[np.int32]
    folds: NDArray[np.int32]
    key_count: int
    words: Sequences
    pairs: NDArray[np.int32]
    pair_count: int
    rows: Sequences
    steps: NDArray[np.int64]
    idfs: NDArray[np.float64]
    term_offsets: NDArray[np.int32]
    term_numbers: NDArray[np.int32]
    term_shares: NDArray[np.float64]
    escaped: bool

    @property
    def features(self) -> int:
        """How many things are counted."""
        return self.key_count + len(self.words) + self.pair_count + len(self.rows)


@dataclass(frozen=True, slots=True)
class Formula:
    """What `ranking` says about documents and evidence, in numbers.

    `norms` float64 (3, documents): what frequencies of syllables, words and pairs are weighed
    against. The weights, all float64, are those of a probe's `words`, `pairs`, `rows` and `steps`.
    """

    norms: NDArray[np.float64]
    words: NDArray[np.float64]
    pairs: NDArray[np.float64]
    rows: NDArray[np.float64]
    windows: NDArray[np.float64]


class Kernels(Protocol):
    """What both modules have. `runs` are postings: first document, begin, end; int64 (runs, 3)."""

    def best(
        self, terms: Terms, norms: NDArray[np.float64], depth: int, least: float
    ) -> tuple[NDArray[np.int64], NDArray[np.float64]]:
        """The documents with the best scores, in no order, and these.

        A term adds `weight tf / (tf + norm)`, in the order of the terms. Given are the `depth` best
        above 0 and not below `least`, and all of the last one's equals.
        """
        ...

    def score(
        self, terms: Terms, norms: NDArray[np.float64], documents: NDArray[np.int64]
    ) -> NDArray[np.float64]:
        """The same scores of these documents, which are in order; shape (documents,)."""
        ...

    def largest(self, scores: NDArray[np.float64], depth: int) -> NDArray[np.int64]:
        """The places of the `depth` largest scores above 0, all of the last one's equals too."""
        ...

    def mark(self, mask: NDArray[np.bool_], postings: Postings, runs: NDArray[np.int64]) -> None:
        """Mark the documents of these postings."""
        ...

    def among(
        self, postings: Postings, runs: NDArray[np.int64], documents: NDArray[np.int64]
    ) -> NDArray[np.int64]:
        """Those of the documents, which are in order, that these postings have."""
        ...

    def count(
        self, lists: Lists, documents: NDArray[np.int64], probe: Probe, *, by_part: bool
    ) -> tuple[NDArray[np.int64], NDArray[np.float64]]:
        """What documents, or each of their parts, hold: occurrences in tenths and best windows.

        Shapes (things, features) and (things, steps); see `ranking.Window`.
        """
        ...

    def contenders(
        self,
        lists: Lists,
        documents: NDArray[np.int64],
        probe: Probe,
        formula: Formula,
        *,
        depth: int,
        least: float,
    ) -> NDArray[np.float64]:
        """About the score with all evidence of each document that may be among the best.

        For the others, which are below `least` or behind `depth` better ones, it may be -inf. It is
        exact but for rounding, or inf for all where this is not worth the trouble.
        """
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
