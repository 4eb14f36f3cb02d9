"""Lines of JSON to cases: what is understood, and how what is not is turned down."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pytest

from searchdb.conformance import Case, Expectation, Options, read, suite
from searchdb.errors import ReadError
from searchdb.model import Document

WHOLE: dict[str, Any] = {
    "name": "vườn",
    "docs": [
        {"id": "a", "text": "Vườn cam.", "title": "Cam", "date": "2020-01-02", "meta": {"k": 1}},
        {"id": "b", "text": "Ao cá."},
    ],
    "query": "vườn",
    "opts": {"diacritics": "exact", "operator": "or", "relax": True, "format": "html"},
    "expect": {
        "hits": ["a"],
        "any_order": True,
        "also": [],
        "not": ["b"],
        "top": "a",
        "suggest": "vườn",
        "highlight": "<mark>Vườn</mark>",
        "snippet_no_repeat": True,
    },
    "why": "Everything there is.",
    "source": "none",
    "priority": "should",
}
SMALL: dict[str, Any] = {
    "name": "ao",
    "docs": [{"id": "a", "text": "Ao cá."}],
    "query": "ao",
    "expect": {"hits": ["a"]},
}


def written(folder: Path, *lines: str | bytes | dict[str, Any]) -> Path:
    path = folder / "cases.jsonl"
    data = [json.dumps(line) if isinstance(line, dict) else line for line in lines]
    path.write_bytes(b"\n".join(e.encode() if isinstance(e, str) else e for e in data))
    return path


def refused(path: Path) -> str:
    with pytest.raises(ReadError) as caught:
        read(path)
    return str(caught.value).removeprefix(path.as_posix())


def test_everything_there_is_is_read(tmp_path: Path) -> None:
    (case,) = read(written(tmp_path, WHOLE))
    assert case == Case(
        name="vườn",
        docs=(
            Document(id="a", text="Vườn cam.", title="Cam", date="2020-01-02", meta={"k": 1}),
            Document(id="b", text="Ao cá."),
        ),
        query="vườn",
        expect=Expectation(
            hits=("a",),
            any_order=True,
            never=("b",),
            top="a",
            suggest="vườn",
            highlight="<mark>Vườn</mark>",
            snippet_no_repeat=True,
        ),
        options=Options(diacritics="exact", operator="or", relax=True, format="html"),
        why="Everything there is.",
        source="none",
        priority="should",
    )


def test_blank_lines_a_byte_order_mark_and_windows_line_ends_are_passed_over(
    tmp_path: Path,
) -> None:
    first, second = json.dumps(SMALL), json.dumps(SMALL | {"name": "ao/hai"})
    cases = read(written(tmp_path, "\ufeff" + first + "\r\n  ", second, ""))
    assert [(case.name, case.group) for case in cases] == [("ao", ""), ("ao/hai", "ao")]


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        ({"tags": []}, "the case has the unknown key 'tags': known are name, docs, query"),
        ({"opts": {"fuzzy": 1}}, "`opts` has the unknown key 'fuzzy': known are diacritics"),
        ({"expect": {"hit": ["a"]}}, "`expect` has the unknown key 'hit': known are hits"),
        ({"docs": [{"id": "a", "body": ""}]}, "a document has the unknown key 'body'"),
        ({"opts": {"operator": "and"}}, "'operator' of `opts` is 'and': known are or"),
        ({"opts": {"diacritics": []}}, "'diacritics' of `opts` is []: known are smart, exact"),
        ({"opts": {"relax": "yes"}}, "'relax' of `opts` must be true or false"),
        ({"opts": None}, "'opts' of the case must be an object"),
        ({"docs": "a"}, "'docs' of the case must be a list"),
        ({"docs": ["a"]}, "a document is not a JSON object"),
        ({"docs": [{"id": "a"}]}, "a document has no 'text'"),
        ({"docs": [{"id": " ", "text": "x"}]}, "a document needs a non-empty text as its id"),
        ({"docs": [{"id": "a", "text": "x", "date": "nay"}]}, "'nay' is not a date"),
        ({"docs": [{"id": "a", "text": "x"}] * 2}, "two documents have the same id"),
        ({"expect": {}}, "`expect` is empty"),
        ({"expect": {"not": ["z"]}}, "`expect` names 'z', which no document has as its id"),
        ({"expect": {"hits": [["a"]]}}, "`expect` names ['a'], which no document"),
        ({"expect": {"top": "z"}}, "`expect` names 'z'"),
        ({"query": 3}, "'query' of the case must be text"),
        ({"query": "\ud83d"}, "holds half a character"),
    ],
)
def test_a_bad_case_is_named_by_its_line(
    tmp_path: Path, change: dict[str, Any], reason: str
) -> None:
    path = written(tmp_path, SMALL, "", SMALL | {"name": "hai"} | change)
    assert refused(path).startswith(f":3: {reason}")


@pytest.mark.parametrize("key", ["name", "docs", "query", "expect"])
def test_what_every_case_has(tmp_path: Path, key: str) -> None:
    path = written(tmp_path, {name: value for name, value in SMALL.items() if name != key})
    assert refused(path) == f":1: the case has no {key!r}"


@pytest.mark.parametrize(
    ("line", "reason"),
    [
        ("ao", "is not JSON: Expecting value at character 1"),
        ("[]", "the case is not a JSON object"),
        (b"\xff", "is not valid UTF-8: save it as UTF-8"),
        ("[" * 100_000, "is nested too deeply: a case is flat"),
        ("1" * 5000, "Exceeds the limit"),
    ],
)
def test_a_line_that_is_no_case(tmp_path: Path, line: str | bytes, reason: str) -> None:
    assert refused(written(tmp_path, line)).startswith(f":1: {reason}")


def test_two_cases_of_one_name(tmp_path: Path) -> None:
    assert refused(written(tmp_path, SMALL, SMALL)) == ":2: is a second 'ao': rename one"


def test_files_that_hold_no_cases(tmp_path: Path) -> None:
    assert "holds no case" in refused(written(tmp_path, "", ""))
    assert "no such file" in refused(tmp_path / "none")
    assert "is a folder" in refused(tmp_path)


def test_every_key_and_value_is_documented() -> None:
    page = Path(__file__).parents[2] / "docs" / "conformance.md"
    text = page.read_text(encoding="utf-8")
    fields = (suite._CASE, suite._DOCUMENT, suite._OPTIONS, suite._EXPECT)
    names = {name for each in fields for name in each}
    names |= {
        value for each in fields for kind in each.values() if type(kind) is tuple for value in kind
    }
    assert sorted(name for name in names if f"`{name}`" not in text) == []


def test_every_group_is_documented() -> None:
    page = Path(__file__).parents[2] / "docs" / "conformance.md"
    text = page.read_text(encoding="utf-8")
    assert (
        sorted(
            {case.group for case in read()} - set(re.findall(r"^\| `(\w+)` \|", text, re.MULTILINE))
        )
        == []
    )
