"""Stored text, its tokens and what was asked for in, ranges to mark and snippets out.

The law: a range is made of whole tokens, a snippet is a verbatim slice of the stored text, and
several syllables asked for as one are marked as one, where they stand together.

What is asked for is a row of bits, one for each slot of the query in query order. A token answers
some of them; bit-parallel matching (Baeza-Yates and Gonnet, "A new approach to text searching",
1992) finds every sequence at once, so the time is linear in the tokens whatever they repeat.
"""

from __future__ import annotations

import re
import unicodedata
from bisect import bisect_left, bisect_right
from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from searchdb.model import Passage, Range, Snippet, Token
from searchdb.query import plan

__all__ = ["Wanted", "highlights", "snippet", "wanted"]

_WHITE = re.compile(r"\s+")
_JOINT = re.compile(r"[\s/\-\u2010-\u2015]*")
"""What may stand between two neighbors of the query marked as one: white space, dashes, slashes."""

_SENTENCE_END = (".", "!", "?", "…")
_CLOSERS = "\"'”’»)]"
_LOOK_BACK = 4  # a sentence end and up to three closing signs after it

_Run = tuple[int, int]
"""First and last token of one range."""


@dataclass(frozen=True, slots=True)
class Wanted:
    """What to mark, as bits: bit n is slot n of the query.

    `slots` maps a key to the slots it answers. `first` and `last` hold the first and the last slot
    of each sequence, `phrases` all slots of each sequence of several, `title` the slots that only
    a title can answer.
    """

    slots: Mapping[str, int]
    first: int
    last: int
    phrases: tuple[int, ...]
    title: int


@dataclass(frozen=True, slots=True)
class _Piece:
    """A run of marked tokens no longer than a snippet, and what it adds to a window.

    Runs longer than a snippet are several pieces. `merits` are the terms it covers and the
    numbers -1, -2, ... down to minus their count: the distinct merits of a window are then as
    many as the terms it covers plus the terms of its richest piece.
    """

    start: int
    end: int
    merits: tuple[int, ...]
    tokens: int


def wanted(query: plan.Query) -> Wanted:
    """What `query` asks to be marked: its sequences outside of exclusions, then its evidence.

    Neighbors demanded one by one that are a word of the evidence are marked as that word. Other
    evidence that shares a key with a sequence adds nothing: a syllable of a word is no term.
    """
    units = _words_joined(
        [unit for unit in _sequences(query.match) if unit.slots],
        {word for word in query.evidence.words if len(word) > 1},
    )
    known = {key for unit in units for slot in unit.slots for key in slot.keys}
    loose = [plan.Sequence((term,)) for term in query.evidence.terms if known.isdisjoint(term.keys)]
    slots: dict[str, int] = {}
    phrases: list[int] = []
    first = last = title = 0
    bit = 1
    for group in (units, loose):
        for unit in group:
            begin = bit
            for slot in unit.slots:
                for key in slot.keys:
                    slots[key] = slots.get(key, 0) | bit
                bit <<= 1
            first |= begin
            last |= bit >> 1
            if unit.title:
                title |= bit - begin
            if len(unit.slots) > 1:
                phrases.append(bit - begin)
        bit <<= 1  # a bit that nothing answers: the groups are not neighbors in the query
    return Wanted(slots, first, last, tuple(phrases), title)


def highlights(
    text: str, tokens: Sequence[Token], wanted: Wanted, *, title: bool = False
) -> tuple[Range, ...]:
    """The ranges of `text` that answer the query, sorted and disjoint, one for each phrase.

    `tokens` are those of one passage or, with `title=True`, of a title, with the keys that the
    index has for them and with their combining marks. A sequence of several slots is marked where
    they stand at consecutive positions. Where the tokens hold it nowhere, the parts of it that
    stand together are marked, and lone syllables of it if there is nothing else to mark, never in
    a title. Units that are neighbors in the query and in the text, with white space, dashes or
    slashes between them, are one range.
    """
    runs = _runs(text, tokens, wanted, title=title)
    return tuple((tokens[first].start, tokens[last].end) for first, last in runs)


def snippet(
    text: str, passage: Passage, tokens: Sequence[Token], wanted: Wanted, *, size: int = 300
) -> Snippet:
    """The window of `passage` that answers the query best, at most `size` code points long.

    `text` is the stored text of the document, `tokens` those of the passage. The best window has
    the most distinct terms, those of its longest run counted twice; then the most marks; then it
    is the first. It is made of whole words unless a single one is longer than `size`, and never
    parts a letter from its combining marks. Without a match it is the beginning of the passage.
    """
    size = max(size, 0)
    low, high = _trimmed(text, passage)
    runs = _runs(text, tokens, wanted, title=False)
    if high - low <= size:
        start, end = low, high
    else:
        pieces = list(_pieces(tokens, runs, wanted, size))
        core = _core(pieces, size) if pieces else (low, low)
        marked = [(tokens[first].start, tokens[last].end) for first, last in runs]
        start, end = _window(text, (low, high), core, marked=marked, tokens=tokens, size=size)
    return Snippet(
        text=text[start:end],
        highlights=tuple(_inside(tokens, runs, start, end)),
        start=start,
        cut_before=start > low,
        cut_after=end < high,
    )


def _sequences(match: plan.Node) -> Iterator[plan.Sequence]:
    """The sequences of the tree in query order, without those under a Not."""
    waiting: list[plan.Node] = [match]
    while waiting:
        node = waiting.pop()
        if isinstance(node, plan.Sequence):
            yield node
        elif isinstance(node, plan.All | plan.Any):
            waiting.extend(reversed(node.nodes))


def _words_joined(
    units: Sequence[plan.Sequence], words: Collection[tuple[str, ...]]
) -> list[plan.Sequence]:
    """The units, with rows of single slots that are one of `words` made one unit, longest first."""
    lengths = sorted({len(word) for word in words}, reverse=True)
    joined: list[plan.Sequence] = []
    index = 0
    while index < len(units):
        for length in lengths:
            row = units[index : index + length]
            if tuple(unit.slots[0].text for unit in row) in words and _alike(row):
                slots = tuple(unit.slots[0] for unit in row)
                joined.append(plan.Sequence(slots, row[0].title))
                index += len(row)
                break
        else:
            joined.append(units[index])
            index += 1
    return joined


def _alike(row: Iterable[plan.Sequence]) -> bool:
    """Whether the units are single slots of one field."""
    return {(len(unit.slots), unit.title) for unit in row} in ({(1, True)}, {(1, False)})


def _runs(text: str, tokens: Sequence[Token], wanted: Wanted, *, title: bool) -> list[_Run]:
    """The runs of tokens to mark, in order and disjoint."""
    hidden = 0 if title else wanted.title
    rows = [wanted.slots.get(token.key, 0) & ~hidden for token in tokens]
    marks = _answered(tokens, rows, wanted.first, wanted.last)
    found = 0
    for mark in marks:
        found |= mark
    scattered = 0
    for phrase in wanted.phrases:
        if not phrase & found:
            scattered |= phrase
    last = wanted.last | scattered
    if scattered:
        marks = _answered(tokens, rows, wanted.first | scattered, last)
    runs: list[_Run] = []
    for index, mark in enumerate(marks):
        if not mark:
            continue
        if runs and runs[-1][1] == index - 1 and _joined(text, tokens, marks, index, last):
            runs[-1] = (runs[-1][0], index)
        else:
            runs.append((index, index))
    lone = {run for run in runs if run[0] == run[1] and not marks[run[0]] & ~scattered}
    if title or len(lone) < len(runs):
        return [run for run in runs if run not in lone]
    return [run for run in runs if _speaks(tokens[run[0]])]


def _answered(tokens: Sequence[Token], rows: Sequence[int], first: int, last: int) -> list[int]:
    """For each token the slots it answers as part of a whole sequence.

    `rows` holds the slots that each token could answer by its key alone.
    """
    marks: list[int] = []
    reached = 0
    for index, row in enumerate(rows):
        carried = (reached & ~last) << 1 if _follows(tokens, index) else 0
        reached = (carried | first) & row
        marks.append(reached)
    completed = 0
    for index in range(len(marks) - 1, -1, -1):
        completed = marks[index] & (last | (completed & ~first) >> 1)
        marks[index] = completed
        if not _follows(tokens, index):
            completed = 0
    return marks


def _follows(tokens: Sequence[Token], index: int) -> bool:
    """Whether the token stands right after the one before it."""
    return index > 0 and tokens[index].position == tokens[index - 1].position + 1


def _joined(
    text: str, tokens: Sequence[Token], marks: Sequence[int], index: int, last: int
) -> bool:
    """Whether the marked token goes into one range with the marked token before it."""
    before = marks[index - 1]
    if before & ~last:
        return True
    if not (before << 1) & marks[index] or not _follows(tokens, index):
        return False
    return _JOINT.fullmatch(text, tokens[index - 1].end, tokens[index].start) is not None


def _speaks(token: Token) -> bool:
    """Whether a token of a phrase says something alone: a digit or a letter of a code does not."""
    return token.kind == "syllable" and len(token.folded) > 1


def _pieces(
    tokens: Sequence[Token], runs: Iterable[_Run], wanted: Wanted, size: int
) -> Iterator[_Piece]:
    for first, last in runs:
        begin = first
        for index in range(first, last + 1):
            if index == last or tokens[index + 1].end - tokens[begin].start > size:
                terms = {_term(tokens[at], wanted) for at in range(begin, index + 1)}
                merits = (*terms, *range(-len(terms), 0))
                count = index + 1 - begin
                yield _Piece(tokens[begin].start, tokens[index].end, merits, count)
                begin = index + 1


def _term(token: Token, wanted: Wanted) -> int:
    """The first slot that the key answers, so that a term asked for twice counts once."""
    slots = wanted.slots[token.key]
    return slots & -slots


def _core(pieces: Sequence[_Piece], size: int) -> Range:
    """The smallest range that holds what makes the best window the best; a piece at least."""
    merits: Counter[int] = Counter()
    best, chosen = (0, 0), (0, 1)
    stop = tokens = 0
    for begin, piece in enumerate(pieces):
        while stop < len(pieces) and (stop <= begin or pieces[stop].end - piece.start <= size):
            merits.update(pieces[stop].merits)
            tokens += pieces[stop].tokens
            stop += 1
        if (len(merits), tokens) > best:
            best, chosen = (len(merits), tokens), (begin, stop)
        _forget(merits, piece)
        tokens -= piece.tokens
    begin, stop = chosen
    merits = Counter(merit for piece in pieces[begin:stop] for merit in piece.merits)
    while _spare(merits, pieces[stop - 1]):
        stop -= 1
        _forget(merits, pieces[stop])
    while _spare(merits, pieces[begin]):
        _forget(merits, pieces[begin])
        begin += 1
    return pieces[begin].start, pieces[stop - 1].end


def _forget(merits: Counter[int], piece: _Piece) -> None:
    for merit in piece.merits:
        if merits[merit] == 1:
            del merits[merit]
        else:
            merits[merit] -= 1


def _spare(merits: Counter[int], piece: _Piece) -> bool:
    return all(merits[merit] > 1 for merit in piece.merits)


def _window(
    text: str,
    bounds: Range,
    core: Range,
    *,
    marked: Sequence[Range],
    tokens: Sequence[Token],
    size: int,
) -> Range:
    """The slice of at most `size` to show around `core`, with about as much on either side."""
    low, high = bounds
    begin, stop = core[0], min(core[1], core[0] + size)
    context = (size - (stop - begin)) // 2
    start = _opening(text, low, max(low, begin - context), begin, marked)
    if start + size >= high:
        return _opening(text, low, high - size, start, marked), high
    return start, _closing(text, start, (stop, start + size), marked=marked, tokens=tokens)


def _opening(text: str, bound: int, low: int, high: int, marked: Sequence[Range]) -> int:
    """Where to begin in [low, high]: at a sentence, else at a word, else at `high`."""
    if low <= bound:
        return bound
    word = high
    for gap in _WHITE.finditer(text, low - 1, high):
        place = gap.end()
        if _crossed(marked, place) is not None:
            continue
        before = text[max(bound, gap.start() - _LOOK_BACK) : gap.start()].rstrip(_CLOSERS)
        if "\n" in gap.group() or (before.endswith(_SENTENCE_END) and not text[place].islower()):
            return place
        word = min(word, place)
    return word


def _closing(
    text: str, start: int, reach: Range, *, marked: Sequence[Range], tokens: Sequence[Token]
) -> int:
    """Where to end within `reach`: after a word, else after a token, else between letters."""
    low, high = reach
    crossed = _crossed(marked, high)
    if crossed is not None and crossed[0] >= low:
        high = crossed[0]
    end = max((gap.start() for gap in _WHITE.finditer(text, low, high + 1)), default=start)
    if end > start:
        return end
    index = bisect_right(tokens, high, key=lambda token: token.end)
    if index and tokens[index - 1].end >= max(low, start + 1):
        high = tokens[index - 1].end
    while high > start and unicodedata.category(text[high]).startswith("M"):
        high -= 1
    return high


def _crossed(marked: Sequence[Range], place: int) -> Range | None:
    """The range that a cut at `place` would part."""
    index = bisect_left(marked, (place, 0)) - 1
    return marked[index] if index >= 0 and place < marked[index][1] else None


def _inside(tokens: Sequence[Token], runs: Iterable[_Run], start: int, end: int) -> Iterator[Range]:
    """The ranges of `runs` within the window, as offsets in it."""
    from_token = bisect_right(tokens, start, key=lambda token: token.end)
    to_token = bisect_left(tokens, end, key=lambda token: token.start) - 1
    for run in runs:
        first, last = max(run[0], from_token), min(run[1], to_token)
        if first <= last:
            yield max(tokens[first].start, start) - start, min(tokens[last].end, end) - start


def _trimmed(text: str, passage: Passage) -> Range:
    """The passage without white space at its ends."""
    inner = text[passage.start : passage.end]
    start = passage.start + len(inner) - len(inner.lstrip())
    return start, start + len(inner.strip())
