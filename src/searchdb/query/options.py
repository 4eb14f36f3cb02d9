"""The options of a search, checked: a wrong one is a QueryError that says what is right."""

from __future__ import annotations

from typing import TYPE_CHECKING

from searchdb.errors import QueryError
from searchdb.model import Document, iso_date, meta_text
from searchdb.query.plan import Filters

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Mapping

    from searchdb.model import MetaValue

__all__ = ["MOST", "check_choice", "check_count", "check_text", "checked_document", "filters"]

MOST = 10_000
"""Hits that may be asked for at once, and passed over."""


def filters(
    after: str | dt.date | None,
    before: str | dt.date | None,
    where: Mapping[str, MetaValue] | None,
) -> Filters:
    """The conditions on fields; dates as `iso_date` takes them. Raises QueryError."""
    try:
        return Filters(
            after=None if after is None else iso_date(after),
            before=None if before is None else iso_date(before),
            where=tuple((name, meta_text(value)) for name, value in (where or {}).items()),
        )
    except (ValueError, TypeError) as error:
        raise QueryError(str(error)) from None
    except AttributeError:
        raise QueryError(f"where is {where!r}: give field names with their values") from None


def check_choice(name: str, value: str, choices: tuple[str, ...]) -> None:
    """Raise QueryError unless the value is one of the choices."""
    if value not in choices:
        message = f"{name} is {value!r}: choose one of {', '.join(choices)}"
        raise QueryError(message)


def check_text(name: str, value: object) -> None:
    """Raise QueryError unless the value is a text."""
    if not isinstance(value, str):
        raise QueryError(f"{name} is a {type(value).__name__}: give a text")


def check_count(name: str, value: int) -> None:
    """Raise QueryError unless the value is a whole number from 0 to `MOST`."""
    if type(value) is not int or not 0 <= value <= MOST:
        message = f"{name} is {value!r}: give a whole number from 0 to {MOST:,}"
        raise QueryError(message)


def checked_document(document: object) -> Document:
    """What was given to be added; TypeError unless it is a Document."""
    if not isinstance(document, Document):
        kind = type(document).__name__
        raise TypeError(f"add takes Documents, not {kind}: write Document(id=..., text=...)")
    return document
