"""Markdown in, one document out: text verbatim, title and date from where Markdown keeps them.

Law: nothing is rendered and nothing is cut, so that offsets lead into the file as it was written.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from searchdb.model import Document
from searchdb.readers.dates import day
from searchdb.readers.source import ReadFile, Source
from searchdb.readers.text import decoded

if TYPE_CHECKING:
    from collections.abc import Sequence

__all__ = ["read"]

_HEAD = 1 << 16
"""In characters. Where title and date are looked for: further down a heading heads a part."""

_LONGEST = 500
"""In characters. What is longer is no title, whatever stands before it."""

_FIELD = re.compile(r"(title|date)[ \t]*:[ \t]*(.*)", re.IGNORECASE)
_COMMENT = re.compile(r"(?:^|\s)#")
_HEADING = re.compile(r" {0,3}#[ \t]+(.*)")
_FENCE = re.compile(r" {0,3}(`{3,}|~{3,})")


def read(source: Source) -> ReadFile:
    """Read a Markdown file.

    The title is `title:` of the front matter, else the first `# heading`, else left to be looked
    for; the date is `date:` of the front matter. Front matter is read as simple `key: value` lines
    between two lines `---`. A date that is none is passed over with a note. Raises ValueError
    where the file is no text or has nothing in it.
    """
    found = decoded(source)
    lines = found.text[:_HEAD].split("\n")
    fields, body = _front_matter(lines)
    notes = [found.note] if found.note else []
    date = None
    if fields.get("date"):
        try:
            date = day(fields["date"])
        except ValueError as error:
            notes.append(f"the date of its front matter was passed over: {error}")
    title = fields.get("title") or _heading(lines[body:])
    document = Document(id=source.id, text=found.text, title=title, date=date, source=source.source)
    return ReadFile((document,), "; ".join(notes) or None)


def _front_matter(lines: Sequence[str]) -> tuple[dict[str, str], int]:
    """Find the fields of the front matter that we know, and the number of the line after it."""
    fields: dict[str, str] = {}
    if lines[0].rstrip() != "---":
        return {}, 0
    for number, line in enumerate(lines[1:], 1):
        if line.rstrip() in {"---", "..."}:
            return fields, number + 1
        field = _FIELD.fullmatch(line)
        if field:
            fields[field[1].lower()] = _value(field[2])
    return {}, 0


def _value(written: str) -> str:
    """Take a YAML scalar without its quotes or its comment."""
    written = written.strip()
    quote = written[:1]
    if quote in {'"', "'"}:
        end = written.find(quote, 1)
        return _titled(written[1:end]) if end > 0 else ""
    comment = _COMMENT.search(written)
    return _titled(written[: comment.start()] if comment else written)


def _heading(lines: Sequence[str]) -> str | None:
    """Find the first first-level heading outside of fenced code."""
    fence = ""
    for line in lines:
        mark = _FENCE.match(line)
        if mark and not fence:
            fence = mark[1]
        elif mark and mark[1].startswith(fence):
            fence = ""
        elif not fence and (heading := _HEADING.fullmatch(line)):
            title = _titled(_without_closing(heading[1]))
            if title:
                return title
    return None


def _without_closing(heading: str) -> str:
    """`# Title ##` is `Title`, but `# C#` is `C#`."""
    heading = heading.strip()
    bare = heading.rstrip("#")
    return bare if not bare or bare[-1].isspace() else heading


def _titled(text: str) -> str:
    return " ".join(text.split()) if len(text) <= _LONGEST else ""
