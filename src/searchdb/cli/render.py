"""Results in, lines for people out.

Law: nothing that a document holds can act on the terminal or pose as what searchdb says: control
characters, and those that turn the direction of writing round, come out as U+FFFD.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby
from operator import attrgetter

from searchdb.cli.messages import Voice
from searchdb.model import Hit, Range, SearchResult, StoredDocument, Token, meta_text

__all__ = [
    "Style",
    "body",
    "columns",
    "document",
    "fact",
    "flat",
    "named",
    "page",
    "summary",
    "token_table",
    "visible",
]

_BLANKS = "\r\v\f\x1c\x1d\x1e\x1f\x85\u2028\u2029"
_CONTROLS = (*range(0x20), 0x7F, *range(0x80, 0xA0), *range(0x202A, 0x202F), *range(0x2066, 0x206A))
_SAFE = dict.fromkeys(_CONTROLS, "\ufffd") | dict.fromkeys(map(ord, _BLANKS), " ")
_SAFE |= {ord("\n"): "\n", ord("\t"): "\t"}

# Stand-ins for the escapes of a terminal while lines are made: they take no room, no safe text
# holds them, and `_lit` puts the escapes in their place.
_MATCH, _TITLE, _PLACE, _FAINT, _PLAIN = "\x01", "\x02", "\x03", "\x04", "\x05"
_ESCAPES = str.maketrans(
    {
        _MATCH: "\x1b[1;31m",
        _TITLE: "\x1b[1m",
        _PLACE: "\x1b[36m",
        _FAINT: "\x1b[2m",
        _PLAIN: "\x1b[0m",
    }
)


@dataclass(frozen=True, slots=True)
class Style:
    """How text for people looks. `width` is that of the terminal in cells, None for no wrapping."""

    color: bool = False
    width: int | None = None


def visible(text: str) -> str:
    """The text made safe, character for character; only line ends and tabs still act."""
    return text.translate(_SAFE)


def body(text: str) -> str:
    """A stored text made safe, with the line ends of this system."""
    return visible(text.replace("\r\n", "\n"))


def flat(text: str) -> str:
    """The text made safe, on one line."""
    return " ".join(visible(text).split())


def named(name: str) -> str:
    """An id or a source made safe, on one line, space for space: people paste it into commands."""
    return visible(name).replace("\n", " ").replace("\t", " ")


def page(result: SearchResult, style: Style, say: Voice) -> Iterator[str]:
    """The lines of a page of results, those that do not hold all that was asked for set apart."""
    for relaxed, hits in groupby(result.hits, key=attrgetter("relaxed")):
        if relaxed:
            yield say("close")
        for hit in hits:
            for line in _hit(hit, style):
                yield line.translate(_ESCAPES)


def summary(result: SearchResult, say: Voice, *, filtered: bool) -> Iterator[str]:
    """How much there is, or what to try where there is nothing."""
    took, total, hits = result.took_ms, result.total, result.hits
    if hits and not total:
        yield say("total_close", took=took)
    elif hits:
        exact = [hit.rank for hit in hits if not hit.relaxed]
        if exact and len(exact) < total and len({hit.id for hit in hits}) == len(hits):
            yield say("total_page", total=total, first=exact[0], last=exact[-1], took=took)
        else:
            yield say("total", total=total, took=took)
    elif total:
        yield say("past_end", total=total)
    elif not any(map(str.isalnum, result.query)):
        yield say("no_words")
    else:
        yield say("none", query=flat(result.query))
        yield say("none_filtered" if filtered else "none_tip")


def document(stored: StoredDocument, say: Voice) -> Iterator[str]:
    """The lines of a whole document: its fields, an empty line, its text."""
    yield f"id: {named(stored.id)}"
    date = _day(stored.date) if stored.date else None
    for key, value in (("title", stored.title), ("date", date), ("source", stored.source)):
        if value:
            yield f"{say(key)}: {flat(value)}"
    for name, meta in stored.meta.items():
        yield f"{flat(name)}: {flat(meta_text(meta))}"
    yield ""
    yield body(stored.text)


def token_table(tokens: Iterable[Token]) -> Iterator[str]:
    """The tokens in columns under the names of their fields."""
    names = ("text", "key", "folded", "kind", "position", "word")
    fields = attrgetter(*names)
    return columns([names, *([flat(str(field)) for field in fields(each)] for each in tokens)])


def columns(rows: Sequence[Sequence[str]]) -> Iterator[str]:
    """The rows with their cells below each other."""
    widths = [max(map(_width, column)) for column in zip(*rows, strict=True)]
    for row in rows:
        cells = zip(row, widths, strict=True)
        yield "  ".join(cell + " " * (width - _width(cell)) for cell, width in cells).rstrip()


def fact(value: int | str, say: Voice) -> str:
    """A number grouped as the language does, a text made safe."""
    return say.number(value) if isinstance(value, int) else flat(value)


def _hit(hit: Hit, style: Style) -> Iterator[str]:
    number = f"{hit.rank}. "
    indent = " " * len(number)
    title = _marked(hit.title, hit.title_highlights, style, around=_TITLE).strip() or flat(hit.id)
    lines = _wrapped(_painted(title, _TITLE, style), number, indent, style)
    if hit.date:
        day = _day(hit.date)
        if style.width and _width(f"{lines[-1]}    {day}") > style.width:
            lines.append(indent)
        else:
            lines[-1] += "    "
        lines[-1] += _painted(day, _FAINT, style)
    yield from lines
    snippet = hit.snippet
    text = _marked(snippet.text, snippet.highlights, style)
    text = f"{'… ' if snippet.cut_before else ''}{text}{' …' if snippet.cut_after else ''}"
    place = _painted(f"{named(hit.id)}#{hit.passage}", _PLACE, style)
    yield from _wrapped(text, f"{indent}{place}  ", indent, style)
    if hit.explanation:
        yield from _wrapped(_painted(_sum(hit), _FAINT, style), indent, indent, style)


def _sum(hit: Hit) -> str:
    """How the score adds up, by stream."""
    streams = [
        f"{stream} ({' + '.join(f'{flat(part.term)} {part.score:.3f}' for part in parts)})"
        for stream, parts in groupby(hit.explanation, key=attrgetter("stream"))
    ]
    return f"{hit.score:.3f} = {' + '.join(streams)}"


def _marked(text: str, ranges: Iterable[Range], style: Style, *, around: str = "") -> str:
    """The text made safe, with its highlights painted, or in brackets where there is no color.

    `around` is the paint of the text itself, which goes on behind each highlight.
    """
    text = visible(text)
    before, after = (_MATCH, _PLAIN + around) if style.color else ("[", "]")
    pieces: list[str] = []
    done = 0
    for start, end in ranges:
        pieces += (text[done:start], before, text[start:end], after)
        done = end
    return "".join(pieces) + text[done:]


def _painted(text: str, paint: str, style: Style) -> str:
    return f"{paint}{text}{_PLAIN}" if style.color else text


def _wrapped(text: str, first: str, indent: str, style: Style) -> list[str]:
    """The words of a text in lines no wider than the terminal; a longer word stays whole.

    The first line begins with `first`, the others with `indent`.
    """
    words = text.split()
    if style.width is None:
        return [f"{first}{' '.join(words)}".rstrip()]
    lines: list[str] = []
    line, used, gap = first, _width(first), ""
    for word in words:
        size = _width(word)
        if used + len(gap) + size > style.width and line != indent:
            lines.append(line.rstrip())
            line, used, gap = indent, len(indent), ""
        line += gap + word
        used += len(gap) + size
        gap = " "
    return _closed([*lines, line.rstrip()])


def _closed(lines: Iterable[str]) -> list[str]:
    """The lines with each paint ended where its line ends, and taken up again on the next."""
    closed: list[str] = []
    paint = ""
    for line in lines:
        whole = paint + line
        marks = [char for char in whole if ord(char) in _ESCAPES]
        paint = marks[-1] if marks and marks[-1] != _PLAIN else ""
        closed.append(whole + _PLAIN if paint else whole)
    return closed


def _width(text: str) -> int:
    """How many cells of a terminal a text takes."""
    if text.isascii() and text.isprintable():
        return len(text)
    from rich.cells import cell_len  # noqa: PLC0415 - a query into a pipe needs none of rich

    return cell_len(text)


def _day(date: str) -> str:
    """An ISO date as it is written in Vietnamese."""
    return "/".join(reversed(date.split("-")))
