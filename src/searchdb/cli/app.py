"""ARGUMENTS -> COMMANDS: the program `searchdb`, put together.

Law: every command ends as `shell` says; `main` is the only place that looks at `sys.argv`.
"""

from __future__ import annotations

import gc
import os
import sys
from collections.abc import Sequence
from itertools import pairwise
from typing import Annotated

import typer

import searchdb
from searchdb.cli import asking, changing, conforming
from searchdb.cli.messages import language
from searchdb.cli.options import LangOption
from searchdb.cli.shell import Shell, WordsCommand
from searchdb.cli.terminal import put, use_utf8

__all__ = ["app", "main"]

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

app.command(epilog=_INDEX_EXAMPLES)(changing.index)
app.command(epilog=_QUERY_EXAMPLES, cls=WordsCommand)(asking.query)
app.command()(asking.show)
app.command(cls=WordsCommand)(asking.suggest)
app.command(cls=WordsCommand)(asking.analyze)
app.command()(asking.stats)
app.command()(changing.check)
app.command()(changing.rebuild)
app.command()(changing.remove)
app.command()(conforming.conformance)


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


def main() -> None:
    """Run the command line of this process."""
    use_utf8()
    command = typer.main.get_command(app)
    if language(_asked_language(sys.argv), os.environ) == "vi":
        from searchdb.cli.translation import translate  # noqa: PLC0415 - only one language needs it

        translate(command)
    try:
        command(prog_name="searchdb")
    finally:
        # Python would look through all that is left for circles, though the process ends here:
        # a seventh of the time of a question.
        gc.freeze()


def _asked_language(arguments: Sequence[str]) -> str | None:
    """The language that help is wanted in, which is shown before the arguments are read."""
    for argument, following in pairwise([*arguments, ""]):
        if argument == "--lang":
            return following
        if argument.startswith("--lang="):
            return argument.removeprefix("--lang=")
    return os.environ.get("SEARCHDB_LANG")
