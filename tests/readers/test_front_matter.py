"""Front matter: what becomes a field, and what stays text."""

from __future__ import annotations

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from searchdb.model import Document
from searchdb.readers.front_matter import read_front_matter


def fields(yaml: str) -> object:
    return dict(read_front_matter(f"---\n{yaml}\n---\nthân bài").fields)


@pytest.mark.parametrize(
    ("written", "value"),
    [
        ("Phúc Lợi", "Phúc Lợi"),
        ("2015", 2015),
        ("-3", -3),
        ("3.5", 3.5),
        ("true", True),
        ("~", None),
        ("", None),
        ("'2015'", "2015"),
        ('"true"', "true"),
        ("|\n  một\n  hai\n", "một\nhai\n"),
        ("[chợ, 'nổi', 3, true]", "chợ, nổi, 3, true"),
        ("\n- chợ\n- nổi", "chợ, nổi"),
        ("[]", ""),
        ("{tên: An, tuổi: 30}", '{"tên": "An", "tuổi": 30}'),
        ("[[1, 2], {a: b}]", '[[1, 2], {"a": "b"}]'),
    ],
)
def test_values_are_plain(written: str, value: object) -> None:
    assert fields(f"trường: {written}") == {"trường": value}


@pytest.mark.parametrize(
    "written",
    [
        "007",
        "1.10",
        "+84",
        "yes",
        "NO",
        "12:30",
        "2015-09-05",
        "0x1F",
        "1e9",
        ".5",
        "1_000",
        "9" * 30,
    ],
)
def test_what_would_not_come_back_as_it_was_written_stays_text(written: str) -> None:
    assert fields(f"trường: {written}") == {"trường": written}


def test_the_body_begins_below_the_second_rule() -> None:
    for end in ("---\n", "...\n", "--- \n"):
        text = f"--- \na: 1\n{end}thân bài\n---\nhết"
        found = read_front_matter(text)
        assert (found.fields, found.note) == ({"a": 1}, None)
        assert text[found.body :] == "thân bài\n---\nhết"
    assert read_front_matter("---\n---\nthân").body == 8
    assert read_front_matter("---\n# chú thích\n---").body == 19


@pytest.mark.parametrize(
    "text",
    [
        "",
        "a: 1",
        "\n---\na: 1\n---\n",
        "----\na: 1\n----\n",
        "---\na: 1\n",
        "---\nMột câu giữa hai vạch.\n---\n",
        "---\n- a\n- b\n---\n",
        "---\na: " + "b" * 16384 + "\n---\n",
    ],
)
def test_other_beginnings_are_text(text: str) -> None:
    found = read_front_matter(text)
    assert (dict(found.fields), found.body, found.note) == ({}, 0, None)


@pytest.mark.parametrize(
    "yaml",
    [
        "a: b: c",
        'a: "hở',
        "a: &x [1]\nb: *x",
        "<<: *x",
        "? [a, b]\n: c",
        "'': c",
        "a: 1\n\tb: 2",
        'a: "\\UFFFFFFFF"',
        "a: \x07",
        "a: !!python/object/apply:os.system [ls]\nb: [",
        "a: " + "[" * 8000,
        "a: " + "{b: " * 2000 + "}" * 2000,
        "a: " + "[" * 4000 + "]" * 4000,
    ],
)
def test_what_is_no_plain_yaml_is_text_with_a_note(yaml: str) -> None:
    began = time.process_time()
    found = read_front_matter(f"---\n{yaml}\n---\nthân bài")
    assert (dict(found.fields), found.body) == ({}, 0)
    assert found.note is not None
    assert "it is taken for text" in found.note
    assert time.process_time() - began < 20  # of 16 KB; what is exponential never ends


def test_the_note_names_the_line() -> None:
    note = read_front_matter("---\na: 1\nb: c: d\n---\n").note
    assert note is not None
    assert "(line 3)" in note


def test_tags_of_yaml_make_no_objects() -> None:
    assert fields("a: !!python/name:os.system x") == {"a": "x"}
    assert fields("a: !!binary aGVsbG8=") == {"a": "aGVsbG8="}


@given(st.text(alphabet="ab:- \n'\"[]{}#&*!|>%@`,?~0.é\\"))
def test_whatever_stands_there_comes_out_as_a_document(text: str) -> None:
    whole = f"---\n{text}\n---\nthân"
    found = read_front_matter(whole)
    assert found.body in {0, len(whole) - 4} or found.body < len(whole)
    Document(id="a", text=whole[found.body :], meta=found.fields)
