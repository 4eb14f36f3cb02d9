"""A STRETCH OF TEXT WITHOUT WHITE SPACE -> its tokens, as pyvi cuts them.

Pyvi runs one alternation of patterns over the text. None of them crosses white space, so stretches
can be cut one by one; and every character that is no white space is in some token, so the tokens
of a stretch, put together, are its normal form (NFC). Law: the tokens are pyvi's, in time linear
in the length of the stretch. Pyvi's pattern for e-mail looks for an `@` from every place anew, in
time quadratic in the length (100 KB of `a.` take 21 s); here the few places that an address can
begin at are found first.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Sequence
from itertools import accumulate

__all__ = ["cut", "nfc", "origins", "spans"]

_LOCAL = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_.+-"
"""What stands before the @ of an address, as pyvi has it."""
_BEFORE_MAIL = r"[A-ZĐ]++\.|Tp\.|Mr\.|Mrs\.|Ms\.|Dr\.|ThS\.|==>|->|\.\.\.|>>|\w++://\S+"
_AFTER_MAIL = r"\d++(?:[.,_]\d++)++|[^\w\s]|\w++"
_BEFORE = re.compile(_BEFORE_MAIL)
_PLAIN = re.compile(f"{_BEFORE_MAIL}|{_AFTER_MAIL}")
_DOMAIN = re.compile(r"@(?:[a-zA-Z0-9-]+\.)+[a-zA-Z0-9-]+")

_SHORT = 64
"""Characters up to which the time Python's NFC takes does not matter; see `nfc`."""
_CROWD = re.compile(rb"[^\0]{32}")
_TIBETAN = {"\u0f73": "\u0f71\u0f72", "\u0f75": "\u0f71\u0f74", "\u0f81": "\u0f71\u0f80"}
"""The only characters that are no marks, yet decompose into nothing but marks."""


def cut(stretch: str) -> list[str]:
    """The tokens of a stretch in NFC, which they tile."""
    return _cut_mail(stretch) if "@" in stretch else _PLAIN.findall(stretch)


def _cut_mail(stretch: str) -> list[str]:
    tokens: list[str] = []
    place = 0
    for begin, at, end in _addresses(stretch):
        while place < at:
            stop = end
            match = (_PLAIN if place < begin else _BEFORE).match(stretch, place)
            if match:
                stop = match.end()
            tokens.append(stretch[place:stop])
            place = stop
    return tokens + _PLAIN.findall(stretch, place)


def _addresses(stretch: str) -> Iterator[tuple[int, int, int]]:
    """E-mail addresses: the first place one can begin at, the place of its @, and its end."""
    done = 0
    for match in _DOMAIN.finditer(stretch):
        at, end = match.span()
        begin = done + len(stretch[done:at].rstrip(_LOCAL))
        if begin < at:
            yield begin, at, end
        done = at + 1


def spans(stretch: str, names: Sequence[str]) -> tuple[list[int], list[int]]:
    """Where each token of the composed stretch begins and ends in the stretch itself.

    Begins and ends ascend and no two tokens overlap. Where several tokens come from characters
    that were composed together the first has them all, and the others are empty.
    """
    came = origins(stretch)
    ends = [came[end - 1][1] for end in accumulate(map(len, names))]
    firsts = accumulate(map(len, names[:-1]), initial=0)
    begins = [max(came[at][0], end) for at, end in zip(firsts, [0, *ends], strict=False)]
    return begins, ends


def nfc(text: str) -> str:
    """The canonical composition of a text, in time linear in its length but for a sort.

    Python's own puts the marks that follow one letter in order in time quadratic in their number
    (64,000 of them take 4 s). Long runs are put in order beforehand, which changes nothing in the
    composition (Unicode Standard Annex 15: canonically equivalent texts compose to the same).
    """
    if text.isascii():
        return text
    if len(text) > _SHORT:
        for tibetan, marks in _TIBETAN.items():
            text = text.replace(tibetan, marks)
        if _CROWD.search(_classes(text)):
            text = _in_order(text)
    return unicodedata.normalize("NFC", text)


def _classes(text: str) -> bytes:
    """The canonical combining class of each character; 0 is no mark, none is above 240."""
    return bytes(map(unicodedata.combining, text))


def _in_order(text: str) -> str:
    apart = "".join(unicodedata.normalize("NFD", char) for char in text)
    parts: list[str] = []
    done = 0
    for match in re.finditer(rb"[^\0]+", _classes(apart)):
        begin, end = match.span()
        parts += (apart[done:begin], *sorted(apart[begin:end], key=unicodedata.combining))
        done = end
    return "".join((*parts, apart[done:]))


def origins(stretch: str) -> list[tuple[int, int]]:
    """For each character of the composition, the span it came from.

    The stretch is cut before every character that neither is a mark nor composes with what stands
    before it; a piece that is composed already is cut further, into characters.
    """
    came: list[tuple[int, int]] = []
    for begin, end in _pieces(stretch):
        piece = nfc(stretch[begin:end])
        if piece == stretch[begin:end]:
            came += ((place, place + 1) for place in range(begin, end))
        else:
            came += [(begin, end)] * len(piece)
    return came


def _pieces(stretch: str) -> Iterator[tuple[int, int]]:
    begin = 0
    composed = ""
    for place, char in enumerate(stretch):
        if place == begin:
            continue
        if unicodedata.combining(char) or char in _TIBETAN:
            composed = ""
            continue
        composed = composed or nfc(stretch[begin:place])
        if char.isascii() or not _composes(composed[-1], char):
            yield begin, place
            begin, composed = place, ""
        else:
            composed = ""
    if stretch:
        yield begin, len(stretch)


def _composes(last: str, char: str) -> bool:
    """Whether a character that is no mark composes with the composed one right before it."""
    apart = last + unicodedata.normalize("NFC", char)
    return unicodedata.normalize("NFC", last + char) != apart
