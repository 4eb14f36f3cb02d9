"""FOLDER -> SearchDB: open the index that is there, or make it anew.

Law: opening never changes anything, and an index that cannot be read is never taken for an empty
one.
"""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from searchdb.analysis import Analyzer
from searchdb.analysis.segmenters.pyvi import PyviSegmenter
from searchdb.engine import SearchDB, fingerprint
from searchdb.errors import IndexNotFoundError, IndexOutdatedError, StorageError
from searchdb.index.manifest import Manifest

if TYPE_CHECKING:
    from searchdb.changes import Progress
    from searchdb.index.backend import Backend, FileState, Searcher
    from searchdb.model import StoredDocument, SyncReport
    from searchdb.ranking import Ranking

__all__ = ["open_index", "rebuild"]


def open_index(
    path: str | os.PathLike[str] | None,
    *,
    create: bool = False,
    base: str | os.PathLike[str] | None = None,
    lock_timeout: float = 10.0,
    abbreviations: str | os.PathLike[str] | None = None,
    workers: int | None = None,
    ranking: Ranking | None = None,
) -> SearchDB:
    """Open the index in folder `path`, or one in memory for None.

    `create=True` allows the folder to be missing or empty: the index exists from its first change
    on. `base` is the folder that the ids of files are relative to, the current one unless given; it
    is fixed when the index is created. `lock_timeout` is how many seconds a change waits for
    another writer. `abbreviations` is a TOML file that extends or overrides the table that queries
    are read with. `workers` processes share the work on changes of more than 2 MB of text: 1 for
    this one alone, None for as many as there are processors, at most 8; the index is the same.
    `ranking` are other weights than the tuned ones, for experiments. Raises IndexNotFoundError,
    IndexOutdatedError, IndexCorruptError, StorageError.
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
    backend = _on_disk(folder, lock_timeout)
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

    The old index answers until the new one is complete. Where the old one cannot be read, only
    `sources` are left: documents that came from no file would be lost (all of them where there are
    no sources), and StorageError says so unless `discard` is given. `progress(done, id)` is called
    for each document; `workers` is that of `open_index`, the other options are those of
    `SearchDB.sync`.
    """
    folder = Path(path)
    backend = _on_disk(folder, 10.0)
    analyzer = Analyzer(PyviSegmenter())
    from searchdb.changes import relative  # noqa: PLC0415 - brings the readers

    sources = list(sources)
    manifest, kept = _readable(backend)
    if kept is None and not discard:
        _check_loss(folder, manifest, sources)
    if manifest is None and kept is None:
        # A manifest that cannot be read says nothing: the index begins as a new one does.
        here = relative(Path(base or Path.cwd()).resolve(), folder.resolve())
        manifest = Manifest(fingerprint=fingerprint(analyzer), base=here)
    with SearchDB(
        backend, analyzer, folder=folder, base=base, manifest=manifest, workers=workers
    ) as db:
        return db.restart(
            _documents(kept, progress) if kept else (),
            sources,
            include=include,
            exclude=exclude,
            encoding=encoding,
            keep_furniture=keep_furniture,
            progress=progress,
        )


def _check_loss(
    folder: Path, manifest: Manifest | None, sources: Sequence[str | os.PathLike[str]]
) -> None:
    """Refuse to start from `sources` alone where documents would be lost that they cannot give."""
    if manifest is None:
        some = "may hold documents"
    else:
        lost = manifest.documents - (manifest.from_files if sources else 0)
        if not lost:
            return
        some = f"holds {lost:,} documents"
    message = (
        f"the index in {folder} cannot be read and {some} that are in none of the files named: "
        "name their files (`searchdb rebuild PATH...`), or give them up with "
        "`searchdb rebuild --discard` (in Python discard=True)"
    )
    raise StorageError(message)


def _documents(
    searcher: Searcher, progress: Progress | None
) -> Iterator[tuple[StoredDocument, FileState | None]]:
    """Everything that an index holds, in the order of the ids."""
    states = dict(searcher.files())
    for done, document_id in enumerate(sorted(searcher.ids()), start=1):
        ref = searcher.find(document_id)
        if ref is not None:
            yield searcher.document(ref), states.get(document_id)
        if progress:
            progress(done, document_id)


def _on_disk(folder: Path, lock_timeout: float) -> Backend:
    from searchdb.backends.whoosh import WhooshBackend  # noqa: PLC0415 - not needed for None

    if folder.exists() and not folder.is_dir():
        message = f"{folder} is a file: name a folder for the index"
        raise StorageError(message)
    return WhooshBackend(folder, lock_timeout=lock_timeout)


def _readable(backend: Backend) -> tuple[Manifest | None, Searcher | None]:
    """The manifest and a snapshot of an index, as far as they can be read."""
    manifest = None
    try:
        manifest = backend.manifest()
        return manifest, backend.searcher()
    except StorageError:
        return manifest, None
