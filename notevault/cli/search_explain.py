"""``notevault search --explain`` and ``--why NOTE``."""

from collections.abc import Iterable, Iterator

import click

from notevault.cli.base import say
from notevault.cli.output import plain, print_json
from notevault.cli.wording import name_stage
from notevault.config import Settings
from notevault.explain import (
    EITHER,
    EXCLUDED,
    IGNORED,
    RANKS,
    REQUIRED,
    HitReading,
    ItemReading,
    NoteVerdict,
    TermReading,
    Verdict,
    explain,
    explain_note,
)
from notevault.messages import gettext as _
from notevault.messages import ngettext
from notevault.model import NotePath
from notevault.question import Question
from notevault.report.rows import make_row
from notevault.search import SearchResult
from notevault.text import printable_path

_SHOWN_NAMES = 5


def print_explanation(question: Question, result: SearchResult, output: str | None) -> None:
    """Print how the question was read, and what each hit of the result matched with."""
    explanation = explain(question, result)
    if output in ("json", "jsonl"):
        print_json(make_row(explanation))
        return
    click.secho(_("Read as: {query}").format(query=plain(explanation.query) or _("(everything)")), bold=True)
    for item in explanation.items:
        for line in _item_lines(item, question.settings, 1):
            click.echo(line)
    for hit in explanation.hits:
        click.echo()
        for line in _hit_lines(hit):
            click.echo(line)
    count = ngettext("{count} note", "{count} notes", explanation.total).format(count=explanation.total)
    say(count)


def _role(role: str) -> str:
    return {
        REQUIRED: _("asked for"),
        EXCLUDED: _("excluded"),
        EITHER: _("one of these is enough"),
        RANKS: _("only ranks"),
        IGNORED: _("left out: it says nothing beside the others"),
    }[role]


def _item_lines(item: ItemReading, settings: Settings, depth: int) -> Iterator[str]:
    indent = "  " * depth
    yield f"{indent}{plain(item.text)}  [{_role(item.role)}]"
    if item.field is not None:
        means = ", ".join(_named(item, settings)) + (" …" if len(item.means) > _SHOWN_NAMES else "")
        count = ngettext("{count} note", "{count} notes", item.notes or 0).format(count=item.notes)
        yield f"{indent}  {item.field} = {plain(means)}: {count}"
    elif not item.items and item.role != IGNORED:
        yield indent + "  " + _("as typed: {count}").format(count=_notes(item.as_written))
        for term in item.terms:
            yield f"{indent}  {_term(term)}"
    for inner in item.items:
        yield from _item_lines(inner, settings, depth + 1)


def _named(item: ItemReading, settings: Settings) -> Iterable[str]:
    for value in item.means[:_SHOWN_NAMES]:
        label = name_stage(settings, value) if item.field == "stage" else value
        yield value if label == value else f"{value} ({label})"


def _term(term: TermReading) -> str:
    written = "" if term.written == term.term else f" ({plain(term.written)})"
    weight = "" if term.weight == 1 else " " + _("at {weight}").format(weight=f"{term.weight:g}")
    return _("term {term}: {count}, rarity {rarity}").format(
        term=plain(term.term) + written + weight, count=_notes(term.notes), rarity=f"{term.rarity:.2f}"
    )


def _notes(count: int) -> str:
    return ngettext("{count} note", "{count} notes", count).format(count=count)


def _hit_lines(hit: HitReading) -> Iterator[str]:
    more = f"{hit.score - hit.words:+.2f}"
    yield click.style(plain(printable_path(hit.path)), bold=True)
    if not hit.score:
        return
    yield "  " + _("score {score} = words {words}, closeness and date {more}").format(
        score=f"{hit.score:.2f}", words=f"{hit.words:.2f}", more=more
    )
    if hit.terms:
        yield "  " + _("terms: {terms}").format(
            terms=", ".join(f"{plain(term)} {added:.2f}" for term, added in hit.terms)
        )
    if hit.as_written:
        yield "  " + _("as typed: {words}").format(words=", ".join(map(plain, hit.as_written)))


def print_why(question: Question, path: NotePath, settings: Settings, output: str | None) -> bool:
    """Print why a note is, or is not, among the hits; tell whether it is."""
    verdict = explain_note(question, path)
    if output in ("json", "jsonl"):
        print_json(make_row(verdict))
        return verdict.rank is not None
    click.secho(_headline(verdict), bold=True)
    for part in verdict.parts:
        click.echo("  " + _verdict_line(part, settings))
    return verdict.rank is not None


def _headline(verdict: NoteVerdict) -> str:
    path = printable_path(verdict.path)
    if not verdict.known:
        reason = verdict.failure or _("run notevault sync")
        return _("{path} is not taken in: {reason}").format(path=path, reason=reason)
    if verdict.rank is None:
        return _("{path} is not among the hits ({count})").format(path=path, count=_notes(verdict.total))
    return _("{path} is hit {rank} of {total}").format(path=path, rank=verdict.rank, total=verdict.total)


def _verdict_line(part: Verdict, settings: Settings) -> str:
    mark = _("yes") if part.holds else _("no")
    if part.role == EXCLUDED:
        mark = _("excluded by it") if part.holds else _("not excluded")
    elif part.role == IGNORED:
        mark = "-"
    found = ", ".join(f"{value} ({name})" if (name := _stage(settings, value)) else value for value in part.found)
    says = found or _("nothing")
    return f"{plain(part.text)}  [{_role(part.role)}]  {mark}; " + _("the note has: {found}").format(found=plain(says))


def _stage(settings: Settings, value: str) -> str:
    stage = settings.find_stage(value)
    return stage.key if stage and stage.key != value else ""
