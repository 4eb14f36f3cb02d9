"""An answer and what a case demands of it: passes, or a sentence."""

from __future__ import annotations

from dataclasses import replace

import pytest

from searchdb.conformance import (
    Answer,
    Case,
    Expectation,
    Options,
    in_memory,
    judge,
    marked,
    run,
)
from searchdb.model import Document

DOCS = tuple(Document(id=each, text=f"Vườn {each}.") for each in "abc")


def failures(expect: Expectation, answer: Answer, options: Options | None = None) -> list[str]:
    case = Case(name="x", docs=DOCS, query="vườn", expect=expect, options=options or Options())
    return list(judge(case, answer))


@pytest.mark.parametrize(
    ("expect", "matches", "passes"),
    [
        (Expectation(hits=("a", "b")), "ab", True),
        (Expectation(hits=("a", "b")), "abc", True),
        (Expectation(hits=("a", "b")), "ba", False),
        (Expectation(hits=("a", "b")), "acb", False),
        (Expectation(hits=("a", "b")), "a", False),
        (Expectation(hits=("a", "b"), any_order=True), "cba", True),
        (Expectation(hits=("a", "b"), any_order=True), "bc", False),
        (Expectation(hits=("a",), also=("b", "c")), "acb", True),
        (Expectation(hits=("a",), also=("b",)), "ba", False),
        (Expectation(hits=("a",), also=("b",)), "a", False),
        (Expectation(hits=("a", "b"), any_order=True, also=("c",)), "bac", True),
        (Expectation(hits=("a", "b"), any_order=True, also=("c",)), "bca", False),
        (Expectation(never=("b",)), "ac", True),
        (Expectation(never=("b",)), "ab", False),
        (Expectation(never=("b",)), "", True),
        (Expectation(top="a"), "ab", True),
        (Expectation(top="a"), "ba", False),
        (Expectation(top="a"), "", False),
    ],
)
def test_matches(expect: Expectation, matches: str, passes: bool) -> None:  # noqa: FBT001
    assert (failures(expect, Answer(tuple(matches))) == []) is passes


def test_a_relaxed_hit_is_no_match_unless_it_is_expected() -> None:
    answer = Answer(matches=(), relaxed=("a",))
    assert failures(Expectation(hits=("a",)), answer) == ["wanted a too, got nothing"]
    assert failures(Expectation(hits=("a",), top="a"), answer, Options(relax=True)) == []
    assert failures(Expectation(never=("a",)), answer, Options(relax=True)) == []


@pytest.mark.parametrize(
    ("highlight", "passes"),
    [
        ("<mark>vườn cam</mark>", True),
        ("Ngoài <mark>vườn\ncam</mark>", True),
        ("<mark>Tin</mark>", True),
        ("<mark>vườn</mark>", False),
        ("<mark>cam sai</mark>", False),
    ],
)
def test_marks_that_white_space_parts_are_one(highlight: str, passes: bool) -> None:  # noqa: FBT001
    shown = ("<mark>Tin</mark> sáng", "Ngoài <mark>vườn</mark>\n<mark>cam</mark>, sai")
    text = highlight.replace("vườn cam", "vườn\ncam")
    answer = Answer(("a",), marked=shown)
    assert (failures(Expectation(highlight=text), answer) == []) is passes


def test_html_is_escaped_on_demand() -> None:
    assert marked("a < b", [(4, 5)], Options()) == "a < <mark>b</mark>"
    assert marked("a < b", [(4, 5)], Options(format="html")) == "a &lt; <mark>b</mark>"


def test_a_suggestion_is_what_is_offered_or_what_was_taken() -> None:
    expect = Expectation(suggest="Vườn cam")
    assert failures(expect, Answer((), suggestion="vườn  cam")) == []
    assert failures(expect, Answer(())) == ["wanted the suggestion 'Vườn cam', got None"]


def test_a_repeated_line_is_shown_once() -> None:
    text = "Chia sẻ tin\n\nXã mở chợ.\n\nChia sẻ tin\n"
    case = Case(
        name="x",
        docs=(Document(id="a", text=text),),
        query="chia sẻ",
        expect=Expectation(snippet_no_repeat=True),
    )
    once = Answer(("a",), marked=("Chia sẻ tin", "<mark>Chia sẻ</mark> tin Xã mở chợ."))
    twice = replace(once, marked=("", f"<mark>Chia</mark>{text[4:]}"))
    assert list(judge(case, once)) == []
    assert list(judge(case, twice)) == ["the snippet repeats 'chia sẻ tin'"]


def test_all_that_is_wrong_is_told() -> None:
    expect = Expectation(hits=("a",), never=("b",), highlight="<mark>ao</mark>")
    assert failures(expect, Answer(("b",), marked=("", "Vườn <mark>b</mark>."))) == [
        "wanted a too, got b",
        "must not match: b",
        "wanted '<mark>ao</mark>' marked, got 'Vườn <mark>b</mark>.'",
    ]


def test_an_error_fails_its_case_and_no_other() -> None:
    fine = Case(name="fine", docs=DOCS, query="vườn", expect=Expectation(hits=("a",)))
    huge = replace(fine, name="huge", query="vườn " * 10_000)
    first, second = run([huge, fine])
    assert first.failures[0].startswith("QueryError: ")
    assert second.failures == ()


def test_every_case_has_an_index_of_its_own() -> None:
    one = Case(name="one", docs=DOCS[:1], query="vườn", expect=Expectation(top="a"))
    two = replace(one, name="two", docs=DOCS[1:])
    assert [in_memory(case).matches for case in (one, two)] == [("a",), ("b", "c")]


def test_every_document_of_a_case_may_come_back() -> None:
    docs = tuple(Document(id=f"{each:02}", text="Vườn.") for each in range(30))
    case = Case(name="x", docs=docs, query="vườn", expect=Expectation(top="00"))
    assert len(in_memory(case).matches) == 30


def test_any_other_engine_can_be_tried() -> None:
    case = Case(name="x", docs=DOCS, query="vườn", expect=Expectation(top="c"))
    (outcome,) = run([case], lambda asked: Answer((asked.docs[-1].id,)))
    assert outcome.failures == ()
