"""COUNTS -> SCORES: the formula of `searchdb.ranking` over arrays of documents or passages."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from searchdb.backends.whoosh import kernels
from searchdb.model import Part
from searchdb.ranking import BODY, Idfs, Ranking, bm25

if TYPE_CHECKING:
    from collections.abc import Callable

    from numpy.typing import NDArray

    from searchdb.backends.whoosh.forward import Forward
    from searchdb.backends.whoosh.lexicon import ArrayLexicon
    from searchdb.query.plan import Evidence

__all__ = ["Lengths", "Row", "Scorer", "parts", "shown", "total"]

Row = tuple[str, str, "NDArray[np.float64]"]
"""Stream, term, and what the term adds to each document or passage."""


@dataclass(frozen=True, slots=True)
class Lengths:
    """Lengths in tenths of the things to score, each of shape (things,)."""

    syllables: NDArray[np.int64]
    words: NDArray[np.int64]
    pairs: NDArray[np.int64]


class Scorer:
    """Scores for one query on one snapshot. Terms are added up in the order of the evidence."""

    def __init__(self, lexicon: ArrayLexicon, evidence: Evidence, ranking: Ranking) -> None:
        self._lexicon = lexicon
        self._evidence = evidence
        self._ranking = ranking
        self._totals = lexicon.totals
        self._idfs = Idfs.of(evidence, lexicon)

    def syllables(
        self,
        frequency: Callable[[str], NDArray[np.float64]],
        lengths: NDArray[np.int64],
        units: int = 0,
    ) -> list[Row]:
        """What the accented syllables add; `frequency(key)` counts a key in tenths."""
        average = self._totals.syllable_length / 10 / (units or max(1, self._totals.documents))
        rows: list[Row] = []
        for slot, weight in zip(self._evidence.terms, self._idfs.terms, strict=True):
            tf = np.zeros(len(lengths))
            for key, share in slot.forms:
                tf += share * (frequency(key) / 10)
            rows.append(("syllable", slot.text, self._bm25(weight, tf, lengths, average)))
        return rows

    def rows(
        self,
        forward: Forward,
        group: NDArray[np.int64],
        lengths: Lengths,
        units: int = 0,
    ) -> list[Row]:
        """What every piece of evidence adds to each group of segments."""
        evidence, lexicon = self._evidence, self._lexicon
        count = len(lengths.syllables)
        units = units or max(1, self._totals.documents)
        keys = list(dict.fromkeys(key for slot in evidence.terms for key, _ in slot.forms))
        table = kernels.count_ids(forward, [lexicon.number(key) for key in keys], group, count)
        by_key = dict(zip(keys, table, strict=True))
        rows = self.syllables(by_key.__getitem__, lengths.syllables, units)
        words = [[lexicon.number(key) for key in word] for word in evidence.words]
        share = self._ranking.word_weight
        average = self._totals.word_length / 10 / units
        for word, weight, counts in zip(
            evidence.words,
            self._idfs.words,
            kernels.count_words(forward, words, group, count),
            strict=True,
        ):
            added = share * self._bm25(weight, counts / 10, lengths.words, average)
            rows.append(("word", " ".join(word), added))
        folds = lexicon.fold_ids().astype(np.int64)
        pairs = [
            (lexicon.fold_number(one), lexicon.fold_number(two)) for one, two in evidence.pairs
        ]
        share = self._ranking.adjacency_weight(evidence.syllables)
        average = self._totals.pair_length / 10 / units
        for pair, weight, counts in zip(
            evidence.pairs,
            self._idfs.pairs,
            kernels.count_pairs(forward, folds, pairs, group, count),
            strict=True,
        ):
            added = share * self._bm25(weight, counts / 10, lengths.pairs, average)
            rows.append(("adjacency", " ".join(pair), added))
        return rows + self._spellings(forward, group, lengths, units)

    def _spellings(
        self, forward: Forward, group: NDArray[np.int64], lengths: Lengths, units: int
    ) -> list[Row]:
        """What other ways to write what was typed add."""
        spellings = self._evidence.spellings
        ids = [[self._lexicon.number(key) for key in row] for row in spellings]
        counted = kernels.count_rows(forward, ids, group, len(lengths.syllables))
        average = self._totals.syllable_length / 10 / units
        rows: list[Row] = []
        for row, weight, counts in zip(spellings, self._idfs.spellings, counted, strict=True):
            added = self._bm25(weight, counts / 10, lengths.syllables, average)
            rows.append(("spelling", " ".join(row), self._ranking.spelling_weight * added))
        return rows

    def _bm25(
        self, weight: float, tf: NDArray[np.float64], lengths: NDArray[np.int64], average: float
    ) -> NDArray[np.float64]:
        """BM25 where the term occurs, 0 elsewhere."""
        added = np.zeros(len(tf))
        where = np.flatnonzero(tf)
        if len(where):
            added[where] = bm25(weight, tf[where], lengths[where] / 10, average, self._ranking)
        return added


def total(rows: list[Row], size: int) -> NDArray[np.float64]:
    """The rows added up in order, shape (size,)."""
    scores = np.zeros(size)
    for _, _, added in rows:
        scores += added
    return scores


def parts(rows: list[Row], index: int) -> tuple[Part, ...]:
    """What made up one score, zeros left out."""
    return tuple(
        Part(stream, term, float(added[index])) for stream, term, added in rows if added[index]
    )


def shown(
    forward: Forward, scores: NDArray[np.float64], begin: int, end: int
) -> list[tuple[int, float]]:
    """The segments to show of a document: `begin` is its title, its passages end before `end`.

    Returns segments and scores, best first; see `Searcher.search` for the rule.
    """
    passages = sorted(range(begin + 1, end), key=lambda segment: (-scores[segment], segment))
    answering = [(segment, float(scores[segment])) for segment in passages if scores[segment] > 0]
    body = [pair for pair in answering if forward.weight[pair[0]] == BODY]
    if body:
        return body
    if answering and not scores[begin] > 0:
        return answering
    plain = [segment for segment in range(begin + 1, end) if forward.weight[segment] == BODY]
    return [(plain[0] if plain else min(begin + 1, end - 1), 0.0)]
