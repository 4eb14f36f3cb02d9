"""SYLLABLES OF A MEMORY -> their places in a vocabulary, entered there in the order they come.

Law: a vocabulary holds what its texts hold, in their order, whatever the memory held before; so
what is made in several processes is the same.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np

from searchdb.analysis.vocabulary import Vocabulary, unmarked_key

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from searchdb.analysis.stretches import Memory, Read

__all__ = ["Places"]

_NONE = 0xFFFFFFFF
"""No place: a vocabulary of so many syllables would not fit in memory."""


class Places:
    """Where the syllables of one memory stand in a vocabulary.

    The table has two places for each: in marked texts and in those written wholly without marks.
    """

    def __init__(self, vocabulary: Vocabulary) -> None:
        self._vocabulary = vocabulary
        self._table = np.zeros(0, dtype=np.uint32)
        self._generation = -1

    def of(self, read: Read, memory: Memory, unmarked: Sequence[bool]) -> NDArray[np.uint32]:
        """The place of each syllable that was read, (n,); `unmarked` says of which texts."""
        if memory.generation != self._generation:
            self._table = self._table[:0]
            self._generation = memory.generation
        short = 2 * len(memory.syllables) - self._table.size
        if short > 0:
            self._table = np.concatenate((self._table, np.full(short, _NONE, dtype=np.uint32)))
        numbers = read.numbers << 1
        if any(unmarked):
            numbers |= np.array(unmarked).repeat(np.diff(read.limits))
        found = self._table.take(numbers)
        new = numbers[found == _NONE]
        if not new.size:
            return found
        _, firsts = np.unique(new, return_index=True)
        for number in new[np.sort(firsts)].tolist():
            key, folded, surface = memory.syllables[number >> 1]
            if number & 1:
                key = unmarked_key(key)
            self._table[number] = self._vocabulary.place(key, folded, surface)
        return self._table.take(numbers)
