"""How evidence becomes a score: the weights as data, and the formulas every backend shares.

score(d) = BM25 over accented syllables
         + word_weight x BM25 over accented words
         + between adjacency_least and 1, syllables / adjacency_full x BM25 over folded pairs
         + for each size of window: its weight x what the best window of that size holds
         + spelling_weight x BM25 over other spellings of what was typed (UBND spelled out)

BM25 is Lucene's form, `idf tf / (tf + k1 (1 - b + b length / average))`, after Robertson and
Zaragoza, "The Probabilistic Relevance Framework: BM25 and Beyond" (2009), without the constant
factor k1 + 1. Each stream has its own document frequencies and lengths.

A window holds, for each syllable of the query, its idf once, times the weight of the best of its
forms in there. It is wide enough for a sentence or for a paragraph, never leaves its passage, and
tells the document that answers in one place from the one that merely has all the words: BM25 over
the whole document cannot. It stays quiet about order, which pairs of neighbors are for.

The weights were tuned on half of the questions of five collections (law, encyclopedia, people, two
of news) and confirmed on the other half; they are few and round on purpose, and each may be half or
twice as large without harm.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeVar

from searchdb.analysis.lexicon import row_df

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from searchdb.analysis.lexicon import Lexicon
    from searchdb.query.plan import Evidence

    _N = TypeVar("_N", float, NDArray[np.float64])

__all__ = ["BODY", "FURNITURE", "TITLE", "Idfs", "Ranking", "Window", "bm25", "idf"]

TITLE, BODY, FURNITURE = 30, 10, 1
"""How much one occurrence counts, in tenths, by where it stands. Whole numbers, so that sums over
a document are exact and do not depend on their order."""


@dataclass(frozen=True, slots=True)
class Window:
    """`size` syllables side by side, an even number, and what the best such window counts for.

    Windows begin at every `size / 2`-th syllable of a passage or title; so whatever stands within
    `size / 2` syllables is in one of them. Each is the union of two neighboring blocks of that
    length, which makes them cheap. In furniture a window counts as a word there does.
    """

    size: int
    weight: float

    def __post_init__(self) -> None:
        if self.size < 2 or self.size % 2 or self.weight < 0:  # noqa: PLR2004 - two halves
            message = f"a window has an even size and a weight of 0 or more, not {self}"
            raise ValueError(message)

    @property
    def step(self) -> int:
        """Syllables from the beginning of a window to that of the next."""
        return self.size // 2


@dataclass(frozen=True, slots=True)
class Ranking:
    """The weights of the formula above.

    `candidates`: how many of the best documents by syllables alone are scored on words, adjacency
    and windows too; the others keep their place behind them in the order of that first score.
    """

    k1: float = 1.2
    b: float = 0.75
    word_weight: float = 0.5
    adjacency_least: float = 0.4
    adjacency_full: float = 25.0
    windows: tuple[Window, ...] = (Window(16, 0.3), Window(64, 0.5))
    spelling_weight: float = 0.5
    candidates: int = 1000

    def __post_init__(self) -> None:
        if not (self.k1 > 0 and 0 <= self.b < 1 and self.candidates >= 0):
            message = f"k1 is above 0, b from 0 to 1, candidates 0 or more, not {self}"
            raise ValueError(message)

    def adjacency_weight(self, syllables: int) -> float:
        """The weight of adjacency: it grows with the query, for chance pairs grow rarer."""
        return min(1.0, max(self.adjacency_least, syllables / self.adjacency_full))


def idf(document_frequency: float, documents: int) -> float:
    """Inverse document frequency as Lucene has it: ln(1 + (N - df + 1/2) / (df + 1/2)) > 0."""
    df = min(document_frequency, documents)
    return math.log(1.0 + (documents - df + 0.5) / (df + 0.5))


def bm25(weight: float, tf: _N, length: _N, average: float, ranking: Ranking) -> _N:
    """One term's share of a score, for a frequency and a length in occurrences.

    Written with plain arithmetic only, so that numpy arrays of shape (documents,) for `tf` and
    `length` give element by element what floats give.
    """
    norm = ranking.k1 * (1.0 - ranking.b + ranking.b * (length / average))
    return weight * (tf / (tf + norm))


@dataclass(frozen=True, slots=True)
class Idfs:
    """The inverse document frequency of each piece of evidence, in the order of the evidence."""

    terms: tuple[float, ...]
    words: tuple[float, ...]
    pairs: tuple[float, ...]
    spellings: tuple[float, ...]

    @classmethod
    def of(cls, evidence: Evidence, lexicon: Lexicon) -> Idfs:
        """Look them up; a term's frequency is the weighted sum over its forms."""
        documents = lexicon.totals.documents
        return cls(
            terms=tuple(
                idf(sum(weight * lexicon.df(key) for key, weight in slot.forms), documents)
                for slot in evidence.terms
            ),
            words=tuple(idf(lexicon.word_df(word), documents) for word in evidence.words),
            pairs=tuple(idf(lexicon.pair_df(*pair), documents) for pair in evidence.pairs),
            spellings=tuple(idf(row_df(lexicon, row), documents) for row in evidence.spellings),
        )
