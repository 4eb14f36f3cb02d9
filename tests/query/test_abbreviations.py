from __future__ import annotations

import time
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from searchdb.analysis import Analyzer
from searchdb.analysis.forms import ALL, NONE
from searchdb.analysis.segmenters.syllable import SyllableSegmenter
from searchdb.errors import SearchDBError
from searchdb.query import abbreviations, spellings
from searchdb.query.abbreviations import Abbreviations, load

ANALYZER = Analyzer(SyllableSegmenter())


def found(query: str, table: Abbreviations | None = None) -> dict[str, list[str]]:
    """The other ways to write, by what is typed (as keys)."""
    syllables = ANALYZER.syllables(query)
    return {
        " ".join(syllables.keys[each.start : each.end]): list(map(" ".join, each.alternatives))
        for each in (table or load()).readings(query, syllables)
    }


def ways(query: str, table: Abbreviations | None = None) -> list[str]:
    """The other ways to write the query, which is one abbreviation or one reading."""
    expansions = found(query, table)
    assert list(expansions) in ([], [" ".join(ANALYZER.syllables(query).keys)])
    return [way for offered in expansions.values() for way in offered]


@pytest.fixture
def own(tmp_path: Path) -> Path:
    return tmp_path / "own.toml"


@pytest.mark.parametrize(
    ("short", "full"),
    [
        ("UBND", "uỷ ban nhân dân"),
        ("HĐND", "hội đồng nhân dân"),
        ("MTTQ", "mặt trận tổ quốc"),
        ("KT-XH", "kinh tế xã hội"),
        ("TW", "trung ương"),
        ("T.Ư", "trung ương"),
        ("TP", "thành phố"),
        ("TP.HCM", "thành phố hồ chí minh"),
        ("BHYT", "bảo hiểm y tế"),
        ("GD&ĐT", "giáo dục và đào tạo"),
        ("GD-ĐT", "giáo dục và đào tạo"),
        ("Bộ GD&ĐT", "bộ giáo dục và đào tạo"),
        ("THPT", "trung học phổ thông"),
        ("ThS", "thạc sĩ"),
        ("Đ/c", "đồng chí"),
        ("Q.1", "quận 1"),
    ],
)
def test_both_ways(short: str, full: str) -> None:
    keys = " ".join(ANALYZER.syllables(short).keys)
    assert full in ways(short)
    assert full in ways(short.lower())
    assert keys in ways(full)
    assert keys in ways(full.upper())


def test_an_abbreviation_is_read_in_every_way_but_only_its_usual_one_is_abbreviated() -> None:
    assert {"thông tư", "thị trấn", "trung tâm"} <= set(ways("TT"))
    assert "tt" in ways("thông tư")
    assert ways("trung tâm") == []


def test_what_is_typed_without_marks_is_free_and_wrong_marks_are_not() -> None:
    assert ways("uy ban nhan dan")[:2] == ["uỷ ban nhân dân", "ubnd"]
    assert "ubnd" in ways("Ủy ban nhan dân")
    assert "hội đồng nhân dân" in ways("hdnd")
    assert found("ùy bán nhân dân") == {}


def test_spellings_of_the_same_text_meet() -> None:
    assert ways("ủy ban nhân dân") == ways("uỷ ban nhân dân") == ways("u\u0309y ban nhân dân")
    assert ways("T\u01af") == ways("TU\u031b")


def test_a_name_is_found_half_abbreviated() -> None:
    assert {"tp hcm", "tphcm", "tp hồ chí minh"} <= set(ways("thành phố Hồ Chí Minh"))
    assert "thành phố hồ chí minh" in ways("TP Hồ Chí Minh")
    assert "bch trung ương" in ways("ban chấp hành trung ương")


def test_and_may_be_left_out() -> None:
    assert {"gd đt", "giáo dục và đào tạo"} <= set(ways("giáo dục đào tạo"))


def test_the_longest_wins_from_left_to_right() -> None:
    query = "Chủ tịch UBND thành phố Hà Nội và HĐND, kinh tế - xã hội"
    expected = ["ubnd", "thành phố hà nội", "hđnd", "kinh tế xã hội"]
    assert list(found(query)) == expected


class TestWords:
    """Letters of abbreviations that are words, too."""

    def test_only_capitals_are_the_abbreviation(self) -> None:
        assert "trung ương" in ways("TƯ")
        assert "đảng uỷ" in ways("ĐU")
        assert found("tư") == found("Tư") == found("đu") == {}

    @pytest.mark.parametrize("query", ["tư tưởng", "Tư tưởng", "đầu tư", "TƯ TƯỞNG", "VỐN ĐẦU TƯ"])
    def test_a_word_is_never_expanded(self, query: str) -> None:
        assert found(query) == {}

    def test_among_capitals_only_other_abbreviations_leave_it_one(self) -> None:
        assert "trung ương" in found("BCH TƯ")["tư"]
        assert "tư" not in found("NGHỊ QUYẾT TƯ 4")

    def test_nothing_is_looked_for_as_a_word(self) -> None:
        assert {"tw", "t ư"} <= set(ways("trung ương"))
        assert "tư" not in ways("trung ương") + ways("TW") + ways("T.Ư")
        assert ways("đảng ủy") == []


class TestCodes:
    """Abbreviations inside the numbers of documents."""

    @pytest.mark.parametrize("query", ["03-CT/TW", "CT/TW", "03-ct/tw"])
    def test_pieces_change_their_spelling_only(self, query: str) -> None:
        assert found(query) == {"tw": ["tư", "t ư", "t w"]}

    def test_either_spelling_leads_to_the_other(self) -> None:
        assert "tw" in found("03-CT/TƯ")["tư"]
        assert "tw" in found("03-ct/tư")["tư"]
        assert "tư" in found("03-CT/T.Ư")["t ư"]

    @pytest.mark.parametrize("query", ["27/NQ-CP", "101B-KH/ĐU", "12/QĐ-UBND", "nhà nước/tư nhân"])
    def test_nothing_is_spelled_out(self, query: str) -> None:
        assert found(query) == {}

    def test_words_tied_by_a_sign_are_no_code(self) -> None:
        assert "thành phố hà nội" in found("TP.Hà Nội")["tp hà nội"]
        assert "hội đồng nhân dân" in found("HĐND-UBND")["hđnd"]
        assert "trung ương" in found("TW4")["tw"]


class TestOwnFile:
    def test_it_extends(self, own: Path) -> None:
        own.write_text('[abbreviations]\n"PL" = ["phúc lợi"]\n"XYZ" = ["xa yêu", "xin"]', "utf-8")
        table = load(own)
        assert ways("xyz", table) == ["xa yêu", "xin"]
        assert ways("xa yêu", table) == ["xyz"]
        assert ways("PL", table) == ["phúc lợi"]
        assert "ubnd" in ways("ủy ban nhân dân", table)
        assert "phúc lợi" not in ways("PL")

    def test_it_switches_off_whatever_the_signs_and_case(self, own: Path) -> None:
        own.write_text('[abbreviations]\n"ubnd" = []\n"KT.XH" = []\n"TW" = []', "utf-8")
        table = load(own)
        assert "UBND" not in found("UBND", table)
        assert found("ủy ban nhân dân", table) == {"uỷ ban": ["ub"]}
        assert ways("KTXH", table) == ["kinh tế xã hội", "kinh tế xh", "kt xã hội"]
        assert found("03-CT/TW", table) == {}
        assert ways("TƯ", table) == ["trung ương", "t ư", "t w"]

    def test_it_may_have_a_byte_order_mark(self, own: Path) -> None:
        own.write_text('\ufeff[abbreviations]\n"XYZ" = ["xa yêu"]', "utf-8")
        assert ways("xa yêu", load(own)) == ["xyz"]

    @pytest.mark.parametrize(
        ("content", "message"),
        [
            ("", "below one line [abbreviations]"),
            ('"TP" = []', "below one line [abbreviations]"),
            ("[abbreviations]\n[other]", "below one line [abbreviations]"),
            ("abbreviations = 1", "below one line [abbreviations]"),
            ("[abbreviations", "not valid TOML"),
            ("[abbreviations]\nX = " + "[" * 3000, "nested too deeply"),
            ('[abbreviations]\n"TP" = "thành phố"', "'TP': write its readings as"),
            ('[abbreviations]\n"TP" = ["thành phố", 1]', "'TP': write its readings as"),
            ('[abbreviations]\n"TP" = [""]', "'TP': write readings of 1 to 16 syllables"),
            (f'[abbreviations]\n"TP" = ["{"a " * 17}"]', "'TP': write readings of 1 to 16"),
            (f'[abbreviations]\n"TP" = {["a b"] * 9}', "'TP' has 9 readings: keep 8"),
            ('[abbreviations]\n"..." = ["ba chấm"]', "'...' is no abbreviation"),
            ('[abbreviations]\n"A.B" = ["a b"]\n"A-b" = []', "'A-b' is the same as 'A.B'"),
            ('[abbreviations]\n"ha" = ["héc ta"]', "'ha' reads as a word: write it in capitals"),
            ("#" * 70_000, "longer than 65536 bytes"),
        ],
    )
    def test_an_error_names_file_entry_and_fix(self, own: Path, content: str, message: str) -> None:
        own.write_text(content, "utf-8")
        with pytest.raises(SearchDBError) as caught:
            load(own)
        assert str(caught.value).startswith(f"{own}: ")
        assert message in str(caught.value)

    def test_a_file_in_another_encoding_is_named(self, own: Path) -> None:
        own.write_bytes('[abbreviations]\n"TP" = ["thành phố"]'.encode("utf-16"))
        with pytest.raises(SearchDBError, match="not UTF-8: save the file as UTF-8"):
            load(own)

    def test_a_missing_file_is_named(self, own: Path, tmp_path: Path) -> None:
        for path in (own, tmp_path, tmp_path / "a\0b"):
            with pytest.raises(SearchDBError, match="abbreviations"):
                load(path)


def test_the_forms_that_are_kept_are_those_of_the_table() -> None:
    kept = Path(abbreviations.__file__).with_suffix(".tsv").read_text("utf-8")
    assert kept == f"{spellings.shipped()}\n", "run `make abbreviations`"


def test_the_shipped_table_is_made_once_for_each_analysis() -> None:
    assert load() is load()
    plain = Analyzer(SyllableSegmenter(), NONE)
    query = "ủy ban nhân dân"
    assert load(forms=ALL).readings(query, plain.syllables(query)) == ()
    assert len(load(forms=NONE).readings(query, plain.syllables(query))) == 1


@pytest.mark.parametrize(
    "piece",
    [
        "TƯ ",
        "TW",
        "TT ",
        "ủy ban ",
        "thành phố hồ chí ",
        "a/",
        "T.Ư-",
        "1-TƯ/",
        "\u0301",
        "BCH TW ",
    ],
)
def test_long_queries_take_linear_time(piece: str) -> None:
    table = load()
    query = (piece * 10_000)[:10_000]
    syllables = ANALYZER.syllables(query)
    start = time.process_time()
    table.readings(query, syllables)
    assert time.process_time() - start < 1


PIECES = ("TƯ", "tw", "Tư", "ủy", "ban", "uy", "CT", "HCM", "TP", "03", "/", "-", ".", " ", " ")


@given(st.lists(st.sampled_from(PIECES), max_size=30).map("".join) | st.text())
def test_expansions_are_in_order_and_offer_something_new(query: str) -> None:
    syllables = ANALYZER.syllables(query)
    done = 0
    for each in load().readings(query, syllables):
        assert done <= each.start < each.end <= len(syllables.keys)
        assert each.alternatives or each.led
        assert len(set(each.alternatives)) == len(each.alternatives)
        assert tuple(syllables.keys[each.start : each.end]) not in each.alternatives
        done = each.end
