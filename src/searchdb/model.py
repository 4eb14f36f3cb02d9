"""The things that travel between the rooms: documents in, results out.

All offsets count code points (Python `str` indices) and are half-open: `text[start:end]`.
"""

from __future__ import annotations

import datetime as dt
import json
import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass, field
from types import UnionType
from typing import NamedTuple

from searchdb.errors import ReadError

__all__ = [
    "AddReport",
    "Document",
    "Hit",
    "Meta",
    "MetaValue",
    "Part",
    "Passage",
    "Range",
    "SearchResult",
    "Snippet",
    "StoredDocument",
    "SyncReport",
    "Token",
    "iso_date",
    "meta_text",
]

MetaValue = str | int | float | bool | None
Meta = Mapping[str, MetaValue]
"""Free fields of a document: names to plain JSON values."""

Range = tuple[int, int]
"""A half-open range of code points."""

_DATE = re.compile(r"(\d{4})-(\d{1,2})-(\d{1,2})|(\d{1,2})[/.-](\d{1,2})[/.-](\d{4})")


def iso_date(value: str | dt.date) -> str:
    """A date as `yyyy-mm-dd`, from a `date`, `yyyy-mm-dd` or the Vietnamese `dd/mm/yyyy`.

    Raises ValueError where the text is no date or the day does not exist.
    """
    if isinstance(value, dt.datetime):
        return value.date().isoformat()
    if isinstance(value, dt.date):
        return value.isoformat()
    message = f"{value!r} is not a date: write 2015-09-05 or 05/09/2015"
    found = _DATE.fullmatch(value.strip()) if _is(value, str) else None
    if found is None:
        raise ValueError(message)
    year, month, day, day2, month2, year2 = found.groups()
    try:
        return dt.date(int(year or year2), int(month or month2), int(day or day2)).isoformat()
    except ValueError:
        raise ValueError(message) from None


def meta_text(value: MetaValue) -> str:
    """A meta value as filters compare it: text as it is, anything else as JSON writes it."""
    return value if isinstance(value, str) else json.dumps(value)


@dataclass(frozen=True, slots=True)
class Document:
    """One text to index.

    `id` is the caller's own name for it, unique in the index: any text without control characters.
    `title=None` asks for a title to be looked for in the text; `title=""` says there is none.
    `date` takes what `iso_date` takes and is kept as `yyyy-mm-dd`; `None` asks for a publication
    line in the text. Raises ValueError for an id, date or meta value that cannot be kept.
    """

    id: str
    text: str
    title: str | None = None
    date: str | None = None
    source: str | None = None
    meta: Meta = field(default_factory=dict)

    def __post_init__(self) -> None:
        if not _is(self.id, str) or not self.id.strip():
            message = f"a document needs a non-empty text as its id, not {self.id!r}"
            raise ValueError(message)
        if any(unicodedata.category(char) in {"Cc", "Cs"} for char in self.id):
            message = f"the id {self.id!r} holds a control character or half a character"
            raise ValueError(message)
        for name, value, kind in (
            ("text", self.text, str),
            ("title", self.title, str | None),
            ("source", self.source, str | None),
            ("meta", self.meta, Mapping),
        ):
            if not _is(value, kind):
                message = f"the {name} of document {self.id!r} is a {type(value).__name__}"
                raise ValueError(message)
        if self.date is not None:
            object.__setattr__(self, "date", iso_date(self.date))
        for name, field_value in self.meta.items():
            if not _is(name, str) or not _is(field_value, MetaValue):
                message = (
                    f"meta field {name!r} of document {self.id!r} holds a "
                    f"{type(field_value).__name__}: use text, numbers, true, false or null"
                )
                raise ValueError(message)


def _is(value: object, kind: type | UnionType) -> bool:
    """`isinstance`, for values that the types promise and a caller may break."""
    return isinstance(value, kind)


@dataclass(frozen=True, slots=True)
class Passage:
    """A slice of a document's text that is shown and ranked as one.

    `furniture` marks page furniture and repeated lines: ranked down, shown only when nothing
    else of the document matches.
    """

    start: int
    end: int
    furniture: bool = False


@dataclass(frozen=True, slots=True)
class StoredDocument:
    """A document as the index keeps it: title and date found, text cut into passages.

    Passages are in order and disjoint; `hit.passage` is an index into them, from 0.
    """

    id: str
    text: str
    title: str
    date: str | None
    source: str | None
    meta: Meta
    passages: tuple[Passage, ...]


class Token(NamedTuple):
    """One syllable, number or other run of letters as the index sees it.

    A tuple because a page of hits makes hundreds of them, six times faster than a dataclass is.
    `text` is the slice `[start, end)` of the analyzed text as written, `key` its accented form in
    the index, `folded` the form without marks, `position` its place in the row of syllables and
    `word` the number of the word it belongs to. `kind` is "syllable", "number" or "code" (a piece
    of something written together, such as 03-CT/TW).
    """

    text: str
    start: int
    end: int
    kind: str
    key: str
    folded: str
    position: int
    word: int


@dataclass(frozen=True, slots=True)
class Snippet:
    """A verbatim slice of a passage and the ranges in it that answer the query.

    `highlights` are sorted, disjoint ranges in `text`; `start` is the offset of `text` in the
    document. `cut_before` and `cut_after` say where a shell puts its ellipses.
    """

    text: str
    highlights: tuple[Range, ...]
    start: int = 0
    cut_before: bool = False
    cut_after: bool = False

    def html(self) -> str:
        """The snippet as safe HTML: everything escaped, highlights inside `<mark>`."""
        from html import escape  # noqa: PLC0415 - brings the names of all characters

        pieces: list[str] = []
        done = 0
        for start, end in self.highlights:
            pieces.append(escape(self.text[done:start]))
            pieces.append(f"<mark>{escape(self.text[start:end])}</mark>")
            done = end
        pieces.append(escape(self.text[done:]))
        before = "… " if self.cut_before else ""
        after = " …" if self.cut_after else ""
        return before + "".join(pieces) + after


@dataclass(frozen=True, slots=True)
class Part:
    """One addend of a score: `term` is what matched in a `stream` (see `searchdb.ranking`).

    Streams are "syllable", "word", "adjacency", "spelling", "proximity" (`~16`: within 16
    syllables).
    """

    stream: str
    term: str
    score: float


@dataclass(frozen=True, slots=True)
class Hit:
    """One line of a result. `start` and `end` place the passage in the stored document.

    `relaxed` marks a hit that does not hold everything that was asked for. `explanation` is filled
    when it was asked for; its scores add up to `score`.
    """

    rank: int
    id: str
    passage: int
    score: float
    title: str
    title_highlights: tuple[Range, ...]
    date: str | None
    source: str | None
    meta: Meta
    start: int
    end: int
    snippet: Snippet
    relaxed: bool = False
    explanation: tuple[Part, ...] = ()


@dataclass(frozen=True, slots=True)
class SearchResult:
    """What a search found. `total` counts the documents that match without being relaxed.

    `interpreted` is how the query was understood where that differs from what was typed,
    `suggestion` another query worth offering.
    """

    query: str
    interpreted: str | None
    suggestion: str | None
    total: int
    took_ms: float
    hits: tuple[Hit, ...]


@dataclass(frozen=True, slots=True)
class AddReport:
    """What one `add` did, in documents. `duplicates` were replaced by a later one of the batch."""

    added: int = 0
    updated: int = 0
    duplicates: int = 0


@dataclass(frozen=True, slots=True)
class SyncReport:
    """What one `sync` did, in documents; `errors` holds the reason for each of the `failed`.

    `notes` are sentences about files that were read with a guess (their encoding, for one).
    """

    added: int = 0
    updated: int = 0
    removed: int = 0
    unchanged: int = 0
    failed: int = 0
    errors: tuple[ReadError, ...] = ()
    notes: tuple[str, ...] = ()
