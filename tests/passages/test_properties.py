"""What holds for every text, and what it may cost."""

from __future__ import annotations

import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from searchdb.model import Document
from searchdb.passages import split

LINES = st.sampled_from(
    [
        "",
        " ",
        ".",
        "Lượt xem: 413",
        "anh tin bai",
        "Ngày đăng 08/03/2018 | 07:39",
        "ĐỔI MỚI CÔNG TÁC",
        "Điều 5. Phạm vi",
        "Cơ quan chủ quản: Ủy ban nhân dân xã",
        "Bản quyền thuộc về xã",
        "Các em học sinh chăm chú đọc sách ở thư viện trường",
        "Các em học sinh chăm chú đọc sách ở thư viện trường, hôm nay.",
        "Bà con sửa đường. " * 40,
        "đ" * 1_700,
        "e\u0302\u0301" * 700,
    ]
)
ARTICLES = st.lists(LINES | st.text(max_size=40), max_size=30).flatmap(
    lambda lines: st.sampled_from(["\n", "\n\n", "\r\n"]).map(lambda gap: gap.join(lines))
)
TEXTS = st.text() | st.text(st.characters(categories=["Cs", "Mn", "Nd", "Zs", "Cc"])) | ARTICLES
TITLES = st.none() | st.just("") | st.text(max_size=30)


@settings(max_examples=300)
@given(TEXTS, TITLES, st.booleans())
def test_the_laws_of_passages(text: str, title: str | None, keep: bool) -> None:  # noqa: FBT001
    stored = split(Document(id="a", text=text, title=title), keep_furniture=keep)
    assert len(stored.text) == len(text)
    assert all(
        kept == given_ or (kept == "\ufffd" and "\ud800" <= given_ <= "\udfff")
        for kept, given_ in zip(stored.text, text, strict=True)
    )
    (stored.text + stored.title).encode("utf-8")
    done = 0
    covered: set[int] = set()
    for part in stored.passages:
        piece = stored.text[part.start : part.end]
        assert done <= part.start < part.end
        assert len(piece) <= 1_500
        assert piece == piece.strip()
        assert any(char.isalnum() for char in piece)
        assert not (keep and part.furniture)
        covered.update(range(part.start, part.end))
        done = part.end
    assert {at for at, char in enumerate(stored.text) if char.isalnum()} <= covered
    assert split(Document(id="a", text=text, title=title), keep_furniture=keep) == stored


def test_half_characters_are_replaced_one_for_one_everywhere() -> None:
    stored = split(
        Document(
            id="a",
            text="Xã \ud83d\ude00 họp",
            title="T\udc80",
            source="tệp\udce1.txt",
            meta={"x\ud800": "y\udfff", "n": 5},
        )
    )
    assert stored.text == "Xã \ufffd\ufffd họp"
    assert (stored.title, stored.source) == ("T\ufffd", "tệp\ufffd.txt")
    assert stored.meta == {"x\ufffd": "y\ufffd", "n": 5}


@pytest.mark.parametrize("text", ["", "\n", " \u00a0\n\t\n", ".\n|\n…"])
def test_a_text_without_letters_has_no_passages(text: str) -> None:
    assert split(Document(id="a", text=text)).passages == ()


BIG = 5_000_000


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("a" * BIG, id="no-space"),
        pytest.param("\n" * BIG, id="line-breaks"),
        pytest.param("a" + " " * BIG + "b", id="spaces"),
        pytest.param("a" + "\n" * BIG + "b", id="gap"),
        pytest.param("a" + "." * BIG + "b", id="full-stops"),
        pytest.param("a" + "\u0301" * 1_000_000, id="marks"),
        pytest.param("Bà con sửa đường. " * (BIG // 18), id="sentences"),
        pytest.param("".join(f"Dòng số {n}\n" for n in range(100_000)), id="short-lines"),
        pytest.param("Cùng một dòng chữ được viết lại mãi\n" * 100_000, id="same-lines"),
        pytest.param(("Trang chủ > " * 20 + "\n") * 5_000, id="trails"),
        pytest.param("Lượt xem: 1 | " * 100_000, id="counters"),
        pytest.param("Ngày đăng " * 20 * 5_000, id="labels"),
    ],
)
def test_hostile_texts_take_linear_time(text: str) -> None:
    begun = time.process_time()
    split(Document(id="a", text=text))
    assert time.process_time() - begun < 8
