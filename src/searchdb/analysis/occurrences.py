"""TEXT, KEYS -> THE TOKENS that have one of these keys, without making the others.

A hit shows a handful of the hundreds of tokens of its passage. So text is cut at spaces, where
nearly every piece is one syllable whose key is remembered, and only the pieces that may hold a key
are cut into tokens. Law: what is found is what `Analyzer.tokens` has for these keys, positions
included; and what is remembered is bounded.
"""

from __future__ import annotations

from collections.abc import Callable, Collection
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from searchdb.model import Token

__all__ = ["Occurrences", "Tokens"]

Tokens = Callable[[str, int, int], list["Token"]]
"""The tokens of a text, with the offset where it stands and the position of the first."""

_NOTHING, _SEVERAL = "", " "
"""What is remembered of pieces that do not hold one syllable; neither is a key."""

_REMEMBERED = 1 << 17
"""Pieces kept, as many as the analyzer keeps stretches."""
_LONGEST_REMEMBERED = 64
"""In characters."""


class Occurrences(dict[str, str]):
    """The key of the one syllable of each piece that was met, or that it has none or several."""

    def __init__(self, tokens: Tokens) -> None:
        super().__init__()
        self._tokens = tokens

    def find(self, text: str, keys: Collection[str], *, offset: int = 0) -> list[Token]:
        """The tokens of a text that stands at `offset` of a document, of these keys alone."""
        pieces = text.replace("\n", " ").split(" ")
        held = list(map(self.__getitem__, pieces))
        asked = {_SEVERAL, *keys}
        found: list[Token] = []
        begin, position, after = offset, 0, 0
        for place in [place for place, key in enumerate(held) if key in asked]:
            if place > after:
                begin += len(" ".join(pieces[after:place])) + 1
                position += place - after - held[after:place].count(_NOTHING)
            made = self._tokens(pieces[place], begin, position)
            found += (
                made
                if held[place] is not _SEVERAL
                else [token for token in made if token.key in keys]
            )
            begin += len(pieces[place]) + 1
            position += len(made)
            after = place + 1
        return found

    def __missing__(self, piece: str) -> str:
        """Look a piece up, and remember it unless it is a long one."""
        made = self._tokens(piece, 0, 0)
        held = made[0].key if len(made) == 1 else _SEVERAL if made else _NOTHING
        if len(piece) <= _LONGEST_REMEMBERED:
            if len(self) >= _REMEMBERED:
                self.clear()
            self[piece] = held
        return held
