"""RUN <-> FILE: which documents were found for each query, in the format of TREC.

`query Q0 document rank score tag` a line. Law: what is written is read back the same, and programs
that order by score (trec_eval does) find the order of the ranks.
"""

from __future__ import annotations

import math
import os
import re
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path

from searchdb.errors import ReadError, SearchDBError
from searchdb.readers.source import fetch, shown

__all__ = ["Run", "check_trec_ids", "read_run", "write_run"]

Run = Mapping[str, Sequence[str]]
"""The ids of the documents found for each query id, best first."""

_FIELDS = 6
_SPACE = re.compile(r"\s")


def check_trec_ids(ids: Iterable[str]) -> None:
    """Raise SearchDBError for an id with white space, which the format cannot hold."""
    for each in ids:
        if _SPACE.search(each):
            raise SearchDBError(f"the id {each!r} holds white space, which a run cannot: rename it")


def write_run(run: Run, path: str | os.PathLike[str], *, tag: str) -> None:
    """Write a run of ids that `check_trec_ids` lets pass.

    The score is 1/rank: close matches follow full ones whatever either of them scores. Raises
    OSError.
    """
    with Path(path).open("w", encoding="utf-8", newline="\n") as lines:
        for query, found in run.items():
            lines.writelines(
                f"{query} Q0 {document} {rank} {1 / rank:.6f} {tag}\n"
                for rank, document in enumerate(found, 1)
            )


def read_run(path: str | os.PathLike[str]) -> dict[str, tuple[str, ...]]:
    """Read a run: best score first, equal ones as they stand. Raises ReadError, naming the line."""
    path = Path(path)
    name = shown(path.as_posix())
    scored: dict[str, dict[str, float]] = {}
    for number, line in enumerate(fetch(path)[0].splitlines(), 1):
        try:
            fields = line.decode("utf-8-sig").split()
        except UnicodeDecodeError:
            raise ReadError(f"{name}:{number}", "is not valid UTF-8: save it as UTF-8") from None
        if not fields:
            continue
        if len(fields) != _FIELDS:
            reason = f"has {len(fields)} fields: a run has `query Q0 document rank score tag`"
            raise ReadError(f"{name}:{number}", reason)
        query, _, document, _, score, _ = fields
        found = scored.setdefault(query, {})
        if document in found:
            raise ReadError(f"{name}:{number}", f"finds {document!r} a second time: keep one")
        found[document] = _score(score, f"{name}:{number}")
    return {
        query: tuple(sorted(found, key=lambda document: -found[document]))
        for query, found in scored.items()
    }


def _score(text: str, place: str) -> float:
    try:
        score = float(text)
    except ValueError:
        score = math.nan
    if not math.isfinite(score):
        raise ReadError(place, f"its score is {text[:40]!r}: write a number")
    return score
