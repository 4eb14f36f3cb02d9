"""Which neighbouring syllables of a query are one word, by the words of the collection.

The best reading is the one whose words are most probable taken one by one (unigram Viterbi), a
word's probability being the share of documents that hold it. So `học sinh học bài` reads as
[học sinh] [học] [bài], not as [học] [sinh học] [bài].
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

    from searchdb.analysis.lexicon import Lexicon

__all__ = ["word_starts"]

_LONGEST = 6
"""In syllables; longer words in a collection are chains of names."""

_UNSEEN = 0.25
"""Documents credited to a syllable that is no word of its own anywhere."""


def word_starts(keys: Sequence[str], lexicon: Lexicon) -> list[bool]:
    """For each key whether a word begins there; ties go to the longer last word."""
    documents = lexicon.totals.documents + 1
    best = [0.0] + [math.inf] * len(keys)
    begin = [0] * (len(keys) + 1)
    for end in range(1, len(keys) + 1):
        for start in range(max(0, end - _LONGEST), end):
            df: float = lexicon.word_df(tuple(keys[start:end]))
            if not df and end - start > 1:
                continue
            cost = best[start] - math.log((df or _UNSEEN) / documents)
            if cost < best[end]:
                best[end], begin[end] = cost, start
    starts = [False] * len(keys)
    end = len(keys)
    while end:
        end = begin[end]
        starts[end] = True
    return starts
