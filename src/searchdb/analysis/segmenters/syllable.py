"""Every run of letters or digits is a word of its own: for throw-away indexes and for tests."""

from __future__ import annotations

import re

__all__ = ["SyllableSegmenter"]

_RUN = re.compile(r"\w+")


class SyllableSegmenter:
    """The segmenter that knows no compounds; needs nothing and is fast."""

    name = "syllable"

    def segment(self, text: str) -> list[tuple[int, int]]:
        """Runs of word characters."""
        return [match.span() for match in _RUN.finditer(text)]
