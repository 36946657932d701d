"""The agenda of the sales meeting as a page, and as a note from the team-meeting template."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date
from typing import Final

from notevault.config import Settings
from notevault.messages import gettext as _
from notevault.messages import ngettext
from notevault.new_note import NewNote, render_new_note
from notevault.report.consult_page import consult_item
from notevault.report.digest_page import move_table
from notevault.report.document import (
    Block,
    Cell,
    Document,
    Heading,
    Item,
    Items,
    Remark,
    Tone,
    make_table,
    render_blocks,
)
from notevault.report.pipeline import PipelineDeal
from notevault.report.pipeline_page import make_targets
from notevault.report.say import Words
from notevault.report.stage_plots import Bar, draw_bars
from notevault.report.team import STUCK, Measure, OwnerFigures, TeamMeeting
from notevault.template import Template
from notevault.template.rules import heading_key

_PARTS: Final = {
    "kpi": ("KPI", "指標", "数字", "Figures"),
    "progress": ("進捗", "Progress", "報告", "Reports"),
    "measures": ("施策", "Measures", "対策", "決定事項", "Decisions"),
}
"""Part of the agenda → what templates call its section."""
_MOST: Final = 20
"""Rows of a list; a meeting does not get through more."""

Parts = Mapping[str, tuple[Block, ...]]


def make_agenda(meeting: TeamMeeting, words: Words) -> Document:
    """Return the agenda: figures, progress, measures."""
    titles = {"kpi": _("Figures"), "progress": _("Progress"), "measures": _("Measures")}
    parts = _make_parts(meeting, words)
    blocks = [block for part, found in parts.items() if found for block in (Heading(text=titles[part]), *found)]
    return Document(
        title=_("Sales meeting {day}").format(day=meeting.day),
        subtitle=_("since {day}").format(day=meeting.since),
        blocks=tuple(blocks) or (Remark(text=_("Nothing happened since then.")),),
    )


def render_agenda_note(
    meeting: TeamMeeting, template: Template, values: Mapping[str, str], settings: Settings, words: Words
) -> NewNote:
    """Return the meeting's note: the template's skeleton with each part of the agenda at the end of its section.

    A part that no section of the template is for gets a heading of its own at the end. Raises NewNoteError.
    """
    given = dict(values)
    for key, value in (("date", meeting.day.isoformat()), ("title", _("Sales meeting"))):
        rule = template.find_field(key)
        if rule is not None and not any(template.find_field(name) is rule for name in given):
            given[rule.name] = value
    note = render_new_note(template, given, today=meeting.day, settings=settings)
    text = note.text
    for part, blocks in _make_parts(meeting, words).items():
        if blocks:
            text = _put_into(text, template, _PARTS[part], render_blocks(blocks))
    return replace(note, text=text)


def _put_into(text: str, template: Template, names: Sequence[str], content: str) -> str:
    """Return the note with the content at the end of the section that has one of the names."""
    rule = next((found for name in names if (found := template.find_section(name))), None)
    wanted = {heading_key(each) for each in ((rule.heading, *rule.also) if rule else names)}
    lines = text.rstrip("\n").split("\n")
    headings = [at for at, line in enumerate(lines) if line.startswith("#")]
    own = next((at for at in headings if heading_key(lines[at].lstrip("#").strip()) in wanted), None)
    if own is None:
        title = rule.heading if rule else names[0]
        return "\n".join([*lines, "", f"## {title}", "", content, ""])
    end = next((at for at in headings if at > own), len(lines))
    before = "\n".join(lines[:end]).rstrip("\n")
    after = "\n".join(lines[end:])
    return f"{before}\n\n{content}\n" + (f"\n{after}\n" if after else "")


def _make_parts(meeting: TeamMeeting, words: Words) -> Parts:
    return {
        "kpi": tuple(_kpi(meeting, words)),
        "progress": tuple(_progress(meeting, words)),
        "measures": tuple(_measures(meeting)),
    }


def _kpi(meeting: TeamMeeting, words: Words) -> list[Block]:
    blocks: list[Block] = []
    if meeting.targets:
        heading = Heading(text=_("Target {period}").format(period=meeting.targets[0].period), level=3)
        blocks += [heading, *make_targets(meeting.targets, words)]
    if any(each.contacts or each.moves for each in meeting.figures):
        headings = (_("owner"), _("contacts made"), _("customers"), _("points"), _("stage moves"), _("won"), _("lost"))
        rows = [_figures_row(each) for each in meeting.figures]
        heading = Heading(text=_("Since {day}").format(day=meeting.since), level=3)
        bars = [
            Bar(label=each.owner, whole=each.points, part=0, remark=_("{points:g} points").format(points=each.points))
            for each in meeting.figures
            if each.owner
        ]
        blocks += [heading, *draw_bars(bars), make_table(headings, rows, right=range(1, 7))]
    if meeting.todos:
        named = (_("owner"), _("open"), _("overdue"), _("not written"), _("longest overdue"))
        lines: list[Sequence[str | Cell]] = [
            (
                *(each.owner or _("nobody"), str(each.open)),
                Cell(text=str(each.overdue or ""), tone="bad" if each.overdue else ""),
                *(str(each.missing or ""), str(each.oldest or "")),
            )
            for each in meeting.todos
        ]
        blocks += [Heading(text=_("Still to do, by owner"), level=3), make_table(named, lines, right=(1, 2, 3))]
    return blocks


def _figures_row(each: OwnerFigures) -> tuple[str, ...]:
    counts = (each.moves, each.won, each.lost)
    return (
        *(each.owner or _("team"), str(each.contacts), str(each.customers), f"{each.points:g}"),
        *(str(count or "") for count in counts),
    )


def _progress(meeting: TeamMeeting, words: Words) -> list[Block]:
    blocks: list[Block] = []
    if closed := [move for move in meeting.moves if move.state != "open"]:
        blocks += [Heading(text=_("Won and lost"), level=3), move_table(closed, words)]
    if moved := [move for move in meeting.moves if move.state == "open"]:
        blocks += [Heading(text=_("Stage moves"), level=3), move_table(moved, words)]
    if meeting.stuck:
        heading = _("Standing still ({count})").format(count=len(meeting.stuck))
        blocks += [Heading(text=heading, level=3), _stuck_table(meeting.stuck[:_MOST], words)]
        blocks += _more(len(meeting.stuck), "notevault report undone")
    if meeting.consultations:
        shown = tuple(consult_item(each, words) for each in meeting.consultations[:_MOST])
        heading = _("Waiting for an answer ({count})").format(count=len(meeting.consultations))
        blocks += [Heading(text=heading, level=3), Items(items=shown)]
        blocks += _more(len(meeting.consultations), "notevault report consult")
    return blocks


def _more(count: int, command: str) -> list[Block]:
    if count <= _MOST:
        return []
    more = ngettext("and {count} more: {command}", "and {count} more: {command}", count - _MOST)
    return [Remark(text=more.format(count=count - _MOST, command=command))]


def _stuck_table(deals: Sequence[PipelineDeal], words: Words) -> Block:
    said = {
        "too-long": _("too long in its stage"),
        "close-passed": _("past its close date"),
        "no-todo": _("no next ToDo!"),
        "todo-overdue": _("ToDo overdue"),
    }
    headings = (_("customer"), _("deal"), _("stage"), _("amount"), _("owner"), _("why"), _("last contact"))
    rows: list[Sequence[str | Cell]] = [
        (
            *(deal.customer, deal.deal or "", words.stage(deal.stage), words.money(deal.amount, deal.currency)),
            deal.owner or "",
            Cell(text=", ".join(said[flag] for flag in STUCK if flag in deal.flags), tone="bad"),
            str(deal.last_contact or ""),
        )
        for deal in deals
    ]
    return make_table(headings, rows, right=(3,), flexible=(0, 1, 5))


def _measures(meeting: TeamMeeting) -> list[Block]:
    last = meeting.last
    if last is None:
        return []
    blocks: list[Block] = []
    new = [each for each in meeting.measures if not each.carried]
    carried = [each for each in meeting.measures if each.carried]
    if new:
        done = sum(each.status == "done" for each in new)
        heading = _("Last meeting's measures: {done} of {count} done").format(done=done, count=len(new))
        blocks += [Heading(text=heading, level=3), Remark(text=f"{last.day}  {last.title}  {last.path}"), _table(new)]
    if last.decided:
        items = tuple(Item(text=line) for line in last.decided)
        blocks += [Heading(text=_("Last meeting's decisions"), level=3), Items(items=items)]
    if carried:
        heading = _("Still open from earlier meetings ({count})").format(count=len(carried))
        blocks += [Heading(text=heading, level=3), _table(carried[:_MOST])]
        blocks += _more(len(carried), "notevault todo")
    return blocks


def _table(measures: Sequence[Measure]) -> Block:
    states = {"open": _("open"), "done": _("done"), "cancelled": _("cancelled")}
    tones: dict[str, Tone] = {"done": "good", "cancelled": "muted"}
    headings = (_("state"), _("ToDo"), _("owner"), _("due"))
    rows: list[Sequence[str | Cell]] = [
        (
            Cell(
                text=_("overdue") if each.overdue else states[each.status],
                tone="bad" if each.overdue else tones.get(each.status, ""),
            ),
            *(each.text, each.owner or "", _day(each.due)),
        )
        for each in measures
    ]
    return make_table(headings, rows, flexible=(1,))


def _day(day: date | None) -> str:
    return day.isoformat() if day else ""
