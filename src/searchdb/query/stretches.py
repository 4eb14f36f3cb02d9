"""A STRETCH OF THE QUERY -> SLOTS AND UNITS, for one collection.

What is typed with marks is a demand, what is typed without is free. A marked syllable is answered
by that form, or, where the collection does not know it, by the known forms that have its marks
and more (`tiêng` by `tiếng`); a bare one by every form of its fold. Documents written wholly
without marks answer both, a marked syllable at a discount.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import islice, product
from typing import TYPE_CHECKING, Literal

from searchdb.analysis import fold
from searchdb.query import ast, dates, plan
from searchdb.query.compounds import word_starts
from searchdb.query.restore import posteriors

if TYPE_CHECKING:
    from searchdb.analysis import Analyzer
    from searchdb.analysis.analyzer import Syllables
    from searchdb.analysis.lexicon import Lexicon
    from searchdb.query.abbreviations import Abbreviations
    from searchdb.query.expansion import Expansion

__all__ = ["Diacritics", "Leaf", "Stretch", "StretchReader", "Unit"]

Diacritics = Literal["smart", "exact", "ignore"]
Leaf = ast.Text | ast.Phrase | ast.Prefix

_UNMARKED_DOCUMENT = 0.5
"""What a bare form in an unmarked document counts for, for a syllable typed with marks."""

_OTHER_SPELLING = 0.9
"""What another spelling of one syllable counts for (`tư` for `tw` in a document number)."""

_SURE = 0.5
"""Posterior from which a restored form is shown as what was understood."""

_LEAST = 0.02
"""Least weight of a form in its group: it matches, and hardly ranks."""

_MOST_FORMS = 1000
"""Forms a prefix may expand to, the most frequent ones."""

_MOST_VARIANTS = 16
"""Ways to write one unit that are looked for."""

_LONGEST_FORGIVEN = 4
"""Syllables of the longest word in which a wrong mark is forgiven."""


@dataclass(frozen=True, slots=True)
class Unit:
    """Slots that are demanded side by side: a word, a code, a date, or a lone syllable.

    `variants` are other ways to write all of it, `slips` the unit with one mark mistaken.
    """

    slots: tuple[plan.Slot, ...]
    variants: tuple[tuple[plan.Slot, ...], ...] = ()
    slips: tuple[tuple[plan.Slot, ...], ...] = ()


@dataclass(frozen=True, slots=True)
class Stretch:
    """A text, phrase or prefix of the query; the lists run in step with its syllables.

    `best` are the keys understood, `restored` says where that is not what was typed, `starts` where
    a unit begins. `start` is the offset of the stretch in the query.
    """

    found: Syllables
    start: int
    slots: list[plan.Slot]
    best: list[str]
    restored: list[bool]
    starts: list[bool]
    units: list[Unit]


class StretchReader:
    """Analyzes each stretch of one query once, and remembers it for the trees made of it."""

    def __init__(
        self,
        analyzer: Analyzer,
        lexicon: Lexicon,
        abbreviations: Abbreviations | None,
        diacritics: Diacritics,
    ) -> None:
        self._analyzer = analyzer
        self._lexicon = lexicon
        self._abbreviations = abbreviations
        self._diacritics = diacritics
        self._read_already: dict[tuple[Leaf, int], Stretch] = {}
        self._expanded_already: dict[tuple[str, str], list[str]] = {}

    def read(self, leaf: Leaf) -> Stretch:
        """The stretch, analyzed."""
        place = (leaf, leaf.start)
        if place not in self._read_already:
            self._read_already[place] = self._read(leaf)
        return self._read_already[place]

    def _read(self, leaf: Leaf) -> Stretch:
        found = self._analyzer.syllables(leaf.text)
        accepted = [self._accepted(*pair) for pair in zip(found.keys, found.folded, strict=True)]
        if isinstance(leaf, ast.Prefix) and found.keys:
            accepted[-1] = self._expanded(found.keys[-1], found.surfaces[-1])
        slots, best, restored = [], [], []
        for key, forms, chances in zip(
            found.keys, accepted, posteriors(accepted, self._lexicon), strict=True
        ):
            chosen = max(range(len(forms)), key=chances.__getitem__)
            slots.append(self._slot(key, forms, chances, chosen))
            best.append(forms[chosen])
            restored.append(forms[chosen] != key and chances[chosen] >= _SURE)
        starts = word_starts(best, self._lexicon)
        expansions = self._expansions(leaf, found)
        for expansion in expansions:
            starts[expansion.start : expansion.end] = [True] + [False] * (
                expansion.end - expansion.start - 1
            )
            starts[expansion.end : expansion.end + 1] = [True] * (expansion.end < len(starts))
        starts = [start and not joined for start, joined in zip(starts, found.joined, strict=True)]
        stretch = Stretch(found, leaf.start, slots, best, restored, starts, [])
        self._add_units(stretch, leaf.text, expansions)
        return stretch

    # Which keys answer a syllable

    def _accepted(self, key: str, folded: str) -> list[str]:
        """The keys that answer one typed syllable, those of unmarked documents left out."""
        if self._diacritics == "exact":
            return [key]
        forms = [form for form in self._lexicon.forms(folded) if not form.startswith(fold.BARE)]
        if key == folded or self._diacritics == "ignore":
            return forms or [key]
        if self._lexicon.cf(key):
            return [key]
        typed = Counter(fold.marks(key))
        return [form for form in forms if typed <= Counter(fold.marks(form))] or [key]

    def _expanded(self, key: str, surface: str) -> list[str]:
        """The keys that a half-typed syllable may become.

        `qu` merges y and i only in whole syllables, so what was typed is looked up as well as its
        key: `quy*` finds `quyết` and `quý`.
        """
        if (key, surface) not in self._expanded_already:
            self._expanded_already[key, surface] = self._look_up(key, surface)
        return self._expanded_already[key, surface]

    def _look_up(self, key: str, surface: str) -> list[str]:
        stems = dict.fromkeys((key, surface))
        folds = dict.fromkeys(
            full for stem in stems for full in self._lexicon.starting(fold.fold(stem))
        )
        forms = [form for full in folds for form in self._lexicon.forms(full)]
        if self._diacritics == "exact" or (key != fold.fold(key) and self._diacritics == "smart"):
            forms = [form for form in forms if form.startswith(tuple(stems))]
        forms.sort(key=lambda form: (-self._lexicon.cf(form), form))
        return forms[:_MOST_FORMS] or [key]

    def _slot(self, key: str, forms: list[str], chances: list[float], chosen: int) -> plan.Slot:
        """One term: the forms understood and typed count fully, the others by their chance."""
        top = chances[chosen] or 1.0
        weights = {
            form: 1.0 if form == key else max(_LEAST, chance / top)
            for form, chance in zip(forms, chances, strict=True)
        }
        marked = key != fold.fold(key)
        if not key.isdecimal() and (self._diacritics != "exact" or not marked):
            unmarked = fold.bare(fold.fold(key))
            if self._lexicon.df(unmarked):
                weights[unmarked] = _UNMARKED_DOCUMENT if marked else 1.0
        return plan.Slot(forms[chosen], tuple(weights.items()))

    # Which syllables belong together, and how else they may be written

    def _expansions(self, leaf: Leaf, found: Syllables) -> list[Expansion]:
        """Dates and abbreviations of plain text; what is quoted or exact is meant as it stands."""
        if self._diacritics == "exact" or not isinstance(leaf, ast.Text):
            return []
        expansions = list(dates.readings(leaf.text, found))
        taken = {place for each in expansions for place in range(each.start, each.end)}
        if self._abbreviations is not None:
            expansions += [
                each
                for each in self._abbreviations.readings(leaf.text, found)
                if taken.isdisjoint(range(each.start, each.end))
            ]
        return sorted(expansions, key=lambda expansion: expansion.start)

    def _add_units(self, stretch: Stretch, text: str, expansions: list[Expansion]) -> None:
        """Group the slots to units; a spelling of one syllable by another goes into its slot."""
        wider: dict[int, Expansion] = {}
        for each in expansions:
            singles = [keys[0] for keys in each.alternatives if len(keys) == 1]
            if each.end - each.start == 1 and len(singles) == len(each.alternatives):
                slot = stretch.slots[each.start]
                added = ((key, _OTHER_SPELLING) for key in singles if key not in slot.keys)
                stretch.slots[each.start] = plan.Slot(slot.text, (*slot.forms, *added))
            else:
                wider[each.start] = each
        bounds = [place for place, start in enumerate(stretch.starts) if start]
        for begin, end in zip(bounds, [*bounds[1:], len(stretch.slots)], strict=True):
            inside = [wider[place] for place in range(begin, end) if place in wider]
            slips = () if inside else self._slips(stretch, text, begin, end)
            slots = tuple(stretch.slots[begin:end])
            variants = self._variants(stretch.slots, begin, end, inside)
            stretch.units.append(Unit(slots, variants, slips))

    def _variants(
        self, slots: Sequence[plan.Slot], begin: int, end: int, inside: Sequence[Expansion]
    ) -> tuple[tuple[plan.Slot, ...], ...]:
        """The unit with each way to write what may be written otherwise, as typed left out."""
        if not inside:
            return ()
        pieces: list[list[tuple[plan.Slot, ...]]] = []
        place = begin
        for each in inside:
            pieces.append([tuple(slots[place : each.start])])
            typed = tuple(slots[each.start : each.end])
            pieces.append([typed, *(tuple(map(self._meant, keys)) for keys in each.alternatives)])
            place = each.end
        pieces.append([tuple(slots[place:end])])
        ways = (sum(way, ()) for way in product(*pieces))
        return tuple(islice(ways, 1, _MOST_VARIANTS + 1))

    def _meant(self, key: str) -> plan.Slot:
        """A slot for a key that nobody typed: itself, or bare in an unmarked document."""
        forms = {key: 1.0}
        unmarked = fold.bare(fold.fold(key))
        if self._lexicon.df(unmarked):
            forms[unmarked] = _UNMARKED_DOCUMENT
        return plan.Slot(key, tuple(forms.items()))

    def _slips(
        self, stretch: Stretch, text: str, begin: int, end: int
    ) -> tuple[tuple[plan.Slot, ...], ...]:
        """A word of the collection with one mark mistaken in a document (`ngăn chăn`).

        Only where its neighbors are right, the mistaken word is not itself one of the collection's
        (`công nhân` is not `công nhận`), and nothing was typed as a name.
        """
        found, best = stretch.found, stretch.best[begin:end]
        if self._diacritics != "smart" or not 1 < end - begin <= _LONGEST_FORGIVEN:
            return ()
        if not self._lexicon.word_df(tuple(best)):
            return ()
        if any(text[start].isupper() for start in found.starts[begin:end]) and not text.isupper():
            return ()
        slips: list[tuple[plan.Slot, ...]] = []
        for place in range(begin, end):
            if found.keys[place] == found.folded[place] or found.keys[place].isdecimal():
                continue
            forms = [
                form
                for form in self._lexicon.forms(found.folded[place])
                if not form.startswith(fold.BARE)
                and form not in stretch.slots[place].keys
                and not self._lexicon.word_df(
                    (*best[: place - begin], form, *best[place - begin + 1 :])
                )
            ]
            if forms:
                slip = plan.Slot(stretch.slots[place].text, tuple((form, 1.0) for form in forms))
                slots = stretch.slots
                slips.append((*slots[begin:place], slip, *slots[place + 1 : end]))
        return tuple(slips)
