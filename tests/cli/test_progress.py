"""The progress bar: late, on terminals only, and gone at the end."""

from __future__ import annotations

import io
import sys
from typing import TYPE_CHECKING

from searchdb.cli import progress
from searchdb.cli.progress import ProgressBar

if TYPE_CHECKING:
    import pytest


class Screen(io.StringIO):
    def isatty(self) -> bool:
        return True


def drawn(monkeypatch: pytest.MonkeyPatch, stream: io.StringIO, *, quiet: bool = False) -> str:
    """What some work shows on its way."""
    monkeypatch.setenv("TERM", "xterm")
    monkeypatch.setattr(sys, "stderr", stream)
    with ProgressBar("Đang làm", lambda: 10, quiet=quiet) as bar:
        for done in range(1, 11):
            bar.show(done, f"tệp\x1b[31m {done} [b]")
    return stream.getvalue()


def test_quick_work_draws_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    assert drawn(monkeypatch, Screen()) == ""


def test_longer_work_draws_a_bar_of_harmless_text(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(progress, "_PATIENCE", -1.0)
    shown = drawn(monkeypatch, Screen())
    assert "Đang làm" in shown
    assert "tệp\ufffd[31m 10 [b]" in shown


def test_nothing_is_drawn_unseen_or_unwanted(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(progress, "_PATIENCE", -1.0)
    assert drawn(monkeypatch, io.StringIO()) == ""
    assert drawn(monkeypatch, Screen(), quiet=True) == ""
