"""The index on disk and the one in memory are one index: equal documents, equal answers.

Memory answers by reading everything and is the oracle. The first test builds random collections
and asks random questions under all options; the second changes an index step by step, closes and
reopens it, and holds it against a plain dictionary and a fresh index of the same documents.
"""

from __future__ import annotations

import re
import shutil
import tempfile
from itertools import product
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule

from searchdb import Document, passages
from searchdb.analysis import Analyzer
from searchdb.backends.memory import MemoryBackend
from searchdb.backends.whoosh import WhooshBackend, building, merging, policy
from searchdb.backends.whoosh import writer as whoosh_writer
from searchdb.engine import SearchDB
from searchdb.index.backend import Request
from searchdb.index.document import analyzed
from searchdb.index.manifest import Manifest
from searchdb.model import Passage, StoredDocument
from searchdb.query import abbreviations, options
from searchdb.query.interpret import interpret
from searchdb.query.parser import parse
from searchdb.ranking import Ranking

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from numpy.typing import NDArray

    from searchdb.analysis.lexicon import Lexicon
    from searchdb.index.backend import AnalyzedDocument, Backend, Matches, Searcher

COMPOUNDS = {"sinh hoạt", "chi bộ", "học sinh", "sinh học", "học tập", "đảng ủy", "sinh hoat"}


class PairSegmenter:
    """Glues the neighbors that are in `COMPOUNDS`, from the left."""

    name = "pairs"

    def segment(self, text: str) -> list[tuple[int, int]]:
        spans: list[tuple[int, int]] = []
        free = False
        for match in re.finditer(r"\w+", text):
            start, end = match.span()
            if free and text[spans[-1][0] : end].lower() in COMPOUNDS:
                spans[-1] = (spans[-1][0], end)
                free = False
            else:
                spans.append((start, end))
                free = True
        return spans

    def segment_all(self, texts: Sequence[str]) -> list[list[tuple[int, int]]]:
        return [self.segment(text) for text in texts]

    def starts_all(self, texts: Sequence[str]) -> NDArray[np.int64]:
        return np.array([start for start, _ in self.segment("\n".join(texts))], dtype=np.int64)


ANALYZER = Analyzer(PairSegmenter())
ABBREVIATIONS = abbreviations.load()

WORDS = [
    *("sinh", "hoạt", "chi", "bộ", "học", "tập", "đảng", "ủy", "năm", "Nam", "hoà", "hòa", "lý"),
    *("lí", "quyền", "quý", "y", "CHI", "ĐẢNG", "viê\u0323t", "Ðảng", "hoat", "bo", "dang", "hoc"),
    *("03-CT/TW", "TW4", "2015", "5.700", "5700", "vịêt", "đường", "dương", "duong", "中文"),
    *("ĐU", "UBND", "ủy ban", "nhân dân", "KT-XH", "kinh tế", "28/1/2015", "tháng 1", "hoajt"),
]
FEW = ["chi", "bộ", "sinh", "hoạt", "hoat", "học"]
words = st.sampled_from(WORDS) | st.sampled_from(FEW)
sentences = st.lists(words, max_size=9).map(" ".join)
dates = st.sampled_from([None, None, "2015-09-05", "2018-01-31", "2018-03-08"])
metas = st.dictionaries(st.sampled_from(["x", "y"]), st.sampled_from(["1", 1, True, None, "a=b"]))


@st.composite
def collections(draw: st.DrawFn) -> list[StoredDocument]:
    """A few documents; passages and whole texts come again in others."""
    pool = draw(st.lists(sentences, min_size=1, max_size=5))
    found: list[StoredDocument] = []
    for number in range(draw(st.integers(1, 7))):
        parts = draw(st.lists(st.sampled_from(pool), max_size=4))
        starts = [sum(len(part) + 1 for part in parts[:index]) for index in range(len(parts))]
        found.append(
            StoredDocument(
                id=f"d{number}",
                text="\n".join(parts),
                title=draw(st.just("") | sentences),
                date=draw(dates),
                source=None,
                meta=draw(metas),
                passages=tuple(
                    Passage(start, start + len(part), draw(st.integers(0, 4)) == 0)
                    for start, part in zip(starts, parts, strict=True)
                ),
            )
        )
    return found


@st.composite
def queries(draw: st.DrawFn) -> str:
    """Mostly words, now and then an operator."""
    pieces: list[str] = []
    for _ in range(draw(st.integers(1, 4))):
        run = " ".join(draw(st.lists(words, min_size=1, max_size=3)))
        forms = [run, run, run, run, f'"{run}"', f"-{run}", f"title:{run}", f"{run[:-1]}*"]
        pieces.append(draw(st.sampled_from([*forms, f"({run}) OR", f'-"{run}"', run.upper()])))
    return " ".join(pieces)


searches = st.fixed_dictionaries(
    {
        "diacritics": st.sampled_from(["smart", "smart", "exact", "ignore"]),
        "match": st.sampled_from(["smart", "smart", "all", "any"]),
        "sort": st.sampled_from(["relevance", "relevance", "date"]),
        "group": st.sampled_from(["document", "passage"]),
        "limit": st.sampled_from([10, 3, 0]),
        "offset": st.sampled_from([0, 0, 1, 5]),
        "candidates": st.sampled_from([1000, 2]),
        "after": st.sampled_from([None, None, None, "2018-01-31"]),
        "before": st.sampled_from([None, None, None, "2018-01-31"]),
        "where": st.sampled_from([None, None, None, {"x": "1"}, {"x": 1, "y": True}]),
    }
)


def answer(searcher: Searcher, typed: str, given: Mapping[str, Any]) -> Matches:
    asked = interpret(
        parse(typed),
        typed=typed,
        analyzer=ANALYZER,
        lexicon=searcher.lexicon,
        abbreviations=ABBREVIATIONS,
        diacritics=given["diacritics"],
        match=given["match"],
        filters=options.filters(given["after"], given["before"], given["where"]),
    )
    request = Request(
        asked,
        Ranking(candidates=given["candidates"]),
        limit=given["limit"],
        offset=given["offset"],
        sort=given["sort"],
        group=given["group"],
        explain=True,
    )
    return searcher.search(request)


def check_equal(found: Matches, oracle: Matches) -> None:
    assert found.total == oracle.total
    rows = [(match.id, match.passage, match.relaxed) for match in found.page]
    assert rows == [(match.id, match.passage, match.relaxed) for match in oracle.page]
    for match, expected in zip(found.page, oracle.page, strict=True):
        assert match.score == pytest.approx(expected.score, abs=1e-9)
        names = [(part.stream, part.term) for part in match.parts]
        assert names == [(part.stream, part.term) for part in expected.parts]
        scores = [part.score for part in match.parts]
        assert scores == pytest.approx([part.score for part in expected.parts], abs=1e-9)
        assert sum(scores) == pytest.approx(match.score, abs=1e-9)


def fill(backend: Backend, documents: Sequence[AnalyzedDocument], batch: int) -> Searcher:
    """A snapshot of these documents, written in commits of so many."""
    for start in range(0, len(documents), batch):
        with backend.writer(Manifest(fingerprint="test")) as writer:
            for document in documents[start : start + batch]:
                writer.add(document)
    return backend.searcher()


@settings(max_examples=40)
@given(
    collection=collections(),
    batch=st.integers(1, 7),
    asked=st.lists(st.tuples(queries(), searches), min_size=4, max_size=12),
)
def test_memory_and_disk_answer_alike(
    collection: list[StoredDocument], batch: int, asked: list[tuple[str, dict[str, Any]]]
) -> None:
    documents = [analyzed(stored, ANALYZER) for stored in collection]
    oracle = fill(MemoryBackend(), documents, batch)
    with tempfile.TemporaryDirectory() as folder:
        searcher = fill(WhooshBackend(Path(folder)), documents, batch)
        check_lexicons(searcher.lexicon, oracle.lexicon, documents)
        for typed, given_options in asked:
            check_equal(
                answer(searcher, typed, given_options), answer(oracle, typed, given_options)
            )
        searcher.close()


def check_lexicons(
    lexicon: Lexicon, expected: Lexicon, documents: Sequence[AnalyzedDocument]
) -> None:
    """Every count that the two have for anything in these documents, there or not any more."""
    segments = [
        (document, each) for document in documents for each in (document.title, *document.passages)
    ]
    rows = [document.keys(each) for document, each in segments]
    keys = sorted({key for row in rows for key in row})
    folds = sorted({folded for document, each in segments for folded in document.folded(each)})
    assert lexicon.totals == expected.totals
    for key in keys:
        assert lexicon.df(key) == expected.df(key)
        assert lexicon.cf(key) == expected.cf(key)
        assert lexicon.followers(key) == expected.followers(key)
    for folded in folds:
        assert list(lexicon.forms(folded)) == list(expected.forms(folded))
        assert list(lexicon.starting(folded[:2])) == list(expected.starting(folded[:2]))
    assert list(lexicon.starting("")) == list(expected.starting(""))
    for one, two in product(keys, repeat=2):
        assert lexicon.count(one, two) == expected.count(one, two)
    for one, two in product(folds, repeat=2):
        assert lexicon.pair_df(one, two) == expected.pair_df(one, two)
    for word in {word for row in rows for word in _words(row)}:
        assert lexicon.word_df(word) == expected.word_df(word)


def _words(keys: Sequence[str]) -> Iterator[tuple[str, ...]]:
    """Whatever may be a word: runs of one to three keys."""
    for start in range(len(keys)):
        for length in (1, 2, 3):
            yield tuple(keys[start : start + length])


QUERIES = (
    "chi bo",
    "sinh hoạt",
    '"hoc sinh"',
    "duong -bo",
    "title:chi",
    "hoa* năm 5700",
    "-chi",
    "đảng uye",
)


histories = st.lists(
    st.tuples(collections(), st.sets(st.sampled_from([f"d{n}" for n in range(7)]), max_size=3)),
    min_size=2,
    max_size=6,
)
"""What each commit adds or replaces, and removes before."""


def live_through(folder: Path, history: list[tuple[list[StoredDocument], set[str]]]) -> Searcher:
    """Write the commits one by one, flushing and merging at every turn."""
    backend = WhooshBackend(folder)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(policy, "_FACTOR", 2)
        patch.setattr(policy, "_SMALL", 8)
        patch.setattr(merging, "_POSTINGS", 7)
        patch.setattr(merging, "_DOCUMENTS", 2)
        patch.setattr(building, "_PIECE", 5)
        patch.setattr(whoosh_writer, "_FLUSH", 12)
        for added, gone in history:
            with backend.writer(Manifest(fingerprint="test")) as writer:
                for each in gone:
                    writer.remove(each)
                for stored in added:
                    writer.add(analyzed(stored, ANALYZER))
    assert list(backend.check()) == []
    return backend.searcher()


@settings(max_examples=25)
@given(history=histories, asked=st.lists(st.tuples(queries(), searches), min_size=2, max_size=6))
def test_an_index_is_what_one_build_would_make_of_it(
    history: list[tuple[list[StoredDocument], set[str]]], asked: list[tuple[str, dict[str, Any]]]
) -> None:
    kept: dict[str, StoredDocument] = {}
    for added, gone in history:
        kept = {each: stored for each, stored in kept.items() if each not in gone}
        kept |= {stored.id: stored for stored in added}
    ever = [analyzed(stored, ANALYZER) for added, _ in history for stored in added]
    with tempfile.TemporaryDirectory() as one, tempfile.TemporaryDirectory() as two:
        searcher = live_through(Path(one), history)
        live_through(Path(two), history).close()
        assert arrays(Path(one)) == arrays(Path(two))
        with tempfile.TemporaryDirectory() as three:
            fresh = fill(
                WhooshBackend(Path(three)),
                [analyzed(stored, ANALYZER) for stored in kept.values()],
                1000,
            )
            check_lexicons(searcher.lexicon, fresh.lexicon, ever)
            for typed, given_options in asked:
                check_equal(
                    answer(searcher, typed, given_options), answer(fresh, typed, given_options)
                )
            fresh.close()
        for each, stored in kept.items():
            ref = searcher.find(each)
            assert ref is not None
            assert searcher.document(ref) == stored
        searcher.close()


def arrays(folder: Path) -> list[bytes]:
    """What the segments and deletions of an index are, whatever their random names."""
    return sorted(
        path.read_bytes() for path in folder.iterdir() if path.suffix in {".arrays", ".gone"}
    )


Row = tuple[str, str, str, str | None, dict[str, Any]]
rows = st.tuples(st.sampled_from("abcdefgh"), sentences, st.just("") | sentences, dates, metas)


def keys(shown: str | None) -> list[str] | None:
    """What is said to the reader, without regard to spelling: an index remembers old spellings."""
    return shown if shown is None else [token.key for token in ANALYZER.tokens(shown)]


class Changes(RuleBasedStateMachine):
    """An index on disk that is changed, discarded, closed and reopened, and what it should hold."""

    def __init__(self) -> None:
        super().__init__()
        self.folder = Path(tempfile.mkdtemp())
        self.kept: dict[str, Document] = {}
        self.seen: list[AnalyzedDocument] = []
        self.commits = 0

    def open(self) -> SearchDB:
        return SearchDB(WhooshBackend(self.folder), ANALYZER, folder=self.folder)

    @initialize(first=st.lists(rows, min_size=2, max_size=11))
    def start(self, first: list[Row]) -> None:
        """Begin with a commit for each document, so that there are Whoosh segments to merge."""
        self.db = self.open()
        self.other = self.open()
        for row in first:
            self.add([row])

    @rule(batch=st.lists(rows, min_size=1, max_size=4))
    def add(self, batch: list[Row]) -> None:
        documents = [
            Document(id=each, text=text, title=title, date=date, meta=meta)
            for each, text, title, date, meta in batch
        ]
        wanted = {document.id: document for document in documents}
        report = self.db.add(documents)
        assert report.added == len(wanted.keys() - self.kept.keys())
        assert report.updated == len(wanted.keys() & self.kept.keys())
        assert report.duplicates == len(documents) - len(wanted)
        self.kept.update(wanted)
        self.seen += [analyzed(passages.split(document), ANALYZER) for document in documents]
        self.commits += 1

    @rule(ids=st.lists(st.sampled_from("abcdefghz"), max_size=4))
    def remove(self, ids: list[str]) -> None:
        wanted = self.kept.keys() & set(ids)
        assert self.db.remove(ids) == len(wanted)
        for each in wanted:
            del self.kept[each]
        self.commits += bool(wanted)

    @rule(text=sentences, documents=st.integers(1, 3))
    def fail(self, text: str, documents: int) -> None:
        def broken() -> Iterator[Document]:
            for number in range(documents):
                yield Document(id="abc"[number], text=text)
            raise ZeroDivisionError

        with pytest.raises(ZeroDivisionError):
            self.db.add(broken())

    @rule()
    def reopen(self) -> None:
        self.db.close()
        self.db = self.open()

    @rule()
    def change_hands(self) -> None:
        self.other.refresh()
        self.db, self.other = self.other, self.db
        assert not self.db.refresh()

    @invariant()
    def holds_the_documents(self) -> None:
        assert len(self.db) == len(self.kept)
        assert sorted(self.db.ids()) == sorted(self.kept)
        for each, document in self.kept.items():
            assert self.db.document(each) == passages.split(document)
        stats = self.db.stats()
        assert stats["documents"] == len(self.kept)
        assert stats["generation"] == self.commits
        assert self.db.check() == [] if self.commits else True

    @invariant()
    def answers_like_memory(self) -> None:
        with SearchDB(MemoryBackend(), ANALYZER, folder=None) as oracle:
            oracle.add(self.kept.values())
            for number, typed in enumerate(QUERIES):
                group: Any = ("document", "passage")[(number + self.commits) % 2]
                found = self.db.search(typed, group=group)
                expected = oracle.search(typed, group=group)
                assert found.total == expected.total
                assert keys(found.interpreted) == keys(expected.interpreted)
                assert keys(found.suggestion) == keys(expected.suggestion)
                for hit, other in zip(found.hits, expected.hits, strict=True):
                    assert (hit.id, hit.passage) == (other.id, other.passage)
                    assert hit.relaxed == other.relaxed
                    assert hit.snippet == other.snippet
                    assert hit.score == pytest.approx(other.score, abs=1e-9)

    def teardown(self) -> None:
        documents = [analyzed(passages.split(each), ANALYZER) for each in self.kept.values()]
        fresh = fill(WhooshBackend(self.folder / "fresh"), documents, 1000)
        check_lexicons(self.db._snapshot().lexicon, fresh.lexicon, self.seen)
        fresh.close()
        self.db.close()
        self.other.close()
        shutil.rmtree(self.folder)


Changes.TestCase.settings = settings(max_examples=8, stateful_step_count=14)
TestChanges = Changes.TestCase
