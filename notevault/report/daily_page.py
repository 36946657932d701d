"""The diary of a day as a page to paste or mail."""

from collections.abc import Sequence

from notevault.messages import gettext as _
from notevault.report.consult_page import consult_item
from notevault.report.daily import Ahead, Daily, DailyContact, DailyTodo
from notevault.report.document import Block, Document, Heading, Item, Items, Remark
from notevault.report.say import Words, join_facts


def make_diary(diary: Daily, words: Words) -> Document:
    """Return the contacts, the ToDos done and not done, the questions, and what comes next."""
    blocks: list[Block] = [Heading(text=_("Contacts ({count})").format(count=len(diary.contacts)))]
    for each in diary.contacts:
        blocks += _contact(each, words, with_owner=len(diary.owners) != 1)
    if not diary.contacts:
        blocks.append(Remark(text=_("none")))
    for heading, todos, box in ((_("ToDos done"), diary.done, True), (_("ToDos not done"), diary.not_done, False)):
        if todos:
            blocks += [Heading(text=heading), Items(items=tuple(_todo(todo, box=box) for todo in todos))]
    if diary.consultations:
        items = tuple(consult_item(each, words) for each in diary.consultations)
        blocks += [Heading(text=_("Consultations")), Items(items=items)]
    if diary.ahead:
        blocks += [Heading(text=_("Next")), Items(items=tuple(_ahead(each, words) for each in diary.ahead))]
    names = ", ".join(map(words.owner, diary.owners))
    return Document(title=_("Daily report {day}").format(day=diary.day), subtitle=names, blocks=tuple(blocks))


def _contact(each: DailyContact, words: Words, *, with_owner: bool) -> list[Block]:
    about = filter(None, (each.customer, each.deal, words.stage(each.stage)))
    how = join_facts(words.channel(each.channel), ", ".join(each.contacts), each.owner if with_owner else None)
    blocks: list[Block] = [Heading(text=" / ".join(about), level=3), Remark(text=how)]
    items = tuple(Item(text=label, details=tuple(lines)) for label, lines in label_parts(each) if lines)
    return [*blocks, Items(items=items)] if items else blocks


def label_parts(each: DailyContact) -> tuple[tuple[str, Sequence[str]], ...]:
    """Return what was told of a contact, each part with its label."""
    return (
        (_("Facts"), each.facts),
        (_("Interpretation"), each.interpretation),
        (_("Action"), (*each.action, *each.todos)),
    )


def _todo(todo: DailyTodo, *, box: bool) -> Item:
    due = _("due {day}").format(day=todo.due) if todo.due and not box else ""
    return Item(text=join_facts(todo.text, todo.customer, due, todo.owner), box=box)


def _ahead(each: Ahead, words: Words) -> Item:
    kind = _("meeting") if each.kind == "note" else words.date_kind(each.kind)
    text = each.text if each.kind != "next_date" else ""  # of the note that announces it
    return Item(text=join_facts(str(each.day), kind, each.customer, text))
