"""The first lines of an administrative document in, what its prescribed head tells out.

A head is printed in two columns, who issues it beside heading, motto, place and date; texts have
them below each other, or row by row. Law: nothing is found where neither a heading, nor the motto,
nor a document number stands near the top, on a line of its own or in such a row: a news page about
a decree is no decree.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from itertools import takewhile

from searchdb.passages.furniture import HEAD
from searchdb.passages.lines import Line
from searchdb.passages.stamps import first_day

__all__ = ["OfficialHead", "official_head"]

_LONGEST = 500
"""Characters of a title: one that lists what it amends runs to twice the length of a headline."""

_ROWS = 5
"""Lines that one title may be spread over, its type included."""

_BELOW = 6
"""Lines under the marks of the head, where the type of the document is looked for."""

_TYPES = (
    "thong tu lien tich|nghi dinh|nghi quyet|quyet dinh|thong tu|chi thi|ke hoach|bao cao"
    "|thong bao|huong dan|cong van|cong dien|to trinh|bien ban|chuong trinh|phap lenh|luat|lenh"
    "|hien phap|quy che|quy dinh|quy chuan|de an|phuong an|giay moi|ket luan"
)
"""After Decree 30/2020/NĐ-CP on clerical work and the Law on Promulgation of Legal Documents."""

_TYPE = re.compile(rf"(?:{_TYPES})(?!\w)")
_SUBJECT = re.compile(r"v/v:? ?\w")
"""How an official letter, which shows no type, begins to tell what it is about."""

_NATION = "cong hoa xa hoi chu nghia viet nam"
_MOTTO = "doc lap ?- ?tu do ?- ?hanh phuc"
_PARTY = "dang cong san viet nam"
_EMBLEM = re.compile(rf"{_NATION}(?:[ .-]{{0,5}}{_MOTTO})?|{_MOTTO}")
_NUMBER = re.compile(
    r"(?:luat |phap lenh |nghi quyet )?so ?: ?\d{0,6}[a-z]? ?/ ?(?:\d{4} ?/ ?)?"
    r"[a-z]{1,10}\d{0,3}(?: ?[-/.&] ?[a-z\d]{1,15}){0,4}"
    r"|so ?:? ?\d{1,6}[a-z]? ?- ?[a-z]{1,6} ?/ ?[a-z]{1,10}"  # as the party writes it
)
_DAY = r"(ngay \d{1,2} thang \d{1,2} nam \d{4})[ .]?"
_PLACE = re.compile(rf"[a-z][a-z .'-]{{1,40}}, ?{_DAY}")

_HEADED = re.compile(rf"(?:(.+?) )?({_NATION}|{_PARTY}|{_MOTTO})")
_PLACED = re.compile(rf"([^,]+), ?{_DAY}")
_LEFT = re.compile(
    r"(?:uy ban|ubnd|hoi dong|hdnd|bo|so|phong|cuc|chi cuc|tong cuc|ban|van phong|chinh phu|toa an"
    r"|dang bo|dang uy|chi bo|chi uy|[a-z]{3,5} uy|doan|hoi|lien doan|cong doan|mat tran|cong an"
    r"|vien|truong|dai hoc|hoc vien|benh vien|trung tam|kho bac|ngan hang|bao hiem|cong ty"
    r"|tong cong ty|xa|phuong|quan|huyen|thi xa|thi tran|thanh pho|tinh)(?!\w)"
    r"[a-z\d .&'*-]*(?<! nuoc)(?<! cua)(?<! lap)(?<! su)"
)
"""A name in the left column; one that goes on into the heading (`QUỐC HỘI NƯỚC`) is none."""

_WIDEST = 200
"""Characters of a row of two columns."""

_NEAR = 3
"""Lines between a heading that could be a headline and more of the head."""
_ISSUER = re.compile(
    r"(?:(?:pho )?(?:chu tich|thu tuong|bo truong|giam doc|tong giam doc|hieu truong|thong doc)"
    r"|hoi dong nhan dan|uy ban nhan dan|uy ban thuong vu|hdnd|ubnd|chinh phu|quoc hoi)(?!\w)"
)
_TEXT = re.compile(
    r"(?:can cu|kinh gui|theo|thuc hien|xet|de|ngay|hom nay|dieu \d|chuong [ivx\d]|phan [ivx\d]"
    r"|[ivx]{1,4}[.)]|\d{1,2}[.)]|[-+*(])(?!\w)"
)
"""How the text below a title begins."""

_UNFINISHED = re.compile(r".* (?:cua|va|ve|cac|cho|tai|voi|trong|thuoc|tren)")


@dataclass(frozen=True, slots=True)
class OfficialHead:
    """The lines of the head: `emblem` is heading and motto, `above` all that precede a title.

    `rows` show the title, and are empty where neither a type nor a subject was found.
    """

    emblem: frozenset[int] = frozenset()
    above: frozenset[int] = frozenset()
    rows: tuple[int, ...] = ()
    title: str = ""
    date: str | None = None


def official_head(text: str, lines: Sequence[Line]) -> OfficialHead:
    """Look for the head; one with nothing in it where the document is no official one.

    The date is the day of the place-and-date line above the title, as `yyyy-mm-dd`.
    """
    top = [line.key.strip(" .*-") for line in lines[:HEAD]]
    emblem = frozenset(number for number, key in enumerate(top) if _EMBLEM.fullmatch(key))
    marks = emblem | {number for number, key in enumerate(top) if _NUMBER.fullmatch(key)}
    days = _days(text, lines[:HEAD])
    emblem |= _headings(text, lines[:HEAD], marks | set(days))
    marks |= emblem
    if not marks:
        return OfficialHead()
    below = max(marks) + 1
    while below in days:
        below += 1
    rows = tuple(_title_rows(text, lines, below))
    if not rows and not emblem:
        return OfficialHead()
    end = rows[0] if rows and rows[0] >= below else below + 2
    places = {number: day for number, day in days.items() if number < end}
    return OfficialHead(
        emblem=emblem,
        above=frozenset(range(below)) | frozenset(places),
        rows=rows,
        title=" ".join(" ".join(text[lines[row].start : lines[row].end] for row in rows).split()),
        date=next((day for each in places.values() if (day := first_day(each))), None),
    )


def _headings(text: str, lines: Sequence[Line], others: AbstractSet[int]) -> frozenset[int]:
    """The lines whose right column is heading or motto; `others` are known to be of the head.

    In one line `ĐẢNG BỘ ... ĐẢNG CỘNG SẢN VIỆT NAM` may be a headline, so that all but the motto
    count only with more of the head near them.
    """
    found: set[int] = set()
    for number in reversed(range(len(lines))):
        line = lines[number]
        match = _HEADED.fullmatch(line.key) if len(line) <= _WIDEST else None
        if match is None or _EMBLEM.fullmatch(line.key):
            continue
        left = match[1] or ""
        words = text[line.start : line.end].split()[: len(left.split()) or None]
        motto = re.fullmatch(_MOTTO, match[2]) is not None
        near = any(abs(number - other) <= _NEAR for other in others | found)
        named = not left or _LEFT.fullmatch(left)
        if " ".join(words).isupper() and (motto or (near and named)):
            found.add(number)
    return frozenset(found)


def _days(text: str, lines: Sequence[Line]) -> Mapping[int, str]:
    """The lines of place and date, alone or beside a name in capitals or a number, with the day."""
    days: dict[int, str] = {}
    for number, line in enumerate(lines):
        found = _PLACED.fullmatch(line.key) if len(line) <= _WIDEST else None
        if found is None:
            continue
        words = text[line.start : line.end].split()[: len(found[1].split())]
        place = list(takewhile(lambda word: word[0].isupper() and not word.isupper(), words[::-1]))
        left = " ".join(words[: len(words) - len(place)])
        key = " ".join(found[1].split()[: len(left.split())])
        alone = _PLACE.fullmatch(line.key) and text[line.start].isupper()
        if alone or (place and (left == left.upper() or _NUMBER.fullmatch(key))):
            days[number] = found[2]
    return days


def _title_rows(text: str, lines: Sequence[Line], below: int) -> Iterator[int]:
    """The lines from the type, or else from the subject, to the end of the title."""
    last = min(below + _BELOW, len(lines))
    types = (number for number in range(below, last) if _is_type(text, lines[number]))
    subjects = (number for number in range(last) if _SUBJECT.match(lines[number].key))
    first = next(types, None)
    if first is None:
        first = next(subjects, None)
    if first is None or len(lines[first]) > _LONGEST:
        return
    yield first
    for number in range(first + 1, min(first + _ROWS, len(lines))):
        long = lines[number].end - lines[first].start > _LONGEST
        if long or not _goes_on(text, lines[number - 1], lines[number]):
            return
        yield number


def _is_type(text: str, line: Line) -> bool:
    """Whether the line begins with a type in capitals; with a colon it begins the enactment."""
    found = _TYPE.match(line.key)
    if found is None or line.key.endswith(":"):
        return False
    words = text[line.start : line.end].split()
    return " ".join(words[: len(found.group().split())]).isupper()


def _goes_on(text: str, above: Line, line: Line) -> bool:
    """Whether the title that stands in the line above goes on in this line."""
    written = text[line.start : line.end]
    capitals = written.isupper()
    if line.gap == "rule" or written[-1] in ".,;:" or _TEXT.match(line.key):
        return False
    if (capitals and _ISSUER.match(line.key)) or any(
        pattern.fullmatch(line.key) for pattern in (_EMBLEM, _NUMBER, _PLACE)
    ):
        return False
    if _TYPE.fullmatch(above.key):
        return True
    if line.gap == "blank":
        return False
    unfinished = _UNFINISHED.fullmatch(above.key) is not None
    return (
        unfinished or written[0].islower() or (capitals and text[above.start : above.end].isupper())
    )
