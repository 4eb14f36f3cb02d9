"""A normalized syllable in, the keys it is indexed under out.

The accented key is lower case with i and y merged where Vietnamese spelling has both; the folded
key has no marks and d for đ. Laws: folding is idempotent, and the fold of a key never depends on
the case or the composition of what was written.
"""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

__all__ = ["BARE", "accented", "bare", "fold", "is_unmarked", "marks"]

BARE = "~"
"""First character of the keys of documents written wholly without marks. There `duong` stands for
every accented form; in an accented document it is deliberate. No other key begins with it."""

# kỹ/kĩ, lý/lí, quý/quí: both spellings are taught. Only where the vowel stands alone after one of
# these onsets: tay is not tai, thúy is not thúi.
_IY = re.compile(r"([hklmst]|qu)([yýỳỷỹỵ])")
_MARK = re.compile("[\u00c0-\u024f\u0300-\u036f\u1e00-\u1eff]")
"""Letters beyond ASCII's in the Latin blocks, and marks on their own."""

_I_FOR_Y = str.maketrans("yýỳỷỹỵ", "iíìỉĩị")


@lru_cache(maxsize=65536)
def accented(syllable: str, *, vowels: bool = True) -> str:
    """The accented key of a syllable in normal form; `vowels` merges i and y."""
    lower = syllable.lower()
    found = _IY.fullmatch(lower) if vowels else None
    return found[1] + found[2].translate(_I_FOR_Y) if found else lower


@lru_cache(maxsize=65536)
def fold(key: str) -> str:
    """The folded key: no marks, d for đ, lower case."""
    decomposed = unicodedata.normalize("NFD", key.lower())
    kept = "".join(char for char in decomposed if not unicodedata.combining(char))
    return unicodedata.normalize("NFC", kept).replace("đ", "d").removeprefix(BARE)


def is_unmarked(text: str) -> bool:
    """Whether a text is written wholly without marks."""
    return text.isascii() or not _MARK.search(text)


def bare(key: str) -> str:
    """The key under which a wholly unmarked document keeps this (unmarked) key."""
    return BARE + key


def marks(key: str) -> tuple[str, ...]:
    """The marks of a key in a fixed order, `đ` as one, to tell whether a form adds to another.

    `tiêng` has the circumflex; `tiếng` has it and the acute.
    """
    decomposed = unicodedata.normalize("NFD", key)
    found = [char for char in decomposed if unicodedata.combining(char) or char == "đ"]
    return tuple(sorted(found))
