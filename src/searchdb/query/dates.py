"""Syllables of a query in, the dates among them in every usual dress out.

`28/1/2015`, `28-01-2015`, `28.1.2015`, `2015-01-28`, `ngày 28 tháng 1 năm 2015` are one day, and
`tháng 1/2015`, `tháng 1 năm 2015` one month. The words around a date that every dress does without
(`ngày`, `mùng`) belong to what is typed but not to the alternatives, so that these match with and
without them. Day and month alone are a date only where words say so, for `28/1` may be a fraction
and `28-1` a score.

Laws: what is no day of the calendar is left alone; so is a date that is part of a longer number;
time is linear in the length of the query.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import TYPE_CHECKING

from searchdb.query.expansion import Expansion, answers, ties

if TYPE_CHECKING:
    from collections.abc import Sequence

    from searchdb.analysis.analyzer import Syllables

__all__ = ["readings"]

_Keys = tuple[str, ...]
_Read = tuple[int, tuple[_Keys, ...]]
"""Where a date ends and the ways to write it."""

_MONTH, _YEAR = "tháng", "năm"
_DAY_WORDS = ("ngày", "mùng", "mồng")
"""They lead a date and are part of it; two may stand in a row (`ngày mùng 2 tháng 9`)."""
_TIME_WORDS = ("hôm", "sáng", "trưa", "chiều", "tối", "đêm", "lễ", "dịp")
"""They, too, say that day and month follow: `sáng 28-1`, `lễ 30/4`."""
_UNITS = ("lần", "giờ", "ngày", "tuần", "tháng", "năm")
"""After `6 tháng 1` they say that it is a span of time: `6 tháng 1 lần`, `9 tháng 10 ngày`."""

_SIGNS = frozenset("/.-\u2010\u2011\u2013")
_TO = frozenset("-\u2010\u2011\u2013")
"""Between two dates that are written together."""

_LEAP_YEAR = 2000
"""Stands in where no year is given: 29 February is a day."""

_SHORT, _FULL = 2, 4
"""Digits: at most, of a day or a month; exactly, of a year. The analysis drops leading zeros."""


@dataclass(frozen=True, slots=True)
class _Run:
    """A stretch of a query: its keys and what ties each to the one before."""

    keys: Sequence[str]
    ties: Sequence[str | None]

    def is_word(self, place: int, words: Sequence[str]) -> bool:
        """Whether one of these words stands there."""
        return 0 <= place < len(self.keys) and any(answers(self.keys[place], w) for w in words)

    def number(self, place: int, digits: int) -> str | None:
        """The number there, of so many digits at most; a year has them all."""
        key = self.keys[place] if place < len(self.keys) else ""
        fits = len(key) == digits if digits == _FULL else 0 < len(key) <= digits
        return key if fits and key.isascii() and key.isdecimal() else None

    def is_free(self, place: int) -> bool:
        """Whether nothing ties what stands there to what is before it."""
        return place >= len(self.keys) or self.ties[place] is None

    def is_signed(self, place: int) -> bool:
        """Whether a sign of dates stands before it."""
        return place < len(self.keys) and self.ties[place] in _SIGNS


def readings(text: str, found: Syllables) -> tuple[Expansion, ...]:
    """The dates and months in a stretch of a query; `found` are the syllables of `text`."""
    if not any(map(str.isdecimal, found.keys)):
        return ()
    run = _Run(found.keys, ties(text, found))
    expansions: list[Expansion] = []
    place = done = 0
    while place < len(run.keys):
        read = None
        if run.is_free(place) or (place == done and run.ties[place] in _TO):
            read = _date(run, place) or _month(run, place)
        if read is None:
            place += 1
            continue
        done, ways = read
        typed = tuple(run.keys[place:done])
        expansions.append(Expansion(place, done, tuple(way for way in ways if way != typed)))
        place = done
    return tuple(expansions)


def _date(run: _Run, start: int) -> _Read | None:
    """The date that begins there, with the words that lead it."""
    place = start
    while place < start + 2 and run.is_word(place, _DAY_WORDS):
        place += 1
    led = place > start or run.is_word(start - 1, _TIME_WORDS)
    if place > start and not run.is_free(place):
        return None
    return _figures(run, place, led=led) or _words(run, place, led=led)


def _figures(run: _Run, place: int, *, led: bool) -> _Read | None:
    """28/1/2015, 2015-01-28 and, if words lead there, 28/1."""
    if not run.is_signed(place + 1):
        return None
    first, second = run.number(place, _SHORT), run.number(place + 1, _SHORT)
    if led and first and second and run.is_free(place + 2):
        return _day(place + 2, first, second)
    if second is None or not run.is_signed(place + 2) or run.ties[place + 1] != run.ties[place + 2]:
        return None
    if not (run.is_free(place + 3) or run.ties[place + 3] in _TO):
        return None
    year, last = run.number(place + 2, _FULL), run.number(place + 2, _SHORT)
    if first and year:
        return _day(place + 3, first, second, year)
    year = run.number(place, _FULL)
    return _day(place + 3, last, second, year) if last and year else None


def _words(run: _Run, place: int, *, led: bool) -> _Read | None:
    """28 tháng 1 năm 2015, 28 tháng 1/2015, 28 tháng 1."""
    day, month = run.number(place, _SHORT), run.number(place + 2, _SHORT)
    spaced = run.is_free(place + 1) and run.is_free(place + 2)
    if not (day and month and spaced and run.is_word(place + 1, (_MONTH,))):
        return None
    end, year = _year(run, place + 3)
    if year is not None:
        return _day(end, day, month, year)
    if run.is_free(end) and (led or not run.is_word(end, _UNITS)):
        return _day(end, day, month)
    return None


def _month(run: _Run, place: int) -> _Read | None:
    """Tháng 1/2015, tháng 1 năm 2015."""
    if not run.is_word(place, (_MONTH,)) or (place and run.number(place - 1, _SHORT)):
        return None  # `31 tháng 2 năm 2015` is no day, and no month either
    month = run.number(place + 1, _SHORT)
    end, year = _year(run, place + 2)
    if not (month and year and run.is_free(place + 1) and _exists("1", month, year)):
        return None
    ways = ((_MONTH, month, _YEAR, year), (_MONTH, month, year), (month, year), (year, month))
    return end, ways


def _year(run: _Run, place: int) -> tuple[int, str | None]:
    """Where the year that stands there after a month ends, and the year; None if there is none."""
    if run.is_word(place, (_YEAR,)) and run.is_free(place) and run.is_free(place + 1):
        after, year = place + 2, run.number(place + 1, _FULL)
    elif run.is_free(place) or run.is_signed(place):
        after, year = place + 1, run.number(place, _FULL)
    else:
        return place, None
    return (after, year) if year and run.is_free(after) else (place, None)


def _day(end: int, day: str, month: str, year: str | None = None) -> _Read | None:
    """The ways to write a day, None if there is no such day."""
    if not _exists(day, month, year or str(_LEAP_YEAR)):
        return None
    if year is None:
        return end, ((day, _MONTH, month), (day, month))
    return end, (
        (day, _MONTH, month, _YEAR, year),
        (day, month, year),
        (day, _MONTH, month, year),
        (year, month, day),
    )


def _exists(day: str, month: str, year: str) -> bool:
    """Whether the calendar has that day."""
    try:
        dt.date(int(year), int(month), int(day))
    except ValueError:
        return False
    return True
