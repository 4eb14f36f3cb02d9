"""Only what was asked for is made, and it is what reading the whole text makes."""

from __future__ import annotations

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from searchdb.analysis import Analyzer, occurrences
from searchdb.analysis.segmenters.syllable import SyllableSegmenter

ANALYZER = Analyzer(SyllableSegmenter())

WORDS = st.sampled_from(
    [
        *("chi", "bộ", "CHI", "Bộ", "chi\u200b", "bo\u0323\u0302", "hòa", "hoà", "kỹ"),
        *("(chi", "bộ),", "chi/bộ", "03-CT/TW", "chi,bộ", "5.700", ".5", "2015;", "ct"),
        *("–", "...", "\u200b", "\0", "😀", "\ud800", "~chi", "x" * 1023 + "ớ", "chi-" * 300),
    ]
)
GAPS = st.sampled_from(
    [*[" "] * 4, "  ", "\n", "\n\n", "\r\n", "\t", "\u00a0", "\u2028", "\x1f", ""]
)
TEXTS = st.one_of(
    st.lists(st.tuples(WORDS, GAPS), max_size=15).map(
        lambda pairs: "".join(word + gap for word, gap in pairs)
    ),
    st.text(max_size=40),
)
KEYS = st.frozensets(
    st.sampled_from(["chi", "bộ", "hoà", "kĩ", "3", "ct", "tw", "5700", "5", "2015", "x", "", " "])
)


@given(TEXTS, KEYS, st.data())
def test_occurrences_are_the_tokens_of_these_keys(
    text: str, keys: frozenset[str], data: st.DataObject
) -> None:
    tokens = ANALYZER.tokens(text, offset=7)
    if tokens:
        keys |= data.draw(st.frozensets(st.sampled_from([token.key for token in tokens])))
    expected = [token for token in tokens if token.key in keys]
    assert ANALYZER.occurrences(text, keys, offset=7) == expected
    new = Analyzer(SyllableSegmenter())
    assert new.occurrences(text, keys, offset=7) == expected, "what is remembered changes nothing"


def test_what_is_remembered_is_bounded_and_long_pieces_are_not(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(occurrences, "_REMEMBERED", 10)
    known = occurrences.Occurrences(ANALYZER._tokens)
    text = " ".join(f"chi b{number} {'bộ/' * 40}" for number in range(50))
    expected = [token for token in ANALYZER.tokens(text) if token.key in {"chi", "bộ"}]
    assert known.find(text, {"chi", "bộ"}) == expected
    assert 0 < len(known) <= 10
    assert max(map(len, known)) <= 64


@pytest.mark.parametrize("text", ["chi " * 50_000, "-\t" * 50_000, " " * 100_000, "chi/" * 25_000])
def test_a_degenerate_text_is_quick(text: str) -> None:
    ANALYZER.occurrences(text, {"chi"})
    begin = time.process_time()
    ANALYZER.occurrences(text, {"chi"})
    assert time.process_time() - begin < 3
