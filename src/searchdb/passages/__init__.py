"""A document in, the same document with its title, its date and its passages out.

Law: the stored text is the text as given, and every letter and digit of it is in exactly one
passage. Page furniture (counters, buttons, footers, repeated lines, the title that is kept on its
own) stands in passages of its own. No outside knowledge, no clock: equal texts, equal passages.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from itertools import groupby

from searchdb.model import Document, Meta, Passage, StoredDocument
from searchdb.passages.furniture import PageLines, footer, page_lines, published_on, repeats
from searchdb.passages.headings import part_starts
from searchdb.passages.headlines import Headline, find_headline, shown_title
from searchdb.passages.lines import Line, read_lines
from searchdb.passages.official import OfficialHead, official_head
from searchdb.passages.sizes import cut

__all__ = ["split"]

_HALF = re.compile("[\ud800-\udfff]")


def split(document: Document, *, keep_furniture: bool = False) -> StoredDocument:
    """Cut a document into passages, and look for the title and the date that it does not have.

    Half characters (lone surrogates) become U+FFFD, so that everything can be stored as UTF-8 and
    every offset stays. A passage has up to 1,500 characters, most have 400 to 1,000; it never
    begins before and ends behind a heading. `keep_furniture` marks nothing as furniture.
    """
    text = _storable(document.text)
    lines = read_lines(text)
    page = page_lines(text, lines)
    head = official_head(text, lines)
    found = Headline("", frozenset())
    if document.title is None:
        found = _headline(text, lines, page, head)
    title = found.title if document.title is None else _storable(document.title)
    furniture: frozenset[int] = frozenset()
    if not keep_furniture:
        furniture = page.numbers | head.emblem | found.numbers
        furniture |= shown_title(text, lines, title)
        furniture |= footer(text, lines, page)
        furniture |= repeats(text, lines, furniture)
    return StoredDocument(
        id=document.id,
        text=text,
        title=title,
        date=document.date or head.date or published_on(lines, page),
        source=None if document.source is None else _storable(document.source),
        meta=_storable_meta(document.meta),
        passages=tuple(_passages(text, lines, furniture)),
    )


def _headline(text: str, lines: Sequence[Line], page: PageLines, head: OfficialHead) -> Headline:
    """The title of an official document, or the headline below its head, or the first one."""
    if head.rows:
        return Headline(head.title, frozenset(head.rows))
    return find_headline(text, lines, PageLines(page.numbers | head.above, page.stamps))


def _passages(text: str, lines: Sequence[Line], furniture: frozenset[int]) -> Iterator[Passage]:
    starts = part_starts(text, lines, furniture)
    part = 0

    def place(number: int) -> tuple[int, bool]:
        nonlocal part
        beside = number - 1 in furniture, number in furniture
        if number in starts or lines[number].gap == "rule" or beside[0] != beside[1]:
            part += 1
        return part, beside[1]

    for (_, is_furniture), numbers in groupby(range(len(lines)), place):
        for start, end in cut(text, [lines[number] for number in numbers]):
            yield Passage(start, end, is_furniture)


def _storable(text: str) -> str:
    try:
        text.encode()  # refuses halves, many times faster than they can be looked for
    except UnicodeEncodeError:
        return _HALF.sub("\ufffd", text)
    return text


def _storable_meta(meta: Meta) -> Meta:
    return {
        _storable(name): _storable(value) if isinstance(value, str) else value
        for name, value in meta.items()
    }
