"""COUNTS -> SCORES: the formula of `searchdb.ranking` over documents or passages at once."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any

import numpy as np

from searchdb.backends.whoosh.kernels import Formula, Probe, Sequences, Terms
from searchdb.backends.whoosh.layout import ESCAPE
from searchdb.model import Part
from searchdb.ranking import BODY, Idfs, Ranking, bm25

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from searchdb.backends.whoosh.lexicon import SnapshotLexicon
    from searchdb.backends.whoosh.segment import SegmentFile
    from searchdb.query.plan import Evidence

__all__ = ["Lengths", "Scorer", "shown", "total"]


@dataclass(frozen=True, slots=True)
class Lengths:
    """Lengths in tenths of the things to score, each of shape (things,)."""

    syllables: NDArray[np.int64]
    words: NDArray[np.int64]
    pairs: NDArray[np.int64]


class Scorer:
    """Scores for one query on one snapshot.

    The features that kernels count are the keys of all evidence, each once, then words, pairs and
    spellings, in the order of the evidence.
    """

    def __init__(self, lexicon: SnapshotLexicon, evidence: Evidence, ranking: Ranking) -> None:
        self._lexicon = lexicon
        self._evidence = evidence
        self._ranking = ranking
        self._totals = lexicon.totals
        self.idfs = Idfs.of(evidence, lexicon)
        sequences = (*evidence.words, *evidence.spellings)
        keys = [key for slot in evidence.terms for key, _ in slot.forms]
        keys += [key for sequence in sequences for key in sequence]
        self._keys = {key: number for number, key in enumerate(dict.fromkeys(keys))}
        folds = [folded for pair in evidence.pairs for folded in pair]
        self._folds = {folded: number for number, folded in enumerate(dict.fromkeys(folds), 1)}

    @property
    def features(self) -> int:
        """How many things the kernels count."""
        evidence = self._evidence
        sequences = len(evidence.words) + len(evidence.spellings)
        return len(self._keys) + sequences + len(evidence.pairs)

    def postings(self, place: int, segment: SegmentFile) -> Terms:
        """The postings of the terms in the part of the lexicon at `place`, rarest term first.

        Kernels find the best sooner so, whatever the order in which scores are explained.
        """
        numbers = self._lexicon.numbers
        weights = self.idfs.terms
        order = sorted(range(len(weights)), key=lambda term: -weights[term])
        runs: list[tuple[int, int, int, int]] = []
        shares: list[float] = []
        for rank, term in enumerate(order):
            forms = self._evidence.terms[term].forms
            if len(forms) > 1:
                forms = tuple(sorted(forms, key=lambda form: self._lexicon.df(form[0])))
            for key, share in forms:
                number = numbers(key)[place]
                if number >= 0:
                    found = segment.runs(number)
                    runs += [(rank, *run) for run in found]
                    shares += [share] * len(found)
        return Terms(
            postings=segment.arrays,
            runs=np.array(runs, dtype=np.int64).reshape(-1, 4),
            shares=np.array(shares, dtype=np.float64),
            weights=np.array([weights[term] for term in order], dtype=np.float64),
        )

    def probe(self, place: int, segment: SegmentFile) -> Probe:
        """What to look for in the part of the lexicon at `place`, which is that segment's."""
        evidence, lexicon = self._evidence, self._lexicon
        roles: dict[int, tuple[int, int]] = {}
        offsets = segment.offsets("member_offsets", len(segment.folds), "members").view
        for folded, number in self._folds.items():
            fold = lexicon.fold_numbers(folded)[place]
            if fold >= 0:
                members = segment["members"].part(offsets[fold], offsets[fold + 1])
                roles.update(dict.fromkeys(members.tolist(), (0, number)))
        for key, number in self._keys.items():
            syllable = lexicon.numbers(key)[place]
            if syllable >= 0:
                roles[syllable] = (number + 1, roles.get(syllable, (0, 0))[1])
        # Nearly always a byte: 32,768 of them stay in a processor's nearest cache.
        kind = "u1" if len(roles) < 1 << 8 else "u2"
        codes: NDArray[Any] = np.zeros(max(len(segment.keys), ESCAPE + 1), dtype=kind)
        ids = list(roles)[: (1 << 16) - 1]
        codes[ids] = np.arange(1, len(ids) + 1)
        pairs = np.full((len(self._folds) + 1, len(self._folds) + 1), -1, dtype=np.int32)
        for feature, (one, two) in enumerate(evidence.pairs):
            pairs[self._folds[one], self._folds[two]] = feature
        return Probe(
            codes=codes,
            keys=np.array([0, *(key for key, _ in roles.values())], dtype=np.int32),
            folds=np.array([0, *(fold for _, fold in roles.values())], dtype=np.int32),
            key_count=len(self._keys),
            words=self._sequences(evidence.words),
            pairs=pairs,
            pair_count=len(evidence.pairs),
            rows=self._sequences(evidence.spellings),
            steps=np.array([window.step for window in self._ranking.windows], dtype=np.int64),
            idfs=np.array(self.idfs.terms, dtype=np.float64),
            term_offsets=self._terms[0],
            term_numbers=self._terms[1],
            term_shares=self._terms[2],
            escaped=max(ids, default=0) >= ESCAPE,
        )

    @cached_property
    def _terms(self) -> tuple[NDArray[np.int32], NDArray[np.int32], NDArray[np.float64]]:
        """The terms that each key answers and the shares, by key; the offsets first."""
        answers: list[list[tuple[int, float]]] = [[] for _ in range(len(self._keys) + 1)]
        for term, slot in enumerate(self._evidence.terms):
            for key, share in slot.forms:
                answers[self._keys[key] + 1].append((term, share))
        flat = [answer for each in answers for answer in each]
        return (
            np.cumsum([0, *map(len, answers)]).astype(np.int32),
            np.array([term for term, _ in flat], dtype=np.int32),
            np.array([share for _, share in flat], dtype=np.float64),
        )

    def _sequences(self, sequences: Sequence[Sequence[str]]) -> Sequences:
        numbers = [self._keys[key] + 1 for sequence in sequences for key in sequence]
        offsets = np.cumsum([0, *map(len, sequences)])
        return Sequences(np.array(numbers, dtype=np.int32), offsets.astype(np.int32))

    @property
    def average(self) -> float:
        """The mean length of a document in syllables."""
        return self._totals.syllable_length / 10 / max(1, self._totals.documents)

    def formula(self, lengths: Lengths) -> Formula:
        """What kernels need to score documents as `rows` does."""
        idfs, ranking = self.idfs, self._ranking
        totals, documents = self._totals, max(1, self._totals.documents)
        adjacency = ranking.adjacency_weight(self._evidence.syllables)
        averages = (totals.syllable_length, totals.word_length, totals.pair_length)
        each = (lengths.syllables, lengths.words, lengths.pairs)
        return Formula(
            norms=np.array(
                [
                    ranking.k1 * (1.0 - ranking.b + ranking.b * (length / (average / documents)))
                    if average
                    else np.full(len(length), np.inf)
                    for length, average in zip(each, averages, strict=True)
                ]
            ),
            words=np.array(idfs.words) * ranking.word_weight,
            pairs=np.array(idfs.pairs) * adjacency,
            rows=np.array(idfs.spellings) * ranking.spelling_weight,
            windows=np.array([window.weight for window in ranking.windows], dtype=np.float64),
        )

    def rows(
        self,
        counts: NDArray[np.int64],
        held: NDArray[np.float64],
        lengths: Lengths,
        units: int = 0,
    ) -> NDArray[np.float64]:
        """What each piece of evidence adds to each thing, as the kernels counted; (things, pieces).

        `units` is the number of things that lengths are averaged over, if not all documents.
        """
        evidence, ranking = self._evidence, self._ranking
        units = units or max(1, self._totals.documents)
        keys, words = len(self._keys), len(evidence.words)
        tenths = counts / 10
        terms = np.zeros((len(counts), len(evidence.terms)))
        for column, slot in enumerate(evidence.terms):
            for key, share in slot.forms:
                terms[:, column] += share * tenths[:, self._keys[key]]
        pairs = keys + words
        spellings = pairs + len(evidence.pairs)
        syllables = (lengths.syllables, self._totals.syllable_length)
        blocks = (
            (terms, self.idfs.terms, *syllables, 1.0),
            (
                tenths[:, keys:pairs],
                self.idfs.words,
                lengths.words,
                self._totals.word_length,
                ranking.word_weight,
            ),
            (
                tenths[:, pairs:spellings],
                self.idfs.pairs,
                lengths.pairs,
                self._totals.pair_length,
                ranking.adjacency_weight(evidence.syllables),
            ),
            (tenths[:, spellings:], self.idfs.spellings, *syllables, ranking.spelling_weight),
        )
        found = [
            share * self._bm25(weights, tf, length, total / 10 / units)
            for tf, weights, length, total, share in blocks
        ]
        shares = np.array([window.weight for window in ranking.windows])
        found.insert(3, held * shares)
        return np.concatenate(found, axis=1)

    def _bm25(
        self,
        weights: tuple[float, ...],
        tf: NDArray[np.float64],
        lengths: NDArray[np.int64],
        average: float,
    ) -> NDArray[np.float64]:
        if not tf.shape[1] or not average:
            return np.zeros(tf.shape)
        added = bm25(1.0, tf, (lengths / 10)[:, None], average, self._ranking)
        return np.asarray(np.array(weights) * added)

    def parts(self, row: NDArray[np.float64]) -> tuple[Part, ...]:
        """What made up one score, zeros left out."""
        evidence = self._evidence
        names = [("syllable", slot.text) for slot in evidence.terms]
        names += [("word", " ".join(word)) for word in evidence.words]
        names += [("adjacency", " ".join(pair)) for pair in evidence.pairs]
        names += [("proximity", f"~{window.size}") for window in self._ranking.windows]
        names += [("spelling", " ".join(row)) for row in evidence.spellings]
        return tuple(
            Part(stream, term, added)
            for (stream, term), added in zip(names, row.tolist(), strict=True)
            if added
        )


def total(rows: NDArray[np.float64]) -> NDArray[np.float64]:
    """The pieces added up in order, shape (things,)."""
    scores = np.zeros(len(rows))
    for column in range(rows.shape[1]):
        scores += rows[:, column]
    return scores


def shown(weights: Sequence[int], scores: Sequence[float]) -> list[tuple[int, float]]:
    """The parts of a document to show, given the weight and score of its title and passages.

    Returns numbers (0 is the title's) and scores, best first; see `Searcher.search` for the rule.
    """
    passages = sorted(range(1, len(scores)), key=lambda part: (-scores[part], part))
    answering = [(part, scores[part]) for part in passages if scores[part] > 0]
    body = [pair for pair in answering if weights[pair[0]] == BODY]
    if body:
        return body
    if answering and not scores[0] > 0:
        return answering
    plain = [part for part in range(1, len(scores)) if weights[part] == BODY]
    return [(plain[0] if plain else min(1, len(scores) - 1), 0.0)]
