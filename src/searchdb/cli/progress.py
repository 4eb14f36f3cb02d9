"""Calls of `progress(done, what)` in, a bar on standard error out once the work takes a second.

Law: nothing is drawn, and nothing of rich is imported, for work that is soon done or where nobody
is looking.
"""

from __future__ import annotations

import sys
import time
from types import TracebackType
from typing import TYPE_CHECKING, Self

from searchdb.cli.render import flat
from searchdb.cli.terminal import is_terminal

if TYPE_CHECKING:
    from rich.progress import Progress

__all__ = ["ProgressBar"]

_PATIENCE = 1.0
"""Seconds of work before a bar is drawn."""


class ProgressBar:
    """Shows how far some work has come while it is entered.

    It is a `searchdb.changes.Progress` itself; `total` is None as long as nobody knows it.
    """

    def __init__(self, label: str, total: int | None = None, *, quiet: bool = False) -> None:
        self._label = label
        self._total = total
        self._shown = not quiet and is_terminal(sys.stderr)
        self._began = time.monotonic()
        self._bar: Progress | None = None

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        if self._bar is not None:
            self._bar.stop()

    def expect(self, total: int) -> None:
        """Take note of the total."""
        self._total = total

    def __call__(self, done: int, what: str) -> None:
        """Take note that `done` of the total are done, `what` the last of them."""
        if not self._shown or time.monotonic() - self._began < _PATIENCE:
            return
        if self._bar is None:
            self._bar = _bar()
            self._bar.add_task(self._label, total=self._total, what="")
            self._bar.start()
        self._bar.update(self._bar.task_ids[0], completed=done, what=flat(what))


def _bar() -> Progress:
    from rich import progress  # noqa: PLC0415 - most runs are too short for a bar
    from rich.console import Console  # noqa: PLC0415 - only a terminal that waits needs it
    from rich.table import Column  # noqa: PLC0415 - only a terminal that waits needs it

    console = Console(stderr=True)
    console.width -= 2  # room for the ^C that a terminal writes
    name = Column(no_wrap=True, overflow="ellipsis", ratio=1)
    return progress.Progress(
        progress.TextColumn("{task.description}", markup=False),
        progress.BarColumn(bar_width=24),
        progress.TaskProgressColumn(),
        progress.TimeRemainingColumn(),
        progress.TextColumn("{task.fields[what]}", markup=False, table_column=name),
        console=console,
        transient=True,
        expand=True,
    )
