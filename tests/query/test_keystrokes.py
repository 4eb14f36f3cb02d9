from __future__ import annotations

import time
import unicodedata
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from searchdb.query.keystrokes import candidates, decode

if TYPE_CHECKING:
    from collections.abc import Callable

SYLLABLES = """
    bộ hoạt trường người đường được Việt nghị quyết tuyên truyền huyện uỷ đảng lãnh chỉ thị nước
    giữ giếng gì giá giấy giặt quý quỳnh quốc quyền quăng quất thuở huơ khuỷu ngoèo hoặc
    xuân khuấy tuế huệ mưa mùa ưu hươu rượu cứu gửi tươi tuổi buồn luộc tiêu yếu yên ý kỷ mỹ thuý
    ăn ấm ô ở ừ đầu đây đêm đó nghĩa nghiêng nghề ghế khoẻ hoà ngoài xoáy thoảng đoạt loè buýt
    Đắk Lắk Krông Búk Pác Bó ĐẢNG BỘ
"""

TONES = {"\u0301": "s1", "\u0300": "f2", "\u0309": "r3", "\u0303": "x4", "\u0323": "j5"}
MARKS = {"\u0302": "6", "\u031b": "7", "\u0306": "8"}

FRAGMENTS = (
    *("sinh", "hoatj", "hoat5", "bo65", "Booj", "bộ", "bo\u0323\u0302", "w", "z", "0", "10", "TW"),
    *("dd", "d9", "D", "aaa", "oo", "ss", "gi", "qu", "_", "-", "/", "'", ".", "@", ":", '"', "*"),
    *(" ", " ", "\n", "\u00a0", "\u0301", "ﬁ", "²", "ǆ", "İ", "ß", "\ud800", "\u200b", "𝐚", "中"),
)
TEXTS = st.text(st.characters()) | st.lists(st.sampled_from(FRAGMENTS)).map("".join)


def letters(syllable: str) -> tuple[list[tuple[str, str]], str]:
    """The plain letters of a syllable, each with the VNI key of its mark, and the tone's keys."""
    found: list[tuple[str, str]] = []
    tone = "  "
    for char in unicodedata.normalize("NFD", syllable):
        if char in TONES:
            tone = TONES[char]
        elif char in MARKS:
            found[-1] = (found[-1][0], MARKS[char])
        elif char in "đĐ":
            found.append(("d" if char == "đ" else "D", "9"))
        else:
            found.append((char, ""))
    return found, tone


def telex(letter: str, mark: str) -> str:
    return {"": "", "6": letter, "7": "w", "8": "w", "9": letter}[mark]


def typed(syllable: str, method: str, habit: str) -> str:
    """The keys of a syllable, in one of the habits people have."""
    found, tones = letters(syllable)
    vni = method == "vni"
    tone = tones[1 if vni else 0].strip()
    if habit == "tone behind its vowel":
        alone = [letters(char) for char in unicodedata.normalize("NFC", syllable)]
        return "".join(
            letter + (mark if vni else telex(letter, mark)) + own[1 if vni else 0].strip()
            for [(letter, mark)], own in alone
        )
    keys = [mark if vni else telex(letter, mark) for letter, mark in found]
    plain = "".join(letter for letter, _ in found)
    once = "".join(dict.fromkeys(keys))
    return {
        "marks in place": "".join(a[0] + b for a, b in zip(found, keys, strict=True)) + tone,
        "all at the end": plain + once + tone,
        "tone before the marks": plain + tone + once,
    }[habit]


@pytest.mark.parametrize("method", ["telex", "vni"])
@pytest.mark.parametrize(
    "habit",
    ["marks in place", "all at the end", "tone before the marks", "tone behind its vowel"],
)
def test_every_habit_of_typing_gives_the_syllable(method: str, habit: str) -> None:
    keys = {syllable: typed(syllable, method, habit) for syllable in SYLLABLES.split()}
    assert {syllable: decode(key) for syllable, key in keys.items()} == {key: key for key in keys}


@pytest.mark.parametrize(
    ("keys", "meant"),
    [
        ("sinh hoatj chi booj", "sinh hoạt chi bộ"),
        ("ddaangr uyr", "đẩng uỷ"),
        ("Nghij quyeets Ddaij hooij DDangr", "Nghị quyết Đại hội Đảng"),
        ("Vieejt Nam", "Việt Nam"),
        ("VIEEJT NAM", "VIỆT NAM"),
        ("VieeTJ", "ViệT"),
        ("hoajt bojo", "hoạt bộ"),
        ("nguwowif ngwowif ngwoif nguoiwf", "người người người người"),
        ("truowngf truwowngf truwongf trwowngf", "trường trường trường trường"),
        ("nhw tw", "như tư"),
        ("giwx giuwx gif giees", "giữ giữ gì giế"),
        ("mufa cura nghixa hofa", "mùa của nghĩa hoà"),
        ("toansz toanzs", "toan toanzs"),
        ("cari xooong", "cải xoong"),
        ("ddi ddo", "đi đo"),
    ],
)
def test_telex(keys: str, meant: str) -> None:
    assert decode(keys) == meant


@pytest.mark.parametrize(
    ("keys", "meant"),
    [
        ("sinh hoat5 chi bo65", "sinh hoạt chi bộ"),
        ("d9uong72 d9u7o72ng duong972", "đường đường đường"),
        ("Vie65t Nam", "Việt Nam"),
        ("D9A3NG BO65", "ĐẢNG BỘ"),
        ("nguoi72 ngu7o7i2 ngu7oi2", "người người người"),
        ("tra8ng trang8 hoac85", "trăng trăng hoặc"),
        ("y1 kie61n", "ý kiến"),
        ("hoi65 nghi5 to1an0", "hội nghị toan"),
    ],
)
def test_vni(keys: str, meant: str) -> None:
    assert decode(keys) == meant


@pytest.mark.parametrize(
    ("keys", "meant"),
    [
        ("  hoatj\t ddoongj\n", "  hoạt\t động\n"),
        ('"hoatj ddoongj" -truwowngf', '"hoạt động" -trường'),
        ("title:nghij (quyeets) tuyeen*", "title:nghị (quyết) tuyên*"),
        ("Quyeets, ddinhj; chir thij...", "Quyết, định; chỉ thị..."),
        ("kinh-tees xax_hooij", "kinh-tế xã_hội"),
        ("ddieeuf 5.2/nghij quyeets", "điều 5.2/nghị quyết"),
    ],
)
def test_white_space_and_signs_stay_where_they_are(keys: str, meant: str) -> None:
    assert decode(keys) == meant


@pytest.mark.parametrize(
    ("keys", "meant"),
    [
        ("sinh hoạt chi booj", "sinh hoạt chi bộ"),
        ("hoà giair cow sở", "hoà giải cơ sở"),
        ("bo\u0323\u0302 maýs mays", "bo\u0323\u0302 maýs máy"),
        ("sinh hoạt chi bo65", "sinh hoạt chi bộ"),
    ],
)
def test_words_with_marks_stay_and_the_others_are_read(keys: str, meant: str) -> None:
    assert decode(keys) == meant


@pytest.mark.parametrize(
    ("keys", "meant"),
    [
        ("Quyeets ddinhj 15/2015/NDD-CP", "Quyết định 15/2015/NĐ-CP"),
        ("Nghi5 d9inh5 15/2015/ND9-CP", "Nghị định 15/2015/NĐ-CP"),
        ("HDDND phuwowngf", "HĐND phường"),
        ("hddnd", "hđnd"),
        ("chir thij 03-ct/tw", "chỉ thị 03-ct/tw"),
        ("vawn kieenj Ddaij hooij XIX", "văn kiện Đại hội XIX"),
    ],
)
def test_abbreviations_keep_their_letters_but_for_the_bar_of_d(keys: str, meant: str) -> None:
    assert decode(keys) == meant


@pytest.mark.parametrize(
    "text",
    [
        *("", " ", "sinh hoat chi bo", "sinh hoạt chi bộ", "kinh tế - xã hội", "xin gia quy"),
        *(
            "2015",
            "05/09/2015",
            "03-CT/TW",
            "TW",
            "XIX",
            "UBND",
            "DD",
            "quan10",
            "U23",
            "A10",
            "4g",
        ),
        *("covid19", "h2o", "mp3", "H5N1", "B52", "KA-52", "12A5", "a11", "toan0", "toanz", "bo66"),
        *("hoattj", "tiengs", "duongf", "hoatf", "vieet", "law", "gee", "cee", "kinh-news"),
        *("hoatss", "uww", "dddi", "aaas", "www.tin.vn", "mays@example.com", "it's", "rock'n'roll"),
    ],
)
def test_what_is_no_syllable_in_keys_stays_as_typed(text: str) -> None:
    assert decode(text) is None
    assert candidates(text) == ()


FOREIGN = """
    access address airlines airport album amazon android apple arsenal asean audio avatar banana
    barcelona beatles berlin bitcoin blog board boeing boss boston brand brazil business camera
    cancer card cars case casino center champions charles chelsea class clinton clip cloud coffee
    computer concert core cover credit customer dance data database deadline design digital doctor
    dollar download dress driver drone email energy england euro europe evergreen exchange exercise
    export express facebook fair fan fashion fast fax feedback festival fifa film first fitness
    flash flycam food football forex form forum france friend gallery game gameshow george germany
    gmail golf good google green group hacker hamburger harry hiphop hollywood honda hotel iceland
    ielts import inbox index inflation insulin intel internet iphone israel japan jazz john karaoke
    kiss laser laptop league less license link liverpool livestream loss madrid manchester market
    marketing mass master maximum media messi microsoft miss mobile model more moscow motor movie
    museum music network new news nobel nokia obama office offline olympic online opera orange order
    outlook oxford paris party pass password photo pizza player police policy pop power premier
    press pressure process project protein putin quiz radio ranking real record relax report resort
    restaurant review robot rock romeo russia samsung sars satellite school science security server
    service share shop show showroom singapore smart smartphone software sony space sport stadium
    start startup stock store street studio style subway success super supermarket tablet television
    tennis texas third ticket titanic tower toyota trade traffic training transfer trump twitter
    uefa under unesco unicef universe update vaccine video view virus vitamin volvo warning wars web
    website wikipedia wifi window windows wireless world www yahoo yamaha york youtube zoom
"""


@pytest.mark.parametrize("case", [str.lower, str.capitalize, str.upper])
def test_foreign_words_stay_as_typed(case: Callable[[str], str]) -> None:
    readings = {word: decode(case(word)) for word in FOREIGN.split()}
    assert {word: reading for word, reading in readings.items() if reading} == {}


def test_foreign_words_that_spell_a_syllable_are_taken_for_one() -> None:
    assert decode("test box max these") == "tét bõ mã thế"


def test_readings_do_not_mix_the_methods_and_the_one_that_changes_more_comes_first() -> None:
    assert candidates("CO2 ddoojc haij") == ("CO2 độc hại", "CÒ ddoojc haij")
    assert candidates("test hoat5 d9o65ng") == ("test hoạt động", "tét hoat5 d9o65ng")
    assert candidates("booj bo65") == ("bộ bo65", "booj bộ")
    assert candidates("booj") == ("bộ",)


@given(TEXTS)
def test_any_text_is_read_without_an_error(text: str) -> None:
    found = candidates(text)
    assert decode(text) == (found[0] if found else None)
    assert len(set(found)) == len(found) <= 2
    assert text not in found


@given(TEXTS)
def test_what_stands_between_white_space_keeps_its_place_and_marked_words_their_letters(
    text: str,
) -> None:
    typed_words = text.split()
    for reading in candidates(text):
        words = reading.split()
        assert len(words) == len(typed_words)
        for old, new in zip(typed_words, words, strict=True):
            assert old == new or old.isascii() or not old.isalnum()


@given(st.text(st.sampled_from("abdeghinoquwyzsfrxj0123456789 -")))
def test_what_is_decoded_is_composed(text: str) -> None:
    assert all(unicodedata.is_normalized("NFC", reading) for reading in candidates(text))


@pytest.mark.parametrize(
    "unit",
    ["a", "-", "a-", "w", "0", "booj ", "bo65-", "dd", "'a", "\u0301", "a\u0301", "_", "ư", ":"],
)
def test_ten_thousand_characters_are_read_at_once(unit: str) -> None:
    text = (unit * 10_000)[:10_000]
    began = time.perf_counter()
    candidates(text)
    assert time.perf_counter() - began < 1
