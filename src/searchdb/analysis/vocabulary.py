"""SYLLABLES of a batch of texts -> places: each distinct one is kept once, tokens are numbers.

Law: append-only. The place of a syllable never changes, so arrays of places made early stay right
while later texts of the batch are analyzed.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from searchdb.analysis import fold

__all__ = ["Vocabulary", "unmarked_key"]


def unmarked_key(key: str) -> str:
    """The key in a document written wholly without marks; numbers have none in any document."""
    return key if key.isdecimal() or key != fold.fold(key) else fold.bare(key)


@dataclass(frozen=True, slots=True, eq=False)
class Vocabulary:
    """Distinct syllables as three lists in step: accented key, folded key, surface.

    The surface is the syllable as written, in lower case. One key has several entries where it is
    written in several ways, and the keys of unmarked documents (`fold.BARE`) are entries of their
    own.
    """

    keys: list[str] = field(default_factory=list)
    folded: list[str] = field(default_factory=list)
    surfaces: list[str] = field(default_factory=list)
    _places: dict[tuple[str, str, str], int] = field(init=False, repr=False, default_factory=dict)

    def __post_init__(self) -> None:
        rows = zip(self.keys, self.folded, self.surfaces, strict=True)
        self._places.update(zip(rows, range(len(self.keys)), strict=True))

    def __reduce__(self) -> tuple[type[Vocabulary], tuple[list[str], list[str], list[str]]]:
        """The lists say all; the rest is made of them."""
        return Vocabulary, (self.keys, self.folded, self.surfaces)

    def __len__(self) -> int:
        return len(self.keys)

    def place(self, key: str, folded: str, surface: str) -> int:
        """The place of a syllable in the lists, a new one if it was not there."""
        place = self._places.setdefault((key, folded, surface), len(self.keys))
        if place == len(self.keys):
            self.keys.append(key)
            self.folded.append(folded)
            self.surfaces.append(surface)
        return place
