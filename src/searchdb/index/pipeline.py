"""DOCUMENTS -> ANALYZED DOCUMENTS, in order: passages and analysis, a batch at a time.

Law: what a document becomes depends on neither the number of processes nor the time; batches are
cut by size alone, and the documents of one share a vocabulary.
"""

from __future__ import annotations

from collections.abc import Generator, Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import chain, islice, pairwise
from typing import TYPE_CHECKING

import numpy as np

from searchdb import passages
from searchdb.analysis import Analyzer
from searchdb.analysis.batches import batches
from searchdb.index.backend import AnalyzedDocument, AnalyzedPassage, FileState
from searchdb.index.document import all_analyzed
from searchdb.index.processes import in_processes, possible
from searchdb.model import Document, StoredDocument
from searchdb.readers import legacy

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from searchdb.analysis.vocabulary import Vocabulary

__all__ = ["prepared"]

_BATCH = 1 << 20
"""Characters of the documents of one batch."""
_FEW = 2
"""Batches done in this process before others are started: those need most of a second of processor
time to begin, in which two batches are done."""
_MOST = 8
"""Processes, unless more are asked for: reading and writing, which one does, is no faster then."""

_Item = tuple[Document, FileState | None]


def prepared(
    documents: Iterable[_Item],
    analyzer: Analyzer,
    *,
    keep_furniture: bool = False,
    workers: int | None = None,
) -> Generator[AnalyzedDocument, None, None]:
    """The documents as a backend takes them: in Unicode, cut into passages, analyzed.

    `workers` is how many processes may be started for it, 1 for none; None stands for as many as
    there are processors, at most 8. Documents are read ahead, by two batches a process and one.
    Whatever the documents raise is raised; close the iterator to end the processes early.
    """
    count = min(possible(), _MOST) if workers is None else workers
    work = _Work(analyzer, keep_furniture)
    groups = batches(documents, _size, _BATCH)
    for batch in groups if count <= 1 else islice(groups, _FEW):
        yield from work.analyzed(batch)
    for more in groups:
        for batch, packed in in_processes(work, chain([more], groups), count=count):
            yield from _unpacked(packed, batch)


def _size(item: _Item) -> int:
    return len(item[0].text) + len(item[0].title or "")


@dataclass(frozen=True, slots=True)
class _Packed:
    """An analyzed batch on its way between processes, where many small arrays would cost.

    `tokens` and `word_starts` are those of all titles and passages end to end, `lengths` says how
    many each has.
    """

    stored: Sequence[StoredDocument]
    vocabulary: Vocabulary
    tokens: NDArray[np.uint32]
    word_starts: NDArray[np.bool_]
    lengths: NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class _Work:
    """What is done to a batch, here or in another process."""

    analyzer: Analyzer
    keep_furniture: bool

    def analyzed(self, batch: Sequence[_Item]) -> list[AnalyzedDocument]:
        """The documents of a batch, analyzed."""
        stored = [
            passages.split(legacy.in_unicode(document), keep_furniture=self.keep_furniture)
            for document, _ in batch
        ]
        return all_analyzed(
            list(zip(stored, (file for _, file in batch), strict=True)), self.analyzer
        )

    def __call__(self, batch: Sequence[_Item]) -> _Packed:
        """The same, packed."""
        found = self.analyzed(batch)
        rows = [row for document in found for row in (document.title, *document.passages)]
        return _Packed(
            [document.stored for document in found],
            found[0].vocabulary,
            np.concatenate([row.tokens for row in rows]),
            np.concatenate([row.word_starts for row in rows]),
            np.array([row.tokens.size for row in rows], dtype=np.int64),
        )


def _unpacked(packed: _Packed, batch: Sequence[_Item]) -> Iterator[AnalyzedDocument]:
    limits = [0, *packed.lengths.cumsum().tolist()]
    rows = (
        (packed.tokens[begin:end], packed.word_starts[begin:end]) for begin, end in pairwise(limits)
    )
    for stored, (_, file) in zip(packed.stored, batch, strict=True):
        title = AnalyzedPassage(*next(rows))
        body = [AnalyzedPassage(*next(rows), each.furniture) for each in stored.passages]
        yield AnalyzedDocument(stored, packed.vocabulary, title, tuple(body), file)
