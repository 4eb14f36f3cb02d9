"""FUNCTIONS OF THE SYSTEM -> THE SAME, UNTIL ONE FAILS: every operation on the disk is counted.

Put under a forked child, never taken away again. At operation number `at` the process dies
(fault `kill`), the power is cut (`power`), or the disk fails (`full` for good, `fails once`).
A power cut undoes what no fsync has made durable: files are cut to a random length, new names
vanish, renames are taken back. What unlinking removed stays removed.
"""

from __future__ import annotations

import builtins
import errno
import io
import os
import stat
from collections.abc import Callable
from pathlib import Path
from random import Random
from typing import Any

__all__ = ["DIED", "Disk"]

DIED = 9
"""Exit code of a process that the disk ended."""

_WRITING = ("mkdir", "rmdir", "ftruncate", "truncate", "write", "pwrite", "writev", "link")
_REMOVING = ("unlink", "remove")
_READING = ("listdir", "scandir")


class Disk:
    """`at` is the number of the operation that goes wrong, 0 for none; `folder` the index's."""

    def __init__(self, folder: Path, fault: str, at: int = 0) -> None:
        self.count = 0
        self.at = at
        self.removing = fault != "full"  # a full disk lets files go
        self._fault = fault
        self._folder = folder
        self._chance = Random(at)  # noqa: S311 - a test, not a secret
        self._dirty: set[tuple[int, int]] = set()
        self._new: set[str] = set()
        self._renamed: list[tuple[bytes | None, str]] = []

    def operate(self, *, reading: Any = None) -> None:  # noqa: ANN401 - any path
        """Count one operation; it may be the last. Of reading, only that in the folder counts."""
        if reading is not None and not (self._fault == "fails once" and self._inside(reading)):
            return
        self.count += 1
        if self.count == self.at:
            self.strike()
        elif self._fault == "full" and self.count > self.at > 0:
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    def _inside(self, path: Any) -> bool:  # noqa: ANN401 - any path
        name = "" if isinstance(path, int) else os.path.abspath(os.fsdecode(path))  # noqa: PTH100 - also bytes
        return name.startswith(str(self._folder.absolute()))

    def strike(self) -> None:
        """Let it go wrong now."""
        if self._fault in {"kill", "power"}:
            if self._fault == "power":
                self._lose()
            os._exit(DIED)
        number = errno.ENOSPC if self._fault == "full" else errno.EIO
        raise OSError(number, os.strerror(number))

    def write(self, put: Callable[[Any], int], data: Any) -> int:  # noqa: ANN401 - any buffer
        """A write, of which half reaches the file if it is the one that goes wrong."""
        view = memoryview(data).cast("B")
        if self.count + 1 == self.at and len(view) > 1:
            done = put(view[: len(view) // 2])
            if self._fault == "full":
                self.count += 1
                return done
        self.operate()
        return put(view)

    # What a power cut would undo

    def opening(self, path: Any) -> None:  # noqa: ANN401 - any path or descriptor
        """Remember that a file is about to be written to."""
        if not isinstance(path, int) and not os.path.exists(path):  # noqa: PTH110 - also bytes
            self._new.add(os.path.abspath(os.fsdecode(path)))  # noqa: PTH100 - as above

    def opened(self, descriptor: int) -> None:
        """Remember that it may have changed."""
        self._dirty.add(_identity(os.fstat(descriptor)))

    def synced(self, descriptor: int) -> None:
        """A file's bytes, or a folder's names, are durable."""
        status = os.fstat(descriptor)
        self._dirty.discard(_identity(status))
        if stat.S_ISDIR(status.st_mode):
            self._new.clear()
            self._renamed.clear()

    def renaming(self, source: Any, target: Any) -> None:  # noqa: ANN401 - any paths
        """Remember what the name stood for."""
        source, target = (os.path.abspath(os.fsdecode(each)) for each in (source, target))  # noqa: PTH100 - as above
        before = Path(target).read_bytes() if os.path.isfile(target) else None  # noqa: PTH113 - as above
        self._renamed.append((before, target))
        self._new.discard(source)

    def _lose(self) -> None:
        for place in sorted(self._folder.rglob("*")):
            if place.is_file() and _identity(place.stat()) in self._dirty:
                os.truncate(place, self._chance.randint(0, place.stat().st_size))
        for before, target in reversed(self._renamed):
            if before is None:
                Path(target).unlink(missing_ok=True)
            else:
                Path(target).write_bytes(before)
        for name in self._new:
            Path(name).unlink(missing_ok=True)

    def install(self) -> None:
        """Put the disk under this process."""
        _install_functions(self)
        _install_durability(self)
        _install_files(self)


def _identity(status: os.stat_result) -> tuple[int, int]:
    return status.st_dev, status.st_ino


def _install_functions(disk: Disk) -> None:
    plain = {name: getattr(os, name) for name in (*_WRITING, *_REMOVING, *_READING)}

    def through(name: str) -> Callable[..., Any]:
        def operation(*args: Any, **options: Any) -> Any:  # noqa: ANN401 - any function
            if name not in _REMOVING or disk.removing:
                disk.operate(reading=(args or ".")[0] if name in _READING else None)
            return plain[name](*args, **options)

        return operation

    for name in plain:
        setattr(os, name, through(name))


def _install_durability(disk: Disk) -> None:
    """What a power cut has to know of: opening, syncing, renaming."""
    plain_fsync, plain_open = os.fsync, os.open
    renames = {"rename": os.rename, "replace": os.replace}

    def fsync(fd: Any) -> None:  # noqa: ANN401 - a number, or what has one
        disk.operate()
        plain_fsync(fd)
        disk.synced(fd if isinstance(fd, int) else fd.fileno())

    def opening(path: Any, flags: int, *args: Any, **options: Any) -> int:  # noqa: ANN401 - as above
        writes = bool(flags & (os.O_WRONLY | os.O_RDWR | os.O_CREAT))
        disk.operate(reading=None if writes else path)
        if writes:
            disk.opening(path)
        descriptor = plain_open(path, flags, *args, **options)
        if writes:
            disk.opened(descriptor)
        return descriptor

    def moving(name: str) -> Callable[..., None]:
        def move(source: Any, target: Any, **options: Any) -> None:  # noqa: ANN401 - as above
            disk.operate()
            disk.renaming(source, target)
            renames[name](source, target, **options)

        return move

    os.fsync = os.fdatasync = fsync
    os.open = opening
    os.rename, os.replace = moving("rename"), moving("replace")


def _install_files(disk: Disk) -> None:
    plain = io.open

    class Raw(io.FileIO):
        """A file of which every write is an operation."""

        def write(self, data: Any, /) -> int:  # noqa: ANN401 - any buffer
            return disk.write(super().write, data)

        def truncate(self, size: int | None = None, /) -> int:
            disk.operate()
            return super().truncate(size)

    def opening(  # noqa: PLR0917 - as the function it stands for
        file: Any,  # noqa: ANN401 - as above
        mode: str = "r",
        buffering: int = -1,
        encoding: str | None = None,
        errors: str | None = None,
        newline: str | None = None,
        closefd: bool = True,  # noqa: FBT001, FBT002 - as above
        opener: Any = None,  # noqa: ANN401 - as above
    ) -> Any:  # noqa: ANN401 - as above
        if {"w", "a", "x", "+"}.isdisjoint(mode):
            disk.operate(reading=file)
            return plain(file, mode, buffering, encoding, errors, newline, closefd, opener)
        disk.operate()
        disk.opening(file)
        raw = Raw(file, mode.replace("b", "").replace("t", ""), closefd, opener)
        disk.opened(raw.fileno())
        if buffering == 0:
            return raw
        buffer = io.BufferedRandom(raw) if "+" in mode else io.BufferedWriter(raw)
        return buffer if "b" in mode else io.TextIOWrapper(buffer, encoding, errors, newline)

    io.open = opening
    builtins.open = opening
