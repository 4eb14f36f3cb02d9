"""Context and flags of a command in, its settings and its language out."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING

from searchdb.cli.messages import Voice, language
from searchdb.cli.render import flat
from searchdb.errors import SearchDBError
from searchdb.settings import Overrides, Settings, load

if TYPE_CHECKING:
    import typer

__all__ = ["begin", "short"]


def begin(ctx: typer.Context, flags: Overrides) -> tuple[Settings, Voice]:
    """The settings in force for a command, and the voice that speaks their language."""
    top = ctx.find_root()
    flags["lang"] = flags.get("lang") or top.params.get("lang")
    settings = load(start=_here(), environ=os.environ, overrides=flags)
    top.obj = say = Voice(language(settings.lang, os.environ))
    return settings, say


def short(path: Path) -> str:
    """The path as seen from the current folder, if it is inside."""
    here = _here()
    return flat(str(path.relative_to(here) if path.is_relative_to(here) else path))


def _here() -> Path:
    try:
        return Path.cwd()
    except FileNotFoundError:
        raise SearchDBError("the current folder is gone: change to another one") from None
