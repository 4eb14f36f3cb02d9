"""QUERIES AS WRITTEN -> QUERIES AS TYPED, and which half of a set a query belongs to.

Law: both depend on nothing but the query and its id, so that they come out the same everywhere.
"""

from __future__ import annotations

import hashlib
import re
import unicodedata
from typing import Literal

__all__ = ["ACCENTS", "Accents", "Half", "half_of", "without_accents"]

Accents = Literal["kept", "half", "none"]
Half = Literal["tune", "report"]

ACCENTS: tuple[Accents, ...] = ("kept", "half", "none")

_WORD = re.compile(r"\S+")
_STROKE = str.maketrans("đĐ", "dD")


def without_accents(query: str, accents: Accents) -> str:
    """The query with its accents kept, on every second word only, or nowhere; đ is d where not.

    Words are what white space parts; with `half` the second, fourth and so on lose their accents.
    """
    if accents == "kept":
        return query
    if accents == "none":
        return _bare(query)
    pieces: list[str] = []
    done = 0
    for place, word in enumerate(_WORD.finditer(query)):
        if place % 2:
            pieces += (query[done : word.start()], _bare(word[0]))
            done = word.end()
    return "".join(pieces) + query[done:]


def _bare(text: str) -> str:
    parts = unicodedata.normalize("NFD", text)
    kept = "".join(char for char in parts if not unicodedata.combining(char))
    return unicodedata.normalize("NFC", kept).translate(_STROKE)


def half_of(query_id: str) -> Half:
    """The half of a set that a query belongs to: constants are tuned on one, figures of the other.

    The last bit of the SHA-256 of the id in UTF-8: 0 is `tune`, 1 is `report`.
    """
    return "report" if hashlib.sha256(query_id.encode()).digest()[-1] & 1 else "tune"
