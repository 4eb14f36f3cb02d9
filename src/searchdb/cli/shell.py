"""What all commands share: how they end, and how a query may be typed.

Laws: an error of the library is one line and exit code 2; a reader who leaves (`| head`) and
Ctrl-C are no errors and leave no traceback; a word that begins with - is part of the query.
"""

from __future__ import annotations

import os
import re
import sys
from collections.abc import Collection, Iterable
from contextlib import suppress
from typing import Any

from typer.core import TyperCommand, TyperGroup, TyperOption

from searchdb.cli.messages import Voice, language
from searchdb.cli.render import flat
from searchdb.cli.terminal import silence, tell
from searchdb.errors import SearchDBError

__all__ = ["Shell", "WordsCommand"]

_ERROR = 2
_INTERRUPTED = 128 + 2
"""What shells say of a process that SIGINT ended."""
_UNREAD = 128 + 13
"""What shells say of a process that SIGPIPE ended, as grep does."""

_TYPO = re.compile(r"-[A-Za-z]")
"""One letter is a flag that does not exist rather than a word that is not wanted."""
_COUNT = re.compile(r"-n\d+")


class Shell(TyperGroup):
    """The group of all commands. What a command returns is the exit code."""

    def invoke(self, ctx: Any) -> Any:  # noqa: ANN401 - Typer's own types moved between its releases
        """Run a command and end as it says."""
        try:
            code = super().invoke(ctx)
            if sys.stdout is not None:
                sys.stdout.flush()
        except SearchDBError as error:
            code = _end(str(error), _ERROR)
        except KeyboardInterrupt:
            say = ctx.obj or Voice(language(None, os.environ))
            code = _end(say("stopped"), _INTERRUPTED)
        except BrokenPipeError:
            silence()
            code = _UNREAD
        except OSError as error:  # a full disk behind standard output, a folder that went away
            place = f"{error.filename}: " if error.filename else ""
            code = _end(f"{place}{error.strerror or error}", _ERROR)
        ctx.exit(code or 0)


def _end(why: str, code: int) -> int:
    """Say the last line there is, whatever has become of the streams."""
    with suppress(OSError):
        tell(f"searchdb: {flat(why)}")
        return code
    silence()
    return code


class WordsCommand(TyperCommand):
    """A command that takes words, among them such as -trường that look like flags."""

    def parse_args(self, ctx: Any, args: list[str]) -> list[str]:  # noqa: ANN401 - as above
        """Put the words behind the flags, where nothing is taken for a flag."""
        options = [param for param in self.get_params(ctx) if isinstance(param, TyperOption)]
        names = {"-h", "--help", *(name for param in options for name in param.opts)}
        valued = {name for param in options if not param.is_flag for name in param.opts}
        return super().parse_args(ctx, _words_last(args, names, valued))


def _words_last(args: Iterable[str], names: Collection[str], valued: Collection[str]) -> list[str]:
    flags: list[str] = []
    words: list[str] = []
    waiting = iter(args)
    for arg in waiting:
        if arg == "--":
            words += waiting
        elif arg in valued:
            value = next(waiting, None)
            if value is None:
                return [*words, arg]
            flags += (arg, value)
        elif arg in names or arg.startswith("--") or _TYPO.fullmatch(arg) or _COUNT.fullmatch(arg):
            flags.append(arg)
        else:
            words.append(arg)
    return [*flags, "--", *words]
