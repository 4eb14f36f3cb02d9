"""DOCUMENTS -> ANALYZED DOCUMENTS, in order: passages and analysis, a batch at a time.

Law: what a document becomes depends on neither the number of processes nor the time; batches are
cut by size alone, and the documents of one share a vocabulary.
"""

from __future__ import annotations

from collections.abc import Callable, Generator, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import chain, islice, pairwise
from typing import TYPE_CHECKING

import numpy as np

from searchdb import passages
from searchdb.analysis import Analyzer
from searchdb.analysis.batches import batches
from searchdb.index.backend import AnalyzedDocument, AnalyzedPassage, FileState, Packer
from searchdb.index.document import all_analyzed
from searchdb.index.processes import in_processes, possible
from searchdb.model import Document, Meta, Passage, StoredDocument
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
    packer: Callable[[], Packer | None] = lambda: None,
) -> Generator[AnalyzedDocument, None, None]:
    """The documents as a backend takes them: in Unicode, cut into passages, analyzed.

    `workers` is how many processes may be started for it, 1 for none; None stands for as many as
    there are processors, at most 8. Documents are read ahead, by two batches a process and one.
    `packer` is asked what those processes may do beyond that, when they are started.
    Whatever the documents raise is raised; close the iterator to end the processes early.
    """
    count = min(possible(), _MOST) if workers is None else workers
    work = _Work(analyzer, keep_furniture)
    groups = batches(documents, _size, _BATCH)
    for batch in groups if count <= 1 else islice(groups, _FEW):
        yield from work.analyzed(batch)
    for more in groups:
        work = replace(work, packer=packer())
        for batch, packed in in_processes(work, chain([more], groups), count=count):
            yield from _unpacked(packed, batch)


def _size(item: _Item) -> int:
    return len(item[0].text) + len(item[0].title or "")


@dataclass(frozen=True, slots=True)
class _Packed:
    """An analyzed batch on its way between processes, where many small objects would cost.

    What is stored of a document is told by what it does not share with the document given: its
    fields (no text where that is the same), and as rows of `passages` where its passages begin and
    end and which are furniture, `counts` of them a document. `tokens` and `word_starts` are those
    of all titles and passages end to end, `lengths` says how many each has. `packed` are the
    records, none if no packer was given.
    """

    fields: list[tuple[str | None, str, str | None, str | None, Meta]]
    passages: NDArray[np.int64]
    counts: list[int]
    vocabulary: Vocabulary
    tokens: NDArray[np.uint32]
    word_starts: NDArray[np.bool_]
    lengths: NDArray[np.int64]
    packed: list[bytes]


@dataclass(frozen=True, slots=True)
class _Work:
    """What is done to a batch, here or in another process."""

    analyzer: Analyzer
    keep_furniture: bool
    packer: Packer | None = None

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
        stored = [document.stored for document in found]
        bounds = [(p.start, p.end, p.furniture) for each in stored for p in each.passages]
        return _Packed(
            fields=[
                (
                    None if each.text == given.text else each.text,
                    each.title,
                    each.date,
                    each.source,
                    each.meta,
                )
                for each, (given, _) in zip(stored, batch, strict=True)
            ],
            passages=np.array(bounds, dtype=np.int64).reshape(-1, 3),
            counts=[len(each.passages) for each in stored],
            vocabulary=found[0].vocabulary,
            tokens=np.concatenate([row.tokens for row in rows]),
            word_starts=np.concatenate([row.word_starts for row in rows]),
            lengths=np.array([row.tokens.size for row in rows], dtype=np.int64),
            packed=[self.packer(each) for each in stored] if self.packer else [],
        )


def _unpacked(packed: _Packed, batch: Sequence[_Item]) -> Iterator[AnalyzedDocument]:
    limits = [0, *packed.lengths.cumsum().tolist()]
    rows = (
        (packed.tokens[begin:end], packed.word_starts[begin:end]) for begin, end in pairwise(limits)
    )
    starts, ends, furniture = packed.passages.T
    found = map(Passage, starts.tolist(), ends.tolist(), furniture.astype(np.bool_).tolist())
    records = iter(packed.packed)
    for (given, file), count, fields in zip(batch, packed.counts, packed.fields, strict=True):
        text, title, date, source, meta = fields
        split = tuple(islice(found, count))
        text = given.text if text is None else text
        stored = StoredDocument(given.id, text, title, date, source, meta, split)
        head = AnalyzedPassage(*next(rows))
        body = tuple([AnalyzedPassage(*next(rows), each.furniture) for each in split])
        yield AnalyzedDocument(
            stored, packed.vocabulary, head, body, file, packed=next(records, None)
        )
