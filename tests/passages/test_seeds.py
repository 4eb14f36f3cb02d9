"""What the five articles of the repository must come out as."""

from __future__ import annotations

from pathlib import Path

import pytest

from searchdb.model import Document, StoredDocument
from searchdb.passages import split

SEEDS = sorted((Path(__file__).parents[2] / "seeds").glob("*.txt"))

TITLES = [
    (
        "Đảng bộ phường Phúc Đồng Làm tốt công tác giáo dục chính trị, tư tưởng và tổ chức góp "
        "phần xây dựng Đảng “trong sạch vững mạnh”"
    ),
    "Chuyển biến trong công tác xây dựng đảng ở Phúc Yên",
    "Tăng cường lãnh đạo, tích cực kiểm tra thực hiện Chỉ thị 03-CT/TW tại các chi bộ trực thuộc.",
    (
        "Đảng bộ phường Hà Lầm (TP Hạ Long): Nâng cao năng lực lãnh đạo, sức chiến đấu của tổ chức "
        "Đảng"
    ),
    "Đồng Xoài tiến tới xây dựng đảng bộ kiểu mẫu",
]
DATES = ["2018-03-08", "2018-01-31", "2015-09-05", "2019-01-10", None]


@pytest.fixture(scope="module")
def stored() -> list[StoredDocument]:
    return [split(Document(id=path.name, text=path.read_text("utf-8"))) for path in SEEDS]


def furniture_lines(document: StoredDocument) -> list[str]:
    furniture = (part for part in document.passages if part.furniture)
    slices = (document.text[part.start : part.end] for part in furniture)
    return [" ".join(line.split()) for piece in slices for line in piece.splitlines() if line]


def test_titles_and_dates_are_found(stored: list[StoredDocument]) -> None:
    assert [document.title for document in stored] == TITLES
    assert [document.date for document in stored] == DATES


def test_the_furniture_is_this_and_nothing_else(stored: list[StoredDocument]) -> None:
    picture = "Cán bộ Mặt trận Tổ quốc phường Hà Lầm xuống địa bàn dân cư nắm tình hình tư tưởng"
    office = "Lãnh đạo UBND phường Hà Lầm tiếp nhận, hướng dẫn thủ tục hành chính cho người dân"
    expected = [
        ["các bài viết chuyên sâu", TITLES[0], "Ngày đăng 08/03/2018 | 07:39 | Lượt xem: 413"],
        [
            TITLES[1],
            "08:01 | 31/01/2018",
            (
                "Xác định xây dựng đảng là nhiệm vụ then chốt, có ý nghĩa quyết định trong hoàn "
                "thành các nhiệm vụ chính trị ở địa phương,"
            ),
        ],
        [
            "CÔNG TÁC ĐẢNG",
            TITLES[2],
            "Ngày đăng 05/09/2015 | 09:51 | Lượt xem: 386",
            (
                "Hơn 4 năm thực hiện Chỉ thị 03-CT/TƯ của Bộ Chính trị là quá trình chuyển biến "
                "đáng kể từ nhận thức tới hành động của các tập thể và cá nhân cán bộ, đảng viên, "
                "nhân dân phường Phúc Lợi."
            ),
        ],
        [
            TITLES[3],
            "Thứ Năm, 10/01/2019, 08:01 [GMT+7]",
            f"{picture} nhân dân",
            office,
        ],
        [
            TITLES[4],
            "Lượt xem: 179",
            *["anh tin bai"] * 4,
            (
                "Nguồn: https://baobinhphuoc.com.vn/news/32/142636/"
                "dong-xoai-tien-toi-xay-dung-dang-bo-kieu-mau"
            ),
            "",
            "ỦY BAN NHÂN DÂN THÀNH PHỐ ĐỒNG XOÀI",
            "Cơ quan chủ quản : Văn phòng HĐND & UBND Thành Phố Đồng Xoài",
            "Địa chỉ : 1377 - Phú Riềng Đỏ, phường Tân Phú, thành phố Đồng Xoài, Bình Phước",
            "Điện thoại : 0271.3879.736 ; Fax : 0271.3887.436",
            'Ghi rõ nguồn "www.dongxoai.gov.vn" khi phát hành nội dung từ website này',
            "Thiết kế bởi VNPT Bình Phước | Quản trị",
        ],
    ]
    assert [furniture_lines(document) for document in stored] == expected


def test_one_copy_of_a_repeated_line_stays_text(stored: list[StoredDocument]) -> None:
    for number, line in (
        (1, "có ý nghĩa quyết định trong hoàn thành các nhiệm vụ chính trị ở địa phương"),
        (2, "Hơn 4 năm thực hiện Chỉ thị 03-CT/TƯ của Bộ Chính trị"),
        (3, "phường Hà Lầm xuống địa bàn dân cư nắm tình hình tư tưởng nhân dân"),
    ):
        document = stored[number]
        body = [
            document.text[part.start : part.end] for part in document.passages if not part.furniture
        ]
        assert sum(piece.count(line) for piece in body) == 1


def test_bylines_stay_text(stored: list[StoredDocument]) -> None:
    for number, name in ((1, "Nguyễn Khánh"), (3, "Quang Minh"), (4, "Quang Xuân")):
        document = stored[number]
        at = document.text.rindex(name)
        (home,) = [part for part in document.passages if part.start <= at < part.end]
        assert not home.furniture


def test_a_heading_begins_its_passage(stored: list[StoredDocument]) -> None:
    document = stored[4]
    beginnings = {document.text[part.start : part.start + 12] for part in document.passages}
    assert "Bài 1\nĐỔI MỚ" in beginnings
    (home,) = [
        part
        for part in document.passages
        if part.start <= document.text.index("Hiệu quả cấp ủy viên") < part.end
    ]
    assert "Trong suốt quá trình lãnh đạo" in document.text[home.start : home.end]


def test_passages_have_a_readable_size(stored: list[StoredDocument]) -> None:
    sizes = [
        part.end - part.start
        for document in stored
        for part in document.passages
        if not part.furniture
    ]
    assert max(sizes) <= 1_200
    assert sum(400 <= size <= 1_000 for size in sizes) / len(sizes) >= 0.75
