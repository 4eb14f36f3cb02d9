"""CASES -> OUTCOMES: behavior that can be demanded of any engine, tried on this one or another.

`read` gives the cases of a suite, `run` tries them; whatever turns a `Case` into an `Answer` is an
engine. Law: every case has an index of its own.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

from searchdb.conformance.judging import Answer, judge, marked
from searchdb.conformance.suite import Case, Expectation, Options, read
from searchdb.errors import SearchDBError
from searchdb.opening import open_index

if TYPE_CHECKING:
    from searchdb.engine import SearchDB

__all__ = [
    "Answer",
    "Case",
    "Engine",
    "Expectation",
    "Options",
    "Outcome",
    "answer",
    "in_memory",
    "judge",
    "marked",
    "read",
    "run",
]

_PAGE = 10

Engine = Callable[[Case], Answer]
"""Indexes the documents of a case, asks its query and nothing else."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """A case and what it fails for, a short sentence each; none means that it passes."""

    case: Case
    failures: tuple[str, ...]


def in_memory(case: Case) -> Answer:
    """What searchdb answers from an index in memory that holds the documents of the case alone."""
    with open_index(None) as db:
        return answer(db, case)


def answer(db: SearchDB, case: Case) -> Answer:
    """Add the documents of a case to an empty index, ask its query, and say what came back."""
    db.add(case.docs)
    result = db.search(
        case.query,
        limit=max(_PAGE, len(case.docs)),
        diacritics=case.options.diacritics,
        match="any" if case.options.operator == "or" else "smart",
    )
    shown: tuple[str, ...] = ()
    for hit in result.hits[:1]:
        snippet = hit.snippet
        shown = (
            marked(hit.title, hit.title_highlights, case.options),
            marked(snippet.text, snippet.highlights, case.options),
        )
    return Answer(
        matches=tuple(hit.id for hit in result.hits if not hit.relaxed),
        relaxed=tuple(hit.id for hit in result.hits if hit.relaxed),
        marked=shown,
        suggestion=result.suggestion or result.interpreted,
    )


def run(cases: Iterable[Case], engine: Engine = in_memory) -> Iterator[Outcome]:
    """Try each case on an engine, by default searchdb in memory, and yield what came of it.

    An error of searchdb fails the case that raised it.
    """
    for case in cases:
        try:
            found = engine(case)
        except SearchDBError as error:
            yield Outcome(case, (f"{type(error).__name__}: {error}",))
        else:
            yield Outcome(case, tuple(judge(case, found)))
