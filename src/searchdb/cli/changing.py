"""COMMANDS that change or check the index: index, remove, check, rebuild.

Law: each is one change that happens or does not; what it did is told on standard error.
"""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import replace
from fnmatch import fnmatchcase
from itertools import chain
from pathlib import Path
from typing import TYPE_CHECKING

import typer  # noqa: TC002 - Typer reads the annotations

import searchdb
from searchdb.cli import indexing
from searchdb.cli import options as opt
from searchdb.cli.messages import Voice
from searchdb.cli.progress import ProgressBar
from searchdb.cli.render import flat, named
from searchdb.cli.session import begin, short
from searchdb.cli.terminal import put, tell
from searchdb.errors import IndexCorruptError, SearchDBError
from searchdb.model import SyncReport
from searchdb.settings import Overrides, Settings

if TYPE_CHECKING:
    from searchdb.engine import SearchDB

__all__ = ["check", "index", "rebuild", "remove"]


def index(
    ctx: typer.Context,
    paths: opt.PathsArgument = None,
    *,
    folder: opt.IndexOption = None,
    include: opt.IncludeOption = None,
    exclude: opt.ExcludeOption = None,
    jsonl: opt.JsonlOption = None,
    encoding: opt.EncodingOption = None,
    keep_furniture: opt.KeepFurnitureOption = None,
    no_prune: opt.NoPruneOption = False,
    dry_run: opt.DryRunOption = False,
    quiet: opt.QuietOption = False,
    lang: opt.LangOption = None,
) -> int:
    """Bring the index up to the files.

    New files come in, changed ones take the place of what they were, and documents whose files are
    gone go out. A file that cannot be read is reported and passed over. Exits with 2 if nothing
    could be read.
    """
    began = time.monotonic()
    settings, say = begin(
        ctx,
        Overrides(
            index=folder,
            include=include or None,
            exclude=exclude or None,
            encoding=encoding,
            keep_furniture=keep_furniture,
            lang=lang,
        ),
    )
    sources = paths or (settings.sources if jsonl is None else ())
    if not sources and jsonl is None:
        raise SearchDBError(say("nothing_to_index"))
    report = SyncReport()
    with searchdb.open(
        settings.index, create=True, base=settings.base, workers=settings.workers
    ) as db:
        if sources:
            report = indexing.sync_files(
                db, sources, settings, prune=not no_prune, dry_run=dry_run, quiet=quiet, say=say
            )
            if replace(report, notes=()) == SyncReport() and not quiet:
                limited = settings.include or settings.exclude
                tell(say("none_taken") if limited else say("no_files", kinds=indexing.kinds()))
        if jsonl is not None:
            added = indexing.add_jsonl(
                db,
                jsonl,
                keep_furniture=settings.keep_furniture,
                dry_run=dry_run,
                quiet=quiet,
                say=say,
            )
            report = indexing.together(report, added)
    summary = say(
        "summary",
        added=report.added,
        updated=report.updated,
        removed=report.removed,
        unchanged=report.unchanged,
        failed=report.failed,
    )
    if dry_run:
        summary = say("dry_run", summary=summary)
    else:
        seconds = time.monotonic() - began
        summary = say("written", index=short(settings.index), summary=summary, seconds=seconds)
    indexing.give_account(report, summary, quiet=quiet, say=say)
    done = report.added + report.updated + report.removed + report.unchanged
    return 2 if report.failed and not done else 0


def remove(
    ctx: typer.Context,
    ids: opt.IdsArgument,
    *,
    folder: opt.IndexOption = None,
    dry_run: opt.DryRunOption = False,
    lang: opt.LangOption = None,
) -> int:
    """Take documents out of the index.

    An ID that is none may be a glob, in which * stands for slashes too: 'drafts/*'. A document
    whose file is still there comes back with the next `searchdb index` unless --exclude keeps it
    out. Exits with 1 if there is none with one of the ids.
    """
    settings, say = begin(ctx, Overrides(index=folder, lang=lang))
    with searchdb.open(settings.index) as db:
        matches = {each: _matching(db, each) for each in ids}
        found = list(dict.fromkeys(chain.from_iterable(matches.values())))
        count = len(found) if dry_run else db.remove(found)
    for each, matching in matches.items():
        if not matching:
            tell(say("no_document", id=named(each)))
    for each in found if dry_run else ():
        put(named(each))
    if dry_run:
        tell(say("dry_run", summary=say("documents_done", count=count)))
    else:
        tell(say("removed", count=count))
    return 0 if all(matches.values()) else 1


def _matching(db: SearchDB, written: str) -> list[str]:
    """The documents that an id or else a glob stands for."""
    if db.document(written) is not None:
        return [written]
    if not set(written) & set("*?["):
        return []
    return sorted(each for each in db.ids() if fnmatchcase(each, written))


def check(
    ctx: typer.Context,
    *,
    folder: opt.IndexOption = None,
    repair: opt.RepairOption = False,
    lang: opt.LangOption = None,
) -> int:
    """Read every byte of the index and name the files that are damaged.

    Exits with 0 if it is sound or was repaired, 1 if it is damaged, 2 if there is none.
    """
    settings, say = begin(ctx, Overrides(index=folder, lang=lang))
    try:
        with searchdb.open(settings.index) as db:
            damaged = db.check()
    except IndexCorruptError as error:
        damaged = [error.file]
    for name in damaged:
        put(flat(name))
    if not damaged:
        tell(say("sound", index=short(settings.index)))
        return 0
    if repair:
        return _rebuild(settings, settings.sources, discard=False, quiet=False, say=say)
    tell(say("damaged", count=len(damaged)))
    return 1


def rebuild(
    ctx: typer.Context,
    paths: opt.PathsArgument = None,
    *,
    folder: opt.IndexOption = None,
    discard: opt.DiscardOption = False,
    quiet: opt.QuietOption = False,
    lang: opt.LangOption = None,
) -> int:
    """Make the index anew.

    It is made from the texts it holds and from the files, as an update of searchdb may ask for. The
    old one answers until the new one is complete.
    """
    settings, say = begin(ctx, Overrides(index=folder, lang=lang))
    sources = paths or settings.sources
    if not sources and not settings.index.exists():
        searchdb.open(settings.index).close()  # a slip in the name makes no index: it raises
    return _rebuild(settings, sources, discard=discard, quiet=quiet, say=say)


def _rebuild(
    settings: Settings, sources: Sequence[str | Path], *, discard: bool, quiet: bool, say: Voice
) -> int:
    began = time.monotonic()
    with ProgressBar(say("rebuilding"), quiet=quiet) as bar:
        report = searchdb.rebuild(
            settings.index,
            sources,
            base=settings.base,
            include=settings.include,
            exclude=settings.exclude,
            encoding=settings.encoding,
            keep_furniture=settings.keep_furniture,
            discard=discard,
            progress=lambda done, _: bar(done, say("documents_done", count=done)),
            workers=settings.workers,
        )
    with searchdb.open(settings.index) as db:
        count = len(db)
    seconds = time.monotonic() - began
    summary = say("rebuilt", count=count, seconds=seconds, index=short(settings.index))
    indexing.give_account(report, summary, quiet=quiet, say=say)
    return 2 if report.failed and not count else 0
