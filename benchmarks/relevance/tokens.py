"""TEXT -> TOKENS, as a peer gets them: accented syllables, folded syllables, words of pyvi.

Composed, lower-case runs of letters and digits. Words come from searchdb's evaluation of pyvi's
model, which gives pyvi's own output, string for string, in less time.
"""

from __future__ import annotations

import re
import unicodedata
from itertools import pairwise

from searchdb.analysis.segmenters.pyvi import tokenize
from searchdb.evaluation import without_accents

__all__ = ["accented", "bigrams", "composed", "folded", "stroke_less", "words"]

_RUN = re.compile(r"\w+")
_STROKE = str.maketrans("đĐ", "dD")


def composed(text: str) -> str:
    """The text in NFC."""
    return unicodedata.normalize("NFC", text)


def stroke_less(text: str) -> str:
    """The text in NFC with d for đ, which is no mark to engines that fold marks only."""
    return composed(text).translate(_STROKE)


def accented(text: str) -> list[str]:
    """Syllables, numbers and other runs of letters, marks kept."""
    return _RUN.findall(composed(text).lower())


def folded(text: str) -> list[str]:
    """The same without marks, d for đ."""
    return _RUN.findall(without_accents(text, "none").lower())


def words(text: str) -> list[str]:
    """The words that pyvi finds, joined by underscores, signs left out."""
    return [word for word in tokenize(text).lower().split() if _RUN.search(word)]


def bigrams(tokens: list[str]) -> list[str]:
    """Each token with the one behind it."""
    return [f"{one} {other}" for one, other in pairwise(tokens)]
