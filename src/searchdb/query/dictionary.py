"""PYVI'S LIST OF WORDS -> which words the language has, whatever a collection holds.

A collection cannot tell a slip (`tiêng`) from a word that it does not use (`nhân`); a dictionary
can. The list has some 30,000 words and is read when it is first needed, in about 20 ms. Law: only
a question about marks comes here, so an installation without the list answers all the others alike.
"""

from __future__ import annotations

import re
from functools import cached_property, lru_cache

from searchdb.analysis import fold
from searchdb.analysis.segmenters import files

__all__ = ["Dictionary", "load"]

_IN_Y = re.compile(r"\b(?:[hklmst]|qu)[yýỳỷỹỵ]\b")
"""Syllables that the accented key may write with i."""


class Dictionary:
    """Words as accented keys with spaces between them, and the syllables of which they are made."""

    def __init__(self, lines: str) -> None:
        self._lines = _IN_Y.sub(lambda found: fold.accented(found[0]), lines.lower())

    @cached_property
    def words(self) -> frozenset[str]:
        """The words, of one syllable or several."""
        return frozenset(self._lines.split("\n"))

    @cached_property
    def syllables(self) -> frozenset[str]:
        """What stands in any of the words, more than is a word by itself."""
        return frozenset(self._lines.split())


@lru_cache(maxsize=1)
def load() -> Dictionary:
    """The words that pyvi ships, none where it ships no list that can be read."""
    folder = files.find()
    try:
        return Dictionary((folder / "words.txt").read_text("utf-8") if folder else "")
    except (OSError, ValueError):
        return Dictionary("")
