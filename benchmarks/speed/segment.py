"""DATA -> TABLES: how fast words are found, how well, and what loading costs, beside pyvi itself.

`python benchmarks/speed/segment.py DATA` or `make bench-segment DATA=DIR`. DATA holds documents in
`vntc_title/corpus.jsonl.gz`, an object with a `text` on each line, and sentences in
`wordseg/*.seg`, one on each line, with spaces between words and _ inside them. underthesea joins in
where it is installed.

Everything takes turns on the same documents, times are those of the processor, and of each batch
the least over the rounds counts, so that a busy machine disturbs as little as possible.
"""

from __future__ import annotations

import argparse
import gzip
import json
import subprocess
import sys
import time
import warnings
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from importlib import import_module
from importlib.util import find_spec
from itertools import accumulate, pairwise
from pathlib import Path
from statistics import median

from searchdb.analysis import Analyzer
from searchdb.analysis.forms import ALL, NONE, NormalForms
from searchdb.analysis.segmenters.pyvi import PyviSegmenter, tokenize

__all__ = ["main"]

Run = Callable[[Sequence[str]], object]
"""What is timed: reads documents and gives back their words in whatever shape."""
Places = set[tuple[int, int]]
Words = Callable[[Sequence[str]], list[Places]]
"""The words of each sentence: where they begin and end, counted in letters and digits."""

_BATCH = 50
_BASE = "pyvi, one document a call"
_LENGTHS = (4_000, 400_000, 4_000_000)
"""Of texts, in bytes. pyvi is spared the last, of which it needs minutes."""
_HOSTILE = ("a.", "-", "a@", "đ", "1_1.", "e\u0301\u0323", "a\u0301")
"""Repeated, they make patterns and compositions work hardest; pyvi needs time quadratic in some."""
_LOADS = {
    "python": "pass",
    "import numpy": "import numpy",
    "searchdb, first word": "from searchdb.analysis.segmenters.pyvi import PyviSegmenter as P;"
    "P().segment('nhà')",
    "pyvi, first word": "from pyvi.ViTokenizer import tokenize; tokenize('nhà')",
    "underthesea, first word": "from underthesea import word_tokenize; word_tokenize('nhà')",
}


def main() -> None:
    """Print the tables."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("data", type=Path, metavar="DATA")
    parser.add_argument("--megabytes", type=float, default=1)
    parser.add_argument("--rounds", type=int, default=5)
    given = parser.parse_args()
    warnings.simplefilter("ignore")
    from pyvi.ViTokenizer import tokenize as pyvi  # noqa: PLC0415 - takes a second

    underthesea = _underthesea()
    try:
        documents = list(_documents(given.data, int(given.megabytes * 1e6)))
        sentences = {
            path.stem: path.read_text(encoding="utf-8").splitlines()
            for path in sorted((given.data / "wordseg").glob("*.seg"))
        }
    except OSError as error:
        sys.exit(f"{error}: DATA must be a folder as `python {sys.argv[0]} --help` describes it")
    _quality(sentences, pyvi, underthesea)
    _loading(given.rounds)
    _speed(documents, given.rounds, pyvi, underthesea)
    _lengths(documents, pyvi)


def _underthesea() -> Callable[[str], list[str]] | None:
    if find_spec("underthesea") is None:
        print("underthesea is not installed\n")
        return None
    words: Callable[[str], list[str]] = import_module("underthesea").word_tokenize
    return words


def _documents(data: Path, size: int) -> Iterator[str]:
    with gzip.open(data / "vntc_title" / "corpus.jsonl.gz", "rt", encoding="utf-8") as lines:
        for line in lines:
            text = json.loads(line)["text"]
            yield text
            size -= len(text.encode())
            if size < 0:
                return


# Quality: a word is right if it begins and ends where the people who cut the sentence say.


def _quality(
    sentences: dict[str, list[str]],
    pyvi: Callable[[str], str],
    underthesea: Callable[[str], list[str]] | None,
) -> None:
    systems: dict[str, Words] = {
        "pyvi": lambda texts: [_places(pyvi(text).split()) for text in texts],
        "searchdb, normal forms off": _analyzed(NONE),
        "searchdb, normal forms on": _analyzed(ALL),
    }
    if underthesea:
        systems["underthesea"] = lambda texts: [_places(underthesea(text)) for text in texts]
    print(f"{'word F1':<52}" + "".join(f"{name:>14}" for name in sentences))
    for name, words in systems.items():
        scores = [_f1(gold, words) for gold in sentences.values()]
        print(f"{name:<52}" + "".join(f"{score:14.5f}" for score in scores))


def _analyzed(forms: NormalForms) -> Words:
    """The words as an index has them, placed in the sentence as it was written."""
    analyzer = Analyzer(PyviSegmenter(), forms)

    def words(texts: Sequence[str]) -> list[Places]:
        found: list[Places] = []
        for text, read in zip(texts, analyzer.words(texts), strict=True):
            count = [0, *accumulate(map(str.isalnum, text))]
            first = [index for index, starts in enumerate(read.word_starts) if starts]
            last = [index - 1 for index in [*first[1:], len(read.ends)]]
            places = zip(first, last, strict=False)
            found.append({(count[read.starts[a]], count[read.ends[b]]) for a, b in places})
        return found

    return words


def _places(words: Iterable[str]) -> Places:
    """Words that follow one another, without those that hold neither letter nor digit."""
    ends = [0, *accumulate(sum(map(str.isalnum, word)) for word in words)]
    return {(start, end) for start, end in pairwise(ends) if start < end}


def _f1(gold: Sequence[str], words: Words) -> float:
    wanted = [_places(line.split()) for line in gold]
    found = words([line.replace("_", " ") for line in gold])
    right = sum(len(one & other) for one, other in zip(wanted, found, strict=True))
    return 2 * right / (sum(map(len, wanted)) + sum(map(len, found)))


def _loading(rounds: int) -> None:
    """Each in a process of its own, from its start to its first word."""
    print(f"\n{'a new process, median':<52}{'CPU ms':>14}")
    for name, code in _LOADS.items():
        if find_spec(name.split(",")[0].removeprefix("import ")) or name == "python":
            print(f"{name:<52}{1e3 * median(_process(code) for _ in range(rounds)):14.0f}")


def _process(code: str) -> float:
    timed = f"{code}\nimport time; print(time.process_time())"
    command = [sys.executable, "-W", "ignore", "-c", timed]
    done = subprocess.run(command, check=True, capture_output=True, text=True)  # noqa: S603 - ours
    return float(done.stdout.split()[-1])


# Speed. A segmenter remembers what it has read thread by thread, so a new thread remembers nothing.


def _speed(
    documents: list[str],
    rounds: int,
    pyvi: Callable[[str], str],
    underthesea: Callable[[str], list[str]] | None,
) -> None:
    segmenter = PyviSegmenter()
    one: Run = lambda texts: [segmenter.segment(text) for text in texts]  # noqa: E731
    runs: dict[str, Run] = {
        _BASE: lambda texts: [pyvi(text) for text in texts],
        "searchdb, one document a call, warm": one,
        "searchdb, one document a call, warm, pyvi's string": lambda texts: [
            tokenize(text) for text in texts
        ],
        f"searchdb, batches of {_BATCH}, warm": segmenter.segment_all,
        "searchdb, one document a call, new": one,
        f"searchdb, batches of {_BATCH}, new": segmenter.segment_all,
        "searchdb, one document a call, cold": segmenter.segment_all,
        f"searchdb, batches of {_BATCH}, cold": segmenter.segment_all,
    }
    if underthesea:
        runs["underthesea, one document a call"] = lambda texts: [*map(underthesea, texts)]
    batches = [documents[at : at + _BATCH] for at in range(0, len(documents), _BATCH)]
    best = _best(runs, batches, rounds)
    size = sum(len(text.encode()) for text in documents) / 1e6
    print(f"\n{f'{len(documents)} documents, {size:.1f} MB':<52}{'MB/s':>14}{'ratio':>14}")
    for name, times in best.items():
        print(f"{name:<52}{size / sum(times):14.2f}{sum(best[_BASE]) / sum(times):14.1f}")


def _best(
    runs: dict[str, Run], batches: list[list[str]], rounds: int
) -> dict[str, tuple[float, ...]]:
    """The least time of each batch. Warm: read before; new: met first; cold: forgets every call."""
    with ThreadPoolExecutor(1) as warm:
        for run in runs.values():
            _time(warm, run, batches[0][:2])
        for batch in batches:
            _time(warm, PyviSegmenter().segment_all, batch)
        best = dict.fromkeys(runs, (float("inf"),) * len(batches))
        for _ in range(rounds):
            new = {name: ThreadPoolExecutor(1) for name in runs if name.endswith("new")}
            taken: dict[str, list[float]] = {name: [] for name in runs}
            for batch in batches:
                for name, run in runs.items():
                    if name.endswith("cold"):
                        calls = [[text] for text in batch] if "one" in name else [batch]
                        spent = sum(_cold(run, call) for call in calls)
                    else:
                        spent = _time(new.get(name, warm), run, batch)
                    taken[name].append(spent)
            best = {name: tuple(map(min, best[name], taken[name])) for name in runs}
            for thread in new.values():
                thread.shutdown()
    return best


def _cold(run: Run, texts: Sequence[str]) -> float:
    with ThreadPoolExecutor(1) as thread:
        return _time(thread, run, texts)


def _time(thread: ThreadPoolExecutor, run: Run, texts: Sequence[str]) -> float:
    """Seconds of processor that a run takes in a thread."""

    def timed() -> float:
        start = time.thread_time()
        run(texts)
        return time.thread_time() - start

    return thread.submit(timed).result()


# Lengths: linear time shows as the same figure in all columns of a row.


def _lengths(documents: list[str], pyvi: Callable[[str], str]) -> None:
    segmenter = PyviSegmenter()
    text = "\n".join(documents)
    text *= _LENGTHS[-1] // len(text.encode()) + 1
    print(f"\n{'nanoseconds a byte, in texts of so many bytes':<52}{_heads(_LENGTHS)}")
    ours = [_nanoseconds(segmenter.segment, _cut(text, size)) for size in _LENGTHS]
    theirs = [_nanoseconds(pyvi, _cut(text, size)) for size in _LENGTHS[:2]]
    for name, spent in (("searchdb", ours), ("pyvi", theirs)):
        print(f"{name:<52}{''.join(f'{each:14.0f}' for each in spent)}")
    print(f"\n{'nanoseconds a byte, searchdb, hostile texts':<52}{_heads(_LENGTHS[1:])}")
    for unit in _HOSTILE:
        texts = [unit * (size // len(unit.encode())) for size in _LENGTHS[1:]]
        cells = (f"{_nanoseconds(segmenter.segment, [each]):14.0f}" for each in texts)
        print(f"{f'{unit!a} again and again':<52}{''.join(cells)}")


def _heads(sizes: Iterable[int]) -> str:
    return "".join(f"{size:14,}" for size in sizes)


def _cut(text: str, size: int) -> list[str]:
    """Texts of about so many bytes, together at least as long as the second of the lengths."""
    step = size * len(text) // len(text.encode())
    count = max(1, _LENGTHS[1] // size)
    return [text[at * step : (at + 1) * step] for at in range(count)]


def _nanoseconds(call: Callable[[str], object], texts: list[str]) -> float:
    """Of processor for a byte of the texts."""
    start = time.process_time()
    for text in texts:
        call(text)
    return (time.process_time() - start) * 1e9 / sum(len(text.encode()) for text in texts)


if __name__ == "__main__":
    main()
