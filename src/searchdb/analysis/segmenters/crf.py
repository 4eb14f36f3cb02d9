"""A MODEL FILE OF CRFSUITE'S -> weights; and labels by crfsuite itself for the last bit.

Knows the format (`lCRF`, written by crfsuite 0.12, crf1d_model.c and cqdb.c) and pyvi's features,
and nothing of how they are evaluated fast. Law: for a model of two labels a weight is always the
score of I_W (the word goes on) less the score of B_W (a word begins), for only that difference
decides.
"""

from __future__ import annotations

import re
import struct
from collections.abc import Collection, Sequence
from dataclasses import dataclass

__all__ = ["Weights", "labels", "read"]

_HEADER = struct.Struct("<4sI4s9I")
_FEATURE = [("kind", "<u4"), ("source", "<u4"), ("target", "<u4"), ("weight", "<f8")]
_STATE, _MOVE = 0, 1
_HALVES = re.compile("[\ud800-\udfff]")
"""Halves of characters, which have no UTF-8; no attribute and no word of pyvi's has one."""
_LABELS = ("B_W", "I_W")


@dataclass(frozen=True, slots=True)
class Weights:
    """What a model says about two labels.

    `states` maps an attribute (`word.lower():nhà`) to its weight, `moves[i][j]` is the score of
    label j after label i, with 0 for B_W and 1 for I_W.
    """

    states: dict[str, float]
    moves: tuple[tuple[float, float], tuple[float, float]]


def read(model: bytes) -> Weights:
    """The weights in a model file; ValueError if it is not a first-order model of B_W and I_W."""
    import numpy as np  # noqa: PLC0415

    try:
        magic, _, kind, _, _, _, _, features, names, attributes, _, _ = _HEADER.unpack_from(model)
        if (magic, kind, *_strings(model, names)) != (b"lCRF", b"FOMC", *_LABELS):
            raise ValueError("it is no linear-chain model of the labels B_W and I_W")  # noqa: TRY301
        # A chunk: FEAT, its size, how many; then what each is about.
        (count,) = struct.unpack_from("<I", model, features + 8)
        rows = np.frombuffer(model, dtype=_FEATURE, count=count, offset=features + 12)
        known = _strings(model, attributes)
        state, move = rows[rows["kind"] == _STATE], rows[rows["kind"] == _MOVE]
        sign = np.where(state["target"] == 1, 1.0, -1.0)
        sums = np.bincount(state["source"], state["weight"] * sign, minlength=len(known))
        moves = np.zeros((2, 2))
        moves[move["source"], move["target"]] = move["weight"]
    except (struct.error, ValueError, IndexError) as error:
        raise ValueError(f"no model file that can be read: {error}") from error
    (bb, bi), (ib, ii) = moves.tolist()
    return Weights(dict(zip(known, sums.tolist(), strict=True)), ((bb, bi), (ib, ii)))


def _strings(model: bytes, offset: int) -> list[str]:
    """The strings of a constant quark database, in the order of their numbers.

    Its header (magic, size, flags, byte order, count, place) leads to a list of places, each of
    (number, length with the closing NUL, bytes).
    """
    magic, _, _, _, count, backward = struct.unpack_from("<4s5I", model, offset)
    if magic != b"CQDB":
        raise ValueError("it has no list of names where one should be")
    strings: list[str] = []
    length = struct.Struct("<I").unpack_from
    for place in struct.unpack_from(f"<{count}I", model, offset + backward):
        begin = offset + place + 8
        strings.append(model[begin : begin + length(model, begin - 4)[0] - 1].decode())
    return strings


def labels(model: bytes, tokens: Sequence[str], ngrams: Collection[str]) -> list[bool]:
    """For each token whether crfsuite labels it I_W, from the very attributes pyvi gives it.

    Slow (about 0.5 MB/s) and exact to the last bit. Makes a tagger of its own, for a tagger keeps
    the sentence it works on and is not safe in threads. The model is read from memory.
    """
    import pycrfsuite  # type: ignore[import-untyped]  # noqa: PLC0415

    tagger = pycrfsuite.Tagger()
    tagger.open_inmemory(model)
    shown = [_HALVES.sub("\ufffd", token) for token in tokens]
    items = [_attributes(shown, index, ngrams) for index in range(len(shown))]
    return [label == _LABELS[1] for label in tagger.tag(items)]


def _attributes(tokens: Sequence[str], index: int, ngrams: Collection[str]) -> list[str]:
    """Pyvi's attributes of a token, in pyvi's order: floating-point sums depend on it.

    Pyvi also names attributes that are false, with the value 0, which adds nothing.
    """
    token = tokens[index]
    found = ["bias", f"word.lower():{token.lower()}"]
    found += _shape("word", token, ("isupper", "istitle", "isdigit"))
    for step, ngram in ((-1, "bi_gram"), (-2, "tri_gram"), (1, "bi_gram"), (2, "tri_gram")):
        if not 0 <= index + step < len(tokens):
            continue
        if ngram == "bi_gram":
            other = tokens[index + step]
            found.append(f"{step:+}:word.lower():{other.lower()}")
            found += _shape(f"{step:+}:word", other, ("istitle", "isupper"))
        window = tokens[min(index, index + step) : max(index, index + step) + 1]
        if " ".join(window).lower() in ngrams:
            found.append(f"{step:+}:word.{ngram}()")
    return found


def _shape(prefix: str, token: str, questions: tuple[str, ...]) -> list[str]:
    return [f"{prefix}.{question}()" for question in questions if getattr(token, question)()]
