"""A disk that is full, fails or may not be written to costs the change, never the index.

The tests fail every single operation of a change in turn: each time the old index (or the whole of
the new one) must be there, sound and free to be changed again.
"""

from __future__ import annotations

import builtins
import errno
import gc
import io
import os
import shutil
from typing import TYPE_CHECKING, Any

import pytest

from searchdb import Document, StorageError
from searchdb.analysis import Analyzer
from searchdb.analysis.segmenters.syllable import SyllableSegmenter
from searchdb.backends.whoosh import WhooshBackend
from searchdb.engine import SearchDB

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

# Whoosh lets go of the files it could not finish when they are collected, not when it fails.
pytestmark = pytest.mark.filterwarnings("ignore:unclosed file:ResourceWarning")

ANALYZER = Analyzer(SyllableSegmenter())
WRITING = ("fsync", "mkdir")
ANYTHING = (*WRITING, "open", "replace", "rename", "unlink", "remove", "listdir")


@pytest.fixture(autouse=True)
def _collect_files() -> Iterator[None]:
    yield
    gc.collect()


class Disk:
    """Counts operations, and fails the one with number `at`, or all from there on."""

    def __init__(self, at: int, error: int, *, for_good: bool) -> None:
        self.count = 0
        self._at, self._error, self._for_good = at, error, for_good

    def operate(self) -> None:
        self.count += 1
        if self.count == self._at or (self._for_good and self.count > self._at > 0):
            raise OSError(self._error, os.strerror(self._error))


class Raw(io.FileIO):
    """A file of which every write is an operation."""

    disk: Disk

    def write(self, data: Any, /) -> int:  # noqa: ANN401 - any buffer
        self.disk.operate()
        return super().write(data)


def install(disk: Disk, patch: pytest.MonkeyPatch, *, reading: bool) -> None:
    """Put the disk under everything that writes, and under reading, listing and removing too."""

    def through(function: Callable[..., Any]) -> Callable[..., Any]:
        def operation(*args: Any, **options: Any) -> Any:  # noqa: ANN401 - any function
            disk.operate()
            return function(*args, **options)

        return operation

    plain = io.open

    def opening(file: Any, mode: str = "r", *args: Any, **options: Any) -> Any:  # noqa: ANN401
        writes = not {"w", "a", "x", "+"}.isdisjoint(mode)
        if writes or reading:
            disk.operate()
        if not writes or "b" not in mode or "+" in mode:
            return plain(file, mode, *args, **options)
        raw = Raw(file, mode.replace("b", ""))
        raw.disk = disk
        return io.BufferedWriter(raw)

    for name in ANYTHING if reading else WRITING:
        patch.setattr(os, name, through(getattr(os, name)))
    patch.setattr(io, "open", opening)
    patch.setattr(builtins, "open", opening)


def opened(folder: Path) -> SearchDB:
    return SearchDB(WhooshBackend(folder, lock_timeout=0.05), ANALYZER, folder=folder)


OLD = {"a": "bản cũ a", "b": "bản cũ b"}
NEW = {"a": "bản mới a", "d": "bản mới d", "e": "bản mới e"}


def change(db: SearchDB) -> None:
    """Add all of `NEW` in one commit, one document of it twice."""
    documents = [Document(id=each, text=text) for each, text in NEW.items()]
    db.add([*documents, documents[0]])


@pytest.fixture(scope="module")
def old(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An index of two commits, never written to again."""
    folder = tmp_path_factory.mktemp("old") / "index"
    with opened(folder) as db:
        for each, text in OLD.items():
            db.add([Document(id=each, text=text)])
    return folder


def contents(db: SearchDB) -> dict[str, str]:
    found = {each: db.document(each) for each in db.ids()}
    return {each: stored.text for each, stored in found.items() if stored}


def check_sound(folder: Path) -> dict[str, str]:
    """Whoever opens the folder now finds a whole index and may change it; what it held before."""
    with opened(folder) as db:
        found = contents(db)
        assert not found or db.check() == []
        assert db.search("bản").total == len(found)
        db.add([Document(id="z", text="sau sự cố")])
        assert contents(db) == {**found, "z": "sau sự cố"}
    return found


def attempt(db: SearchDB, disk: Disk, *, reading: bool) -> str:
    """Make the change on that disk; what the error said if there was one."""
    with pytest.MonkeyPatch.context() as patch:
        install(disk, patch, reading=reading)
        try:
            change(db)
        except StorageError as error:
            assert type(error) is StorageError  # noqa: PT017 - where cleaning up fails none is raised
            return str(error)
    return ""


FULL, FAILS_ONCE = (errno.ENOSPC, True, False), (errno.EIO, False, True)


@pytest.mark.parametrize(
    ("before", "trouble"),
    [
        pytest.param({}, FULL, id="full without an index"),
        pytest.param(OLD, FULL, id="full"),
        pytest.param(OLD, FAILS_ONCE, id="fails once"),
    ],
)
def test_no_operation_may_cost_the_index(
    before: dict[str, str], trouble: tuple[int, bool, bool], old: Path, tmp_path: Path
) -> None:
    error, for_good, reading = trouble
    after = {**before, **NEW}
    said: list[str] = []
    operations = 1
    at = 0  # the first time nothing fails
    while at <= operations:
        folder = tmp_path / str(at)
        if before:
            shutil.copytree(old, folder)
        disk = Disk(at, error, for_good=for_good)
        with opened(folder) as db:
            assert contents(db) == before
            said.append(attempt(db, disk, reading=reading))
            assert contents(db) in (before, after)
        as_it_was = "cannot be" in said[-1]
        assert check_sound(folder) == (before if as_it_was else after)
        if for_good and said[-1]:  # what fails once may show as something else
            assert os.strerror(error) in said[-1]
        shutil.rmtree(folder)
        operations = operations if at else disk.count
        at += 1
    assert not said[0]
    assert sum(map(bool, said)) > 8


def test_what_a_failed_change_left_is_gone_after_the_next(old: Path, tmp_path: Path) -> None:
    folder = tmp_path / "index"
    shutil.copytree(old, folder)
    with opened(folder) as db:
        for at in (3, 5, 8, 11):
            with pytest.MonkeyPatch.context() as patch:
                install(Disk(at, errno.ENOSPC, for_good=True), patch, reading=False)
                with pytest.raises(StorageError):
                    change(db)
        before = db._backend.manifest()
        change(db)
        after = db._backend.manifest()
    assert before is not None
    assert after is not None
    kept = {*before.files, *after.files, "manifest.json", "previous.json", "searchdb_WRITELOCK"}
    assert {path.name for path in folder.iterdir()} <= kept


def test_a_folder_that_may_not_be_written_to_can_be_searched(old: Path, tmp_path: Path) -> None:
    folder = tmp_path / "index"
    shutil.copytree(old, folder)
    disk = Disk(1, errno.EACCES, for_good=True)
    with pytest.MonkeyPatch.context() as patch:
        install(disk, patch, reading=False)
        with opened(folder) as db:
            assert contents(db) == OLD
            assert db.search("bản cũ").total == 2
            assert db.suggest("b")
            assert db.check() == []
            assert not db.refresh()
            assert disk.count == 0
            with pytest.raises(StorageError, match="cannot be written: Permission denied"):
                change(db)
            with pytest.raises(StorageError, match="cannot be written: Permission denied"):
                db.remove(["a"])
            assert db.search("bản cũ").total == 2
    assert check_sound(folder) == OLD


def test_commits_do_not_pile_up_files(tmp_path: Path) -> None:
    folder = tmp_path / "index"
    sizes: list[int] = []
    with opened(folder) as db:
        for number in range(30):
            db.add([Document(id=f"{number % 7}", text=f"bản {number}")])
            sizes.append(len(list(folder.iterdir())))
    assert max(sizes) == max(sizes[:15]) < 30
