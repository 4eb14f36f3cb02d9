"""CASE -> ANSWER of tantivy, with its ASCII folding and its own query parser.

Settings: the simple tokenizer, lower case, ASCII folding (left out where marks are demanded
exactly); every word demanded, or any of them where the case says so; titles weigh twice. Quotes of
all kinds are made straight.
"""

from __future__ import annotations

import tantivy

from searchdb.conformance import Answer, Case, marked
from searchdb.model import Range

__all__ = ["NAME", "ask"]

NAME = "tantivy"

_FIELDS = ["title", "text"]
_QUOTES = str.maketrans("“”«»", '""""')
_WHOLE = 10_000
"""Characters of a snippet, so that the whole text is shown."""


def ask(case: Case) -> Answer:
    """Index the documents of a case in memory and ask its query."""
    index = _index(case)
    query, _ = index.parse_query_lenient(
        case.query.translate(_QUOTES),
        _FIELDS,
        field_boosts={"title": 2.0},
        conjunction_by_default=case.options.operator is None,
    )
    searcher = index.searcher()
    found = [searcher.doc(place) for _, place in searcher.search(query, len(case.docs)).hits]
    shown: list[str] = []
    for hit in found[:1]:
        for name in _FIELDS:
            maker = tantivy.SnippetGenerator.create(searcher, query, index.schema, name)
            maker.set_max_num_chars(_WHOLE)
            snippet = maker.snippet_from_doc(hit)
            text = snippet.fragment()
            ranges = [(each.start, each.end) for each in snippet.highlighted()]
            shown.append(marked(text, _characters(text, ranges), case.options))
    return Answer(matches=tuple(str(hit.get_first("id")) for hit in found), marked=tuple(shown))


def _index(case: Case) -> tantivy.Index:
    builder = tantivy.SchemaBuilder()
    builder.add_text_field("id", stored=True, tokenizer_name="raw")
    for name in _FIELDS:
        builder.add_text_field(name, stored=True, tokenizer_name="text")
    index = tantivy.Index(builder.build())
    steps = tantivy.TextAnalyzerBuilder(tantivy.Tokenizer.simple())
    steps = steps.filter(tantivy.Filter.lowercase())
    if case.options.diacritics != "exact":
        steps = steps.filter(tantivy.Filter.ascii_fold())
    index.register_tokenizer("text", steps.build())
    writer = index.writer(heap_size=15_000_000, num_threads=1)
    for each in case.docs:
        writer.add_document(tantivy.Document(id=each.id, title=each.title or "", text=each.text))
    writer.commit()
    writer.wait_merging_threads()
    index.reload()
    return index


def _characters(text: str, ranges: list[Range]) -> list[Range]:
    """Ranges in bytes of UTF-8 as ranges in code points."""
    data = text.encode()
    return [(len(data[:start].decode()), len(data[:end].decode())) for start, end in ranges]
