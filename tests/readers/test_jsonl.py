from __future__ import annotations

import gzip
import io
import json
import os
import tracemalloc
from typing import TYPE_CHECKING

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from searchdb.errors import ReadError
from searchdb.model import Document
from searchdb.readers import jsonl
from searchdb.readers.jsonl import read_jsonl

if TYPE_CHECKING:
    from pathlib import Path


def rows(data: bytes | str) -> list[Document | ReadError]:
    return list(read_jsonl(io.BytesIO(data.encode() if isinstance(data, str) else data), name="n"))


def one(record: object) -> Document | ReadError:
    (row,) = rows(json.dumps(record))
    return row


def reason(line: bytes | str) -> str:
    """The reason for which a line, the first of its file, is refused."""
    (row,) = rows(line)
    assert isinstance(row, ReadError)
    assert row.path == "n:1"
    return row.reason


def ids(found: list[Document | ReadError]) -> list[str]:
    """Ids of documents and paths of errors."""
    return [row.path if isinstance(row, ReadError) else row.id for row in found]


def test_our_own_form() -> None:
    record = {
        "id": "hà-lầm/1",
        "title": "Nâng cấp ngõ",
        "text": "Ngõ 5\r\nđã xong",
        "date": "05/09/2015",
        "meta": {"ward": "Hà Lầm", "pages": 2, "open": True, "note": None},
        "source": "https://phuong.example/1",
        "unknown": [1, 2],
    }
    assert one(record) == Document(
        id="hà-lầm/1",
        title="Nâng cấp ngõ",
        text="Ngõ 5\r\nđã xong",
        date="2015-09-05",
        meta={"ward": "Hà Lầm", "pages": 2, "open": True, "note": None},
        source="https://phuong.example/1",
    )


def test_beirs_form() -> None:
    record = {"_id": "d1", "title": "", "text": "chữ", "metadata": {"lang": "vi"}, "id": 5}
    assert one(record) == Document(id="d1", title="", text="chữ", meta={"lang": "vi"})
    crowded = {"_id": "d1", "text": "chữ", "metadata": {"cites": ["a"]}}
    assert one(crowded) == Document(id="d1", text="chữ")


@pytest.mark.parametrize(
    ("fields", "expected"),
    [
        ({"id": 7}, Document(id="7", text="a")),
        ({"id": -1.5}, Document(id="-1.5", text="a")),
        ({"title": None}, Document(id="1", text="a", title=None)),
        ({"title": ""}, Document(id="1", text="a", title="")),
        ({"text": "", "title": "b"}, Document(id="1", text="", title="b")),
        ({"date": None}, Document(id="1", text="a")),
        ({"date": "2015-09-05T07:00:00Z"}, Document(id="1", text="a", date="2015-09-05")),
        ({"meta": None, "source": ""}, Document(id="1", text="a")),
        ({"url": "http://a.example"}, Document(id="1", text="a", source="http://a.example")),
        ({"text": "\U0001f600"}, Document(id="1", text="\U0001f600")),
    ],
)
def test_fields_that_may_be_left_open(fields: dict[str, object], expected: Document) -> None:
    assert one({"id": "1", "text": "a", **fields}) == expected


@pytest.mark.parametrize(
    ("fields", "expected"),
    [
        ({"id": None}, "has no id"),
        ({"id": ""}, "non-empty text as its id"),
        ({"id": True}, "its id is true or false"),
        ({"id": ["a"]}, "its id is a list"),
        ({"id": "a\nb"}, "control character"),
        ({"id": float("nan")}, "its id is a number beyond all bounds"),
        ({"text": None}, "has no text"),
        ({"text": 5}, "its text is a number"),
        ({"text": " ", "title": ""}, "neither text nor title"),
        ({"title": {}}, "its title is an object"),
        ({"date": 2015}, "its date is a number"),
        ({"date": "30/02/2015"}, "is not a date"),
        ({"source": 1}, "its source is a number"),
        ({"meta": [1]}, "its meta is a list"),
        ({"meta": {"a": []}}, "its meta field 'a' is a list"),
        ({"meta": {"a": float("inf")}}, "beyond all bounds"),
        ({"meta": {"a": float("nan")}}, "beyond all bounds"),
        ({"text": "nửa \ud83d"}, "half a character"),
        ({"meta": {"\udc00": 1}}, "half a character"),
    ],
)
def test_fields_that_are_wrong(fields: dict[str, object], expected: str) -> None:
    assert expected in reason(json.dumps({"id": "1", "text": "a", **fields}))


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("{", "is not JSON: Expecting property name"),
        ('{"id": "1", "text": "a"} x', "is not JSON: Extra data at character 26"),
        ('["id"]', "is a list, not an object"),
        ("null", "is null, not an object"),
        ('"chữ"', "is text, not an object"),
        ('{"id": 1e999, "text": "a"}', "its id is a number beyond all bounds"),
        ('{"id": ' + "9" * 5000 + ', "text": "a"}', "too many digits"),
        ("[" * 100_000, "nested too deeply"),
        ('{"id": "1", "text": "a\x00b"}', "is not JSON: Invalid control character"),
        ('{"id": "1", "text": "chữ"}'.encode()[:-4] + b'"}', "is not valid UTF-8 (byte 24"),
    ],
)
def test_lines_that_are_wrong(line: bytes | str, expected: str) -> None:
    assert expected in reason(line)


def test_a_bad_line_is_reported_by_number_and_hides_no_other() -> None:
    data = (
        '\ufeff{"id": 1, "text": "a"}\r\n\n  \noops\n{"id": 2, "text": "b"}\n{"id": 3, "text": "c"}'
    )
    assert ids(rows(data)) == ["1", "n:4", "2", "3"]


@pytest.mark.parametrize("data", [b"", b"\n \r\n", gzip.compress(b"", mtime=0)])
def test_nothing_at_all_is_an_error(data: bytes) -> None:
    (error,) = rows(data)
    assert str(error) == "n: is empty: there is nothing to index"


def test_utf16_is_one_error() -> None:
    (error,) = rows('{"id": 1, "text": "a"}\n'.encode("utf-16") * 3)
    assert str(error) == "n: is UTF-16: save it as UTF-8"


def test_a_file_that_is_something_else_is_given_up() -> None:
    assert ids(rows("x\n" * 5000))[-2:] == ["n:1000", "n"]
    late = '{"id": 1, "text": "a"}\n' + "x\n" * 1500
    assert len(rows(late)) == 1501


def test_a_line_beyond_the_limit_is_passed_over(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(jsonl, "MAX_LINE", 40)
    short, long = '{"id": 1, "text": "a"}', '{"id": 2, "text": "' + "a" * 3_000_000 + '"}'
    found = rows(f"{short}\n{long}\n{short}\n{long}")
    assert ids(found) == ["1", "n:2", "1", "n:4"]
    assert "split the document" in str(found[1])


def test_a_path_is_read_packed_or_not_whatever_its_suffix(tmp_path: Path) -> None:
    data = b'{"id": 1, "text": "a"}\n{"id": 2, "text": "b"}\n'
    for name in ("a.jsonl", "a.jsonl.gz"):
        for content in (
            data,
            gzip.compress(data),
            gzip.compress(data[:23]) + gzip.compress(data[23:]),
        ):
            path = tmp_path / name
            path.write_bytes(content)
            assert ids(list(read_jsonl(path))) == ["1", "2"]
            assert ids(list(read_jsonl(str(path)))) == ["1", "2"]


def test_a_path_that_cannot_be_read_is_an_error(tmp_path: Path) -> None:
    def only(path: Path | str) -> str:
        (error,) = read_jsonl(path)
        assert isinstance(error, ReadError)
        return error.reason

    assert "no such file" in only(tmp_path / "none.jsonl")
    assert "is a folder" in only(tmp_path)
    assert "zero byte" in only("a\0b")
    assert "no such file" in only("\udcff.jsonl")


def test_a_pipe_is_read_as_it_is(tmp_path: Path) -> None:
    reading, writing = os.pipe()
    with os.fdopen(reading, "rb") as end, os.fdopen(writing, "wb") as start:
        start.write(gzip.compress(b'{"id": 1, "text": "a"}\n'))
        start.close()
        assert ids(list(read_jsonl(end, name="-"))) == ["1"]
        assert not end.closed
    assert not list(tmp_path.iterdir())


@pytest.mark.parametrize("cut", [5, 30, -9, -3])
def test_cut_gzip_gives_what_there_is_and_an_error_at_the_point(cut: int) -> None:
    lines = "".join(f'{{"id": {number}, "text": "chữ số {number}"}}\n' for number in range(5))
    found = rows(gzip.compress(lines.encode())[:cut])
    *documents, error = found
    assert str(error).startswith(f"n:{len(documents) + 1}: the gzip file is cut off here")
    assert ids(documents) == [str(number) for number in range(len(documents))]
    assert len(documents) == (5 if cut < 0 else 0)


def test_damaged_gzip_is_an_error_at_the_point() -> None:
    packed = bytearray(gzip.compress(b'{"id": 1, "text": "a"}\n'))
    packed[-8] ^= 255
    found = rows(bytes(packed))
    assert ids(found) == ["1", "n:2"]
    assert "damaged" in str(found[1])
    trailing = rows(gzip.compress(b'{"id": 1, "text": "a"}\n') + b"rest")
    assert ids(trailing) == ["1", "n:2"]


def test_a_stream_that_breaks_is_an_error_at_the_point() -> None:
    class Breaking(io.BytesIO):
        """Gives what it has, then fails as a lost disk does."""

        def readinto(self, buffer: object) -> int:
            count = super().readinto(buffer)  # type: ignore[arg-type]
            if count == 0:
                raise OSError(5, "Input/output error")
            return count

    assert ids(list(read_jsonl(Breaking(b'{"id": 1, "text": "a"}\n{"id"'), name="n"))) == [
        "1",
        "n:2",
    ]
    (error,) = read_jsonl(Breaking(b""), name="n")
    assert str(error) == "n: cannot be read on: [Errno 5] Input/output error"


def test_memory_does_not_grow_with_the_file() -> None:
    line = json.dumps({"id": "1", "text": "ngõ " * 2500}).encode() + b"\n"
    packed = gzip.compress(line * 1000, compresslevel=1)
    tracemalloc.start()
    try:
        assert sum(1 for _ in read_jsonl(io.BytesIO(packed))) == 1000
        assert tracemalloc.get_traced_memory()[1] < 2_000_000
    finally:
        tracemalloc.stop()


@settings(deadline=None)
@given(st.binary(max_size=300))
def test_any_bytes_give_documents_and_errors_and_nothing_is_raised(data: bytes) -> None:
    assert all(isinstance(row, Document | ReadError) for row in rows(data))
    assert all(isinstance(row, Document | ReadError) for row in rows(b"\x1f\x8b\x08" + data))


@settings(deadline=None)
@given(
    st.recursive(
        st.none() | st.booleans() | st.floats() | st.integers() | st.text(),
        lambda inner: (
            st.lists(inner)
            | st.dictionaries(
                st.sampled_from(
                    ["id", "_id", "text", "title", "date", "meta", "metadata", "source"]
                ),
                inner,
            )
        ),
        max_leaves=8,
    )
)
def test_any_json_gives_a_document_or_an_error(record: object) -> None:
    assert isinstance(one(record), Document | ReadError)
