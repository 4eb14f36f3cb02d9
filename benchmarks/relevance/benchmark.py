"""DATA -> RUNS: the sets in a folder, and the runs of each engine over them, made once and kept.

A run is kept in `WORK/SET/ENGINE-KEY/`, a file in TREC's format each. The key is a hash of what the
run depends on (the files of the set, the code and the release of the engine), so that a rerun costs
only what changed.
"""

from __future__ import annotations

import hashlib
import shutil
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from searchdb.evaluation import (
    ACCENTS,
    Accents,
    Collection,
    Half,
    Run,
    check_trec_ids,
    half_of,
    read_collection,
    read_run,
    without_accents,
    write_run,
)
from searchdb.model import Document

__all__ = ["DEPTH", "Engine", "Made", "Runs", "Task", "digest", "runs_of", "tasks"]

DEPTH = 100
"""Documents asked for."""

_SUFFIX = ".run"


@dataclass(frozen=True)
class Task:
    """A set of the folder: its documents, and queries of it as they are typed in three ways.

    `files` is a hash of its files, `key` one of the choice of queries too.
    """

    name: str
    collection: Collection
    queries: Mapping[Accents, Mapping[str, str]]
    files: str
    key: str

    @cached_property
    def documents(self) -> list[Document]:
        """The corpus; of two documents with one id the later counts, as in searchdb."""
        return list({each.id: each for each in self.collection.documents()}.values())

    @property
    def titled(self) -> bool:
        """Whether any document has a title."""
        return any(document.title for document in self.documents)


Made = tuple[str, Accents, Run]
"""Engine and settings (`bm25s, folded; title 3`), how the queries were typed, what was found.

Of several that differ behind the semicolon only, the best counts."""

Runs = Mapping[tuple[str, Accents], Run]


@dataclass(frozen=True, slots=True)
class Engine:
    """A short name, what its runs depend on beside the set, and how they are made.

    `make` also gets a folder of its own for what it wants to keep.
    """

    name: str
    key: str
    make: Callable[[Task, Path], Iterable[Made]]


def digest(paths: Iterable[Path], *more: str) -> str:
    """A short hash of the contents of files and of other texts."""
    total = hashlib.sha256()
    for path in sorted(paths):
        total.update(hashlib.sha256(path.read_bytes()).digest())
    total.update("\n".join(more).encode())
    return total.hexdigest()[:12]


def tasks(data: Path, names: Sequence[str] | None, half: Half | None) -> Iterator[Task]:
    """Every folder in `data` that is in BEIR's layout, or those named, by name."""
    for folder in sorted(each for each in data.iterdir() if each.is_dir()):
        if not list(folder.glob("corpus.jsonl*")) or (names and folder.name not in names):
            continue
        collection = read_collection(folder)
        check_trec_ids(collection.queries)
        check_trec_ids(collection.ids)
        queries = {
            accents: {
                query: without_accents(text, accents)
                for query, text in collection.queries.items()
                if half in {None, half_of(query)}
            }
            for accents in ACCENTS
        }
        files = digest(each for each in folder.rglob("*") if each.is_file())
        key = digest((), files, str(half))
        yield Task(folder.name, collection, queries, files, key)


def runs_of(engine: Engine, task: Task, work: Path, tell: Callable[[str], None]) -> Runs:
    """The runs of an engine over a set: kept ones, or made and kept."""
    place = work / task.name / f"{engine.name}-{digest((), engine.key, task.key)}"
    if not place.is_dir():
        tell(f"{task.name}: {engine.name}")
        for old in place.parent.glob(f"{engine.name}-*"):
            shutil.rmtree(old)
        unfinished = place.parent / f"{engine.name}.new"
        shutil.rmtree(unfinished, ignore_errors=True)
        unfinished.mkdir(parents=True)
        own = place.parent / f"{engine.name}.kept"
        own.mkdir(exist_ok=True)
        for name, accents, run in engine.make(task, own):
            write_run(run, unfinished / f"{name}@{accents}{_SUFFIX}", tag=engine.name)
        unfinished.rename(place)
    return {_named(path): read_run(path) for path in sorted(place.glob(f"*{_SUFFIX}"), key=_named)}


def _named(path: Path) -> tuple[str, Accents]:
    name, _, typed = path.name.removesuffix(_SUFFIX).rpartition("@")
    return name, next(accents for accents in ACCENTS if accents == typed)
