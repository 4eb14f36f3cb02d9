"""Whoosh itself on our index: its searcher finds what ours finds, its writer does no silent harm.

The scores are held against an index that plain Whoosh wrote, scored by our formula.
"""

from __future__ import annotations

import tempfile
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
import whoosh.index
from hypothesis import given, settings
from hypothesis import strategies as st
from whoosh import analysis, fields, qparser, query, scoring, writing

import searchdb
from searchdb import Document, errors
from searchdb.analysis import Analyzer
from searchdb.analysis.segmenters.syllable import SyllableSegmenter
from searchdb.backends.whoosh import WhooshBackend, policy
from searchdb.index.backend import Request
from searchdb.index.document import analyzed
from searchdb.index.manifest import Manifest
from searchdb.model import Passage, StoredDocument
from searchdb.query import plan
from searchdb.ranking import Ranking, bm25, idf

if TYPE_CHECKING:
    from searchdb.index.backend import AnalyzedDocument, Searcher

    Texts = dict[str, tuple[str, list[str]]]
    """The title and the passages of each document."""

ANALYZER = Analyzer(SyllableSegmenter())
KEYS = ["chi", "chị", "bộ", "bàn", "họp", "hội"]
rows = st.lists(st.sampled_from(KEYS), max_size=7).map(" ".join)
# Wholly without marks a document has keys of its own (`fold.BARE`): a title has one.
texts = st.tuples(
    rows.map(lambda row: f"hội {row}".strip()), st.lists(rows.filter(bool), max_size=3)
)
ids = st.sampled_from("abcdefgh")
histories = st.lists(
    st.tuples(st.dictionaries(ids, texts, max_size=4), st.sets(ids, max_size=2)),
    min_size=1,
    max_size=6,
)
"""What each commit adds, then removes."""


def document(document_id: str, title: str, parts: list[str]) -> AnalyzedDocument:
    begins = [sum(len(part) + 1 for part in parts[:number]) for number in range(len(parts))]
    passages = [Passage(b, b + len(part)) for b, part in zip(begins, parts, strict=True)]
    stored = StoredDocument(document_id, "\n".join(parts), title, None, None, {}, tuple(passages))
    return analyzed(stored, ANALYZER)


def written(folder: Path, history: list[tuple[Texts, set[str]]]) -> Texts:
    """Write the commits, with segments merged at every turn; what is left in the end."""
    kept: Texts = {}
    backend = WhooshBackend(folder)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(policy, "_FACTOR", 3)
        patch.setattr(policy, "_SMALL", 8)
        for added, gone in history:
            with backend.writer(Manifest(fingerprint="test")) as writer:
                for document_id, (title, parts) in added.items():
                    writer.add(document(document_id, title, parts))
                for document_id in gone:
                    writer.remove(document_id)
            kept = {each: text for each, text in (kept | added).items() if each not in gone}
    backend.close()
    return kept


def slot(key: str) -> plan.Slot:
    return plan.Slot(key, ((key, 1.0),))


def sequence(*keys: str) -> plan.Sequence:
    return plan.Sequence(tuple(map(slot, keys)))


def term(key: str) -> Any:  # noqa: ANN401 - Whoosh has no types
    return query.Term("syllables", key)


def prefixed(prefix: str) -> plan.Node:
    return plan.Any(tuple(sequence(key) for key in KEYS if key.startswith(prefix)))


NODES: dict[str, tuple[Any, plan.Node]] = {
    "term": (term("chi"), sequence("chi")),
    "no such term": (term("phường"), sequence("phường")),
    "and": (
        query.And([term("chi"), term("bộ")]),
        plan.All((sequence("chi"), sequence("bộ"))),
    ),
    "or": (
        query.Or([term("bàn"), term("họp"), term("phường")]),
        plan.Any((sequence("bàn"), sequence("họp"))),
    ),
    "not": (query.Not(term("bộ")), plan.Not(sequence("bộ"))),
    "and not": (
        query.And([term("chi"), query.Not(term("bàn"))]),
        plan.All((sequence("chi"), plan.Not(sequence("bàn")))),
    ),
    "two in a row": (query.Phrase("syllables", ["chi", "bộ"]), sequence("chi", "bộ")),
    "three in a row": (
        query.Phrase("syllables", ["chi", "bộ", "họp"]),
        sequence("chi", "bộ", "họp"),
    ),
    "one twice": (query.Phrase("syllables", ["chi", "chi"]), sequence("chi", "chi")),
    "prefix": (query.Prefix("syllables", "b"), prefixed("b")),
    "prefix with a mark": (query.Prefix("syllables", "hộ"), prefixed("hộ")),
    "every": (query.Every(), plan.Everything()),
}
PARSED: dict[str, plan.Node] = {
    "chi bộ": plan.All((sequence("chi"), sequence("bộ"))),
    "họp OR (chi NOT bàn)": plan.Any(
        (sequence("họp"), plan.All((sequence("chi"), plan.Not(sequence("bàn")))))
    ),
    '"chi bộ" h*': plan.All((sequence("chi", "bộ"), prefixed("h"))),
}
PARSER = qparser.QueryParser(
    "syllables", fields.Schema(syllables=fields.TEXT(analyzer=analysis.SimpleAnalyzer()))
)


def ours(searcher: Searcher, node: plan.Node, *keys: str) -> list[tuple[str, float]]:
    asked = plan.Query(node, plan.Evidence(terms=tuple(map(slot, keys)), syllables=len(keys)))
    found = searcher.search(Request(asked, Ranking(windows=()), limit=100))
    assert found.total == len(found.page)
    return [(match.id, match.score) for match in found.page]


@settings(max_examples=40)
@given(histories)
def test_a_plain_searcher_finds_the_same_documents(history: list[tuple[Texts, set[str]]]) -> None:
    with tempfile.TemporaryDirectory() as folder:
        kept = written(Path(folder), history)
        searcher = WhooshBackend(Path(folder)).searcher()
        index = whoosh.index.open_dir(folder, indexname="searchdb")
        with index.searcher() as plain:
            assert plain.doc_count() == len(kept)
            cases = [
                *NODES.values(),
                *((PARSER.parse(text), node) for text, node in PARSED.items()),
            ]
            for asked, node in cases:
                found = [hit["stored"]["id"] for hit in plain.search(asked, limit=None)]
                assert sorted(found) == sorted(name for name, _ in ours(searcher, node)), asked
            for each in "abcdefgh":
                hits = plain.search(query.Term("id", each))
                assert [hit["stored"]["id"] for hit in hits] == [each] * (each in kept)
        index.close()
        searcher.close()


class Formula(scoring.WeightingModel):  # type: ignore[misc] # Whoosh has no types
    """Our formula over frequencies as Whoosh has them, with true lengths and live documents."""

    def __init__(self, kept: dict[str, Counter[str]]) -> None:
        self.kept = kept

    def scorer(self, searcher: Any, fieldname: str, text: bytes, qf: int = 1) -> Any:  # noqa: ANN401, ARG002
        return Scorer(self.kept, searcher, text.decode())


class Scorer(scoring.BaseScorer):  # type: ignore[misc] # as above
    def __init__(self, kept: dict[str, Counter[str]], searcher: Any, key: str) -> None:  # noqa: ANN401
        self._lengths = {each: counts.total() for each, counts in kept.items()}
        self._average = sum(self._lengths.values()) / max(1, len(kept))
        self._idf = idf(sum(key in counts for counts in kept.values()), len(kept))
        self._searcher = searcher

    def score(self, matcher: Any) -> float:  # noqa: ANN401
        length = self._lengths[self._searcher.stored_fields(matcher.id())["id"]]
        return float(bm25(self._idf, matcher.weight(), length, self._average, Ranking()))


def plain_index(folder: str, history: list[tuple[Texts, set[str]]]) -> Any:  # noqa: ANN401
    """The same commits by Whoosh alone, a title counting three times."""
    index = whoosh.index.create_in(
        folder, fields.Schema(id=fields.ID(unique=True, stored=True), syllables=fields.KEYWORD)
    )
    for added, gone in history:
        writer = index.writer()
        for document_id, (title, parts) in added.items():
            keys = " ".join([title] * 3 + parts)
            writer.update_document(id=document_id, syllables=keys)
        writer.commit(merge=len(added) > 2)
        writer = index.writer()
        for document_id in gone:
            writer.delete_by_term("id", document_id)
        writer.commit(merge=False)
    return index


@settings(max_examples=40)
@given(history=histories, keys=st.lists(st.sampled_from(KEYS), min_size=1, max_size=4, unique=True))
def test_scores_are_those_of_plain_whoosh_with_our_formula(
    history: list[tuple[Texts, set[str]]], keys: list[str]
) -> None:
    with tempfile.TemporaryDirectory() as one, tempfile.TemporaryDirectory() as two:
        kept = written(Path(one), history)
        counts = {
            each: Counter(" ".join([title] * 3 + parts).split())
            for each, (title, parts) in kept.items()
        }
        searcher = WhooshBackend(Path(one)).searcher()
        found = ours(searcher, plan.Any(tuple(map(sequence, keys))), *keys)
        index = plain_index(two, history)
        with index.searcher(weighting=Formula(counts)) as plain:
            hits = plain.search(query.Or(list(map(term, keys))), limit=None, optimize=False)
            scores = {hit["id"]: hit.score for hit in hits}
        index.close()
        searcher.close()
    assert dict(found) == pytest.approx(scores, abs=1e-9)
    expected = sorted(scores, key=lambda each: (-scores[each], each))
    for (name, _), other in zip(found, expected, strict=True):
        # Sums of other parts may part equals by their last bit.
        assert name == other or scores[name] == pytest.approx(scores[other], abs=1e-12)


# Whoosh's own writer

CHANGES: dict[str, Callable[[Any], object]] = {
    "nothing": lambda writer: writer.commit(),
    "no merge": lambda writer: writer.commit(merge=False),
    "optimize": lambda writer: writer.commit(optimize=True),
    "clear": lambda writer: writer.commit(mergetype=writing.CLEAR),
    "cancel": lambda writer: writer.cancel(),
    "add": lambda writer: (writer.add_document(syllables="chi"), writer.commit()),
    "add stored": lambda writer: (writer.add_document(stored={"id": "z"}), writer.commit()),
    "delete": lambda writer: (writer.delete_by_term("id", "a"), writer.commit()),
    "field": lambda writer: (writer.add_field("x", fields.ID()), writer.commit(merge=False)),
}


@pytest.mark.parametrize("change", CHANGES)
@pytest.mark.filterwarnings("ignore:unclosed file:ResourceWarning")
def test_a_plain_writer_is_refused_or_found_out(tmp_path: Path, change: str) -> None:
    folder = tmp_path / "index"
    kept = {"a": "Chi bộ họp.", "b": "Bàn việc.", "c": "Chi nhánh."}
    with searchdb.open(folder, create=True) as db:
        db.add([Document(id=each, text=kept[each]) for each in "ab"])
        db.add([Document(id="c", text=kept["c"])])
    before = Manifest.loads((folder / "manifest.json").read_bytes())
    writer = whoosh.index.open_dir(str(folder), indexname="searchdb").writer()
    refused = change == "cancel"
    try:
        CHANGES[change](writer)
    except (TypeError, AssertionError):
        refused = True
        writer.cancel()
    if refused:
        with searchdb.open(folder) as db:
            assert db.check() == []
            assert db.search("chi").total == 2
        return
    with searchdb.open(folder) as db:
        with pytest.raises(errors.IndexCorruptError, match="searchdb rebuild") as caught:
            db.search("chi")
        assert "another program" in str(caught.value)
        with pytest.raises(errors.IndexCorruptError, match="searchdb rebuild"):
            db.add([Document(id="z", text="thêm")])
    if change == "clear":  # no file is left
        with pytest.raises(errors.StorageError, match="3 documents"):
            searchdb.rebuild(folder)
        return
    searchdb.rebuild(folder)
    with searchdb.open(folder) as db:
        assert {each: found.text for each in db.ids() if (found := db.document(each))} == kept
        assert db._snapshot().generation > before.generation
