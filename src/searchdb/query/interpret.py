"""TREE AS TYPED -> ANALYZED QUERY: accents restored, compounds found, demands made exact.

What is typed with marks is a demand, what is typed without is free. A marked syllable is answered
by that form, or, where the collection does not know it, by the known forms that have its marks
and more (`tiêng` by `tiếng`); a bare one by every form of its fold. Documents written wholly
without marks answer both, a marked syllable at a discount.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING, Literal, Protocol

from searchdb.analysis import fold
from searchdb.query import ast, plan
from searchdb.query.compounds import word_starts
from searchdb.query.restore import posteriors

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from searchdb.analysis import Analyzer
    from searchdb.analysis.analyzer import Syllables
    from searchdb.analysis.lexicon import Lexicon

__all__ = ["SMART_LONGEST", "Diacritics", "MatchMode", "interpret"]

Diacritics = Literal["smart", "exact", "ignore"]
MatchMode = Literal["smart", "all", "any"]

_Leaf = ast.Text | ast.Phrase | ast.Prefix

SMART_LONGEST = 6
"""Syllables up to which `smart` demands every word; longer queries are ranked at once."""

_UNMARKED_DOCUMENT = 0.5
"""What a bare form in an unmarked document counts for, for a syllable typed with marks."""

_SURE = 0.5
"""Posterior from which a restored form is shown as what was understood."""

_LEAST = 0.02
"""Least weight of a form in its group: it matches, and hardly ranks."""

_MOST_FORMS = 1000
"""Forms a prefix may expand to, the most frequent ones."""


@dataclass(slots=True)
class _Run:
    """A stretch of the query that is read as one: a text or a phrase."""

    found: Syllables
    start: int
    slots: list[plan.Slot]
    best: list[str]
    restored: list[bool]
    starts: list[bool]


class _Reader:
    """Analyzes each stretch of one query once, and remembers it for the trees made of it."""

    def __init__(self, analyzer: Analyzer, lexicon: Lexicon, diacritics: Diacritics) -> None:
        self.analyzer = analyzer
        self.lexicon = lexicon
        self.diacritics = diacritics
        self._runs: dict[tuple[_Leaf, int], _Run] = {}

    def run(self, leaf: _Leaf) -> _Run:
        """The stretch, analyzed."""
        place = (leaf, leaf.start)
        if place not in self._runs:
            self._runs[place] = self._read(leaf)
        return self._runs[place]

    def _read(self, leaf: _Leaf) -> _Run:
        found = self.analyzer.syllables(leaf.text)
        accepted = [self._accepted(*pair) for pair in zip(found.keys, found.folded, strict=True)]
        if isinstance(leaf, ast.Prefix) and found.keys:
            accepted[-1] = self._expanded(found.keys[-1], found.surfaces[-1])
        slots, best, restored = [], [], []
        for key, forms, chances in zip(
            found.keys, accepted, posteriors(accepted, self.lexicon), strict=True
        ):
            chosen = max(range(len(forms)), key=chances.__getitem__)
            slots.append(self._slot(key, forms, chances, chosen))
            best.append(forms[chosen])
            restored.append(forms[chosen] != key and chances[chosen] >= _SURE)
        starts = word_starts(best, self.lexicon)
        starts = [start and not joined for start, joined in zip(starts, found.joined, strict=True)]
        return _Run(found, leaf.start, slots, best, restored, starts)

    def _accepted(self, key: str, folded: str) -> list[str]:
        """The keys that answer one typed syllable, those of unmarked documents left out."""
        if self.diacritics == "exact":
            return [key]
        forms = [form for form in self.lexicon.forms(folded) if not form.startswith(fold.BARE)]
        if key == folded or self.diacritics == "ignore":
            return forms or [key]
        if self.lexicon.cf(key):
            return [key]
        typed = Counter(fold.marks(key))
        return [form for form in forms if typed <= Counter(fold.marks(form))] or [key]

    def _expanded(self, key: str, surface: str) -> list[str]:
        """The keys that a half-typed syllable may become.

        `qu` merges y and i only in whole syllables, so what was typed is looked up as well as its
        key: `quy*` finds `quyết` and `quý`.
        """
        stems = dict.fromkeys((key, surface))
        folds = dict.fromkeys(
            full for stem in stems for full in self.lexicon.starting(fold.fold(stem))
        )
        forms = [form for full in folds for form in self.lexicon.forms(full)]
        if self.diacritics == "exact" or (key != fold.fold(key) and self.diacritics == "smart"):
            forms = [form for form in forms if form.startswith(tuple(stems))]
        forms.sort(key=lambda form: (-self.lexicon.cf(form), form))
        return forms[:_MOST_FORMS] or [key]

    def _slot(self, key: str, forms: list[str], chances: list[float], chosen: int) -> plan.Slot:
        """One term: the forms understood and typed count fully, the others by their chance."""
        top = chances[chosen] or 1.0
        weights = {
            form: 1.0 if form == key else max(_LEAST, chance / top)
            for form, chance in zip(forms, chances, strict=True)
        }
        marked = key != fold.fold(key)
        if not key.isdecimal() and (self.diacritics != "exact" or not marked):
            unmarked = fold.bare(fold.fold(key))
            if self.lexicon.df(unmarked):
                weights[unmarked] = _UNMARKED_DOCUMENT if marked else 1.0
        return plan.Slot(forms[chosen], tuple(weights.items()))


class _Demand(Protocol):
    """How much of a stretch of plain text a document must hold."""

    def __call__(self, run: _Run, *, title: bool) -> plan.Node: ...


def interpret(
    tree: ast.Node,
    *,
    typed: str,
    analyzer: Analyzer,
    lexicon: Lexicon,
    diacritics: Diacritics = "smart",
    match: MatchMode = "smart",
    filters: plan.Filters | None = None,
) -> plan.Query:
    """The analyzed query for a tree that `parse` made of `typed`, for one snapshot's lexicon."""
    reader = _Reader(analyzer, lexicon, diacritics)
    runs = [reader.run(leaf) for leaf in _leaves(tree)]
    length = sum(len(run.slots) for run in runs)
    smart = match == "smart" and length <= SMART_LONGEST
    closest: tuple[plan.Node, ...] = ()
    if smart and length > 1:
        closest = (_node(tree, reader, _some_units), _node(tree, reader, _some_syllables))
    demand = _all_units if smart or match == "all" else _some_syllables
    return plan.Query(
        match=_node(tree, reader, demand),
        evidence=_evidence(runs),
        filters=filters or plan.Filters(),
        closest=closest,
        interpreted=_interpreted(typed, runs, lexicon),
    )


def _leaves(tree: ast.Node) -> Iterator[_Leaf]:
    """What was typed, exclusions left out, in order."""
    match tree:
        case ast.Text() | ast.Phrase() | ast.Prefix():
            yield tree
        case ast.Field(node=node):
            yield from _leaves(node)
        case ast.And(nodes=nodes) | ast.Or(nodes=nodes):
            for node in nodes:
                yield from _leaves(node)
        case ast.Not():
            return


def _node(tree: ast.Node, reader: _Reader, demand: _Demand, *, title: bool = False) -> plan.Node:
    """The matching tree, with `demand` saying what a stretch of plain text asks for."""
    match tree:
        case ast.Text():
            return demand(reader.run(tree), title=title)
        case ast.Phrase() | ast.Prefix():
            slots = tuple(reader.run(tree).slots)
            return plan.Sequence(slots, title) if slots else plan.Any(())
        case ast.Field(node=node):
            return _node(node, reader, demand, title=True)
        case ast.Not(node=node):
            return plan.Not(_node(node, reader, _all_units, title=title))
        case ast.Or(nodes=nodes):
            return plan.Any(tuple(_node(node, reader, demand, title=title) for node in nodes))
        case ast.And(nodes=nodes):
            return _conjunction(nodes, reader, demand, title=title)


def _conjunction(
    nodes: Sequence[ast.Node], reader: _Reader, demand: _Demand, *, title: bool
) -> plan.Node:
    """Side by side: what is excluded stays out; the rest is demanded as far as `demand` demands."""
    if not nodes:
        return plan.Any(())
    made = [(_node(node, reader, demand, title=title), node) for node in nodes]
    excluded = [node for node, typed in made if isinstance(typed, ast.Not)]
    wanted = tuple(node for node, typed in made if not isinstance(typed, ast.Not))
    if not wanted:
        return plan.All((plan.Everything(), *excluded))
    joined: plan.Node = plan.All(wanted) if demand is _all_units else plan.Any(wanted)
    return plan.All((joined, *excluded)) if excluded else joined


def _units(run: _Run, *, title: bool) -> list[plan.Sequence]:
    """Words and codes of a stretch, each a sequence."""
    units: list[list[plan.Slot]] = []
    for slot, start in zip(run.slots, run.starts, strict=True):
        if start or not units:
            units.append([])
        units[-1].append(slot)
    return [plan.Sequence(tuple(unit), title) for unit in units]


def _all_units(run: _Run, *, title: bool) -> plan.Node:
    units = _units(run, title=title)
    return plan.All(tuple(units)) if units else plan.Any(())


def _some_units(run: _Run, *, title: bool) -> plan.Node:
    """Any of the words, the syllables of each anywhere in the document."""
    return plan.Any(
        tuple(
            plan.All(tuple(plan.Sequence((slot,), title) for slot in unit.slots))
            for unit in _units(run, title=title)
        )
    )


def _some_syllables(run: _Run, *, title: bool) -> plan.Node:
    return plan.Any(tuple(plan.Sequence((slot,), title) for slot in run.slots))


def _evidence(runs: Sequence[_Run]) -> plan.Evidence:
    """Each syllable, word and pair of neighbours once, in the order typed."""
    terms: dict[tuple[str, ...], plan.Slot] = {}
    words: dict[tuple[str, ...], None] = {}
    pairs: dict[tuple[str, str], None] = {}
    for run in runs:
        for slot in run.slots:
            terms.setdefault(slot.keys, slot)
        bounds = [index for index, start in enumerate(run.starts) if start] + [len(run.starts)]
        for start, end in pairwise(bounds):
            words.setdefault(tuple(run.best[start:end]))
        for pair in pairwise(run.found.folded):
            pairs.setdefault(pair)
    return plan.Evidence(
        tuple(terms.values()), tuple(words), tuple(pairs), sum(len(run.slots) for run in runs)
    )


def _interpreted(typed: str, runs: Sequence[_Run], lexicon: Lexicon) -> str | None:
    """What was typed with the restored syllables in place, in the case they were typed in."""
    pieces: list[str] = []
    done = 0
    for run in runs:
        for index, restored in enumerate(run.restored):
            if not restored:
                continue
            start = run.start + run.found.starts[index]
            end = run.start + run.found.ends[index]
            shown = _in_case_of(typed[start:end], lexicon.surface(run.best[index]))
            pieces += (typed[done:start], shown)
            done = end
    return "".join(pieces) + typed[done:] if pieces else None


def _in_case_of(typed: str, form: str) -> str:
    if typed.isupper() and len(typed) > 1:
        return form.upper()
    return form.capitalize() if typed[:1].isupper() else form
