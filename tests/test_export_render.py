"""Markdown of notes as a CRM shows it."""

from html.parser import HTMLParser

import pytest

from notevault.export.render import render_html


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
