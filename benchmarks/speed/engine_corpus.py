"""DATA -> PASSAGES AND QUERIES: what every engine of the benchmark is given, the same to the token.

The passages are those that searchdb cuts, each of them a document here. Beyond as many as there
are, passages are repeated with some of their syllables dropped, doubled or replaced, so that
postings are no copies of each other. Law: equal arguments, equal passages, equal queries.
"""

from __future__ import annotations

import gzip
import json
import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from searchdb import Document
from searchdb.analysis import Analyzer
from searchdb.analysis.segmenters.pyvi import PyviSegmenter
from searchdb.passages import split

if TYPE_CHECKING:
    from numpy.typing import NDArray

__all__ = ["Corpus", "Queries", "load", "prepare", "queries"]

_SEED = 20_060_101
_DROPPED, _DOUBLED, _REPLACED = 0.05, 0.03, 0.1
"""Shares of the syllables of a repeated passage that are changed; a replacement is drawn from all
syllables of the corpus, so that the frequent ones stay frequent."""

_SAMPLE = 20_000
"""Passages that queries are drawn from: the same for every size from there on."""

_MOST_FREQUENT = 20
"""Pairs and triples of the corpus that are among the phrases in any case."""

Queries = dict[str, list[str]]
"""Queries as text by the name of their set."""


@dataclass(frozen=True, slots=True)
class Corpus:
    """Passages as rows of syllable numbers: row i is `ids[starts[i]:starts[i + 1]]`.

    `texts` is the file of the first passages as written, one JSON string a line; passages beyond
    those are their syllables with spaces between.
    """

    vocabulary: list[str]
    ids: NDArray[np.int32]
    starts: NDArray[np.int64]
    texts: Path

    def __len__(self) -> int:
        return len(self.starts) - 1

    def rows(self) -> Iterator[list[str]]:
        """The syllables of each passage."""
        for number in range(len(self)):
            yield self.row(number)

    def row(self, number: int) -> list[str]:
        """The syllables of one passage."""
        row = self.ids[self.starts[number] : self.starts[number + 1]]
        return [self.vocabulary[each] for each in row.tolist()]

    def written(self) -> Iterator[str]:
        """The text of each passage."""
        done = 0
        with self.texts.open(encoding="utf-8") as lines:
            for line in islice(lines, len(self)):
                yield json.loads(line)
                done += 1
        for number in range(done, len(self)):
            yield " ".join(self.row(number))


def prepare(data: Path, folder: Path, size: int | None) -> Corpus:
    """Cut `size` passages (None: all there are) from DATA into a folder, once. Raises OSError."""
    if not (folder / "corpus.npz").exists():
        folder.mkdir(parents=True, exist_ok=True)
        _write(data, folder, size)
    return load(folder)


def load(folder: Path) -> Corpus:
    """What `prepare` wrote. Raises OSError."""
    with np.load(folder / "corpus.npz") as arrays:
        vocabulary = json.loads(arrays["vocabulary"].tobytes())
        return Corpus(vocabulary, arrays["ids"], arrays["starts"], folder / "texts.jsonl")


def _write(data: Path, folder: Path, size: int | None) -> None:
    analyzer = Analyzer(PyviSegmenter())
    numbers: dict[str, int] = {}
    ids: list[NDArray[np.int32]] = []
    with (folder / "texts.jsonl").open("w", encoding="utf-8") as texts:
        for text in islice(_passages(data), size):
            keys = analyzer.syllables(text).keys
            ids.append(
                np.array([numbers.setdefault(key, len(numbers)) for key in keys], dtype=np.int32)
            )
            texts.write(json.dumps(text, ensure_ascii=False) + "\n")
    rows = np.concatenate(ids)
    starts = np.concatenate([[0], np.cumsum([len(each) for each in ids])]).astype(np.int64)
    if size and size > len(ids):
        rows, starts = _grown(rows, starts, size)
    waiting = folder / "waiting.npz"
    np.savez(
        waiting,
        vocabulary=np.frombuffer(json.dumps(list(numbers)).encode(), dtype=np.uint8),
        ids=rows,
        starts=starts,
    )
    waiting.replace(folder / "corpus.npz")


def _passages(data: Path) -> Iterator[str]:
    """Passages with a letter in them, in the order of the documents."""
    for row in _lines(data / "vntc_title" / "corpus.jsonl.gz"):
        stored = split(Document(id="-", text=row["text"], title=row.get("title") or None))
        for passage in stored.passages:
            text = stored.text[passage.start : passage.end]
            if any(map(str.isalnum, text)):
                yield text


def _lines(path: Path) -> Iterator[dict[str, Any]]:
    kind: Any = gzip.open if path.suffix == ".gz" else open
    with kind(path, "rt", encoding="utf-8") as lines:
        yield from map(json.loads, lines)


def _grown(
    ids: NDArray[np.int32], starts: NDArray[np.int64], size: int
) -> tuple[NDArray[np.int32], NDArray[np.int64]]:
    """Repeat the passages, changed each time, until there are so many."""
    chance = np.random.default_rng(_SEED)
    all_ids, all_lengths = [ids], [np.diff(starts)]
    have = len(starts) - 1
    while have < size:
        drawn = chance.random(len(ids))
        copy = ids.copy()
        replaced = drawn < _REPLACED
        copy[replaced] = ids[chance.integers(len(ids), size=int(replaced.sum()))]
        repeats = np.ones(len(ids), dtype=np.int64)
        repeats[(drawn >= _REPLACED) & (drawn < _REPLACED + _DROPPED)] = 0
        repeats[drawn >= 1 - _DOUBLED] = 2
        repeats[starts[:-1]] = 1  # no passage is left without a syllable
        totals = np.concatenate([[0], np.cumsum(repeats)])
        all_ids.append(np.repeat(copy, repeats))
        all_lengths.append(np.diff(totals[starts]))
        have += len(starts) - 1
    lengths = np.concatenate(all_lengths)[:size]
    grown = np.concatenate([[0], np.cumsum(lengths)])
    return np.concatenate(all_ids)[: grown[-1]], grown


# Queries


def queries(data: Path, corpus: Corpus, count: int) -> Queries:
    """About `count` queries a set. Raises OSError.

    `headlines` and `questions` are people's; `words` are two to four words that stand side by side
    in the corpus, `phrases` two or three syllables that do, half of them drawn by frequency, half
    from the different ones alike, and the most frequent of all (`của các`).
    """
    chance = random.Random(_SEED)  # noqa: S311 - a benchmark, not a secret
    headlines = [row["text"] for row in _lines(data / "vntc_title" / "queries.jsonl")]
    questions = [
        row["text"]
        for name in ("xquad_wiki", "alqac_legal")
        for row in _lines(data / name / "queries.jsonl")
    ]
    analyzer = Analyzer(PyviSegmenter())
    texts = list(islice(corpus.written(), _SAMPLE))
    return {
        "headlines": _some(headlines, count, chance),
        "questions": _some(questions, count, chance),
        "words": _drawn(_word_rows(texts, analyzer, chance), count, chance),
        "phrases": _phrases(corpus, count, chance),
    }


def _some(texts: Sequence[str], count: int, chance: random.Random) -> list[str]:
    return chance.sample(texts, min(count, len(texts)))


def _word_rows(texts: list[str], analyzer: Analyzer, chance: random.Random) -> list[str]:
    """Two to four words in a row from places all over the texts."""
    found: list[str] = []
    chosen = chance.sample(texts, min(2_000, len(texts)))
    for read in analyzer.words(chosen):
        begins = [place for place, begins in enumerate(read.word_starts) if begins]
        begins.append(len(read.keys))
        for _ in range(5):
            length = chance.randint(2, 4)
            if len(begins) > length:
                first = chance.randrange(len(begins) - length)
                found.append(" ".join(read.surfaces[begins[first] : begins[first + length]]))
    return found


def _phrases(corpus: Corpus, count: int, chance: random.Random) -> list[str]:
    end = int(corpus.starts[min(_SAMPLE, len(corpus))])
    ids = corpus.ids[:end].astype(np.int64)
    ends = np.zeros(end + 1, dtype=np.bool_)
    ends[corpus.starts[corpus.starts <= end]] = True
    found: list[str] = []
    for length in (2, 3):
        size = end - length + 1
        codes = np.zeros(size, dtype=np.int64)  # a row as one number: sorting is quick
        inside = np.ones(size, dtype=np.bool_)
        for step in range(length):
            codes = codes * len(corpus.vocabulary) + ids[step : size + step]
            inside &= (step == 0) | ~ends[step : size + step]
        different, counts = np.unique(codes[inside], return_counts=True)
        frequent = np.argsort(-counts, kind="stable")[:_MOST_FREQUENT].tolist()
        frequent += chance.choices(range(len(different)), weights=counts.tolist(), k=count // 4)
        frequent += chance.sample(range(len(different)), min(count // 4, len(different)))
        for code in different[frequent].tolist():
            numbers = [code // len(corpus.vocabulary) ** step for step in range(length)]
            row = [corpus.vocabulary[each % len(corpus.vocabulary)] for each in numbers]
            found.append(" ".join(reversed(row)))
    chance.shuffle(found)
    return list(dict.fromkeys(found))


def _drawn(rows: Sequence[str], count: int, chance: random.Random) -> list[str]:
    """Half as often as they occur, half each different one alike."""
    chosen = _some(rows, count // 2, chance)
    chosen += _some(list(dict.fromkeys(rows)), count - len(chosen), chance)
    return list(dict.fromkeys(chosen))
