"""A query as typed, as a tree; the tree, as text again.

Nothing here is analyzed: case, accents and punctuation stand as they were typed. Law: a tree that
`parse` returns prints itself as a query that parses to an equal tree (offsets do not compare).
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field

__all__ = ["And", "Field", "Node", "Not", "Or", "Phrase", "Prefix", "Text"]

_ONE_WORD = re.compile(r"[^\W_][^\s()]*")


@dataclass(frozen=True, slots=True)
class Text:
    """A run of ordinary words, verbatim, with the white space and punctuation between them.

    `start` is the offset of its first character in the query.
    """

    text: str
    start: int = field(default=0, compare=False)

    def __str__(self) -> str:
        return self.text


@dataclass(frozen=True, slots=True)
class Phrase:
    """What stood between quotes, without the white space at its ends. It holds no quote."""

    text: str
    start: int = field(default=0, compare=False)

    def __str__(self) -> str:
        return f'"{self.text}"'


@dataclass(frozen=True, slots=True)
class Prefix:
    """The beginning of a word; `text` is without the star and holds no white space."""

    text: str
    start: int = field(default=0, compare=False)

    def __str__(self) -> str:
        return f"{self.text}*"


@dataclass(frozen=True, slots=True)
class Not:
    """What must not be there."""

    node: Node

    def __str__(self) -> str:
        # A minus sign before a mere number would be text.
        word = _is_one_word(self.node) and any(map(str.isalpha, str(self.node)))
        bare = word or isinstance(self.node, Phrase | Field)
        return f"-{self.node}" if bare else f"-({self.node})"


@dataclass(frozen=True, slots=True)
class Field:
    """What must be in the field `name`."""

    name: str
    node: Node

    def __str__(self) -> str:
        bare = _is_one_word(self.node) or isinstance(self.node, Phrase)
        return f"{self.name}:{self.node}" if bare else f"{self.name}:({self.node})"


@dataclass(frozen=True, slots=True)
class And:
    """All of the nodes. None at all is the query that asks for nothing."""

    nodes: tuple[Node, ...]

    def __str__(self) -> str:
        pieces: list[str] = []
        for index, node in enumerate(self.nodes):
            if index:
                touching = _is_text(self.nodes[index - 1], -1) and _is_text(node, 0)
                pieces.append(" AND " if touching else " ")
            pieces.append(str(node) if _stands_bare(node) else f"({node})")
        return "".join(pieces)


@dataclass(frozen=True, slots=True)
class Or:
    """At least one of the nodes."""

    nodes: tuple[Node, ...]

    def __str__(self) -> str:
        return " OR ".join(
            f"({node})" if isinstance(node, And | Or) else str(node) for node in self.nodes
        )


Node = Text | Phrase | Prefix | Not | Field | And | Or


def _is_one_word(node: Node) -> bool:
    """Whether the node may follow `-` or `title:` without parentheses."""
    return isinstance(node, Text | Prefix) and _ONE_WORD.fullmatch(node.text) is not None


def _stands_bare(node: Node) -> bool:
    """Whether a part of an And prints without parentheses around it.

    OR binds first, so parentheses around an Or are for the eye; they would pair with a stray one
    in its text. An Or that was typed in parentheses has no stray ones.
    """
    if isinstance(node, Or):
        return not all(_is_balanced(part.text) for part in node.nodes if isinstance(part, Text))
    return not isinstance(node, And)


def _is_text(node: Node, edge: int) -> bool:
    """Whether a part of an And prints plain words at its first (0) or last (-1) place."""
    if isinstance(node, Or) and _stands_bare(node):
        return isinstance(node.nodes[edge], Text)
    return isinstance(node, Text)


def _is_balanced(text: str) -> bool:
    depth = 0
    for char in text:
        depth += (char == "(") - (char == ")")
        if depth < 0:
            return False
    return depth == 0
