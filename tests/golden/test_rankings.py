"""What the engine answers to twenty questions today, so that no change of ranking lands unseen.

`pytest tests/golden --update-golden` rewrites the files; the diff is what there is to judge.
"""

from __future__ import annotations

import tomllib
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

import searchdb

if TYPE_CHECKING:
    from collections.abc import Iterator

    from searchdb import SearchDB

HERE = Path(__file__).parent
ROOT = HERE.parents[1]
QUERIES: list[dict[str, str]] = tomllib.loads((HERE / "queries.toml").read_text(encoding="utf-8"))[
    "query"
]
DEPTH = 10


@pytest.fixture(scope="module")
def db() -> Iterator[SearchDB]:
    with searchdb.open(None, base=ROOT) as opened:
        report = opened.sync([ROOT / "seeds"])
        assert (report.added, report.failed) == (5, 0)
        yield opened


def check(path: Path, text: str, request: pytest.FixtureRequest) -> None:
    if request.config.getoption("--update-golden"):
        path.write_text(text, encoding="utf-8", newline="\n")
    expected = path.read_text(encoding="utf-8") if path.exists() else ""
    assert text == expected, f"if {path.name} is better so: pytest tests/golden --update-golden"


@pytest.mark.parametrize("query", QUERIES, ids=lambda query: query["name"])
def test_ranking(db: SearchDB, query: dict[str, str], request: pytest.FixtureRequest) -> None:
    result = db.search(query["text"], limit=DEPTH)
    lines = [f"{result.query}\n"]
    if result.interpreted is not None:
        lines.append(f"= {result.interpreted}\n")
    lines.append(f"{result.total} matches\n")
    for hit in result.hits:
        flag = "  relaxed" if hit.relaxed else ""
        lines.append(f"{hit.score:8.4f}  {hit.id}#{hit.passage}{flag}\n")
    check(HERE / "rankings" / f"{query['name']}.txt", "".join(lines), request)


def test_every_ranking_has_its_question(request: pytest.FixtureRequest) -> None:
    names = {query["name"] for query in QUERIES}
    assert len(names) == len(QUERIES) == 20
    strays = [path for path in (HERE / "rankings").iterdir() if path.stem not in names]
    if request.config.getoption("--update-golden"):
        for path in strays:
            path.unlink()
    assert not [path.name for path in strays if path.exists()]


def test_statistics(db: SearchDB, request: pytest.FixtureRequest) -> None:
    """Recall is the share of questions whose best article is among the first hits."""
    places: dict[str, int] = {}
    for query in QUERIES:
        hits = db.search(query["text"], limit=DEPTH).hits
        ranks = [hit.rank for hit in hits if hit.id == query["best"]]
        places[query["name"]] = ranks[0] if ranks else 0
    count = len(places)
    found = [place for place in places.values() if place]
    lines = [
        f"recall@1  {sum(place == 1 for place in found) / count:.4f}\n",
        f"recall@5  {sum(place <= 5 for place in found) / count:.4f}\n",
        f"MRR       {sum(1 / place for place in found) / count:.4f}\n",
        f"over {count} questions\n\n",
        *(f"{place or '-':>3}  {name}\n" for name, place in places.items()),
    ]
    check(HERE / "rank_stats.txt", "".join(lines), request)
