"""Text in, tokens with exact offsets out: the road normalize -> segment -> fold in one place.

Works stretch by stretch between white space and remembers what it found for each stretch, for
running text repeats itself. An index takes arrays (`rows`), queries and highlights lists with
offsets. Laws: both roads give a text the same syllables; cutting it into them never depends on the
segmenter, which only says where words begin, so a query and a highlight need no segmenter at all.
"""

from __future__ import annotations

import re
import threading
import unicodedata
from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING, NamedTuple

from searchdb.analysis import codes, fold
from searchdb.analysis.batches import TOGETHER, batches
from searchdb.analysis.forms import ALL, NormalForms
from searchdb.analysis.normalize import normalize
from searchdb.analysis.occurrences import Occurrences
from searchdb.model import Token

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Sequence

    import numpy as np
    from numpy.typing import NDArray

    from searchdb.analysis.places import Places
    from searchdb.analysis.segmenters import Segmenter
    from searchdb.analysis.stretches import Entry, Memory, Read
    from searchdb.analysis.vocabulary import Vocabulary

__all__ = ["Analyzer", "Row", "Syllables"]

_STRETCH = re.compile(r"\S{1,1024}")
"""Longer stretches are cut: normalizing takes time quadratic in the marks piled on one letter."""

_REMEMBERED = 1 << 17
"""Stretches kept; 30,000 news articles hold about four times as many, most of them seen once."""
_LONGEST_REMEMBERED = 64
_tuple = tuple.__new__
"""Makes a Token of a row three times faster than its own constructor, of hundreds for a page."""
_VERSION = "1"
"""Raised with every change of the keys or positions that this room gives a text."""


class _Syllable(NamedTuple):
    """One piece of a stretch: `start` and `end` as written, `place` in the normal form."""

    start: int
    end: int
    place: int
    key: str
    folded: str
    surface: str
    kind: str
    joined: bool


@dataclass(slots=True)
class Syllables:
    """The syllables of a text, as lists that run in step.

    `word_starts[i]` says whether a word begins at syllable i, `joined[i]` whether it hangs together
    with syllable i - 1 without white space (03-CT/TW).
    """

    keys: list[str]
    folded: list[str]
    surfaces: list[str]
    starts: list[int]
    ends: list[int]
    kinds: list[str]
    joined: list[bool]
    word_starts: list[bool]


Row = tuple["NDArray[np.uint32]", "NDArray[np.bool_]"]
"""The syllables of a text as places in a vocabulary, and whether a word begins at each; (n,)."""


class Analyzer:
    """What makes tokens of text. Safe to use from several threads."""

    def __init__(self, segmenter: Segmenter, forms: NormalForms = ALL) -> None:
        self._segmenter = segmenter
        self.forms = forms
        self._known: dict[str, tuple[_Syllable, ...]] = {}
        self._occurrences = Occurrences(self._tokens)
        self._own = threading.local()

    def __reduce__(self) -> tuple[type[Analyzer], tuple[Segmenter, NormalForms]]:
        """A copy, as another process gets one, remembers nothing."""
        return Analyzer, (self._segmenter, self.forms)

    @property
    def fingerprint(self) -> str:
        """Names everything that decides which tokens a text has; kept in the manifest."""
        parts = (f"analysis {_VERSION}", self._segmenter.name, self.forms.fingerprint)
        return ", ".join(part for part in parts if part)

    def syllables(self, text: str) -> Syllables:
        """The syllables of a text without word boundaries: every syllable begins a word."""
        found = [(begin, piece) for begin, _, pieces in self._read(text) for piece in pieces]
        pieces = [piece for _, piece in found]
        return Syllables(
            keys=[each.key for each in pieces],
            folded=[each.folded for each in pieces],
            surfaces=[each.surface for each in pieces],
            starts=[begin + piece.start for begin, piece in found],
            ends=[begin + piece.end for begin, piece in found],
            kinds=[each.kind for each in pieces],
            joined=[each.joined for each in pieces],
            word_starts=[True] * len(pieces),
        )

    def words(self, texts: Sequence[str]) -> list[Syllables]:
        """The syllables of texts, with the words that the segmenter finds in their normal forms."""
        from searchdb.analysis.vocabulary import Vocabulary  # noqa: PLC0415 - as numpy

        found = [self.syllables(text) for text in texts]
        for each, (_, starts) in zip(found, self.rows(texts, Vocabulary()), strict=True):
            each.word_starts = starts.tolist()
        return found

    def rows(
        self, texts: Sequence[str], vocabulary: Vocabulary, *, unmarked: Sequence[bool] = ()
    ) -> list[Row]:
        """What an index holds of texts, their syllables entered in a vocabulary as they come.

        `unmarked` says which texts are of documents written wholly without marks, and so have keys
        of their own; none are unless it is given.
        """
        from searchdb.analysis.places import Places  # noqa: PLC0415 - a question needs no numpy

        places = Places(vocabulary)
        given = zip(texts, unmarked or [False] * len(texts), strict=True)
        return [
            row
            for group in batches(given, lambda item: len(item[0]), TOGETHER)
            for row in self._rows([text for text, _ in group], places, [bare for _, bare in group])
        ]

    def tokens(self, text: str, *, offset: int = 0) -> list[Token]:
        """Tokens of a text that stands at `offset` of a document, each a word of its own."""
        return self._tokens(text, offset, 0)

    def _tokens(self, text: str, offset: int, position: int) -> list[Token]:
        """The same with the position of the first."""
        found: list[Token] = []
        known = self._known.get(text)
        at = position
        for place, stretch, pieces in self._read(text) if known is None else ((0, text, known),):
            begin = offset + place
            for start, end, _, key, folded, _, kind, _ in pieces:
                row = (stretch[start:end], begin + start, begin + end, kind, key, folded, at, at)
                found.append(_tuple(Token, row))
                at += 1
        return found

    def occurrences(self, text: str, keys: Collection[str], *, offset: int = 0) -> list[Token]:
        """Those of `tokens` that have one of these keys, as they are there; much faster."""
        return self._occurrences.find(text, keys, offset=offset)

    def analyze(self, text: str) -> list[Token]:
        """Tokens of a text with the words that the segmenter finds."""
        from searchdb.analysis.vocabulary import Vocabulary  # noqa: PLC0415 - as numpy

        ((_, starts),) = self.rows([text], Vocabulary())
        words = (starts.cumsum() - 1).tolist()
        return [
            token._replace(word=word) for token, word in zip(self.tokens(text), words, strict=True)
        ]

    def _read(self, text: str) -> Iterator[tuple[int, str, tuple[_Syllable, ...]]]:
        """The stretches of a text: where each begins, the stretch, its syllables."""
        known = self._known
        for match in _STRETCH.finditer(text):
            stretch = match[0]
            pieces = known.get(stretch)
            yield match.start(), stretch, self._learn(stretch) if pieces is None else pieces

    def _rows(self, texts: Sequence[str], places: Places, unmarked: Sequence[bool]) -> list[Row]:
        memory = self._memory()
        read = memory.read(texts)
        tokens = places.of(read, memory, unmarked)
        starts = self._word_starts(read)
        return [
            (tokens[begin:end], starts[begin:end]) for begin, end in pairwise(read.limits.tolist())
        ]

    def _word_starts(self, read: Read) -> NDArray[np.bool_]:
        """Whether each syllable (its place in the normal form) is in a new word."""
        import numpy as np  # noqa: PLC0415 - as above

        normal = read.normal
        if self.forms.capitals:
            normal = "\n".join([_in_lower_case(line) for line in normal.split("\n")])
        limits = read.begins.tolist()
        begins = self._segmenter.starts_all([normal[a : b - 1] for a, b in pairwise(limits)])
        rank = begins.searchsorted(read.places, side="right")
        starts = np.ones(rank.size, dtype=np.bool_)
        np.not_equal(rank[1:], rank[:-1], out=starts[1:])
        starts[read.limits[:-1][read.limits[:-1] < rank.size]] = True
        return starts

    def _memory(self) -> Memory:
        """What this thread remembers."""
        memory: Memory | None = getattr(self._own, "memory", None)
        if memory is None:
            from searchdb.analysis.stretches import Memory  # noqa: PLC0415 - as above

            memory = self._own.memory = Memory(self._entry)
        return memory

    def _entry(self, chunk: str) -> Entry:
        normal, pieces = _analyze(chunk, self.forms)
        return normal, [((each.key, each.folded, each.surface), each.place) for each in pieces]

    def _learn(self, chunk: str) -> tuple[_Syllable, ...]:
        """Analyze a stretch that is not remembered, and remember it if it is a usual one."""
        _, pieces = _analyze(chunk, self.forms)
        if len(chunk) <= _LONGEST_REMEMBERED:
            if len(self._known) >= _REMEMBERED:
                self._known.clear()
            self._known[chunk] = pieces
        return pieces


def _in_lower_case(line: str) -> str:
    """A line that is all capitals in lower case: pyvi finds 14 % fewer of its words as it is."""
    if not line.isupper():
        return line
    lower = line.lower()
    return lower if len(lower) == len(line) else line


def _analyze(chunk: str, forms: NormalForms) -> tuple[str, tuple[_Syllable, ...]]:
    normal = normalize(chunk, forms)
    pieces = codes.split(normal.text, forms)
    syllables: list[_Syllable] = []
    for index, piece in enumerate(pieces):
        key = piece.text if piece.number else fold.accented(piece.text, vowels=forms.vowels)
        start, end = normal.start(piece.start), normal.end(piece.end)
        follows = index + 1 < len(pieces) and pieces[index + 1].joined
        kind = "code" if piece.joined or follows else "number" if piece.number else "syllable"
        folded = key if piece.number else fold.fold(key)
        surface = unicodedata.normalize("NFC", chunk[start:end]).lower()
        syllables.append(
            _Syllable(start, end, piece.start, key, folded, surface, kind, piece.joined)
        )
    return normal.text, tuple(syllables)
