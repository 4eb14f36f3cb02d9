"""DATA -> TABLES: searchdb's engine beside tantivy, bm25s, SQLite FTS5 and Whoosh, in one run.

`python benchmarks/speed/engine.py DATA` or `make bench DATA=DIR`, after
`pip install -e '.[bench]'`; docs/performance.md says what DATA holds. Each part can be run alone
(`--only or,phrase`); the figures are kept in `--cache`, so that the tables show those of all runs,
and indexes are built once (`--fresh` forgets both for the size at hand). `--write` puts the tables
into docs/performance.md.

All engines take turns, query by query. Times are those of the processor, of each query the least
over the rounds, so that a busy machine disturbs as little as possible. An engine that has used up
`--seconds` on a set of queries answers no more of it.
"""

from __future__ import annotations

import argparse
import json
import math
import shutil
import subprocess
import sys
import time
import warnings
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from statistics import median
from typing import Any

try:
    import engine_corpus
    from engine_peers import PEERS, EnginePeer
    from engine_searchdb import KERNELS, use_kernels
    from engine_tables import tables
    from engine_users import USERS
except ModuleNotFoundError as error:
    sys.exit(f"{error.name} is not installed: run `pip install -e '.[bench]'`")

from searchdb.analysis import Analyzer
from searchdb.analysis.fold import fold
from searchdb.analysis.segmenters.syllable import SyllableSegmenter

__all__ = ["main"]

_ROOT = Path(__file__).resolve().parents[2]
_DOCUMENT = _ROOT / "docs" / "performance.md"
_BEGIN, _END = "<!-- engine benchmark: begin -->", "<!-- engine benchmark: end -->"
_PROBE = Path(__file__).with_name("engine_probe.py")
_PARTS = ("or", "and", "phrase", "agree", "user", "build", "increment", "open", "memory")
_SETS = {"or": ("headlines", "questions", "words"), "and": ("words",), "phrase": ("phrases",)}
_K = 10
_INCREMENTS = 5
_SAMPLE = 25
"""Queries of a set that engines must agree on, and that a process answers to show its memory."""


@dataclass(frozen=True, slots=True)
class Run:
    """One run: what is asked, and where its indexes and figures are."""

    data: Path
    corpus: engine_corpus.Corpus
    queries: engine_corpus.Queries
    folder: Path
    peers: frozenset[str]
    kernels: str
    rounds: int
    seconds: float
    results: dict[str, dict[str, float]]

    def keep(self, part: str, peer: str, figures: Mapping[str, float]) -> None:
        """Remember figures of a part for a peer."""
        shown = f"searchdb-{self.kernels}" if peer == "searchdb" else peer
        self.results[f"{len(self.corpus)}/{part}/{shown}"] = dict(figures)

    def index(self, level: str, peer: str) -> Path:
        """The folder of an index, built by a process of its own if it is not there."""
        folder = self.folder / f"{level}-{peer}"
        if not folder.exists():
            waiting = folder.with_suffix(".waiting")
            shutil.rmtree(waiting, ignore_errors=True)
            figures = self.probe("build", level, peer, waiting)
            self.keep(f"build/{level}", peer, figures)
            waiting.rename(folder)
        return folder

    def probe(
        self, task: str, level: str, peer: str, folder: Path, queries: Sequence[str] = ()
    ) -> dict[str, float]:
        """What engine_probe.py says."""
        command = [sys.executable, "-W", "ignore", str(_PROBE), self.kernels, task, level, peer]
        command += [str(self.folder), str(folder), *queries]
        done = subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True)  # noqa: S603 - our own program
        figures: dict[str, float] = json.loads(done.stdout)
        return figures

    def chosen(self, table: Mapping[str, tuple[str, Any, int | None]]) -> Iterator[tuple[str, Any]]:
        """The peers of a level that take part."""
        return ((name, row[1]) for name, row in table.items() if name in self.peers)


def main() -> None:
    """Run the parts that are asked for and print the tables."""
    given = _arguments()
    warnings.simplefilter("ignore")
    kept = given.cache / "results.json"
    results: dict[str, dict[str, float]] = {}
    with suppress(FileNotFoundError):
        results = json.loads(kept.read_text(encoding="utf-8"))
    if not given.tables:
        _measure(given, results, kept)
    _show(results, write=given.write)


def _measure(given: argparse.Namespace, results: dict[str, dict[str, float]], kept: Path) -> None:
    """Run the parts that are asked for; what each of them gives is kept at once."""
    use_kernels(given.kernels)
    place = given.cache / str(given.size or "all")
    if given.fresh:
        shutil.rmtree(place, ignore_errors=True)
    try:
        corpus = engine_corpus.prepare(given.data, place, given.size)
        queries = engine_corpus.queries(given.data, corpus, given.queries)
    except OSError as error:
        sys.exit(f"{error}: docs/performance.md says what the folder of texts holds")
    peers = frozenset(given.peers or {*PEERS, *USERS})
    run = Run(
        given.data,
        corpus,
        queries,
        place,
        peers,
        given.kernels,
        given.rounds,
        given.seconds,
        results,
    )
    for part in given.only or _PARTS:
        _WORK.get(part, _engine_level(part))(run)
        kept.write_text(json.dumps(results, indent=1, sort_keys=True), encoding="utf-8")


def _show(results: dict[str, dict[str, float]], *, write: bool) -> None:
    shown = tables(_ordered(results), _names())
    print(shown)
    if write:
        _write(shown)
    strange = [
        key
        for key, row in results.items()
        if "/agree/" in key and min(row.get("and", 1), row.get("phrase", 1)) < 1
    ]
    if strange:
        sys.exit(f"not the same passages as tantivy: {', '.join(strange)}")


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    names = sorted({*PEERS, *USERS})
    add = parser.add_argument
    add("data", type=Path, metavar="DATA")
    add("--size", "--passages", type=int, help="how many passages; beyond all, changed copies")
    add("--queries", type=int, default=100, help="of each set")
    add("--rounds", type=int, default=3)
    add("--seconds", type=float, default=20, help="of processor for an engine and a set")
    add("--only", type=_several(_PARTS), metavar=",".join(_PARTS))
    add("--peers", type=_several(names), metavar=",".join(names))
    add("--kernels", choices=KERNELS, default=KERNELS[0])
    add("--cache", type=Path, default=_ROOT / "build" / "bench")
    add("--fresh", action="store_true", help="measure building too, where an index is kept")
    add("--tables", action="store_true", help="measure nothing: show what is kept")
    add("--write", action="store_true", help=f"put the tables into {_DOCUMENT.name}")
    return parser.parse_args()


def _several(known: Sequence[str]) -> Callable[[str], list[str]]:
    def several(value: str) -> list[str]:
        names = value.split(",")
        if strange := set(names) - set(known):
            message = f"{', '.join(sorted(strange))}: choose from {', '.join(known)}"
            raise argparse.ArgumentTypeError(message)
        return names

    return several


def _names() -> dict[str, str]:
    """What each peer is called in the tables, searchdb with each of its kernels."""
    names = {f"searchdb-{each}": f"searchdb, {each}" for each in KERNELS}
    for table in (PEERS, USERS):
        names |= {key: row[0] for key, row in table.items() if key not in {"searchdb", *names}}
    return names


def _ordered(results: dict[str, dict[str, float]]) -> dict[str, dict[str, float]]:
    """In the order of the parts, whenever they were run."""

    def place(key: str) -> tuple[int, int, str]:
        size, part, queries, _ = key.split("/")
        return int(size), _PARTS.index(part), queries

    return {key: results[key] for key in sorted(results, key=place)}


def _write(shown: str) -> None:
    text = _DOCUMENT.read_text(encoding="utf-8")
    before, _, rest = text.partition(_BEGIN)
    _, _, after = rest.partition(_END)
    if not rest or not after:
        sys.exit(f"{_DOCUMENT} has no {_BEGIN} and {_END}")
    _DOCUMENT.write_text(f"{before}{_BEGIN}\n\n{shown.strip()}\n\n{_END}{after}", encoding="utf-8")


# Latency


def _engine_level(part: str) -> Callable[[Run], None]:
    def measure(run: Run) -> None:
        engines = {name: kind(run.index("engine", name)) for name, kind in run.chosen(PEERS)}
        if part != "or":
            engines.pop("bm25s", None)
        for name in _SETS[part]:
            tokens = _tokens(run.queries[name])
            calls = {each: _ask(engine, part) for each, engine in engines.items()}
            _latencies(run, f"{part}/{name}", calls, tokens, PEERS)

    return measure


def _ask(engine: EnginePeer, part: str) -> Callable[[list[str]], object]:
    search = getattr(engine, f"search_{part}")
    return lambda tokens: search(tokens, _K)


def _tokens(queries: Sequence[str]) -> list[list[str]]:
    analyzer = Analyzer(SyllableSegmenter())
    return [analyzer.syllables(query).keys for query in queries]


def _user(run: Run) -> None:
    systems = {name: kind(run.index("user", name)) for name, kind in run.chosen(USERS)}
    sets = {name: run.queries[name] for name in ("headlines", "questions", "words")}
    sets["words without marks"] = [fold(query) for query in sets["words"]]
    for name, queries in sets.items():
        calls = {each: system.search for each, system in systems.items()}
        _latencies(run, f"user/{name}", calls, queries, USERS)


def _latencies(
    run: Run,
    part: str,
    calls: Mapping[str, Callable[[Any], object]],
    queries: Sequence[Any],
    table: Mapping[str, tuple[str, Any, int | None]],
) -> None:
    for name, times in _interleaved(calls, queries, run.rounds, run.seconds).items():
        ordered = sorted(times)
        figures = {
            "p50": median(ordered),
            "p95": ordered[math.ceil(0.95 * len(ordered)) - 1],
            "queries": len(ordered),
            "passages": min(table[name][2] or len(run.corpus), len(run.corpus)),
        }
        run.keep(part, name, figures)


def _interleaved(
    calls: Mapping[str, Callable[[Any], object]],
    queries: Sequence[Any],
    rounds: int,
    seconds: float,
) -> dict[str, list[float]]:
    """The least time of each query by each engine, the engines taking turns in beginning."""
    for call in calls.values():
        # Whatever an engine does once, such as compiling, is no part of an answer.
        call(queries[0])
    names = list(calls)
    best: dict[str, list[float]] = {name: [] for name in names}
    spent = dict.fromkeys(names, 0.0)
    for turn in range(rounds + 1):
        for number, query in enumerate(queries):
            first = (turn + number) % len(names)
            for name in (*names[first:], *names[:first]):
                if spent[name] > seconds:
                    continue
                start = time.process_time()
                calls[name](query)
                taken = time.process_time() - start
                spent[name] += taken
                if number < len(best[name]):
                    best[name][number] = min(best[name][number], taken)
                elif number == len(best[name]):
                    best[name].append(taken)
    return best


# Agreement


def _agree(run: Run) -> None:
    """Which share of the passages that tantivy finds each engine finds, and no others."""
    engines = {name: kind(run.index("engine", name)) for name, kind in run.chosen(PEERS)}
    base = engines.get("tantivy") or PEERS["tantivy"][1](run.index("engine", "tantivy"))
    parts = {"and": "words", "phrase": "phrases"}
    for name, engine in engines.items():
        most = min(PEERS[name][2] or len(run.corpus), len(run.corpus))
        figures: dict[str, float] = {"passages": most}
        for part, queries in parts.items() if name != "bm25s" else ():
            same = [
                _found(engine, part, tokens, len(run.corpus), most)
                == _found(base, part, tokens, len(run.corpus), most)
                for tokens in _tokens(run.queries[queries][:_SAMPLE])
            ]
            figures[part] = sum(same) / len(same)
        if most == len(run.corpus):
            figures["or"] = _overlap(engine, base, _tokens(run.queries["headlines"][:_SAMPLE]))
        run.keep("agree/all", name, figures)


def _found(engine: EnginePeer, part: str, tokens: list[str], k: int, most: int) -> set[int]:
    return {number for number, _ in getattr(engine, f"search_{part}")(tokens, k) if number < most}


def _overlap(one: EnginePeer, two: EnginePeer, queries: list[list[str]]) -> float:
    """How many of the ten best are the same; formulas and the precision of lengths differ."""
    shares: list[float] = []
    for tokens in queries:
        best = [{number for number, _ in each.search_or(tokens, _K)} for each in (one, two)]
        shares.append(len(best[0] & best[1]) / max(1, len(best[1])))
    return sum(shares) / len(shares)


# What is paid once


def _build(run: Run) -> None:
    """Indexes that are kept were measured when they were built."""
    for level, table in (("engine", PEERS), ("user", USERS)):
        for name, _ in run.chosen(table):
            run.index(level, name)


def _increment(run: Run) -> None:
    """Ten passages more, over and over, on a copy of each index."""
    texts = list(run.corpus.written())[: 10 * _INCREMENTS]
    for name, kind in run.chosen(USERS):
        copy = run.folder / "copy"
        shutil.rmtree(copy, ignore_errors=True)
        shutil.copytree(run.index("user", name), copy)
        system = kind(copy)
        system.search(texts[0][:40])
        times: list[tuple[float, float]] = []
        for turn in range(_INCREMENTS):
            first = len(run.corpus) + 10 * turn
            batch = [(first + i, f"{text} dấu{first}") for i, text in enumerate(texts[:10])]
            start = time.process_time(), time.perf_counter()
            system.add(batch)
            times.append((time.process_time() - start[0], time.perf_counter() - start[1]))
            if not any(number >= first for number, _ in system.search(f"dấu{first}")):
                sys.exit(f"{name} does not find what was added")
        cpu, wall = (median(column) for column in zip(*times, strict=True))
        most = min(USERS[name][2] or len(run.corpus), len(run.corpus))
        run.keep("increment/ten", name, {"cpu": cpu, "wall": wall, "passages": most})
        shutil.rmtree(copy)


def _open(run: Run) -> None:
    """Medians over processes that take turns."""
    systems = [name for name, _ in run.chosen(USERS)]
    query = run.queries["words"][0]
    rows: dict[str, list[dict[str, float]]] = {name: [] for name in systems}
    for _ in range(run.rounds):
        for name in systems:
            rows[name].append(run.probe("open", "user", name, run.index("user", name), [query]))
    for name, found in rows.items():
        figures = {each: median(row[each] for row in found) for each in found[0]}
        figures["passages"] = min(USERS[name][2] or len(run.corpus), len(run.corpus))
        run.keep("open/first", name, figures)


def _memory(run: Run) -> None:
    queries = [*run.queries["headlines"][:_SAMPLE], *run.queries["words"][:_SAMPLE]]
    for name, _ in run.chosen(USERS):
        figures = run.probe("memory", "user", name, run.index("user", name), queries)
        figures["passages"] = min(USERS[name][2] or len(run.corpus), len(run.corpus))
        run.keep("memory/searching", name, figures)


_WORK: dict[str, Callable[[Run], None]] = {
    "agree": _agree,
    "user": _user,
    "build": _build,
    "increment": _increment,
    "open": _open,
    "memory": _memory,
}


if __name__ == "__main__":
    main()
