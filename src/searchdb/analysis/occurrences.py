"""TEXT, KEYS -> THE TOKENS that have one of these keys, without making the others.

A hit shows a handful of the hundreds of tokens of its passage. So text is cut at spaces, where
nearly every piece is one syllable whose key is remembered, and only the pieces that may hold a key
are cut into tokens. Law: what is found is what `Analyzer.tokens` has for these keys, positions
included; and what is remembered is bounded.
"""

from __future__ import annotations

from collections.abc import Callable, Collection
from itertools import accumulate

from searchdb.model import Token

__all__ = ["Occurrences", "Tokens"]

Tokens = Callable[[str, int, int], list[Token]]
"""The tokens of a text, with the offset where it stands and the position of the first."""

_NOTHING, _SEVERAL = "", " "
"""What is remembered of pieces that do not hold one syllable; neither is a key."""

_tuple = tuple.__new__
"""Makes a Token of a row three times faster than its own constructor."""

_REMEMBERED = 1 << 17
"""Pieces kept, as many as the analyzer keeps stretches."""
_LONGEST_REMEMBERED = 64
"""In characters."""


class Occurrences(dict[str, str]):
    """The key of the one syllable of each piece that was met, or that it has none or several."""

    def __init__(self, tokens: Tokens) -> None:
        super().__init__()
        self._tokens = tokens
        self._made: dict[str, list[Token]] = {}

    def find(self, text: str, keys: Collection[str], *, offset: int = 0) -> list[Token]:
        """The tokens of a text that stands at `offset` of a document, of these keys alone."""
        pieces = text.replace("\n", " ").split(" ")
        held = list(map(self.__getitem__, pieces))
        asked = {_SEVERAL, *keys}
        begins = list(accumulate(map(len, pieces), initial=offset))
        found: list[Token] = []
        position = after = 0
        for place in [place for place, key in enumerate(held) if key in asked]:
            if place > after:
                position += place - after - held[after:place].count(_NOTHING)
            after = place + 1
            # White space stands before all pieces but the first.
            begin = begins[place] + place
            piece = pieces[place]
            made = self._made.get(piece) or self._tokens(piece, 0, 0)
            for shown, start, end, kind, key, folded, _, _ in made:
                if key in keys:
                    row = (shown, begin + start, begin + end, kind, key, folded, position, position)
                    found.append(_tuple(Token, row))
                position += 1
        return found

    def __missing__(self, piece: str) -> str:
        """Look a piece up, and remember it unless it is a long one."""
        made = self._tokens(piece, 0, 0)
        held = made[0].key if len(made) == 1 else _SEVERAL if made else _NOTHING
        if len(piece) <= _LONGEST_REMEMBERED:
            if len(self) >= _REMEMBERED:
                self.clear()
                self._made.clear()
            self._made[piece] = made
            self[piece] = held
        return held
