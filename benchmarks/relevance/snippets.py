"""DATA -> TABLE: how often the text shown under a hit holds the answer to the question.

`python benchmarks/relevance/snippets.py DATA` or `make bench-snippets DATA=DIR`. DATA is a folder
in BEIR layout: `corpus.jsonl.gz`, `queries.jsonl`, `qrels.tsv`. Where the answers stand is told by
`answers/NAME.tsv` beside this script, NAME that of the folder: somebody read those texts and marked
the words that answer, before any snippet of them was made. Where there is no such file, the
answer is the name that most passages judged relevant for a question share and the question does
not hold, which is right for questions that ask who, about four times in five.

Every system is given the question and the text that holds the answer, whatever it ranks; only
texts longer than the snippet count. Beside searchdb stand the first characters of the text and,
where it is installed, tantivy. Law: nothing that makes a snippet has a part in saying where the
answer is.
"""

from __future__ import annotations

import argparse
import csv
import gzip
import json
import re
import sys
import tempfile
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from importlib.util import find_spec
from itertools import pairwise
from pathlib import Path

import searchdb
from searchdb.passages.sentences import sentence_ends

__all__ = ["main"]

Places = list[tuple[int, int]]
"""Ranges of a text, in code points."""

_SIZES = (120, 200, 300)
"""Code points: two lines of a terminal, three, and what the engine shows unless told otherwise."""

_WORD = re.compile(r"[^\W\d_]+")
_LONGEST_NAME = 5
"""In words, at least two."""


@dataclass(frozen=True, slots=True)
class Judged:
    """A question, the text that answers it, and every place in it where the answer stands."""

    question: str
    row: str
    text: str
    places: tuple[tuple[int, int], ...]


Show = Callable[[Judged, int], tuple[int, int]]
"""Shows a part of the text, of at most so many code points; gives back where it is."""


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("data", type=Path, metavar="DATA")
    parser.add_argument("--index", type=Path, help="keep the index here for another time")
    given = parser.parse_args()
    try:
        corpus = _texts(given.data / "corpus.jsonl.gz")
        questions = _texts(given.data / "queries.jsonl")
        relevant = _relevant(given.data / "qrels.tsv")
    except OSError as error:
        sys.exit(f"{error}: DATA must be a folder as `python {sys.argv[0]} --help` describes it")
    told = Path(__file__).parent / "answers" / f"{given.data.resolve().name}.tsv"
    answers = _marked(told) if told.exists() else _shared_names(questions, corpus, relevant)
    judged = [
        Judged(questions[question], row, corpus[row], tuple(places))
        for question, row, places in answers
    ]
    kind = "marked by a reader" if told.exists() else "names that the texts share"
    print(f"{len(judged)} answers, {kind}\n")
    with tempfile.TemporaryDirectory() as folder:
        index = given.index or Path(folder) / "index"
        systems = {"searchdb": _searchdb(corpus, index), "the beginning": _beginning}
        if find_spec("tantivy"):
            systems[f"tantivy {_version('tantivy')}"] = _tantivy(corpus)
        _print(judged, systems)


def _print(judged: Sequence[Judged], systems: Mapping[str, Show]) -> None:
    """One row a system and size, in percent of the texts longer than the snippet."""
    print("| | size | texts | answer shown | its sentence whole | length |")
    print("|---|--:|--:|--:|--:|--:|")
    for size in _SIZES:
        longer = [each for each in judged if len(each.text) > size]
        for name, show in systems.items():
            shown = [show(each, size) for each in longer]
            held = sum(map(_holds, longer, shown)) / max(1, len(longer))
            whole = sum(map(_holds_sentence, longer, shown)) / max(1, len(longer))
            length = sum(end - start for start, end in shown) / max(1, len(longer))
            figures = f"{held:.1%} | {whole:.1%} | {length:.0f}"
            print(f"| {name} | {size} | {len(longer)} | {figures} |")


def _holds(judged: Judged, shown: tuple[int, int]) -> bool:
    return any(shown[0] <= start and end <= shown[1] for start, end in judged.places)


def _holds_sentence(judged: Judged, shown: tuple[int, int]) -> bool:
    """Whether a sentence with the answer is shown from its first letter to its last."""
    text = judged.text
    ends = [0, *sentence_ends(text, 0, len(text)), len(text)]
    for start, end in judged.places:
        first = max(place for place in ends if place <= start)
        last = min(place for place in ends if place >= end)
        inner = text[first:last]
        left, right = first + len(inner) - len(inner.lstrip()), first + len(inner.rstrip())
        if shown[0] <= left and right <= shown[1]:
            return True
    return False


# The systems


def _searchdb(corpus: Mapping[str, str], index: Path) -> Show:
    db = searchdb.open(index, create=True)
    if not len(db):
        db.add(
            searchdb.Document(id=row, text=text, title="", meta={"row": row})
            for row, text in corpus.items()
        )

    def show(judged: Judged, size: int) -> tuple[int, int]:
        found = db.search(
            judged.question,
            where={"row": judged.row},
            limit=1,
            syntax="plain",
            snippet_size=size,
        )
        if not found.hits:
            return 0, 0
        snippet = found.hits[0].snippet
        return snippet.start, snippet.start + len(snippet.text)

    return show


def _beginning(judged: Judged, size: int) -> tuple[int, int]:
    return 0, min(size, len(judged.text))


def _version(package: str) -> str:
    from importlib.metadata import version  # noqa: PLC0415 - for this line alone

    return version(package)


def _tantivy(corpus: Mapping[str, str]) -> Show:
    """Its snippets of the same texts, with the document frequencies of the same collection.

    It counts a snippet in bytes, so it is given as many as the text needs for the size.
    """
    import tantivy  # noqa: PLC0415 - not everybody has it

    schema = tantivy.SchemaBuilder()
    schema.add_text_field("text", stored=True)
    schema = schema.build()
    index = tantivy.Index(schema)
    writer = index.writer()
    for text in corpus.values():
        writer.add_document(tantivy.Document(text=[text]))
    writer.commit()
    index.reload()
    searcher = index.searcher()

    def show(judged: Judged, size: int) -> tuple[int, int]:
        query, _ = index.parse_query_lenient(judged.question, ["text"])
        generator = tantivy.SnippetGenerator.create(searcher, query, schema, "text")
        generator.set_max_num_chars(size * len(judged.text.encode()) // len(judged.text))
        document = tantivy.Document(text=[judged.text])
        shown = generator.snippet_from_doc(document).fragment()
        start = judged.text.find(shown)
        return start, start + len(shown)

    return show


# The data


def _texts(path: Path) -> dict[str, str]:
    """The `text` of each row by its `_id`."""
    with (gzip.open if path.suffix == ".gz" else open)(path, "rt", encoding="utf-8") as lines:
        rows = [json.loads(line) for line in lines]
    return {row["_id"]: row["text"] for row in rows}


def _rows(path: Path) -> Iterator[list[str]]:
    """The rows of a table, without its head."""
    with path.open(encoding="utf-8", newline="") as lines:
        table = csv.reader(lines, delimiter="\t", quoting=csv.QUOTE_NONE)
        next(table)
        yield from table


def _relevant(path: Path) -> dict[str, list[str]]:
    relevant: dict[str, list[str]] = defaultdict(list)
    for question, row, grade in _rows(path):
        if int(grade) > 0:
            relevant[question].append(row)
    return relevant


def _marked(path: Path) -> list[tuple[str, str, Places]]:
    """The answers that were marked: question, row, and offsets in the text of the row."""
    return [(question, row, [(int(a), int(b))]) for question, row, a, b in _rows(path)]


def _shared_names(
    questions: Mapping[str, str], corpus: Mapping[str, str], relevant: Mapping[str, list[str]]
) -> Iterator[tuple[str, str, Places]]:
    """The name that more than half of the relevant texts, and at least two, have in common."""
    for question, rows in relevant.items():
        asked = {word.casefold() for word in _WORD.findall(questions[question])}
        held = {row: _names(corpus[row], asked) for row in rows}
        count = Counter(name for names in held.values() for name in names)
        best = max(count, key=lambda name: (count[name], len(name), name), default=())
        if count[best] >= max(2, len(rows) // 2 + 1):
            yield from ((question, row, held[row][best]) for row in rows if best in held[row])


def _names(text: str, asked: set[str]) -> dict[tuple[str, ...], Places]:
    """Rows of words with a capital, without those that were asked, and where they stand."""
    found: dict[tuple[str, ...], Places] = defaultdict(list)
    words = list(_WORD.finditer(text))
    capital = [
        word[0][0].isupper() and not word[0].isupper() and word[0].casefold() not in asked
        for word in words
    ]
    follows = [False, *(text[one.end() : two.start()] == " " for one, two in pairwise(words))]
    for first in range(len(words)):
        last = first
        while capital[last] and (last == first or follows[last]) and last - first < _LONGEST_NAME:
            if last > first:
                name = tuple(word[0].casefold() for word in words[first : last + 1])
                found[name].append((words[first].start(), words[last].end()))
            last += 1
            if last == len(words):
                break
    return found


if __name__ == "__main__":
    main()
