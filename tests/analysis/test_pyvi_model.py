"""The model's data, the tables made of them, and the decision against a plain twin."""

from __future__ import annotations

import math
import pickle
import random
from collections.abc import Sequence
from dataclasses import replace
from functools import cache
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from searchdb.analysis.segmenters import crf, decide, files, tables
from searchdb.analysis.segmenters.pyvi import PyviSegmenter, _Model, _model

TEXTS = [
    "Hồ Chí Minh là thành phố đông dân nhất Việt Nam.",
    "Xã hội chủ nghĩa, công nghiệp hóa và hiện đại hoá nông thôn",
    "ai ai cũng vui vui vẻ vẻ 12 3a , . \n HÀ NỘI Hà nội\nhà\n",
    "chủ nhật",
    "x",
    "",
    "\n",
]


@cache
def shipped() -> files.Files:
    found = files.read(files.find())
    assert found is not None
    return found


@cache
def weights() -> crf.Weights:
    return crf.read(shipped().model)


@cache
def built() -> tables.Tables:
    return tables.build(weights(), shipped().words)


@cache
def ngrams() -> frozenset[str]:
    return frozenset(shipped().words.split("\n"))


def test_the_data_are_where_pyvi_is_installed() -> None:
    folder = files.find()
    assert folder is not None
    assert (folder / "words.txt").exists()
    assert len(weights().states) == 6335
    assert weights().moves[0][1] == pytest.approx(1.91871, abs=1e-5)
    assert weights().moves[1][0] == pytest.approx(-2.96956, abs=1e-5)


def test_data_that_are_missing_or_other_are_refused(tmp_path: Path) -> None:
    assert files.read(None) is None
    assert files.read(tmp_path) is None
    known = files.find()
    assert known is not None
    (tmp_path / "pyvi3.pkl").write_bytes((known / "pyvi3.pkl").read_bytes())
    (tmp_path / "words.txt").write_bytes((known / "words.txt").read_bytes() + b"\n")
    assert files.read(tmp_path) is None


class _Hostile:
    def __reduce__(self) -> tuple[object, tuple[str]]:
        return Path.home, ("x",)


@pytest.mark.parametrize("content", [_Hostile(), {"modelfile": 1}, [1, 2]])
def test_a_pickle_that_is_no_model_is_refused(content: object) -> None:
    with pytest.raises(pickle.UnpicklingError):
        files.model_bytes(pickle.dumps(content))


@pytest.mark.parametrize("length", [0, 3, 47, 48, 5000, 230_600, 540_000])
def test_a_model_that_is_cut_short_is_refused(length: int) -> None:
    with pytest.raises(ValueError, match="no model file"):
        crf.read(shipped().model[:length])


def test_a_model_of_other_labels_is_refused() -> None:
    with pytest.raises(ValueError, match="B_W and I_W"):
        crf.read(shipped().model.replace(b"I_W\0", b"X_W\0"))


def test_the_tables_know_every_bigram_and_no_other() -> None:
    made = built()
    entries = [line.split(" ") for line in ngrams()]
    pairs = {(a, b) for a, b in (entry for entry in entries if len(entry) == 2)}
    assert len(pairs) == 22705
    rng = random.Random(7)  # noqa: S311 - a fixed choice, no secret
    some = rng.sample(sorted(made.spellings), 400)
    for one, two in [*rng.sample(sorted(pairs), 500), *zip(some[::2], some[1::2], strict=True)]:
        cell = int(made.left[made.spellings[one]] + made.right[made.spellings[two]])
        assert bool(made.pairs[cell >> 3] >> (cell & 7) & 1) == ((one, two) in pairs)


def test_the_tables_know_every_trigram() -> None:
    made = built()
    entries = [line.split(" ") for line in ngrams() if line.count(" ") == 2]
    assert len(entries) == made.triples.size == 1907
    columns = np.array([[made.spellings[part] for part in entry] for entry in entries]).T
    one, two, three = columns
    assert set(made.triple(one, two, three).tolist()) == set(made.triples.tolist())
    assert (made.places[one] & 4).all()
    assert (made.places[two] & 2).all()
    assert (made.places[three] & 1).all()


def test_the_edge_and_the_unknown_take_part_in_nothing() -> None:
    made = built()
    row = tables.EDGE >> tables.VETO_BITS
    assert not made.scores[:, row].any()
    for spelling in (tables.UNKNOWN, tables.EDGE >> tables.SHAPES):
        assert made.left[spelling] == made.right[spelling] == made.places[spelling] == 0


@pytest.mark.parametrize(
    ("token", "bits"),
    [
        ("nhà", 0),
        ("Nhà", tables.NAME),
        ("NHÀ", tables.CAPITAL | 4),
        ("X", tables.NAME | 4),
        ("12", tables.BLOCKED | 16),
        ("²a", tables.BLOCKED),
        (",", tables.BLOCKED),
        ("_", tables.BLOCKED),
        ("__", 0),
        ("...", 0),
        ("->", 0),
        ("nHÀ", 0),
        ("\n", 0),
    ],
)
def test_a_code_tells_what_pyvi_asks(token: str, bits: int) -> None:
    known = built().spellings
    code = tables.code(token, known)
    assert code & (1 << tables.SHAPES) - 1 == bits
    assert code >> tables.SHAPES == known.get(token.lower(), tables.UNKNOWN)


def codes_of(texts: Sequence[Sequence[str]]) -> np.ndarray[tuple[int], np.dtype[np.int64]]:
    known = built().spellings
    codes = [tables.EDGE]
    for tokens in texts:
        codes += [*(tables.code(token, known) for token in tokens), tables.EDGE]
    return np.array(codes)


WORDS = st.one_of(
    st.sampled_from("xã hội chủ nghĩa Hồ Chí Minh đại học Đại Học sinh viên nhà nước".split()),  # noqa: SIM905 - words read better so
    st.sampled_from("NHÀ NƯỚC và của có một các đất quốc tế công nghiệp hoá A. Tp.".split()),  # noqa: SIM905 - words read better so
    st.sampled_from(["1", "22", "3a", ",", ".", "...", "_", "\n", "http://x.vn", "a@b.cd"]),
)


@settings(max_examples=120, deadline=None)
@given(st.lists(st.lists(WORDS, max_size=12), min_size=1, max_size=4))
def test_the_decision_is_crfsuites(texts: list[list[str]]) -> None:
    codes = codes_of(texts)
    inside, doubts = decide._inside(built(), codes, 1e-9)
    wanted: list[bool] = []
    for tokens in texts:
        labels = crf.labels(shipped().model, tokens, ngrams()) if tokens else []
        wanted += [False, *labels]
    assert doubts == []
    assert inside.tolist() == [*wanted, False]


def plain(weights: Sequence[float], moves: Sequence[Sequence[float]]) -> list[bool]:
    """Viterbi's algorithm with I_W - B_W as the weight of I_W, ties to B_W."""
    scores, back = [0.0, weights[0]], []
    for weight in weights[1:]:
        best = [int(scores[1] + moves[1][label] > scores[0] + moves[0][label]) for label in (0, 1)]
        back.append(best)
        scores = [
            scores[best[label]] + moves[best[label]][label] + weight * label for label in (0, 1)
        ]
    label = int(scores[1] > scores[0])
    path = [label]
    for best in reversed(back):
        label = best[label]
        path.append(label)
    return [bool(label) for label in reversed(path)]


@settings(max_examples=200, deadline=None)
@given(st.lists(st.lists(st.floats(-1.5, 3), min_size=1, max_size=30), min_size=1, max_size=3))
def test_the_decision_is_viterbis(texts: list[list[float]]) -> None:
    """Weights near the slope, where each label hangs on its neighbors'."""
    flat = [0.0]
    for text in texts:
        flat += [*text, 0.0]
    codes = np.zeros(len(flat), dtype=np.int64)
    codes[np.cumsum([0, *(len(text) + 1 for text in texts)])] = tables.EDGE
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(decide, "_weights", lambda *_: np.array(flat))
        inside, doubts = decide._inside(built(), codes, 1e-9)
    wanted = [label for text in texts for label in (False, *plain(text, weights().moves))]
    differing = [place for place, label in enumerate([*wanted, False]) if inside[place] != label]
    # A doubt about one label may turn those before it.
    assert not differing or doubts


def test_a_long_text_is_doubted_sooner_than_a_short_one() -> None:
    made = built()
    gap = 1e-8

    def doubts(length: int) -> list[int]:
        codes = np.full(length, tables.code("x", made.spellings))
        codes[[0, -1]] = tables.EDGE
        flat = np.full(codes.size, -5.0)
        (bb, bi), (ib, _) = made.moves
        flat[-3] = bb - ib - (bi - bb) + gap
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(decide, "_weights", lambda *_: flat)
            return decide._inside(made, codes, 1e-9)[1]

    assert doubts(10) == []
    assert len(doubts(1_000_000)) == 1


def doubting() -> _Model:
    model = _model()
    assert model is not None
    return replace(model, margin=math.inf)


@pytest.mark.parametrize("texts", [[text] for text in TEXTS] + [TEXTS, [" ".join(TEXTS)]])
def test_where_the_margin_is_slim_crfsuite_itself_decides(texts: list[str]) -> None:
    assert doubting().segment(texts) == PyviSegmenter().segment_all(texts)


def test_a_string_in_doubt_is_decided_by_crfsuite_too() -> None:
    model = _model()
    assert model is not None
    for text in TEXTS:
        assert doubting().tokenize(text) == model.tokenize(text)


def test_only_the_text_in_doubt_is_asked(monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[str] = []
    original = _Model.labels

    def labels(model: _Model, text: str) -> list[bool]:
        asked.append(text)
        return original(model, text)

    monkeypatch.setattr(_Model, "labels", labels)
    monkeypatch.setattr(decide, "_follow", lambda *_, **__: [2, 3, len(TEXTS[0].split()) + 4])
    found = PyviSegmenter().segment_all(TEXTS)
    assert asked == TEXTS[:2]
    monkeypatch.undo()
    assert found[:2] == PyviSegmenter().segment_all(TEXTS[:2])


def test_halves_of_characters_do_not_stop_crfsuite() -> None:
    assert doubting().segment(["nhà\ud83d trường http://\udc00"]) == [
        [(0, 3), (3, 4), (5, 11), (12, 20)]
    ]
