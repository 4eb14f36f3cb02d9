"""WORK -> WHAT BECAME OF IT in a process of its own, forked so that everything is loaded already.

Whatever the work does (die, hang, bring the interpreter down) shows in the answer; nothing of it
reaches the parent. Needs a system with fork.
"""

from __future__ import annotations

import json
import math
import os
import select
import signal
import time
import traceback
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

__all__ = ["Child", "Ended", "run"]

_FAILED = 70
_TIMEOUT = 120.0


@dataclass(frozen=True, slots=True)
class Ended:
    """How a child ended: `code` as os.waitstatus_to_exitcode, `lines` what it said, as JSON."""

    code: int
    lines: tuple[Any, ...]

    @property
    def trouble(self) -> str:
        """Why it did not end by itself and in peace; empty if it did."""
        if self.code == _FAILED:
            return str(self.lines[-1]).strip() if self.lines else "failed"
        if self.code < 0:
            return f"ended by {signal.Signals(-self.code).name}"
        return ""


class Child:
    """A forked process that runs `work(say)`; `say` sends the parent a line of JSON."""

    def __init__(self, work: Callable[[Callable[[Any], None]], object]) -> None:
        reading, writing = os.pipe()
        self.pid = os.fork()
        if not self.pid:
            os.close(reading)
            _be_child(work, writing)
        os.close(writing)
        self._pipe = reading
        self._said = b""

    def kill(self) -> None:
        """End it at once, as `kill -9` does."""
        os.kill(self.pid, signal.SIGKILL)

    def heard(self, seconds: float, lines: float = math.inf) -> tuple[Any, ...]:
        """Every line so far, waiting that long for so many of them, or for the child to end."""
        until = time.monotonic() + seconds
        while self._said.count(b"\n") < lines and (left := until - time.monotonic()) > 0:
            if select.select([self._pipe], [], [], left)[0]:
                more = os.read(self._pipe, 1 << 16)
                if not more:
                    break
                self._said += more
        return tuple(json.loads(line) for line in self._said.split(b"\n")[:-1])

    def wait(self, seconds: float = _TIMEOUT) -> Ended:
        """Wait for its end; it is killed if it takes longer."""
        until = time.monotonic() + seconds
        self.heard(seconds)
        if time.monotonic() >= until:
            self.kill()
        _, status = os.waitpid(self.pid, 0)
        lines = self.heard(1)
        os.close(self._pipe)
        return Ended(os.waitstatus_to_exitcode(status), lines)


def _be_child(work: Callable[[Callable[[Any], None]], object], pipe: int) -> None:
    """Never returns: what the parent was doing is not for the child to go on with."""
    code = 0
    write = os.write  # the work may put another in its place

    def say(what: Any) -> None:  # noqa: ANN401 - anything JSON has
        write(pipe, json.dumps(what).encode() + b"\n")

    try:
        work(say)
    except BaseException:  # noqa: BLE001 - told to the parent
        code = _FAILED
        say(traceback.format_exc())
    finally:
        os._exit(code)


def run(work: Callable[[Callable[[Any], None]], object], seconds: float = _TIMEOUT) -> Ended:
    """Fork, work, wait."""
    return Child(work).wait(seconds)
