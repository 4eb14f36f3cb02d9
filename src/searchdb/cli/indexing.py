"""Files and JSON Lines in, a changed index and an account of it out.

Laws: one bad file or line never stops the others, JSON Lines of any size pass through in little
memory, and a stream that gives no document makes no index.
"""

from __future__ import annotations

import io
import os
import stat
import sys
from collections.abc import Generator, Iterable, Iterator, Sequence
from contextlib import closing, contextmanager
from itertools import chain
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO, cast

from searchdb.cli.messages import Voice
from searchdb.cli.progress import ProgressBar
from searchdb.cli.render import flat, named
from searchdb.cli.terminal import tell
from searchdb.errors import ReadError
from searchdb.model import AddReport, Document, SyncReport

if TYPE_CHECKING:
    from searchdb.engine import SearchDB
    from searchdb.settings import Settings

__all__ = ["add_jsonl", "give_account", "kinds", "sync_files", "together"]

_MOST_TOLD = 20
"""Errors, and notes, that are told one by one."""


def sync_files(
    db: SearchDB,
    paths: Sequence[str | Path],
    settings: Settings,
    *,
    prune: bool,
    dry_run: bool,
    quiet: bool,
    say: Voice,
) -> SyncReport:
    """Bring the index up to the files under the paths."""
    with ProgressBar(say("indexing"), quiet=quiet) as bar:
        return db.sync(
            paths,
            include=settings.include,
            exclude=settings.exclude,
            encoding=settings.encoding,
            keep_furniture=settings.keep_furniture,
            prune=prune,
            dry_run=dry_run,
            progress=bar,
        )


def add_jsonl(
    db: SearchDB, name: str, *, keep_furniture: bool, dry_run: bool, quiet: bool, say: Voice
) -> SyncReport:
    """Put the documents of a JSON Lines file, or of standard input for `-`, into the index.

    `failed` counts all errors, of which the report holds the first only.
    """
    from searchdb.readers.jsonl import read_jsonl  # noqa: PLC0415 - only this command needs it

    errors: list[ReadError] = []
    failed = 0

    def documents() -> Generator[Document, None, None]:
        nonlocal failed
        count = 0
        items = cast("Generator[Document | ReadError]", read_jsonl(source, name=name))
        with closing(items):
            for item in items:
                if isinstance(item, ReadError):
                    failed += 1
                    errors.extend([item] if failed <= _MOST_TOLD else ())
                    continue
                yield item
                count += 1
                done = count if size is None or isinstance(source, str) else source.tell()
                bar(done, say("documents_done", count=count))

    with (
        _opened(name) as (source, size),
        ProgressBar(say("indexing"), size, quiet=quiet) as bar,
        closing(documents()) as waiting,  # before its file is closed
    ):
        first = next(waiting, None)
        if first is None:
            done = AddReport()
        elif dry_run:
            done = _compare(db, chain([first], waiting))
        else:
            done = db.add(chain([first], waiting), keep_furniture=keep_furniture)
    return SyncReport(
        added=done.added,
        updated=done.updated,
        failed=failed,
        errors=tuple(errors),
        notes=(say("duplicates", count=done.duplicates),) if done.duplicates else (),
    )


@contextmanager
def _opened(name: str) -> Iterator[tuple[str | BinaryIO, int | None]]:
    """The stream to read and its size in bytes, None for a pipe.

    A file that cannot be opened stays its name: the reader says what is wrong with it.
    """
    if name == "-":
        yield sys.stdin.buffer if sys.stdin else io.BytesIO(), None
        return
    try:
        file = Path(name).open("rb", buffering=0)  # noqa: SIM115 - closed below
    except (OSError, ValueError):
        yield name, None
        return
    with file:
        status = os.fstat(file.fileno())
        yield file, status.st_size if stat.S_ISREG(status.st_mode) else None


def _compare(db: SearchDB, documents: Iterable[Document]) -> AddReport:
    """What `add` would report, without the adding."""
    known, seen = set(db.ids()), set[str]()
    added = updated = duplicates = 0
    for document in documents:
        if document.id in seen:
            duplicates += 1
        elif document.id in known:
            updated += 1
        else:
            added += 1
        seen.add(document.id)
    return AddReport(added, updated, duplicates)


def kinds() -> str:
    """The suffixes of files that can be read."""
    from searchdb.readers import READERS  # noqa: PLC0415 - seldom needed

    return ", ".join(READERS)


def together(one: SyncReport, other: SyncReport) -> SyncReport:
    """The sum of two reports."""
    return SyncReport(
        added=one.added + other.added,
        updated=one.updated + other.updated,
        removed=one.removed + other.removed,
        unchanged=one.unchanged + other.unchanged,
        failed=one.failed + other.failed,
        errors=one.errors + other.errors,
        notes=one.notes + other.notes,
    )


def give_account(report: SyncReport, summary: str, *, quiet: bool, say: Voice) -> None:
    """Tell what failed and, unless `quiet`, what was guessed and what was done."""
    from searchdb.cli.catalog import worded  # noqa: PLC0415 - few runs have something to tell

    errors = report.errors[:_MOST_TOLD]
    for error in errors:
        tell(f"searchdb: {named(error.path)}: {worded(flat(error.reason), say.lang)}")
    if report.failed > len(errors):
        tell(f"searchdb: {say('more_errors', count=report.failed - len(errors))}")
    if quiet:
        return
    for note in report.notes[:_MOST_TOLD]:
        tell(worded(flat(note), say.lang))
    if len(report.notes) > _MOST_TOLD:
        tell(say("more_notes", count=len(report.notes) - _MOST_TOLD))
    tell(summary)
