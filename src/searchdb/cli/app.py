"""ARGUMENTS -> COMMANDS: the program `searchdb`, put together.

Law: every command ends as `shell` says.
"""

from __future__ import annotations

import gc
import sys
from collections.abc import Sequence
from copy import copy
from typing import TYPE_CHECKING, Annotated

import typer

import searchdb
from searchdb.cli import asking, changing, conforming, evaluating
from searchdb.cli.options import LangOption
from searchdb.cli.shell import Command, Shell, WordsCommand
from searchdb.cli.terminal import put, use_utf8

if TYPE_CHECKING:
    from typer.models import CommandInfo

__all__ = ["app", "main"]

_YOUNG = 200_000
"""New objects after which Python looks for circles; a question makes fewer."""

app = typer.Typer(
    name="searchdb",
    cls=Shell,
    no_args_is_help=True,
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)

_INDEX_EXAMPLES = """\b
searchdb index news notes.md --exclude drafts
zcat corpus.jsonl.gz | searchdb index --jsonl -"""

_QUERY_EXAMPLES = """\b
searchdb query sinh hoat chi bo -n 5
searchdb query '"sinh hoạt chi bộ" -trường' --after 2015-01-01
searchdb query chỉ thị 03-CT/TW --format json"""

app.command(epilog=_INDEX_EXAMPLES, cls=Command)(changing.index)
app.command(epilog=_QUERY_EXAMPLES, cls=WordsCommand)(asking.query)
app.command(cls=Command)(asking.show)
app.command(cls=WordsCommand)(asking.suggest)
app.command(cls=WordsCommand)(asking.analyze)
app.command(cls=Command)(asking.stats)
app.command(cls=Command)(changing.check)
app.command(cls=Command)(changing.rebuild)
app.command(cls=Command)(changing.remove)
app.command(cls=Command)(conforming.conformance)
app.command("eval", cls=Command)(evaluating.evaluate)


def _version(asked: bool) -> None:  # noqa: FBT001 - Typer calls it
    if asked:
        put(f"searchdb {searchdb.__version__}")
        raise typer.Exit


@app.callback()
def root(
    *,
    version: Annotated[
        bool, typer.Option("--version", callback=_version, is_eager=True, help="Show the version.")
    ] = False,
    lang: LangOption = None,
) -> None:
    """Search Vietnamese text: accents typed or not, compounds kept together."""


def _wanted(arguments: Sequence[str]) -> typer.Typer:
    """The program, with one command only where that is known: Typer makes all there are, in 10 ms.

    Whatever else may stand there is read with all of them at hand.
    """
    program = copy(app)
    named = [each for each in app.registered_commands if _name(each) in arguments[:1]]
    program.registered_commands = named or app.registered_commands
    return program


def _name(command: CommandInfo) -> str:
    return str(command.name or getattr(command.callback, "__name__", ""))


def main() -> None:
    """Run the command line of this process."""
    use_utf8()
    # Modules are no garbage: looking for some while they are loaded is a tenth of a question.
    gc.set_threshold(_YOUNG)
    try:
        _wanted(sys.argv[1:])(prog_name="searchdb")
    finally:
        # Python would look through all that is left for circles, though the process ends here:
        # a seventh of the time of a question.
        gc.freeze()
