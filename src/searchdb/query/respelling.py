"""A query that finds nothing in, other spellings of it that the collection would know out.

A noisy channel: what was meant is weighed by the collection's bigrams, how it came to be typed so
by what people confuse (marks, neighboring keys, `ch` and `tr`, a letter too many or too few).
Laws: every syllable that is left as typed is known or is no syllable; a word that the language has
is doubted only where another makes a word with its neighbor; time is bounded whatever is typed.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from itertools import chain, islice, takewhile
from string import ascii_lowercase
from typing import TYPE_CHECKING

from searchdb.analysis import fold
from searchdb.query import dictionary
from searchdb.query.case import in_case_of
from searchdb.query.language import language_of

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from searchdb.analysis import Analyzer
    from searchdb.analysis.analyzer import Syllables
    from searchdb.analysis.lexicon import Lexicon
    from searchdb.query.language import Language

__all__ = ["respellings"]

_MOST_SYLLABLES = 20
_LONGEST = 12
"""Letters; longer than any syllable is a code or a foreign word."""

_MARKS, _CONFUSED, _SLIPPED, _LETTER = 2.0, 3.0, 3.5, 4.5
"""Cost of a change, in nats: other marks, sounds that are confused, a slip of the fingers (a
neighboring key, letters swapped or doubled), any other letter."""

_JOINED = 0.25
"""Share of the cost where the change makes a word with a neighbor, and what was typed made none."""

_MOST_NEAR = 24
"""Other forms that are looked at for one syllable, cheapest and then most frequent first."""

_BEAM = 24
_MOST_FORMS = 8

_ONSETS = (
    ("ch", "tr"), ("s", "x"), ("l", "n"), ("d", "gi"), ("d", "r"), ("gi", "r"), ("c", "k"),
    ("c", "q"), ("k", "q"), ("g", "gh"), ("ng", "ngh"), ("d", "v"), ("ph", "f"), ("h", "q"),
)  # fmt: skip
"""Onsets that are confused, by the ear or by the rules of spelling."""

_FINALS = (("n", "ng"), ("c", "t"), ("n", "nh"), ("i", "y"), ("o", "u"), ("ch", "t"), ("i", "e"))
"""The same at the end of a syllable."""

_ROWS = ("qwertyuiop", "asdfghjkl", "zxcvbnm")
_PLACES = {
    key: (line, column + line / 2)
    for line, row in enumerate(_ROWS)
    for column, key in enumerate(row)
}


@dataclass(frozen=True, slots=True)
class _Way:
    """A beginning of the query: its keys, which of them are changed, and its score in nats."""

    keys: tuple[str, ...] = ()
    changed: tuple[bool, ...] = ()
    score: float = 0.0


def respellings(
    text: str, analyzer: Analyzer, lexicon: Lexicon, *, limit: int = 5
) -> Iterator[str]:
    """Other queries that may have been meant, the likeliest first, if likelier than what was typed.

    Marks that were left out are put in. Whether one finds anything is for the caller to try.
    """
    language = language_of(lexicon)
    found = analyzer.syllables(text)
    if not 0 < len(found.keys) <= _MOST_SYLLABLES:
        return
    ways = [_Way()]
    for place in range(len(found.keys)):
        options = _options(found, place, language)
        if not options:
            return
        ways = _extended(ways, options, language)
    likelier = takewhile(lambda way: any(way.changed), ways)
    offered = (_shown(text, found, way, language) for way in likelier)
    yield from islice(dict.fromkeys(offered), limit)


def _extended(
    ways: Sequence[_Way], options: Sequence[tuple[str, float]], language: Language
) -> list[_Way]:
    """Every way with every option behind it, the best of them."""
    forms = tuple(form for form, _ in options)
    lexicon = language.lexicon
    total = max(1, lexicon.totals.occurrences)
    priors = [(lexicon.cf(form) + 0.01) / total for form in forms]
    before = tuple(dict.fromkeys(way.keys[-1] for way in ways if way.keys))
    counts = dict(zip(before, lexicon.counts(before, forms), strict=True)) if before else {}
    extended: list[_Way] = []
    for way in ways:
        last = way.keys[-1] if way.keys else None
        seen = lexicon.cf(last) if last is not None else 0
        for place, (form, cost) in enumerate(options):
            chance = priors[place]
            if last is not None:
                chance = (counts[last][place] + 5 * chance) / (seen + 5)
            score = way.score + math.log(chance) - cost
            extended.append(_Way((*way.keys, form), (*way.changed, cost > 0), score))
    extended.sort(key=lambda way: (-way.score, way.keys))
    return extended[:_BEAM]


def _options(found: Syllables, place: int, language: Language) -> list[tuple[str, float]]:
    """The forms that may have been meant, each with the cost of the change."""
    key, folded = found.keys[place], found.folded[place]
    if found.kinds[place] != "syllable":
        return [(key, 0.0)]
    forms = language.forms(folded)
    typed = forms[:_MOST_FORMS] if key == folded else tuple(f for f in forms if f == key)
    options = dict.fromkeys(typed, 0.0)
    near = dict.fromkeys(forms, _MARKS) if key != folded else {}
    for other, cost in _near(folded).items():
        for form in language.forms(other)[:_MOST_FORMS]:
            kept = key == folded or fold.marks(form) == fold.marks(key)
            near[form] = cost if kept else cost + _MARKS
    lexicon = language.lexicon
    is_word = key in dictionary.load().words or (key == folded and bool(forms))
    if is_word or typed:
        near = {
            form: cost * _JOINED
            for form, cost in near.items()
            if _joins(found, place, form, language)
        }
    cheapest = sorted(near, key=lambda form: (near[form], -lexicon.cf(form), form))
    for form in cheapest[:_MOST_NEAR]:
        options.setdefault(form, near[form])
    if is_word and not options:
        options[key] = 0.0
    return list(options.items())


def _joins(found: Syllables, place: int, form: str, language: Language) -> bool:
    """Whether the form makes a word with a neighbor as typed, while what was typed makes none."""
    lexicon, words = language.lexicon, dictionary.load().words

    def is_word(pair: tuple[str, str]) -> bool:
        return lexicon.word_df(pair) > 0 or " ".join(pair) in words

    def neighbors(at: int) -> Sequence[str]:
        if not 0 <= at < len(found.keys):
            return ()
        key, folded = found.keys[at], found.folded[at]
        return language.forms(folded)[:_MOST_FORMS] if key == folded else (key,)

    rows = [((other, form), (other, found.keys[place])) for other in neighbors(place - 1)]
    rows += [((form, other), (found.keys[place], other)) for other in neighbors(place + 1)]
    return any(is_word(new) and lexicon.count(*new) for new, _ in rows) and not any(
        is_word(old) for _, old in rows
    )


def _near(folded: str) -> dict[str, float]:
    """Every folded text one change away, with the cost of the cheapest change."""
    if len(folded) > _LONGEST:
        return {}
    near: dict[str, float] = {}
    for text, cost in chain(_confused(folded), _mistyped(folded)):
        near[text] = min(cost, near.get(text, cost))
    return {text: cost for text, cost in near.items() if text and text != folded}


def _confused(folded: str) -> Iterator[tuple[str, float]]:
    """What is heard alike, or spelled alike by the rules."""
    for one, other in _both_ways(_ONSETS):
        if folded.startswith(one):
            yield other + folded.removeprefix(one), _CONFUSED
    for one, other in _both_ways(_FINALS):
        if folded.endswith(one):
            yield folded.removesuffix(one) + other, _CONFUSED


def _both_ways(pairs: Sequence[tuple[str, str]]) -> Iterator[tuple[str, str]]:
    return chain(pairs, ((other, one) for one, other in pairs))


def _mistyped(folded: str) -> Iterator[tuple[str, float]]:
    """A letter left out, put in, exchanged for another, or swapped with the next."""
    for place in range(len(folded) + 1):
        head, tail = folded[:place], folded[place:]
        yield head + tail[1:], _SLIPPED if tail[:1] == tail[1:2] else _LETTER
        yield head + tail[1:2] + tail[:1] + tail[2:], _SLIPPED
        for letter in ascii_lowercase:
            doubled = letter in (head[-1:], tail[:1])
            yield head + letter + tail, _SLIPPED if doubled else _LETTER
            yield head + letter + tail[1:], _SLIPPED if _touch(tail[:1], letter) else _LETTER


def _touch(one: str, other: str) -> bool:
    """Whether two letters are neighbors on the keyboard."""
    (line, column), (row, place) = _PLACES.get(one, (9, 0.0)), _PLACES[other]
    return abs(line - row) <= 1 and abs(column - place) <= 1


def _shown(text: str, found: Syllables, way: _Way, language: Language) -> str:
    """The query with the keys of the way in place of what was typed otherwise, in its case."""
    pieces: list[str] = []
    done = 0
    for place, key in enumerate(way.keys):
        if key != found.keys[place]:
            start, end = found.starts[place], found.ends[place]
            shown = in_case_of(text[start:end], language.surface(key))
            pieces += (text[done:start], shown)
            done = end
    return "".join(pieces) + text[done:]
