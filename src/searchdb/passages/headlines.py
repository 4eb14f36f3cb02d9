"""The first lines of a document in, its title and the lines that show it out.

Law: a line that reads like running text is never taken for a title.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import takewhile

from searchdb.passages.furniture import HEAD, PageLines
from searchdb.passages.headings import is_caption
from searchdb.passages.lines import Line, is_separate
from searchdb.passages.sentences import sentence_ends

__all__ = ["Headline", "find_headline", "shown_title"]

_LONGEST = 250
"""Characters of a title."""

_LABEL = 40
"""Characters of the name of a section that stands above a title."""

_ROWS = 4
"""Lines that one title may be spread over."""

_ITEM = re.compile(r"[-+*>] ?|\d{1,3}[.)] |[a-z][.)] ")
_MARK = re.compile(r"#{1,6}\s+")
_LETTERS = re.compile(r"[^\W\d_]{2}")


@dataclass(frozen=True, slots=True)
class Headline:
    """The title found, and the numbers of the lines that it was found in."""

    title: str
    numbers: frozenset[int]


def find_headline(text: str, lines: Sequence[Line], page: PageLines) -> Headline:
    """Look for a title on top of the text; an empty one where there is none.

    The first line of text that reads like a headline is the title. Above a publication line it
    may be the name of a section instead, when a better line follows before the publication.
    """
    body = [number for number in range(len(lines)) if number not in page.numbers]
    if len(body) < 2 or body[0] >= HEAD:  # noqa: PLR2004 - a title needs a text
        return Headline("", frozenset())
    stamp = next((number for number in page.stamps if number > body[0]), 0)
    top = [number for number in body if number < stamp] or body[:1]
    rows = list(takewhile(lambda number: _is_headline(text, lines, number, stamp), top))
    if not rows:
        return Headline("", frozenset())
    best = rows[0]
    for number in rows[1:]:
        if _is_label(text, lines[best], lines[number]):
            best = number
    title = _MARK.sub("", text[lines[best].start : lines[best].end], count=1)
    return Headline(" ".join(title.split()), frozenset(rows[: rows.index(best) + 1]))


def shown_title(text: str, lines: Sequence[Line], title: str) -> frozenset[int]:
    """The lines near the top that repeat the title, which is shown on its own."""
    wanted = _plain(title)
    shown: set[int] = set()
    if not wanted or len(title) > 2 * _LONGEST:
        return frozenset()
    for first in range(min(HEAD, len(lines))):
        for last in range(first, min(first + _ROWS, len(lines))):
            start, end = lines[first].start, lines[last].end
            if end - start <= 3 * _LONGEST and _plain(text[start:end]) == wanted:
                shown.update(range(first, last + 1))
    return frozenset(shown)


def _is_headline(text: str, lines: Sequence[Line], number: int, stamp: int) -> bool:
    """Whether the line reads like a title; `stamp` is the publication line below, or 0."""
    if number + 1 == stamp:
        return _is_short(text, lines[number], ends=",;:")
    if number + 1 == len(lines) or not _is_short(text, lines[number], ends=".,;:"):
        return False
    if number < stamp <= number + _ROWS and _is_short(text, lines[number + 1], ends=",;:"):
        return True
    return is_separate(lines[number], lines[number + 1])


def _is_short(text: str, line: Line, *, ends: str) -> bool:
    """Whether the line is one short phrase that ends in none of `ends` (but may in "...")."""
    written = text[line.start : line.end]
    return (
        len(line) <= _LONGEST
        and _LETTERS.search(written) is not None
        and (written.endswith("...") or written[-1] not in ends)
        and _ITEM.match(line.key) is None
        and not is_caption(written)
        and not any(sentence_ends(text, line.start, line.end))
    )


def _is_label(text: str, line: Line, better: Line) -> bool:
    """Whether the line only names a section, next to a better line."""
    capitals = text[line.start : line.end].isupper()
    if capitals and not text[better.start : better.end].isupper():
        return True
    return len(line) <= _LABEL and len(better) > len(line)


def _plain(title: str) -> str:
    """A title without regard to case, white space, signs around it and ways to write a letter."""
    return " ".join(unicodedata.normalize("NFC", title).casefold().split()).strip(" .,;:!?-#")
