"""TOKENS -> RUNS TO MARK, each the first and the last token of one range.

The tokens are those of a text whose key was asked for; their positions tell which are neighbors. A
token answers some of the bits that were asked for; bit-parallel matching (Baeza-Yates and Gonnet,
"A new approach to text searching", 1992) finds every way to write every unit at once, so the time
is linear in the tokens whatever they repeat. Law: runs are in order and disjoint.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise

from searchdb.model import Token
from searchdb.snippets.units import Wanted

__all__ = ["Run", "runs"]

Run = tuple[int, int]
"""First and last token of one range."""

_JOINT = re.compile(r"[\s/\-\u2010-\u2015]*")
"""What may stand between two neighbors of the query marked as one: white space, dashes, slashes."""

_TELLING = 3
"""Digits of a number that says something alone: a year does, the number of a month does not."""

_BLANK_LINE = 2
"""Line ends that part paragraphs, and words that stand on either side of them."""


@dataclass(frozen=True, slots=True)
class _Asked:
    """Of each token the bits that it could answer by its key alone, and whether it `follows`.

    That is to stand right after the one before it. The lists run in step.
    """

    rows: list[int]
    follows: list[bool]


def runs(text: str, tokens: Sequence[Token], wanted: Wanted, *, title: bool) -> list[Run]:
    """What to mark in a passage, or in a title.

    A unit of several syllables is marked where they stand at consecutive positions of one
    paragraph. Where the tokens hold it nowhere, in none of its ways, what was typed of it is marked
    as far as it stands together, and apart if there is nothing else to mark: words first, then
    digits and pieces of codes, then what only another way has; never in a title. Units that are
    neighbors in the query and in the text, with white space, dashes or slashes between them, are
    one range.
    """
    if not tokens:
        return []
    asked = _asked(text, tokens, wanted, title=title)
    marks = _answered(asked, wanted.first, wanted.last)
    apart = _apart(wanted, marks)
    if apart:
        marks = _answered(asked, wanted.first | apart, wanted.last | apart)
    if not any(marks):
        apart = wanted.evidence
        marks = _answered(asked, wanted.first | apart, wanted.last | apart)
    found: list[Run] = []
    lone: set[Run] = set()
    for place, mark in enumerate(marks):
        if not mark:
            continue
        joined = asked.follows[place] and _joined(wanted, marks[place - 1], mark, apart)
        if joined is None:
            gap = tokens[place - 1].end, tokens[place].start
            joined = _JOINT.fullmatch(text, *gap) is not None
        if joined:
            lone.discard(found[-1])
            found[-1] = (found[-1][0], place)
        else:
            found.append((place, place))
            if not mark & ~apart:
                lone.add((place, place))
    if title or len(lone) < len(found):
        return [run for run in found if run not in lone] if lone else found
    return [run for run in found if _speaks(tokens[run[0]])] or found


def _asked(text: str, tokens: Sequence[Token], wanted: Wanted, *, title: bool) -> _Asked:
    slots, hidden = wanted.slots, 0 if title else wanted.title
    rows = [slots[token.key] & ~hidden for token in tokens]
    follows = [False] * len(tokens)
    for place, (before, token) in enumerate(pairwise(tokens), start=1):
        if token.position == before.position + 1:
            gap = before.end, token.start
            near = gap[1] - gap[0] < _BLANK_LINE or text.count("\n", *gap) < _BLANK_LINE
            follows[place] = near
    return _Asked(rows, follows)


def _answered(asked: _Asked, first: int, last: int) -> list[int]:
    """For each token the bits it answers as part of a whole way."""
    marks: list[int] = []
    reached = 0
    for row, follows in zip(asked.rows, asked.follows, strict=True):
        reached = ((reached & ~last) << 1 | first) & row if follows else first & row
        marks.append(reached)
    completed = 0
    for index in range(len(marks) - 1, -1, -1):
        completed = marks[index] & (last | (completed & ~first) >> 1)
        marks[index] = completed
        if not asked.follows[index]:
            completed = 0
    return marks


def _apart(wanted: Wanted, marks: Iterable[int]) -> int:
    """The bits that may be marked apart: of units that no way answers whole."""
    found = 0
    for mark in marks:
        found |= mark
    apart = 0
    for part, unit in wanted.parts:
        if not unit & found:
            apart |= part
    return apart


def _joined(wanted: Wanted, before: int, mark: int, apart: int) -> bool | None:
    """Whether a token marked `mark` is one range with the one before it, marked `before`.

    None says that it is if nothing but a joint stands between them.
    """
    inner = before & ~wanted.last
    if inner & ~apart:
        return True
    if inner << 1 & mark:
        return None
    ends = before & wanted.last
    while ends:
        bit = ends & -ends
        if wanted.following.get(bit, 0) & mark:
            return None
        ends ^= bit
    return False


def _speaks(token: Token) -> bool:
    """Whether a syllable of a unit says something alone: a piece of a code does not."""
    if token.kind == "number":
        return len(token.key) >= _TELLING
    return token.kind == "syllable" and len(token.folded) > 1
