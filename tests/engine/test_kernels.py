"""The kernels in numpy and the compiled ones: the same results to the last bit."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from searchdb.backends.whoosh import kernels
from searchdb.backends.whoosh.kernels import Formula, Lists, Postings, Probe, Sequences, Terms

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


DOCUMENTS = 70_000
"""More than one run of postings, and several windows of those that are scored together."""


def random_terms(rng: np.random.Generator) -> Terms:
    """Terms of one to three forms, some of them frequent, in documents that are mostly the same."""
    likely = rng.choice(DOCUMENTS, 3000, replace=False)
    docs: list[NDArray[np.int64]] = []
    runs, shares, many = [], [], 0
    terms = int(rng.integers(1, 6))
    for term in range(terms):
        forms = int(rng.integers(1, 4))
        for _ in range(forms):
            some = rng.choice(likely, rng.integers(1, 2000))
            held = np.unique(np.append(some, rng.integers(0, DOCUMENTS, rng.integers(1, 5000))))
            share = 1.0 if forms == 1 else float(rng.choice([1.0, 0.5, 0.3]))
            for base in (0, 1 << 16):
                own = held[(held >= base) & (held < base + (1 << 16))]
                # A term need not stand anywhere in a run of documents, nor anywhere at all.
                if len(own) and rng.random() < 0.8:
                    runs.append((term, base, many, many + len(own)))
                    shares.append(share)
                    docs.append(own - base)
                    many += len(own)
    tfs = rng.choice(np.array([0, 1, 2, 255], dtype=np.uint8), many, p=[0.7, 0.2, 0.09, 0.01])
    large_at = np.flatnonzero(tfs == 255).astype(np.int64)
    values = np.zeros(256)
    values[:3] = (1.0, 2.0, 3.1)
    large = rng.integers(4, 90, len(large_at)) / 10
    return Terms(
        postings=Postings(
            np.concatenate([[], *docs]).astype(np.uint16), tfs, values, large_at, large
        ),
        runs=np.array(runs, dtype=np.int64).reshape(-1, 4),
        shares=np.array(shares, dtype=np.float64),
        weights=-np.sort(-rng.choice([0.1, 1.0, 3.0], terms)) * rng.random(),
    )


@settings(max_examples=40, deadline=None)
@given(seeds, st.sampled_from([1, 3, 10, 400]), st.sampled_from([0.0, 0.4]))
def test_the_best_are_the_same_whatever_is_left_unread(seed: int, depth: int, least: float) -> None:
    rng = np.random.default_rng(seed)
    terms = random_terms(rng)
    norms = rng.choice([0.4, 0.9, 1.3, 2.0, np.inf], DOCUMENTS)
    every = kernels.plain().score(terms, norms, np.arange(DOCUMENTS))
    last = max(least, np.sort(every)[-depth])
    expected = {int(place): every[place] for place in np.flatnonzero((every >= last) & (every > 0))}
    for each in (kernels.plain(), kernels.compiled()):
        found, scores = each.best(terms, norms, depth, least)
        assert dict(zip(found.tolist(), scores.tolist(), strict=True)) == expected
        assert len(found) == len(expected)


@settings(max_examples=20, deadline=None)
@given(seeds)
def test_documents_are_scored_and_found_in_postings_alike(seed: int) -> None:
    rng = np.random.default_rng(seed)
    terms = random_terms(rng)
    norms = rng.random(DOCUMENTS) + 0.1
    some = np.flatnonzero(rng.random(DOCUMENTS) < rng.choice([0.0, 0.001, 0.2])).astype(np.int64)
    runs = np.ascontiguousarray(terms.runs[: rng.integers(0, len(terms.runs) + 1), 1:])
    own = np.ascontiguousarray(terms.runs[terms.runs[:, 0] == 0][:1, 1:])
    found = []
    for each in (kernels.plain(), kernels.compiled()):
        mask = np.zeros(DOCUMENTS, dtype=np.bool_)
        each.mark(mask, terms.postings, runs)
        among = each.among(terms.postings, own, some)
        scores = each.score(terms, norms, some)
        found.append((mask.tolist(), among.tolist(), scores.tolist()))
    assert found[0] == found[1]
    own_mask = np.zeros(DOCUMENTS, dtype=np.bool_)
    kernels.plain().mark(own_mask, terms.postings, own)
    assert found[0][1] == some[own_mask[some]].tolist()


@settings(max_examples=30)
@given(seeds, st.integers(1, 30))
def test_the_largest_are_the_same_and_all_their_equals(seed: int, depth: int) -> None:
    rng = np.random.default_rng(seed)
    scores = rng.integers(0, 40, 400) / 7
    expected = np.flatnonzero((scores >= np.sort(scores)[-depth]) & (scores > 0)).tolist()
    for each in (kernels.plain(), kernels.compiled()):
        assert sorted(each.largest(scores, depth).tolist()) == expected


@settings(max_examples=60)
@given(seeds, st.integers(1, 6), st.sampled_from([-np.inf, 2.0]))
def test_only_what_is_not_among_the_best_is_left_out(seed: int, depth: int, least: float) -> None:
    rng = np.random.default_rng(seed)
    lists, probe = random_lists(rng, 12), random_probe(rng)
    documents = np.flatnonzero(rng.random(12) < 0.9).astype(np.int64)
    formula = Formula(
        norms=rng.random((3, len(documents))) + 0.3,
        words=rng.random(len(probe.words)),
        pairs=rng.random(probe.pair_count),
        rows=rng.random(len(probe.rows)),
        windows=rng.random(len(probe.steps)),
    )
    counts, held = kernels.plain().count(lists, documents, probe, by_part=False)
    tfs = counts / 10
    terms = np.zeros((len(documents), len(probe.idfs)))
    for key in range(probe.key_count):
        for entry in range(probe.term_offsets[key + 1], probe.term_offsets[key + 2]):
            terms[:, probe.term_numbers[entry]] += probe.term_shares[entry] * tfs[:, key]
    words = probe.key_count + len(probe.words)
    pairs = words + probe.pair_count
    expected = held @ formula.windows
    for weights, frequencies, norms in (
        (probe.idfs, terms, formula.norms[0]),
        (formula.words, tfs[:, probe.key_count : words], formula.norms[1]),
        (formula.pairs, tfs[:, words:pairs], formula.norms[2]),
        (formula.rows, tfs[:, pairs:], formula.norms[0]),
    ):
        expected += frequencies / (frequencies + norms[:, None]) @ weights
    found = kernels.compiled().contenders(
        lists, documents, probe, formula, depth=depth, least=least
    )
    kept = found > -np.inf
    assert np.allclose(found[kept], expected[kept], rtol=1e-12)
    for score in expected[~kept].tolist():
        assert score < least or np.count_nonzero(expected > score) >= depth


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


def parted(*rows: list[int]) -> Lists:
    """The forward list of one document with these parts."""
    tokens = np.array([each << 1 | 1 for row in rows for each in row], dtype=np.uint16)
    return Lists(
        tokens=tokens,
        token_offsets=np.array([0, len(tokens)], dtype="<u8"),
        escapes=np.zeros(0, dtype="<u4"),
        escape_offsets=np.zeros(2, dtype="<u4"),
        parts=np.array([len(row) << 1 for row in rows], dtype="<u4"),
        part_offsets=np.array([0, len(rows)], dtype="<u4"),
    )


def held(lists: Lists, *, title: bool = False) -> bool:
    one = np.zeros(1, dtype=np.int64)
    slots = (np.array([1]), np.array([2]))
    return bool(kernels.compiled().holding(lists, one, slots, IDS, title=title)[0])


def test_a_row_that_parts_divide_is_none_wherever_they_end() -> None:
    divided = [[2, 1]] * 100
    assert not held(parted(*divided))
    assert held(parted(*divided, [2, 1, 2]))
    assert held(parted(*divided, [], [1, 2], *divided))
    assert not held(parted([3, 1], [2, 1, 2]), title=True)
    assert held(parted([1, 2], *divided), title=True)


def test_rows_that_parts_divide_are_passed_over_in_linear_time() -> None:
    held(parted([2, 1]))
    few, many = (parted(*[[2, 1]] * parts) for parts in (10_000, 40_000))
    begin = time.process_time()
    held(few)
    between = time.process_time()
    held(many)
    assert time.process_time() - between < 10 * (between - begin) + 0.1


def test_numbers_from_disk_lead_nowhere_else() -> None:
    rng = np.random.default_rng(1)
    postings = random_postings(rng, 10, 60_000)
    runs = np.array([[0, 0, 0, 10]], dtype=np.int64)
    terms = Terms(postings, runs, np.ones(1), np.ones(1))
    found, _ = kernels.compiled().best(terms, np.ones(3), 5, 0.0)
    assert not len(found) or found.max() < 3
    mask = np.zeros(3, dtype=np.bool_)
    kernels.compiled().mark(mask, postings, runs[:, 1:].copy())
    with pytest.raises(IndexError):
        kernels.plain().best(terms, np.ones(3), 5, 0.0)
    with pytest.raises(IndexError):
        kernels.plain().mark(mask, postings, runs[:, 1:].copy())
