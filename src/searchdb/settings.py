"""Flags, environment and settings files in, one `Settings` out.

The nearest wins: flags, then `SEARCHDB_*` variables, then `searchdb.toml` in the current folder,
then the user's own `config.toml`, then the defaults. Every level is checked whole, so a slip is
reported where it was made even while a nearer level hides it. The caller hands in the environment
and the current folder; only the place of the user's file is asked of the system (platformdirs).
"""

from __future__ import annotations

import codecs
import os
import reprlib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal, TypedDict

from searchdb.errors import SearchDBError

__all__ = ["FILE_NAME", "Overrides", "Settings", "load"]

FILE_NAME = "searchdb.toml"
"""The settings file of a project, looked for in the current folder only."""

_LONGEST = 16 * 1024
"""Bytes of a settings file that are read; tomllib takes quadratic time on a long dotted key."""

_MOST = 10_000
"""The largest `limit`: as many hits as one search gives."""

_MOST_WORKERS = 64
"""More processes than this wait for the one that reads and writes."""

_SWITCHES = {
    **dict.fromkeys(("1", "true", "yes", "on"), True),
    **dict.fromkeys(("0", "false", "no", "off"), False),
}


@dataclass(frozen=True, slots=True)
class Settings:
    """Everything a command can be told in advance.

    All paths are absolute. `base` is the folder that file ids are relative to: the folder of the
    `searchdb.toml` in force, else the current folder. `lang=None` leaves the language of messages
    to the locale, `workers=None` the number of processes to the machine.
    """

    base: Path
    index: Path
    sources: tuple[Path, ...] = ()
    include: tuple[str, ...] = ()
    exclude: tuple[str, ...] = ()
    encoding: str = "auto"
    keep_furniture: bool = False
    lang: Literal["vi", "en"] | None = None
    diacritics: Literal["smart", "exact", "ignore"] = "smart"
    match: Literal["smart", "all", "any"] = "smart"
    limit: int = 10
    abbreviations: Path | None = None
    workers: int | None = None


class Overrides(TypedDict, total=False):
    """What the flags of one command say; None is a flag that was not given."""

    sources: Sequence[str | Path] | None
    index: str | Path | None
    include: Sequence[str] | None
    exclude: Sequence[str] | None
    encoding: str | None
    keep_furniture: bool | None
    lang: str | None
    diacritics: str | None
    match: str | None
    limit: int | None
    abbreviations: str | Path | None
    workers: int | None


def load(
    *,
    start: Path,
    environ: Mapping[str, str],
    overrides: Overrides | None = None,
    user_file: Path | None = None,
) -> Settings:
    """Merge all levels into the settings in force for a command run in the folder `start`.

    Relative paths of a file are relative to the folder of that file, all others to `start`. Lists
    in the environment are separated by `os.pathsep`; an empty variable counts as not set.
    `user_file` stands in for the user's own file. Raises SearchDBError that names the file or
    variable, the key and what was expected.
    """
    base = start.absolute()
    merged: dict[str, Any] = {"index": base / "index"}
    merged |= _from_file(_user_file() if user_file is None else user_file)
    merged |= _from_file(base / FILE_NAME)
    merged |= _from_environ(environ, base)
    merged |= _from_overrides(overrides or {}, base)
    return Settings(base=base, **merged)


def _user_file() -> Path:
    from platformdirs import user_config_path  # noqa: PLC0415 - only a command needs it

    return user_config_path("searchdb", appauthor=False) / "config.toml"


def _from_file(path: Path) -> dict[str, object]:
    values = {}
    for key, value in _read_toml(path).items():
        if key not in _KINDS:
            raise SearchDBError(f"{path}: there is no setting {reprlib.repr(key)}: {_advice(key)}")
        values[key] = _check(key, value, folder=path.parent, origin=f"{path}: {key}")
    return values


def _read_toml(path: Path) -> dict[str, Any]:
    try:
        if not path.exists():
            return {}
        if not path.is_file():  # reading a pipe would wait for ever
            raise SearchDBError(f"{path}: not a file: move it out of the way")
        with path.open("rb") as file:
            data = file.read(_LONGEST + 1)
    except OSError as error:
        raise SearchDBError(f"{path}: cannot read the settings ({error.strerror})") from error
    if len(data) > _LONGEST:
        raise SearchDBError(f"{path}: longer than {_LONGEST} bytes: these are no settings")
    import tomllib  # noqa: PLC0415 - only a file that is there needs it

    try:
        return tomllib.loads(data.decode("utf-8-sig"))
    except UnicodeDecodeError as error:
        raise SearchDBError(f"{path}: not UTF-8: save the file as UTF-8") from error
    except RecursionError as error:
        raise SearchDBError(f"{path}: nested too deeply: these are no settings") from error
    except ValueError as error:  # not only TOMLDecodeError: so does a number of 5000 digits
        raise SearchDBError(f"{path}: not valid TOML: {str(error)[:200]}") from error


def _from_environ(environ: Mapping[str, str], folder: Path) -> dict[str, object]:
    # Unknown variables are none of our business: Kubernetes sets SEARCHDB_PORT beside a service
    # of our name.
    values = {}
    for key, kind in _KINDS.items():
        name = f"SEARCHDB_{key.upper()}"
        text = environ.get(name)
        if text:
            values[key] = _check(key, kind.from_text(text), folder=folder, origin=name)
    return values


def _from_overrides(overrides: Overrides, folder: Path) -> dict[str, object]:
    return {
        key: _check(key, value, folder=folder, origin=f"--{key.replace('_', '-')}")
        for key, value in overrides.items()
        if value is not None
    }


def _advice(key: str) -> str:
    import difflib  # noqa: PLC0415 - only a slip needs it

    close = difflib.get_close_matches(key[:80].lower(), _KINDS, n=1)
    if close:
        return f'did you mean "{close[0]}"?'
    return f"the settings are {', '.join(sorted(_KINDS))}"


def _check(key: str, value: object, *, folder: Path, origin: str) -> object:
    kind = _KINDS[key]
    if not kind.fits(value):
        raise SearchDBError(f"{origin}: expected {kind.expected}, not {reprlib.repr(value)}")
    return kind.keep(value, folder)


@dataclass(frozen=True, slots=True)
class _Kind:
    """What one setting may hold, how a variable spells it, and how `Settings` keeps it.

    `from_text` gives what it cannot read back as it is, for `fits` to refuse; `keep` is only called
    on what fits.
    """

    expected: str
    fits: Callable[[object], bool]
    from_text: Callable[[str], object] = str
    keep: Callable[[Any, Path], object] = lambda value, _: value


def _is_text(value: object) -> bool:
    return isinstance(value, str) and bool(value.strip()) and "\0" not in value


def _is_encoding(value: object) -> bool:
    """Whether Python knows it, and as one of texts: it has codecs from bytes to bytes too."""
    if value == "auto":
        return True
    if not isinstance(value, str):
        return False
    try:
        codecs.lookup(value)
        b"-".decode(value)
    except UnicodeDecodeError:  # UTF-16 takes two bytes
        return True
    except (LookupError, ValueError):
        return False
    return True


def _is_path(value: object) -> bool:
    return _is_text(str(value) if isinstance(value, Path) else value)


def _is_switch(value: object) -> bool:
    return isinstance(value, bool)


def _is_count(value: object) -> bool:
    return type(value) is int and 1 <= value <= _MOST


def _is_crew(value: object) -> bool:
    return type(value) is int and 1 <= value <= _MOST_WORKERS


def _each(fits: Callable[[object], bool]) -> Callable[[object], bool]:
    return lambda value: isinstance(value, (list, tuple)) and all(map(fits, value))


def _split(text: str) -> list[str]:
    return [item for item in text.split(os.pathsep) if item]


def _switch(text: str) -> object:
    return _SWITCHES.get(text.strip().lower(), text)


def _whole_number(text: str) -> object:
    digits = text.strip()
    return int(digits) if digits.isdecimal() and len(digits) <= len(str(_MOST)) else text


def _one_of(*choices: str) -> _Kind:
    *others, last = (f'"{choice}"' for choice in choices)
    return _Kind(f"{', '.join(others)} or {last}", lambda value: value in choices)


_TEXT_LIST = _Kind(
    'a list of texts, such as ["*.txt"]',
    _each(_is_text),
    _split,
    lambda texts, _: tuple(texts),
)

_KINDS: Mapping[str, _Kind] = {
    "sources": _Kind(
        'a list of files and folders, such as ["notes"]',
        _each(_is_path),
        _split,
        lambda paths, folder: tuple(folder / path for path in paths),
    ),
    "index": _Kind('a folder, such as "index"', _is_path, keep=lambda path, folder: folder / path),
    "include": _TEXT_LIST,
    "exclude": _TEXT_LIST,
    "encoding": _Kind('"auto" or the name of an encoding, such as "cp1258"', _is_encoding),
    "keep_furniture": _Kind("true or false", _is_switch, _switch),
    "lang": _one_of("vi", "en"),
    "diacritics": _one_of("smart", "exact", "ignore"),
    "match": _one_of("smart", "all", "any"),
    "limit": _Kind(f"a whole number from 1 to {_MOST}", _is_count, _whole_number),
    "abbreviations": _Kind(
        'a TOML file, such as "abbreviations.toml"',
        _is_path,
        keep=lambda path, folder: folder / path,
    ),
    "workers": _Kind(f"a whole number from 1 to {_MOST_WORKERS}", _is_crew, _whole_number),
}
"""The settings there are: the keys of a file and, as `SEARCHDB_<KEY>`, of the environment."""
