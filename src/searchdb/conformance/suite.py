"""LINES OF JSON -> CASES: what a search engine for Vietnamese must do, as data.

docs/conformance.md describes the format, which knows nothing of this engine. Law: a line that is
not understood is an error, never a case with fewer demands.
"""

from __future__ import annotations

import json
import os
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import chain
from pathlib import Path
from typing import Any, Literal

from searchdb.errors import ReadError
from searchdb.model import Document
from searchdb.readers.source import fetch

__all__ = ["Case", "Expectation", "Options", "read"]

_SHIPPED = Path(__file__).with_name("cases.jsonl")

_Kind = type | tuple[str, ...]
"""A JSON type, or the texts that are allowed."""

_CASE: Mapping[str, _Kind] = {
    "name": str,
    "docs": list,
    "query": str,
    "opts": dict,
    "expect": dict,
    "why": str,
    "source": str,
    "priority": ("must", "should"),
}
_DOCUMENT: Mapping[str, _Kind] = {"id": str, "text": str, "title": str, "date": str, "meta": dict}
_OPTIONS: Mapping[str, _Kind] = {
    "diacritics": ("smart", "exact", "ignore"),
    "operator": ("or",),
    "relax": bool,
    "format": ("html",),
}
_EXPECT: Mapping[str, _Kind] = {
    "hits": list,
    "any_order": bool,
    "also": list,
    "not": list,
    "top": str,
    "suggest": str,
    "highlight": str,
    "snippet_no_repeat": bool,
}
_KINDS = {str: "text", list: "a list", dict: "an object", bool: "true or false"}


@dataclass(frozen=True, slots=True)
class Options:
    """How a case wants to be searched; a case without options gets the default mode.

    `relax` says that a relaxed hit is what is expected. `format` is that of the marked text: as it
    is, or with everything but the marks escaped.
    """

    diacritics: Literal["smart", "exact", "ignore"] = "smart"
    operator: Literal["or"] | None = None
    relax: bool = False
    format: Literal["html"] | None = None


@dataclass(frozen=True, slots=True)
class Expectation:
    """What must come back; every field that is empty demands nothing. See docs/conformance.md."""

    hits: tuple[str, ...] = ()
    any_order: bool = False
    also: tuple[str, ...] = ()
    never: tuple[str, ...] = ()
    top: str | None = None
    suggest: str | None = None
    highlight: str | None = None
    snippet_no_repeat: bool = False


@dataclass(frozen=True, slots=True)
class Case:
    """Documents to index, a query, and what must come back. `name` is unique in a suite."""

    name: str
    docs: tuple[Document, ...]
    query: str
    expect: Expectation
    options: Options = field(default_factory=Options)
    why: str = ""
    source: str = ""
    priority: Literal["must", "should"] = "must"

    @property
    def group(self) -> str:
        """What the case is about: the part of its name before a slash, "" without one."""
        group, slash, _ = self.name.partition("/")
        return group if slash else ""


def read(source: str | os.PathLike[str] | None = None) -> tuple[Case, ...]:
    """Read a suite, one case a line; the one that comes with searchdb unless a file is named.

    UTF-8; blank lines are passed over. Raises ReadError, naming the first bad line, for a file
    that cannot be read, holds no case, or has a key or a value that the format does not know.
    """
    path = _SHIPPED if source is None else Path(source)
    cases: dict[str, Case] = {}
    for number, line in enumerate(fetch(path)[0].splitlines(), 1):
        if not line.strip():
            continue
        try:
            case = _case(line)
        except ValueError as error:
            raise ReadError(f"{path.as_posix()}:{number}", str(error)) from None
        if cases.setdefault(case.name, case) is not case:
            raise ReadError(f"{path.as_posix()}:{number}", f"is a second {case.name!r}: rename one")
    if not cases:
        raise ReadError(path.as_posix(), "holds no case: write one JSON object on each line")
    return tuple(cases.values())


def _case(line: bytes) -> Case:
    """One line as a case. Raises ValueError, its message the reason."""
    try:
        record = json.loads(line.decode("utf-8-sig"))
        json.dumps(record, ensure_ascii=False).encode()
    except UnicodeDecodeError:
        raise ValueError("is not valid UTF-8: save it as UTF-8") from None
    except UnicodeEncodeError:
        raise ValueError("holds half a character (a lone escape like \\ud83d): remove it") from None
    except json.JSONDecodeError as error:
        raise ValueError(f"is not JSON: {error.msg} at character {error.pos + 1}") from None
    except RecursionError:
        raise ValueError("is nested too deeply: a case is flat") from None
    given = _fields(record, _CASE, "the case", needed=("name", "docs", "query", "expect"))
    docs = tuple(
        Document(**_fields(each, _DOCUMENT, "a document", needed=("id", "text")))
        for each in given.pop("docs")
    )
    expect = _fields(given.pop("expect"), _EXPECT, "`expect`")
    options = _fields(given.pop("opts", {}), _OPTIONS, "`opts`")
    _check_ids([each.id for each in docs], expect)
    expect["never"] = expect.pop("not", ())
    return Case(docs=docs, expect=Expectation(**expect), options=Options(**options), **given)


def _fields(
    record: object, kinds: Mapping[str, _Kind], of: str, *, needed: Iterable[str] = ()
) -> dict[str, Any]:
    """The fields of a JSON object, lists as tuples. Raises ValueError for what is not foreseen."""
    if not isinstance(record, dict):
        raise ValueError(f"{of} is not a JSON object")  # noqa: TRY004 - one kind for every bad line
    for key, value in record.items():
        kind = kinds.get(key)
        if kind is None:
            raise ValueError(f"{of} has the unknown key {key!r}: known are {', '.join(kinds)}")
        if isinstance(kind, tuple) and value not in kind:
            raise ValueError(f"{key!r} of {of} is {value!r}: known are {', '.join(kind)}")
        if isinstance(kind, type) and not isinstance(value, kind):
            raise ValueError(f"{key!r} of {of} must be {_KINDS[kind]}")  # noqa: TRY004 - as above
    missing = [key for key in needed if key not in record]
    if missing:
        raise ValueError(f"{of} has no {missing[0]!r}")
    return {key: tuple(value) if kinds[key] is list else value for key, value in record.items()}


def _check_ids(ids: Sequence[str], expect: Mapping[str, Any]) -> None:
    """Raise ValueError for ids that are not those of the documents: such a demand is a slip."""
    if len(set(ids)) < len(ids):
        raise ValueError("two documents have the same id: rename one")
    if not expect:
        raise ValueError("`expect` is empty: say what must come back")
    named = [*chain.from_iterable(expect.get(key, ()) for key in ("hits", "also", "not"))]
    named += [expect["top"]] if "top" in expect else []
    strangers = [each for each in named if not isinstance(each, str) or each not in set(ids)]
    if strangers:
        raise ValueError(f"`expect` names {strangers[0]!r}, which no document has as its id")
