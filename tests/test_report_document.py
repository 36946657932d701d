import html.parser

from notevault.report.document import Cell, Document, Facts, Heading, Item, Items, Remark, make_table, render_markdown
from notevault.report.html import render_html

EVIL = '<script>alert("x")</script>'
PAGE = Document(
    title=f"題 {EVIL}",
    subtitle="2026-11-22",
    blocks=(
        Heading(text="人 & 会社"),
        Facts(rows=(("label", EVIL),)),
        make_table(["a|b", "blank", "n"], [["x\ny", "", "1"], [Cell(text=EVIL, tone="bad"), "", "2"]], right=(2,)),
        Items(items=(Item(text="済", box=True), Item(text="未", box=False, details=("d<b>",)), Item(text="plain"))),
        Remark(text="おわり", tone="warn"),
    ),
)


class _Tags(html.parser.HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.text = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        assert not any(name.startswith("on") or name in ("src", "href") for name, _value in attrs)

    def handle_data(self, data: str) -> None:
        self.text += data


def test_markdown_is_escaped_and_blank_columns_are_left_out() -> None:
    text = render_markdown(PAGE)
    assert "<script" not in text
    assert "| a\\|b | n |\n| --- | ---: |\n| x y | 1 |\n" in text
    assert "- [x] 済\n- [ ] 未\n  - d&lt;b>\n- plain\n" in text


def test_html_holds_no_script_and_loads_nothing() -> None:
    page = render_html(PAGE, language="ja")
    tags = _Tags()
    tags.feed(page)
    assert not {"script", "link", "img", "iframe", "b"} & set(tags.tags)
    assert EVIL in tags.text
    assert "default-src 'none'" in page
    assert '<html lang="ja">' in page
    assert '<td class="bad">' in page
    assert "url(" not in page
    assert "@import" not in page
