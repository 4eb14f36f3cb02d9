"""The suite that comes with searchdb passes, case by case, on both engines."""

from __future__ import annotations

from pathlib import Path

import pytest

import searchdb
from searchdb.conformance import Case, answer, in_memory, judge, read

CASES = read()
each_case = pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)


@each_case
def test_in_memory(case: Case) -> None:
    assert list(judge(case, in_memory(case))) == []


@each_case
def test_on_disk(case: Case, tmp_path: Path) -> None:
    with searchdb.open(tmp_path / "index", create=True) as db:
        assert list(judge(case, answer(db, case))) == []


def test_every_case_says_what_it_guards_and_what_it_is_about() -> None:
    assert [case.name for case in CASES if not case.why or not case.group] == []


def test_there_are_counter_examples() -> None:
    """Rules that find something are kept honest by what they must not find."""
    assert sum(bool(case.expect.never) for case in CASES) > len(CASES) / 2
