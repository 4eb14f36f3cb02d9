"""The lines of a document in, the numbers of those that are no part of its running text out.

Law: one copy of every sentence stays text; where a rule is in doubt, the line stays text.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from searchdb.passages.lines import Line, said
from searchdb.passages.stamps import first_day, is_related_heading, kind_of

__all__ = ["HEAD", "PageLines", "footer", "page_lines", "published_on", "repeats"]

HEAD = 12
"""Lines at the top, where a title and the line of its publication are looked for."""

_TAIL = 25
"""Lines at the bottom, where a footer is looked for."""

_LONGEST = 250
"""Characters of a line of page furniture."""

_SENTENCE = 120
"""A finished sentence of more characters than this is running text."""

_LINK = re.compile(r"\(\d{1,2}[/.-]\d{1,2}(?:[/.-]\d{2,4})?[ \d:,-]{0,12}\)\W{0,3}")
"""The date in brackets behind the title of another article."""

_OWNER = re.compile(
    r"(?:co quan|don vi) chu quan\b|giay phep (?:so|xuat ban|thiet lap)\b"
    r"|ban quyen (?:thuoc|cua|\(c\)|\d)|ban quyen ?:|copyright\b|\(c\)"
    r"|(?:thiet ke|phat trien|xay dung)(?: va [a-z ]{1,20})? boi\b|(?:designed|powered) by\b"
    r"|(?:de nghi |vui long |yeu cau )?ghi ro nguon\b"
    r"|(?:nguoi )?chiu trach nhiem(?: chinh| noi dung| xuat ban)* ?:"
    r"|(?:pho )?tong bien tap ?:|truong ban bien tap ?:"
)
_CONTACT = re.compile(
    r"(?:dia chi|tru so|toa soan|dien thoai|so dien thoai|dt|tel|fax|e-?mail|thu dien tu|hotline"
    r"|duong day nong|website|lien he) ?[.:]"
)

_ITEM = re.compile(r"(?:[-+*]|\d{1,3}[.)]|[a-z][.)]) ")
"""The mark of a list item: clauses of a law repeat each other word for word, and mean it."""

_NEAR = 4
"""Lines between a repeated line and its repetition."""

_SHORTEST, _TELLING = 20, 40
"""Characters of a line that counts as repeated right below, and anywhere near."""


@dataclass(frozen=True, slots=True)
class PageLines:
    """The numbers of the furniture lines; `stamps` are those that tell of the publication."""

    numbers: frozenset[int]
    stamps: tuple[int, ...]


def page_lines(text: str, lines: Sequence[Line]) -> PageLines:
    """Counters, publication lines, buttons, trails, placeholders and lists of other articles.

    A date that nothing calls a publication counts only before the running text: with a time of
    day after one paragraph at most (a lead), alone before the first and if it is the only one.
    """
    kinds = [kind_of(line.key) if len(line) <= _LONGEST else "text" for line in lines]
    allowed = {"moment": 1, "day": 0 if kinds.count("day") == 1 else -1}
    numbers: set[int] = set()
    stamps: list[int] = []
    listing = False
    paragraphs = 0
    for number, (line, kind) in enumerate(zip(lines, kinds, strict=True)):
        top = number < HEAD
        stamp = kind == "published" or (top and paragraphs <= allowed.get(kind, -1))
        heads = kind == "page" and is_related_heading(line.key)
        listing = heads or (listing and _is_link(line))
        if stamp or kind == "page" or listing:
            numbers.add(number)
        if stamp and top:
            stamps.append(number)
        paragraphs += _is_paragraph(text, line)
    return PageLines(frozenset(numbers), tuple(stamps))


def published_on(lines: Sequence[Line], page: PageLines) -> str | None:
    """The first date that exists on the publication lines near the top."""
    days = (first_day(lines[number].key) for number in page.stamps)
    return next((day for day in days if day is not None), None)


def footer(text: str, lines: Sequence[Line], page: PageLines) -> frozenset[int]:
    """The lines about the owner of the site that end the document, as a cluster.

    One line of contact data is part of an article; a footer names its owner, its rights or its
    makers, and has another line of its kind beside it. A name in capitals on top belongs to it.
    """
    bottom = max(0, len(lines) - _TAIL)
    marks = {number for number in range(bottom, len(lines)) if _is_footer(lines[number])}
    top = len(lines)
    while top > bottom:
        if top - 1 in marks or top - 1 in page.numbers:
            top -= 1
        elif top - 2 in marks and len(lines[top - 1]) <= _SENTENCE:
            top -= 2
        else:
            break
    cluster = frozenset(range(top, len(lines)))
    owned = any(_OWNER.match(lines[number].key) for number in cluster)
    if len(cluster & (marks | page.numbers)) < 2 or not owned:  # noqa: PLR2004 - two are a cluster
        return frozenset()
    above = top - 1
    if above >= 0 and text[lines[above].start : lines[above].end].isupper():
        cluster |= {above}
    return cluster


def repeats(text: str, lines: Sequence[Line], skip: frozenset[int]) -> frozenset[int]:
    """The lines that a line nearby says again, in full or at greater length."""
    found: set[int] = set()
    recent: list[int] = []
    for number, line in enumerate(lines):
        if number in skip or _ITEM.match(line.key):
            continue
        for distance, earlier in enumerate(reversed(recent), start=1):
            if line.key[:_SHORTEST] == lines[earlier].key[:_SHORTEST]:
                one, other = said(text, lines[earlier]), said(text, line)
                if other.startswith(one) and len(one) >= _least(one, other, distance):
                    found.add(earlier)
                    break
                if one.startswith(other) and distance == 1 and len(other) >= _TELLING:
                    found.add(number)
                    break
        recent = [*recent[1 - _NEAR :], number]
    return frozenset(found)


def _least(one: str, other: str, distance: int) -> int:
    """How long a line must be to count as repeated by the other."""
    return _SHORTEST if distance == 1 and one == other else _TELLING


def _is_paragraph(text: str, line: Line) -> bool:
    return len(line) > _LONGEST or (len(line) > _SENTENCE and text[line.end - 1] == ".")


def _is_link(line: Line) -> bool:
    return len(line) <= _LONGEST and any(
        found.end() == len(line.key) for found in _LINK.finditer(line.key)
    )


def _is_footer(line: Line) -> bool:
    return len(line) <= _LONGEST and bool(_OWNER.match(line.key) or _CONTACT.match(line.key))
