"""The streams of the process: what goes where, in which encoding, how wide and in which colors.

Law: nothing here fails because a stream is closed, is not UTF-8 or is not a terminal.
"""

from __future__ import annotations

import io
import os
import shutil
import sys
from collections.abc import Mapping
from contextlib import suppress
from typing import Literal, TextIO

from searchdb.cli.render import Style

__all__ = ["ColorChoice", "choose_style", "is_terminal", "put", "silence", "tell", "use_utf8"]

ColorChoice = Literal["auto", "always", "never"]

_NARROWEST = 40
"""Cells; on less, lines would be mere columns of words."""


def use_utf8() -> None:
    """Write UTF-8 whatever the locale says; half a character comes out as its escape."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(encoding="utf-8", errors="backslashreplace")


def put(text: str) -> None:
    """Write a line of results."""
    print(text)


def tell(text: str) -> None:
    """Write a line that is no result, after the results so far; though these cannot be written."""
    try:
        if sys.stdout is not None:
            sys.stdout.flush()
    finally:
        if sys.stderr is not None:  # print would take None for standard output
            print(text, file=sys.stderr, flush=True)


def silence() -> None:
    """Send what is still to be written nowhere: it has no reader, or no room, any more."""
    nowhere = os.open(os.devnull, os.O_WRONLY)
    for stream in (sys.stdout, sys.stderr):
        if stream is not None:
            with suppress(OSError, ValueError):
                os.dup2(nowhere, stream.fileno())
    os.close(nowhere)


def is_terminal(stream: TextIO | None) -> bool:
    """Whether someone is looking at it."""
    return stream is not None and not stream.closed and stream.isatty()


def choose_style(color: ColorChoice, environ: Mapping[str, str]) -> Style:
    """How results are to look: wrapped and colored on a terminal, plain lines elsewhere.

    `auto` minds NO_COLOR (no-color.org), then FORCE_COLOR, then what standard output is.
    """
    seen = is_terminal(sys.stdout)
    if color != "auto":
        colored = color == "always"
    elif environ.get("NO_COLOR"):
        colored = False
    else:
        colored = bool(environ.get("FORCE_COLOR")) or (seen and environ.get("TERM") != "dumb")
    width = max(_NARROWEST, shutil.get_terminal_size().columns) if seen else None
    return Style(color=colored, width=width)
