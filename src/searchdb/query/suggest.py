"""A half-typed query in, whole ones out, the likeliest first: what is offered while one types.

What stands finished is understood as `interpret` would understand it; what follows comes from the
collection's own words and neighbors, so `sinh hoat ch` becomes `sinh hoạt chi bộ` where people
write that. Law: once a beginning has been asked for, the time of a call does not grow with the
collection.
"""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass
from typing import TYPE_CHECKING

from searchdb.analysis import fold
from searchdb.query.case import in_case_of
from searchdb.query.compounds import word_starts
from searchdb.query.language import language_of
from searchdb.query.restore import posteriors

if TYPE_CHECKING:
    from collections.abc import Iterator

    from searchdb.analysis import Analyzer
    from searchdb.analysis.analyzer import Syllables
    from searchdb.analysis.lexicon import Lexicon
    from searchdb.query.language import Language

__all__ = ["complete"]

_CONTEXT = 8
"""Finished syllables that are looked back at."""

_LIKELIEST = 3
"""Forms of the syllable before the half-typed one that are looked at, and continuations of one."""

_REFINED = 40
"""Completions whose words are looked up."""

_CONTINUED = 6
"""Completions that are continued."""

_LONGEST_WORD = 5
"""Syllables up to which a completion is continued."""

_MORE_MARKS = 0.3
"""What a form with more marks than were typed counts for: they may yet be typed."""

_USUAL = 0.3
"""Share of a syllable's occurrences from which what follows it is offered though they are no word
by themselves: the parts of a name."""

_SELDOM = 4
"""Occurrences up to which two syllables side by side may be chance."""

_SURE = 0.5
"""Posterior from which a finished syllable is offered with the marks that were left out."""


@dataclass(frozen=True, slots=True)
class _Head:
    """What stands finished: `word` are the keys of its last word.

    `shown` is all before its last syllable as it is offered, `last` that syllable as typed, `key`
    its key and `gap` what stands behind it. `forms` are its likeliest keys, each with its
    probability.
    """

    shown: str
    last: str = ""
    key: str = ""
    gap: str = ""
    word: tuple[str, ...] = ()
    forms: tuple[tuple[str, float], ...] = ()

    def before(self, key: str, language: Language) -> str:
        """All of it, its last syllable in the form that stands before `key` most often."""
        if not self.forms:
            return self.shown + self.gap
        count = language.lexicon.count
        form, chance = max(self.forms, key=lambda each: count(each[0], key) * each[1])
        sure = chance >= _SURE or count(form, key)
        if sure and form != self.key:
            return self.shown + in_case_of(self.last, language.surface(form)) + self.gap
        return self.shown + self.last + self.gap


def complete(text: str, analyzer: Analyzer, lexicon: Lexicon, *, limit: int = 10) -> list[str]:
    """Ways to finish a half-typed query, the likeliest first.

    The last syllable counts as half typed unless white space follows it; its marks may be half
    typed, too. Finished syllables keep the marks they have, and get those that were left out.
    """
    language = language_of(lexicon)
    found = analyzer.syllables(text)
    if not found.keys:
        return []
    half = not text[-1:].isspace()
    head = _head(text, found, len(found.keys) - half, language)
    if half:
        ends = _completions(found.keys[-1], found.surfaces[-1], head, language)
    else:
        ends = _followers(head, language)
    offered: dict[str, float] = {}
    capitals = text.isupper() and len(text) > 1
    for rank, (key, weight) in enumerate(ends[: max(limit, _CONTINUED)]):
        ways = _continued(head, key, language) if rank < _CONTINUED else iter([((), 1.0)])
        before = head.before(key, language)
        for rest, share in ways:
            shown = before + " ".join(map(language.surface, (key, *rest)))
            offered.setdefault(shown.upper() if capitals else shown, weight * share)
    typed = text.strip().lower()
    ranked = sorted(offered, key=lambda shown: (-offered[shown], shown))
    return [shown for shown in ranked if shown.lower() != typed][:limit]


def _head(text: str, found: Syllables, done: int, language: Language) -> _Head:
    """Understand the first `done` syllables; white space and signs behind them stay."""
    begin = max(0, done - _CONTEXT)
    keys, folded = found.keys[begin:done], found.folded[begin:done]
    accepted = [
        language.forms(without) if key == without else ()
        for key, without in zip(keys, folded, strict=True)
    ]
    accepted = [forms or (key,) for forms, key in zip(accepted, keys, strict=True)]
    best: list[str] = []
    likeliest: list[tuple[str, float]] = []
    pieces: list[str] = []
    written = 0
    for place, (forms, posterior) in enumerate(
        zip(accepted, posteriors(accepted, language), strict=True), begin
    ):
        likeliest = sorted(zip(forms, posterior.chances, strict=True), key=lambda each: -each[1])
        form, chance = likeliest[0]
        best.append(form)
        if form != found.keys[place] and chance >= _SURE and place < done - 1:
            start, end = found.starts[place], found.ends[place]
            shown = in_case_of(text[start:end], language.surface(form))
            pieces += (text[written:start], shown)
            written = end
    end = found.starts[done] if done < len(found.keys) else len(text)
    if not best:
        return _Head(text[:end])
    starts = word_starts(best, language.lexicon)
    first = max(place for place, start in enumerate(starts) if start)
    last = slice(found.starts[done - 1], found.ends[done - 1])
    return _Head(
        "".join(pieces) + text[written : last.start],
        text[last],
        found.keys[done - 1],
        text[last.stop : end],
        tuple(best[first:]),
        tuple(likeliest[:_LIKELIEST]),
    )


def _completions(
    key: str, surface: str, head: _Head, language: Language
) -> list[tuple[str, float]]:
    """Forms that begin as typed, each with its probability behind the head, best first."""
    from numpy import asarray  # noqa: PLC0415 - heavy

    stems = tuple(dict.fromkeys((key, surface)))
    forms = tuple(dict.fromkeys(form for stem in stems for form in language.beginning(stem)))
    if not forms:
        return []
    weights = language.prior(forms).copy()
    before = [form for form, _ in head.forms]
    seen = any(map(any, counts := language.lexicon.counts(before, forms))) if before else False
    if seen:  # then what was never seen there is left out
        weights[:] = 0
        for (form, share), row in zip(head.forms, counts, strict=True):
            weights += share / (language.lexicon.cf(form) or 1) * asarray(row)
    if any(stem != fold.fold(stem) for stem in stems):
        for place, form in enumerate(forms):
            if not form.startswith(stems):
                weights[place] *= _MORE_MARKS if _may_become(stems, form) else 0.0
    order = sorted(range(len(forms)), key=lambda place: (-weights[place], forms[place]))
    ends = [(forms[place], float(weights[place])) for place in order[:_REFINED] if weights[place]]
    return _refined(ends, head, language)


def _refined(
    ends: list[tuple[str, float]], head: _Head, language: Language
) -> list[tuple[str, float]]:
    """The same without what only stands there as the end of another word.

    Behind `sinh hoạt`, what makes a word with `hoạt` alone (`hoạt chất`) tells nothing.
    """
    if len(head.word) <= 1:
        return ends
    lexicon, last = language.lexicon, head.word[-1]
    kept: list[tuple[str, float]] = []
    for form, weight in ends:
        if lexicon.word_df((last, form)) and not lexicon.word_df((*head.word, form)):
            count = lexicon.count(last, form)
            weight *= max(0, count - lexicon.word_df((last, form))) / max(1, count)  # noqa: PLW2901
        kept.append((form, weight))
    return sorted(kept, key=lambda end: (-end[1], end[0]))


def _may_become(stems: tuple[str, ...], form: str) -> bool:
    """Whether marks typed later can make the form of one of the beginnings (`tiên` to `tiếng`)."""
    return any(
        all(
            letter == other and set(marks) <= set(more)
            for (letter, marks), (other, more) in zip(_letters(stem), _letters(form), strict=False)
        )
        for stem in stems
    )


def _letters(text: str) -> Iterator[tuple[str, str]]:
    """Each letter and its marks, the stroke of đ as one."""
    for char in text:
        if char == "đ":
            yield "d", "-"
        else:
            decomposed = unicodedata.normalize("NFD", char)
            yield decomposed[0], decomposed[1:]


def _followers(head: _Head, language: Language) -> list[tuple[str, float]]:
    """What comes after a finished syllable, each with its probability, best first."""
    weights: dict[str, float] = {}
    for before, share in head.forms:
        total = language.lexicon.cf(before) or 1
        for form, count in language.followers(before):
            weights[form] = weights.get(form, 0.0) + share * count / total
    ends = sorted(weights.items(), key=lambda end: (-end[1], end[0]))
    return _refined(ends, head, language)


def _continued(
    head: _Head, key: str, language: Language
) -> Iterator[tuple[tuple[str, ...], float]]:
    """What may follow a completed syllable: nothing, or the rest of a word that it is in.

    The second number is the share of the occurrences in which it goes on so; for nothing, that of
    those in which no word goes on.
    """
    word = (*head.word, key)
    longer = _longer(word, language)
    if not longer and not language.lexicon.word_df(word):
        word = (key,)
        longer = _longer(word, language)
    given, share = len(word), 1.0
    yield (), max(0.0, 1.0 - sum(part for part, _ in longer))
    for part, following in longer[1:_LIKELIEST]:
        yield (*word[given:], following), part
    while longer and len(word) < _LONGEST_WORD:
        part, following = longer[0]
        word = (*word, following)
        share *= part
        yield word[given:], share
        longer = _longer(word, language)


def _longer(word: tuple[str, ...], language: Language) -> list[tuple[float, str]]:
    """The syllables with which the word goes on, with their shares, the largest first.

    By words; of a lone syllable also what stands behind it so often that it is part of a name.
    """
    lexicon = language.lexicon
    followers = language.followers(word[-1])
    dfs = [(lexicon.word_df((*word, following)), following) for following, _ in followers]
    total = lexicon.word_df(word) + sum(df for df, _ in dfs)
    longer = [(df / total, following) for df, following in dfs if df]
    if len(word) == 1:
        occurrences = lexicon.cf(word[0]) or 1
        usual = max(_SELDOM, occurrences * _USUAL)
        known = {following for _, following in longer}
        longer += [
            (count / occurrences, following)
            for following, count in followers
            if count > usual and following not in known
        ]
    return sorted(longer, key=lambda part: (-part[0], part[1]))
