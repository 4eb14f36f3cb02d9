"""The folded key of one line in, what the line is on a web page out.

Law: a rule speaks of the whole line. A line is page furniture only when nothing in it is left
over, so that a sentence that mentions view counts or printing stays text.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Literal

from searchdb.model import iso_date

__all__ = ["Kind", "first_day", "is_related_heading", "kind_of"]

Kind = Literal["text", "page", "published", "moment", "day"]
"""`published`: a publication date or a counter, by its own words. `moment`: a date with a weekday
or a time of day, `day`: a date alone, which are publication lines only near the top."""

_DAY = (
    r"\d{4}-\d{1,2}-\d{1,2}(?:t[\d:.+]+z?)?"
    r"|\d{1,2}/\d{1,2}/\d{4}|\d{1,2}-\d{1,2}-\d{4}|\d{1,2}\.\d{1,2}\.\d{4}"
    r"|\d{1,2} thang \d{1,2},?(?: nam)? \d{4}"
)
_TIME = r"\d{1,2} ?(?::|h|g|gio) ?\d{2}(?::\d{2}|'| ?phut)?(?: ?(?:am|pm|sa|ch))?"
_NUMBER = r"\d[\d.,]*k?"
_SEEN = r"(?:xem|doc|view|truy cap|tai ve|tai|thich|chia se|binh luan)"

_PIECES = {
    "day": _DAY,
    "time": _TIME,
    "count": (
        rf"(?:tong )?(?:so )?(?:luot|lan) {_SEEN}(?: bai viet| trang)? ?[:(-]? ?{_NUMBER}"
        rf"|(?:so )?luot {_SEEN} ?:|{_NUMBER} (?:(?:luot|lan) {_SEEN}|views?|binh luan|comments?)"
        rf"|(?:da xem|xem|views?|hits) ?: ?{_NUMBER}"
        rf"|(?:binh luan|phan hoi|y kien|comments?) ?[:(] ?{_NUMBER}"
    ),
    "name": (
        r"(?:tac gia|nguoi dang|dang boi|bien tap vien|bien tap|posted by) ?:? "
        r"[^|\d]{1,60}(?=[|\d]|$)"
    ),
    "label": (
        r"(?:(?:ngay|thoi gian) )?(?:dang tin|dang tai|dang|xuat ban|cap nhat|gui bai|tao)"
        r"(?: lan cuoi| ngay| luc| vao)*|(?:last )?(?:updated?|published|posted)(?: at| on)?"
    ),
    "button": (
        r"in (?:trang(?: nay)?|bai(?: viet)?|tin)|(?:xem )?ban in|phien ban in"
        r"|gui (?:qua )?(?:e-?mail|mail|bai viet|bai|tin|cho ban be)"
        r"|chia se(?: bai viet| bai| tin| len mang xa hoi| facebook| zalo| twitter| qua e-?mail)?"
        r"|nghe (?:doc )?bai(?: viet)?|(?:(?:tro )?(?:ve|len) )?dau trang|(?:ve )?trang chu"
    ),
    "zone": r"gmt ?\+? ?\d{1,2}",
    "weekday": r"thu (?:hai|ba|tu|nam|sau|bay|[2-7])|chu nhat|cn",
    "weak": (
        r"facebook|messenger|zalo|twitter|linkedin|pinterest|telegram|youtube|google(?: plus)?"
        r"|e-?mail|in|print|thich|like|share|tweet|luu(?: bai(?: viet)?)?|binh luan|phan hoi"
        r"|co chu|a|quay lai|tro (?:ve|lai)|copy link|link"
    ),
    "filler": r"ngay|luc|vao|hom nay",
    "sign": r"[\s|,;:.\-/()\[\]*>+']+",
}
_PIECE = re.compile(
    "|".join(
        rf"(?P<{name}>{pattern})" if name == "sign" else rf"(?P<{name}>(?:{pattern})(?!\w))"
        for name, pattern in _PIECES.items()
    )
)
_NUMBERS = re.compile(r"\d+")

_RELATED = re.compile(
    r"(?:(?:cac|nhung) )?(?:tin|tin bai|tin tuc|bai|bai viet) "
    r"(?:lien quan|cung chuyen muc|khac|moi hon|cu hon|da dua|moi nhat|noi bat|doc nhieu|xem nhieu)"
    r"|cung chuyen muc|(?:doc|xem) (?:tiep|them|nhieu nhat)|(?:co the ban|ban co the) quan tam"
)
_PLACEHOLDER = re.compile(r"(?:hinh )?anh (?:tin bai|bai viet|dai dien|minh hoa)|hinh minh hoa")
_TRIM = " .,:;!>-*()[]0123456789"

_TRAIL = r"(?:trang chu|home) ?[>|/].*[^.]"
_ADDRESS = r"(?:nguon|nguon tin|link goc|link|xem tai|theo) ?:? ?(?:https?://|www\.)\S+"
_RIGHTS = r"\(c\) ?(?:\d{4}|copyright|ban quyen).*"
_WHOLE = re.compile(f"{_TRAIL}|{_ADDRESS}|{_RIGHTS}")

_FEW = 3
"""So many different share buttons in a row are a row of share buttons; one or two are words."""


def kind_of(key: str) -> Kind:
    """What a line is, judged by its key alone."""
    if is_related_heading(key) or _PLACEHOLDER.fullmatch(key.strip(_TRIM)):
        return "page"
    if _WHOLE.fullmatch(key):
        return "page"
    return _judge(_pieces(key))


def is_related_heading(key: str) -> bool:
    """Whether the line announces links to other articles."""
    return _RELATED.fullmatch(key.strip(_TRIM)) is not None


def first_day(key: str) -> str | None:
    """The first date of the line that exists, as `yyyy-mm-dd`."""
    for name, piece in _scan(key):
        if name == "day":
            numbers = _NUMBERS.findall(piece)[:3]
            try:
                return iso_date(("-" if len(numbers[0]) == 4 else "/").join(numbers))  # noqa: PLR2004
            except ValueError:
                continue
    return None


def _judge(pieces: frozenset[tuple[str, str]]) -> Kind:
    names = {name for name, _ in pieces}
    if "count" in names or ("label" in names and names & {"day", "time"}):
        return "published"
    if "button" in names or sum(name == "weak" for name, _ in pieces) >= _FEW:
        return "page"
    if "day" in names:
        return "moment" if names & {"time", "weekday", "name"} else "day"
    return "text"


def _pieces(key: str) -> frozenset[tuple[str, str]]:
    """The pieces of a line of nothing but known pieces; none where anything is left over."""
    pieces = tuple(_scan(key))
    known = sum(len(piece) for _, piece in pieces) == len(key)
    return frozenset(pieces) if known else frozenset()


def _scan(key: str) -> Iterator[tuple[str, str]]:
    """The known pieces from the beginning of the line to the first unknown one."""
    at = 0
    while found := _PIECE.match(key, at):
        yield found.lastgroup or "", found.group()
        at = found.end()
