"""Syllables of a query in, the abbreviations among them and what may be abbreviated out.

Both ways: `UBND` is `ủy ban nhân dân`, and what is spelled out may stand in a document as `UBND`.
The words are in `abbreviations.toml` beside this module; a user's file of the same form goes on
top of it. Four rules decide the rest, so that no entry needs more than its readings:

* The first reading of an abbreviation is its usual one. An abbreviation is read in every way
  listed, but only the usual one is also looked for as the abbreviation: `trung tâm` is not `TT`.
* An abbreviation counts in any case, unless its letters read as a syllable: `tư` is a word, `TƯ`
  is `trung ương`, and in a text all in capitals neither is certain, so there it is a word.
* An index knows no case. So a lone key that reads as a syllable is no alternative by itself: `trung
  ương` may be `tw`, or `t` and `ư` side by side (T.Ư), but `tư`, which is every `tư` there is, only
  right behind a word that stands before it in the query, too (`bệnh viện TƯ`), and only if it has
  marks: `công an` is never `ca`.
* A document number is written one way but for the spelling of its abbreviations: in `03-CT/TW`
  the piece `tw` may be `tư`, which is certain between its neighbors, but nothing is spelled out.

Law: what is typed stays the first way to read it, and time is linear in the length of the query.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING

from searchdb.analysis import fold
from searchdb.analysis.forms import ALL, NormalForms
from searchdb.analysis.normalize import normalize
from searchdb.query.expansion import Expansion, answers, ties
from searchdb.query.syllable import reads_as_syllable

if TYPE_CHECKING:
    from searchdb.analysis.analyzer import Syllables

__all__ = ["Abbreviations", "load"]

_Keys = tuple[str, ...]


@dataclass(frozen=True, slots=True)
class _Form:
    """A row of keys that the table knows, and what else it may be written as.

    `capitals` is how it must be typed where its letters read as a syllable. `twins` are the
    abbreviations of exactly the same readings, `led` those that count behind a word only.
    """

    keys: _Keys
    capitals: str | None
    twins: tuple[_Keys, ...]
    others: tuple[_Keys, ...]
    led: tuple[_Keys, ...]


@dataclass(frozen=True, slots=True)
class _Chain:
    """Where a row of syllables that are written together begins and ends.

    `number` says that it is written as document numbers are, with a slash or with digits and signs;
    `initials` that some of its letters read as no syllable.
    """

    start: int
    end: int
    number: bool
    initials: bool


class Abbreviations:
    """A table of abbreviations, ready to read queries. Safe to use from several threads."""

    def __init__(self, forms: str) -> None:
        """The lines that `query.spellings` makes; a form is read when a query comes upon it."""
        self._lines: dict[str, list[str]] = {}
        for line in filter(None, forms.split("\n")):
            folded, _, form = line.partition("\t")
            self._lines.setdefault(folded, []).append(form)
        self._longest: dict[str, int] = {}
        for folded in self._lines:
            first, _, rest = folded.partition(" ")
            length = 2 + rest.count(" ") if rest else 1
            if length > self._longest.get(first, 0):
                self._longest[first] = length

    def _known(self, folded: Sequence[str]) -> list[_Form]:
        return [_form(line) for line in self._lines.get(" ".join(folded), ())]

    def readings(self, text: str, found: Syllables) -> tuple[Expansion, ...]:
        """The abbreviations, and what may be abbreviated, in a stretch of a query.

        `found` are the syllables of `text`. From left to right, the longest at each place wins.
        """
        reach = [self._longest.get(folded, 0) for folded in found.folded]
        if not any(reach):
            return ()
        chains = _chains(text, found)
        shouted = self._is_shouted(text, found)
        expansions: list[Expansion] = []
        place = 0
        while place < len(reach):
            ends = range(min(len(reach), place + reach[place]), place, -1)
            each = (self._at(place, end, text, found, chains, shouted=shouted) for end in ends)
            expansion = next(filter(None, each), None)
            if expansion is not None:
                expansions.append(expansion)
            place = place + 1 if expansion is None else expansion.end
        return tuple(expansions)

    def _at(
        self,
        start: int,
        end: int,
        text: str,
        found: Syllables,
        chains: Sequence[_Chain],
        *,
        shouted: bool,
    ) -> Expansion | None:
        """The expansion of this very range."""
        known = self._known(found.folded[start:end])
        if not known or _cuts_number(chains, start, end):
            return None
        typed = tuple(found.keys[start:end])
        written = text[found.starts[start] : found.ends[end - 1]]
        forms = [
            form
            for form in known
            if all(map(answers, typed, form.keys))
            and _is_meant(form, written, chains[start], shouted=shouted)
        ]
        forms = [form for form in forms if form.keys == typed] or forms
        piece = _is_piece(chains[start], start, end)
        ways = dict.fromkeys(
            keys for form in forms for keys in (form.twins if piece else form.others)
        )
        led = dict.fromkeys(keys for form in forms for keys in form.led if not piece)
        ways.pop(typed, None)
        led.pop(typed, None)
        return Expansion(start, end, tuple(ways), tuple(led)) if ways or led else None

    def _is_shouted(self, text: str, found: Syllables) -> bool:
        """Whether words stand there all in capitals, so that capitals tell nothing."""
        return not any(map(str.islower, text)) and any(
            reads_as_syllable(key) and not self._is_abbreviation(key) for key in found.keys
        )

    def _is_abbreviation(self, key: str) -> bool:
        """Whether these letters are an abbreviation if they are typed in capitals."""
        known = self._known((fold.fold(key),))
        return any(form.keys == (key,) and form.capitals is not None for form in known)


def load(user: Path | None = None, *, forms: NormalForms = ALL) -> Abbreviations:
    """The shipped table, with a user's file on top of it, for an analyzer with these normal forms.

    An entry of the file takes the place of the shipped one with the same letters; without readings
    (`"TP" = []`) it switches that off. Without a file the table is made once and kept. Raises
    SearchDBError that names the file, the entry and the fix.
    """
    if user is None:
        return _load_shipped(forms)
    from searchdb.query import spellings  # noqa: PLC0415 - seldom needed

    return Abbreviations(spellings.with_own(user, forms))


@lru_cache(maxsize=4)
def _load_shipped(forms: NormalForms) -> Abbreviations:
    if forms == ALL:
        return Abbreviations(Path(__file__).with_suffix(".tsv").read_text("utf-8"))
    from searchdb.query import spellings  # noqa: PLC0415 - as above

    return Abbreviations(spellings.shipped(forms))


def _form(line: str) -> _Form:
    keys, capitals, twins, others, *led = line.split("\t")
    ways = (_rows(each) for each in (twins, others, "".join(led)))
    return _Form(tuple(keys.split(" ")), capitals or None, *ways)


def _rows(alternatives: str) -> tuple[_Keys, ...]:
    return tuple(tuple(keys.split(" ")) for keys in alternatives.split(";") if keys)


def _chains(text: str, found: Syllables) -> list[_Chain]:
    """The chain of each syllable."""
    signs = ties(text, found)
    chains: list[_Chain] = []
    while (start := len(chains)) < len(found.keys):
        end = start + 1
        while end < len(found.keys) and found.joined[end]:
            end += 1
        keys, inner = found.keys[start:end], signs[start + 1 : end]
        number = "/" in inner or (any(inner) and any(map(str.isdecimal, keys)))
        initials = any(not key.isdecimal() and not reads_as_syllable(key) for key in keys)
        chains += [_Chain(start, end, number, initials)] * (end - start)
    return chains


def _cuts_number(chains: Sequence[_Chain], start: int, end: int) -> bool:
    """Whether the range begins, or ends, inside a document number and goes beyond it."""
    first, last = chains[start], chains[end - 1]
    if first is last:
        return False
    return (first.number and start > first.start) or (last.number and end < last.end)


def _is_piece(chain: _Chain, start: int, end: int) -> bool:
    """Whether the range, which begins in this chain, is a part of a document number."""
    return chain.number and end <= chain.end and end - start < chain.end - chain.start


def _is_meant(form: _Form, written: str, chain: _Chain, *, shouted: bool) -> bool:
    """Whether what is typed with these keys is the abbreviation, not a word."""
    if form.capitals is None or chain.initials:
        return True
    return normalize(written).text == form.capitals and not shouted
