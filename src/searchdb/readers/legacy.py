r"""Text in, the same text in Unicode out where it is Vietnamese that was never converted.

Before Unicode, Vietnamese was typed in fonts that drew `µ` as "à" (TCVN3: .VnTime) or `aø` as "à"
(VNI: VNI-Times), and UTF-8 was read as CP1252 (`Ã` and a no-break space). Such text is known by
how many of its words become Vietnamese syllables only when converted. Laws: text that is not
clearly so comes back untouched; line breaks stay where they are; time is linear.

A line decides, or the whole document where its lines are short and nothing in it is Unicode
already. In a recognized document the other lines follow unless they speak against it, so Unicode
paragraphs of a mixed document stay. A document has one old encoding, the best attested.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from functools import lru_cache
from itertools import product

from searchdb.model import Document

__all__ = ["Converted", "convert", "decode", "in_unicode"]

# TCVN 5712:1993 (VN1). .VnTime has the lower case and the seven capitals A1-A7 at these places;
# the capitals elsewhere are VN1's. Marks that combine (B0-B4) were not used in running text.
_TCVN_A1 = "ĂÂÊÔƠƯĐăâêôơưđẰ"
_TCVN_B5 = "àảãáạẲằẳẵắẴẮẦẨẪẤỀặầẩẫấậèỂẻẽéẹềểễếệìỉỄẾỒĩíịòỔỏõóọồổỗốộờởỡớợùỖủũúụừửữứựỳỷỹýỵỐ"
_TCVN_80 = "ÀẢÃÁẠẶẬÈẺẼÉẸỆÌỈĨÍỊÒỎÕÓỌỘỜỞỠỚỢÙỦŨ"
_TCVN_11 = "ỨỰỲỶỸÝỴ"
_TCVN_C0 = {1: "Ú", 2: "Ụ", 4: "Ừ", 5: "Ử", 6: "Ữ"}
_TYPOGRAPHY = "‚„…‘’“”•–—"
"""CP1252 signs that mean themselves in a text of the old fonts, which have no VN1 capitals."""
_TCVN_SIGNS = "¡¢£¤¥¦§¨©ª«¬\xad®µ¶·¸¹»¼½¾×÷"
_TCVN_IDLE = "·©»×÷"
"""Signs that draw no word when they stand alone: a bullet, a multiplication, a copyright."""
_TCVN_RARE = "€†‡ˆ‰‹›˜™"
"""Signs that are a VN1 capital in a syllable, else themselves."""

# VNI-Windows: a vowel, then a letter of which only the mark is drawn.
_TONES = "\u0300\u0301\u0303\u0309\u0323"
_VNI_PAIRS = (
    ("aeouyôö", "", dict(zip("øùõûï", _TONES, strict=True))),
    ("aeo", "\u0302", dict(zip("âàáãåä", ("", *_TONES), strict=True))),
    ("a", "\u0306", dict(zip("êèéüúë", ("", *_TONES), strict=True))),
)
"""Vowels, the mark that goes with all of the letters, and the tone of each."""
_VNI_SINGLE = {**dict(zip("ñíìæóòî", "đíìỉĩịỵ", strict=True)), "ô": "ơ", "ö": "ư"}

_RHYMES = """
a ac ach ai am an ang anh ao ap at au ay ăc ăm ăn ăng ăp ăt âc âm ân âng âp ât âu ây
e ec em en eng eo ep et ê êch êm ên ênh êp êt êu
i ia ich iêc iêm iên iêng iêp iêt iêu im in inh ip it iu
o oa oac oach oai oam oan oang oanh oao oap oat oay oăc oăm oăn oăng oăt oc oe oen oeo oet oi om on
ong ooc oong op ot ô ôc ôi ôm ôn ông ôp ôt ơ ơi ơm ơn ơp ơt
u ua uâc uân uâng uât uây uc uê uêch uênh ui um un ung uôc uôi uôm uôn uông uôt up uơ ut uy uya
uych uyên uyêt uynh uyt uyu ư ưa ưc ưi ưm ưng ươc ươi ươm ươn ương ươp ươt ươu ưt ưu
"""
_ONSETS = "b c ch d đ g gh gi h k kh l m n ng ngh nh ph r s t th tr v x"
_IRREGULAR = """
y yêm yên yêng yêt yêu hy ky ly my sy ty gi gin
qua quac quach quai quan quang quanh quao quat quau quay quăc quăm quăn quăng quăp quăt quân quâng
quât quây que quen queo quet quê quên quênh quêt quơ quy quych quyên quyêt quynh quyt
"""
_STOPS = ("c", "ch", "p", "t")

_CP1252 = {
    code: text for code in range(0x80, 0xA0) if (text := bytes([code]).decode("cp1252", "ignore"))
}
"""What Latin-1 has as controls and CP1252 as signs; bytes it does not define stay controls."""

_LINE = re.compile(r"[^\n]{1,4000}(?![^ \t\n])|[^\n]{1,4000}")
"""A line, or so much of a longer one, cut at white space where there is any."""
_CHUNK = re.compile(r"[^ \t]{1,40}")
"""What is judged at once. No-break spaces divide too late: they are letters in read UTF-8."""
_WORD = re.compile(r"[^\W\d_²³¹¼½¾]+")
_BEYOND = re.compile(
    "[\0\x03\x07\x08\x0e-\x10\x18-\x1f\x7f\u0100-\u0151\u0154-\u015f\u0162-\u0177\u0179-\u017c\u017f-"
    "\u0191\u0193-\u02c5\u02c7-\u02db\u02dd-\u1fff\u2c00-\ud7ff\uf900-\ufdff\ufe70-\ufefe\uff00-\uffef"
    "\U00010000-\U0001efff\U00020000-\U0003ffff]"
)
"""What no byte of an old text is: letters and marks beyond CP1252, controls that draw nothing.
Symbols are not in it: another font may have given them."""

_FORMULA = "µ·×÷"
"""Signs in words of any language: µm, N·m, m×n. They are no variety."""
_OPPOSED = 4
"""Words that became syllables to one that did not. In old texts .99 of them do."""
_ENOUGH = 10_000
"""Words in lines that are certain, after which nothing more is weighed."""
_HOPELESS = 100
"""Words against in excess of those for, after which a document is no longer judged as a whole."""


@dataclass(frozen=True, slots=True)
class Converted:
    """A text and the name of the old encoding that it was in; None where it is as it was."""

    text: str
    encoding: str | None


def convert(text: str) -> Converted:
    """Convert what is in TCVN3, in VNI or "UTF-8 read as CP1252"; leave everything else.

    Converted lines are NFC. Capitals of TCVN3 that came from the font (.VnTimeH) are capitals
    where letters beside them show it; without such letters they cannot be told from lower case.
    """
    if text.isascii() or not _HINT.search(text):
        return Converted(text, None)
    mixed = _BEYOND.search(text) is not None
    lines = _LINE.findall(text)
    if mixed:
        lines = [line for line in lines if _HINT.search(line) and not _BEYOND.search(line)]
    most, encoding = 0, _UTF8
    for candidate in (_UTF8, _TCVN3, _VNI_WINDOWS):
        words = _support(lines, candidate, mixed=mixed)
        if words > most:
            most, encoding = words, candidate
        if words >= _ENOUGH:
            break
    if not most:
        return Converted(text, None)

    def follow(match: re.Match[str]) -> str:
        line = match[0]
        if line.isascii() or _BEYOND.search(line) or not _joins(line, encoding, mixed=mixed):
            return line
        return unicodedata.normalize("NFC", encoding.convert(line))

    return Converted(_LINE.sub(follow, text), encoding.name)


def in_unicode(document: Document) -> Document:
    """The document with its title and text converted; its meta field `converted_from` says so."""
    title = document.title or ""
    found = convert(f"{title}\n{document.text}")
    if found.encoding is None:
        return document
    lines = found.text.split("\n", title.count("\n") + 1)
    return replace(
        document,
        text=lines[-1],
        title=None if document.title is None else "\n".join(lines[:-1]),
        meta={**document.meta, "converted_from": found.encoding},
    )


def decode(data: bytes) -> Converted | None:
    """The text of a file in one of the old encodings, None for any other file."""
    raw = data.decode("latin-1")
    for text in (raw, raw.translate(_CP1252)):
        found = convert(text)
        if found.encoding is not None:
            return found
    return None


@dataclass(frozen=True, slots=True, eq=False)
class _Encoding:
    """How to convert a line, how to read a part of one, and what speaks for the encoding.

    `word` is a word as seen, `sign` what other texts hardly have, `least` how many different words
    and letters make it certain.
    """

    name: str
    least: int
    convert: Callable[[str], str]
    read: Callable[[str], str]
    word: re.Pattern[str]
    sign: re.Pattern[str]


@dataclass(slots=True)
class _Tally:
    """What the words of a text say about one encoding.

    `good` words became syllables when read in it (`words`, `codes`: which, and by which letters),
    `signs` of them by a sign that other texts hardly have; `bad` words became none; `plain` are
    unmarked and not Vietnamese.
    """

    words: set[str] = field(default_factory=set)
    codes: set[str] = field(default_factory=set)
    good: int = 0
    signs: int = 0
    bad: int = 0
    plain: int = 0

    def add(self, other: _Tally) -> None:
        """Count the other text in."""
        self.words |= other.words
        self.codes |= other.codes
        self.good += other.good
        self.signs += other.signs
        self.bad += other.bad
        self.plain += other.plain

    def certain(self, least: int) -> bool:
        """Whether the evidence is varied, nearly unopposed, and not a few words among others."""
        varied = len(self.words) >= least and len(self.codes) >= least and self.signs > 0
        return varied and self.bad * _OPPOSED <= self.good and self.plain <= self.good


def _support(lines: list[str], encoding: _Encoding, *, mixed: bool) -> int:
    """How many words attest the encoding; 0 where that is not certain."""
    found = 0
    whole, hopeful = _Tally(), not mixed
    for line in lines:
        if not hopeful and not (_HINT.search(line) and encoding.sign.search(line)):
            continue
        tally = _tally(line, encoding)
        if tally.certain(encoding.least):
            found += tally.good
            if found >= _ENOUGH:
                break
        if hopeful:
            whole.add(tally)
            hopeful = whole.plain + whole.bad < whole.good + _HOPELESS
    return whole.good if hopeful and whole.certain(encoding.least) else found


def _joins(line: str, encoding: _Encoding, *, mixed: bool) -> bool:
    """Whether a line of a recognized document is in its encoding: in doubt, if it all may be."""
    tally = _tally(line, encoding)
    return tally.good > tally.bad or (not mixed and tally.good == tally.bad)


def _tally(line: str, encoding: _Encoding) -> _Tally:
    tally = _Tally()
    for chunk in _CHUNK.findall(line):
        weight = _weigh(chunk, encoding)
        if weight is not None:
            tally.add(weight)
    return tally


@lru_cache(maxsize=1 << 12)
def _weigh(chunk: str, encoding: _Encoding) -> _Tally | None:
    """What one stretch without white space says; None for nothing."""
    tally = _Tally()
    read = encoding.read(chunk)
    fine = read == chunk or any(
        _is_syllable(word) for word in encoding.word.findall(chunk) if not word.isascii()
    )
    for word in _WORD.findall(read):
        if len(word) == 1:
            continue
        if word.isascii():
            tally.plain += not word.isupper() and word.lower() not in _BARE
        elif not _is_syllable(word):
            tally.bad += 1
        elif not fine:
            tally.good += 1
            tally.words.add(word.lower())
    if tally.good:
        tally.codes.update(char for char in chunk if char > "\x7f" and char not in _FORMULA)
        tally.signs = len(encoding.sign.findall(chunk))
    return tally if tally.good or tally.bad or tally.plain else None


def _is_syllable(word: str) -> bool:
    """Whether a word in NFC is a well-formed syllable: its letters, tone and coda agree."""
    lower = word.lower()
    bare = lower.translate(_UNTONED)
    if bare not in _BARE:
        return False
    tones = [char for char in unicodedata.normalize("NFD", lower) if char in _TONES]
    if bare.endswith(_STOPS):
        return tones in (["\u0301"], ["\u0323"])
    return len(tones) <= 1


def _bare_syllables() -> frozenset[str]:
    """Every written syllable without its tone, by the rules of the orthography."""
    found = {*_RHYMES.split(), *_IRREGULAR.split()}
    for onset, rhyme in product(_ONSETS.split(), _RHYMES.split()):
        front = rhyme.startswith(("e", "ê", "i"))
        misfits = {"c", "g", "ng"} if front else {"k", "gh", "ngh"}
        if onset not in misfits and not (onset == "gi" and rhyme.startswith("i")):
            found.add(onset + rhyme)
    return frozenset(found)


_BARE = _bare_syllables()
_UNTONED = {
    ord(unicodedata.normalize("NFC", vowel + tone)): vowel
    for vowel, tone in product("aăâeêioôơuưy", _TONES)
}


def _windows(byte: int) -> str:
    """A byte from 0x80 as the web reads CP1252: its five undefined bytes are C1 controls."""
    return bytes([byte]).decode("cp1252", "ignore") or chr(byte)


def _tcvn() -> dict[int, str]:
    """The letter of each character that a byte of TCVN3 is seen as."""
    table: dict[int, str] = dict(_TCVN_C0)
    for first, letters in ((0xA1, _TCVN_A1), (0xB5, _TCVN_B5), (0x11, _TCVN_11)):
        table.update(enumerate(letters, first))
    for byte, letter in enumerate(_TCVN_80, 0x80):
        table[byte] = letter
        if _windows(byte) not in _TYPOGRAPHY:
            table[ord(_windows(byte))] = letter
    return table


_TCVN = _tcvn()
_TCVN_SURE = {place: letter for place, letter in _TCVN.items() if chr(place) not in _TCVN_RARE}
_TCVN_LETTERS = "A-Za-z" + re.escape("".join(map(chr, _TCVN)))
_TCVN_SMALL = re.escape("".join(chr(place) for place, letter in _TCVN.items() if letter.islower()))
_TCVN_WORD = re.compile(f"[{_TCVN_LETTERS}]+")
_LOUD = f"[{_TCVN_SMALL}][A-Z]|[A-Z¡-§][A-Z][{_TCVN_SMALL}]"
_TCVN_SPECIAL = re.compile(
    f"{_LOUD}|[{_TCVN_RARE}]|(?<![{_TCVN_LETTERS}])[{_TCVN_IDLE}](?![{_TCVN_LETTERS}])"
)


def _read_tcvn(text: str) -> str:
    return text.translate(_TCVN_SURE)


def _convert_tcvn(line: str) -> str:
    """Convert word by word; signs that make no word stay, the capital font becomes capitals."""
    if not _TCVN_SPECIAL.search(line):
        return line.translate(_TCVN)
    words = list(_TCVN_WORD.finditer(line))
    raised = _raised([match[0] for match in words])
    pieces: list[str] = []
    done = 0
    for place, match in enumerate(words):
        word = _convert_word(match[0])
        pieces += line[done : match.start()], word.upper() if place in raised else word
        done = match.end()
    return "".join(pieces) + line[done:]


def _convert_word(word: str) -> str:
    read = word.translate(_TCVN)
    rare = any(sign in _TCVN_RARE for sign in word)
    doubtful = word in _TCVN_IDLE or (rare and (len(word) == 1 or not _is_syllable(read)))
    return word if doubtful else read


def _raised(words: list[str]) -> set[int]:
    """Which words are in the font of capitals, in which the codes are those of the lower case.

    Capitals after a code, or two before one, show it (`NéI`, `CHñ`). Words without (`X·`) go with
    them where no lower-case word stands between, nor between them and the end that they are at.
    """
    raised: set[int] = set()
    run: list[int] = []
    for place in range(len(words) + 1):
        ends = place == len(words)
        if not ends and not re.search("[a-z]", words[place]):
            run.append(place)
            continue
        loud = [at for at, index in enumerate(run) if re.search(_LOUD, words[index])]
        if loud:
            first = 0 if run[0] == 0 else loud[0]
            raised.update(run[first:] if ends else run[first : loud[-1] + 1])
        run = []
    return raised


def _vni() -> dict[str, str]:
    """The letter of each pair, and of each character that is a letter alone; any case of marks."""
    table: dict[str, str] = {}
    for vowels, shape, marks in _VNI_PAIRS:
        for vowel, (mark, tone) in product(vowels, marks.items()):
            letter = _VNI_SINGLE.get(vowel, vowel) + shape + tone
            for drawn in (mark, mark.upper()):
                table[vowel + drawn] = unicodedata.normalize("NFC", letter)
                table[vowel.upper() + drawn] = unicodedata.normalize("NFC", letter.upper())
    for char, letter in _VNI_SINGLE.items():
        table[char], table[char.upper()] = letter, letter.upper()
    return table


_VNI = _vni()
_VNI_PAIR = "|".join(
    f"[{vowels}{vowels.upper()}][{''.join(marks)}{''.join(marks).upper()}]"
    for vowels, _, marks in _VNI_PAIRS
)
_VNI_LETTER = re.compile(f"{_VNI_PAIR}|[{''.join(key for key in _VNI if len(key) == 1)}]")


def _convert_vni(text: str) -> str:
    return _VNI_LETTER.sub(lambda match: _VNI[match[0]], text)


_BYTES = {chr(byte): byte for byte in range(0x80, 0x100)}
_BYTES |= {_windows(byte): byte for byte in range(0x80, 0x100)}
_TAIL = re.escape("".join(chr(byte) + _windows(byte) for byte in range(0x80, 0xC0)))
_SEQUENCE = re.compile(f"[\xc2-\xdf][{_TAIL}]|[\xe0-\xef][{_TAIL}]{{2}}|[\xf0-\xf4][{_TAIL}]{{3}}")
_UTF8_WORD = re.compile(f"[A-Za-z{re.escape(''.join(_BYTES))}]+")
_LOST = re.compile(r"([A-Za-z]{0,4})Ã( |$)(?=([^\s.,;:!?…)”]{0,9}))")


def _read_utf8(text: str) -> str:
    return unicodedata.normalize("NFC", _SEQUENCE.sub(_decode, text))


def _decode(match: re.Match[str]) -> str:
    try:
        return bytes(_BYTES[char] for char in match[0]).decode()
    except UnicodeDecodeError:
        return match[0]


def _convert_utf8(line: str) -> str:
    """Convert, and mend the "à" whose no-break space became a plain one or was trimmed."""
    return _read_utf8(_LOST.sub(_mend, line))


def _mend(match: re.Match[str]) -> str:
    """Join what follows where that makes a syllable (`bÃ n`), else keep the space (`lÃ quÃ£ng`)."""
    before, space, after = match.groups()
    joins = not after or (after.isascii() and _is_syllable(f"{before}à{after}"))
    return f"{before}à" if joins else f"{before}à{space}"


_UTF8 = _Encoding("UTF-8 read as CP1252", 2, _convert_utf8, _read_utf8, _UTF8_WORD, _SEQUENCE)
_TCVN_SIGN = re.compile(f"[{_TCVN_SIGNS}]")
_TCVN3 = _Encoding("TCVN3", 3, _convert_tcvn, _read_tcvn, _TCVN_WORD, _TCVN_SIGN)
_VNI_WINDOWS = _Encoding("VNI", 3, _convert_vni, _convert_vni, _WORD, re.compile(_VNI_PAIR))
_HINT = re.compile(f"[{_TCVN_SIGNS}ºäåïñöøûæÄÅÏÑÖØÛÆ]")
"""What Vietnamese in Unicode is hardly made of, and a line of an old encoding hardly without."""
