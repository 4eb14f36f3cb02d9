"""RUN AND JUDGMENTS -> FIGURES: the measures of each query, their mean, and a test of difference.

Law: a query without a hit counts with 0, and the same runs always give the same figures.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from searchdb.errors import MissingExtraError

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from searchdb.evaluation.runs import Run

__all__ = ["MEASURES", "Comparison", "check_installed", "compare", "mean", "measure"]

MEASURES: Mapping[str, str] = {
    "nDCG@10": "nDCG@10",
    "MRR@10": "RR@10",
    "recall@10": "R@10",
    "recall@100": "R@100",
}
"""What they are called here, and by ir-measures. Relevant is what is graded 1 or more."""

_ROUNDS = 10_000
_CHUNK = 500
"""Rounds at once, to bound memory."""
_SEED = 20_260_101


@dataclass(frozen=True, slots=True)
class Comparison:
    """The mean difference of two runs over the same queries, and how often chance does as much."""

    difference: float
    p: float
    queries: int


def check_installed() -> None:
    """Raise MissingExtraError unless ir-measures is there."""
    try:
        import ir_measures  # noqa: F401, PLC0415 - an extra
    except ImportError:
        message = "ir-measures is not installed: run `pip install 'searchdb[eval]'`"
        raise MissingExtraError(message) from None


def measure(qrels: Mapping[str, Mapping[str, int]], run: Run) -> dict[str, dict[str, float]]:
    """The measures of a run: name to query id to a figure from 0 to 1, for each query of `qrels`.

    Raises MissingExtraError.
    """
    check_installed()
    import ir_measures  # noqa: PLC0415 - an extra

    scored = {
        query: {document: 1.0 / rank for rank, document in enumerate(run.get(query, ()), 1)}
        for query in qrels
    }
    names = {ir_measures.parse_measure(theirs): name for name, theirs in MEASURES.items()}
    figures = {name: dict.fromkeys(qrels, 0.0) for name in MEASURES}
    judged = {query: dict(grades) for query, grades in qrels.items()}
    for each in ir_measures.iter_calc(list(names), judged, scored):
        figures[names[each.measure]][each.query_id] = each.value
    return figures


def mean(figures: Mapping[str, float]) -> float:
    """The mean over the queries."""
    return sum(figures.values()) / len(figures)


def compare(ours: Mapping[str, float], theirs: Mapping[str, float]) -> Comparison:
    """Ours minus theirs, over the queries of ours, tested by paired randomization, two-sided.

    Signs of the differences are drawn at random 10,000 times with a fixed seed (Smucker, Allan and
    Carterette, "A comparison of statistical significance tests for information retrieval
    evaluation", 2007). A query that theirs does not have counts with 0.
    """
    import numpy as np  # noqa: PLC0415 - only where figures are made

    pairs = [value - theirs.get(query, 0.0) for query, value in ours.items()]
    differences = np.array([each for each in pairs if each])
    p = _share(differences, np.random.default_rng(_SEED))
    return Comparison(sum(pairs) / len(pairs), p, len(pairs))


def _share(differences: NDArray[np.float64], draw: np.random.Generator) -> float:
    """How often random signs bring a sum as far from 0. `differences` has the shape (queries,)."""
    seen = abs(float(differences.sum())) - 1e-9
    hits = 0
    for _ in range(_ROUNDS // _CHUNK):
        signs = draw.integers(0, 2, (_CHUNK, len(differences))) * 2 - 1
        hits += int((abs(signs @ differences) >= seen).sum())
    return (hits + 1) / (_ROUNDS + 1)
