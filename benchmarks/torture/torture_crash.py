"""CHANGES -> FAILURES where a writer dies or its disk fails: at random, and at every operation.

After each, the index must open, be sound, hold every change that was acknowledged, hold the one
under way whole or not at all, and take the next change.
"""

from __future__ import annotations

import shutil
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from random import Random
from statistics import median
from typing import Any

from torture_child import Child, Ended, run
from torture_disk import DIED, Disk
from torture_model import FailureError, History, contents, fresh, held, perform, prepare

import searchdb
from searchdb import StorageError

__all__ = ["disk_failures", "kills", "steps"]

_BEFORE_KILL = 5
"""Fewer changes than this are acknowledged before a writer is killed in the next ones."""

_SETTLED = 6
"""Changes that are made before those that are taken apart, so that there is something to merge."""


def kills(root: Path, seed: int, count: int) -> Iterator[str]:
    """Kill a writer that acknowledges change after change, at random moments."""
    chance = Random(seed)  # noqa: S311 - a test, not a secret
    history = History(seed)
    fresh(root)
    done = made = 0
    usual = 0.1  # seconds that a change takes
    for number in range(1, count + 1):
        writer = Child(_writing(root, history, done))
        writer.heard(60, lines=chance.randrange(_BEFORE_KILL))
        time.sleep(chance.uniform(0, 1.5 * usual))
        writer.kill()
        ended = writer.wait()
        times = [each for each in ended.lines if isinstance(each, float)]
        acknowledged = done + len(times)
        made += len(times)
        usual = median([usual, *times])
        try:
            if ended.code >= 0:
                raise FailureError(ended.trouble)  # noqa: TRY301 - a failure like the others
            done = held(root, history, range(acknowledged, acknowledged + 2))
        except Exception as error:  # noqa: BLE001 - whatever it is, it is a failure
            yield f"kill {number}, after change {acknowledged}: {type(error).__name__}: {error}"
            done = 0
            fresh(root)
    if made < count / 2:
        yield f"{made} changes: too few to tell anything"


def _writing(root: Path, history: History, done: int) -> Callable[[Callable[[Any], None]], None]:
    def work(say: Callable[[Any], None]) -> None:
        number = done
        with searchdb.open(root / "index", create=True, base=root) as db:
            while True:
                number += 1
                began = time.monotonic()
                prepare(root, history.change(number))
                perform(db, root, history.change(number))
                say(time.monotonic() - began)

    return work


def steps(root: Path, seed: int, changes: int, stride: int) -> Iterator[str]:
    """Kill a writer, and cut the power, before every operation of each of some changes.

    Of the operations every one that `stride` divides; the end of the change is always among them.
    """
    for fault in ("kill", "power"):
        yield from _taken_apart(root, seed, changes, stride, fault)


def disk_failures(root: Path, seed: int, changes: int, stride: int) -> Iterator[str]:
    """Let the disk be full from each operation on, and fail once at each, reading included."""
    for fault in ("full", "fails once"):
        yield from _taken_apart(root, seed, changes, stride, fault)


def _taken_apart(root: Path, seed: int, changes: int, stride: int, fault: str) -> Iterator[str]:
    history = History(seed)
    before = fresh(root / "before")
    done = 0
    for number in _chosen(history, changes):
        for made in range(done + 1, number):
            with searchdb.open(before / "index", create=True, base=before) as db:
                prepare(before, history.change(made))
                perform(db, before, history.change(made))
        done = number - 1
        counted = run(_attempt(_copied(before, root), history, number, fault, 0))
        if counted.trouble:
            yield f"change {number} without a fault: {counted.trouble}"
            return
        operations = counted.lines[0]
        for at in [*range(1, operations + 1, stride), operations + 1]:
            copy = _copied(before, root)
            ended = run(_attempt(copy, history, number, fault, at))
            if trouble := _judged(copy, history, number, ended):
                kind = history.change(number).kind
                yield f"{fault}, change {number} ({kind}), operation {at}: {trouble}"


def _chosen(history: History, count: int) -> list[int]:
    """The first change, then one of each kind, then others, out of forty; in order."""
    later = range(_SETTLED + 1, _SETTLED + 41)
    first = {history.change(number).kind: number for number in reversed(later)}
    others = sorted(later, key=lambda number: (number not in first.values(), number))
    return sorted([1, *others][:count])


def _copied(before: Path, root: Path) -> Path:
    copy = root / "copy"
    shutil.rmtree(copy, ignore_errors=True)
    shutil.copytree(before, copy)
    return copy


def _attempt(
    root: Path, history: History, number: int, fault: str, at: int
) -> Callable[[Callable[[Any], None]], None]:
    """Make a change on a bad disk; say how many operations it took, and the error if there was one.

    A process that lives on looks at the index again and makes the change if it is not made.
    """

    def work(say: Callable[[Any], None]) -> None:
        change = history.change(number)
        prepare(root, change)
        disk = Disk(root / "index", fault, at)
        with searchdb.open(root / "index", create=True, base=root) as db:
            contents(db)
            disk.install()
            try:
                perform(db, root, change)
            except StorageError as error:
                say(str(error))
            operations = disk.count
            if at > operations and fault == "power":
                say(operations)
                disk.strike()
            disk.at = 0
            if contents(db) not in (history.state(number - 1), history.state(number)):
                message = "the process that failed sees half a change"
                raise FailureError(message)
            if operations >= at > 0:
                perform(db, root, change)
                if contents(db) != history.state(number):
                    message = "the change cannot be made after the failure"
                    raise FailureError(message)
            say(operations)

    return work


def _judged(root: Path, history: History, number: int, ended: Ended) -> str:
    """What is wrong with the index that an attempt left, if anything is."""
    if ended.trouble:
        return ended.trouble
    first = number if ended.lines or ended.code != DIED else number - 1
    try:
        done = held(root, history, range(first, number + 1))
        for again in range(done + 1, number + 2):
            with searchdb.open(root / "index", create=True, base=root) as db:
                prepare(root, history.change(again))
                perform(db, root, history.change(again))
        held(root, history, range(number + 1, number + 2))
    except Exception as error:  # noqa: BLE001 - whatever it is, it is a failure
        return f"{type(error).__name__}: {error}"
    return ""
