"""SEGMENTS -> ONE SEGMENT without their deleted documents, as arrays, a stretch at a time.

Law: the same documents in the same order give the file that building them together would give, but
for the order of syllables that are equally frequent. What is read is verified, so damage is found
and not given a fresh checksum.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from searchdb.backends.whoosh import records
from searchdb.backends.whoosh.blocks import ArrayWriter
from searchdb.backends.whoosh.counting import Counts, Table, added, summed
from searchdb.backends.whoosh.layout import (
    CONTAINER,
    ESCAPE,
    LARGE,
    Records,
    Surfaces,
    Syllables,
    containers,
    tf_codes,
    tf_table,
    write_counts,
    write_records,
    write_syllables,
    write_tokens,
)
from searchdb.index.manifest import ManifestFile
from searchdb.ranking import FURNITURE

if TYPE_CHECKING:
    from pathlib import Path

    from numpy.typing import NDArray

    from searchdb.backends.whoosh.segment import SegmentFile

__all__ = ["Source", "merge"]

_POSTINGS = 1 << 21
"""Postings merged at once: bounds memory."""
_DOCUMENTS = 1 << 13
"""Documents whose forward lists are renumbered at once."""


@dataclass(frozen=True, slots=True)
class Source:
    """A segment to merge; `live` bool (documents,) says which of its documents are left.

    `gone` are the counts of those that are not.
    """

    segment: SegmentFile
    live: NDArray[np.bool_]
    gone: Counts | None = None

    @property
    def totals(self) -> NDArray[np.int64]:
        """In the order of `analysis.lexicon.Totals`, of the live documents."""
        found = self.segment.totals
        return found - self.gone.totals if self.gone else found

    @property
    def trie(self) -> NDArray[np.int64]:
        """As `counting.Counts` has it."""
        return self.segment.trie

    def table(self, name: str) -> Table:
        """One of the tables of `counting.Counts`, of the live documents."""
        found = self.segment.table(name)
        return added((found, self.gone.table(name)), (1, -1)) if self.gone else found


def merge(path: Path, sources: Sequence[Source]) -> tuple[ManifestFile, int]:
    """Write the file of the merged segment; returns its measures and the number of documents.

    Raises OSError, IndexCorruptError.
    """
    syllables, keys, folds = _syllables(sources)
    documents = sum(int(source.live.sum()) for source in sources)
    with ArrayWriter(path) as file:
        write_syllables(file, syllables)
        merged = summed(sources, keys, folds, len(syllables.keys))
        write_counts(file, merged, len(syllables.keys), len(syllables.folds))
        del merged
        _write_postings(file, sources, keys, len(syllables.keys), documents)
        _write_forward(file, sources, keys)
        for name in ("syllable_length", "word_length", "pair_length"):
            values = [source.segment[name].whole()[source.live] for source in sources]
            file.add(name, "u4", np.concatenate(values))
        write_records(file, _records(sources))
    return file.measured, documents


def _syllables(
    sources: Sequence[Source],
) -> tuple[Syllables, list[NDArray[np.int64]], list[NDArray[np.int64]]]:
    """The keys that are left, and the new ids of each source's syllables and folds, or -1."""
    cf: Counter[str] = Counter()
    texts = [source.segment.keys.texts() for source in sources]
    fold_texts = [source.segment.folds.texts() for source in sources]
    fold_by_key: dict[str, str] = {}
    for source, keys, folds in zip(sources, texts, fold_texts, strict=True):
        count = source.table("cf")
        fold_of = source.segment["key_fold"].whole().tolist()
        for number, times in zip(count.codes.tolist(), count.counts.tolist(), strict=True):
            if times:
                cf[keys[number]] += times
                fold_by_key[keys[number]] = folds[fold_of[number]]
    ordered = [key for key, _ in sorted(cf.items(), key=lambda item: -item[1])]
    ids = {key: number for number, key in enumerate(ordered)}
    fold_ids: dict[str, int] = {}
    fold_of_new = [fold_ids.setdefault(fold_by_key[key], len(fold_ids)) for key in ordered]
    syllables = Syllables(
        keys=ordered,
        folds=list(fold_ids),
        fold_of=np.array(fold_of_new, dtype=np.int64),
        surfaces=_surfaces(sources, texts, ids),
    )
    return (
        syllables,
        [_numbered(keys, ids) for keys in texts],
        [_numbered(folds, fold_ids) for folds in fold_texts],
    )


def _numbered(texts: Sequence[str], ids: dict[str, int]) -> NDArray[np.int64]:
    return np.array([ids.get(text, -1) for text in texts], dtype=np.int64)


def _surfaces(
    sources: Sequence[Source], texts: Sequence[Sequence[str]], ids: dict[str, int]
) -> Surfaces:
    """How the syllables that are left were written.

    These counts only grow: forward lists hold keys, so what is taken away cannot say how it was
    written; they decide what is shown, no more.
    """
    found: Counter[tuple[int, str]] = Counter()
    for source, keys in zip(sources, texts, strict=True):
        segment = source.segment
        numbers = segment["surface_ids"].whole().tolist()
        offsets = segment.offsets("surface_offsets", len(numbers), "surface_blob").whole().tolist()
        blob = segment["surface_blob"].whole().tobytes()
        times = segment["surface_counts"].whole().tolist()
        for place, number in enumerate(numbers):
            text = blob[offsets[place] : offsets[place + 1]].decode("utf-8")
            if keys[number] in ids:
                found[ids[keys[number]], text] += times[place]
    ordered = sorted(found.items())
    return Surfaces(
        ids=np.array([number for (number, _), _ in ordered], dtype=np.int64),
        texts=[text for (_, text), _ in ordered],
        counts=np.array([times for _, times in ordered], dtype=np.int64),
    )


def _write_postings(
    file: ArrayWriter,
    sources: Sequence[Source],
    keys: Sequence[NDArray[np.int64]],
    size: int,
    documents: int,
) -> None:
    """Write postings, terms by terms; frequencies are held back until the documents are written."""
    many = containers(documents)
    table = _tf_table(sources)
    old = [_inverse(new, size) for new in keys]
    numbers = _new_documents(sources)
    sizes = np.zeros(size, dtype=np.int64)
    for source, each in zip(sources, old, strict=True):
        sizes += _run_sizes(source.segment, each).sum(axis=1)
    runs: list[NDArray[np.int64]] = [np.zeros(1, dtype=np.int64)]
    codes: list[NDArray[np.uint8]] = [np.zeros(0, dtype=np.uint8)]
    large_at: list[NDArray[np.int64]] = [np.zeros(0, dtype=np.int64)]
    large: list[NDArray[np.int64]] = [np.zeros(0, dtype=np.int64)]
    written = 0
    file.begin("docs", "u2")
    for first, last in _stretches(sizes, _POSTINGS):
        terms, docs, tfs = _gathered(sources, old, numbers, first, last)
        file.extend(docs & (CONTAINER - 1))
        runs.append(np.bincount(terms * many + docs // CONTAINER, minlength=(last - first) * many))
        found = tf_codes(tfs, table) if len(table) else np.zeros(0, dtype=np.uint8)
        codes.append(found)
        places = np.flatnonzero(found == LARGE)
        large_at.append(places + written)
        large.append(tfs[places])
        written += len(docs)
    file.add("term_offsets", "u8", np.cumsum(np.concatenate(runs)))
    file.add("tf_values", "u4", table)
    file.add("tfs", "u1", np.concatenate(codes))
    file.add("tf_large_at", "u8", np.concatenate(large_at))
    file.add("tf_large", "u4", np.concatenate(large))


def _tf_table(sources: Sequence[Source]) -> NDArray[np.int64]:
    """The most usual frequencies of all sources."""
    times: Counter[int] = Counter()
    for source in sources:
        segment = source.segment
        found = np.bincount(segment["tfs"].whole(), minlength=256)
        values = segment.tf_values
        for code in np.flatnonzero(found[:LARGE]).tolist():
            times[int(values[code])] += int(found[code])
        times.update(segment.tf_large[1].tolist())
    distinct = np.array(list(times), dtype=np.int64)
    return tf_table(distinct, np.array(list(times.values()), dtype=np.int64))


def _inverse(new: NDArray[np.int64], size: int) -> NDArray[np.int64]:
    """The old id of each new one, -1 where there was none."""
    old = np.full(size, -1, dtype=np.int64)
    live = np.flatnonzero(new >= 0)
    old[new[live]] = live
    return old


def _new_documents(sources: Sequence[Source]) -> list[NDArray[np.int64]]:
    """The new number of each source's documents, -1 for deleted ones."""
    numbers: list[NDArray[np.int64]] = []
    base = 0
    for source in sources:
        new = np.where(source.live, base + np.cumsum(source.live) - 1, -1)
        numbers.append(new)
        base += int(source.live.sum())
    return numbers


def _run_sizes(segment: SegmentFile, old: NDArray[np.int64]) -> NDArray[np.int64]:
    """Postings in each run of terms given by their old ids, shape (terms, runs)."""
    offsets = segment.term_offsets.whole().astype(np.int64)
    sizes = np.diff(offsets).reshape(-1, segment.containers)
    found = np.zeros((len(old), segment.containers), dtype=np.int64)
    held = np.flatnonzero(old >= 0)
    found[held] = sizes[old[held]]
    return found


def _stretches(sizes: NDArray[np.int64], most: int) -> Iterator[tuple[int, int]]:
    """Cut a row of things into stretches of about `most` together."""
    ends = np.cumsum(sizes)
    first = 0
    while first < len(sizes):
        before = int(ends[first - 1]) if first else 0
        last = max(first + 1, int(np.searchsorted(ends, before + most, side="right")))
        yield first, last
        first = last


def _gathered(
    sources: Sequence[Source],
    old: Sequence[NDArray[np.int64]],
    numbers: Sequence[NDArray[np.int64]],
    first: int,
    last: int,
) -> tuple[NDArray[np.int64], NDArray[np.int64], NDArray[np.int64]]:
    """Postings of new terms in order: term (from `first` on), document, frequency."""
    found: list[tuple[NDArray[np.int64], NDArray[np.int64], NDArray[np.int64]]] = []
    for source, each, new in zip(sources, old, numbers, strict=True):
        segment, many = source.segment, source.segment.containers
        held = np.flatnonzero(each[first:last] >= 0)
        at = (each[first:last][held][:, None] * many + np.arange(many)).ravel()
        offsets = segment.term_offsets.values
        begins = offsets[at].astype(np.int64)
        sizes = offsets[at + 1].astype(np.int64) - begins
        segment["docs"].verify(begins, begins + sizes)
        segment["tfs"].verify(begins, begins + sizes)
        stops = np.cumsum(sizes)
        total = int(stops[-1]) if len(stops) else 0
        places = np.repeat(begins - stops + sizes, sizes) + np.arange(total)
        bases = np.tile(np.arange(many) * CONTAINER, len(held))
        docs = segment["docs"].values[places] + np.repeat(bases, sizes)
        terms = np.repeat(np.repeat(held, many), sizes)
        docs = new[np.minimum(docs, len(new) - 1)]
        tfs = segment.tf_values[segment["tfs"].values[places]]
        at_large, large = segment.tf_large
        where = np.flatnonzero(np.isin(places, at_large)) if len(at_large) else at_large
        tfs[where] = large[np.searchsorted(at_large, places[where])]
        live = docs >= 0
        found.append((terms[live], docs[live], tfs[live]))
    terms, docs, tfs = (np.concatenate(each) for each in zip(*found, strict=True))
    order = np.argsort(terms, kind="stable")
    return terms[order], docs[order], tfs[order]


def _write_forward(
    file: ArrayWriter, sources: Sequence[Source], keys: Sequence[NDArray[np.int64]]
) -> None:
    """Write the tokens and parts of each live document."""
    tokens, escapes, parts = ([np.zeros(1, dtype=np.int64)] for _ in range(3))
    escaped_ids: list[NDArray[np.int64]] = [np.zeros(0, dtype=np.int64)]
    heads: list[NDArray[np.int64]] = [np.zeros(0, dtype=np.int64)]
    file.begin("tokens", "u2")
    for source, new in zip(sources, keys, strict=True):
        live = np.flatnonzero(source.live)
        for begin in range(0, len(live), _DOCUMENTS):
            some = live[begin : begin + _DOCUMENTS]
            forward = source.segment.forward(some)
            ids = new[forward.ids]
            write_tokens(file, ids, forward.starts)
            document = forward.document[forward.part]
            escaped = ids >= ESCAPE
            tokens.append(np.bincount(document, minlength=len(some)))
            escapes.append(np.bincount(document[escaped], minlength=len(some)))
            parts.append(np.bincount(forward.document, minlength=len(some)))
            escaped_ids.append(ids[escaped])
            heads.append(forward.length << 1 | (forward.weight == FURNITURE))
    file.add("token_offsets", "u8", np.cumsum(np.concatenate(tokens)))
    file.add("escape_offsets", "u4", np.cumsum(np.concatenate(escapes)))
    file.add("escapes", "u4", np.concatenate(escaped_ids))
    file.add("part_offsets", "u4", np.cumsum(np.concatenate(parts)))
    file.add("parts", "u4", np.concatenate(heads))


def _records(sources: Sequence[Source]) -> Records:
    """What is kept of the live documents; texts are copied where their dictionary stays."""
    largest = max(sources, key=lambda source: len(source.segment["stored_blob"]))
    usual = largest.segment.dictionary
    names: list[str] = []
    files: list[bytes] = []
    meta: defaultdict[str, list[int]] = defaultdict(list)
    sizes: list[NDArray[np.int64]] = []
    repacked: list[list[bytes] | None] = []
    for source, new in zip(sources, _new_documents(sources), strict=True):
        segment, live = source.segment, np.flatnonzero(source.live).tolist()
        texts = segment.names.texts()
        names += [texts[number] for number in live]
        files += [segment.blob("file", number) for number in live]
        for term in segment.meta.texts():
            found = new[segment.meta_documents(term)]
            if len(kept := found[found >= 0]):
                meta[term] += kept.tolist()
        if segment.dictionary == usual:
            offsets = segment.offsets("stored_offsets", segment.documents, "stored_blob")
            values = offsets.values.astype(np.int64)
            sizes.append((values[1:] - values[:-1])[source.live])
            repacked.append(None)
        else:
            packer = records.Packer(usual)
            packed = [
                packer.deflated(
                    records.restored(segment.blob("stored", number), segment.dictionary)
                )
                for number in live
            ]
            sizes.append(np.array([len(each) for each in packed], dtype=np.int64))
            repacked.append(packed)
    return Records(
        names=names,
        files=files,
        dates=np.concatenate([source.segment["date"].whole()[source.live] for source in sources]),
        meta=meta,
        dictionary=usual,
        stored_sizes=np.concatenate(sizes),
        stored=_stored(sources, repacked),
    )


def _stored(
    sources: Sequence[Source], repacked: Sequence[list[bytes] | None]
) -> Iterator[NDArray[np.uint8]]:
    """The compressed documents in order."""
    for source, packed in zip(sources, repacked, strict=True):
        if packed is not None:
            yield np.frombuffer(b"".join(packed), dtype=np.uint8)
            continue
        offsets = source.segment["stored_offsets"].view
        edges = np.flatnonzero(np.diff(np.concatenate(([False], source.live, [False])))).tolist()
        for begin, end in zip(edges[::2], edges[1::2], strict=True):
            for first in range(begin, end, _DOCUMENTS):
                last = min(end, first + _DOCUMENTS)
                yield source.segment["stored_blob"].part(offsets[first], offsets[last])
