"""A TASK AND ITEMS -> each item and what the task makes of it, in order, made in several processes.

The processes are plain ones that talk through pipes: no guard in the caller's script, no fork of a
process with threads, and a notebook can start them. Laws: nothing is lost and nothing waits for
ever (what a process does not do is done in this one); at most two items a process are under way;
none outlives the iteration, nor this process; none writes where a person could see it.
"""

from __future__ import annotations

import os
import pickle
import signal
import subprocess
import sys
import threading
from collections import deque
from collections.abc import Callable, Generator, Iterable
from concurrent.futures import Future
from contextlib import suppress
from pathlib import Path
from queue import SimpleQueue
from typing import Any, TypeVar

__all__ = ["in_processes", "possible", "serve"]

_CHILD = (
    "import pickle, sys; sys.path[:] = pickle.load(sys.stdin.buffer); "
    "from searchdb.index.processes import serve; serve()"
)
_HEAD = 8
"""Bytes of the length that stands before each message."""

_T = TypeVar("_T")
_R = TypeVar("_R")


def possible() -> int:
    """How many processes can work at once here; 1 where none can be started."""
    name = Path(sys.executable or "").name.lower()
    if getattr(sys, "frozen", False) or not name.startswith(("python", "pypy")):
        return 1  # a program with Python inside: to start it again would be another program
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


def in_processes(
    task: Callable[[_T], _R], items: Iterable[_T], *, count: int
) -> Generator[tuple[_T, _R], None, None]:
    """Each item with `task(item)`, in the order of the items.

    The task, items and results are pickled; what cannot be, and what fails or dies on the way, is
    done here, so that an error of the task is raised as it is. Close the iterator to stop early.
    """
    pool = _Pool(task, count)
    waiting: deque[tuple[_T, Future[bytes]]] = deque()
    try:
        for item in items:
            waiting.append((item, pool.submit(item)))
            if len(waiting) > 2 * count:
                yield _done(task, *waiting.popleft())
        while waiting:
            yield _done(task, *waiting.popleft())
    finally:
        pool.close()


def _done(task: Callable[[_T], _R], item: _T, future: Future[bytes]) -> tuple[_T, _R]:
    """Wait for a result that is being made; make it here if none has begun to."""
    if not future.cancel() and (answer := future.result()):
        result: _R = pickle.loads(answer)  # noqa: S301 - from a process of our own
        return item, result
    return item, task(item)


class _Pool:
    """Processes, and for each a thread that hands it one message after the other."""

    def __init__(self, task: Callable[[Any], Any], count: int) -> None:
        self._messages: SimpleQueue[tuple[bytes, Future[bytes]] | None] = SimpleQueue()
        self._processes: list[subprocess.Popen[bytes]] = []
        self._threads: list[threading.Thread] = []
        self._count = count
        try:
            self._greeting = pickle.dumps(sys.path) + _framed(pickle.dumps(task))
        except _UNPICKLABLE:
            self._count = 0

    def submit(self, item: object) -> Future[bytes]:
        """Hand an item to the first process that is free; the answer is empty if none gave one."""
        future: Future[bytes] = Future()
        try:
            self._messages.put((pickle.dumps(item), future))
        except _UNPICKLABLE:
            future.set_result(b"")
            return future
        if len(self._processes) < self._count:
            self._start()
        return future

    def _start(self) -> None:
        """One process more; none any more where the system refuses it."""
        try:
            process = subprocess.Popen(  # noqa: S603 - this very Python
                [sys.executable, "-P", "-c", _CHILD],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=subprocess.DEVNULL,
                bufsize=0,
            )
        except OSError:
            self._count = len(self._processes)
            return
        self._processes.append(process)
        thread = threading.Thread(target=self._talk, args=(process,), daemon=True)
        self._threads.append(thread)
        thread.start()

    def _talk(self, process: subprocess.Popen[bytes]) -> None:
        """Until told to stop, or until the process is gone."""
        with suppress(OSError, EOFError):
            _write(process.stdin, self._greeting)
            _receive(process.stdout)
            while (given := self._messages.get()) is not None:
                message, future = given
                if not future.set_running_or_notify_cancel():
                    continue
                answer = b""
                try:
                    _write(process.stdin, _framed(message))
                    answer = _receive(process.stdout)
                finally:
                    future.set_result(answer)  # whatever happens, somebody waits for it

    def close(self) -> None:
        """End the processes, whatever they are doing; they have nothing to lose."""
        for process in self._processes:
            self._messages.put(None)
            with suppress(OSError):
                process.kill()
        for process in self._processes:
            process.wait()
        for thread in self._threads:
            if thread.ident is not None:  # begun
                thread.join()
        for process in self._processes:
            for stream in (process.stdin, process.stdout):
                if stream is not None:
                    with suppress(OSError):
                        stream.close()


_UNPICKLABLE = (pickle.PicklingError, AttributeError, TypeError, RecursionError, MemoryError)
"""What `pickle.dumps` raises for what it cannot write."""


def serve() -> None:
    """The life of such a process: the task, then items until there are no more."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # the one that was started by hand says when
    given = sys.stdin.buffer
    answers = os.fdopen(os.dup(1), "wb", buffering=0)
    os.dup2(2, 1)  # whoever prints must not be read as an answer
    with suppress(OSError, EOFError):
        task = pickle.loads(_receive(given))  # noqa: S301 - from the process that started this
        _write(answers, _framed(b"ready"))
        while True:
            _write(answers, _framed(_answer(task, _receive(given))))


def _answer(task: Callable[[Any], Any], message: bytes) -> bytes:
    """The pickled result; empty where there is none, for the other process to see why."""
    try:
        return pickle.dumps(task(pickle.loads(message)))  # noqa: S301 - as above
    except Exception:  # noqa: BLE001 - done again there, where it is raised
        return b""


def _framed(message: bytes) -> bytes:
    return len(message).to_bytes(_HEAD, "little") + message


def _write(stream: Any, data: bytes) -> None:  # noqa: ANN401 - raw, as Popen's pipes are
    """All of the data: a raw stream may take a part of it at a time."""
    rest = memoryview(data)
    while rest:
        rest = rest[stream.write(rest) :]


def _receive(stream: Any) -> bytes:  # noqa: ANN401 - as above
    """The next message; EOFError where there is none."""
    return _read(stream, int.from_bytes(_read(stream, _HEAD), "little"))


def _read(stream: Any, size: int) -> bytes:  # noqa: ANN401 - as above
    data = bytearray(size)
    rest = memoryview(data)
    while rest:
        count = stream.readinto(rest)
        if not count:
            raise EOFError
        rest = rest[count:]
    return bytes(data)
