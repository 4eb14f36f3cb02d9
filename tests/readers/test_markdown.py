from __future__ import annotations

import pytest

from searchdb.readers import markdown
from searchdb.readers.dates import day
from searchdb.readers.source import ReadFile, Source


def read(text: str) -> ReadFile:
    return markdown.read(Source(text.encode(), id="a", source="ghi chép/a.md"))


def title(text: str) -> str | None:
    return read(text).documents[0].title


def test_front_matter_gives_title_date_and_fields_and_the_text_is_what_follows() -> None:
    body = "# Khác\n\n**Đậm**\n"
    text = f'---\ntitle: "Sổ tay: họp tổ"\nTags: [a, 7]\nDate: 05/09/2015\n---\n{body}'
    (document,) = read(text).documents
    assert document.title == "Sổ tay: họp tổ"
    assert document.date == "2015-09-05"
    assert document.meta == {"Tags": "a, 7"}
    assert document.text == body
    assert (document.id, document.source) == ("a", "ghi chép/a.md")


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("title: Họp tổ", "Họp tổ"),
        ("title: Họp  tổ  # tạm", "Họp tổ"),
        ("title: >-\n  Họp\n  tổ", "Họp tổ"),
        ("title:Họp tổ", "Đầu đề"),
        ("title: 'Họp # tổ' # tạm", "Họp # tổ"),
        ("title: Bài C#", "Bài C#"),
        ("title:", "Đầu đề"),
        ('title: ""', "Đầu đề"),
        ('title: "hở', "Đầu đề"),
        ("bài:\n  title: lồng trong", "Đầu đề"),
        ("subtitle: phụ", "Đầu đề"),
        ("title: " + "dài " * 500, "Đầu đề"),
    ],
)
def test_the_title_line_of_front_matter(line: str, expected: str) -> None:
    assert title(f"---\n{line}\n---\n\n# Đầu đề\n") == expected


def test_front_matter_must_begin_the_file_and_end() -> None:
    assert title("\n---\ntitle: a\n---\n# b\n") == "b"
    assert title("---\ntitle: a\n\n# b\n") == "b"
    assert title("---\ntitle: a\n...\n# b\n") == "a"
    assert title("--- \r\ntitle: a\r\n---\r\n") == "a"
    assert title("\ufeff---\ntitle: a\n---\nb\n") == "a"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("mở đầu\n\n# Họp tổ dân phố\n\n# Hai\n", "Họp tổ dân phố"),
        ("   #\tHọp \t tổ  ##  \n", "Họp tổ"),
        ("# C#\n", "C#"),
        ("# ##\n# Hai\n", "Hai"),
        ("## Cấp hai\n#dính\n    # mã\n", None),
        ("```sh\n# chú thích\n```\n# Thật\n", "Thật"),
        ("~~~~\n```\n~~~\n# mã\n~~~~\n# Thật\n", "Thật"),
        ("```\n# không đóng\n", None),
        ("# " + "dài " * 500 + "\n# Hai", "Hai"),
        ("không có gì", None),
        ("\n" * 100_000 + "# Phần cuối", None),
    ],
)
def test_the_first_heading_is_the_title(text: str, expected: str | None) -> None:
    assert title(text) == expected


def test_a_date_that_is_none_is_passed_over_with_a_note() -> None:
    found = read("---\ntitle: a\ndate: hôm qua\n---\nb\n")
    assert found.documents[0].date is None
    assert found.documents[0].meta == {"date": "hôm qua"}
    assert found.note is not None
    assert "'hôm qua' is not a date" in found.note
    assert read("---\ntitle: a\ndate:\n---\nb\n").note is None


@pytest.mark.parametrize(
    "written",
    [
        "2015-09-05",
        " 5/9/2015 ",
        "2015-09-05T23:30:00+07:00",
        "2015-09-05 08:00",
        "2015-09-05T08:00:00.123456Z",
        "2015-09-05 08:00:00 +0700",
    ],
)
def test_a_day_is_found_in_dates_and_time_stamps(written: str) -> None:
    assert day(written) == "2015-09-05"


@pytest.mark.parametrize("written", ["", "2015", "2015-02-30T08:00", "2015-09-05Tchiều"])
def test_what_is_no_day_is_refused(written: str) -> None:
    with pytest.raises(ValueError, match="is not a date"):
        day(written)
