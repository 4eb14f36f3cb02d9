"""The kernels in numpy and the compiled ones: the same results to the last bit."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from searchdb.backends.whoosh import kernels
from searchdb.backends.whoosh.kernels import Lists, Postings, Probe, Sequences

if TYPE_CHECKING:
    from numpy.typing import NDArray

IDS = 40_000
"""More than fit 15 bits."""


def random_postings(rng: np.random.Generator, size: int, documents: int) -> Postings:
    docs = np.sort(rng.integers(0, documents, size)).astype(np.uint16)
    tfs = rng.choice(np.array([0, 1, 2, 255], dtype=np.uint8), size, p=[0.6, 0.2, 0.1, 0.1])
    large_at = np.flatnonzero(tfs == 255).astype(np.int64)
    values = np.zeros(256)
    values[:3] = (1.0, 2.0, 3.1)
    return Postings(docs, tfs, values, large_at, rng.integers(4, 90, len(large_at)) / 10)


def random_lists(rng: np.random.Generator, documents: int) -> Lists:
    """Forward lists over few syllables, so that sequences repeat; some ids need an escape."""
    some = np.array([1, 2, 3, 4, 5, 32_766, 32_767, 33_000, 39_999])
    parts = rng.integers(1, 5, documents)
    heads = rng.integers(0, 9, parts.sum()) << 1 | (rng.random(parts.sum()) < 0.2)
    length = np.array([int((each >> 1).sum()) for each in np.split(heads, np.cumsum(parts)[:-1])])
    ids = rng.choice(some, length.sum())
    starts = rng.random(len(ids)) < 0.6
    tokens = (np.minimum(ids, 0x7FFF) << 1 | starts).astype(np.uint16)
    document = np.repeat(np.arange(documents), length)
    escapes = np.bincount(document[ids >= 0x7FFF], minlength=documents)

    def offsets(sizes: NDArray[Any], dtype: str) -> NDArray[Any]:
        return np.cumsum(np.append(0, sizes)).astype(dtype)

    return Lists(
        tokens=tokens,
        token_offsets=offsets(length, "<u8"),
        escapes=ids[ids >= 0x7FFF].astype(np.uint32),
        escape_offsets=offsets(escapes, "<u4"),
        parts=heads.astype(np.uint32),
        part_offsets=offsets(parts, "<u4"),
    )


def random_probe(rng: np.random.Generator) -> Probe:
    codes = np.zeros(IDS, dtype=np.uint8)
    codes[[1, 2, 3, 32_767, 39_999, 4, 33_000]] = range(1, 8)
    pairs = np.full((4, 4), -1, dtype=np.int32)
    pairs[1, 2], pairs[2, 1], pairs[3, 1], pairs[1, 1] = 0, 1, 2, 3
    keys = 5

    def sequences(count: int) -> Sequences:
        sizes = rng.integers(1, 4, count)
        numbers = rng.integers(1, keys + 1, sizes.sum())
        offsets = np.cumsum(np.append(0, sizes))
        return Sequences(numbers.astype(np.int32), offsets.astype(np.int32))

    answers = rng.integers(0, 3, keys)
    return Probe(
        codes=codes,
        keys=np.array([0, 1, 2, 3, 4, 5, 0, 0], dtype=np.int32),
        folds=np.array([0, 1, 2, 0, 0, 0, 1, 3], dtype=np.int32),
        key_count=keys,
        words=sequences(4),
        pairs=pairs,
        pair_count=4,
        rows=sequences(2),
        steps=np.array([2, 4]),
        idfs=rng.random(3),
        term_offsets=np.cumsum([0, 0, *answers]).astype(np.int32),
        term_numbers=rng.integers(0, 3, answers.sum()).astype(np.int32),
        term_shares=rng.choice([1.0, 0.5, 0.25], answers.sum()),
        escaped=True,
    )


seeds = st.integers(0, 1 << 32)


@settings(max_examples=30)
@given(seeds)
def test_scores_are_added_alike(seed: int) -> None:
    rng = np.random.default_rng(seed)
    postings = random_postings(rng, 60, 50)
    # A document stands at most once in a run, as in an index.
    runs, place = [], 0
    while place < 60:
        end = place + 1
        while end < 60 and postings.docs[end] != postings.docs[end - 1] and end - place < 9:
            end += 1
        runs.append((0, place, end))
        place = end
    table = np.array(runs, dtype=np.int64)
    weights, norms = rng.random(len(runs)), rng.random(50) + 0.1
    found = []
    for each in (kernels.plain(), kernels.compiled()):
        scores, frequencies = np.zeros(50), np.zeros(50)
        each.add_scores(scores, norms, postings, table, weights)
        each.add_frequencies(frequencies, postings, table, weights)
        before = frequencies.copy()
        each.saturate(scores, norms, frequencies, postings, table, weight=1.7)
        assert not frequencies.any()
        found.append((scores.tolist(), before.tolist()))
    assert found[0] == found[1]


@settings(max_examples=30)
@given(seeds, st.integers(1, 30))
def test_the_best_are_the_same_and_all_their_equals(seed: int, depth: int) -> None:
    rng = np.random.default_rng(seed)
    scores = rng.integers(0, 40, 400) / 7
    expected = np.flatnonzero((scores >= np.sort(scores)[-depth]) & (scores > 0)).tolist()
    for each in (kernels.plain(), kernels.compiled()):
        assert sorted(each.best(scores, depth).tolist()) == expected


@pytest.mark.parametrize("by_part", [False, True])
@settings(max_examples=30)
@given(seed=seeds)
def test_features_are_counted_alike(seed: int, by_part: bool) -> None:  # noqa: FBT001 - a case
    rng = np.random.default_rng(seed)
    lists, probe = random_lists(rng, 12), random_probe(rng)
    documents = np.flatnonzero(rng.random(12) < 0.7).astype(np.int64)
    plain = kernels.plain().count(lists, documents, probe, by_part=by_part)
    compiled = kernels.compiled().count(lists, documents, probe, by_part=by_part)
    assert [each.tolist() for each in plain] == [each.tolist() for each in compiled]
    assert plain[0].shape[1] == probe.features


@settings(max_examples=60)
@given(seed=seeds, title=st.booleans(), sizes=st.lists(st.integers(1, 3), min_size=1, max_size=10))
def test_rows_of_slots_are_found_alike(seed: int, title: bool, sizes: list[int]) -> None:  # noqa: FBT001 - a case
    rng = np.random.default_rng(seed)
    lists = random_lists(rng, 12)
    documents = np.flatnonzero(rng.random(12) < 0.7).astype(np.int64)
    some = np.array([1, 2, 3, 4, 5, 32_766, 32_767, 33_000, 39_999])
    slots = tuple(rng.choice(some, size, replace=False) for size in sizes)
    plain = kernels.plain().holding(lists, documents, slots, IDS, title=title)
    compiled = kernels.compiled().holding(lists, documents, slots, IDS, title=title)
    assert plain.tolist() == compiled.tolist()


def test_numbers_from_disk_lead_nowhere_else() -> None:
    rng = np.random.default_rng(1)
    postings = random_postings(rng, 10, 60_000)
    scores, runs = np.zeros(3), np.array([[0, 0, 10]], dtype=np.int64)
    kernels.compiled().add_scores(scores, np.ones(3), postings, runs, np.ones(1))
    with pytest.raises(IndexError):
        kernels.plain().add_scores(scores, np.ones(3), postings, runs, np.ones(1))
