"""STORED DOCUMENT -> ANALYZED DOCUMENT, and stored text -> where it has what was asked for.

A document written wholly without Vietnamese marks keeps its syllables under keys of their own
(`fold.BARE`): there `duong` may stand for any of its forms, while in an accented document it is
deliberate. Law: `occurrences` gives the very keys that `analyzed` gave the backend.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from searchdb.analysis import fold
from searchdb.analysis.vocabulary import Vocabulary, unmarked_key
from searchdb.index.backend import AnalyzedDocument, AnalyzedPassage, FileState
from searchdb.model import Document

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence

    from searchdb.analysis import Analyzer
    from searchdb.model import Passage, StoredDocument, Token

_LONGEST_TITLE = 2000
"""Characters of a title that are looked at for marking it."""

__all__ = [
    "all_analyzed",
    "analyzed",
    "as_given",
    "occurrences",
    "title_occurrences",
    "token_ends",
]


def analyzed(
    stored: StoredDocument, analyzer: Analyzer, file: FileState | None = None
) -> AnalyzedDocument:
    """The document as a backend takes it, its title and each passage analyzed on their own."""
    return all_analyzed([(stored, file)], analyzer)[0]


def all_analyzed(
    documents: Sequence[tuple[StoredDocument, FileState | None]], analyzer: Analyzer
) -> list[AnalyzedDocument]:
    """The same for each of many documents, which share a vocabulary; much faster than one by one.

    The vocabulary holds what these documents hold, in their order.
    """
    texts: list[str] = []
    unmarked: list[bool] = []
    for stored, _ in documents:
        texts.append(stored.title)
        texts += [stored.text[each.start : each.end] for each in stored.passages]
        unmarked += [_is_unmarked(stored)] * (1 + len(stored.passages))
    vocabulary = Vocabulary()
    rows = iter(analyzer.rows(texts, vocabulary, unmarked=unmarked))
    return [
        AnalyzedDocument(
            stored,
            vocabulary,
            AnalyzedPassage(*next(rows)),
            tuple([AnalyzedPassage(*next(rows), each.furniture) for each in stored.passages]),
            file,
        )
        for stored, file in documents
    ]


def occurrences(
    stored: StoredDocument, passage: Passage, analyzer: Analyzer, keys: Collection[str]
) -> list[Token]:
    """The tokens of a passage that have one of these keys, with offsets into the document."""
    text = stored.text[passage.start : passage.end]
    return _found(stored, text, analyzer, keys, offset=passage.start)


def title_occurrences(
    stored: StoredDocument, analyzer: Analyzer, keys: Collection[str]
) -> list[Token]:
    """The same in the title (of a very long one, in its beginning), with offsets into it."""
    return _found(stored, stored.title[:_LONGEST_TITLE], analyzer, keys)


def token_ends(stored: StoredDocument, passage: Passage, analyzer: Analyzer) -> list[int]:
    """Where each token of a passage ends in the document."""
    text = stored.text[passage.start : passage.end]
    return [passage.start + end for end in analyzer.syllables(text).ends]


def _found(
    stored: StoredDocument, text: str, analyzer: Analyzer, keys: Collection[str], offset: int = 0
) -> list[Token]:
    if not _is_unmarked(stored):
        return analyzer.occurrences(text, keys, offset=offset)
    plain = [key.removeprefix(fold.BARE) for key in keys]
    kept = {key: unmarked_key(key) for key in plain if unmarked_key(key) in keys}
    found = analyzer.occurrences(text, kept, offset=offset)
    return [token._replace(key=kept[token.key]) for token in found]


def _is_unmarked(stored: StoredDocument) -> bool:
    return fold.is_unmarked(stored.title) and fold.is_unmarked(stored.text)


def as_given(stored: StoredDocument) -> Document:
    """The document that this one may have been made of."""
    return Document(
        id=stored.id,
        text=stored.text,
        title=stored.title,
        date=stored.date,
        source=stored.source,
        meta=stored.meta,
    )
