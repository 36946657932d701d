"""The hearing sheets as documents: a line for each customer, a heat map, one customer, a checklist to take along."""

from collections.abc import Sequence
from datetime import date

from notevault.config import Settings
from notevault.messages import gettext as _
from notevault.messages import ngettext
from notevault.report.coverage import CoverageItem, CustomerCoverage, Knowledge
from notevault.report.document import (
    Block,
    Cell,
    Document,
    Facts,
    Heading,
    Item,
    Items,
    Remark,
    Table,
    Tone,
    make_table,
)
from notevault.report.learned import LEVELS, Answer, LearnedAnswer, Question
from notevault.text import normalize


def say_knowledge(state: Knowledge) -> str:
    """Return how well a question is answered, in words."""
    match state:
        case Knowledge.KNOWN:
            return _("known")
        case Knowledge.STALE:
            return _("ask again")
        case Knowledge.CONTRADICTED:
            return _("contradicted")
        case Knowledge.UNKNOWN:
            return _("not known")


def say_age(days: int | None) -> str:
    """Return an age in days or months."""
    if days is None:
        return ""
    if days < 60:  # noqa: PLR2004 -- about two months
        return ngettext("{count} day", "{count} days", days).format(count=days)
    return ngettext("{count} month", "{count} months", days // 30).format(count=days // 30)


def tone_of(item: CoverageItem) -> Tone:
    """Return how a cell of the heat map is meant."""
    match item.state:
        case Knowledge.KNOWN:
            return "good"
        case Knowledge.UNKNOWN:
            return "bad" if item.due else "muted"
        case _:
            return "warn"


def make_heat_map(
    sheets: Sequence[CustomerCoverage], asked: Sequence[Question], settings: Settings, language: str
) -> Document:
    """Return customers by questions, coloured."""
    order = {stage: at for at, stage in enumerate(settings.stages)}
    questions = sorted(asked, key=lambda question: order.get(question.required_from or "", len(order)))
    headings = [_("customer"), _("owner"), _("stage"), _("known"), *(question.label for question in questions)]
    rows: list[list[str | Cell]] = []
    for sheet in sheets:
        items = {item.key: item for item in sheet.items}
        stage = settings.stages.get(sheet.stage or "")
        name: list[str | Cell] = [
            sheet.customer,
            sheet.owner or "",
            stage.label(language) if stage else sheet.stage or "",
            f"{sheet.known}/{sheet.asked}",
        ]
        rows.append([*name, *(_heat_cell(items[question.key]) for question in questions)])
    table = Table(
        headings=tuple(headings),
        rows=tuple(tuple(each if isinstance(each, Cell) else Cell(text=each) for each in row) for row in rows),
        right=frozenset({3}),
    )
    legend = make_table(
        [_("colour"), ""],
        [
            [Cell(text=say_knowledge(Knowledge.KNOWN), tone="good"), _("with the newest answer")],
            [Cell(text=say_knowledge(Knowledge.STALE), tone="warn"), _("old, gone by, or contradicted")],
            [Cell(text=say_knowledge(Knowledge.UNKNOWN), tone="bad"), _("must be known at this stage")],
            [Cell(text=say_knowledge(Knowledge.UNKNOWN), tone="muted"), _("not needed yet")],
        ],
    )
    return Document(title=_("What we know of our customers"), blocks=(table, Heading(text=_("Legend")), legend))


def _heat_cell(item: CoverageItem) -> Cell:
    text = item.value or ("!" if item.due else "")
    mark = "? " if item.state in (Knowledge.STALE, Knowledge.CONTRADICTED) else ""
    return Cell(text=mark + text, tone=tone_of(item))


def make_sheet(sheet: CustomerCoverage, settings: Settings, language: str) -> Document:
    """Return one customer's sheet: what was asked with its answers, and what else was learned, by level."""
    rows: list[list[str | Cell]] = []
    for item in sheet.items:
        stage = settings.stages.get(item.required_from or "")
        rows.append(
            [
                stage.label(language) if stage else "",
                item.label,
                Cell(text=_due_word(item), tone="bad" if item.due and item.is_open else tone_of(item)),
                item.value or "",
                _iso(item.date),
                say_age(item.age_days),
                _history(item.history),
            ]
        )
    headings = [_("by stage"), _("question"), _("state"), _("answer"), _("date"), _("age"), _("before")]
    blocks: list[Block] = [make_table(headings, rows, flexible=(3, 6))]
    blocks += learned_blocks(sheet.others)
    stage = settings.stages.get(sheet.stage or "")
    facts = [
        (_("owner"), sheet.owner or ""),
        (_("stage"), stage.label(language) if stage else sheet.stage or ""),
        (_("known"), f"{sheet.known}/{sheet.asked}"),
        (_("must be known now"), str(sheet.missing)),
    ]
    shown = tuple((label, value) for label, value in facts if value)
    return Document(
        title=_("{customer}: hearing sheet").format(customer=sheet.customer), blocks=(Facts(rows=shown), *blocks)
    )


def learned_blocks(answers: Sequence[LearnedAnswer]) -> list[Block]:
    """Return learned answers as one table a level: the company, the business, the function, the rest."""
    blocks: list[Block] = []
    for level in (*LEVELS, None):
        of_level = [one for one in answers if (one.level if one.level in LEVELS else None) == level]
        if not of_level:
            continue
        blocks.append(Heading(text=_level_heading(level), level=3))
        rows: list[list[str | Cell]] = [
            [
                one.label,
                Cell(text=one.value, tone="warn" if one.contradiction or one.stale else ""),
                _remark(one),
                _iso(one.date),
                _history(one.history),
            ]
            for one in of_level
        ]
        blocks.append(
            make_table([_("question"), _("answer"), _("state"), _("date"), _("before")], rows, flexible=(1, 4))
        )
    return blocks


def make_checklist(sheets: Sequence[CustomerCoverage], settings: Settings, language: str, today: date) -> Document:
    """Return the open questions of customers as a list to tick, those that are due first."""
    blocks: list[Block] = []
    for sheet in sheets:
        questions = open_questions(sheet)
        if not questions:
            continue
        if len(sheets) > 1:
            blocks.append(Heading(text=sheet.customer))
        blocks.append(Items(items=tuple(_checklist_item(item, settings, language) for item in questions)))
    title = _("Questions for {customer}").format(customer=sheets[0].customer) if len(sheets) == 1 else _("Questions")
    return Document(
        title=title, subtitle=today.isoformat(), blocks=tuple(blocks) or (Remark(text=_("Nothing is left to ask.")),)
    )


def open_questions(sheet: CustomerCoverage) -> list[CoverageItem]:
    """Return what should be asked: what is due, then the rest in the order of the stages."""
    return sorted((item for item in sheet.items if item.is_open), key=lambda item: not item.due)


def _checklist_item(item: CoverageItem, settings: Settings, language: str) -> Item:
    stage = settings.stages.get(item.required_from or "")
    by = _("by {stage}").format(stage=stage.label(language)) if stage else ""
    details = [item.hint] if item.hint else []
    if item.value:
        said = _("{value} ({date})") if item.date else "{value}"
        details.append(f"{say_knowledge(item.state)}: " + said.format(value=item.value, date=_iso(item.date)))
    return Item(
        text=f"{item.label} ({by})" if by else item.label,
        details=tuple(details),
        box=False,
        tone="bad" if item.due else "",
    )


def _due_word(item: CoverageItem) -> str:
    return _("needed now") if item.due and item.state is Knowledge.UNKNOWN else say_knowledge(item.state)


def _level_heading(level: str | None) -> str:
    return {
        "company": _("Company (the president's matters)"),
        "business": _("Business (the key persons' matters)"),
        "function": _("Function (the staff's matters)"),
    }.get(level or "", _("Learned besides"))


def _remark(answer: LearnedAnswer) -> str:
    if answer.contradiction:
        return say_knowledge(Knowledge.CONTRADICTED)
    return say_knowledge(Knowledge.STALE) if answer.stale else ""


def _history(history: Sequence[Answer]) -> str:
    """Return the other values, each once with the day it was said last."""
    said: dict[str, str] = {}
    for answer in history:
        shown = f"{answer.value} ({_iso(answer.date)})" if answer.date else answer.value
        said.setdefault(normalize(answer.value), shown)
    return ", ".join(said.values())


def _iso(day: date | None) -> str:
    return day.isoformat() if day else ""
