"""show, suggest, analyze, stats, check, rebuild, remove."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

import searchdb
from searchdb import Document

if TYPE_CHECKING:
    from tests.cli.conftest import Run

SEED = "seeds/002_16852d0ddb88eb58.txt"


@pytest.fixture
def notes(run: Run) -> Path:  # noqa: ARG001 - it makes the folder to work in
    """An index with one document of a file and two that came from nowhere."""
    Path("tin.txt").write_text("Chợ nổi họp từ mờ sáng.", encoding="utf-8")
    with searchdb.open("index", create=True) as db:
        db.sync(["tin.txt"])
        db.add(
            [
                Document(id="a#1", text="Đình làng mở hội.", title="Hội", meta={"tỉnh": "Huế"}),
                Document(id="a", text="Một.\n\nHai."),
            ]
        )
    return Path("index")


def break_one(index: Path, ending: str) -> str:
    """Cut a file of the newest commit short, one that the commit before does not have."""
    newest: dict[str, object]
    before: dict[str, object]
    newest, before = (
        json.loads(path.read_bytes())["files"] if path.exists() else {}
        for path in (index / "manifest.json", index / "previous.json")
    )
    names = ["manifest.json", *sorted(newest.keys() - before.keys())]
    path = index / next(name for name in names if name.endswith(ending))
    path.write_bytes(path.read_bytes()[:50])
    return path.name


def test_show_gives_fields_and_text(run: Run, seeds_index: Path) -> None:
    result = run("show", SEED, "-d", seeds_index)
    head, _, text = result.stdout.partition("\n\n")
    assert result.exit_code == 0
    assert head.splitlines()[0] == f"id: {SEED}"
    assert "ngày: 05/09/2015" in head
    assert "Chỉ thị 03-CT/TW" in text


def test_show_gives_one_passage(run: Run, seeds_index: Path) -> None:
    whole = run("show", SEED, "-d", seeds_index).stdout
    passage = run("show", f"{SEED}#1", "-d", seeds_index)
    assert passage.exit_code == 0
    assert passage.stdout.strip() in whole
    assert len(passage.stdout) < len(whole) / 2


def test_an_id_with_a_number_sign_is_tried_whole_first(run: Run, notes: Path) -> None:
    assert "Đình làng" in run("show", "a#1", "-d", notes).stdout
    assert run("show", "a#1#0", "-d", notes).stdout == "Đình làng mở hội.\n"
    assert run("show", "a#0", "-d", notes).stdout.startswith("Một.")


@pytest.mark.parametrize("place", ["nosuch", "a#99", "a#", "a#x", "a#²", "a#-1", "a#" + "9" * 5000])
def test_what_is_not_there_is_code_1(run: Run, notes: Path, place: str) -> None:
    result = run("show", place, "-d", notes)
    assert (result.exit_code, result.stdout) == (1, "")
    assert result.stderr.count("\n") == 1


def test_suggest_finishes_what_is_typed(run: Run, seeds_index: Path) -> None:
    result = run("suggest", "sinh", "ho", "-n", "3", "-d", seeds_index)
    assert result.exit_code == 0
    assert result.stdout.splitlines() == ["sinh hoạt"]  # nothing else follows in the seeds
    assert len(run("suggest", "chi", "-n", "3", "-d", seeds_index).stdout.splitlines()) == 3
    assert run("suggest", "xyzzyx", "-d", seeds_index).exit_code == 1


def test_analyze_shows_tokens_without_an_index(run: Run) -> None:
    result = run("analyze", "Chỉ thị", "03-CT/TW")
    assert result.exit_code == 0
    assert [line.split() for line in result.stdout.splitlines()[:2]] == [
        ["text", "key", "folded", "kind", "position", "word"],
        ["Chỉ", "chỉ", "chi", "syllable", "0", "0"],
    ]
    answer = json.loads(run("analyze", "Chỉ thị", "--format", "json").stdout)
    assert (answer["version"], answer["text"]) == (1, "Chỉ thị")
    assert list(answer["tokens"][0]) == [
        "text",
        "start",
        "end",
        "kind",
        "key",
        "folded",
        "position",
        "word",
    ]
    assert run("analyze", "...").exit_code == 1


def test_stats_in_words_and_in_json(run: Run, notes: Path) -> None:
    result = run("stats", "-d", notes)
    assert result.exit_code == 0
    assert "tài liệu         3" in result.stdout
    answer = json.loads(run("stats", "-d", notes, "--format", "json").stdout)
    assert (answer["version"], answer["documents"], answer["files"]) == (1, 3, 1)
    assert len(result.stdout.splitlines()) == len(answer) - 1


def test_remove_drops_documents(run: Run, notes: Path) -> None:
    result = run("remove", "a", "nosuch", "-d", notes)
    assert result.exit_code == 1
    assert "nosuch" in result.stderr
    assert "Đã xóa 1 tài liệu." in result.stderr
    assert run("show", "a", "-d", notes).exit_code == 1
    assert run("remove", "a#1", "-d", notes).exit_code == 0


def test_remove_takes_globs_for_what_is_no_id(run: Run, notes: Path) -> None:
    with searchdb.open(notes) as db:
        db.add([Document(id="tin/*", text="Một."), Document(id="tin/b/c", text="Hai.")])
    shown = run("remove", "tin/*", "*#?", "--dry-run", "-d", notes)
    assert (shown.exit_code, shown.stdout) == (0, "tin/*\na#1\n")
    assert shown.stderr == "Chạy thử, không ghi gì: 2 tài liệu\n"
    assert "Đã xóa 1 tài liệu." in run("remove", "tin/*", "-d", notes).stderr
    assert "Đã xóa 1 tài liệu." in run("remove", "tin/*", "-d", notes).stderr
    assert run("remove", "tin/*", "-d", notes).exit_code == 1


def test_check_of_a_sound_index_and_of_none(run: Run, notes: Path) -> None:
    sound = run("check", "-d", notes)
    assert (sound.exit_code, sound.stdout) == (0, "")
    Path("empty").mkdir()
    assert run("check", "-d", "empty").exit_code == 2
    assert run("check", "-d", "nosuch").exit_code == 2
    assert run("check", "-d", "tin.txt").exit_code == 2


@pytest.mark.parametrize("ending", [".toc", ".arrays", "manifest.json"])
def test_check_names_what_is_damaged(run: Run, notes: Path, ending: str) -> None:
    name = break_one(notes, ending)
    result = run("check", "-d", notes)
    assert (result.exit_code, result.stdout) == (1, f"{name}\n")
    assert "--repair" in result.stderr


@pytest.mark.parametrize(
    ("lang", "note"), [("vi", "{} bị hỏng, đây là lần ghi"), ("en", "commit before, {} is damaged")]
)
def test_answers_of_the_commit_before_say_so(run: Run, notes: Path, lang: str, note: str) -> None:
    name = break_one(notes, ".arrays")
    for command in (("query", "chợ"), ("stats",)):
        for layout in ("text", "json"):
            result = run(*command, "-d", notes, "--lang", lang, "--format", layout)
            assert result.exit_code == 0
            assert result.stderr.count(note.format(name)) == 1
            assert "`searchdb check --repair`" in result.stderr
            assert name not in result.stdout
    refused = run("remove", "tin.txt", "-d", notes)
    assert refused.exit_code == 2
    assert name in refused.stderr


def test_repair_mends_what_lists_documents(run: Run, notes: Path) -> None:
    break_one(notes, ".toc")
    repaired = run("check", "--repair", "-d", notes)
    assert repaired.exit_code == 0
    assert "Đã lập lại chỉ mục: 3 tài liệu" in repaired.stderr
    sound = run("stats", "-d", notes)
    assert (sound.exit_code, sound.stderr) == (0, "")


def test_repair_makes_the_index_anew_from_the_sources(run: Run) -> None:
    Path("tin.txt").write_text("Chợ nổi họp từ mờ sáng.", encoding="utf-8")
    Path("searchdb.toml").write_text('sources = ["tin.txt"]\n', encoding="utf-8")
    run("index", "-q")
    break_one(Path("index"), ".arrays")
    assert run("query", "chợ").exit_code == 2
    repaired = run("check", "--repair")
    assert repaired.exit_code == 0
    assert "Đã lập lại chỉ mục: 1 tài liệu" in repaired.stderr
    assert run("check").exit_code == 0
    assert run("query", "chợ").exit_code == 0


def test_repair_gives_no_document_up_unasked(run: Run, notes: Path) -> None:
    break_one(notes, ".arrays")
    refused = run("check", "--repair", "-d", notes)
    assert refused.exit_code == 2
    assert "--discard" in refused.stderr
    given_up = run("rebuild", "tin.txt", "--discard", "-d", notes)
    assert given_up.exit_code == 0
    assert run("query", "chợ", "-d", notes).exit_code == 0


def test_rebuild_makes_no_index_of_nothing(run: Run) -> None:
    result = run("rebuild", "-d", "nosuch")
    assert result.exit_code == 2
    assert "không có chỉ mục trong" in result.stderr
    assert not Path("nosuch").exists()


def test_rebuild_keeps_what_came_from_no_file(run: Run, notes: Path) -> None:
    result = run("rebuild", "-d", notes)
    assert result.exit_code == 0
    assert "Đã lập lại chỉ mục: 3 tài liệu" in result.stderr
    assert run("query", "đình làng", "-d", notes).exit_code == 0
    assert run("rebuild", "-q", "-d", notes).stderr == ""
