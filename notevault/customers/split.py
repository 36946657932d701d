"""One name is two customers: a spelling is taken off the customer that it leads to and stands for itself."""

from collections.abc import Sequence
from dataclasses import replace

from notevault.catalog import stored_to_path
from notevault.customers.changes import CustomerPlan, EditPlan, edit_note, edit_settings
from notevault.customers.merge import MERGED_TYPE, rewrite_notes
from notevault.customers.place import CustomerPlace, Customers
from notevault.errors import NotevaultError, UnknownNameError
from notevault.front_matter import plan_remove_key, plan_set_field
from notevault.journal import FileChange
from notevault.list_field import plan_remove_items, read_items
from notevault.messages import gettext as _
from notevault.model import Edit, Note, NotePath
from notevault.names.key import name_key
from notevault.names.resolver import CustomerResolver
from notevault.names.values import RegisteredCustomer
from notevault.report.matching import match_customer
from notevault.workspace import Workspace


class OwnNameError(NotevaultError):
    """The spelling is the customer's own name; only another name tells the two apart."""

    def __init__(self, spelling: str, name: str) -> None:
        super().__init__(
            _("'{spelling}' is the name of {name} itself").format(spelling=spelling, name=name),
            _("say what the other one is called and which notes are its own: --as NAME --note PATH"),
        )


def plan_split(
    workspace: Workspace, spelling: str, *, called: str | None = None, notes: Sequence[NotePath] = ()
) -> CustomerPlan:
    """Plan that ``spelling`` is a customer of its own, named ``called`` where given; ``notes`` are rewritten to it.

    Raises UnknownNameError where the spelling leads nowhere, OwnNameError where another name is needed.
    """
    customers = Customers(workspace)
    match = match_customer(customers.catalog, customers.settings, spelling)
    if match.id is None:
        raise UnknownNameError(_("customer"), spelling, [each.customer for each in match.candidates])
    owner = customers.place(match.id)
    name = called or spelling
    if name_key(name) == name_key(owner.name):
        raise OwnNameError(spelling, owner.name)
    changes, restored = _take_off(customers, owner, spelling)
    if not restored and (called or _still_leads_to(customers, owner.id, spelling)):
        is_other = name_key(name) != name_key(spelling)
        changes.append(
            customers.draft({"name": name}, [customers.alias_adder([spelling])] if is_other and changes else ())
        )
    rewritten, refused = rewrite_notes(customers, notes, name)
    return CustomerPlan(
        title=_("'{name}' is not {owner}").format(name=name, owner=owner.name),
        changes=(*changes, *rewritten),
        remarks=refused,
    )


def _take_off(customers: Customers, owner: CustomerPlace, spelling: str) -> tuple[list[FileChange], bool]:
    """Return the changes that take the spelling off, and whether a merged customer has its own note again."""
    key = name_key(spelling)
    changes: list[FileChange | None] = []
    if owner.path is not None:
        removers = [_alias_remover(customers, key, field) for field in ("aliases", "former_names")]
        changes.append(edit_note(customers.vault, owner.path, removers))
    if owner.settings_name is not None:
        listed = customers.settings.customers[owner.settings_name]
        left = [each for each in listed if name_key(each) != key]
        if len(left) < len(listed):
            changes.append(edit_settings(customers.vault, {owner.settings_name: left}))
    merged = _find_merged(customers, owner.id, key)
    if merged is not None:
        plans: list[EditPlan] = [
            lambda note: plan_set_field(note, customers.key_in(note, "type"), "customer"),
            lambda note: plan_remove_key(note, customers.key_in(note, "customer")),
        ]
        changes.append(edit_note(customers.vault, merged, plans))
    return [change for change in changes if change is not None], merged is not None


def _alias_remover(customers: Customers, key: str, canonical: str) -> EditPlan:
    def plan(note: Note) -> tuple[Edit, ...]:
        field = customers.key_in(note, canonical)
        node = next((node for name, node in note.front_matter.entries if name.text == field), None)
        return plan_remove_items(note, field, [item for item in read_items(node) if name_key(item) == key])

    return plan


def _find_merged(customers: Customers, owner_id: str, key: str) -> NotePath | None:
    rows = customers.catalog.select(
        "SELECT n.path, f.value FROM notes n JOIN fields f ON f.note_id = n.id AND f.key = 'name'"
        " WHERE n.type = ? AND n.customer_id = ?",
        (MERGED_TYPE, owner_id),
    )
    return next((stored_to_path(row["path"]) for row in rows if name_key(row["value"]) == key), None)


def _still_leads_to(customers: Customers, owner_id: str, spelling: str) -> bool:
    """Say whether the spelling leads to the customer without being registered for it."""
    key = name_key(spelling)
    others = [_without(customer, key) if customer.id == owner_id else customer for customer in customers.known.values()]
    return CustomerResolver(others).resolve(spelling).customer == owner_id


def _without(customer: RegisteredCustomer, key: str) -> RegisteredCustomer:
    aliases = tuple(alias for alias in customer.aliases if name_key(alias) != key)
    return replace(customer, aliases=aliases)
