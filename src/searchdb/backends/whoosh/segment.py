"""THE FILE OF A SEGMENT -> what is in it, verified at the first touch.

Immutable: deletions are told beside it (`Deletions`), so one open file serves every snapshot that
holds the segment. Law: numbers that lead from one array into another are checked before they are
followed, so that no file, however made, leads out of its arrays.
"""

from __future__ import annotations

import json
from bisect import bisect_left
from functools import cached_property
from typing import TYPE_CHECKING, Any

import numpy as np

from searchdb.backends.whoosh import records
from searchdb.backends.whoosh.blocks import Array, ArrayFile, damaged
from searchdb.backends.whoosh.counting import Counts, Table
from searchdb.backends.whoosh.forward import Forward
from searchdb.backends.whoosh.kernels import Lists, Postings
from searchdb.backends.whoosh.layout import CONTAINER, ESCAPE, LARGE, TYPES, containers
from searchdb.backends.whoosh.strings import Strings
from searchdb.index.backend import FileState

if TYPE_CHECKING:
    from pathlib import Path

    from numpy.typing import NDArray

    from searchdb.model import StoredDocument

__all__ = ["Deletions", "SegmentFile"]

_TOTALS = 6
_MOST = 1 << 48
"""No sum of an index is larger."""
_GONE = ("df", "cf", "words", "bigrams", "pairs")
_INTO = {"key_fold": "folds", "members": "keys"}
"""Arrays of numbers into a table."""
_PER_DOCUMENT = ("date", "syllable_length", "word_length", "pair_length")
_IN_STEP = {
    "tfs": "docs",
    "tf_large": "tf_large_at",
    "surface_counts": "surface_ids",
    "bigram_counts": "bigram_seconds",
    "bigram_large": "bigram_large_at",
    "pair_counts": "pair_seconds",
    "pair_large": "pair_large_at",
}
"""Arrays that have an entry for each of another's."""
_FORWARD = (("token", "tokens"), ("escape", "escapes"), ("part", "parts"))
"""What a forward list is made of, and where it is."""


def _totals(file: ArrayFile) -> NDArray[np.int64]:
    """The sums of a file, in the order of `analysis.lexicon.Totals`."""
    found = file["totals"].whole()
    if len(found) != _TOTALS or bool((found > _MOST).any()):
        raise damaged(file.name)
    return found.astype(np.int64)


_COUNTED = {"df": "key_df", "cf": "key_cf", "words": "word_df"}
"""The arrays of counts by syllable or node."""


class SegmentFile:
    """One segment on disk. Raises OSError, IndexCorruptError."""

    def __init__(self, path: Path) -> None:
        self.file = ArrayFile(path)
        self.keys = Strings(self.file, "key")
        self.folds = Strings(self.file, "fold")
        self.names = Strings(self.file, "name")
        self.meta = Strings(self.file, "meta")
        self.documents = len(self.names)
        self.containers = containers(self.documents)
        self.totals = _totals(self.file)
        self._check_shape()
        self._arrays: dict[str, Array] = {}
        self._checked: set[str] = set()
        self._runs: dict[int, list[tuple[int, int, int]]] = {}
        self._sound_lists = np.zeros(self.documents, dtype=np.bool_)

    def _check_shape(self) -> None:
        """See that every array is there, of its type, and as long as those in step with it."""
        file, keys = self.file, len(self.keys)
        sizes = {
            **dict.fromkeys(("key_df", "key_cf", "key_fold", "members"), keys),
            "word_df": keys + len(file["trie"]),
            **dict.fromkeys(_PER_DOCUMENT, self.documents),
            **{name: len(file[other]) for name, other in _IN_STEP.items()},
        }
        if (
            any(file[name].values.dtype != kind for name, kind in TYPES.items())
            or any(len(file[name]) != size for name, size in sizes.items())
            or self.totals[0] != self.documents
        ):
            raise damaged(file.name)

    def __getitem__(self, name: str) -> Array:
        """An array of the file; numbers into a table have been compared with its size."""
        try:
            return self._arrays[name]
        except KeyError:
            array = self.file[name]
        if name in _INTO:
            size = len(self.keys if _INTO[name] == "keys" else self.folds)
            if int(array.whole().max(initial=0)) >= max(size, 1):
                raise damaged(self.file.name)
        return self._arrays.setdefault(name, array)

    def offsets(self, name: str, size: int, into: str) -> Array:
        """An array that says where each of `size` things begins in another array, checked."""
        array = self[name]
        if name not in self._checked:
            values = array.whole()
            sound = len(values) == size + 1 and bool(np.all(values[1:] >= values[:-1]))
            if not sound or int(values[-1]) > len(self[into]):
                raise damaged(self.file.name)
            self._checked.add(name)
        return array

    # Postings

    @property
    def term_offsets(self) -> Array:
        """Where the postings of each syllable id begin, a number for each run of documents."""
        return self.offsets("term_offsets", len(self.keys) * self.containers, "docs")

    def runs(self, number: int) -> list[tuple[int, int, int]]:
        """Postings of a syllable id, verified: first document, begin and end, a run."""
        known = self._runs.get(number)
        if known is None:
            known = self._runs[number] = self._read_runs(number)
        return known

    def _read_runs(self, number: int) -> list[tuple[int, int, int]]:
        offsets, many = self.term_offsets.view, self.containers
        at = number * many
        first, last = offsets[at], offsets[at + many]
        docs = self["docs"].part(first, last)
        self["tfs"].part(first, last)
        # A number of 16 bits leads out of no run but the last.
        highest = int(docs[offsets[at + many - 1] - first :].max(initial=0))
        if len(docs) and (many - 1) * CONTAINER + highest >= self.documents:
            raise damaged(self.file.name)
        return [
            (run * CONTAINER, begin, end)
            for run in range(many)
            if (begin := offsets[at + run]) < (end := offsets[at + run + 1])
        ]

    def postings(self, number: int) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
        """Documents of a syllable id in order, and frequencies in tenths."""
        runs = self.runs(number)
        found = self.documents_of(number)
        if not runs:
            return found, found
        return found, self.frequencies(runs[0][1], runs[-1][2])

    def documents_of(self, number: int) -> NDArray[np.int64]:
        """Documents of a syllable id in order."""
        docs = [
            self["docs"].values[begin:end].astype(np.int64) + base
            for base, begin, end in self.runs(number)
        ]
        return np.concatenate(docs) if docs else np.zeros(0, dtype=np.int64)

    def frequencies(self, begin: int, end: int) -> NDArray[np.int64]:
        """The frequencies of postings, in tenths."""
        found: NDArray[np.int64] = self.tf_values[self["tfs"].part(begin, end)]
        at, large = self.tf_large
        first, last = np.searchsorted(at, (begin, end)).tolist()
        found[at[first:last] - begin] = large[first:last]
        return found

    @cached_property
    def tf_values(self) -> NDArray[np.int64]:
        """The frequency that each byte of `tfs` stands for, in tenths; shape (256,)."""
        table = np.zeros(256, dtype=np.int64)
        values = self["tf_values"].whole()
        table[: min(len(values), LARGE)] = values[:LARGE]
        return table

    @cached_property
    def tf_large(self) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
        """Places of postings whose frequency no byte stands for, in order, and these."""
        at = self["tf_large_at"].whole().astype(np.int64)
        values = self["tf_large"].whole().astype(np.int64)
        postings = len(self["docs"])
        if len(at) != len(values) or np.any((at[1:] <= at[:-1]) | (at[1:] >= postings)):
            raise damaged(self.file.name)
        return at, values

    @cached_property
    def arrays(self) -> Postings:
        """The postings as kernels take them; verify those to be read with `runs`."""
        at, large = self.tf_large
        return Postings(
            docs=self["docs"].values,
            tfs=self["tfs"].values,
            values=self.tf_values / 10,
            large_at=at,
            large=large / 10,
        )

    @cached_property
    def lists(self) -> Lists:
        """The forward lists as kernels take them; verify those to be read with `touch`."""
        for name, into in _FORWARD:
            self.offsets(f"{name}_offsets", self.documents, into)
        return Lists(
            tokens=self["tokens"].values,
            token_offsets=self["token_offsets"].values,
            escapes=self["escapes"].values,
            escape_offsets=self["escape_offsets"].values,
            parts=self["parts"].values,
            part_offsets=self["part_offsets"].values,
        )

    def meta_documents(self, term: str) -> NDArray[np.int64]:
        """The documents that have a meta term, in order."""
        number = self.meta.find(term)
        if number < 0:
            return np.zeros(0, dtype=np.int64)
        offsets = self.offsets("meta_doc_offsets", len(self.meta), "meta_docs").view
        found = self["meta_docs"].part(offsets[number], offsets[number + 1])
        if len(found) and int(found.max()) >= self.documents:
            raise damaged(self.file.name)
        return found.astype(np.int64)

    # Forward lists

    def touch(self, numbers: NDArray[np.int64]) -> None:
        """Verify the forward lists of documents before a kernel reads them."""
        new = numbers[~self._sound_lists[numbers]]
        if not len(new):
            return
        for name, into in _FORWARD:
            offsets = self.offsets(f"{name}_offsets", self.documents, into).values
            self[into].verify(offsets[new], offsets[new + 1])
        parts, counts = self._gathered("part", "parts", new)
        escapes, _ = self._gathered("escape", "escapes", new)
        if not counts.all() or int(escapes.max(initial=0)) >= max(len(self.keys), 1):
            raise damaged(self.file.name)
        offsets = self["token_offsets"].values
        lengths = np.add.reduceat(parts.astype(np.int64) >> 1, np.cumsum(counts) - counts)
        if bool((lengths != (offsets[new + 1] - offsets[new]).astype(np.int64)).any()):
            raise damaged(self.file.name)
        self._sound_lists[new] = True

    def forward(self, numbers: NDArray[np.int64]) -> Forward:
        """The forward lists of documents."""
        self.touch(numbers)
        tokens, _ = self._gathered("token", "tokens", numbers)
        escapes, _ = self._gathered("escape", "escapes", numbers)
        parts, counts = self._gathered("part", "parts", numbers)
        ids = (tokens >> 1).astype(np.int64)
        escaped = np.flatnonzero(ids == ESCAPE)
        if len(escaped) != len(escapes):
            raise damaged(self.file.name)
        ids[escaped] = escapes
        if int(ids.max(initial=-1)) >= len(self.keys):
            raise damaged(self.file.name)
        return Forward.of(ids, (tokens & 1).astype(np.bool_), parts, counts)

    def _gathered(
        self, name: str, into: str, numbers: NDArray[np.int64]
    ) -> tuple[NDArray[Any], NDArray[np.int64]]:
        """What an array has for documents, end to end, and how much for each."""
        offsets = self[f"{name}_offsets"].values
        begins = offsets[numbers].astype(np.int64)
        counts = offsets[numbers + 1].astype(np.int64) - begins
        stops = np.cumsum(counts)
        total = int(stops[-1]) if len(stops) else 0
        places = np.repeat(begins - stops + counts, counts)
        places += np.arange(total)
        return self[into].values[places], counts

    # Records

    def blob(self, name: str, number: int) -> bytes:
        """What is kept of a document under that name."""
        offsets = self.offsets(f"{name}_offsets", self.documents, f"{name}_blob").view
        return self[f"{name}_blob"].part(offsets[number], offsets[number + 1]).tobytes()

    def stored(self, number: int) -> StoredDocument:
        """A document as it was kept."""
        parts = self.offsets("part_offsets", self.documents, "parts").view
        blob = self.blob("stored", number)
        try:
            found = records.loaded(records.restored(blob, self.dictionary))
        except (ValueError, LookupError, TypeError, AttributeError, RecursionError) as error:
            raise damaged(self.file.name) from error
        if len(found.passages) != parts[number + 1] - parts[number] - 1:
            raise damaged(self.file.name)
        return found

    @cached_property
    def dictionary(self) -> bytes:
        """What the stored documents are compressed with."""
        return self["dictionary"].whole().tobytes()

    def state(self, number: int) -> FileState | None:
        """The file behind a document."""
        raw = self.blob("file", number)
        try:
            found = FileState(**json.loads(raw)) if raw else None
        except (ValueError, TypeError, RecursionError) as error:
            raise damaged(self.file.name) from error
        if found and not (isinstance(found.path, str) and isinstance(found.sha256, str)):
            raise damaged(self.file.name)
        return found

    def from_file(self, number: int) -> bool:
        """Whether a file is behind the document."""
        offsets = self.offsets("file_offsets", self.documents, "file_blob").view
        return bool(offsets[number] < offsets[number + 1])

    def surface(self, place: int) -> str:
        """How a syllable is written where not as its key: text `place` of those there are."""
        offsets = self.offsets("surface_offsets", len(self["surface_ids"]), "surface_blob").view
        raw = self["surface_blob"].part(offsets[place], offsets[place + 1]).tobytes()
        try:
            return raw.decode("utf-8")
        except UnicodeDecodeError as error:
            raise damaged(self.file.name) from error

    # Counts

    def large(self, name: str, place: int) -> int:
        """A count of bigrams or pairs that fits no byte."""
        places = self[f"{name}_large_at"].view
        at = bisect_left(places, place)
        if at == len(places):
            raise damaged(self.file.name)
        return int(self[f"{name}_large"].view[at])

    @property
    def trie(self) -> NDArray[np.int64]:
        """As `counting.Counts` has it."""
        return self["trie"].whole().astype(np.int64)

    def table(self, name: str) -> Table:
        """One of the tables of `counting.Counts`: of all documents, deleted ones too."""
        if name == "bigrams":
            return self._neighbors("bigram", len(self.keys))
        if name == "pairs":
            return self._neighbors("pair", len(self.folds))
        counts = self[_COUNTED[name]].whole().astype(np.int64)
        return Table(np.arange(len(counts), dtype=np.int64), counts)

    def _neighbors(self, name: str, size: int) -> Table:
        offsets = self.offsets(f"{name}_offsets", size, f"{name}_seconds").values.astype(np.int64)
        first = np.repeat(np.arange(size, dtype=np.int64), np.diff(offsets))
        codes = first << 32 | self[f"{name}_seconds"].whole()
        counts = self[f"{name}_counts"].whole().astype(np.int64)
        places = self[f"{name}_large_at"].whole()
        if int(places.max(initial=0)) >= max(len(counts), 1):
            raise damaged(self.file.name)
        counts[places] = self[f"{name}_large"].whole()
        return Table(codes, counts)


class Deletions:
    """The deleted documents of a segment and their counts, in its numbers. Raises as ArrayFile."""

    def __init__(self, path: Path) -> None:
        self.file = ArrayFile(path)
        self.documents = self.file["deleted"].whole()
        self.totals = _totals(self.file)
        """In the order of `analysis.lexicon.Totals`."""
        for name in _GONE:
            if len(self.file[f"{name}_codes"]) != len(self.file[f"{name}_counts"]):
                raise damaged(self.file.name)

    def counts(self, trie: NDArray[np.int64]) -> Counts:
        """All of them; `trie` is the segment's."""
        return Counts(
            totals=self.totals,
            df=self._table("df"),
            cf=self._table("cf"),
            trie=trie,
            words=self._table("words"),
            bigrams=self._table("bigrams"),
            pairs=self._table("pairs"),
        )

    def _table(self, name: str) -> Table:
        return Table(
            self.file[f"{name}_codes"].whole().astype(np.int64),
            self.file[f"{name}_counts"].whole().astype(np.int64),
        )

    def views(self, name: str) -> tuple[memoryview, memoryview]:
        """The codes and counts of one table, to be read one by one."""
        return self.file[f"{name}_codes"].view, self.file[f"{name}_counts"].view
