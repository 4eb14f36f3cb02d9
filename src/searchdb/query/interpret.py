"""TREE AS TYPED -> ANALYZED QUERY: what must match, what may follow, what speaks for a match."""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING, Literal

from searchdb.query import ast, demands, plan
from searchdb.query.case import in_case_of
from searchdb.query.stretches import Diacritics, Leaf, Stretch, StretchReader

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from searchdb.analysis import Analyzer
    from searchdb.analysis.lexicon import Lexicon
    from searchdb.query.abbreviations import Abbreviations
    from searchdb.query.demands import Demand
    from searchdb.query.language import Language

__all__ = ["SMART_LONGEST", "Diacritics", "MatchMode", "interpret"]

MatchMode = Literal["smart", "all", "any"]

SMART_LONGEST = 6
"""Syllables up to which `smart` demands every word; longer queries are ranked at once."""

_VARIANT = 0.3
"""What a syllable of another way to write something counts for: what was typed goes first."""


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
    demand = demands.all_units if smart or match == "all" else demands.some_syllables
    matched = _node(tree, reader, demand)
    telling: plan.Node | None = None
    closest: tuple[plan.Node, ...] = ()
    if smart and length > 1:
        told = _node(tree, reader, demands.telling_units)
        telling = None if told == matched else told
        some = (demands.some_units, demands.some_syllables)
        closest = tuple(_node(tree, reader, each) for each in some)
    return plan.Query(
        match=matched,
        evidence=_evidence(runs),
        filters=filters or plan.Filters(),
        closest=closest,
        telling=telling,
        interpreted=_interpreted(typed, runs, reader.language),
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
    tree: ast.Node, reader: StretchReader, demand: Demand, *, title: bool = False
) -> plan.Node:
    """The matching tree, with `demand` saying what a stretch of plain text asks for."""
    match tree:
        case ast.Text():
            return demand(reader.read(tree), reader, title=title)
        case ast.Phrase() | ast.Prefix():
            slots = tuple(reader.read(tree).slots)
            return plan.Sequence(slots, title) if slots else plan.Any(())
        case ast.Field(node=node):
            return _node(node, reader, demand, title=True)
        case ast.Not(node=node):
            return plan.Not(_node(node, reader, demands.all_units, title=title))
        case ast.Or(nodes=nodes):
            return plan.Any(tuple(_node(node, reader, demand, title=title) for node in nodes))
        case ast.And(nodes=nodes):
            return _conjunction(nodes, reader, demand, title=title)


def _conjunction(
    nodes: Sequence[ast.Node], reader: StretchReader, demand: Demand, *, title: bool
) -> plan.Node:
    """Side by side: what is excluded stays out; the rest is demanded as far as `demand` demands."""
    if not nodes:
        return plan.Any(())
    made = [(_node(node, reader, demand, title=title), node) for node in nodes]
    excluded = [node for node, typed in made if isinstance(typed, ast.Not)]
    wanted = tuple(node for node, typed in made if not isinstance(typed, ast.Not))
    if not wanted:
        return plan.All((plan.Everything(), *excluded))
    joined: plan.Node = plan.All(wanted) if demand in demands.STRICT else plan.Any(wanted)
    return plan.All((joined, *excluded)) if excluded else joined


def _evidence(runs: Sequence[Stretch]) -> plan.Evidence:
    """Each syllable, word and pair of neighbors once, in the order typed."""
    terms = _terms(runs)
    words: dict[tuple[str, ...], None] = {}
    pairs: dict[tuple[str, str], None] = {}
    for run in runs:
        bounds = [index for index, start in enumerate(run.starts) if start] + [len(run.starts)]
        for start, end in pairwise(bounds):
            words.setdefault(tuple(run.best[start:end]))
        for pair in pairwise(run.found.folded):
            pairs.setdefault(pair)
    spellings: dict[tuple[str, ...], None] = {}
    ways = [way for run in runs for unit in run.units for way in unit.variants]
    typed = {key for slot in terms.values() for key in slot.keys} if ways else set()
    for way in ways:
        new = [slot for slot in way if typed.isdisjoint(slot.keys)]
        if len(new) == 1:
            forms = tuple((key, weight * _VARIANT) for key, weight in new[0].forms)
            terms.setdefault(new[0].keys, plan.Slot(new[0].text, forms))
        elif new:
            # As one term: its syllables are common, and scattered they would outweigh what was
            # typed.
            spellings.setdefault(tuple(slot.text for slot in way))
    for way in (way for run in runs for unit in run.units for way in unit.led):
        spellings.setdefault(tuple(slot.text for slot in way))
    return plan.Evidence(
        terms=tuple(terms.values()),
        words=tuple(words),
        pairs=tuple(pairs),
        spellings=tuple(spellings),
        syllables=sum(len(run.slots) for run in runs),
    )


def _terms(runs: Sequence[Stretch]) -> dict[tuple[str, ...], plan.Slot]:
    """The syllables by their keys; one typed without marks is a term for each likely form of it.

    So a document is ranked by its expected score over what may have been meant. As one term the
    forms would share a document frequency, and a rare word that is likely (`đê`) would count as
    little as the common one beside it (`để`). What is not likely stays in one term with the form
    understood, or its rarity would count before its improbability. Of a syllable typed twice, each
    form counts by the place where it is likelier.
    """
    places: dict[tuple[str, ...], tuple[plan.Slot, dict[str, float]]] = {}
    for run in runs:
        for slot, others in zip(run.slots, run.others, strict=True):
            first, likely = places.setdefault(slot.keys, (slot, {}))
            for form, chance in ((slot.text, 1.0), *others):
                if form != first.text:
                    likely[form] = max(chance, likely.get(form, 0.0))
    terms: dict[tuple[str, ...], plan.Slot] = {}
    for slot, likely in places.values():
        rest = tuple(pair for pair in slot.forms if pair[0] not in likely)
        each = [plan.Slot(form, ((form, chance),)) for form, chance in likely.items()]
        for term in (plan.Slot(slot.text, rest), *each):
            known = terms.setdefault(term.keys, term)
            terms[term.keys] = max(known, term, key=lambda slot: slot.forms)
    return terms


def _interpreted(typed: str, runs: Sequence[Stretch], language: Language) -> str | None:
    """What was typed with the restored syllables in place, in the case they were typed in."""
    pieces: list[str] = []
    done = 0
    for run in runs:
        for index, restored in enumerate(run.restored):
            if not restored:
                continue
            start = run.start + run.found.starts[index]
            end = run.start + run.found.ends[index]
            shown = in_case_of(typed[start:end], language.surface(run.best[index]))
            pieces += (typed[done:start], shown)
            done = end
    return "".join(pieces) + typed[done:] if pieces else None
