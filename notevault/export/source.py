"""What the row functions read: the catalogue, and the few things that several tables must agree on."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import field
from enum import StrEnum
from hashlib import sha256
from pathlib import Path
from typing import Final, Self
from zoneinfo import ZoneInfo

from notevault.catalog import Catalog
from notevault.config import Settings, spelling_key
from notevault.export.texts import LONGEST_PART, split_text
from notevault.records import record

_STATUSES: Final = {
    "lead": ("lead", "prospect", "リード", "見込客", "見込み客", "見込顧客", "見込み顧客", "見込み", "見込"),
    "account": ("account", "customer", "client", "取引先", "既存客", "既存顧客", "顧客", "取引中", "既存"),
    "former": ("former", "former customer", "inactive", "旧取引先", "取引終了", "休眠", "休眠客", "休眠顧客"),
}
_STATUS_KEYS: Final = {spelling_key(word): key for key, words in _STATUSES.items() for word in words}


class Role(StrEnum):
    """In which table a customer stands."""

    ACCOUNT = "account"
    LEAD = "lead"


@record
class Source:
    """One vault's facts, as an export sees them."""

    catalog: Catalog
    settings: Settings
    zone: ZoneInfo
    roles: Mapping[str, Role]
    """Customer id → role."""
    lead_deals: frozenset[str]
    """Deals that say no more than that their customer is a lead."""
    renamed_notes: Mapping[int, str]
    """Ids for notes whose own one is another note's as well."""
    root: Path | None = None
    """The vault's folder, where files beside the notes may be looked at."""
    longest: Mapping[str, int] = field(default_factory=dict)
    """Characters of one cell of text, by table."""
    remarks: Counter[str] = field(default_factory=Counter)
    """What the row functions counted: ``split_notes``, ``whole_names``."""

    @classmethod
    def of(
        cls, catalog: Catalog, settings: Settings, root: Path | None = None, longest: Mapping[str, int] | None = None
    ) -> Self:
        """Return the source with what has to be known before the first row."""
        lead_deals = _find_lead_deals(catalog, settings)
        roles = _find_roles(catalog, lead_deals)
        return cls(
            catalog=catalog,
            settings=settings,
            zone=ZoneInfo(settings.timezone),
            roles=roles,
            lead_deals=frozenset(deal for deal, customer in lead_deals.items() if roles.get(customer) is Role.LEAD),
            renamed_notes=_find_renamed_notes(catalog),
            root=root,
            longest=longest or {},
        )

    def split(self, table: str, text: str) -> list[str]:
        """Return a text in parts that fit a cell of the table."""
        return split_text(text, min(self.longest.get(table, LONGEST_PART), LONGEST_PART))

    def parent(self, customer_id: str | None, deal_id: str | None) -> tuple[str | None, str | None]:
        """Return kind and id of what a note hangs on: the nearest of opportunity, account, lead."""
        for kind, identifier in (
            ("opportunity", self.opportunity_id(deal_id)),
            ("account", self.account_id(customer_id)),
            ("lead", self.lead_id(customer_id)),
        ):
            if identifier:
                return kind, identifier
        return None, None

    def account_id(self, customer_id: str | None) -> str | None:
        """Return the id where the customer is an account."""
        return customer_id if customer_id and self.roles.get(customer_id) is Role.ACCOUNT else None

    def lead_id(self, customer_id: str | None) -> str | None:
        """Return the id where the customer is a lead."""
        return customer_id if customer_id and self.roles.get(customer_id) is Role.LEAD else None

    def opportunity_id(self, deal_id: str | None) -> str | None:
        """Return the id where the deal is an opportunity."""
        return deal_id if deal_id not in self.lead_deals else None

    def note_id(self, row_id: int, uid: str) -> str:
        """Return the id that a note has in the tables."""
        return self.renamed_notes.get(row_id, uid)


def status_key(written: str | None) -> str | None:
    """Return ``lead``, ``account`` or ``former`` for any spelling of them, other words as written."""
    return _STATUS_KEYS.get(spelling_key(written), written) if written else None


def _find_lead_deals(catalog: Catalog, settings: Settings) -> dict[str, str]:
    """Return deals (with their customers) that were opened by the stage lead alone: no name, no amount, no move."""
    stage = settings.find_stage("lead")
    rows = catalog.iterate(
        "SELECT id, customer_id FROM deals d WHERE name = '' AND amount IS NULL AND state = 'open' AND stage = ?"
        " AND NOT EXISTS (SELECT 1 FROM stage_events e WHERE e.deal_id = d.id AND e.stage <> d.stage)",
        (stage.key if stage else None,),
    )
    return {row["id"]: row["customer_id"] for row in rows}


def _find_roles(catalog: Catalog, lead_deals: Mapping[str, str]) -> dict[str, Role]:
    """Return leads and accounts.

    A lead has the status lead, or no status and a deal at the stage lead; and no other deal, because an opportunity
    needs an account. Everybody else is an account.
    """
    prospects = set(lead_deals.values())
    active = {
        row["customer_id"]
        for row in catalog.iterate("SELECT id, customer_id FROM deals")
        if row["id"] not in lead_deals
    }
    roles = {}
    for row in catalog.iterate("SELECT id, status FROM customers"):
        status, customer = status_key(row["status"]), row["id"]
        is_lead = customer not in active and (status == "lead" or (not status and customer in prospects))
        roles[customer] = Role.LEAD if is_lead else Role.ACCOUNT
    return roles


def _find_renamed_notes(catalog: Catalog) -> dict[int, str]:
    """Return other ids for notes that carry the same ``id:``; the first by path keeps its own."""
    rows = catalog.iterate(
        "SELECT id, uid, path FROM notes WHERE copy_of IS NULL AND uid IN"
        " (SELECT uid FROM notes WHERE copy_of IS NULL GROUP BY uid HAVING count(*) > 1) ORDER BY uid, path"
    )
    renamed: dict[int, str] = {}
    before = None
    for row in rows:
        if row["uid"] == before:
            renamed[row["id"]] = f"{row['uid']}-{sha256(row['path'].encode()).hexdigest()[:8]}"
        before = row["uid"]
    return renamed
