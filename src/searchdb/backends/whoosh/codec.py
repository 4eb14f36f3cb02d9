"""A SEGMENT -> WHOOSH'S OWN INTERFACES: so that a plain Whoosh searcher reads this index too.

It answers Term, And, Or, Prefix and Phrase with the same documents as searchdb, which itself never
comes here: its kernels read the arrays. Positions are read off the forward list, the title first,
with a gap between parts that no phrase bridges.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import asdict
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from whoosh.codec.base import Codec, PerDocumentReader, TermsReader
from whoosh.formats import Positions
from whoosh.matching import ListMatcher
from whoosh.reading import TermInfo, TermNotFound

from searchdb.backends.whoosh.segment import SegmentFile

if TYPE_CHECKING:
    from searchdb.backends.whoosh.schema import ArraySegment

__all__ = ["ArrayCodec"]

_GAP = 100
"""Positions between the parts of a document."""


class ArrayCodec(Codec):  # type: ignore[misc] # Whoosh has no types
    """Reads the segments that `WhooshWriter` wrote; it cannot write any."""

    def terms_reader(self, storage: Any, segment: ArraySegment) -> _Terms:  # noqa: ANN401 - Whoosh has no types
        """Terms and postings."""
        return _Terms(_opened(storage, segment))

    def per_document_reader(self, storage: Any, segment: ArraySegment) -> _Documents:  # noqa: ANN401 - as above
        """Stored values, lengths and deletions."""
        return _Documents(_opened(storage, segment), segment)


def _opened(storage: Any, segment: ArraySegment) -> SegmentFile:  # noqa: ANN401 - as above
    return SegmentFile(Path(storage.folder) / segment.file_name())


class _Terms(TermsReader):  # type: ignore[misc] # Whoosh has no types
    """See `whoosh.codec.base.TermsReader`; terms are bytes."""

    def __init__(self, segment: SegmentFile) -> None:
        self._segment = segment
        self._tables = {"id": segment.names, "meta": segment.meta, "syllables": segment.keys}

    def __contains__(self, term: tuple[str, bytes]) -> bool:
        return self._number(*term) >= 0

    def _number(self, field: str, text: bytes) -> int:
        table = self._tables.get(field)
        return -1 if table is None else table.find(text.decode("utf-8", "surrogatepass"))

    def terms(self) -> Iterator[tuple[str, bytes]]:
        for field in sorted(self._tables):
            yield from self.terms_from(field, b"")

    def terms_from(self, fieldname: str, prefix: bytes) -> Iterator[tuple[str, bytes]]:
        table = self._tables.get(fieldname)
        if table is not None:
            for rank in range(table.rank(prefix), len(table)):
                yield fieldname, table.raw(table.at(rank))

    def items(self) -> Iterator[tuple[tuple[str, bytes], Any]]:
        return ((term, self.term_info(*term)) for term in self.terms())

    def items_from(self, fieldname: str, prefix: bytes) -> Iterator[tuple[tuple[str, bytes], Any]]:
        return ((term, self.term_info(*term)) for term in self.terms_from(fieldname, prefix))

    def _postings(self, field: str, text: bytes) -> tuple[list[int], list[float]]:
        """Documents and weights of a term."""
        number = self._number(field, text)
        if number < 0:
            message = f"{field}:{text!r}"
            raise TermNotFound(message)
        if field == "syllables":
            documents, tfs = self._segment.postings(number)
            return documents.tolist(), (tfs / 10).tolist()
        if field == "id":
            return [number], [1.0]
        documents = self._segment.meta_documents(self._tables[field].text(number))
        return documents.tolist(), [1.0] * len(documents)

    def term_info(self, fieldname: str, text: bytes) -> Any:  # noqa: ANN401 - Whoosh has no types
        documents, weights = self._postings(fieldname, text)
        lengths = self._segment["syllable_length"].whole()[documents]
        return TermInfo(
            weight=sum(weights),
            df=len(documents),
            minlength=int(lengths.min()),
            maxlength=int(lengths.max()),
            maxweight=max(weights),
            minid=documents[0],
            maxid=documents[-1],
        )

    def frequency(self, fieldname: str, text: bytes) -> float:
        return float(sum(self._postings(fieldname, text)[1])) if (fieldname, text) in self else 0.0

    def doc_frequency(self, fieldname: str, text: bytes) -> int:
        # Whoosh asks every segment for the terms of all: one that is not there has no documents.
        return len(self._postings(fieldname, text)[0]) if (fieldname, text) in self else 0

    def matcher(
        self,
        fieldname: str,
        text: bytes,
        format_: Any,  # noqa: ANN401 - Whoosh has no types
        scorer: Any = None,  # noqa: ANN401 - as above
    ) -> Any:  # noqa: ANN401 - as above
        documents, weights = self._postings(fieldname, text)
        if not isinstance(format_, Positions):
            return ListMatcher(documents, weights, None, format_, scorer, term=(fieldname, text))
        return _Matcher(documents, weights, scorer, self._segment, self._number(fieldname, text))

    def indexed_field_names(self) -> Iterable[str]:
        return self._tables

    def close(self) -> None:
        """Nothing is held but the map of the file."""


class _Matcher(ListMatcher):  # type: ignore[misc] # Whoosh has no types
    """Postings of a syllable whose positions are looked up when they are asked for."""

    def __init__(  # noqa: PLR0917 - as `ListMatcher`
        self,
        documents: list[int],
        weights: list[float],
        scorer: Any,  # noqa: ANN401 - Whoosh has no types
        segment: SegmentFile,
        number: int,
        position: int = 0,
    ) -> None:
        super().__init__(documents, weights, None, Positions(), scorer, position)
        self._segment, self._number = segment, number

    def copy(self) -> _Matcher:
        return _Matcher(
            self._ids, self._weights, self._scorer, self._segment, self._number, self._i
        )

    def supports_block_quality(self) -> bool:
        return False

    def value_as(self, astype: str) -> list[int] | float | list[tuple[int, int]]:
        """Positions, or what Whoosh makes of them."""
        if astype in {"frequency", "weight"}:
            return float(self.weight())
        forward = self._segment.forward(np.array([self.id()], dtype=np.int64))
        where = np.flatnonzero(forward.ids == self._number)
        found: list[int] = (where + forward.part[where] * _GAP).tolist()
        return found if astype == "positions" else [(place, 1) for place in found]


class _Documents(PerDocumentReader):  # type: ignore[misc] # Whoosh has no types
    """See `whoosh.codec.base.PerDocumentReader`."""

    def __init__(self, segment: SegmentFile, entry: ArraySegment) -> None:
        self._segment = segment
        self._entry = entry

    def close(self) -> None:
        """Nothing is held but the map of the file."""

    def doc_count(self) -> int:
        return self._entry.doc_count_all() - self._entry.deleted_count()

    def doc_count_all(self) -> int:
        return self._entry.doc_count_all()

    def has_deletions(self) -> bool:
        return bool(self._entry.deleted)

    def is_deleted(self, docnum: int) -> bool:
        return self._entry.is_deleted(docnum)

    def deleted_docs(self) -> frozenset[int]:
        return self._entry.deleted_docs()

    def supports_columns(self) -> bool:
        return False

    def has_column(self, fieldname: str) -> bool:  # noqa: ARG002 - no field has one
        return False

    @cached_property
    def _lengths(self) -> Any:  # noqa: ANN401 - an array, or none
        return self._segment["syllable_length"].whole() / 10

    def doc_field_length(self, docnum: int, fieldname: str, default: float = 0) -> float:
        return float(self._lengths[docnum]) if fieldname == "syllables" else default

    def field_length(self, fieldname: str) -> float:
        return float(self._lengths.sum()) if fieldname == "syllables" else 0

    def min_field_length(self, fieldname: str) -> float:
        return float(self._lengths.min(initial=0)) if fieldname == "syllables" else 0

    def max_field_length(self, fieldname: str) -> float:
        return float(self._lengths.max(initial=0)) if fieldname == "syllables" else 0

    def has_vector(self, docnum: int, fieldname: str) -> bool:  # noqa: ARG002 - no field has one
        return False

    def stored_fields(self, docnum: int) -> dict[str, Any]:
        return {"stored": asdict(self._segment.stored(docnum))}
