"""Syllables of a query in, the numbers among them that are written in more than one way out.

Two kinds: Roman and Arabic numbers of sessions, centuries, quarters, chapters (`khóa XI` is
`khóa 11`), and telephone numbers, whose digits everybody groups as he likes (`0912 345 678`).
Laws: a Roman number is one only right behind a word that is counted so, for `xi`, `vi` and `x` are
words, too; digits are a telephone number only if they begin so and are as many; time is linear in
the length of the query.
"""

from __future__ import annotations

from itertools import accumulate, pairwise
from typing import TYPE_CHECKING

from searchdb.query.expansion import Expansion, answers

if TYPE_CHECKING:
    from collections.abc import Sequence

    from searchdb.analysis.analyzer import Syllables

__all__ = ["readings"]

_COUNTED = ("khoá", "kì", "kỉ", "quí", "chương", "hội", "thứ", "lần", "phần", "tập", "quyển", "hồi")
"""Last syllables of what is counted in Roman numbers: also `thế kỷ`, `đại hội`, `lần thứ`."""

_TENS, _ONES = ("", "x", "xx", "xxx"), ("", "i", "ii", "iii", "iv", "v", "vi", "vii", "viii", "ix")
_ROMAN = {str(ten * 10 + one): _TENS[ten] + _ONES[one] for ten in range(4) for one in range(10)}
del _ROMAN["0"]
_ARABIC = {roman: arabic for arabic, roman in _ROMAN.items()}

_GROUPS: dict[int, tuple[tuple[int, ...], ...]] = {
    8: ((8,), (4, 4), (4, 2, 2)),
    9: ((9,), (3, 6), (2, 7), (3, 3, 3)),
    10: ((10,), (4, 3, 3), (3, 3, 4), (4, 2, 2, 2), (3, 4, 3), (4, 6), (3, 7), (2, 4, 4), (2, 8)),
    11: ((11,), (3, 4, 4), (3, 8), (5, 3, 3), (4, 3, 4), (4, 7), (4, 4, 3), (3, 2, 2, 2, 2)),
}
"""How telephone numbers of so many digits are grouped."""
_HOTLINES = ("1800", "1900")
_COUNTRY, _LOCAL = "84", 9
_ABROAD = ((9,), (2, 3, 4), (3, 3, 3), (2, 7), (3, 2, 2, 2))
"""How the nine digits behind the country's are grouped. At home a zero stands before them."""
_SIGNS = frozenset(" .-\u00a0\u2010\u2011\u2013")
"""Between the groups; white space is none to the analysis."""
_LONGEST_GAP = 3
_SHORT = 2


def readings(text: str, found: Syllables) -> tuple[Expansion, ...]:
    """The counted and the telephone numbers in a stretch; `found` are the syllables of `text`."""
    expansions: list[Expansion] = []
    place = 0
    while place < len(found.keys):
        expansion = _telephone(text, found, place) or _counted(text, found, place)
        if expansion is not None:
            expansions.append(expansion)
        place = place + 1 if expansion is None else expansion.end
    return tuple(expansions)


def _counted(text: str, found: Syllables, place: int) -> Expansion | None:
    """A number behind what is counted so, tied to nothing."""
    key = found.keys[place]
    other = _ARABIC.get(key) or _ROMAN.get(key)
    if (
        other is None
        or place == 0
        or found.joined[place]
        or found.joined[place + 1 : place + 2] == [True]
    ):
        return None
    if not any(answers(found.keys[place - 1], word) for word in _COUNTED):
        return None
    if not text[found.ends[place - 1] : found.starts[place]].isspace():
        return None
    return Expansion(place, place + 1, (), led=((other,),), lead=1)


def _is_tied(found: Syllables, place: int) -> bool:
    """Whether something stands there that hangs together with what is before it."""
    return place < len(found.joined) and found.joined[place]


def _telephone(text: str, found: Syllables, start: int) -> Expansion | None:
    """The longest run of groups of digits from there that is a telephone number."""
    if not found.keys[start].isdecimal() or not text[found.starts[start]].isascii():
        return None
    end, digits = start, ""
    read: Expansion | None = None
    while end < len(found.keys) and len(digits) <= max(_GROUPS) and found.keys[end].isdecimal():
        gap = text[found.ends[end - 1] : found.starts[end]] if end > start else ""
        if len(gap) > _LONGEST_GAP or not _SIGNS.issuperset(gap):
            break
        group = text[found.starts[end] : found.ends[end]].replace(".", "")
        digits += group
        end += 1
        ways = _ways(digits) if group.isascii() and group.isdecimal() else ()
        typed = tuple(found.keys[start:end])
        if ways and not _is_tied(found, end):
            read = Expansion(start, end, tuple(way for way in ways if way != typed))
    return read


def _ways(digits: str) -> tuple[tuple[str, ...], ...]:
    """The usual groupings of a telephone number, none if these digits are no such number."""
    home = digits
    if digits.startswith(_COUNTRY) and len(digits) == len(_COUNTRY) + _LOCAL:
        home = "0" + digits.removeprefix(_COUNTRY)
    if not home.startswith(("0", *_HOTLINES)) or (home == digits and home[:2] == "00"):
        return ()
    ways = [_grouped(home, groups) for groups in _GROUPS.get(len(home), ())]
    if home[0] == "0" and len(home) == 1 + _LOCAL:
        ways += [(_COUNTRY, *_grouped(home[1:], groups)) for groups in _ABROAD]
        ways.append((_COUNTRY + home[1:],))
    return tuple(ways)


def _grouped(digits: str, groups: Sequence[int]) -> tuple[str, ...]:
    """The digits in groups, as keys: the analysis drops a zero in front of a single digit."""
    bounds = pairwise(accumulate(groups, initial=0))
    pieces = (digits[begin:end] for begin, end in bounds)
    return tuple(f"{int(piece)}" if len(piece) == _SHORT else piece for piece in pieces)
