"""SET -> RUNS of bm25s: accented syllables, folded ones, pyvi's words, and an expert's shingles.

Lucene's BM25 with k1 1.2, b .75; each query term counts once; titles count once or three times.
Shingles are a second index, of neighboring syllables, whose scores are added with weight .25, .5
or 1: accented to accented syllables, folded to folded ones.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from importlib.metadata import version
from pathlib import Path
from typing import TYPE_CHECKING

import bm25s  # type: ignore[import-untyped]
import numpy as np
import tokens
from benchmark import DEPTH, Engine, Made, Task, digest
from bm25s.tokenization import Tokenized  # type: ignore[import-untyped]

if TYPE_CHECKING:
    from numpy.typing import NDArray

__all__ = ["ENGINE"]

_Tokens = Callable[[str], list[str]]
_WEIGHTS = (0.25, 0.5, 1.0)


class _Index:
    """Scores of all documents for some tokens."""

    def __init__(self, documents: Iterable[list[str]]) -> None:
        self._numbers: dict[str, int] = {}
        number = self._numbers.setdefault
        ids = [[number(each, len(self._numbers)) for each in document] for document in documents]
        self._engine = bm25s.BM25(k1=1.2, b=0.75, method="lucene")
        self._engine.index(Tokenized(ids=ids, vocab=self._numbers), show_progress=False)
        self._size = len(ids)

    def scores(self, wanted: list[str]) -> NDArray[np.float32]:
        """One score a document, 0 for none."""
        known = [self._numbers[each] for each in dict.fromkeys(wanted) if each in self._numbers]
        if not known:
            return np.zeros(self._size, dtype=np.float32)
        scores: NDArray[np.float32] = self._engine.get_scores_from_ids(known)
        return scores


def _make(task: Task, _: Path) -> Iterator[Made]:
    for times in (1, 3) if task.titled else (1,):
        yield from _words(task, times)
        for name, split in (("accented", tokens.accented), ("folded", tokens.folded)):
            yield from _syllables(task, name, split, times)


def _words(task: Task, times: int) -> Iterator[Made]:
    index = _index(task, tokens.words, times)
    for accents, queries in task.queries.items():
        run = {
            query: _best(task, index.scores(tokens.words(text))) for query, text in queries.items()
        }
        yield f"bm25s, words of pyvi; title {times}", accents, run


def _syllables(task: Task, name: str, split: _Tokens, times: int) -> Iterator[Made]:
    single = _index(task, split, times)
    pairs = _index(task, lambda text: tokens.bigrams(split(text)), times)
    for accents, queries in task.queries.items():
        runs: dict[float, dict[str, list[str]]] = {weight: {} for weight in (0.0, *_WEIGHTS)}
        for query, text in queries.items():
            wanted = split(text)
            base, added = single.scores(wanted), pairs.scores(tokens.bigrams(wanted))
            for weight, run in runs.items():
                run[query] = _best(task, base + weight * added)
        yield f"bm25s, {name} syllables; title {times}", accents, runs[0.0]
        for weight in _WEIGHTS:
            settings = f"{name}, weight {weight}, title {times}"
            yield f"bm25s, shingles; {settings}", accents, runs[weight]


def _index(task: Task, split: _Tokens, times: int) -> _Index:
    return _Index(
        times * split(document.title or "") + split(document.text) for document in task.documents
    )


def _best(task: Task, scores: NDArray[np.float32]) -> list[str]:
    """The ids of the best documents that have any score; ties in the order of the corpus."""
    order = np.argsort(-scores, kind="stable")[:DEPTH]
    return [task.documents[place].id for place in order[scores[order] > 0]]


ENGINE = Engine("bm25s", digest([Path(__file__), Path(tokens.__file__)], version("bm25s")), _make)
