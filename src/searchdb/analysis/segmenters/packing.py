"""SHORT STRETCHES -> numbers that spell them, and a table that looks thousands up at once.

Nearly every stretch of Vietnamese between white space has at most eight letters and signs out of
about 240, a byte for each: so 64 bits hold its spelling, and numpy can look it up without making a
string of it. Law: two stretches of one number are the same stretch, so nothing is ever mistaken;
what cannot be spelled so is not in the table.
"""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass
from itertools import product
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

__all__ = ["BLANK", "LONGEST", "Table", "alphabet", "empty", "pack"]

LONGEST = 8
BLANK, _OTHER = 0, 255
_VOWELS = "aăâeêioôơuưy"
_TONES = ("\u0300", "\u0301", "\u0303", "\u0309", "\u0323")
_SIGNS = "“”‘’–…"
_SLOTS = 16
"""Bits for a place in the table. 65,536 places hold 1 MB, which stays in a processor's cache; the
3,000 most frequent stretches make up 90 % of news."""
_SPREAD = np.uint64(0x9E3779B97F4A7C15)
"""2^64 divided by the golden ratio, odd: the upper bits of its product with a number are mixed well
(Knuth, The Art of Computer Programming 3, section 6.4)."""
_LOW, _HIGH = np.uint64(0x0101010101010101), np.uint64(0x8080808080808080)
_FREE, _NONE = np.uint64(0), ~np.uint64(0)
"""A place without a number; and the number of what is too long, which no stretch spells."""
_MASKS = np.array([(1 << 8 * length) - 1 for length in range(LONGEST + 1)], dtype=np.uint64)


def _letters() -> str:
    vowels = "".join(unicodedata.normalize("NFC", "".join(x)) for x in product(_VOWELS, _TONES))
    small = f"{vowels}ăâđêôơư"
    return "".join(map(chr, range(0x21, 0x7F))) + small + small.upper() + _SIGNS


def _classes() -> NDArray[np.uint8]:
    """A byte for each character up to U+3001, which stands for all that follow."""
    classes = np.full(0x3002, _OTHER, dtype=np.uint8)
    classes[[number for number in range(0x3001) if chr(number).isspace()]] = BLANK
    for number, letter in enumerate(_letters(), BLANK + 1):
        classes[ord(letter)] = number
    return classes


_CLASSES = _classes()


def alphabet(letters: NDArray[np.uint32]) -> NDArray[np.uint8]:
    """The byte of each character (n,), then LONGEST blanks; white space alone is BLANK."""
    bytes_ = np.zeros(letters.size + LONGEST, dtype=np.uint8)
    _CLASSES.take(letters, mode="clip", out=bytes_[: letters.size])
    return bytes_


def pack(
    bytes_: NDArray[np.uint8], starts: NDArray[np.int64], ends: NDArray[np.int64]
) -> NDArray[np.uint64]:
    """The number of each stretch (k,): its bytes, the first lowest; none where it is too long."""
    windows = np.ndarray((bytes_.size - LONGEST + 1,), np.dtype("<u8"), bytes_, strides=(1,))
    numbers = windows.take(starts)
    lengths = ends - starts
    numbers &= _MASKS.take(lengths, mode="clip")
    numbers[lengths > LONGEST] = _NONE
    return numbers


@dataclass(frozen=True, slots=True)
class Table:
    """A table from numbers to values, each in one of two neighboring places, or not at all.

    Both arrays have a place for each of the numbers a place can have; a free one holds 0.
    """

    numbers: NDArray[np.uint64]
    values: NDArray[np.int64]

    def copy(self) -> Table:
        """Another table of the same contents."""
        return Table(self.numbers.copy(), self.values.copy())

    def find(self, numbers: NDArray[np.uint64]) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
        """The values of numbers (k,), and the places in `numbers` of those that are not here."""
        places = _places(numbers)
        values = self.values.take(places)
        lost = (self.numbers.take(places) != numbers).nonzero()[0]
        others = places.take(lost) ^ 1
        values[lost] = self.values.take(others)
        return values, lost[self.numbers.take(others) != numbers.take(lost)]

    def add(self, numbers: NDArray[np.uint64], values: NDArray[np.int64]) -> None:
        """Put those in that spell a stretch: in their place if it is free, else in the other one.

        What stood there is forgotten: a frequent stretch comes back soon and stays longer.
        """
        spelled = (~numbers - _LOW & numbers & _HIGH) == 0
        numbers, values = numbers[spelled], values[spelled]
        places = _places(numbers)
        free = self.numbers.take(places) == _FREE
        self._put(places[free], numbers[free], values[free])
        left = self.numbers.take(places) != numbers
        self._put(places[left] ^ 1, numbers[left], values[left])

    def _put(
        self, places: NDArray[np.int64], numbers: NDArray[np.uint64], values: NDArray[np.int64]
    ) -> None:
        # Of two that lead to one place the later stays, number and value alike.
        self.numbers[places] = numbers
        self.values[places] = values


def empty() -> Table:
    """A table without numbers."""
    return Table(np.zeros(1 << _SLOTS, dtype=np.uint64), np.zeros(1 << _SLOTS, dtype=np.int64))


def _places(numbers: NDArray[np.uint64]) -> NDArray[np.int64]:
    return (numbers * _SPREAD >> np.uint64(64 - _SLOTS)).astype(np.int64)
