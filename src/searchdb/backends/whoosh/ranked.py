"""ONE QUESTION -> ITS PAGE: first by syllables alone, then the best with all evidence."""

from __future__ import annotations

import datetime as dt
from itertools import pairwise
from typing import TYPE_CHECKING, Any

import numpy as np

from searchdb.backends.whoosh.layout import meta_term
from searchdb.backends.whoosh.matching import Matcher
from searchdb.backends.whoosh.scoring import Lengths, Scorer, shown, total
from searchdb.index.backend import Match, Matches
from searchdb.query import plan

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from searchdb.backends.whoosh.kernels import Probe
    from searchdb.backends.whoosh.searcher import WhooshSearcher
    from searchdb.backends.whoosh.snapshot import Leaf
    from searchdb.index.backend import Request

__all__ = ["Search"]


class Search:
    """One question to one snapshot; documents are numbers over all its segments."""

    def __init__(self, searcher: WhooshSearcher, request: Request) -> None:
        self._searcher = searcher
        self._request = request
        self._scorer = Scorer(searcher.lexicon, request.query.evidence, request.ranking)
        self._probes: dict[int, Probe] = {}
        self._scores: NDArray[np.float64] | None = None
        self._matchers = [
            Matcher(leaf.segment, searcher.lexicon, place, searcher.kernels)
            for place, leaf in enumerate(searcher.leaves)
        ]

    def run(self) -> Matches:
        """The page that was asked for."""
        request, query = self._request, self._request.query
        allowed = self._allowed(query.filters)
        matched, many = self._matched(allowed)
        hits = self._page(*self._ranked(matched, many), relaxed=False)
        wanted = request.offset + request.limit
        if len(hits) < wanted:
            taken = self._mask(self._scored() if matched is None else matched)
            for node in query.closest:
                close = self._matching(node, allowed)
                close = close[~taken[close]]
                if len(close):
                    hits += self._page(*self._ranked(close, len(close)), relaxed=True)
                    break
        return Matches(many, tuple(hits[request.offset : wanted]))

    def top(self) -> tuple[NDArray[np.int64], NDArray[np.float64]]:
        """The documents of the page, relaxed ones left out, and their scores, in order.

        What `run` does but for passages, ids and explanations; other engines give no more.
        """
        return self._ranked(*self._matched(self._allowed(self._request.query.filters)))

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

    def _matched(self, allowed: NDArray[np.bool_] | None) -> tuple[NDArray[np.int64] | None, int]:
        """The documents that the query matches, and how many they are.

        None stands for those with a score, where any of the evidence is all that is demanded: its
        postings need not be read once more, nor most of these documents be looked at.
        """
        if not self._is_union():
            matched = self._matching(self._request.query.match, allowed)
            return matched, len(matched)
        scores = self._first()
        if allowed is not None:
            scores[~allowed] = 0.0
        return None, int(np.count_nonzero(scores))

    def _is_union(self) -> bool:
        query = self._request.query
        if not isinstance(query.match, plan.Any) or not self._scorer.average:
            return False
        asked: set[str] = set()
        for node in query.match.nodes:
            if not isinstance(node, plan.Sequence) or len(node.slots) > 1 or node.title:
                return False
            asked.update(node.slots[0].keys)
        return asked == {key for slot in query.evidence.terms for key in slot.keys}

    def _scored(self) -> NDArray[np.int64]:
        return self._first().nonzero()[0]

    def _matching(self, node: plan.Node, allowed: NDArray[np.bool_] | None) -> NDArray[np.int64]:
        """The documents that a node of the query matches, in order."""
        leaves = zip(self._searcher.leaves, self._matchers, strict=True)
        found = [matcher.find(node) + leaf.base for leaf, matcher in leaves]
        refs = np.concatenate(found) if found else np.zeros(0, dtype=np.int64)
        return refs if allowed is None else refs[allowed[refs]]

    # In which order

    def _best(
        self, refs: NDArray[np.int64] | None, depth: int
    ) -> tuple[NDArray[np.int64], NDArray[np.float64]]:
        """Of these documents the best by syllables alone, in no order, with their scores.

        Where the last place is shared, ids decide.
        """
        scores = self._first()
        if refs is not None and len(refs) < self._searcher.size:
            rest = np.zeros(len(scores))
            rest[refs] = scores[refs]
            scores = rest
        found = self._searcher.kernels.best(scores, depth)
        if refs is not None and len(found) < min(depth, len(refs)):
            # Too few with any evidence: the others follow in the order of their ids.
            found = refs
        values = scores[found]
        if len(found) > depth:
            order = self._order(found, values)[:depth]
            found, values = found[order], values[order]
        return found, values

    def _first(self) -> NDArray[np.float64]:
        """The score of every document by syllables alone."""
        if self._scores is None:
            self._scores = self._add_up()
        return self._scores

    def _add_up(self) -> NDArray[np.float64]:
        searcher, scorer = self._searcher, self._scorer
        scores = np.zeros(searcher.size)
        average = scorer.average
        if not average:
            return scores
        norms = searcher.norms(self._request.ranking, average)
        terms = self._request.query.evidence.terms
        for place, leaf in enumerate(searcher.leaves):
            own = slice(leaf.base, leaf.end)
            self._add(place, leaf, terms, scores[own], norms[own])
        return scores

    def _add(
        self,
        place: int,
        leaf: Leaf,
        terms: tuple[plan.Slot, ...],
        scores: NDArray[np.float64],
        norms: NDArray[np.float64],
    ) -> None:
        """Add what each term gives to the scores of a segment, in the order of the terms."""
        kernels, segment = self._searcher.kernels, leaf.segment
        numbers = self._searcher.lexicon.numbers
        runs: list[tuple[int, int, int]] = []
        weights: list[float] = []

        def flush() -> None:
            if runs:
                table = np.array(runs, dtype=np.int64)
                kernels.add_scores(scores, norms, segment.arrays, table, np.array(weights))
                runs.clear()
                weights.clear()

        frequencies: NDArray[np.float64] | None = None
        for slot, weight in zip(terms, self._scorer.idfs.terms, strict=True):
            known = [(n, s) for key, s in slot.forms if (n := numbers(key)[place]) >= 0]
            if len(known) == 1 and known[0][1] == 1.0:
                found = segment.runs(known[0][0])
                runs += found
                weights += [weight] * len(found)
            elif known:
                flush()
                if frequencies is None:
                    frequencies = np.zeros(len(scores))
                each = [(run, share) for number, share in known for run in segment.runs(number)]
                table = np.array([run for run, _ in each], dtype=np.int64).reshape(-1, 3)
                shares = np.array([share for _, share in each])
                kernels.add_frequencies(frequencies, segment.arrays, table, shares)
                kernels.saturate(scores, norms, frequencies, segment.arrays, table, weight=weight)
        flush()

    def _order(self, refs: NDArray[np.int64], keys: NDArray[Any]) -> NDArray[np.int64]:
        """Places in order of falling keys, ties by id. Only the ids of ties are read."""
        order = np.argsort(-keys, kind="stable")
        ranked = keys[order]
        cuts = (ranked[1:] != ranked[:-1]).nonzero()[0] + 1
        name = self._searcher.name
        for begin, end in pairwise([0, *cuts.tolist(), len(order)]):
            if end - begin > 1:
                tied = order[begin:end].tolist()
                order[begin:end] = sorted(tied, key=lambda place: name(int(refs[place])))
        return order

    def _ranked(
        self, refs: NDArray[np.int64] | None, many: int
    ) -> tuple[NDArray[np.int64], NDArray[np.float64]]:
        """These documents in order, as many as could be on the page, with their scores."""
        request = self._request
        wanted = request.offset + request.limit
        depth = max(request.ranking.candidates, wanted)
        whole = request.group == "document"
        if request.sort == "date":
            refs = self._scored() if refs is None else refs
            refs = refs[self._order(refs, self._searcher.dates[refs])[:depth]]
            scores = total(self._rows(refs))
        else:
            if self._by_syllables():
                refs, scores = self._best(refs, wanted if whole else depth)
            else:
                if many > depth:
                    refs, _ = self._best(refs, depth)
                refs = self._scored() if refs is None else refs
                scores = total(self._rows(refs))
            if whole and len(refs) > wanted > 0:
                least = np.partition(scores, len(scores) - wanted)[len(scores) - wanted]
                top = (scores >= least).nonzero()[0]
                refs, scores = refs[top], scores[top]
            order = self._order(refs, scores)
            refs, scores = refs[order], scores[order]
        return (refs[:wanted], scores[:wanted]) if whole else (refs, scores)

    def _by_syllables(self) -> bool:
        """Whether the evidence is syllables alone, so that the first score is the last."""
        evidence = self._request.query.evidence
        more = evidence.words or evidence.pairs or evidence.spellings
        return not more and not self._request.ranking.windows

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
        lengths = Lengths(
            searcher.syllable_lengths[refs],
            searcher.word_lengths[refs],
            searcher.pair_lengths[refs],
        )
        return self._scorer.rows(counts, held, lengths)

    def _count(
        self, place: int, leaf: Leaf, numbers: NDArray[np.int64], *, by_part: bool
    ) -> tuple[NDArray[np.int64], NDArray[np.float64]]:
        segment = leaf.segment
        segment.touch(numbers)
        probe = self._probes.get(place)
        if probe is None:
            probe = self._probes[place] = self._scorer.probe(place, segment)
        return self._searcher.kernels.count(segment.lists, numbers, probe, by_part=by_part)

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
