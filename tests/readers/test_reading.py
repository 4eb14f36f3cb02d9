from __future__ import annotations

import hashlib
import os
import subprocess
import sys
import time
from pathlib import Path

import pytest

from searchdb.errors import ReadError
from searchdb.model import Document
from searchdb.readers import FileStamp, load, read, source, supported

TEXT = "Chi bộ tổ dân phố số 3\n\nĐồng chí bí thư khai mạc cuộc họp tháng Chín.\n"


def reason(path: Path | str, encoding: str = "auto") -> str:
    """The reason for which a file cannot be read."""
    with pytest.raises(ReadError) as caught:
        read(path, encoding=encoding)
    assert str(caught.value).startswith(caught.value.path)
    return caught.value.reason


def test_a_text_file_is_one_document_with_title_and_date_left_open(tmp_path: Path) -> None:
    path = tmp_path / "biên bản.txt"
    path.write_text(TEXT)
    expected = Document(id=path.as_posix(), text=TEXT, source=path.as_posix())
    assert list(read(path)) == [expected]
    assert list(read(str(path))) == [expected]
    assert expected.title is None


def test_the_id_can_be_given_and_the_source_stays_the_path_as_named(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "a.TXT").write_text(TEXT)
    monkeypatch.chdir(tmp_path)
    (document,) = read("./a.TXT", id="tin/a")
    assert (document.id, document.source) == ("tin/a", "a.TXT")


def test_load_stamps_the_bytes_that_were_read_and_names_the_file_in_its_note(
    tmp_path: Path,
) -> None:
    path = tmp_path / "a.txt"
    data = "Ngõ nhỏ, phố nhỏ, nhà tôi ở đó, đêm lặng nghe tiếng rao.".encode() + b"\xe1\xba"
    path.write_bytes(data)
    os.utime(path, ns=(1, 1_700_000_000_123_456_789))
    loaded = load(path)
    digest = hashlib.sha256(data).hexdigest()
    assert loaded.state == FileStamp(1_700_000_000_123_456_789, len(data), digest)
    assert loaded.note is not None
    assert loaded.note.startswith(f"{path.as_posix()}: is not valid utf-8")
    path.write_text(TEXT)
    assert load(path).note is None


def test_the_encoding_reaches_the_reader(tmp_path: Path) -> None:
    path = tmp_path / "a.txt"
    path.write_bytes("Ở đây".encode("utf-16-le"))
    assert next(read(path, encoding="utf-16-le")).text == "Ở đây"
    assert reason(path, "utf-8").startswith("is not valid utf-8")
    assert "unknown encoding" in reason(path, "klingon")


def test_supported_goes_by_the_suffix_in_any_case() -> None:
    assert supported("a/b.txt")
    assert supported(Path("B.Markdown"))
    assert not supported("a.pdf")
    assert not supported("txt")
    assert not supported(".txt")


@pytest.mark.parametrize("data", [b"", b"\xef\xbb\xbf", b" \r\n\t\n", "\u00a0\u3000".encode()])
def test_a_file_with_nothing_in_it_is_refused(tmp_path: Path, data: bytes) -> None:
    path = tmp_path / "a.txt"
    path.write_bytes(data)
    assert reason(path) == "is empty: there is nothing to index"


def test_a_binary_file_is_refused_by_content(tmp_path: Path) -> None:
    path = tmp_path / "a.txt"
    path.write_bytes(b"\x7fELF\x02\x01\x01" + bytes(64))
    assert "binary" in reason(path)


def test_what_is_not_there_or_not_a_file_is_refused(tmp_path: Path) -> None:
    assert "no such file" in reason(tmp_path / "none.txt")
    assert "no such file" in reason(tmp_path / "none.pdf")
    assert "is a folder" in reason(tmp_path)
    folder = tmp_path / "folder.txt"
    folder.mkdir()
    assert "is a folder" in reason(folder)
    (tmp_path / "a.txt").write_text(TEXT)
    assert "no such file" in reason(tmp_path / "a.txt" / "b.txt")
    (tmp_path / "a.xyz").write_text(TEXT)
    assert reason(tmp_path / "a.xyz").startswith("unknown kind of file: what can be read is .txt")


def test_links_lead_to_their_file_or_to_an_error(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text(TEXT)
    (tmp_path / "good.txt").symlink_to(tmp_path / "a.txt")
    (tmp_path / "broken.txt").symlink_to(tmp_path / "none.txt")
    (tmp_path / "circle.txt").symlink_to(tmp_path / "circle.txt")
    assert next(read(tmp_path / "good.txt")).text == TEXT
    assert "broken link" in reason(tmp_path / "broken.txt")
    assert "cannot be read" in reason(tmp_path / "circle.txt")


def test_a_pipe_is_refused_without_waiting_for_its_other_end(tmp_path: Path) -> None:
    path = tmp_path / "pipe.txt"
    os.mkfifo(path)
    assert "pipe" in reason(path)


def test_a_file_that_may_not_be_read_says_so(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "a.txt"
    path.write_text(TEXT)

    def refuse(*_: object) -> None:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(Path, "open", refuse)
    assert "permission denied" in reason(path)


def test_a_file_beyond_the_limit_is_not_even_opened(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "a.txt"
    path.write_text(TEXT)
    monkeypatch.setattr(source, "MAX_BYTES", path.stat().st_size)
    assert next(read(path)).text == TEXT
    monkeypatch.setattr(source, "MAX_BYTES", path.stat().st_size - 1)
    monkeypatch.setattr(Path, "open", None)
    assert "is too large" in reason(path)


@pytest.mark.parametrize("name", ["tin\udcff.txt", "a\nb.txt", "a\0b.txt", "\x1b[31m.txt"])
def test_a_name_that_cannot_be_kept_is_refused_and_safe_to_print(name: str) -> None:
    with pytest.raises(ReadError) as caught:
        read(name)
    assert "rename it" in caught.value.reason
    assert str(caught.value).isprintable()


def test_an_id_that_cannot_be_kept_is_an_error_of_the_file(tmp_path: Path) -> None:
    path = tmp_path / "a.txt"
    path.write_text(TEXT)
    with pytest.raises(ReadError, match="non-empty text as its id"):
        read(path, id=" ")


@pytest.mark.parametrize("suffix", [".txt", ".md"])
def test_a_large_file_on_one_line_is_read_in_no_time(tmp_path: Path, suffix: str) -> None:
    path = tmp_path / f"a{suffix}"
    text = "Ngõ nhỏ. " * 2_000_000
    path.write_text(text)
    begun = time.process_time()
    assert next(read(path)).text == text
    assert time.process_time() - begun < 2


def test_the_guesser_is_loaded_only_for_a_guess(tmp_path: Path) -> None:
    path = tmp_path / "a.txt"
    path.write_text(TEXT)
    program = (
        "import sys, searchdb.readers as r; list(r.read(sys.argv[1]));"
        "sys.exit('charset_normalizer' in sys.modules)"
    )
    environment = {"PYTHONPATH": os.pathsep.join(sys.path)}
    command = [sys.executable, "-c", program, str(path)]
    subprocess.run(command, env=environment, check=True)  # noqa: S603 - our own words
