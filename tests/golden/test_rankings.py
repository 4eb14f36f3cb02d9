"""What the engine answers to sixty questions today, so that no change of ranking lands unseen.

`pytest tests/golden --update-golden` rewrites the files; the diff is what there is to judge.
"""

from __future__ import annotations

import tomllib
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

import searchdb

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from searchdb import SearchDB

HERE = Path(__file__).parent
ROOT = HERE.parents[1]
QUERIES: list[dict[str, str]] = tomllib.loads((HERE / "queries.toml").read_text(encoding="utf-8"))[
    "query"
]
DEPTH = 10
MEASURES: dict[str, Callable[[list[int]], float]] = {
    "recall@1": lambda ranks: sum(rank == 1 for rank in ranks) / len(ranks),
    "recall@3": lambda ranks: sum(1 <= rank <= 3 for rank in ranks) / len(ranks),
    "MRR": lambda ranks: sum(1 / rank for rank in ranks if rank) / len(ranks),
}
"""Of the ranks of what is right, 0 where it is not among the first `DEPTH`."""


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
    assert len(names) == len(QUERIES) == 60
    strays = [path for path in (HERE / "rankings").iterdir() if path.stem not in names]
    if request.config.getoption("--update-golden"):
        for path in strays:
            path.unlink()
    assert not [path.name for path in strays if path.exists()]


def test_every_answer_stands_in_its_article(db: SearchDB) -> None:
    for query in QUERIES:
        article = db.document(query["best"])
        assert article is not None
        assert query.get("answer", "") in article.text


def test_statistics(db: SearchDB, request: pytest.FixtureRequest) -> None:
    """Recall is the share of questions whose best article, or passage, is among the first hits.

    The best passage is any that holds the words of the answer.
    """
    places = {query["name"]: (_document(db, query), _passage(db, query)) for query in QUERIES}
    documents = [document for document, _ in places.values()]
    passages = [passage for _, passage in places.values() if passage is not None]
    lines = [
        "           article  passage\n",
        *(
            f"{name:<10}{measure(documents):8.4f} {measure(passages):8.4f}\n"
            for name, measure in MEASURES.items()
        ),
        f"{'questions':<10}{len(documents):8} {len(passages):8}\n\n",
        *(
            f"{document or '-':>3} {'' if passage is None else passage or '-':>3}  {name}\n"
            for name, (document, passage) in places.items()
        ),
    ]
    check(HERE / "rank_stats.txt", "".join(lines), request)


def _document(db: SearchDB, query: dict[str, str]) -> int:
    """The rank of the best article, 0 where it is not among the first."""
    hits = db.search(query["text"], limit=DEPTH).hits
    return next((hit.rank for hit in hits if hit.id == query["best"]), 0)


def _passage(db: SearchDB, query: dict[str, str]) -> int | None:
    """The rank of the first passage with the answer, 0 where none is among the first."""
    article = db.document(query["best"])
    assert article is not None
    if "answer" not in query:
        return None
    for hit in db.search(query["text"], limit=DEPTH, group="passage").hits:
        shown = article.text[hit.start : hit.end]
        if hit.id == query["best"] and query["answer"] in shown:
            return hit.rank
    return 0
