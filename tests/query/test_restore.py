"""Forward-backward against the sum over every path, and what is remembered of a snapshot."""

from __future__ import annotations

import gc
import math
import weakref
from itertools import pairwise, product

import pytest

import searchdb
from searchdb import Document, SearchDB
from searchdb.query import language
from searchdb.query.language import Language, language_of
from searchdb.query.restore import posteriors

TEXTS = (
    "Bà con đường làng gặt lúa, đường đê mới đắp.",
    "Cây dương ven đường, lúa mùa, lụa là, mua lúa giống.",
    "Đương mùa gặt, mưa dầm ướt lúa; bà mua lụa.",
)


def opened() -> SearchDB:
    db = searchdb.open(None)
    db.add(Document(id=str(number), text=text) for number, text in enumerate(TEXTS))
    return db


def by_every_path(candidates: list[tuple[str, ...]], known: Language) -> list[list[float]]:
    """The same by definition: the probability of each path, added up place by place."""
    chances = [[0.0] * len(forms) for forms in candidates]
    for path in product(*(range(len(forms)) for forms in candidates)):
        chance = float(known.prior(candidates[0])[path[0]])
        for place, (one, two) in enumerate(pairwise(path)):
            step = known.step(candidates[place], candidates[place + 1])
            prior = known.prior(candidates[place + 1])
            chance *= float(prior[two] if step is None else step[one, two])
        for place, form in enumerate(path):
            chances[place][form] += chance
    return [[each / math.fsum(row) for each in row] for row in chances]


@pytest.mark.parametrize(
    "query",
    [
        "lua",
        "duong lua",
        "mua lua giong",
        "duong lang gat lua",
        "dương lua",
        "mua lụa la",
        "la zz mua",
        "lua lua lua lua mua mua mua lua lua lua lua",
    ],
)
def test_the_posterior_is_that_of_all_paths(query: str) -> None:
    with opened() as db:
        known = language_of(db._snapshot().lexicon)
        syllables = db._analyzer.syllables(query)
        candidates = [
            (known.forms(folded) if key == folded else (key,)) or (key,)
            for key, folded in zip(syllables.keys, syllables.folded, strict=True)
        ]
        found = [each.chances for each in posteriors(candidates, known)]
        for mine, expected in zip(found, by_every_path(candidates, known), strict=True):
            assert mine == pytest.approx(expected)


def test_neighbors_that_were_never_seen_say_so() -> None:
    with opened() as db:
        known = language_of(db._snapshot().lexicon)
        seen = posteriors([known.forms("mua"), known.forms("lua")], known)
        strange = posteriors([("ginzburg",), known.forms("lua")], known)
        assert all(each.seen for each in seen)
        assert not strange[1].seen
        assert posteriors([], known) == []


def test_what_is_remembered_goes_with_the_snapshot() -> None:
    with opened() as db:
        assert language_of(db._snapshot().lexicon) is language_of(db._snapshot().lexicon)
        known = weakref.ref(language_of(db._snapshot().lexicon))
        db.add([Document(id="mới", text="Một văn bản nữa.")])
        gc.collect()
        assert known() is None
        assert db.search("lua").total == 3


def test_what_is_remembered_is_bounded(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(language, "_REMEMBERED", 4)
    with opened() as db:
        known = language_of(db._snapshot().lexicon)
        for number in range(50):
            known.surface(f"x{number}")
        assert len(known._surfaces) <= 4


def test_a_form_never_seen_there_keeps_a_fifth_of_its_own_frequency() -> None:
    with searchdb.open(None) as db:
        texts = ["tấm lụa"] * 40 + ["cây lúa"] * 60
        db.add(Document(id=str(place), text=text, title="") for place, text in enumerate(texts))
        _, found = posteriors([("tấm",), ("lúa", "lụa")], language_of(db._snapshot().lexicon))
        seen = 0.8 * (40 + 5 * 0.2) / (40 + 5) + 0.2 * 0.2
        unseen = 0.8 * (5 * 0.3) / (40 + 5) + 0.2 * 0.3
        never, often = found.chances
        assert never / often == pytest.approx(unseen / seen, rel=1e-3)
