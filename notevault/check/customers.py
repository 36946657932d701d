"""Rules about the customer that a note names; :mod:`notevault.check.across` asks the same of a whole vault."""

import json
from collections.abc import Iterator, Mapping
from typing import Final

from notevault.catalog import Catalog
from notevault.check.rule import CustomerReading, FieldEntry, FindCustomer, Finding, NoteContext
from notevault.front_matter import plan_set_scalar
from notevault.messages import gettext as _
from notevault.model import Scalar
from notevault.names.resolver import CustomerResolver
from notevault.names.values import Reason, RegisteredCustomer
from notevault.template.values import find_wiki_link

PLAIN_REASONS: Final = (Reason.EXACT, Reason.NAME_KEY, Reason.ALIAS, Reason.KANA, Reason.ENGLISH)
"""Spellings that say nothing that the name does not; a branch or a person beside the company does."""


def check_customer_unknown(context: NoteContext) -> Iterator[Finding]:
    """The customer has no note of its own, though others have one.

    Either a new customer, which deserves a note, or a slip of the pen in the name of a known one. Of the notes that
    name such a customer only the newest is reported. ``notevault new customer -s name=…`` makes the note.

    Before::

        --> customers/Northwind.md
        ---
        type: customer
        name: Northwind Trading K.K.
        status: account
        ---
        ## Overview
        Import and sale of coffee.
        --> a.md
        ---
        type: call
        date: 2026-11-20
        customer: Nordwint
        channel: phone
        ---
        ## Details
        Laura asked for a discount.

    After::

        --> a.md
        ---
        type: call
        date: 2026-11-20
        customer: Northwind Trading K.K.
        channel: phone
        ---
        ## Details
        Laura asked for a discount.
    """
    entry, reading = _read_customer(context)
    if entry and reading and reading.name and not reading.registered:
        yield Finding(span=entry.node.span, message=describe_unknown(reading.name), hint=hint_at_unknown(reading.name))


def check_customer_ambiguous(context: NoteContext) -> Iterator[Finding]:
    """The customer's name may mean several customers; nothing is guessed, so the note belongs to none of them.

    Write the name so that only one is meant, or list the spelling under ``aliases`` of the customer that is meant.

    Before::

        --> customers/a.md
        ---
        type: customer
        name: 株式会社山田
        group: 山田製鋼
        status: account
        ---
        ## Overview
        Steel.
        --> customers/b.md
        ---
        type: customer
        name: 有限会社山田
        group: 山田米穀
        status: account
        ---
        ## Overview
        Rice.
        --> a.md
        ---
        type: call
        date: 2026-11-20
        customer: 山田
        channel: phone
        ---
        ## Details
        Asked for a discount.

    After::

        --> a.md
        ---
        type: call
        date: 2026-11-20
        customer: 株式会社山田
        channel: phone
        ---
        ## Details
        Asked for a discount.
    """
    entry, reading = _read_customer(context)
    if entry and reading and reading.name is None:
        yield Finding(
            span=entry.node.span,
            message=describe_ambiguous(context.facts.customer or "", reading.candidates),
            hint=_("write the name in full"),
        )


def check_customer_spelling(context: NoteContext) -> Iterator[Finding]:
    """The customer is spelled otherwise than its registered name.

    It is recognised all the same. ``check --fix`` writes the registered name; a name in ``[[ ]]`` is a link and stays.

    Before::

        --> customers/Northwind.md
        ---
        type: customer
        name: Northwind Trading K.K.
        status: account
        ---
        ## Overview
        Import and sale of coffee.
        --> a.md
        ---
        type: call
        date: 2026-11-20
        customer: northwind trading
        channel: phone
        ---
        ## Details
        Laura asked for a discount.

    After::

        --> a.md
        ---
        type: call
        date: 2026-11-20
        customer: Northwind Trading K.K.
        channel: phone
        ---
        ## Details
        Laura asked for a discount.
    """
    entry, reading = _read_customer(context)
    if entry is None or reading is None or not reading.registered or not reading.is_plain or reading.name is None:
        return
    if not isinstance(entry.node, Scalar) or entry.node.text.strip() in (reading.name, "") or "[[" in entry.node.text:
        return
    yield Finding(
        span=entry.node.span,
        message=describe_spelling(entry.node.text.strip(), reading.name),
        edits=context.plan(plan_set_scalar, context.note, entry.node, reading.name),
    )


def describe_unknown(name: str) -> str:
    """Return what is to be said of a customer without a note."""
    return _("the customer '{name}' has no note of its own").format(name=name)


def hint_at_unknown(name: str) -> str:
    """Return what to do about it."""
    return _(
        "a new one: notevault new customer -s 'name={name}'; alike ones: notevault customer match '{name}'"
    ).format(name=name)


def describe_ambiguous(mention: str, candidates: tuple[str, ...]) -> str:
    """Return what is to be said of a spelling that may mean several customers."""
    return _("'{name}' may mean several customers: {candidates}").format(
        name=mention, candidates=", ".join(candidates) or "?"
    )


def describe_spelling(mention: str, name: str) -> str:
    """Return what is to be said of a spelling that is not the registered name."""
    return _("'{mention}' is registered as '{name}'").format(mention=mention, name=name)


def resolved_by(resolver: CustomerResolver, customers: Mapping[str, RegisteredCustomer]) -> FindCustomer:
    """Return a reader of spellings that asks the registered customers, by id, themselves: for a note being written."""

    def find(mention: str) -> CustomerReading | None:
        found = resolver.resolve(mention)
        if found.customer is not None:
            return CustomerReading(
                name=customers[found.customer].name, registered=True, is_plain=found.reason in PLAIN_REASONS
            )
        names = tuple(customers[one.customer].name for one in found.candidates if one.customer in customers)
        if names and found.reason is not Reason.UNKNOWN:
            return CustomerReading(name=None, candidates=names)
        return CustomerReading(name=mention) if customers else None

    return find


def remembered_in(catalog: Catalog) -> FindCustomer:
    """Return a reader of spellings that answers as the last sync resolved them: for notes taken in."""
    names = {row["id"]: row for row in catalog.select("SELECT id, name, registered FROM customers")}
    readings: dict[str, CustomerReading] = {}
    for row in catalog.select("SELECT mention, customer_id, reason, candidates FROM mentions"):
        known = names.get(row["customer_id"])
        if known is not None:
            readings[row["mention"]] = CustomerReading(
                name=known["name"], registered=bool(known["registered"]), is_plain=row["reason"] in PLAIN_REASONS
            )
        elif row["customer_id"] is None:
            candidates = tuple(names[one]["name"] for one in json.loads(row["candidates"]) if one in names)
            readings[row["mention"]] = CustomerReading(name=None, candidates=candidates)
    return readings.get


def _read_customer(context: NoteContext) -> tuple[FieldEntry | None, CustomerReading | None]:
    mention = context.facts.customer
    if not mention or context.find_customer is None or context.facts.type == "customer":
        return None, None
    entry = context.find_key("customer")
    if entry is None or (find_wiki_link(entry.node) is None and not isinstance(entry.node, Scalar)):
        return None, None
    return entry, context.find_customer(mention)
