"""An open index as its users hold it: from first commit to close, from several hands at once."""

from __future__ import annotations

import sys
from concurrent.futures import ThreadPoolExecutor
from threading import Event
from typing import TYPE_CHECKING, Any, Literal

import pytest

import searchdb
from searchdb import Document, errors
from searchdb.analysis.segmenters import pyvi
from searchdb.backends.whoosh import WhooshBackend, kernels
from searchdb.opening import open_index
from searchdb.ranking import Ranking

if TYPE_CHECKING:
    from pathlib import Path

    from searchdb import SearchDB
    from searchdb.index.backend import Searcher


def test_a_missing_index_is_not_made_by_looking(tmp_path: Path) -> None:
    with pytest.raises(errors.IndexNotFoundError, match="create=True"):
        searchdb.open(tmp_path / "nowhere")
    assert not (tmp_path / "nowhere").exists()


def test_an_index_exists_from_its_first_commit(tmp_path: Path) -> None:
    folder = tmp_path / "index"
    with searchdb.open(folder, create=True) as db:
        assert len(db) == 0
        assert db.search("chi bộ").hits == ()
    with pytest.raises(errors.IndexNotFoundError):
        searchdb.open(folder)
    with searchdb.open(folder, create=True) as db:
        db.add([])
    with searchdb.open(folder) as db:
        assert len(db) == 0


def test_a_closed_index_says_so(tmp_path: Path) -> None:
    for db in (searchdb.open(None), searchdb.open(tmp_path / "index", create=True)):
        db.add([Document(id="a", text="chi bộ")])
        db.close()
        db.close()
        uses: list[Any] = [
            lambda db=db: db.search("chi bộ"),
            lambda db=db: db.add([Document(id="b", text="x")]),
            lambda db=db: db.remove(["a"]),
            lambda db=db: db.sync([]),
            lambda db=db: db.document("a"),
            lambda db=db: db.suggest("c"),
            db.__len__,
            db.ids,
            db.stats,
            db.refresh,
        ]
        for use in uses:
            with pytest.raises(errors.StorageError, match="closed"):
                use()


def test_add_counts_and_takes_any_iterable() -> None:
    with searchdb.open(None) as db:
        report = db.add(Document(id=each, text=each) for each in "abca")
        assert (report.added, report.updated, report.duplicates) == (3, 0, 1)
        report = db.add((Document(id="a", text="x"), Document(id="d", text="y")))
        assert (report.added, report.updated, report.duplicates) == (1, 1, 0)
        assert db.remove({"a", "b", "no such id"}) == 2
        assert sorted(db.ids()) == ["c", "d"]


def test_one_text_is_no_list_of_texts() -> None:
    with searchdb.open(None) as db:
        with pytest.raises(TypeError, match=r"\['ab'\]"):
            db.remove("ab")
        with pytest.raises(TypeError, match=r"\['seeds'\]"):
            db.sync("seeds")


def test_no_title_and_an_empty_one_are_two_things() -> None:
    text = "Tin vắn trong tuần\n\nChi bộ họp vào sáng thứ hai, bàn việc đắp đê trước mùa mưa bão."
    with searchdb.open(None) as db:
        db.add([Document(id="looked for", text=text), Document(id="none", text=text, title="")])
        found = {each: db.document(each) for each in ("looked for", "none")}
        assert {each: stored.title for each, stored in found.items() if stored} == {
            "looked for": "Tin vắn trong tuần",
            "none": "",
        }


def test_another_handle_sees_a_commit_after_refresh(tmp_path: Path) -> None:
    with (
        searchdb.open(tmp_path / "index", create=True) as one,
        searchdb.open(tmp_path / "index", create=True) as two,
    ):
        assert len(two) == 0
        one.add([Document(id="a", text="chi bộ")])
        assert two.refresh()
        assert not two.refresh()
        one.add([Document(id="b", text="chi bộ")])
        assert len(two) == 1
        assert two.refresh()
        assert two.search("chi bộ").total == 2


def test_eight_threads_search_while_another_writes(tmp_path: Path) -> None:
    done = Event()

    def read(db: SearchDB) -> int:
        searches = 0
        while not done.is_set() or not searches:
            result = db.search("sinh hoat chi bo")
            assert result.total == len(result.hits) > 0
            assert all("chi bộ" in hit.snippet.text for hit in result.hits)
            searches += 1
        return searches

    with searchdb.open(tmp_path / "index", create=True) as db:
        db.add([Document(id="0", text="Sinh hoạt chi bộ tháng 0.")])
        with ThreadPoolExecutor(8) as pool:
            readers = [pool.submit(read, db) for _ in range(8)]
            try:
                for number in range(1, 12):
                    db.add([Document(id=f"{number % 5}", text=f"Sinh hoạt chi bộ số {number}.")])
                    db.refresh()
            finally:
                done.set()
            assert all(reader.result() > 0 for reader in readers)
        assert len(db) == 5


def test_sixteen_threads_share_an_index_that_is_refreshed(tmp_path: Path) -> None:
    """Another handle commits and merges; each answer is that of one commit, never of two."""
    done, commits = Event(), 6

    def read(db: SearchDB, number: int) -> int:
        newest = 0
        while not done.is_set():
            if number % 4 == 0:
                db.refresh()
            result = db.search("chi bộ", limit=100)
            stamps = {hit.snippet.text.rpartition(" ")[2] for hit in result.hits}
            assert result.total == len(result.hits) == 6
            assert len(stamps) == 1
            (stamp,) = stamps
            newest = max(newest, int(stamp))
        return newest

    with searchdb.open(tmp_path / "index", create=True) as other:
        other.add([Document(id=f"{n}", text="Sinh hoạt chi bộ số 0") for n in range(6)])
        with (
            searchdb.open(tmp_path / "index") as db,
            ThreadPoolExecutor(16) as pool,
        ):
            readers = [pool.submit(read, db, number) for number in range(16)]
            try:
                for commit in range(1, commits + 1):
                    other.add(
                        Document(id=f"{n}", text=f"Sinh hoạt chi bộ số {commit}") for n in range(6)
                    )
            finally:
                done.set()
            assert all(0 <= reader.result() <= commits for reader in readers)
            db.refresh()
            assert not db.refresh()
            assert db.search(f"số {commits}").total == 6


def test_a_snapshot_outlives_its_files(tmp_path: Path) -> None:
    folder = tmp_path / "index"
    with searchdb.open(folder, create=True) as db, searchdb.open(folder, create=True) as old:
        db.add([Document(id="a", text="Chi bộ họp."), Document(id="b", text="Bàn việc.")])
        before = {path.name for path in folder.glob("*.arrays")}
        assert len(old) == 2
        for number in range(12):
            db.add([Document(id="a", text=f"Chi bộ họp lần {number}.")])
            db.remove(["b"])
        assert before.isdisjoint(path.name for path in folder.glob("*.arrays"))
        assert old.search("bàn việc").hits[0].id == "b"
        assert old.suggest("ch")
        stored = old.document("a")
        assert stored is not None
        assert stored.text == "Chi bộ họp."
        assert old.refresh()
        assert old.document("b") is None


def test_a_commit_is_seen_though_another_thread_was_opening_the_one_before(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    opening, committed = Event(), Event()
    plain = WhooshBackend.searcher

    def slowly(backend: WhooshBackend) -> Searcher:
        searcher = plain(backend)
        if opening.is_set():
            return searcher
        opening.set()
        committed.wait(0.2)
        return searcher

    with searchdb.open(tmp_path / "index", create=True) as db, ThreadPoolExecutor(1) as pool:
        db.add([Document(id="a", text="Một.")])
        monkeypatch.setattr(WhooshBackend, "searcher", slowly)
        reader = pool.submit(len, db)
        opening.wait()
        db.add([Document(id="b", text="Hai.")])
        committed.set()
        assert reader.result() in {1, 2}
        assert len(db) == 2


def test_pyvi_itself_is_at_hand() -> None:
    assert pyvi.tokenize("Trường đại học Bách khoa") == "Trường đại_học Bách_khoa"


def test_an_index_may_rank_by_other_weights_than_the_tuned_ones() -> None:
    with open_index(None, ranking=Ranking(word_weight=0.0, windows=())) as db:
        db.add([Document(id="a", text="Bà con nông dân đi chợ."), Document(id="b", text="Ao cá.")])
        (hit,) = db.search("nông dân", explain=True).hits
    assert sum(part.score for part in hit.explanation) == pytest.approx(hit.score)
    assert {part.stream for part in hit.explanation if part.score} == {"syllable", "adjacency"}


def test_compiled_kernels_find_the_same(tmp_path: Path) -> None:
    with searchdb.open(tmp_path / "index", create=True) as db:
        db.add(Document(id=f"{n}", text=f"Sinh hoạt chi bộ số {n}, bàn việc đê") for n in range(9))
        plain = db.search("sinh hoat chi bo", explain=True)
    with searchdb.open(tmp_path / "index", kernels="numba") as db:
        assert db.search("sinh hoat chi bo", explain=True).hits == plain.hits
    with pytest.raises(ValueError, match="numba"):
        searchdb.open(tmp_path / "index", kernels="cuda")  # type: ignore[arg-type]


def test_compiled_kernels_that_are_not_installed_say_what_to_install(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    kernels.compiled.cache_clear()
    monkeypatch.setitem(sys.modules, "numba", None)
    monkeypatch.delitem(sys.modules, "searchdb.backends.whoosh.kernels.loops", raising=False)
    monkeypatch.delattr(kernels, "loops", raising=False)
    searchdb.open(tmp_path / "index", create=True).add([Document(id="a", text="Chi bộ")])
    with pytest.raises(errors.SearchDBError, match=r"searchdb\[speed\]"):
        searchdb.open(tmp_path / "index", kernels="numba")


@pytest.mark.parametrize("arithmetic", ["numpy", "numba"])
def test_more_documents_without_a_word_than_candidates_are_found(
    tmp_path: Path, arithmetic: Literal["numpy", "numba"]
) -> None:
    ids = [f"scan-{number}" for number in range(1, 6)]
    ranking = Ranking(candidates=2)
    with open_index(tmp_path / "index", create=True, kernels=arithmetic, ranking=ranking) as db:
        db.add([*(Document(id=each, text="") for each in ids), Document(id="a", text="chi bộ")])
        db.remove(["a"])
        result = db.search("-chi", limit=3)
        assert (result.total, [hit.id for hit in result.hits]) == (5, ids[:3])
        assert db.search("chi OR -bộ", limit=3).total == 5


@pytest.mark.parametrize("arithmetic", ["numpy", "numba"])
def test_what_is_only_counted_is_not_ranked(
    tmp_path: Path, arithmetic: Literal["numpy", "numba"]
) -> None:
    ranking = Ranking(windows=(), word_weight=0.0, candidates=0)
    with open_index(tmp_path / "index", create=True, kernels=arithmetic, ranking=ranking) as db:
        db.add(Document(id=str(number), text="chi bộ") for number in range(3))
        for group in ("document", "passage"):
            result = db.search("chi", limit=0, group=group, explain=True)
            assert (result.total, result.hits) == (3, ())
