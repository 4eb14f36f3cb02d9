from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from pathlib import Path

import pytest

DOCUMENTS = {
    "bua": "Cây bừa của nhà bác Tư làm bằng gỗ lim.",
    "mua": "Mưa đầu mùa tưới mát ruộng lúa.",
    "lua": "Lúa chín vàng, bà con ra đồng gặt.",
    "cho": "Phiên chợ quê bán đủ thứ rau quả.",
}
QUERIES = {"q1": "mưa đầu mùa", "q2": "gặt lúa chín", "q3": "phiên chợ quê", "q4": "xe lửa"}
QRELS = {"q1": {"mua": 1}, "q2": {"lua": 2, "mua": 1}, "q3": {"cho": 1}, "q4": {"bua": 1}}

Layout = Callable[..., Path]


@pytest.fixture
def layout(tmp_path: Path) -> Layout:
    """Make a folder in BEIR's layout; a text given for a file is written as it is."""

    def make(
        corpus: Mapping[str, str] | str = DOCUMENTS,
        queries: Mapping[str, str] | str = QUERIES,
        qrels: Mapping[str, Mapping[str, int]] | str = QRELS,
    ) -> Path:
        folder = tmp_path / "beir"
        (folder / "qrels").mkdir(parents=True)
        for name, given in (("corpus", corpus), ("queries", queries)):
            text = given if isinstance(given, str) else _lines(given)
            (folder / f"{name}.jsonl").write_text(text, encoding="utf-8")
        if not isinstance(qrels, str):
            rows = [
                f"{q}\t{d}\t{grade}\n" for q, each in qrels.items() for d, grade in each.items()
            ]
            qrels = "".join(["query-id\tcorpus-id\tscore\n", *rows])
        (folder / "qrels" / "test.tsv").write_text(qrels, encoding="utf-8")
        return folder

    return make


def _lines(texts: Mapping[str, str]) -> str:
    records = ({"_id": name, "title": "", "text": text} for name, text in texts.items())
    return "".join(json.dumps(each, ensure_ascii=False) + "\n" for each in records)
