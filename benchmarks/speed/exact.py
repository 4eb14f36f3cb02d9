"""TEXTS -> DIFFERENCES: whether the words found are pyvi's, over whole corpora and hostile texts.

`python benchmarks/speed/exact.py [CORPUS.jsonl.gz ...]`; a corpus holds an object with a `text` on
each line. The hostile texts need no corpus. Prints each difference and exits with 1 if there is
one; pyvi takes nearly all of the time, two seconds for a megabyte. The tests try the same on a few
sentences: run this after every change of the segmenter, and for every release of pyvi.
"""

from __future__ import annotations

import argparse
import gzip
import json
import random
import re
import sys
import unicodedata
import warnings
from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import chain, islice, pairwise

from searchdb.analysis.segmenters import crf, files, tables
from searchdb.analysis.segmenters.pyvi import PyviSegmenter, tokenize

__all__ = ["main"]

_BATCH = 50
_NORMAL = """
Hồ Chí Minh trường đại học kỹ kĩ thuật hòa hoà thúy thuý ủy ban xã hội Tp. TP. ThS. Mr. Mrs. Ms.
Dr. PGS.TS UBND Đ. ĐHQG. A.B. T.Ư ==> -> ... >> > = - _ __ a_b _a http://x.vn/a?b=1 ftp://a a@b.vn
https://vi.wikipedia.org/wiki/Việt_Nam nguyen.van-a+x@mail.example.com.vn a@b @b.c a@@b.c a@b.c@d.e
1.000 1,5 12/03/2018 1_000 1_ 5.700.000 03-CT/TW ² ½ ① 3D 24h 21h15 “ ” ‘ … – — ( ) % , & / * # ™
😀 👨‍👩‍👧 đ Đ Ð Σ ΑΣ İ ı ß ŉ ǅ ǆ ﬁ 가
"""
_STRANGE = """
\u212b \u2126 \u1100\u1161\u11a8 \u200b \u200d \ufeff \xad \x00 \x01 \x7f \u0301 \u0323 \u0f73
\u0344 \u0958 e\u0301 e\u0323\u0302 E\u0302\u0301 o\u031b\u0323 \u09c7\u09be \ufb1d \U0001d15e
a\u0315\u0300\u05ae\u0301b \u0661\u0662 \u0663.\u0664 http://\x00 x://a\x00b nhà\x00
"""
_FRAGMENTS = [*_NORMAL.split(), *_STRANGE.split()]
_BLANKS = [*"   ", "", "", "", *"\n\t\x0b\x1c\x85\xa0\u2000\u2028\u3000", "\r\n", "  "]
_SIGNS = "abcxyzABCĐTpMrsDhS0123456789.,:;/@-_+>=<#%&* \n"
_CASES: Sequence[Callable[[str], str]] = (
    str.upper,
    str.capitalize,
    str.title,
    str.swapcase,
    lambda text: unicodedata.normalize("NFD", text),
)
_SQUEEZED = re.compile(r"[\s_]+")


def main() -> int:
    """Print the differences and how much was tried; 1 if there are any."""
    parser = argparse.ArgumentParser(description="Compare with pyvi, string for string.")
    parser.add_argument("corpora", nargs="*", metavar="CORPUS.jsonl.gz")
    parser.add_argument("--megabytes", type=float, default=5, help="of each corpus")
    parser.add_argument("--fuzz", type=int, default=20_000, help="hostile texts")
    parser.add_argument("--seed", type=int, default=1, help="of the hostile texts")
    given = parser.parse_args()
    warnings.simplefilter("ignore")
    wrong = 0
    try:
        for path in given.corpora:
            wrong += _compare(path, _documents(path, given.megabytes * 1e6))
    except (OSError, ValueError, KeyError) as error:
        sys.exit(f"{path} is no corpus of gzipped JSON lines with a `text` each: {error!r}")
    hostile = _hostile(random.Random(given.seed))  # noqa: S311 - the same texts for the same seed
    wrong += _compare(f"hostile texts, seed {given.seed}", islice(hostile, given.fuzz))
    return int(wrong > 0)


def _documents(path: str, size: float) -> Iterator[str]:
    with gzip.open(path, "rt", encoding="utf-8") as lines:
        for line in lines:
            text = json.loads(line)["text"]
            yield text
            size -= len(text.encode())
            if size < 0:
                return


def _compare(name: str, texts: Iterable[str]) -> int:
    """How many of the texts differ from pyvi in anything."""
    from pyvi.ViTokenizer import tokenize as pyvi  # noqa: PLC0415 - takes a second

    segmenter = PyviSegmenter()
    rest = iter(texts)
    count = size = wrong = 0
    while batch := list(islice(rest, _BATCH)):
        for text, spans in zip(batch, segmenter.segment_all(batch), strict=True):
            expected = pyvi(text)
            found = list(_differences(text, expected, spans))
            if spans != segmenter.segment(text):
                found.append("the spans are others in a batch")
            if found:
                print(f"{text[:200]!a}: {'; '.join(found)}")
            wrong += bool(found)
            count += 1
            size += len(text.encode())
    print(f"{name}: {count} texts, {size} bytes, {wrong} differ", flush=True)
    return wrong


def _differences(text: str, expected: str, spans: Sequence[tuple[int, int]]) -> Iterator[str]:
    if tokenize(text) != expected:
        yield f"pyvi says {expected[:200]!a}"
    edges = [0, *chain.from_iterable(spans), len(text)]
    if any(a > b for a, b in pairwise(edges)) or any(a == b for a, b in spans):
        yield "the spans are out of order"
    gaps = [text[a:b] for a, b in zip(edges[::2], edges[1::2], strict=True)]
    if any(char.isalnum() for gap in gaps for char in gap):
        yield "the spans leave out a letter"
    # Where composing changes the text, a word of pyvi's may end inside a character as written.
    if unicodedata.is_normalized("NFC", text):
        words = _squeezed(expected.split(" ")) if text.strip() else []
        if words != _squeezed(text[a:b] for a, b in spans):
            yield "the spans are not pyvi's words"


def _squeezed(words: Iterable[str]) -> list[str]:
    return [word for each in words if (word := _SQUEEZED.sub("", each))]


# Hostile texts: the model's own spellings, what pyvi's patterns look for, and any character.


def _hostile(chance: random.Random) -> Iterator[str]:
    found = files.read(files.find())
    if found is None:
        sys.exit("the installed pyvi ships other data: its own code is used, so nothing can differ")
    spellings = list(tables.build(crf.read(found.model), found.words).spellings)
    while True:
        kind = chance.random()
        parts: list[str] = []
        for _ in range(chance.choice([1, 2, 3, 5, 8, 13, 30, 80])):
            part = _part(chance, spellings, kind)
            if chance.random() < 1 / 3:
                part = chance.choice(_CASES)(part)
            parts += (part, chance.choice(_BLANKS) if kind > 1 / 6 else " ")
        text = "".join(parts)
        yield unicodedata.normalize("NFD", text) if chance.random() < 1 / 20 else text


def _part(chance: random.Random, spellings: Sequence[str], kind: float) -> str:
    """One fragment, spelling or run of characters, all of one kind in some texts."""
    which = kind if kind < 1 / 2 else chance.random()
    if which < 1 / 4:
        return chance.choice(_FRAGMENTS)
    if which < 2 / 3:
        return chance.choice(spellings)
    return "".join(_character(chance) for _ in range(chance.randrange(6)))


def _character(chance: random.Random) -> str:
    low, high = chance.choice(
        [
            (0, 0),
            (0, 0),
            (0x20, 0x250),
            (0x300, 0x370),
            (0x1E00, 0x2100),
            (0, 0xD800),
            (0xE000, 0x110000),
        ]
    )
    return chr(chance.randrange(low, high)) if high else chance.choice(_SIGNS)


if __name__ == "__main__":
    sys.exit(main())
