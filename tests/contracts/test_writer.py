"""The law of every Writer: leaving the block commits all of it, an exception none of it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from searchdb.index.backend import FileState
from searchdb.index.manifest import Manifest

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from searchdb.index.backend import AnalyzedDocument, Backend, Searcher, Writer

    Doc = Callable[..., AnalyzedDocument]
    Writing = Callable[[], Writer]


def texts(searcher: Searcher) -> dict[str, str]:
    refs = {each: searcher.find(each) for each in searcher.ids()}
    return {each: searcher.document(ref).text for each, ref in refs.items() if ref is not None}


def interrupt(writer: Writer, documents: Iterable[AnalyzedDocument], error: BaseException) -> None:
    """Begin a change, add these, remove one of them, and break off."""
    with writer as change:
        for document in documents:
            change.add(document)
        change.remove("a")
        raise error


def test_before_the_first_commit_there_is_an_empty_index(backend: Backend) -> None:
    searcher = backend.searcher()
    assert backend.manifest() is None
    assert searcher.generation == 0
    assert list(searcher.ids()) == []
    assert list(searcher.files()) == []
    assert searcher.find("a") is None
    assert searcher.stats()["documents"] == 0


def test_what_was_added_is_there_after_the_block(
    backend: Backend, writer: Writing, doc: Doc
) -> None:
    with writer() as change:
        change.add(doc("a", "chi bộ phường"))
        change.add(doc("b", "đảng bộ thị xã"))
        assert backend.manifest() is None
    assert texts(backend.searcher()) == {"a": "chi bộ phường", "b": "đảng bộ thị xã"}


def test_the_manifest_has_the_identity_and_the_counts(
    backend: Backend, writer: Writing, doc: Doc
) -> None:
    file = FileState("b.txt", mtime_ns=1, size=2, sha256="0")
    with writer() as change:
        change.add(doc("a", "chi bộ phường"))
        change.add(doc("b", "đảng bộ thị xã", file=file))
    manifest = backend.manifest()
    assert manifest is not None
    assert manifest.fingerprint == "contract"
    assert (manifest.documents, manifest.passages, manifest.from_files) == (2, 2, 1)
    assert manifest.generation == 1


def test_a_later_commit_replaces_by_id(backend: Backend, writer: Writing, doc: Doc) -> None:
    with writer() as change:
        change.add(doc("a", "bản cũ"))
        change.add(doc("b", "giữ nguyên"))
    with writer() as change:
        change.add(doc("a", "bản mới"))
    searcher = backend.searcher()
    assert texts(searcher) == {"a": "bản mới", "b": "giữ nguyên"}
    assert searcher.stats()["documents"] == 2
    assert searcher.lexicon.df("cũ") == 0


def test_of_one_id_twice_in_a_batch_the_last_stays(
    backend: Backend, writer: Writing, doc: Doc
) -> None:
    file = FileState("a.txt", mtime_ns=1, size=2, sha256="0")
    with writer() as change:
        change.add(doc("a", "bản một", file=file))
        change.add(doc("b", "xen giữa"))
        change.add(doc("a", "bản hai"))
        change.add(doc("a", "bản ba"))
    searcher = backend.searcher()
    manifest = backend.manifest()
    assert manifest is not None
    assert texts(searcher) == {"a": "bản ba", "b": "xen giữa"}
    assert (manifest.documents, manifest.passages, manifest.from_files) == (2, 2, 0)
    assert [searcher.lexicon.df(key) for key in ("một", "hai", "ba")] == [0, 0, 1]
    assert searcher.lexicon.totals.occurrences == 4


def test_remove_says_whether_there_was_one(backend: Backend, writer: Writing, doc: Doc) -> None:
    with writer() as change:
        change.add(doc("a", "chi bộ"))
        change.add(doc("b", "đảng bộ"))
    with writer() as change:
        assert change.remove("a")
        assert not change.remove("a")
        assert not change.remove("no such document")
    assert texts(backend.searcher()) == {"b": "đảng bộ"}


def test_what_a_batch_adds_it_can_remove_and_add_again(
    backend: Backend, writer: Writing, doc: Doc
) -> None:
    with writer() as change:
        change.add(doc("a", "một"))
        assert change.remove("a")
        assert not change.remove("a")
        change.add(doc("b", "hai"))
        assert change.remove("b")
        change.add(doc("b", "hai lần nữa"))
    assert texts(backend.searcher()) == {"b": "hai lần nữa"}


def test_a_document_of_the_index_removed_and_added_again_in_one_batch(
    backend: Backend, writer: Writing, doc: Doc
) -> None:
    with writer() as change:
        change.add(doc("a", "bản cũ"))
    with writer() as change:
        assert change.remove("a")
        change.add(doc("a", "bản mới"))
        assert change.remove("a")
        assert not change.remove("a")
        change.add(doc("a", "bản cuối"))
    assert texts(backend.searcher()) == {"a": "bản cuối"}


def test_an_exception_discards_everything(backend: Backend, writer: Writing, doc: Doc) -> None:
    with writer() as change:
        change.add(doc("a", "bản đầu"))
    before = backend.manifest()
    broken = [doc("a", "bản hỏng"), doc("b", "thêm nữa")]
    with pytest.raises(ZeroDivisionError):
        interrupt(writer(), broken, ZeroDivisionError())
    assert backend.manifest() == before
    assert texts(backend.searcher()) == {"a": "bản đầu"}
    with writer() as change:  # and the next writer is not kept waiting
        change.add(doc("c", "bản sau"))
    assert texts(backend.searcher()) == {"a": "bản đầu", "c": "bản sau"}


def test_an_exception_in_the_very_first_batch_leaves_no_index(
    backend: Backend, writer: Writing, doc: Doc
) -> None:
    with pytest.raises(KeyboardInterrupt):
        interrupt(writer(), [doc("a", "dở dang")], KeyboardInterrupt())
    assert backend.manifest() is None
    assert texts(backend.searcher()) == {}


def test_an_empty_commit_makes_an_index_and_then_changes_nothing(
    backend: Backend, writer: Writing, doc: Doc
) -> None:
    with writer():
        pass
    manifest = backend.manifest()
    assert manifest is not None
    assert manifest.documents == 0
    with writer() as change:
        change.add(doc("a", "chi bộ"))
    with writer():
        pass
    assert texts(backend.searcher()) == {"a": "chi bộ"}
    manifest = backend.manifest()
    assert manifest is not None
    assert manifest.generation == 3


def test_everything_can_be_removed_and_something_added_again(
    backend: Backend, writer: Writing, doc: Doc
) -> None:
    for _ in range(2):
        with writer() as change:
            change.add(doc("a", "chi bộ"))
        with writer() as change:
            assert change.remove("a")
        searcher = backend.searcher()
        assert texts(searcher) == {}
        assert searcher.lexicon.totals.documents == 0
        assert list(searcher.lexicon.forms("chi")) == []


def test_a_fresh_start_drops_what_was_there(backend: Backend, writer: Writing, doc: Doc) -> None:
    with writer() as change:
        change.add(doc("a", "bản cũ"))
    with backend.writer(Manifest(fingerprint="other"), start="nothing") as change:
        assert not change.remove("a")
        change.add(doc("b", "bản mới"))
    manifest = backend.manifest()
    assert manifest is not None
    assert manifest.fingerprint == "other"
    assert manifest.generation == 2
    assert texts(backend.searcher()) == {"b": "bản mới"}


def test_a_discarded_fresh_start_keeps_what_was_there(
    backend: Backend, writer: Writing, doc: Doc
) -> None:
    with writer() as change:
        change.add(doc("a", "bản cũ"))
    fresh = backend.writer(Manifest(fingerprint="other"), start="nothing")
    with pytest.raises(ZeroDivisionError):
        interrupt(fresh, [doc("b", "bản mới")], ZeroDivisionError())
    assert texts(backend.searcher()) == {"a": "bản cũ"}
    assert list(backend.check() if backend.manifest() else ()) == []


def test_many_commits_end_in_one_index(backend: Backend, writer: Writing, doc: Doc) -> None:
    for number in range(20):
        with writer() as change:
            change.add(doc(f"d{number % 13}", f"lượt {number}"))
    expected = {f"d{number % 13}": f"lượt {number}" for number in range(20)}
    assert texts(backend.searcher()) == expected
    assert list(backend.check()) == []


def test_removals_alone_may_fill_many_commits(backend: Backend, writer: Writing, doc: Doc) -> None:
    for number in range(10):
        with writer() as change:
            change.add(doc(f"d{number}", f"lượt {number}"))
    for number in range(9):
        with writer() as change:
            assert change.remove(f"d{number}")
    assert texts(backend.searcher()) == {"d9": "lượt 9"}


def test_everything_of_a_document_comes_back(backend: Backend, writer: Writing, doc: Doc) -> None:
    kept = doc(
        "thư mục/số 1#ü €.txt",
        "Đoạn một: chi bộ.",
        "Đoạn hai, dài hơn một chút. " * 60,
        "\n\tĐoạn ba\u0301.",
        title="Tiêu đề",
        date="2015-09-05",
        meta={"phường": "Phúc Lợi", "số": 12, "tỉ lệ": 0.5, "mật": False, "trống": None},
    )
    with writer() as change:
        change.add(kept)
    searcher = backend.searcher()
    ref = searcher.find(kept.stored.id)
    assert ref is not None
    assert searcher.document(ref) == kept.stored
    assert len(kept.stored.passages) == 3


@pytest.mark.parametrize(
    "text",
    [
        "",
        " \n\t ",
        "...",
        "\0\x07\x1f",
        "😀 👨‍👩‍👧",
        "\ufffd",
        "a" * 5000,
        "ក្រុង",
        "~ ~~ ~a",
        "a\u0301" * 300,
    ],
)
def test_no_text_is_too_strange_to_keep(
    backend: Backend, writer: Writing, doc: Doc, text: str
) -> None:
    with writer() as change:
        change.add(doc("a", text))
    assert texts(backend.searcher()) == {"a": text}
    with writer() as change:
        assert change.remove("a")
    assert backend.searcher().lexicon.totals.occurrences == 0
