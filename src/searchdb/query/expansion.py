"""Other ways to write a stretch of the query, and what rooms that look for them share.

Law: what was typed is always the first way to write it and never among the alternatives; an
alternative is made of accented keys that stand at consecutive positions, each meant exactly. One
that would mean something else by itself (`11` for `XI`) counts only behind what was typed before.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from searchdb.analysis import fold
from searchdb.analysis.normalize import normalize

if TYPE_CHECKING:
    from searchdb.analysis.analyzer import Syllables

__all__ = ["Expansion", "answers", "ties"]


@dataclass(frozen=True, slots=True)
class Expansion:
    """Syllables `[start, end)` of a run may also be written as any of `alternatives`, best first.

    Each of `led` counts only right behind the `lead` syllables typed before it (`khóa 11`), or,
    where that is 0, behind the word of several syllables typed before it (`bệnh viện TƯ`). The
    expansions of one run are in order and disjoint.
    """

    start: int
    end: int
    alternatives: tuple[tuple[str, ...], ...]
    led: tuple[tuple[str, ...], ...] = ()
    lead: int = 0


def answers(typed: str, key: str) -> bool:
    """Whether a typed key may stand for `key`: it is the same, or the same typed without marks."""
    return typed in (key, fold.fold(key))


def ties(text: str, found: Syllables) -> list[str | None]:
    """What holds each syllable to the one before it, in normal form; None where nothing does.

    `found` are the syllables of `text`. The tie of `4` in TW4 is empty.
    """
    return [
        normalize(text[found.ends[place - 1] : start]).text if joined else None
        for place, (start, joined) in enumerate(zip(found.starts, found.joined, strict=True))
    ]
