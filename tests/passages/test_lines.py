"""LINES: where they begin and end, and what they fold to."""

from __future__ import annotations

import re
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from searchdb.passages import lines
from searchdb.passages.lines import fold, read_lines

PIECES = st.sampled_from(
    [
        *(
            "Đảng ủy",
            "ĐẢNG",
            "a\u00a8b",
            "“Xã”",
            "–",
            "…",
            "©",
            "½",
            "ﬁ",
            "中文",
            "\u0345",
            "\u1680",
        ),
        *("vie\u0323\u0302t", "\u3000", "\u00a0", "  ", " ", "\t", "\x1c", "x" * 20, "đ" * 20, "İ"),
    ]
)


@given(st.lists(PIECES | st.characters(), max_size=12).map("".join))
def test_a_text_folds_as_its_characters_do(text: str) -> None:
    plain = unicodedata.normalize("NFKD", text).casefold()
    signs = {"đ": "d", "©": "(c)", "»": ">", "›": ">", "–": "-", "—": "-", "•": "*"}
    plain = "".join(signs.get(char, char) for char in plain)
    plain = re.sub(r"[^\W\x00-\x7f]", "?", plain)
    assert fold(text) == " ".join(plain.encode("ascii", "ignore").decode("ascii").split())


def test_what_is_remembered_is_bounded(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(lines, "_REMEMBERED", 10)
    folded = lines._Folded()
    assert [folded[f"số{number}"] for number in range(40)] == [f"so{n}" for n in range(40)]
    assert folded["đ" * 100] == "d" * 100
    assert len(folded) <= 10


@pytest.mark.parametrize("gap", ["\n", "\r\n", "\r", "\v", "\f", "\x85", "\u2028", "\u2029"])
def test_every_kind_of_break_ends_a_line(gap: str) -> None:
    text = f"một{gap}hai{gap}{gap} ba {gap}***{gap}bốn"
    found = read_lines(text)
    assert [text[line.start : line.end] for line in found] == ["một", "hai", "ba", "bốn"]
    assert [line.gap for line in found] == ["blank", "break", "blank", "rule"]


def test_the_key_of_a_long_line_is_its_beginning_and_says_so() -> None:
    whole = ("Đảng ủy phường chỉ đạo " * 20)[:299].strip() + "!"
    assert read_lines(whole)[0].key == fold(whole)
    long = whole + " Hết."
    key = read_lines(long)[0].key
    assert key.endswith(" …")
    assert fold(long).startswith(key[:-2])
    assert len(key) >= 20


@pytest.mark.parametrize(
    "gap", [" " * 70, " " + "\u200b" * 70, "\u3000" * 70], ids=["blanks", "invisible", "wide"]
)
def test_a_long_line_that_begins_with_hardly_anything_has_a_telling_key_too(gap: str) -> None:
    text = f"Tin{gap}liên quan đến Đảng ủy phường " + "và các chi bộ " * 30
    assert read_lines(text)[0].key.startswith("tin lien quan den dang uy")
