"""The lines of a text in, the numbers of those that begin a part of it out.

Law: a heading stays with the text that it announces. Rows of short lines are a list, not headings.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Sequence

from searchdb.passages.lines import FINAL, Line, is_separate
from searchdb.passages.sentences import sentence_ends

__all__ = ["is_caption", "part_starts"]

_LONGEST = 120
"""Characters of a heading."""

_ROW = 3
"""More short lines than this in a row are a list."""

_NUMBERED = re.compile(
    r"#{1,6} .*"
    r"|(?:dieu|chuong|muc|phan|bai|phu luc) (?:\d{1,4}[a-z]?|[ivxlc]{1,7})(?: ?[.:-].*)?"
)
_CAPTION = re.compile(
    r"\(?(?:ảnh|hình|hình ảnh|video|clip|nguồn|đồ họa|đồ hoạ)(?: [^:]{0,20})?:|.*\bảnh ?:"
)
_WORD = re.compile(r"[^\W\d_]{2}")
_OPEN = ".!,:;…"


def part_starts(text: str, lines: Sequence[Line], skip: frozenset[int]) -> frozenset[int]:
    """The lines before which a new part begins; those in `skip` are no running text."""
    marked = {number for number, line in enumerate(lines) if _NUMBERED.fullmatch(line.key)}
    starts: set[int] = set()
    titles: set[int] = set()
    for row in _rows(text, lines, skip, marked):
        titles.update(row)
        if len(row) <= _ROW and _is_text(text, lines, row.stop, skip):
            starts.add(row.start)
        else:
            starts.update(marked.intersection(row))
    starts.update(number for number in marked - titles - skip if number - 1 not in titles)
    return frozenset(starts)


def is_caption(written: str) -> bool:
    """Whether a line tells about a picture or a film, or whose it is."""
    return _CAPTION.match(unicodedata.normalize("NFC", written).casefold()) is not None


def _rows(
    text: str, lines: Sequence[Line], skip: frozenset[int], marked: set[int]
) -> Iterator[range]:
    """The runs of lines that look like headings."""
    first = 0
    for number in range(len(lines) + 1):
        stands = number < len(lines) and number not in skip
        if stands and _announces(text, lines[number], marked=number in marked):
            inside = number > first or _is_free(text, lines, number, skip)
            if inside and (number in marked or _stands_above(lines, number)):
                continue
        if number > first:
            yield range(first, number)
        first = number + 1


def _announces(text: str, line: Line, *, marked: bool) -> bool:
    """Whether the line is short and unfinished, as headings are."""
    if len(line) > _LONGEST or text[line.end - 1] in _OPEN:
        return False
    if marked:
        return True
    written = text[line.start : line.end]
    return (
        not written[0].islower()
        and _WORD.search(written) is not None
        and not line.key.startswith(("-", "+", "*"))
        and not is_caption(written)
        and not any(sentence_ends(text, line.start, line.end))
    )


def _is_text(text: str, lines: Sequence[Line], number: int, skip: frozenset[int]) -> bool:
    """Whether the line is running text, that a heading may announce."""
    if number == len(lines) or number in skip:
        return False
    return not _announces(text, lines[number], marked=False)


def _is_free(text: str, lines: Sequence[Line], number: int, skip: frozenset[int]) -> bool:
    """Whether nothing above runs into the line."""
    if number == 0 or number - 1 in skip or lines[number].gap != "break":
        return True
    return text[lines[number - 1].end - 1] in FINAL


def _stands_above(lines: Sequence[Line], number: int) -> bool:
    return number + 1 < len(lines) and is_separate(lines[number], lines[number + 1])
