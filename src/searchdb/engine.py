"""THE ROAD: what the library does for its users, each method a line of it.

index:  files -> readers -> Document -> passages -> analysis -> backend
query:  string -> Question -> answer -> SearchResult
"""

from __future__ import annotations

import os
from collections import deque
from contextlib import closing
from functools import cached_property
from itertools import chain
from pathlib import Path
from threading import Lock
from typing import TYPE_CHECKING, Literal, Self

from searchdb.analysis import Analyzer
from searchdb.answering import Question, answer
from searchdb.errors import StorageError
from searchdb.index.document import as_given
from searchdb.index.manifest import FORMAT_VERSION, Manifest
from searchdb.model import (
    AddReport,
    Document,
    SearchResult,
    StoredDocument,
    SyncReport,
    Token,
)
from searchdb.query import abbreviations as abbreviation_table
from searchdb.query import options
from searchdb.query.parser import parse
from searchdb.ranking import Ranking

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Generator, Iterable, Iterator, Mapping, Sequence
    from types import TracebackType

    from searchdb.changes import Changes, Progress
    from searchdb.index.backend import (
        AnalyzedDocument,
        Backend,
        FileState,
        Searcher,
        Writer,
    )
    from searchdb.model import MetaValue
    from searchdb.query.abbreviations import Abbreviations
    from searchdb.query.interpret import Diacritics, MatchMode

__all__ = ["SearchDB", "fingerprint"]


def fingerprint(analyzer: Analyzer) -> str:
    """The identity of an index made with this analyzer; another one needs a rebuild."""
    return f"format {FORMAT_VERSION}, {analyzer.fingerprint}"


class SearchDB:
    """An open index; made by `searchdb.open`. Safe to search from several threads at once."""

    def __init__(
        self,
        backend: Backend,
        analyzer: Analyzer,
        *,
        folder: Path | None = None,
        base: str | os.PathLike[str] | None = None,
        manifest: Manifest | None = None,
        abbreviations: Path | None = None,
        workers: int | None = None,
        ranking: Ranking | None = None,
    ) -> None:
        if workers is not None and (type(workers) is not int or workers < 1):
            raise ValueError(f"workers is {workers!r}: give a whole number from 1, or None")
        self._workers = workers
        self._backend = backend
        self._analyzer = analyzer
        self._ranking = ranking or Ranking()
        self._abbreviations_file = abbreviations
        manifest = manifest or backend.manifest()
        here = folder or Path.cwd()
        if manifest is not None:
            self._base = Path(os.path.normpath(here.absolute() / manifest.base))
            kept = manifest.base
        else:
            from searchdb.changes import relative  # noqa: PLC0415 - brings the readers

            self._base = Path(base or Path.cwd()).resolve()
            kept = relative(self._base, here.resolve())
        self._identity = Manifest(fingerprint=fingerprint(analyzer), base=kept)
        self._searcher: Searcher | None = None
        self._opening = Lock()
        self._closed = False

    # Life

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    def close(self) -> None:
        """Release the files; any use afterwards raises StorageError. Idempotent."""
        searcher, self._searcher, self._closed = self._searcher, None, True
        if searcher is not None:
            searcher.close()
        self._backend.close()

    def refresh(self) -> bool:
        """See commits of other processes from now on; True if there was one. Cheap if not."""
        searcher, manifest = self._snapshot(), self._backend.manifest()
        generation = manifest.generation if manifest else 0
        if generation == searcher.generation:
            return False
        self._reopen()
        return self._snapshot().generation != searcher.generation

    @property
    def damaged(self) -> str | None:
        """The damaged file because of which the commit before the newest answers; None if sound.

        Such an index can be searched and not changed: `check --repair` or `rebuild` mends it.
        """
        return self._snapshot().damage

    def _snapshot(self) -> Searcher:
        if self._closed:
            message = "this index is closed: open it again"
            raise StorageError(message)
        searcher = self._searcher
        if searcher is None:
            with self._opening:
                searcher = self._searcher
                if searcher is None:
                    searcher = self._searcher = self._backend.searcher()
        return searcher

    def _reopen(self) -> None:
        """Look at the newest commit from the next use on; searches under way keep the old one."""
        with self._opening:  # a snapshot that another thread is opening may be one too old
            self._searcher = None

    # Index

    def add(self, documents: Iterable[Document], *, keep_furniture: bool = False) -> AddReport:
        """Keep documents, each in place of the one with its id; one atomic, durable commit.

        A later document of the batch replaces an earlier one with its id, and is counted. Raises
        StorageError, IndexLockedError; whatever goes wrong, the index stays as it was.
        """
        added = updated = duplicates = 0
        seen: set[str] = set()
        documents = map(options.checked_document, documents)
        first = next(documents, None)
        if first is None and self._backend.manifest() is not None:
            return AddReport()
        with self._writing() as writer:
            known = self._backend.searcher()
            given = ((document, None) for document in chain([first] if first else [], documents))
            with self._prepared(writer, given, keep_furniture=keep_furniture) as prepared:
                for document in prepared:
                    writer.add(document)
                    document_id = document.stored.id
                    if document_id in seen:
                        duplicates += 1
                    elif known.find(document_id) is None:
                        added += 1
                    else:
                        updated += 1
                    seen.add(document_id)
            known.close()
        self._reopen()
        return AddReport(added, updated, duplicates)

    def remove(self, ids: Iterable[str]) -> int:
        """Drop documents in one atomic commit; ids that are not there are passed over.

        Returns how many were dropped.
        """
        if isinstance(ids, str):
            message = f"remove takes a list of ids: write [{ids!r}]"
            raise TypeError(message)
        wanted = dict.fromkeys(ids)
        self.refresh()
        present = [each for each in wanted if self._snapshot().find(each) is not None]
        if not present:
            return 0
        with self._writing() as writer:
            removed = sum(writer.remove(each) for each in present)
        self._reopen()
        return removed

    def sync(
        self,
        paths: Iterable[str | os.PathLike[str]],
        *,
        include: Sequence[str] = (),
        exclude: Sequence[str] = (),
        encoding: str = "auto",
        keep_furniture: bool = False,
        prune: bool = True,
        dry_run: bool = False,
        progress: Progress | None = None,
    ) -> SyncReport:
        """Bring the index up to the files under `paths`; one atomic commit if anything changed.

        A file whose modification time and size are known is unchanged; otherwise its hash decides.
        `prune` removes documents whose file under one of the (still existing) paths is gone, never
        those of `add`. A file that cannot be read is reported and keeps its document. `dry_run`
        writes nothing. `progress(files done, id)` is called for each file. See `readers.walk` for
        the globs and `readers.encodings` for `encoding`.
        """
        if isinstance(paths, str | os.PathLike):
            message = f"sync takes a list of paths: write [{str(paths)!r}]"
            raise TypeError(message)
        from searchdb.changes import Changes  # noqa: PLC0415 - brings the readers

        self.refresh()
        known = dict(self._snapshot().files())
        changes = Changes(
            list(paths),
            known,
            self._base,
            include=include,
            exclude=exclude,
            encoding=encoding,
            progress=progress,
        )
        gone = changes.gone() if prune else []
        if dry_run:
            deque(changes, maxlen=0)
        else:
            self._apply(changes, gone, keep_furniture=keep_furniture)
        return changes.report(removed=len(gone))

    def _apply(self, changes: Changes, gone: list[str], *, keep_furniture: bool) -> None:
        """Write what changed, if anything did."""
        waiting = iter(changes)
        first = next(waiting, None)
        nothing = first is None and not gone
        if nothing and (changes.errors or self._backend.manifest() is not None):
            return  # a mistyped path makes no index
        with self._writing() as writer:
            for document_id in gone:
                writer.remove(document_id)
            given = chain([first] if first else [], waiting)
            self._put(writer, given, keep_furniture=keep_furniture)
        self._reopen()

    def _prepared(
        self,
        writer: Writer,
        documents: Iterable[tuple[Document, FileState | None]],
        *,
        keep_furniture: bool,
    ) -> closing[Generator[AnalyzedDocument, None, None]]:
        """The documents as the writer takes them; leaving the block ends the work on them."""
        from searchdb.index.pipeline import prepared  # noqa: PLC0415 - a question needs none of it

        return closing(
            prepared(
                documents,
                self._analyzer,
                keep_furniture=keep_furniture,
                workers=self._workers,
                packer=writer.packer,
            )
        )

    def _put(
        self, writer: Writer, documents: Iterable[tuple[Document, FileState | None]], **given: bool
    ) -> None:
        with self._prepared(writer, documents, **given) as prepared:
            for document in prepared:
                writer.add(document)

    def _writing(self) -> Writer:
        self._snapshot()
        return self._backend.writer(self._identity)

    def restart(
        self,
        kept: Iterable[tuple[StoredDocument, FileState | None]],
        paths: Iterable[str | os.PathLike[str]],
        *,
        include: Sequence[str] = (),
        exclude: Sequence[str] = (),
        encoding: str = "auto",
        keep_furniture: bool = False,
        progress: Progress | None = None,
    ) -> SyncReport:
        """Start the index from nothing with these documents and the files under `paths`.

        Everything is split and analyzed anew, in one commit; what the folder held before answers
        until then.
        """
        from searchdb.changes import Changes  # noqa: PLC0415 - brings the readers

        known: dict[str, FileState] = {}

        def again() -> Iterator[tuple[Document, FileState | None]]:
            for before, state in kept:
                if state:
                    known[before.id] = state
                yield as_given(before), state

        with self._backend.writer(self._identity, start="nothing") as writer:
            self._put(writer, again(), keep_furniture=keep_furniture)
            changes = Changes(
                list(paths),
                known,
                self._base,
                include=include,
                exclude=exclude,
                encoding=encoding,
                progress=progress,
            )
            gone = changes.gone()
            self._put(writer, changes, keep_furniture=keep_furniture)
            for document_id in gone:
                writer.remove(document_id)
        self._reopen()
        return changes.report(removed=len(gone))

    # Query

    def search(
        self,
        query: str,
        *,
        limit: int = 10,
        offset: int = 0,
        diacritics: Diacritics = "smart",
        match: MatchMode = "smart",
        after: str | dt.date | None = None,
        before: str | dt.date | None = None,
        where: Mapping[str, MetaValue] | None = None,
        sort: Literal["relevance", "date"] = "relevance",
        group: Literal["document", "passage"] = "document",
        syntax: Literal["smart", "plain"] = "smart",
        explain: bool = False,
        snippet_size: int = 300,
    ) -> SearchResult:
        """Find and rank what answers `query`; see docs/query-syntax.md for what may be typed.

        `after` and `before` are inclusive dates, `where` demands values of meta fields. Raises
        QueryError for a query or an option that cannot be, StorageError for an index that cannot.
        """
        question = Question(
            query=query,
            limit=limit,
            offset=offset,
            diacritics=diacritics,
            match=match,
            after=after,
            before=before,
            where=where,
            sort=sort,
            group=group,
            syntax=syntax,
            explain=explain,
            snippet_size=snippet_size,
            ranking=self._ranking,
        )
        return answer(question, self._snapshot(), self._analyzer, self._abbreviations)

    def suggest(self, prefix: str, *, limit: int = 10) -> list[str]:
        """Ways to finish a half-typed query, from the collection's words, the most usual first."""
        from searchdb.query import suggest  # noqa: PLC0415 - seldom needed

        options.check_count("limit", limit)
        options.check_text("what is to be completed", prefix)
        parse(prefix, syntax="plain")
        return suggest.complete(prefix, self._analyzer, self._snapshot().lexicon, limit=limit)

    @cached_property
    def _abbreviations(self) -> Abbreviations:
        return abbreviation_table.load(self._abbreviations_file, forms=self._analyzer.forms)

    # Look

    def analyze(self, text: str) -> list[Token]:
        """The tokens that the index has for a text, with the words that pyvi finds in it."""
        return self._analyzer.analyze(text)

    def document(self, document_id: str) -> StoredDocument | None:
        """The stored document with that id, None if there is none."""
        searcher = self._snapshot()
        ref = searcher.find(document_id)
        return None if ref is None else searcher.document(ref)

    def ids(self) -> Iterator[str]:
        """The ids of all documents, in no set order."""
        return self._snapshot().ids()

    def __len__(self) -> int:
        return self._snapshot().lexicon.totals.documents

    def stats(self) -> dict[str, int | str]:
        """Counts of documents, passages, files, syllables and bytes; analysis and generation."""
        searcher = self._snapshot()
        return {
            **searcher.stats(),
            "generation": searcher.generation,
            "analysis": self._analyzer.fingerprint,
            "base": str(self._base),
        }

    def check(self) -> list[str]:
        """Read every byte of the index; the names of the files that are damaged or missing."""
        return list(self._backend.check())
