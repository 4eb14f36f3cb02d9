"""CASE -> ANSWER of bm25s over accented syllables.

Settings: composed, lower-case runs of letters and digits; Lucene's BM25. It has no syntax and no
way to demand a word, so whatever scores above nothing is a match, and it marks nothing. Where marks
are to be ignored they are taken away before.
"""

from __future__ import annotations

import re
import unicodedata

import bm25s  # type: ignore[import-untyped]

from searchdb.conformance import Answer, Case

__all__ = ["NAME", "ask"]

NAME = "bm25s"

_WORD = re.compile(r"\w+")
_STROKE = str.maketrans("đ", "d")


def ask(case: Case) -> Answer:
    """Index the documents of a case in memory and ask its query."""
    bare = case.options.diacritics == "ignore"
    texts = [_words(f"{each.title or ''} {each.text}", bare=bare) for each in case.docs]
    known = {word for words in texts for word in words}
    wanted = [word for word in _words(case.query, bare=bare) if word in known]
    if not wanted:
        return Answer(matches=())
    engine = bm25s.BM25(method="lucene")
    engine.index(texts, show_progress=False)
    places, scores = engine.retrieve([wanted], k=len(texts), show_progress=False)
    ranked = zip(places[0].tolist(), scores[0].tolist(), strict=True)
    return Answer(matches=tuple(case.docs[place].id for place, score in ranked if score > 0))


def _words(text: str, *, bare: bool) -> list[str]:
    text = unicodedata.normalize("NFC", text).lower()
    if bare:
        parts = unicodedata.normalize("NFD", text).translate(_STROKE)
        text = "".join(char for char in parts if not unicodedata.combining(char))
    return _WORD.findall(text)
