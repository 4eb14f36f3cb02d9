"""SET -> RUNS of searchdb without one of its parts each.

Weights are handed to the index, restoration is taken out by making all forms of a syllable equal,
and what is decided while indexing gets an index of its own. Queries as typed and without accents.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from functools import partial
from pathlib import Path
from unittest.mock import patch

from benchmark import Engine, Made, Task, digest
from engine_searchdb import INDEXING, SHELLS, index_of, kept, run_of, sources

import searchdb
from searchdb.engine import SearchDB
from searchdb.model import Document
from searchdb.opening import open_index
from searchdb.query import stretches
from searchdb.query.restore import Posterior
from searchdb.ranking import Ranking

__all__ = ["ENGINE"]

_WEIGHTS: Mapping[str, Ranking] = {
    "without adjacency": Ranking(adjacency_least=0.0, adjacency_full=math.inf),
    "without words": Ranking(word_weight=0.0),
    "without windows": Ranking(windows=()),
    "syllables alone": Ranking(
        adjacency_least=0.0,
        adjacency_full=math.inf,
        word_weight=0.0,
        windows=(),
        spelling_weight=0.0,
    ),
    "without other spellings": Ranking(spelling_weight=0.0),
    "100 candidates": Ranking(candidates=100),
}


def _make(task: Task, own: Path) -> Iterator[Made]:
    folder = index_of(task, own.with_name("searchdb.kept"))
    for name, ranking in _WEIGHTS.items():
        with open_index(folder, kernels="numba", ranking=ranking) as db:
            yield from _asked(task, name, db)
    with (
        patch.object(stretches, "posteriors", _equal),
        searchdb.open(folder, kernels="numba") as db,
    ):
        yield from _asked(task, "without restoration", db)
    key = digest([*sources(without=INDEXING), Path(__file__)], task.files)
    with searchdb.open(kept(own, key, partial(_fill_with_texts, task)), kernels="numba") as db:
        yield from _asked(task, "titles and furniture as text", db)


def _fill_with_texts(task: Task, db: SearchDB) -> None:
    db.add(map(_untitled, task.documents), keep_furniture=True)


def _asked(task: Task, name: str, db: SearchDB) -> Iterator[Made]:
    for accents in ("kept", "none"):
        yield name, accents, run_of(db, task.queries[accents])


def _equal(candidates: Sequence[Sequence[str]], _: object) -> list[Posterior]:
    """In place of the chances of the forms: the same for all."""
    return [Posterior([1 / len(forms)] * len(forms), seen=True) for forms in candidates]


def _untitled(document: Document) -> Document:
    text = f"{document.title}\n\n{document.text}" if document.title else document.text
    return replace(document, title="", text=text)


ENGINE = Engine("ablation", digest([*sources(without=SHELLS), Path(__file__)]), _make)
