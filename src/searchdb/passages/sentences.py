"""A slice of text in, the places where its sentences end out.

Law: never inside a number, and never after an abbreviation ("TP. Đồng Xoài", "T.Ư", "ThS. Lan").
"""

from __future__ import annotations

import re
from collections.abc import Iterator

__all__ = ["sentence_ends"]

_END = re.compile(r"[.!?…][\"”’»)\]]{0,3}(?=\s)")
_BLANKS = re.compile(r"\s{0,20}")

_PLACES = {"tp", "tx", "tt", "q", "p", "h", "x", "kp"}
_PEOPLE = {"gs", "pgs", "ts", "ths", "bs", "bsck", "ks", "cn", "ncs", "ds", "ls", "đ/c", "đc"}
_FOREIGN = {"mr", "mrs", "ms", "dr", "st", "no", "vol"}
_NUMERAL = re.compile("[IVXLC]+")
_SHORT = _PLACES | _PEOPLE | _FOREIGN | {"nxb", "tr", "vd"}
"""Abbreviations written with a full stop, folded to lower case."""

_REACH = 12
"""How far back the word before a full stop is looked for."""


def sentence_ends(text: str, start: int, end: int) -> Iterator[int]:
    """The offsets in `(start, end]` right behind the last sign of a sentence.

    A full stop that nothing follows within the slice is not told: the caller knows the end.
    """
    for found in _END.finditer(text, start, end):
        if text[found.start()] != "." or _closes(text, found.start(), found.end()):
            after = _after(text, found.end())
            if not after.islower():
                yield found.end()


def _closes(text: str, stop: int, end: int) -> bool:
    """Whether the full stop at `stop` ends a sentence, judged by the word before it."""
    before = text[max(0, stop - _REACH) : stop].split()
    word = before[-1].lstrip("(“\"'[") if before and not text[stop - 1].isspace() else ""
    if word.isdigit():
        return len(word) > 2 and not _after(text, end).isdigit()  # noqa: PLR2004 - "Điều 12. Tên"
    numeral = _NUMERAL.fullmatch(word) is not None
    initial = len(word) == 1 and word.isupper()
    dotted = "." in word.strip(".")
    return not (numeral or initial or dotted or word.lower() in _SHORT)


def _after(text: str, end: int) -> str:
    """The first character behind the white space at `end`."""
    found = _BLANKS.match(text, end)
    following = found.end() if found else end
    return text[following : following + 1]
