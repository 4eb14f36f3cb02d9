"""Every run of letters or digits is a word of its own: for throw-away indexes and for tests."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

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

    def starts_all(self, texts: Sequence[str]) -> NDArray[np.int64]:
        """Where they begin in the texts joined by line feeds."""
        import numpy as np  # noqa: PLC0415 - a question needs no words

        return np.array(
            [match.start() for match in _RUN.finditer("\n".join(texts))], dtype=np.int64
        )
