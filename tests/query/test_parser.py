from __future__ import annotations

import contextlib
import hashlib
import re
import time
from pathlib import Path
from typing import TYPE_CHECKING, Literal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from searchdb.errors import QueryError
from searchdb.query.ast import And, Field, Node, Not, Or, Phrase, Prefix, Text
from searchdb.query.parser import MAX_DEPTH, MAX_LENGTH, parse

if TYPE_CHECKING:
    from collections.abc import Iterator

DOCS = Path(__file__).parents[2] / "docs" / "query-syntax.md"
LEAVES = {Text: "words", Phrase: "phrase", Prefix: "prefix"}
EXAMPLE = re.compile(r"\| `(?P<typed>.+)` \| (?P<reading>.+) \|")

FRAGMENTS = (
    *("a", "B", "bộ", "Đảng", "5", "03-CT/TW", "x y", "bo\u0323\u0302", "\u0301", "ﬁ", "²"),
    *(" ", " ", " ", "\n", "\u00a0", "\0", "\x1f", "\ud800", "\u202e", "\u200b", "\ufeff"),
    *('"', '"', "“", "”", "«", "»", "＂", "'", '"a"'),
    *("(", ")", "(", ")", "()", "-", "-", "--", "*", "**", ":", "::", "~", "|", ",", "…"),
    *("title:", "-title:", "TITLE:", "tiêu:", "OR", "AND", " OR ", " AND ", " or ", "NOT "),
)
QUERIES = st.text(st.characters()) | st.lists(st.sampled_from(FRAGMENTS)).map("".join)


def leaves(node: Node) -> Iterator[Text | Phrase | Prefix]:
    match node:
        case Not(inner) | Field(_, inner):
            yield from leaves(inner)
        case And(nodes) | Or(nodes):
            for child in nodes:
                yield from leaves(child)
        case Text() | Phrase() | Prefix():
            yield node


def reading(node: Node) -> str:
    """How the documentation writes a tree."""

    def part(child: Node) -> str:
        return f"({reading(child)})" if isinstance(child, And | Or) else reading(child)

    match node:
        case Text(text) | Phrase(text) | Prefix(text):
            return f"{LEAVES[type(node)]} [{text}]"
        case Not(inner):
            return f"not {part(inner)}"
        case Field(name, inner):
            return f"in {name} {part(inner)}"
        case And(nodes):
            return " and ".join(map(part, nodes)) or "nothing"
        case Or(nodes):
            return " or ".join(map(part, nodes))


def check_laws(query: str) -> None:
    tree = parse(query)
    assert parse(str(tree)) == tree
    for leaf in leaves(tree):
        assert query[leaf.start : leaf.start + len(leaf.text)] == leaf.text
        assert leaf.text.strip() == leaf.text
        assert any(map(str.isalnum, leaf.text))


def examples() -> list[tuple[str, str]]:
    section = DOCS.read_text("utf-8").split("\n## Examples\n")[1].split("\n## ")[0]
    return [(match["typed"], match["reading"]) for match in EXAMPLE.finditer(section)]


@pytest.mark.parametrize(("typed", "expected"), examples())
def test_documented_example(typed: str, expected: str) -> None:
    assert reading(parse(typed)) == expected
    check_laws(typed)


def test_documented_examples_are_found() -> None:
    assert len(examples()) > 20


@pytest.mark.parametrize(
    "typed",
    [
        "-5",
        "S -400",
        "-5.700",
        "2015- 2020",
        "--trường",
        "kinh tế-xã hội",
        "27/NQ-CP",
        "http://phuong.example/tin?so=5",
        "tiêu đề:nghị quyết",
        "title::nghị",
        "title:",
        "x.title:nghị",
        "a**",
        "a*b",
        ".b*,",
        'anh "em',
        'cao 5" rộng 3" dày 1"',
        "chi bộ (5) và (khóa XI (sửa đổi))",
        "khóa XI) và (khóa XII",
        "-(chi bộ)",
        "title:()a",
        "OR",
        "AND OR",
        "chi bộ OR",
        "OR chi bộ",
        "chi bộ OR AND đảng bộ",
        "(chi bộ OR) phường",
        "chi bộ | đảng bộ",
        "chi bộ NOT phường",
        "một\0hai\ud800ba \u202ebốn",
        'bo\u0323\u0302"chi"',
        "  Chi bộ:\n sinh\thoạt",
    ],
)
def test_text_stays_text(typed: str) -> None:
    stripped = typed.strip()
    assert parse(typed) == Text(stripped)
    assert str(parse(typed)) == stripped


@pytest.mark.parametrize(
    ("typed", "expected"),
    [
        ('"a b”', Phrase("a b")),
        ("„a b“", Phrase("a b")),
        ("« a b »", Phrase("a b")),
        ("“a”,“b”", And((Phrase("a"), Phrase("b")))),
        ('""a"', Phrase("a")),
        ('"a"b"', And((Phrase("a"), Text('b"')))),
        ('"a (OR b" -c', And((Phrase("a (OR b"), Not(Text("c"))))),
        ('"a"-b', And((Phrase("a"), Text("b")))),
        ("(a OR b)-c", And((Or((Text("a"), Text("b"))), Text("c")))),
    ],
)
def test_quotes(typed: str, expected: Node) -> None:
    assert parse(typed) == expected
    check_laws(typed)


@pytest.mark.parametrize(
    ("typed", "expected"),
    [
        ("-03-CT/TW", Not(Text("03-CT/TW"))),
        ("-“a b”", Not(Phrase("a b"))),
        ("-tru*", Not(Prefix("tru"))),
        ("-(5*)", Not(Prefix("5"))),
        ("-title:(-a)", Not(Field("title", Not(Text("a"))))),
        ("(-a b)", And((Not(Text("a")), Text("b")))),
        ("-OR", Not(Text("OR"))),
    ],
)
def test_not(typed: str, expected: Node) -> None:
    assert parse(typed) == expected
    assert str(parse(typed)).strip("()") == typed.replace("“", '"').replace("”", '"').strip("()")


@pytest.mark.parametrize(
    ("typed", "expected"),
    [
        ("Title:2015", Field("title", Text("2015"))),
        ("title:title:a", Field("title", Text("title:a"))),
        ("title:(a OR “b”)", Field("title", Or((Text("a"), Phrase("b"))))),
        ("title:(-5)", Field("title", Text("-5"))),
        ("title:a(b)", And((Field("title", Text("a")), Text("(b)")))),
        ("title:AND", Field("title", Text("AND"))),
    ],
)
def test_field(typed: str, expected: Node) -> None:
    assert parse(typed) == expected
    check_laws(typed)


@pytest.mark.parametrize(
    ("typed", "expected"),
    [
        ("a AND b", And((Text("a"), Text("b")))),
        ("a OR b OR c", Or((Text("a"), Text("b"), Text("c")))),
        ("a OR b AND c", And((Or((Text("a"), Text("b"))), Text("c")))),
        ("(a OR b) OR c", Or((Or((Text("a"), Text("b"))), Text("c")))),
        ("a ((b OR c))", And((Text("a"), Or((Text("b"), Text("c")))))),
        ("a OR , b", Or((Text("a"), Text(", b")))),
        ("a OR (OR) b", Or((Text("a"), Text("(OR) b")))),
        ("f(x OR y)", And((Text("f"), Or((Text("x"), Text("y")))))),
        ('(a "b") c', And((And((Text("a"), Phrase("b"))), Text("c")))),
        ("(a OR b -c", And((Or((Text("(a"), Text("b"))), Not(Text("c"))))),
        ("a OR b (c -d", And((Or((Text("a"), Text("b (c"))), Not(Text("d"))))),
    ],
)
def test_operators_and_parentheses(typed: str, expected: Node) -> None:
    assert parse(typed) == expected
    check_laws(typed)


@pytest.mark.parametrize("typed", ["", "  \n", "\0", "?!", '"" -- ** ()', "\ud800\u202e", "\u0301"])
@pytest.mark.parametrize("syntax", ["smart", "plain"])
def test_no_word_asks_for_nothing(typed: str, syntax: Literal["smart", "plain"]) -> None:
    assert parse(typed, syntax=syntax) == And(())


def test_plain_syntax_reads_no_operator() -> None:
    typed = ' -a "b c" OR title:(d*) '
    assert parse(typed, syntax="plain") == Text(typed.strip())
    (leaf,) = leaves(parse(typed, syntax="plain"))
    assert leaf.start == 1


def test_offsets_point_into_the_query() -> None:
    typed = '  chi bộ " mầm non" -title:tru* OR (x '
    starts = {leaf.text: leaf.start for leaf in leaves(parse(typed))}
    assert starts == {text: typed.index(text) for text in ("chi bộ", "mầm non", "tru", "(x")}


def test_offsets_do_not_compare() -> None:
    assert parse("  a") == parse("a")
    assert hash(parse(' "a"  -b')) == hash(parse('"a" -b'))


# Limits


@pytest.mark.parametrize("syntax", ["smart", "plain"])
def test_length_limit(syntax: Literal["smart", "plain"]) -> None:
    longest = "chi bộ " * (MAX_LENGTH // 7) + "a" * (MAX_LENGTH % 7)
    assert parse(longest, syntax=syntax) == Text(longest)
    with pytest.raises(QueryError, match="10,001 characters: shorten it to 10,000") as caught:
        parse(longest + "!", syntax=syntax)
    assert (caught.value.query, caught.value.pos) == (longest + "!", MAX_LENGTH)


def test_depth_limit() -> None:
    def nested(depth: int) -> str:
        return "-(" * (depth - 1) + "a*" + ")" * (depth - 1)

    check_laws(nested(MAX_DEPTH))
    with pytest.raises(QueryError, match="nested more than 50 deep") as caught:
        parse(nested(MAX_DEPTH + 1))
    assert caught.value.pos == nested(MAX_DEPTH + 1).index("a")


def test_needless_parentheses_have_no_depth() -> None:
    assert parse("(" * 4000 + '"a"' + ")" * 4000) == Phrase("a")
    assert parse("(" * 4000 + "a" + ")" * 4000) == Text("(" * 4000 + "a" + ")" * 4000)


@pytest.mark.parametrize(
    "shape",
    [
        *('"', '""a', 'a"', "(", '("a" ', "()", "(OR) ", "-", "-(", "-(a* ", "- ", "*", "a*"),
        *("a OR ", "(a OR ", "OR ", "title:", "title:(", "title:(a ", "\u0301", '\u0301"', "a-("),
    ],
)
def test_ten_thousand_characters_are_quick(shape: str) -> None:
    opened = (shape * MAX_LENGTH)[: MAX_LENGTH // 2]
    for query in (opened * 2, opened + ")" * (MAX_LENGTH // 2)):
        begun = time.process_time()
        with contextlib.suppress(QueryError):
            str(parse(query))
        assert time.process_time() - begun < 1


# Laws


@given(QUERIES)
@settings(max_examples=500)
def test_a_tree_prints_as_a_query_for_the_same_tree(query: str) -> None:
    check_laws(query)


@given(QUERIES)
def test_no_word_is_lost(query: str) -> None:
    def words(text: str) -> list[str]:
        return re.findall(
            r"[^\W_]+", re.sub(r"title:|\b(AND|OR)\b", " ", text, flags=re.IGNORECASE)
        )

    found = [word for leaf in leaves(parse(query)) for word in words(leaf.text)]
    assert found == words(query)


def test_ten_thousand_malformed_queries() -> None:
    for number in range(10_000):
        picks = hashlib.shake_256(number.to_bytes(2)).digest(1 + number % 30)
        check_laws("".join(FRAGMENTS[pick % len(FRAGMENTS)] for pick in picks))


def test_clauses_by_the_hundred_are_turned_down() -> None:
    assert parse('"chi bộ" ' * 100)
    with pytest.raises(QueryError, match="at most 100"):
        parse('"chi bộ" ' * 101)
    with pytest.raises(QueryError, match="at most 100"):
        parse("a* " * 101)
