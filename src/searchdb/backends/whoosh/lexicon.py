"""The lexicon of a Whoosh index: one file of arrays a commit, and the changes that make the next.

Syllable ids and fold ids are given once and never change, because forward lists hold them; an id
whose counts have fallen to 0 is skipped. Words are kept as text in the order of their bytes, which
for UTF-8 is the order of code points.
"""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Any, TypeVar

import numpy as np

from searchdb.analysis import fold
from searchdb.analysis.lexicon import Totals
from searchdb.backends.whoosh.arrays import read_arrays, write_arrays

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence
    from pathlib import Path

    from numpy.typing import NDArray

    from searchdb.backends.whoosh.forward import Forward

__all__ = ["ArrayLexicon", "LexiconChange"]

_K = TypeVar("_K")
_V = TypeVar("_V")

_REMEMBERED = 1 << 16
"""Look-ups of a kind that are kept in memory."""

_FOLLOWERS = 20
_FLUSH = 4_000_000
"""Tokens gathered before they are counted: bounds the memory of a large batch."""


class _Strings:
    """Texts by number, found by bisection; `order` sorts the numbers by text if they are not."""

    def __init__(
        self, blob: NDArray[Any], offsets: NDArray[Any], order: NDArray[Any] | None = None
    ) -> None:
        self._blob, self._offsets, self._order = memoryview(blob.data), offsets, order

    def __len__(self) -> int:
        return len(self._offsets) - 1

    def raw(self, number: int) -> bytes:
        """The UTF-8 of text `number`."""
        return bytes(self._blob[int(self._offsets[number]) : int(self._offsets[number + 1])])

    def text(self, number: int) -> str:
        """Text `number`."""
        return self.raw(number).decode("utf-8")

    def at(self, rank: int) -> int:
        """The number of the text that comes `rank`-th in order."""
        return rank if self._order is None else int(self._order[rank])

    def rank(self, raw: bytes) -> int:
        """How many texts come before this one."""
        low, high = 0, len(self)
        while low < high:
            middle = (low + high) // 2
            if self.raw(self.at(middle)) < raw:
                low = middle + 1
            else:
                high = middle
        return low

    def find(self, text: str) -> int:
        """The number of this very text, -1 if it is not there."""
        raw = text.encode("utf-8", "surrogatepass")
        rank = self.rank(raw)
        if rank < len(self) and self.raw(self.at(rank)) == raw:
            return self.at(rank)
        return -1


def _pack(texts: Sequence[str]) -> tuple[NDArray[Any], NDArray[Any]]:
    raw = [text.encode("utf-8") for text in texts]
    offsets = np.zeros(len(raw) + 1, dtype="<u8")
    np.cumsum([len(each) for each in raw], out=offsets[1:])
    return np.frombuffer(b"".join(raw), dtype=np.uint8), offsets


def _order(texts: Sequence[str]) -> NDArray[Any]:
    return np.array(sorted(range(len(texts)), key=texts.__getitem__), dtype="<u4")


class ArrayLexicon:
    """The lexicon of one commit, on its memory-mapped file. Safe to use from several threads."""

    def __init__(self, arrays: Mapping[str, NDArray[Any]]) -> None:
        self._a = arrays
        self._keys = _Strings(arrays["key_blob"], arrays["key_offsets"], arrays["key_order"])
        self._folds = _Strings(arrays["fold_blob"], arrays["fold_offsets"], arrays["fold_order"])
        self._words = _Strings(arrays["word_blob"], arrays["word_offsets"])
        self._surfaces = _Strings(arrays["surface_blob"], arrays["surface_offsets"])
        self._numbers: dict[str, int] = {}
        self._forms: dict[str, Sequence[str]] = {}
        self._word_df: dict[tuple[str, ...], int] = {}
        self.totals = Totals(*(int(value) for value in arrays["totals"]))

    @classmethod
    def open(cls, path: Path) -> ArrayLexicon:
        """Map a file that `LexiconChange.write` wrote. Raises OSError or ValueError."""
        try:
            return cls(read_arrays(path))
        except (KeyError, TypeError) as error:
            raise ValueError(str(error)) from error

    @classmethod
    def empty(cls) -> ArrayLexicon:
        """The lexicon of an index without documents."""
        return cls(LexiconChange(None).arrays())

    def number(self, key: str) -> int:
        """The syllable id of a key, -1 where it has none."""
        return _remembered(self._numbers, key, self._keys.find)

    def fold_ids(self) -> NDArray[Any]:
        """The fold id of each syllable id, shape (syllables,)."""
        return self._a["key_fold"]

    def fold_number(self, folded: str) -> int:
        """The fold id of a folded form, -1 where it has none."""
        return self._folds.find(folded)

    def df(self, key: str) -> int:
        """Documents that hold this key."""
        number = self.number(key)
        return int(self._a["key_df"][number]) if number >= 0 else 0

    def cf(self, key: str) -> int:
        """Occurrences of this key."""
        number = self.number(key)
        return int(self._a["key_cf"][number]) if number >= 0 else 0

    def forms(self, folded: str) -> Sequence[str]:
        """The keys with this fold, most frequent first, then by code points."""
        return _remembered(self._forms, folded, self._read_forms)

    def _read_forms(self, folded: str) -> Sequence[str]:
        number = self._folds.find(folded)
        if number < 0:
            return ()
        begin, end = self._a["member_offsets"][number : number + 2]
        members = self._a["members"][int(begin) : int(end)]
        members = members[self._a["key_df"][members] > 0]
        return tuple(self._keys.text(member) for member in members.tolist())

    def starting(self, prefix: str) -> Iterator[str]:
        """The folded forms that start with a folded prefix, by code points."""
        raw = prefix.encode("utf-8", "surrogatepass")
        for rank in range(self._folds.rank(raw), len(self._folds)):
            number = self._folds.at(rank)
            if not self._folds.raw(number).startswith(raw):
                return
            text = self._folds.text(number)
            if self.forms(text):
                yield text

    def surface(self, key: str) -> str:
        """How the collection mostly writes this key, in lower case."""
        number = self.number(key)
        plain = key.removeprefix(fold.BARE)
        begin, end = np.searchsorted(self._a["surface_ids"], [number, number + 1])
        counts = self._a["surface_counts"][begin:end].tolist()
        if number < 0 or not counts or self.cf(key) - sum(counts) >= max(counts):
            return plain
        return self._surfaces.text(int(begin) + counts.index(max(counts)))

    def count(self, key: str, following: str) -> int:
        """How often the second key follows the first inside a passage."""
        return self._counted("bigram", self.number(key), self.number(following))

    def counts(self, keys: Sequence[str], following: Sequence[str]) -> list[list[int]]:
        """`count` of each key (rows) with each of `following` (columns), in one look-up."""
        if len(keys) == len(following) == 1:
            return [[self.count(keys[0], following[0])]]
        first = np.array([self.number(key) for key in keys], dtype=np.int64)
        second = np.array([self.number(key) for key in following], dtype=np.int64)
        wanted = (first[:, None] << 32 | second).astype("<u8")
        codes = self._a["bigram_codes"]
        if not len(codes):
            return [[0] * len(following) for _ in keys]
        places = np.minimum(np.searchsorted(codes, wanted.ravel()), len(codes) - 1)
        counts = self._a["bigram_counts"][places].astype(np.int64)
        # An unknown key is -1, which as a code is none that is kept.
        counts[codes[places] != wanted.ravel()] = 0
        return [row.tolist() for row in counts.reshape(wanted.shape)]

    def followers(self, key: str) -> Sequence[tuple[str, int]]:
        """The keys that follow this one and how often, most frequent first."""
        number = self.number(key)
        if number < 0:
            return []
        codes = self._a["bigram_codes"]
        begin, end = np.searchsorted(
            codes, np.array([number << 32, (number + 1) << 32], dtype="<u8")
        )
        counts = self._a["bigram_counts"][begin:end].astype(np.int64)
        least = np.sort(counts)[-_FOLLOWERS] if len(counts) > _FOLLOWERS else 0
        found = [
            (self._keys.text(int(codes[begin + place]) & 0xFFFFFFFF), int(counts[place]))
            for place in np.flatnonzero(counts >= least)
        ]
        return sorted(found, key=lambda item: (-item[1], item[0]))[:_FOLLOWERS]

    def word_df(self, word: tuple[str, ...]) -> int:
        """Documents in which these keys are one word."""
        return _remembered(self._word_df, word, self._read_word_df)

    def _read_word_df(self, word: tuple[str, ...]) -> int:
        number = self._words.find(" ".join(word))
        return int(self._a["word_df"][number]) if number >= 0 else 0

    def pair_df(self, folded: str, following: str) -> int:
        """Documents in which the second folded form follows the first inside a passage."""
        return self._counted("pair", self._folds.find(folded), self._folds.find(following))

    def _counted(self, name: str, first: int, second: int) -> int:
        if first < 0 or second < 0:
            return 0
        codes = self._a[f"{name}_codes"]
        code = np.uint64(first << 32 | second)
        place = int(np.searchsorted(codes, code))
        if place < len(codes) and codes[place] == code:
            return int(self._a[f"{name}_counts"][place])
        return 0


def _remembered(known: dict[_K, _V], key: _K, read: Callable[[_K], _V]) -> _V:
    """What `read` gives for the key, kept for the next time; what is kept is bounded."""
    found = known.get(key)
    if found is None:
        found = read(key)
        if len(known) >= _REMEMBERED:
            known.clear()
        known[key] = found
    return found


class _Counts:
    """Counts by code, gathered as arrays and added up now and then."""

    def __init__(self, codes: NDArray[Any], counts: NDArray[Any]) -> None:
        self._codes = np.asarray(codes, dtype="<u8")
        self._counts = np.asarray(counts, dtype="<i8")
        self._waiting: list[tuple[NDArray[Any], int]] = []
        self._size = 0

    def add(self, codes: NDArray[Any], sign: int) -> None:
        """Count every code once, up or down."""
        self._waiting.append((codes.astype("<u8"), sign))
        self._size += len(codes)
        if self._size > _FLUSH:
            self.sums()

    def sums(self) -> tuple[NDArray[Any], NDArray[Any]]:
        """Codes in order and their counts, those at 0 left out."""
        codes, counts = [self._codes], [self._counts]
        for sign in (1, -1):
            gathered = [each for each, way in self._waiting if way == sign]
            if gathered:
                found, times = np.unique(np.concatenate(gathered), return_counts=True)
                codes.append(found)
                counts.append(sign * times)
        self._waiting, self._size = [], 0
        if len(codes) > 1:
            found, where = np.unique(np.concatenate(codes), return_inverse=True)
            sums = np.bincount(where, weights=np.concatenate(counts)).astype("<i8")
            self._codes, self._counts = found[sums > 0], sums[sums > 0]
        return self._codes, self._counts


class LexiconChange:
    """The lexicon of the commit to come: the one before, plus and minus whole documents."""

    def __init__(self, before: Path | None) -> None:
        old = read_arrays(before) if before else {}
        empty = np.zeros(0, dtype="<u8")
        self.keys = _texts(old, "key")
        self._folds = _texts(old, "fold")
        self._key_fold = [int(number) for number in old.get("key_fold", empty)]
        self._fold_ids = {text: number for number, text in enumerate(self._folds)}
        self.ids = {key: number for number, key in enumerate(self.keys)}
        words = _texts(old, "word")
        self._words: Counter[str] = Counter(
            dict(zip(words, map(int, old.get("word_df", empty)), strict=True))
        )
        numbers = np.arange(len(self.keys), dtype="<u8")
        self._df = _Counts(numbers, old.get("key_df", empty))
        self._cf = _Counts(numbers, old.get("key_cf", empty))
        self._bigrams = _Counts(old.get("bigram_codes", empty), old.get("bigram_counts", empty))
        self._pairs = _Counts(old.get("pair_codes", empty), old.get("pair_counts", empty))
        self._variants: Counter[tuple[int, str]] = Counter(
            {
                (int(number), text): int(count)
                for number, text, count in zip(
                    old.get("surface_ids", empty),
                    _texts(old, "surface"),
                    old.get("surface_counts", empty),
                    strict=True,
                )
            }
        )
        self._totals = np.array(old.get("totals", np.zeros(len(Totals._fields))), dtype="<i8")

    def learn(self, keys: Sequence[str], folded: Sequence[str], surfaces: Sequence[str]) -> None:
        """Give ids to keys not seen before, and count how they are written.

        These counts only grow: forward lists hold keys, so what is taken away cannot say how it
        was written. They decide nothing but the spelling that is shown.
        """
        for key, without_marks, surface in zip(keys, folded, surfaces, strict=True):
            number = self.ids.get(key)
            if number is None:
                number = self._new(key, without_marks)
            if surface != key.removeprefix(fold.BARE):
                self._variants[number, surface] += 1

    def _new(self, key: str, folded: str) -> int:
        """The next syllable id, for a key not seen before."""
        number = self.ids[key] = len(self.keys)
        self.keys.append(key)
        fold_id = self._fold_ids.setdefault(folded, len(self._folds))
        if fold_id == len(self._folds):
            self._folds.append(folded)
        self._key_fold.append(fold_id)
        return number

    def count(self, forward: Forward, totals: Totals, sign: int) -> None:
        """Add (sign 1) or take away (-1) one document, given its forward list and lengths."""
        self._totals += sign * np.array(totals, dtype="<i8")
        ids = forward.ids
        self._cf.add(ids, sign)
        self._df.add(np.unique(ids), sign)
        first = forward.neighbors()
        self._bigrams.add(ids[first] << 32 | ids[first + 1], sign)
        folds = np.array([self._key_fold[number] for number in ids.tolist()], dtype=np.int64)
        self._pairs.add(np.unique(folds[first] << 32 | folds[first + 1]), sign)
        self._count_words(forward, sign)

    def _count_words(self, forward: Forward, sign: int) -> None:
        keys = self.keys
        numbers = forward.ids.tolist()
        begins = np.flatnonzero(forward.starts | ~_continues(forward)).tolist()
        ends = (np.flatnonzero(forward.word_ends()) + 1).tolist()
        words = {
            " ".join([keys[number] for number in numbers[begin:end]])
            for begin, end in zip(begins, ends, strict=True)
        }
        for word in words:
            self._words[word] += sign

    def arrays(self) -> dict[str, NDArray[Any]]:
        """Everything, as `ArrayLexicon` reads it."""
        df, cf = (_dense(counts.sums(), len(self.keys)) for counts in (self._df, self._cf))
        by_fold: list[list[int]] = [[] for _ in self._folds]
        for number, fold_id in enumerate(self._key_fold):
            by_fold[fold_id].append(number)
        for members in by_fold:
            members.sort(key=lambda number: (-int(cf[number]), self.keys[number]))
        offsets = np.zeros(len(by_fold) + 1, dtype="<u4")
        np.cumsum([len(members) for members in by_fold], out=offsets[1:])
        words = sorted(word for word, count in self._words.items() if count > 0)
        variants = sorted(self._variants.items())
        bigrams, pairs = self._bigrams.sums(), self._pairs.sums()
        arrays = {
            "key_order": _order(self.keys),
            "key_df": df.astype("<u4"),
            "key_cf": cf.astype("<u8"),
            "key_fold": np.array(self._key_fold, dtype="<u4"),
            "fold_order": _order(self._folds),
            "members": np.array([m for members in by_fold for m in members], dtype="<u4"),
            "member_offsets": offsets,
            "bigram_codes": bigrams[0].astype("<u8"),
            "bigram_counts": bigrams[1].astype("<u4"),
            "pair_codes": pairs[0].astype("<u8"),
            "pair_counts": pairs[1].astype("<u4"),
            "word_df": np.array([self._words[word] for word in words], dtype="<u4"),
            "surface_ids": np.array([number for (number, _), _ in variants], dtype="<u4"),
            "surface_counts": np.array([count for _, count in variants], dtype="<u4"),
            "totals": self._totals,
        }
        texts = {
            "key": self.keys,
            "fold": self._folds,
            "word": words,
            "surface": [text for (_, text), _ in variants],
        }
        for name, values in texts.items():
            arrays[f"{name}_blob"], arrays[f"{name}_offsets"] = _pack(values)
        return arrays

    def write(self, path: Path) -> None:
        """Write the file of the new commit. Raises OSError."""
        write_arrays(path, self.arrays())


def _continues(forward: Forward) -> NDArray[np.bool_]:
    """Over tokens: whether the token before it stands in the same segment."""
    continues = np.zeros(len(forward.ids), dtype=np.bool_)
    continues[1:] = forward.segment[1:] == forward.segment[:-1]
    return continues


def _texts(arrays: Mapping[str, NDArray[Any]], name: str) -> list[str]:
    if f"{name}_blob" not in arrays:
        return []
    strings = _Strings(arrays[f"{name}_blob"], arrays[f"{name}_offsets"])
    return [strings.text(number) for number in range(len(strings))]


def _dense(sums: tuple[NDArray[Any], NDArray[Any]], size: int) -> NDArray[Any]:
    """Counts by id as an array over all ids."""
    dense = np.zeros(size, dtype="<i8")
    dense[sums[0].astype(np.int64)] = sums[1]
    return dense
