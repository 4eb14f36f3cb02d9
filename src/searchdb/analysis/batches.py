"""ITEMS -> LISTS of items that are not too large together, in order."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from typing import TypeVar

__all__ = ["TOGETHER", "batches"]

TOGETHER = 1 << 17
"""Characters analyzed at once, whose arrays fit a processor's cache; 50 news articles have as
many."""

_T = TypeVar("_T")


def batches(items: Iterable[_T], size: Callable[[_T], int], limit: int) -> Iterator[list[_T]]:
    """Lists of as many items as have `limit` in size together; one that is larger stands alone."""
    batch: list[_T] = []
    total = 0
    for item in items:
        more = size(item)
        if batch and total + more > limit:
            yield batch
            batch, total = [], 0
        batch.append(item)
        total += more
    if batch:
        yield batch
