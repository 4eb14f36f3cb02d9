"""What is marked, what is shown, and that neither ever leaves the text."""

from __future__ import annotations

import re
import time
import unicodedata

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import searchdb
from searchdb.model import Passage, Snippet, Token
from searchdb.query import plan
from searchdb.snippets import Wanted, highlights, snippet, wanted

PIECE = re.compile(
    r"\d+[\u0300-\u036f]*|[^\W\d_][^\W\d_\u0300-\u036f]*(?:[\u0300-\u036f]+[^\W\d_]*)*"
)
CODE = re.compile(r"\w+(?:[-/.]\w+)+")


NO_COUNTS = searchdb.open(None)._snapshot().lexicon


def tokens(text: str, offset: int = 0) -> list[Token]:
    """A plain stand-in for the analyzer: runs of letters and runs of digits."""
    codes = [found.span() for found in CODE.finditer(text)]
    made: list[Token] = []
    for position, found in enumerate(PIECE.finditer(text)):
        key = unicodedata.normalize("NFC", found[0].lower())
        bare = "".join(c for c in unicodedata.normalize("NFD", key) if not unicodedata.combining(c))
        kind = "number" if key.isdecimal() else "syllable"
        if any(start <= found.start() < end for start, end in codes):
            kind = "code"
        key = key.lstrip("0") if key.isdecimal() and len(key) == 2 else key
        folded = bare.replace("đ", "d")
        start, end = found.span()
        place = (offset + start, offset + end)
        made.append(Token(found[0], *place, kind, key, folded, position, position))
    return made


def slot(*keys: str) -> plan.Slot:
    return plan.Slot(keys[0], tuple((key, 1.0) for key in keys))


def unit(phrase: str, *, title: bool = False) -> plan.Sequence:
    return plan.Sequence(tuple(slot(key) for key in phrase.split()), title)


def ask(*phrases: str) -> Wanted:
    """A query that demands each of the phrases; what was typed is evidence."""
    terms = tuple(slot(key) for phrase in phrases for key in phrase.split())
    return of(plan.All(tuple(unit(phrase) for phrase in phrases)), plan.Evidence(terms))


def of(match: plan.Node, evidence: plan.Evidence | None = None) -> Wanted:
    """What to mark for a collection that makes all words equal."""
    return wanted(plan.Query(match, evidence or plan.Evidence()), NO_COUNTS)


def marked(text: str, want: Wanted, *, title: bool = False) -> list[str]:
    found = highlights(text, asked(tokens(text), want), want, title=title)
    return [text[start:end] for start, end in found]


def asked(row: list[Token], want: Wanted) -> list[Token]:
    """Those whose keys are asked for."""
    return [token for token in row if token.key in want.slots]


def cut(text: str, want: Wanted, size: int = 300) -> Snippet:
    return shown_of(text, Passage(0, len(text)), tokens(text), want, size)


def shown_of(
    text: str, passage: Passage, row: list[Token], want: Wanted, size: int = 300
) -> Snippet:
    """The snippet of a passage that has this row of tokens."""
    ends = [token.end for token in row]
    return snippet(text, passage, asked(row, want), want, token_ends=lambda: ends, size=size)


def shown(found: Snippet) -> str:
    """The snippet with its marks in guillemets and its cuts as dots."""
    pieces, done = [], 0
    for start, end in found.highlights:
        pieces += [found.text[done:start], "«", found.text[start:end], "»"]
        done = end
    text = "".join(pieces) + found.text[done:]
    return ("…" if found.cut_before else "") + text + ("…" if found.cut_after else "")


class TestPhrases:
    def test_a_term_is_marked_wherever_it_stands(self) -> None:
        assert marked("Đảng, đảng và ĐẢNG viên", ask("đảng")) == ["Đảng", "đảng", "ĐẢNG"]

    def test_a_phrase_is_one_range_and_its_lone_syllables_are_none(self) -> None:
        text = "Cán bộ họp chi bộ, chi tiền cho bộ phận"
        assert marked(text, ask("chi bộ")) == ["chi bộ"]

    def test_a_phrase_takes_its_inner_white_space_and_punctuation_along(self) -> None:
        text = "Về chi \n  bộ; theo Chỉ thị số 03 - CT/TW ngày"
        assert marked(text, ask("chi bộ")) == ["chi \n  bộ"]
        assert marked(text, ask("3 ct tw")) == ["03 - CT/TW"]

    def test_a_phrase_in_another_order_is_none(self) -> None:
        assert marked("sinh học và học sinh", ask("học sinh")) == ["học sinh"]

    def test_every_form_of_a_slot_counts(self) -> None:
        either = plan.Sequence((slot("chi", "chí"), slot("bộ", "bồ")))
        assert marked("chí bồ, chi bộ, chỉ bộ", of(either)) == ["chí bồ", "chi bộ"]

    def test_phrases_that_share_a_syllable_are_one_range(self) -> None:
        assert marked("chi bộ đội ta", ask("chi bộ", "bộ đội")) == ["chi bộ đội"]

    def test_a_phrase_does_not_reach_over_a_gap_in_the_positions(self) -> None:
        text = "chi bộ"
        first, second = tokens(text)
        apart = [first, Token("bộ", 4, 6, second.kind, "bộ", "bo", 7, 7)]
        assert highlights(text, apart, of(unit("chi bộ")), title=True) == ()


class TestNeighbors:
    @pytest.mark.parametrize(
        ("text", "units"),
        [
            ("sinh hoạt chi bộ", ["sinh hoạt", "chi bộ"]),
            ("kinh tế - xã hội", ["kinh tế", "xã hội"]),
            ("kinh tế–xã hội", ["kinh tế", "xã hội"]),
            ("chi bộ\n14", ["chi bộ", "14"]),
            ("Đảng/đoàn", ["đảng", "đoàn"]),
        ],
    )
    def test_neighbors_in_query_and_text_are_one_range(self, text: str, units: list[str]) -> None:
        assert marked(f"trước {text} sau", ask(*units)) == [text]

    @pytest.mark.parametrize("between", [", ", ". ", " (", " và ", "; "])
    def test_signs_and_words_between_keep_them_apart(self, between: str) -> None:
        text = f"sinh hoạt{between}chi bộ"
        assert marked(text, ask("sinh hoạt", "chi bộ")) == ["sinh hoạt", "chi bộ"]

    def test_neighbors_in_the_text_alone_stay_apart(self) -> None:
        want = ask("chi bộ", "tháng", "sinh hoạt")
        assert marked("sinh hoạt chi bộ", want) == ["sinh hoạt", "chi bộ"]

    def test_only_the_right_number_joins(self) -> None:
        text = "  chi bộ  12,  chi bộ 14 ;  Chi bộ cơ quan"
        assert marked(text, ask("chi bộ", "14")) == ["chi bộ", "chi bộ 14", "Chi bộ"]


class TestWanted:
    def test_what_is_excluded_is_not_marked(self) -> None:
        match = plan.All((unit("chi bộ"), plan.Not(plan.Any((unit("đảng"),)))))
        assert marked("đảng ủy và chi bộ", of(match)) == ["chi bộ"]

    def test_everything_asks_for_nothing(self) -> None:
        assert marked("đảng ủy", of(plan.Everything())) == []

    def test_a_demand_on_the_title_marks_titles_only(self) -> None:
        want = of(plan.All((unit("chi bộ", title=True), unit("14"))))
        assert marked("Chi bộ 14", want) == ["14"]
        assert marked("Chi bộ 14", want, title=True) == ["Chi bộ 14"]

    def test_evidence_is_marked_unless_it_is_part_of_a_demand(self) -> None:
        evidence = plan.Evidence(terms=(slot("chi"), slot("bộ"), slot("tháng")))
        text = "chi bộ, cán bộ, hàng tháng"
        assert marked(text, of(unit("chi bộ"), evidence)) == ["chi bộ", "tháng"]

    def test_syllables_of_one_word_are_marked_as_that_word(self) -> None:
        syllables = plan.Any((unit("nâng"), unit("chất"), unit("lượng"), unit("họp")))
        evidence = plan.Evidence(words=(("nâng",), ("chất", "lượng"), ("họp",)))
        text = "nâng chất lượng, số lượng, chất xám, họp"
        assert marked(text, of(syllables, evidence)) == ["nâng chất lượng", "họp"]

    def test_an_empty_sequence_or_slot_asks_for_nothing(self) -> None:
        nothing = plan.Any((plan.Sequence(()), plan.Sequence((plan.Slot("x", ()),)), plan.Any(())))
        assert marked("x y", of(nothing)) == []

    def test_a_deep_tree_is_no_trouble(self) -> None:
        node: plan.Node = unit("bộ")
        for _ in range(5000):
            node = plan.All((node,))
        assert marked("chi bộ", of(node)) == ["bộ"]


class TestRelaxed:
    def test_lone_syllables_are_marked_where_nothing_else_is(self) -> None:
        assert marked("chi phí của bộ", ask("chi bộ")) == ["chi", "bộ"]

    def test_a_whole_unit_silences_the_lone_syllables_of_another(self) -> None:
        assert marked("chi phí, hàng tháng", ask("chi bộ", "hàng tháng")) == ["hàng tháng"]

    def test_what_stands_together_of_a_phrase_is_marked_all_the_same(self) -> None:
        text = "sinh hoạt chi đoàn, sinh viên, đảng"
        assert marked(text, ask("sinh hoạt chi bộ", "đảng")) == ["sinh hoạt chi", "đảng"]

    def test_titles_have_no_lone_syllables(self) -> None:
        assert marked("Chi cục thuế", ask("chi bộ"), title=True) == []

    def test_digits_and_pieces_of_codes_are_lone_only_where_there_is_no_word(self) -> None:
        assert marked("3 người, 5-CT, ở TW", ask("3 ct tw")) == ["TW"]
        assert marked("3 người, mục 7/tw", ask("3 ct tw")) == ["3", "tw"]
        assert marked("5 người, năm 2015", ask("5 9 2015")) == ["2015"]
        assert marked("Chỉ thị CT/TW", ask("3 ct tw")) == ["CT/TW"]


FILLER = "Các đơn vị tiếp tục thực hiện kế hoạch đã đề ra trong năm. "


class TestWindow:
    def test_a_passage_that_fits_is_shown_whole_and_trimmed(self) -> None:
        found = cut(" \n Họp chi bộ.\n", ask("chi bộ"))
        assert found == Snippet("Họp chi bộ.", ((4, 10),), start=3)

    def test_offsets_are_those_of_the_document(self) -> None:
        text = "Tiêu đề\n\nHọp chi bộ 14.\n\nHết"
        passage = Passage(9, 25)
        found = shown_of(text, passage, tokens(text[9:25], 9), ask("chi bộ", "14"))
        assert shown(found) == "Họp «chi bộ 14»."
        assert found.start == 9

    def test_without_a_match_it_is_the_beginning(self) -> None:
        assert shown(cut(FILLER * 5, ask("đảng"), 30)) == "Các đơn vị tiếp tục thực hiện…"

    def test_the_unbroken_run_wins(self) -> None:
        text = (
            "Ngoài học tập, các chi bộ còn bàn cách nâng cao chất lượng sinh hoạt, đưa vào các "
            "buổi họp; thành ra các buổi sinh hoạt chi bộ hàng tháng sát với việc của đơn vị."
        )
        want = ask("sinh hoạt", "chi bộ", "hàng tháng")
        assert "«sinh hoạt chi bộ hàng tháng»" in shown(cut(text, want))
        assert shown(cut(text, want, 60)) == (
            "…ra các buổi «sinh hoạt chi bộ hàng tháng» sát với việc của đơn…"
        )

    def test_a_run_wins_over_the_same_terms_scattered_before_it(self) -> None:
        text = (
            "Chi bộ họp; sinh hoạt đều. " + FILLER * 6 + "Buổi sinh hoạt chi bộ ấy vui. " + FILLER
        )
        found = cut(text, ask("sinh hoạt", "chi bộ"), 80)
        assert shown(found).startswith("…Buổi «sinh hoạt chi bộ» ấy vui. ")

    def test_a_run_at_the_beginning_wins_over_terms_in_the_middle(self) -> None:
        text = (
            "Bàn cách nâng cao việc sinh hoạt chi bộ. "
            + FILLER
            + "Chi bộ lo cách sinh hoạt riêng. "
            "Trên cơ sở đó, từng chi bộ chọn việc sinh hoạt. " + FILLER * 2
        )
        found = cut(text, ask("sinh hoạt", "chi bộ"), 120)
        assert shown(found).startswith("Bàn cách nâng cao việc «sinh hoạt chi bộ».")

    def test_more_of_the_terms_win_over_many_of_one(self) -> None:
        text = "Họp, họp, họp, họp. " + FILLER * 6 + "Đảng ủy họp tháng này. " + FILLER * 6
        found = cut(text, ask("họp", "đảng", "tháng"), 60)
        assert shown(found).startswith("…«Đảng» ủy «họp» «tháng» này.")

    def test_more_marks_win_among_equals_then_the_first(self) -> None:
        text = "Họp nhé. " + FILLER * 6 + "Họp rồi lại họp. " + FILLER * 6 + "Họp nữa, họp."
        assert shown(cut(text, ask("họp"), 50)).startswith("…«Họp» rồi lại «họp». ")

    def test_it_begins_at_a_sentence_where_one_is_near(self) -> None:
        text = FILLER * 4 + "Vì vậy, mỗi buổi họp chi bộ đều có việc để bàn. " + FILLER * 4
        assert shown(cut(text, ask("chi bộ"), 100)).startswith("…Vì vậy, mỗi buổi họp «chi bộ» đều")

    def test_what_the_best_run_repeats_gets_no_room(self) -> None:
        text = (
            FILLER * 2 + "Sinh hoạt đã vui. Nay ta thấy sinh hoạt chi bộ còn vui hơn. " + FILLER * 2
        )
        found = cut(text, ask("sinh hoạt", "chi bộ"), 50)
        assert shown(found) == "…Nay ta thấy «sinh hoạt chi bộ» còn vui hơn.…"

    def test_it_does_not_begin_inside_of_a_phrase(self) -> None:
        text = FILLER + "Ai nấy đi họp. Đảng ủy báo tin họp đảng, chi bộ đều vui. " + FILLER
        found = cut(text, ask("họp đảng", "chi bộ"), 50)
        assert shown(found) == "…ủy báo tin «họp đảng», «chi bộ» đều vui.…"

    def test_it_is_filled_at_the_end_of_the_passage(self) -> None:
        text = FILLER * 3 + "Họp chi bộ."
        assert shown(cut(text, ask("chi bộ"), 80)) == "…" + FILLER + "Họp «chi bộ»."

    def test_no_edge_parts_a_phrase(self) -> None:
        text = "Mở đầu chi bộ họp bàn về các việc của chi bộ trong năm và năm sau nữa"
        for size in range(6, len(text)):
            found = cut(text, ask("chi bộ"), size)
            assert {found.text[start:end] for start, end in found.highlights} == {"chi bộ"}

    def test_a_run_longer_than_the_window_is_marked_as_far_as_it_goes(self) -> None:
        text = "Xin " + "họp " * 100
        found = cut(text, ask("họp"), 15)
        assert shown(found) == "Xin «họp» «họp» «họp»…"
        phrase = of(plan.Sequence((slot("họp"),) * 50))
        assert shown(cut(text, phrase, 15)) == "…«họp họp họp họp»…"

    def test_a_token_longer_than_the_window_is_cut(self) -> None:
        assert shown(cut("họp " + "a" * 500, ask("a" * 500), 10)) == "…«aaaaaaaaaa»…"
        assert shown(cut("b" * 500, ask("họp"), 10)) == "bbbbbbbbbb…"

    def test_marks_stay_with_their_letter(self) -> None:
        text = unicodedata.normalize("NFD", "ộ" * 20)
        assert cut(text, ask("họp"), 10).text == text[:9]
        assert cut(text, ask("ộ" * 20), 10).text == text[:9]
        assert cut(text, ask("ộ" * 20), 2).text == ""

    def test_it_does_not_begin_with_a_mark_that_stands_on_white_space(self) -> None:
        text = FILLER + "rồi \u0301chi bộ họp. " + FILLER
        assert cut(text, ask("chi bộ"), 24).text.startswith(("rồi", "chi bộ"))

    def test_decomposed_text_is_marked_where_it_is_stored(self) -> None:
        text = unicodedata.normalize("NFD", "Đồng chí họp chi bộ hằng tháng")
        found = cut(text, ask("chi bộ"))
        ((start, end),) = found.highlights
        assert found.text == text
        assert found.text[start:end] == unicodedata.normalize("NFD", "chi bộ")

    def test_without_white_space_it_ends_after_a_token(self) -> None:
        assert shown(cut("một,hai,ba,bốn,năm", ask("hai"), 9)) == "một,«hai»…"

    @pytest.mark.parametrize("text", ["", " ", "\n\t", "!?", "…"])
    @pytest.mark.parametrize("size", [-1, 0, 1, 300])
    def test_next_to_nothing_is_no_trouble(self, text: str, size: int) -> None:
        assert cut(text, ask("chi bộ"), size).highlights == ()

    def test_an_empty_window_is_empty(self) -> None:
        assert cut("họp", ask("họp"), 0) == Snippet("", (), cut_after=True)


class TestTime:
    @pytest.mark.parametrize("text", ["a " * 50_000, "a" + "\n" * 50_000 + "b", "a,b;" * 25_000])
    def test_a_degenerate_passage_is_quick(self, text: str) -> None:
        want = of(plan.All((*[unit("a")] * 20, *[unit("a " * n + "b") for n in range(1, 20)])))
        row = tokens(text)
        begin = time.process_time()
        shown_of(text, Passage(0, len(text)), row, want)
        assert time.process_time() - begin < 3


class TestHtml:
    def test_everything_is_escaped_inside_the_marks_and_out(self) -> None:
        text = "<script>alert('x')</script> & \"chi\" <b>bộ"
        found = cut(text, ask("chi b bộ", "script"))
        assert found.html() == (
            "&lt;<mark>script</mark>&gt;alert(&#x27;x&#x27;)&lt;/<mark>script</mark>&gt; &amp; "
            "&quot;<mark>chi&quot; &lt;b&gt;bộ</mark>"
        )

    def test_cuts_are_shown_outside_of_the_text(self) -> None:
        found = cut("một hai ba bốn năm", ask("ba"), 7)
        assert found.html() == "… <mark>ba</mark> bốn …"


LETTERS = st.sampled_from(
    ["chi", "bộ", "Bo", "a", "3", "03", "CT/TW", "sinh", "hoạt", "đ", "o\u0323\u0302", "😀"]
)
JOINTS = st.sampled_from(
    [" ", " ", " ", "", ", ", ". ", "\n", " - ", "/", "&", "<b>", "\u00a0", "́"]
)
TEXTS = st.lists(st.tuples(LETTERS, JOINTS), max_size=40).map(
    lambda pairs: "".join(word + joint for word, joint in pairs)
)
KEYS = st.sampled_from(["chi", "bộ", "bo", "a", "3", "ct", "tw", "sinh", "hoạt", "đ", "aa"])
SLOTS = st.lists(KEYS, min_size=0, max_size=3).map(
    lambda keys: plan.Slot("x", tuple((key, 1.0) for key in keys))
)
UNITS = st.builds(plan.Sequence, st.lists(SLOTS, max_size=4).map(tuple), st.booleans())
NODES = st.recursive(
    UNITS | st.just(plan.Everything()),
    lambda nodes: (
        st.builds(plan.All, st.lists(nodes, max_size=4).map(tuple))
        | st.builds(plan.Any, st.lists(nodes, max_size=4).map(tuple))
        | st.builds(plan.Not, nodes)
    ),
    max_leaves=8,
)
EVIDENCE = st.builds(plan.Evidence, st.lists(SLOTS, max_size=3).map(tuple))
QUERIES = st.builds(plan.Query, NODES, EVIDENCE)


class TestLaws:
    @settings(deadline=None)
    @given(text=TEXTS, query=QUERIES, title=st.booleans())
    def test_ranges_are_sorted_disjoint_and_of_whole_tokens(
        self, text: str, query: plan.Query, *, title: bool
    ) -> None:
        row, want = tokens(text), wanted(query, NO_COUNTS)
        found = highlights(text, asked(row, want), want, title=title)
        flat = [offset for pair in found for offset in pair]
        assert flat == sorted(flat)
        assert all(start < end for start, end in found)
        assert {start for start, _ in found} <= {token.start for token in row}
        assert {end for _, end in found} <= {token.end for token in row}

    @settings(deadline=None)
    @given(before=TEXTS, text=TEXTS, after=TEXTS, query=QUERIES, size=st.integers(0, 90))
    def test_a_snippet_is_a_slice_of_whole_tokens_within_its_size(
        self, before: str, text: str, after: str, query: plan.Query, size: int
    ) -> None:
        low, high = len(before), len(before) + len(text)
        stored = before + text + after
        row = tokens(text, low)
        found = shown_of(stored, Passage(low, high), row, wanted(query, NO_COUNTS), size)
        start, end = found.start, found.start + len(found.text)
        assert low <= start <= end <= high
        assert found.text == stored[start:end] == found.text.strip()
        assert len(found.text) <= size
        assert found.cut_before == bool(stored[low:start].strip())
        assert found.cut_after == bool(stored[end:high].strip())
        flat = [offset for pair in found.highlights for offset in pair]
        assert flat == sorted(flat)
        assert all(0 <= offset <= len(found.text) for offset in flat)
        for token in row:
            assert token.start >= start or token.end <= start
            if token.start < end < token.end:
                assert token.end - token.start > size
        if end < high and found.text:
            assert not unicodedata.combining(stored[end])

    @settings(deadline=None)
    @given(text=TEXTS, query=QUERIES, size=st.integers(10, 90))
    def test_a_passage_with_a_match_shows_one(
        self, text: str, query: plan.Query, size: int
    ) -> None:
        want = wanted(query, NO_COUNTS)
        found = cut(text, want, size)
        assert bool(found.highlights) == bool(marked(text, want))
