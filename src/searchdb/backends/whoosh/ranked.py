"""ONE QUESTION -> ITS PAGE: first by syllables alone, then the best with all evidence."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import numpy as np

from searchdb.backends.whoosh.layout import meta_term
from searchdb.backends.whoosh.matching import Matcher
from searchdb.backends.whoosh.scoring import Lengths, Scorer, shown, total
from searchdb.index.backend import Match, Matches
from searchdb.query import plan

if TYPE_CHECKING:
    from collections.abc import Iterable

    from numpy.typing import NDArray

    from searchdb.backends.whoosh.kernels import Probe, Terms
    from searchdb.backends.whoosh.searcher import WhooshSearcher
    from searchdb.backends.whoosh.snapshot import Leaf
    from searchdb.index.backend import Request

__all__ = ["Search"]

_MANY = 8
"""One in so many documents: of more, the best are found sooner than all of them are scored."""
_ROUNDING = 1e-9
"""How far two scores may be apart, as a share of them, that would be equal without rounding."""


class Search:
    """One question to one snapshot; documents are numbers over all its segments."""

    def __init__(self, searcher: WhooshSearcher, request: Request) -> None:
        self._searcher = searcher
        self._request = request
        self._scorer = Scorer(searcher.lexicon, request.query.evidence, request.ranking)
        self._probes: dict[int, Probe] = {}
        self._postings: dict[int, Terms] = {}
        self._matchers = [
            Matcher(leaf.segment, searcher.lexicon, place, searcher.kernels)
            for place, leaf in enumerate(searcher.leaves)
        ]

    def run(self) -> Matches:
        """The page that was asked for."""
        request, query = self._request, self._request.query
        allowed = self._allowed(query.filters)
        matched = self._matched(allowed)
        if matched is None:
            held = self._held(allowed)
            many = int(np.count_nonzero(held))
        else:
            many = len(matched)
        hits = self._page(*self._ranked(matched, allowed), relaxed=False)
        wanted = request.offset + request.limit
        if len(hits) < wanted:
            taken = held if matched is None else self._mask(matched)
            for node in query.closest:
                close = self._matching(node, allowed)
                close = close[~taken[close]]
                if len(close):
                    hits += self._page(*self._ranked(close, allowed), relaxed=True)
                    break
        return Matches(many, tuple(hits[request.offset : wanted]))

    def top(self) -> tuple[NDArray[np.int64], NDArray[np.float64]]:
        """The documents of the page, relaxed ones left out, and their scores, in order.

        What `run` does but for passages, ids, explanations and counting; other engines give no
        more.
        """
        allowed = self._allowed(self._request.query.filters)
        return self._ranked(self._matched(allowed), allowed)

    # Which documents

    def _mask(self, refs: NDArray[np.int64]) -> NDArray[np.bool_]:
        mask = np.zeros(self._searcher.size, dtype=np.bool_)
        mask[refs] = True
        return mask

    def _allowed(self, filters: plan.Filters) -> NDArray[np.bool_] | None:
        """The documents that pass the filters and are not deleted; None if all do."""
        searcher = self._searcher
        if searcher.intact and filters == plan.Filters():
            return None
        allowed = searcher.live.copy()
        if filters.after is not None:
            allowed &= searcher.dates >= dt.date.fromisoformat(filters.after).toordinal()
        if filters.before is not None:
            before = dt.date.fromisoformat(filters.before).toordinal()
            allowed &= (searcher.dates > 0) & (searcher.dates <= before)
        for name, value in filters.where:
            term = meta_term(name, value)
            found = [leaf.segment.meta_documents(term) + leaf.base for leaf in searcher.leaves]
            allowed &= self._mask(np.concatenate(found) if found else np.zeros(0, np.int64))
        return allowed

    def _matched(self, allowed: NDArray[np.bool_] | None) -> NDArray[np.int64] | None:
        """The documents that the query matches, in order.

        None stands for those that `_held` marks: where any of the evidence is all that is demanded,
        the best are found without looking at most of them.
        """
        return None if self._is_union() else self._matching(self._request.query.match, allowed)

    def _is_union(self) -> bool:
        query = self._request.query
        if not isinstance(query.match, plan.Any) or not self._scorer.average:
            return False
        slots: list[plan.Slot] = []
        for node in query.match.nodes:
            if not isinstance(node, plan.Sequence) or len(node.slots) > 1 or node.title:
                return False
            slots += node.slots
        terms = query.evidence.terms
        return tuple(slots) == terms or _keys(slots) == _keys(terms)

    def _held(self, allowed: NDArray[np.bool_] | None) -> NDArray[np.bool_]:
        """Which documents hold any of the evidence."""
        mask = np.zeros(self._searcher.size, dtype=np.bool_)
        for place, leaf in enumerate(self._searcher.leaves):
            terms = self._terms(place)
            runs = np.ascontiguousarray(terms.runs[:, 1:])
            self._searcher.kernels.mark(mask[leaf.base : leaf.end], terms.postings, runs)
        return mask if allowed is None else mask & allowed

    def _matching(self, node: plan.Node, allowed: NDArray[np.bool_] | None) -> NDArray[np.int64]:
        """The documents that a node of the query matches, in order."""
        leaves = zip(self._searcher.leaves, self._matchers, strict=True)
        found = [matcher.find(node) + leaf.base for leaf, matcher in leaves]
        refs = np.concatenate(found) if found else np.zeros(0, dtype=np.int64)
        return refs if allowed is None else refs[allowed[refs]]

    # In which order

    def _best(
        self, refs: NDArray[np.int64] | None, allowed: NDArray[np.bool_] | None, depth: int
    ) -> tuple[NDArray[np.int64], NDArray[np.float64]]:
        """The best of these documents by syllables alone, in no order, with their scores.

        Where the last place is shared, ids decide.
        """
        found, values = self._best_and_equals(refs, allowed, depth)
        if len(found) > depth:
            order = self._order(found, values)[:depth]
            found, values = found[order], values[order]
        return found, values

    def _best_and_equals(
        self, refs: NDArray[np.int64] | None, allowed: NDArray[np.bool_] | None, depth: int
    ) -> tuple[NDArray[np.int64], NDArray[np.float64]]:
        """The same, and the equals of the last."""
        if refs is None:
            return self._best_of_all(allowed, depth)
        if len(refs) * _MANY > self._searcher.size:
            found, values = self._best_of_all(self._mask(refs), depth)
            if len(found) >= depth:
                return found, values
        values = self._scores(refs)
        places = self._searcher.kernels.largest(values, depth)
        # With too few that have any evidence, the others follow in the order of their ids.
        enough = len(places) >= min(depth, len(refs))
        return (refs[places], values[places]) if enough else (refs, values)

    def _best_of_all(
        self, allowed: NDArray[np.bool_] | None, depth: int
    ) -> tuple[NDArray[np.int64], NDArray[np.float64]]:
        """The same of all documents with any of the evidence, and the equals of the last."""
        searcher = self._searcher
        norms = self._norms()
        if allowed is not None:
            norms = np.where(allowed, norms, np.inf)
        found, values, least = np.zeros(0, dtype=np.int64), np.zeros(0), 0.0
        for place, leaf in enumerate(searcher.leaves):
            own = norms[leaf.base : leaf.end]
            more, scores = searcher.kernels.best(self._terms(place), own, depth, least)
            if not place:
                found, values = more + leaf.base, scores
            elif len(more):
                found, values = (
                    np.concatenate((found, more + leaf.base)),
                    np.concatenate((values, scores)),
                )
                places = searcher.kernels.largest(values, depth)
                found, values = found[places], values[places]
            if len(found) >= depth:
                least = float(values.min())
        return found, values

    def _scores(self, refs: NDArray[np.int64]) -> NDArray[np.float64]:
        """The scores of documents, which are in order, by syllables alone."""
        searcher = self._searcher
        norms = self._norms()
        found = [np.zeros(0)]
        for place, leaf in enumerate(searcher.leaves):
            first, last = refs.searchsorted((leaf.base, leaf.end)).tolist()
            numbers = refs[first:last] - leaf.base
            own = norms[leaf.base : leaf.end]
            found.append(searcher.kernels.score(self._terms(place), own, numbers))
        return np.concatenate(found)

    def _norms(self) -> NDArray[np.float64]:
        average = self._scorer.average
        if not average:  # nothing that is not deleted has a word
            return np.full(self._searcher.size, np.inf)
        return self._searcher.norms(self._request.ranking, average)

    def _terms(self, place: int) -> Terms:
        """The terms of the evidence in a segment, rarest first."""
        known = self._postings.get(place)
        if known is None:
            segment = self._searcher.leaves[place].segment
            known = self._postings[place] = self._scorer.postings(place, segment)
        return known

    def _order(self, refs: NDArray[np.int64], keys: NDArray[Any]) -> NDArray[np.int64]:
        """Places in order of falling keys, ties by id. Only the ids of ties are read."""
        order = np.argsort(-keys, kind="stable")
        ranked = keys[order]
        equal = ranked[1:] == ranked[:-1]
        if equal.any():
            name = self._searcher.name
            edges = np.flatnonzero(np.diff(equal, prepend=False, append=False)).tolist()
            for begin, end in zip(edges[::2], edges[1::2], strict=True):
                tied = order[begin : end + 1].tolist()
                tied.sort(key=lambda place: name(int(refs[place])))
                order[begin : end + 1] = tied
        return order

    def _ranked(
        self, refs: NDArray[np.int64] | None, allowed: NDArray[np.bool_] | None
    ) -> tuple[NDArray[np.int64], NDArray[np.float64]]:
        """These documents in order, as many as could be on the page, with their scores."""
        request = self._request
        if not request.limit:  # only counted
            return np.zeros(0, dtype=np.int64), np.zeros(0)
        wanted = request.offset + request.limit
        depth = max(request.ranking.candidates, wanted)
        whole = request.group == "document"
        if request.sort == "date":
            refs = self._held(allowed).nonzero()[0] if refs is None else refs
            refs = refs[self._order(refs, self._searcher.dates[refs])[:depth]]
            scores = total(self._rows(refs))
        else:
            if self._by_syllables():
                refs, scores = self._best(refs, allowed, wanted if whole else depth)
            else:
                if refs is None or len(refs) > depth:
                    refs, scores = self._best(refs, allowed, depth)
                    # The sooner the best are scored, the more of the others need not be.
                    refs = refs[np.argsort(-scores)]
                if whole and len(refs) > wanted > 0:
                    refs = self._contenders(refs, wanted)
                scores = total(self._rows(refs))
            if whole and len(refs) > wanted > 0:
                top = (scores >= _largest(scores, wanted)).nonzero()[0]
                refs, scores = refs[top], scores[top]
            order = self._order(refs, scores)
            refs, scores = refs[order], scores[order]
        return (refs[:wanted], scores[:wanted]) if whole else (refs, scores)

    def _by_syllables(self) -> bool:
        """Whether the evidence is syllables alone, so that the first score is the last."""
        evidence = self._request.query.evidence
        more = evidence.words or evidence.pairs or evidence.spellings
        return not more and not self._request.ranking.windows

    def _contenders(self, refs: NDArray[np.int64], wanted: int) -> NDArray[np.int64]:
        """Those of these documents that may be among the best."""
        searcher, kernels = self._searcher, self._searcher.kernels
        formula = self._scorer.formula(self._lengths(refs))
        scores = np.full(len(refs), -np.inf)
        least = -np.inf
        for place, leaf in enumerate(searcher.leaves):
            own = ((refs >= leaf.base) & (refs < leaf.end)).nonzero()[0]
            if len(own):
                numbers, lists = refs[own] - leaf.base, leaf.segment.lists
                leaf.segment.touch(numbers)
                part = replace(formula, norms=formula.norms[:, own])
                probe = self._probe(place)
                found = kernels.contenders(lists, numbers, probe, part, depth=wanted, least=least)
                scores[own] = found
                least = _largest(scores, wanted)
        return refs[scores >= least - abs(least) * _ROUNDING] if np.isfinite(least) else refs

    def _lengths(self, refs: NDArray[np.int64]) -> Lengths:
        searcher = self._searcher
        return Lengths(
            searcher.syllable_lengths[refs],
            searcher.word_lengths[refs],
            searcher.pair_lengths[refs],
        )

    def _rows(self, refs: NDArray[np.int64]) -> NDArray[np.float64]:
        """What each piece of evidence adds to each document."""
        searcher = self._searcher
        counts = np.zeros((len(refs), self._scorer.features), dtype=np.int64)
        held = np.zeros((len(refs), len(self._request.ranking.windows)))
        for place, leaf in enumerate(searcher.leaves):
            own = ((refs >= leaf.base) & (refs < leaf.end)).nonzero()[0]
            if len(own):
                numbers = refs[own] - leaf.base
                counts[own], held[own] = self._count(place, leaf, numbers, by_part=False)
        return self._scorer.rows(counts, held, self._lengths(refs))

    def _count(
        self, place: int, leaf: Leaf, numbers: NDArray[np.int64], *, by_part: bool
    ) -> tuple[NDArray[np.int64], NDArray[np.float64]]:
        segment = leaf.segment
        segment.touch(numbers)
        probe = self._probe(place)
        return self._searcher.kernels.count(segment.lists, numbers, probe, by_part=by_part)

    def _probe(self, place: int) -> Probe:
        known = self._probes.get(place)
        if known is None:
            segment = self._searcher.leaves[place].segment
            known = self._probes[place] = self._scorer.probe(place, segment)
        return known

    # What is shown

    def _page(
        self, refs: NDArray[np.int64], scores: NDArray[np.float64], *, relaxed: bool
    ) -> list[Match]:
        request, scorer = self._request, self._scorer
        explain = request.explain
        passages = self._passages(refs)
        whole = self._rows(refs) if explain and request.group == "document" else None
        found: list[Match] = []
        for place, ref in enumerate(refs.tolist()):
            name = self._searcher.name(ref)
            rows, parts = passages[place]
            if whole is not None or request.group == "document":
                why = scorer.parts(whole[place]) if whole is not None else ()
                number = max(0, parts[0][0] - 1)
                found.append(Match(ref, name, number, float(scores[place]), relaxed, why))
            else:
                found += [
                    Match(
                        ref,
                        name,
                        max(0, part - 1),
                        score,
                        relaxed,
                        # A passage that only stands for the title has nothing to account for.
                        scorer.parts(rows[part]) if explain and score else (),
                    )
                    for part, score in parts
                ]
        if request.group == "passage" and request.sort != "date":
            found.sort(key=lambda match: (-match.score, match.id, match.passage))
        return found

    def _passages(
        self, refs: NDArray[np.int64]
    ) -> list[tuple[NDArray[np.float64], list[tuple[int, float]]]]:
        """For each document what evidence adds to its parts, and its passages to show, in order."""
        found: list[tuple[NDArray[np.float64], list[tuple[int, float]]]] = [
            (np.zeros((0, 0)), []) for _ in range(len(refs))
        ]
        units = max(1, self._searcher.lexicon.totals.passages)
        for place, leaf in enumerate(self._searcher.leaves):
            own = ((refs >= leaf.base) & (refs < leaf.end)).nonzero()[0]
            if not len(own):
                continue
            numbers = refs[own] - leaf.base
            counts, held = self._count(place, leaf, numbers, by_part=True)
            forward = leaf.segment.forward(numbers)
            begins = np.bincount(forward.part, weights=forward.starts, minlength=len(counts))
            lengths = Lengths(
                forward.length * forward.weight,
                begins.astype(np.int64) * forward.weight,
                np.maximum(forward.length - 1, 0) * forward.weight,
            )
            rows = self._scorer.rows(counts, held, lengths, units)
            scores = total(rows).tolist()
            weights = forward.weight.tolist()
            parts = np.bincount(forward.document, minlength=len(own)).tolist()
            begin = 0
            for each, size in zip(own.tolist(), parts, strict=True):
                end = begin + size
                found[each] = (rows[begin:end], shown(weights[begin:end], scores[begin:end]))
                begin = end
        return found


def _keys(slots: Iterable[plan.Slot]) -> set[str]:
    return {key for slot in slots for key, _ in slot.forms}


def _largest(scores: NDArray[np.float64], rank: int) -> float:
    """The `rank`-th largest of more scores than that."""
    return float(np.partition(scores, len(scores) - rank)[len(scores) - rank])
