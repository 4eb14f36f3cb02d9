"""Loading, remembering, threads, forks, and data that are not known."""

from __future__ import annotations

import multiprocessing
import subprocess
import sys
import warnings
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor, ThreadPoolExecutor
from pathlib import Path

import pytest

from searchdb.analysis.segmenters import files, memory, pyvi
from searchdb.analysis.segmenters.pyvi import PyviSegmenter, tokenize

TEXTS = [
    f"Ngày {day} tháng {month}, hội đồng nhân dân xã Tân Phú {day * month} họp bàn chuyện nước sạch"
    f" cho {month}xóm-{day}, liên hệ x{day}@nuoc{month}.vn.\nBà con rất vui mừng!"
    for day in range(1, 28)
    for month in range(1, 13)
]


def test_the_name_says_whose_words_these_are() -> None:
    assert PyviSegmenter().name == "pyvi 0.1.1"


def test_neither_pyvi_nor_scikit_learn_is_imported() -> None:
    code = (
        "import sys; from searchdb.analysis.segmenters.pyvi import PyviSegmenter as P, tokenize;"
        "assert 'numpy' not in sys.modules; P().name; assert 'numpy' not in sys.modules;"
        "assert tokenize('nhà trường') == 'nhà_trường';"
        "assert not {'pyvi', 'sklearn', 'pycrfsuite', 'sklearn_crfsuite'} & set(sys.modules)"
    )
    subprocess.run([sys.executable, "-c", code], check=True)  # noqa: S603 - our own code


def test_threads_get_the_words_of_one() -> None:
    segmenter = PyviSegmenter()
    alone = segmenter.segment_all(TEXTS)
    with ThreadPoolExecutor(8) as pool:
        for _ in range(3):
            assert list(pool.map(segmenter.segment, TEXTS)) == alone
        assert list(pool.map(tokenize, TEXTS)) == [tokenize(text) for text in TEXTS]


def test_a_child_process_gets_the_words_of_its_parent() -> None:
    segmenter = PyviSegmenter()
    alone = segmenter.segment_all(TEXTS[:20])
    method = "fork" if "fork" in multiprocessing.get_all_start_methods() else "spawn"
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # newer Pythons warn of threads where a process forks
        with ProcessPoolExecutor(1, multiprocessing.get_context(method)) as pool:
            assert pool.submit(segmenter.segment_all, TEXTS[:20]).result() == alone
    assert segmenter.segment_all(TEXTS[:20]) == alone


def test_the_order_of_texts_changes_nothing() -> None:
    one = PyviSegmenter().segment_all(TEXTS)
    other = PyviSegmenter().segment_all(TEXTS[::-1])
    assert one == other[::-1]


def test_what_is_remembered_is_bounded(monkeypatch: pytest.MonkeyPatch) -> None:
    alone = PyviSegmenter().segment_all(TEXTS)
    monkeypatch.setattr(memory, "_LIMIT", 15_000)
    model = pyvi._model()
    assert model is not None
    small = memory.Memory(model.seeds)
    sizes = set()
    for text, wanted in zip(TEXTS, alone, strict=True):
        read = small.read([text])
        sizes.add(len(small))
        assert read.starts[1] == 1
        assert PyviSegmenter().segment(text) == wanted
    assert max(sizes) < 15_000
    long = small.read(["a." * 20_000])
    assert long.codes.size == 40_002
    assert len(small) == 0


def test_long_stretches_are_not_remembered() -> None:
    model = pyvi._model()
    assert model is not None
    known = memory.Memory(model.seeds)
    known.read(["x" * 64, "y" * 65, "z" * 9])
    assert set(known) == {"x" * 64, "z" * 9}


def test_the_seeds_are_what_would_be_found_without_them() -> None:
    model = pyvi._model()
    assert model is not None
    words = [*model.seeds.known]
    unseeded = memory.Memory(memory.seeds({}))
    bare = memory.Seeds(model.tables.spellings, {}, unseeded._seeds.tokens, unseeded._seeds.short)
    one = memory.Memory(model.seeds).read([" ".join(words)])
    other = memory.Memory(bare).read([" ".join(words)])
    assert len(words) > 12_000
    assert one.codes.tolist()[1:-1] == other.codes.tolist()[1:-1]
    assert one.ends.tolist() == other.ends.tolist()


@pytest.fixture
def other_data(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Pyvi ships words that are not the known ones."""
    (tmp_path / "pyvi3.pkl").write_bytes(b"x")
    (tmp_path / "words.txt").write_bytes(b"y")
    monkeypatch.setattr(files, "find", lambda: tmp_path)
    caches = (pyvi._recognized, pyvi._files, pyvi._model)
    for cached in caches:
        cached.cache_clear()
    yield
    for cached in caches:
        cached.cache_clear()


@pytest.mark.usefixtures("other_data")
def test_with_other_data_pyvis_own_code_is_called_and_named() -> None:
    assert PyviSegmenter().name.endswith(" (its own code)")
    assert tokenize("Hội đồng nhân dân xã") == "Hội_đồng nhân_dân xã"
    assert tokenize("nhà\ud83d trường").startswith("nhà ")


def test_pyvis_own_code_gives_the_same_spans(request: pytest.FixtureRequest) -> None:
    texts = [
        *TEXTS[:5],
        "nhà  trường\n\nxã_hội _ a_b\nhội đồng.",
        "_a __ b_ _c_ nhà _trường _\n_ _",
        "nước e\u0323\u0302m đe\u0323p",
        "",
        " \n ",
        "nhà\ud83d trường",
    ]
    fast = PyviSegmenter().segment_all(texts)
    request.getfixturevalue("other_data")
    assert PyviSegmenter().segment_all(texts) == fast


@pytest.mark.usefixtures("other_data")
def test_pyvis_own_code_is_kept_from_long_stretches() -> None:
    text = "nhà trường " + "a." * 5_000 + " " + "hội đồng nhân dân " * 500
    spans = PyviSegmenter().segment(text)
    assert spans[0] == (0, 10)
    assert text[spans[-1][0] : spans[-1][1]] == "nhân dân"
    assert len(spans) == 1 + 5_000 + 1_000
