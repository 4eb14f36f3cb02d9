"""Text for people: wrapped, painted, and harmless whatever a document holds."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st
from rich.cells import cell_len

from searchdb import Hit, SearchResult, Snippet, StoredDocument
from searchdb.cli.messages import Voice
from searchdb.cli.render import Style, columns, document, flat, page, summary, visible
from searchdb.model import Part

SAY = Voice("vi")
PLAIN = Style()
HIT = Hit(
    rank=1,
    id="chợ.txt",
    passage=0,
    score=0.5,
    title="Chợ nổi Cái Răng",
    title_highlights=((0, 7),),
    date="2015-09-05",
    source=None,
    meta={},
    start=0,
    end=60,
    snippet=Snippet("Ghe xuồng tụ về chợ\nnổi từ lúc mờ sáng", ((16, 23),)),
)
ESCAPE = re.compile(r"\x1b\[[0-9;]*m")


def lines_of(*hits: Hit, style: Style = PLAIN) -> list[str]:
    return list(page(SearchResult("q", None, None, len(hits), 1.0, hits), style, SAY))


def test_a_hit_is_two_lines() -> None:
    assert lines_of(HIT) == [
        "1. [Chợ nổi] Cái Răng    05/09/2015",
        "   chợ.txt#0  Ghe xuồng tụ về [chợ nổi] từ lúc mờ sáng",
    ]


def test_a_hit_without_a_title_goes_by_its_id_and_one_without_a_date_by_no_date() -> None:
    bare = replace(HIT, title=" ", title_highlights=(), date=None)
    assert lines_of(bare)[0] == "1. chợ.txt"


def test_dots_stand_where_the_passage_goes_on() -> None:
    cut = replace(HIT, snippet=replace(HIT.snippet, cut_before=True, cut_after=True))
    assert lines_of(cut)[1] == "   chợ.txt#0  … Ghe xuồng tụ về [chợ nổi] từ lúc mờ sáng …"


def test_close_matches_are_announced_once() -> None:
    close = replace(HIT, relaxed=True)
    assert lines_of(HIT, close, close).count("Gần giống:") == 1


def test_lines_fit_the_terminal_and_are_indented() -> None:
    long = replace(HIT, rank=10, snippet=Snippet("nước lên thuyền lên " * 20, ()))
    lines = lines_of(long, style=Style(width=40))
    assert max(map(cell_len, lines)) <= 40
    assert all(line.startswith("    ") for line in lines[1:])


def test_wide_and_combining_characters_are_measured_in_cells() -> None:
    wide = replace(HIT, snippet=Snippet("市場 " * 40, ()))
    assert max(map(cell_len, lines_of(wide, style=Style(width=40)))) <= 40
    marks = unicodedata.normalize("NFD", "thuyền " * 40)
    full = replace(HIT, snippet=Snippet(marks, ()))
    assert max(map(cell_len, lines_of(full, style=Style(width=40)))) > 33


def test_a_word_too_long_for_the_line_stays_whole() -> None:
    long = replace(HIT, snippet=Snippet("xem " + "x" * 100, ()))
    assert "   " + "x" * 100 in lines_of(long, style=Style(width=40))


def test_the_date_goes_to_its_own_line_where_it_does_not_fit() -> None:
    titled = replace(HIT, title="Chợ nổi trên sông Hậu lúc bình minh", title_highlights=())
    assert lines_of(titled, style=Style(width=40))[1] == "   05/09/2015"


def test_each_line_ends_the_paint_it_begins() -> None:
    long = "chợ nổi " * 30
    painted = replace(HIT, title=long, snippet=Snippet(long, ((0, len(long) - 1),)))
    for line in lines_of(painted, style=Style(color=True, width=40)):
        found = ESCAPE.findall(line)
        assert not found or found[-1] == "\x1b[0m"


def test_paint_takes_no_room() -> None:
    painted = lines_of(HIT, style=Style(color=True, width=80))
    bare = [ESCAPE.sub("", line) for line in painted]
    assert bare == [line.replace("[", "").replace("]", "") for line in lines_of(HIT)]


def test_the_score_is_shown_as_a_sum() -> None:
    parts = (
        Part("syllable", "chợ", 0.2),
        Part("syllable", "nổi", 0.1),
        Part("word", "chợ nổi", 0.2),
    )
    explained = lines_of(replace(HIT, explanation=parts))[2]
    assert explained == "   0.500 = syllable (chợ 0.200 + nổi 0.100) + word (chợ nổi 0.200)"


def test_a_document_is_its_fields_and_its_text() -> None:
    stored = StoredDocument(
        id="a",
        text="dòng một\r\ndòng hai\x1b[2J",
        title="Chợ\nnổi",
        date="2015-09-05",
        source="http://vi.du/",
        meta={"tỉnh": "Cần Thơ", "năm": 2015, "mới": True},
        passages=(),
    )
    assert list(document(stored, SAY)) == [
        "id: a",
        "tiêu đề: Chợ nổi",
        "ngày: 05/09/2015",
        "nguồn: http://vi.du/",
        "tỉnh: Cần Thơ",
        "năm: 2015",
        "mới: true",
        "",
        "dòng một\ndòng hai\ufffd[2J",
    ]


def test_columns_line_up_by_cells() -> None:
    rows = [("市場", "a", "x"), ("chợ", "bb", "y")]
    assert list(columns(rows)) == ["市場  a   x", "chợ   bb  y"]


def test_the_count_says_which_part_is_shown() -> None:
    result = SearchResult("q", None, None, 1234, 4.1, (HIT, replace(HIT, rank=2, id="b")))
    assert list(summary(result, SAY, filtered=False)) == ["1.234 kết quả, đang xem 1–2 (4,1 ms)"]
    english = list(summary(result, Voice("en"), filtered=False))
    assert english == ["1,234 results, showing 1–2 (4.1 ms)"]
    one = SearchResult("q", None, None, 1, 4.0, (HIT,))
    assert list(summary(one, Voice("en"), filtered=False)) == ["1 result (4.0 ms)"]


@given(st.text())
def test_visible_keeps_places_and_nothing_that_acts(text: str) -> None:
    shown = visible(text)
    assert len(shown) == len(text)
    assert all(unicodedata.category(char) != "Cc" for char in shown if char not in "\n\t")
    assert not set(shown) & set("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")


@given(st.text(), st.text(min_size=1))
def test_a_hostile_hit_makes_lines_of_harmless_characters(text: str, name: str) -> None:
    half = len(text) // 2
    ranges = ((0, half),) if half else ()
    hostile = replace(
        HIT,
        id=name,
        title=text,
        title_highlights=ranges,
        snippet=Snippet(text, ranges),
        explanation=(Part("word", text, 0.1),),
    )
    for color in (False, True):
        for line in lines_of(hostile, style=Style(color=color, width=40)):
            assert visible(ESCAPE.sub("", line)) == ESCAPE.sub("", line)
            assert len(line.splitlines()) <= 1
            assert color or "\x1b" not in line


@given(st.text())
def test_flat_is_one_line(text: str) -> None:
    assert len(flat(text).splitlines()) <= 1
    assert "\t" not in flat(text)
