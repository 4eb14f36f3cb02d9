"""WHAT A SEGMENT IS on disk: the names and types of its arrays, and how each kind is written.

One file a Whoosh segment. Syllables are numbered by how often they occur, so that nearly every
token of a forward list fits 15 bits; postings keep the low 16 bits of a document's number, and a
term has a run of postings for each 65,536 documents. Counts and frequencies are bytes where they
fit, with the few that do not in a list beside.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from searchdb.backends.whoosh.strings import write_blobs, write_strings

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from numpy.typing import NDArray

    from searchdb.backends.whoosh.blocks import ArrayWriter
    from searchdb.backends.whoosh.counting import Counts, Table

__all__ = [
    "CONTAINER",
    "ESCAPE",
    "LARGE",
    "TYPES",
    "Records",
    "Surfaces",
    "Syllables",
    "containers",
    "meta_term",
    "tf_codes",
    "tf_table",
    "write_counts",
    "write_gone",
    "write_records",
    "write_syllables",
    "write_tokens",
]

CONTAINER = 1 << 16
"""Documents whose numbers differ in the low 16 bits only."""
ESCAPE = 0x7FFF
"""In a forward list: the id does not fit 15 bits and stands in the list beside."""
LARGE = 0xFF
"""Of a byte: the number does not fit and stands in the list beside."""

_SHORT = 1 << 16
"""Frequencies below this are looked up in a table."""

_NAMES = {
    "u1": "bigram_counts dictionary file_blob fold_blob key_blob meta_blob name_blob "
    "pair_counts stored_blob surface_blob tfs",
    "u2": "docs tokens",
    "u4": "bigram_large bigram_large_at bigram_offsets bigram_seconds date escape_offsets escapes "
    "fold_codes fold_ids fold_order key_cf key_codes key_df key_fold key_ids key_order "
    "member_offsets members meta_codes meta_doc_offsets meta_docs meta_ids meta_order name_codes "
    "name_ids name_order pair_large pair_large_at pair_length pair_offsets pair_seconds "
    "part_offsets parts surface_counts surface_ids syllable_length tf_large "
    "tf_values word_df word_length",
    "u8": "file_offsets fold_offsets key_offsets meta_offsets name_offsets stored_offsets "
    "surface_offsets term_offsets tf_large_at token_offsets totals trie",
}
TYPES = {name: kind for kind, names in _NAMES.items() for name in names.split()}
"""The arrays of a segment."""


def containers(documents: int) -> int:
    """Runs of postings that each term has."""
    return max(1, -(-documents // CONTAINER))


def meta_term(name: str, value: str) -> str:
    """The term of one meta field with one value; no other pair has it."""
    return json.dumps([name, value], ensure_ascii=False)


@dataclass(frozen=True, slots=True)
class Surfaces:
    """How syllables are written where not as their keys: id, text and count, by id, then text."""

    ids: NDArray[np.int64]
    texts: Sequence[str]
    counts: NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Syllables:
    """The keys of a segment by syllable id, and their folds: `fold_of` leads to `folds`."""

    keys: Sequence[str]
    folds: Sequence[str]
    fold_of: NDArray[np.int64]
    surfaces: Surfaces


def write_syllables(file: ArrayWriter, syllables: Syllables) -> None:
    """Write keys, folds and surfaces; the members of a fold in the order of their ids."""
    write_strings(file, "key", syllables.keys)
    write_strings(file, "fold", syllables.folds)
    file.add("key_fold", "u4", syllables.fold_of)
    file.add("members", "u4", np.argsort(syllables.fold_of, kind="stable"))
    file.add("member_offsets", "u4", _offsets(syllables.fold_of, len(syllables.folds)))
    surfaces = syllables.surfaces
    file.add("surface_ids", "u4", surfaces.ids)
    file.add("surface_counts", "u4", surfaces.counts)
    write_blobs(file, "surface", [text.encode("utf-8") for text in surfaces.texts])


def write_counts(file: ArrayWriter, counts: Counts, keys: int, folds: int) -> None:
    """Write the counts of all documents of a segment."""
    file.add("totals", "u8", counts.totals)
    file.add("key_df", "u4", counts.df.dense(keys))
    file.add("key_cf", "u4", counts.cf.dense(keys))
    file.add("trie", "u8", counts.trie)
    file.add("word_df", "u4", counts.words.dense(keys + len(counts.trie)))
    for name, table, size in (("bigram", counts.bigrams, keys), ("pair", counts.pairs, folds)):
        first = table.codes >> 32
        file.add(f"{name}_offsets", "u4", _offsets(first, size))
        file.add(f"{name}_seconds", "u4", table.codes & 0xFFFFFFFF)
        large = np.flatnonzero(table.counts >= LARGE)
        file.add(f"{name}_counts", "u1", np.minimum(table.counts, LARGE))
        file.add(f"{name}_large_at", "u4", large)
        file.add(f"{name}_large", "u4", table.counts[large])


def write_gone(file: ArrayWriter, deleted: Iterable[int], counts: Counts) -> None:
    """Write which documents are deleted in a segment and their counts, in its own numbers."""
    file.add("deleted", "u4", np.array(sorted(deleted), dtype=np.int64))
    file.add("totals", "u8", counts.totals)
    tables: dict[str, Table] = {
        "df": counts.df,
        "cf": counts.cf,
        "words": counts.words,
        "bigrams": counts.bigrams,
        "pairs": counts.pairs,
    }
    for name, table in tables.items():
        file.add(f"{name}_codes", "u8", table.codes)
        file.add(f"{name}_counts", "u4", table.counts)


def tf_table(distinct: NDArray[np.int64], times: NDArray[np.int64]) -> NDArray[np.int64]:
    """The frequencies that get a byte of their own: the most usual, at most 255, in order."""
    usual = np.argsort(-times, kind="stable")[:LARGE]
    return np.sort(distinct[usual])


def tf_codes(values: NDArray[np.int64], table: NDArray[np.int64]) -> NDArray[np.uint8]:
    """The bytes of frequencies, `LARGE` where the table has none."""
    short = table[: np.searchsorted(table, _SHORT)]
    codes = np.full(_SHORT + 1, LARGE, dtype=np.uint8)
    codes[short] = np.arange(len(short))
    found = codes.take(values, mode="clip")
    for code, value in enumerate(table[len(short) :].tolist(), len(short)):
        found[values == value] = code
    return found


def write_tokens(file: ArrayWriter, ids: NDArray[np.int64], starts: NDArray[np.bool_]) -> None:
    """Append tokens to the array begun last."""
    file.extend((np.minimum(ids, ESCAPE) << 1 | starts).astype(np.uint16))


@dataclass(frozen=True, slots=True)
class Records:
    """What is kept of documents beside their tokens and texts, one entry each.

    `files` are FileStates as JSON, empty where there is none; dates are ordinals, 0 for none;
    `meta` has the documents of each meta term. `stored` gives the compressed documents in order,
    one or many at a time; `dictionary` is what they were compressed with.
    """

    names: Sequence[str]
    files: Sequence[bytes]
    dates: NDArray[np.int64]
    meta: Mapping[str, Sequence[int]]
    dictionary: bytes
    stored_sizes: NDArray[np.int64]
    stored: Iterable[NDArray[np.uint8]]


def write_records(file: ArrayWriter, records: Records) -> None:
    """Write them."""
    write_strings(file, "name", records.names)
    write_blobs(file, "file", records.files)
    file.add("date", "u4", records.dates)
    write_strings(file, "meta", list(records.meta))
    documents = [np.array(each, dtype=np.int64) for each in records.meta.values()]
    file.add("meta_doc_offsets", "u4", np.cumsum([0, *map(len, documents)]))
    file.add("meta_docs", "u4", np.concatenate([np.zeros(0, dtype=np.int64), *documents]))
    file.add("dictionary", "u1", np.frombuffer(records.dictionary, dtype=np.uint8))
    file.add("stored_offsets", "u8", np.cumsum(np.append(0, records.stored_sizes)))
    file.begin("stored_blob", "u1")
    for piece in records.stored:
        file.extend(piece)


def _offsets(ordered: NDArray[np.int64], size: int) -> NDArray[np.int64]:
    """Where each of 0 to `size` begins and ends, given how often each occurs."""
    offsets = np.zeros(size + 1, dtype=np.int64)
    np.cumsum(np.bincount(ordered, minlength=size), out=offsets[1:])
    return offsets
