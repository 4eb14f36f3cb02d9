"""The formats for programs, pinned: what changes here breaks somebody's script."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from searchdb import Hit, SearchResult, Snippet
from searchdb.cli.formats import machine_lines
from searchdb.model import Part

if TYPE_CHECKING:
    from tests.cli.conftest import Run

HIT_FIELDS = [
    "rank",
    "id",
    "passage",
    "score",
    "title",
    "date",
    "source",
    "text",
    "highlights",
    "title_highlights",
    "start",
    "end",
    "relaxed",
    "meta",
]

HIT = Hit(
    rank=1,
    id="a",
    passage=2,
    score=1.23456789,
    title="Chợ nổi",
    title_highlights=((0, 3),),
    date="2015-09-05",
    source=None,
    meta={"tỉnh": "Cần Thơ", "số": 3},
    start=10,
    end=40,
    snippet=Snippet("họp chợ\ntrên sông", ((4, 7),), start=12, cut_before=True),
    explanation=(Part("syllable", "chợ", 1.2),),
)


def result_of(*hits: Hit) -> SearchResult:
    return SearchResult("cho", "chợ", None, len(hits), 4.123, hits)


def test_json_is_one_object_on_one_line(run: Run, seeds_index: Path) -> None:
    found = run("query", "sinh hoat chi bo", "-n", "2", "--format", "json", "-d", seeds_index)
    answer = json.loads(found.stdout)
    assert found.exit_code == 0
    assert found.stdout.count("\n") == 1
    assert found.stderr == ""
    assert list(answer) == [
        "version",
        "query",
        "interpreted",
        "suggestion",
        "total",
        "took_ms",
        "hits",
    ]
    assert (answer["version"], answer["query"]) == (1, "sinh hoat chi bo")
    assert (answer["interpreted"], answer["total"]) == ("sinh hoạt chi bộ", 5)
    assert [list(hit) for hit in answer["hits"]] == [HIT_FIELDS, HIT_FIELDS]


def test_offsets_in_json_point_into_the_stored_document(run: Run, seeds_index: Path) -> None:
    found = run("query", "kiểm tra", "-n", "1", "--format", "json", "-d", seeds_index)
    hit: dict[str, Any] = json.loads(found.stdout)["hits"][0]
    stored = run("show", hit["id"], "-d", seeds_index).stdout.partition("\n\n")[2]
    assert hit["text"] in stored[hit["start"] : hit["end"]]
    marked = {hit["text"][start:end].lower() for start, end in hit["highlights"]}
    assert "kiểm tra" in marked


def test_nothing_found_is_an_object_too(run: Run, seeds_index: Path) -> None:
    found = run("query", "xyzzy", "--format", "json", "-d", seeds_index)
    assert found.exit_code == 1
    assert json.loads(found.stdout)["hits"] == []


def test_json_has_the_explanation_only_if_it_was_asked_for() -> None:
    (line,) = machine_lines(result_of(HIT), "jsonl", explain=True)
    assert json.loads(line)["explanation"] == [{"stream": "syllable", "term": "chợ", "score": 1.2}]
    (line,) = machine_lines(result_of(HIT), "jsonl", explain=False)
    assert list(json.loads(line)) == HIT_FIELDS


def test_jsonl_is_one_hit_a_line(run: Run, seeds_index: Path) -> None:
    found = run("query", "chi bộ", "-n", "3", "--format", "jsonl", "-d", seeds_index)
    hits = [json.loads(line) for line in found.stdout.splitlines()]
    assert [hit["rank"] for hit in hits] == [1, 2, 3]


def test_tsv_has_eight_cells_and_no_heading() -> None:
    (line,) = machine_lines(result_of(HIT), "tsv", explain=False)
    assert line == "1\t1.234568\ta\t2\t2015-09-05\tChợ nổi\thọp chợ trên sông\tfalse"
    bare = replace(HIT, date=None, title="", relaxed=True)
    (line,) = machine_lines(result_of(bare), "tsv", explain=False)
    assert line == "1\t1.234568\ta\t2\t\t\thọp chợ trên sông\ttrue"


def test_paths_are_those_of_full_matches(run: Run, seeds_index: Path) -> None:
    query = ("query", "chỉ thị 03-CT/TW", "-d", seeds_index)
    assert len(run(*query, "--format", "jsonl").stdout.splitlines()) > 1
    assert run(*query, "--format", "paths").stdout == "seeds/002_16852d0ddb88eb58.txt\n"
    close = run("query", "sinh hoatt chi bộ", "--format", "paths", "-d", seeds_index)
    assert (close.exit_code, close.stdout) == (1, "")
    assert "Không có kết quả khớp hẳn" in close.stderr


def test_paths_are_sources_else_ids_each_once() -> None:
    hits = [HIT, replace(HIT, passage=3), replace(HIT, id="b", source="tin/b.txt")]
    assert list(machine_lines(result_of(*hits), "paths", explain=False)) == ["a", "tin/b.txt"]


def test_names_keep_their_spaces(run: Run) -> None:
    Path("hai  dấu cách .txt").write_text("chợ nổi", encoding="utf-8")
    run("index", ".", "-q")
    (name,) = run("query", "chợ nổi", "--format", "paths").stdout.splitlines()
    assert name == "hai  dấu cách .txt"
    assert f"\t{name}\t" in run("query", "chợ nổi", "--format", "tsv").stdout
    assert f"   {name}#0  " in run("query", "chợ nổi").stdout
    assert run("show", f"{name}#0").exit_code == 0


def test_hostile_documents_stay_within_their_line() -> None:
    hostile = "a\n1\t9\x1b]0;owned\x07\u202etxt\u2028b\x85\x9b31mc"
    hit = replace(HIT, source=hostile, title=hostile, snippet=Snippet(hostile, ()))
    for layout in ("json", "jsonl", "tsv", "paths"):
        (line,) = machine_lines(result_of(hit), layout, explain=False)
        assert line.splitlines() == [line]
        assert line.count("\t") == (7 if layout == "tsv" else 0)
        assert not set(line) & set("\x1b\x07\x9b\u202e\u2028\x85")
        if layout == "jsonl":
            assert json.loads(line)["text"] == hostile
