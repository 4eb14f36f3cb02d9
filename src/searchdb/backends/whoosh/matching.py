"""A NODE OF THE QUERY -> THE DOCUMENTS of a segment that it matches, in order, deleted ones too.

Postings say which documents hold every syllable; forward lists, read for those alone, say where
they stand side by side.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from searchdb.query import plan

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from numpy.typing import NDArray

    from searchdb.backends.whoosh.kernels import Kernels
    from searchdb.backends.whoosh.lexicon import SnapshotLexicon
    from searchdb.backends.whoosh.segment import SegmentFile

__all__ = ["Matcher"]


class Matcher:
    """Answers for one segment, the `place`-th part of the lexicon, and one question.

    What sequences match is remembered: the nodes of a question share them.
    """

    def __init__(
        self, segment: SegmentFile, lexicon: SnapshotLexicon, place: int, kernels: Kernels
    ) -> None:
        self._segment = segment
        self._lexicon = lexicon
        self._place = place
        self._kernels = kernels
        self._ids: dict[plan.Slot, list[int]] = {}
        self._found: dict[plan.Sequence, NDArray[np.int64]] = {}

    def find(self, node: plan.Node) -> NDArray[np.int64]:
        """The documents that a node matches."""
        match node:
            case plan.Everything():
                return np.arange(self._segment.documents)
            case plan.Not(node=inner):
                return (~self._mask(self.find(inner))).nonzero()[0]
            case plan.Any(nodes=nodes):
                return self._union(nodes)
            case plan.All(nodes=nodes):
                return self._intersection(nodes)
            case plan.Sequence():
                if node not in self._found:
                    self._found[node] = self._intersection((node,))
                return self._found[node]

    def ids(self, slot: plan.Slot) -> list[int]:
        """The syllable ids of a slot."""
        known = self._ids.get(slot)
        if known is None:
            numbers = [self._lexicon.numbers(key)[self._place] for key, _ in slot.forms]
            known = self._ids[slot] = [number for number in numbers if number >= 0]
        return known

    def _mask(self, documents: NDArray[np.int64]) -> NDArray[np.bool_]:
        mask = np.zeros(self._segment.documents, dtype=np.bool_)
        mask[documents] = True
        return mask

    def _runs(self, slots: Iterable[plan.Slot]) -> NDArray[np.int64]:
        """The postings of slots, as kernels take them."""
        runs = [
            run for slot in slots for each in self.ids(slot) for run in self._segment.runs(each)
        ]
        return np.array(runs, dtype=np.int64).reshape(-1, 3)

    def _marked(self, slots: Iterable[plan.Slot]) -> NDArray[np.bool_]:
        """Which documents hold any of the slots."""
        mask = np.zeros(self._segment.documents, dtype=np.bool_)
        self._kernels.mark(mask, self._segment.arrays, self._runs(slots))
        return mask

    def _union(self, nodes: Iterable[plan.Node]) -> NDArray[np.int64]:
        slots: list[plan.Slot] = []
        others: list[plan.Node] = []
        for node in nodes:
            if isinstance(node, plan.Sequence) and len(node.slots) == 1 and not node.title:
                slots += node.slots
            else:
                others.append(node)
        mask = self._marked(slots)
        for node in others:
            if isinstance(node, plan.Sequence) and node.slots and node not in self._found:
                # Where syllables stand side by side is looked up only if it decides anything.
                held = self._holding_all(node.slots)
                mask[self._in_a_row(node, held[~mask[held]])] = True
            else:
                mask[self.find(node)] = True
        return mask.nonzero()[0]

    def _intersection(self, nodes: Sequence[plan.Node]) -> NDArray[np.int64]:
        """What all nodes match: every slot by postings, rarest first, then every row of slots."""
        sequences = [node for node in nodes if isinstance(node, plan.Sequence)]
        slots = [slot for sequence in sequences for slot in sequence.slots]
        found = self._holding_all(slots) if slots else None
        for sequence in sequences:
            if found is not None and (len(sequence.slots) > 1 or sequence.title):
                found = self._in_a_row(sequence, found)
        for node in nodes:
            if not isinstance(node, plan.Sequence):
                others = self.find(node)
                found = others if found is None else found[self._mask(others)[found]]
        return np.arange(self._segment.documents) if found is None else found

    def _holding_all(self, slots: Iterable[plan.Slot]) -> NDArray[np.int64]:
        """The documents that hold every slot."""
        rarest, *others = sorted(dict.fromkeys(slots), key=self._postings)
        found = self._holders(rarest)
        for slot in others:
            if not len(found):
                break
            found = self._among(found, slot)
        return found

    def _postings(self, slot: plan.Slot) -> int:
        offsets, many = self._segment.term_offsets.view, self._segment.containers
        return sum(offsets[(n + 1) * many] - offsets[n * many] for n in self.ids(slot))

    def _holders(self, slot: plan.Slot) -> NDArray[np.int64]:
        """The documents that hold a slot."""
        ids = self.ids(slot)
        if len(ids) == 1:
            return self._segment.documents_of(ids[0])
        return self._marked((slot,)).nonzero()[0]

    def _among(self, documents: NDArray[np.int64], slot: plan.Slot) -> NDArray[np.int64]:
        """Those of the documents that hold a slot."""
        if len(self.ids(slot)) == 1:
            return self._kernels.among(self._segment.arrays, self._runs((slot,)), documents)
        return documents[self._marked((slot,))[documents]]

    def _in_a_row(self, sequence: plan.Sequence, documents: NDArray[np.int64]) -> NDArray[np.int64]:
        known = self._found.get(sequence)
        if known is not None:
            return documents[self._mask(known)[documents]]
        if not len(documents):
            return documents
        self._segment.touch(documents)
        slots = tuple(np.array(self.ids(slot), dtype=np.int64) for slot in sequence.slots)
        held = self._kernels.holding(
            self._segment.lists,
            documents,
            slots,
            len(self._segment.keys),
            title=sequence.title,
        )
        return documents[held]
