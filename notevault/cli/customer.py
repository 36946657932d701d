"""``notevault customer``: the group; each of its commands has a module of its own."""

import click

from notevault.cli.base import Group, marked

COMMANDS = {
    "list": "notevault.cli.customer_list",
    "show": "notevault.cli.customer_show",
    "match": "notevault.cli.customer_match",
    "contacts": "notevault.cli.customer_contacts",
    "duplicates": "notevault.cli.customer_duplicates",
    "merge": "notevault.cli.customer_merge",
    "distinct": "notevault.cli.customer_distinct",
    "split": "notevault.cli.customer_split",
    "convert": "notevault.cli.customer_convert",
    "sources": "notevault.cli.customer_sources",
}


@click.group("customer", cls=Group, lazy=COMMANDS, help=marked("The customers that the notes name."))
def customer_command() -> None:
    """Hold the commands on customers."""
