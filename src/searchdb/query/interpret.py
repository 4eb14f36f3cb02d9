"""TREE AS TYPED -> ANALYZED QUERY: what must match, what may follow, what speaks for a match."""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING, Literal, Protocol

from searchdb.query import ast, plan
from searchdb.query.stretches import Diacritics, Leaf, Stretch, StretchReader, Unit

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from searchdb.analysis import Analyzer
    from searchdb.analysis.lexicon import Lexicon
    from searchdb.query.abbreviations import Abbreviations

__all__ = ["SMART_LONGEST", "Diacritics", "MatchMode", "interpret"]

MatchMode = Literal["smart", "all", "any"]

SMART_LONGEST = 6
"""Syllables up to which `smart` demands every word; longer queries are ranked at once."""

_VARIANT = 0.3
"""What a syllable of another way to write something counts for: what was typed goes first."""


class _Demand(Protocol):
    """How much of a stretch of plain text a document must hold."""

    def __call__(self, run: Stretch, *, title: bool) -> plan.Node: ...


def interpret(
    tree: ast.Node,
    *,
    typed: str,
    analyzer: Analyzer,
    lexicon: Lexicon,
    abbreviations: Abbreviations | None = None,
    diacritics: Diacritics = "smart",
    match: MatchMode = "smart",
    filters: plan.Filters | None = None,
) -> plan.Query:
    """The analyzed query for a tree that `parse` made of `typed`, for one snapshot's lexicon."""
    reader = StretchReader(analyzer, lexicon, abbreviations, diacritics)
    runs = [reader.read(leaf) for leaf in _leaves(tree)]
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


def _leaves(tree: ast.Node) -> Iterator[Leaf]:
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


def _node(
    tree: ast.Node, reader: StretchReader, demand: _Demand, *, title: bool = False
) -> plan.Node:
    """The matching tree, with `demand` saying what a stretch of plain text asks for."""
    match tree:
        case ast.Text():
            return demand(reader.read(tree), title=title)
        case ast.Phrase() | ast.Prefix():
            slots = tuple(reader.read(tree).slots)
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
    nodes: Sequence[ast.Node], reader: StretchReader, demand: _Demand, *, title: bool
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


def _all_units(run: Stretch, *, title: bool) -> plan.Node:
    nodes = tuple(_unit(unit, title=title) for unit in run.units)
    return plan.All(nodes) if nodes else plan.Any(())


def _some_units(run: Stretch, *, title: bool) -> plan.Node:
    """Any of the words, the syllables of each anywhere in the document."""
    return plan.Any(
        tuple(
            plan.Any(
                (
                    plan.All(tuple(plan.Sequence((slot,), title) for slot in unit.slots)),
                    *(plan.Sequence(way, title) for way in unit.variants),
                )
            )
            for unit in run.units
        )
    )


def _some_syllables(run: Stretch, *, title: bool) -> plan.Node:
    ways = [((slot,) for slot in run.slots), *(unit.variants for unit in run.units)]
    return plan.Any(tuple(plan.Sequence(way, title) for each in ways for way in each))


def _unit(unit: Unit, *, title: bool) -> plan.Node:
    """The unit as typed, or written otherwise, or with a slip."""
    typed = plan.Sequence(unit.slots, title)
    others = tuple(plan.Sequence(way, title) for way in (*unit.variants, *unit.slips))
    return plan.Any((typed, *others)) if others else typed


def _evidence(runs: Sequence[Stretch]) -> plan.Evidence:
    """Each syllable, word and pair of neighbors once, in the order typed."""
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
    spellings: dict[tuple[str, ...], None] = {}
    typed = {key for slot in terms.values() for key in slot.keys}
    for way in (way for run in runs for unit in run.units for way in unit.variants):
        new = [slot for slot in way if typed.isdisjoint(slot.keys)]
        if len(new) == 1:
            forms = tuple((key, weight * _VARIANT) for key, weight in new[0].forms)
            terms.setdefault(new[0].keys, plan.Slot(new[0].text, forms))
        elif new:
            # As one term: its syllables are common, and scattered they would outweigh what was
            # typed.
            spellings.setdefault(tuple(slot.text for slot in way))
    return plan.Evidence(
        terms=tuple(terms.values()),
        words=tuple(words),
        pairs=tuple(pairs),
        spellings=tuple(spellings),
        syllables=sum(len(run.slots) for run in runs),
    )


def _interpreted(typed: str, runs: Sequence[Stretch], lexicon: Lexicon) -> str | None:
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
