"""The law of every Searcher: one snapshot, one order, scores that can be accounted for."""

from __future__ import annotations

from threading import Thread
from typing import TYPE_CHECKING, Any

import pytest

from searchdb.index.backend import FileState
from searchdb.ranking import Ranking

if TYPE_CHECKING:
    from collections.abc import Callable

    from searchdb.index.backend import AnalyzedDocument, Backend, Matches, Searcher, Writer

    Doc = Callable[..., AnalyzedDocument]
    Writing = Callable[[], Writer]
    Ask = Callable[..., Matches]


@pytest.fixture
def searcher(backend: Backend, writer: Writing, doc: Doc) -> Searcher:
    """Twelve documents, of which nine hold `lúa`, in two commits."""
    with writer() as change:
        for number in range(6):
            change.add(
                doc(
                    f"d{number}",
                    "cánh đồng lúa " + "lúa " * number + "mùa gặt " * 3,
                    date=f"2020-01-0{number + 1}",
                    meta={"xã": "Tân Lập" if number % 2 else "Hòa Bình", "trang": number},
                )
            )
    with writer() as change:
        change.add(doc("tiêu đề", "không có gì trong bài", title="Lúa chín"))
        change.add(doc("hai đoạn", "Ruộng lúa.", "Bờ cỏ.", "Lúa chín, lúa vàng, lúa thơm."))
        change.add(doc("không dấu", "canh dong lua mua gat"))
        change.add(doc("khác", "vườn cây ăn trái", date="2021-05-05"))
        change.add(doc("lụa", "dệt lụa tơ tằm"))
        change.add(doc("rỗng", ""))
    return backend.searcher()


def ids(found: Matches) -> list[str]:
    return [match.id for match in found.page]


def test_a_snapshot_never_changes(
    backend: Backend, writer: Writing, doc: Doc, ask: Ask, searcher: Searcher
) -> None:
    def seen() -> list[Any]:
        return [
            searcher.generation,
            sorted(searcher.ids()),
            dict(searcher.stats()),
            ask(searcher, "lúa", limit=20, explain=True),
            searcher.lexicon.df("lúa"),
            list(searcher.lexicon.forms("lua")),
            searcher.lexicon.totals,
        ]

    before = seen()
    for number in range(10):
        with writer() as change:
            change.remove(f"d{number}")
            change.add(doc("hai đoạn", f"lúa lúa lúa {number}"))
            change.add(doc(f"mới {number}", "lúa mới"))
    assert seen() == before
    after = backend.searcher()
    assert after.generation == 12
    assert ask(after, "lúa").total == 13


def test_find_ids_and_documents_agree(searcher: Searcher) -> None:
    found = {each: searcher.find(each) for each in searcher.ids()}
    assert len(found) == 12
    assert None not in found.values()
    assert len(set(found.values())) == 12
    assert all(searcher.document(ref).id == each for each, ref in found.items() if ref is not None)
    assert searcher.find("d") is None
    assert searcher.find("D1") is None


def test_files_are_those_of_the_documents_that_have_one(
    backend: Backend, writer: Writing, doc: Doc
) -> None:
    one = FileState("thư mục/một.txt", mtime_ns=2**62, size=0, sha256="ab" * 32)
    two = FileState("hai.txt", mtime_ns=5, size=2**40, sha256="cd" * 32)
    with writer() as change:
        change.add(doc("một", "x", file=one))
        change.add(doc("hai", "y", file=FileState("hai.txt", 1, 1, "old")))
        change.add(doc("ba", "z"))
    with writer() as change:
        change.add(doc("hai", "y", file=two))
    searcher = backend.searcher()
    assert dict(searcher.files()) == {"một": one, "hai": two}
    assert searcher.stats()["files"] == 2


def test_a_sound_index_has_no_damage(backend: Backend, searcher: Searcher) -> None:
    assert searcher.damage is None
    assert backend.searcher().damage is None


def test_stats_count_what_is_there(searcher: Searcher) -> None:
    stats = searcher.stats()
    passages = sum(
        len(searcher.document(ref).passages)
        for ref in map(searcher.find, searcher.ids())
        if ref is not None
    )
    assert stats["documents"] == 12
    assert stats["passages"] == passages
    assert stats["files"] == 0
    assert stats["syllables"] == searcher.lexicon.totals.occurrences > 0


def test_scores_fall_and_ties_go_by_id(
    backend: Backend, writer: Writing, doc: Doc, ask: Ask
) -> None:
    with writer() as change:
        for each in ("c", "B", "a", "ă", "b"):
            change.add(doc(each, "lúa chín"))
        change.add(doc("z", "lúa chín lúa"))
    found = ask(backend.searcher(), "lúa")
    assert ids(found) == ["z", "B", "a", "b", "c", "ă"]
    assert len({match.score for match in found.page}) == 2


def test_of_equal_passages_the_first_is_shown(
    backend: Backend, writer: Writing, doc: Doc, ask: Ask
) -> None:
    with writer() as change:
        change.add(doc("a", "bờ cỏ", "lúa chín", "lúa vàng", "lúa thơm"))
    searcher = backend.searcher()
    assert [match.passage for match in ask(searcher, "lúa").page] == [1]
    assert [match.passage for match in ask(searcher, "lúa", group="passage").page] == [1, 2, 3]


def test_pages_laid_end_to_end_are_the_whole(ask: Ask, searcher: Searcher) -> None:
    for options in ({}, {"sort": "date"}, {"group": "passage"}, {"match": "any"}):
        whole = ask(searcher, "cánh đồng lúa vàng", limit=50, **options)
        pages = [
            ask(searcher, "cánh đồng lúa vàng", limit=2, offset=offset, **options)
            for offset in range(0, 50, 2)
        ]
        assert [match for page in pages for match in page.page] == list(whole.page)
        assert {page.total for page in pages} == {whole.total}
        assert len(whole.page) > 4


def test_beyond_the_end_and_for_no_hits_there_is_an_empty_page(
    ask: Ask, searcher: Searcher
) -> None:
    assert ask(searcher, "lúa", offset=100).page == ()
    assert ask(searcher, "lúa", limit=0).page == ()
    assert ask(searcher, "lúa", limit=0).total == 9
    assert ask(searcher, "tàu vũ trụ", match="all").total == 0
    assert ask(searcher, "").total == 0


def test_by_date_the_newest_come_first_and_the_undated_last(ask: Ask, searcher: Searcher) -> None:
    found = ids(ask(searcher, "lúa", sort="date", limit=20))
    assert found[:6] == ["d5", "d4", "d3", "d2", "d1", "d0"]
    assert found[6:] == ["hai đoạn", "không dấu", "tiêu đề"]


def test_dates_are_inclusive_and_the_undated_fail_them(ask: Ask, searcher: Searcher) -> None:
    def within(**limits: str) -> list[str]:
        return sorted(ids(ask(searcher, "lúa", **limits)))

    assert within(after="2020-01-05") == ["d4", "d5"]
    assert within(before="02/01/2020") == ["d0", "d1"]
    assert within(after="2020-01-03", before="2020-01-03") == ["d2"]
    assert within(after="2020-02-01") == []
    assert within(before="2019-12-31") == []


@pytest.mark.parametrize(
    ("where", "expected"),
    [
        ({"xã": "Tân Lập"}, ["d1", "d3", "d5"]),
        ({"xã": "Tân Lập", "trang": 3}, ["d3"]),
        ({"trang": "3"}, ["d3"]),
        ({"trang": 3.0}, []),
        ({"xã": "tân lập"}, []),
        ({"xã": "Tân"}, []),
        ({"no such field": None}, []),
        ({"xã": "\ud800"}, []),
    ],
)
def test_where_demands_the_very_value(
    ask: Ask, searcher: Searcher, where: dict[str, Any], expected: list[str]
) -> None:
    assert sorted(ids(ask(searcher, "lúa", where=where))) == expected


def test_where_keeps_names_and_values_apart(
    backend: Backend, writer: Writing, doc: Doc, ask: Ask
) -> None:
    with writer() as change:
        change.add(doc("a", "lúa", meta={"x": "y=z"}))
        change.add(doc("b", "lúa", meta={"x=y": "z"}))
        change.add(doc("c", "lúa", meta={"": ""}))
    searcher = backend.searcher()
    assert ids(ask(searcher, "lúa", where={"x": "y=z"})) == ["a"]
    assert ids(ask(searcher, "lúa", where={"x=y": "z"})) == ["b"]
    assert ids(ask(searcher, "lúa", where={"": ""})) == ["c"]


def test_relaxed_hits_follow_the_matches_and_are_not_counted(ask: Ask, searcher: Searcher) -> None:
    found = ask(searcher, "cánh đồng lúa", limit=20)
    flags = [match.relaxed for match in found.page]
    assert found.total == flags.count(False) == 7
    assert flags == sorted(flags)
    assert set(ids(found)[7:]) == {"tiêu đề", "hai đoạn"}
    short = ask(searcher, "cánh đồng lúa", limit=7)
    assert not any(match.relaxed for match in short.page)


def test_filters_and_exclusions_hold_for_relaxed_hits_too(ask: Ask, searcher: Searcher) -> None:
    typed = "cánh đồng lúa vàng"
    dated = ask(searcher, typed, limit=20, after="2020-01-05")
    assert (sorted(ids(dated)), dated.total) == (["d4", "d5"], 0)
    kept = ask(searcher, f"{typed} -ruộng", limit=20)
    assert "hai đoạn" not in ids(kept)
    assert len(ids(kept)) > 5


@pytest.mark.parametrize("group", ["document", "passage"])
@pytest.mark.parametrize(
    "typed",
    ["lúa", "canh dong lua", "lúa chín lúa vàng", "ruong lua", '"lúa chín"', "-lụa", "lúa*"],
)
def test_the_parts_add_up_to_the_score(
    ask: Ask, searcher: Searcher, typed: str, group: str
) -> None:
    found = ask(searcher, typed, limit=20, explain=True, group=group)
    assert found.page
    for match in found.page:
        assert sum(part.score for part in match.parts) == pytest.approx(match.score, abs=1e-9)
        assert all(part.score > 0 for part in match.parts)
        assert {part.stream for part in match.parts} <= {
            "syllable",
            "word",
            "adjacency",
            "proximity",
        }
    quiet = ask(searcher, typed, limit=20, group=group)
    assert all(match.parts == () for match in quiet.page)
    assert [match.score for match in quiet.page] == [match.score for match in found.page]


def test_the_best_passage_stands_for_the_document(ask: Ask, searcher: Searcher) -> None:
    (match,) = (m for m in ask(searcher, "lúa", limit=20).page if m.id == "hai đoạn")
    assert match.passage == 2


def test_by_passage_every_answering_passage_is_a_hit(ask: Ask, searcher: Searcher) -> None:
    found = ask(searcher, "lúa", limit=20, group="passage")
    mine = [match.passage for match in found.page if match.id == "hai đoạn"]
    assert mine == [2, 0]
    assert found.total == 9
    assert len(found.page) == 10
    order = [(-match.score, match.id, match.passage) for match in found.page]
    assert order == sorted(order)


def test_where_only_the_title_answers_the_first_passage_stands_with_score_0(
    ask: Ask, searcher: Searcher
) -> None:
    (match,) = (
        m for m in ask(searcher, "lúa", limit=20, group="passage").page if m.id == "tiêu đề"
    )
    assert (match.passage, match.score) == (0, 0.0)
    (match,) = (m for m in ask(searcher, "lúa", limit=20).page if m.id == "tiêu đề")
    assert match.passage == 0
    assert match.score > 0


def test_furniture_is_shown_only_where_nothing_else_answers(
    backend: Backend, writer: Writing, doc: Doc, ask: Ask
) -> None:
    with writer() as change:
        change.add(doc("thân bài", "lúa lúa lúa", "bờ lúa", furniture=[0]))
        change.add(doc("tiêu đề", "lúa lúa lúa", "bờ cỏ", title="lúa", furniture=[0]))
        change.add(doc("chân trang", "bờ cỏ", "lúa", "lúa lúa", furniture=[1, 2]))
        change.add(doc("toàn chân trang", "lúa", title="lúa", furniture=[0]))
        change.add(doc("không thân", title="lúa"))
    searcher = backend.searcher()
    shown = {match.id: match.passage for match in ask(searcher, "lúa").page}
    assert shown == {
        "thân bài": 1,
        "tiêu đề": 1,
        "chân trang": 2,
        "toàn chân trang": 0,
        "không thân": 0,
    }
    listed = ask(searcher, "lúa", group="passage", explain=True).page
    assert all((match.score > 0) == bool(match.parts) for match in listed)
    assert sorted((match.id, match.passage, match.score > 0) for match in listed) == [
        ("chân trang", 1, True),
        ("chân trang", 2, True),
        ("không thân", 0, False),
        ("thân bài", 1, True),
        ("tiêu đề", 1, False),
        ("toàn chân trang", 0, False),
    ]


def test_furniture_counts_a_tenth_and_a_title_three_times(
    backend: Backend, writer: Writing, doc: Doc, ask: Ask
) -> None:
    with writer() as change:
        change.add(doc("chân trang", "lúa", "bờ cỏ", furniture=[0]))
        change.add(doc("thân bài", "lúa", "bờ cỏ"))
        change.add(doc("tiêu đề", "bờ cỏ", title="lúa"))
    assert ids(ask(backend.searcher(), "lúa")) == ["tiêu đề", "thân bài", "chân trang"]


def test_a_query_of_exclusions_only_finds_the_rest_by_id(ask: Ask, searcher: Searcher) -> None:
    found = ask(searcher, "-lúa", limit=20)
    assert ids(found) == ["khác", "lụa", "rỗng"]
    assert {match.score for match in found.page} == {0.0}


def test_candidates_beyond_the_depth_keep_their_place_behind(ask: Ask, searcher: Searcher) -> None:
    shallow = ask(searcher, "lúa chín", limit=3, match="any", ranking=Ranking(candidates=1))
    deep = ask(searcher, "lúa chín", limit=3, match="any")
    assert shallow.total == deep.total
    assert len(shallow.page) == 3


def test_threads_share_a_searcher(ask: Ask, searcher: Searcher) -> None:
    expected = ask(searcher, "canh dong lua", limit=20)
    answers: list[Matches] = []

    def work() -> None:
        answers.extend(ask(searcher, "canh dong lua", limit=20) for _ in range(5))

    threads = [Thread(target=work) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert answers == [expected] * 20


@pytest.mark.parametrize("text", ["\ud800", "\udfff\0", "", "x" * 100_000])
def test_no_id_is_too_strange_to_ask_for(searcher: Searcher, text: str) -> None:
    assert searcher.find(text) is None


@pytest.mark.parametrize("text", ["\ud800", "", " ", "~", "\0", "x" * 100_000])
def test_no_key_is_too_strange_to_look_up(searcher: Searcher, text: str) -> None:
    lexicon = searcher.lexicon
    assert (lexicon.df(text), lexicon.cf(text), lexicon.count(text, "lúa")) == (0, 0, 0)
    assert (lexicon.pair_df(text, "lua"), lexicon.word_df((text, "x"))) == (0, 0)
    assert list(lexicon.forms(text)) == []
    assert list(lexicon.followers(text)) == []
    assert lexicon.surface(text) == text.removeprefix("~")
