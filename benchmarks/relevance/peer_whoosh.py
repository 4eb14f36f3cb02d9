"""SET -> RUNS of plain Whoosh over the words that pyvi finds, lower case, any word of the query.

Its BM25F with K1 1.2, B .75; each query term counts once; titles count once or three times.
`optimize=False`, for the default can hang on repeated texts. Slow: seconds a query in large sets.
"""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from importlib.metadata import version
from pathlib import Path

import tokens
from benchmark import DEPTH, Engine, Made, Task, digest
from whoosh import analysis, fields, index, query, scoring  # type: ignore[import-untyped]

__all__ = ["ENGINE"]


def _make(task: Task, own: Path) -> Iterator[Made]:
    for times in (1, 3) if task.titled else (1,):
        folder = own / "index"
        shutil.rmtree(folder, ignore_errors=True)
        folder.mkdir()
        texts = fields.TEXT(analyzer=analysis.SpaceSeparatedTokenizer(), phrase=False)
        made = index.create_in(folder, fields.Schema(id=fields.ID(stored=True), text=texts))
        writer = made.writer(limitmb=256)
        for each in task.documents:
            found = times * tokens.words(each.title or "") + tokens.words(each.text)
            writer.add_document(id=each.id, text=" ".join(found))
        writer.commit()
        with made.searcher(weighting=scoring.BM25F(B=0.75, K1=1.2)) as searcher:
            for accents, queries in task.queries.items():
                run: dict[str, list[str]] = {}
                for name, text in queries.items():
                    terms = [query.Term("text", word) for word in dict.fromkeys(tokens.words(text))]
                    hits = searcher.search(query.Or(terms), limit=DEPTH, optimize=False)
                    run[name] = [hit["id"] for hit in hits]
                yield f"Whoosh, words of pyvi; title {times}", accents, run
        shutil.rmtree(folder)


ENGINE = Engine("whoosh", digest([Path(__file__), Path(tokens.__file__)], version("whoosh")), _make)
