"""CASES -> TABLE: how many cases each engine passes, group by group, as Markdown.

`python benchmarks/conformance/compare.py [FILE]`, after `pip install -e '.[bench]'`. Each number
is followed in parentheses by that of the cases passed where what is marked does not count, for
engines that mark nothing or leave it to others. `-v` adds why each case of each engine failed.
"""

from __future__ import annotations

import sys
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from importlib.metadata import version
from sqlite3 import sqlite_version

from searchdb.conformance import Case, Engine, Outcome, in_memory, read, run
from searchdb.errors import SearchDBError

try:
    import peer_bm25s
    import peer_fts5
    import peer_tantivy
except ModuleNotFoundError as error:
    sys.exit(f"{error.name} is not installed: run `pip install -e '.[bench]'`")

__all__ = ["main"]

_ENGINES: Mapping[str, Engine] = {
    f"searchdb {version('searchdb')}": in_memory,
    f"{peer_fts5.NAME} {sqlite_version}": peer_fts5.ask,
    f"{peer_tantivy.NAME} {version('tantivy')}": peer_tantivy.ask,
    f"{peer_bm25s.NAME} {version('bm25s')}": peer_bm25s.ask,
}


def main(arguments: list[str]) -> None:
    """Print the table for a suite, that of searchdb unless a file is named."""
    files = [each for each in arguments if each != "-v"]
    cases = read(files[0] if files else None)
    unmarked = [_without_marks(each) for each in cases]
    strict = {name: list(run(cases, engine)) for name, engine in _ENGINES.items()}
    mild = {name: list(run(unmarked, engine)) for name, engine in _ENGINES.items()}
    print("\n".join(_table(cases, strict, mild)))
    if "-v" in arguments:
        for name, outcomes in strict.items():
            for outcome in outcomes:
                if outcome.failures:
                    print(f"{name}: {outcome.case.name}: {'; '.join(outcome.failures)}")


def _without_marks(case: Case) -> Case:
    return replace(case, expect=replace(case.expect, highlight=None, snippet_no_repeat=False))


def _table(
    cases: Iterable[Case],
    strict: Mapping[str, list[Outcome]],
    mild: Mapping[str, list[Outcome]],
) -> Iterator[str]:
    groups = Counter(case.group for case in cases)
    counts = [(_passed(strict[name]), _passed(mild[name])) for name in strict]
    yield f"| group | cases | {' | '.join(strict)} |"
    yield f"|---|{'--:|' * (len(strict) + 1)}"
    for group, size in groups.items():
        cells = [f"{marks[group]} ({ids[group]})" for marks, ids in counts]
        yield f"| {group or 'all'} | {size} | {' | '.join(cells)} |"
    cells = [f"**{marks.total()}** ({ids.total()})" for marks, ids in counts]
    yield f"| **together** | **{groups.total()}** | {' | '.join(cells)} |"


def _passed(outcomes: Iterable[Outcome]) -> Counter[str]:
    return Counter(outcome.case.group for outcome in outcomes if not outcome.failures)


if __name__ == "__main__":
    try:
        main(sys.argv[1:])
    except SearchDBError as error:
        sys.exit(str(error))
