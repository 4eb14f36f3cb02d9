"""Results in, text for programs out: JSON, JSON Lines, tab-separated values, paths.

Law: one record is one line, and no format changes within one version of it. JSON escapes what
could act on a terminal or end a line; the other formats have U+FFFD in its place.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from typing import Any, Literal

from searchdb.cli.render import flat, named
from searchdb.model import Hit, SearchResult

__all__ = ["VERSION", "Format", "as_json", "machine_lines"]

Format = Literal["text", "json", "jsonl", "tsv", "paths"]

VERSION = 1
"""Of the JSON. It rises when a field goes or changes its meaning, not when one is added."""

_ACTIVE = re.compile(r"[\x7f-\x9f\u2028\u2029\u202a-\u202e\u2066-\u2069]")


def machine_lines(
    result: SearchResult, layout: Literal["json", "jsonl", "tsv", "paths"], *, explain: bool
) -> Iterator[str]:
    """The lines of a result in one of the formats for programs.

    Paths are those of full matches alone, as `grep -l` has it: what reads them cannot see more.
    """
    if layout == "json":
        yield as_json(_object(result, explain=explain))
    elif layout == "jsonl":
        yield from (as_json(_hit(hit, explain=explain)) for hit in result.hits)
    elif layout == "tsv":
        yield from map(_row, result.hits)
    else:
        full = (hit for hit in result.hits if not hit.relaxed)
        yield from dict.fromkeys(named(hit.source or hit.id) for hit in full)


def as_json(value: object) -> str:
    """One line of JSON."""
    text = json.dumps(value, ensure_ascii=False, separators=(",", ":"))
    return _ACTIVE.sub(lambda found: f"\\u{ord(found[0]):04x}", text)


def _object(result: SearchResult, *, explain: bool) -> Mapping[str, Any]:
    return {
        "version": VERSION,
        "query": result.query,
        "interpreted": result.interpreted,
        "suggestion": result.suggestion,
        "total": result.total,
        "took_ms": round(result.took_ms, 1),
        "hits": [_hit(hit, explain=explain) for hit in result.hits],
    }


def _hit(hit: Hit, *, explain: bool) -> Mapping[str, Any]:
    fields = {
        "rank": hit.rank,
        "id": hit.id,
        "passage": hit.passage,
        "score": _score(hit.score),
        "title": hit.title,
        "date": hit.date,
        "source": hit.source,
        "text": hit.snippet.text,
        "highlights": hit.snippet.highlights,
        "title_highlights": hit.title_highlights,
        "start": hit.start,
        "end": hit.end,
        "relaxed": hit.relaxed,
        "meta": dict(hit.meta),
    }
    if explain:
        fields["explanation"] = [
            {"stream": part.stream, "term": part.term, "score": _score(part.score)}
            for part in hit.explanation
        ]
    return fields


def _row(hit: Hit) -> str:
    cells = (
        str(hit.rank),
        str(_score(hit.score)),
        named(hit.id),
        str(hit.passage),
        hit.date or "",
        flat(hit.title),
        flat(hit.snippet.text),
        "true" if hit.relaxed else "false",
    )
    return "\t".join(cells)


def _score(score: float) -> float:
    return round(score, 6)
