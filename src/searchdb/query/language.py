"""LEXICON OF A SNAPSHOT -> what it says of a syllable and of two side by side, remembered.

People ask for the same words again and again, so what is derived from a lexicon for one query is
kept for the next. Law: nothing here depends on a query, only on the snapshot; what is kept is
bounded, and goes with the snapshot.
"""

from __future__ import annotations

from collections import Counter
from itertools import islice
from typing import TYPE_CHECKING, TypeVar
from weakref import WeakKeyDictionary, proxy

from searchdb.analysis import fold
from searchdb.query import dictionary, plan

if TYPE_CHECKING:
    from collections.abc import Callable, Hashable

    import numpy as np
    from numpy.typing import NDArray

    from searchdb.analysis.lexicon import Lexicon

__all__ = ["UNMARKED_DOCUMENT", "Language", "language_of"]

_V = TypeVar("_V")

UNMARKED_DOCUMENT = 0.5
"""What a bare form in an unmarked document counts for, for a syllable typed with marks."""

_DISCOUNT = 0.75
"""Occurrences taken from each pair seen, for those not seen yet; see `restore`."""

_NEW = 0.25
"""The power by which what follows a form is new less often the more often it occurred; as above."""

_IN_DICTIONARY = 0.5
"""Occurrences credited to two syllables that are a word of the dictionary; as above."""

_IN_LONGER = 0.1
"""What an occurrence counts for behind an unknown syllable where it is only a part of words."""

_UNSEEN = 0.01
"""Occurrences credited to a form that the collection does not hold."""

_REMEMBERED = 1 << 13
"""Answers of a kind that are kept: some 10 MB of matrices where every query is bare."""

_MOST_BEGINNING = 512
"""Forms that a half-typed syllable may become, the most frequent ones."""

_BEGINNINGS = 1 << 9
"""Beginnings that are kept."""

_MOST_FORMS = 256
"""Forms of a syllable that are known, the most frequent ones: far more than a language has, but a
text may hold any number of letters with marks."""

_LARGEST_KEPT = 1024
"""Cells of a matrix that is kept; the expansion of a prefix makes larger ones."""

_IN_USE = 50
"""Occurrences from which a form is in use, and of a fuller form from which it may be a slip."""


class Language:
    """One lexicon and what was asked of it before. Safe to use from several threads."""

    def __init__(self, lexicon: Lexicon) -> None:
        # Weakly, or the snapshot could never go: it is the key under which this is kept.
        self.lexicon: Lexicon = proxy(lexicon)
        self._forms: dict[str, tuple[str, ...]] = {}
        self._fuller: dict[tuple[str, bool], tuple[str, ...]] = {}
        self._unmarked: dict[str, bool] = {}
        self._priors: dict[tuple[str, ...], NDArray[np.float64]] = {}
        self._backoffs: dict[tuple[str, ...], NDArray[np.float64]] = {}
        self._steps: dict[tuple[tuple[str, ...], ...], NDArray[np.float64] | None] = {}
        self._surfaces: dict[str, str] = {}
        self._slots: dict[str, plan.Slot] = {}
        self._beginning: dict[str, tuple[str, ...]] = {}
        self._followers: dict[str, tuple[tuple[str, int], ...]] = {}

    def forms(self, folded: str) -> tuple[str, ...]:
        """The keys with this fold, most frequent first, those of unmarked documents left out.

        At most `_MOST_FORMS`.
        """
        return _kept(self._forms, folded, self._read_forms)

    def _read_forms(self, folded: str) -> tuple[str, ...]:
        found = self.lexicon.forms(folded)
        accented = (form for form in found if not form.startswith(fold.BARE))
        return tuple(islice(accented, _MOST_FORMS))

    def fuller(self, key: str, *, name: bool) -> tuple[str, ...]:
        """The forms with the marks of a marked key and more, if the key may be a slip for them.

        It may be where it is no word of the language (`tiêng`), or, typed as a name, not even a
        part of one, unless the collection uses it for what it is.
        """
        return _kept(self._fuller, (key, name), self._read_fuller)

    def _read_fuller(self, key_and_name: tuple[str, bool]) -> tuple[str, ...]:
        key, name = key_and_name
        typed = Counter(fold.marks(key))
        forms = [form for form in self.forms(fold.fold(key)) if form != key]
        fuller = tuple(form for form in forms if typed <= Counter(fold.marks(form)))
        if not fuller:
            return ()
        own, others = self.lexicon.cf(key), max(map(self.lexicon.cf, fuller))
        if (own >= _IN_USE and own * _IN_USE >= others) or (name and own):
            return ()
        known = dictionary.load()
        return () if key in (known.syllables if name else known.words) else fuller

    def beginning(self, stem: str) -> tuple[str, ...]:
        """The keys whose fold begins as that of the stem does, the most frequent ones first."""
        return _kept(self._beginning, fold.fold(stem), self._read_beginning, _BEGINNINGS)

    def _read_beginning(self, folded: str) -> tuple[str, ...]:
        found = [form for full in self.lexicon.starting(folded) for form in self.forms(full)]
        counts = dict(zip(found, map(self.lexicon.cf, found), strict=True))
        return tuple(sorted(found, key=lambda form: (-counts[form], form))[:_MOST_BEGINNING])

    def followers(self, key: str) -> tuple[tuple[str, int], ...]:
        """The keys that follow this one and how often, those of unmarked documents left out."""
        return _kept(self._followers, key, self._read_followers)

    def _read_followers(self, key: str) -> tuple[tuple[str, int], ...]:
        found = self.lexicon.followers(key)
        return tuple(each for each in found if not each[0].startswith(fold.BARE))

    def has_unmarked(self, folded: str) -> bool:
        """Whether unmarked documents hold this folded form."""
        return _kept(self._unmarked, folded, self._read_unmarked)

    def _read_unmarked(self, folded: str) -> bool:
        return self.lexicon.df(fold.bare(folded)) > 0

    def surface(self, key: str) -> str:
        """How the collection writes this key, in lower case."""
        return _kept(self._surfaces, key, self.lexicon.surface)

    def meant(self, key: str) -> plan.Slot:
        """The slot of a key that is meant exactly: itself, or bare in an unmarked document."""
        return _kept(self._slots, key, self._make_slot)

    def _make_slot(self, key: str) -> plan.Slot:
        folded = fold.fold(key)
        if key.isdecimal() or not self.has_unmarked(folded):
            return plan.Slot(key, ((key, 1.0),))
        share = 1.0 if key == folded else UNMARKED_DOCUMENT
        return plan.Slot(key, ((key, 1.0), (fold.bare(folded), share)))

    def prior(self, forms: tuple[str, ...]) -> NDArray[np.float64]:
        """The probability of each form by itself, shape (forms,)."""
        return _kept(self._priors, forms, self._read_prior)

    def _read_prior(self, forms: tuple[str, ...]) -> NDArray[np.float64]:
        import numpy as np  # noqa: PLC0415 - heavy, and a query with all its marks needs none

        total = max(1, self.lexicon.totals.occurrences)
        counts = np.array([self.lexicon.cf(form) for form in forms], dtype=np.float64)
        return (counts + _UNSEEN) / total

    def backoff(self, forms: tuple[str, ...]) -> NDArray[np.float64]:
        """The probability of each form behind what it was never seen behind, shape (forms,).

        A word begins there, so a syllable counts by how often it is a word by itself: `đúng` is
        likelier than `dụng`, which is seldom seen outside of `sử dụng` and its like.
        """
        return _kept(self._backoffs, forms, self._read_backoff)

    def _read_backoff(self, forms: tuple[str, ...]) -> NDArray[np.float64]:
        import numpy as np  # noqa: PLC0415 - as above

        lexicon = self.lexicon
        alone = [lexicon.word_df((form,)) / max(1, lexicon.df(form)) for form in forms]
        return self.prior(forms) * (np.array(alone, dtype=np.float64) + _IN_LONGER)

    def step(self, before: tuple[str, ...], forms: tuple[str, ...]) -> NDArray[np.float64] | None:
        """p(form | previous), shape (before, forms); None where nothing knows any of the pairs.

        There (a foreign name after a word, say) the smoothing would speak for the rarest previous
        form.
        """
        if len(before) * len(forms) > _LARGEST_KEPT:
            return self._read_step((before, forms))
        return _kept(self._steps, (before, forms), self._read_step)

    def _read_step(self, pair: tuple[tuple[str, ...], ...]) -> NDArray[np.float64] | None:
        import numpy as np  # noqa: PLC0415 - as above

        before, forms = pair
        counts = np.array(self.lexicon.counts(before, forms), dtype=np.float64)
        words = dictionary.load().words
        known = np.array([[f"{one} {two}" in words for two in forms] for one in before])
        if not (counts.any() or known.any()):
            return None
        total = np.array([[self.lexicon.cf(form) + 1.0] for form in before])
        seen = (np.maximum(counts - _DISCOUNT, 0.0) + _IN_DICTIONARY * known) / total
        return np.asarray(seen + total**-_NEW * self.backoff(forms))


_languages: WeakKeyDictionary[Lexicon, Language] = WeakKeyDictionary()


def language_of(lexicon: Lexicon) -> Language:
    """What was learned of this snapshot so far."""
    language = _languages.get(lexicon)
    return language or _languages.setdefault(lexicon, Language(lexicon))


_K = TypeVar("_K", bound="Hashable")
_NOTHING = object()


def _kept(known: dict[_K, _V], key: _K, read: Callable[[_K], _V], most: int | None = None) -> _V:
    """What `read` gives for the key, kept for the next time."""
    found = known.get(key, _NOTHING)
    if found is _NOTHING:
        if len(known) >= (most or _REMEMBERED):
            known.clear()
        found = known[key] = read(key)
    return found  # type: ignore[return-value]
