"""Every rule of what is page furniture, next to the line that looks like it and is not."""

from __future__ import annotations

import pytest

from searchdb.model import Document
from searchdb.passages import split

LEAD = (
    "Sáng nay, hội nghị tổng kết phong trào đọc sách diễn ra tại nhà văn hóa xã, với sự tham gia "
    "của hơn hai trăm học sinh, giáo viên và phụ huynh trên địa bàn."
)
MIDDLE = (
    "Theo ban tổ chức, số sách được mượn trong năm tăng gần một nửa so với năm trước; nhiều tủ "
    "sách lưu động đã về tận các thôn, bản xa trung tâm."
)
CLOSE = "Phong trào sẽ được nhân rộng ra toàn huyện trong năm tới, lãnh đạo phòng cho biết."


def furniture(*lines: str, title: str | None = "") -> list[str]:
    document = split(Document(id="a", text="\n\n".join(lines), title=title))
    pieces = (document.text[part.start : part.end] for part in document.passages if part.furniture)
    return [line for piece in pieces for line in piece.splitlines() if line]


@pytest.mark.parametrize(
    "line",
    [
        "Lượt xem: 413",
        "Số lượt xem : 1.234",
        "Lượt đọc: 2,5K",
        "1.024 lượt xem",
        "Lượt truy cập: 77",
        "Ngày đăng 08/03/2018 | 07:39  | Lượt xem: 413",
        "Ngày đăng: 08-03-2018",
        "Đăng lúc: 07:39 08/03/2018",
        "Cập nhật lúc 07:39, Thứ Năm, 08/03/2018 (GMT+7)",
        "Cập nhật: 08:01 31/01/2018",
        "Thứ Ba, ngày 06/03/2018, 14h05 | Đăng bởi: Ban biên tập | Lượt xem: 12",
        "Bình luận (5)",
        "In trang",
        "Chia sẻ:",
        "Gửi email | In bài viết | Chia sẻ Facebook",
        "Facebook Zalo Email In",
        "Thích  Tweet  Lưu bài viết",
        "Trở về đầu trang",
        "Trang chủ > Tin tức > Văn hóa - Xã hội",
        "Trang chủ » Tin trong xã",
        "Tin liên quan",
        "TIN CÙNG CHUYÊN MỤC:",
        "Các tin khác (12)",
        "Xem thêm...",
        "anh tin bai",
        "(Ảnh minh hoạ)",
        "Nguồn: https://vidu.gov.vn/tin/12345-doc-sach",
        "© 2021 Bản quyền thuộc về Cổng thông tin xã",
    ],
)
def test_a_line_of_the_page_is_furniture(line: str) -> None:
    assert furniture(LEAD, line, MIDDLE, CLOSE) == [line]


@pytest.mark.parametrize(
    "line",
    [
        "Báo cáo nêu lượt xem của cổng thông tin tăng gấp đôi so với năm trước.",
        "Lượt xem: chỉ số gây tranh cãi của báo điện tử",
        "Ngày đăng 08/03/2018 cũng là ngày thư viện mở cửa trở lại.",
        "Cập nhật phần mềm trước ngày 08/03/2018",
        "Chia sẻ với phóng viên, cô thủ thư rất xúc động.",
        "Gửi email cho thư viện để đăng ký mượn sách.",
        "In trang bìa hết 20.000 đồng",
        "Facebook và Zalo là hai kênh chính.",
        "Facebook, Zalo",
        "Trang chủ của thư viện được làm mới.",
        "Tin liên quan đến dịch bệnh phải được kiểm chứng",
        "Các tin khác thường đến muộn hơn",
        "Xem thêm phụ lục kèm theo",
        "Ảnh minh họa do học sinh vẽ",
        "Nguồn: Thư viện huyện",
        "Địa chỉ: số 5, đường Hoa Phượng",
        "Điện thoại: 0123 456 789",
        "Bản quyền thuộc về người sáng tác, theo luật hiện hành.",
        "Giấy phép số 12 được cấp cho thư viện.",
        "08/03/2018",
        "Thứ Năm, 08/03/2018, 07:39",
        "Quang Minh",
        "A",
        "In",
        "Email",
        "Đảng",
    ],
)
def test_a_line_that_only_looks_like_it_is_text(line: str) -> None:
    assert furniture(LEAD, MIDDLE, line, CLOSE) == []


def test_a_date_is_a_publication_line_only_near_the_top() -> None:
    moment = "Thứ Năm, 08/03/2018, 07:39"
    assert furniture(moment, LEAD, MIDDLE, CLOSE) == [moment]
    assert furniture(LEAD, moment, MIDDLE, CLOSE) == [moment]
    assert furniture("Ngày 05 tháng 9 năm 2015", LEAD, MIDDLE) == ["Ngày 05 tháng 9 năm 2015"]


def test_the_dates_of_a_timeline_are_text() -> None:
    assert furniture("30/04/1975", LEAD, "02/07/1976", MIDDLE) == []


def test_lists_of_other_articles_are_furniture_as_far_as_they_reach() -> None:
    links = ["Ngày hội đọc sách ở vùng cao (02/03/2018)", "- Tủ sách lớp học (01/03/2018 08:15)"]
    assert furniture(LEAD, "Các tin khác", *links, MIDDLE) == ["Các tin khác", *links]
    assert furniture(LEAD, *links, MIDDLE) == []


FOOTER = [
    "Cơ quan chủ quản: Ủy ban nhân dân xã An Hòa",
    "Chịu trách nhiệm chính: Ông Nguyễn Văn Bình",
    "Địa chỉ: thôn Đông, xã An Hòa",
    "Điện thoại: 0123.456.789 - Email: anhoa@vidu.gov.vn",
    "Giấy phép số 34/GP-TTĐT cấp ngày 05/05/2020",
    "Ghi rõ nguồn khi phát hành lại thông tin từ trang này",
]


def test_a_footer_is_furniture_with_the_name_on_top_of_it() -> None:
    name = "TRANG THÔNG TIN ĐIỆN TỬ XÃ AN HÒA"
    assert furniture(LEAD, MIDDLE, CLOSE, name, *FOOTER) == [name, *FOOTER]


def test_a_footer_may_hold_a_line_of_its_own() -> None:
    odd = "Trang đang chạy thử nghiệm"
    assert furniture(LEAD, MIDDLE, FOOTER[0], odd, FOOTER[4]) == [FOOTER[0], odd, FOOTER[4]]


def test_footer_lines_inside_the_text_are_text() -> None:
    assert furniture(LEAD, *FOOTER[:2], MIDDLE, CLOSE) == []


def test_one_footer_line_above_the_last_line_is_no_cluster() -> None:
    assert furniture(LEAD, MIDDLE, FOOTER[0], "Quang Minh") == []


def test_contact_data_that_end_an_article_are_text() -> None:
    assert furniture(LEAD, MIDDLE, *FOOTER[2:4]) == []


def test_one_line_about_rights_is_no_footer() -> None:
    assert furniture(LEAD, MIDDLE, "Giấy phép số 34 có hiệu lực từ tháng sau") == []


def test_a_repeated_line_is_furniture_once() -> None:
    caption = "Các em học sinh chăm chú đọc sách ở thư viện trường"
    assert furniture(LEAD, f"{caption}\n{caption}.", MIDDLE) == [caption]
    assert furniture(LEAD, LEAD, MIDDLE) == [LEAD]


def test_the_cut_copy_of_a_lead_is_furniture_and_the_whole_one_is_text() -> None:
    teaser = LEAD[: LEAD.index(",", 60) + 1]
    assert furniture(teaser, LEAD, MIDDLE) == [teaser]
    assert furniture(LEAD, teaser, MIDDLE) == [teaser]
    assert furniture(f"{LEAD[:50]}...", LEAD, MIDDLE) == [f"{LEAD[:50]}..."]


def test_short_lines_may_repeat() -> None:
    assert furniture(LEAD, "Điểm: mười\nĐiểm: mười\nĐiểm: mười", MIDDLE) == []


def test_rows_of_a_table_may_repeat_a_value() -> None:
    rows = "Nguyễn An\nTrường Tiểu học Hoa Sen\nTrần Bình\nTrường Tiểu học Hoa Sen"
    assert furniture(LEAD, rows, MIDDLE) == []


def test_clauses_of_a_law_may_repeat() -> None:
    clause = "a) Có đủ năng lực hành vi dân sự theo quy định của pháp luật;"
    assert furniture("1. Người mượn sách:", clause, "2. Người cho mượn:", clause, MIDDLE) == []


def test_far_repetitions_are_text() -> None:
    others = [f"Thôn {number} đã có tủ sách riêng cho thiếu nhi." for number in range(6)]
    assert furniture(LEAD, *others, LEAD) == []


def test_lines_of_another_script_are_told_apart() -> None:
    assert furniture("Первая строка 2018 года — 12:30, 14:45", "Другая линия 2018 - 12:30") == []


def test_the_title_is_furniture_in_the_text_however_it_is_broken() -> None:
    title = "Tủ sách lưu động về với trẻ em vùng cao"
    assert furniture(title, LEAD, title=title) == [title]
    assert furniture(title.upper() + ".", LEAD, title=title) == [title.upper() + "."]
    rows = ["Tủ sách lưu động", "về với trẻ em vùng cao"]
    assert furniture("\n".join(rows), LEAD, title=title) == rows
    assert furniture(f"{title} huyện bên", LEAD, title=title) == []


def test_signs_alone_are_in_no_passage() -> None:
    document = split(Document(id="a", text=f".\n|\n\n{LEAD}\n\n* * *\n\n.\n{MIDDLE}\n.\n.\n"))
    pieces = [document.text[part.start : part.end] for part in document.passages]
    assert pieces == [LEAD, MIDDLE]


def test_furniture_can_be_kept() -> None:
    text = f"Tủ sách về làng\n\nLượt xem: 5\n08:01 | 31/01/2018\n\n{LEAD}\n\n{LEAD}"
    document = split(Document(id="a", text=text), keep_furniture=True)
    assert not any(part.furniture for part in document.passages)
    assert (document.title, document.date) == ("Tủ sách về làng", "2018-01-31")
