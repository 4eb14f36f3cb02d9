"""CASE and ANSWER -> FAILURES: what a case demands and an engine did not give.

Law: an answer is judged by what it holds alone, so that any engine can be.
"""

from __future__ import annotations

import html
import re
import unicodedata
from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from searchdb.conformance.suite import Case, Expectation, Options
    from searchdb.model import Document, Range

__all__ = ["Answer", "judge", "marked"]

_BETWEEN_MARKS = re.compile(r"</mark>(\s*)<mark>")


@dataclass(frozen=True, slots=True)
class Answer:
    """What an engine gave: ids of matches, best first, and of the relaxed hits that follow them.

    `marked` are the texts shown of the first hit, its title and its snippet, with what answers the
    query inside `<mark>`. `suggestion` is the other query it offers, or took in place of the typed
    one.
    """

    matches: tuple[str, ...]
    relaxed: tuple[str, ...] = ()
    marked: tuple[str, ...] = ()
    suggestion: str | None = None


def marked(text: str, ranges: Iterable[Range], options: Options) -> str:
    """A text with its highlights inside `<mark>`, escaped if the case asks for HTML.

    `ranges` are sorted, disjoint and in code points.
    """
    escape = html.escape if options.format == "html" else str
    pieces: list[str] = []
    done = 0
    for start, end in ranges:
        pieces += (escape(text[done:start]), "<mark>", escape(text[start:end]), "</mark>")
        done = end
    return "".join([*pieces, escape(text[done:])])


def judge(case: Case, found: Answer) -> Iterator[str]:
    """Yield a sentence for each expectation of the case that the answer does not meet."""
    expect = case.expect
    returned = found.matches + (found.relaxed if case.options.relax else ())
    yield from _misplaced(expect, returned)
    intruders = [each for each in expect.never if each in found.matches]
    if intruders:
        yield f"must not match: {_listed(intruders)}"
    if expect.top is not None and returned[:1] != (expect.top,):
        yield f"wanted {expect.top} at the top, got {_listed(returned[:1])}"
    if expect.suggest is not None and _plain(found.suggestion or "") != _plain(expect.suggest):
        yield f"wanted the suggestion {expect.suggest!r}, got {found.suggestion!r}"
    merged = [_BETWEEN_MARKS.sub(r"\1", text) for text in found.marked]
    if expect.highlight is not None and not any(expect.highlight in text for text in merged):
        yield f"wanted {expect.highlight!r} marked, got {' | '.join(filter(None, merged))!r}"
    if expect.snippet_no_repeat:
        yield from _repeated([each for each in case.docs if each.id in returned[:1]], merged[-1:])


def _misplaced(expect: Expectation, returned: Sequence[str]) -> Iterator[str]:
    """Yield what is missing, out of order, or above what it belongs below."""
    missing = [each for each in (*expect.hits, *expect.also) if each not in returned]
    first = tuple(returned[: len(expect.hits)])
    if missing:
        yield f"wanted {_listed(missing)} too, got {_listed(returned)}"
    elif not expect.any_order and first != expect.hits:
        yield f"wanted {_listed(expect.hits)} first, got {_listed(returned)}"
    elif expect.also and not set(first) >= set(expect.hits):
        yield f"wanted {_listed(expect.also)} below {_listed(expect.hits)}, got {_listed(returned)}"


def _repeated(docs: Iterable[Document], shown: Iterable[str]) -> Iterator[str]:
    """Yield each line that one of the documents repeats and the snippet does, too."""
    lines = Counter(_plain(line) for each in docs for line in each.text.splitlines())
    for text in shown:
        snippet = _plain(re.sub("</?mark>", "", text))
        for line, times in lines.items():
            if line and times > 1 and snippet.count(line) > 1:
                yield f"the snippet repeats {line!r}"


def _plain(text: str) -> str:
    """A text as two people would agree on it: composed, lower case, white space as one space."""
    return " ".join(unicodedata.normalize("NFC", text).casefold().split())


def _listed(ids: Sequence[str]) -> str:
    return ", ".join(ids) or "nothing"
