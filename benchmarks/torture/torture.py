"""SEED -> FAILURES: everything that may happen to an index happens, and it must hold.

`python benchmarks/torture/torture.py` or `make torture`: the long form, about an hour of two cores.
`--short` takes seconds and is what the tests run. Parts can be run alone (`--only kills,damage`).
Every part is a function of `--seed` (but for when processes happen to run), which each failure
names. Exits with 1 if anything failed. Needs a system with fork.
"""

from __future__ import annotations

import argparse
import re
import sys
import tempfile
import time
import warnings
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path

from torture_crash import disk_failures, kills, steps
from torture_damage import damages
from torture_readers import readers, threads

import searchdb
from searchdb import Document

__all__ = ["main"]

Part = Callable[[Path, argparse.Namespace], Iterator[str]]

_PARTS: dict[str, Part] = {
    "kills": lambda root, given: kills(root, given.seed, given.kills),
    "steps": lambda root, given: steps(root, given.seed, given.changes, given.stride),
    "disk": lambda root, given: disk_failures(root, given.seed, given.changes, given.stride),
    "damage": lambda root, given: damages(
        root, given.seed, given.damages, given.documents, manifest=False
    ),
    "manifest": lambda root, given: damages(root, given.seed, given.damages, 4, manifest=True),
    "readers": lambda root, given: readers(root, given.seed, 60 * given.minutes),
    "threads": lambda root, given: threads(root, given.seed, max(3, 12 * given.minutes)),
}

_EXAMPLES = 3
"""Failures of one kind that are shown in full."""

_PARTICULAR = re.compile(r"'[^']*'|/\S+|\d+")
"""Names and numbers, which do not make another kind of failure."""

_LONG = {
    "kills": 500,
    "changes": 12,
    "stride": 1,
    "damages": 1000,
    "documents": 100,
    "minutes": 10.0,
}
_SHORT = {"kills": 6, "changes": 3, "stride": 15, "damages": 20, "documents": 4, "minutes": 0.05}


def main() -> int:
    """Run the parts; 1 if any of them failed."""
    given = _arguments()
    warnings.simplefilter("ignore")
    with (  # forked processes find everything loaded
        tempfile.TemporaryDirectory() as folder,
        searchdb.open(Path(folder) / "index", create=True) as db,
    ):
        db.add([Document(id="a", text="Chi bộ thôn Đoài họp.")])
        db.search("chi bộ")
    held = [_held(name, given) for name in given.only]
    return int(not all(held))


def _held(name: str, given: argparse.Namespace) -> bool:
    """Run a part, show a few failures of each kind and how many there were."""
    began = time.monotonic()
    kinds: Counter[str] = Counter()
    with tempfile.TemporaryDirectory() as folder:
        for failure in _PARTS[name](Path(folder), given):
            last = failure.partition(": ")[2].rpartition("\n")[2]
            kind = _PARTICULAR.sub("_", last)[:80]
            kinds[kind] += 1
            if kinds[kind] <= _EXAMPLES:
                print(f"FAILED {name} --seed {given.seed}: {failure}", flush=True)
    for kind, times in kinds.items():
        print(f"FAILED {name}, {times} times: {kind}")
    shown = f"failed {kinds.total()} times" if kinds else "held"
    print(f"{name}: {shown}, {time.monotonic() - began:.0f} s", flush=True)
    return not kinds


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    add = parser.add_argument
    add("--short", action="store_true", help="a few of everything")
    add("--only", type=_parts, default=list(_PARTS), metavar=",".join(_PARTS))
    add("--seed", type=int, default=1)
    add("--kills", type=int, help="of a writer, at random")
    add("--changes", type=int, help="that are failed operation by operation")
    add("--stride", type=int, help="of the operations, every so manieth")
    add("--damages", type=int)
    add("--documents", type=int, help="of the index that is damaged")
    add("--minutes", type=float, help="of writing beside readers; a fifth of it beside threads")
    given = parser.parse_args()
    for name, value in (_SHORT if given.short else _LONG).items():
        if getattr(given, name) is None:
            setattr(given, name, value)
    return given


def _parts(value: str) -> list[str]:
    names = value.split(",")
    if strange := set(names) - set(_PARTS):
        message = f"{', '.join(sorted(strange))}: choose from {', '.join(_PARTS)}"
        raise argparse.ArgumentTypeError(message)
    return names


if __name__ == "__main__":
    sys.exit(main())
