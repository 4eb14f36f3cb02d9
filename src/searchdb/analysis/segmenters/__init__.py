"""NORMALIZED TEXT -> WORDS. Law: a segmenter never changes, adds or drops text."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

__all__ = ["Segmenter"]


class Segmenter(Protocol):
    """Says which stretches of a text are words."""

    @property
    def name(self) -> str:
        """Name and version; part of the fingerprint of an index."""
        ...

    def segment(self, text: str) -> list[tuple[int, int]]:
        """Sorted, disjoint spans that cover every letter and digit; gaps are no word."""
        ...

    def segment_all(self, texts: Sequence[str]) -> list[list[tuple[int, int]]]:
        """The same for each of many texts."""
        ...

    def starts_all(self, texts: Sequence[str]) -> NDArray[np.int64]:
        """Where the spans of texts begin, sorted: places in the texts joined by line feeds."""
        ...
