"""Headings, tasks and links with their positions."""

import json
import time
from collections.abc import Callable

import pytest

from notevault.markdown import parse_markdown
from tests.shared_data import shared_file


def tasks(text: str) -> list[tuple[str, str]]:
    return [(task.mark, task.text) for task in parse_markdown(text)[1]]


def headings(text: str) -> list[tuple[int, str]]:
    return [(section.level, section.heading) for section in parse_markdown(text)[0]]


def links(text: str) -> list[tuple[str, str]]:
    return [(link.target, link.label) for link in parse_markdown(text)[2]]


@pytest.mark.parametrize(
    ("line", "mark", "text"),
    [
        ("- [ ] 見積", " ", "見積"),
        ("* [x] a", "x", "a"),
        ("+ [-] a  ", "-", "a"),
        ("1. [ ] a", " ", "a"),
        ("12) [X] a", "X", "a"),
        ("> - [ ] a", " ", "a"),
        ("> > * [/] a", "/", "a"),
        ("   - [ ] a", " ", "a"),
        ("-   [?] a", "?", "a"),
        ("-\t[ ] a", " ", "a"),
        ("- [ ]\u3000見積", " ", "見積"),
        ("- [ ]", " ", ""),
        ("- [　] a", "　", "a"),
        ("- [ ] `code` [x](y)", " ", "`code` [x](y)"),
    ],
)
def test_a_task_is_found_in_every_spelling(line: str, mark: str, text: str) -> None:
    assert tasks(line) == [(mark, text)]
    assert tasks(f"before\n\n{line}\r\nafter\r\n") == [(mark, text)]


@pytest.mark.parametrize(
    "text",
    [
        "-[ ] a",
        "- [] a",
        "- [ ]a",
        "- [xx] a",
        "[ ] a",
        "text - [ ] a",
        "- \\[ ] a",
        "```\n- [ ] a\n```",
        "~~~~ md\n- [ ] a\n~~~\n- [ ] b\n~~~~",
        "> ```\n> - [ ] a\n> ```",
        "- x\n  ```\n  - [ ] a\n  ```",
        "- ```\n  - [ ] a\n  ```",
        "```\n- [ ] never closed",
        "    - [ ] indented code",
        "text\n\n\t- [ ] indented code",
        "- x\n\n          - [ ] code in an item",
        "<!-- - [ ] a -->",
        "<!--\n- [ ] a\n\n- [ ] b\n-->",
        "<pre>\n- [ ] a\n</pre>",
        "text <!-- begins\n- [ ] a\nends -->",
    ],
)
def test_what_is_no_task_is_none(text: str) -> None:
    assert tasks(text) == []


@pytest.mark.parametrize(
    ("text", "count"),
    [
        ("- a\n    - [ ] b\n        - [ ] c", 2),
        ("- a\n\n    - [ ] b", 1),
        ("1. a\n\n   - [ ] b", 1),
        ("```\ncode\n```\n- [ ] b", 1),
        ("`<!--` text\n- [ ] b\n`-->`", 1),
        ("<!-- never closed\n- [ ] b", 1),
        ("<pre> never closed\n- [ ] b", 1),
        ("> ```\n> code\n- [ ] behind the quote", 1),
        ("- x\n  ```\n  code\n- [ ] behind the item", 1),
        ("<!-- a -->\n- [ ] b", 1),
        ("- x\n> quote\n\n- [ ] b\n    - [ ] c", 2),
        ("```a`b\n- [ ] b", 1),
    ],
)
def test_a_task_is_not_swallowed_by_what_stands_before(text: str, count: int) -> None:
    assert len(tasks(text)) == count


def test_the_positions_of_a_task_are_its_own() -> None:
    text = "---\r\nx: y\r\n---\r\n# 題\r\n>  - [x] 𠮷野家へ\u3000\r\n"
    task = parse_markdown(text, 16)[1][0]
    assert text[task.span.start : task.span.end] == ">  - [x] 𠮷野家へ\u3000"
    assert text[task.mark_span.start : task.mark_span.end] == "x"
    assert text[task.text_span.start : task.text_span.end] == task.text == "𠮷野家へ"
    assert (task.line, task.indent, task.section) == (5, 1, 0)


def test_lines_are_counted_from_the_first_of_the_text() -> None:
    for newline in ("\n", "\r\n", "\r"):
        text = newline.join(["---", "a: b", "---", "# x", "", "- [ ] y", "[[z]]"])
        sections, found, wiki = parse_markdown(text, text.index("#"))
        assert (sections[0].line, found[0].line, wiki[0].line) == (4, 6, 7)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("# a", [(1, "a")]),
        ("   ###### a ##  ", [(6, "a")]),
        ("## C#", [(2, "C#")]),
        ("## a #b", [(2, "a #b")]),
        ("#", [(1, "")]),
        ("##\u3000事実", [(2, "事実")]),
        ("a\n===", [(1, "a")]),
        ("a\n---\nb", [(2, "a")]),
        ("text\n# a\ntext", [(1, "a")]),
        ("####### a", []),
        ("#a", []),
        ("    # a", []),
        ("```\n# a\n```", []),
        ("> # a", []),
        ("- # a", []),
        ("- a\n---", []),
        ("- a\n  # b", []),
        ("a\n\n---", []),
        ("---\n===", []),
        ("a\nb\n---", []),
        ("| a | b |\n|---|---|", []),
        ("<!--\n# a\n-->\n# b", [(1, "b")]),
        ("<!-- a -->\nb\n---", [(2, "b")]),
    ],
)
def test_headings_are_read_as_markdown_has_them(text: str, expected: list[tuple[int, str]]) -> None:
    assert headings(text) == expected


def test_sections_share_out_the_body() -> None:
    text = "intro\n# a\r\none\n\n## b\n\ntwo\n===\nc\n# d"
    sections, _tasks, _links = parse_markdown(text)
    assert [text[s.body_span.start : s.body_span.end] for s in sections] == ["one\n\n", "\n", "c\n", ""]
    assert [text[s.heading_span.start : s.heading_span.end] for s in sections] == ["# a", "## b", "two\n===", "# d"]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("[[山田工業]]", [("山田工業", "山田工業")]),
        ("[[a|b]] と ![[c.png]]", [("a", "b"), ("c.png", "c.png")]),
        ("[a](b.md)", [("b.md", "a")]),
        ('![](c.png "t")', [("c.png", "")]),
        ("[a](<b c.md>)", [("b c.md", "a")]),
        ("[a](x_(y).md)", [("x_(y).md", "a")]),
        ("[![i](j.png)](k)", [("k", "![i](j.png)")]),
        ("# [a](b)", [("b", "a")]),
        ("[a](b)\n---", [("b", "a")]),
        ("`[a](b)`", []),
        ("`` ` [a](b) `` [c](d)", [("d", "c")]),
        ("` [a](b)", [("b", "a")]),
        ("<!-- [a](b) --> [c](d)", [("d", "c")]),
        ("<!--\n--> [c](d)", [("d", "c")]),
        ("```\n[a](b)\n```", []),
        ("[a] (b)", []),
    ],
)
def test_links_are_found_outside_code(text: str, expected: list[tuple[str, str]]) -> None:
    assert links(text) == expected


def test_a_link_says_what_it_is() -> None:
    text = "見る: ![[図.png]] [a](b)"
    image, link = parse_markdown(text)[2]
    assert (image.wiki, image.image, link.wiki, link.image) == (True, True, False, False)
    assert text[image.span.start : image.span.end] == "![[図.png]]"
    assert text[link.span.start : link.span.end] == "[a](b)"


def test_six_hundred_real_task_lines_are_read() -> None:
    count = 0
    for row in shared_file("task-lines.jsonl").read_text(encoding="utf-8").splitlines():
        line = json.loads(row)
        written = f"{' ' * line['indent']}- [{line['status']}] {line['text']}"
        parents = "".join(f"{' ' * indent}- parent\n" for indent in range(0, line["indent"], 2))
        text = f"```\n{written}\n```\n" if line["in_fence"] else f"{parents}{written}\n"
        expected = [] if line["in_fence"] else [(line["status"], line["text"].rstrip())]
        assert tasks(text) == expected, line
        count += 1
    assert count == 600


MANY = 50_000
HOSTILE: list[Callable[[], str]] = [
    lambda: "[" * MANY,
    lambda: "![" * MANY,
    lambda: "[a](" * MANY,
    lambda: "[a](b(" * MANY,
    lambda: "[[a|" * MANY,
    lambda: "[![a](" * MANY,
    lambda: "[\\" * MANY,
    lambda: '[a](b "' * MANY,
    lambda: "[a](" + "(b)" * MANY,
    lambda: "".join("`" * (i % 300) + "a" for i in range(3000)),
    lambda: "` [a](b) " * MANY,
    lambda: "<!--" * MANY,
    lambda: "<!--\n" * MANY,
    lambda: "<!-- x -->" * 5000 + "[a](b)",
    lambda: "<pre>\n" * MANY,
    lambda: "> " * MANY + "x",
    lambda: "- " * MANY + "x",
    lambda: "".join(" " * i + "- a\n" for i in range(1000)),
    lambda: "# a " + "#" * MANY + "b",
    lambda: " " * MANY + "\t" * MANY + "x",
]


@pytest.mark.parametrize("make", HOSTILE)
def test_hostile_text_takes_linear_time(make: Callable[[], str]) -> None:
    text = make()
    started = time.process_time()
    parse_markdown(text)
    assert time.process_time() - started < 5  # a quadratic scan takes minutes
