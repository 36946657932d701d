"""Markdown of notes as a CRM shows it."""

from html.parser import HTMLParser

import pytest

from notevault.export.render import render_html, render_text


class _Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.text = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))

    def handle_data(self, data: str) -> None:
        self.text += data


@pytest.mark.parametrize(
    ("markdown", "tag", "text"),
    [
        ('[見積 "A"](https://x.jp/?a=1&b=\'2\' "it\'s \\"so\\"")', ("a", "https://x.jp/?a=1&b='2'"), '見積 "A"'),
        ("![図 'a'](a.png)", ("img", "a.png"), ""),
        ("3. \"three\" & 'four'", ("ol", "3"), "\"three\" & 'four'"),
        ("```py\nprint(\"a\", 'b')\n```", ("code", "language-py"), "print(\"a\", 'b')"),
    ],
)
def test_html_has_no_double_quote_and_says_the_same(markdown: str, tag: tuple[str, str], text: str) -> None:
    html = render_html(markdown)
    assert '"' not in html
    reader = _Reader()
    reader.feed(html)
    (attributes,) = [attributes for name, attributes in reader.tags if name == tag[0]]
    assert tag[1] in attributes.values()
    assert reader.text.strip() == text
    if tag[0] == "a":
        assert attributes["title"] == 'it\'s "so"'


@pytest.mark.parametrize(
    ("markdown", "text"),
    [
        ("# 見出し ##  \n## A#\n####### no", "■ 見出し\n■ A#\n####### no"),
        ("- [ ] a\n  * [x] b\n+\t[-] c\n- [?]d\n-  e\n- ", "□ a\n  ■ b\n× c\n・[?]d\n・e\n・"),
        ("> a\n   >b\n    > code\n　- full", "> a\n> b\n    > code\n　・full"),
        ("---\n**a** *b* `c` ~~d~~\n1 * 2 * 3", "---\na b c d\n1 * 2 * 3"),
        ("- [ ] [[山田工業|山田]] [x](http://a.jp)", "□ 山田 x (http://a.jp)"),
        ("a\n```\n- [ ] *code*\n```\n- b", "a\n- [ ] *code*\n・b"),
        ("\n\na\n\n\n\nb<!-- no -->\n\n", "a\n\nb"),
        ("[x] no list\n- [x] [ ] two", "[x] no list\n■ [ ] two"),
    ],
)
def test_text_is_what_people_read(markdown: str, text: str) -> None:
    assert render_text(markdown) == text
