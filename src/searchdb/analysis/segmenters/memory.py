"""TEXTS -> the codes of their tokens and where these stand.

Running text repeats itself, so each stretch between white space is cut and looked up once, and
remembered. Law: what is remembered never changes an answer; it belongs to one thread, so that
threads need no locks and a fork takes nothing half done with it; and it is bounded.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import chain
from typing import TYPE_CHECKING

import numpy as np

from searchdb.analysis.segmenters import packing, tables, tokens

if TYPE_CHECKING:
    from numpy.typing import NDArray

__all__ = ["Memory", "Read", "Seeds", "seeds"]

_LIMIT = 1 << 18
"""Tokens remembered, of about 200 bytes each with the string they are in. 30,000 news articles have
about 500,000 different stretches, most of them seen once."""
_LONGEST = 64
"""Characters of a stretch that is remembered."""
_COUNT = 32
"""Bits for the number of tokens of a stretch; above them stands the place of its first token."""
_ALL = (1 << _COUNT) - 1
_FOREIGN = 1 << 62
"""Set where a stretch is not in NFC."""
_NEWLINE, _EDGE = 1, 1 << _COUNT | 1
"""The first two tokens in the tables: a line feed, and the edge of a text."""


@dataclass(frozen=True, slots=True)
class Read:
    """Tokens of texts laid end to end with an edge first, last and between; n tokens, m texts.

    `letters` are the characters, uint32, with line feeds in the places of edges. `codes`, `starts`
    and `ends` are int64 (n,), the last two places in `letters`; `edges` int64 (m + 1,) are places
    in these, `begins` int64 (m,) is where each text begins in `letters`. `composed` says whether
    all of it is in NFC.
    """

    letters: NDArray[np.uint32]
    codes: NDArray[np.int64]
    starts: NDArray[np.int64]
    ends: NDArray[np.int64]
    edges: NDArray[np.int64]
    begins: NDArray[np.int64]
    composed: bool


@dataclass(frozen=True, slots=True)
class Seeds:
    """What every memory begins with: the model's own spellings, in lower case and capitalized.

    `known` and, for short stretches, `short` lead to places in `tokens`, int64 (3, k): code, begin
    and end in the stretch.
    """

    spellings: dict[str, int]
    known: dict[str, int]
    tokens: NDArray[np.int64]
    short: packing.Table


def seeds(spellings: dict[str, int]) -> Seeds:
    """The seeds for a model's spellings, which are in NFC."""
    known: dict[str, int] = {}
    codes = [tables.code("\n", spellings), tables.EDGE]
    lengths = [1, 0]
    for spelling, number in spellings.items():
        if not (spelling.isalpha() and spelling.islower()):
            continue
        known[spelling] = len(codes) << _COUNT | 1
        codes.append(number << tables.SHAPES)
        lengths.append(len(spelling))
        name = spelling.capitalize()
        if name.istitle() and not name.isupper() and name.lower() == spelling:
            known[name] = len(codes) << _COUNT | 1
            codes.append(number << tables.SHAPES | tables.NAME)
            lengths.append(len(name))
    places = np.array([codes, [0] * len(codes), lengths], dtype=np.int64)
    short = packing.empty()
    values = np.fromiter(known.values(), np.int64, len(known))
    short.add(_Line(["", *known, ""]).numbers(), values)
    return Seeds(spellings, known, places, short)


class _Line:
    """Texts laid end to end, with line feeds before, between and after them.

    `at` (k,) is where each stretch and each line feed begins, `feed` bool (k,) says which it is;
    `starts`, `ends` are those of the stretches.
    """

    __slots__ = ("_bytes", "_text", "at", "ends", "feed", "letters", "starts")

    def __init__(self, texts: Iterable[str]) -> None:
        self._text = "\n".join(texts)
        encoded = self._text.encode("utf-32-le", "surrogatepass")
        self.letters: NDArray[np.uint32] = np.frombuffer(encoded, dtype="<u4")
        self._bytes = packing.alphabet(self.letters)
        blank = self._bytes[: self.letters.size] == packing.BLANK
        feed = self.letters == ord("\n")
        begin = feed.copy()
        begin[1:] |= blank[:-1] > blank[1:]
        self.at: NDArray[np.int64] = begin.nonzero()[0]
        self.feed: NDArray[np.bool_] = feed.take(self.at)
        self.starts: NDArray[np.int64] = self.at[~self.feed]
        self.ends: NDArray[np.int64] = (blank[1:] > blank[:-1]).nonzero()[0] + 1

    def numbers(self) -> NDArray[np.uint64]:
        """The number of each stretch, see `packing`."""
        return packing.pack(self._bytes, self.starts, self.ends)

    def strings(self, which: NDArray[np.int64]) -> list[str]:
        """Some of the stretches."""
        starts, ends = self.starts.take(which).tolist(), self.ends.take(which).tolist()
        return [self._text[start:end] for start, end in zip(starts, ends, strict=True)]


class Memory(dict[str, int]):
    """One thread's memory of stretches; the value of each says where its tokens stand."""

    def __init__(self, begin: Seeds) -> None:
        super().__init__()
        self._seeds = begin
        self._forget()

    def _forget(self) -> None:
        """Begin anew."""
        self.clear()
        self._short = self._seeds.short.copy()
        self._used: int = self._seeds.tokens.shape[1]
        self._tokens = self._seeds.tokens.copy()
        self._fresh: list[int] = []
        self._codes = _Codes(self._seeds.spellings)

    def __missing__(self, stretch: str) -> int:
        """Cut and look up a stretch, and remember it unless it is a long one."""
        seed = self._seeds.known.get(stretch)
        if seed is not None:
            return seed
        text = tokens.nfc(stretch)
        names = tokens.cut(text)
        value = (self._used + len(self._fresh) // 3) << _COUNT | len(names)
        if text == stretch:
            end = 0
            for name in names:
                begin, end = end, end + len(name)
                self._fresh += (self._codes[name], begin, end)
        else:
            value |= _FOREIGN
            codes = map(self._codes.__getitem__, names)
            rows = zip(codes, *tokens.spans(stretch, names), strict=True)
            self._fresh += chain.from_iterable(rows)
        if len(stretch) <= _LONGEST:
            self[stretch] = value
        return value

    def read(self, texts: Sequence[str]) -> Read:
        """Cut texts into tokens and look these up."""
        line = _Line(("", *texts, ""))
        begins = np.array([1, *(len(text) + 1 for text in texts)], dtype=np.int64).cumsum()
        values = np.full(line.at.size, _NEWLINE, dtype=np.int64)
        values[~line.feed] = self._values(line)
        edges = line.at.searchsorted(begins - 1)
        values[edges] = _EDGE
        counts = values & _ALL
        stops = counts.cumsum()
        firsts = (values & ~_FOREIGN) >> _COUNT
        slots = (firsts - stops + counts).repeat(counts)
        slots += np.arange(slots.size)
        places = line.at.repeat(counts)
        codes, starts, ends = self._tokens
        read = Read(
            letters=line.letters,
            codes=codes.take(slots),
            starts=starts.take(slots) + places,
            ends=ends.take(slots) + places,
            edges=stops[edges] - 1,
            begins=begins[:-1],
            composed=int(values.max()) < _FOREIGN,
        )
        if max(self._used, len(self._codes)) > _LIMIT:
            self._forget()
        return read

    def _values(self, line: _Line) -> NDArray[np.int64]:
        """The value of each stretch."""
        numbers = line.numbers()
        values, lost = self._short.find(numbers)
        if lost.size:
            found = map(self.__getitem__, line.strings(lost))
            values[lost] = np.fromiter(found, np.int64, lost.size)
            self._short.add(numbers.take(lost), values.take(lost))
            if self._fresh:
                self._settle()
        return values

    def _settle(self) -> None:
        """Move what was looked up anew into the table."""
        fresh = np.array(self._fresh, dtype=np.int64).reshape(-1, 3).T
        used = self._used + fresh.shape[1]
        if used > self._tokens.shape[1]:
            larger = np.empty((3, 2 * used), dtype=np.int64)
            larger[:, : self._used] = self._tokens[:, : self._used]
            self._tokens = larger
        self._tokens[:, self._used : used] = fresh
        self._used = used
        self._fresh = []


class _Codes(dict[str, int]):
    """The codes of the tokens a memory has met."""

    def __init__(self, spellings: dict[str, int]) -> None:
        super().__init__()
        self._spellings = spellings

    def __missing__(self, token: str) -> int:
        code = self[token] = tables.code(token, self._spellings)
        return code
