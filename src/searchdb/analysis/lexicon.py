"""What a snapshot of an index knows about its own language: forms, words, neighbours, counts.

The query room asks it which accented forms a bare syllable may stand for, which words the
collection uses and what follows what. Every figure counts live documents only, so an index that
was built in one go and one that was changed a hundred times agree.
"""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING, NamedTuple, Protocol

from searchdb.analysis.fold import fold

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

__all__ = ["Lexicon", "Totals", "row_df"]


class Totals(NamedTuple):
    """Sums over all documents. The three lengths are in tenths of an occurrence (see `ranking`)."""

    documents: int = 0
    passages: int = 0
    occurrences: int = 0
    syllable_length: int = 0
    word_length: int = 0
    pair_length: int = 0


class Lexicon(Protocol):
    """Counts of one snapshot. Unknown keys have count 0 and no forms; nothing raises."""

    @property
    def totals(self) -> Totals:
        """Sums over the snapshot."""
        ...

    def df(self, key: str) -> int:
        """Documents that hold this key."""
        ...

    def cf(self, key: str) -> int:
        """Occurrences of this key."""
        ...

    def forms(self, folded: str) -> Sequence[str]:
        """The keys with this fold, most frequent first, then by code points."""
        ...

    def starting(self, prefix: str) -> Iterator[str]:
        """The folded forms that start with a folded prefix, by code points."""
        ...

    def surface(self, key: str) -> str:
        """How the collection writes this key, in lower case (`lý` for the key `lí`)."""
        ...

    def count(self, key: str, following: str) -> int:
        """How often the second key follows the first inside a passage."""
        ...

    def counts(self, keys: Sequence[str], following: Sequence[str]) -> list[list[int]]:
        """`count` of each key (rows) with each of `following` (columns)."""
        ...

    def followers(self, key: str) -> Sequence[tuple[str, int]]:
        """The keys that follow this one and how often, most frequent first, at most 20."""
        ...

    def word_df(self, word: tuple[str, ...]) -> int:
        """Documents in which these keys are one word."""
        ...

    def pair_df(self, folded: str, following: str) -> int:
        """Documents in which the second folded form follows the first inside a passage."""
        ...


def row_df(lexicon: Lexicon, row: Sequence[str]) -> int:
    """At most how many documents hold these keys in a row: those of its rarest pair."""
    return min(lexicon.pair_df(fold(one), fold(two)) for one, two in pairwise(row))
