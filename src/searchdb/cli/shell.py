"""What all commands share: how they end, how their help is framed, how a query may be typed.

Laws: an error is one line and exit code 2, and a wrong call is shown what a right one looks like;
a reader who leaves (`| head`) and Ctrl-C are no errors; whatever has become of the streams, there
is no traceback; a word that begins with - is part of the query.
"""

from __future__ import annotations

import re
import sys
from collections.abc import Collection, Iterable, Iterator, Sequence
from contextlib import contextmanager, suppress
from typing import Any

import typer
from typer.core import TyperCommand, TyperGroup, TyperOption

from searchdb.cli.render import flat
from searchdb.cli.session import voice
from searchdb.cli.terminal import silence, tell
from searchdb.errors import SearchDBError

__all__ = ["Command", "Shell", "WordsCommand"]

_ERROR = 2
_INTERRUPTED = 128 + 2
"""What shells say of a process that SIGINT ended."""
_UNREAD = 128 + 13
"""What shells say of a process that SIGPIPE ended, as grep does."""

_TYPO = re.compile(r"-[A-Za-z]")
"""One letter is a flag that does not exist rather than a word that is not wanted."""
_COUNT = re.compile(r"-n\d+")

_HELP = {"-h", "--help"}
_UsageError: Any = typer.BadParameter.__base__
"""All errors about how a command was called: Typer keeps the name to itself."""


class _Helpful:
    """A command or the group of all: what `--help` looks like, in the language of its texts."""

    vietnamese = False
    params: list[Any]

    def collect_usage_pieces(self, _: Any) -> list[str]:  # noqa: ANN401 - Typer's own types moved between its releases
        """What stands behind the name in a usage line: `[OPTIONS] TEXT...`."""
        pieces = ["[OPTIONS]"]
        for param in self.params:
            if param.param_type_name == "argument":
                written = f"{param.metavar}..." if param.nargs != 1 else param.metavar
                pieces.append(written if param.required else f"[{written}]")
        return [*pieces, "COMMAND ..."] if hasattr(self, "commands") else pieces

    def get_help(self, ctx: Any) -> str:  # noqa: ANN401 - as above
        """The page."""
        page: str = super().get_help(ctx)  # type: ignore[misc] # of the class beside this one
        if self.vietnamese:
            from searchdb.cli.translation import framed  # noqa: PLC0415 - only help needs it

            return framed(page)
        return page


class Command(_Helpful, TyperCommand):
    """A command."""


class Shell(_Helpful, TyperGroup):
    """The group of all commands. What a command returns is the exit code."""

    _arguments: Sequence[str] = ()

    def make_context(self, info_name: Any, args: list[str], *rest: Any, **more: Any) -> Any:  # noqa: ANN401 - as above
        """Read what stands before the name of the command."""
        self._arguments = tuple(args)
        if not args or _HELP & set(args):
            from searchdb.cli.translation import translate  # noqa: PLC0415 - only help needs it

            if voice(args).lang == "vi":
                translate(self)
        with _ended(self._arguments):
            return super().make_context(info_name, args, *rest, **more)

    def invoke(self, ctx: Any) -> Any:  # noqa: ANN401 - as above
        """Run a command and end as it says."""
        with _ended(self._arguments):
            code = super().invoke(ctx)
        ctx.exit(code or 0)


@contextmanager
def _ended(arguments: Sequence[str]) -> Iterator[None]:
    """End as the laws say, whatever happens inside; all results are written when it is over."""
    try:
        try:
            yield
        finally:
            if sys.stdout is not None:
                sys.stdout.flush()
    except SearchDBError as error:
        code = _end(_worded(str(error), arguments), _ERROR)
    except _UsageError as error:
        code = _end(_call(error, arguments), _ERROR)
    except KeyboardInterrupt:
        say = voice(arguments)
        code = _end(f"searchdb: {say('stopped')}", _INTERRUPTED)
    except BrokenPipeError:
        silence()
        code = _UNREAD
    except OSError as error:  # a full disk behind standard output, a folder that went away
        place = f"{error.filename}: " if error.filename else ""
        code = _end(_worded(f"{place}{error.strerror or error}", arguments), _ERROR)
    else:
        return
    raise typer.Exit(code)


def _worded(why: str, arguments: Sequence[str]) -> str:
    """The line of an error."""
    from searchdb.cli.catalog import worded  # noqa: PLC0415 - only an error needs it

    return f"searchdb: {flat(worded(why, voice(arguments).lang))}"


def _call(error: Any, arguments: Sequence[str]) -> str:  # noqa: ANN401 - as above
    """What is wrong with a call, and what a right one looks like."""
    message = error.format_message()
    if error.ctx is None:
        return _worded(message, arguments)
    if not arguments:
        return str(message)  # the whole page of help
    say, command = voice(arguments), error.ctx.command
    usage = f"{error.ctx.command_path} {' '.join(command.collect_usage_pieces(error.ctx))}"
    more = say("usage", usage=usage, help=f"{error.ctx.command_path} --help")
    return f"{_worded(message, arguments)}\n{more}"


def _end(words: str, code: int) -> int:
    """Say the last words there are, whatever has become of the streams."""
    with suppress(OSError):
        tell(words)
        return code
    silence()
    return code


class WordsCommand(Command):
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
