"""A word of the query and what the collection knows -> the same word with one mark mistaken.

A slip of the author's (`ngăn chăn` for `ngăn chặn`) and one of the reader's (`khuyên nông` for
`khuyến nông`) are both forgiven, inside a word of several syllables, where the others are right.
Laws: what is a word with the marks it has is no slip (`công nhân` is not `công nhận`, whether the
collection uses it or not); a name is none either; an untyped mark is nobody's mistake.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from searchdb.query import dictionary, plan

if TYPE_CHECKING:
    from collections.abc import Sequence

    from searchdb.analysis.analyzer import Syllables
    from searchdb.query.language import Language

__all__ = ["in_document", "in_pair", "names"]

_Ways = tuple[tuple[plan.Slot, ...], ...]

_LONGEST_FORGIVEN = 4
"""Syllables of the longest word in which a wrong mark is forgiven."""

_ENDS = frozenset(".!?…")
"""Behind them a capital is no sign of a name."""


def names(text: str, found: Syllables) -> list[bool]:
    """Which syllables of `text` are typed as names: with a capital that nothing else explains.

    Where all is in capitals they tell nothing, and neither does the first of a sentence, unless
    the next one has it too.
    """
    if not any(map(str.islower, text)):
        return [False] * len(found.keys)
    capital = [text[start].isupper() for start in found.starts]
    if not any(capital):
        return capital
    for place in range(len(capital) - 1, -1, -1):
        gap = text[found.ends[place - 1] : found.starts[place]] if place else ""
        if capital[place] and (not place or not _ENDS.isdisjoint(gap)):
            capital[place] = place + 1 < len(capital) and capital[place + 1]
    return capital


def in_document(
    best: Sequence[str],
    found: Syllables,
    slots: Sequence[plan.Slot],
    begin: int,
    language: Language,
) -> _Ways:
    """A word of the collection, at `begin` of the query, with one mark mistaken in a document.

    `best` are the keys of the word, `slots` its slots. Nothing where the mistaken word is one of
    the collection's, too.
    """
    lexicon = language.lexicon
    if not 1 < len(best) <= _LONGEST_FORGIVEN or not lexicon.word_df(tuple(best)):
        return ()
    ways: list[tuple[plan.Slot, ...]] = []
    for place, slot in enumerate(slots):
        if not _is_marked(found, begin + place):
            continue
        forms = [
            form
            for form in language.forms(found.folded[begin + place])
            if form not in slot.keys
            and not lexicon.word_df((*best[:place], form, *best[place + 1 :]))
        ]
        if forms:
            slip = plan.Slot(slot.text, tuple((form, 1.0) for form in forms))
            ways.append((*slots[:place], slip, *slots[place + 1 :]))
    return tuple(ways)


def in_pair(
    best: Sequence[str],
    found: Syllables,
    slots: Sequence[plan.Slot],
    begin: int,
    language: Language,
) -> _Ways:
    """Two neighbors at `begin` of the query that the collection never has so, with one mark other.

    Either they are a word of the dictionary, mistaken in a document, or the other is, and the query
    is mistaken. Nothing where both are, or neither.
    """
    lexicon = language.lexicon
    one, two = best[begin : begin + 2]
    marked = [_is_marked(found, begin), _is_marked(found, begin + 1)]
    if not any(marked) or lexicon.count(one, two):
        return ()
    pairs = [(form, two) for form in language.forms(found.folded[begin]) if marked[0]]
    pairs += [(one, form) for form in language.forms(found.folded[begin + 1]) if marked[1]]
    pairs = [pair for pair in pairs if lexicon.count(*pair)]
    words = dictionary.load().words if pairs else frozenset[str]()
    typed_right = f"{one} {two}" in words
    return tuple(
        tuple(
            slot if meant == typed else language.meant(meant)
            for slot, typed, meant in zip(slots, (one, two), pair, strict=True)
        )
        for pair in pairs
        if (" ".join(pair) in words) != typed_right
    )


def _is_marked(found: Syllables, place: int) -> bool:
    return found.keys[place] != found.folded[place] and not found.keys[place].isdecimal()
