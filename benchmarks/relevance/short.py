"""DATA -> TABLE: short queries, as people type them, under `match` smart and any.

`python benchmarks/relevance/short.py DATA`, after `pip install -e '.[bench]'`. A short query is a
part of a query of the set: whole words, two to four syllables side by side. Of all such parts of a
query one is the rarest in the corpus and one the middling. Law: what is right is judged without the
engine: by the set (the documents of the whole query), by counting (the documents that hold each
word whole), and by where a document was filed (the folder in its id, where ids have one).
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import product
from pathlib import Path
from statistics import median
from typing import Literal

import tables
import tokens
from benchmark import Task, tasks
from engine_searchdb import index_of, unshown

import searchdb
from searchdb.engine import SearchDB
from searchdb.errors import SearchDBError
from searchdb.evaluation import (
    Accents,
    check_installed,
    compare,
    mean,
    measure,
    without_accents,
)
from searchdb.model import SearchResult

__all__ = ["Short", "judge", "main", "shorts"]

_FEWEST, _MOST = 2, 4
"""Syllables of a short query."""
_DEEPEST = 1000
"""Matches whose ids are looked at, to judge all that was found."""
Mode = Literal["smart", "any"]
_MODES: Sequence[Mode] = ("smart", "any")
_ACCENTS: Sequence[Accents] = ("kept", "none")
_SURE = 0.05

Row = tuple[str, ...]
"""Accented syllables side by side."""

Place = tuple[Accents, str, Mode]
"""How it was typed, which part it is, how it was matched."""


@dataclass(frozen=True, slots=True)
class Short:
    """A short query: its words, the documents that hold each of them whole, and the right ones."""

    id: str
    words: tuple[Row, ...]
    whole: frozenset[str]
    right: Mapping[str, int]

    @property
    def text(self) -> str:
        """As it is typed."""
        return " ".join(" ".join(word) for word in self.words)


@dataclass(frozen=True, slots=True)
class Figures:
    """Means over queries; `found` is the median of the numbers of matches.

    `known` is nDCG@10 of the right documents, by query. `whole` is the share of the first ten (or
    of as many as there are) that hold each word whole, `filed` the share that were filed with a
    right one, None where ids have no folders. `precise` and `complete` are precision and recall of
    all that was found against the documents that hold each word whole, over queries with at most
    `_DEEPEST` matches, None where there are none.
    """

    known: Mapping[str, float]
    whole: float | None
    filed: float | None
    found: float | None
    precise: float | None
    complete: float | None


def main() -> None:
    """Print the table, and write it where that is asked for."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("data", type=Path, metavar="DATA")
    parser.add_argument("--work", type=Path, default=Path("build/relevance"), metavar="DIR")
    parser.add_argument("--sets", nargs="+", metavar="SET", help="folders of DATA; all of them")
    parser.add_argument("--half", choices=("report", "tune"), default="report")
    parser.add_argument("--write", type=Path, metavar="FILE")
    given = parser.parse_args()
    check_installed()
    found: dict[Place, dict[str, Figures]] = {}
    sizes: dict[str, int] = {}
    for task in tasks(given.data, given.sets, given.half):
        asked = shorts(task)
        sizes[task.name] = min(map(len, asked.values()))
        own = given.work / task.name / "searchdb.kept"
        own.parent.mkdir(parents=True, exist_ok=True)
        with searchdb.open(index_of(task, own), kernels="numba") as db:
            for kind, queries in asked.items():
                for accents, mode in product(_ACCENTS, _MODES):
                    print(f"{task.name}: {kind}, {accents}, {mode}", file=sys.stderr, flush=True)
                    place = found.setdefault((accents, kind, mode), {})
                    place[task.name] = judge(db, queries, accents, mode)
    if not sizes:
        sys.exit(f"{given.data} holds no set: name a folder of folders in BEIR's layout")
    text = "\n".join(_page(sizes, found)) + "\n"
    print(text)
    if given.write:
        tables.write(given.write, text, mark="short.py")


def shorts(task: Task) -> dict[str, list[Short]]:
    """The rarest and the middling part of each query, where the corpus holds any whole."""
    parts = {query: list(_parts(text)) for query, text in task.queries["kept"].items()}
    rows = {sum(part, ()) for each in parts.values() for part in each}
    rows |= {word for each in parts.values() for part in each for word in part}
    holding = _holding(task, rows)
    made: dict[str, list[Short]] = {"rarest": [], "middling": []}
    for query, found in parts.items():
        known = [part for part in found if holding[sum(part, ())]]
        known.sort(key=lambda part: (len(holding[sum(part, ())]), part))
        if known:
            for name, part in (("rarest", known[0]), ("middling", known[len(known) // 2])):
                whole = frozenset.intersection(*(frozenset(holding[word]) for word in part))
                made[name].append(Short(query, part, whole, task.collection.qrels[query]))
    return made


def _parts(text: str) -> Iterator[tuple[Row, ...]]:
    """Words of pyvi side by side with so many syllables; nothing stands across a sign."""
    words = [tuple(tokens.accented(word.replace("_", " "))) for word in tokens.words(text)]
    for begin in range(len(words)):
        for end in range(begin + 1, len(words) + 1):
            size = sum(map(len, words[begin:end]))
            if size > _MOST:
                break
            if size >= _FEWEST:
                yield tuple(words[begin:end])


def _holding(task: Task, rows: set[Row]) -> dict[Row, set[str]]:
    """The documents that hold each row of syllables side by side."""
    sizes: dict[str, set[int]] = {}
    for row in rows:
        sizes.setdefault(row[0], set()).add(len(row))
    holding: dict[Row, set[str]] = {row: set() for row in rows}
    for document in task.documents:
        found = tokens.accented(f"{document.title or ''} . {document.text}")
        for place, first in enumerate(found):
            for size in sizes.get(first, ()):
                row = tuple(found[place : place + size])
                if row in holding:
                    holding[row].add(document.id)
    return holding


def judge(db: SearchDB, asked: Sequence[Short], accents: Accents, mode: Mode) -> Figures:
    """The figures of a way to match."""
    run: dict[str, tuple[str, ...]] = {}
    whole: list[float] = []
    filed: list[float] = []
    found: list[int] = []
    sets: list[tuple[float, float]] = []
    for each in asked:
        text = without_accents(each.text, accents)
        result = _asked(db, text, mode, 10)
        first = tuple(hit.id for hit in result.hits)
        run[each.id] = first
        found.append(result.total)
        whole.append(len(each.whole.intersection(first)) / min(10, len(each.whole)))
        folders = {_folder(document) for document in each.right} - {""}
        if folders:
            filed.append(sum(_folder(document) in folders for document in first) / 10)
        if 0 < result.total <= _DEEPEST:
            sets.append(_against(db, text, mode, each, result.total))
    return Figures(
        measure({each.id: each.right for each in asked}, run)["nDCG@10"],
        _mean(whole),
        _mean(filed),
        median(found) if found else None,
        _mean([precise for precise, _ in sets]),
        _mean([complete for _, complete in sets]),
    )


def _against(db: SearchDB, text: str, mode: Mode, asked: Short, total: int) -> tuple[float, float]:
    """Precision and recall of all that was found; any syllable finds whatever holds all."""
    if mode == "any":
        return len(asked.whole) / total, 1.0
    result = _asked(db, text, mode, total)
    right = sum(hit.id in asked.whole for hit in result.hits)
    return right / total, right / len(asked.whole)


def _folder(document: str) -> str:
    return document.rpartition("/")[0]


def _asked(db: SearchDB, text: str, mode: Mode, limit: int) -> SearchResult:
    with unshown():
        return db.search(text, limit=limit, match=mode, syntax="plain", snippet_size=0)


def _mean(figures: Iterable[float]) -> float | None:
    known = list(figures)
    return sum(known) / len(known) if known else None


def _page(sizes: Mapping[str, int], found: Mapping[Place, Mapping[str, Figures]]) -> Iterator[str]:
    names = [f"{name} ({size})" for name, size in sizes.items()]
    yield tables.row("the right document, nDCG@10", [*names, "mean"])
    yield f"|---|{'--:|' * (len(sizes) + 1)}"
    for place, figures in found.items():
        known = {name: mean(each.known) for name, each in figures.items()}
        cells = [f"{value:.3f}{_mark(found, place, name)}" for name, value in known.items()]
        yield tables.row(_named(place), [*cells, f"{mean(known):.4f}"])
    yield ""
    yield "| means over the sets | " + " | ".join(_COLUMNS) + " |"
    yield f"|---|{'--:|' * len(_COLUMNS)}"
    for place, figures in found.items():
        columns = [
            _mean(value for each in figures.values() if (value := getattr(each, name)) is not None)
            for name in _COLUMNS.values()
        ]
        shown = ["–" if each is None else _shown(each) for each in columns]
        yield tables.row(_named(place), shown)


_COLUMNS: Mapping[str, str] = {
    "first ten: every word whole": "whole",
    "filed with the right one": "filed",
    "found (median)": "found",
    "precision": "precise",
    "recall": "complete",
}


def _shown(figure: float) -> str:
    return f"{figure:,.0f}" if figure > 1 else f"{figure:.3f}"


def _named(place: Place) -> str:
    accents, kind, mode = place
    return f"{kind} part, {'accents as typed' if accents == 'kept' else 'no accents'}: `{mode}`"


def _mark(found: Mapping[Place, Mapping[str, Figures]], place: Place, name: str) -> str:
    """Whether smart is better or worse than any by more than chance."""
    accents, kind, mode = place
    if mode != "smart":
        return ""
    test = compare(found[place][name].known, found[accents, kind, "any"][name].known)
    if test.p >= _SURE:
        return ""
    return " ▲" if test.difference > 0 else " ▼"


if __name__ == "__main__":
    try:
        main()
    except (SearchDBError, OSError) as error:
        sys.exit(str(error))
