"""What the other notes say: names for completion, the customer for hover, read from the catalogue and never written.

The catalogue is opened for each answer and closed again, so that another process may replace it at any time.
"""

from collections import defaultdict
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final

from notevault.catalog import CATALOG_NAME, Catalog, stored_to_path
from notevault.check.customers import resolved_by
from notevault.check.rule import FindCustomer
from notevault.database import FILE_SUFFIXES
from notevault.lsp.vaults import OpenVault
from notevault.model import NotePath
from notevault.names.resolver import CustomerResolver
from notevault.records import record
from notevault.registered import load_registered
from notevault.report.customers import CustomerCard, describe_customer

MOST_VALUES: Final = 200


@record
class KnownCustomer:
    """A customer with every spelling that leads to it."""

    name: str
    spellings: tuple[str, ...]
    registered: bool


@record
class KnownNote:
    """A note to link to."""

    path: NotePath
    title: str


class Known:
    """The catalogue of one vault, empty where there is none yet; methods raise CacheError, CatalogDamagedError."""

    def __init__(self, vault: OpenVault) -> None:
        self._vault = vault
        self._resolver: tuple[object, CustomerResolver, FindCustomer] | None = None
        self._customers: tuple[object, tuple[KnownCustomer, ...]] | None = None

    @contextmanager
    def catalog(self) -> Iterator[Catalog]:
        """Open one consistent state of the catalogue."""
        cache = self._vault.cache
        catalog = (Catalog.open_to_read(cache) if cache else None) or Catalog.in_memory()
        try:
            with catalog.snapshot():
                yield catalog
        finally:
            catalog.close()

    def customer_reader(self) -> FindCustomer:
        """Return what reads a spelling of a customer, as the rules of ``check`` want it."""
        with self.catalog() as catalog:
            return self._resolving(catalog)[1]

    def customers(self) -> tuple[KnownCustomer, ...]:
        """Return every customer, those of most notes first."""
        stamp = (self._stamp(), self._vault.revision)
        if self._customers is None or self._customers[0] != stamp:
            with self.catalog() as catalog:
                self._customers = (stamp, self._load_customers(catalog))
        return self._customers[1]

    def contacts(self, mention: str) -> list[str]:
        """Return the people of a customer with their titles, those met last first."""
        rows = self._of_customer(
            "SELECT name, title FROM contacts WHERE customer_id = ? ORDER BY last_met DESC, notes DESC, name", mention
        )
        return [f"{name} {title}" if title else name for name, title in rows]

    def deals(self, mention: str) -> list[tuple[str, str]]:
        """Return name and stage of a customer's deals, open ones first."""
        rows = self._of_customer(
            "SELECT name, coalesce(stage, stage_raw, '') FROM deals WHERE customer_id = ? AND name <> ''"
            " ORDER BY state <> 'open', last_day DESC",
            mention,
        )
        return [(name, stage) for name, stage in rows]

    def values(self, key: str) -> list[str]:
        """Return what the notes say under a canonical key, the commonest first."""
        with self.catalog() as catalog:
            rows = catalog.select_tuples(
                "SELECT value FROM fields WHERE key = ? GROUP BY normalized ORDER BY count(*) DESC, value LIMIT ?",
                (key, MOST_VALUES),
            )
        return [row[0] for row in rows]

    def notes(self) -> list[KnownNote]:
        """Return every note, the newest first; without a catalogue those on disk."""
        with self.catalog() as catalog:
            rows = catalog.select_tuples("SELECT path, title FROM notes WHERE copy_of IS NULL ORDER BY day DESC, path")
        if rows:
            return [KnownNote(path=stored_to_path(path), title=title) for path, title in rows]
        return [KnownNote(path=path, title="") for path in self._vault.vault.iter_files()]

    def customer_note(self, mention: str) -> NotePath | None:
        """Return the customer's own note."""
        rows = self._of_customer(
            "SELECT n.path FROM customers c JOIN notes n ON n.id = c.note_id WHERE c.id = ?", mention
        )
        return stored_to_path(rows[0][0]) if rows else None

    def describe(self, mention: str) -> CustomerCard | None:
        """Return how a customer stands; None for one that no note names yet."""
        with self.catalog() as catalog:
            customer_id = self._find_customer_id(catalog, mention)
            if not catalog.select("SELECT 1 FROM customers WHERE id = ?", (customer_id,)):
                return None
            return describe_customer(catalog, self._vault.settings, self._vault.today, customer_id or "")

    def _of_customer(self, sql: str, mention: str) -> list[tuple[str, ...]]:
        with self.catalog() as catalog:
            customer_id = self._find_customer_id(catalog, mention)
            return catalog.select_tuples(sql, (customer_id,)) if customer_id else []

    def _find_customer_id(self, catalog: Catalog, mention: str) -> str | None:
        """Return the customer that a spelling means: as the last sync resolved it, else by its key."""
        if not mention:
            return None
        for sql in (
            "SELECT customer_id FROM mentions WHERE mention = ? AND customer_id IS NOT NULL",
            "SELECT DISTINCT customer_id FROM customer_names WHERE name = ?",
        ):
            rows = catalog.select_tuples(sql, (mention,))
            if len(rows) == 1:
                return str(rows[0][0])
        return self._resolving(catalog)[0].resolve(mention).customer

    def _resolving(self, catalog: Catalog) -> tuple[CustomerResolver, FindCustomer]:
        """Return the registered customers, made anew only when ``link`` says that they may have changed."""
        stamp = (catalog.meta("linked"), self._vault.revision)
        if self._resolver is None or self._resolver[0] != stamp:
            entries = {one.entry.id: one.entry for one in load_registered(catalog, self._vault.settings)}
            resolver = CustomerResolver(entries.values())
            self._resolver = (stamp, resolver, resolved_by(resolver, entries))
        return self._resolver[1:]

    def _load_customers(self, catalog: Catalog) -> tuple[KnownCustomer, ...]:
        spellings: dict[str, list[str]] = defaultdict(list)
        for row in catalog.select_tuples("SELECT customer_id, name FROM customer_names ORDER BY notes DESC, name"):
            spellings[row[0]].append(row[1])
        rows = catalog.select_tuples(
            "SELECT c.id, c.name, c.registered FROM customers c LEFT JOIN customer_names n ON n.customer_id = c.id"
            " GROUP BY c.id ORDER BY sum(n.notes) DESC, c.name"
        )
        found = [
            KnownCustomer(name=name, spellings=tuple(spellings[customer_id]), registered=bool(registered))
            for customer_id, name, registered in rows
        ]
        named = {one.name for one in found}
        settled = self._vault.settings.customers.items()
        found += [
            KnownCustomer(name=name, spellings=tuple(more), registered=True)
            for name, more in settled
            if name not in named
        ]
        return tuple(found)

    def _stamp(self) -> tuple[object, ...]:
        if self._vault.cache is None:
            return ()
        stamps: list[object] = []
        for suffix in FILE_SUFFIXES[:2]:  # the third changes with every reader
            try:
                status = (self._vault.cache / f"{CATALOG_NAME}{suffix}").stat()
            except OSError:
                stamps.append(None)
            else:
                stamps.append((status.st_ino, status.st_size, status.st_mtime_ns))
        return tuple(stamps)
