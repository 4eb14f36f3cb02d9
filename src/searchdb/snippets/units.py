"""ANALYZED QUERY -> WHAT TO MARK: bits for its syllables, weights for their keys.

The query is a row of units, each of which may be written in several ways; every syllable of every
way has a bit of its own. Law: neighboring bits of one way are neighboring syllables, and a way
found whole answers its unit.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from searchdb.analysis.lexicon import Lexicon
from searchdb.query import plan
from searchdb.ranking import idf

__all__ = ["Wanted", "wanted"]

_Unit = tuple[plan.Sequence, ...]
"""The ways to write what is asked for as one, as typed first."""


@dataclass(frozen=True, slots=True)
class Wanted:
    """What to mark, as bits, and what it is worth.

    `slots` maps a key to the bits it answers. `first` and `last` hold the first and the last bit of
    each way to write a unit, `following` maps a last bit to the first bits of the next unit.
    `parts` pairs the bits of a unit that may be marked apart with all bits of the unit; `evidence`
    are all bits that speak alone if nothing else does. `title` are the bits that only a title can
    answer, `weights` the inverse document frequency of each key.
    """

    slots: Mapping[str, int]
    first: int
    last: int
    following: Mapping[int, int]
    parts: tuple[tuple[int, int], ...]
    evidence: int
    title: int
    weights: Mapping[str, float]


def wanted(query: plan.Query, lexicon: Lexicon) -> Wanted:
    """What `query` asks to be marked: its units outside of exclusions, then its evidence.

    Neighbors demanded one by one that are a word of the evidence are one unit. Other evidence that
    shares a key with a unit adds nothing: a syllable of a word is no term. Of a unit of several
    syllables those may be marked apart that are evidence themselves and were typed so: the
    syllables of a spelled-out abbreviation are not.
    """
    words = {word for word in query.evidence.words if len(word) > 1}
    units = _words_joined(list(_units(query.match)), words)
    known = {key for unit in units for way in unit for slot in way.slots for key in slot.keys}
    loose = [
        (plan.Sequence((term,)),)
        for term in query.evidence.terms
        if known.isdisjoint(term.keys) and term.forms
    ]
    typed = {key for term in query.evidence.terms for key in term.keys}
    slots: dict[str, int] = {}
    following: dict[int, int] = {}
    parts: list[tuple[int, int]] = []
    first = last = evidence = title = 0
    bit = 1
    for group in (units, loose):
        ends: list[int] = []
        for unit in group:
            begin, begins, apart = bit, 0, 0
            before, ends = ends, []
            for number, way in enumerate(unit):
                begins |= bit
                for slot in way.slots:
                    for key in slot.keys:
                        slots[key] = slots.get(key, 0) | bit
                    if not typed.isdisjoint(slot.keys):
                        evidence |= bit
                        apart |= bit * (number == 0 and len(way.slots) > 1)
                    title |= bit * way.title
                    bit <<= 1
                ends.append(bit >> 1)
            first |= begins
            last |= sum(ends)
            following.update(dict.fromkeys(before, begins))
            if apart:
                parts.append((apart, bit - begin))
    weights = _weights(query.evidence.terms, slots, lexicon)
    return Wanted(slots, first, last, following, tuple(parts), evidence, title, weights)


def _weights(
    terms: Iterable[plan.Slot], keys: Iterable[str], lexicon: Lexicon
) -> Mapping[str, float]:
    """The weight of each key: that of its term, or its own where it was not typed."""
    documents = lexicon.totals.documents
    weights: dict[str, float] = {}
    for term in terms:
        worth = idf(sum(weight * lexicon.df(key) for key, weight in term.forms), documents)
        for key, weight in term.forms:
            weights[key] = max(weights.get(key, 0.0), worth * weight)
    for key in keys:
        if key not in weights:
            weights[key] = idf(lexicon.df(key), documents)
    return weights


def _units(match: plan.Node) -> Iterator[_Unit]:
    """The units of the tree in query order, without those under a Not.

    The sequences that an `Any` inside an `All` holds are the ways to write one unit.
    """
    waiting: list[tuple[plan.Node, bool]] = [(match, False)]
    while waiting:
        node, demanded = waiting.pop()
        if isinstance(node, plan.Sequence):
            if _asks(node):
                yield (node,)
        elif isinstance(node, plan.All):
            waiting.extend((each, True) for each in reversed(node.nodes))
        elif isinstance(node, plan.Any):
            ways = tuple(each for each in node.nodes if isinstance(each, plan.Sequence))
            if demanded and len(ways) == len(node.nodes):
                if asking := tuple(filter(_asks, ways)):
                    yield asking
            else:
                waiting.extend((each, False) for each in reversed(node.nodes))


def _asks(way: plan.Sequence) -> bool:
    """Whether there is something to look for: slots, each with a key."""
    return bool(way.slots) and all(slot.forms for slot in way.slots)


def _words_joined(units: Sequence[_Unit], words: Collection[tuple[str, ...]]) -> list[_Unit]:
    """The units, with rows of single slots that are one of `words` made one unit, longest first."""
    lengths = sorted({len(word) for word in words}, reverse=True)
    joined: list[_Unit] = []
    index = 0
    while index < len(units):
        for length in lengths:
            row = units[index : index + length]
            if tuple(unit[0].slots[0].text for unit in row) in words and _alike(row):
                slots = tuple(unit[0].slots[0] for unit in row)
                joined.append((plan.Sequence(slots, row[0][0].title),))
                index += length
                break
        else:
            joined.append(units[index])
            index += 1
    return joined


def _alike(row: Iterable[_Unit]) -> bool:
    """Whether the units are single slots of one field."""
    shapes = {(len(unit), len(unit[0].slots), unit[0].title) for unit in row}
    return shapes in ({(1, 1, True)}, {(1, 1, False)})
