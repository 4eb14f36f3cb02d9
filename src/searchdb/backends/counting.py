"""SEGMENTS OF A DOCUMENT -> PARTS OF ITS SCORE: the formula of `searchdb.ranking` in plain Python.

Token by token and without arrays, so that faster scorers can be held against it.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING

from searchdb.model import Part
from searchdb.ranking import BODY, FURNITURE, TITLE, Idfs, Ranking, bm25

if TYPE_CHECKING:
    from searchdb.analysis.lexicon import Lexicon
    from searchdb.index.backend import AnalyzedDocument
    from searchdb.query import plan

__all__ = ["Scorer", "Segment", "lengths", "segmented"]


@dataclass(frozen=True, slots=True)
class Segment:
    """The title (number -1) or one passage, with what one occurrence in it counts, in tenths.

    The lists over its tokens run in step.
    """

    number: int
    weight: int
    keys: Sequence[str]
    folded: Sequence[str]
    surfaces: Sequence[str]
    word_starts: Sequence[bool]

    def words(self) -> list[tuple[str, ...]]:
        """The words in order, each as its keys."""
        words: list[list[str]] = []
        for key, start in zip(self.keys, self.word_starts, strict=True):
            if start or not words:
                words.append([])
            words[-1].append(key)
        return [tuple(word) for word in words]


def lengths(segment: Segment) -> tuple[int, int, int]:
    """Weighted lengths of a segment in syllables, words and pairs, in tenths."""
    syllables = len(segment.keys)
    return (
        segment.weight * syllables,
        segment.weight * len(segment.words()),
        segment.weight * max(0, syllables - 1),
    )


def segmented(document: AnalyzedDocument) -> list[Segment]:
    """The title, then the passages."""
    parts = [(-1, TITLE, document.title)]
    for number, passage in enumerate(document.passages):
        parts.append((number, FURNITURE if passage.furniture else BODY, passage))
    return [
        Segment(
            number,
            weight,
            document.keys(each),
            document.folded(each),
            document.surfaces(each),
            each.word_starts.tolist(),
        )
        for number, weight, each in parts
    ]


class Scorer:
    """The formula of `searchdb.ranking`, evaluated token by token."""

    def __init__(self, lexicon: Lexicon, evidence: plan.Evidence, ranking: Ranking) -> None:
        self._evidence = evidence
        self._ranking = ranking
        self._totals = lexicon.totals
        self._idfs = Idfs.of(evidence, lexicon)
        self._answers: dict[str, list[tuple[int, float]]] = {}
        for term, slot in enumerate(evidence.terms):
            for key, share in slot.forms:
                self._answers.setdefault(key, []).append((term, share))

    def syllables(self, segments: list[Segment], units: int = 0) -> list[Part]:
        """The part of the score that the accented syllables give; `units` as in `parts`."""
        counts: Counter[str] = Counter()
        for segment in segments:
            for key in segment.keys:
                counts[key] += segment.weight
        length = sum(lengths(segment)[0] for segment in segments) / 10
        average = self._totals.syllable_length / 10 / (units or max(1, self._totals.documents))
        parts: list[Part] = []
        for slot, weight in zip(self._evidence.terms, self._idfs.terms, strict=True):
            tf = 0.0
            for key, share in slot.forms:
                tf += share * (counts[key] / 10)
            if tf:
                score = bm25(weight, tf, length, average, self._ranking)
                parts.append(Part("syllable", slot.text, score))
        return parts

    def parts(self, segments: list[Segment], units: int = 0) -> list[Part]:
        """All parts of the score of a document, or of one of `units` passages."""
        units = units or max(1, self._totals.documents)
        words: Counter[tuple[str, ...]] = Counter()
        pairs: Counter[tuple[str, str]] = Counter()
        word_length = pair_length = 0
        for segment in segments:
            _, in_words, in_pairs = lengths(segment)
            word_length += in_words
            pair_length += in_pairs
            for word in segment.words():
                words[word] += segment.weight
            for pair in pairwise(segment.folded):
                pairs[pair] += segment.weight
        parts = self.syllables(segments, units)
        share = self._ranking.word_weight
        for word, weight in zip(self._evidence.words, self._idfs.words, strict=True):
            if tf := words[word] / 10:
                average = self._totals.word_length / 10 / units
                score = share * bm25(weight, tf, word_length / 10, average, self._ranking)
                parts.append(Part("word", " ".join(word), score))
        share = self._ranking.adjacency_weight(self._evidence.syllables)
        for pair, weight in zip(self._evidence.pairs, self._idfs.pairs, strict=True):
            if tf := pairs[pair] / 10:
                average = self._totals.pair_length / 10 / units
                score = share * bm25(weight, tf, pair_length / 10, average, self._ranking)
                parts.append(Part("adjacency", " ".join(pair), score))
        parts += self._windows(segments)
        share = self._ranking.spelling_weight
        average = self._totals.syllable_length / 10 / units
        length = sum(lengths(segment)[0] for segment in segments) / 10
        for row, weight in zip(self._evidence.spellings, self._idfs.spellings, strict=True):
            found = sum(_times(segment.keys, row) * segment.weight for segment in segments)
            if tf := found / 10:
                score = share * bm25(weight, tf, length, average, self._ranking)
                parts.append(Part("spelling", " ".join(row), score))
        return parts

    def _windows(self, segments: list[Segment]) -> Iterator[Part]:
        """What the best window of each size adds."""
        for window in self._ranking.windows:
            best = max(
                (
                    self._held(segment.keys[start : start + window.size], segment)
                    for segment in segments
                    for start in range(0, len(segment.keys), window.step)
                ),
                default=0.0,
            )
            if best:
                yield Part("proximity", f"~{window.size}", window.weight * best)

    def _held(self, keys: Sequence[str], segment: Segment) -> float:
        """The idf of each term that some of the keys answer, by the best of its forms there."""
        best = [0.0] * len(self._evidence.terms)
        for key in keys:
            for term, share in self._answers.get(key, ()):
                best[term] = max(best[term], share)
        held = 0.0
        for weight, share in zip(self._idfs.terms, best, strict=True):
            held += weight * share
        return held * min(1.0, segment.weight / BODY)


def _times(keys: Sequence[str], row: tuple[str, ...]) -> int:
    """How often the keys stand in a row."""
    starts = range(len(keys) - len(row) + 1)
    return sum(tuple(keys[start : start + len(row)]) == row for start in starts)
