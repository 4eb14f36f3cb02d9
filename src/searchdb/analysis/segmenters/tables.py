"""WEIGHTS AND WORD LIST -> tables that a token's number leads into.

All that pyvi's model can tell about a token is which of the 7,000 spellings it knows that token is
(in lower case), and a few yes-or-no properties of its letters. Both are packed into one number,
the token's *code*. Law: two tokens of the same code are the same to the model and to pyvi's rules,
so a code may stand for the token everywhere; unknown spellings share one number.
"""

from __future__ import annotations

import string
from collections.abc import Collection
from dataclasses import dataclass
from itertools import chain, compress, repeat
from typing import TYPE_CHECKING

import numpy as np

from searchdb.analysis.segmenters.crf import Weights

if TYPE_CHECKING:
    from numpy.typing import NDArray

__all__ = [
    "BLOCKED",
    "CAPITAL",
    "EDGE",
    "NAME",
    "SHAPES",
    "UNKNOWN",
    "VETO_BITS",
    "Tables",
    "build",
    "code",
]

BLOCKED, CAPITAL, _UPPER, _TITLE, _DIGIT = (1 << bit for bit in range(5))
"""The properties, lowest bits of a code. BLOCKED: pyvi never joins this token to another
(punctuation, or a digit at its start); CAPITAL: its first letter is upper or title case."""
NAME = CAPITAL | _TITLE
"""The properties of a word in lower case but for its first letter."""
VETO_BITS = 2
"""BLOCKED and CAPITAL: pyvi's rules ask for them, the model does not."""
SHAPES = 5
"""Bits for properties; the number of the spelling stands above them."""
UNKNOWN, _BOUND = 0, 1
"""Spellings that are no spellings: any that the model does not know, and the edge of a text."""
EDGE = _BOUND << SHAPES | BLOCKED
"""The code that stands before, between and after texts; it weighs nothing."""
_FIRST, _SECOND, _THIRD = 4, 2, 1


@dataclass(frozen=True, slots=True)
class Tables:
    """What the model says, S = number of spellings.

    `scores`: float64 (3, 8 S), rows: weight for the token itself, for the token after it, for the
    token before it; columns: spelling * 8 + properties without the two of the rules.
    `left`, `right`: int64 (S,); spellings a, b are a bigram iff bit left[a] + right[b] of `pairs`,
    uint8, is set. `places`: uint8 (S,), bits for the places in a trigram that a spelling can take;
    `triples`: int64, sorted, one number for each trigram, from `triple`.
    `ngrams`: weight of a bigram for its second and for its first token, of a trigram for its third
    and for its first. `moves` as in `Weights`; `heaviest` bounds what one token can add to a path.
    """

    spellings: dict[str, int]
    scores: NDArray[np.float64]
    left: NDArray[np.int64]
    right: NDArray[np.int64]
    pairs: NDArray[np.uint8]
    places: NDArray[np.uint8]
    triples: NDArray[np.int64]
    ngrams: tuple[float, float, float, float]
    moves: tuple[tuple[float, float], tuple[float, float]]
    heaviest: float

    def triple(
        self, one: NDArray[np.int64], two: NDArray[np.int64], three: NDArray[np.int64]
    ) -> NDArray[np.int64]:
        """One number for three spellings; all arrays of one shape."""
        size = self.places.size
        return (one * size + two) * size + three


def code(token: str, spellings: dict[str, int]) -> int:
    """The code of a token, which is not empty."""
    number = spellings.get(token.lower(), UNKNOWN) << SHAPES
    if token.islower() and token.isalpha():
        return number
    first = token[0]
    return (
        number
        | (token in string.punctuation or first.isdigit()) * BLOCKED
        | first.istitle() * CAPITAL
        | token.isupper() * _UPPER
        | token.istitle() * _TITLE
        | token.isdigit() * _DIGIT
    )


def build(weights: Weights, words: str) -> Tables:
    """The tables of a model and its word list, of which entries of two and three parts count."""
    lines = words.split("\n")
    gaps = np.fromiter(map(str.count, lines, repeat(" ")), np.int64, len(lines))
    two, three = (" ".join(compress(lines, gaps == count)).split(" ") for count in (1, 2))
    spellings, scores = _scores(weights.states, (two, three))
    left, right, pairs = _pairs(_numbers(two, spellings).reshape(-1, 2).T, scores.shape[1])
    places, triples = _triples(_numbers(three, spellings).reshape(-1, 3).T, scores.shape[1])
    ngrams = [
        weights.states.get(f"{place}:word.{kind}_gram()", 0.0)
        for place, kind in (("-1", "bi"), ("+1", "bi"), ("-2", "tri"), ("+2", "tri"))
    ]
    heaviest = np.abs(scores).max(axis=(1, 2)).sum() + 2 * np.abs(ngrams).sum()
    return Tables(
        spellings=spellings,
        scores=scores.reshape(3, -1),
        left=left,
        right=right,
        pairs=pairs,
        places=places,
        triples=triples,
        ngrams=(ngrams[0], ngrams[1], ngrams[2], ngrams[3]),
        moves=weights.moves,
        heaviest=float(heaviest + np.abs(weights.moves).max()),
    )


def _scores(
    states: dict[str, float], parts: tuple[list[str], list[str]]
) -> tuple[dict[str, int], NDArray[np.float64]]:
    """Every spelling an attribute or an entry of the list has, numbered; and (3, S, 8) weights.

    One attribute's spelling is empty. crfsuite takes names as C strings, so it is the one of NUL,
    the only token that begins with a NUL; what has a NUL later on is unknown.
    """
    kinds = ("", "-1:", "+1:")
    found: dict[str, dict[str, float]] = {kind: {} for kind in kinds}
    for name, weight in states.items():
        kind, has, spelling = name.partition("word.lower():")
        if has:
            found[kind][spelling or "\0"] = weight
    known = dict.fromkeys(chain(*parts, *found.values()))
    spellings = dict(zip(known, range(_BOUND + 1, _BOUND + 1 + len(known)), strict=True))
    scores = np.zeros((3, _BOUND + 1 + len(known), 8))
    for row, kind in enumerate(kinds):
        weighed = found[kind]
        scores[row, _numbers(weighed, spellings)] = np.array([*weighed.values()])[:, np.newaxis]
        for bit, question in enumerate(("isupper", "istitle", "isdigit")):
            has_bit = (np.arange(8) >> bit & 1).astype(bool)
            scores[row, :, has_bit] += states.get(f"{kind}word.{question}()", 0.0)
    scores[0] += states.get("bias", 0.0)
    scores[:, _BOUND] = 0.0
    return spellings, scores


def _pairs(
    columns: NDArray[np.int64], size: int
) -> tuple[NDArray[np.int64], NDArray[np.int64], NDArray[np.uint8]]:
    """A matrix of bits, first spellings by second ones, each numbered from 1; 0 is any other."""
    one, two = columns
    firsts, seconds = _ranks(one, size), _ranks(two, size)
    width = int(seconds.max()) + 1
    left = firsts * width
    bits = np.zeros(((int(firsts.max()) + 1) * width + 7) >> 3, dtype=np.uint8)
    cells = left[one] + seconds[two]
    np.bitwise_or.at(bits, cells >> 3, (1 << (cells & 7)).astype(np.uint8))
    return left, seconds, bits


def _triples(columns: NDArray[np.int64], size: int) -> tuple[NDArray[np.uint8], NDArray[np.int64]]:
    places = np.zeros(size, dtype=np.uint8)
    for column, place in zip(columns, (_FIRST, _SECOND, _THIRD), strict=True):
        places[column] |= place
    return places, np.sort((columns[0] * size + columns[1]) * size + columns[2])


def _ranks(column: NDArray[np.int64], size: int) -> NDArray[np.int64]:
    present = np.zeros(size, dtype=np.int64)
    present[column] = 1
    return np.cumsum(present) * present


def _numbers(parts: Collection[str], spellings: dict[str, int]) -> NDArray[np.int64]:
    """The numbers of spellings, int64, as many as there are parts."""
    return np.fromiter(map(spellings.__getitem__, parts), np.int64, len(parts))
