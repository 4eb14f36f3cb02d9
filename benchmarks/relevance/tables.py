"""RUNS -> TABLES: what was measured, as Markdown.

Law: of runs that differ in settings only the best counts, chosen after the fact for each set, which
favors the peers, for searchdb has one setting.
"""

from __future__ import annotations

import sys
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from searchdb.evaluation import ACCENTS, Accents, compare, mean, measure

if TYPE_CHECKING:
    from benchmark import Runs, Task

__all__ = ["OURS", "Results", "ablation", "comparison", "goals", "results", "row", "write"]

OURS = "searchdb"
_ANY = "searchdb, match any"
_SINGLE: Mapping[Accents, tuple[str, ...]] = {
    "kept": ("bm25s, accented syllables", "bm25s, words of pyvi"),
    "none": ("bm25s, folded syllables",),
}
_SHINGLES = "bm25s, shingles"
_SURE = 0.05
_TYPED = {
    "kept": "Accents as typed",
    "half": "Every second word without accents",
    "none": "Queries without accents",
}
_MAIN, _DEEP = "nDCG@10", "recall@100"

Figures = Mapping[str, Mapping[str, float]]
"""Measure to query id to figure."""


@dataclass(frozen=True, slots=True)
class Results:
    """The figures of each engine for each set and way to type, best settings taken."""

    sets: tuple[str, ...]
    queries: Mapping[str, int]
    figures: Mapping[tuple[str, str, Accents], Figures]

    def mean(self, engine: str, task: str, accents: Accents, measured: str = _MAIN) -> float | None:
        """The mean over the queries of a set, None where the engine was not run."""
        found = self.figures.get((engine, task, accents))
        return None if found is None else mean(found[measured])

    def engines(self, accents: Accents) -> list[str]:
        """The engines that were run, in the order in which they were."""
        return list(dict.fromkeys(each for each, _, typed in self.figures if typed == accents))

    def peers(self, accents: Accents) -> list[str]:
        """Those of them that are not searchdb."""
        return [each for each in self.engines(accents) if not each.startswith(OURS)]


def results(tasks: Sequence[Task], runs: Mapping[str, Runs]) -> Results:
    """Judge the runs of each set over its queries."""
    figures: dict[tuple[str, str, Accents], Figures] = {}
    counts: dict[str, int] = {}
    for task in tasks:
        qrels = {query: task.collection.qrels[query] for query in task.queries["kept"]}
        counts[task.name] = len(qrels)
        for (name, accents), run in runs[task.name].items():
            place = (name.partition(";")[0], task.name, accents)
            found = measure(qrels, run)
            if place not in figures or mean(found[_MAIN]) > mean(figures[place][_MAIN]):
                figures[place] = found
    return Results(tuple(task.name for task in tasks), counts, figures)


def comparison(found: Results) -> Iterator[str]:
    """A table for each measure and way to type, engines in rows and sets in columns."""
    for measured in (_MAIN, _DEEP):
        for accents in ACCENTS:
            yield f"**{_TYPED[accents]}, {measured}**"
            yield ""
            yield from _head(found)
            for engine in found.engines(accents):
                cells = _cells(found, engine, accents, measured)
                yield row(f"**{engine}**" if engine == OURS else engine, cells)
            yield ""


def _cells(found: Results, engine: str, accents: Accents, measured: str) -> Iterator[str]:
    values = [found.mean(engine, task, accents, measured) for task in found.sets]
    for task, value in zip(found.sets, values, strict=True):
        mark = _mark(found, task, accents) if engine == OURS and measured == _MAIN else ""
        yield "–" if value is None else f"{value:.3f}{mark}"
    known = [value for value in values if value is not None]
    yield f"{sum(known) / len(known):.4f}" if len(known) == len(values) else "–"


def _mark(found: Results, task: str, accents: Accents) -> str:
    """Whether searchdb is better or worse than the best peer by more than chance."""
    peers = found.peers(accents)
    if not peers:
        return ""
    best = max(peers, key=lambda each: found.mean(each, task, accents) or 0.0)
    ours, theirs = found.figures[OURS, task, accents], found.figures[best, task, accents]
    test = compare(ours[_MAIN], theirs[_MAIN])
    if test.p >= _SURE:
        return ""
    return " ▲" if test.difference > 0 else " ▼"


def ablation(found: Results, parts: Results) -> Iterator[str]:
    """The difference that each part makes in nDCG@10, in thousandths."""
    for accents in ("kept", "none"):
        yield f"**{_TYPED[accents]}: what is lost in nDCG@10, in thousandths**"
        yield ""
        yield from _head(found)
        for part in parts.engines(accents):
            lost: list[float] = []
            cells: list[str] = []
            for task in found.sets:
                ours = found.figures[OURS, task, accents][_MAIN]
                test = compare(parts.figures[part, task, accents][_MAIN], ours)
                lost.append(test.difference)
                cells.append(f"{1000 * test.difference:+.1f}{'*' if test.p < _SURE else ''}")
            yield row(part, [*cells, f"{1000 * sum(lost) / len(lost):+.1f}"])
        yield ""


def goals(found: Results) -> Iterator[str]:
    """Where searchdb stands, means over the sets; a ratio that lacks a run is left out."""

    def together(engines: Sequence[str], accents: Accents, measured: str = _MAIN) -> float:
        return sum(
            max(found.mean(each, task, accents, measured) or 0.0 for each in engines)
            for task in found.sets
        ) / len(found.sets)

    def gain(engines: Sequence[str], accents: Accents) -> str:
        return f"{100 * together([OURS], accents) / together(engines, accents) - 100:+.1f} %"

    def share(accents: Accents) -> str:
        return f"{100 * together([OURS], accents) / together([OURS], 'kept'):.1f} %"

    yield "| searchdb, nDCG@10 | accents as typed | without accents |"
    yield "|---|--:|--:|"
    yield row("above the better single stream", [gain(_SINGLE[a], a) for a in _SINGLE])
    yield row("above the best shingles", [gain([_SHINGLES], a) for a in _SINGLE])
    yield row("share of what typed accents give", ["100 %", share("none")])
    yield row("the same with every second word typed", ["", share("half")])
    lowest = [
        min(_ratio(found, task, accents) for task in found.sets) for accents in ("kept", "none")
    ]
    yield row(
        "`smart` of `any`, the lowest of the sets", [f"{100 * each:.1f} %" for each in lowest]
    )
    cells = [
        f"{together([OURS], a, _DEEP):.4f}, "
        f"{max(together([peer], a, _DEEP) for peer in found.peers(a)):.4f}"
        for a in _SINGLE
    ]
    yield row("recall@100 and that of the best peer", cells)


def _ratio(found: Results, task: str, accents: Accents) -> float:
    return (found.mean(OURS, task, accents) or 0.0) / (found.mean(_ANY, task, accents) or 1.0)


def _head(found: Results) -> Iterator[str]:
    yield row("", [*(f"{task} ({found.queries[task]})" for task in found.sets), "mean"])
    yield f"|---|{'--:|' * (len(found.sets) + 1)}"


def row(name: str, cells: Iterable[str]) -> str:
    """A line of a table."""
    return f"| {name} | {' | '.join(cells)} |"


def write(path: Path, text: str, *, mark: str) -> None:
    """Put tables between the lines of a document that the mark begins and ends."""
    first, last = f"<!-- {mark} begins -->", f"<!-- {mark} ends -->"
    before, begin, rest = path.read_text(encoding="utf-8").partition(first)
    _, end, after = rest.partition(last)
    if not begin or not end:
        sys.exit(f"{path} lacks the lines {first} and {last}: put them where the tables belong")
    path.write_text(f"{before}{begin}\n\n{text.strip()}\n\n{end}{after}", encoding="utf-8")
