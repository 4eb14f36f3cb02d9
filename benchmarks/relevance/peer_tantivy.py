"""SET -> RUNS of tantivy: simple tokenizer, lower case, its ASCII folding, any word of the query.

Texts are composed before, for the folding knows only composed letters; it has đ as d. Its BM25 has
k1 1.2, b .75; each query term counts once; titles count once or three times.
"""

from __future__ import annotations

from collections.abc import Iterator
from importlib.metadata import version
from pathlib import Path

import tantivy
import tokens
from benchmark import DEPTH, Engine, Made, Task, digest

__all__ = ["ENGINE"]


def _make(task: Task, _: Path) -> Iterator[Made]:
    for times in (1, 3) if task.titled else (1,):
        index = _index(task, times)
        searcher = index.searcher()
        for accents, queries in task.queries.items():
            run: dict[str, list[str]] = {}
            for query, text in queries.items():
                terms = [
                    (tantivy.Occur.Should, tantivy.Query.term_query(index.schema, "text", word))
                    for word in dict.fromkeys(tokens.folded(text))
                ]
                wanted = tantivy.Query.boolean_query(terms)
                found = searcher.search(wanted, DEPTH).hits
                run[query] = [str(searcher.doc(place).get_first("id")) for _, place in found]
            yield f"tantivy, folded; title {times}", accents, run


def _index(task: Task, times: int) -> tantivy.Index:
    builder = tantivy.SchemaBuilder()
    builder.add_text_field("id", stored=True, tokenizer_name="raw")
    builder.add_text_field("text", tokenizer_name="text")
    index = tantivy.Index(builder.build())
    steps = tantivy.TextAnalyzerBuilder(tantivy.Tokenizer.simple())
    steps = steps.filter(tantivy.Filter.lowercase()).filter(tantivy.Filter.ascii_fold())
    index.register_tokenizer("text", steps.build())
    writer = index.writer(heap_size=50_000_000, num_threads=1)
    for each in task.documents:
        text = tokens.composed("\n".join([*[each.title or ""] * times, each.text]))
        writer.add_document(tantivy.Document(id=each.id, text=text))
    writer.commit()
    writer.wait_merging_threads()
    index.reload()
    return index


ENGINE = Engine(
    "tantivy", digest([Path(__file__), Path(tokens.__file__)], version("tantivy")), _make
)
