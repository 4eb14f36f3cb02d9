"""What the best window of a document adds to its score, on every backend."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from searchdb.ranking import Ranking, Window, idf

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from searchdb.index.backend import AnalyzedDocument, Backend, Matches, Searcher, Writer

    Ask = Callable[..., Matches]
    Doc = Callable[..., AnalyzedDocument]
    Writing = Callable[[], Writer]

WINDOW = Window(8, 0.5)


def grass(count: int) -> str:
    return " ".join(["cỏ"] * count)


@pytest.fixture
def proximity(backend: Backend, writer: Writing, ask: Ask) -> Callable[..., Mapping[str, float]]:
    """What the window adds to each of some documents, for a query."""

    def added(typed: str, *documents: AnalyzedDocument) -> Mapping[str, float]:
        with writer() as change:
            for document in documents:
                change.add(document)
        ranking = Ranking(windows=(WINDOW,))
        found = ask(backend.searcher(), typed, match="any", explain=True, ranking=ranking)
        return {
            match.id: sum(part.score for part in match.parts if part.stream == "proximity")
            for match in found.page
        }

    return added


def test_a_window_holds_the_idf_of_each_syllable_once(
    doc: Doc, proximity: Callable[..., Mapping[str, float]]
) -> None:
    found = proximity(
        "lúa vàng", doc("một", "lúa lúa lúa"), doc("hai", "vàng cỏ lúa"), doc("không", "cỏ cỏ")
    )
    field, gold = idf(2, 3), idf(1, 3)
    assert found == pytest.approx({"một": 0.5 * field, "hai": 0.5 * (field + gold)})


@pytest.mark.parametrize("before", range(9))
def test_half_a_window_apart_is_always_in_one_and_a_whole_never(
    doc: Doc, proximity: Callable[..., Mapping[str, float]], before: int
) -> None:
    found = proximity(
        "lúa vàng",
        doc("gần", f"{grass(before)} lúa {grass(3)} vàng"),
        doc("xa", f"{grass(before)} lúa {grass(7)} vàng"),
    )
    both, one = 2 * idf(2, 2), idf(2, 2)
    assert found == pytest.approx({"gần": 0.5 * both, "xa": 0.5 * one})


def test_a_window_never_leaves_its_passage(
    doc: Doc, proximity: Callable[..., Mapping[str, float]]
) -> None:
    found = proximity("lúa vàng", doc("hai đoạn", "lúa", "vàng"), doc("tựa", "vàng", title="lúa"))
    assert found == pytest.approx({"hai đoạn": 0.5 * idf(2, 2), "tựa": 0.5 * idf(2, 2)})


def test_in_furniture_a_window_counts_a_tenth_and_in_a_title_as_in_a_passage(
    doc: Doc, proximity: Callable[..., Mapping[str, float]]
) -> None:
    found = proximity("lúa", doc("chân trang", "lúa", furniture=[0]), doc("tựa", title="lúa"))
    assert found == pytest.approx({"chân trang": 0.05 * idf(2, 2), "tựa": 0.5 * idf(2, 2)})


def test_a_window_takes_the_best_form_of_a_syllable(
    doc: Doc, proximity: Callable[..., Mapping[str, float]]
) -> None:
    found = proximity(
        "lua",
        doc("hay dùng", "lúa lúa lúa lúa"),
        doc("ít dùng", "lụa"),
        doc("cả hai", "lụa lúa"),
    )
    assert found["cả hai"] == found["hay dùng"] > found["ít dùng"] > 0


def test_who_answers_in_one_place_goes_before_who_has_the_words_scattered(
    backend: Backend, writer: Writing, ask: Ask, doc: Doc
) -> None:
    with writer() as change:
        change.add(doc("a rải rác", f"lúa {grass(30)} ngoài {grass(30)} đồng {grass(30)} vàng"))
        change.add(doc("b một chỗ", f"{grass(45)} đồng kia ngoài nọ vàng này lúa {grass(42)}"))
    found: Searcher = backend.searcher()
    ranked = [match.id for match in ask(found, "lúa ngoài đồng vàng").page]
    assert ranked == ["b một chỗ", "a rải rác"]
