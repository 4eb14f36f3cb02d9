"""FOLDER -> SearchDB: open the index that is there, or make it anew.

Law: opening never changes anything, and an index that cannot be read is never taken for an empty
one.
"""

from __future__ import annotations

import os
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Literal

from searchdb.analysis import Analyzer
from searchdb.analysis.segmenters.pyvi import PyviSegmenter
from searchdb.engine import SearchDB, fingerprint
from searchdb.errors import IndexNotFoundError, IndexOutdatedError, SearchDBError, StorageError
from searchdb.index.manifest import Manifest

if TYPE_CHECKING:
    from searchdb.backends.whoosh import WhooshBackend
    from searchdb.backends.whoosh.remains import Remains
    from searchdb.changes import Progress
    from searchdb.index.backend import FileState
    from searchdb.model import StoredDocument, SyncReport
    from searchdb.ranking import Ranking

__all__ = ["open_index", "rebuild"]

_NAMED = 5
"""Ids that a message names one by one."""


def open_index(
    path: str | os.PathLike[str] | None,
    *,
    create: bool = False,
    base: str | os.PathLike[str] | None = None,
    lock_timeout: float = 10.0,
    abbreviations: str | os.PathLike[str] | None = None,
    workers: int | None = None,
    kernels: Literal["numpy", "numba"] = "numpy",
    ranking: Ranking | None = None,
) -> SearchDB:
    """Open the index in folder `path`, or one in memory for None.

    `create=True` allows the folder to be missing or empty: the index exists from its first change
    on. `base` is the folder that the ids of files are relative to, the current one unless given; it
    is fixed when the index is created. `lock_timeout` is how many seconds a change waits for
    another writer. `abbreviations` is a TOML file that extends or overrides the table that queries
    are read with. `workers` processes share the work on changes of more than 2 MB of text: 1 for
    this one alone, None for as many as there are processors, at most 8; the index is the same.
    `kernels="numba"` searches with compiled code (the extra `searchdb[speed]`), several times
    faster, for a process that lives long: loading it takes half a second, the first time on a
    machine some seconds. `ranking` are other weights than the tuned ones, for experiments. Raises
    IndexNotFoundError, IndexOutdatedError, IndexCorruptError, StorageError.
    """
    analyzer = Analyzer(PyviSegmenter())
    table = None if abbreviations is None else Path(abbreviations)
    if path is None:
        from searchdb.backends.memory import MemoryBackend  # noqa: PLC0415 - not needed on disk

        return SearchDB(
            MemoryBackend(),
            analyzer,
            base=base,
            abbreviations=table,
            workers=workers,
            ranking=ranking,
        )
    folder = Path(path)
    backend = _on_disk(folder, lock_timeout, kernels)
    manifest = backend.manifest()
    if manifest is None and not create:
        message = f"there is no index in {folder}: make one with `searchdb index` or create=True"
        raise IndexNotFoundError(message)
    if manifest is not None and manifest.fingerprint != fingerprint(analyzer):
        message = (
            f"the index in {folder} was made by another analysis ({manifest.fingerprint}) than "
            f"this searchdb's ({fingerprint(analyzer)}): run `searchdb rebuild`"
        )
        raise IndexOutdatedError(message, found=manifest.fingerprint, wanted=fingerprint(analyzer))
    return SearchDB(
        backend,
        analyzer,
        folder=folder,
        base=base,
        abbreviations=table,
        workers=workers,
        ranking=ranking,
    )


def rebuild(
    path: str | os.PathLike[str],
    sources: Iterable[str | os.PathLike[str]] = (),
    *,
    base: str | os.PathLike[str] | None = None,
    include: Sequence[str] = (),
    exclude: Sequence[str] = (),
    encoding: str = "auto",
    keep_furniture: bool = False,
    discard: bool = False,
    progress: Progress | None = None,
    workers: int | None = None,
) -> SyncReport:
    """Make the index in folder `path` anew from the texts it holds and from `sources`.

    The old index answers until the new one is complete. Of a damaged one every document that can be
    read is kept, from the commit before the newest if need be (a note of the report names those).
    Where others would be lost that `sources` do not give either, StorageError names them unless
    `discard` is given. `progress(done, id)` is called for each document; `workers` is that of
    `open_index`, the other options are those of `SearchDB.sync`.
    """
    folder = Path(path)
    backend = _on_disk(folder, 10.0)
    analyzer = Analyzer(PyviSegmenter())
    from searchdb.changes import relative  # noqa: PLC0415 - brings the readers
    from searchdb.readers.walk import walk  # noqa: PLC0415 - as above

    sources = list(sources)
    manifest, remains = _readable(backend)
    if manifest is None:
        # A manifest that cannot be read says nothing: the index begins as a new one does.
        here = relative(Path(base or Path.cwd()).resolve(), folder.resolve())
        manifest = Manifest(fingerprint=fingerprint(analyzer), base=here)
    root = Path(os.path.normpath(folder.absolute() / manifest.base))
    found = walk(sources, include=include, exclude=exclude)
    files = {relative(each, root) for each in found if isinstance(each, Path)}
    loss = _loss(remains, files)
    if loss and not discard:
        message = (
            f"the index in {folder} is damaged: {loss}; name their files (`searchdb rebuild "
            "PATH...`), or give them up with `searchdb rebuild --discard` (in Python discard=True)"
        )
        raise StorageError(message)
    with SearchDB(
        backend, analyzer, folder=folder, base=base, manifest=manifest, workers=workers
    ) as db:
        report = db.restart(
            _documents(remains, progress),
            sources,
            include=include,
            exclude=exclude,
            encoding=encoding,
            keep_furniture=keep_furniture,
            progress=progress,
        )
    notes = [f"given up: {loss}"] if loss else []
    if remains and remains.older:
        notes.append(f"as the commit before had them: {_named(remains.older)}")
    return replace(report, notes=(*notes, *report.notes))


def _loss(remains: Remains | None, files: Collection[str]) -> str:
    """What a rebuild would lose, given the files it reads; empty if nothing."""
    if remains is None:
        return "nothing of it can be read, and it may hold documents that are in no file"
    if not remains.told:
        if not len(remains):
            return "what its newest commit changed cannot be read (nothing else is left)"
        return (
            f"what its newest commit changed cannot be read ({len(remains):,} documents of the one "
            "before are left)"
        )
    lost = [each for each, path in remains.lost.items() if (path or each) not in files]
    unknown = remains.unknown - (remains.unknown_files if files else 0)
    parts = [f"{len(lost):,} documents cannot be read ({_named(lost)})"] if lost else []
    parts += [f"{unknown:,} documents cannot be read, not even their ids"] if unknown else []
    return "; ".join(parts)


def _named(ids: Sequence[str]) -> str:
    """So many ids as a message has room for."""
    return ", ".join(sorted(ids)[:_NAMED]) + (", …" if len(ids) > _NAMED else "")


def _documents(
    remains: Remains | None, progress: Progress | None
) -> Iterator[tuple[StoredDocument, FileState | None]]:
    """Everything that is left of an index."""
    for done, (stored, state) in enumerate(remains or (), start=1):
        yield stored, state
        if progress:
            progress(done, stored.id)


def _on_disk(
    folder: Path, lock_timeout: float, kernels: Literal["numpy", "numba"] = "numpy"
) -> WhooshBackend:
    from searchdb.backends.whoosh import WhooshBackend  # noqa: PLC0415 - not needed for None

    if folder.exists() and not folder.is_dir():
        message = f"{folder} is a file: name a folder for the index"
        raise StorageError(message)
    if kernels not in {"numpy", "numba"}:
        raise ValueError(f'kernels is {kernels!r}: choose "numpy" or "numba"')
    try:
        return WhooshBackend(folder, lock_timeout=lock_timeout, kernels=kernels)
    except ImportError as error:
        message = "kernels=\"numba\" needs numba: pip install 'searchdb[speed]'"
        raise SearchDBError(message) from error


def _readable(backend: WhooshBackend) -> tuple[Manifest | None, Remains | None]:
    """The manifest of an index and what is left of it, as far as they can be read."""
    manifest = None
    try:
        manifest = backend.manifest()
        return manifest, backend.remains()
    except StorageError:
        return manifest, None
