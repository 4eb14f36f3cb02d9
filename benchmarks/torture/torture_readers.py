"""A WRITER AND MANY READERS -> FAILURES: processes, and threads that share one SearchDB.

Law: whoever looks sees one state of the history, whole, none older than what was acknowledged
before the look, and never one older than that seen before.
"""

from __future__ import annotations

import mmap
import struct
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

from torture_child import Child
from torture_model import FailureError, History, contents, fresh, marker, perform, prepare

import searchdb

__all__ = ["readers", "threads"]

_READERS, _THREADS = 8, 16
_FIRST = 4
"""Changes that are made before anybody looks."""


class Counter:
    """A number that forked processes share: the last change that was acknowledged."""

    def __init__(self) -> None:
        self._memory = mmap.mmap(-1, 8)

    def set(self, number: int) -> None:
        """Eight bytes at once."""
        self._memory[:] = struct.pack("=q", number)

    def get(self) -> int:
        """As above."""
        return int(struct.unpack("=q", self._memory[:])[0])


def readers(root: Path, seed: int, seconds: float) -> Iterator[str]:
    """One writing process, eight that look; each opens the index anew now and then."""
    history, done = History(seed), Counter()
    _begin(root, history, done)
    until = time.monotonic() + seconds
    everyone = {"writer": Child(_writing(root, history, done, until))}
    everyone |= {
        f"reader {n}": Child(_reading(root, history, done, until)) for n in range(_READERS)
    }
    looks = 0
    for name, child in everyone.items():
        ended = child.wait(seconds + 120)
        if ended.trouble:
            yield f"{name}, after {done.get()} changes: {ended.trouble}"
        elif name != "writer":
            looks += ended.lines[-1]
    if done.get() <= _FIRST or looks < _READERS:
        yield f"{done.get()} changes and {looks} looks are too few to tell anything"


def _begin(root: Path, history: History, done: Counter) -> None:
    fresh(root)
    with searchdb.open(root / "index", create=True, base=root) as db:
        for number in range(1, _FIRST + 1):
            prepare(root, history.change(number))
            perform(db, root, history.change(number))
    done.set(_FIRST)


def _writing(
    root: Path, history: History, done: Counter, until: float
) -> Callable[[Callable[[Any], None]], None]:
    def work(_: Callable[[Any], None]) -> None:
        number = done.get()
        with searchdb.open(root / "index", base=root) as db:
            while time.monotonic() < until:
                number += 1
                prepare(root, history.change(number))
                perform(db, root, history.change(number))
                done.set(number)

    return work


def _reading(
    root: Path, history: History, done: Counter, until: float
) -> Callable[[Callable[[Any], None]], None]:
    def work(say: Callable[[Any], None]) -> None:
        looks = seen = 0
        while time.monotonic() < until:
            with searchdb.open(root / "index") as db:
                for _ in range(10):
                    seen = _look(db, history, done, seen)
                    looks += 1
        say(looks)

    return work


def _look(db: searchdb.SearchDB, history: History, done: Counter, seen: int) -> int:
    """One look at the newest state; which it is."""
    oldest = max(done.get(), seen)
    db.refresh()
    found, total = contents(db), db.search("mốc").total
    if not total == len(found) == len(db):
        message = f"{len(found)} documents, {total} of them found, {len(db)} counted"
        raise FailureError(message)
    for number in range(oldest, done.get() + 2):
        if found == history.state(number):
            wanted = marker(number)
            holding = sum(wanted in text.split() for text in found.values())
            if holding and db.search(wanted).total != holding:
                message = f"change {number} is there, its texts are not found"
                raise FailureError(message)
            return number
    message = f"what is seen is none of the states from {oldest} to {done.get() + 1}"
    raise FailureError(message)


def threads(root: Path, seed: int, seconds: float) -> Iterator[str]:
    """Sixteen threads search one SearchDB that another refreshes while a process writes."""
    history, done = History(seed), Counter()
    _begin(root, history, done)
    until = time.monotonic() + seconds
    writer = Child(_writing(root, history, done, until))
    shown = _FIRST  # the least that every search must see
    lock = threading.Lock()

    def search(db: searchdb.SearchDB) -> int:
        searches = 0
        while time.monotonic() < until:
            oldest = shown
            result = db.search("mốc chi bộ", match="any", limit=100)
            with lock:
                states = [history.state(each) for each in range(oldest, done.get() + 2)]
            ids = {hit.id for hit in result.hits}
            if not any(ids == set(state) and result.total == len(state) for state in states):
                message = f"{result.total} found, {len(ids)} shown: no state from {oldest} on"
                raise FailureError(message)
            searches += 1
        return searches

    with searchdb.open(root / "index") as db, ThreadPoolExecutor(_THREADS) as pool:
        running = [pool.submit(search, db) for _ in range(_THREADS)]
        while time.monotonic() < until and not any(each.done() for each in running):
            acknowledged = done.get()
            db.refresh()
            shown = acknowledged
            time.sleep(0.01)
        until = min(until, time.monotonic())
        for number, each in enumerate(running):
            if error := each.exception():
                yield f"thread {number}, after {done.get()} changes: {error!r}"
        if not any(each.exception() for each in running) and done.get() <= _FIRST:
            yield "no change was made: too few to tell anything"
    writer.kill()
    ended = writer.wait()
    if ended.code > 0:
        yield f"writer: {ended.trouble}"
