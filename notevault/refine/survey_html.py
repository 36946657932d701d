"""A survey as one HTML page that needs nothing else: no script, no font, nothing from the net."""

from collections.abc import Iterable, Sequence
from datetime import date
from html import escape
from typing import Final

from notevault.messages import current_language
from notevault.messages import gettext as _
from notevault.refine.survey import Count, Survey
from notevault.refine.todo_spellings import TodoPart

_MOST_ROWS: Final = 100
_STYLE: Final = """
:root{color-scheme:light dark;--ink:#1d2733;--soft:#5c6b7a;--line:#d9e0e7;--bar:#3b7dd8;--fill:#8fb8ee;--back:#fff}
@media(prefers-color-scheme:dark){:root{--ink:#e6ebf1;--soft:#9aa8b6;--line:#36414d;--bar:#6ea8f5;--fill:#345a8c;--back:#14191f}}
body{font:15px/1.6 system-ui,"Hiragino Sans","Noto Sans CJK JP","Yu Gothic UI",sans-serif;color:var(--ink);
background:var(--back);max-width:75rem;margin:2rem auto;padding:0 1.2rem}
h1{font-size:1.5rem;margin:0}h2{font-size:1.1rem;margin:2.4rem 0 .5rem}p{margin:.2rem 0;color:var(--soft)}
.wide{overflow-x:auto}table{border-collapse:collapse;width:100%}
th,td{text-align:left;vertical-align:top;padding:.3rem .8rem .3rem 0;border-bottom:1px solid var(--line)}
th{font-weight:600;color:var(--soft);white-space:nowrap}td.n,th.n{text-align:right;white-space:nowrap}
td.x{color:var(--soft);overflow-wrap:break-word;min-width:7rem;max-width:26rem}
code{font-family:ui-monospace,"Noto Sans Mono CJK JP",monospace;overflow-wrap:break-word}
svg{width:8rem;height:.7rem;display:block;margin-top:.45rem}rect.a{fill:var(--fill)}rect.b{fill:var(--bar)}
rect.l{fill:var(--line)}small{color:var(--soft);white-space:nowrap}
"""


def render_survey_html(survey: Survey, title: str) -> str:
    """Return the page; every word of a note in it is escaped."""
    parts = [
        f'<!doctype html>\n<html lang="{current_language()}"><head><meta charset="utf-8">',
        '<meta name="viewport" content="width=device-width, initial-scale=1">',
        """<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">""",
        f"<title>{escape(title)}</title><style>{_STYLE}</style></head><body>",
        f"<h1>{escape(title)}</h1>",
        *(f"<p>{escape(line)}</p>" for line in summary_lines(survey)),
        *_keys(survey),
        *_clusters(survey),
        *_headings(survey),
        *_todos(survey),
        *_templates(survey),
        *_once(survey),
        "</body></html>\n",
    ]
    return "\n".join(parts)


def summary_lines(survey: Survey) -> list[str]:
    """Return what was looked at, in a few sentences."""
    lines = [_("{notes} notes, {keys} keys, {headings} headings").format(
        notes=survey.notes, keys=len(survey.keys), headings=survey.heading_count
    )]  # fmt: skip
    if survey.first and survey.last:
        lines.append(_("from {first} to {last}").format(first=survey.first, last=survey.last))
    types = ", ".join(f"{one.type or _('no type')} ({one.notes})" for one in survey.types[:12])
    if types:
        lines.append(_("types: {types}").format(types=types))
    if survey.unreadable:
        lines.append(_("{count} notes have a front matter that cannot be read").format(count=survey.unreadable))
    return lines


def say_counts(counts: Sequence[Count]) -> str:
    """Return ``visit (12), phone (3), fax``: what occurs once goes without a number."""
    return ", ".join(f"{one.name} ({one.count})" if one.count > 1 else one.name for one in counts)


def say_part(part: TodoPart) -> str:
    """Return what a spelling says, in words."""
    return {
        TodoPart.TASK: _("ToDo"),
        TodoPart.DUE: _("due date"),
        TodoPart.OWNER: _("owner"),
        TodoPart.UNREAD: _("looks like a ToDo, is none"),
    }[part]


def _table(title: str, heads: Sequence[str], rows: Iterable[Sequence[str]], note: str = "") -> list[str]:
    """Return a headed table; cells are HTML already, a cell that begins with ``<td`` is whole."""
    lines = [
        "<tr>" + "".join(cell if cell.startswith("<td") else f"<td>{cell}</td>" for cell in row) + "</tr>"
        for row in rows
    ]
    if not lines:
        return []
    head = "".join(f"<th>{escape(name)}</th>" for name in heads)
    more = [f"<p>{escape(note)}</p>"] if note else []
    return [
        f"<h2>{escape(title)}</h2>",
        *more,
        f'<div class="wide"><table><thead><tr>{head}</tr></thead><tbody>',
        *lines,
        "</tbody></table></div>",
    ]


def _number(value: int) -> str:
    return f'<td class="n">{value}</td>'


def _soft(text: str) -> str:
    return f'<td class="x">{escape(text)}</td>'


def _code(text: str) -> str:
    return f"<code>{escape(text)}</code>"


def _bar(part: float, inner: float) -> str:
    """Return a bar of ``part``, and darker in it the part that is filled (both 0 to 1)."""
    label = escape(f"{part:.0%}")
    return (
        f'<svg viewBox="0 0 100 8" preserveAspectRatio="none" role="img" aria-label="{label}">'
        f'<rect class="l" width="100" height="8"/><rect class="a" width="{part * 100:.1f}" height="8"/>'
        f'<rect class="b" width="{inner * 100:.1f}" height="8"/></svg>'
    )


def _time(first: str | None, last: str | None, survey: Survey) -> str:
    """Return when something was used, as a piece of the whole time."""
    if not (first and last and survey.first and survey.last):
        return ""
    begin, end = date.fromisoformat(survey.first).toordinal(), date.fromisoformat(survey.last).toordinal()
    span = max(end - begin, 1)
    left = (date.fromisoformat(first).toordinal() - begin) / span * 100
    width = max((date.fromisoformat(last).toordinal() - date.fromisoformat(first).toordinal()) / span * 100, 1.5)
    return (
        f'<svg viewBox="0 0 100 8" preserveAspectRatio="none" role="img" aria-label="{first} – {last}">'
        f'<rect class="l" width="100" height="8"/><rect class="b" x="{min(left, 98.5):.1f}" width="{width:.1f}"'
        f' height="8"/></svg><small>{first} – {last}</small>'
    )


def _keys(survey: Survey) -> list[str]:
    total = max(survey.notes, 1)
    rows = [
        [
            _code(one.key) + (f" <small>{escape(one.means)}</small>" if one.means and one.means != one.key else ""),
            _number(one.notes),
            _bar(one.share, one.filled / total) + f"<small>{one.share:.0%}</small>",
            escape(one.kind),
            _time(one.first, one.last, survey),
            _soft(say_counts(one.owners)),
            _soft(say_counts(one.examples)),
        ]
        for one in survey.keys[:_MOST_ROWS]
    ]
    heads = (_("key"), _("notes"), _("share"), _("type"), _("used"), _("by"), _("values"))
    note = _("dark: with a value; light: the key is there, but empty")
    return _table(_("Keys"), heads, rows, note)


def _clusters(survey: Survey) -> list[str]:
    rows = []
    for cluster in survey.clusters[:_MOST_ROWS]:
        others = "<br>".join(
            f"{_code(one.name)} ({one.notes}) <small>{escape(one.why)}</small>" for one in cluster.members[1:]
        )
        examples = "; ".join(dict.fromkeys(example for one in cluster.members for example in one.examples[:1]))
        sort = _("key") if cluster.sort == "key" else _("heading")
        rows.append([f"{_code(cluster.name)} ({cluster.members[0].notes})", others, sort, _soft(examples)])
    heads = (_("name"), _("may be the same"), _("sort"), _("examples"))
    return _table(_("Alike names"), heads, rows, _("never side by side in one note; a person decides"))


def _headings(survey: Survey) -> list[str]:
    rows = [
        [
            _code(one.heading),
            _number(one.notes),
            _bar(one.share, one.filled / max(survey.notes, 1)) + f"<small>{one.share:.0%}</small>",
            _time(one.first, one.last, survey),
            _soft(say_counts(one.owners)),
            _soft(say_counts(one.spellings) if len(one.spellings) > 1 else ""),
        ]
        for one in survey.headings[:_MOST_ROWS]
        if one.notes > 1
    ]
    heads = (_("heading"), _("notes"), _("share"), _("used"), _("by"), _("spellings"))
    return _table(_("Headings"), heads, rows, _("headings of more than one note"))


def _todos(survey: Survey) -> list[str]:
    rows = [
        [say_part(one.part), _code(one.spelling), _number(one.count), _number(one.notes), _soft(one.example)]
        for one in survey.todos
    ]
    return _table(_("ToDos"), (_("says"), _("spelling"), _("times"), _("notes"), _("example")), rows)


def _templates(survey: Survey) -> list[str]:
    fields = [
        [
            escape(one.template),
            _code(one.field),
            _bar(one.share, one.share) + f"<small>{one.filled}/{one.notes}</small>",
            escape(_("required") if one.required else ""),
        ]
        for one in survey.fields[:_MOST_ROWS]
    ]
    own = [[escape(one.template), _code(one.heading), _number(one.notes)] for one in survey.own_sections[:_MOST_ROWS]]
    return [
        *_table(
            _("Fields of the templates"),
            (_("template"), _("field"), _("filled"), ""),
            fields,
            _("the emptiest first"),
        ),
        *_table(_("Sections that people add"), (_("template"), _("heading"), _("notes")), own),
    ]


def _once(survey: Survey) -> list[str]:
    rows = [[_code(one.key), _soft(one.value), _soft(one.path)] for one in survey.used_once[:_MOST_ROWS]]
    return _table(_("Keys used once"), (_("key"), _("value"), _("note")), rows)
