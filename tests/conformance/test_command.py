"""`searchdb conformance`: a table, a total, an exit code."""

from __future__ import annotations

from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from searchdb.cli.app import app
from searchdb.conformance import read

PASSES = (
    '{"name": "vườn/cam", "docs": [{"id": "a", "text": "Vườn cam."}], "query": "cam",'
    ' "expect": {"hits": ["a"]}}\n'
)
FAILS = (
    '{"name": "ao\\u001b[31m", "docs": [{"id": "a", "text": "Ao cá."}], "query": "ao",'
    ' "expect": {"not": ["a"]}}\n'
)


@pytest.fixture
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "config"))
    return tmp_path


def call(*arguments: str) -> Result:
    return CliRunner().invoke(app, ["conformance", *arguments])


def test_all_pass(here: Path) -> None:
    (here / "cases.jsonl").write_text(PASSES, encoding="utf-8")
    result = call("cases.jsonl", "--lang", "en")
    assert result.stdout == "vườn/cam  pass\n1 of 1 case passed\n"
    assert result.exit_code == 0


def test_some_fail(here: Path) -> None:
    (here / "cases.jsonl").write_text(PASSES + FAILS, encoding="utf-8")
    result = call("cases.jsonl", "--lang", "vi")
    assert result.stdout.splitlines() == [
        "vườn/cam  pass",
        "ao\ufffd[31m   FAIL  must not match: a",
        "Đạt 1 trên 2 tình huống",
    ]
    assert result.exit_code == 1


def test_unreadable(here: Path) -> None:
    (here / "cases.jsonl").write_text(PASSES + '{"nam": 1}', encoding="utf-8")
    result = call("cases.jsonl")
    assert result.stdout == ""
    assert result.stderr.startswith("searchdb: cases.jsonl:2: tình huống có khóa lạ 'nam'")
    assert result.exit_code == 2


@pytest.mark.usefixtures("here")
def test_without_a_file_the_suite_that_comes_with_searchdb_is_tried() -> None:
    result = call("--lang", "en")
    total = len(read())
    assert result.stdout.splitlines()[-1] == f"{total} of {total} cases passed"
    assert result.exit_code == 0
