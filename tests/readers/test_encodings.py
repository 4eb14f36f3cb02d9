from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from searchdb.readers.encodings import decode

TEXT = "Hà Nội, ngày 5/9: chi bộ tổ dân phố họp bàn việc sửa đường, trồng thêm cây xanh.\nHết."
WINDOWS_1258 = (
    "Phường đã sửa xong con đường nhỏ trước nhà văn hóa; bà con trong tổ dân phố góp sức trồng "
    "thêm hoa, dọn vệ sinh mỗi sáng chủ nhật và cùng nhau giữ gìn ngõ xóm sạch đẹp."
)
VIETNAMESE = "aáàảãạăắằẳẵặâấầẩẫậeêếềểễệioôốồổỗộơớờởỡợuưứừửữựyýđAÁÀĐ bcdghklmnpqrstvx0123456789.,-\n"


def windows_1258(text: str) -> bytes:
    """Tone marks go after their letter; cp1258 has the letters ăâêôơư ready-made."""
    tones = "\u0300\u0301\u0303\u0309\u0323"
    written = []
    for char in text:
        parts = unicodedata.normalize("NFD", char)
        letter = "".join(part for part in parts if part not in tones)
        tone = "".join(part for part in parts if part in tones)
        written.append(unicodedata.normalize("NFC", letter) + tone)
    return "".join(written).encode("cp1258")


@pytest.mark.parametrize(
    ("mark", "encoding"),
    [
        (b"\xef\xbb\xbf", "utf-8"),
        (b"\xff\xfe", "utf-16-le"),
        (b"\xfe\xff", "utf-16-be"),
        (b"\xff\xfe\x00\x00", "utf-32-le"),
        (b"\x00\x00\xfe\xff", "utf-32-be"),
    ],
)
def test_a_byte_order_mark_decides_and_goes(mark: bytes, encoding: str) -> None:
    found = decode(mark + TEXT.encode(encoding))
    assert (found.text, found.encoding, found.note) == (TEXT, encoding, None)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-16-le", "utf-16-be"])
@pytest.mark.parametrize("form", ["NFC", "NFD"])
def test_unicode_without_a_mark_is_certain_in_either_normal_form(encoding: str, form: str) -> None:
    text = unicodedata.normalize("NFD" if form == "NFD" else "NFC", TEXT)
    found = decode(text.encode(encoding))
    assert (found.text, found.encoding, found.note) == (text, encoding, None)


@pytest.mark.parametrize("encoding", ["utf-16-le", "utf-16-be"])
@settings(deadline=None)
@given(st.text(VIETNAMESE, min_size=1))
def test_utf16_of_vietnamese_is_never_read_in_the_wrong_byte_order(
    encoding: str, text: str
) -> None:
    found = decode(f"Ngõ {text}".encode(encoding))
    assert (found.text, found.encoding) == (f"Ngõ {text}", encoding)


def test_a_guess_says_that_it_is_one_and_reads_marks_as_written() -> None:
    found = decode(windows_1258(WINDOWS_1258))
    assert found.encoding == "cp1258"
    assert unicodedata.normalize("NFC", found.text) == WINDOWS_1258
    assert found.note == "read as cp1258, a guess: --encoding names another"


def test_the_guess_looks_where_the_accents_are_and_decodes_everything() -> None:
    plain = b"plain words before the accents begin\n" * 5000
    found = decode(plain + windows_1258(WINDOWS_1258))
    assert found.encoding == "cp1258"
    assert len(found.text) > len(plain)


def test_western_text_is_guessed_too() -> None:
    text = "Le café du quartier est fermé, où déjeuner à midi ? Près de l’école."
    found = decode(text.encode("cp1252"))
    assert (found.text, found.encoding) == (text, "cp1252")


@pytest.mark.parametrize(
    ("damaged", "encoding"),
    [
        (TEXT.encode()[:-2].replace("Nội".encode(), b"N\xe1\xbbi") + b"\xe1\xba", "utf-8"),
        (b"\xff\xfe" + TEXT.encode("utf-16-le")[:-1], "utf-16-le"),
        (TEXT.encode("utf-16-be") + b"\x00", "utf-16-be"),
    ],
)
def test_a_few_damaged_characters_are_replaced_and_reported(damaged: bytes, encoding: str) -> None:
    found = decode(damaged)
    assert found.encoding == encoding
    assert "\ufffd" in found.text
    assert "tổ dân phố" in found.text
    assert found.note is not None
    assert f"not valid {encoding}" in found.note


def test_line_ends_become_one_kind_and_nothing_else_changes() -> None:
    assert decode(b" a\r\nb\rc\n\n\td\x0c\r\n\r\n").text == " a\nb\nc\n\n\td\x0c\n\n"


def test_text_decoded_wrongly_elsewhere_is_still_text() -> None:
    mojibake = TEXT.encode().decode("latin-1")
    assert decode(mojibake.encode()).text == mojibake


def test_a_named_encoding_is_taken_at_its_word() -> None:
    found = decode(windows_1258(WINDOWS_1258), encoding="cp1252")
    assert (found.encoding, found.note) == ("cp1252", None)
    assert decode(TEXT.encode("utf-16"), encoding="utf-16").text == TEXT
    assert decode(b"\xef\xbb\xbf" + TEXT.encode(), encoding="utf-8").text == TEXT


@pytest.mark.parametrize(
    "encoding", ["klingon", "", "a\0b", "\udc80", "utf-8" * 999, "base64", "zlib"]
)
@pytest.mark.parametrize("data", [b"", b"abc"])
def test_an_unknown_encoding_is_refused_even_for_nothing(encoding: str, data: bytes) -> None:
    if data or encoding not in {"base64", "zlib"}:
        with pytest.raises(ValueError, match="unknown encoding: try auto, utf-8"):
            decode(data, encoding=encoding)


@pytest.mark.parametrize(
    ("data", "encoding", "reason"),
    [
        (b"ab\xff", "utf-8", "is not valid utf-8 at byte 2: try --encoding auto"),
        (b"abc", "utf-16-le", "is not valid utf-16-le at byte 2"),
        (rb"ab\ud800", "unicode_escape", "half characters"),
        (b"a\0b\0", "utf-8", "binary"),
    ],
)
def test_a_named_encoding_that_does_not_fit_is_refused(
    data: bytes, encoding: str, reason: str
) -> None:
    with pytest.raises(ValueError, match=reason):
        decode(data, encoding=encoding)


@pytest.mark.parametrize(
    "data",
    [
        b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR" + bytes(range(256)) * 4,
        b"PK\x03\x04\x14\x00" + bytes(range(255, -1, -1)),
        b"plain at first " * 10_000 + b"\x00",
        b"\x01\x02\x03\x04 \x05\x06",
    ],
)
def test_binary_files_are_refused(data: bytes) -> None:
    with pytest.raises(ValueError, match="binary file, not text"):
        decode(data)


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (b"\xef\xbb\xbf" + b"\x80\x81\x82" * 9, "begins like utf-8 but is not"),
        (windows_1258(WINDOWS_1258) * 500 + b"\x81", "encoding is not recognized"),
        (b"\x81\x8d\x8f\x90\x9d" * 20, "encoding is not recognized: name it with --encoding"),
    ],
)
def test_what_no_encoding_fits_is_refused(data: bytes, reason: str) -> None:
    with pytest.raises(ValueError, match=reason):
        decode(data)


@settings(deadline=None)
@given(st.binary(max_size=300), st.sampled_from(["auto", "utf-8", "utf-16", "utf-7", "cp1258"]))
def test_any_bytes_give_clean_text_or_a_reason(data: bytes, encoding: str) -> None:
    try:
        text = decode(data, encoding=encoding).text
    except ValueError as error:
        assert not isinstance(error, UnicodeError)  # noqa: PT017 - both outcomes are allowed
    else:
        assert "\0" not in text
        assert "\r" not in text
        text.encode()
