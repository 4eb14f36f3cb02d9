"""One stretch of text without white space in, its normal form and the way back out.

Half characters and controls are replaced and canonical composition (NFC) is done always; what else
is, and in which order, `forms.NormalForms` says. Law: `Normal.start(i)` and `Normal.end(i)` lead
from every character of the normal form to the exact characters it came from, so nothing shown is
ever the normal form.

Normalizing stretch by stretch equals normalizing the whole, for NFC never composes across white
space (Unicode Standard Annex 15: white space is a starter that composes with nothing).
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from functools import lru_cache

from searchdb.analysis.forms import ALL, NormalForms

__all__ = ["Normal", "normalize", "place_tone"]

_INVISIBLE = frozenset("\u200b\u200c\u200d\u2060\ufeff\u00ad")
_LOOKALIKES = {"\u00d0": "Đ", "\u0189": "Đ"}
_TONES = "\u0300\u0301\u0303\u0309\u0323"
_PLAIN = re.compile(r"[!-~]+")
_USUAL = re.compile("[!-~À-ÃÈ-ÊÌÍÒ-ÕÙÚÝà-ãè-êìíò-õùúýĂăĐđĨĩŨũƠơƯưẠ-ỹ“”‘’–…]+")
"""Vietnamese composed, and signs: nothing in it is replaced, and it composes to itself."""
_LETTERS = re.compile(r"[^\W\d_]+")

# Onset, vowels, coda of a written Vietnamese syllable without its tone. `gi` and `qu` are onsets
# when a vowel follows them.
_SYLLABLE = re.compile(
    r"(?P<onset>ngh|ng|nh|ch|gh|gi(?=[aăâeêioôơuưy])|kh|ph|qu(?=[aăâeêioôơuưy])|th|tr|[bcdđghklmnpqrstvx])?"
    r"(?P<vowels>[aăâeêioôơuưy]{1,3})"
    r"(?P<coda>ch|ng|nh|[cmnpt])?"
)


@dataclass(frozen=True, slots=True)
class Normal:
    """A normal form; `origins` is None where it has the length of the original, char for char.

    Otherwise character i of `text` came from the original's `[origins[i][0], origins[i][1])`.
    """

    text: str
    origins: tuple[tuple[int, int], ...] | None = None

    def start(self, index: int) -> int:
        """Where in the original character `index` begins."""
        return index if self.origins is None else self.origins[index][0]

    def end(self, index: int) -> int:
        """Where in the original character `index - 1` ends."""
        return index if self.origins is None else self.origins[index - 1][1]


def normalize(chunk: str, forms: NormalForms = ALL) -> Normal:
    """The normal form of a stretch of text that holds no white space; time linear in its length."""
    if _PLAIN.fullmatch(chunk):
        return Normal(chunk)
    text, origins = chunk, None
    if not _USUAL.fullmatch(chunk):
        mapped = [_replace(char, forms) for char in chunk]
        text = "".join(mapped)
        if len(text) != len(chunk) or not unicodedata.is_normalized("NFC", text):
            text, origins = _compose(mapped)
    return Normal(_LETTERS.sub(_place, text) if forms.tones else text, origins)


def _replace(char: str, forms: NormalForms) -> str:
    """One character, mapped, or nothing where it is invisible."""
    if forms.lookalikes and char in _LOOKALIKES:
        return _LOOKALIKES[char]
    if forms.width and "\uff01" <= char <= "\uff5e":
        return chr(ord(char) - 0xFEE0)
    if forms.invisible and char in _INVISIBLE:
        return ""
    category = unicodedata.category(char)
    if category == "Cc":
        return " "
    return "\ufffd" if category == "Cs" else char


def _compose(mapped: list[str]) -> tuple[str, tuple[tuple[int, int], ...]]:
    """NFC of the mapped stretch, cut where a cut changes nothing, with the origin of each piece.

    A cut before a starter is safe iff composing both sides apart gives the same as together; that
    is tested against the piece before it only, which is all that canonical composition looks at.
    """
    pieces: list[str] = []
    spans: list[tuple[int, int]] = []
    piece, composed, begin = "", "", 0
    for index, char in enumerate(mapped):
        if not char:
            continue
        if piece and not unicodedata.combining(char):
            if composed == "":
                composed = unicodedata.normalize("NFC", piece)
            alone = unicodedata.normalize("NFC", char)
            if char.isascii() or unicodedata.normalize("NFC", composed + char) == composed + alone:
                pieces.append(composed)
                spans.append((begin, index))
                piece, begin = "", index
        if not piece:
            begin = index
        piece, composed = piece + char, ""
    if piece:
        pieces.append(unicodedata.normalize("NFC", piece))
        spans.append((begin, len(mapped)))
    origins = tuple(span for text, span in zip(pieces, spans, strict=True) for _ in text)
    return "".join(pieces), origins


def _place(match: re.Match[str]) -> str:
    return place_tone(match[0])


def place_tone(word: str) -> str:
    """A run of letters with its tone mark where the new orthography writes it: hòa -> hoà.

    Also mends marks put on the wrong vowel (vịêt -> việt). The length never changes, and what is
    not one Vietnamese syllable with one tone mark comes back as it is. The rule: the last vowel of
    quality (ă â ê ô ơ ư) carries the tone; else the second of two vowels before a final consonant
    and in oa, oe, uy; else the middle one of three; else the first.
    """
    bare: list[str] = []
    tone, where = "", -1
    for index, char in enumerate(word):
        plain, mark = _parted(char)
        if mark:
            if tone:
                return word
            tone, where = mark, index
        bare.append(plain)
    if not tone:
        return word
    syllable = _SYLLABLE.fullmatch("".join(bare).lower())
    if syllable is None or len(syllable[0]) != len(word):
        return word
    target = syllable.start("vowels") + _nucleus(syllable["vowels"], closed=bool(syllable["coda"]))
    if target == where:
        return word
    bare[target] = unicodedata.normalize("NFC", bare[target] + tone)
    return "".join(bare)


@lru_cache(maxsize=4096)
def _parted(char: str) -> tuple[str, str]:
    """A letter without its tone mark, and the mark, empty if it has none."""
    decomposed = unicodedata.normalize("NFD", char)
    mark = next((tone for tone in _TONES if tone in decomposed), "")
    return (
        (unicodedata.normalize("NFC", decomposed.replace(mark, "")), mark) if mark else (char, "")
    )


def _nucleus(vowels: str, *, closed: bool) -> int:
    """Which of the vowels of a syllable carries its tone."""
    quality = [index for index, vowel in enumerate(vowels) if vowel in "ăâêôơư"]
    if quality:
        return quality[-1]
    if len(vowels) == 2:  # noqa: PLR2004
        return 1 if closed or vowels in {"oa", "oe", "uy"} else 0
    return 1 if len(vowels) == 3 else 0  # noqa: PLR2004
