"""The progress bar: late, on terminals only, and gone at the end."""

from __future__ import annotations

import io
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import searchdb
from searchdb.cli import progress
from searchdb.cli.progress import ProgressBar
from searchdb.readers.walk import walk

if TYPE_CHECKING:
    import pytest


class Screen(io.StringIO):
    def isatty(self) -> bool:
        return True


def drawn(monkeypatch: pytest.MonkeyPatch, stream: io.StringIO, *, quiet: bool = False) -> str:
    """What some work shows on its way."""
    monkeypatch.setenv("TERM", "xterm")
    monkeypatch.setattr(sys, "stderr", stream)
    with ProgressBar("Đang làm", 10, quiet=quiet) as bar:
        for done in range(1, 11):
            bar(done, f"tệp\x1b[31m {done} [b]")
    return stream.getvalue()


def test_quick_work_draws_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    assert drawn(monkeypatch, Screen()) == ""


def test_longer_work_draws_a_bar_of_harmless_text(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(progress, "_PATIENCE", -1.0)
    shown = drawn(monkeypatch, Screen())
    assert "Đang làm" in shown
    assert "tệp\ufffd[31m 10 [b]" in shown


def test_files_are_counted_as_they_are_found(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    for name in ("a.txt", "b.txt", "c.txt"):
        (tmp_path / name).write_text("chợ", encoding="utf-8")
    walks: list[object] = []

    def counted(*arguments: object, **options: object) -> object:
        walks.append(arguments)
        return walk(*arguments, **options)  # type: ignore[arg-type]

    monkeypatch.setattr("searchdb.changes.walk", counted)
    monkeypatch.setattr(progress, "_PATIENCE", -1.0)
    monkeypatch.setenv("TERM", "xterm")
    monkeypatch.setattr(sys, "stderr", screen := Screen())
    with searchdb.open(None, base=tmp_path) as db, ProgressBar("Đang làm") as bar:
        db.sync([tmp_path], progress=bar)
    assert "100%" in screen.getvalue()
    assert len(walks) == 1


def test_nothing_is_drawn_unseen_or_unwanted(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(progress, "_PATIENCE", -1.0)
    assert drawn(monkeypatch, io.StringIO()) == ""
    assert drawn(monkeypatch, Screen(), quiet=True) == ""
