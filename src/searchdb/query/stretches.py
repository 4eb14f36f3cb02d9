"""A STRETCH OF THE QUERY -> SLOTS AND UNITS, for one collection.

What is typed with marks is a demand, what is typed without is free. A marked syllable is answered
by that form, or, where the collection does not know it, by the known forms that have its marks
and more (`tiêng` by `tiếng`); a bare one by every form of its fold. Documents written wholly
without marks answer both, a marked syllable at a discount.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import islice, product
from typing import TYPE_CHECKING, Literal

from searchdb.analysis import fold
from searchdb.query import ast, dates, numbers, plan, slips
from searchdb.query.compounds import word_starts
from searchdb.query.language import UNMARKED_DOCUMENT, language_of
from searchdb.query.restore import as_typed, posteriors

if TYPE_CHECKING:
    from collections.abc import Sequence

    from searchdb.analysis import Analyzer
    from searchdb.analysis.analyzer import Syllables
    from searchdb.analysis.lexicon import Lexicon
    from searchdb.query.abbreviations import Abbreviations
    from searchdb.query.expansion import Expansion
    from searchdb.query.restore import Posterior

__all__ = ["Diacritics", "Leaf", "Stretch", "StretchReader", "Unit"]

Diacritics = Literal["smart", "exact", "ignore"]
Leaf = ast.Text | ast.Phrase | ast.Prefix

_OTHER_SPELLING = 0.9
"""What another spelling of one syllable counts for (`tư` for `tw` in a document number)."""

_FULLER = 0.5
"""What a form with more marks counts for beside the one typed, where that may be a slip."""

_SURE = 0.5
"""Posterior from which a restored form is shown as what was understood."""

_SURE_OF_NAME = 0.9
"""Posterior from which a syllable typed as a name is restored."""

_LEAST = 0.02
"""Least weight of a form in its group: it matches, and hardly ranks."""

_GROUP = 0.5
"""The same where nothing tells which form is meant."""

_LIKELY = 0.05
"""Posterior from which a form that was not understood is looked for as a term of its own."""

_MOST_FORMS = 1000
"""Forms a prefix may expand to, the most frequent ones."""

_LEADING = 2
"""Syllables at least of a word behind which a lone syllable is taken for an abbreviation."""

_MOST_VARIANTS = 16
"""Ways to write one unit that are looked for."""


@dataclass(frozen=True, slots=True)
class Unit:
    """Slots that are demanded side by side: a word, a code, a date, or a lone syllable.

    `begin` is the place of the first. `variants` are other ways to write all of it; those of `led`
    have in front what was typed before it, without which they would mean something else. `unless`
    are rows that say that they do: a `led` way counts only in a document without them.
    """

    slots: tuple[plan.Slot, ...]
    begin: int = 0
    variants: tuple[tuple[plan.Slot, ...], ...] = ()
    led: tuple[tuple[plan.Slot, ...], ...] = ()
    unless: tuple[tuple[plan.Slot, ...], ...] = ()


@dataclass(frozen=True, slots=True)
class Stretch:
    """A text, phrase or prefix of the query; the lists run in step with its syllables.

    `best` are the keys understood, `restored` says where that is not what was typed, `others` are
    likely keys beside them, with their probability, `starts` says where a unit begins, `names` what
    is typed as a name. `start` is the offset of the stretch in the query.
    """

    found: Syllables
    start: int
    slots: list[plan.Slot]
    best: list[str]
    restored: list[bool]
    others: list[tuple[tuple[str, float], ...]]
    starts: list[bool]
    names: list[bool]
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
        self.language = language_of(lexicon)
        self._abbreviations = abbreviations
        self._diacritics = diacritics
        self.forgives = diacritics == "smart"
        self._read_already: dict[tuple[Leaf, int], Stretch] = {}
        self._expanded_already: dict[tuple[str, str], tuple[str, ...]] = {}

    def read(self, leaf: Leaf) -> Stretch:
        """The stretch, analyzed."""
        place = (leaf, leaf.start)
        if place not in self._read_already:
            self._read_already[place] = self._read(leaf)
        return self._read_already[place]

    def _read(self, leaf: Leaf) -> Stretch:
        found = self._analyzer.syllables(leaf.text)
        names = slips.names(leaf.text, found)
        accepted = [
            self._accepted(key, folded, name=name)
            for key, folded, name in zip(found.keys, found.folded, names, strict=True)
        ]
        if isinstance(leaf, ast.Prefix) and found.keys:
            accepted[-1] = self._expanded(found.keys[-1], found.surfaces[-1])
        likely = posteriors(accepted, self.language)
        if self._diacritics == "smart":
            likely = as_typed(likely, accepted, found.keys)
        stretch = Stretch(found, leaf.start, [], [], [], [], [], names, [])
        for place, (forms, posterior) in enumerate(zip(accepted, likely, strict=True)):
            self._understand(stretch, place, forms, posterior)
        if isinstance(leaf, ast.Prefix) and found.keys:
            stretch.others[-1] = ()  # nobody has said which form it is to become
        expansions = self._expansions(leaf, found)
        stretch.starts.extend(self._starts(stretch, expansions))
        self._add_units(stretch, expansions)
        return stretch

    def _understand(
        self, stretch: Stretch, place: int, forms: tuple[str, ...], posterior: Posterior
    ) -> None:
        """Choose a form for the next syllable, and make its slot.

        Where the collection knows none of the forms beside its neighbors, or a name is not certain,
        the syllable stays what was typed, a group: a wrong guess is worse than none.
        """
        key, folded = stretch.found.keys[place], stretch.found.folded[place]
        if len(forms) == 1 and forms[0] == key:
            stretch.slots.append(self._as_typed(key, folded, name=stretch.names[place]))
            stretch.best.append(key)
            stretch.restored.append(False)
            stretch.others.append(())
            return
        chances, seen = posterior
        chosen = max(range(len(forms)), key=chances.__getitem__)
        alone = len(stretch.found.keys) == 1
        enough = _SURE_OF_NAME if stretch.names[place] else 0.0
        sure = (seen or alone) and chances[chosen] >= enough
        stretch.slots.append(self._slot(key, folded, forms, chances, chosen, sure=sure))
        stretch.best.append(forms[chosen])
        stretch.restored.append(
            forms[chosen] != key and chances[chosen] >= _SURE and (sure or len(forms) == 1)
        )
        stretch.others.append(
            tuple(
                (form, chance)
                for form, chance in zip(forms, chances, strict=True)
                if sure and not alone and chance >= _LIKELY and form != forms[chosen]
            )
        )

    def _starts(self, stretch: Stretch, expansions: Sequence[Expansion]) -> list[bool]:
        """Where units begin: words, dates and abbreviations are one each, and so is a code."""
        starts = word_starts(stretch.best, self._lexicon)
        for expansion in expansions:
            starts[expansion.start : expansion.end] = [True] + [False] * (
                expansion.end - expansion.start - 1
            )
            starts[expansion.end : expansion.end + 1] = [True] * (expansion.end < len(starts))
        joined = stretch.found.joined
        return [start and not tied for start, tied in zip(starts, joined, strict=True)]

    # Which keys answer a syllable

    def _accepted(self, key: str, folded: str, *, name: bool) -> tuple[str, ...]:
        """The keys that answer one typed syllable, those of unmarked documents left out."""
        if self._diacritics == "exact":
            return (key,)
        if key == folded or self._diacritics == "ignore":
            return self.language.forms(folded) or (key,)
        if self._lexicon.cf(key):
            return (key,)
        return self.language.fuller(key, name=name) or (key,)

    def _expanded(self, key: str, surface: str) -> tuple[str, ...]:
        """The keys that a half-typed syllable may become.

        `qu` merges y and i only in whole syllables, so what was typed is looked up as well as its
        key: `quy*` finds `quyết` and `quý`.
        """
        if (key, surface) not in self._expanded_already:
            self._expanded_already[key, surface] = self._look_up(key, surface)
        return self._expanded_already[key, surface]

    def _look_up(self, key: str, surface: str) -> tuple[str, ...]:
        stems = dict.fromkeys((key, surface))
        folds = dict.fromkeys(
            full for stem in stems for full in self._lexicon.starting(fold.fold(stem))
        )
        forms = [form for full in folds for form in self._lexicon.forms(full)]
        if self._diacritics == "exact" or (key != fold.fold(key) and self._diacritics == "smart"):
            forms = [form for form in forms if form.startswith(tuple(stems))]
        forms.sort(key=lambda form: (-self._lexicon.cf(form), form))
        return tuple(forms[:_MOST_FORMS]) or (key,)

    def _as_typed(self, key: str, folded: str, *, name: bool) -> plan.Slot:
        """The slot of a syllable that only its own form answers, unless that may be a slip."""
        marked = key != folded
        if marked and self._diacritics == "exact":
            return plan.Slot(key, ((key, 1.0),))
        slot = self.language.meant(key)
        fuller = self.language.fuller(key, name=name) if marked else ()
        added = ((form, _FULLER) for form in fuller)
        return plan.Slot(key, (*slot.forms, *added)) if fuller else slot

    def _slot(
        self,
        key: str,
        folded: str,
        forms: tuple[str, ...],
        chances: list[float],
        chosen: int,
        *,
        sure: bool,
    ) -> plan.Slot:
        """One term: the forms understood and typed count fully, the others by their chance."""
        top = chances[chosen] or 1.0
        least = _LEAST if sure else _GROUP
        weights = [
            (form, 1.0 if form == key else max(least, chance / top))
            for form, chance in zip(forms, chances, strict=True)
        ]
        marked = key != folded
        if not key.isdecimal() and (self._diacritics != "exact" or not marked):
            unmarked = fold.bare(folded)
            if self.language.has_unmarked(folded) and unmarked not in forms:
                weights.append((unmarked, UNMARKED_DOCUMENT if marked else 1.0))
        return plan.Slot(forms[chosen], tuple(weights))

    # Which syllables belong together, and how else they may be written

    def _expansions(self, leaf: Leaf, found: Syllables) -> list[Expansion]:
        """Other ways to write plain text; what is quoted or exact is meant as it stands."""
        if self._diacritics == "exact" or not isinstance(leaf, ast.Text):
            return []
        expansions: list[Expansion] = []
        taken: set[int] = set()
        kinds = [dates.readings, numbers.readings]
        if self._abbreviations is not None:
            kinds.append(self._abbreviations.readings)
        for readings in kinds:
            new = [
                each
                for each in readings(leaf.text, found)
                if taken.isdisjoint(range(each.start, each.end))
            ]
            expansions += new
            taken.update(place for each in new for place in range(each.start, each.end))
        return sorted(expansions, key=lambda expansion: expansion.start)

    def _add_units(self, stretch: Stretch, expansions: list[Expansion]) -> None:
        """Group the slots to units; a spelling of one syllable by another goes into its slot."""
        wider: dict[int, Expansion] = {}
        for each in expansions:
            singles = [keys[0] for keys in each.alternatives if len(keys) == 1]
            if singles and each.end - each.start == 1 and len(singles) == len(each.alternatives):
                slot = stretch.slots[each.start]
                added = ((key, _OTHER_SPELLING) for key in singles if key not in slot.keys)
                stretch.slots[each.start] = plan.Slot(slot.text, (*slot.forms, *added))
            else:
                wider[each.start] = each
        bounds = [place for place, start in enumerate(stretch.starts) if start]
        for begin, end in zip(bounds, [*bounds[1:], len(stretch.slots)], strict=True):
            slots = tuple(stretch.slots[begin:end])
            inside = [wider[place] for place in range(begin, end) if place in wider]
            if not inside:
                stretch.units.append(Unit(slots, begin))
                continue
            variants = self._variants(stretch.slots, begin, end, inside)
            led, unless = self._led(stretch, inside[0])
            stretch.units.append(Unit(slots, begin, variants, led, unless))

    def _variants(
        self, slots: Sequence[plan.Slot], begin: int, end: int, inside: Sequence[Expansion]
    ) -> tuple[tuple[plan.Slot, ...], ...]:
        """The unit with each way to write what may be written otherwise, as typed left out."""
        pieces: list[list[tuple[plan.Slot, ...]]] = []
        place = begin
        for each in inside:
            pieces.append([tuple(slots[place : each.start])])
            typed = tuple(slots[each.start : each.end])
            ways = (tuple(map(self.language.meant, keys)) for keys in each.alternatives)
            pieces.append([typed, *ways])
            place = each.end
        pieces.append([tuple(slots[place:end])])
        combined = (sum(way, ()) for way in product(*pieces))
        return tuple(islice(combined, 1, _MOST_VARIANTS + 1))

    def _led(
        self, stretch: Stretch, each: Expansion
    ) -> tuple[tuple[tuple[plan.Slot, ...], ...], tuple[tuple[plan.Slot, ...], ...]]:
        """The ways to write it that count behind what was typed before it, and what undoes them.

        `bệnh viện TƯ` is no way to write it where the document goes on `bệnh viện tư nhân`.
        """
        begin = each.start - each.lead
        if not each.lead:  # the word before it
            begin = max((place for place in range(begin) if stretch.starts[place]), default=begin)
        if not each.led or (not each.lead and each.start - begin < _LEADING):
            return (), ()
        lead = tuple(stretch.slots[begin : each.start])
        led = tuple((*lead, *map(self.language.meant, keys)) for keys in each.led)
        unless = tuple(
            (*way, self.language.meant(after))
            for way, keys in zip(led, each.led, strict=True)
            if not keys[-1].isdecimal()
            for after, _ in self._lexicon.followers(keys[-1])
            if self._lexicon.word_df((keys[-1], after))
        )
        return led, unless
