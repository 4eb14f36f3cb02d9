"""A query as typed in, its tree out (`searchdb.query.ast`).

Laws: what is not valid syntax is text, so the only errors are a query beyond `MAX_LENGTH`,
`MAX_CLAUSES` or `MAX_DEPTH`; `query[n.start : n.start + len(n.text)] == n.text` for
every Text, Phrase and Prefix; time is linear in the query, and nothing recurses.

Quotes are paired first, left to right. Parentheses outside of them are paired next, and a pair of
which the inside is mere words falls back to text: so are pasted remarks (like this) kept whole.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING, Literal

from searchdb.errors import QueryError
from searchdb.query.ast import And, Field, Node, Not, Or, Phrase, Prefix, Text

if TYPE_CHECKING:
    from collections.abc import Iterator

__all__ = ["FIELDS", "MAX_CLAUSES", "MAX_DEPTH", "MAX_LENGTH", "parse"]

MAX_LENGTH = 10_000
"""In characters: far beyond a pasted paragraph, little enough to answer at once."""

MAX_CLAUSES = 100
"""Phrases, fields and prefixes: each costs an engine a look at many documents."""

MAX_DEPTH = 50
"""In nodes from the root to a leaf: later stages may recurse without a second thought."""

FIELDS = frozenset({"title"})
"""The names that may stand before a colon; any other `name:` is text."""

_QUOTE = re.compile('["“”„‟«»＂]')
_CHUNK = re.compile(r"[()]|[^\s()]+")


@dataclass(frozen=True, slots=True)
class _Piece:
    """A stretch of the query that is text unless what stands around it makes more of it."""

    start: int
    end: int
    role: Literal["word", "blank", "tie", "open", "close", "minus", "field", "AND", "OR"]


_Item = _Piece | Node
_FIELD = frozenset({"field"})
_MARKS = frozenset({"minus", "field"})
_OPERATORS = frozenset({"AND", "OR"})
_WORDS = frozenset({"word", "field", "AND", "OR"})


def parse(text: str, *, syntax: Literal["smart", "plain"] = "smart") -> Node:
    """The tree of a query; `And(())` where there is no letter or digit in it.

    "plain" reads no syntax at all: the tree is one Text. Raises QueryError beyond `MAX_LENGTH`,
    `MAX_CLAUSES` and `MAX_DEPTH`, and for nothing else.
    """
    if len(text) > MAX_LENGTH:
        message = f"the query has {len(text):,} characters: shorten it to {MAX_LENGTH:,} or fewer"
        raise QueryError(message, query=text, pos=MAX_LENGTH)
    if syntax == "plain":
        start = len(text) - len(text.lstrip())
        return Text(text.strip(), start) if _has_word(text) else And(())
    root = _group(text, _items(text)) or And(())
    _check_size(text, root)
    return root


def _items(query: str) -> list[_Item]:
    """The query at its outermost level, each group in parentheses folded to one node."""
    frames: list[list[_Item]] = [[]]
    for token in _tokens(query):
        items = frames[-1]
        if not isinstance(token, _Piece):
            _attach(query, items, token)
        elif token.role == "open":
            frames.append([token])
        elif token.role == "close" and len(frames) > 1:
            _close(query, frames.pop(), frames[-1], token.end)
        elif items and _has_role(items[-1], _MARKS) and token.role not in _MARKS:
            _attach(query, items, Text(query[token.start : token.end], token.start))
        else:
            items.append(token)
    return [item for frame in frames for item in frame]


def _close(query: str, inner: list[_Item], outer: list[_Item], end: int) -> None:
    """Put a pair of parentheses, `inner` with the first in front, into the level around it."""
    opening, *items = inner
    node = _group(query, items)
    in_field = bool(outer) and _has_role(outer[-1], _FIELD)
    if node is not None and (in_field or not isinstance(node, Text)):
        _attach(query, outer, node)
    elif isinstance(opening, _Piece):
        outer.append(_Piece(opening.start, end, "blank" if node is None else "word"))


def _attach(query: str, items: list[_Item], node: Node) -> None:
    """Add a node to its level, under the `-` and `title:` directly before it."""
    while items and isinstance(mark := items[-1], _Piece) and mark.role in _MARKS:
        items.pop()
        name = query[mark.start : mark.end - 1].lower()
        node = Field(name, node) if mark.role == "field" else Not(node)
    items.append(node)


def _group(query: str, items: list[_Item]) -> Node | None:
    """One level as a node, None if there are no words in it. OR binds first, all else is AND."""
    terms: list[list[Node]] = []
    joining = False
    for unit in _units(query, items):
        if isinstance(unit, _Piece):
            joining = unit.role == "OR"
        elif joining:
            terms[-1].append(unit)
            joining = False
        else:
            terms.append([unit])
    nodes = tuple(term[0] if len(term) == 1 else Or(tuple(term)) for term in terms)
    if len(nodes) > 1:
        return And(nodes)
    return nodes[0] if nodes else None


def _units(query: str, items: list[_Item]) -> Iterator[_Item]:
    """The nodes of one level and the operators between them, each run of words made one Text.

    A run without a word in it is dropped, and so are the hyphens that tie a run to what precedes.
    """
    solid = [item for item in items if not isinstance(item, _Piece) or item.role in _WORDS]
    operators = {id(item) for index, item in enumerate(solid) if _is_operator(solid, index)}
    run: list[_Piece] = []
    for item in items:
        if isinstance(item, _Piece) and id(item) not in operators:
            if run or item.role != "tie":
                run.append(item)
            continue
        yield from _text(query, run)
        run.clear()
        yield item
    yield from _text(query, run)


def _text(query: str, run: list[_Piece]) -> Iterator[Text]:
    if any(piece.role in _WORDS for piece in run):
        yield Text(query[run[0].start : run[-1].end], run[0].start)


def _is_operator(items: list[_Item], index: int) -> bool:
    """Whether AND or OR stands there, between two operands: at an end or in a row it is text."""
    if not (_has_role(items[index], _OPERATORS) and 0 < index < len(items) - 1):
        return False
    around = items[index - 1], items[index + 1]
    return not any(_has_role(item, _OPERATORS) for item in around)


def _tokens(query: str) -> Iterator[_Item]:
    """Phrases, prefixes and pieces, in order; no piece crosses white space or a parenthesis."""
    done = 0
    for opening, closing in _quoted(query):
        for chunk in _CHUNK.finditer(query, done, opening):
            yield from _read_chunk(query, *chunk.span(), opening)
        if opening < len(query):
            inside = query[opening + 1 : closing]
            start = opening + 1 + len(inside) - len(inside.lstrip())
            yield Phrase(inside.strip(), start)
        done = closing + 1


def _quoted(query: str) -> Iterator[tuple[int, int]]:
    """The offsets of each pair of quotes, then the end of the query as if it were one.

    Any quote closes any other, as keyboards mix them. None opens after a letter or digit (15" is
    inches), nor around nothing.
    """
    done = -1
    for opening, closing in pairwise(match.start() for match in _QUOTE.finditer(query)):
        if opening <= done or (opening and _is_letter(query[opening - 1])):
            continue
        if _has_word(query[opening + 1 : closing]):
            yield opening, closing
            done = closing
    yield len(query), len(query)


def _read_chunk(query: str, start: int, end: int, phrase: int) -> Iterator[_Item]:
    """One parenthesis, or what stands between white space, parentheses and the next phrase."""
    if query[start] in "()":
        yield _Piece(start, end, "open" if query[start] == "(" else "close")
        return
    leads = end < len(query) and (end == phrase or query[end] == "(")
    hyphens = _hyphens(query, start, end, leads=leads)
    if hyphens is not None:
        yield hyphens
        start = hyphens.end
    name, colon, value = query[start:end].partition(":")
    if colon and name.lower() in FIELDS and (value[0].isalnum() if value else leads):
        yield _Piece(start, start + len(name) + 1, "field")
        start += len(name) + 1
    if start < end:
        yield _read_word(query, start, end)


def _hyphens(query: str, start: int, end: int, *, leads: bool) -> _Piece | None:
    """The `-` of a Not, or the hyphens that tie a chunk to the quote or parenthesis before it.

    `leads` says that a phrase or a parenthesis follows the chunk directly. A number is never
    negated: "S -400" is the name of a missile.
    """
    chunk = query[start:end]
    if start == 0 or query[start - 1].isspace() or query[start - 1] == "(":
        negated = chunk[1:]
        valid = negated[0].isalnum() and any(map(str.isalpha, negated)) if negated else leads
        return _Piece(start, start + 1, "minus") if chunk[0] == "-" and valid else None
    ties = len(chunk) - len(chunk.lstrip("-"))
    return _Piece(start, start + ties, "tie") if ties else None


def _read_word(query: str, start: int, end: int) -> _Item:
    chunk = query[start:end]
    if chunk in {"AND", "OR"}:
        return _Piece(start, end, "AND" if chunk == "AND" else "OR")
    if not _has_word(chunk):
        return _Piece(start, end, "blank")
    if chunk.endswith("*") and _is_letter(chunk[-2]):
        return Prefix(chunk[:-1], start)
    return _Piece(start, end, "word")


def _check_size(query: str, root: Node) -> None:
    """Refuse what would take an engine long: deep nesting, and clauses by the hundred."""
    level, clauses = [root], 0
    for _ in range(MAX_DEPTH):
        clauses += sum(isinstance(node, Phrase | Prefix | Field) for node in level)
        level = [child for node in level for child in _children(node)]
    if clauses > MAX_CLAUSES:
        message = f"the query has {clauses} phrases, fields and prefixes: use at most {MAX_CLAUSES}"
        raise QueryError(message, query=query, pos=0)
    if level:
        message = f"the query is nested more than {MAX_DEPTH} deep: take out some parentheses"
        raise QueryError(message, query=query, pos=_first_offset(level[0]))


def _children(node: Node) -> tuple[Node, ...]:
    if isinstance(node, And | Or):
        return node.nodes
    return (node.node,) if isinstance(node, Not | Field) else ()


def _first_offset(node: Node) -> int:
    """Where the text of the node begins."""
    while not isinstance(node, Text | Phrase | Prefix):
        node = _children(node)[0]
    return node.start


def _has_role(item: _Item, roles: frozenset[str]) -> bool:
    return isinstance(item, _Piece) and item.role in roles


def _has_word(text: str) -> bool:
    return any(map(str.isalnum, text))


def _is_letter(char: str) -> bool:
    """Letters, digits and the marks that follow a letter in decomposed text."""
    return char.isalnum() or unicodedata.category(char).startswith("M")
