"""SIZES OF SEGMENTS -> WHICH TO MERGE: a tiered merge policy, as Lucene calls it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence

__all__ = ["chosen", "is_tired"]

_FACTOR = 5
"""Segments of about one size that are merged: each document is written again about as often as the
collection has grown fivefold, and a question asks at most a few of each size."""
_SMALL = 1 << 17
"""Tokens up to which segments count as of one size."""
_TIRED = 3
"""A segment is written anew when one in so many of its documents is deleted."""


def chosen(tokens: Sequence[int], tired: Sequence[bool]) -> list[list[int]]:
    """Which segments to merge with which, given their sizes; see the constants above.

    Segments that are `tired` of deleted documents are merged alone if with no others.
    """
    tiers: defaultdict[int, list[int]] = defaultdict(list)
    for number, size in enumerate(tokens):
        tier, limit = 0, _SMALL
        while size > limit:
            tier, limit = tier + 1, limit * _FACTOR
        tiers[tier].append(number)
    groups: list[list[int]] = []
    for tier in sorted(tiers):
        if len(tiers[tier]) >= _FACTOR:
            groups.append(tiers[tier])
        else:
            groups += [[number] for number in tiers[tier] if tired[number]]
    return groups


def is_tired(documents: int, deleted: int) -> bool:
    """Whether so many documents of a segment are deleted that it should be written anew."""
    return deleted * _TIRED >= documents
