"""The kernel that finds syllables side by side, as loops that numba compiles; see `loops`."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
from numba import njit

from searchdb.backends.whoosh.kernels import arrays
from searchdb.backends.whoosh.layout import ESCAPE

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from searchdb.backends.whoosh.kernels import Lists

__all__ = ["holding"]

_BITS = 64
"""Slots that are looked for at once; a phrase of more is numpy's."""
_FEW = 4
"""Ids of a slot that are compared one by one."""
_TOGETHER = np.uint64(64)
"""Tokens looked at together."""

_compiled = njit(cache=True, nogil=True, boundscheck=False)


def holding(
    lists: Lists,
    documents: NDArray[np.int64],
    slots: tuple[NDArray[np.int64], ...],
    ids: int,
    *,
    title: bool,
) -> NDArray[np.bool_]:
    """See `Kernels`."""
    if _are_few(slots):
        return _few_in_a_row(lists, documents, slots, title=title)
    if len(slots) > _BITS or not all(map(len, slots)):
        return arrays.holding(lists, documents, slots, ids, title=title)
    bits: NDArray[Any] = np.zeros(
        max(ids, ESCAPE + 1), dtype=np.uint8 if len(slots) <= 8 else np.uint64
    )
    for number, slot in enumerate(slots):
        bits[slot] |= bits.dtype.type(1 << number)
    gate = (bits[: ESCAPE + 1] != 0).view(np.uint8)
    # Escapes are in step with the lists only if none is passed over.
    gate[ESCAPE] = bits[ESCAPE:].any()
    likely = np.ones(len(documents), dtype=np.bool_)
    pair = _rarest_pair(slots)
    if pair is not None:
        _side_by_side(likely, lists.tokens, lists.token_offsets, documents, *pair)
    found = np.zeros(len(documents), dtype=np.bool_)
    _holding(
        found,
        likely,
        lists.tokens,
        lists.token_offsets,
        lists.escapes,
        lists.escape_offsets,
        lists.parts,
        lists.part_offsets,
        documents,
        bits,
        gate,
        np.uint64(1 << (len(slots) - 1)),
        title,
    )
    return found


def _are_few(slots: tuple[NDArray[np.int64], ...]) -> bool:
    """Whether each of several slots has few ids, all of which are tokens of their own."""
    return len(slots) > 1 and all(0 < len(slot) <= _FEW and slot.max() < ESCAPE for slot in slots)


def _few_in_a_row(
    lists: Lists,
    documents: NDArray[np.int64],
    slots: tuple[NDArray[np.int64], ...],
    *,
    title: bool,
) -> NDArray[np.bool_]:
    forms = np.array([np.resize(slot, _FEW) for slot in slots], dtype=np.uint16) << 1 | 1
    ids = [int(slot.min()) for slot in slots]
    # The more frequent a syllable, the smaller its id.
    rarest = max(range(len(ids) - 1), key=lambda place: ids[place] + ids[place + 1])
    found = np.zeros(len(documents), dtype=np.bool_)
    _in_a_row(
        found,
        lists.tokens,
        lists.token_offsets,
        lists.parts,
        lists.part_offsets,
        documents,
        forms,
        np.uint64(rarest),
        max(len(slot) for slot in slots[rarest : rarest + 2]) > 1,
        title,
    )
    return found


@_compiled
def _in_a_row(
    found, tokens, token_offsets, parts, part_offsets, documents, forms, rarest, several, title
):
    """Look for one pair of neighbors, many tokens at a time, and for the others where it stands.

    Places have no sign and the loops no branch, so that a processor compares 16 or 32 at once.
    """
    size = np.uint64(len(forms))
    one, two = forms[rarest], forms[rarest + np.uint64(1)]
    first_one, first_two = one[0], two[0]
    mark, next_one = np.uint16(1), np.uint64(1)
    for index in range(len(documents)):
        document = documents[index]
        begin = np.uint64(token_offsets[document])
        end = min(np.uint64(token_offsets[document + 1]), np.uint64(len(tokens)))
        part, last_part = part_offsets[document], part_offsets[document + 1]
        if title:
            end = min(end, begin + np.uint64(parts[part] >> 1))
        if begin + size > end:
            continue
        edge = begin
        low, high = begin + rarest, end - (size - rarest) + next_one
        while low < high and not found[index]:
            stop = min(low + _TOGETHER, high)
            least = np.uint16(0xFFFF)
            if several:
                for place in range(low, stop):
                    left, right = tokens[place] | mark, tokens[place + next_one] | mark
                    first, second = np.uint16(left ^ first_one), np.uint16(right ^ first_two)
                    for form in range(1, _FEW):
                        first = min(first, np.uint16(left ^ one[form]))
                        second = min(second, np.uint16(right ^ two[form]))
                    least = min(least, np.uint16(first | second))
            else:
                for place in range(low, stop):
                    left, right = tokens[place] | mark, tokens[place + next_one] | mark
                    least = min(least, np.uint16((left ^ first_one) | (right ^ first_two)))
            if least == 0:
                for place in range(low, stop):
                    start = place - rarest
                    whole = True
                    for slot in range(size):
                        token = tokens[start + slot] | mark
                        whole = False
                        for form in range(_FEW):
                            whole |= token == forms[slot, form]
                        if not whole:
                            break
                    if whole:
                        # All of it has to stand in one part, never one before that of the last.
                        while part < last_part and edge + np.uint64(parts[part] >> 1) <= start:
                            edge += np.uint64(parts[part] >> 1)
                            part += 1
                        inner = part < last_part
                        if inner and start + size <= edge + np.uint64(parts[part] >> 1):
                            found[index] = True
                            break
            low = stop


def _rarest_pair(
    slots: tuple[NDArray[np.int64], ...],
) -> tuple[NDArray[np.uint16], NDArray[np.uint16]] | None:
    """The tokens of two neighboring slots that are seldom side by side, where they are few.

    The more frequent a syllable, the smaller its id. The last bit, of word starts, is set.
    """
    few = [len(slot) <= _FEW for slot in slots]
    places = [place for place in range(len(slots) - 1) if few[place] and few[place + 1]]
    if not places:
        return None
    best = max(places, key=lambda place: int(slots[place].min()) + int(slots[place + 1].min()))
    one, two = (
        (np.minimum(np.resize(slot, _FEW if len(slot) > 1 else 1), ESCAPE) << 1 | 1)
        for slot in slots[best : best + 2]
    )
    size = max(len(one), len(two))
    return np.resize(one, size).astype(np.uint16), np.resize(two, size).astype(np.uint16)


@_compiled
def _side_by_side(likely, tokens, token_offsets, documents, one, two):
    """Rule out documents without two tokens side by side, whatever part they are in.

    Without a branch, for then a processor looks at 16 or 32 tokens at once.
    """
    limit = len(tokens)
    many = len(one) > 1
    for index in range(len(documents)):
        begin = np.int64(token_offsets[documents[index]])
        end = min(np.int64(token_offsets[documents[index] + 1]), limit)
        view = tokens[begin:end]
        least = np.uint16(0xFFFF)
        if many:
            for place in range(len(view) - 1):
                left = view[place] | np.uint16(1)
                right = view[place + 1] | np.uint16(1)
                first = np.uint16(left ^ one[0])
                second = np.uint16(right ^ two[0])
                for form in range(1, _FEW):
                    first = min(first, np.uint16(left ^ one[form]))
                    second = min(second, np.uint16(right ^ two[form]))
                least = min(least, np.uint16(first | second))
        else:
            for place in range(len(view) - 1):
                left = view[place] | np.uint16(1)
                right = view[place + 1] | np.uint16(1)
                least = min(least, np.uint16((left ^ one[0]) | (right ^ two[0])))
        likely[index] = least == 0


@_compiled
def _holding(
    found,
    likely,
    tokens,
    token_offsets,
    escapes,
    escape_offsets,
    parts,
    part_offsets,
    documents,
    bits,
    gate,
    last,
    title,
):
    one, four, none = np.uint64(1), np.uint64(4), np.uint64(0)
    for index in range(len(documents)):
        if not likely[index]:
            continue
        document = documents[index]
        place = np.uint64(token_offsets[document])
        limit = min(np.uint64(token_offsets[document + 1]), np.uint64(len(tokens)))
        escape = np.uint64(escape_offsets[document])
        for part in range(part_offsets[document], part_offsets[document + 1]):
            end = place + np.uint64(parts[part] >> 1)
            if end > limit:
                break
            # Bit i of the state: the slots up to i stand right before here.
            state = none
            while place < end:
                if (
                    state == none
                    and place + four <= end
                    and not (
                        gate[tokens[place] >> 1]
                        | gate[tokens[place + one] >> 1]
                        | gate[tokens[place + np.uint64(2)] >> 1]
                        | gate[tokens[place + np.uint64(3)] >> 1]
                    )
                ):
                    place += four
                    continue
                number = np.uint64(tokens[place] >> 1)
                if number == ESCAPE and escape < len(escapes):
                    number = min(np.uint64(escapes[escape]), np.uint64(len(bits) - 1))
                    escape += one
                state = ((state << one) | one) & np.uint64(bits[number])
                if state & last:
                    found[index] = True
                    break
                place += one
            if found[index] or title:
                break
