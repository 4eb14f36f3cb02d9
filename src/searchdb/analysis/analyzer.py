"""Text in, tokens with exact offsets out: the road normalize -> segment -> fold in one place.

Works stretch by stretch between white space and remembers what it found for each stretch, for
running text repeats itself. Law: cutting a text into syllables never depends on the segmenter,
which only says where words begin; so a query and a highlight need no segmenter at all.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from typing import TYPE_CHECKING

from searchdb.analysis import codes, fold
from searchdb.analysis.forms import ALL, NormalForms
from searchdb.analysis.normalize import normalize
from searchdb.model import Token

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from searchdb.analysis.segmenters import Segmenter

__all__ = ["Analyzer", "Syllables"]

_LINE = re.compile(r"[^\n]+")
_STRETCH = re.compile(r"\S{1,1024}")
"""Longer stretches are cut: normalizing takes time quadratic in the marks piled on one letter."""

_REMEMBERED = 1 << 17
"""Stretches kept; 30,000 news articles hold about four times as many, most of them seen once."""
_LONGEST_REMEMBERED = 64
_VERSION = "1"
"""Raised with every change of the keys or positions that this room gives a text."""


@dataclass(frozen=True, slots=True)
class _Syllable:
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


class Analyzer:
    """What makes tokens of text. Safe to use from several threads."""

    def __init__(self, segmenter: Segmenter, forms: NormalForms = ALL) -> None:
        self._segmenter = segmenter
        self.forms = forms
        self._known: dict[str, tuple[str, tuple[_Syllable, ...]]] = {}

    @property
    def fingerprint(self) -> str:
        """Names everything that decides which tokens a text has; kept in the manifest."""
        parts = (f"analysis {_VERSION}", self._segmenter.name, self.forms.fingerprint)
        return ", ".join(part for part in parts if part)

    def syllables(self, text: str) -> Syllables:
        """The syllables of a text without word boundaries: every syllable begins a word."""
        found, _, _ = self._read(text, normal=False)
        return found

    def words(self, texts: Sequence[str]) -> list[Syllables]:
        """The syllables of texts, with the words that the segmenter finds in their normal forms."""
        read = [self._read(text, normal=True) for text in texts]
        normals = [normal for _, normal, _ in read]
        if self.forms.capitals:
            normals = [_LINE.sub(_in_lower_case, normal) for normal in normals]
        spans = self._segmenter.segment_all(normals)
        for (found, _, places), each in zip(read, spans, strict=True):
            found.word_starts = _word_starts(places, each)
        return [found for found, _, _ in read]

    def tokens(self, text: str, *, offset: int = 0) -> list[Token]:
        """Tokens of a text that stands at `offset` of a document; needs no segmenter."""
        return _tokens(text, self.syllables(text), offset)

    def analyze(self, text: str) -> list[Token]:
        """Tokens of a text with the words that the segmenter finds."""
        return _tokens(text, self.words([text])[0], 0)

    def _read(self, text: str, *, normal: bool) -> tuple[Syllables, str, list[int]]:
        found = Syllables([], [], [], [], [], [], [], [])
        parts: list[str] = []
        places: list[int] = []
        length = done = 0
        for match in _STRETCH.finditer(text):
            chunk = match[0]
            begin = match.start()
            normalized, pieces = self._known.get(chunk) or self._learn(chunk)
            if normal:
                parts += (text[done:begin], normalized)
                length += begin - done
                done = match.end()
            for piece in pieces:
                found.keys.append(piece.key)
                found.folded.append(piece.folded)
                found.surfaces.append(piece.surface)
                found.starts.append(begin + piece.start)
                found.ends.append(begin + piece.end)
                found.kinds.append(piece.kind)
                found.joined.append(piece.joined)
                places.append(length + piece.place)
            length += len(normalized)
        found.word_starts = [True] * len(found.keys)
        return found, "".join(parts), places

    def _learn(self, chunk: str) -> tuple[str, tuple[_Syllable, ...]]:
        """Analyze a stretch that is not remembered, and remember it if it is a usual one."""
        entry = _analyze(chunk, self.forms)
        if len(chunk) <= _LONGEST_REMEMBERED:
            if len(self._known) >= _REMEMBERED:
                self._known.clear()
            self._known[chunk] = entry
        return entry


def _in_lower_case(line: re.Match[str]) -> str:
    """A line that is all capitals in lower case: pyvi finds 14 % fewer of its words as it is."""
    lower = line[0].lower() if line[0].isupper() else line[0]
    return lower if len(lower) == len(line[0]) else line[0]


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


def _word_starts(places: list[int], spans: list[tuple[int, int]]) -> list[bool]:
    """Whether each syllable (its place in the normal form) is in a new word."""
    starts: list[bool] = []
    span = -1
    for place in places:
        before = span
        while span + 1 < len(spans) and spans[span + 1][0] <= place:
            span += 1
        starts.append(span != before or not starts)
    return starts


def _tokens(text: str, found: Syllables, offset: int) -> list[Token]:
    return list(_each_token(text, found, offset))


def _each_token(text: str, found: Syllables, offset: int) -> Iterator[Token]:
    word = -1
    for position, key in enumerate(found.keys):
        start, end = found.starts[position], found.ends[position]
        word += found.word_starts[position]
        yield Token(
            text=text[start:end],
            start=offset + start,
            end=offset + end,
            kind=found.kinds[position],
            key=key,
            folded=found.folded[position],
            position=position,
            word=word,
        )
