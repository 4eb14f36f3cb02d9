"""The front end: cutting, composing and packing, against what they stand for."""

from __future__ import annotations

import re
import time
import unicodedata

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from searchdb.analysis.segmenters import packing, tokens

PATTERN = re.compile(
    r"([A-ZĐ]+\.|Tp\.|Mr\.|Mrs\.|Ms\.|Dr\.|ThS\.|==>|->|\.\.\.|>>|\n|\w+://[^\s]+"
    r"|([a-zA-Z0-9_.+-]+@([a-zA-Z0-9-]+\.)+[a-zA-Z0-9-]+)"
    r"|\d+([\.,_]\d+)+|[^\w\s]|\w+)"
)
"""Pyvi's alternation, as it has it."""
MARKS = "\u0301\u0323\u0302\u0315\u05ae\u0f71\u0f73\u0344\u031b\u3099\u09be\u09bc\u0cd5\u1161\u11a8"
BASES = "aeoAđ\u01a1\u1ea1\u1100\uac00\u0958\u09c7\u0cc6\u0fb2\u2126\u00e9.-@1_"


def test_stretches_of_every_kind_are_cut_as_pyvi_cuts_them() -> None:
    for stretch in ("a@b.c@d.e.f", "a..b@c.d", "Tp.a@b.c", "A.b@c.d", "x://a@b.c", "a->b@c.d", "@"):
        assert tokens.cut(stretch) == [match[0] for match in PATTERN.findall(stretch)]


@settings(max_examples=500, deadline=None)
@given(st.text("aAĐđTp.1,_-+@:/=>é ²\u0301", max_size=30))
def test_any_stretch_is_cut_as_pyvi_cuts_it(text: str) -> None:
    for stretch in text.split():
        assert tokens.cut(stretch) == [match[0] for match in PATTERN.findall(stretch)]


def test_cutting_takes_linear_time() -> None:
    for unit in ("a.", "-", "a@", "@a.", "a@a.", "A.", "1_1.", "1_1a", "x:", "đ", "+"):
        stretch = unit * (100_000 // len(unit))
        start = time.process_time()
        assert "".join(tokens.cut(stretch)) == stretch
        assert time.process_time() - start < 1, f"{unit!r} takes more than linear time"


@settings(max_examples=300, deadline=None)
@given(st.text(MARKS + BASES, min_size=1, max_size=40))
def test_composition_and_origins_agree_with_unicode(stretch: str) -> None:
    composed = unicodedata.normalize("NFC", stretch)
    assert tokens.nfc(stretch) == composed
    assert tokens.nfc(stretch * 8) == unicodedata.normalize("NFC", stretch * 8)
    came = tokens.origins(stretch)
    assert len(came) == len(composed)
    pieces = [stretch[start:end] for start, end in dict.fromkeys(came)]
    assert "".join(pieces) == stretch
    assert "".join(unicodedata.normalize("NFC", piece) for piece in pieces) == composed
    names = tokens.cut(composed)
    begins, ends = tokens.spans(stretch, names)
    places = [place for span in zip(begins, ends, strict=True) for place in span]
    assert places == sorted(places)


def test_a_crowd_of_marks_is_composed_in_linear_time() -> None:
    for unit in ("\u0301\u0323", "\u0f73", "\u0323\u0301\u0315"):
        text = "a" + unit * 30_000
        start = time.process_time()
        once = tokens.nfc(text)
        assert time.process_time() - start < 1, f"{unit!a} takes more than linear time"
        assert tokens.nfc(once) == once


@settings(max_examples=200, deadline=None)
@given(st.lists(st.text(st.characters(exclude_categories=["Z", "Cc", "Cs"])), max_size=9))
def test_a_number_spells_one_stretch(stretches: list[str]) -> None:
    stretches = [stretch for stretch in stretches if stretch]
    line = " ".join(["", *stretches, ""])
    letters = np.array([ord(char) for char in line], dtype=np.uint32)
    lengths = np.array([len(stretch) for stretch in stretches], dtype=np.int64)
    ends = (lengths + 1).cumsum()
    numbers = packing.pack(packing.alphabet(letters), ends - lengths, ends)
    table = packing.empty()
    table.add(numbers, np.arange(len(stretches)))
    values, lost = table.find(numbers)
    for place, stretch in enumerate(stretches):
        if place not in lost:
            assert stretches[values[place]] == stretch
            assert len(stretch) <= packing.LONGEST


def test_vietnamese_of_eight_letters_is_packed_and_nothing_longer_or_stranger() -> None:
    stretches = [
        "nghiêng,",
        "“Đường”",
        "nghiêngx,",
        "gió\u0301",
        "日本",
        "(NGHĨA)",
        "12/3/07",
        "\ud800",
    ]
    line = " ".join(["", *stretches, ""])
    letters = np.frombuffer(line.encode("utf-32-le", "surrogatepass"), dtype="<u4")
    ends = np.cumsum([len(stretch) + 1 for stretch in stretches])
    starts = ends - [len(stretch) for stretch in stretches]
    numbers = packing.pack(packing.alphabet(letters), starts, ends)
    table = packing.empty()
    table.add(numbers, np.arange(len(stretches)))
    values, lost = table.find(numbers)
    assert lost.tolist() == [2, 3, 4, 7]
    assert np.delete(values, lost).tolist() == [0, 1, 5, 6]


def test_a_full_table_forgets_and_never_mistakes() -> None:
    rng = np.random.default_rng(5)
    table = packing.empty()
    numbers = rng.integers(1, 2**56, 300_000, dtype=np.uint64)
    numbers &= np.uint64(0x7F7F7F7F7F7F7F7F)
    table.add(numbers, np.arange(numbers.size))
    values, lost = table.find(numbers)
    here = np.ones(numbers.size, dtype=np.bool_)
    here[lost] = False
    assert 30_000 < here.sum() <= 65_536
    assert (numbers[values[here]] == numbers[here]).all()
    other = table.copy()
    table.add(numbers[lost], lost)
    assert (other.find(numbers)[1] == lost).all()


@pytest.mark.parametrize("number", [0x09, 0x0A, 0x1C, 0x20, 0x85, 0xA0, 0x2003, 0x3000])
def test_white_space_is_blank(number: int) -> None:
    assert packing.alphabet(np.array([number], dtype=np.uint32))[0] == packing.BLANK


def test_nothing_else_is_blank() -> None:
    letters = [number for number in range(0x11000) if not chr(number).isspace()]
    blank = packing.alphabet(np.array(letters, dtype=np.uint32)) == packing.BLANK
    assert blank.nonzero()[0].tolist() == [*range(len(letters), len(letters) + packing.LONGEST)]
