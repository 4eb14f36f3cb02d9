"""What else to ask: completions of a half-typed query, and another spelling of one that failed.

Both come from the collection's own words, so whatever is offered can be found.
"""

from __future__ import annotations

from itertools import islice
from typing import TYPE_CHECKING

from searchdb.analysis import fold

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from searchdb.analysis import Analyzer
    from searchdb.analysis.lexicon import Lexicon

__all__ = ["complete", "respell"]

_MOST_FOLDS = 2000
"""Folded forms looked at for one half-typed syllable; a one-letter prefix has more in any index."""

_LONGEST_WORD = 5
"""Syllables up to which a completion is continued."""

_USUAL = 0.3
"""Share of a syllable's occurrences from which what follows it is offered though they are no word
by themselves: the parts of a name."""

_SELDOM = 4
"""Occurrences up to which two syllables side by side may be chance."""

_LETTERS = "abcdefghijklmnopqrstuvwxyz"


def complete(text: str, analyzer: Analyzer, lexicon: Lexicon, *, limit: int = 10) -> list[str]:
    """Ways to finish a half-typed query, the most usual first; typed accents are kept.

    The last syllable counts as half typed unless white space follows it; it is
    offered alone and continued to the words of the collection that it is part of.
    """
    found = analyzer.syllables(text)
    if not found.keys:
        return []
    half = not text[-1:].isspace()
    done = len(found.keys) - half
    head = text[: found.starts[-1]] if half else text
    context = _known(found.keys[done - 1], lexicon) if done else []
    if half:
        ends = list(_completions(found.keys[-1], found.surfaces[-1], context, lexicon))
        if any(weight >= 1 for _, weight in ends):  # seen after what stands before: not by chance
            ends = [(key, weight) for key, weight in ends if weight >= 1 or not context]
    else:
        ends = list(_followers(context, lexicon))
    offered: dict[str, float] = {}
    for key, weight in sorted(ends, key=lambda end: (-end[1], end[0]))[: limit * 3]:
        for rest, share in _continued(context, key, lexicon):
            shown = head + " ".join(lexicon.surface(each) for each in (key, *rest))
            offered.setdefault(shown, weight * share)
    typed = text.strip().lower()
    ranked = sorted(offered, key=lambda shown: (-offered[shown], shown))
    return [shown for shown in ranked if shown.lower() != typed][:limit]


def _known(key: str, lexicon: Lexicon) -> list[str]:
    """The forms a typed syllable stands for."""
    if lexicon.cf(key) and key != fold.fold(key):
        return [key]
    return [form for form in lexicon.forms(fold.fold(key)) if not form.startswith(fold.BARE)]


def _completions(
    key: str, surface: str, context: Sequence[str], lexicon: Lexicon
) -> Iterator[tuple[str, float]]:
    """Forms that start as typed, weighted by how often they follow what stands before."""
    stems = dict.fromkeys((key, surface))
    folds = (full for stem in stems for full in lexicon.starting(fold.fold(stem)))
    for full in dict.fromkeys(islice(folds, _MOST_FOLDS)):
        for form in lexicon.forms(full):
            marked = key != fold.fold(key)
            if form.startswith(fold.BARE) or (marked and not form.startswith(tuple(stems))):
                continue
            # Alone it counts for less than having been seen once after what stands before.
            alone = lexicon.cf(form) / (lexicon.totals.occurrences + 1)
            yield form, alone + sum(lexicon.count(before, form) for before in context)


def _followers(context: Sequence[str], lexicon: Lexicon) -> Iterator[tuple[str, float]]:
    """What comes after a finished syllable."""
    for before in context:
        for form, count in lexicon.followers(before):
            if not form.startswith(fold.BARE):
                yield form, float(count)


def _continued(
    context: Sequence[str], key: str, lexicon: Lexicon
) -> Iterator[tuple[tuple[str, ...], float]]:
    """What may follow a completed syllable: nothing, or the rest of a word that it is in.

    The second number is the share of the occurrences of what it continues.
    """
    yield (), 1.0
    begins = [(before, key) for before in context if lexicon.word_df((before, key))]
    word = max(begins, key=lexicon.word_df, default=(key,))
    given, share = len(word), 1.0
    while len(word) < _LONGEST_WORD:
        here = lexicon.word_df(word) + 1
        usual = max(_SELDOM, lexicon.cf(word[-1]) * _USUAL)
        longer = [
            (lexicon.word_df((*word, following)), count, following)
            for following, count in lexicon.followers(word[-1])
            if count > usual or lexicon.word_df((*word, following))
        ]
        if not longer:
            return
        df, count, following = max(longer)
        word = (*word, following)
        share *= max(df, count) / (max(df, count) + here)
        yield word[given:], share


def respell(text: str, analyzer: Analyzer, lexicon: Lexicon) -> str | None:
    """The query with each syllable that the collection does not know replaced by a known one.

    Candidates are one letter away (left out, added, exchanged, swapped); the one that follows the
    syllable before it most often, then the most frequent one, is taken. None where every syllable
    is known or one has no candidate.
    """
    found = analyzer.syllables(text)
    pieces: list[str] = []
    done = 0
    before = ""
    for key, folded, start, end, kind in zip(
        found.keys, found.folded, found.starts, found.ends, found.kinds, strict=True
    ):
        if lexicon.forms(folded) or kind != "syllable":
            before = key
            continue
        near = [form for each in _one_away(folded) for form in _known(each, lexicon)]
        if not near:
            return None
        before = max(near, key=lambda form: (lexicon.count(before, form), lexicon.cf(form), form))
        pieces += (text[done:start], lexicon.surface(before))
        done = end
    return "".join(pieces) + text[done:] if pieces else None


def _one_away(folded: str) -> list[str]:
    """Every text one edit away from a folded syllable, in order."""
    if len(folded) > 12:  # noqa: PLR2004 - longer than any syllable: a code or a foreign word
        return []
    cuts = [(folded[:place], folded[place:]) for place in range(len(folded) + 1)]
    near = {head + tail[1:] for head, tail in cuts if tail}
    near |= {head + letter + tail for head, tail in cuts for letter in _LETTERS}
    near |= {head + letter + tail[1:] for head, tail in cuts if tail for letter in _LETTERS}
    near |= {head + tail[1] + tail[0] + tail[2:] for head, tail in cuts if len(tail) > 1}
    return sorted(near - {folded, ""})
