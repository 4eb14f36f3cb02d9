"""CODES -> which tokens pyvi joins to the token before them.

With two labels, only d = score of I_W - score of B_W of the best paths that end at a token counts.
It follows `d[t] = s[t] + f(d[t - 1])`, where s is the weight of the token in its context and f
comes from the scores of moves, BI being that from B_W to I_W: `f(d) = max(BI, d + II) - max(BB, d +
IB)`, flat but for a narrow slope. Looking back, a token is labeled I_W iff d is more than `BI - II`
(before an I_W), `BB - IB` (before a B_W) or 0 (at the end). So for 99 tokens in 100 the bounds of f
settle the label by s alone; the others are followed one by one, from left to right and back again,
as Viterbi's algorithm does with all of them.

Law: the answer is the one crfsuite's own arithmetic gives, or the token is reported as doubtful.
Sums are taken in another order here, so a difference from a threshold no greater than what
rounding can explain decides nothing.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from searchdb.analysis.segmenters.tables import BLOCKED, CAPITAL, EDGE, SHAPES, VETO_BITS, Tables

if TYPE_CHECKING:
    from numpy.typing import NDArray

__all__ = ["bound", "joined"]

_ROUNDING = 16 * 2.0**-53
"""Relative error of one step of crfsuite's: it adds a move and the weight of the token to the score
of a path, for each of two labels, and compares two such sums."""
_VETOES = BLOCKED | CAPITAL


def joined(
    tables: Tables, codes: NDArray[np.int64], *, margin: float
) -> tuple[NDArray[np.bool_], list[int]]:
    """Whether each token is joined to the one before it, and where that is in doubt.

    `codes` (n,), with an EDGE first, last and between texts; the answer is bool (n,), False at
    every EDGE, and the sorted places of the tokens whose label rounding could turn: those closer
    than `margin` to a threshold, or closer than the rounding of long sums can explain.
    """
    inside, doubts = _inside(tables, codes, margin)
    return bound(codes, inside), doubts


def bound(codes: NDArray[np.int64], inside: NDArray[np.bool_]) -> NDArray[np.bool_]:
    """Pyvi's rules on top of the labels: both arguments and the answer are (n,).

    A token labeled I_W stays apart if it or the one before is punctuation or begins with a digit,
    or if it begins with a capital and the one before does not.
    """
    vetoes = (codes & _VETOES).astype(np.uint8)
    before, here = vetoes[:-1], vetoes[1:]
    veto = (before | here) & BLOCKED | here & ~before & CAPITAL
    answer = np.zeros(codes.size, dtype=np.bool_)
    np.logical_and(inside[1:], veto == 0, out=answer[1:])
    return answer


@dataclass(frozen=True, slots=True)
class _Slope:
    """The function f: `most` up to `start`, `least` from `end`, and straight down between.

    The same `start` and `end` are the thresholds before a B_W and before an I_W.
    """

    start: float
    end: float
    most: float
    least: float


def _slope(tables: Tables) -> _Slope:
    (bb, bi), (ib, ii) = tables.moves
    return _Slope(start=bb - ib, end=bi - ii, most=bi - bb, least=ii - ib)


def _inside(
    tables: Tables, codes: NDArray[np.int64], margin: float
) -> tuple[NDArray[np.bool_], list[int]]:
    """Whether each token is labeled I_W, bool (n,), and the places in doubt."""
    weights = _weights(tables, codes)
    slope = _slope(tables)
    edge = codes == EDGE
    edges = edge.nonzero()[0]
    longest = int((edges[1:] - edges[:-1]).max(initial=0))
    margin = max(margin, longest * tables.heaviest * _ROUNDING)
    inside = weights > slope.end - slope.least + margin
    unsure = ~inside & (weights > slope.start - slope.most - margin)
    # Nothing comes before the first token, and nothing is asked of the last but d > 0.
    first, last = edges[:-1] + 1, edges[1:] - 1
    inside[first] = weights[first] > slope.end + margin
    unsure[first] = ~inside[first]
    inside[last] = False
    unsure[last] = True
    inside[edges] = unsure[edges] = False
    places = unsure.nonzero()[0]
    doubts = _follow(slope, weights, inside, unsure=places, edge=edge, margin=margin)
    return inside, doubts


def _follow(
    slope: _Slope,
    weights: NDArray[np.float64],
    inside: NDArray[np.bool_],
    *,
    unsure: NDArray[np.int64],
    edge: NDArray[np.bool_],
    margin: float,
) -> list[int]:
    """Settle the tokens at `unsure` (ascending) in `inside`; the places where rounding may count.

    The d of a token that is not unsure is off the slope, on the side that its label shows. Errors
    add up only along the slope.
    """
    alone = np.where(inside[unsure - 1], slope.least, slope.most)
    alone[edge[unsure - 1]] = 0.0
    followed: list[tuple[int, float, float]] = []
    before, d, error = -1, 0.0, 0.0
    rows = zip(unsure.tolist(), weights[unsure].tolist(), alone.tolist(), strict=True)
    for place, weight, gain in rows:
        if place == before + 1:
            on_slope = slope.start - error < d < slope.end + error
            error = margin + error if on_slope else margin
            d = weight + min(max(slope.most + slope.start - d, slope.least), slope.most)
        else:
            error = margin
            d = weight + gain
        followed.append((place, d, error))
        before = place
    doubts: list[int] = []
    for place, d, error in reversed(followed):
        threshold = slope.end if inside[place + 1] else slope.start
        if edge[place + 1]:
            threshold = 0.0
        inside[place] = d > threshold
        if abs(d - threshold) <= error:
            doubts.append(place)
    return doubts[::-1]


def _weights(tables: Tables, codes: NDArray[np.int64]) -> NDArray[np.float64]:
    """s, float64 (n,): what the model gives each token in its context."""
    shapes = codes >> VETO_BITS
    own, after, before = tables.scores
    weights: NDArray[np.float64] = own.take(shapes)
    weights[1:] += after.take(shapes[:-1])
    weights[:-1] += before.take(shapes[1:])
    spellings = codes >> SHAPES
    second, first, *thirds = tables.ngrams
    cells = tables.left.take(spellings[:-1])
    cells += tables.right.take(spellings[1:])
    pairs = (tables.pairs.take(cells >> 3) >> (cells & 7) & 1).astype(np.float64)
    weights[1:] += pairs * second
    weights[:-1] += pairs * first
    places = tables.places.take(spellings)
    at = (places[:-2] >> 2 & places[1:-1] >> 1 & places[2:]).nonzero()[0]
    at = at[_known(tables, spellings, at)]
    weights[at + 2] += thirds[0]
    weights[at] += thirds[1]
    return weights


def _known(
    tables: Tables, spellings: NDArray[np.int64], at: NDArray[np.int64]
) -> NDArray[np.bool_]:
    """Which of the places `at` (k,) begin a trigram of the list."""
    wanted = tables.triple(spellings.take(at), spellings.take(at + 1), spellings.take(at + 2))
    rank = tables.triples.searchsorted(wanted)
    known: NDArray[np.bool_] = tables.triples.take(rank, mode="clip") == wanted
    return known
