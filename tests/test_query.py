import time

import pytest

from notevault.errors import QueryError
from notevault.query import (
    MAX_DEPTH,
    MAX_ITEMS,
    AnyOf,
    Clause,
    Filter,
    Fuzzy,
    Item,
    Not,
    Phrase,
    Prefix,
    Query,
    Saved,
    Word,
    parse_query,
    render_query,
)


def items(text: str) -> list[tuple[str, Item]]:
    return [(clause.sign, clause.item) for clause in parse_query(text).clauses]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("見積", [("", Word(text="見積"))]),
        ("+見積 -失注", [("+", Word(text="見積")), ("-", Word(text="失注"))]),
        ("見積　＋契約　－失注", [("", Word(text="見積")), ("+", Word(text="契約")), ("-", Word(text="失注"))]),
        ("NOT 失注", [("-", Word(text="失注"))]),
        ('"基幹 システム"', [("", Phrase(text="基幹 システム"))]),
        ("“基幹 システム”", [("", Phrase(text="基幹 システム"))]),
        ('-"a b"', [("-", Phrase(text="a b"))]),
        ("見積*", [("", Prefix(text="見積"))]),
        ("東京～", [("", Fuzzy(text="東京"))]),
        ("@mine", [("", Saved(name="mine"))]),
        ("customer:山田", [("", Filter(name="customer", value="山田"))]),
        ("顧客：山田", [("", Filter(name="顧客", value="山田"))]),
        ('customer:"山田 工業"', [("", Filter(name="customer", value="山田 工業", exact=True))]),
        ("date:2026-10..2026-11", [("", Filter(name="date", value="2026-10..2026-11"))]),
        ("amount:>=1000000", [("", Filter(name="amount", value=">=1000000"))]),
        ("path:a/b:c", [("", Filter(name="path", value="a/b:c"))]),
        ("a OR b c", [("", AnyOf(items=(Word(text="a"), Word(text="b")))), ("", Word(text="c"))]),
        ("-a OR b", [("", AnyOf(items=(Not(item=Word(text="a")), Word(text="b"))))]),
        ("a AND b", [("+", Word(text="a")), ("+", Word(text="b"))]),
        ("a AND -b", [("+", Word(text="a")), ("-", Word(text="b"))]),
        ("-(a b)", [("-", Query(clauses=(Clause(item=Word(text="a")), Clause(item=Word(text="b")))))]),
        ("（a OR b）", [("", Query(clauses=(Clause(item=AnyOf(items=(Word(text="a"), Word(text="b")))),)))]),
        ("", []),
        ("  　 ", []),
    ],
)
def test_a_query_is_read_as_its_grammar_says(text: str, expected: list[tuple[str, Item]]) -> None:
    assert items(text) == expected


@pytest.mark.parametrize(
    "word",
    [
        "(株)山田工業",
        "山田工業(株)",
        "㈱山田工業",
        "10:30",
        "https://example.com/a?b=c",
        "e-mail",
        "AKG-8492",
        "taro@example.com",
        "or",
        "and",
        "-",
        "--force",
        "a)",
        "とは:",
        '24"',
        "Googleの検索エンジンはsite:のような特殊な演算子を検索に使える",
    ],
)
def test_what_people_write_as_a_word_is_a_word(word: str) -> None:
    assert items(word) == [("", Word(text=word))]


@pytest.mark.parametrize(
    ("text", "word"),
    [("\\-5", "-5"), ("\\OR", "OR"), ("a\\*", "a*"), ("a\\:b", "a:b"), ("\\@a", "@a"), ("a\\b", "a\\b")],
)
def test_a_backslash_takes_the_meaning_of_a_character_away(text: str, word: str) -> None:
    assert items(text) == [("", Word(text=word))]


@pytest.mark.parametrize(
    ("text", "column"),
    [
        ('見積 "基幹', 4),
        ("(a b", 1),
        ("(a b))", 6),
        ("- )", 3),
        ("a ()", 3),
        ('a ""', 3),
        ("a OR", 3),
        ("OR a", 1),
        ("a AND", 5),
        ("AND a", 1),
        ("a NOT", 3),
        ("*", 1),
        ("見積 *案", 4),
        ("a*b", 2),
        ("a \x07", 3),
        ("a \ud800", 3),
    ],
)
def test_an_error_points_at_the_character(text: str, column: int) -> None:
    with pytest.raises(QueryError) as caught:
        parse_query(text)
    assert caught.value.column == column
    assert str(column) in caught.value.message


def test_a_star_alone_says_how_to_search_for_it() -> None:
    with pytest.raises(QueryError) as caught:
        parse_query("*")
    assert '"*"' in caught.value.hint


@pytest.mark.parametrize(
    "text", ["a" * 10_000, "(" * 1_000, "a " * 5_000, "(a " * 300, '"' * 999, "OR " * 300, "a:" * 600]
)
def test_hostile_queries_are_answered_at_once(text: str) -> None:
    started = time.perf_counter()
    with pytest.raises(QueryError) as caught:
        parse_query(text)
    assert len(caught.value.message) < 1_000
    assert time.perf_counter() - started < 1


def test_limits_are_told() -> None:
    with pytest.raises(QueryError, match=str(MAX_ITEMS)):
        parse_query(" ".join(["a"] * (MAX_ITEMS + 1)))
    with pytest.raises(QueryError, match=str(MAX_DEPTH)):
        parse_query("( " * (MAX_DEPTH + 1) + "a" + " )" * (MAX_DEPTH + 1))
    parse_query("( " * MAX_DEPTH + "a" + " )" * MAX_DEPTH)


def test_a_rendered_query_is_one_that_a_person_could_have_typed() -> None:
    text = '見積 +契約 -失注 "基幹 システム" 提案* 東京~ @mine customer:山田 OR customer:"鈴木 商店" (a b)'
    assert render_query(parse_query(text)) == text


def test_a_control_character_in_an_error_cannot_steer_the_terminal() -> None:
    with pytest.raises(QueryError) as caught:
        parse_query("見積 \x1b[31m")
    assert "\x1b" not in caught.value.message
    assert caught.value.column == 4
