"""COMMAND that measures: eval.

Law: whatever is wrong with the files is said before anything is indexed, and whatever the figures
leave out is told beside them.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

import typer

import searchdb
from searchdb.cli import options as opt
from searchdb.cli.messages import Voice
from searchdb.cli.progress import ProgressBar
from searchdb.cli.render import columns, flat
from searchdb.cli.session import begin
from searchdb.cli.terminal import put, tell
from searchdb.errors import SearchDBError
from searchdb.settings import Overrides

if TYPE_CHECKING:
    from typing import Literal

    from searchdb.evaluation import Accents, Answers, Collection, Half, Run

__all__ = ["evaluate"]


def evaluate(
    ctx: typer.Context,
    folder: opt.BeirArgument,
    *,
    index: opt.KeptIndexOption = None,
    accents: opt.AccentsOption = None,
    fold_queries: opt.FoldOption = False,
    match: opt.EvalMatchOption = "smart",
    limit: opt.DepthOption = 100,
    run: opt.RunOption = None,
    against: opt.AgainstOption = None,
    half: opt.HalfOption = None,
    lang: opt.LangOption = None,
) -> int:
    """Measure how well queries are answered whose answers are known.

    Indexes the documents of a folder in BEIR's layout, asks its queries and judges what is found.
    Needs `pip install 'searchdb[eval]'`.
    """
    from searchdb import evaluation  # noqa: PLC0415 - no other command needs it

    if fold_queries and accents not in {None, "none"}:
        raise typer.BadParameter(
            f"--accents {accents} keeps some accents: leave one out", param_hint="--fold-queries"
        )
    _, say = begin(ctx, Overrides(lang=lang))
    evaluation.check_installed()
    collection = evaluation.read_collection(folder)
    queries = _queries(collection, "none" if fold_queries else accents or "kept", half)
    other = None if against is None else _other(against, queries)
    if run is not None:
        _check_run(run, collection)
    for line in _left_out(collection, say):
        tell(line)
    answers = _asked(collection, queries, say, index=index, match=match, limit=limit)
    if run is not None:
        evaluation.write_run(answers.run, run, tag="searchdb")
    qrels = {query: collection.qrels[query] for query in queries}
    figures = evaluation.measure(qrels, answers.run)
    rows = [(name, f"{evaluation.mean(values):.4f}") for name, values in figures.items()]
    for line in columns([*rows, *_facts(answers, say)]):
        put(line)
    if answers.refused:
        tell(say("eval_refused", count=len(answers.refused), query=flat(answers.refused[0])))
    if against is not None and other is not None:
        theirs = evaluation.measure(qrels, other)["nDCG@10"]
        found = evaluation.compare(figures["nDCG@10"], theirs)
        shown = {"difference": f"{found.difference:+.4f}", "p": f"{found.p:.4f}"}
        put(say("eval_against", run=flat(against), **shown))
    return 0


def _queries(collection: Collection, accents: Accents, half: Half | None) -> dict[str, str]:
    """The queries that are asked, as they are typed."""
    from searchdb.evaluation import half_of, without_accents  # noqa: PLC0415 - as above

    queries = {
        query: without_accents(text, accents)
        for query, text in collection.queries.items()
        if half in {None, half_of(query)}
    }
    if not queries:
        raise SearchDBError(f"no query belongs to the half {half!r}: leave out --half")
    return queries


def _other(path: str, queries: Mapping[str, str]) -> Run:
    """The run to compare with."""
    from searchdb.evaluation import read_run  # noqa: PLC0415 - as above

    run = read_run(path)
    if run.keys().isdisjoint(queries):
        raise SearchDBError(f"{path}: answers none of these queries: name a run over this folder")
    return run


def _check_run(path: str, collection: Collection) -> None:
    """Raise SearchDBError for a run that could not be written when all the work is done."""
    from searchdb.evaluation import check_trec_ids  # noqa: PLC0415 - as above

    check_trec_ids(collection.queries)
    check_trec_ids(collection.ids)
    if Path(path).is_dir() or not Path(path).absolute().parent.is_dir():
        raise SearchDBError(f"{path}: cannot be written: name a file in a folder that is there")


def _left_out(collection: Collection, say: Voice) -> Iterator[str]:
    """Sentences on what the files name and do not hold."""
    if collection.error:
        from searchdb.cli.catalog import worded  # noqa: PLC0415 - few corpora have bad lines

        reason = worded(flat(str(collection.error)), say.lang)
        yield say("eval_skipped", count=collection.skipped, reason=reason)
    if collection.unjudged:
        yield say("eval_unjudged", count=collection.unjudged)
    if collection.textless:
        yield say("eval_textless", count=collection.textless)
    if collection.missing:
        yield say("eval_missing", count=collection.missing)


def _asked(
    collection: Collection,
    queries: Mapping[str, str],
    say: Voice,
    *,
    index: str | None,
    match: Literal["smart", "any"],
    limit: int,
) -> Answers:
    """Fill the index, for once where none was named, and ask it."""
    from searchdb.evaluation import ask, fill  # noqa: PLC0415 - as above

    with (
        TemporaryDirectory(prefix="searchdb-") as once,
        searchdb.open(index or once, create=True) as db,
    ):
        with ProgressBar(say("indexing"), len(collection.ids)) as bar:
            fill(db, collection, progress=bar)
        with ProgressBar(say("asking"), len(queries)) as bar:
            return ask(db, queries, match=match, limit=limit, progress=bar)


def _facts(answers: Answers, say: Voice) -> Iterator[tuple[str, str]]:
    took = sorted(answers.took_ms)
    for share in (50, 95) if took else ():
        nearest = took[math.ceil(share / 100 * len(took)) - 1]
        yield f"p{share}", f"{say.number(nearest)} ms"
    yield say("eval_queries"), say.number(len(answers.run))
    yield say("eval_without"), say.number(sum(not found for found in answers.run.values()))
