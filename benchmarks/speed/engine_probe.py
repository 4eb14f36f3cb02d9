"""ONE ENGINE -> FIGURES, in a process of its own: what building, opening and holding an index cost.

`python engine_probe.py TASK LEVEL PEER CORPUS INDEX [QUERY...]` prints one JSON object; it is
started by engine.py. Tasks: `build`, `open`, `memory`. Sizes are in bytes, times in seconds.
"""

from __future__ import annotations

import json
import os
import sys
import time
from collections.abc import Sequence
from dataclasses import replace
from importlib import import_module
from pathlib import Path

from engine_corpus import Corpus, load
from engine_peers import PEERS
from engine_searchdb import use_kernels
from engine_users import USERS

__all__ = ["main"]

_KIB = 1024


def main(kernels: str, task: str, level: str, peer: str, *rest: str) -> dict[str, float]:
    """Do the task and give its figures."""
    use_kernels(kernels)
    corpus, folder = Path(rest[0]), Path(rest[1])
    if task == "build":
        return _build(level, peer, load(corpus), folder)
    return (_open if task == "open" else _memory)(peer, folder, rest[2:])


def _build(level: str, peer: str, corpus: Corpus, folder: Path) -> dict[str, float]:
    """Of the passages that this engine is given, with the peak of the whole process.

    The corpus is in memory as arrays beside it: its share is reported as `corpus`.
    """
    most = (PEERS[peer] if level == "engine" else USERS[peer])[2]
    if most and most < len(corpus):
        corpus = replace(corpus, starts=corpus.starts[: most + 1])
    text = sum(len(each.encode()) for each in corpus.written())
    folder.mkdir(parents=True)
    held = _memory_now()["VmRSS"]
    wall, cpu = time.perf_counter(), _processor()
    if level == "engine":
        PEERS[peer][1].build(corpus, folder)
    else:
        USERS[peer][1].build(corpus.written(), folder)
    return {
        "wall": time.perf_counter() - wall,
        "cpu": _processor() - cpu,
        "passages": len(corpus),
        "text": text,
        "index": sum(path.stat().st_size for path in folder.rglob("*") if path.is_file()),
        "peak": _memory_now()["VmHWM"],
        "corpus": held,
    }


def _processor() -> float:
    """Seconds of the processor that this process and those it has started and ended took."""
    return sum(os.times()[:4])


def _memory_now() -> dict[str, int]:
    """What Linux says of this process, in bytes."""
    status = Path("/proc/self/status").read_text(encoding="ascii")
    rows = (line.split(":", 1) for line in status.splitlines())
    return {name: int(rest.split()[0]) * _KIB for name, rest in rows if rest.endswith(" kB")}


def _open(peer: str, folder: Path, queries: Sequence[str]) -> dict[str, float]:
    """To the first answer, everything imported before."""
    kind = USERS[peer][1]
    for name in kind.imports:
        import_module(name)
    times = [(time.perf_counter(), time.process_time())]
    system = kind(folder)
    times.append((time.perf_counter(), time.process_time()))
    system.search(queries[0])
    times.append((time.perf_counter(), time.process_time()))
    return {
        "open": times[1][0] - times[0][0],
        "open cpu": times[1][1] - times[0][1],
        "first": times[2][0] - times[1][0],
        "first cpu": times[2][1] - times[1][1],
    }


def _memory(peer: str, folder: Path, queries: Sequence[str]) -> dict[str, float]:
    """After the queries; `mapped` are pages of files, which the system may take back.

    `begun` is what a Python with numpy holds before anything is opened.
    """
    begun = _memory_now()["VmRSS"]
    system = USERS[peer][1](folder)
    for query in queries:
        system.search(query)
    now = _memory_now()
    names = {"resident": "VmRSS", "own": "RssAnon", "mapped": "RssFile"}
    return {"begun": begun, **{name: now[row] for name, row in names.items()}}


if __name__ == "__main__":
    print(json.dumps(main(*sys.argv[1:])))
