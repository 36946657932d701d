"""Accounts, leads and contacts."""

import re
import unicodedata
from collections.abc import Iterator
from sqlite3 import Row as Found
from typing import Final

from notevault.export.addresses import Address, split_address
from notevault.export.columns import Column, Kind, Row, Table, identity, provenance, reference
from notevault.export.persons import SPLITS, split_person_name
from notevault.export.source import Role, Source, status_key
from notevault.export.texts import split_front_matter

_MOBILE: Final = re.compile(r"\s*(?:\+?81[-\s(]?0?|0)[789]0\D?\d")
_FIELDS: Final = ("address", "phone", "website", "email", "size")

# The note a row comes from is the customer's own, else the first that names it.
_CUSTOMERS: Final = """
SELECT c.*, coalesce(own.path, (SELECT path FROM notes WHERE customer_id = c.id AND copy_of IS NULL
                                ORDER BY day IS NULL, day, path LIMIT 1)) AS source_path,
       coalesce(c.owner, (SELECT owner FROM notes WHERE customer_id = c.id AND copy_of IS NULL AND owner IS NOT NULL
                          ORDER BY day DESC, path LIMIT 1)) AS any_owner,
       seen.first_day, seen.last_day, own.parsed AS parsed, texts.text AS text
FROM customers c
LEFT JOIN notes own ON own.id = c.note_id
LEFT JOIN texts ON texts.note_id = c.note_id
LEFT JOIN (SELECT customer_id, min(day) AS first_day, max(day) AS last_day FROM notes
           WHERE copy_of IS NULL GROUP BY customer_id) seen ON seen.customer_id = c.id
ORDER BY c.name, c.id
"""

_COMPANY_COLUMNS: Final = (
    Column(name="website"),
    Column(name="phone"),
    Column(name="postal_code", pattern=r"\d{3}-\d{4}"),
    Column(name="state", about="Prefecture; state, city and street joined are the address as written"),
    Column(name="city"),
    Column(name="street"),
    Column(name="country", about="ISO 3166 code where the address names a prefecture", pattern="[A-Z]{2}"),
    Column(name="industry"),
)


def iter_accounts(source: Source) -> Iterator[Row]:
    """Yield the customers that are accounts, by name."""
    for found in source.catalog.iterate(_CUSTOMERS):
        if source.roles[found["id"]] is Role.ACCOUNT:
            fields = _fields_of(source, found["note_id"])
            description = _describe(source, "accounts", found, has_fields=bool(fields))
            yield {
                "id": found["id"],
                "name": found["name"],
                "name_kana": found["kana"],
                "corporate_number": _corporate_number(found["corporate_number"]),
                "domain": found["domain"],
                **_company_values(found, fields),
                "type": status_key(found["status"]),
                "owner": found["any_owner"],
                "description": description[0].strip(),
                **_provenance_values(found),
                "name_en": found["name_en"],
                "parent_group": found["grp"],
                "size": fields.get("size"),
                "email": fields.get("email"),
                "source": found["source"],
                "registered": bool(found["registered"]),
                "description_parts": len(description),
            }


def iter_leads(source: Source) -> Iterator[Row]:
    """Yield the customers that are leads, each with the person met most often."""
    for found in source.catalog.iterate(_CUSTOMERS):
        if source.roles[found["id"]] is Role.LEAD:
            fields = _fields_of(source, found["note_id"])
            description = _describe(source, "leads", found, has_fields=bool(fields))
            person = _main_contact(source, found["id"])
            name = split_person_name(person["name"]) if person else None
            yield {
                "id": found["id"],
                "company": found["name"],
                "last_name": name.last if name else None,
                "first_name": name.first if name else None,
                "email": person["email"] if person and person["email"] else fields.get("email"),
                "status": "contacted" if found["last_day"] else "new",
                "source": found["source"],
                "owner": found["any_owner"],
                "title": person["title"] if person else None,
                "contact_id": person["id"] if person else None,
                "company_kana": found["kana"],
                "corporate_number": _corporate_number(found["corporate_number"]),
                "domain": found["domain"],
                **_company_values(found, fields),
                "phone": fields.get("phone") or (person["phone"] if person else None),
                "description": description[0].strip(),
                **_provenance_values(found),
                "description_parts": len(description),
            }


def iter_contacts(source: Source) -> Iterator[Row]:
    """Yield every person met, by company."""
    rows = source.catalog.iterate(
        "SELECT k.*, c.id AS company_id, c.name AS company, c.owner,"
        " (SELECT n.path FROM notes n CROSS JOIN people p ON p.note_id = n.id WHERE n.customer_id = k.customer_id"
        "  AND p.contact_id = k.id AND n.copy_of IS NULL ORDER BY n.day DESC, n.path LIMIT 1) AS source_path"
        " FROM contacts k LEFT JOIN customers c ON c.id = k.customer_id ORDER BY c.name, c.id, k.name, k.id"
    )
    for found in rows:
        name = split_person_name(found["name"])
        source.remarks["whole_names"] += name.how == "whole"
        phone = found["phone"]
        is_mobile = bool(phone and _MOBILE.match(unicodedata.normalize("NFKC", phone)))
        yield {
            "id": found["id"],
            "account_id": source.account_id(found["company_id"]),
            "last_name": name.last,
            "first_name": name.first,
            "last_name_kana": None,
            "first_name_kana": None,
            "email": found["email"],
            "phone": None if is_mobile else phone,
            "mobile": phone if is_mobile else None,
            "title": found["title"],
            "department": found["department"],
            "owner": found["owner"],
            "lead_id": source.lead_id(found["company_id"]),
            "name": found["name"],
            "name_split": name.how,
            "role": found["role"],
            "source_path": found["source_path"],
            "source_created_at": found["first_met"],
            "source_updated_at": found["last_met"],
        }


def _fields_of(source: Source, note_id: int | None) -> dict[str, str]:
    if note_id is None:
        return {}
    rows = source.catalog.select(
        "SELECT key, value FROM fields WHERE note_id = ? ORDER BY key, position DESC, rowid DESC", (note_id,)
    )
    return {row["key"]: row["value"] for row in rows}


def _company_values(found: Found, fields: dict[str, str]) -> Row:
    address = split_address(fields["address"]) if "address" in fields else Address("", "", "", "", "")
    return {
        "website": fields.get("website"),
        "phone": fields.get("phone"),
        "postal_code": address.postal_code or _postal_code(fields.get("郵便番号") or fields.get("postal_code")),
        "state": address.state,
        "city": address.city,
        "street": address.street,
        "country": address.country,
        "industry": found["industry"],
    }


def _postal_code(written: str | None) -> str | None:
    return split_address(written).postal_code if written else None


def _corporate_number(written: str | None) -> str | None:
    """Return thirteen digits, or what was written."""
    if not written:
        return None
    digits = unicodedata.normalize("NFKC", written).replace("-", "").replace(" ", "").removeprefix("T")
    return digits if digits.isascii() and digits.isdigit() else written


def _provenance_values(found: Found) -> Row:
    return {
        "source_path": found["source_path"],
        "source_created_at": found["first_day"],
        "source_updated_at": found["last_day"],
    }


def _describe(source: Source, table: str, found: Found, *, has_fields: bool) -> list[str]:
    """Return what the customer's own note says, in parts; those behind the first stand in ``notes`` only."""
    if found["text"] is None:
        return [""]
    return source.split(table, split_front_matter(found["text"], has_fields=has_fields)[1])


def _main_contact(source: Source, customer_id: str) -> Found | None:
    found = source.catalog.select(
        "SELECT * FROM contacts WHERE customer_id = ? ORDER BY notes DESC, last_met DESC, id LIMIT 1", (customer_id,)
    )
    return found[0] if found else None


ACCOUNTS: Final = Table(
    name="accounts",
    title="Accounts (取引先)",
    about="Companies that business is done or attempted with; a lead with an opportunity is an account.",
    rows=iter_accounts,
    columns=(
        identity("Customer; the same id as in leads, contacts move along"),
        Column(name="name", required=True),
        Column(name="name_kana"),
        Column(name="corporate_number", about="法人番号, as text: spreadsheets destroy 13 digits"),
        Column(name="domain"),
        *_COMPANY_COLUMNS,
        Column(name="type", about="lead, account, former, or the status as written"),
        Column(name="owner"),
        Column(name="description", kind=Kind.TEXT, personal=True, about="Markdown of the customer's own note"),
        *provenance(),
        Column(name="name_en"),
        Column(name="parent_group", about="Legal entity or group it belongs to"),
        Column(name="size"),
        Column(name="email", personal=True),
        Column(name="source", about="How it was found"),
        Column(name="registered", kind=Kind.BOOLEAN, about="Has a note of its own or stands in the settings"),
        Column(name="description_parts", kind=Kind.INTEGER, about="Above 1: the rest stands in notes"),
    ),
)

LEADS: Final = Table(
    name="leads",
    title="Leads (リード)",
    about="Companies not yet done business with, each with the person met most often.",
    rows=iter_leads,
    columns=(
        identity("Customer; becomes the account's id when the lead is converted"),
        Column(name="company", required=True),
        Column(name="last_name", personal=True),
        Column(name="first_name", personal=True),
        Column(name="email", personal=True),
        *(column for column in _COMPANY_COLUMNS if column.name == "phone"),
        Column(name="status", choices=("new", "contacted"), required=True),
        Column(name="source"),
        Column(name="owner"),
        Column(name="title", personal=True),
        reference("contact_id", "contacts", "The person above; further persons have this lead's id in contacts"),
        Column(name="company_kana"),
        Column(name="corporate_number"),
        Column(name="domain"),
        *(column for column in _COMPANY_COLUMNS if column.name != "phone"),
        Column(name="description", kind=Kind.TEXT, personal=True),
        *provenance(),
        Column(name="description_parts", kind=Kind.INTEGER, about="Above 1: the rest stands in notes"),
    ),
)

CONTACTS: Final = Table(
    name="contacts",
    title="Contacts (取引先責任者)",
    about="Persons; each belongs to an account or a lead.",
    rows=iter_contacts,
    columns=(
        identity("Person at one company"),
        reference("account_id", "accounts"),
        Column(name="last_name", required=True, personal=True),
        Column(name="first_name", personal=True),
        Column(name="last_name_kana", personal=True),
        Column(name="first_name_kana", personal=True),
        Column(name="email", personal=True),
        Column(name="phone", personal=True),
        Column(name="mobile", personal=True),
        Column(name="title", personal=True),
        Column(name="department", personal=True),
        Column(name="owner"),
        reference("lead_id", "leads"),
        Column(name="name", required=True, personal=True, about="As written"),
        Column(name="name_split", choices=SPLITS, about="What told family and given name apart"),
        Column(name="role", personal=True),
        *provenance(),
    ),
)
