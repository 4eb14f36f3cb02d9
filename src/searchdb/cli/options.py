"""The options that commands take, each declared once.

Texts of help are English here; `searchdb.cli.translation` has them in Vietnamese.
"""

from __future__ import annotations

from typing import Annotated, Literal

from typer import Argument, Option

from searchdb.cli.formats import Format
from searchdb.cli.messages import Language
from searchdb.cli.terminal import ColorChoice

# Typer reads these at run time, as the types of parameters.
IndexOption = Annotated[
    str | None,
    Option(
        "-d",
        "--index",
        metavar="DIR",
        help="The folder of the index; `index` unless the settings say otherwise.",
    ),
]
LangOption = Annotated[
    Language | None,
    Option("--lang", metavar="vi|en", help="The language of messages."),
]
QuietOption = Annotated[
    bool, Option("-q", "--quiet", help="Tell nothing but what failed; no progress bar.")
]

# index
PathsArgument = Annotated[
    list[str] | None,
    Argument(
        metavar="PATH",
        help="Files, and folders with everything in them. Without any: `sources` of the settings.",
        show_default=False,
    ),
]
IncludeOption = Annotated[
    list[str] | None,
    Option(
        "--include",
        metavar="GLOB",
        help="Take only files that match, such as '*.md' or 'news/**'. May be repeated.",
        show_default=False,
    ),
]
ExcludeOption = Annotated[
    list[str] | None,
    Option(
        "--exclude",
        metavar="GLOB",
        help="Pass over files and folders that match; goes before --include. May be repeated."
        " Documents they have in the index stay: `searchdb remove` takes them out.",
        show_default=False,
    ),
]
JsonlOption = Annotated[
    str | None,
    Option(
        "--jsonl",
        metavar="FILE|-",
        help="Add documents from JSON Lines, gzip or not, `-` for standard input: one"
        ' {"id", "text", "title", "date", "meta"} a line, or BEIR\'s corpus.jsonl.',
    ),
]
EncodingOption = Annotated[
    str | None,
    Option(
        "--encoding",
        metavar="NAME",
        help="The encoding of the files; `auto` finds out for each.",
    ),
]
KeepFurnitureOption = Annotated[
    bool | None,
    Option(
        "--keep-furniture",
        help="Rank menus, share buttons and repeated lines of a page like its text.",
        show_default=False,
    ),
]
NoPruneOption = Annotated[
    bool, Option("--no-prune", help="Keep documents whose files are not there any more.")
]
DryRunOption = Annotated[
    bool, Option("--dry-run", help="Only tell what would be done; write nothing.")
]

# query
QueryArgument = Annotated[
    list[str],
    Argument(
        metavar="TEXT",
        help='What to look for: words, "a phrase" in quotes, -word for not this one, title:word,'
        " wor* for words that begin so, OR. Quote it all for the shell.",
        show_default=False,
    ),
]
LimitOption = Annotated[
    int | None,
    Option(
        "-n",
        "--limit",
        metavar="N",
        help="How many hits to show; 10 unless the settings say otherwise.",
    ),
]
OffsetOption = Annotated[
    int, Option("--offset", metavar="N", help="How many hits to pass over first.")
]
DiacriticsOption = Annotated[
    Literal["smart", "exact", "ignore"] | None,
    Option(
        "--diacritics",
        metavar="smart|exact|ignore",
        help="Accents: `smart`, unless the settings say otherwise, demands those that are typed,"
        " `exact` every word as typed, `ignore` none.",
    ),
]
MatchOption = Annotated[
    Literal["smart", "all", "any"] | None,
    Option(
        "--match",
        metavar="smart|all|any",
        help="`smart`, unless the settings say otherwise, wants all words, then shows what comes"
        " close; `all` wants all of them; `any` at least one.",
    ),
]
AfterOption = Annotated[
    str | None,
    Option("--after", metavar="DATE", help="Dated this day (2015-09-05 or 05/09/2015) or later."),
]
BeforeOption = Annotated[
    str | None, Option("--before", metavar="DATE", help="Dated this day or earlier.")
]
WhereOption = Annotated[
    list[str] | None,
    Option(
        "--where",
        metavar="FIELD=VALUE",
        help="Only documents whose meta field has this value. May be repeated.",
        show_default=False,
    ),
]
SortOption = Annotated[
    Literal["relevance", "date"],
    Option("--sort", metavar="relevance|date", help="Best first, or newest first."),
]
GroupOption = Annotated[
    Literal["document", "passage"],
    Option(
        "--group",
        metavar="document|passage",
        help="One hit a document, its best passage; or every passage by itself.",
    ),
]
ExplainOption = Annotated[bool, Option("--explain", help="Show how each score adds up.")]
PlainOption = Annotated[
    bool, Option("--plain", help="Read TEXT as words only: no quotes, no -, no OR.")
]
FormatOption = Annotated[
    Format,
    Option(
        "--format",
        metavar="text|json|jsonl|tsv|paths",
        help="Text for people; JSON, one object or one hit a line; tab-separated values; sources.",
    ),
]
ColorOption = Annotated[
    ColorChoice,
    Option(
        "--color",
        metavar="auto|always|never",
        help="Colors; without them highlights are in [brackets].",
    ),
]

# the other commands
IdArgument = Annotated[
    str,
    Argument(metavar="ID[#PASSAGE]", help="As `searchdb query` shows it.", show_default=False),
]
IdsArgument = Annotated[
    list[str],
    Argument(metavar="ID", help="As `searchdb query` shows them, or a glob.", show_default=False),
]
TextArgument = Annotated[list[str], Argument(metavar="TEXT", help="Any text.", show_default=False)]
PrefixArgument = Annotated[
    list[str],
    Argument(metavar="PREFIX", help="A query that is half typed.", show_default=False),
]
SuggestLimitOption = Annotated[
    int, Option("-n", "--limit", metavar="N", help="How many to offer at most.")
]
ReportFormatOption = Annotated[
    Literal["text", "json"],
    Option("--format", metavar="text|json", help="Text for people, or JSON."),
]
RepairOption = Annotated[
    bool,
    Option(
        "--repair",
        help="If it is damaged, make it anew from `sources` of the settings and from what can still"
        " be read.",
    ),
]
DiscardOption = Annotated[
    bool,
    Option(
        "--discard",
        help="Go on though documents that came from no file cannot be read any more and are lost.",
    ),
]

# eval
BeirArgument = Annotated[
    str,
    Argument(
        metavar="BEIR_DIR",
        help="A folder with corpus.jsonl, queries.jsonl and qrels.tsv, see docs/evaluation.md.",
        show_default=False,
    ),
]
KeptIndexOption = Annotated[
    str | None,
    Option(
        "-d",
        "--index",
        metavar="DIR",
        help="Keep the index of the corpus in this folder; the next time it is taken from there."
        " Without it the index is thrown away.",
        show_default=False,
    ),
]
AccentsOption = Annotated[
    Literal["kept", "half", "none"] | None,
    Option(
        "--accents",
        metavar="kept|half|none",
        help="How queries are typed: as they are (the default), every second word without accents,"
        " or all of them without.",
        show_default=False,
    ),
]
FoldOption = Annotated[bool, Option("--fold-queries", help="The same as --accents none.")]
EvalMatchOption = Annotated[
    Literal["smart", "any"],
    Option("--match", metavar="smart|any", help="As in `searchdb query`."),
]
DepthOption = Annotated[
    int,
    Option(
        "--limit",
        metavar="N",
        min=1,
        max=100,
        help="How many hits to ask for, at most 100; recall@100 needs them all.",
    ),
]
RunOption = Annotated[
    str | None,
    Option(
        "--run",
        metavar="FILE",
        help="Write what was found in TREC's format.",
        show_default=False,
    ),
]
AgainstOption = Annotated[
    str | None,
    Option(
        "--against",
        metavar="RUNFILE",
        help="Compare with such a file, also of another program: the difference in nDCG@10, and p"
        " by paired randomization.",
        show_default=False,
    ),
]
HalfOption = Annotated[
    Literal["tune", "report"] | None,
    Option(
        "--half",
        metavar="tune|report",
        help="Ask only this half of the queries; a hash of the id says which it belongs to.",
        show_default=False,
    ),
]
