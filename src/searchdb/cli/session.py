"""Context and flags of a command in, its settings and its language out.

Law: the language of an error and of the help is that of the command, also where its settings or
its arguments are what is wrong.
"""

from __future__ import annotations

import os
from collections.abc import Sequence
from itertools import pairwise
from pathlib import Path
from typing import TYPE_CHECKING

from searchdb.cli.messages import Voice, language
from searchdb.cli.render import flat
from searchdb.errors import SearchDBError
from searchdb.settings import Overrides, Settings, load

if TYPE_CHECKING:
    import typer

__all__ = ["begin", "short", "voice"]


def begin(ctx: typer.Context, flags: Overrides) -> tuple[Settings, Voice]:
    """The settings in force for a command, and the voice that speaks their language."""
    top = ctx.find_root()
    flags["lang"] = flags.get("lang") or top.params.get("lang")
    settings = load(start=_here(), environ=os.environ, overrides=flags)
    top.obj = say = Voice(language(settings.lang, os.environ))
    return settings, say


def voice(arguments: Sequence[str]) -> Voice:
    """The voice for a call whose arguments were not, or could not be, read."""
    asked = _asked_language(arguments)
    try:
        lang = asked or load(start=_here(), environ=os.environ).lang
    except SearchDBError:  # wrong settings may be the very thing to tell
        lang = os.environ.get("SEARCHDB_LANG")
    return Voice(language(lang, os.environ))


def _asked_language(arguments: Sequence[str]) -> str | None:
    """What `--lang` says, the last one if there are several."""
    asked = None
    for argument, following in pairwise([*arguments, ""]):
        if argument == "--":
            break
        if argument == "--lang":
            asked = following
        elif argument.startswith("--lang="):
            asked = argument.removeprefix("--lang=")
    return asked


def short(path: Path) -> str:
    """The path as seen from the current folder, if it is inside."""
    here = _here()
    return flat(str(path.relative_to(here) if path.is_relative_to(here) else path))


def _here() -> Path:
    try:
        return Path.cwd()
    except FileNotFoundError:
        raise SearchDBError("the current folder is gone: change to another one") from None
