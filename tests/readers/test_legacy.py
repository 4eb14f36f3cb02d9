from __future__ import annotations

import base64
import random
import unicodedata

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from searchdb.model import Document
from searchdb.readers.legacy import convert, decode, in_unicode

UTF8 = "UTF-8 read as CP1252"

# Written in Unicode; the encoders below turn them into what the old fonts and readers show.
SENTENCES = (
    "Cộng hòa xã hội chủ nghĩa Việt Nam",
    "Phường đã sửa xong con đường nhỏ trước nhà văn hóa, bà con ai cũng mừng.",
    "Ông tổ trưởng dặn: ngõ hẹp, xe rác chỉ vào được buổi sáng sớm (trước 6 giờ).",
    "Quỹ khuyến học năm 2016 thưởng 45 cháu, mỗi suất 200.000 đồng.",
    "Đội bóng của khối phố thắng đậm; cổ động viên kéo về chật kín sân.",
    "Kỳ nghỉ hè, lũ trẻ rủ nhau ra bờ kênh thả diều rồi vẽ thuyền buồm.",
    "Hàng xóm giúp nhau dựng lại mái bếp sau trận bão đêm thứ bảy.",
)
CAPITALS = "ỦY BAN NHÂN DÂN XÃ ĐỒNG TÂM, HUYỆN MỸ ĐỨC"

SMALL = "àảãáạăằẳẵắặâầẩẫấậđèẻẽéẹêềểễếệìỉĩíịòỏõóọôồổỗốộơờởỡớợùủũúụưừửữứựỳỷỹýỵ"
TCVN3 = "µ¶·¸¹¨»¼½¾Æ©ÇÈÉÊË®ÌÎÏÐÑªÒÓÔÕÖ×ØÜÝÞßáâãä«åæçèé¬êëìíîïñòóô\xadõö÷øùúûüýþ"
SMALL_TO_TCVN3 = dict(zip(SMALL, TCVN3, strict=True))
TCVN3_CAPITALS = dict(zip("ĂÂÊÔƠƯĐ", "¡¢£¤¥¦§", strict=True))

TONES = {"\u0300": "ø", "\u0301": "ù", "\u0303": "õ", "\u0309": "û", "\u0323": "ï"}
HATS = {"": "â", "\u0300": "à", "\u0301": "á", "\u0303": "ã", "\u0309": "å", "\u0323": "ä"}
BREVES = {"": "ê", "\u0300": "è", "\u0301": "é", "\u0303": "ü", "\u0309": "ú", "\u0323": "ë"}
WHOLE = dict(zip("đíìỉĩịỵ", "ñíìæóòî", strict=True))

FOREIGN = (
    "Où est le café ? Là-bas, près de l'église : un thé glacé, s'il vous plaît.",
    "Noël, Caïn et Zoë ont haï ce maïs naïf « à la crème brûlée ».",
    "«Voilà», dit-il, «où j'ai vu l'île, la forêt et le château.»",
    "Über den Flüssen hört man schöne Töne; Füße müssen draußen bleiben.",
    "Größe 10 µm, Drehmoment 5 N·m, Fläche 3×4 m², § 12 Abs. 2 – 20 °C ± 1.",
    "Það er ekki svo að ég sé þreyttur, en ærin bítur gras við ána í kvöld.",
    "Þú átt að ná í mjólk, brauð og ost áður en búðin lokar; sú leið er öll fær.",
    "El niño soñó con la cigüeña; ¿dónde está mi corazón? ¡Aquí! 1.ª y 2.º",
    "A manhã começa às três; você não vê a mãe nem o avô, só a irmã.",
    "Příliš žluťoučký kůň úpěl ďábelské ódy; být, či nebýt?",
    "Çok güzel bir gün; öğle yemeği için köy yolundan göle indik.",
    "Så må vi gå på en ø; når året er gået, får de løn og øl på båden.",
    "Hän söi yöllä jäätelöä, mutta äiti tyytyi öljyyn.",
    "Õnn tuli õue: töö, söök ja jää. Kõik sõid öösel.",
    "The naïve coöperation of Beyoncé® and Häagen-Dazs™ cost £10 (©2015, ½ off).",
    "Hà Nội có 30 quận, huyện; “tôi” và «cái này» là hai chuyện khác… 5 m², 30°C · hết",
    "tôi thì có là mì và bò, cô ba, chú tú, bà tám, lò mò",
    "Toà nhà, khoá học, hoá chất, loà xoà, hoà nhã",
    "Ở XÃ… “CẢ’” và «con cá»… «Ừ», ĐÃ” RÃ’, cá»…",
    "河内是越南的首都。東京タワー、서울 ©®·×÷",
    "Ïðèâåò, ýòî ðóññêèé òåêñò â íåâåðíîé êîäèðîâêå, íà èíå è ñ íèì",
    "ÄãºÃ£¬ÊÀ½ç ÖÐÎÄ ±àÂë µÄ ÎÊÌâ",
    "if (a·b > x×y && µ != ±ε) return «m×n» ÷ n×n; // N·m, µm, x·y",
    "😀 ☕️ ©️ ®️ 👩‍👩‍👧 → ★ ½ ¼ ¾",
    "q1 = {'é': 'ø', 'µ': u'\\xb5', \"×\": b'\\xd7'}",
)


def tcvn3(text: str) -> str:
    """As .VnTime text looks in another font; capitals beyond its seven are in .VnTimeH."""
    capitals = {char.upper(): code for char, code in SMALL_TO_TCVN3.items()} | TCVN3_CAPITALS
    return "".join(SMALL_TO_TCVN3.get(char) or capitals.get(char, char) for char in text)


def vni(text: str) -> str:
    """As VNI-Times text looks in another font."""
    return "".join(map(vni_letter, text))


def vni_letter(char: str) -> str:
    if char.isupper():
        return vni_letter(char.lower()).upper()
    if char in WHOLE:
        return WHOLE[char]
    letter, *marks = list(unicodedata.normalize("NFD", char))
    tone = next((mark for mark in marks if mark in TONES), "")
    if "\u0302" in marks:
        return letter + HATS[tone]
    if "\u0306" in marks:
        return letter + BREVES[tone]
    if "\u031b" in marks:
        letter = {"o": "ô", "u": "ö"}[letter]
    return letter + TONES.get(tone, "")


def windows(data: bytes) -> str:
    """CP1252 as browsers read it: undefined bytes are C1 controls."""
    return "".join(bytes([byte]).decode("cp1252", "ignore") or chr(byte) for byte in data)


def mojibake(text: str) -> str:
    return windows(text.encode())


ENCODERS = {"TCVN3": tcvn3, "VNI": vni, UTF8: mojibake}


@pytest.mark.parametrize("encoding", ENCODERS)
@pytest.mark.parametrize("sentence", SENTENCES)
def test_one_sentence_is_enough(sentence: str, encoding: str) -> None:
    found = convert(ENCODERS[encoding](sentence))
    assert (found.text, found.encoding) == (sentence, encoding)


@pytest.mark.parametrize("encoding", ENCODERS)
def test_a_document_is_converted_whole(encoding: str) -> None:
    text = "\n\n".join((CAPITALS, *SENTENCES, "Nơi nhận:\n- Như trên;\n- Lưu.")) + "\n"
    found = convert(ENCODERS[encoding](text))
    assert (found.text, found.encoding) == (text, encoding)


@pytest.mark.parametrize(
    ("seen", "meant", "encoding"),
    [
        (
            "Céng hßa x· héi chñ nghÜa ViÖt Nam",
            "Cộng hòa xã hội chủ nghĩa Việt Nam",
            "TCVN3",
        ),
        (
            "Coäng hoøa xaõ hoäi chuû nghóa Vieät Nam",
            "Cộng hòa xã hội chủ nghĩa Việt Nam",
            "VNI",
        ),
        ("Cá»™ng hÃ²a", "Cộng hòa", UTF8),
        ("Cá»\x99ng hÃ²a", "Cộng hòa", UTF8),
    ],
)
def test_what_people_see_in_old_files(seen: str, meant: str, encoding: str) -> None:
    found = convert(seen)
    assert (found.text, found.encoding) == (meant, encoding)


@pytest.mark.parametrize("encoding", ENCODERS)
def test_short_lines_are_judged_together(encoding: str) -> None:
    text = "Mục lục\nHà Nội\nBắc Ninh\nYên Bái\nĐà Nẵng\n1. Mở đầu\n2. Kết luận"
    found = convert(ENCODERS[encoding](text))
    assert (found.text, found.encoding) == (text, encoding)


@pytest.mark.parametrize("encoding", ENCODERS)
def test_unicode_lines_of_a_mixed_document_stay(encoding: str) -> None:
    unicode_lines = (
        "Đoạn này gõ bằng Unicode từ đầu.",
        "Toà án, công an và cô bé",
        "Café de Paris",
    )
    seen = "\n".join((unicode_lines[0], ENCODERS[encoding](SENTENCES[1]), *unicode_lines[1:]))
    found = convert(seen)
    assert found.encoding == encoding
    assert found.text.split("\n") == [unicode_lines[0], SENTENCES[1], *unicode_lines[1:]]


@pytest.mark.parametrize("form", ["NFC", "NFD"])
@pytest.mark.parametrize("text", [*SENTENCES, CAPITALS, *FOREIGN])
def test_other_text_is_returned_as_it_is(text: str, form: str) -> None:
    text = unicodedata.normalize("NFD" if form == "NFD" else "NFC", text)
    found = convert(text)
    assert found.encoding is None
    assert found.text is text


def test_no_slice_of_other_text_is_touched() -> None:
    for text in (*SENTENCES, CAPITALS, *FOREIGN):
        for size in (20, 30, 40):
            slices = (text[start : start + size] for start in range(max(1, len(text) - size)))
            assert [piece for piece in slices if convert(piece).encoding] == []


def test_a_document_of_many_languages_is_not_touched() -> None:
    foreign = [text for text in FOREIGN if max(text) < "\u0250"]
    for text in ("\n".join(FOREIGN), " ".join(FOREIGN), "\n".join(foreign * 20)):
        assert convert(text).text is text


def test_random_bytes_are_not_touched() -> None:
    chance = random.Random(5)  # noqa: S311 - no secret
    for size in (20, 60, 300) * 100:
        data = chance.randbytes(size)
        for text in (data.decode("latin-1"), windows(data), base64.b64encode(data).decode()):
            assert convert(text).encoding is None


@pytest.mark.parametrize(
    ("seen", "meant"),
    [
        ("CéNG HßA X· HéI CHñ NGHÜA VIÖT NAM", "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM"),
        ("Hµ NéI, ngµy ®Çu n¨m míi", "HÀ NỘI, ngày đầu năm mới"),
        ("CHñ TÞCH Lª V¨n Hµ ký thay", "CHỦ TỊCH Lê Văn Hà ký thay"),
        ("UBND x· §ång L¹c häp b¸o", "UBND xã Đồng Lạc họp báo"),
        ("§¶NG ñY TH¤NG B¸O", "ĐẢNG ỦY THÔNG BÁO"),
        ("céng hßa x· héi chñ nghÜa", "cộng hòa xã hội chủ nghĩa"),
    ],
)
def test_the_font_of_capitals_shows_in_the_letters_beside_its_codes(seen: str, meant: str) -> None:
    assert convert(seen).text == meant


def test_signs_that_are_no_letters_stay() -> None:
    seen = tcvn3("Ủy ban giao đất cho hộ dân: ") + "· “5” × 4 m² – 100€, 25°C, Sony™ © 2015, 9.000®"
    meant = "ủy ban giao đất cho hộ dân: · “5” × 4 m² – 100€, 25°C, Sony™ © 2015, 9.000đ"
    assert convert(seen).text == meant


@pytest.mark.parametrize("first", ["\x9e", "ž"])
def test_capitals_of_the_full_tcvn_set_are_known_too(first: str) -> None:
    seen = f"{first}y ban huyÖn ®· häp bµn, \x16 kiÕn gãp"
    assert convert(seen).text == "Ủy ban huyện đã họp bàn, Ý kiến góp"


@pytest.mark.parametrize(
    ("seen", "meant"),
    [
        ("Tá»‰nh bÃ n giao vÃ nghiá»‡m thu", "Tỉnh bàn giao và nghiệm thu"),
        ("quáº­n vÃ  huyá»‡n tÃ­ch cá»±c ra toÃ .", "quận và huyện tích cực ra toà."),
        ("Ä‘áº¿n tá»‰nh nÃ o ngÆ°á»\x9di ta cÅ©ng lÃ", "đến tỉnh nào người ta cũng là"),
        ("XÃƒ Há»˜I VÃ€ NGÃ€NH lÃ ngÆ°á»\x9di nhÃ ", "XÃ HỘI VÀ NGÀNH là người nhà"),
    ],
)
def test_a_lost_no_break_space_is_mended(seen: str, meant: str) -> None:
    assert convert(seen).text == meant


def test_decomposed_text_read_wrongly_comes_back_composed() -> None:
    seen = mojibake(unicodedata.normalize("NFD", SENTENCES[1]))
    assert convert(seen).text == SENTENCES[1]


def test_broken_sequences_stay_and_the_rest_is_converted() -> None:
    assert convert("Quyáº¿t Ä‘á»‹nh cá»§a tá»\nnhá» hÆ¡n").text == "Quyết định của tá»\nnhá» hơn"


@settings(deadline=None)
@given(
    st.lists(st.sampled_from(" ".join(SENTENCES).split()), min_size=12, max_size=60, unique=True),
    st.sampled_from(sorted(ENCODERS)),
)
def test_any_dozen_different_words_are_recognized(words: list[str], encoding: str) -> None:
    text = " ".join(words)
    found = convert(ENCODERS[encoding](text))
    assert (found.text, found.encoding) == (text, encoding)


@settings(deadline=None)
@given(st.text(st.sampled_from("aàáâãeéêioôuùyướ bcđghnt\n·µ¸©ª«®\xad§ßøûïäñö»ºÃá\x99\x00")))
def test_line_breaks_stay_and_untouched_text_is_the_same(text: str) -> None:
    found = convert(text)
    assert found.text.count("\n") == text.count("\n")
    if found.encoding is None:
        assert found.text is text


@pytest.mark.parametrize(
    "text",
    [
        " ".join(SENTENCES) * 4000,
        "a" * 2_000_000 + "µ",
        "µ" * 500_000,
        " " * 2_000_000 + "µ",
        "\n" * 2_000_000 + "ø",
        "Ã" * 500_000,
    ],
    ids=["clean", "letters", "codes", "spaces", "breaks", "leads"],
)
def test_long_texts_without_line_breaks_are_no_trouble(text: str) -> None:
    assert convert(text).text is text


@pytest.mark.parametrize("encoding", ENCODERS)
def test_a_book_in_one_line_is_converted(encoding: str) -> None:
    text = " ".join(SENTENCES * 100)
    assert convert(ENCODERS[encoding](text)).text == text


def test_a_document_says_what_it_was_converted_from() -> None:
    text = "Céng hßa x· héi chñ nghÜa ViÖt Nam"
    found = in_unicode(Document(id="a", text=text, title="Quèc héi", meta={"year": 1992}))
    assert found.text == "Cộng hòa xã hội chủ nghĩa Việt Nam"
    assert found.title == "Quốc hội"
    assert found.meta == {"year": 1992, "converted_from": "TCVN3"}
    assert in_unicode(Document(id="b", text=text)).title is None
    plain = Document(id="c", text="Cộng hòa xã hội", title="a\nb")
    assert in_unicode(plain) is plain


@pytest.mark.parametrize(("text", "encoding"), [("Céng hßa x· héi chñ nghÜa ViÖt Nam", "TCVN3")])
def test_the_bytes_of_an_old_file_are_read(text: str, encoding: str) -> None:
    found = decode(text.encode("latin-1"))
    assert found is not None
    assert found.encoding == encoding
    assert found.text == "Cộng hòa xã hội chủ nghĩa Việt Nam"
    assert decode("Größe und Maß, déjà vu à Noël".encode("latin-1")) is None
