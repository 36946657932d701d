"""What happened since a day as a page, in three depths: made for a Monday mail."""

from collections import Counter
from collections.abc import Sequence

from notevault.messages import gettext as _
from notevault.messages import ngettext
from notevault.report.activity import Contacted
from notevault.report.consult import Consultation
from notevault.report.consult_page import consult_item
from notevault.report.daily import DailyContact
from notevault.report.daily_page import label_parts
from notevault.report.digest import DealMove, Depth, Digest
from notevault.report.document import Block, Cell, Document, Facts, Heading, Item, Items, Tone, make_table
from notevault.report.say import Words, join_facts, say_period, say_sums
from notevault.report.stage_plots import Bar, draw_bars
from notevault.report.sums import Sum, add_up
from notevault.report.todos import TodoItem


def make_digest_page(digest: Digest, words: Words, depth: Depth, told: Sequence[DailyContact] = ()) -> Document:
    """Return the figures; then what stands behind them, and what was ``told`` in each contact."""
    blocks: list[Block] = [_figures(digest), *_by_owner(digest)]
    closed = (*digest.moved_to("won"), *digest.moved_to("lost"))
    if closed:
        blocks += [Heading(text=_("Won and lost")), move_table(closed, words)]
    if depth != "headline":
        blocks += _details(digest, words, told)
    subtitle = "  ".join((say_period((digest.since, digest.until)), *map(words.owner, digest.owners)))
    return Document(title=_("What happened"), subtitle=subtitle, blocks=tuple(blocks))


def _figures(digest: Digest) -> Facts:
    won, lost = digest.moved_to("won"), digest.moved_to("lost")
    return Facts(
        rows=(
            (_("contacts made"), str(len(digest.contacts))),
            (_("customers"), str(len({each.customer_id for each in digest.contacts}))),
            (_("stage moves"), str(len(digest.moves))),
            (_("won"), _value(won)),
            (_("lost"), _value(lost)),
            (_("new ToDos"), str(len(digest.new_todos))),
            (_("overdue ToDos"), str(len(digest.overdue))),
            (_("questions asked"), str(len(digest.asked))),
            (_("questions answered"), str(len(digest.answered))),
            (_("answers learned"), str(len(digest.learned))),
        )
    )


def _by_owner(digest: Digest) -> list[Block]:
    """Return the figures of each person, where there are several."""
    lists: tuple[tuple[str, Sequence[DealMove | Contacted | TodoItem | Consultation]], ...] = (
        (_("contacts made"), digest.contacts),
        (_("stage moves"), digest.moves),
        (_("won"), digest.moved_to("won")),
        (_("lost"), digest.moved_to("lost")),
        (_("new ToDos"), digest.new_todos),
        (_("overdue ToDos"), digest.overdue),
        (_("questions asked"), digest.asked),
    )
    counts = [Counter(each.owner or "" for each in found) for _name, found in lists]
    owners = sorted({owner for each in counts for owner in each}, key=lambda owner: (not owner, owner))
    if len([owner for owner in owners if owner]) < 2:  # noqa: PLR2004 -- one person's are the figures above
        return []
    rows = [(owner or _("nobody"), *(str(each[owner] or "") for each in counts)) for owner in owners]
    bars = [Bar(label=each, whole=counts[0][each], part=0, remark=str(counts[0][each])) for each in owners if each]
    table = make_table((_("owner"), *(name for name, _found in lists)), rows, right=range(1, 8))
    return [Heading(text=_("By owner")), *draw_bars(bars), table]


def _value(moves: Sequence[DealMove]) -> str:
    sums = add_up(Sum(currency=m.currency or "", amount=m.amount, weighted=0.0) for m in moves if m.amount is not None)
    count = ngettext("{count} deal", "{count} deals", len(moves)).format(count=len(moves))
    return "  ".join(filter(None, (count, say_sums(sums))))


def _details(digest: Digest, words: Words, told: Sequence[DailyContact]) -> list[Block]:
    blocks: list[Block] = []
    if moves := [move for move in digest.moves if move.state == "open"]:
        blocks += [Heading(text=_("Stage moves")), move_table(moves, words)]
    if told:
        blocks += [Heading(text=_("Contacts")), Items(items=tuple(_told(each, words) for each in told))]
    elif digest.contacts:
        headings = (_("date"), _("customer"), _("owner"), _("channel"), _("deal"), _("note"))
        rows = [
            (str(one.day), one.customer, one.owner or "", words.channel(one.channel), one.deal or "", one.title)
            for one in digest.contacts
        ]
        blocks += [Heading(text=_("Contacts")), make_table(headings, rows, flexible=(1, 4, 5))]
    for heading, todos in ((_("New ToDos"), digest.new_todos), (_("Overdue ToDos"), digest.overdue)):
        if todos:
            blocks += [Heading(text=heading), _todos(todos, late=todos is digest.overdue)]
    questions = tuple(dict.fromkeys((*digest.asked, *digest.answered)))
    if questions:
        blocks += [Heading(text=_("Consultations")), Items(items=tuple(consult_item(q, words) for q in questions))]
    if digest.learned:
        named = (_("date"), _("customer"), _("question"), _("answer"), _("owner"))
        answers: list[Sequence[str]] = [
            (str(each.day), each.customer, each.label, each.value, each.owner or "") for each in digest.learned
        ]
        blocks += [Heading(text=_("Learned")), make_table(named, answers, flexible=(1, 3))]
    return blocks


def move_table(moves: Sequence[DealMove], words: Words) -> Block:
    """Return the moves of deals in a table."""
    headings = (_("date"), _("customer"), _("deal"), _("from"), _("to"), _("amount"), _("owner"), _("reason"))
    tones: dict[str, Tone] = {"won": "good", "lost": "bad"}
    rows = [
        (
            *(str(move.day), move.customer, move.deal or "", words.stage(move.before)),
            Cell(text=words.stage(move.stage), tone=tones.get(move.state, "")),
            *(words.money(move.amount, move.currency), move.owner or "", move.reason or ""),
        )
        for move in moves
    ]
    return make_table(headings, rows, right=(5,), flexible=(1, 2))


def _todos(todos: Sequence[TodoItem], *, late: bool) -> Block:
    headings = (_("due"), _("owner"), _("customer"), _("ToDo"))
    rows = [
        (Cell(text=str(todo.due or ""), tone="bad" if late else ""), todo.owner or "", todo.customer or "", todo.text)
        for todo in todos
    ]
    return make_table(headings, rows, flexible=(2, 3))


def _told(each: DailyContact, words: Words) -> Item:
    title = join_facts(each.customer, each.deal, words.channel(each.channel), each.owner, each.title)
    details = tuple(f"{label}: {line}" for label, lines in label_parts(each) for line in lines)
    return Item(text=title, details=details)
