"""The kernels as loops that numba compiles; see `Kernels`.

The first call of each compiles it, three seconds in all; what was compiled is kept beside this file
where that is allowed.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
from numba import njit

from searchdb.backends.whoosh.kernels.loops_best import best, largest
from searchdb.backends.whoosh.kernels.loops_phrase import holding
from searchdb.backends.whoosh.kernels.loops_terms import among, mark, score
from searchdb.backends.whoosh.layout import ESCAPE
from searchdb.ranking import BODY, FURNITURE, TITLE

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from searchdb.backends.whoosh.kernels import Formula, Lists, Probe, Sequences

__all__ = ["among", "best", "contenders", "count", "holding", "largest", "mark", "score"]


_MARGIN = 1.0 + 1e-9
"""What rounding may take from a sum that bounds another."""

_FOUR = np.uint64(4)

_compiled = njit(cache=True, nogil=True, boundscheck=False)


def count(
    lists: Lists, documents: NDArray[np.int64], probe: Probe, *, by_part: bool
) -> tuple[NDArray[np.int64], NDArray[np.float64]]:
    """See `Kernels`."""
    parts = lists.part_offsets[documents + 1].astype(np.int64) - lists.part_offsets[documents]
    groups = int(parts.sum()) if by_part else len(documents)
    found = np.zeros((groups, probe.features), dtype=np.int64)
    held = np.zeros((groups, len(probe.steps)))
    nothing = np.zeros(0)
    _count(
        *(found, held, nothing),
        *_given(lists, documents, probe, by_part=by_part),
        *(np.zeros((3, 0)), nothing, nothing, nothing, nothing, 0, 0.0),
    )
    return found, held


def contenders(
    lists: Lists,
    documents: NDArray[np.int64],
    probe: Probe,
    formula: Formula,
    *,
    depth: int,
    least: float,
) -> NDArray[np.float64]:
    """See `Kernels`."""
    scores = np.full(len(documents), -np.inf)
    _count(
        # Each document is counted in the same row.
        *(np.zeros((1, probe.features), dtype=np.int64), np.zeros((1, len(probe.steps))), scores),
        *_given(lists, documents, probe, by_part=False),
        *(formula.norms, formula.words, formula.pairs, formula.rows, formula.windows),
        *(depth, least),
    )
    return scores


def _given(
    lists: Lists, documents: NDArray[np.int64], probe: Probe, *, by_part: bool
) -> tuple[Any, ...]:
    """What `_count` takes of lists and probe."""
    # Escapes are in step with the lists only if none is passed over.
    gate = probe.codes
    if probe.escaped:
        gate = probe.codes.copy()
        gate[ESCAPE] = 1
    return (
        *(gate, lists.tokens, lists.token_offsets, lists.escapes, lists.escape_offsets),
        *(lists.parts, lists.part_offsets, documents, by_part),
        *(probe.codes, probe.keys, probe.folds, probe.key_count, probe.pairs, probe.pair_count),
        *(probe.words.numbers, probe.words.offsets, _by_first(probe.words, probe.key_count)),
        *(probe.rows.numbers, probe.rows.offsets, _by_first(probe.rows, probe.key_count)),
        *(probe.steps, probe.idfs),
        *(probe.term_offsets, probe.term_numbers, probe.term_shares),
    )


def _by_first(sequences: Sequences, keys: int) -> NDArray[np.int32]:
    """The sequences that begin with each key: the first one, and after each the next; -1 for none.

    Shape (keys + 1 + sequences,): by key number, then by sequence.
    """
    heads = np.full(keys + 1 + len(sequences), -1, dtype=np.int32)
    for sequence in range(len(sequences) - 1, -1, -1):
        first = int(sequences.numbers[sequences.offsets[sequence]])
        heads[keys + 1 + sequence] = heads[first]
        heads[first] = sequence
    return heads


@_compiled
def _weight(parts, part, first):
    """What an occurrence in a part counts, in tenths; the document's parts begin at `first`."""
    if part == first:
        return TITLE
    return FURNITURE if parts[part] & 1 else BODY


@_compiled
def _count(
    found,
    held,
    scores,
    gate,
    tokens,
    token_offsets,
    escapes,
    escape_offsets,
    parts,
    part_offsets,
    documents,
    by_part,
    codes,
    keys,
    folds,
    key_count,
    pairs,
    pair_count,
    words,
    word_offsets,
    word_heads,
    rows,
    row_offsets,
    row_heads,
    steps,
    idfs,
    term_offsets,
    term_numbers,
    term_shares,
    norms,
    word_weights,
    pair_weights,
    row_weights,
    window_weights,
    depth,
    least,
):
    """Count, or with a `depth` score: then windows are looked at only where they may decide."""
    pair_base = key_count + len(word_offsets) - 1
    row_base = pair_base + pair_count
    limit = len(tokens)
    longest, most_parts = np.int64(0), np.int64(0)
    for index in range(len(documents)):
        document = documents[index]
        length = np.int64(token_offsets[document + 1] - token_offsets[document])
        longest = max(longest, length)
        most_parts = max(most_parts, np.int64(part_offsets[document + 1] - part_offsets[document]))
    longest = min(longest, limit)
    where = np.zeros(longest + 1, dtype=np.uint32)
    what = np.zeros(longest + 1, dtype=codes.dtype)
    # The hits of each part of a document begin where those of the part before end.
    part_hits = np.zeros(most_parts + 1, dtype=np.int64)
    terms = len(idfs)
    best = np.zeros((2, terms))
    bounds = np.zeros(2)
    tfs, shares = np.zeros(terms), np.zeros(terms)
    heap, heaped = np.zeros(depth), 0
    group = -1
    for index in range(len(documents)):
        document = documents[index]
        place = np.int64(token_offsets[document])
        end = min(np.int64(token_offsets[document + 1]), limit)
        escape = np.int64(escape_offsets[document])
        first, last = np.int64(part_offsets[document]), np.int64(part_offsets[document + 1])
        if depth:
            group = 0
            found[0, :] = 0
            held[0, :] = 0.0
        elif not by_part:
            group += 1
        own = group
        hits = 0
        for part in range(first, last):
            own += by_part
            length = np.int64(parts[part] >> 1)
            if place + length > end:
                return
            weight = _weight(parts, part, first)
            # First what is looked for: seldom one of four, and that without a branch for each,
            # which would be guessed wrongly. Places without a sign need no second look.
            begin = hits
            size, at, to = np.uint64(length), np.uint64(0), np.uint64(hits)
            token = np.uint64(place)
            while at < size:
                if at + _FOUR <= size:
                    few = _FOUR
                    some = (
                        gate[tokens[token] >> 1]
                        | gate[tokens[token + np.uint64(1)] >> 1]
                        | gate[tokens[token + np.uint64(2)] >> 1]
                        | gate[tokens[token + np.uint64(3)] >> 1]
                    )
                else:
                    few, some = size - at, gate.dtype.type(1)
                if some:
                    for step in range(few):
                        number = np.uint64(tokens[token + step] >> 1)
                        if number == ESCAPE and escape < len(escapes):
                            number = min(np.uint64(escapes[escape]), np.uint64(len(codes) - 1))
                            escape += 1
                        code = codes[number]
                        where[to] = at + step
                        what[to] = code
                        to += np.uint64(code != 0)
                at += few
                token += few
            hits = np.int64(to)
            part_hits[part - first + 1] = hits
            for hit in range(begin, hits):
                at = np.int64(where[hit])
                code = what[hit]
                fold = folds[code]
                if fold != 0 and hit > begin and where[hit - 1] == at - 1:
                    pair = pairs[folds[what[hit - 1]], fold]
                    if pair >= 0:
                        found[own, pair_base + pair] += weight
                key = keys[code]
                if key == 0:
                    continue
                found[own, key - 1] += weight
                sequence = word_heads[key]
                if sequence >= 0 and (at == 0 or tokens[place + at] & 1):
                    while sequence >= 0:
                        start = word_offsets[sequence]
                        size = word_offsets[sequence + 1] - start
                        whole = at + size <= length and hit + size <= hits
                        if whole and at + size < length:
                            whole = (tokens[place + at + size] & 1) == 1
                        step = 1
                        while whole and step < size:
                            whole = (
                                where[hit + step] == at + step
                                and keys[what[hit + step]] == words[start + step]
                                and not tokens[place + at + step] & 1
                            )
                            step += 1
                        if whole:
                            found[own, key_count + sequence] += weight
                        sequence = word_heads[key_count + 1 + sequence]
                sequence = row_heads[key]
                while sequence >= 0:
                    start = row_offsets[sequence]
                    size = row_offsets[sequence + 1] - start
                    whole = hit + size <= hits
                    step = 1
                    while whole and step < size:
                        whole = (
                            where[hit + step] == at + step
                            and keys[what[hit + step]] == rows[start + step]
                        )
                        step += 1
                    if whole:
                        found[own, row_base + sequence] += weight
                    sequence = row_heads[key_count + 1 + sequence]
            place += length
        score = 0.0
        if depth:
            tfs[:] = 0.0
            shares[:] = 0.0
            for key in range(key_count):
                if found[0, key]:
                    for entry in range(term_offsets[key + 1], term_offsets[key + 2]):
                        term = term_numbers[entry]
                        tfs[term] += term_shares[entry] * (found[0, key] / 10)
                        shares[term] = max(shares[term], term_shares[entry])
            within = 0.0
            for term in range(terms):
                if tfs[term] > 0.0:
                    score += idfs[term] * (tfs[term] / (tfs[term] + norms[0, index]))
                    within += idfs[term] * shares[term]
            for sequence in range(len(word_weights)):
                tf = found[0, key_count + sequence] / 10
                score += word_weights[sequence] * (tf / (tf + norms[1, index]))
            for pair in range(pair_count):
                tf = found[0, pair_base + pair] / 10
                score += pair_weights[pair] * (tf / (tf + norms[2, index]))
            for sequence in range(len(row_weights)):
                tf = found[0, row_base + sequence] / 10
                score += row_weights[sequence] * (tf / (tf + norms[0, index]))
            bound = score
            for column in range(len(steps)):
                bound += window_weights[column] * within
            if bound * _MARGIN < least:
                continue
        own = group
        for part in range(first, last):
            own += by_part
            begin, hits = part_hits[part - first], part_hits[part - first + 1]
            if terms and hits > begin:
                weight = _weight(parts, part, first)
                factor = min(1.0, weight / BODY)
                for column in range(len(steps)):
                    step = np.uint32(steps[column])
                    most = 0.0
                    enough = held[own, column] / factor
                    hit = begin
                    before = np.int64(-2)
                    best[:] = 0.0
                    bounds[:] = 0.0
                    while hit < hits:
                        block = np.int64(where[hit] // step)
                        side = block & 1
                        best[side] = 0.0
                        bounds[side] = 0.0
                        if before != block - 1:
                            best[1 - side] = 0.0
                            bounds[1 - side] = 0.0
                        stop = (block + 1) * np.int64(step)
                        while hit < hits and where[hit] < stop:
                            key = keys[what[hit]]
                            for entry in range(term_offsets[key], term_offsets[key + 1]):
                                term = term_numbers[entry]
                                more = term_shares[entry] - best[side, term]
                                if more > 0.0:
                                    best[side, term] = term_shares[entry]
                                    bounds[side] += idfs[term] * more
                            hit += 1
                        # Most windows cannot be the best: only the others are added up exactly.
                        if (bounds[0] + bounds[1]) * _MARGIN > max(most, enough):
                            total = 0.0
                            for term in range(terms):
                                total += idfs[term] * max(best[0, term], best[1, term])
                            most = max(most, total)
                        before = block
                    held[own, column] = max(held[own, column], most * factor)
        if by_part:
            group += last - first
        if depth:
            for column in range(len(steps)):
                score += window_weights[column] * held[0, column]
            scores[index] = score
            heaped = _heaped(heap, heaped, score)
            if heaped == depth:
                least = max(least, heap[0] / _MARGIN)


@_compiled
def _heaped(heap, size, value):
    """Keep the largest values in a heap, the least of them first; how many they are."""
    if size < len(heap):
        at = size
        while at > 0 and heap[(at - 1) >> 1] > value:
            heap[at] = heap[(at - 1) >> 1]
            at = (at - 1) >> 1
        heap[at] = value
        return size + 1
    if value <= heap[0]:
        return size
    at = 0
    while True:
        child = 2 * at + 1
        if child >= size:
            break
        if child + 1 < size and heap[child + 1] < heap[child]:
            child += 1
        if heap[child] >= value:
            break
        heap[at] = heap[child]
        at = child
    heap[at] = value
    return size
