"""SYLLABLES -> searchdb: the seam between the benchmark and whatever engine searchdb has today.

It takes the backend's own road up to the documents and scores of the page, which is what the other
engines give. A passage is a document of one passage without a title; its words are its syllables.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Literal

import numpy as np

from searchdb.analysis.vocabulary import Vocabulary
from searchdb.backends.whoosh import WhooshBackend
from searchdb.backends.whoosh.ranked import Search
from searchdb.index.backend import AnalyzedDocument, AnalyzedPassage, Request
from searchdb.index.manifest import Manifest
from searchdb.model import Passage, StoredDocument
from searchdb.query import plan
from searchdb.ranking import Ranking

if TYPE_CHECKING:
    from engine_corpus import Corpus

__all__ = ["KERNELS", "SearchdbPeer", "kernels", "use_kernels"]

KERNELS: tuple[Literal["numpy", "numba"], ...] = ("numpy", "numba")
"""What searchdb's arithmetic can be done with, the usual one first."""

_chosen: list[Literal["numpy", "numba"]] = [KERNELS[0]]


def use_kernels(name: str) -> None:
    """Have this process search with those kernels; the one place that knows how they are chosen."""
    _chosen[0] = "numba" if name == "numba" else "numpy"


def kernels() -> Literal["numpy", "numba"]:
    """Those that this process searches with."""
    return _chosen[0]


class SearchdbPeer:
    """searchdb's backend, ranking by accented syllables alone."""

    def __init__(self, folder: Path) -> None:
        self._searcher = WhooshBackend(folder, kernels=kernels()).searcher()
        self._ranking = Ranking(windows=())

    @staticmethod
    def build(corpus: Corpus, folder: Path) -> None:
        """One commit. The empty texts that are stored with the passages weigh next to nothing."""
        vocabulary = Vocabulary()
        empty = AnalyzedPassage(np.zeros(0, dtype=np.uint32), np.zeros(0, dtype=np.bool_))
        with WhooshBackend(folder).writer(Manifest(fingerprint="benchmark")) as writer:
            for number, row in enumerate(corpus.rows()):
                stored = StoredDocument(str(number), "", "", None, None, {}, (Passage(0, 0),))
                places = [vocabulary.place(token, token, token) for token in row]
                passage = AnalyzedPassage(
                    np.array(places, dtype=np.uint32), np.ones(len(row), dtype=np.bool_)
                )
                writer.add(AnalyzedDocument(stored, vocabulary, empty, (passage,)))

    def search_or(self, tokens: Sequence[str], k: int) -> list[tuple[int, float]]:
        """Any of the slots."""
        slots = _slots(tokens)
        return self._search(plan.Any(tuple(plan.Sequence((slot,)) for slot in slots)), slots, k)

    def search_and(self, tokens: Sequence[str], k: int) -> list[tuple[int, float]]:
        """All of the slots."""
        slots = _slots(tokens)
        return self._search(plan.All(tuple(plan.Sequence((slot,)) for slot in slots)), slots, k)

    def search_phrase(self, tokens: Sequence[str], k: int) -> list[tuple[int, float]]:
        """The slots side by side."""
        return self._search(
            plan.Sequence(tuple(plan.Slot(token, ((token, 1.0),)) for token in tokens)),
            _slots(tokens),
            k,
        )

    def _search(
        self, match: plan.Node, slots: tuple[plan.Slot, ...], k: int
    ) -> list[tuple[int, float]]:
        evidence = plan.Evidence(terms=slots, syllables=len(slots))
        request = Request(plan.Query(match, evidence), self._ranking, limit=k)
        refs, scores = Search(self._searcher, request).top()
        name = self._searcher.name
        return [
            (int(name(ref)), score)
            for ref, score in zip(refs.tolist(), scores.tolist(), strict=True)
        ]


def _slots(tokens: Sequence[str]) -> tuple[plan.Slot, ...]:
    return tuple(plan.Slot(token, ((token, 1.0),)) for token in dict.fromkeys(tokens))
