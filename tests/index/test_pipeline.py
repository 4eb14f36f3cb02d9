"""DOCUMENTS -> ANALYZED DOCUMENTS: the same whatever the number of processes."""

from __future__ import annotations

import pickle
import subprocess
import sys
from concurrent.futures import Future
from typing import TYPE_CHECKING

import numpy as np
import pytest

import searchdb
from searchdb import Document, passages
from searchdb.analysis import Analyzer
from searchdb.analysis.segmenters.pyvi import PyviSegmenter
from searchdb.analysis.vocabulary import Vocabulary
from searchdb.backends.whoosh.records import Packer
from searchdb.index import pipeline
from searchdb.index.backend import AnalyzedDocument, FileState
from searchdb.index.document import analyzed
from searchdb.index.pipeline import prepared
from searchdb.readers.legacy import in_unicode

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

ANALYZER = Analyzer(PyviSegmenter())
TEXTS = [
    "Sinh hoạt chi bộ định kỳ hằng tháng ở phường Hòa Bình.\n\nĐảng ủy phường chỉ đạo.",
    "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM\nĐộc lập - Tự do - Hạnh phúc\nSố: 03-CT/TW",
    "sinh hoat chi bo hang thang 2015",
    "Céng hoµ x· héi chñ nghÜa ViÖt Nam, ®éc lËp tù do h¹nh phóc, nh©n d©n lµm chñ ®Êt n­íc",
    "",
    "Học sinh học tập sinh học. " * 40,
    "Thơ\ud800 ca \u200bvà vie\u0323\u0302t",
]


def documents(count: int = 40) -> list[Document]:
    return [
        Document(
            id=f"d{number}",
            text=f"{TEXTS[number % len(TEXTS)]} {number % 9}",
            title=None if number % 3 else f"Bài {number % 5}",
            meta={"number": number},
        )
        for number in range(count)
    ]


@pytest.fixture(autouse=True)
def small(monkeypatch: pytest.MonkeyPatch) -> None:
    """Batches of a few documents, so that a few dozen are enough for other processes."""
    monkeypatch.setattr(pipeline, "_BATCH", 2000)


@pytest.fixture
def patient(monkeypatch: pytest.MonkeyPatch) -> None:
    """This process does nothing that another may still do."""
    monkeypatch.setattr(Future, "cancel", lambda _: False)


def rows(document: AnalyzedDocument) -> list[object]:
    parts = (document.title, *document.passages)
    return [
        (
            document.keys(each),
            document.folded(each),
            document.surfaces(each),
            each.word_starts.tolist(),
            each.furniture,
        )
        for each in parts
    ]


def test_a_document_is_what_it_is_alone() -> None:
    file = FileState("a.txt", 1, 2, "3")
    given = [(document, file) for document in documents()]
    found = list(prepared(given, ANALYZER, workers=1))
    assert len(found) == len(given)
    for each, (document, _) in zip(found, given, strict=True):
        expected = analyzed(passages.split(in_unicode(document)), ANALYZER, file)
        assert (each.stored, each.file) == (expected.stored, expected.file)
        assert rows(each) == rows(expected)


@pytest.mark.usefixtures("patient")
def test_other_processes_make_the_very_same_arrays() -> None:
    given = [(document, FileState(document.id, 1, 2, "3")) for document in documents()]
    one = list(prepared(given, ANALYZER, workers=1))
    two = list(prepared(given, ANALYZER, workers=2))
    assert len(one) == len(two) == len(given)
    for here, there in zip(one, two, strict=True):
        assert (here.stored, here.file) == (there.stored, there.file)
        assert here.vocabulary.keys == there.vocabulary.keys
        assert here.vocabulary.folded == there.vocabulary.folded
        assert here.vocabulary.surfaces == there.vocabulary.surfaces
        for a, b in zip((here.title, *here.passages), (there.title, *there.passages), strict=True):
            assert np.array_equal(a.tokens, b.tokens)
            assert np.array_equal(a.word_starts, b.word_starts)
            assert (a.tokens.dtype, a.furniture) == (b.tokens.dtype, b.furniture)


@pytest.mark.usefixtures("patient")
def test_other_processes_pack_documents_as_soon_as_somebody_knows_how() -> None:
    given = [(each, None) for each in documents()]
    found = list(prepared(given, ANALYZER, workers=2, packer=lambda: Packer(b"")))
    packed = [each.packed for each in found]
    assert packed[0] is None
    assert packed[-1] == Packer(b"")(found[-1].stored)


def test_documents_of_a_batch_share_a_vocabulary() -> None:
    found = list(prepared([(each, None) for each in documents()], ANALYZER, workers=1))
    shared = {id(each.vocabulary) for each in found}
    assert 1 < len(shared) < len(found)


def test_a_little_text_starts_no_process(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: object, **__: object) -> None:
        pytest.fail("a process was started")

    monkeypatch.setattr(pipeline, "_BATCH", 1 << 20)
    monkeypatch.setattr(subprocess, "Popen", refuse)
    given = [(document, None) for document in documents()]
    assert len(list(prepared(given, ANALYZER, workers=8))) == len(given)
    assert list(prepared([], ANALYZER)) == []


@pytest.mark.usefixtures("patient")
def test_an_index_answers_alike_whoever_made_it(tmp_path: Path) -> None:
    answers = []
    for workers in (1, 2):
        with searchdb.open(tmp_path / str(workers), create=True, workers=workers) as db:
            report = db.add([*documents(), *documents(3)])
            assert (report.added, report.duplicates) == (40, 3)
            hits = [
                (hit.id, hit.passage, hit.score, hit.snippet)
                for query in ("sinh hoạt chi bộ", "hoa binh", "cộng hòa", "hoc sinh")
                for hit in db.search(query, limit=50).hits
            ]
            sizes = db.stats()
            counts = [sizes[name] for name in ("documents", "passages", "syllables")]
            answers.append((hits, counts, db.suggest("sinh")))
    assert answers[0] == answers[1]


@pytest.mark.parametrize("error", [RuntimeError, KeyboardInterrupt])
def test_an_error_of_the_documents_discards_all_of_them(error: type[BaseException]) -> None:
    def broken() -> Iterator[Document]:
        yield from documents()
        raise error

    with searchdb.open(None, workers=2) as db:
        db.add([Document(id="before", text="chi bộ")])
        with pytest.raises(error):
            db.add(broken())
        assert list(db.ids()) == ["before"]


@pytest.mark.parametrize("workers", [0, -1, 2.0, "2", True])
def test_a_number_of_processes_that_cannot_be_is_refused(workers: object) -> None:
    with pytest.raises(ValueError, match="whole number"):
        searchdb.open(None, workers=workers)  # type: ignore[arg-type]


def test_a_script_without_a_guard_and_with_threads_can_use_processes(tmp_path: Path) -> None:
    script = tmp_path / "script.py"
    script.write_text(
        "import threading\n"
        "import searchdb\n"
        "from searchdb.index import pipeline\n"
        "pipeline._BATCH = 500\n"
        "documents = [searchdb.Document(id=str(n), text=f'chi bộ {n} ' * 20) for n in range(60)]\n"
        "def fill():\n"
        "    with searchdb.open(None, workers=2) as db:\n"
        "        print(db.add(documents).added, len(db.search('chi bo').hits))\n"
        "thread = threading.Thread(target=fill)\n"
        "thread.start()\n"
        "thread.join()\n"
    )
    done = subprocess.run(  # noqa: S603 - this very Python
        [sys.executable, script], capture_output=True, text=True, timeout=120, check=True
    )
    assert (done.stdout, done.stderr) == ("60 10\n", "")


def test_a_vocabulary_is_the_same_after_its_journey() -> None:
    words = Vocabulary()
    words.place("hoà", "hoa", "hòa")
    copy = pickle.loads(pickle.dumps(words))  # noqa: S301 - our own
    assert (copy.keys, copy.folded, copy.surfaces) == (["hoà"], ["hoa"], ["hòa"])
    assert copy.place("hoà", "hoa", "hòa") == 0
    assert copy.place("hoà", "hoa", "hoà") == 1
