"""Runs, the files they are kept in, and what is made of them."""

from __future__ import annotations

import math
import sys
from pathlib import Path

import pytest

from searchdb.errors import MissingExtraError, ReadError, SearchDBError
from searchdb.evaluation import check_trec_ids, compare, mean, measure, read_run, write_run

QRELS = {"a": {"x": 1, "y": 1}, "b": {"z": 1}, "c": {"z": 1}}


def test_the_measures_of_a_run() -> None:
    figures = measure(QRELS, {"a": ("w", "x"), "b": ("z",)})
    assert figures["MRR@10"] == {"a": 0.5, "b": 1.0, "c": 0.0}
    assert figures["recall@10"] == {"a": 0.5, "b": 1.0, "c": 0.0}
    gain = (1 / math.log2(3)) / (1 + 1 / math.log2(3))
    assert figures["nDCG@10"] == pytest.approx({"a": gain, "b": 1.0, "c": 0.0})
    assert mean(figures["recall@100"]) == 0.5


def test_what_is_found_late_counts_for_recall_only() -> None:
    figures = measure({"a": {"x": 1}}, {"a": (*map(str, range(99)), "x")})
    assert [figures[name]["a"] for name in figures] == [0.0, 0.0, 0.0, 1.0]


def test_a_run_written_is_read_back_in_order(tmp_path: Path) -> None:
    run = {"câu-1": tuple(map(str, range(100, 0, -1))), "câu-2": ("x",), "câu-3": ()}
    write_run(run, tmp_path / "a.run", tag="thử")
    found = read_run(tmp_path / "a.run")
    assert found == {"câu-1": run["câu-1"], "câu-2": ("x",)}
    assert (tmp_path / "a.run").read_text(encoding="utf-8").splitlines()[-1] == (
        "câu-2 Q0 x 1 1.000000 thử"
    )


def test_the_score_of_a_run_decides_and_not_its_rank(tmp_path: Path) -> None:
    (tmp_path / "a.run").write_text("q Q0 x 1 2.5 t\nq Q0 y 2 9e3 t\n\nq Q0 z 3 2.5 t\n")
    assert read_run(tmp_path / "a.run") == {"q": ("y", "x", "z")}


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (b"q Q0 x 1 2.5 t\nq x 2.5\n", r"a\.run:2: has 3 fields"),
        (b"q Q0 x 1 good t\n", r"a\.run:1: its score is 'good'"),
        (b"q Q0 x 1 nan t\n", r"a\.run:1: its score is 'nan'"),
        (b"q Q0 x 1 2 t\nq Q0 x 2 1 t\n", r"a\.run:2: finds 'x' a second time"),
        (b"q Q0 \xff 1 2 t\n", r"a\.run:1: is not valid UTF-8"),
    ],
)
def test_a_bad_line_of_a_run(text: bytes, expected: str, tmp_path: Path) -> None:
    (tmp_path / "a.run").write_bytes(text)
    with pytest.raises(ReadError, match=expected):
        read_run(tmp_path / "a.run")


def test_an_id_with_white_space_fits_into_no_run() -> None:
    check_trec_ids(["a/b(1)"])
    with pytest.raises(SearchDBError, match="white space"):
        check_trec_ids(["a b"])


def test_the_same_run_differs_by_nothing() -> None:
    values = {str(number): number / 10 for number in range(10)}
    found = compare(values, values)
    assert (found.difference, found.p, found.queries) == (0.0, 1.0, 10)


def test_a_steady_difference_is_hardly_chance_and_a_mixed_one_is() -> None:
    base = dict.fromkeys(map(str, range(40)), 0.5)
    better = dict.fromkeys(base, 0.6)
    mixed = {query: 0.5 + (0.1 if int(query) % 2 else -0.1) for query in base}
    assert compare(better, base).difference == pytest.approx(0.1)
    assert compare(better, base).p < 0.001
    assert compare(mixed, base).p > 0.9
    assert compare(base, better).p == compare(better, base).p


def test_chance_is_what_counting_all_signs_gives() -> None:
    found = compare({"a": 0.3, "b": 0.2, "c": 0.1}, {})
    assert found.p == pytest.approx(2 / 8, abs=0.02)


def test_without_ir_measures_the_extra_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "ir_measures", None)
    with pytest.raises(MissingExtraError, match=r"pip install 'searchdb\[eval\]'"):
        measure({"a": {"x": 1}}, {})
