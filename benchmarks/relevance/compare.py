"""DATA -> TABLES: searchdb beside other engines over every set in a folder, and without its parts.

`python benchmarks/relevance/compare.py DATA` or `make relevance DATA=DIR`, after `pip install -e
'.[bench]'`. DATA holds folders in BEIR's layout, as docs/evaluation.md describes it. Runs are kept
in the work folder, so that a rerun costs only what changed; plain Whoosh takes hours on large sets
(`--skip whoosh`). `--write` puts the tables between the marks in a document.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterator, Sequence
from importlib.metadata import version
from pathlib import Path
from sqlite3 import sqlite_version

from benchmark import Engine, Runs, Task, runs_of, tasks

from searchdb.errors import SearchDBError
from searchdb.evaluation import Half, check_installed

try:
    import ablation
    import engine_searchdb
    import peer_bm25s
    import peer_fts5
    import peer_tantivy
    import peer_whoosh
    import tables
except ModuleNotFoundError as error:
    sys.exit(f"{error.name} is not installed: run `pip install -e '.[bench]'`")

__all__ = ["main"]

_ENGINES: Sequence[Engine] = [
    engine_searchdb.ENGINE,
    peer_bm25s.ENGINE,
    peer_tantivy.ENGINE,
    peer_fts5.ENGINE,
    peer_whoosh.ENGINE,
]


def main() -> None:
    """Print the tables, and write them where that is asked for."""
    given = _arguments()
    check_installed()
    half: Half | None = None if given.half == "all" else given.half
    chosen = list(tasks(given.data, given.sets, half))
    if not chosen:
        sys.exit(f"{given.data} holds no set: name a folder of folders in BEIR's layout")
    engines = [each for each in _ENGINES if _is_wanted(each.name, given)]
    runs: dict[str, Runs] = {}
    parts: dict[str, Runs] = {}
    for task in chosen:
        runs[task.name] = {
            name: run
            for engine in engines
            for name, run in runs_of(engine, task, given.work, _tell).items()
        }
        if _is_wanted("ablation", given):
            parts[task.name] = runs_of(ablation.ENGINE, task, given.work, _tell)
    found = tables.results(chosen, runs)
    text = "\n".join(_page(chosen, found, parts, half)) + "\n"
    print(text)
    if given.write:
        tables.write(given.write, text, mark="make relevance")


def _arguments() -> argparse.Namespace:
    names = [*(each.name for each in _ENGINES), "ablation"]
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("data", type=Path, metavar="DATA")
    parser.add_argument("--work", type=Path, default=Path("build/relevance"), metavar="DIR")
    parser.add_argument("--sets", nargs="+", metavar="SET", help="folders of DATA; all of them")
    parser.add_argument("--only", nargs="+", choices=names, default=names)
    parser.add_argument("--skip", nargs="+", choices=names, default=[])
    parser.add_argument("--half", choices=("report", "tune", "all"), default="report")
    parser.add_argument("--write", type=Path, metavar="FILE")
    return parser.parse_args()


def _is_wanted(name: str, given: argparse.Namespace) -> bool:
    return name in given.only and name not in given.skip


def _tell(line: str) -> None:
    print(line, file=sys.stderr, flush=True)


def _page(
    chosen: Sequence[Task], found: tables.Results, parts: dict[str, Runs], half: Half | None
) -> Iterator[str]:
    releases = ", ".join(f"{name} {version(name)}" for name in ("bm25s", "tantivy", "whoosh"))
    yield f"searchdb {version('searchdb')}, pyvi {version('pyvi')}, {releases},"
    yield f"SQLite {sqlite_version}."
    yield "All queries;" if half is None else f"Queries of the half `{half}`;"
    yield "their number is in parentheses."
    yield ""
    if {tables.OURS, "bm25s, shingles"} <= set(found.engines("kept")):
        yield from tables.goals(found)
        yield ""
    yield from tables.comparison(found)
    if parts:
        yield from tables.ablation(found, tables.results(chosen, parts))


if __name__ == "__main__":
    try:
        main()
    except (SearchDBError, OSError) as error:
        sys.exit(str(error))
