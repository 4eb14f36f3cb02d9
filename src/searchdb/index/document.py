"""STORED DOCUMENT -> ANALYZED DOCUMENT, and stored text -> the tokens that the index has for it.

A document written wholly without Vietnamese marks keeps its syllables under keys of their own
(`fold.BARE`): there `duong` may stand for any of its forms, while in an accented document it is
deliberate. Law: `tokens` gives the very keys that `analyzed` gave the backend.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from searchdb.analysis import fold
from searchdb.analysis.vocabulary import Vocabulary
from searchdb.index.backend import AnalyzedDocument, AnalyzedPassage, FileState

if TYPE_CHECKING:
    from searchdb.analysis import Analyzer
    from searchdb.model import Passage, StoredDocument, Token

_LONGEST_TITLE = 2000
"""Characters of a title that are looked at for marking it."""

__all__ = ["analyzed", "title_tokens", "tokens"]


def analyzed(
    stored: StoredDocument,
    analyzer: Analyzer,
    file: FileState | None = None,
    *,
    vocabulary: Vocabulary | None = None,
) -> AnalyzedDocument:
    """The document as a backend takes it, its title and each passage analyzed on their own.

    Documents analyzed with one `vocabulary` share it.
    """
    import numpy as np  # noqa: PLC0415 - a question needs none of it

    unmarked = _is_unmarked(stored)
    texts = [stored.title, *(stored.text[each.start : each.end] for each in stored.passages)]
    furniture = [False, *(each.furniture for each in stored.passages)]
    words = Vocabulary() if vocabulary is None else vocabulary
    title, *passages = (
        AnalyzedPassage(
            np.array(
                [
                    words.place(_unmarked_key(key) if unmarked else key, folded, surface)
                    for key, folded, surface in zip(
                        found.keys, found.folded, found.surfaces, strict=True
                    )
                ],
                dtype=np.uint32,
            ),
            np.array(found.word_starts, dtype=np.bool_),
            aside,
        )
        for found, aside in zip(analyzer.words(texts), furniture, strict=True)
    )
    return AnalyzedDocument(stored, words, title, tuple(passages), file)


def tokens(stored: StoredDocument, passage: Passage, analyzer: Analyzer) -> list[Token]:
    """The tokens of a passage, with offsets into the document; no words are looked for."""
    text = stored.text[passage.start : passage.end]
    return _as_kept(stored, analyzer.tokens(text, offset=passage.start))


def title_tokens(stored: StoredDocument, analyzer: Analyzer) -> list[Token]:
    """The tokens of the title (of a very long one, its beginning), with offsets into it."""
    return _as_kept(stored, analyzer.tokens(stored.title[:_LONGEST_TITLE]))


def _as_kept(stored: StoredDocument, found: list[Token]) -> list[Token]:
    if not _is_unmarked(stored):
        return found
    return [replace(token, key=_unmarked_key(token.key)) for token in found]


def _is_unmarked(stored: StoredDocument) -> bool:
    return fold.is_unmarked(stored.title) and fold.is_unmarked(stored.text)


def _unmarked_key(key: str) -> str:
    """The key in a document without marks; numbers have none in any document."""
    return key if key.isdecimal() or key != fold.fold(key) else fold.bare(key)
