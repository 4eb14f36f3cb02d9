"""TOKENS AND JOINS -> words, as spans in each text or as the line pyvi prints."""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING

import numpy as np

from searchdb.analysis.segmenters.memory import Read

if TYPE_CHECKING:
    from numpy.typing import NDArray

__all__ = ["printed", "spans", "starts"]


def spans(read: Read, joined: NDArray[np.bool_]) -> list[list[tuple[int, int]]]:
    """The words of each text, sorted and disjoint; `joined` is bool (n,).

    Line feeds are tokens to pyvi but no words, and a word neither begins nor ends with one.
    Punctuation has spans too.
    """
    kept, word = _kept(read, joined)
    turn = (word[1:] != word[:-1]).nonzero()[0]
    starts = read.starts.take(np.concatenate((kept[:1], kept[turn + 1])))
    ends = read.ends.take(np.concatenate((kept[turn], kept[-1:])))
    limits = [*starts.searchsorted(read.begins).tolist(), starts.size]
    before = read.begins.repeat(np.diff(limits))
    pairs = list(zip((starts - before).tolist(), (ends - before).tolist(), strict=True))
    return [pairs[begin:end] for begin, end in pairwise(limits)]


def starts(read: Read, joined: NDArray[np.bool_]) -> NDArray[np.int64]:
    """Where the words of `spans` begin, sorted: places in the texts joined by line feeds."""
    kept, word = _kept(read, joined)
    turn = (word[1:] != word[:-1]).nonzero()[0]
    return read.starts.take(np.concatenate((kept[:1], kept[turn + 1]))) - 1


def _kept(read: Read, joined: NDArray[np.bool_]) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """The tokens that are seen, and the number of the word that each is in."""
    visible = read.ends > read.starts
    visible &= read.letters.take(read.starts) != ord("\n")
    kept = visible.nonzero()[0]
    return kept, (~joined).cumsum().take(kept)


def printed(read: Read, joined: NDArray[np.bool_]) -> str:
    """The tokens of one text, after each `_` if the next is joined to it, else a space."""
    starts, ends = read.starts[1:-1], read.ends[1:-1]
    stops = (ends - starts + 1).cumsum()
    # Every token is copied with the character after it, which then makes room for the joint.
    source = np.repeat(ends + 1 - stops, ends - starts + 1) + np.arange(stops[-1])
    letters = read.letters.take(source)
    letters[stops - 1] = np.where(joined[2:], ord("_"), ord(" "))
    return letters[:-1].tobytes().decode("utf-32-le", "surrogatepass")
