"""The program as a process: pipes, locales, signals, and how little it loads."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import IO

import pytest

SOURCE = Path(__file__).resolve().parents[2] / "src"


@pytest.fixture
def environ(clean_environ: dict[str, str]) -> dict[str, str]:
    return clean_environ | {"PYTHONPATH": str(SOURCE)}


def start(
    arguments: list[str | Path],
    environ: dict[str, str],
    stdout: int | IO[bytes] = subprocess.PIPE,
) -> subprocess.Popen[bytes]:
    command = [sys.executable, "-m", "searchdb", *map(str, arguments)]
    return subprocess.Popen(  # noqa: S603 - our own program
        command, env=environ, stdout=stdout, stderr=subprocess.PIPE
    )


def finish(process: subprocess.Popen[bytes]) -> tuple[int, str, str]:
    stdout, stderr = process.communicate(timeout=60)
    return process.returncode, (stdout or b"").decode(), (stderr or b"").decode()


def loaded_by(code: str, environ: dict[str, str]) -> set[str]:
    """The modules that are loaded when some code has run."""
    listing = "import sys; print(*sorted(sys.modules))"
    shown = subprocess.run(  # noqa: S603 - our own program
        [sys.executable, "-c", f"{code}\n{listing}"],
        env=environ,
        capture_output=True,
        check=True,
        encoding="utf-8",
    )
    return set(shown.stdout.splitlines()[-1].split())


def test_a_query_loads_no_segmenter_and_nothing_of_the_looks(
    environ: dict[str, str], seeds_index: Path
) -> None:
    code = f"""
import sys
from searchdb.cli.app import main
sys.argv = ["searchdb", "query", "sinh hoat chi bo", "-d", {str(seeds_index)!r}]
try:
    main()
except SystemExit as end:
    assert end.code == 0
"""
    loaded = loaded_by(code, environ)
    assert "searchdb.backends.whoosh.searcher" in loaded
    assert not loaded & {"whoosh", "hashlib", "html", "socket"}
    assert not loaded & {"pyvi", "sklearn", "scipy", "pycrfsuite", "charset_normalizer", "rich"}
    assert not loaded & {"pydantic", "numpy.ma", "importlib.metadata"}
    ours = ("backends.memory", "changes", "passages", "readers", "query.keystrokes")
    assert not loaded & {f"searchdb.{name}" for name in (*ours, "query.spellings")}


def test_the_library_and_the_help_load_next_to_nothing(environ: dict[str, str]) -> None:
    heavy = {"pyvi", "sklearn", "whoosh", "numpy", "rich", "charset_normalizer"}
    assert not loaded_by("import searchdb", environ) & {*heavy, "typer"}
    assert not loaded_by("import searchdb.cli.app", environ) & heavy


def test_utf8_goes_out_whatever_the_locale_and_bytes_that_are_no_text_escaped(
    environ: dict[str, str], seeds_index: Path
) -> None:
    ascii_only = environ | {"LC_ALL": "C", "PYTHONUTF8": "0", "PYTHONCOERCECLOCALE": "0"}
    word = os.fsdecode(b"\xff")
    query: list[str | Path] = ["query", "chi", "bo", word, "-n", "1", "--format", "json"]
    code, stdout, _ = finish(start([*query, "-d", seeds_index], ascii_only))
    assert code == 0
    assert "chi bộ" in stdout.lower()
    assert json.loads(stdout)["query"] == "chi bo \udcff"


def test_a_reader_who_leaves_is_no_error(environ: dict[str, str], seeds_index: Path) -> None:
    reading, writing = os.pipe()
    os.close(reading)
    process = start(["query", "chi bộ", "-d", seeds_index], environ, writing)
    os.close(writing)
    assert finish(process) == (141, "", "")


@pytest.mark.parametrize("arguments", [["--help"], ["query", "-h"], ["--version"]])
def test_help_and_version_know_of_readers_who_leave_and_of_full_disks(
    environ: dict[str, str], arguments: list[str | Path]
) -> None:
    reading, writing = os.pipe()
    os.close(reading)
    process = start(arguments, environ, writing)
    os.close(writing)
    assert finish(process) == (141, "", "")
    with Path(os.devnull).open("rb") as unwritable:
        code, _, stderr = finish(start(arguments, environ, unwritable))
    assert (code, stderr.count("\n")) == (2, 1)
    assert stderr.startswith("searchdb: ")


def test_results_that_cannot_be_written_are_one_line(
    environ: dict[str, str], seeds_index: Path
) -> None:
    with Path(os.devnull).open("rb") as unwritable:
        code, _, stderr = finish(start(["stats", "-d", seeds_index], environ, unwritable))
    assert code == 2
    assert stderr.startswith("searchdb: ")
    assert stderr.count("\n") == 1


def test_ctrl_c_ends_in_one_line_and_leaves_no_index(
    environ: dict[str, str], tmp_path: Path
) -> None:
    index = tmp_path / "index"
    # Packages that are being imported may swallow the signal, so they are imported first.
    code = f"""
import searchdb
from searchdb.cli.app import main
with searchdb.open({str(tmp_path / "other")!r}, create=True) as db:
    db.add([searchdb.Document(id="a", text="chợ")])
main()
"""
    process = subprocess.Popen(  # noqa: S603 - our own program
        [sys.executable, "-W", "ignore", "-c", code, "index", "--jsonl", "-", "-d", str(index)],
        env=environ,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    )
    assert process.stdin
    for number in range(2000):
        process.stdin.write(b'{"id":%d,"text":"bai"}\n' % number)
    process.stdin.flush()
    while not list(index.glob("*WRITELOCK")):  # it is adding
        assert process.poll() is None
        time.sleep(0.01)
    process.send_signal(signal.SIGINT)
    assert finish(process) == (130, "", "searchdb: Đã dừng; chỉ mục vẫn nguyên vẹn.\n")
    assert not (index / "manifest.json").exists()
