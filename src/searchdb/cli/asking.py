"""COMMANDS that look: query, show, suggest, analyze, stats.

Law: each reads its settings, asks the engine one thing, shows the answer, and returns its exit
code as grep does: 0 something, 1 nothing.
"""

from __future__ import annotations

import os
from collections.abc import Sequence

import typer

import searchdb
from searchdb.cli import options as opt
from searchdb.cli import render
from searchdb.cli.formats import VERSION, as_json, machine_lines
from searchdb.cli.messages import Voice
from searchdb.cli.session import begin, short
from searchdb.cli.terminal import choose_style, put, tell
from searchdb.model import Passage, SearchResult, StoredDocument
from searchdb.settings import Overrides

__all__ = ["analyze", "query", "show", "stats", "suggest"]


def query(
    ctx: typer.Context,
    text: opt.QueryArgument,
    *,
    folder: opt.IndexOption = None,
    limit: opt.LimitOption = None,
    offset: opt.OffsetOption = 0,
    diacritics: opt.DiacriticsOption = None,
    match: opt.MatchOption = None,
    after: opt.AfterOption = None,
    before: opt.BeforeOption = None,
    where: opt.WhereOption = None,
    sort: opt.SortOption = "relevance",
    group: opt.GroupOption = "document",
    explain: opt.ExplainOption = False,
    plain: opt.PlainOption = False,
    layout: opt.FormatOption = "text",
    color: opt.ColorOption = "auto",
    lang: opt.LangOption = None,
) -> int:
    """Find what answers a query, the best first.

    Accents may be left out: those that are typed are demanded. Exits with 0 if anything is found,
    1 if nothing is.
    """
    settings, say = begin(
        ctx, Overrides(index=folder, limit=limit, diacritics=diacritics, match=match, lang=lang)
    )
    conditions = _conditions(where or ())
    with searchdb.open(settings.index, abbreviations=settings.abbreviations) as db:
        result = db.search(
            " ".join(text),
            limit=settings.limit,
            offset=offset,
            diacritics=settings.diacritics,
            match=settings.match,
            after=after,
            before=before,
            where=conditions,
            sort=sort,
            group=group,
            syntax="plain" if plain else "smart",
            explain=explain,
        )
        empty = len(db) == 0
        _tell_damage(db, say)
    if layout == "json":
        put(next(machine_lines(result, layout, explain=explain)))
    else:
        _tell_reading(result, say)
        if layout == "text":
            lines = render.page(result, choose_style(color, os.environ), say)
        else:
            lines = machine_lines(result, layout, explain=explain)
        for line in lines:
            put(line)
        filtered = bool(after or before or where)
        comment = render.summary(result, say, filtered=filtered)
        for line in [say("empty", index=short(settings.index))] if empty else comment:
            tell(line)
    return 0 if any(not hit.relaxed or layout != "paths" for hit in result.hits) else 1


def _tell_reading(result: SearchResult, say: Voice) -> None:
    """Tell how the query was understood and what else might have been meant."""
    if result.interpreted:
        tell(say("read_as", query=render.flat(result.interpreted)))
    if result.suggestion:
        tell(say("did_you_mean", query=render.flat(result.suggestion)))


def _tell_damage(db: searchdb.SearchDB, say: Voice) -> None:
    """Tell if these are not the answers of the newest commit."""
    if db.damaged:
        tell(say("fallen_back", file=render.flat(db.damaged)))


def _conditions(written: Sequence[str]) -> dict[str, str]:
    """Read `FIELD=VALUE` conditions."""
    conditions: dict[str, str] = {}
    for each in written:
        name, equals, value = each.partition("=")
        if not equals or not name:
            message = f"write FIELD=VALUE, not {each!r}"
            raise typer.BadParameter(message, param_hint="--where")
        if name in conditions:
            message = f"{name} is asked for twice: a field has one value"
            raise typer.BadParameter(message, param_hint="--where")
        conditions[name] = value
    return conditions


def show(
    ctx: typer.Context,
    place: opt.IdArgument,
    *,
    folder: opt.IndexOption = None,
    lang: opt.LangOption = None,
) -> int:
    """Show a document as it is stored, or one passage of it.

    Exits with 1 if there is none with that id.
    """
    settings, say = begin(ctx, Overrides(index=folder, lang=lang))
    with searchdb.open(settings.index) as db:
        stored, number = db.document(place), None
        if stored is None:
            document_id, _, digits = place.rpartition("#")
            if digits.isascii() and digits.isdecimal() and len(digits) < 10:  # noqa: PLR2004
                stored, number = db.document(document_id), int(digits)
    if stored is None:
        tell(say("no_document", id=render.named(place)))
        return 1
    if number is None:
        for line in render.document(stored, say):
            put(line)
        return 0
    return _show_passage(stored, number, say)


def _show_passage(stored: StoredDocument, number: int, say: Voice) -> int:
    passages = stored.passages or (Passage(0, 0),)
    if number >= len(passages):
        shown = render.named(stored.id)
        tell(say("no_passage", id=shown, count=len(passages), passage=str(number)))
        return 1
    passage = passages[number]
    put(render.body(stored.text[passage.start : passage.end]))
    return 0


def suggest(
    ctx: typer.Context,
    prefix: opt.PrefixArgument,
    *,
    folder: opt.IndexOption = None,
    limit: opt.SuggestLimitOption = 10,
    lang: opt.LangOption = None,
) -> int:
    """Offer ways to finish a half-typed query, the most usual first."""
    settings, _ = begin(ctx, Overrides(index=folder, lang=lang))
    with searchdb.open(settings.index) as db:
        offered = db.suggest(" ".join(prefix), limit=limit)
    for each in offered:
        put(render.flat(each))
    return 0 if offered else 1


def analyze(
    ctx: typer.Context,
    text: opt.TextArgument,
    *,
    layout: opt.ReportFormatOption = "text",
    lang: opt.LangOption = None,
) -> int:
    """Show how a text is read: its tokens, and the words they form."""
    begin(ctx, Overrides(lang=lang))
    whole = " ".join(text)
    with searchdb.open(None) as db:
        tokens = db.analyze(whole)
    if layout == "json":
        found = [token._asdict() for token in tokens]
        put(as_json({"version": VERSION, "text": whole, "tokens": found}))
    else:
        for line in render.token_table(tokens):
            put(line)
    return 0 if tokens else 1


def stats(
    ctx: typer.Context,
    *,
    folder: opt.IndexOption = None,
    layout: opt.ReportFormatOption = "text",
    lang: opt.LangOption = None,
) -> int:
    """Tell what is in the index, and how large it is."""
    settings, say = begin(ctx, Overrides(index=folder, lang=lang))
    with searchdb.open(settings.index) as db:
        facts = {"index": str(settings.index), **db.stats()}
        _tell_damage(db, say)
    if layout == "json":
        put(as_json({"version": VERSION, **facts}))
        return 0
    for line in render.columns(
        [(say(f"stats_{name}"), render.fact(fact, say)) for name, fact in facts.items()]
    ):
        put(line)
    return 0
