"""RESULTS -> MARKDOWN: the tables of the engine benchmark, from the figures of any number of runs.

A result is named `size/part/set/peer`. What was not measured is an empty cell.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

__all__ = ["Results", "tables"]

Results = Mapping[str, Mapping[str, float]]

_BASE = "tantivy"
_MB = 1_000_000
_TITLES = {
    "or": "Any of the words",
    "and": "All of the words",
    "phrase": "Phrases",
    "user": "From a string to ten hits with snippets",
}
_TIMES = "CPU ms, median / 95th percentile"


def tables(results: Results, names: Mapping[str, str]) -> str:
    """Everything there is; `names` maps the keys of peers to what is shown."""
    sizes = sorted({int(key.split("/")[0]) for key in results})
    return "\n".join(
        line for size in sizes for line in _of_size(_below(results, str(size)), size, names)
    ) + "\n".join(["", *_growth(results, sizes, names)])


def _below(results: Results, name: str) -> Results:
    start = f"{name}/"
    return {key.removeprefix(start): row for key, row in results.items() if key.startswith(start)}


def _of_size(results: Results, size: int, names: Mapping[str, str]) -> Iterator[str]:
    yield from (f"### {size:,} passages", "")
    for part, title in _TITLES.items():
        if found := _below(results, part):
            yield from _latencies(found, title, size, names)
    if agreed := _below(results, "agree"):
        yield from _agreement(agreed, names)
    yield from _costs(results, size, names)


def _latencies(results: Results, title: str, size: int, names: Mapping[str, str]) -> Iterator[str]:
    sets = _ordered(key.split("/")[0] for key in results)
    yield f"| {title}: {_TIMES} (times tantivy's) | {' | '.join(sets)} |"
    yield f"|---|{'--:|' * len(sets)}"
    for peer, name in names.items():
        cells = [_cell(results, each, peer) for each in sets]
        if any(cells):
            rows = [results[f"{each}/{peer}"] for each in sets if f"{each}/{peer}" in results]
            yield f"| {name}{_limited(rows[0], size)} | {' | '.join(cells)} |"
    yield ""


def _limited(row: Mapping[str, float], size: int) -> str:
    count = int(row.get("passages", size))
    return f" (of {count:,})" if count < size else ""


def _cell(results: Results, queries: str, peer: str) -> str:
    row = results.get(f"{queries}/{peer}")
    if row is None:
        return ""
    cell = f"{_short(1e3 * row['p50'])} / {_short(1e3 * row['p95'])}"
    base = results.get(f"{queries}/{_BASE}")
    return f"{cell} ({_short(row['p50'] / base['p50'])})" if base and peer != _BASE else cell


def _agreement(results: Results, names: Mapping[str, str]) -> Iterator[str]:
    yield "| the same passages as tantivy | all of the words | phrases | in the ten best for any |"
    yield "|---|--:|--:|--:|"
    for peer, name in names.items():
        if row := results.get(f"all/{peer}"):
            cells = (f"{row[each]:.0%}" if each in row else "" for each in ("and", "phrase", "or"))
            yield f"| {name} | {' | '.join(cells)} |"
    yield ""


def _costs(results: Results, size: int, names: Mapping[str, str]) -> Iterator[str]:
    for level, title in (("engine", "Building, of syllables"), ("user", "Building, of text")):
        if found := _below(results, f"build/{level}"):
            yield (
                f"| {title} | MB/s, CPU | CPU s | wall s | index MB | index / text "
                "| peak MB, without the corpus |"
            )
            yield "|---|--:|--:|--:|--:|--:|--:|"
            for peer, row in _in_order(found, names):
                yield (
                    f"| {names[peer]}{_limited(row, size)} | {row['text'] / _MB / row['cpu']:.2f} "
                    f"| {_short(row['cpu'])} | {_short(row['wall'])} "
                    f"| {row['index'] / _MB:.1f} | {row['index'] / row['text']:.2f} "
                    f"| {(row['peak'] - row['corpus']) / _MB:.0f} |"
                )
            yield ""
    if found := _below(results, "increment/ten"):
        yield "| Ten passages more, durable and found | CPU ms | wall ms |"
        yield "|---|--:|--:|"
        for peer, row in _in_order(found, names):
            shown = f"{names[peer]}{_limited(row, size)}"
            yield f"| {shown} | {_short(1e3 * row['cpu'])} | {_short(1e3 * row['wall'])} |"
        yield ""
    yield from _processes(results, size, names)


def _processes(results: Results, size: int, names: Mapping[str, str]) -> Iterator[str]:
    if found := _below(results, "open/first"):
        yield "| A new process, after its imports: ms, CPU (wall) | open | first query |"
        yield "|---|--:|--:|"
        for peer, row in _in_order(found, names):
            cells = (
                f"{_short(1e3 * row[f'{each} cpu'])} ({_short(1e3 * row[each])})"
                for each in ("open", "first")
            )
            yield f"| {names[peer]}{_limited(row, size)} | {' | '.join(cells)} |"
        yield ""
    if found := _below(results, "memory/searching"):
        yield "| Memory of a searching process, MB | before | resident | its own | mapped files |"
        yield "|---|--:|--:|--:|--:|"
        for peer, row in _in_order(found, names):
            cells = (f"{row[each] / _MB:.0f}" for each in ("begun", "resident", "own", "mapped"))
            yield f"| {names[peer]}{_limited(row, size)} | {' | '.join(cells)} |"
        yield ""


def _growth(results: Results, sizes: list[int], names: Mapping[str, str]) -> Iterator[str]:
    """What the largest size costs as a multiple of the smallest."""
    if len(sizes) < 2:  # noqa: PLR2004 - growth needs two
        return
    small, large = _below(results, str(sizes[0])), _below(results, str(sizes[-1]))
    sets = [
        each
        for each in _ordered(key.rpartition("/")[0] for key in large)
        if each.split("/")[0] in _TITLES and f"{each}/{_BASE}" in small
    ]
    yield f"### From {sizes[0]:,} to {sizes[-1]:,} passages"
    yield from ("", f"| times the median | {' | '.join(sets)} |", f"|---|{'--:|' * len(sets)}")
    for peer, name in names.items():
        keys = [f"{each}/{peer}" for each in sets]
        rows = [(large[key], small[key]) if key in large and key in small else None for key in keys]
        cells = [
            _short(row[0]["p50"] / row[1]["p50"])
            if row and row[0]["passages"] > row[1]["passages"]
            else ""
            for row in rows
        ]
        if any(cells):
            yield f"| {name} | {' | '.join(cells)} |"
    yield ""


def _in_order(
    results: Results, names: Mapping[str, str]
) -> Iterator[tuple[str, Mapping[str, float]]]:
    return ((peer, results[peer]) for peer in names if peer in results)


def _ordered(names: Iterable[str]) -> list[str]:
    return list(dict.fromkeys(names))


def _short(value: float) -> str:
    """Two or three significant digits."""
    if value >= 100:  # noqa: PLR2004 - digits
        return f"{value:,.0f}"
    return f"{value:.1f}" if value >= 10 else f"{value:.2f}" if value >= 0.1 else f"{value:.3f}"  # noqa: PLR2004 - digits
