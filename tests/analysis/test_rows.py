"""THE ROAD OF ARRAYS: the same syllables and words as reading a text stretch by stretch."""

from __future__ import annotations

import re
import threading
import time
from typing import TYPE_CHECKING

import numpy as np
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from searchdb.analysis import Analyzer, fold, stretches
from searchdb.analysis.batches import batches
from searchdb.analysis.forms import ALL, NONE
from searchdb.analysis.normalize import normalize
from searchdb.analysis.segmenters.pyvi import PyviSegmenter
from searchdb.analysis.segmenters.syllable import SyllableSegmenter
from searchdb.analysis.vocabulary import Vocabulary, unmarked_key

if TYPE_CHECKING:
    from searchdb.analysis.forms import NormalForms
    from searchdb.analysis.segmenters import Segmenter

SEGMENTERS: list[Segmenter] = [SyllableSegmenter(), PyviSegmenter()]
Row = list[tuple[str, str, str, bool]]

WORDS = st.sampled_from(
    [
        *("hòa bình", "hoà bình", "Ủy ban", "uỷ ban", "vịêt nam", "sinh hoạt chi bộ", "đường sá"),
        *("CỘNG HÒA XÃ HỘI", "QUYẾT ĐỊNH", "TP. Hồ Chí Minh", "kỹ sư", "Ðảng", "ĐƯỜNG", "duong"),
        *("03-CT/TW", "5.700", ".5.700", "5.700.", "(5.700)", "số 007,", "v/v", "a@b.vn", "1,5%"),
        *("“Đảng”", "(chi", "bộ)", "...", "–", "'quê", "hương'", "__a__", "~xin", "==>", "a_b"),
        *(
            "vie\u0323\u0302t",
            "\u0301a",
            "a\u0301.",
            "(\u0301a)",
            "e\u0301\u0323",
            "\u0345",
            "x\u0338=",
        ),
        *("th\u200bành", "\u200b", "\ufeff", "phố\u00ad", "\u200b.", "a\0b", "\x07", "ngo\u0000ài"),
        *("\ud800", "a\udfffb", "\udc00.", "ＨÀ", "（nội）", "．５．７００", ",５.７００", "５"),
        *("中文字", "ภาษา", "😀", "ﬁ", "ß", "İ", "ǅ", "½", "²", "٣", "Ⅷ", "\u1112\u1161\u11ab"),
        *("x" * 1023 + "ớ", "y" * 1024, "đ" * 1025, "a\u0301" * 1500, "-" * 3000, "1." * 700),
    ]
)
GAPS = st.sampled_from([" ", "  ", "\n", "\n\n", "\r\n", "\t", "\u00a0", "\u3000", "\x1c", "", ","])
TEXTS = st.one_of(
    st.lists(st.tuples(WORDS, GAPS), max_size=12).map(
        lambda pairs: "".join(word + gap for word, gap in pairs)
    ),
    st.text(max_size=40),
)


def reference(text: str, segmenter: Segmenter, forms: NormalForms) -> Row:
    """The law spelled out: each stretch on its own, words in the normal form of the whole text."""
    analyzer = Analyzer(segmenter, forms)
    normal, places = "", []
    done = 0
    for match in re.finditer(r"\S{1,1024}", text):
        normal += text[done : match.start()]
        _, syllables = analyzer._entry(match[0])
        places += [(syllable, len(normal) + place) for syllable, place in syllables]
        normal += normalize(match[0], forms).text
        done = match.end()
    lines = normal.split("\n")
    if forms.capitals:
        lines = [
            line.lower() if line.isupper() and len(line.lower()) == len(line) else line
            for line in lines
        ]
    begins = [start for start, _ in segmenter.segment("\n".join(lines))]
    row: Row = []
    before = -1
    for (key, folded, surface), place in places:
        span = sum(begin <= place for begin in begins)
        row.append((key, folded, surface, span != before or not row))
        before = span
    return row


def rows(analyzer: Analyzer, texts: list[str], unmarked: list[bool] | None = None) -> list[Row]:
    """What the arrays say, in words."""
    words = Vocabulary()
    return [
        [
            (words.keys[place], words.folded[place], words.surfaces[place], start)
            for place, start in zip(tokens.tolist(), starts.tolist(), strict=True)
        ]
        for tokens, starts in analyzer.rows(texts, words, unmarked=unmarked or ())
    ]


@pytest.mark.parametrize("forms", [ALL, NONE], ids=["all", "none"])
@pytest.mark.parametrize("segmenter", SEGMENTERS, ids=lambda segmenter: type(segmenter).__name__)
@settings(max_examples=60)
@given(texts=st.lists(TEXTS, max_size=4))
@example(texts=[])
@example(texts=[""])
@example(texts=["", "hòa", "", "\n", "hòa"])
@example(texts=["CỘNG HÒA XÃ HỘI\nsinh hoạt", "bình"])
def test_arrays_say_what_reading_stretch_by_stretch_says(
    segmenter: Segmenter, forms: NormalForms, texts: list[str]
) -> None:
    expected = [reference(text, segmenter, forms) for text in texts]
    analyzer = Analyzer(segmenter, forms)
    assert rows(analyzer, texts) == expected
    assert rows(analyzer, texts) == expected, "what is remembered changes nothing"


ANALYZER = Analyzer(PyviSegmenter())


@given(st.lists(TEXTS, max_size=4))
def test_both_roads_give_a_text_the_same_syllables(texts: list[str]) -> None:
    for text, row in zip(texts, rows(ANALYZER, texts), strict=True):
        found = ANALYZER.syllables(text)
        assert [each[:3] for each in row] == list(
            zip(found.keys, found.folded, found.surfaces, strict=True)
        )


@given(st.lists(TEXTS, max_size=4), st.data())
def test_the_vocabulary_is_in_the_order_of_the_texts_whatever_came_before(
    texts: list[str], data: st.DataObject
) -> None:
    unmarked = [data.draw(st.booleans()) for _ in texts]
    fresh, used = Vocabulary(), Vocabulary()
    Analyzer(SEGMENTERS[0]).rows(texts, fresh, unmarked=unmarked)
    found = ANALYZER.rows(texts, used, unmarked=unmarked)
    assert (fresh.keys, fresh.surfaces) == (used.keys, used.surfaces)
    places = np.concatenate([tokens for tokens, _ in found]) if found else np.zeros(0)
    assert list(dict.fromkeys(places.tolist())) == list(range(len(used)))


def test_texts_without_marks_have_keys_of_their_own_but_for_numbers() -> None:
    (bare, marked) = rows(ANALYZER, ["chi bo 2015", "chi bộ 2015"], [True, False])
    assert [row[0] for row in bare] == [fold.bare("chi"), fold.bare("bo"), "2015"]
    assert [row[0] for row in marked] == ["chi", "bộ", "2015"]
    assert [unmarked_key(key) for key in ("chi", "bộ", "5700")] == ["~chi", "bộ", "5700"]


def test_forgetting_changes_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    texts = [f"hòa{number} bình, x{number} sinh hoạt chi bộ hòa" for number in range(12)]
    expected = rows(ANALYZER, texts)
    monkeypatch.setattr(stretches, "_LIMIT", 5)
    monkeypatch.setattr("searchdb.analysis.analyzer.TOGETHER", 40)
    analyzer = Analyzer(PyviSegmenter())
    assert rows(analyzer, texts) == expected
    assert len(analyzer._memory()) < 20


def test_long_stretches_are_not_remembered() -> None:
    analyzer = Analyzer(SEGMENTERS[0])
    text = "hòa" * 100
    assert rows(analyzer, [text, text])[0] == reference(text, SEGMENTERS[0], ALL)
    assert not [stretch for stretch in analyzer._memory() if len(stretch) > 64]


def test_threads_do_not_disturb_each_other() -> None:
    texts = [f"Sinh hoạt chi bộ {number} ở hòa{number % 7} bình." for number in range(60)]
    expected = rows(Analyzer(PyviSegmenter()), texts)
    analyzer = Analyzer(PyviSegmenter())
    found: list[list[Row]] = []
    threads = [
        threading.Thread(target=lambda: found.append(rows(analyzer, texts))) for _ in range(4)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert found == [expected] * 4


@pytest.mark.parametrize(
    "unit", ["hòa ", "đ", "a\u0301", "\u200b ", "x.", "5.700", "\ud800\n", "À\n"]
)
def test_time_is_linear(unit: str) -> None:
    def seconds(text: str) -> float:
        best = 9.0
        for _ in range(3):
            begin = time.process_time()
            Analyzer(SEGMENTERS[0]).rows([text], Vocabulary())
            best = min(best, time.process_time() - begin)
        return best

    assert seconds(unit * 16000) < 24 * seconds(unit * 2000) + 0.1


def test_batches_hold_everything_in_order_and_are_not_too_large() -> None:
    items = ["aa", "b", "cccccc", "", "d", "e"]
    assert list(batches(items, len, 3)) == [["aa", "b"], ["cccccc"], ["", "d", "e"]]
    assert list(batches([], len, 3)) == []


@given(TEXTS)
def test_the_normal_form_seen_by_the_segmenter_is_the_normal_form(text: str) -> None:
    read = ANALYZER._memory().read([text])
    parts = re.split(r"(\S{1,1024})", text)
    assert read.normal == "".join(
        normalize(p).text if p and not p[0].isspace() else p for p in parts
    )
