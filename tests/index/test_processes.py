"""WORK IN SEVERAL PROCESSES: nothing is lost, nothing is left behind, whatever becomes of them."""

from __future__ import annotations

import importlib
import os
import pickle
import subprocess
import sys
from concurrent.futures import Future
from typing import TYPE_CHECKING, Any

import pytest

from searchdb.index import processes
from searchdb.index.processes import in_processes, possible

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

TASKS = """
import os

def square(number):
    return number * number, os.getpid()

def noisy(number):
    print("noise")
    os.write(1, b"noise")
    os.write(2, b"noise")
    return square(number)

def fatal(item):
    number, parent = item
    if number == 3 and os.getpid() != parent:
        os._exit(1)
    return square(number)

def wrong(number):
    return square(number // (number - 3))

def odd(number):
    return square if number % 2 else lambda: square
"""


@pytest.fixture
def task(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Callable[[str], Any]]:
    """A task by its name, from a module that other processes find as this one does."""
    (tmp_path / "tasks_of_a_test.py").write_text(TASKS)
    monkeypatch.syspath_prepend(tmp_path)
    module = importlib.import_module("tasks_of_a_test")
    yield lambda name: getattr(module, name)
    del sys.modules["tasks_of_a_test"]


@pytest.fixture
def started(monkeypatch: pytest.MonkeyPatch) -> list[subprocess.Popen[bytes]]:
    """The processes that were started."""
    found: list[subprocess.Popen[bytes]] = []

    class Recorded(subprocess.Popen[bytes]):
        def __init__(self, *args: Any, **kwargs: Any) -> None:  # noqa: ANN401
            super().__init__(*args, **kwargs)
            found.append(self)

    monkeypatch.setattr(subprocess, "Popen", Recorded)
    return found


@pytest.fixture
def patient(monkeypatch: pytest.MonkeyPatch) -> None:
    """This process does nothing that another may still do."""
    monkeypatch.setattr(Future, "cancel", lambda _: False)


def check_ended(started: list[subprocess.Popen[bytes]], count: int) -> None:
    assert len(started) == count
    assert all(process.returncode is not None for process in started)


@pytest.mark.usefixtures("patient")
def test_results_come_in_order_and_from_other_processes(
    task: Callable[[str], Any], started: list[subprocess.Popen[bytes]]
) -> None:
    found = list(in_processes(task("square"), iter(range(30)), count=2))
    assert [(item, result[0]) for item, result in found] == [(n, n * n) for n in range(30)]
    assert {result[1] for _, result in found} <= {process.pid for process in started}
    check_ended(started, 2)


def test_this_process_works_until_others_are_ready(task: Callable[[str], Any]) -> None:
    found = list(in_processes(task("square"), range(9), count=2))
    assert [result[0] for _, result in found] == [n * n for n in range(9)]
    assert found[0][1][1] == os.getpid()


def test_no_more_processes_are_started_than_there_are_items(
    task: Callable[[str], Any], started: list[subprocess.Popen[bytes]]
) -> None:
    assert len(list(in_processes(task("square"), [1, 2], count=8))) == 2
    assert list(in_processes(task("square"), [], count=8)) == []
    check_ended(started, 2)


@pytest.mark.usefixtures("patient")
def test_what_a_process_prints_is_seen_by_nobody(
    task: Callable[[str], Any], capfd: pytest.CaptureFixture[str]
) -> None:
    found = list(in_processes(task("noisy"), range(5), count=1))
    assert [result[0] for _, result in found] == [n * n for n in range(5)]
    assert os.getpid() not in {result[1] for _, result in found}
    assert capfd.readouterr() == ("", "")


def test_what_a_dead_process_did_not_do_is_done_here(
    task: Callable[[str], Any], started: list[subprocess.Popen[bytes]]
) -> None:
    items = [(number, os.getpid()) for number in range(20)]
    found = list(in_processes(task("fatal"), items, count=2))
    assert [result[0] for _, result in found] == [n * n for n in range(20)]
    check_ended(started, 2)


def test_an_error_of_the_task_is_raised_as_it_is(
    task: Callable[[str], Any], started: list[subprocess.Popen[bytes]]
) -> None:
    with pytest.raises(ZeroDivisionError):
        list(in_processes(task("wrong"), range(9), count=2))
    check_ended(started, 2)


def test_what_cannot_be_pickled_is_done_here(task: Callable[[str], Any]) -> None:
    assert list(in_processes(lambda number: number + 1, range(3), count=2)) == [
        (0, 1),
        (1, 2),
        (2, 3),
    ]
    functions = [lambda: 1, lambda: 2]
    assert [each for each, _ in in_processes(callable, functions, count=1)] == functions
    found = [result for _, result in in_processes(task("odd"), range(4), count=1)]
    assert [each is task("square") for each in found] == [False, True, False, True]


def test_a_system_that_refuses_processes_costs_nothing_but_time(
    task: Callable[[str], Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_: object, **__: object) -> None:
        raise BlockingIOError(11, "no more processes")

    monkeypatch.setattr(subprocess, "Popen", refuse)
    found = list(in_processes(task("square"), range(9), count=2))
    assert found == [(n, (n * n, os.getpid())) for n in range(9)]


def test_a_program_that_is_no_python_makes_nothing_wrong(
    task: Callable[[str], Any], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(sys, "executable", str(tmp_path / "editor"))
    assert possible() == 1
    found = list(in_processes(task("square"), range(9), count=2))
    assert [result[0] for _, result in found] == [n * n for n in range(9)]


def test_stopping_early_ends_the_processes(
    task: Callable[[str], Any], started: list[subprocess.Popen[bytes]]
) -> None:
    found = in_processes(task("square"), range(1000), count=2)
    assert next(found) == (0, (0, os.getpid()))
    found.close()
    check_ended(started, 2)


def test_an_error_of_the_items_ends_the_processes(
    task: Callable[[str], Any], started: list[subprocess.Popen[bytes]]
) -> None:
    def items() -> Iterator[int]:
        yield from range(9)
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        list(in_processes(task("square"), items(), count=2))
    check_ended(started, 2)


@pytest.mark.parametrize("sent", [b"", pickle.dumps(sys.path), pickle.dumps(sys.path) + b"\x09"])
def test_a_process_ends_with_the_one_that_started_it(sent: bytes) -> None:
    done = subprocess.run(  # noqa: S603 - this very Python
        [sys.executable, "-P", "-c", processes._CHILD],
        input=sent,
        capture_output=True,
        timeout=120,
        check=False,
    )
    assert done.stdout == b""


def test_as_many_as_there_are_processors() -> None:
    assert 1 <= possible() <= (os.cpu_count() or 1)
