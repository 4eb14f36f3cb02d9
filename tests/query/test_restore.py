"""Forward-backward against the sum over every path, and what is remembered of a snapshot."""

from __future__ import annotations

import gc
import math
import weakref
from itertools import islice, pairwise, product
from typing import TYPE_CHECKING

import pytest

import searchdb
from searchdb import Document, SearchDB
from searchdb.query import language, plan
from searchdb.query.interpret import interpret
from searchdb.query.language import Language, language_of
from searchdb.query.parser import parse
from searchdb.query.restore import Posterior, as_typed, posteriors

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

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
        first = known.backoff if len(candidates) > 1 else known.prior
        chance = float(first(candidates[0])[path[0]])
        for place, (one, two) in enumerate(pairwise(path)):
            step = known.step(candidates[place], candidates[place + 1])
            backoff = known.backoff(candidates[place + 1])
            chance *= float(backoff[two] if step is None else step[one, two])
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


def opened_with(*texts: str) -> SearchDB:
    db = searchdb.open(None)
    db.add(Document(id=str(place), text=text, title="") for place, text in enumerate(texts))
    return db


def test_a_step_is_discounted_and_leaves_room_for_what_was_never_seen_there() -> None:
    with opened_with(*["tấm lụa"] * 40, *["cây lúa"] * 60) as db:
        known = language_of(db._snapshot().lexicon)
        assert known.backoff(("lúa", "lụa")) == pytest.approx(
            [60 / 200 * (alone("lúa", db) + 0.1), 40 / 200 * (alone("lụa", db) + 0.1)], rel=1e-3
        )
        step = known.step(("tấm",), ("lúa", "lụa"))
        assert step is not None
        room = 41**-0.25 * known.backoff(("lúa", "lụa"))
        assert step[0] == pytest.approx([room[0], (40 - 0.75) / 41 + room[1]])


def alone(form: str, db: SearchDB) -> float:
    lexicon = db._snapshot().lexicon
    return lexicon.word_df((form,)) / lexicon.df(form)


def test_behind_an_unknown_syllable_a_word_begins() -> None:
    texts = ["Bà con sử dụng nước giếng, sử dụng củi."] * 3 + ["Đúng là nhà cũ."] * 2
    with opened_with(*texts) as db:
        known = language_of(db._snapshot().lexicon)
        used, right = known.prior(("dụng", "đúng"))
        by_use, by_right = known.backoff(("dụng", "đúng"))
        assert used > right
        assert by_use < by_right


def test_a_word_of_the_dictionary_is_known_to_a_collection_without_it() -> None:
    with opened_with("Xe ô tô màu đỏ.", "Đồng lúa. Lễ hội. Trâu bò. Hồ nước. Cây hồ.") as db:
        known = language_of(db._snapshot().lexicon)
        step = known.step(("đồng",), ("hồ", "họ"))
        assert step is not None
        assert step[0][0] > step[0][1]


def test_a_bare_syllable_is_meant_as_it_stands_where_the_others_have_their_marks() -> None:
    candidates = [("năm", "nam"), ("việt",), ("đảng",), ("bộ",)]
    found = [Posterior([0.6, 0.4], seen=True), *[Posterior([1.0], seen=True)] * 3]
    nam = as_typed(found, candidates, ["nam", "việt", "đảng", "bộ"])[0]
    left_out = 1.6 / 4.6
    assert nam.chances == pytest.approx([0.6 * left_out / (0.6 * left_out + 0.4), nam.chances[1]])
    assert math.fsum(nam.chances) == pytest.approx(1.0)
    assert nam.chances[1] > 0.5


def test_without_any_marks_nothing_says_that_a_bare_syllable_is_meant_so() -> None:
    found = [Posterior([0.6, 0.4], seen=True), Posterior([1.0], seen=True)]
    assert as_typed(found, [("năm", "nam"), ("nay",)], ["nam", "nay"]) == found


def test_a_syllable_is_a_term_for_each_likely_form_of_it() -> None:
    texts = ["đê sông vỡ"] * 3 + ["để sông đầy"] * 3 + ["sống ở sông"] * 4
    with opened_with(*texts) as db:
        evidence = understood("de song", db).evidence
        forms = [form for slot in evidence.terms for form, _ in slot.forms]
        assert sorted(forms) == ["sông", "sống", "đê", "để"]
        best, *others = (slot for slot in evidence.terms if slot.text in {"đê", "để"})
        assert dict(best.forms)[best.text] == 1.0
        assert [0.05 <= weight < 1.0 for slot in others for _, weight in slot.forms] == [True]


def test_a_syllable_typed_twice_counts_in_both_its_forms() -> None:
    with opened_with(*["sống ở đây, sông Hồng"] * 5, "sống, sông, song") as db:
        evidence = understood("song o day song hong", db).evidence
        weights = {form: weight for slot in evidence.terms for form, weight in slot.forms}
        assert weights["sống"] == weights["sông"] == 1.0


def test_what_is_typed_with_its_marks_counts_fully_beside_a_guess() -> None:
    texts = ["đê sông vỡ"] * 3 + ["để sông đầy"] * 3
    with opened_with(*texts) as db:
        for query in ("đê de song", "de song đê"):
            evidence = understood(query, db).evidence
            assert max(dict(slot.forms).get("đê", 0.0) for slot in evidence.terms) == 1.0


def understood(query: str, db: SearchDB) -> plan.Query:
    return interpret(
        parse(query), typed=query, analyzer=db._analyzer, lexicon=db._snapshot().lexicon
    )


def written_otherwise(syllable: str, many: int) -> list[str]:
    """Some of the ways to put marks on as many letters a."""
    ways = product("aàáảãạăằắẳẵặâầấẩẫậ", repeat=len(syllable))
    return ["".join(way) for way in islice(ways, many)]


def test_a_syllable_with_more_forms_than_a_language_has_is_answered_by_the_usual_ones() -> None:
    forms = written_otherwise("aaaa", 700)
    db = opened_with(" ".join([*forms, *forms[:300]]))
    slots = understood("aaaa aaaa", db).evidence.terms
    assert 64 < len(slots[0].forms) < 300
    assert {form for form, _ in slots[0].forms} <= set(forms[:300])
    assert db.search("aaaa").total == 1


def test_only_so_many_forms_are_told_apart_before_the_last_place(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    cells: list[int] = []
    step = Language.step

    def counted(
        self: Language, before: tuple[str, ...], forms: tuple[str, ...]
    ) -> NDArray[np.float64] | None:
        cells.append(len(before) * len(forms))
        return step(self, before, forms)

    monkeypatch.setattr(Language, "step", counted)
    forms = tuple(written_otherwise("aaaa", 200))
    db = opened_with(" ".join(forms))
    found = posteriors([forms] * 4, language_of(db._snapshot().lexicon))
    assert cells == [64 * 64, 64 * 64, 64 * 200]
    for posterior in found:
        assert len(posterior.chances) == len(forms)
        assert sum(posterior.chances) == pytest.approx(1.0)
    assert not any(found[0].chances[64:])
