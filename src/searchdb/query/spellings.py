"""TABLE OF ABBREVIATIONS -> FORMS: every row of keys that can be recognized, one a line.

A line is tab-separated: the folded keys, the accented keys, how it must be typed where its letters
read as a syllable (or nothing), the abbreviations of exactly the same readings, everything else
that it may be written as, and, where there is such a way, what it may be written as behind a word
only, because it reads as one syllable with marks. Alternatives are parted by semicolons, keys by
spaces.

Forms take ten times as long to make as a question to answer. So those of the shipped table, for the
usual analysis, are kept in `abbreviations.tsv` beside it. After a change of the table, `make
abbreviations` writes them anew; a test compares. Law: the file is what this module would make.
"""

from __future__ import annotations

import reprlib
import sys
import tomllib
from collections.abc import Callable, Container, Iterable, Iterator, Mapping, Sequence
from itertools import islice, product
from pathlib import Path
from typing import NamedTuple

from searchdb.analysis import Analyzer, fold
from searchdb.analysis.forms import ALL, NormalForms
from searchdb.analysis.normalize import normalize
from searchdb.analysis.segmenters.syllable import SyllableSegmenter
from searchdb.errors import SearchDBError
from searchdb.query.syllable import reads_as_syllable

__all__ = ["shipped", "with_own"]

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


def shipped(forms: NormalForms = ALL) -> str:
    """The forms of the shipped table for an analyzer with these normal forms."""
    return _forms(_entries(_table(), _keys_of(forms)))


def with_own(user: Path, forms: NormalForms = ALL) -> str:
    """The same with a user's file on top. Raises SearchDBError that names entry and fix."""
    keys_of = _keys_of(forms)
    own = _read(user)
    try:
        replaced = {entry.keys for entry in _entries(own, keys_of)}
        kept = {name: way for name, way in _table().items() if keys_of(name) not in replaced}
        return _forms(_entries({**kept, **own}, keys_of))
    except ValueError as error:
        raise SearchDBError(f"{user}: {error}") from None


def _table() -> dict[str, list[str]]:
    text = Path(__file__).with_name("abbreviations.toml").read_text("utf-8")
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


def _forms(entries: Sequence[_Entry]) -> str:
    """Abbreviations, readings, and readings half abbreviated, one a line."""
    off = {entry.keys for entry in entries if not entry.readings}
    entries = [entry for entry in entries if entry.readings]
    usual: dict[_Keys, list[_Keys]] = {}
    twins: dict[tuple[_Keys, ...], list[_Keys]] = {}
    led: dict[_Keys, list[_Keys]] = {}
    for entry in entries:
        twins.setdefault(entry.readings, []).append(entry.keys)
        known = usual.setdefault(entry.readings[0], [])
        if not _reads_as_words(entry.keys):
            known.append(entry.keys)
        elif len(entry.keys) == 1 and entry.keys[0] != fold.fold(entry.keys[0]):
            led.setdefault(entry.readings[0], []).append(entry.keys)
    spellings = {
        reading: tuple(islice(dict.fromkeys(_spellings(reading, usual, off)), _MOST_SPELLINGS))
        for entry in entries
        for reading in entry.readings
    }
    ways: dict[_Keys, dict[_Keys, None]] = {}
    behind: dict[_Keys, list[_Keys]] = {}
    for reading, spelled in spellings.items():
        for keys in spelled:
            ways.setdefault(keys, {}).update(dict.fromkeys(spelled))
            behind.setdefault(keys, []).extend(led.get(reading, ()))
    forms = {keys: _line(keys, others, led=behind[keys]) for keys, others in ways.items()}
    for name, keys, readings in entries:
        others = dict.fromkeys(way for reading in readings for way in spellings[reading])
        capitals = normalize(name).text if _reads_as_words(keys) else ""
        forms[keys] = _line(keys, others, twins[readings], capitals, behind.get(keys, ()))
    return "\n".join(forms.values())


def _line(
    keys: _Keys,
    others: Iterable[_Keys],
    twins: Iterable[_Keys] = (),
    capitals: str = "",
    led: Iterable[_Keys] = (),
) -> str:
    folded = " ".join(map(fold.fold, keys))
    rows = [";".join(map(" ".join, each)) for each in (twins, others, led)]
    return "\t".join((folded, " ".join(keys), capitals, *(rows if rows[-1] else rows[:-1])))


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


if __name__ == "__main__":
    sys.stdout.write(f"{shipped()}\n")
