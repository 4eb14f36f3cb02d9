"""Weights that mean nothing are refused where they are made, not found out by a kernel."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from searchdb.ranking import Ranking, Window


@pytest.mark.parametrize(
    "make",
    [
        lambda: Ranking(k1=0.0),
        lambda: Ranking(b=1.0),
        lambda: Ranking(b=-0.1),
        lambda: Ranking(candidates=-1),
    ],
)
def test_weights_that_divide_by_nothing_are_refused(make: Callable[[], Ranking]) -> None:
    with pytest.raises(ValueError, match="k1 is above 0"):
        make()


@pytest.mark.parametrize(("size", "weight"), [(0, 1.0), (7, 1.0), (8, -1.0)])
def test_windows_have_two_halves_and_take_nothing_away(size: int, weight: float) -> None:
    with pytest.raises(ValueError, match="even size"):
        Window(size, weight)
