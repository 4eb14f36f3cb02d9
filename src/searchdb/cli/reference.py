"""The tree of commands in, docs/cli.md out: `python -m searchdb.cli.reference > docs/cli.md`.

Law: the page says what the commands say of themselves and looks the same whatever the terminal,
the language and the release of Typer.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import typer

from searchdb.cli.app import app
from searchdb.cli.terminal import put, use_utf8

__all__ = ["reference"]

_HEAD = """\
# Command line

<!-- Written by `make docs` from the commands themselves: change the texts in src/searchdb/cli. -->

Results go to standard output, everything else (how the query was understood, counts, progress,
errors) to standard error. `searchdb COMMAND --help` says the same as this page, in Vietnamese
where the locale is Vietnamese or none was chosen; `--lang vi|en` overrules it.
"""

_TAIL = """\
## Exit codes

| code | |
|---|---|
| 0 | something was found or done |
| 1 | nothing was found: no hit, no such id, a damaged index in `check` |
| 2 | an error: a line on standard error that begins with `searchdb:` |
| 130 | stopped with Ctrl-C; the index is unharmed |
| 141 | whoever read the output went away, as in `searchdb query ... \\| head -1` |

`query` exits with 0 if it shows anything, close matches included; `--match all` finds nothing but
full matches.

## Settings

The nearest wins: an option, then `SEARCHDB_*` in the environment (`SEARCHDB_INDEX`,
`SEARCHDB_LIMIT` and so on), then `searchdb.toml` in the current folder, then `searchdb/config.toml`
in the user's folder for settings (`~/.config` on Linux), then what is built in.

```toml
sources = ["articles"]      # what `searchdb index` reads when it is given no PATH
index = "index"             # -d, --index
include = ["*.txt"]         # --include
exclude = ["drafts"]        # --exclude
encoding = "auto"           # --encoding
keep_furniture = false      # --keep-furniture
diacritics = "smart"        # --diacritics
match = "smart"             # --match
limit = 10                  # -n, --limit
lang = "vi"                 # --lang
abbreviations = "own.toml"  # read beside those that are built in: docs/settings.md
workers = 2                 # processes that share the work on much text
```

Relative paths are relative to the folder of the file they are written in. The id of a file is its
path relative to the folder of `searchdb.toml` (without one: the current folder) when the index was
made.

## Files

Text (`.txt`) and Markdown (`.md`, `.markdown`) are read, in any encoding that can be recognized,
and JSON Lines with `--jsonl`. YAML between two lines `---` on top of a Markdown file gives
`title`, `date` and, with all its other fields, what `--where` asks for: `--where author=An`; a
list is one value, its items joined by a comma and a space. What is no plain YAML stays part of
the text.

A file that is gone takes its document along; one that is excluded later, or cannot be read any
more, does not: `searchdb remove 'drafts/*'` takes such documents out.

## Formats of results

* `text` is for people. On a terminal it is wrapped and colored; elsewhere a hit is two lines, and
  what answers the query is in brackets. `NO_COLOR`, `FORCE_COLOR` and `TERM=dumb` are minded.
* `json` is one object on one line: `version` (1), `query`, `interpreted`, `suggestion`, `total`,
  `took_ms`, `hits`. A hit has `rank`, `id`, `passage`, `score`, `title`, `date`, `source`, `text`,
  `highlights`, `title_highlights`, `start`, `end`, `relaxed`, `meta`, and with `--explain` an
  `explanation`: `stream`, `term` and `score` of each addend. `text` is a slice of the stored
  document; `highlights` are ranges in it, `start` and `end` the place of the passage in the
  document, all in code points. `total` counts documents and leaves out the relaxed ones.
* `jsonl` is one such hit a line.
* `tsv` is one hit a line, without a heading: rank, score, id, passage, date, title, text, relaxed
  (`true` or `false`).
* `paths` is for `xargs` and the like: the source of each hit, else its id, each once. As with
  `grep -l`, close matches are not among them, and the exit code is 1 where there is nothing else.
  Sources of files are relative to the folder that ids are relative to (`searchdb stats`).

Control characters, and those that turn the direction of writing round, come out as escapes in JSON
and as U+FFFD everywhere else: a document cannot act on your terminal.

## Words that begin with a hyphen

`searchdb query chi bộ -trường` excludes *trường*: options of a query may stand anywhere, and what
is none of them is part of the query. One letter alone, as in `-x`, is taken for an option that does
not exist; write it after `--`.

## Completion

`searchdb --install-completion` teaches bash, zsh, fish and PowerShell to complete commands, options
and their values.
"""


def reference() -> str:
    """The whole page."""
    command = typer.main.get_command(app)
    sections = [_HEAD, _section("searchdb", command)]
    sections += [
        _section(f"searchdb {name}", inner)
        for name, inner in command.commands.items()  # type: ignore[attr-defined] # it is a group
    ]
    return "\n".join([*sections, _TAIL])


def _section(name: str, command: Any) -> str:  # noqa: ANN401 - Typer's own types moved
    """One command: how to call it, what it does, its options, examples."""
    params = [param for param in command.params if not param.name.endswith("_completion")]
    usage = " ".join([name, *command.collect_usage_pieces(None)])
    lines = [f"## {name}", "", "```", usage, "```", "", _flat(command.help), ""]
    lines += [*_table(params), ""]
    if command.epilog:
        lines += ["```", command.epilog.removeprefix("\b\n"), "```", ""]
    return "\n".join(lines)


def _table(params: list[Any]) -> Iterator[str]:
    yield "| | | default |"
    yield "|---|---|---|"
    for param in params:
        if param.param_type_name == "argument":
            names = f"`{param.metavar}`"
        else:
            metavar = f" {param.metavar}" if param.metavar else ""
            names = ", ".join(f"`{name}`" for name in param.opts[:-1])
            names += f"{', ' if names else ''}`{param.opts[-1]}{metavar}`"
        default = param.default
        shown = "" if default is None or default is False else f"`{default}`"
        cells = (names, _flat(param.help), shown)
        yield "| " + " | ".join(cell.replace("|", "\\|") for cell in cells) + " |"


def _flat(text: str) -> str:
    return " ".join(text.split())


if __name__ == "__main__":
    use_utf8()
    put(reference().rstrip("\n"))
