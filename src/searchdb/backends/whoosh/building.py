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
from searchdb.backends.whoosh.blocks import ArrayWriter
from searchdb.backends.whoosh.counting import summed
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
from searchdb.backends.whoosh.pieces import made
from searchdb.backends.whoosh.records import Packer, Packing
from searchdb.index.manifest import ManifestFile
from searchdb.model import meta_text

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from numpy.typing import NDArray

    from searchdb.analysis.vocabulary import Vocabulary
    from searchdb.backends.whoosh.pieces import Piece
    from searchdb.index.backend import AnalyzedDocument, AnalyzedPassage

__all__ = ["Buffer"]

_PIECE = 1 << 20
"""Tokens counted at once: more are slower to sort, fewer have less in common."""


class Buffer:
    """Documents of one segment to be; `write` makes the file. Nothing is on disk before.

    `usual` is the dictionary that the other segments compress with, empty if there is none.
    """

    def __init__(self, usual: bytes = b"") -> None:
        self._numbers: dict[str, int] = {}
        self._keys: list[str] = []
        self._fold_numbers: dict[str, int] = {}
        self._fold_of: list[int] = []
        self._seen: Counter[tuple[int, str]] = Counter()
        self._vocabulary: Vocabulary | None = None
        self._map = np.zeros(0, dtype=np.uint32)
        self._tallies = np.zeros(0, dtype=np.int64)
        self._rows: list[AnalyzedPassage] = []
        self._ids: list[NDArray[np.uint32]] = []
        self._starts: list[NDArray[np.bool_]] = []
        self._heads: list[int] = []
        self._parts: list[int] = []
        self._loose = 0
        self._pieces: list[Piece] = []
        self._names: list[str] = []
        self._packing = Packing(usual)
        self._files: list[bytes] = []
        self._dates: list[int] = []
        self._meta: defaultdict[str, list[int]] = defaultdict(list)
        self._dropped: set[int] = set()
        self.tokens = 0

    def __len__(self) -> int:
        """Documents that were not dropped."""
        return len(self._names) - len(self._dropped)

    def add(self, document: AnalyzedDocument) -> int:
        """Keep a document; returns its number."""
        self._learn(document.vocabulary)
        stored = document.stored
        number = len(self._names)
        parts = (document.title, *document.passages)
        sizes = [len(part.tokens) for part in parts]
        self._rows += parts
        self._heads += [size << 1 | part.furniture for size, part in zip(sizes, parts, strict=True)]
        self._parts.append(len(parts))
        self.tokens += sum(sizes)
        self._loose += sum(sizes)
        self._names.append(stored.id)
        self._packing.add(stored, document.packed)
        self._files.append(json.dumps(asdict(document.file)).encode() if document.file else b"")
        date = dt.date.fromisoformat(stored.date).toordinal() if stored.date else 0
        self._dates.append(date)
        for name, value in stored.meta.items():
            self._meta[meta_term(name, meta_text(value))].append(number)
        if self._loose >= _PIECE:
            self._cut()
        return number

    def drop(self, number: int) -> None:
        """Leave a document out after all: a later one has its id."""
        self._dropped.add(number)

    @property
    def packer(self) -> Packer | None:
        """What compresses the documents that are still to come, once that is settled."""
        return self._packing.packer

    def from_file(self, number: int) -> bool:
        """Whether a file is behind a document."""
        return bool(self._files[number])

    def _learn(self, vocabulary: Vocabulary) -> None:
        """Number the syllables of a vocabulary, which may have grown since the last document."""
        if vocabulary is not self._vocabulary:
            self._count_surfaces()
            self._vocabulary = vocabulary
            self._map = np.zeros(0, dtype=np.uint32)
            self._tallies = np.zeros(0, dtype=np.int64)
        known = len(self._map)
        if known == len(vocabulary):
            return
        numbers = self._numbers
        fresh = [numbers.setdefault(key, len(numbers)) for key in vocabulary.keys[known:]]
        if len(numbers) > len(self._keys):
            folds = self._fold_numbers
            for place, number in enumerate(fresh, known):
                if number == len(self._keys):
                    self._keys.append(vocabulary.keys[place])
                    fold = vocabulary.folded[place]
                    self._fold_of.append(folds.setdefault(fold, len(folds)))
        self._settle()
        self._map = np.concatenate((self._map, np.array(fresh, dtype=np.uint32)))
        self._tallies = np.concatenate((self._tallies, np.zeros(len(fresh), dtype=np.int64)))

    def _settle(self) -> None:
        """Number the tokens of the documents added last."""
        if not self._rows:
            return
        tokens = np.concatenate([row.tokens for row in self._rows])
        self._starts += [row.word_starts for row in self._rows]
        self._rows = []
        self._ids.append(self._map.take(tokens))
        self._tallies += np.bincount(tokens, minlength=len(self._tallies))

    def _count_surfaces(self) -> None:
        """Add up how the syllables of the vocabulary at hand were written."""
        self._settle()
        if self._vocabulary is None:
            return
        pairs = zip(self._vocabulary.keys, self._vocabulary.surfaces, strict=True)
        for place, (key, surface) in enumerate(pairs):
            if surface == key or surface == key.removeprefix(fold.BARE):
                continue
            if times := int(self._tallies[place]):
                self._seen[self._numbers[key], surface] += times
        self._vocabulary = None

    def _cut(self) -> None:
        """Make a piece of the documents since the last one."""
        self._settle()
        piece = made(
            _joined(self._ids, np.uint32),
            _joined(self._starts, np.bool_),
            np.array(self._heads, dtype=np.int64),
            np.array(self._parts, dtype=np.int64),
            np.array(self._fold_of, dtype=np.int64),
        )
        self._pieces.append(piece)
        self._ids, self._starts, self._heads, self._parts, self._loose = [], [], [], [], 0

    def write(self, path: Path) -> ManifestFile:
        """Write the file of the segment; returns its measures.

        There must be a document. Raises OSError.
        """
        self._count_surfaces()
        if self._parts:
            self._cut()
        pieces = self._live()
        cf = np.zeros(len(self._keys), dtype=np.int64)
        for piece in pieces:
            cf[piece.terms] += piece.counts.cf.counts
        # Documents that were dropped may have left keys behind that no document holds.
        by_rank = np.argsort(-cf, kind="stable")[: int(np.count_nonzero(cf))]
        rank = np.full(len(self._keys), -1, dtype=np.int64)
        rank[by_rank] = np.arange(len(by_rank))
        syllables, folds = self._syllables(by_rank, rank)
        keys = [rank[piece.terms] for piece in pieces]
        kept = self._records()
        with ArrayWriter(path) as file:
            write_syllables(file, syllables)
            counts = summed(
                [piece.counts for piece in pieces],
                keys,
                [folds[piece.folds] for piece in pieces],
                len(syllables.keys),
            )
            write_counts(file, counts, len(syllables.keys), len(syllables.folds))
            del counts
            _write_postings(file, pieces, keys, len(syllables.keys))
            _write_forward(file, pieces, keys)
            write_records(file, kept)
        return file.measured

    def _live(self) -> list[Piece]:
        """The pieces without the documents that were dropped."""
        live = np.ones(len(self._names), dtype=np.bool_)
        live[list(self._dropped)] = False
        fold_of = np.array(self._fold_of, dtype=np.int64)
        found: list[Piece] = []
        first = 0
        for piece in self._pieces:
            left = live[first : first + len(piece.parts)]
            first += len(left)
            if left.any():
                found.append(piece if left.all() else piece.without(left, fold_of))
        self._pieces = []
        return found

    def _records(self) -> Records:
        """What is kept of the documents that were not dropped."""
        kept = [number for number in range(len(self._names)) if number not in self._dropped]
        renumbered = {number: place for place, number in enumerate(kept)}
        packed = self._packing.packed()
        blobs = [packed[number] for number in kept]
        return Records(
            names=[self._names[number] for number in kept],
            files=[self._files[number] for number in kept],
            dates=np.array([self._dates[number] for number in kept], dtype=np.int64),
            meta={
                term: found
                for term, numbers in self._meta.items()
                if (found := [renumbered[each] for each in numbers if each in renumbered])
            },
            dictionary=self._packing.dictionary,
            stored_sizes=np.array([len(each) for each in blobs], dtype=np.int64),
            stored=[np.frombuffer(b"".join(blobs), dtype=np.uint8)],
        )

    def _syllables(
        self, by_rank: NDArray[np.int64], rank: NDArray[np.int64]
    ) -> tuple[Syllables, NDArray[np.int64]]:
        """The keys that are left, by their new ids, and the new ids of all folds, or -1."""
        texts = list(self._fold_numbers)
        new = np.full(len(texts), -1, dtype=np.int64)
        kept: list[str] = []
        fold_of = np.array(self._fold_of, dtype=np.int64)[by_rank]
        for number in dict.fromkeys(fold_of.tolist()):
            new[number] = len(kept)
            kept.append(texts[number])
        written = sorted(
            (int(rank[number]), text, count)
            for (number, text), count in self._seen.items()
            if rank[number] >= 0
        )
        syllables = Syllables(
            keys=[self._keys[number] for number in by_rank.tolist()],
            folds=kept,
            fold_of=new[fold_of],
            surfaces=Surfaces(
                ids=np.array([number for number, _, _ in written], dtype=np.int64),
                texts=[text for _, text, _ in written],
                counts=np.array([count for _, _, count in written], dtype=np.int64),
            ),
        )
        return syllables, new


def _joined(arrays: Sequence[NDArray[Any]], dtype: type[np.generic]) -> NDArray[Any]:
    return np.concatenate(arrays) if arrays else np.zeros(0, dtype=dtype)


def _write_postings(
    file: ArrayWriter, pieces: Sequence[Piece], keys: Sequence[NDArray[np.int64]], size: int
) -> None:
    """Write one posting for each syllable id and document, with its frequency in tenths.

    Those of a syllable follow each other in the order of the pieces: each goes to its place.
    """
    sizes = np.zeros(size, dtype=np.int64)
    for piece, new in zip(pieces, keys, strict=True):
        sizes[new] += piece.sizes
    many = containers(sum(len(piece.parts) for piece in pieces))
    runs = np.zeros(size * many, dtype=np.int64)
    table = _tf_table(pieces)
    docs = np.empty(sizes.sum(), dtype=np.uint16)
    tfs = np.empty(len(docs), dtype=np.uint8)
    large = [np.zeros((2, 0), dtype=np.int64)]
    free = sizes.cumsum() - sizes
    base = 0
    for piece, new in zip(pieces, keys, strict=True):
        places = np.repeat(free[new] - piece.sizes.cumsum() + piece.sizes, piece.sizes)
        places += np.arange(len(places))
        free[new] += piece.sizes
        documents = piece.documents.astype(np.int64) + base
        base += len(piece.parts)
        runs += np.bincount(
            np.repeat(new * many, piece.sizes) + documents // CONTAINER, minlength=len(runs)
        )
        docs[places] = documents & (CONTAINER - 1)
        codes = tf_codes(piece.tfs, table)
        tfs[places] = codes
        rare = np.flatnonzero(codes == LARGE)
        large.append(np.stack((places[rare], piece.tfs[rare])))
    file.add("term_offsets", "u8", np.cumsum(np.append(0, runs)))
    file.add("docs", "u2", docs)
    at, values = np.concatenate(large, axis=1)
    order = np.argsort(at)
    file.add("tf_values", "u4", table)
    file.add("tfs", "u1", tfs)
    file.add("tf_large_at", "u8", at[order])
    file.add("tf_large", "u4", values[order])


def _tf_table(pieces: Sequence[Piece]) -> NDArray[np.int64]:
    """The most usual frequencies."""
    times: Counter[int] = Counter()
    for piece in pieces:
        for value, count in zip(*np.unique(piece.tfs, return_counts=True), strict=True):
            times[int(value)] += int(count)
    ordered = sorted(times.items())
    found = np.array(ordered, dtype=np.int64).reshape(-1, 2).T
    return tf_table(found[0], found[1])


def _write_forward(
    file: ArrayWriter, pieces: Sequence[Piece], keys: Sequence[NDArray[np.int64]]
) -> None:
    """Write the tokens and parts of each document, and its lengths in tenths."""
    tokens, escapes, parts = ([np.zeros(1, dtype=np.int64)] for _ in range(3))
    escaped_ids = [np.zeros(0, dtype=np.int64)]
    file.begin("tokens", "u2")
    for piece, new in zip(pieces, keys, strict=True):
        ids = new.take(piece.ids)
        write_tokens(file, ids, piece.starts)
        document = np.arange(len(piece.parts)).repeat(piece.parts)
        lengths = piece.heads >> 1
        escaped = np.flatnonzero(ids >= ESCAPE)
        # Exact: no document has so many tokens that a sum of floats would round.
        sizes = np.bincount(document, weights=lengths, minlength=len(piece.parts))
        tokens.append(sizes.astype(np.int64))
        holders = document[np.searchsorted(lengths.cumsum(), escaped, side="right")]
        escapes.append(np.bincount(holders, minlength=len(piece.parts)))
        escaped_ids.append(ids[escaped])
        parts.append(piece.parts)
    file.add("token_offsets", "u8", np.cumsum(np.concatenate(tokens)))
    file.add("escape_offsets", "u4", np.cumsum(np.concatenate(escapes)))
    file.add("escapes", "u4", np.concatenate(escaped_ids))
    file.add("part_offsets", "u4", np.cumsum(np.concatenate(parts)))
    file.add("parts", "u4", _joined([piece.heads for piece in pieces], np.uint32))
    names = ("syllable_length", "word_length", "pair_length")
    for row, name in enumerate(names):
        file.add(name, "u4", _joined([piece.lengths[row] for piece in pieces], np.int64))
