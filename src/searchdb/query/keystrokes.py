"""A query typed while the input method was off in, the queries its keys stand for out.

Two methods are read, Telex (`sinh hoatj chi booj`) and VNI (`sinh hoat5 chi bo65`), as Unikey and
its kin read them: a mark may be typed right behind its letter or anywhere later in the syllable,
`z` and `0` take a tone back, and a vowel pressed three times is two plain ones (`xooong`). Laws:
what is no Vietnamese syllable when decoded stays exactly as typed, and so do white space and signs;
nothing raises; time is linear in the text.

A word stays as typed, too, where it
* needs no key: it holds marks already, or is a bare syllable (`chi`);
* is tied by signs to what is no syllable, number or abbreviation (`mays@example.com`);
* is an abbreviation without vowels, but for `đ` (`CT/TW`, while `15/NDD-CP` is `15/NĐ-CP`), or a
  Roman numeral in capitals (`XIX`);
* is letters and then a number, as far as can be told (`quan10`, `U23`);
* has a second tone or mark in place of the first: with the method off nobody sees a slip to mend,
  and most such words are foreign (`virus`, `cars`, `were`).

Foreign words that still spell a syllable (`test` is `tét`, `CO2` is `CÒ`) are decoded, for no list
of them would be complete: decode only what finds nothing as typed, and say so.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass, field
from string import ascii_letters
from typing import TYPE_CHECKING

from searchdb.analysis.normalize import place_tone

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

__all__ = ["candidates", "decode"]

_GRAVE, _ACUTE, _TILDE, _HOOK, _DOT = "\u0300\u0301\u0303\u0309\u0323"
_TELEX_TONES = {"s": _ACUTE, "f": _GRAVE, "r": _HOOK, "x": _TILDE, "j": _DOT, "z": ""}
_VNI_TONES = {"1": _ACUTE, "2": _GRAVE, "3": _HOOK, "4": _TILDE, "5": _DOT, "0": ""}

# The marks a vowel carries besides its tone, named by the VNI key; Telex has one for two of them.
_CIRCUMFLEX, _HORN, _BREVE, _HORN_OR_BREVE = "6", "7", "8", "w"
_MARKS = {"\u0302": _CIRCUMFLEX, "\u031b": _HORN, "\u0306": _BREVE}

_VOWELS = frozenset("aeiouy")
_ONSETS = "b c ch d g gh gi h k kh kr l m n ng ngh nh p ph q qu r s t th tr v x"

# What follows the onset, without tones, as the standard language is written; the onset `kr` and the
# rimes `ăk` and `uk` are for names of the highlands (Đắk Lắk, Krông Búk). None mixes two marks.
_RIMES = (
    "a ac ach ai am an ang anh ao ap at au ay ăc ăk ăm ăn ăng ăp ăt âc âm ân âng âp ât âu ây "
    "e ec em en eng eo ep et ê êch êm ên ênh êp êt êu "
    "i ia ich im in inh ip it iu iêc iêm iên iêng iêp iêt iêu "
    "o oa oac oach oai oam oan oang oanh oao oap oat oay oăc oăm oăn oăng oăt "
    "oc oe oem oen oeo oet oi om on ong ooc oong op ot ô ôc ôi ôm ôn ông ôp ôt ơ ơi ơm ơn ơp ơt "
    "u ua uâ uân uâng uât uây uc uê uêch uênh ui uk um un ung uôc uôi uôm uôn uông uôt uơ up ut "
    "uy uya uych uyên uyêt uynh uyp uyt uyu "
    "ư ưa ưc ưi ưm ưn ưng ươc ươi ươm ươn ương ươp ươt ươu ưt ưu y yêm yên yêng yêt yêu"
)

# Onsets that take no rounded rime, but for uy in loans (`xe buýt`): keeps `more` from `moẻ`.
_UNROUNDED = frozenset({"b", "c", "m", "p", "ph", "v"})
_ROUNDED = ("oa", "oă", "oe", "uâ", "uê", "uơ", "uya", "uyê")
_STOPS = ("c", "ch", "p", "t")

_LONGEST = 16
"""Keys that are read as one syllable: none needs more than nine (`truwowngf`), but for slips."""

_WORD = re.compile(r"([\w\u0300-\u036f]+(?:[-./@&+'’]+[\w\u0300-\u036f]+)*)")
_SIGNS = re.compile(r"([-./@&+'’_]+)")
_ROMAN = re.compile(r"[IVXLCDM]+")
_VOWELLESS = re.compile(r"[^aeiouyAEIOUY]+")


def decode(text: str) -> str | None:
    """The likeliest reading of the keys, the first of `candidates`; None where nothing changes."""
    return next(iter(candidates(text)), None)


def candidates(text: str) -> tuple[str, ...]:
    """The readings that change something, Telex or VNI: the one that changes more words first.

    One person types by one method, so no reading mixes the two. Decoded syllables are composed
    (NFC), their tones where the new orthography has them.
    """
    pieces = _WORD.split(text)
    readings: list[tuple[int, str]] = []
    for method in (_TELEX, _VNI):
        read = [*pieces]
        read[1::2] = [_decoded(word, method) for word in pieces[1::2]]
        changed = sum(before != after for before, after in zip(pieces, read, strict=True))
        if changed:
            readings.append((changed, "".join(read)))
    readings.sort(key=lambda reading: -reading[0])
    return tuple(reading for _, reading in readings)


def _decoded(word: str, method: _Method) -> str:
    """A word, its parts decoded, or as it is where one of them is nothing Vietnamese."""
    pieces = _SIGNS.split(word)
    read = [_part(piece, method, tied=len(pieces) > 1) for piece in pieces[::2]]
    for index, part in enumerate(read):
        if part is None:
            return word
        pieces[2 * index] = part
    return "".join(pieces)


def _part(piece: str, method: _Method, *, tied: bool) -> str | None:
    """A part of a word decoded; None for what is neither syllable, number nor abbreviation."""
    if not piece.isascii() or piece.isdecimal() or _ROMAN.fullmatch(piece):
        return piece
    number = piece.lstrip(ascii_letters)
    if len(piece) > _LONGEST or (number.isdecimal() and "0" in number):
        return None
    short = _VOWELLESS.fullmatch(piece) is not None
    if not (short and (tied or piece.isupper())):
        typed = _Typed()
        usable = all(method.put(typed, char) for char in piece)
        syllable = typed.spelled() if usable else None
        if syllable is not None or not short:
            return syllable
    return method.stroke.sub(_stroked, piece) if len(piece) > len("dd") else piece


def _stroked(keys: re.Match[str]) -> str:
    return _in_case_of(keys[0][0], "đ")


@dataclass(slots=True)
class _Typed:
    """A syllable while its keys come in. Each `put` says whether the key could be used."""

    letters: list[str] = field(default_factory=list)
    every: list[str] = field(default_factory=list)
    tone: str = ""
    mark: str = ""
    stroke: bool = False
    marked_at: int = 0

    def has(self, letters: str | frozenset[str]) -> bool:
        """Whether any of these letters has been typed."""
        return any(letter.lower() in letters for letter in self.letters)

    def put_letter(self, char: str) -> bool:
        """A letter, in the case it is typed in."""
        self.letters.append(char)
        self.every.append(char)
        return True

    def put_tone(self, tone: str) -> bool:
        """A tone; "" takes it away."""
        usable = bool(self.tone) != bool(tone) and self.has(_VOWELS)
        self.tone = tone
        return usable

    def put_mark(self, mark: str) -> bool:
        """A mark for the vowels; once more (`uwow`) only with a letter in between."""
        again = mark == self.mark and len(self.letters) > self.marked_at
        usable = (again or not self.mark) and self.has(_VOWELS)
        self.mark, self.marked_at = mark, len(self.letters)
        return usable

    def put_stroke(self) -> bool:
        """The bar of đ."""
        usable = not self.stroke and "".join(self.letters[:1]) in {"d", "D"}
        self.stroke = True
        return usable

    def put_again(self, char: str) -> bool:
        """A vowel that is there already: its circumflex, and two plain vowels the third time."""
        self.every.append(char)
        if not self.mark:
            self.mark = _CIRCUMFLEX
            return True
        self.letters.append(char)
        usable = self.mark == _CIRCUMFLEX
        self.mark = ""
        return usable

    def spelled(self) -> str | None:
        """The syllable, None where there is none such."""
        found = self._spelled(self.letters, self.mark)
        if found is None and self.mark == _CIRCUMFLEX and self.every != self.letters:
            return self._spelled(self.every, "")  # `ngoeof`: the second o is no key
        return found

    def _spelled(self, letters: list[str], mark: str) -> str | None:
        keyed = bool(mark or self.tone or self.stroke)
        for onset, base in _splits("".join(letters).lower()):
            if not keyed and base in _BASES and _fit(onset, base):
                return "".join(letters)
            rime = _RIME_OF.get((base, mark), "")
            stopped = rime.endswith(_STOPS) and self.tone not in {_ACUTE, _DOT}
            if keyed and rime and _fit(onset, rime) and not stopped:
                return place_tone(self._written(letters, len(onset), rime))
        return None

    def _written(self, letters: list[str], start: int, rime: str) -> str:
        """The rime in place of its plain letters, the tone on the first of its vowels."""
        written = [*letters[:start], *map(_in_case_of, letters[start:], rime)]
        if self.stroke:
            written[0] = _in_case_of(letters[0], "đ")
        written[start] = unicodedata.normalize("NFC", written[start] + self.tone)
        return "".join(written)


def _put_telex(typed: _Typed, char: str) -> bool:
    key = char.lower()
    if key in _TELEX_TONES and typed.has(_VOWELS):
        return typed.put_tone(_TELEX_TONES[key])
    if key == "d" and typed.letters:
        return typed.put_stroke()
    if key == "w":
        if not typed.has("aou"):
            typed.put_letter("U" if char == "W" else "u")
        return typed.put_mark(_HORN_OR_BREVE)
    if key in {"a", "e", "o"} and typed.has(key):
        return typed.put_again(char)
    return typed.put_letter(char)


def _put_vni(typed: _Typed, char: str) -> bool:
    if char in _VNI_TONES:
        return typed.put_tone(_VNI_TONES[char])
    if char == "9":
        return typed.put_stroke()
    return typed.put_mark(char) if char.isdecimal() else typed.put_letter(char)


@dataclass(frozen=True, slots=True)
class _Method:
    """How one method takes a key, and what it has for the đ of an abbreviation."""

    put: Callable[[_Typed, str], bool]
    stroke: re.Pattern[str]


_TELEX = _Method(_put_telex, re.compile(r"(?<![dD])[dD]{2}(?![dD])"))
_VNI = _Method(_put_vni, re.compile(r"[dD]9(?![0-9])"))


def _splits(letters: str) -> Iterator[tuple[str, str]]:
    """The ways to cut plain letters into an onset and the base of a rime."""
    start = next((index for index, char in enumerate(letters) if char in _VOWELS), len(letters))
    onset, base = letters[:start], letters[start:]
    if onset + base[:1] in {"gi", "qu"}:
        yield letters[:2], letters[2:]
    if not onset or onset in _KNOWN_ONSETS:
        yield onset, base


def _fit(onset: str, rime: str) -> bool:
    """Whether the spelling allows this rime behind this onset."""
    front = rime[0] in "eêiy"
    if onset == "g":
        return not front or rime.startswith("i")  # `giếng` is g and iêng
    if onset in {"gh", "ngh"}:
        return front
    if front and onset in {"c", "ng"}:
        return False
    if onset == "q":
        return rime.startswith("uy")  # `quỳnh`; else u belongs to the onset
    if onset in {"gi", "qu"}:
        return rime[0] != ("i" if onset == "gi" else "u")
    return onset not in _UNROUNDED or not rime.startswith(_ROUNDED)


def _in_case_of(typed: str, letter: str) -> str:
    return letter.upper() if typed.isupper() else letter


def _rimes() -> Iterator[tuple[tuple[str, str], str]]:
    """Each rime by its plain letters and the mark that makes it of them."""
    for rime in _RIMES.split():
        plain = unicodedata.normalize("NFD", rime)
        mark = "".join({_MARKS[char] for char in plain if char in _MARKS})
        base = "".join(char for char in plain if char not in _MARKS)
        yield (base, mark), rime
        if mark in {_HORN, _BREVE}:
            yield (base, _HORN_OR_BREVE), rime


_KNOWN_ONSETS = frozenset(_ONSETS.split())
_RIME_OF = dict(_rimes())
_BASES = frozenset(base for base, _ in _RIME_OF)
