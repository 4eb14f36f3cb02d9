"""`searchdb eval`: figures on standard output, what they leave out on the other."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from searchdb.cli.app import app

Layout = Callable[..., Path]


@pytest.fixture(autouse=True)
def _settings(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "here").mkdir()
    monkeypatch.chdir(tmp_path / "here")
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "config"))


def call(*arguments: str | Path) -> Result:
    result = CliRunner().invoke(app, ["--lang", "en", "eval", *map(str, arguments)])
    assert isinstance(result.exception, SystemExit | None)
    return result


def test_the_figures(layout: Layout) -> None:
    result = call(layout(), "--lang", "vi")
    shown = dict(re.split(r"\s{2,}", line) for line in result.stdout.splitlines())
    assert list(shown) == [
        "nDCG@10",
        "MRR@10",
        "recall@10",
        "recall@100",
        "p50",
        "p95",
        "truy vấn",
        "không có kết quả",
    ]
    assert shown["MRR@10"] == "0.7500"
    assert (shown["truy vấn"], shown["không có kết quả"]) == ("4", "1")
    assert re.fullmatch(r"\d+,\d ms", shown["p95"])
    assert (result.exit_code, result.stderr) == (0, "")


@pytest.mark.parametrize(
    "typed", [["--fold-queries"], ["--accents", "none"], ["--accents", "half"]]
)
def test_queries_without_accents_find_the_same(typed: list[str], layout: Layout) -> None:
    assert re.search(r"MRR@10 +0\.7500\n", call(layout(), *typed).stdout)


def test_a_run_is_written_and_compared_with(layout: Layout, tmp_path: Path) -> None:
    folder, run = layout(), tmp_path / "a.run"
    assert call(folder, "--run", run).exit_code == 0
    assert run.read_text(encoding="utf-8").splitlines()[0] == "q1 Q0 mua 1 1.000000 searchdb"
    result = call(folder, "--against", run, "--match", "any", "--limit", "5")
    assert result.stdout.splitlines()[-1] == f"Against {run}: nDCG@10 +0.0000 (p = 1.0000)"


def test_a_named_index_is_kept_and_used_again(layout: Layout) -> None:
    folder = layout()
    first = call(folder, "-d", "kept").stdout
    assert (Path("kept") / "manifest.json").exists()
    assert call(folder, "-d", "kept").stdout.splitlines()[:4] == first.splitlines()[:4]


def test_half_of_the_queries(layout: Layout) -> None:
    folder = layout(
        queries={f"q{number}": "lúa" for number in range(40)},
        qrels={f"q{number}": {"lua": 1} for number in range(40)},
    )
    counts = []
    for half in ("tune", "report"):
        shown = call(folder, "--half", half).stdout
        found = re.search(r"^queries +(\d+)$", shown, re.MULTILINE)
        assert found
        counts.append(int(found[1]))
    assert sum(counts) == 40
    assert min(counts) > 10


def test_what_the_figures_leave_out_is_told(layout: Layout) -> None:
    folder = layout(
        corpus='{"_id": "a", "text": "Ao cá"}\nnam\n',
        queries={"q1": "ao", "q2": "cá", "q3": "á " * 100_000},
        qrels={"q1": {"a": 1, "b": 1}, "q3": {"a": 1}, "q7": {"a": 1}},
    )
    told = call(folder).stderr.splitlines()
    assert told[0].startswith("Passed over 1 line of the corpus, the first being ")
    assert "corpus.jsonl:2: is not JSON" in told[0]
    assert told[1:] == [
        "Left out 1 query for which the qrels name no relevant document",
        "Left out 1 query of the qrels that queries.jsonl does not hold",
        "1 relevant document not in the corpus: counted as not found",
        "1 query could not be read, counted as without a hit; the first is q3",
    ]


@pytest.mark.parametrize(
    ("arguments", "expected"),
    [
        (["--run", "nowhere/a.run"], "cannot be written"),
        (["--against", "nothing.run"], "nothing.run: no such file"),
        (["--fold-queries", "--accents", "half"], "--accents half keeps some"),
        (["--limit", "101"], "101"),
    ],
)
def test_bad_options_are_told_before_anything_is_done(
    arguments: list[str], expected: str, layout: Layout
) -> None:
    result = call(layout(), "-d", "kept", *arguments)
    assert expected in result.stderr
    assert (result.exit_code, result.stdout) == (2, "")
    assert not Path("kept").exists()


def test_what_is_wrong_with_the_files_is_told_in_vietnamese_too(layout: Layout) -> None:
    folder = layout(corpus='{"_id": "a", "text": "Ao cá"}\nnam\n', queries={"q1": "ao"})
    told = call(folder, "--lang", "vi").stderr
    assert "corpus.jsonl:2: không phải JSON: thiếu giá trị" in told
    result = call(folder, "--against", "nothing.run", "--lang", "vi")
    assert result.stderr.startswith("searchdb: nothing.run: không có tệp hay thư mục này")


def test_a_run_of_other_queries_is_no_comparison(layout: Layout, tmp_path: Path) -> None:
    (tmp_path / "a.run").write_text("other Q0 mua 1 1.0 t\n", encoding="utf-8")
    result = call(layout(), "--against", tmp_path / "a.run")
    assert "answers none of these queries: name a run over this folder" in result.stderr


def test_a_half_without_queries(layout: Layout) -> None:
    result = call(layout(qrels={"q1": {"mua": 1}}), "--half", "tune")
    assert result.stderr == "searchdb: no query belongs to the half 'tune': leave out --half\n"
    assert result.exit_code == 2


def test_a_folder_that_is_no_collection() -> None:
    result = call(".")
    assert result.stderr.startswith("searchdb: .: holds no corpus.jsonl: a folder in BEIR's layout")
    assert result.exit_code == 2
