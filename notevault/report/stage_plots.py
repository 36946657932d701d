"""Stages as pictures: bars, a funnel of how far deals came, and arcs of how they moved. SVG inside a page.

Every word of a note or of the settings in it is escaped.
"""

from collections.abc import Iterable, Mapping, Sequence
from html import escape
from typing import Final

from notevault.config import Settings
from notevault.messages import current_language
from notevault.messages import gettext as _
from notevault.records import record
from notevault.report.document import Drawing

STYLE: Final = """
:root{--plot-bar:#2f6fc7;--plot-fill:#a9c8f0;--plot-good:#2d8a54;--plot-bad:#c0392b;--plot-warn:#b9770e}
@media(prefers-color-scheme:dark){:root{--plot-bar:#6ea8f5;--plot-fill:#345a8c;--plot-good:#5cc48a;--plot-bad:#f08070;
--plot-warn:#e0b050}}
body{max-width:78rem}svg{display:block;height:auto}
svg text{font-size:13px;fill:var(--ink);paint-order:stroke;stroke:var(--paper);stroke-width:4px;
stroke-linejoin:round}svg .s{fill:var(--soft)}
.bars .row{display:grid;grid-template-columns:10rem 1fr 15rem;gap:0 .8rem;align-items:center;padding:.15rem 0}
.bars .row span:first-child{text-align:right}.bars svg{width:100%;height:1.3rem;border-radius:.2rem}
.bars .row,svg{break-inside:avoid;-webkit-print-color-adjust:exact;print-color-adjust:exact}
.bars{margin:.4rem 0 .8rem}
@media(max-width:42rem){.bars .row{grid-template-columns:1fr auto}.bars .row span:first-child{text-align:left}
.bars svg{grid-row:2;grid-column:1/-1;height:.8rem}}
"""
"""For the page that shows the plots; its colours come from there where it has them."""
_STEP: Final = 118
_EDGE: Final = 60


@record
class Bar:
    """One stage of a bar plot: the whole, and the darker part in it."""

    label: str
    whole: float
    part: float
    remark: str


def draw_bars(bars: Sequence[Bar]) -> tuple[Drawing, ...]:
    """Return the bars as a drawing for a page; none where there is nothing to compare."""
    return (Drawing(markup=plot_bars(bars)),) if len(bars) > 1 and any(bar.whole for bar in bars) else ()


def plot_bars(bars: Sequence[Bar]) -> str:
    """Return horizontal bars, each with what it says beside it, below it on a narrow screen."""
    most = max((bar.whole for bar in bars), default=0.0) or 1.0
    return _rows(
        (
            bar.label,
            _rect(0, bar.whole / most * 100, "var(--plot-fill)") + _rect(0, bar.part / most * 100, "var(--plot-bar)"),
            bar.remark,
        )
        for bar in bars
    )


def plot_funnel(reached: Mapping[str, int], settings: Settings) -> str:
    """Return how many deals came at least to each stage, as centred bars, with the share of the stage before."""
    most = max(reached.values(), default=0) or 1
    rows, before = [], 0
    for key, count in reached.items():
        width = count / most * 100
        colour = "var(--plot-good)" if settings.stages[key].state == "won" else "var(--plot-bar)"
        share = f" ({count / before:.0%})" if before else ""
        rows.append((_name(settings, key), _rect((100 - width) / 2, width, colour), f"{count}{share}"))
        before = count
    return _rows(rows)


def _rows(rows: Iterable[tuple[str, str, str]]) -> str:
    lines = (
        f'<div class="row"><span>{escape(label)}</span><svg viewBox="0 0 100 10" preserveAspectRatio="none" role="img"'
        f' aria-label="{escape(remark)}">{drawing}</svg><span class="muted">{escape(remark)}</span></div>'
        for label, drawing, remark in rows
    )
    return '<div class="bars">' + "\n".join(lines) + "</div>"


def plot_flow(moves: Mapping[tuple[str, str], int], settings: Settings) -> str:
    """Return the stages in a row and every move between them as an arc: forward above, back and lost below.

    The width of an arc is the number of deals. Stages that the settings do not know are left out, and
    so is the way back of a deal that was closed.
    """
    row = [stage.key for stage in settings.stages.values() if stage.state != "lost"]
    lost = [stage.key for stage in settings.stages.values() if stage.state == "lost"]
    counted = {pair: count for pair, count in moves.items() if pair[0] in row and count}
    forward = [pair for pair in counted if pair[1] in row and row.index(pair[1]) > row.index(pair[0])]
    back = [pair for pair in counted if pair[1] in row and row.index(pair[1]) < row.index(pair[0])]
    reach = max((row.index(pair[1]) - row.index(pair[0]) for pair in forward), default=1)
    middle = 34 + 30.0 * reach
    width = 2 * _EDGE + _STEP * max(len(row) - 1, 1)
    below = middle + (150 if lost else 90)
    places: dict[str, tuple[float, float]] = {key: (_EDGE + at * _STEP, middle) for at, key in enumerate(row)}
    places |= {key: (width / 2 + at * _STEP, below) for at, key in enumerate(lost)}
    most = max((count for pair, count in counted.items() if pair[1] in places), default=1)
    drawing = _Arcs(places, most)
    lines = [drawing.over(pair, counted[pair], row) for pair in forward]
    lines += [drawing.under(pair, counted[pair], row) for pair in back]
    lines += [drawing.down(pair, counted[pair]) for pair in counted if pair[1] in lost]
    lines += [_node(settings, key, places[key], moves.get(("", key), 0)) for key in (*row, *lost)]
    return _svg(width, round(below + 34), _("How deals moved between the stages"), lines)


class _Arcs:
    def __init__(self, places: Mapping[str, tuple[float, float]], most: int) -> None:
        self._places = places
        self._most = most

    def over(self, pair: tuple[str, str], count: int, row: Sequence[str]) -> str:
        (x, y), (to, _y) = self._places[pair[0]], self._places[pair[1]]
        height = 40.0 * (row.index(pair[1]) - row.index(pair[0])) - 4
        path = f"M{x:.0f} {y - 9:.0f}C{x:.0f} {y - height:.0f} {to:.0f} {y - height:.0f} {to:.0f} {y - 9:.0f}"
        return self._arc(path, "var(--plot-bar)", count) + _text(
            (x + to) / 2, y - height * 0.75 - 8, str(count), anchor="middle"
        )

    def under(self, pair: tuple[str, str], count: int, row: Sequence[str]) -> str:
        (x, y), (to, _y) = self._places[pair[0]], self._places[pair[1]]
        height = 46.0 + 10 * (row.index(pair[0]) - row.index(pair[1]))
        path = f"M{x:.0f} {y + 9:.0f}C{x:.0f} {y + height:.0f} {to:.0f} {y + height:.0f} {to:.0f} {y + 9:.0f}"
        return self._arc(path, "var(--plot-warn)", count) + _text(
            (x + to) / 2, y + height * 0.75 + 14, str(count), anchor="middle"
        )

    def down(self, pair: tuple[str, str], count: int) -> str:
        (x, y), (to, bottom) = self._places[pair[0]], self._places[pair[1]]
        middle = (y + bottom) / 2 + 12
        path = f"M{x:.0f} {y + 9:.0f}C{x:.0f} {middle:.0f} {to:.0f} {middle:.0f} {to:.0f} {bottom - 12:.0f}"
        return self._arc(path, "var(--plot-bad)", count) + _text(x + (to - x) * 0.3 + 6, y + 62, str(count), css="s")

    def _arc(self, path: str, colour: str, count: int) -> str:
        width = 1.5 + 10.5 * count / self._most
        return f'<path d="{path}" fill="none" stroke="{colour}" stroke-opacity=".55" stroke-width="{width:.1f}"/>'


def _node(settings: Settings, key: str, place: tuple[float, float], opened: int) -> str:
    x, y = place
    state = settings.stages[key].state
    colour = {"won": "var(--plot-good)", "lost": "var(--plot-bad)"}.get(state, "var(--ink)")
    begun = _text(x, y + 43, f"+{opened}", anchor="middle", css="s") if opened else ""
    name = _text(x, y + 27, _name(settings, key), anchor="middle")
    return f'<circle cx="{x:.0f}" cy="{y:.0f}" r="8" fill="{colour}"/>{name}{begun}'


def _name(settings: Settings, key: str) -> str:
    stage = settings.stages.get(key)
    return stage.label(current_language()) if stage else key


def _rect(x: float, width: float, colour: str) -> str:
    return f'<rect x="{x:.2f}" y="0" width="{width:.2f}" height="10" fill="{colour}"/>'


def _text(x: float, y: float, words: str, *, anchor: str = "start", css: str = "") -> str:
    attribute = f' class="{css}"' if css else ""
    return f'<text x="{x:.1f}" y="{y:.1f}" text-anchor="{anchor}"{attribute}>{escape(words)}</text>'


def _svg(width: int, height: int, title: str, lines: Sequence[str]) -> str:
    least = min(width, 560)
    return (
        f'<div class="scroll"><svg viewBox="0 0 {width} {height}" role="img" style="width:100%;min-width:{least}px;'
        f'max-width:{width}px"><title>{escape(title)}</title>\n' + "\n".join(lines) + "</svg></div>"
    )
