"""Markdown in, one document out: text verbatim, title, date and fields from where they are kept.

Law: nothing is rendered and nothing is cut but front matter that became fields.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from searchdb.model import Document, Meta, meta_text
from searchdb.readers.dates import day
from searchdb.readers.front_matter import read_front_matter
from searchdb.readers.source import ReadFile, Source
from searchdb.readers.text import decoded

if TYPE_CHECKING:
    from collections.abc import Sequence

__all__ = ["read"]

_HEAD = 1 << 16
"""In characters. Where a title is looked for: further down a heading heads a part."""

_LONGEST = 500
"""In characters. What is longer is no title, whatever stands before it."""

_HEADING = re.compile(r" {0,3}#[ \t]+(.*)")
_FENCE = re.compile(r" {0,3}(`{3,}|~{3,})")


def read(source: Source) -> ReadFile:
    """Read a Markdown file.

    The title is `title` of the front matter, else the first `# heading`, else left to be looked
    for; the date is `date` of the front matter. Its other fields, and what cannot be a title or a
    date, become `meta`, and the text is what follows it, if anything does. Raises ValueError where
    the file is no text or has nothing in it.
    """
    found = decoded(source)
    front = read_front_matter(found.text)
    notes = [note for note in (found.note, front.note) if note]
    body = found.text[front.body :]
    title, meta = _taken(front.fields, "title")
    if len(title) > _LONGEST:
        title, meta = "", front.fields
    date = None
    written, others = _taken(meta, "date")
    try:
        date = day(written) if written else None
        meta = others
    except ValueError as error:
        notes.append(f"the date of its front matter was passed over: {error}")
    document = Document(
        id=source.id,
        text=body if body.strip() else found.text,
        title=title or _heading(body[:_HEAD].split("\n")),
        date=date,
        source=source.source,
        meta=meta,
    )
    return ReadFile((document,), "; ".join(notes) or None)


def _taken(fields: Meta, name: str) -> tuple[str, Meta]:
    """The text of a field, whatever the case of its name, on one line; and the other fields."""
    others = {each: value for each, value in fields.items() if each.lower() != name}
    found = [fields[each] for each in fields if each not in others and fields[each] is not None]
    return " ".join(meta_text(found[0]).split()) if found else "", others


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
