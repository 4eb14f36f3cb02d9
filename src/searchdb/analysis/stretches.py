"""TEXTS -> the syllables of their stretches between white space, looked up thousands at once.

Running text repeats itself, so each stretch is analyzed once and remembered, and numpy looks up
what is short (`packing`). Law: what is remembered never changes an answer; it belongs to one
thread; and it is bounded.
"""

from __future__ import annotations

import string
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from searchdb.analysis.segmenters import packing

if TYPE_CHECKING:
    from numpy.typing import NDArray

__all__ = ["LONGEST", "Entry", "Learn", "Memory", "Read", "Syllable"]

LONGEST = 1024
"""Characters of a stretch; longer ones are cut: normalizing takes time quadratic in the marks piled
on one letter."""

_LIMIT = 1 << 18
"""Stretches, and syllables of stretches, that are remembered, of about 200 bytes each. 30,000 news
articles have about 500,000 different stretches, most of them seen once."""
_REMEMBERED = 64
"""Characters of a stretch that is remembered."""

_BITS = 11
"""Bits for the number of syllables of a stretch and, above them, for the characters before its
core; then one that is set where its normal form differs, then the place of its first syllable."""
_COUNT = (1 << _BITS) - 1
_DIFFERS = 1 << 2 * _BITS
_FIRST = 2 * _BITS + 1

Syllable = tuple[str, str, str]
"""Accented key, folded key, surface."""
Entry = tuple[str, Sequence[tuple[Syllable, int]]]
"""The normal form of a stretch, and its syllables with their places in it."""
Learn = Callable[[str], Entry]


@dataclass(frozen=True, slots=True)
class Read:
    """The n syllables of m texts: `numbers` in `Memory.syllables` and `places`, int64 (n,).

    `limits` int64 (m + 1,) is where the syllables of each text begin. `places` are offsets in
    `normal`, the normal forms of the texts joined by line feeds; `begins` int64 (m + 1,) is where
    each text begins there, and where one more would.
    """

    numbers: NDArray[np.int64]
    places: NDArray[np.int64]
    limits: NDArray[np.int64]
    normal: str
    begins: NDArray[np.int64]


class Memory(dict[str, int]):
    """One thread's memory of stretches; the value of each says where its syllables stand.

    `syllables` are good until `generation` changes, which only `read` does, at its beginning.
    """

    def __init__(self, learn: Learn) -> None:
        super().__init__()
        self._learn = learn
        self.generation = 0
        self._forget()

    def _forget(self) -> None:
        """Begin anew."""
        self.clear()
        self.generation += 1
        self.syllables: list[Syllable] = []
        self._numbers: dict[Syllable, int] = {}
        self._normals: dict[str, str] = {}
        self._short = packing.empty()
        self._rows = np.empty((2, 1 << 12), dtype=np.int64)
        self._used = 0
        self._fresh: list[int] = []

    def read(self, texts: Sequence[str]) -> Read:
        """Cut texts into stretches and look these up."""
        if max(self._used, len(self)) > _LIMIT:
            self._forget()
        line = "\n".join((*texts, ""))
        begins = np.array([0, *(len(text) + 1 for text in texts)], dtype=np.int64).cumsum()
        encoded = np.frombuffer(line.encode("utf-32-le", "surrogatepass"), dtype="<u4")
        bytes_ = packing.alphabet(encoded)
        starts, ends = _stretches(bytes_[: encoded.size])
        values = self._values(line, bytes_, starts, ends)
        rows = starts.searchsorted(begins)
        counts = values & _COUNT
        limits = np.zeros(counts.size + 1, dtype=np.int64)
        counts.cumsum(out=limits[1:])
        slots = ((values >> _FIRST) - limits[:-1]).repeat(counts)
        slots += np.arange(slots.size)
        numbers, places = self._rows.take(slots, axis=1)
        normal, moved = line, starts + (values >> _BITS & _COUNT)
        differing = (values & _DIFFERS).nonzero()[0]
        if differing.size:
            normal, shifts = self._normal(line, starts, ends, differing)
            moved += shifts[:-1]
            begins += shifts.take(rows)
        places += moved.repeat(counts)
        return Read(numbers, places, limits.take(rows), normal[:-1], begins)

    def _values(
        self,
        line: str,
        bytes_: NDArray[np.uint8],
        starts: NDArray[np.int64],
        ends: NDArray[np.int64],
    ) -> NDArray[np.int64]:
        """The value of each stretch."""
        spelled = packing.pack(bytes_, starts, ends)
        values, lost = self._short.find(spelled)
        if lost.size:
            strings = _cut(line, starts, ends, lost)
            values[lost] = np.fromiter(map(self.__getitem__, strings), np.int64, lost.size)
            self._short.add(spelled.take(lost), values.take(lost))
            self._settle()
        return values

    def _normal(
        self,
        line: str,
        starts: NDArray[np.int64],
        ends: NDArray[np.int64],
        differing: NDArray[np.int64],
    ) -> tuple[str, NDArray[np.int64]]:
        """The normal form of a line, and by how much each stretch, and its end, moves in it."""
        parts: list[str] = []
        growth = np.zeros(starts.size + 1, dtype=np.int64)
        grown: list[int] = []
        done = 0
        for stretch, start in zip(
            _cut(line, starts, ends, differing), starts.take(differing).tolist(), strict=True
        ):
            normal = self._normals.get(stretch) or self._learn(stretch)[0]
            parts += line[done:start], normal
            done = start + len(stretch)
            grown.append(len(normal) - len(stretch))
        parts.append(line[done:])
        growth[differing + 1] = grown
        return "".join(parts), growth.cumsum()

    def __missing__(self, stretch: str) -> int:
        """Look a stretch up, and remember it unless it is a long one."""
        core = stretch.strip(string.punctuation)
        before = stretch.find(core)
        if core == stretch or not _stands_alone(stretch, core, before):
            value, normal = self._analyzed(stretch)
        else:
            value = self[core] | before << _BITS
            normal = ""
            if value & _DIFFERS:
                inside = self._normals.get(core) or self._learn(core)[0]
                normal = stretch[:before] + inside + stretch[before + len(core) :]
        if len(stretch) <= _REMEMBERED:
            self[stretch] = value
            if normal:
                self._normals[stretch] = normal
        return value

    def _analyzed(self, stretch: str) -> tuple[int, str]:
        """The value of a stretch that is new, and its normal form where that differs."""
        normal, syllables = self._learn(stretch)
        first = self._used + len(self._fresh) // 2
        for syllable, place in syllables:
            number = self._numbers.setdefault(syllable, len(self.syllables))
            if number == len(self.syllables):
                self.syllables.append(syllable)
            self._fresh += number, place
        value = first << _FIRST | len(syllables)
        return (value, "") if normal == stretch else (value | _DIFFERS, normal)

    def _settle(self) -> None:
        """Move what was looked up anew into the table."""
        if not self._fresh:
            return
        fresh = np.array(self._fresh, dtype=np.int64).reshape(-1, 2).T
        used = self._used + fresh.shape[1]
        if used > self._rows.shape[1]:
            larger = np.empty((2, 2 * used), dtype=np.int64)
            larger[:, : self._used] = self._rows[:, : self._used]
            self._rows = larger
        self._rows[:, self._used : used] = fresh
        self._used = used
        self._fresh = []


def _stretches(bytes_: NDArray[np.uint8]) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Where stretches begin and end in characters that end with white space."""
    visible = bytes_ != packing.BLANK
    turns = (visible[1:] != visible[:-1]).nonzero()[0] + 1
    if visible[0]:
        turns = np.concatenate((np.zeros(1, dtype=np.int64), turns))
    starts, ends = turns[::2], turns[1::2]
    pieces = (ends - starts + LONGEST - 1) // LONGEST
    if pieces.size and pieces.max() > 1:
        firsts = pieces.cumsum() - pieces
        number = np.arange(pieces.sum()) - firsts.repeat(pieces)
        starts = starts.repeat(pieces) + number * LONGEST
        ends = np.minimum(starts + LONGEST, ends.repeat(pieces))
    return np.ascontiguousarray(starts), np.ascontiguousarray(ends)


def _cut(
    line: str, starts: NDArray[np.int64], ends: NDArray[np.int64], which: NDArray[np.int64]
) -> list[str]:
    pairs = zip(starts.take(which).tolist(), ends.take(which).tolist(), strict=True)
    return [line[start:end] for start, end in pairs]


def _stands_alone(stretch: str, core: str, before: int) -> bool:
    """Whether the ASCII signs around a core change nothing inside it.

    They compose with no letter and no digit (Unicode), and of codes only a number is read by what
    stands before it: the 5 of `.5` is the end of a longer one.
    """
    if not core[:1].isalnum():
        return False
    return core[0].isalpha() or before == 0 or stretch[before - 1] not in ".,"
