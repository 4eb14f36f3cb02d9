"""TEXT -> TOKENS on any text: exact offsets, one key for all spellings, linear time."""

from __future__ import annotations

import time
import unicodedata
from functools import cache
from itertools import pairwise

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from searchdb.analysis import Analyzer, codes, fold
from searchdb.analysis.normalize import normalize, place_tone
from searchdb.analysis.segmenters.pyvi import PyviSegmenter
from searchdb.analysis.segmenters.syllable import SyllableSegmenter

ANALYZER = Analyzer(SyllableSegmenter())


def nfc(text: str) -> str:
    return unicodedata.normalize("NFC", text)


def nfd(text: str) -> str:
    return unicodedata.normalize("NFD", text)


# Spellings of the same syllable: how it may be written, and the accented key it has.

SYLLABLES = st.sampled_from(
    [
        *(("hòa", "hoà"), ("hoà", "hoà"), ("vịêt", "việt"), ("thúy", "thuý"), ("ủy", "uỷ")),
        *(("kỹ", "kĩ"), ("lí", "lí"), ("quý", "quí"), ("tay", "tay"), ("đường", "đường")),
        *(("người", "người"), ("y", "y"), ("ở", "ở"), ("nghiêng", "nghiêng"), ("giếng", "giếng")),
        *(("2015", "2015"), ("5.700", "5700"), ("03", "3"), ("007", "007"), ("chi", "chi")),
    ]
)
WRITTEN = st.sampled_from(
    [
        lambda text: text,
        nfd,
        str.upper,
        str.title,
        "\u200b".join,
        lambda text: text[:1] + "\u00ad" + nfd(text[1:]) if len(text) > 1 else text,
        lambda text: text.replace("đ", "ð").upper().replace("ð", "\u00d0"),
        lambda text: "".join(chr(ord(c) + 0xFEE0) if "!" <= c <= "~" else c for c in text),
    ]
)
GAPS = st.sampled_from(
    [
        " ",
        "  ",
        "\n",
        "\r\n\t",
        "\u00a0",
        "\u3000",
        "\u2028",
        ", ",
        " - ",
        " … ",
        "\0 ",
        " (",
        "😀 ",
    ]
)


@given(st.lists(st.tuples(SYLLABLES, WRITTEN, GAPS), max_size=12))
def test_every_spelling_has_its_place_and_its_key(
    pieces: list[tuple[tuple[str, str], object, str]],
) -> None:
    text = ""
    expected: list[tuple[int, int, str]] = []
    for (plain, key), write, gap in pieces:
        written = write(plain)  # type: ignore[operator]
        expected.append((len(text), len(text) + len(written), key))
        text += written + gap
    found = ANALYZER.tokens(text)
    assert [(token.start, token.end, token.key) for token in found] == expected
    assert [token.text for token in found] == [text[start:end] for start, end, _ in expected]


@given(st.text(max_size=60), st.integers(0, 5))
def test_tokens_are_in_order_and_hold_every_letter_and_digit(text: str, offset: int) -> None:
    found = ANALYZER.tokens(text, offset=offset)
    assert all(one.end <= two.start for one, two in pairwise(found))
    assert [token.position for token in found] == list(range(len(found)))
    held = {place - offset for token in found for place in range(token.start, token.end)}
    assert all(place in held for place, char in enumerate(text) if char.isalnum())
    for token in found:
        assert token.text == text[token.start - offset : token.end - offset]
        assert token.key
        assert not any(char.isspace() for char in token.key + token.folded)
        assert not token.key.startswith(fold.BARE)


@given(st.text(max_size=40))
def test_composed_and_decomposed_text_have_the_same_keys(text: str) -> None:
    one, two = ANALYZER.tokens(nfc(text)), ANALYZER.tokens(nfd(text))
    assert [token.key for token in one] == [token.key for token in two]
    assert [token.kind for token in one] == [token.kind for token in two]
    assert [nfc(token.text) for token in one] == [nfc(token.text) for token in two]


@given(st.lists(st.text(max_size=12), max_size=6))
def test_stretches_know_nothing_of_each_other(chunks: list[str]) -> None:
    alone = [token.key for chunk in chunks for token in ANALYZER.tokens(chunk)]
    assert [token.key for token in ANALYZER.tokens(" ".join(chunks))] == alone


@settings(max_examples=60)
@given(st.text(max_size=60))
def test_syllables_never_depend_on_the_segmenter(text: str) -> None:
    one, two = ANALYZER.words([text])[0], Analyzer(PyviSegmenter()).words([text])[0]
    assert one.keys == two.keys == ANALYZER.syllables(text).keys
    assert (one.starts, one.ends) == (two.starts, two.ends)
    assert two.word_starts[:1] in ([], [True])


@given(st.text(max_size=30))
def test_normal_form_leads_back(text: str) -> None:
    assume(not any(char.isspace() for char in text))
    normal = normalize(text)
    assert nfc(normal.text) == normal.text
    places = range(len(normal.text))
    assert all(0 <= normal.start(i) < normal.end(i + 1) <= len(text) for i in places)
    assert all(normal.start(i) <= normal.start(i + 1) for i in places[:-1])


@given(st.text(max_size=20))
def test_folding_twice_is_folding_once(text: str) -> None:
    for token in ANALYZER.tokens(text):
        assert fold.fold(token.folded) == token.folded
        assert fold.fold(fold.bare(token.folded)) == token.folded
        if token.kind == "syllable":
            assert fold.fold(token.key) == token.folded
            assert fold.accented(token.key) == token.key


@given(
    st.sampled_from(["đường", "ĐƯỜNG", "Quý", "VIỆT", "kỹ", "Ủy", "ngoằn"]),
    st.sampled_from([nfc, nfd]),
)
def test_the_fold_knows_neither_case_nor_composition(word: str, form: object) -> None:
    (token,) = ANALYZER.tokens(form(word))  # type: ignore[operator]
    (lower,) = ANALYZER.tokens(word.lower())
    assert (token.key, token.folded) == (lower.key, lower.folded)
    assert token.folded.isascii()


# Tone marks


@pytest.mark.parametrize(
    ("written", "placed"),
    [
        *(("hòa", "hoà"), ("thúy", "thuý"), ("ủy", "uỷ"), ("khỏe", "khoẻ"), ("Hóa", "Hoá")),
        *(("vịêt", "việt"), ("thuýên", "thuyến"), ("qúy", "quý"), ("gìa", "già"), ("cuả", "của")),
        *(
            ("ngừơi", "người"),
            ("tòan", "toàn"),
            ("luá", "lúa"),
            ("mùôn", "muồn"),
            ("KHÚYU", "KHUÝU"),
        ),
    ],
)
def test_tone_marks_move_where_they_belong(written: str, placed: str) -> None:
    assert place_tone(written) == placed


@pytest.mark.parametrize(
    "word",
    [
        *(
            "quý",
            "già",
            "giếng",
            "khuỷu",
            "ngoằn",
            "thuở",
            "hoàn",
            "của",
            "gì",
            "gìn",
            "mía",
            "quà",
        ),
        *("hoà", "việt", "Đảng", "người", "tuổi", "xoáy", "ngoẹo", "huỳnh", "quỳnh", "giặt", "úa"),
        *("café", "Ísland", "résumé", "hoa", "òa-òa", "x", "", "đ", "ấấ", "NGHIÊNG", "hòabình"),
    ],
)
def test_what_is_right_or_no_syllable_stays(word: str) -> None:
    assert place_tone(word) == word


@given(
    st.sampled_from(["", "h", "ng", "ngh", "th", "đ", "qu", "gi", "kh"]),
    st.sampled_from(
        ["a", "oa", "oe", "uy", "iê", "ươ", "ươi", "uô", "oai", "ia", "yê", "â", "uyê"]
    ),
    st.sampled_from(["", "n", "ng", "ch", "t"]),
    st.sampled_from("\u0300\u0301\u0303\u0309\u0323"),
)
def test_wherever_the_mark_was_put_the_syllable_is_one(
    onset: str, vowels: str, coda: str, tone: str
) -> None:
    places = range(len(onset), len(onset) + len(vowels))
    bare = onset + vowels + coda
    written = {nfc(bare[: place + 1] + tone + bare[place + 1 :]) for place in places}
    written = {word for word in written if len(word) == len(bare)}
    assert len({place_tone(word) for word in written}) == 1


@given(st.text(alphabet="aăâeêioôơuưyáàảãạếứqgthnkbđHÒA\u0301zé1", max_size=9))
def test_placing_keeps_the_length_and_happens_once(word: str) -> None:
    placed = place_tone(word)
    assert len(placed) == len(word)
    assert place_tone(placed) == placed
    assert fold.fold(placed) == fold.fold(word)


# Codes and numbers


@pytest.mark.parametrize(
    ("written", "pieces"),
    [
        ("03-CT/TW", "3+CT+TW"),
        ("27/NQ-CP", "27+NQ+CP"),
        ("101B-KH/ĐU", "101+B+KH+ĐU"),
        ("KT-XH", "KT+XH"),
        ("TW4", "TW+4"),
        ("2015-", "2015"),
        ("12/03/2018", "12+3+2018"),
        ("5.700", "5700"),
        ("1.234.567", "1234567"),
        ("0271.3879.736", "0271+3879+736"),
        ("12.34", "12+34"),
        ("T.Ư", "T+Ư"),
        ("07:39", "7+39"),
        ("a:b", "a b"),
        ("1,5", "1+5"),
        ("a,b", "a b"),
        ("a@b.vn", "a+b+vn"),
        ("007", "007"),
        ("00", "0"),
        ("S-400", "S+400"),
        ("(khóa", "khóa"),
        ("...", ""),
        ("xã–phường", "xã+phường"),
        ("đi...rồi", "đi rồi"),
        ("中文", "中+文"),
    ],
)
def test_pieces_of_a_stretch(written: str, pieces: str) -> None:
    found = codes.split(written)
    assert "".join(("+" if p.joined else " ") + p.text for p in found).strip() == pieces


def test_a_range_of_years_written_apart_is_two_numbers() -> None:
    assert [token.key for token in ANALYZER.tokens("2015- 2020")] == ["2015", "2020"]
    assert [token.kind for token in ANALYZER.tokens("2015- 2020")] == ["number", "number"]


@given(st.text(alphabet="aư9.0,-/:@_'中e\u0301 ²٣ក្", max_size=40) | st.text(max_size=30))
def test_every_letter_and_digit_is_in_exactly_one_piece(text: str) -> None:
    found = codes.split(text)
    assert all(one.end <= two.start for one, two in pairwise(found))
    held = {place for piece in found for place in range(piece.start, piece.end)}
    assert all(place in held for place, char in enumerate(text) if char.isalnum())
    assert all(piece.start < piece.end and piece.text for piece in found)
    assert not any(char.isspace() or char == "_" for piece in found for char in piece.text)


# Hostile text

HOSTILE = {
    "host names": "a." * 50_000,
    "dashes": "-" * 12_000,
    "a megabyte without a space": "ơ" * 1_000_000,
    "letters and digits in turn": "a1" * 30_000,
    "piled-up marks": "a" + "\u0301\u0323" * 20_000,
    "marks alone": "\u0323\u0301" * 10_000,
    "Hangul letters": "\u1100\u1161" * 50_000,
    "dots between thousands": "123." * 50_000,
    "zero width": "a\u200b" * 100_000,
    "controls": "".join(map(chr, range(32))) * 5_000,
    "half characters": "\ud800a\udfff" * 50_000,
    "underscores": "_" * 200_000,
    "ats": "a@" * 50_000,
    "slashes": "x://" * 25_000,
    "emoji": "👨\u200d👩\u200d👧" * 20_000,
    "capitals": "ĐẢNG " * 30_000,
}


@cache
def with_pyvi() -> Analyzer:
    analyzer = Analyzer(PyviSegmenter())
    analyzer.words(["xin chào"])[0]
    return analyzer


@pytest.mark.parametrize("name", HOSTILE)
def test_time_is_linear_in_hostile_text(name: str) -> None:
    text = HOSTILE[name]
    analyzer = with_pyvi()
    began = time.process_time()
    analyzer.words([text[: len(text) // 4]])
    quarter = time.process_time()
    found = analyzer.words([text])[0]
    took = time.process_time() - quarter
    # Four times as much text, with room for a busy machine; what is quadratic takes 16 times.
    assert took < 8 * (quarter - began) + 2
    assert all(start < end for start, end in zip(found.starts, found.ends, strict=True))
