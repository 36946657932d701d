"""Consultations as a page for the manager."""

from collections.abc import Sequence
from typing import Final

from notevault.messages import gettext as _
from notevault.messages import ngettext
from notevault.report.consult import Consultation
from notevault.report.document import Block, Document, Heading, Item, Items, Remark, Tone
from notevault.report.say import Words, join_facts

_LONG: Final = 7
"""Days after which a question has waited too long."""


def make_consultations(found: Sequence[Consultation], words: Words) -> Document:
    """Return the open questions, then the answered ones."""
    still_open = [each for each in found if each.answer is None]
    answered = [each for each in found if each.answer is not None]
    blocks: list[Block] = [Heading(text=_("Open ({count})").format(count=len(still_open)))]
    blocks.append(
        Items(items=tuple(consult_item(each, words) for each in still_open))
        if still_open
        else Remark(text=_("Nothing waits for an answer."))
    )
    if answered:
        blocks += [
            Heading(text=_("Answered ({count})").format(count=len(answered))),
            Items(items=tuple(consult_item(each, words) for each in answered)),
        ]
    return Document(title=_("Consultations"), blocks=tuple(blocks))


def consult_item(each: Consultation, words: Words) -> Item:
    """Return one question with where it comes from, and its answer."""
    about = " / ".join(filter(None, (each.customer, each.deal, words.stage(each.stage))))
    place = f"{each.path}:{each.line}"
    asked = join_facts(str(each.asked or ""), say_wait(each), each.owner, about, place)
    details = [asked]
    if each.answer is not None:
        by = " ".join(filter(None, (each.answered_by, str(each.answered_on or ""))))
        details.append(_("Answer ({by}): {text}").format(by=by, text=each.answer))
    late: Tone = "warn" if each.answer is None and (each.days or 0) > _LONG else ""
    return Item(text=each.text, details=tuple(details), tone=late)


def say_wait(each: Consultation) -> str:
    """Return how long a question has waited."""
    if each.days is None:
        return ""
    if each.answer is not None:
        return ngettext("answered after {count} day", "answered after {count} days", each.days).format(count=each.days)
    return ngettext("{count} day open", "{count} days open", each.days).format(count=each.days)
