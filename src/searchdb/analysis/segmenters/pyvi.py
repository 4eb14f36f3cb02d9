"""NORMALIZED TEXT -> WORDS by pyvi's own model, and the only place that imports pyvi.

Importing pyvi costs about a second (it imports scikit-learn for a class it does not use), so that
happens when something is segmented for the first time and never for a query.
"""

from __future__ import annotations

import re
import threading
import warnings
from functools import cache
from importlib import metadata
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable

__all__ = ["PyviSegmenter", "tokenize"]

_LONGEST = 200
"""Characters without white space that pyvi may see at once: its pattern for host names needs time
quadratic in them (100 KB of `a.` took 21 s). Longer stretches are cut into runs of letters."""

_LONG = re.compile(rf"\S{{{_LONGEST + 1},}}")
_RUN = re.compile(r"\w+")
_LINES = 2000
"""Characters handed to pyvi at once: its features need time quadratic in a text's length (67 KB at
423 KB/s, 4.2 MB at 21 KB/s). Texts are cut at line ends, which are tokens to pyvi anyway, or at
white space."""

_lock = threading.Lock()


@cache
def _tokenizer() -> Any:  # noqa: ANN401 - pyvi has no types
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        from pyvi import ViTokenizer  # noqa: PLC0415
    return ViTokenizer


def tokenize(text: str) -> str:
    """What `pyvi.ViTokenizer.tokenize(text)` returns, string for string."""
    with _lock:  # python-crfsuite's tagger keeps the sentence it works on
        return str(_tokenizer().tokenize(text))


class PyviSegmenter:
    """Words as pyvi glues them. Loads pyvi when it segments for the first time."""

    @property
    def name(self) -> str:
        """`pyvi` and the version installed."""
        return f"pyvi {metadata.version('pyvi')}"

    def segment(self, text: str) -> list[tuple[int, int]]:
        """Words and other tokens; punctuation that pyvi keeps as a token has a span too."""
        spans: list[tuple[int, int]] = []
        for start, end in _parts(text):
            part = text[start:end]
            find = _runs if _LONG.fullmatch(part) else _words
            spans.extend((start + begin, start + stop) for begin, stop in find(part, tokenize))
        return spans


def _parts(text: str) -> list[tuple[int, int]]:
    """Cut a text so that no part is long, and over-long stretches stand alone."""
    parts: list[tuple[int, int]] = []
    start = last = 0
    for match in re.finditer(r"\S+", text):
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


def _runs(part: str, _: Callable[[str], str]) -> list[tuple[int, int]]:
    return [match.span() for match in _RUN.finditer(part)]


def _words(part: str, tokenizer: Callable[[str], str]) -> list[tuple[int, int]]:
    """The spans of pyvi's words, found by walking its output along the text.

    A word's `_` is a join where the text has white space or another character there, and a
    literal one where the text has it too, or where it begins the word or follows a join.
    """
    if not part.strip():
        return []
    spans: list[tuple[int, int]] = []
    place = 0
    for word in tokenizer(part).split(" "):
        start = -1
        joined = True
        for char in word:
            if char == "_" and not joined and part[place : place + 1] != "_":
                joined = True
                continue
            if char == "\n":
                place, joined = part.index("\n", place) + 1, False
                continue
            while part[place].isspace():
                place += 1
            start = place if start < 0 else start
            joined = False
            place += 1
        if start >= 0:
            spans.append((start, place))
    return spans
