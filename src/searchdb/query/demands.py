"""STRETCH -> NODE OF THE PLAN: how much of a stretch of plain text a document must hold.

Law: each demand asks for no more than the one before it: `all_units`, `telling_units`,
`some_units`, `some_syllables`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

from searchdb.query import dictionary, plan, slips

if TYPE_CHECKING:
    from collections.abc import Iterable

    from searchdb.query.language import Language
    from searchdb.query.stretches import Stretch, StretchReader, Unit

__all__ = ["STRICT", "Demand", "all_units", "some_syllables", "some_units", "telling_units"]

_Row = tuple[plan.Slot, ...]

_EVERYWHERE = 0.3
"""Share of the documents with a word of one syllable from which it tells little (`của`, `là`)."""

_ENOUGH = 50
"""Documents from which a share says something about the language."""


class Demand(Protocol):
    """How much of a stretch of plain text a document must hold."""

    def __call__(self, run: Stretch, reader: StretchReader, *, title: bool) -> plan.Node:
        """The node for a stretch that `reader` has read; `title` limits it to the title."""
        ...


def all_units(run: Stretch, reader: StretchReader, *, title: bool) -> plan.Node:
    """Every word, or what was meant by it."""
    return _every(run, run.units, reader, title=title)


def telling_units(run: Stretch, reader: StretchReader, *, title: bool) -> plan.Node:
    """Every word but those that nearly every document has, if there are others.

    What is left out still speaks for a document that has it. This is for a query of which no
    document has every word: demanding less at once was tried, and ranks worse. No list of words
    decides, only the collection: `của` is one in the news, `điều` in the law. A part of a word is
    never one: `không` is left out, and `không khí` is not.
    """
    told = [unit for unit in run.units if not _is_everywhere(run, unit, reader.language)]
    return _every(run, told or run.units, reader, title=title)


STRICT = (all_units, telling_units)
"""The demands under which whatever stands beside a stretch is demanded, too."""


def some_units(run: Stretch, reader: StretchReader, *, title: bool) -> plan.Node:  # noqa: ARG001
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


def some_syllables(run: Stretch, reader: StretchReader, *, title: bool) -> plan.Node:  # noqa: ARG001
    """Any syllable."""
    ways = [plan.Sequence((slot,), title) for slot in run.slots]
    ways += [plan.Sequence(way, title) for unit in run.units for way in unit.variants]
    return plan.Any(tuple(ways))


def _every(run: Stretch, units: Iterable[Unit], reader: StretchReader, *, title: bool) -> plan.Node:
    nodes: list[plan.Node] = []
    for unit in units:
        meant = _meant(run, unit, reader, title=title)
        before = nodes[-1] if nodes else None
        pair = _as_one_word(run, unit, reader)
        if before is not None and pair:
            typed = plan.All((before, meant))
            nodes[-1] = plan.Any((typed, *(plan.Sequence(way, title) for way in pair)))
        else:
            nodes.append(meant)
    return plan.All(tuple(nodes)) if nodes else plan.Any(())


def _meant(run: Stretch, unit: Unit, reader: StretchReader, *, title: bool) -> plan.Node:
    """The unit as typed, or written otherwise, or with a slip."""
    typed = plan.Sequence(unit.slots, title)
    others = [plan.Sequence(way, title) for way in (*unit.variants, *_slips(run, unit, reader))]
    led: list[plan.Node] = [plan.Sequence(way, title) for way in unit.led]
    if led and unit.unless:
        undone = plan.Any(tuple(plan.Sequence(row, title) for row in unit.unless))
        led = [plan.All((plan.Any(tuple(led)), plan.Not(undone)))]
    return plan.Any((typed, *others, *led)) if others or led else typed


def _slips(run: Stretch, unit: Unit, reader: StretchReader) -> tuple[_Row, ...]:
    end = unit.begin + len(unit.slots)
    if not reader.forgives or unit.variants or any(run.names[unit.begin : end]):
        return ()
    best = run.best[unit.begin : end]
    return slips.in_document(best, run.found, unit.slots, unit.begin, reader.language)


def _as_one_word(run: Stretch, unit: Unit, reader: StretchReader) -> tuple[_Row, ...]:
    """A lone syllable and the lone one before it as the word that they are a mark away from."""
    begin = unit.begin - 1
    if not reader.forgives or begin < 0 or not run.starts[begin] or len(unit.slots) > 1:
        return ()
    if any(run.names[begin : begin + 2]) or unit.variants or unit.led:
        return ()
    return slips.in_pair(run.best, run.found, run.slots[begin : begin + 2], begin, reader.language)


def _is_everywhere(run: Stretch, unit: Unit, language: Language) -> bool:
    """Whether nearly every document has this word, which is no part of a longer one."""
    lexicon, place = language.lexicon, unit.begin
    documents = lexicon.totals.documents
    if len(unit.slots) > 1 or unit.variants or unit.led or documents < _ENOUGH:
        return False
    key = run.best[place]
    if key.isdecimal() or lexicon.word_df((key,)) < documents * _EVERYWHERE:
        return False
    words = dictionary.load().words
    rows = (run.best[max(0, place - 1) : place + 1], run.best[place : place + 2])
    return not any(len(row) > 1 and " ".join(row) in words for row in rows)
