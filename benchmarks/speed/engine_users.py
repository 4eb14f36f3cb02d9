"""A STRING -> TEN HITS WITH SNIPPETS, by system: what a program that uses the engine waits for.

Every system is used as its documents say: its own analysis, its own query parser, its own snippets.
Words are demanded or not as the system does it by itself.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable
from contextlib import closing
from pathlib import Path
from typing import Any, Protocol

from engine_peers import tantivy_index
from engine_searchdb import kernels

import searchdb
from searchdb import Document

__all__ = ["USERS", "Shown", "UserPeer"]

Shown = list[tuple[int, str]]
"""Numbers of passages, each with its snippet as HTML."""

_HITS = 10
_SNIPPET = 300
"""Characters of a snippet: searchdb's default, asked of all systems that can be told."""

_HEAP = 256_000_000


class UserPeer(Protocol):
    """A system with one index of texts."""

    imports: tuple[str, ...]
    """Modules that a process loads before it opens an index: not counted as opening."""

    @staticmethod
    def build(texts: Iterable[str], folder: Path) -> None:
        """Index texts, numbered from 0, into an empty folder, durably."""
        ...

    def __init__(self, folder: Path) -> None: ...

    def search(self, query: str) -> Shown:
        """The best ten."""
        ...

    def add(self, numbered: Iterable[tuple[int, str]]) -> None:
        """Add texts: on return they are durable and found."""
        ...


class SearchdbUser:
    """searchdb as its README shows it."""

    imports: tuple[str, ...] = (
        "searchdb.opening",
        "searchdb.backends.whoosh.searcher",
        "searchdb.snippets",
    )

    def __init__(self, folder: Path) -> None:
        self._db = searchdb.open(folder, kernels=kernels())

    @staticmethod
    def build(texts: Iterable[str], folder: Path) -> None:
        """One `add`."""
        with searchdb.open(folder, create=True) as db:
            db.add(_documents(enumerate(texts)))

    def search(self, query: str) -> Shown:
        """With the defaults."""
        return [(int(hit.id), hit.snippet.html()) for hit in self._db.search(query).hits]

    def add(self, numbered: Iterable[tuple[int, str]]) -> None:
        """One `add`."""
        self._db.add(_documents(numbered))


def _documents(numbered: Iterable[tuple[int, str]]) -> Iterable[Document]:
    return (Document(id=str(number), text=text, title="") for number, text in numbered)


class TantivyUser:
    """tantivy: one stored field, lower case, marks removed, positions; its own parser."""

    imports: tuple[str, ...] = ("tantivy",)

    def __init__(self, folder: Path) -> None:
        import tantivy  # noqa: PLC0415 - each process loads the engine it measures

        self._snippets = tantivy.SnippetGenerator
        self._document = tantivy.Document
        self._index = self._make(folder)
        self._searcher = self._index.searcher()
        self._writer: Any = None

    @classmethod
    def _make(cls, folder: Path) -> Any:  # noqa: ANN401 - tantivy's own
        import tantivy  # noqa: PLC0415 - as above

        steps = tantivy.TextAnalyzerBuilder(tantivy.Tokenizer.simple())
        steps = steps.filter(tantivy.Filter.lowercase()).filter(tantivy.Filter.ascii_fold())
        return tantivy_index(
            folder,
            lambda builder: builder.add_text_field("body", stored=True, tokenizer_name="ours"),
            steps.build(),
        )

    @staticmethod
    def _read(text: str) -> str:
        return text

    @classmethod
    def build(cls, texts: Iterable[str], folder: Path) -> None:
        """One commit by one thread."""
        import tantivy  # noqa: PLC0415 - as above

        writer = cls._make(folder).writer(heap_size=_HEAP, num_threads=1)
        for number, text in enumerate(texts):
            writer.add_document(tantivy.Document(number=number, body=cls._read(text)))
        writer.commit()
        writer.wait_merging_threads()

    def search(self, query: str) -> Shown:
        """Its lenient parser, its generator of snippets."""
        parsed, _ = self._index.parse_query_lenient(self._read(query), ["body"])
        hits = self._searcher.search(parsed, _HITS).hits
        places = [place for _, place in hits]
        numbers = self._searcher.fast_field_values("number", places)
        maker = self._snippets.create(self._searcher, parsed, self._index.schema, "body")
        maker.set_max_num_chars(_SNIPPET)
        return [
            (number, maker.snippet_from_doc(self._searcher.doc(place)).to_html())
            for number, place in zip(numbers, places, strict=True)
        ]

    def add(self, numbered: Iterable[tuple[int, str]]) -> None:
        """One commit of a writer that stays open."""
        self._writer = self._writer or self._index.writer(heap_size=_HEAP, num_threads=1)
        for number, text in numbered:
            self._writer.add_document(self._document(number=number, body=self._read(text)))
        self._writer.commit()
        self._index.reload()
        self._searcher = self._index.searcher()


class PyviTantivyUser(TantivyUser):
    """tantivy over the words that pyvi finds, `_` between the syllables of a word."""

    imports: tuple[str, ...] = ("tantivy", "pyvi.ViTokenizer")

    @classmethod
    def _make(cls, folder: Path) -> Any:  # noqa: ANN401 - tantivy's own
        import tantivy  # noqa: PLC0415 - as above

        steps = tantivy.TextAnalyzerBuilder(tantivy.Tokenizer.regex(r"\w+"))
        return tantivy_index(
            folder,
            lambda builder: builder.add_text_field("body", stored=True, tokenizer_name="ours"),
            steps.filter(tantivy.Filter.lowercase()).build(),
        )

    @staticmethod
    def _read(text: str) -> str:
        from pyvi.ViTokenizer import tokenize  # noqa: PLC0415 - as above

        return str(tokenize(text))


class Fts5User:
    """SQLite FTS5 with its `unicode61`, marks removed; any of the words."""

    imports: tuple[str, ...] = ("sqlite3",)

    def __init__(self, folder: Path) -> None:
        self._db = sqlite3.connect(folder / "fts5.db")
        self._db.execute("PRAGMA synchronous=FULL")

    @staticmethod
    def build(texts: Iterable[str], folder: Path) -> None:
        """One transaction, then all of FTS5's segments made one."""
        with closing(sqlite3.connect(folder / "fts5.db")) as db, db:
            db.execute(
                "CREATE VIRTUAL TABLE t USING fts5(body, tokenize='unicode61 remove_diacritics 2')"
            )
            db.executemany("INSERT INTO t (rowid, body) VALUES (?, ?)", enumerate(texts))
            db.execute("INSERT INTO t (t) VALUES ('optimize')")

    def search(self, query: str) -> Shown:
        """Words as strings with OR between them, its own snippets."""
        words = query.replace('"', " ").split()
        found = self._db.execute(
            "SELECT rowid, snippet(t, 0, '<b>', '</b>', '…', 64) FROM t WHERE t MATCH ?"
            " ORDER BY rank LIMIT ?",
            (" OR ".join(f'"{word}"' for word in words), _HITS),
        )
        return found.fetchall()

    def add(self, numbered: Iterable[tuple[int, str]]) -> None:
        """One transaction."""
        with self._db as db:
            db.executemany("INSERT INTO t (rowid, body) VALUES (?, ?)", numbered)


class PyviWhooshUser:
    """What a tutorial writes: Whoosh's TEXT over pyvi's words, its parser, its highlights."""

    imports: tuple[str, ...] = (
        "whoosh.index",
        "whoosh.qparser",
        "whoosh.highlight",
        "pyvi.ViTokenizer",
    )

    def __init__(self, folder: Path) -> None:
        from whoosh import index, qparser  # noqa: PLC0415 - as above

        self._index = index.open_dir(folder)
        self._searcher = self._index.searcher()
        self._parser = qparser.QueryParser("body", self._index.schema, group=qparser.OrGroup)

    @staticmethod
    def build(texts: Iterable[str], folder: Path) -> None:
        """One commit with Whoosh's defaults."""
        from whoosh import fields, index  # noqa: PLC0415 - as above

        schema = fields.Schema(
            number=fields.ID(stored=True, unique=True), body=fields.TEXT(stored=True)
        )
        PyviWhooshUser._write(index.create_in(folder, schema), enumerate(texts))

    @staticmethod
    def _write(index: Any, numbered: Iterable[tuple[int, str]]) -> None:  # noqa: ANN401 - no types
        from pyvi.ViTokenizer import tokenize  # noqa: PLC0415 - as above

        writer = index.writer()
        for number, text in numbered:
            writer.add_document(number=str(number), body=tokenize(text))
        writer.commit()

    def search(self, query: str) -> Shown:
        """Its parser reads pyvi's words."""
        from pyvi.ViTokenizer import tokenize  # noqa: PLC0415 - as above

        parsed = self._parser.parse(tokenize(query))
        hits = self._searcher.search(parsed, limit=_HITS, optimize=False)
        return [(int(hit["number"]), hit.highlights("body")) for hit in hits]

    def add(self, numbered: Iterable[tuple[int, str]]) -> None:
        """One commit; not even Whoosh makes it durable."""
        self._write(self._index, numbered)
        self._searcher = self._searcher.refresh()


USERS: dict[str, tuple[str, type[UserPeer], int | None]] = {
    "searchdb": ("searchdb", SearchdbUser, None),
    "tantivy": ("tantivy, folded", TantivyUser, None),
    "fts5": ("SQLite FTS5, folded", Fts5User, None),
    "pyvi-tantivy": ("pyvi + tantivy", PyviTantivyUser, 5_000),
    "pyvi-whoosh": ("pyvi + Whoosh", PyviWhooshUser, 5_000),
}
"""Name in the tables, system, and the most texts it is given: pyvi takes minutes for 100,000."""
