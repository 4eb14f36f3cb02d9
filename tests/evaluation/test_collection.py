"""A folder in BEIR's layout, and what is said of one that is not."""

from __future__ import annotations

import gzip
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from searchdb.errors import ReadError
from searchdb.evaluation import half_of, read_collection, without_accents

Layout = Callable[..., Path]


def test_the_parts_of_a_collection(layout: Layout) -> None:
    found = read_collection(layout())
    assert found.ids == {"bua", "mua", "lua", "cho"}
    assert found.queries["q2"] == "gặt lúa chín"
    assert found.qrels["q2"] == {"lua": 2, "mua": 1}
    assert [each.id for each in found.documents()] == ["bua", "mua", "lua", "cho"]
    assert (found.unjudged, found.textless, found.missing, found.skipped) == (0, 0, 0, 0)


def test_files_may_be_packed_and_judgments_may_lie_beside_them(layout: Layout) -> None:
    folder = layout()
    for name in ("corpus", "queries"):
        path = folder / f"{name}.jsonl"
        (folder / f"{name}.jsonl.gz").write_bytes(gzip.compress(path.read_bytes()))
        path.unlink()
    shutil.move(folder / "qrels" / "test.tsv", folder / "qrels.tsv")
    assert len(read_collection(folder).ids) == 4


def test_judgments_need_no_heading(layout: Layout) -> None:
    assert read_collection(layout(qrels="q1\tmua\t1\r\n\n")).qrels == {"q1": {"mua": 1}}


def test_what_does_not_fit_together_is_counted(layout: Layout) -> None:
    qrels = {"q1": {"mua": 1}, "q2": {"lua": 0}, "q3": {"gone": 1, "cho": 1}, "q9": {"bua": 1}}
    found = read_collection(layout(qrels=qrels))
    assert list(found.queries) == ["q1", "q3"]
    assert (found.unjudged, found.textless, found.missing) == (2, 1, 1)


def test_bad_lines_of_the_corpus_are_counted_and_the_first_is_kept(layout: Layout) -> None:
    corpus = '{"_id": "a", "text": "Ao cá"}\n{"_id": "b", "text": ""}\nnam\n'
    found = read_collection(layout(corpus=corpus))
    assert (list(found.ids), found.skipped) == (["a"], 2)
    assert str(found.error).endswith("corpus.jsonl:2: is empty: it has neither text nor title")


@pytest.mark.parametrize(
    ("files", "expected"),
    [
        ({"corpus": ""}, "corpus.jsonl: is empty"),
        ({"corpus": "nam\n"}, "corpus.jsonl:1: is not JSON"),
        (
            {"queries": '{"_id": "q1", "text": "ao"}\n{"_id": "q2"}\n'},
            "queries.jsonl:2: has no text",
        ),
        ({"queries": '{"_id": "q1", "text": "ao"}\n' * 2}, "has two queries 'q1'"),
        ({"qrels": "q1 mua 1\n"}, "test.tsv:1: has 1 fields: write query-id, corpus-id and score"),
        ({"qrels": "q1\tmua\t1\nq1\tlua\tmany\n"}, "test.tsv:2: its score is 'many'"),
        ({"qrels": "q1\tmua\t" + "9" * 5000 + "\n"}, "write a whole number of few digits"),
        ({"qrels": "q1\tmua\t1\nq1\tmua\t0\n"}, "test.tsv:2: judges a document a second time"),
        ({"qrels": "q8\tmua\t1\n"}, "test.tsv: judges none of the queries"),
        ({"qrels": ""}, "test.tsv: judges none of the queries"),
    ],
)
def test_a_bad_file_is_named_with_its_line(
    files: dict[str, str], expected: str, layout: Layout
) -> None:
    with pytest.raises(ReadError) as raised:
        read_collection(layout(**files))
    assert expected in str(raised.value)


def test_judgments_that_are_not_utf8(layout: Layout) -> None:
    folder = layout()
    (folder / "qrels" / "test.tsv").write_bytes(b"q1\tmua\t1\nq1\t\xff\t1\n")
    with pytest.raises(ReadError, match=r"test\.tsv:2: is not valid UTF-8"):
        read_collection(folder)


@pytest.mark.parametrize("name", ["corpus.jsonl", "queries.jsonl", "qrels/test.tsv"])
def test_a_missing_file(name: str, layout: Layout) -> None:
    folder = layout()
    (folder / name).unlink()
    with pytest.raises(
        ReadError, match=r"holds no .*a folder in BEIR's layout holds corpus\.jsonl"
    ):
        read_collection(folder)


def test_a_folder_that_may_not_be_looked_into(
    layout: Layout, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(_: Path) -> bool:
        raise PermissionError(13, "Permission denied")

    folder = layout()
    monkeypatch.setattr(Path, "exists", refuse)
    with pytest.raises(ReadError, match=r"corpus\.jsonl: permission denied: make it readable"):
        read_collection(folder)


def test_accents_kept_on_every_second_word_or_on_none() -> None:
    query = "  Đường phố\tHà Nội, 36 phố phường"
    assert without_accents(query, "kept") == query
    assert without_accents(query, "half") == "  Đường pho\tHà Noi, 36 pho phường"
    assert without_accents(query, "none") == "  Duong pho\tHa Noi, 36 pho phuong"


def test_a_query_is_always_in_the_same_half() -> None:
    halves = [half_of(f"câu-{number}") for number in range(1000)]
    assert halves[:4] == ["tune", "tune", "report", "report"]
    assert 450 < halves.count("tune") < 550
