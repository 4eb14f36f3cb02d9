"""QUESTION, SNAPSHOT -> RESULT: the half of the road that answers.

query:  string -> query -> backend -> snippets -> SearchResult

Law: a question is checked when it is made, before anything is looked up; everything in one result
is of one snapshot.
"""

from __future__ import annotations

import time
from dataclasses import dataclass, replace
from functools import partial
from typing import TYPE_CHECKING, Literal

from searchdb import snippets
from searchdb.index.backend import Request
from searchdb.index.document import occurrences, title_occurrences, token_ends
from searchdb.model import Hit, Passage, SearchResult
from searchdb.query import options
from searchdb.query.interpret import interpret
from searchdb.query.parser import parse

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Mapping

    from searchdb.analysis import Analyzer
    from searchdb.index.backend import Match, Matches, Searcher
    from searchdb.model import MetaValue
    from searchdb.query.abbreviations import Abbreviations
    from searchdb.query.interpret import Diacritics, MatchMode
    from searchdb.query.plan import Query
    from searchdb.ranking import Ranking
    from searchdb.snippets import Wanted

__all__ = ["Question", "answer"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """What `SearchDB.search` is asked, with its options. Raises QueryError for one that cannot be.

    `after`, `before` and `where` are checked when the question is answered.
    """

    query: str
    limit: int
    offset: int
    diacritics: Diacritics
    match: MatchMode
    after: str | dt.date | None
    before: str | dt.date | None
    where: Mapping[str, MetaValue] | None
    sort: Literal["relevance", "date"]
    group: Literal["document", "passage"]
    syntax: Literal["smart", "plain"]
    explain: bool
    snippet_size: int
    ranking: Ranking

    def __post_init__(self) -> None:
        options.check_choice("diacritics", self.diacritics, ("smart", "exact", "ignore"))
        options.check_choice("match", self.match, ("smart", "all", "any"))
        options.check_choice("sort", self.sort, ("relevance", "date"))
        options.check_choice("group", self.group, ("document", "passage"))
        options.check_choice("syntax", self.syntax, ("smart", "plain"))
        options.check_count("limit", self.limit)
        options.check_count("offset", self.offset)
        options.check_count("snippet_size", self.snippet_size)
        options.check_text("the query", self.query)


def answer(
    question: Question, searcher: Searcher, analyzer: Analyzer, abbreviations: Abbreviations
) -> SearchResult:
    """Find and rank what answers; what finds nothing is read as keystrokes, or respelled."""
    began = time.perf_counter()
    ask = partial(_asked, question, searcher, analyzer, abbreviations)
    query, found = ask(question.query)
    interpreted, suggestion = query.interpreted, None
    if not found.total:
        from searchdb.query import keystrokes, respelling  # noqa: PLC0415 - seldom needed

        for typed in keystrokes.candidates(question.query):
            meant, decoded = ask(typed)
            if decoded.total:
                query, found, interpreted = meant, decoded, meant.interpreted or typed
                break
        else:
            others = respelling.respellings(question.query, analyzer, searcher.lexicon)
            suggestion = next((each for each in others if ask(each)[1].total), None)
    wanted = snippets.wanted(query, searcher.lexicon)
    hits = tuple(
        _hit(match, rank, searcher, analyzer, wanted, size=question.snippet_size)
        for rank, match in enumerate(found.page, start=question.offset + 1)
    )
    took = (time.perf_counter() - began) * 1000
    return SearchResult(question.query, interpreted, suggestion, found.total, took, hits)


def _asked(
    question: Question,
    searcher: Searcher,
    analyzer: Analyzer,
    abbreviations: Abbreviations,
    typed: str,
) -> tuple[Query, Matches]:
    """What `typed` means in this collection, and the page of matches for it."""
    query = interpret(
        parse(typed, syntax=question.syntax),
        typed=typed,
        analyzer=analyzer,
        lexicon=searcher.lexicon,
        abbreviations=abbreviations,
        diacritics=question.diacritics,
        match=question.match,
        filters=options.filters(question.after, question.before, question.where),
    )
    request = Request(
        query=query,
        ranking=question.ranking,
        limit=question.limit,
        offset=question.offset,
        sort=question.sort,
        group=question.group,
        explain=question.explain,
    )
    found = searcher.search(request)
    if query.telling and not found.total:
        found = searcher.search(replace(request, query=replace(query, match=query.telling)))
    return query, found


def _hit(
    match: Match, rank: int, searcher: Searcher, analyzer: Analyzer, wanted: Wanted, *, size: int
) -> Hit:
    """The match as it is shown."""
    stored = searcher.document(match.ref)
    passage = stored.passages[match.passage] if stored.passages else Passage(0, 0)
    title = title_occurrences(stored, analyzer, wanted.slots)
    found = occurrences(stored, passage, analyzer, wanted.slots)
    ends = partial(token_ends, stored, passage, analyzer)
    return Hit(
        rank=rank,
        id=stored.id,
        passage=match.passage,
        score=match.score,
        title=stored.title,
        title_highlights=snippets.highlights(stored.title, title, wanted, title=True),
        date=stored.date,
        source=stored.source,
        meta=stored.meta,
        start=passage.start,
        end=passage.end,
        snippet=snippets.snippet(stored.text, passage, found, wanted, token_ends=ends, size=size),
        relaxed=match.relaxed,
        explanation=match.parts,
    )
