"""Errors in the language of the caller, whoever worded them first."""

from __future__ import annotations

import ast
import re
import time
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

import searchdb
from searchdb import errors
from searchdb.cli.catalog import worded
from searchdb.cli.sentences import VIETNAMESE

if TYPE_CHECKING:
    from tests.cli.conftest import Run

SOURCE = Path(searchdb.__file__).parent
ROOMS = ("readers", "index", "query", "backends", "conformance", "evaluation", "cli")
PASSED_ON = ("model", "readers", "query", "conformance")
"""Where a ValueError says what an error for people then says."""


def sentence(node: ast.AST | None) -> str | None:
    """What a string says, with 7 for each value in it."""
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        return node.value
    if isinstance(node, ast.JoinedStr):
        return "".join(sentence(value) or "7" for value in node.values)
    return None


def called(function: ast.expr) -> str | None:
    """The name of what is called, without the module it is in."""
    if isinstance(function, ast.Attribute):
        return function.attr
    return function.id if isinstance(function, ast.Name) else None


def sentences_of(path: Path) -> Iterator[str | None]:
    """What a module says in its errors and, in the readers, in the strings it returns."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    passed_on = path.parent.name in PASSED_ON or path.stem in PASSED_ON
    kinds = {*errors.__all__, "BadParameter", *(["ValueError"] if passed_on else [])}
    for function in (node for node in ast.walk(tree) if isinstance(node, ast.FunctionDef)):
        named: dict[str, list[str | None]] = {}
        for node in ast.walk(function):
            if isinstance(node, ast.Assign) and isinstance(node.targets[0], ast.Name):
                named.setdefault(node.targets[0].id, []).append(sentence(node.value))
            if isinstance(node, ast.Return) and path.parent.name == "readers":
                yield sentence(node.value)
        for node in ast.walk(function):
            if isinstance(node, ast.Call) and called(node.func) in kinds:
                for given_ in node.args:
                    said = named.get(given_.id, []) if isinstance(given_, ast.Name) else []
                    yield from said or [sentence(given_)]


def test_every_error_of_the_library_is_in_the_catalog() -> None:
    files = [
        *SOURCE.glob("*.py"),
        *(path for room in ROOMS for path in SOURCE.rglob(f"{room}/**/*.py")),
    ]
    missing = {
        said
        for path in files
        for said in sentences_of(path)
        if said and said.count(" ") > 1 and worded(said, "vi") == said
    }
    assert not missing


def test_no_translation_has_a_place_of_its_own_and_each_is_found() -> None:
    for english, vietnamese in VIETNAMESE.items():
        places = set(re.findall(r"\{(\w+)\}", english))
        assert set(re.findall(r"\{(\w+)\}", vietnamese)) <= places
        sample = re.sub(r"\{\w+\}", "7", english)
        assert worded(sample, "vi") != sample or not places - {"reason", "then"}


@pytest.mark.parametrize(
    ("said", "expected"),
    [
        ("Permission denied", "không có quyền"),
        (
            "tin: cũ/a.txt: permission denied: make it readable for this user",
            "tin: cũ/a.txt: không có quyền: hãy cho người dùng này quyền đọc",
        ),
        (
            "the index in kho cannot be written: No space left on device; it is as it was",
            "không ghi được chỉ mục trong kho: hết chỗ trên đĩa; nó vẫn như cũ",
        ),
        (
            'kho.toml: match: expected "smart", "all" or "any", not 3',
            'kho.toml: match: phải là "smart", "all" hoặc "any", không phải 3',
        ),
        (
            "kho.toml: not valid TOML: Unclosed array (at end of document)",
            "kho.toml: không phải TOML đúng, xem cuối tệp: danh sách thiếu dấu ]",
        ),
        (
            "a; b.txt: is empty: there is nothing to index",
            "a; b.txt: trống: không có gì để lập chỉ mục",
        ),
        (
            "the query has 1,234,567 characters: shorten it to 10,000 or fewer",
            "câu tìm có 1.234.567 ký tự: hãy rút còn không quá 10.000",
        ),
        (
            "the index holds 1,000 documents that are not in 1,000: name another folder",
            "chỉ mục có 1.000 tài liệu không có trong 1,000: hãy ghi một thư mục khác",
        ),
        (
            "a.txt: is too large (1,234.5 MB, limit 64.0 MB): split it",
            "a.txt: quá lớn (1.234,5 MB, giới hạn 64,0 MB): hãy chia nhỏ",
        ),
        ("a: b: chuyện lạ", "a: b: chuyện lạ"),
        ("", ""),
    ],
)
def test_names_stay_and_what_is_said_of_them_is_translated(said: str, expected: str) -> None:
    assert worded(said, "vi") == expected


def test_english_speaks_to_people_too() -> None:
    said = "there is no index in kho: make one with `searchdb index` or create=True"
    assert worded(said, "en") == "there is no index in kho: make one with `searchdb index`"
    assert worded("Permission denied", "en") == "Permission denied"


@given(st.text())
def test_whatever_is_said_something_comes_out(said: str) -> None:
    assert worded(f"nhà: {said}", "vi").startswith("nhà: ")


def test_long_sentences_take_no_time() -> None:
    began = time.process_time()
    worded("is " * 600, "vi")
    worded(": " * 900, "vi")
    worded("a; " * 600, "vi")
    worded("x" * 10**7, "vi")
    assert time.process_time() - began < 1


@pytest.mark.parametrize(
    ("arguments", "expected"),
    [
        (["query"], "searchdb: thiếu TEXT\nCách gọi: searchdb query [OPTIONS] TEXT..."),
        (["qury"], "searchdb: không có lệnh 'qury'. Ý bạn là 'query'?"),
        (["query", "chợ", "-n", "ba"], "searchdb: '-n' / '--limit' không đúng: 'ba' không phải"),
        (["query", "chợ", "-n", "10001"], "searchdb: --limit: phải là một số nguyên từ 1 đến"),
        (["query", "chợ", "--format", "xml"], "searchdb: '--format' không đúng: 'xml' không phải"),
        (["query", "chợ", "--limt"], "searchdb: không có tùy chọn --limt"),
        (["query", "chợ", "--where", "tỉnh"], "searchdb: --where không đúng: hãy viết FIELD=VALUE"),
        (["query", "chợ"], "searchdb: không có chỉ mục trong "),
        (["show", "a", "b"], "searchdb: thừa: b"),
        (["index", "--encoding", "utf-9"], 'searchdb: --encoding: phải là "auto" hoặc tên'),
        (["eval"], "searchdb: thiếu BEIR_DIR"),
        (["eval", ".", "--limit", "101"], "searchdb: '--limit' không đúng: 101 không nằm trong"),
        (["eval", "."], "searchdb: .: không có corpus.jsonl: thư mục theo cách xếp của BEIR"),
        (["index", "--jsonl"], "searchdb: tùy chọn --jsonl cần một giá trị"),
        (["--lang", "fr", "stats"], "searchdb: '--lang' không đúng: 'fr' không phải"),
    ],
)
def test_a_wrong_call_is_told_in_vietnamese(run: Run, arguments: list[str], expected: str) -> None:
    result = run(*arguments)
    assert (result.exit_code, result.stdout) == (2, "")
    assert result.stderr.startswith(expected)


def test_the_language_of_the_settings_is_that_of_errors(run: Run) -> None:
    Path("searchdb.toml").write_text('lang = "en"\n', encoding="utf-8")
    assert run("qury").stderr.startswith("searchdb: No such command 'qury'.")
    assert run("query").stderr.splitlines()[1] == "Usage: searchdb query [OPTIONS] TEXT..."
    assert run("qury", "--lang", "vi").stderr.startswith("searchdb: không có lệnh")
    Path("searchdb.toml").write_text("limt = 1\n", encoding="utf-8")
    result = run("query", "chợ")
    assert result.exit_code == 2
    assert "không có mục 'limt': ý bạn là \"limit\"?" in result.stderr
