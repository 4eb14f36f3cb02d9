"""CASE -> ANSWER of SQLite FTS5, as `unicode61 remove_diacritics 2` gives it.

Settings: every word of the query demanded, or any of them where the case says so; what stands
between quotes, and a word with signs in it, is a phrase; `-word` is NOT, `word*` a prefix,
`title:` a column. Titles weigh twice. Where marks are demanded exactly, none are removed.
"""

from __future__ import annotations

import re
import sqlite3
from contextlib import closing

from searchdb.conformance import Answer, Case, marked
from searchdb.model import Range

__all__ = ["NAME", "ask"]

NAME = "SQLite FTS5"

_OPEN, _CLOSE = "\x02", "\x03"
_PIECE = re.compile(
    r'(?P<minus>-(?=["\w]))?(?P<title>title:)?(?:"(?P<phrase>[^"]*)"|(?P<word>[^\s"]+))'
)
_QUOTES = str.maketrans("“”«»", '""""')
_RANKED = """
    SELECT id, highlight(texts, 1, :open, :close), highlight(texts, 2, :open, :close)
    FROM texts WHERE texts MATCH :wanted ORDER BY bm25(texts, 0, 2, 1), id
"""


def ask(case: Case) -> Answer:
    """Index the documents of a case in memory and ask its query."""
    removed = 0 if case.options.diacritics == "exact" else 2
    wanted = _expression(case)
    with closing(sqlite3.connect(":memory:")) as db:
        db.execute(
            "CREATE VIRTUAL TABLE texts USING fts5"
            f"(id UNINDEXED, title, text, tokenize = 'unicode61 remove_diacritics {removed}')"
        )
        rows = [(each.id, each.title or "", each.text) for each in case.docs]
        db.executemany("INSERT INTO texts VALUES (?, ?, ?)", rows)
        values = {"open": _OPEN, "close": _CLOSE, "wanted": wanted}
        found = db.execute(_RANKED, values).fetchall() if wanted else []
    shown = [marked(*_ranges(text), case.options) for row in found[:1] for text in row[1:]]
    return Answer(matches=tuple(row[0] for row in found), marked=tuple(shown))


def _expression(case: Case) -> str:
    """The query in the language of FTS5, "" for one that asks for nothing."""
    kept: list[str] = []
    dropped: list[str] = []
    for piece in _PIECE.finditer(case.query.translate(_QUOTES)):
        word = piece["phrase"] or piece["word"] or ""
        if word == "OR" and kept:
            kept.append("OR")
        elif any(map(str.isalnum, word)):
            term = f'"{word.rstrip("*")}"' + ("*" if word.endswith("*") else "")
            (dropped if piece["minus"] else kept).append(
                f"title : {term}" if piece["title"] else term
            )
    while kept and kept[-1] == "OR":
        kept.pop()
    between = " OR " if case.options.operator == "or" else " AND "
    wanted = between.join(kept).replace(" AND OR AND ", " OR ")
    return f"({wanted})" + "".join(f" NOT {each}" for each in dropped) if wanted else ""


def _ranges(text: str) -> tuple[str, list[Range]]:
    """A text with signs around what matched, as the text and the ranges."""
    plain = ""
    ranges: list[Range] = []
    before, *rest = text.split(_OPEN)
    plain += before
    for piece in rest:
        inside, _, behind = piece.partition(_CLOSE)
        ranges.append((len(plain), len(plain) + len(inside)))
        plain += inside + behind
    return plain, ranges
