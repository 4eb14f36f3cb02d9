"""Syllables of a query in, the abbreviations among them and what may be abbreviated out.

Both ways: `UBND` is `ủy ban nhân dân`, and what is spelled out may stand in a document as `UBND`.
The words are in `abbreviations.toml` beside this module; a user's file of the same form goes on
top of it. Four rules decide the rest, so that no entry needs more than its readings:

* The first reading of an abbreviation is its usual one. An abbreviation is read in every way
  listed, but only the usual one is also looked for as the abbreviation: `trung tâm` is not `TT`.
* An abbreviation counts in any case, unless its letters read as a syllable: `tư` is a word, `TƯ`
  is `trung ương`, and in a text all in capitals neither is certain, so there it is a word.
* An index knows no case. So a lone key that reads as a syllable is never an alternative: `trung
  ương` may be `tw`, or `t` and `ư` side by side (T.Ư), but not `tư`, which is every `tư` there is.
* A document number is written one way but for the spelling of its abbreviations: in `03-CT/TW`
  the piece `tw` may be `tư`, which is certain between its neighbors, but nothing is spelled out.

Law: what is typed stays the first way to read it, and time is linear in the length of the query.
"""

from __future__ import annotations

import reprlib
import tomllib
from collections.abc import Callable, Container, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import islice, product
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from searchdb.analysis import Analyzer, fold
from searchdb.analysis.forms import ALL, NormalForms
from searchdb.analysis.normalize import normalize
from searchdb.analysis.segmenters.syllable import SyllableSegmenter
from searchdb.errors import SearchDBError
from searchdb.query.expansion import Expansion, answers, ties
from searchdb.query.syllable import reads_as_syllable

if TYPE_CHECKING:
    from searchdb.analysis.analyzer import Syllables

__all__ = ["Abbreviations", "load"]

_Keys = tuple[str, ...]
_KeysOf = Callable[[str], _Keys]

_TABLE = "abbreviations"
"""The one table of a file."""

_LONGEST = 16
"""Syllables of an abbreviation or a reading; the longest in official use have 14."""

_MOST_READINGS = 8
_MOST_SPELLINGS = 12
"""Ways to write one reading; some names have more, by the abbreviations of their parts."""

_LARGEST_FILE = 64 * 1024
"""Bytes of a user's file; tomllib takes quadratic time on a long dotted key."""

_AND = "và"
"""May be left out of a name: `giáo dục (và) đào tạo`."""


class _Entry(NamedTuple):
    """A line of the table."""

    name: str
    keys: _Keys
    readings: tuple[_Keys, ...]


@dataclass(frozen=True, slots=True)
class _Form:
    """A row of keys that the table knows, and what else it may be written as.

    `capitals` is how it must be typed where its letters read as a syllable. `twins` are the
    abbreviations of exactly the same readings.
    """

    keys: _Keys
    others: tuple[_Keys, ...]
    twins: tuple[_Keys, ...] = ()
    capitals: str | None = None


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

    def __init__(self, table: Mapping[str, Sequence[str]], keys_of: _KeysOf) -> None:
        """Readings by abbreviation, the usual one first; `keys_of` makes accented keys of a text.

        Raises ValueError that names the entry and the fix.
        """
        forms = _forms(_entries(table, keys_of))
        self._longest = max((len(form.keys) for form in forms), default=0)
        self._in_capitals = {form.keys for form in forms if form.capitals is not None}
        self._forms: dict[_Keys, list[_Form]] = {}
        for form in forms:
            self._forms.setdefault(tuple(map(fold.fold, form.keys)), []).append(form)

    def readings(self, text: str, found: Syllables) -> tuple[Expansion, ...]:
        """The abbreviations, and what may be abbreviated, in a stretch of a query.

        `found` are the syllables of `text`. From left to right, the longest at each place wins.
        """
        chains = _chains(text, found)
        shouted = self._is_shouted(text, found)
        expansions: list[Expansion] = []
        place = 0
        while place < len(found.keys):
            expansion = self._at(place, text, found, chains, shouted=shouted)
            if expansion is not None:
                expansions.append(expansion)
            place = place + 1 if expansion is None else expansion.end
        return tuple(expansions)

    def _at(
        self, start: int, text: str, found: Syllables, chains: Sequence[_Chain], *, shouted: bool
    ) -> Expansion | None:
        """The longest expansion that begins at a place."""
        for end in range(min(len(found.keys), start + self._longest), start, -1):
            known = self._forms.get(tuple(found.folded[start:end]))
            if known is None or _cuts_number(chains, start, end):
                continue
            typed = tuple(found.keys[start:end])
            written = text[found.starts[start] : found.ends[end - 1]]
            forms = [
                form
                for form in known
                if all(map(answers, typed, form.keys))
                and _is_meant(form, written, chains[start], shouted=shouted)
            ]
            forms = [form for form in forms if form.keys == typed] or forms
            ways = dict.fromkeys(
                keys
                for form in forms
                for keys in (form.twins if _is_piece(chains[start], start, end) else form.others)
            )
            ways.pop(typed, None)
            if ways:
                return Expansion(start, end, tuple(ways))
        return None

    def _is_shouted(self, text: str, found: Syllables) -> bool:
        """Whether words stand there all in capitals, so that capitals tell nothing."""
        return not any(map(str.islower, text)) and any(
            reads_as_syllable(key) and (key,) not in self._in_capitals for key in found.keys
        )


def load(user: Path | None = None, *, forms: NormalForms = ALL) -> Abbreviations:
    """The shipped table, with a user's file on top of it, for an analyzer with these normal forms.

    An entry of the file takes the place of the shipped one with the same letters; without readings
    (`"TP" = []`) it switches that off. Without a file the table is made once and kept. Raises
    SearchDBError that names the file, the entry and the fix.
    """
    if user is None:
        return _load_shipped(forms)
    keys_of = _keys_of(forms)
    own = _read(user)
    try:
        replaced = {entry.keys for entry in _entries(own, keys_of)}
        kept = {name: way for name, way in _shipped().items() if keys_of(name) not in replaced}
        return Abbreviations({**kept, **own}, keys_of)
    except ValueError as error:
        raise SearchDBError(f"{user}: {error}") from None


@lru_cache(maxsize=4)
def _load_shipped(forms: NormalForms) -> Abbreviations:
    return Abbreviations(_shipped(), _keys_of(forms))


def _shipped() -> dict[str, list[str]]:
    text = Path(__file__).with_suffix(".toml").read_text("utf-8")
    table: dict[str, list[str]] = tomllib.loads(text)[_TABLE]
    return table


def _keys_of(forms: NormalForms) -> _KeysOf:
    # Keys never depend on the segmenter, so the one that loads no model will do.
    analyzer = Analyzer(SyllableSegmenter(), forms)
    return lambda text: tuple(analyzer.syllables(text).keys)


def _read(path: Path) -> dict[str, list[str]]:
    """The table of a user's file, every value a list of texts."""
    try:
        if not path.is_file():  # reading a pipe would wait for ever
            raise SearchDBError(f"{path}: no such file: give the file of your abbreviations")
        with path.open("rb") as file:
            data = file.read(_LARGEST_FILE + 1)
    except (OSError, ValueError) as error:
        raise SearchDBError(f"{path}: cannot read the abbreviations ({error})") from error
    if len(data) > _LARGEST_FILE:
        raise SearchDBError(f"{path}: longer than {_LARGEST_FILE} bytes: leave entries out")
    try:
        content = tomllib.loads(data.decode("utf-8-sig"))
    except UnicodeDecodeError as error:
        raise SearchDBError(f"{path}: not UTF-8: save the file as UTF-8") from error
    except RecursionError as error:
        raise SearchDBError(f"{path}: nested too deeply: write one [{_TABLE}] table") from error
    except ValueError as error:  # not only TOMLDecodeError: so does a number of 5000 digits
        raise SearchDBError(f"{path}: not valid TOML: {str(error)[:200]}") from error
    table = content.pop(_TABLE, None)
    if not isinstance(table, dict) or content:
        raise SearchDBError(f"{path}: put every entry below one line [{_TABLE}], and nothing else")
    for name, readings in table.items():
        if not isinstance(readings, list) or not all(isinstance(each, str) for each in readings):
            shown = reprlib.repr(name)
            raise SearchDBError(f'{path}: {shown}: write its readings as ["...", "..."]')
    return table


def _entries(table: Mapping[str, Sequence[str]], keys_of: _KeysOf) -> list[_Entry]:
    """The lines of a table as keys, each checked."""
    entries: dict[_Keys, _Entry] = {}
    for name, readings in table.items():
        entry = _Entry(name, keys_of(name), tuple(map(keys_of, readings)))
        shown = reprlib.repr(name)
        same = entries.setdefault(entry.keys, entry)
        if same is not entry:
            raise ValueError(f"{shown} is the same as {reprlib.repr(same.name)}: keep one of them")
        if not 0 < len(entry.keys) <= _LONGEST:
            raise ValueError(f"{shown} is no abbreviation: write 1 to {_LONGEST} letters or parts")
        if not all(0 < len(keys) <= _LONGEST for keys in entry.readings):
            raise ValueError(f"{shown}: write readings of 1 to {_LONGEST} syllables")
        if len(readings) > _MOST_READINGS:
            raise ValueError(f"{shown} has {len(readings)} readings: keep {_MOST_READINGS}")
        if _reads_as_words(entry.keys) and not name.isupper():
            raise ValueError(f"{shown} reads as a word: write it in capitals to tell them apart")
    return list(entries.values())


def _forms(entries: Sequence[_Entry]) -> list[_Form]:
    """Everything that can be recognized: abbreviations, readings, and readings half abbreviated."""
    off = {entry.keys for entry in entries if not entry.readings}
    entries = [entry for entry in entries if entry.readings]
    usual: dict[_Keys, list[_Keys]] = {}
    twins: dict[tuple[_Keys, ...], list[_Keys]] = {}
    for entry in entries:
        twins.setdefault(entry.readings, []).append(entry.keys)
        known = usual.setdefault(entry.readings[0], [])
        if not _reads_as_words(entry.keys):
            known.append(entry.keys)
    spellings = {
        reading: tuple(islice(dict.fromkeys(_spellings(reading, usual, off)), _MOST_SPELLINGS))
        for entry in entries
        for reading in entry.readings
    }
    ways: dict[_Keys, dict[_Keys, None]] = {}
    for spelled in spellings.values():
        for keys in spelled:
            ways.setdefault(keys, {}).update(dict.fromkeys(spelled))
    forms = {keys: _Form(keys, tuple(others)) for keys, others in ways.items()}
    for name, keys, readings in entries:
        others = dict.fromkeys(way for reading in readings for way in spellings[reading])
        capitals = normalize(name).text if _reads_as_words(keys) else None
        forms[keys] = _Form(keys, tuple(others), tuple(twins[readings]), capitals)
    return list(forms.values())


def _spellings(
    reading: _Keys, usual: Mapping[_Keys, Sequence[_Keys]], off: Container[_Keys]
) -> Iterator[_Keys]:
    """The ways to write a reading, some of them twice: in full, short, and short in parts."""
    yield reading
    yield tuple(key for key in reading if key != _AND) or reading
    yield from usual.get(reading, ())
    options: list[Sequence[_Keys]] = []
    start = 0
    while start < len(reading):
        ends = range(len(reading) - (start == 0), start, -1)
        end = next((end for end in ends if reading[start:end] in usual), start + 1)
        part = reading[start:end]
        options.append((part, *usual.get(part, ())))
        start = end
    for parts in islice(product(*options), _MOST_SPELLINGS):
        keys = tuple(key for part in parts for key in part)
        if keys not in off:
            yield keys


def _reads_as_words(keys: _Keys) -> bool:
    """Whether the letters among the keys are syllables, all of them."""
    letters = [key for key in keys if not key.isdecimal()]
    return bool(letters) and all(map(reads_as_syllable, letters))


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
