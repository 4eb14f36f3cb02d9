"""Titles and dates: where they are found, and where nothing may be taken for one."""

from __future__ import annotations

import pytest

from searchdb.model import Document, StoredDocument
from searchdb.passages import split

LEAD = (
    "Nhiều hộ dân ở xã ven biển đã chuyển sang nuôi tôm theo lối mới, vừa giữ được rừng ngập mặn "
    "vừa có thu nhập ổn định quanh năm."
)
REST = "Chính quyền xã hỗ trợ con giống và kỹ thuật cho các hộ khó khăn."


def stored(text: str, *, title: str | None = None, date: str | None = None) -> StoredDocument:
    return split(Document(id="a", text=text, title=title, date=date))


def title_of(*blocks: str) -> str:
    return stored("\n\n".join(blocks)).title


@pytest.mark.parametrize(
    "headline",
    [
        "Nuôi tôm dưới tán rừng",
        "Nuôi tôm dưới tán rừng: Vì sao thành công?",
        "NUÔI TÔM DƯỚI TÁN RỪNG",
        "“Vua tôm” ở xã ven biển",
        "TP. Cà Mau: Nuôi tôm dưới tán rừng",
        "3 cách nuôi tôm dưới tán rừng",
        "Nuôi tôm dưới tán rừng và những chuyện bên lề...",
        "Anh: Bầu cử sớm vào mùa thu",
        "Anh Ba Tôm: người giữ rừng",
    ],
)
def test_the_first_line_is_the_title(headline: str) -> None:
    assert title_of(headline, LEAD, REST) == headline
    assert stored(f"{headline}\n{LEAD}\n{REST}").title == headline


def test_white_space_of_a_title_is_made_plain() -> None:
    assert title_of("  Nuôi tôm\u00a0 dưới \t tán rừng ", LEAD) == "Nuôi tôm dưới tán rừng"


def test_invisible_signs_are_no_part_of_a_title() -> None:
    assert title_of("\ufeffNuôi tôm dưới tán rừng", LEAD) == "Nuôi tôm dưới tán rừng"
    assert title_of("\u200b “Vua tôm” ở xã", LEAD) == "“Vua tôm” ở xã"


def test_a_markdown_heading_is_a_title_without_its_mark() -> None:
    assert title_of("# Nuôi tôm dưới tán rừng", "## Mở đầu", LEAD) == "Nuôi tôm dưới tán rừng"


@pytest.mark.parametrize(
    "line",
    [
        LEAD,
        REST,
        "Ngày hội kết thúc lúc 17 giờ. Nhiều người còn nán lại",
        "Kính gửi các hộ dân,",
        "Nội dung gồm:",
        "- Con giống",
        "1. Con giống",
        "Ảnh: Minh Tôm",
        "Đầm tôm nhìn từ trên cao - Ảnh: Minh Tôm",
        "Video: Minh Tôm",
        "2018",
        "Một dòng rất dài " * 20,
    ],
)
def test_running_text_is_no_title(line: str) -> None:
    assert title_of(line, LEAD, REST) == ""


@pytest.mark.parametrize("text", ["", " \n\u00a0\n", "Nuôi tôm dưới tán rừng", LEAD, "?!\n\n..."])
def test_a_text_of_one_line_has_no_title(text: str) -> None:
    assert stored(text).title == ""


def test_page_lines_are_no_text_for_a_title_to_stand_above() -> None:
    assert title_of("Nuôi tôm dưới tán rừng", "Lượt xem: 413") == ""


def test_the_first_row_of_a_wrapped_paragraph_is_no_title() -> None:
    rows = (
        "Hôm nay trời đẹp, cả xã ra bãi bồi để\nTrồng lại những cây đước đã ngã sau bão\nvừa qua."
    )
    assert stored(f"{rows}\n\n{LEAD}").title == ""


def test_a_section_gives_way_to_the_title_above_the_publication_line() -> None:
    title = "Nuôi tôm dưới tán rừng giúp dân thoát nghèo"
    for label in ("KINH TẾ", "tin trong xã", "CHUYÊN TRANG KINH TẾ BIỂN CỦA CỔNG THÔNG TIN XÃ"):
        assert title_of(label, title, "Ngày đăng 05/09/2015", LEAD) == title
        assert title_of(label, title, "Lượt xem: 12", LEAD) == title
        assert stored(f"{label}\n{title}\nNgày đăng 05/09/2015\n{LEAD}").title == title


def test_without_a_publication_line_the_first_headline_counts() -> None:
    assert title_of("KINH TẾ", "Nuôi tôm dưới tán rừng giúp dân thoát nghèo", LEAD) == "KINH TẾ"


def test_a_title_may_end_in_a_full_stop_above_the_publication_line_only() -> None:
    assert title_of("Xã ven biển giữ rừng.", "08:01 | 31/01/2018", LEAD) == "Xã ven biển giữ rừng."
    assert title_of("Xã ven biển giữ rừng.", LEAD, REST) == ""


def test_an_author_below_the_title_is_not_the_title() -> None:
    headline = "Nuôi tôm dưới tán rừng giúp nhiều hộ dân thoát nghèo"
    assert title_of(headline, "Minh Tôm", "Ngày đăng 05/09/2015", LEAD) == headline


def test_furniture_above_the_title_is_passed_over() -> None:
    title = "Nuôi tôm dưới tán rừng"
    assert title_of("Trang chủ > Kinh tế", "05/09/2015 07:30", title, LEAD) == title


def test_a_given_title_stays_as_it_is() -> None:
    text = f"Nuôi tôm dưới tán rừng\n\n{LEAD}"
    assert stored(text, title="  Tên  khác ").title == "  Tên  khác "
    assert stored(text, title="").title == ""
    assert not any(part.furniture for part in stored(text, title="").passages)


@pytest.mark.parametrize(
    ("line", "date"),
    [
        ("Ngày đăng 08/03/2018 | 07:39  | Lượt xem: 413", "2018-03-08"),
        ("08:01 | 31/01/2018", "2018-01-31"),
        ("Thứ Năm, 10/01/2019, 08:01 [GMT+7]", "2019-01-10"),
        ("Thứ 5, 10.01.2019", "2019-01-10"),
        ("Cập nhật lúc 08:01 SA, ngày 1-2-2018", "2018-02-01"),
        ("Ngày 05 tháng 9 năm 2015", "2015-09-05"),
        ("Chủ nhật, 6 tháng 9, 2015 - 21h05", "2015-09-06"),
        ("2018-03-08T07:39:00+07:00", "2018-03-08"),
        ("Ngày đăng: 2018-03-08", "2018-03-08"),
        ("Ngày đăng 31/02/2018 | Cập nhật 01/03/2018", "2018-03-01"),
        ("Ngày đăng 31/02/2018", None),
        ("Ngày đăng 00/00/0000", None),
        ("Lượt xem: 413", None),
        ("08:01", None),
        ("Ngày 05/09/2015, xã tổ chức ra quân trồng rừng", None),
        ("Sinh ngày 05/09/2015", None),
    ],
)
def test_the_date_comes_from_a_publication_line(line: str, date: str | None) -> None:
    assert stored(f"Nuôi tôm dưới tán rừng\n{line}\n\n{LEAD}\n\n{REST}").date == date


def test_dates_in_the_text_are_not_the_date() -> None:
    assert stored(f"Nuôi tôm\n\n{LEAD}\n\n{LEAD} Ngày 05/09/2015.\n\n05/09/2015").date is None


def test_a_given_date_stays() -> None:
    assert stored(f"Ngày đăng 08/03/2018\n\n{LEAD}", date="05/09/2015").date == "2015-09-05"
