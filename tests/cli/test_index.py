"""`searchdb index`: from files and JSON Lines to an index, and what is told about it."""

from __future__ import annotations

import gzip
import json
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, cast

import pytest

import searchdb
from searchdb import Document
from searchdb.cli import indexing
from searchdb.cli.messages import Voice
from searchdb.model import AddReport

if TYPE_CHECKING:
    from tests.cli.conftest import Run


@pytest.fixture
def news(run: Run) -> Path:  # noqa: ARG001 - it makes the folder to work in
    folder = Path("tin")
    folder.mkdir()
    for name, text in {
        "chợ.txt": "Chợ nổi họp từ mờ sáng.",
        "đình.md": "# Đình làng\n\nHội làng mở vào mùa xuân.",
        "cầu.txt": "Cầu treo bắc qua suối.",
    }.items():
        (folder / name).write_text(text, encoding="utf-8")
    return folder


def jsonl(*ids: str) -> str:
    return "".join(json.dumps({"id": each, "text": f"bài {each}"}) + "\n" for each in ids)


def ids_of(index: str = "index") -> set[str]:
    with searchdb.open(index) as db:
        return set(db.ids())


def test_new_changed_and_lost_files(run: Run, news: Path) -> None:
    first = run("index", "tin")
    assert (first.exit_code, first.stdout) == (0, "")
    assert first.stderr.startswith("index: 3 mới, 0 sửa, 0 xóa, 0 giữ nguyên, 0 lỗi (")
    assert ids_of() == {"tin/chợ.txt", "tin/đình.md", "tin/cầu.txt"}
    (news / "chợ.txt").write_text("Chợ họp cả ngày, ghe đậu kín bến.", encoding="utf-8")
    (news / "cầu.txt").unlink()
    second = run("index", "tin")
    assert second.stderr.startswith("index: 0 mới, 1 sửa, 1 xóa, 1 giữ nguyên, 0 lỗi (")
    assert run("query", "ghe", "--format", "paths").stdout == "tin/chợ.txt\n"


def test_lost_files_are_kept_on_demand(run: Run, news: Path) -> None:
    run("index", "tin", "-q")
    (news / "cầu.txt").unlink()
    assert " 0 xóa, " in run("index", "tin", "--no-prune").stderr
    assert "tin/cầu.txt" in ids_of()


def test_a_dry_run_writes_nothing(run: Run, news: Path) -> None:
    result = run("index", news, "--dry-run")
    assert result.stderr.startswith("Chạy thử, không ghi gì: 3 mới,")
    assert not Path("index").exists()


def test_globs_choose_files(run: Run, news: Path) -> None:
    run("index", news, "--include", "*.txt", "--exclude", "cầu*", "--exclude", "nháp")
    assert ids_of() == {"tin/chợ.txt"}


def test_documents_of_files_that_are_excluded_later_are_kept_and_told(run: Run, news: Path) -> None:
    run("index", news, "-q")
    later = run("index", news, "--exclude", "c*")
    assert "bị loại ra vẫn được giữ: 2 (tin/chợ.txt, tin/cầu.txt)" in later.stderr
    assert " 0 xóa, 1 giữ nguyên, " in later.stderr
    assert len(ids_of()) == 3
    assert run("remove", "tin/c*", "-q").exit_code == 2
    assert run("remove", "tin/c*").exit_code == 0
    assert ids_of() == {"tin/đình.md"}
    assert "loại ra" not in run("index", news, "--exclude", "c*").stderr


def test_a_file_that_is_gone_goes_whatever_is_excluded(run: Run, news: Path) -> None:
    run("index", news, "-q")
    (news / "cầu.txt").unlink()
    assert " 1 xóa, " in run("index", news, "--exclude", "c*").stderr
    assert ids_of() == {"tin/chợ.txt", "tin/đình.md"}


def test_sources_of_the_settings_stand_in_for_paths(run: Run, news: Path) -> None:
    Path("searchdb.toml").write_text(f'sources = ["{news}"]\nindex = "kho"\n', encoding="utf-8")
    assert run("index").exit_code == 0
    assert len(ids_of("kho")) == 3


def test_nothing_to_index_is_an_error_that_names_the_ways(run: Run) -> None:
    result = run("index")
    assert result.exit_code == 2
    assert result.stderr.startswith("searchdb: ")
    for way in ("PATH", "--jsonl", "sources"):
        assert way in result.stderr


def test_bad_files_are_reported_and_the_others_indexed(run: Run, news: Path) -> None:
    (news / "hỏng.txt").write_bytes(bytes(range(256)) * 20)
    result = run("index", "tin", "nosuch", "--quiet")
    lines = result.stderr.splitlines()
    assert result.exit_code == 0
    assert [line.partition(":")[0] for line in lines] == ["searchdb", "searchdb"]
    assert any("nosuch" in line for line in lines)
    assert len(ids_of()) == 3


def test_nothing_that_can_be_read_is_an_error(run: Run) -> None:
    assert run("index", "nosuch").exit_code == 2
    assert run("index", "--jsonl", "nosuch").exit_code == 2
    assert run("index", "--jsonl", "-", input="{nope").exit_code == 2
    assert run("index", "").exit_code == 2


def test_globs_that_leave_nothing_are_told(run: Run, news: Path) -> None:
    for glob in (["--include", "*.csv"], ["--exclude", "*"]):
        assert "--include" in run("index", news, *glob).stderr.splitlines()[0]


def test_notes_speak_vietnamese(run: Run, news: Path) -> None:
    (news / "LÝ LỊCH").write_text("x", encoding="utf-8")
    (news / "a.png").write_bytes(b"x")
    (news / "sai.md").write_text("---\na: b: c\n---\nChợ phiên.", encoding="utf-8")
    notes = run("index", news).stderr
    assert "đã bỏ qua: 2 (.png, không đuôi)" in notes
    assert "tin/sai.md: phần đầu không phải YAML đơn giản (dòng 2): được coi là" in notes


def test_a_folder_without_texts_says_which_kinds_are_read(run: Run) -> None:
    Path("ảnh").mkdir()
    Path("ảnh/a.png").write_bytes(b"\x89PNG")
    result = run("index", "ảnh")
    assert result.exit_code == 0
    assert ".txt" in result.stderr


def test_quiet_is_silent_when_all_goes_well(run: Run, news: Path) -> None:
    result = run("index", news, "-q")
    assert (result.stdout, result.stderr) == ("", "")


def test_jsonl_from_standard_input(run: Run) -> None:
    result = run("index", "--jsonl", "-", input=jsonl("a", "b", "a"))
    assert result.exit_code == 0
    assert "1 tài liệu trùng id" in result.stderr
    assert "index: 2 mới, 0 sửa," in result.stderr
    assert "index: 0 mới, 2 sửa," in run("index", "--jsonl", "-", input=jsonl("a", "b")).stderr


def test_jsonl_from_a_packed_file_beside_files(run: Run, news: Path) -> None:
    Path("corpus.gz").write_bytes(gzip.compress(jsonl("a", "b").encode()))
    result = run("index", news, "--jsonl", "corpus.gz")
    assert "index: 5 mới," in result.stderr
    assert {"a", "b"} < ids_of()


def test_jsonl_alone_leaves_the_sources_alone(run: Run, news: Path) -> None:
    Path("searchdb.toml").write_text(f'sources = ["{news}"]\n', encoding="utf-8")
    run("index", "--jsonl", "-", "-q", input=jsonl("a"))
    assert ids_of() == {"a"}


def test_a_dry_run_of_jsonl_tells_new_from_known(run: Run) -> None:
    run("index", "--jsonl", "-", "-q", input=jsonl("a"))
    result = run("index", "--jsonl", "-", "--dry-run", input=jsonl("a", "b", "b"))
    assert "Chạy thử, không ghi gì: 1 mới, 1 sửa," in result.stderr
    assert ids_of() == {"a"}


def test_twenty_bad_lines_are_told_and_the_rest_counted(run: Run) -> None:
    result = run("index", "--jsonl", "-", "-q", input=jsonl("a") + "{bad}\n" * 33)
    lines = result.stderr.splitlines()
    assert result.exit_code == 0
    assert len(lines) == 21
    assert lines[0].startswith("searchdb: -:2: không phải JSON")
    assert lines[-1] == "searchdb: … và 13 lỗi khác"


def test_a_jsonl_file_that_gives_nothing_makes_no_index(run: Run) -> None:
    run("index", "--jsonl", "-", input="")
    assert not Path("index").exists()


class Taker:
    """Stands where the index stands, and keeps nothing."""

    def __init__(self, waiting: list[int]) -> None:
        self.waiting = waiting
        self.most = 0

    def add(self, documents: Iterator[Document], *, keep_furniture: bool) -> AddReport:
        assert not keep_furniture
        for _ in documents:
            self.most = max(self.most, len(self.waiting))
            self.waiting.pop()
        return AddReport(added=50)


def test_jsonl_is_read_as_it_is_added(monkeypatch: pytest.MonkeyPatch) -> None:
    waiting: list[int] = []

    def read(source: object, *, name: str) -> Iterator[Document]:  # noqa: ARG001 - as read_jsonl
        for number in range(50):
            waiting.append(number)
            yield Document(id=f"{name}{number}", text="một bài")

    monkeypatch.setattr("searchdb.readers.jsonl.read_jsonl", read)
    taker = Taker(waiting)
    db = cast("searchdb.SearchDB", taker)
    options = {"keep_furniture": False, "dry_run": False, "quiet": True}
    report = indexing.add_jsonl(db, "nosuch", **options, say=Voice("vi"))
    assert report.added == 50
    assert taker.most == 1


def test_ids_are_relative_to_the_folder_of_the_settings(run: Run, news: Path) -> None:
    run("index", news.resolve(), "-d", "sâu/trong/kho", "-q")
    assert "tin/chợ.txt" in ids_of("sâu/trong/kho")


def test_hostile_names_reach_no_terminal(run: Run, news: Path) -> None:
    (news / "a\x1b[31m.txt").write_text("x", encoding="utf-8")
    result = run("index", news)
    assert "\x1b" not in result.stderr
    assert " 1 lỗi " in result.stderr
