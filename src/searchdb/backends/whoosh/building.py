"""ANALYZED DOCUMENTS -> THE FILE OF A SEGMENT: arrays and a few sorts, no object a posting.

Law: the file depends on the documents and their order alone.
"""

from __future__ import annotations

import datetime as dt
import json
from collections import Counter, defaultdict
from dataclasses import asdict
from typing import TYPE_CHECKING, Any

import numpy as np

from searchdb.analysis import fold
from searchdb.backends.whoosh import records
from searchdb.backends.whoosh.blocks import ArrayWriter
from searchdb.backends.whoosh.counting import counted, lengths
from searchdb.backends.whoosh.forward import Forward
from searchdb.backends.whoosh.layout import (
    CONTAINER,
    ESCAPE,
    LARGE,
    Records,
    Surfaces,
    Syllables,
    containers,
    meta_term,
    tf_codes,
    tf_table,
    write_counts,
    write_records,
    write_syllables,
    write_tokens,
)
from searchdb.index.manifest import ManifestFile
from searchdb.model import meta_text
from searchdb.ranking import FURNITURE

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from numpy.typing import NDArray

    from searchdb.analysis.vocabulary import Vocabulary
    from searchdb.index.backend import AnalyzedDocument

__all__ = ["Buffer"]

_WEIGHT_BITS = 5
"""Of the weight of one occurrence in tenths, which is 30 at most (`ranking.TITLE`)."""


class Buffer:
    """Documents of one segment to be; `write` makes the file. Nothing is on disk before."""

    def __init__(self) -> None:
        self._numbers: dict[str, int] = {}
        self._keys: list[str] = []
        self._folded: list[str] = []
        self._seen: Counter[tuple[int, str]] = Counter()
        self._vocabulary: Vocabulary | None = None
        self._map = np.zeros(0, dtype=np.int64)
        self._tallies = np.zeros(0, dtype=np.int64)
        self._tokens: list[NDArray[np.int64]] = []
        self._starts: list[NDArray[np.bool_]] = []
        self._parts: list[int] = []
        self._counts: list[int] = []
        self._names: list[str] = []
        self._stored: list[bytes] = []
        self._files: list[bytes] = []
        self._dates: list[int] = []
        self._meta: defaultdict[str, list[int]] = defaultdict(list)
        self._dropped: set[int] = set()
        self.tokens = 0

    def __len__(self) -> int:
        return len(self._names)

    def add(self, document: AnalyzedDocument) -> int:
        """Keep a document; returns its number."""
        self._learn(document.vocabulary)
        stored = document.stored
        number = len(self._names)
        parts = (document.title, *document.passages)
        for part in parts:
            self._tokens.append(self._map[part.tokens])
            self._starts.append(part.word_starts)
            self._parts.append(len(part.tokens) << 1 | part.furniture)
            self.tokens += len(part.tokens)
            self._tallies += np.bincount(part.tokens, minlength=len(self._tallies))
        self._counts.append(len(parts))
        self._names.append(stored.id)
        self._stored.append(records.dumped(stored))
        self._files.append(json.dumps(asdict(document.file)).encode() if document.file else b"")
        date = dt.date.fromisoformat(stored.date).toordinal() if stored.date else 0
        self._dates.append(date)
        for name, value in stored.meta.items():
            self._meta[meta_term(name, meta_text(value))].append(number)
        return number

    def drop(self, number: int) -> None:
        """Leave a document out after all: a later one has its id."""
        self._dropped.add(number)

    def from_file(self, number: int) -> bool:
        """Whether a file is behind a document."""
        return bool(self._files[number])

    def _learn(self, vocabulary: Vocabulary) -> None:
        """Number the syllables of a vocabulary, which may have grown since the last document."""
        if vocabulary is not self._vocabulary:
            self._count_surfaces()
            self._vocabulary = vocabulary
            self._map = np.zeros(0, dtype=np.int64)
            self._tallies = np.zeros(0, dtype=np.int64)
        known = len(self._map)
        if known == len(vocabulary):
            return
        fresh = []
        for key, folded in zip(vocabulary.keys[known:], vocabulary.folded[known:], strict=True):
            number = self._numbers.setdefault(key, len(self._keys))
            if number == len(self._keys):
                self._keys.append(key)
                self._folded.append(folded)
            fresh.append(number)
        self._map = np.concatenate((self._map, np.array(fresh, dtype=np.int64)))
        self._tallies = np.concatenate((self._tallies, np.zeros(len(fresh), dtype=np.int64)))

    def _count_surfaces(self) -> None:
        """Add up how the syllables of the vocabulary at hand were written."""
        if self._vocabulary is None:
            return
        keys, surfaces = self._vocabulary.keys, self._vocabulary.surfaces
        for place in np.flatnonzero(self._tallies).tolist():
            key, surface = keys[place], surfaces[place]
            if surface != key.removeprefix(fold.BARE):
                self._seen[self._numbers[key], surface] += int(self._tallies[place])
        self._vocabulary = None

    def write(self, path: Path, usual: bytes) -> tuple[ManifestFile, int]:
        """Write the file of the segment; returns its measures and the number of documents.

        `usual` is the dictionary that the other segments compress with, empty if there is none.
        Raises OSError.
        """
        self._count_surfaces()
        forward = self._forward()
        kept = [number for number in range(len(self)) if number not in self._dropped]
        stored = [self._stored[number] for number in kept]
        cf = np.bincount(forward.ids, minlength=len(self._keys))
        # Documents that were dropped may have left keys behind that no document holds.
        by_rank = np.argsort(-cf, kind="stable")[: int(np.count_nonzero(cf))]
        rank = np.full(len(self._keys), -1, dtype=np.int64)
        rank[by_rank] = np.arange(len(by_rank))
        forward.ids[:] = rank[forward.ids]
        syllables = self._syllables(by_rank, rank)
        counts = counted(forward, syllables.fold_of)
        usual = records.dictionary(stored, usual)
        blobs = [records.compressed(each, usual) for each in stored]
        renumbered = {number: place for place, number in enumerate(kept)}
        meta = {
            term: found
            for term, numbers in self._meta.items()
            if (found := [renumbered[each] for each in numbers if each in renumbered])
        }
        kept_records = Records(
            names=[self._names[number] for number in kept],
            files=[self._files[number] for number in kept],
            dates=np.array([self._dates[number] for number in kept], dtype=np.int64),
            meta=meta,
            dictionary=usual,
            stored_sizes=np.array([len(each) for each in blobs], dtype=np.int64),
            stored=[np.frombuffer(each, dtype=np.uint8) for each in blobs],
        )
        with ArrayWriter(path) as file:
            write_syllables(file, syllables)
            write_counts(file, counts, len(syllables.keys), len(syllables.folds))
            _write_postings(file, forward, len(syllables.keys), len(kept))
            _write_forward(file, forward, len(kept))
            write_records(file, kept_records)
        return file.measured, len(kept)

    def _forward(self) -> Forward:
        """The forward lists of the documents that were not dropped."""
        counts = np.array(self._counts, dtype=np.int64)
        forward = Forward.of(
            _joined(self._tokens, np.int64),
            _joined(self._starts, np.bool_),
            np.array(self._parts, dtype=np.int64),
            counts,
        )
        self._tokens, self._starts = [], []
        if not self._dropped:
            return forward
        live = np.ones(len(counts), dtype=np.bool_)
        live[list(self._dropped)] = False
        parts = np.repeat(live, counts)
        tokens = parts[forward.part]
        heads = np.array(self._parts, dtype=np.int64)
        return Forward.of(forward.ids[tokens], forward.starts[tokens], heads[parts], counts[live])

    def _syllables(self, by_rank: NDArray[np.int64], rank: NDArray[np.int64]) -> Syllables:
        """The keys that are left, by their new ids."""
        order = by_rank.tolist()
        folds: dict[str, int] = {}
        fold_of = [folds.setdefault(self._folded[number], len(folds)) for number in order]
        written = sorted(
            (int(rank[number]), text, count)
            for (number, text), count in self._seen.items()
            if rank[number] >= 0
        )
        return Syllables(
            keys=[self._keys[number] for number in order],
            folds=list(folds),
            fold_of=np.array(fold_of, dtype=np.int64),
            surfaces=Surfaces(
                ids=np.array([number for number, _, _ in written], dtype=np.int64),
                texts=[text for _, text, _ in written],
                counts=np.array([count for _, _, count in written], dtype=np.int64),
            ),
        )


def _joined(arrays: Sequence[NDArray[Any]], dtype: type[np.generic]) -> NDArray[Any]:
    return np.concatenate(arrays) if arrays else np.zeros(0, dtype=dtype)


def _write_postings(file: ArrayWriter, forward: Forward, keys: int, documents: int) -> None:
    """Write one posting for each syllable id and document, with its frequency in tenths."""
    bits = documents.bit_length()
    codes = forward.ids << bits | forward.document[forward.part]
    codes = np.sort(codes << _WEIGHT_BITS | forward.weight[forward.part])
    pairs = codes >> _WEIGHT_BITS
    begins = np.flatnonzero(np.append(True, pairs[1:] != pairs[:-1])) if len(pairs) else pairs
    weights = codes & ((1 << _WEIGHT_BITS) - 1)
    tfs = np.add.reduceat(weights, begins) if len(begins) else weights
    ids, documents_of = pairs[begins] >> bits, pairs[begins] & ((1 << bits) - 1)
    many = containers(documents)
    sizes = np.bincount(ids * many + documents_of // CONTAINER, minlength=keys * many)
    file.add("term_offsets", "u8", np.cumsum(np.append(0, sizes)))
    file.add("docs", "u2", documents_of & (CONTAINER - 1))
    distinct, times = np.unique(tfs, return_counts=True)
    table = tf_table(distinct, times)
    found = tf_codes(tfs, table) if len(table) else np.zeros(0, dtype=np.uint8)
    large = np.flatnonzero(found == LARGE)
    file.add("tf_values", "u4", table)
    file.add("tfs", "u1", found)
    file.add("tf_large_at", "u8", large)
    file.add("tf_large", "u4", tfs[large])


def _write_forward(file: ArrayWriter, forward: Forward, documents: int) -> None:
    """Write the tokens and parts of each document, and its lengths in tenths."""
    document = forward.document[forward.part]
    tokens = np.bincount(document, minlength=documents)
    escaped = forward.ids >= ESCAPE
    escapes = np.bincount(document[escaped], minlength=documents)
    file.add("token_offsets", "u8", np.cumsum(np.append(0, tokens)))
    file.add("escape_offsets", "u4", np.cumsum(np.append(0, escapes)))
    file.add("escapes", "u4", forward.ids[escaped])
    file.begin("tokens", "u2")
    write_tokens(file, forward.ids, forward.starts)
    parts = np.bincount(forward.document, minlength=documents)
    furniture = forward.weight == FURNITURE
    file.add("part_offsets", "u4", np.cumsum(np.append(0, parts)))
    file.add("parts", "u4", forward.length << 1 | furniture)
    names = ("syllable_length", "word_length", "pair_length")
    for name, values in zip(names, lengths(forward), strict=True):
        file.add(name, "u4", values)
