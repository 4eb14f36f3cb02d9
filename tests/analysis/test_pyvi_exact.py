"""The words are pyvi's, string for string and place for place."""

from __future__ import annotations

import re
import unicodedata
import warnings
from collections.abc import Callable

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from searchdb.analysis.segmenters.pyvi import PyviSegmenter, tokenize

SENTENCES = """\
Sáng nay ủy ban nhân dân xã họp bàn việc sửa con đường liên thôn.
Trường đại học của chị tôi nằm bên bờ sông Hương, cách ga Huế chừng hai cây số.
Ông Nguyễn Văn Bảy, 62 tuổi, trồng hơn ba trăm gốc bưởi da xanh.
Giá xăng tăng 1.250 đồng/lít, lên mức 23.990 đồng kể từ 15h ngày 1/7.
Cô giáo dặn học sinh mang theo áo mưa vì buổi chiều thường có giông.
Bộ Giáo dục và Đào tạo vừa ban hành Thông tư số 22/2021/TT-BGDĐT.
Chợ nổi Cái Răng họp từ tờ mờ sáng, ghe thuyền chen nhau bán trái cây.
Đội tuyển nữ Việt Nam thắng 3-0, vào chung kết gặp Thái Lan.
Bác sĩ khuyên bệnh nhân uống đủ nước, ngủ đủ giấc và hạn chế ăn mặn.
"Mai mốt về quê, nhớ ghé nhà tui chơi nghen!" - dì Tư cười nói.
Công ty TNHH Minh Phát (Q.7, TP.HCM) tuyển 15 nhân viên kinh doanh.
Thư viện tỉnh mở cửa từ 7h30 đến 17h các ngày trong tuần, trừ thứ Hai.
Làng gốm Bát Tràng hút khách nhờ những món đồ làm hoàn toàn bằng tay.
Nhà nước thu hồi đất phải bồi thường theo quy định của pháp luật.
Mưa lớn khiến quốc lộ 6 sạt lở, hàng trăm xe tải mắc kẹt suốt đêm.
Con mèo mướp nằm cuộn tròn trên nóc tủ, chẳng buồn bắt chuột nữa.
Theo Tổng cục Thống kê, GDP quý III tăng 5,33% so với cùng kỳ năm trước.
Anh ấy thuộc lòng Truyện Kiều từ câu đầu đến câu cuối.
Hội đồng xét xử tuyên phạt bị cáo mức án 7 năm tù giam.
Trà sen Tây Hồ phải ướp nhiều lần mới đượm hương.
Khoa học máy tính, trí tuệ nhân tạo và học máy là ba ngành được chọn nhiều.
Bão số 5 đổ bộ vào Quảng Bình - Quảng Trị với sức gió giật cấp 12.
Bà ngoại kể chuyện Tấm Cám cho lũ trẻ nghe trước giờ đi ngủ.
Cầu thủ Quang Hải ghi bàn ở phút 90+3 khiến cả sân vỡ òa.
Đề nghị các đồng chí nghiêm túc thực hiện Nghị quyết 27-NQ/TW.
Xe buýt tuyến 08 chạy qua Đại học Quốc gia, bến cuối là bến xe Miền Tây.
Ruộng bậc thang Mù Cang Chải đẹp nhất vào độ cuối tháng Chín.
PGS.TS Lê Thị Hoa nhận giải thưởng Kovalevskaia năm 2019.
Hàng xóm góp tiền mua tặng cụ Sáu chiếc xe lăn.
Tòa soạn nhận bài qua hộp thư baiviet@toasoan.example.vn trước 20/11.
Phở Hà Nội nước trong, phở Sài Gòn nước béo, ai quen vị nào thích vị ấy.
Chính phủ yêu cầu đẩy nhanh giải ngân vốn đầu tư công.
Sinh viên năm thứ nhất phải học bơi và giáo dục quốc phòng.
Ai đi Uông Bí, Vàng Danh, má hồng em bán nắng hanh em chờ.
Tàu SE1 rời ga lúc 20:50, tới Đà Nẵng vào trưa hôm sau.
Nông dân Lâm Đồng đổ bỏ cà chua vì giá rớt thê thảm.
Vở cải lương "Người ven đô" sáng đèn trở lại sau 10 năm.
UBND TỈNH CÀ MAU THÔNG BÁO LỊCH CẮT ĐIỆN TUẦN TỚI
Chủ tịch Hồ Chí Minh đọc Tuyên ngôn Độc lập ngày 2-9-1945 tại Quảng trường Ba Đình.
hà nội mùa thu cây cơm nguội vàng cây bàng lá đỏ
Thuy Si, Ha Lan va Phap cung vao ban ket giai bong da chau Au.
Hoà bình và hòa bình, kỹ thuật và kĩ thuật, thuý và thúy khác nhau ở dấu.
""".splitlines()

NASTY = [
    "",
    " ",
    "\n",
    "\n\n \n",
    "\t\r\n\x0b\x0c\x1c\x85\xa0\u2028\u3000",
    "nhà\nnước\nta",
    "nhà \n nước",
    "_",
    "__ _a a_ a_b _1",
    "nhà_nước nhà _ nước",
    "một_hai ba_bốn năm",
    "xem https://vi.wikipedia.org/wiki/Việt_Nam?x=1&y=(2) nhé",
    "ftp://a http:// ://b tệp://mạng a://b://c",
    "thư a.b-c+d_e@mail.example.com.vn, x@y, @z, a@@b.c, a@b.c@d.e, éa@b.cd, a@b..c",
    "Tp. Hồ Chí Minh, TP. HCM, ThS. An, Mr. Hai Mrs. Ba Ms. Tư Dr. Năm, PGS. TS. Đ.H.Q.G",
    "MR.X Mrs.Y ThS.Z Tp.HCM A.B.C. Đ. ĐĐ. Ð.",
    "==> -> ... >> => = > .. .... >>> ===> --> ->- ...a",
    "1.000,5 12/03/2018 1_000 1_ 1. .1 1,2,3 1.2.3.x 3-0 ١٢٣ ٣.٤ ²³ ①½",
    "e\u0301 e\u0323\u0302 E\u0302\u0301 u\u031b\u0301 a\u0323\u0306 \u0301 o\u0301\u0301",
    unicodedata.normalize("NFD", "Đường phố Hà Nội thật đẹp, người thủ đô thật hiền."),
    "nhà\u200bnước nhà\u200dnước \ufeffnhà nước\xad xã\xadhội \u200e",
    "\x00 a\x00b nhà\x00 http://a\x00b \x01\x7f",
    "😀 vui 👨‍👩‍👧 gia đình 🇻🇳 Việt Nam 𝐀𝐁 𝟏𝟐",
    "ΑΣ ΑΣ. Σ σς İstanbul ı ß ŉ ǅ ǆ ﬁ Å Ω K 가 \u1100\u1161\u11a8 \u09c7\u09be \u0f73",
    "“Nhà nước” ‘pháp luật’ (xã hội) [kinh tế] {văn hoá} <chính trị> – — … • · °",
    "NHÀ NƯỚC Nhà Nước nhà Nước NHÀ nước nHÀ nƯỚC",
    "3D 5G 24h Covid-19 H5N1 F0 covid19 x2 2x",
    "a" * 300,
    "a.a" * 60,
    "-" * 300,
    "a@" * 60 + "b.c",
    "1.1.." * 40,
    "Á" * 100,
    "ab\u0323\u0301" * 40,
]


@pytest.fixture(scope="module")
def pyvi() -> Callable[[str], str]:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        from pyvi import ViTokenizer  # noqa: PLC0415
    original: Callable[[str], str] = ViTokenizer.tokenize
    return original


@pytest.mark.parametrize("text", [*SENTENCES, *NASTY, "\n".join(SENTENCES), " ".join(NASTY)])
def test_the_string_is_pyvis(text: str, pyvi: Callable[[str], str]) -> None:
    assert tokenize(text) == pyvi(text)


@pytest.mark.parametrize("text", [*SENTENCES, *NASTY, " ".join(NASTY)])
def test_the_spans_are_pyvis_words(text: str, pyvi: Callable[[str], str]) -> None:
    text = unicodedata.normalize("NFC", text)
    spans = PyviSegmenter().segment(text)
    assert_lawful(text, spans)
    printed = pyvi(text).split(" ") if text.strip() else []
    words = [bare for word in printed if (bare := _bare(word))]
    found = [_bare(text[start:end]) for start, end in spans]
    assert [bare for bare in found if bare] == words


@pytest.mark.parametrize("text", [*SENTENCES, *NASTY])
def test_the_spans_of_a_text_that_is_not_composed_are_those_of_the_composed(text: str) -> None:
    apart = unicodedata.normalize("NFD", text)
    spans = PyviSegmenter().segment(apart)
    assert_lawful(apart, spans)
    composed = unicodedata.normalize("NFC", text)
    words = [_letters(composed[start:end]) for start, end in PyviSegmenter().segment(composed)]
    found = [_letters(unicodedata.normalize("NFC", apart[start:end])) for start, end in spans]
    assert [word for word in found if word] == [word for word in words if word]


def test_texts_together_have_the_spans_each_has_alone() -> None:
    texts = [*SENTENCES, *NASTY] * 2
    assert PyviSegmenter().segment_all(texts) == [PyviSegmenter().segment(text) for text in texts]
    assert PyviSegmenter().segment_all([]) == []
    assert PyviSegmenter().segment_all(["", "", "\n"]) == [[], [], []]


def test_many_texts_are_segmented_in_groups() -> None:
    texts = [" ".join(SENTENCES)] * 100
    found = PyviSegmenter().segment_all(texts)
    assert found == [PyviSegmenter().segment(texts[0])] * 100


def test_a_word_may_span_white_space_of_any_kind() -> None:
    assert PyviSegmenter().segment("nhà \t\xa0 trường") == [(0, 13)]
    assert PyviSegmenter().segment("  Hà  Nội\nđẹp ") == [(2, 9), (10, 13)]


def test_halves_of_characters_are_signs() -> None:
    assert tokenize("nhà\ud83d trường\udc00") == "nhà \ud83d trường \udc00"
    assert PyviSegmenter().segment("nhà\ud83d trường") == [(0, 3), (3, 4), (5, 11)]


PIECES = st.one_of(
    st.sampled_from(" ".join([*SENTENCES, *NASTY]).split(" ")),
    st.sampled_from(
        ["\n", " ", "\t", "_", ".", "-", "@", "://", "...", "->", ">>", "Đ.", "\u0301"]
    ),
    st.text(st.characters(exclude_categories=["Cs"]), max_size=6),
    st.text("aAđĐ1._-@:/ \n\u0301", max_size=8),
)


@settings(max_examples=250, deadline=None)
@given(
    pieces=st.lists(PIECES, max_size=20),
    gap=st.sampled_from(["", " ", " ", "\n"]),
    apart=st.booleans(),
)
def test_any_text_is_segmented_as_pyvi_does(
    pyvi: Callable[[str], str], pieces: list[str], gap: str, *, apart: bool
) -> None:
    text = gap.join(pieces)
    if apart:
        text = unicodedata.normalize("NFD", text)
    assert tokenize(text) == pyvi(text)
    assert_lawful(text, PyviSegmenter().segment(text))


@settings(max_examples=100, deadline=None)
@given(st.text(max_size=60))
def test_any_text_at_all_is_segmented(text: str) -> None:
    tokenize(text)
    assert_lawful(text, PyviSegmenter().segment(text))


def assert_lawful(text: str, spans: list[tuple[int, int]]) -> None:
    """Sorted, disjoint, and every letter and digit is covered."""
    last = 0
    for start, end in spans:
        assert last <= start < end <= len(text)
        assert not any(char.isalnum() for char in text[last:start])
        last = end
    assert not any(char.isalnum() for char in text[last:])


def _bare(word: str) -> str:
    return re.sub(r"[\s_]+", "", word)


def _letters(word: str) -> str:
    return "".join(char for char in word if char.isalnum())
