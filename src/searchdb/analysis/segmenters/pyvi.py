"""NORMALIZED TEXT -> WORDS by pyvi's model and rules, and the only place that imports pyvi.

The model is evaluated here, from the data the installed pyvi ships and with numpy alone: the words
are exactly those of pyvi 0.1.1, 6 to 40 times faster (docs/performance.md) and in time linear in
the text, without the second that importing pyvi costs. Where pyvi ships other data its own code is
called, and the segmenter's name says so.

Laws: the same words whatever was segmented before, in whichever thread, alone or with other texts;
no text makes it fail.
"""

from __future__ import annotations

import re
import threading
import warnings
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from functools import cache
from typing import TYPE_CHECKING, Any

from searchdb.analysis.batches import TOGETHER, batches
from searchdb.analysis.segmenters import crf, files, tokens

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from searchdb.analysis.segmenters.memory import Memory, Read, Seeds
    from searchdb.analysis.segmenters.tables import Tables

__all__ = ["PyviSegmenter", "tokenize"]

_STRETCH = re.compile(r"\S+")
_MARGIN = 1e-9
"""The least difference of two sums that decides. Sums of about 20 weights below 9 are wrong by less
than 1e-13; the paths of long texts are accounted for apart (`decide`)."""


def tokenize(text: str) -> str:
    """What `pyvi.ViTokenizer.tokenize(text)` returns, string for string.

    Halves of characters (lone surrogates), which make pyvi raise, are tokens like any sign.
    """
    model = _model()
    return _own_tokenize(text) if model is None else model.tokenize(text)


class PyviSegmenter:
    """Words as pyvi joins them. Loads the model when it segments for the first time."""

    @property
    def name(self) -> str:
        """The release of pyvi whose words these are; part of the fingerprint of an index."""
        if not _recognized():
            from importlib import metadata  # noqa: PLC0415 - as rarely needed

            return f"pyvi {metadata.version('pyvi')} (its own code)"
        return f"pyvi {files.RELEASE}"

    def segment(self, text: str) -> list[tuple[int, int]]:
        """Words and other tokens; punctuation that pyvi keeps as a token has a span too."""
        return self.segment_all([text])[0]

    def segment_all(self, texts: Sequence[str]) -> list[list[tuple[int, int]]]:
        """The same for each of many texts, two or three times faster than one by one."""
        model = _model()
        if model is None:
            return [_own_segment(text) for text in texts]
        return [spans for group in batches(texts, len, TOGETHER) for spans in model.segment(group)]

    def starts_all(self, texts: Sequence[str]) -> NDArray[np.int64]:
        """Where they begin in the texts joined by line feeds; cheaper than spans."""
        import numpy as np  # noqa: PLC0415 - a question needs no words

        model = _model()
        found: list[NDArray[np.int64]] = []
        done = 0
        for group in batches(texts, len, TOGETHER):
            if model is None:
                found.append(np.array(_own_starts(group), dtype=np.int64) + done)
            else:
                found.append(model.starts(group) + done)
            done += sum(map(len, group)) + len(group)
        return np.concatenate(found) if found else np.zeros(0, dtype=np.int64)


@cache
def _recognized() -> bool:
    return files.recognized(files.find())


@cache
def _files() -> files.Files | None:
    return files.read(files.find())


@cache
def _model() -> _Model | None:
    """The model, or None where pyvi ships other data than is known here."""
    found = _files()
    if found is None:
        return None
    from searchdb.analysis.segmenters import memory, tables  # noqa: PLC0415 - they import numpy

    built = tables.build(crf.read(found.model), found.words)
    return _Model(found, built, memory.seeds(built.spellings))


@dataclass(frozen=True, slots=True)
class _Model:
    """What all threads read, and what each has for itself."""

    files: files.Files
    tables: Tables
    seeds: Seeds
    margin: float = _MARGIN
    own: threading.local = field(default_factory=threading.local)

    def segment(self, texts: Sequence[str]) -> list[list[tuple[int, int]]]:
        from searchdb.analysis.segmenters import words  # noqa: PLC0415 - imports numpy

        read = self.memory().read(texts)
        return words.spans(read, self.joined(read, texts))

    def starts(self, texts: Sequence[str]) -> NDArray[np.int64]:
        from searchdb.analysis.segmenters import words  # noqa: PLC0415 - imports numpy

        read = self.memory().read(texts)
        return words.starts(read, self.joined(read, texts))

    def tokenize(self, text: str) -> str:
        from searchdb.analysis.segmenters import words  # noqa: PLC0415 - imports numpy

        read = self.memory().read([text])
        if not read.composed:
            composed = _STRETCH.sub(lambda stretch: tokens.nfc(stretch[0]), text)
            read = self.memory().read([composed])
        if read.codes.size == read.edges.size:
            return text
        return words.printed(read, self.joined(read, [text]))

    def memory(self) -> Memory:
        """What this thread remembers."""
        from searchdb.analysis.segmenters.memory import Memory  # noqa: PLC0415 - as above

        own: Memory | None = getattr(self.own, "memory", None)
        if own is None:
            own = self.own.memory = Memory(self.seeds)
        return own

    def joined(self, read: Read, texts: Sequence[str]) -> NDArray[np.bool_]:
        """Whether each token of the texts is joined to the one before; texts in doubt are asked."""
        import numpy as np  # noqa: PLC0415 - a question needs no words

        from searchdb.analysis.segmenters import decide  # noqa: PLC0415 - as above

        joined, doubts = decide.joined(self.tables, read.codes, margin=self.margin)
        if not doubts:
            return joined
        for index in np.unique(np.searchsorted(read.edges, doubts)).tolist():
            of = slice(read.edges[index - 1], read.edges[index])
            inside = np.array([False, *self.labels(texts[index - 1])])
            joined[of] = decide.bound(read.codes[of], inside)
        return joined

    def labels(self, text: str) -> list[bool]:
        """What crfsuite itself says of the tokens of a text."""
        stretches = re.findall(r"\S+|\n", text)
        names = [name for stretch in stretches for name in _names(stretch)]
        return crf.labels(self.files.model, names, frozenset(self.files.words.split("\n")))


def _names(stretch: str) -> list[str]:
    return [stretch] if stretch == "\n" else tokens.cut(tokens.nfc(stretch))


# From here on: pyvi's own code, for data that is not known here.

_LONGEST = 200
"""Characters without white space that pyvi may see at once: its pattern for host names needs time
quadratic in them (100 KB of `a.` took 21 s). Longer stretches are cut into runs of letters."""
_LONG = re.compile(rf"\S{{{_LONGEST + 1},}}")
_RUN = re.compile(r"\w+")
_LINES = 2000
"""Characters handed to pyvi at once: its features need time quadratic in a text's length (67 KB at
423 KB/s, 4.2 MB at 21 KB/s). Texts are cut at line ends, which are tokens to pyvi anyway, or at
white space."""
_HALVES = re.compile("[\ud800-\udfff]")
_lock = threading.Lock()


@cache
def _own() -> Any:  # noqa: ANN401 - pyvi has no types
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        from pyvi import ViTokenizer  # noqa: PLC0415 - a second, for unknown data only
    return ViTokenizer


def _own_tokenize(text: str) -> str:
    whole = _HALVES.sub("\ufffd", text)
    with _lock:  # python-crfsuite's tagger keeps the sentence it works on
        return str(_own().tokenize(whole))


def _own_segment(text: str) -> list[tuple[int, int]]:
    spans: list[tuple[int, int]] = []
    for start, end in _parts(text):
        part = text[start:end]
        found = _runs(part) if _LONG.fullmatch(part) else _words(part)
        spans.extend((start + begin, start + stop) for begin, stop in found)
    return spans


def _own_starts(texts: Sequence[str]) -> list[int]:
    starts: list[int] = []
    done = 0
    for text in texts:
        starts.extend(done + start for start, _ in _own_segment(text))
        done += len(text) + 1
    return starts


def _parts(text: str) -> list[tuple[int, int]]:
    """Cut a text so that no part is long, and over-long stretches stand alone."""
    parts: list[tuple[int, int]] = []
    start = last = 0
    for match in _STRETCH.finditer(text):
        begin, end = match.span()
        if end - begin > _LONGEST:
            parts += [(start, begin), (begin, end)]
            start = end
        elif end - start > _LINES:
            parts.append((start, last))
            start = begin
        last = end
    parts.append((start, len(text)))
    return [(begin, end) for begin, end in parts if begin < end]


def _runs(part: str) -> list[tuple[int, int]]:
    return [match.span() for match in _RUN.finditer(part)]


def _words(part: str) -> list[tuple[int, int]]:
    """The spans of pyvi's words, found by walking its output along the text.

    A word's `_` is a join where the text has white space or another character there, and a
    literal one where the text has it too.
    """
    if not part.strip():
        return []
    composed = tokens.nfc(part)
    found = list(_walk(composed, _own_tokenize(composed)))
    if composed == part:
        return found
    came = tokens.origins(part)
    ends = [came[end - 1][1] for _, end in found]
    starts = [max(came[start][0], end) for (start, _), end in zip(found, [0, *ends], strict=False)]
    return [(start, end) for start, end in zip(starts, ends, strict=True) if start < end]


def _walk(text: str, printed: str) -> Iterator[tuple[int, int]]:
    place = 0
    for word in printed.split(" "):
        start = end = -1
        place = _past_blanks(text, place)
        for char in word:
            if char == "_" and text[place : place + 1] != "_":
                place = _past_blanks(text, place)
                continue
            place += 1
            if char != "\n":
                start = place - 1 if start < 0 else start
                end = place
        if start >= 0:
            yield start, end


def _past_blanks(text: str, place: int) -> int:
    """Line feeds stay: they are tokens."""
    while place < len(text) and text[place].isspace() and text[place] != "\n":
        place += 1
    return place
