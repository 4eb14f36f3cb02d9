"""COMMAND that tries cases of behavior: conformance.

Law: a line for each case, in the order of the file, whatever the cases hold.
"""

from __future__ import annotations

from typing import Annotated

import typer

from searchdb.cli import options as opt
from searchdb.cli.render import columns, flat
from searchdb.cli.session import begin
from searchdb.cli.terminal import put
from searchdb.settings import Overrides

__all__ = ["conformance"]


def conformance(
    ctx: typer.Context,
    file: Annotated[
        str | None,
        typer.Argument(
            metavar="FILE",
            help="Cases in JSON Lines, see docs/conformance.md. Without it: those of searchdb.",
            show_default=False,
        ),
    ] = None,
    *,
    lang: opt.LangOption = None,
) -> int:
    """Try cases of behavior, each on an index of its own in memory.

    Shows which pass, and why the others fail. Exits with 0 if all pass, 1 if some fail, 2 if the
    file cannot be read.
    """
    from searchdb.conformance import read, run  # noqa: PLC0415 - no other command needs the engine

    _, say = begin(ctx, Overrides(lang=lang))
    outcomes = list(run(read(file)))
    passed = sum(not outcome.failures for outcome in outcomes)
    rows = [
        (
            flat(outcome.case.name),
            "FAIL" if outcome.failures else "pass",
            flat("; ".join(outcome.failures)),
        )
        for outcome in outcomes
    ]
    for line in columns(rows):
        put(line)
    put(say("cases_passed", passed=passed, count=len(outcomes)))
    return 0 if passed == len(outcomes) else 1
