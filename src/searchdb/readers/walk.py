"""Paths in, the files to read out, each once and in the order of their POSIX paths.

Laws: the same tree gives the same files whatever the order of the disk or of the paths; a file
that links make reachable twice goes by its own path rather than by the link; no link leads round
in a circle; what cannot be entered is a ReadError among the files, and the walk goes on.
"""

from __future__ import annotations

import os
import stat
from collections import Counter, deque
from dataclasses import dataclass
from fnmatch import fnmatchcase
from pathlib import Path
from typing import TYPE_CHECKING

from searchdb.errors import ReadError
from searchdb.readers import supported, unknown_kind
from searchdb.readers.source import explain, inspect, shown

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

__all__ = ["walk"]

_Glob = tuple[str, ...]
"""The pieces of a glob between its slashes."""


@dataclass(frozen=True, slots=True)
class _File:
    path: Path
    real: str
    linked: bool


@dataclass(frozen=True, slots=True)
class _Folder:
    """`below` leads here from the root; `taken` says that an include glob matched on the way."""

    path: Path
    real: str
    below: tuple[str, ...]
    linked: bool
    taken: bool


def walk(
    paths: Iterable[str | os.PathLike[str]],
    *,
    include: Sequence[str] = (),
    exclude: Sequence[str] = (),
    unknown: Counter[str] | None = None,
) -> Iterator[Path | ReadError]:
    """Yield the files to read under `paths`, which are files or folders.

    In folders, hidden names and kinds of files without a reader are passed over; a file
    named in `paths` is yielded though hidden, and is a ReadError where there is no reader for it.

    Globs: `*`, `?` and `[...]` stay within one name, `**` is any number of folders. One without a
    slash is compared with the bare name of files and folders at any depth, one with a slash with
    the path relative to the folder in `paths`; letter case counts. What holds for a folder holds
    for everything in it. `include` (if any) limits the files, `exclude` goes before `include`,
    and both hold for files named in `paths` too. `unknown` counts, by suffix, the files in folders
    that there is no reader for.
    """
    wanted, unwanted = _globs(include), _globs(exclude)
    files: dict[str, _File] = {}
    errors: dict[str, ReadError] = {}
    for path in paths:
        for found in _root(path, wanted, unwanted, unknown):
            if isinstance(found, ReadError):
                errors.setdefault(found.path, found)
            else:
                files[found.real] = min(files.get(found.real, found), found, key=_by_spelling)
    rows: list[tuple[str, Path | ReadError]] = [
        *((file.path.as_posix(), file.path) for file in files.values()),
        *errors.items(),
    ]
    for _, row in sorted(rows, key=lambda row: row[0]):
        yield row


def _by_spelling(file: _File) -> tuple[bool, str]:
    return file.linked, file.path.as_posix()


def _root(
    named: str | os.PathLike[str],
    wanted: tuple[_Glob, ...],
    unwanted: tuple[_Glob, ...],
    unknown: Counter[str] | None,
) -> Iterator[_File | ReadError]:
    path = Path(named)
    if not os.fspath(named):  # an empty variable in a script, not a wish to index everything here
        yield ReadError("", "is an empty name: name a file or a folder")
        return
    try:
        status = inspect(path)
    except ReadError as error:
        yield error
        return
    if stat.S_ISDIR(status.st_mode):
        yield from _folder(path, wanted, unwanted, unknown)
    elif _matches((path.name,), unwanted) or (wanted and not _matches((path.name,), wanted)):
        return
    elif supported(path):
        yield _File(path, os.path.realpath(path), path.is_symlink())
    else:
        yield unknown_kind(path.as_posix())


def _folder(
    root: Path,
    wanted: tuple[_Glob, ...],
    unwanted: tuple[_Glob, ...],
    unknown: Counter[str] | None,
) -> Iterator[_File | ReadError]:
    """Everything below a folder; what links lead to comes last, when its own paths are known."""
    seen: set[str] = set()
    folders = deque([_Folder(root, os.path.realpath(root), (), linked=False, taken=not wanted)])
    links: deque[_Folder] = deque()
    while folders or links:
        folder = folders.popleft() if folders else links.popleft()
        if folder.real in seen:
            continue
        seen.add(folder.real)
        try:
            with os.scandir(folder.path) as scan:
                entries = sorted(scan, key=lambda entry: entry.name)
        except OSError as error:
            yield ReadError(shown(folder.path.as_posix()), explain(folder.path, error))
            continue
        for entry in entries:
            below = (*folder.below, entry.name)
            if entry.name.startswith(".") or _matches(below, unwanted):
                continue
            taken = folder.taken or _matches(below, wanted)
            link = entry.is_symlink()
            path = folder.path / entry.name
            real = os.path.realpath(path) if link else os.path.join(folder.real, entry.name)  # noqa: PTH118 - names that are compared, not used
            linked = folder.linked or link
            if _is_folder(entry):
                queue = links if linked else folders
                queue.append(_Folder(path, real, below, linked=linked, taken=taken))
            elif taken and supported(entry.name):
                yield _File(path, real, linked)
            elif taken and unknown is not None:
                unknown[shown(path.suffix.lower()) or "no suffix"] += 1


def _is_folder(entry: os.DirEntry[str]) -> bool:
    try:
        return entry.is_dir()
    except OSError:  # a link to itself; reading it will say so
        return False


def _globs(written: Iterable[str]) -> tuple[_Glob, ...]:
    """Split each glob at its slashes; one without any becomes one piece."""
    stripped = (glob.removeprefix("./").rstrip("/") for glob in written)
    return tuple(tuple(glob.split("/")) for glob in stripped if glob)


def _matches(below: Sequence[str], globs: Iterable[_Glob]) -> bool:
    return any(
        fnmatchcase(below[-1], glob[0]) if len(glob) == 1 else _fits(below, glob) for glob in globs
    )


def _fits(below: Sequence[str], glob: _Glob) -> bool:
    """Run the glob as an automaton: time is the product of the lengths, however many `**`."""
    reached = _over_stars({0}, glob)
    for name in below:
        moved: set[int] = set()
        for at in reached:
            if at < len(glob) and glob[at] == "**":
                moved.add(at)
            elif at < len(glob) and fnmatchcase(name, glob[at]):
                moved.add(at + 1)
        reached = _over_stars(moved, glob)
    return len(glob) in reached


def _over_stars(reached: set[int], glob: _Glob) -> set[int]:
    """`**` may stand for no folder at all."""
    closed = set(reached)
    for at in sorted(reached):
        while at < len(glob) and glob[at] == "**":
            at += 1  # noqa: PLW2901 - the run of stars from there
            closed.add(at)
    return closed
