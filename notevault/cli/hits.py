"""Hits printed for people and for programs."""

import sys
from collections.abc import Callable, Sequence
from pathlib import Path

import click

from notevault.cli.base import say
from notevault.cli.output import Row, clip, plain, print_csv, print_json, print_rows, terminal_width
from notevault.config import Settings
from notevault.messages import current_language, ngettext
from notevault.messages import gettext as _
from notevault.records import record
from notevault.search import Hit
from notevault.snippet import Snippet
from notevault.text import printable_path

FIELDS = ("path", "title", "type", "date", "customer", "stage", "owner", "score", "snippet", "line")
"""The columns of CSV."""
LINE_FIELDS = (*FIELDS, "deal", "amount", "currency")
"""What ``--format`` knows."""


@record
class Listing:
    """Hits to print, and how."""

    hits: Sequence[Hit]
    total: int
    extra: Sequence[Row] = ()
    """By hit: further fields for programs."""
    remarks: Sequence[str] = ()
    """By hit: a further line for people."""
    settings: Settings
    output: str | None = "table"
    ends: str | None = None
    """Print paths only, each with this behind."""
    count: bool = False
    line: Callable[[Row], str] | None = None

    def make_rows(self) -> list[Row]:
        """Return the hits for programs."""
        extra = self.extra or [{}] * len(self.hits)
        return [hit_row(hit) | more for hit, more in zip(self.hits, extra, strict=True)]


def hit_row(hit: Hit) -> Row:
    """Return a hit under its documented names."""
    return {
        "path": printable_path(hit.path),
        "title": hit.title,
        "type": hit.type,
        "date": hit.day,
        "customer": hit.customer,
        "stage": hit.stage,
        "owner": hit.owner,
        "score": round(hit.score, 4),
        "snippet": hit.snippet.text,
        "line": hit.line,
        "deal": hit.deal,
        "amount": hit.amount,
        "currency": hit.currency,
        "marks": [[span.start, span.end] for span in hit.snippet.marks],
    }


def print_listing(listing: Listing) -> None:
    """Print hits in the form asked for."""
    if listing.count:
        total = listing.total
        print_json({"count": total}) if listing.output in ("json", "jsonl") else click.echo(total)
    elif listing.ends is not None:
        sys.stdout.write("".join(printable_path(hit.path) + listing.ends for hit in listing.hits))
    elif listing.line is not None:
        for row in listing.make_rows():
            click.echo(listing.line({**row, "stage": listing.settings.say_stage(row["stage"], current_language())}))
    elif listing.output == "csv":
        print_csv(listing.make_rows(), FIELDS)
    elif listing.output in ("json", "jsonl"):
        print_rows(listing.make_rows(), (), listing.output)
    else:
        _print_hits(listing)


def _print_hits(listing: Listing) -> None:
    for hit, remark in zip(listing.hits, listing.remarks or [""] * len(listing.hits), strict=True):
        width = terminal_width()
        head = headline(hit, listing.settings)
        click.secho(clip(head, width) if width else head, bold=True)
        click.secho(f"  {printable_path(hit.path)}:{hit.line}", fg="blue")
        if hit.snippet.text:
            click.echo("  " + marked_snippet(hit.snippet))
        if remark:
            click.secho(f"  {plain(remark)}", dim=True)
    _print_total(len(listing.hits), listing.total)


def headline(hit: Hit, settings: Settings) -> str:
    """Return the one line that names a hit: day, customer, stage, owner, title or, without both names, its file."""
    stem = Path(hit.path).stem
    title = "" if hit.title in (hit.customer, stem) else hit.title
    facts = [
        hit.day.isoformat() if hit.day else None,
        hit.customer,
        settings.say_stage(hit.stage, current_language()),
        hit.owner,
        title or ("" if hit.customer else stem),
    ]
    return plain("  ".join(fact for fact in facts if fact))


def marked_snippet(snippet: Snippet) -> str:
    """Return a snippet with what was found in colour."""
    pieces, at = [], 0
    for span in snippet.marks:
        pieces.append(plain(snippet.text[at : span.start]))
        pieces.append(click.style(plain(snippet.text[span.start : span.end]), fg="yellow", bold=True))
        at = span.end
    return "".join([*pieces, plain(snippet.text[at:])])


def _print_total(shown: int, total: int) -> None:
    if not total:
        say(_("No note matches."))
    elif shown < total:
        say(_("{shown} of {total} notes; -n shows more").format(shown=shown, total=total))
    else:
        say(ngettext("{count} note", "{count} notes", total).format(count=total))
