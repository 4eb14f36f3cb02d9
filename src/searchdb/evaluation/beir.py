"""FOLDER IN BEIR'S LAYOUT -> COLLECTION: a corpus, queries, and which documents answer which.

`corpus.jsonl` and `queries.jsonl`, either of them also with `.gz`, and `qrels.tsv` or
`qrels/test.tsv` (Thakur and others, "BEIR", 2021). Law: a bad line is an error that names it, but
in the corpus, where it is counted: a document that is not there is found by nobody.
"""

from __future__ import annotations

import os
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from searchdb.errors import ReadError
from searchdb.model import Document
from searchdb.readers.jsonl import read_jsonl
from searchdb.readers.source import explain, fetch, shown

__all__ = ["Collection", "read_collection"]

_FIELDS = 3
_GRADE = re.compile(r"-?[0-9]{1,6}")


@dataclass(frozen=True, slots=True)
class Collection:
    """A test collection; the corpus stays on disk.

    `ids` are those of the corpus. `queries` are those with at least one relevant document, in the
    order of their file, `qrels` their judgments: query id to document id to grade, relevant from 1
    on. `unjudged` queries have none and are left out, `textless` ones are judged and have no text;
    `missing` is how many relevant documents the corpus does not hold. `skipped` lines of the corpus
    were no documents, the first of them for the reason `error`.
    """

    corpus: Path
    ids: frozenset[str]
    queries: Mapping[str, str]
    qrels: Mapping[str, Mapping[str, int]]
    unjudged: int = 0
    textless: int = 0
    missing: int = 0
    skipped: int = 0
    error: ReadError | None = None

    def documents(self) -> Iterator[Document]:
        """Read the corpus; lines that are no documents are left out."""
        for each in read_jsonl(self.corpus):
            if isinstance(each, Document):
                yield each


def read_collection(folder: str | os.PathLike[str]) -> Collection:
    """Read a folder and check that its parts belong together. Raises ReadError."""
    folder = Path(folder)
    corpus = _first(folder, "corpus.jsonl", "corpus.jsonl.gz")
    texts = _queries(_first(folder, "queries.jsonl", "queries.jsonl.gz"))
    judgments = _first(folder, "qrels.tsv", "qrels/test.tsv")
    judged = {
        query: grades
        for query, grades in _qrels(judgments).items()
        if any(grade > 0 for grade in grades.values())
    }
    queries = {query: text for query, text in texts.items() if query in judged}
    if not queries:
        reason = "judges none of the queries: the two files are not of one collection"
        raise ReadError(shown(judgments.as_posix()), reason)
    ids: set[str] = set()
    skipped, error = 0, None
    for each in read_jsonl(corpus):
        if isinstance(each, Document):
            ids.add(each.id)
        else:
            skipped, error = skipped + 1, error or each
    if error and not ids:
        raise error
    qrels = {query: judged[query] for query in queries}
    relevant = {doc for each in qrels.values() for doc, grade in each.items() if grade > 0}
    return Collection(
        corpus=corpus,
        ids=frozenset(ids),
        queries=queries,
        qrels=qrels,
        unjudged=len(texts) - len(queries),
        textless=len(judged) - len(queries),
        missing=len(relevant - ids),
        skipped=skipped,
        error=error,
    )


def _first(folder: Path, *names: str) -> Path:
    """The first of the files that is there."""
    for path in (folder / name for name in names):
        try:
            if path.exists():
                return path
        except OSError as error:
            raise ReadError(shown(path.as_posix()), explain(path, error)) from error
    reason = (
        f"holds no {names[0]}: a folder in BEIR's layout holds corpus.jsonl, queries.jsonl and "
        "qrels.tsv"
    )
    raise ReadError(shown(folder.as_posix()), reason)


def _queries(path: Path) -> dict[str, str]:
    """The queries by id; their lines have the keys of a document."""
    queries: dict[str, str] = {}
    for each in read_jsonl(path):
        if isinstance(each, ReadError):
            raise each
        if each.id in queries:
            raise ReadError(shown(path.as_posix()), f"has two queries {each.id!r}: rename one")
        queries[each.id] = each.text
    return queries


def _qrels(path: Path) -> dict[str, dict[str, int]]:
    """The judgments: query, document and grade a line, parted by tabs, perhaps under a heading."""
    qrels: dict[str, dict[str, int]] = {}
    name = shown(path.as_posix())
    for number, line in enumerate(fetch(path)[0].splitlines(), 1):
        try:
            fields = line.decode("utf-8-sig").split("\t")
        except UnicodeDecodeError:
            raise ReadError(f"{name}:{number}", "is not valid UTF-8: save it as UTF-8") from None
        if not line.strip() or (number == 1 and fields[-1].strip() == "score"):
            continue
        if len(fields) != _FIELDS:
            reason = f"has {len(fields)} fields: write query-id, corpus-id and score with tabs"
            raise ReadError(f"{name}:{number}", reason)
        query, document, grade = fields
        if not _GRADE.fullmatch(grade.strip()):
            reason = f"its score is {grade.strip()[:40]!r}: write a whole number of few digits"
            raise ReadError(f"{name}:{number}", reason)
        grades = qrels.setdefault(query, {})
        if grades.setdefault(document, int(grade)) != int(grade):
            raise ReadError(
                f"{name}:{number}",
                "judges a document a second time, and otherwise: keep one of the lines",
            )
    return qrels
