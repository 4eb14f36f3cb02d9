"""Administrative documents: their titles and dates, and pages that only tell of a decree."""

from __future__ import annotations

import pytest

from searchdb.model import Document, StoredDocument
from searchdb.passages import split

NATION = "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM\nĐộc lập - Tự do - Hạnh phúc"
EMBLEM = f"{NATION}\n---------------"
PLACE = "Cà Mau, ngày 5 tháng 9 năm 2015"
BODY = (
    "Căn cứ Luật Lâm nghiệp;\nXét nhu cầu giữ rừng của bà con các xã ven biển,\n"
    "Điều 1. Trồng lại rừng ngập mặn đã mất sau bão.\nĐiều 2. Các xã thi hành việc này."
)


def stored(*blocks: str, title: str | None = None, date: str | None = None) -> StoredDocument:
    return split(Document(id="a", text="\n".join(blocks), title=title, date=date))


def furniture(document: StoredDocument) -> str:
    return "\n".join(document.text[p.start : p.end] for p in document.passages if p.furniture)


def running(document: StoredDocument) -> str:
    return "\n".join(document.text[p.start : p.end] for p in document.passages if not p.furniture)


@pytest.mark.parametrize(
    "head",
    [
        f"CHÍNH PHỦ\n-------\nSố: 12/2015/NĐ-CP\n{EMBLEM}\n{PLACE}",
        f"{EMBLEM}\n{PLACE}\nCHÍNH PHỦ\n-------\nSố: 12/2015/NĐ-CP",
        f"ỦY BAN NHÂN DÂN\nTỈNH CÀ MAU\nSố: 15 /KH-UBND\n{NATION}\n{PLACE}\n",
        f"BAN CHỈ ĐẠO\nCHƯƠNG TRÌNH GIỮ RỪNG\nSố: 7/BC-BCĐ\n{PLACE}",
        f"CỘNG HOÀ XÃ HỘI CHỦ NGHĨA VIỆT NAM\n\nĐộc lập – Tự do – Hạnh phúc\n\n{PLACE}\n",
        f"ỦY BAN NHÂN DÂN {NATION.replace(chr(10), f'{chr(10)}TỈNH CÀ MAU ')}\nSố: 15/KH {PLACE}",
        f"SỞ TÀI CHÍNH   CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM\nSố: 9/STC-VP\n{PLACE}\n",
        f"ĐẢNG BỘ HUYỆN ĐẦM DƠI ĐẢNG CỘNG SẢN VIỆT NAM\nĐẢNG ỦY XÃ TÂN DUYỆT {PLACE}\n***",
        f"HUYỆN ỦY ĐẦM DƠI ĐẢNG CỘNG SẢN VIỆT NAM\n* {PLACE}\nSố 12-KH/HU\n",
        f"ĐẢNG ỦY XÃ TÂN DUYỆT\nSố 12-KH/ĐU\nĐẢNG CỘNG SẢN VIỆT NAM\n{PLACE}",
    ],
)
@pytest.mark.parametrize(
    "title",
    [
        "NGHỊ ĐỊNH\nQuy định về trồng rừng ngập mặn",
        "NGHỊ ĐỊNH\n\nQuy định về trồng rừng ngập mặn",
        "KẾ HOẠCH\nTrồng rừng ngập mặn năm 2015",
        "QUYẾT ĐỊNH\nVề việc ban hành Quy chế của\nỦy ban nhân dân xã\nvề giữ rừng",
        "LUẬT\nTRỒNG RỪNG\nNGẬP MẶN",
        "BÁO CÁO KẾT QUẢ TRỒNG RỪNG",
        "QUYẾT ĐỊNH",
    ],
)
def test_type_and_subject_are_the_title_and_the_place_line_tells_the_date(
    head: str, title: str
) -> None:
    document = stored(head, title, BODY)
    assert document.title == " ".join(title.split())
    assert document.date == "2015-09-05"


def test_heading_motto_and_title_are_furniture_and_the_rest_of_the_head_is_text() -> None:
    document = stored(
        "CHÍNH PHỦ\n---\nSố: 12/2015/NĐ-CP", EMBLEM, PLACE, "NGHỊ ĐỊNH\nVề rừng", BODY
    )
    for line in (*NATION.split("\n"), "NGHỊ ĐỊNH", "Về rừng"):
        assert line in furniture(document)
    for line in ("CHÍNH PHỦ", "Số: 12/2015/NĐ-CP", PLACE, *BODY.split("\n")):
        assert line in running(document)


def test_a_row_with_a_heading_is_furniture_and_one_with_a_day_is_text() -> None:
    heading = "ĐẢNG BỘ HUYỆN ĐẦM DƠI ĐẢNG CỘNG SẢN VIỆT NAM"
    day = f"ĐẢNG ỦY XÃ TÂN DUYỆT {PLACE}"
    document = stored(heading, day, "KẾ HOẠCH", "Giữ rừng", BODY)
    assert heading in furniture(document)
    assert day in running(document)
    assert (document.title, document.date) == ("KẾ HOẠCH Giữ rừng", "2015-09-05")


def test_below_a_row_of_two_columns_another_kind_of_paper_has_its_headline() -> None:
    rows = "CHI BỘ ẤP 3 ĐẢNG CỘNG SẢN VIỆT NAM\n" + f"TỔ 1 {PLACE}\n"
    assert stored(rows, "ĐƠN XIN CHUYỂN SINH HOẠT\n", BODY).title == "ĐƠN XIN CHUYỂN SINH HOẠT"


@pytest.mark.parametrize(
    "headline",
    [
        "ĐẢNG BỘ TỈNH CÀ MAU KỶ NIỆM NGÀY THÀNH LẬP ĐẢNG CỘNG SẢN VIỆT NAM",
        "ĐẠI HỘI ĐẠI BIỂU TOÀN QUỐC ĐẢNG CỘNG SẢN VIỆT NAM",
        "QUỐC HỘI NƯỚC CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM",
        "Bộ đội ta và Đảng Cộng sản Việt Nam",
        "Mái trường mang tên Độc lập - Tự do - Hạnh phúc",
    ],
)
def test_a_headline_that_ends_like_a_heading_is_none(headline: str) -> None:
    assert stored(f"{headline}\n", PLACE, BODY).title == headline
    assert stored(f"{headline}\n", BODY).title == headline


@pytest.mark.parametrize(
    "issuer", ["CHỦ TỊCH ỦY BAN NHÂN DÂN TỈNH", "HỘI ĐỒNG NHÂN DÂN XÃ", "BỘ TRƯỞNG BỘ TÀI CHÍNH"]
)
def test_who_decides_is_no_part_of_the_title(issuer: str) -> None:
    for title in ("QUYẾT ĐỊNH\nVề việc trồng rừng", "QUYẾT ĐỊNH\nVỀ VIỆC TRỒNG RỪNG", "QUYẾT ĐỊNH"):
        document = stored(EMBLEM, title, issuer, BODY, "QUYẾT ĐỊNH:", "Trồng rừng.")
        assert document.title == " ".join(title.split())


def test_an_official_letter_is_called_by_its_subject() -> None:
    document = stored("SỞ TÀI CHÍNH\nSố: 9/STC-VP\nV/v trả lương\nqua thẻ", EMBLEM, PLACE, BODY)
    assert document.title == "V/v trả lương qua thẻ"
    assert document.date == "2015-09-05"


def test_a_title_may_list_what_it_amends_but_not_the_whole_paper() -> None:
    long = "QUYẾT ĐỊNH Sửa đổi " + ", ".join(f"Quy chế số {number} về rừng" for number in range(14))
    assert stored(EMBLEM, long, BODY).title == long
    assert stored(EMBLEM, f"{long}, {long}", BODY).title == ""


def test_below_the_motto_another_kind_of_paper_has_its_headline() -> None:
    assert stored(
        EMBLEM, "ĐƠN XIN HỌC NGHỀ", "Kính gửi: Ban giám hiệu trường nghề.", BODY
    ).title == ("ĐƠN XIN HỌC NGHỀ")


def test_a_given_title_and_a_given_date_stay() -> None:
    document = stored(EMBLEM, PLACE, "LUẬT\nTRỒNG RỪNG", BODY, title="Rừng", date="2001-02-03")
    assert (document.title, document.date) == ("Rừng", "2001-02-03")


@pytest.mark.parametrize(
    "line",
    [
        "Cà Mau, ngày tháng năm 2015",
        "Cà Mau, ngày 31 tháng 2 năm 2015",
        "Họp tại Cà Mau, ngày 5 tháng 9 năm 2015 và hôm sau",
    ],
)
def test_other_lines_tell_no_date(line: str) -> None:
    assert stored(EMBLEM, line, "BIÊN BẢN\nHọp xã", BODY).date is None


def test_a_day_below_the_title_is_not_the_date() -> None:
    assert stored(EMBLEM, "BIÊN BẢN\nHọp xã", PLACE, BODY).date is None


@pytest.mark.parametrize(
    "line",
    [
        "Nghị định số 12/2015/NĐ-CP có hiệu lực từ hôm nay, bà con ven biển cần biết.",
        "Nước Cộng hòa xã hội chủ nghĩa Việt Nam có hơn ba nghìn cây số bờ biển, nhiều rừng đước.",
        "Số: 12/7",
    ],
)
def test_a_news_page_about_a_decree_is_no_decree(line: str) -> None:
    document = stored("Bà con ven biển giữ rừng\n", line, PLACE, "KẾ HOẠCH\nGiữ rừng", BODY)
    assert document.title == "Bà con ven biển giữ rừng"
    assert document.date is None


def test_a_number_without_a_type_changes_nothing() -> None:
    document = stored("Bà con ven biển giữ rừng\n", "Số: 15/KH-UBND", PLACE, BODY)
    assert document.title == "Bà con ven biển giữ rừng"
    assert document.date is None


def test_a_head_far_below_is_an_annex() -> None:
    news = "Bà con ven biển giữ rừng\n\n" + "Nước lên rồi lại xuống.\n" * 12
    document = stored(news, EMBLEM, PLACE, "KẾ HOẠCH\nTrồng rừng", BODY)
    assert document.title == "Bà con ven biển giữ rừng"
    assert document.date is None
