"""Text in, its lines out: where each begins and ends, and a folded key to compare it by.

Law: every letter and digit of the text is in exactly one line; lines are in order, disjoint and
trimmed. A line without any letter or digit is only remembered as the gap that it leaves.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from typing import Literal

__all__ = ["FINAL", "Gap", "Line", "fold", "is_separate", "read_lines", "said"]

Gap = Literal["break", "blank", "rule"]
"""What stands above a line: one line break, a blank line, or a line of signs (".", "* * *")."""

FINAL = '.!?…:;"”’»)'
"""The characters that a paragraph may end with, closing quotes and brackets included."""

_KEYED = 300
"""Characters of a line whose key is made from all of it: titles and page furniture are shorter."""

_BEGINNING, _TOLD = 64, 20
"""Characters that the key of a longer line is made from, if that gives so many of the key."""

_MOST = 500_000
"""Lines that are told apart. Whatever follows is one long line, cut by size alone, so that a file
of nothing but line breaks and single letters stays cheap."""

_WIDTH = 120
"""No text is wrapped wider than this: a longer line is a paragraph."""

_RARE = "\r\v\f\x85\u2028\u2029"
_BREAKS = f"\n{_RARE}"
_BREAK = re.compile(f"\r\n|[{_BREAKS}]")
_RARE_BREAK = re.compile(f"[{_RARE}]")
_INVISIBLE = re.compile(r"[\s\u200b\ufeff]*")
_WORDLIKE = re.compile(r"[^\W_]")

_PLAIN = {"đ": "d", "©": "(c)", "»": ">", "›": ">", "–": "-", "—": "-", "•": "*"}


@dataclass(frozen=True, slots=True)
class Line:
    """The slice `[start, end)` of the text, and `key`, the same folded by `fold`.

    Of a line of more than 300 characters only the beginning is folded; its key ends in "…", which
    no other has, so that nothing takes it for a whole line.
    """

    start: int
    end: int
    key: str
    gap: Gap

    def __len__(self) -> int:
        return self.end - self.start


class _Signs(dict[int, str]):
    """What characters fold to, for `str.translate`."""

    def __missing__(self, code: int) -> str:
        apart = unicodedata.normalize("NFKD", chr(code)).casefold()
        plain = "".join(
            _PLAIN.get(char, char if char.isascii() else "?" if char.isalnum() else "")
            for char in apart
        )
        if len(self) >= _REMEMBERED:
            self.clear()
        self[code] = plain
        return plain


class _Folded(dict[str, str]):
    """What words fold to. No character cares what stands beside it; usual words are remembered."""

    def __missing__(self, word: str) -> str:
        plain = " ".join(word.translate(_SIGNS).split())
        if len(word) <= _USUAL:
            if len(self) >= _REMEMBERED:
                self.clear()
            self[word] = plain
        return plain


_USUAL = 16
_REMEMBERED = 1 << 16
"""Words of so many characters, and so many of them, are remembered."""
_SIGNS = _Signs()
_FOLDED = _Folded()


def fold(text: str) -> str:
    """The text in plain lower-case ASCII: no marks, single spaces, "?" for other scripts."""
    return " ".join(filter(None, map(_FOLDED.__getitem__, text.split(" "))))


def said(text: str, line: Line) -> str:
    """What the line says, without regard to case, white space and its last signs."""
    return " ".join(text[line.start : line.end].casefold().split()).rstrip(" .,;:!?…-–")


def read_lines(text: str) -> list[Line]:
    """The lines of the text that hold a letter or a digit."""
    lines: list[Line] = []
    plain = _RARE_BREAK.search(text) is None
    done = 0
    while found := _WORDLIKE.search(text, done):
        above = text[done : found.start()]
        cut = _last_break(above)
        lead = _INVISIBLE.match(text, done + cut)
        start = lead.end() if lead else done + cut
        until = len(text)
        if len(lines) < _MOST - 1:
            until = _next_break(text, found.end(), plain=plain)
        end = start + len(text[start:until].rstrip())
        lines.append(
            Line(start, end, _key(text, start, end), _gap(above[:cut]) if lines else "blank")
        )
        done = end
    return lines


def _key(text: str, start: int, end: int) -> str:
    if end - start <= _KEYED:
        return fold(text[start:end])
    # Words fold one by one: what is cut at a blank folds to a beginning of the whole.
    key = fold(text[start : max(text.rfind(" ", start, start + _BEGINNING), start)])
    if len(key) < _TOLD:
        key = fold(text[start : start + _KEYED])
    return f"{key} …"


def _last_break(text: str) -> int:
    """Where what follows the last line break begins, 0 if there is none."""
    if not text or text.endswith("\n"):
        return len(text)
    return max(text.rfind(sign) for sign in _BREAKS) + 1


def _next_break(text: str, start: int, *, plain: bool) -> int:
    """Where the line ends; `plain` says that the text has no breaks but line feeds."""
    if plain:
        at = text.find("\n", start)
        return len(text) if at < 0 else at
    found = _BREAK.search(text, start)
    return found.start() if found else len(text)


def is_separate(line: Line, following: Line) -> bool:
    """Whether `line` stands for itself, and is not the first row of a wrapped paragraph."""
    return (
        following.gap != "break" or len(following) > _WIDTH or 2 * len(following) >= 3 * len(line)
    )


def _gap(above: str) -> Gap:
    if above == "\n":
        return "break"
    if above.strip():
        return "rule"
    breaks = _BREAK.finditer(above)
    next(breaks, None)
    return "blank" if next(breaks, None) else "break"
