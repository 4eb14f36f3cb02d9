"""A date as files write it in, `yyyy-mm-dd` out; a time of day after it is dropped."""

from __future__ import annotations

import re

from searchdb.model import iso_date

__all__ = ["day"]

_TIME = re.compile(r"(\d{4}-\d{2}-\d{2})[T ]\d{2}:\d{2}[\d:.]{0,16} ?(?:Z|[+-]\d{2}:?\d{2})?")


def day(value: str) -> str:
    """Find the day of a date or an ISO 8601 time stamp, as its own clock has it.

    Raises ValueError where it is neither, or the day does not exist.
    """
    stamp = _TIME.fullmatch(value.strip())
    return iso_date(stamp[1] if stamp else value)
