"""Where what is decided of a customer is written: its note, its line in the settings, or a note that is made."""

from collections.abc import Mapping, Sequence

from notevault.catalog import Catalog, stored_to_path
from notevault.config import Settings
from notevault.customers.changes import EditPlan, edit_bytes, edit_note
from notevault.journal import FileChange
from notevault.list_field import plan_add_items
from notevault.model import Node, Note, NotePath, Scalar
from notevault.names.key import name_key
from notevault.names.values import RegisteredCustomer
from notevault.new_note import numbered_path, render_new_note
from notevault.records import record
from notevault.report.customers import list_customers
from notevault.report.matching import known_customers
from notevault.scalars import quote_scalar
from notevault.vault import Vault
from notevault.workspace import Workspace


@record
class CustomerPlace:
    """A customer, and where it is kept."""

    id: str
    name: str
    path: NotePath | None
    """Its note."""
    settings_name: str | None
    """What it is called in ``[customers]`` of the settings."""


class Customers:
    """The customers of a vault as decisions see them."""

    def __init__(self, workspace: Workspace) -> None:
        self.vault: Vault = workspace.vault
        self.catalog: Catalog = workspace.catalog
        self.settings: Settings = workspace.settings
        self.known: dict[str, RegisteredCustomer] = known_customers(self.catalog, self.settings)
        self._workspace = workspace

    def place(self, customer_id: str) -> CustomerPlace:
        """Return where a customer is kept."""
        (row,) = self.catalog.select(
            "SELECT c.id, c.name, n.path FROM customers c LEFT JOIN notes n ON n.id = c.note_id WHERE c.id = ?",
            (customer_id,),
        )
        key = name_key(row["name"])
        listed = next((name for name in self.settings.customers if name_key(name) == key), None)
        path = stored_to_path(row["path"]) if row["path"] else None
        return CustomerPlace(id=row["id"], name=row["name"], path=path, settings_name=listed)

    def edit(self, customer: CustomerPlace, plans: Sequence[EditPlan]) -> FileChange | None:
        """Return the change that edits a customer's note, which is made first where there is none."""
        if customer.path is not None:
            return edit_note(self.vault, customer.path, plans)
        (row,) = (
            line
            for line in list_customers(self.catalog, self.settings, self._workspace.today)
            if line.id == customer.id
        )
        known = {"status": row.status, **({"owner": row.owner} if row.owner else {})}
        return self.draft({"name": customer.name, **known}, plans)

    def draft(self, fields: Mapping[str, str], plans: Sequence[EditPlan] = ()) -> FileChange:
        """Return the change that makes a customer note, from the vault's template where it has one."""
        template = self._workspace.templates.find("customer")
        today = self._workspace.today
        if template is None:
            lines = "".join(f"{key}: {quote_scalar(value)}\n" for key, value in fields.items())
            path, text = NotePath(f"customers/{_file_name(fields['name'])}.md"), f"---\ntype: customer\n{lines}---\n"
        else:
            note = render_new_note(template, fields, today=today, settings=self.settings)
            path, text = note.path, note.text
        number = 1
        while self.vault.locate(numbered_path(path, number)).exists():
            number += 1
        path = numbered_path(path, number)
        return FileChange(path=path, before=None, after=edit_bytes(path, text.encode(), plans))

    def alias_adder(self, aliases: Sequence[str]) -> EditPlan:
        """Return the plan that adds aliases to a customer note."""
        return lambda note: plan_add_items(note, self.key_in(note, "aliases"), aliases)

    def key_in(self, note: Note, canonical: str) -> str:
        """Return how a note spells a key."""
        written = (key.text for key, _node in note.front_matter.entries)
        return next((key for key in written if self.settings.find_key(key) == canonical), canonical)

    def value_in(self, note: Note, canonical: str) -> Scalar | None:
        """Return the first value of a key in a note; of ``[[name]]`` the name."""
        key = self.key_in(note, canonical)
        node = next((node for name, node in note.front_matter.entries if name.text == key), None)
        return _first_scalar(node)


def _first_scalar(node: Node | None) -> Scalar | None:
    while node is not None and not isinstance(node, Scalar):
        children = getattr(node, "items", ())
        node = children[0] if children else None
    return node


def _file_name(name: str) -> str:
    return "".join(" " if char in '\\/:*?"<>|' or not char.isprintable() else char for char in name).strip(" .") or "_"
