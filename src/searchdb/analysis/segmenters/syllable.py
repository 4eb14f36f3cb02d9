"""Every run of letters or digits is a word of its own: for throw-away indexes and for tests."""

from __future__ import annotations

import re
from collections.abc import Sequence

__all__ = ["SyllableSegmenter"]

_RUN = re.compile(r"\w+")


class SyllableSegmenter:
    """The segmenter that knows no compounds; needs nothing and is fast."""

    name = "syllable"

    def segment(self, text: str) -> list[tuple[int, int]]:
        """Runs of word characters."""
        return [match.span() for match in _RUN.finditer(text)]

    def segment_all(self, texts: Sequence[str]) -> list[list[tuple[int, int]]]:
        """The same for each of many texts."""
        return [self.segment(text) for text in texts]
