"""`searchdb query`: what is found, what is told, and how it ends."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from tests.cli.conftest import Run


def test_hits_go_to_stdout_and_everything_else_to_stderr(run: Run, seeds_index: Path) -> None:
    result = run("query", "sinh hoat chi bo", "-d", seeds_index, "-n", "2")
    lines = result.stdout.splitlines()
    assert result.exit_code == 0
    assert [line[:3] for line in lines] == ["1. ", "   ", "2. ", "   "]
    assert lines[1].startswith("   seeds/00")
    assert "[sinh hoạt chi bộ]" in result.stdout.lower()
    assert result.stderr.startswith("Đang hiểu là: sinh hoạt chi bộ\n5 kết quả, đang xem 1–2 (")


def test_words_need_no_quotes(run: Run, seeds_index: Path) -> None:
    quoted = run("query", "kiểm tra thực hiện", "-d", seeds_index)
    loose = run("query", "kiểm", "tra", "-d", seeds_index, "thực", "hiện")
    assert loose.stdout == quoted.stdout
    assert loose.exit_code == 0


def test_a_word_with_a_hyphen_in_front_is_part_of_the_query(run: Run, seeds_index: Path) -> None:
    every = run("query", "chi", "bộ", "--format", "paths", "-d", seeds_index)
    fewer = run("query", "chi", "bộ", "-trường", "--format", "paths", "-d", seeds_index)
    assert fewer.exit_code == 0
    assert 0 < len(fewer.stdout.splitlines()) < len(every.stdout.splitlines())


@pytest.mark.parametrize("word", ["-dân", "-nghị", "-n", "--", "-học"])
def test_such_a_word_is_never_taken_for_the_folder_or_the_number_of_hits(
    run: Run, seeds_index: Path, word: str
) -> None:
    arguments = ["--", word] if word in {"-n", "--"} else [word]
    result = run("query", "-d", seeds_index, "chi bộ", *arguments)
    assert result.exit_code in {0, 1}
    assert "searchdb:" not in result.stderr


def test_one_letter_is_taken_for_a_flag_that_does_not_exist(run: Run) -> None:
    result = run("query", "chi bộ", "-l", "5")
    assert result.exit_code == 2
    assert "-l" in result.stderr


def test_close_matches_stand_under_a_line_of_their_own(run: Run, seeds_index: Path) -> None:
    result = run("query", "chỉ thị 03-CT/TW", "-d", seeds_index)
    exact, _, close = result.stdout.partition("\nGần giống:\n")
    assert exact.startswith("1. ")
    assert close.startswith("2. ")
    assert result.stderr.startswith("1 kết quả (")


def test_close_matches_alone_are_hits_too(run: Run, seeds_index: Path) -> None:
    result = run("query", "sinh hoatt chi bộ", "-d", seeds_index)
    assert result.exit_code == 0
    assert result.stdout.startswith("Gần giống:\n1. ")
    assert "Có phải bạn tìm: sinh hoạt chi bộ?" in result.stderr
    assert "Không có kết quả khớp hẳn" in result.stderr


def test_nothing_found_says_what_to_try(run: Run, seeds_index: Path) -> None:
    result = run("query", "xyzzy", "-d", seeds_index)
    assert result.exit_code == 1
    assert result.stdout == ""
    assert result.stderr.startswith("Không tìm thấy: xyzzy\n")
    assert "--match any" in result.stderr
    filtered = run("query", "chi bộ", "-d", seeds_index, "--after", "2030-01-01")
    assert filtered.exit_code == 1
    assert "--after" in filtered.stderr


def test_a_query_without_words_says_so(run: Run, seeds_index: Path) -> None:
    for query in ("", " ... "):
        result = run("query", query, "-d", seeds_index)
        assert (result.exit_code, result.stdout) == (1, "")
        assert "một chữ hoặc một số" in result.stderr


def test_an_empty_index_says_how_to_fill_it(run: Run) -> None:
    Path("nothing").mkdir()
    run("index", "nothing", "-q")
    result = run("query", "chi bộ")
    assert result.exit_code == 1
    assert "searchdb index" in result.stderr


def test_past_the_last_hit(run: Run, seeds_index: Path) -> None:
    result = run("query", "chi bộ", "-d", seeds_index, "--offset", "50")
    assert (result.exit_code, result.stdout) == (1, "")
    assert "--offset" in result.stderr


def test_dates_are_filters_in_both_spellings(run: Run, seeds_index: Path) -> None:
    iso = run("query", "chi bộ", "-d", seeds_index, "--before", "2015-09-05", "--match", "all")
    usual = run("query", "chi bộ", "-d", seeds_index, "--before", "05/09/2015", "--match", "all")
    assert iso.stdout == usual.stdout
    assert iso.stdout.splitlines()[0].endswith("    05/09/2015")
    assert len(iso.stdout.splitlines()) == 2


def test_newest_first(run: Run, seeds_index: Path) -> None:
    result = run("query", "chi bộ", "-d", seeds_index, "--sort", "date")
    assert result.stdout.splitlines()[0].endswith("    10/01/2019")


def test_where_asks_for_the_value_of_a_field(run: Run) -> None:
    lines = '{"id":"a","text":"chợ nổi","meta":{"tỉnh":"Cần Thơ"}}\n{"id":"b","text":"chợ nổi"}\n'
    run("index", "--jsonl", "-", input=lines)
    result = run("query", "chợ nổi", "--where", "tỉnh=Cần Thơ", "--format", "paths")
    assert result.stdout == "a\n"


@pytest.mark.parametrize("conditions", [["tỉnh"], ["=x"], ["a=1", "a=2"]])
def test_a_condition_that_cannot_be_is_an_error(run: Run, conditions: list[str]) -> None:
    flags = [part for each in conditions for part in ("--where", each)]
    result = run("query", "chợ", *flags)
    assert result.exit_code == 2
    assert "--where" in result.stderr


def test_explain_shows_the_sum(run: Run, seeds_index: Path) -> None:
    result = run("query", "chi bộ", "-d", seeds_index, "-n", "1", "--explain")
    last = result.stdout.splitlines()[-1]
    assert " = syllable (chi 0." in last
    assert " + word (chi bộ 0." in last


def test_plain_reads_no_syntax(run: Run, seeds_index: Path) -> None:
    result = run("query", "chi bộ -trường", "--plain", "-d", seeds_index, "--format", "jsonl")
    smart = run("query", "chi bộ -trường", "-d", seeds_index, "--format", "jsonl")
    assert len(result.stdout.splitlines()) > len(smart.stdout.splitlines())


def test_colors_only_where_they_are_wanted(run: Run, seeds_index: Path) -> None:
    query = ("query", "chi bộ", "-d", seeds_index)
    assert "\x1b[" not in run(*query).stdout
    assert "\x1b[1;31m" in run(*query, "--color", "always").stdout
    assert "[chi bộ]" not in run(*query, "--color", "always").stdout
    assert "\x1b[" in run(*query, env={"FORCE_COLOR": "1"}).stdout
    assert "\x1b[" not in run(*query, env={"FORCE_COLOR": "1", "NO_COLOR": "1"}).stdout
    assert "\x1b[" not in run(*query, "--color", "never", env={"FORCE_COLOR": "1"}).stdout


@pytest.mark.parametrize(
    "arguments",
    [
        ["-d", "nosuch"],
        ["-d", ""],
        ["--after", "hôm qua"],
        ["-n", "0"],
        ["-n", "99999"],
        ["--offset", "-1"],
        ["-(" * 60 + "a OR b" + ")" * 60],
        ["x" * 10_001],
    ],
)
def test_an_error_is_one_line_and_code_2(run: Run, seeds_index: Path, arguments: list[str]) -> None:
    result = run("query", "chi bộ", "-d", seeds_index, *arguments)
    assert (result.exit_code, result.stdout) == (2, "")
    assert result.stderr.startswith("searchdb: ")
    assert result.stderr.count("\n") == 1


def test_messages_speak_the_language_that_is_asked_for(run: Run, seeds_index: Path) -> None:
    query = ("query", "sinh hoat", "-d", seeds_index)
    assert "Read as: sinh hoạt" in run(*query, "--lang", "en").stderr
    assert "Read as: sinh hoạt" in run("--lang", "en", *query).stderr
    assert "Read as: sinh hoạt" in run(*query, env={"SEARCHDB_LANG": "en"}).stderr
    assert "Read as: sinh hoạt" in run(*query, env={"LANG": "en_US.UTF-8"}).stderr
    assert "Đang hiểu là" in run("--lang", "en", *query, "--lang", "vi").stderr


def test_settings_stand_in_for_flags(run: Run, seeds_index: Path) -> None:
    Path("searchdb.toml").write_text(f"index = '{seeds_index}'\nlimit = 1\n", encoding="utf-8")
    assert len(run("query", "chi bộ").stdout.splitlines()) == 2
    assert len(run("query", "chi bộ", "-n", "2").stdout.splitlines()) == 4
    assert len(run("query", "chi bộ", env={"SEARCHDB_LIMIT": "3"}).stdout.splitlines()) == 6
