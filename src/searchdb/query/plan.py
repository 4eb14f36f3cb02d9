"""The analyzed query, as the backends receive it: what must match, and what speaks for a match.

Two trees would drift apart, so there is one of these for every backend, and it holds index keys
only: no text that was typed, no syntax of an engine.
"""

from __future__ import annotations

from dataclasses import dataclass, field

__all__ = [
    "All",
    "Any",
    "Everything",
    "Evidence",
    "Filters",
    "Node",
    "Not",
    "Query",
    "Sequence",
    "Slot",
]


@dataclass(frozen=True, slots=True)
class Slot:
    """One syllable of the query: the accented keys that answer it, each with its weight in (0, 1].

    For matching every form counts the same; for ranking the slot is one term whose frequency is
    the weighted sum over its forms. `text` is the key shown by `explain`.
    """

    text: str
    forms: tuple[tuple[str, float], ...]

    @property
    def keys(self) -> tuple[str, ...]:
        """The accepted keys without their weights."""
        return tuple(key for key, _ in self.forms)


@dataclass(frozen=True, slots=True)
class Sequence:
    """Slots at consecutive positions of one passage (or of the title). One slot is a plain term.

    `title` limits the match to the title.
    """

    slots: tuple[Slot, ...]
    title: bool = False


@dataclass(frozen=True, slots=True)
class All:
    """Every node matches the document."""

    nodes: tuple[Node, ...]


@dataclass(frozen=True, slots=True)
class Any:
    """At least one node matches the document."""

    nodes: tuple[Node, ...]


@dataclass(frozen=True, slots=True)
class Not:
    """The node does not match the document."""

    node: Node


@dataclass(frozen=True, slots=True)
class Everything:
    """Every document matches."""


Node = Sequence | All | Any | Not | Everything


@dataclass(frozen=True, slots=True)
class Evidence:
    """What speaks for a document, each item counted once, in a fixed order.

    `terms` are scored on the accented syllables, `words` (tuples of accented keys) on the words,
    `pairs` (folded keys of neighbours) on adjacency; `spellings` are rows of accented keys that are
    another way to write something typed, scored as one term each where they stand side by side.
    `syllables` is the length of the query.
    """

    terms: tuple[Slot, ...] = ()
    words: tuple[tuple[str, ...], ...] = ()
    pairs: tuple[tuple[str, str], ...] = ()
    spellings: tuple[tuple[str, ...], ...] = ()
    syllables: int = 0


@dataclass(frozen=True, slots=True)
class Filters:
    """Conditions on the fields of a document, all of them demanded.

    `after` and `before` are inclusive ISO dates; a document without a date fails either.
    `where` compares meta fields with the text of their value.
    """

    after: str | None = None
    before: str | None = None
    where: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class Query:
    """The whole question: `match` decides, `evidence` ranks, `filters` limit.

    The documents of the first of `closest` that matches any may follow as relaxed; each holds the
    exclusions of `match` too. `telling` is what to match where `match` matches nothing: the same
    without the words that nearly every document has; None where there are none. `interpreted` is
    the text as understood, None where that is what was typed.
    """

    match: Node
    evidence: Evidence
    filters: Filters = field(default_factory=Filters)
    closest: tuple[Node, ...] = ()
    telling: Node | None = None
    interpreted: str | None = None
