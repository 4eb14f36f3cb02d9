"""What is marked is what the index has: the same keys, for documents with marks and without."""

from __future__ import annotations

import pytest

from searchdb.analysis import Analyzer
from searchdb.analysis.segmenters.syllable import SyllableSegmenter
from searchdb.index.document import analyzed, occurrences, title_occurrences, token_ends
from searchdb.model import Passage, StoredDocument

ANALYZER = Analyzer(SyllableSegmenter())
MARKED = ("Quy định số 7", "Chi bộ họp.\nQUY ĐỊNH 03-CT/TW, chi tiết")
UNMARKED = ("Quy dinh so 7", "Chi bo hop.\nQUY DINH 03-CT/TW, chi tiet")


def stored(title: str, text: str) -> StoredDocument:
    passages = (Passage(0, 11), Passage(12, len(text)))
    return StoredDocument("a", text, title, None, None, {}, passages)


@pytest.mark.parametrize(("title", "text"), [MARKED, UNMARKED])
def test_occurrences_have_the_keys_that_the_index_has(title: str, text: str) -> None:
    document = stored(title, text)
    kept = analyzed(document, ANALYZER)
    every = frozenset(kept.vocabulary.keys)
    found = title_occurrences(document, ANALYZER, every)
    assert [token.key for token in found] == kept.keys(kept.title)
    for passage, indexed in zip(document.passages, kept.passages, strict=True):
        found = occurrences(document, passage, ANALYZER, every)
        assert [token.key for token in found] == kept.keys(indexed)
        assert [text[token.start : token.end] for token in found] == [token.text for token in found]
        assert [token.end for token in found] == token_ends(document, passage, ANALYZER)


def test_a_key_of_unmarked_documents_stands_in_no_marked_one() -> None:
    keys = {"~chi", "~so", "~03", "bộ", "3"}
    marked, unmarked = stored(*MARKED), stored(*UNMARKED)
    assert [token.key for token in occurrences(marked, Passage(0, 99), ANALYZER, keys)] == [
        *("bộ", "3")
    ]
    assert [token.key for token in occurrences(unmarked, Passage(0, 99), ANALYZER, keys)] == [
        *("~chi", "3", "~chi")
    ]
    assert [token.key for token in title_occurrences(unmarked, ANALYZER, keys)] == ["~so"]


def test_of_a_very_long_title_the_beginning_is_looked_at() -> None:
    found = title_occurrences(stored("chi bộ " * 1000, ""), ANALYZER, {"bộ"})
    assert found[-1].end <= 2000
    assert len(found) == 285
