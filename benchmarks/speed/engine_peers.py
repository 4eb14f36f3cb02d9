"""SYLLABLES -> THE TEN BEST, by engine: indexes of ready syllables, nothing stored, no snippets.

Every engine gets the same lists of accented syllables and the same queries, ranks with its BM25 and
answers with numbers of passages. Law: for AND and phrases all engines find the same passages.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Sequence
from contextlib import closing
from importlib.metadata import version
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol

from engine_searchdb import SearchdbPeer

if TYPE_CHECKING:
    from engine_corpus import Corpus

__all__ = ["PEERS", "EnginePeer", "Scored", "tantivy_index"]

Scored = list[tuple[int, float]]
"""Numbers of passages and their scores, best first."""

_HEAP = 256_000_000
"""Bytes that a writer may fill before it writes to disk: tantivy's and Whoosh's."""


class EnginePeer(Protocol):
    """An engine with one index of a corpus. `search_*` give up to `k` passages, best first."""

    @staticmethod
    def build(corpus: Corpus, folder: Path) -> None:
        """Index every passage into an empty folder, durably."""
        ...

    def __init__(self, folder: Path) -> None: ...

    def search_or(self, tokens: Sequence[str], k: int) -> Scored:
        """Passages with any of the tokens."""
        ...

    def search_and(self, tokens: Sequence[str], k: int) -> Scored:
        """Passages with all of the tokens."""
        ...

    def search_phrase(self, tokens: Sequence[str], k: int) -> Scored:
        """Passages with the tokens side by side."""
        ...


def tantivy_index(folder: Path, fields: Callable[[Any], None], analyzer: Any) -> Any:  # noqa: ANN401 - tantivy's own
    """A tantivy index in a folder with the passage's `number` beside the `fields`."""
    import tantivy  # noqa: PLC0415 - each process loads the engine it measures

    builder = tantivy.SchemaBuilder()
    builder.add_integer_field("number", fast=True)
    fields(builder)
    index = tantivy.Index(builder.build(), str(folder))
    index.register_tokenizer("ours", analyzer)
    return index


class TantivyPeer:
    """tantivy, split at spaces; one thread writes, into one segment where that is what it makes."""

    def __init__(self, folder: Path) -> None:
        import tantivy  # noqa: PLC0415 - as above

        self._query = tantivy.Query
        self._must, self._should = tantivy.Occur.Must, tantivy.Occur.Should
        index = self._index(folder)
        self._schema = index.schema
        self._searcher = index.searcher()

    @staticmethod
    def _index(folder: Path) -> Any:  # noqa: ANN401 - tantivy's own
        import tantivy  # noqa: PLC0415 - as above

        analyzer = tantivy.TextAnalyzerBuilder(tantivy.Tokenizer.whitespace()).build()
        return tantivy_index(
            folder, lambda builder: builder.add_text_field("body", tokenizer_name="ours"), analyzer
        )

    @staticmethod
    def build(corpus: Corpus, folder: Path) -> None:
        """One field with positions."""
        import tantivy  # noqa: PLC0415 - as above

        index = TantivyPeer._index(folder)
        writer = index.writer(heap_size=_HEAP, num_threads=1)
        for number, row in enumerate(corpus.rows()):
            writer.add_document(tantivy.Document(number=number, body=" ".join(row)))
        writer.commit()
        writer.wait_merging_threads()

    def search_or(self, tokens: Sequence[str], k: int) -> Scored:
        """A boolean query, built term by term: tantivy's parser would cost more."""
        return self._search(self._boolean(tokens, self._should), k)

    def search_and(self, tokens: Sequence[str], k: int) -> Scored:
        """The same with every term demanded."""
        return self._search(self._boolean(tokens, self._must), k)

    def search_phrase(self, tokens: Sequence[str], k: int) -> Scored:
        """Its phrase query, without slop."""
        return self._search(self._query.phrase_query(self._schema, "body", list(tokens)), k)

    def _boolean(self, tokens: Sequence[str], occur: Any) -> Any:  # noqa: ANN401 - tantivy's own
        terms = [
            (occur, self._query.term_query(self._schema, "body", token, "freq"))
            for token in dict.fromkeys(tokens)
        ]
        return self._query.boolean_query(terms)

    def _search(self, query: Any, k: int) -> Scored:  # noqa: ANN401 - tantivy's own
        hits = self._searcher.search(query, k, count=False).hits
        numbers = self._searcher.fast_field_values("number", [place for _, place in hits])
        return [(number, score) for number, (score, _) in zip(numbers, hits, strict=True)]


class Bm25sPeer:
    """bm25s with numba and searchdb's k1 and b; it knows neither AND nor phrases."""

    def __init__(self, folder: Path) -> None:
        import bm25s  # noqa: PLC0415 - as above

        self._engine = bm25s.BM25.load(folder, mmap=False, verbosity=0)
        self._engine.backend = "numba"
        self._engine.activate_numba_scorer()
        self._known = self._engine.vocab_dict
        self.search_or([next(iter(self._known))], 10)  # compiles

    @staticmethod
    def build(corpus: Corpus, folder: Path) -> None:
        """Scores of every posting, computed once."""
        import bm25s  # noqa: PLC0415 - as above

        rows = [row.tolist() for row in _split(corpus)]
        vocabulary = {token: number for number, token in enumerate(corpus.vocabulary)}
        engine = bm25s.BM25(k1=1.2, b=0.75, method="lucene", backend="numba")
        engine.index((rows, vocabulary), show_progress=False)
        engine.save(folder, show_progress=False)

    def search_or(self, tokens: Sequence[str], k: int) -> Scored:
        """Everything is scored, and what has a score is found."""
        known = [token for token in dict.fromkeys(tokens) if token in self._known]
        if not known:
            return []
        k = min(k, int(self._engine.scores["num_docs"]))
        numbers, scores = self._engine.retrieve([known], k=k, show_progress=False, n_threads=1)
        ranked = zip(numbers[0].tolist(), scores[0].tolist(), strict=True)
        return [(number, score) for number, score in ranked if score > 0]

    def search_and(self, tokens: Sequence[str], k: int) -> Scored:
        """Not in bm25s."""
        raise NotImplementedError

    def search_phrase(self, tokens: Sequence[str], k: int) -> Scored:
        """Not in bm25s."""
        raise NotImplementedError


def _split(corpus: Corpus) -> list[Any]:
    import numpy as np  # noqa: PLC0415 - as above

    return np.split(corpus.ids, corpus.starts[1:-1])


class Fts5Peer:
    """SQLite FTS5, contentless: its `ascii` tokenizer leaves every syllable whole."""

    def __init__(self, folder: Path) -> None:
        self._db = sqlite3.connect(f"file:{folder / 'fts5.db'}?mode=ro", uri=True)

    @staticmethod
    def build(corpus: Corpus, folder: Path) -> None:
        """One transaction, then all of FTS5's segments made one."""
        with closing(sqlite3.connect(folder / "fts5.db")) as db, db:
            db.execute("CREATE VIRTUAL TABLE t USING fts5(body, content='', tokenize='ascii')")
            rows = ((number, " ".join(row)) for number, row in enumerate(corpus.rows()))
            db.executemany("INSERT INTO t (rowid, body) VALUES (?, ?)", rows)
            db.execute("INSERT INTO t (t) VALUES ('optimize')")

    def search_or(self, tokens: Sequence[str], k: int) -> Scored:
        """Strings with OR between them."""
        return self._search(" OR ".join(f'"{token}"' for token in dict.fromkeys(tokens)), k)

    def search_and(self, tokens: Sequence[str], k: int) -> Scored:
        """Strings with AND between them."""
        return self._search(" AND ".join(f'"{token}"' for token in dict.fromkeys(tokens)), k)

    def search_phrase(self, tokens: Sequence[str], k: int) -> Scored:
        """One string."""
        return self._search(f'"{" ".join(tokens)}"', k)

    def _search(self, query: str, k: int) -> Scored:
        found = self._db.execute(
            "SELECT rowid, -rank FROM t WHERE t MATCH ? ORDER BY rank LIMIT ?", (query, k)
        )
        return found.fetchall()


class WhooshPeer:
    """Whoosh with its own codec (W3) and BM25F.

    Skipping blocks is off: an `Or` over passages that repeat each other can hang in 2.7.4.
    """

    def __init__(self, folder: Path) -> None:
        from whoosh import index, query  # noqa: PLC0415 - as above

        self._query = query
        self._searcher = index.open_dir(folder).searcher()

    @staticmethod
    def build(corpus: Corpus, folder: Path) -> None:
        """One field with positions, one commit."""
        from whoosh import analysis, fields, index  # noqa: PLC0415 - as above

        body = fields.TEXT(analyzer=analysis.SpaceSeparatedTokenizer())
        schema = fields.Schema(number=fields.STORED(), body=body)
        writer = index.create_in(folder, schema).writer(limitmb=_HEAP // 1_000_000)
        for number, row in enumerate(corpus.rows()):
            writer.add_document(number=number, body=" ".join(row))
        writer.commit()

    def search_or(self, tokens: Sequence[str], k: int) -> Scored:
        """An Or of terms."""
        return self._search(self._query.Or(self._terms(dict.fromkeys(tokens))), k)

    def search_and(self, tokens: Sequence[str], k: int) -> Scored:
        """An And of terms."""
        return self._search(self._query.And(self._terms(dict.fromkeys(tokens))), k)

    def search_phrase(self, tokens: Sequence[str], k: int) -> Scored:
        """Its phrase query."""
        return self._search(self._query.Phrase("body", list(tokens)), k)

    def _terms(self, tokens: Any) -> list[Any]:  # noqa: ANN401 - Whoosh has no types
        return [self._query.Term("body", token) for token in tokens]

    def _search(self, query: Any, k: int) -> Scored:  # noqa: ANN401 - Whoosh has no types
        hits = self._searcher.search(query, limit=k, optimize=False)
        return [(hit["number"], hit.score) for hit in hits]


PEERS: dict[str, tuple[str, type[EnginePeer], int | None]] = {
    "searchdb": (f"searchdb {version('searchdb')}", SearchdbPeer, None),
    "tantivy": ("tantivy", TantivyPeer, None),
    "bm25s": ("bm25s, numba", Bm25sPeer, None),
    "fts5": (f"SQLite FTS5 {sqlite3.sqlite_version}", Fts5Peer, None),
    "whoosh": ("Whoosh, W3", WhooshPeer, 20_000),
}
"""Name in the tables, engine, and the most passages it is given: Whoosh needs a day for a million.

Where an engine has a limit it indexes the first so many passages and says so in its row."""
