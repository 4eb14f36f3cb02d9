"""A sentence of the library, of Typer or of the system in, the same in the caller's language out.

The library speaks English, to programs too; a message catalog after the manner of gettext, by
whole sentences with places for values, makes it Vietnamese for people. Laws: what the catalog does
not know stays as it is; time is linear in the length of the sentence.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from functools import cache

from searchdb.cli.messages import Language, punctuated
from searchdb.cli.sentences import VIETNAMESE

__all__ = ["worded"]

_ENGLISH: Mapping[str, str] = {
    sentence: sentence.replace(python, "")
    for python in (" or create=True", " (in Python discard=True)")
    for sentence in VIETNAMESE
    if python in sentence
}
"""Sentences that speak to programs too, as people at a command line want them."""

_SPOKEN = frozenset({"reason", "kind", "holder", "some", "of", "then"})
"""Places whose values are sentences and words of ours again."""

_COUNTED = frozenset({"count", "least", "limit", "most", "size"})
"""Places whose values are numbers that the library counted; a name may look like one."""

_LONGEST = 2000
"""Characters of a sentence that is looked up; longer ones quote something."""

_MOST_NAMES = 20
"""Colons that the name of a file before a sentence may hold."""

_DEEPEST = 4
"""Sentences within sentences."""

_PLACE = re.compile(r"\{(\w+)\}")
_NUMBER = re.compile(r"[0-9]{1,3}(?:,[0-9]{3})*(?:\.[0-9]+)?")


def worded(sentence: str, lang: Language) -> str:
    """The sentence, or the one behind the name of a file or a setting and a colon."""
    return _worded(sentence, lang, depth=_DEEPEST)


def _worded(sentence: str, lang: Language, *, depth: int) -> str:
    catalog = VIETNAMESE if lang == "vi" else _ENGLISH
    if len(sentence) > _LONGEST or not depth:
        return sentence
    for place, rest in _endings(sentence):
        for pattern, translation in catalog.items():
            found = _values(pattern, rest)
            if found is not None:
                spoken = {
                    name: _value(name, value, lang, depth=depth - 1)
                    for name, value in found.items()
                }
                return place + translation.format(**spoken)
    return sentence


def _value(name: str, value: str, lang: Language, *, depth: int) -> str:
    """What stands in a place, as the language has it."""
    if name in _SPOKEN:
        return _worded(value, lang, depth=depth)
    if name in _COUNTED and _NUMBER.fullmatch(value):
        return punctuated(value, lang)
    return value


def _endings(sentence: str) -> Iterator[tuple[str, str]]:
    """The sentence whole, then each way to take a name and a colon off it."""
    yield "", sentence
    at = 0
    for _ in range(_MOST_NAMES):
        at = sentence.find(": ", at) + 2
        if at < 2:  # noqa: PLR2004 - there was none
            return
        yield sentence[:at], sentence[at:]


@cache
def _pieces(pattern: str) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """What a pattern says around its places, and their names."""
    split = _PLACE.split(pattern)
    return tuple(split[::2]), tuple(split[1::2])


def _values(pattern: str, sentence: str) -> dict[str, str] | None:
    """The values in the places of a pattern, each as short as can be; None if it does not fit."""
    (first, *between), names = _pieces(pattern)
    if not between:
        return {} if sentence == first else None
    last = between.pop()
    if not sentence.startswith(first) or not sentence.endswith(last):
        return None
    at, end = len(first), len(sentence) - len(last)
    values = []
    for piece in between:
        start = sentence.find(piece, at, end)
        if start < at:
            return None
        values.append(sentence[at:start])
        at = start + len(piece)
    if at > end:
        return None
    return dict(zip(names, [*values, sentence[at:end]], strict=True))
