"""``notevault customer contacts``."""

import click

from notevault.cli.base import App, command, marked, no_sync_option, option, pass_app, say
from notevault.cli.completion import complete_customers
from notevault.cli.output import Column, Row, format_options, print_rows, terminal_width
from notevault.cli.report_options import find_owners, owner_option
from notevault.messages import gettext as _
from notevault.messages import ngettext
from notevault.records import field_names
from notevault.report.choosing import choose_customer
from notevault.report.people import PersonLine, list_people
from notevault.report.rows import make_row
from notevault.report.say import say_role

FIELDS = field_names(PersonLine)
_SHOWN = 3
_WIDE = 110
"""Cells of a terminal that has room for addresses."""


@command(
    "contacts",
    help=marked(
        "List the people of one customer or of all: title, department, role, addresses, who of us knows them, and who"
        " has moved. They are gathered from 'contacts:' and from signatures in pasted mails."
    ),
)
@click.argument("customer", required=False, shell_complete=complete_customers)
@owner_option(marked("Only people whom this person has met."))
@option("--moved", is_flag=True, help=marked("Only people who have changed company, title or place."))
@format_options
@no_sync_option
@pass_app
def contacts_command(
    app: App, *, customer: str | None, owner: str | None, moved: bool, output: str | None, no_sync: bool
) -> None:
    """List people, those met last first."""
    with app.fresh_workspace(sync=not no_sync) as workspace:
        catalog, settings = workspace.catalog, workspace.settings
        ids = (choose_customer(catalog, customer),) if customer else None
        owners = find_owners(workspace, owner)
        people = [
            person
            for person in list_people(catalog, settings, ids)
            if (not moved or person.moves)
            and (owners is None or any(knows.owner in owners for knows in person.known_by))
        ]
    print_rows(
        [make_row(person) for person in people], _columns(moved=moved, single=customer is not None), output, FIELDS
    )
    say(ngettext("{count} person", "{count} people", len(people)).format(count=len(people)))


def _columns(*, moved: bool, single: bool) -> list[Column]:
    customer = Column(heading=_("customer"), value=lambda row: row["customer"], flexible=True)
    moves = Column(heading=_("moved"), value=_moves, flexible=True)
    wide = (terminal_width() or _WIDE) >= _WIDE
    columns = [
        Column(heading=_("name"), value=lambda row: row["name"]),
        Column(heading=_("title"), value=lambda row: row["title"] or ""),
        Column(heading=_("role"), value=lambda row: say_role(row["role"])),
        Column(heading=_("last met"), value=lambda row: row["last_met"] or ""),
        Column(heading=_("known by"), value=_known_by, flexible=True),
    ]
    addresses = [
        Column(heading=_("department"), value=lambda row: row["department"] or "", flexible=True),
        Column(heading=_("e-mail"), value=lambda row: row["email"] or "", flexible=True),
        Column(heading=_("phone"), value=lambda row: row["phone"] or ""),
    ]
    shown = [*([] if single else [customer]), *columns, *(addresses if wide or single else [])]
    return [*shown, *([moves] if moved else [])]


def _known_by(row: Row) -> str:
    shown = [f"{each['owner']} ({each['notes']})" for each in row["known_by"][:_SHOWN]]
    more = len(row["known_by"]) - len(shown)
    return ", ".join(shown) + (f" +{more}" if more else "")


def _moves(row: Row) -> str:
    return ", ".join(f"{each['text']} ({each['date']})" if each["date"] else each["text"] for each in row["moves"])
