"""A document as one HTML page: nothing is loaded, nothing runs, every text is escaped.

It is read on a phone and printed as well as on a screen.
"""

from html import escape
from typing import Final

from notevault.report.document import Block, Cell, Document, Drawing, Facts, Heading, Item, Items, Remark, Table
from notevault.report.stage_plots import STYLE

_SHORT: Final = 12
"""Characters of a cell that is not broken: a date, an amount."""
_CARDS: Final = 5
"""Columns from which on a table's rows become cards on a phone."""
_WIDE: Final = 9
"""Columns from which on a page is made wider."""
_STYLE: Final = """
:root{--ink:#1c2430;--soft:#5b6675;--line:#d9dee5;--paper:#fff;--head:#f3f5f8;--good:#dcf1e3;--warn:#fff0c9;
--bad:#fbdcd9;--muted:#eef0f3;--accent:#1d5fa8}
@media (prefers-color-scheme:dark){:root{--ink:#e6e9ee;--soft:#9aa5b4;--line:#39414d;--paper:#171b21;--head:#222831;
--good:#1f4630;--warn:#52431a;--bad:#5a2a28;--muted:#262c35;--accent:#7fb2ec}}
*{box-sizing:border-box}
body{margin:0 auto;max-width:64rem;padding:1.2rem 1rem 3rem;color:var(--ink);background:var(--paper);
font:16px/1.65 system-ui,-apple-system,"Hiragino Sans","Noto Sans CJK JP","Noto Sans JP",Meiryo,sans-serif;
overflow-wrap:anywhere}
h1{font-size:1.5rem;line-height:1.3;margin:.2rem 0}
h2{font-size:1.1rem;margin:1.8rem 0 .5rem;padding-bottom:.2rem;border-bottom:2px solid var(--accent)}
h3{font-size:1rem;margin:1.2rem 0 .3rem}
p{margin:.3rem 0}.subtitle,.muted{color:var(--soft)}
dl{display:grid;grid-template-columns:max-content 1fr;gap:.1rem 1rem;margin:.4rem 0}
dt{color:var(--soft)}dd{margin:0}
.scroll{overflow-x:auto}
table{border-collapse:collapse;width:100%;font-size:.92rem}
th,td{padding:.35rem .55rem;border-bottom:1px solid var(--line);text-align:left;vertical-align:top}
th{background:var(--head);font-weight:600;white-space:nowrap}
td.number,th.number{text-align:right;white-space:nowrap;font-variant-numeric:tabular-nums}
td.good{background:var(--good)}td.warn{background:var(--warn)}td.bad{background:var(--bad)}td.muted{background:var(--muted)}
td.short{white-space:nowrap}
td{min-width:4.5rem;overflow-wrap:break-word}
ul{margin:.3rem 0;padding-left:1.3rem}li{margin:.2rem 0}li ul{color:var(--soft);font-size:.92rem}
ul.boxes{list-style:none;padding-left:.2rem}.box{display:inline-block;width:1em;height:1em;margin-right:.5em;
border:1.5px solid var(--soft);border-radius:.15em;vertical-align:-.12em;text-align:center;
line-height:1;font-size:.85em}
li.bad,p.bad{color:#b3261e}li.warn,p.warn{color:#8a5a00}
@media (prefers-color-scheme:dark){li.bad,p.bad{color:#f2a19b}li.warn,p.warn{color:#eec06a}}
@media (max-width:42rem){table.cards thead{display:none}table.cards tr{display:block;padding:.5rem 0;
border-bottom:2px solid var(--line)}table.cards td{display:flex;justify-content:space-between;gap:1rem;border:0;
padding:.12rem .2rem;text-align:right;white-space:normal}table.cards td:empty{display:none}
table.cards td::before{content:attr(data-label);color:var(--soft);flex:none;text-align:left}
table.cards td:first-child{font-weight:600}}
@media (max-width:32rem){th,td{padding:.35rem .3rem}table{font-size:.86rem}td{min-width:0}
dl{grid-template-columns:fit-content(48%) 1fr}body{padding:.8rem .7rem 2rem}}
@media print{body{max-width:none;padding:0;font-size:10pt;line-height:1.45}h2{break-after:avoid}
tr,li{break-inside:avoid}.scroll{overflow:visible}td{-webkit-print-color-adjust:exact;print-color-adjust:exact}}
"""


def render_html(document: Document, *, language: str) -> str:
    """Return the document as a page that needs nothing else."""
    subtitle = f'<p class="subtitle">{escape(document.subtitle)}</p>\n' if document.subtitle else ""
    body = "\n".join(render_block(block) for block in document.blocks)
    if any(isinstance(block, Drawing) for block in document.blocks):
        subtitle = f"<style>{STYLE}</style>\n{subtitle}"
    elif any(isinstance(block, Table) and len(block.headings) >= _WIDE for block in document.blocks):
        subtitle = (
            f"<style>body{{max-width:78rem}}table{{font-size:.85rem}}th,td{{padding:.35rem .4rem}}</style>\n{subtitle}"
        )
    return render_page(
        document.title, f"<header><h1>{escape(document.title)}</h1>\n{subtitle}</header>\n{body}", language=language
    )


def render_page(title: str, body: str, *, language: str) -> str:
    """Return a whole page around markup whose texts are escaped already."""
    return (
        f'<!DOCTYPE html>\n<html lang="{escape(language)}">\n<head>\n<meta charset="utf-8">\n'
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src 'unsafe-inline'\">\n"
        f"<title>{escape(title)}</title>\n<style>{_STYLE}</style>\n</head>\n<body>\n{body}\n</body>\n</html>\n"
    )


def render_block(block: Block) -> str:
    """Return one block as markup."""
    match block:
        case Heading():
            return f"<h{block.level}>{escape(block.text)}</h{block.level}>"
        case Facts():
            rows = "".join(f"<dt>{escape(label)}</dt><dd>{escape(value)}</dd>\n" for label, value in block.rows)
            return f"<dl>\n{rows}</dl>"
        case Table():
            return _render_table(block)
        case Items():
            boxes = ' class="boxes"' if any(item.box is not None for item in block.items) else ""
            return f"<ul{boxes}>\n{''.join(map(_render_item, block.items))}</ul>"
        case Remark():
            return f"<p{_class(block.tone)}>{escape(block.text)}</p>"
        case Drawing():
            return (f"<h2>{escape(block.heading)}</h2>\n" if block.heading else "") + block.markup


def _render_table(table: Table) -> str:
    head = "".join(
        f"<th{_class('number' if at in table.right else '')}>{escape(heading)}</th>"
        for at, heading in enumerate(table.headings)
    )
    cards = len(table.headings) >= _CARDS
    rows = "".join(
        f"<tr>{''.join(_render_cell(table, at, cell, cards=cards) for at, cell in enumerate(row))}</tr>\n"
        for row in table.rows
    )
    opening = f'<div class="scroll"><table{_class("cards" if cards else "")}>'
    return f"{opening}\n<thead><tr>{head}</tr></thead>\n<tbody>\n{rows}</tbody></table></div>"


def _render_cell(table: Table, at: int, cell: Cell, *, cards: bool) -> str:
    short = "short" if len(cell.text) <= _SHORT else ""
    label = f' data-label="{escape(table.headings[at])}"' if cards else ""
    names = _class(cell.tone, "number" if at in table.right else "", short)
    return f"<td{names}{label}>{escape(cell.text)}</td>"


def _render_item(item: Item) -> str:
    box = "" if item.box is None else f'<span class="box">{"✓" if item.box else ""}</span>'
    details = "".join(f"<li>{escape(detail)}</li>" for detail in item.details)
    below = f"<ul>{details}</ul>" if details else ""
    return f"<li{_class(item.tone)}>{box}{escape(item.text)}{below}</li>\n"


def _class(*names: str) -> str:
    chosen = " ".join(name for name in names if name)
    return f' class="{chosen}"' if chosen else ""
