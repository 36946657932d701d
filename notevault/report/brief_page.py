"""A brief as a document: which sections, how deep, in whose words."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final

from notevault.config import Audience, Settings
from notevault.messages import gettext as _
from notevault.messages import ngettext
from notevault.report.brief import Brief, Depth
from notevault.report.coverage import CoverageItem, Knowledge
from notevault.report.coverage_page import learned_blocks, say_age, say_knowledge
from notevault.report.document import Block, Cell, Document, Facts, Heading, Item, Items, Remark, make_table
from notevault.report.footprints import Footprint, Said
from notevault.report.handover import find_risks, suggest_questions
from notevault.report.learned import LearnedAnswer
from notevault.report.pipeline import PipelineDeal, newest_open
from notevault.report.say import Words
from notevault.report.todos import TodoItem

SECTIONS: Final = (
    *("profile", "deals", "todos", "dates", "timeline", "promises", "learned", "questions", "competitors", "people"),
)
HANDOVER: Final = ("risks", "unfinished", "first_visit", "history")
_SHORT_TIMELINE: Final = 6
_SHORT: Final = 6


def make_page(brief: Brief, settings: Settings, words: Words, *, handover: bool = False) -> Document:
    """Return the brief as a document, in the sections and fields that its audience wants."""
    audience = settings.audiences.get(brief.audience or "")
    page = _Page(brief, settings, words, audience)
    blocks: list[Block] = [*page.headline()]
    if brief.depth != Depth.HEADLINE:
        wanted = (audience.sections if audience else ()) or SECTIONS
        names = [*(HANDOVER if handover else ()), *wanted]
        for name in names:
            blocks += page.section(name)
    kind = _("handover") if handover else audience.label(words.language) if audience else ""
    subtitle = " · ".join(filter(None, (kind, brief.today.isoformat(), _since(brief))))
    return Document(title=brief.title, subtitle=subtitle, blocks=tuple(blocks))


def _since(brief: Brief) -> str:
    return _("since {day}").format(day=brief.since.isoformat()) if brief.since else ""


@dataclass(slots=True)
class _Page:
    brief: Brief
    settings: Settings
    words: Words
    audience: Audience | None

    @property
    def is_full(self) -> bool:
        return self.brief.depth == Depth.FULL

    def section(self, name: str) -> list[Block]:
        """Return a section with its heading, nothing where it is empty."""
        makers: dict[str, tuple[str, Callable[[], list[Block]]]] = {
            "profile": (_("Profile"), self.profile),
            "people": (_("People"), self.people),
            "deals": (_("Deals"), self.deals),
            "todos": (_("Open ToDos"), self.todos),
            "dates": (_("Coming up"), self.dates),
            "timeline": (_("Contacts so far"), self.timeline),
            "promises": (_("What was promised"), self.promises),
            "learned": (_("What we learned"), self.learned),
            "questions": (_("Questions still open"), self.questions),
            "competitors": (_("Competitors"), self.competitors),
            "history": (_("History"), self.history),
            "risks": (_("Risks"), self.risks),
            "unfinished": (_("Unfinished business"), self.unfinished),
            "first_visit": (_("Questions for the first visit"), self.first_visit),
        }
        if name not in makers:
            return []
        heading, make = makers[name]
        blocks = make()
        return [Heading(text=heading), *blocks] if blocks else []

    def headline(self) -> list[Block]:
        """Return the few facts that stand above all."""
        brief, line = self.brief, self.brief.units[0].customer
        deal = newest_open(brief.deals)
        todo = next((each for each in brief.todos_ours if each.due), None) or next(iter(brief.todos_ours), None)
        last = next(
            (each for each in brief.footprints.timeline if each.is_contact and _is_past(each, brief.today)), None
        )
        silent = brief.days_silent
        rows = [
            (_("customer"), " · ".join(filter(None, (self.words.status(line.status), line.owner)))),
            (_("units"), ", ".join(card.customer.name for card in brief.units) if len(brief.units) > 1 else ""),
            (_("deal"), self._deal_line(deal) if deal else _("none is open")),
            (_("last contact"), self._contact_line(last, silent) if last else _("never")),
            (_("next ToDo"), self._todo_line(todo) if todo else _("none is planned")),
            (_("next date"), f"{brief.dates[0].date.isoformat()} {self._date_text(0)}" if brief.dates else ""),
        ]
        blocks: list[Block] = [Facts(rows=tuple((label, value) for label, value in rows if value))]
        overdue = sum(1 for each in brief.todos_ours if each.due and each.due < brief.today)
        if overdue:
            text = ngettext("{count} ToDo is overdue", "{count} ToDos are overdue", overdue).format(count=overdue)
            blocks.append(Remark(text=text, tone="bad"))
        return blocks

    def profile(self) -> list[Block]:
        """Return the fields of the customer's note."""
        wanted = self.audience.fields if self.audience else ()
        lines = [line for line in self.brief.profile if not wanted or line.key in wanted]
        return [Facts(rows=tuple((line.label, line.value) for line in lines))] if lines else []

    def people(self) -> list[Block]:
        """Return the people of the customer, those met last first."""
        rows: list[list[str | Cell]] = [
            [
                person.name,
                person.title or "",
                person.department or "",
                self.words.role(person.role),
                person.phone or "",
                person.email or "",
                _iso(person.last_met),
                ", ".join(knows.owner for knows in person.known_by),
            ]
            for person in self.brief.people
        ]
        headings = [
            _("name"),
            _("title"),
            _("department"),
            _("role"),
            _("phone"),
            _("e-mail"),
            _("last met"),
            _("known by"),
        ]
        return [make_table(headings, rows, flexible=(2, 5))] if rows else []

    def deals(self) -> list[Block]:
        """Return the open deals, and in full depth those closed."""
        shown = [deal for deal in self.brief.deals if deal.state == "open" or self.is_full or not self._has_open()]
        rows: list[list[str | Cell]] = [
            [
                deal.customer if len(self.brief.units) > 1 else "",
                deal.deal or _("(no name)"),
                self.words.stage(deal.stage),
                ""
                if deal.days_in_stage is None
                else Cell(text=str(deal.days_in_stage), tone="warn" if deal.overdue_stage else ""),
                self.words.money(deal.amount, deal.currency),
                _iso(deal.close_date),
                deal.owner or "",
            ]
            for deal in shown
        ]
        headings = [_("customer"), _("deal"), _("stage"), _("days"), _("amount"), _("closes"), _("owner")]
        blocks: list[Block] = [make_table(headings, rows, right=(3, 4), flexible=(0, 1))] if rows else []
        closed = [deal for deal in self.brief.deals if deal not in shown]
        if closed:
            text = ", ".join(f"{deal.deal or deal.customer} ({self.words.stage(deal.stage)})" for deal in closed)
            blocks.append(Remark(text=_("closed: {deals}").format(deals=text)))
        return blocks

    def _has_open(self) -> bool:
        return any(deal.state == "open" for deal in self.brief.deals)

    def todos(self) -> list[Block]:
        """Return what is to be done, by us and by them."""
        blocks: list[Block] = []
        for heading, todos in ((_("Ours"), self.brief.todos_ours), (_("Theirs"), self.brief.todos_theirs)):
            if todos:
                blocks += [Heading(text=heading, level=3)] if self.brief.todos_theirs else []
                blocks.append(Items(items=tuple(self._todo_item(todo) for todo in todos)))
        return blocks

    def dates(self) -> list[Block]:
        """Return the days ahead."""
        most = None if self.is_full else _SHORT
        rows: list[list[str | Cell]] = [
            [one.date.isoformat(), self.words.date_kind(one.kind), one.text, one.owner or ""]
            for one in self.brief.dates[:most]
        ]
        headings = [_("day"), _("kind"), _("what"), _("owner")]
        blocks: list[Block] = [make_table(headings, rows, flexible=(2,))] if rows else []
        more = len(self.brief.dates) - len(rows)
        if more:
            later = ngettext(
                "… and {count} later date (--depth full)", "… and {count} later dates (--depth full)", more
            )
            blocks.append(Remark(text=later.format(count=more)))
        return blocks

    def timeline(self) -> list[Block]:
        """Return the contacts, the newest first."""
        shown = self.brief.footprints.timeline[: None if self.is_full or self.brief.since else _SHORT_TIMELINE]
        items = [self._footprint_item(each) for each in shown]
        blocks: list[Block] = [Items(items=tuple(items))] if items else []
        more = len(self.brief.footprints.timeline) - len(shown)
        if more:
            blocks.append(
                Remark(
                    text=ngettext("… and {count} earlier note", "… and {count} earlier notes", more).format(count=more)
                )
            )
        return blocks

    def promises(self) -> list[Block]:
        """Return lines in which something was promised."""
        return self._said(self.brief.footprints.promises)

    def learned(self) -> list[Block]:
        """Return the learned answers by level."""
        return learned_blocks([one for one in self.brief.learned if self._is_wanted(one)])

    def _is_wanted(self, one: LearnedAnswer) -> bool:
        wanted = self.audience.fields if self.audience else ()
        return not wanted or one.key in wanted or one.label in wanted

    def questions(self) -> list[Block]:
        """Return what should be asked."""
        return (
            [Items(items=tuple(self._question_item(item) for item in self.brief.questions))]
            if self.brief.questions
            else []
        )

    def competitors(self) -> list[Block]:
        """Return competitors with the newest lines that name them."""
        items = []
        for one in self.brief.footprints.competitors:
            seen = ngettext("{count} note", "{count} notes", one.times).format(count=one.times)
            about = ", ".join(filter(None, (seen, _iso(one.last), *one.deals[:2])))
            lines = one.said if self.is_full else one.said[:2]
            details = tuple(f"{_iso(said.date)} {said.text}".strip() for said in lines)
            items.append(Item(text=f"{one.name} ({about})", details=details))
        return [Items(items=tuple(items))] if items else []

    def history(self) -> list[Block]:
        """Return who looked after the customer, and how its deals moved."""
        owners: list[list[str | Cell]] = [
            [one.owner, _iso(one.first), _iso(one.last), str(one.notes)] for one in self.brief.owners
        ]
        moves: list[list[str | Cell]] = [
            [_iso(move.date), move.deal or _("(no name)"), self.words.stage(move.stage)] for move in self.brief.moves
        ]
        blocks: list[Block] = []
        if owners:
            blocks.append(make_table([_("owner"), _("from"), _("until"), _("notes")], owners, right=(3,)))
        if moves:
            blocks += [Heading(text=_("Deals, stage by stage"), level=3)]
            blocks.append(make_table([_("day"), _("deal"), _("stage")], moves, flexible=(1,)))
        return blocks

    def risks(self) -> list[Block]:
        """Return what a new owner should be wary of."""
        risks = find_risks(self.brief, self.words)
        return [Items(items=tuple(Item(text=risk, tone="warn") for risk in risks))] if risks else []

    def unfinished(self) -> list[Block]:
        """Return what is overdue or undated, and questions to the boss without an answer."""
        late = [todo for todo in self.brief.todos_ours if todo.due is None or todo.due < self.brief.today]
        items = [self._todo_item(todo) for todo in late]
        items += [
            Item(text=_("not answered: {text}").format(text=said.text), details=(f"{_iso(said.date)} {said.path}",))
            for said in self.brief.footprints.unanswered
        ]
        return [Items(items=tuple(items))] if items else []

    def first_visit(self) -> list[Block]:
        """Return suggestions of what to ask first."""
        return [Items(items=tuple(Item(text=text, box=False) for text in suggest_questions(self.brief)))]

    def _said(self, said: Sequence[Said]) -> list[Block]:
        shown = said if self.is_full else said[:_SHORT]
        items = [Item(text=one.text, details=(f"{_iso(one.date)} {one.path}",)) for one in shown]
        return [Items(items=tuple(items))] if items else []

    def _todo_item(self, todo: TodoItem) -> Item:
        late = todo.due is not None and todo.due < self.brief.today
        about = ", ".join(filter(None, (_iso(todo.due), todo.owner, todo.deal)))
        return Item(text=f"{todo.text} ({about})" if about else todo.text, box=False, tone="bad" if late else "")

    def _todo_line(self, todo: TodoItem) -> str:
        return " ".join(filter(None, (_iso(todo.due), todo.text, f"@{todo.owner}" if todo.owner else "")))

    def _deal_line(self, deal: PipelineDeal) -> str:
        money = self.words.money(deal.amount, deal.currency)
        closes = _("closes {day}").format(day=deal.close_date.isoformat()) if deal.close_date else ""
        others = sum(1 for each in self.brief.deals if each.state == "open") - 1
        more = ngettext("and {count} more", "and {count} more", others).format(count=others) if others else ""
        return " · ".join(filter(None, (deal.deal or "", self.words.stage(deal.stage), money, closes, more)))

    def _contact_line(self, last: Footprint, silent: int | None) -> str:
        ago = _("{age} ago").format(age=say_age(silent)) if silent else ""
        with_whom = "、".join(last.contacts[:2]) if self.words.language == "ja" else ", ".join(last.contacts[:2])
        return " · ".join(filter(None, (_iso(last.date), self.words.channel(last.channel), with_whom, ago)))

    def _date_text(self, at: int) -> str:
        one = self.brief.dates[at]
        return f"{self.words.date_kind(one.kind)}: {one.text}"

    def _footprint_item(self, one: Footprint) -> Item:
        where = one.customer if len(self.brief.units) > 1 else ""
        contacts = "、".join(one.contacts) if self.words.language == "ja" else ", ".join(one.contacts)
        about = " · ".join(
            filter(
                None,
                (self.words.channel(one.channel), one.owner, where, contacts, one.deal, self.words.stage(one.stage)),
            )
        )
        head = " ".join(filter(None, (_iso(one.date), one.title)))
        return Item(text=head, details=(*([about] if about else []), *one.lines))

    def _question_item(self, item: CoverageItem) -> Item:
        stage = self.words.stage(item.required_from)
        said = f"{say_knowledge(item.state)}: {item.value} ({_iso(item.date)})" if item.value else item.hint
        text = f"{item.label} ({_('by {stage}').format(stage=stage)})" if stage else item.label
        due = item.due and item.state is Knowledge.UNKNOWN
        return Item(text=text, details=(said,) if said else (), box=False, tone="bad" if due else "")


def _is_past(footprint: Footprint, today: date) -> bool:
    return footprint.date is not None and footprint.date <= today


def _iso(day: date | None) -> str:
    return day.isoformat() if day else ""
