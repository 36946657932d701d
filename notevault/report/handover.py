"""What a new owner of a customer should be wary of, and what to ask on the first visit."""

from collections.abc import Iterator
from datetime import timedelta
from typing import Final

from notevault.messages import gettext as _
from notevault.messages import ngettext
from notevault.report.brief import Brief
from notevault.report.coverage import Knowledge
from notevault.report.pipeline import PipelineDeal
from notevault.report.say import Words

SILENT_DAYS: Final = 60
_CONFIRM_AFTER: Final = 180
"""Days after which an answer is worth confirming by a new face."""
_MOST_QUESTIONS: Final = 8


def find_risks(brief: Brief, words: Words) -> list[str]:
    """Return, gravest first, what may go wrong, each with the fact that says so."""
    risks = [*_neglect(brief)]
    for deal in brief.deals:
        if deal.state == "open":
            risks += _deal_risks(brief, deal, words)
    risks += [
        _("'{question}' is answered in two ways: {answers}").format(
            question=one.label, answers=" / ".join(dict.fromkeys((one.value, *(old.value for old in one.history))))
        )
        for one in brief.learned
        if one.contradiction
    ]
    if unanswered := len(brief.footprints.unanswered):
        message = ngettext(
            "{count} question to the boss has no answer", "{count} questions to the boss have no answer", unanswered
        )
        risks.append(message.format(count=unanswered))
    recent = brief.today - timedelta(days=_CONFIRM_AFTER)
    rivals = [one.name for one in brief.footprints.competitors if one.last and one.last >= recent]
    if rivals:
        risks.append(_("competitors heard of lately: {names}").format(names=", ".join(rivals)))
    return risks


def _neglect(brief: Brief) -> Iterator[str]:
    if brief.days_silent is None:
        yield _("nobody has spoken to them yet")
    elif brief.days_silent > SILENT_DAYS:
        yield _("nobody has spoken to them for {days} days").format(days=brief.days_silent)
    overdue = [todo.due for todo in brief.todos_ours if todo.due and todo.due < brief.today]
    if overdue:
        message = ngettext(
            "{count} ToDo is overdue, since {day}", "{count} ToDos are overdue, the oldest since {day}", len(overdue)
        )
        yield message.format(count=len(overdue), day=min(overdue).isoformat())


def _deal_risks(brief: Brief, deal: PipelineDeal, words: Words) -> list[str]:
    name = deal.deal or deal.customer
    risks = []
    if deal.overdue_stage:
        risks.append(
            _("{deal} has been in '{stage}' for {days} days, longer than usual").format(
                deal=name, stage=words.stage(deal.stage), days=deal.days_in_stage
            )
        )
    if deal.next_todo is None:
        risks.append(_("{deal} has no next ToDo").format(deal=name))
    if deal.close_date and deal.close_date < brief.today:
        risks.append(_("{deal} should have closed on {day}").format(deal=name, day=deal.close_date.isoformat()))
    return risks


def suggest_questions(brief: Brief) -> list[str]:
    """Return what to ask first: what must be known and is not, what is old or contradicted, what was promised."""
    due = [
        _("Ask: {question}").format(question=item.label)
        for item in brief.questions
        if item.due and item.state is Knowledge.UNKNOWN
    ]
    doubtful = [
        _("Confirm: {question} — is it still {answer}?").format(question=one.label, answer=one.value)
        for one in sorted(brief.learned, key=lambda each: (not each.contradiction, not each.stale))
        if one.contradiction or one.stale or (one.age_days or 0) > _CONFIRM_AFTER
    ]
    later = [
        _("Ask: {question}").format(question=item.label)
        for item in brief.questions
        if not item.due and item.state is Knowledge.UNKNOWN
    ]
    opening = _("What should stay as it was, and what should become better?")
    promised = _("What have we promised you that is still open?")
    chosen = [*due, *doubtful, *later][:_MOST_QUESTIONS]
    return [*chosen, promised, opening]
