"""TEST COLLECTION -> MEASURES: how well an index answers queries whose answers are known.

`read_collection` reads a folder in BEIR's layout, `fill` brings an index to hold its corpus, `ask`
makes a run, `measure` judges it and `compare` says whether two runs differ by more than chance.
Law: what the judgments name and the folder does not hold is counted, never passed over in silence.
"""

from __future__ import annotations

from searchdb.evaluation.asking import Answers, ask, fill
from searchdb.evaluation.beir import Collection, read_collection
from searchdb.evaluation.measures import (
    MEASURES,
    Comparison,
    check_installed,
    compare,
    mean,
    measure,
)
from searchdb.evaluation.runs import Run, check_trec_ids, read_run, write_run
from searchdb.evaluation.topics import ACCENTS, Accents, Half, half_of, without_accents

__all__ = [
    "ACCENTS",
    "MEASURES",
    "Accents",
    "Answers",
    "Collection",
    "Comparison",
    "Half",
    "Run",
    "ask",
    "check_installed",
    "check_trec_ids",
    "compare",
    "fill",
    "half_of",
    "mean",
    "measure",
    "read_collection",
    "read_run",
    "without_accents",
    "write_run",
]
