"""A VOCABULARY: each distinct syllable once, and places that never change."""

from __future__ import annotations

from searchdb.analysis.vocabulary import Vocabulary


def test_a_syllable_has_one_place_however_often_it_comes() -> None:
    words = Vocabulary()
    first = words.place("hoà", "hoa", "hòa")
    assert words.place("bình", "binh", "bình") == first + 1
    assert words.place("hoà", "hoa", "hòa") == first
    assert (words.keys, words.folded) == (["hoà", "bình"], ["hoa", "binh"])


def test_each_way_of_writing_a_key_is_an_entry_of_its_own() -> None:
    words = Vocabulary()
    places = [words.place("hoà", "hoa", surface) for surface in ("hoà", "hòa", "hoà")]
    assert places == [0, 1, 0]
    assert words.surfaces == ["hoà", "hòa"]
    assert len(words) == 2
