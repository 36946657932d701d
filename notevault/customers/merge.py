"""Two customers are one: the names of the second become names of the first, and its notes follow."""

from collections.abc import Iterable
from pathlib import PurePosixPath

from notevault.catalog import stored_to_path
from notevault.customers.changes import CustomerPlan, EditPlan, edit_note, edit_settings
from notevault.customers.place import CustomerPlace, Customers
from notevault.errors import NotevaultError
from notevault.front_matter import plan_set_field, plan_set_scalar
from notevault.journal import FileChange
from notevault.messages import gettext as _
from notevault.model import Edit, Note, NotePath
from notevault.names.key import NameParts, name_key, parse_name
from notevault.names.legal_forms import are_compatible
from notevault.names.resolver import CustomerResolver
from notevault.report.choosing import choose_customer
from notevault.report.duplicates import find_told_apart
from notevault.text import printable_path
from notevault.values import normalize_corporate_number
from notevault.workspace import Workspace

MERGED_TYPE = "merged-customer"
"""What the note of a customer becomes that is another one; it then belongs to that one's notes."""


class SameCustomerError(NotevaultError):
    """Both names lead to one customer."""

    def __init__(self, name: str) -> None:
        super().__init__(_("both are {name} already; there is nothing to merge").format(name=name))


def plan_merge(workspace: Workspace, keep: str, other: str, *, rewrite: bool = False) -> CustomerPlan:
    """Plan that ``other`` is the customer ``keep``; with ``rewrite`` the notes of ``other`` name it so.

    Raises UnknownNameError, AmbiguousNameError, SameCustomerError, WriteRefusedError. Notes that cannot be rewritten
    are named in the remarks; their spelling leads to the customer all the same.
    """
    customers = Customers(workspace)
    first = customers.place(choose_customer(customers.catalog, keep))
    second = customers.place(choose_customer(customers.catalog, other))
    if first.id == second.id:
        raise SameCustomerError(first.name)
    aliases, remarks = _choose_aliases(customers, first, second)
    changes = [*_write_aliases(customers, first, second, aliases), _give_up_note(customers, first, second)]
    if rewrite:
        rewritten, refused = rewrite_notes(customers, _notes_of(customers, second.id), first.name)
        changes += rewritten
        remarks += refused
    return CustomerPlan(
        title=_("{other} is {name}").format(other=second.name, name=first.name),
        changes=tuple(change for change in changes if change is not None),
        remarks=(*_warn(customers, first, second), *remarks),
    )


def rewrite_notes(
    customers: Customers, paths: Iterable[NotePath], name: str
) -> tuple[list[FileChange], tuple[str, ...]]:
    """Return the changes that name another customer in notes, and which notes that cannot be done in."""
    changes, refused = [], []
    for path in paths:
        try:
            change = edit_note(customers.vault, path, [lambda note: _plan_customer(customers, note, name)])
        except (NotevaultError, OSError) as error:
            refused.append(_("left as it is: {path}: {reason}").format(path=printable_path(path), reason=error))
            continue
        if change is not None:
            changes.append(change)
    return changes, tuple(refused)


def _plan_customer(customers: Customers, note: Note, name: str) -> tuple[Edit, ...]:
    scalar = customers.value_in(note, "customer")
    if scalar is None:
        return ()
    linked = scalar.text.startswith("[[") and scalar.text.endswith("]]")
    return plan_set_scalar(note, scalar, f"[[{name}]]" if linked else name)


def _notes_of(customers: Customers, customer_id: str) -> list[NotePath]:
    rows = customers.catalog.select(
        "SELECT path FROM notes WHERE customer_id = ? AND type IS NOT 'customer' AND copy_of IS NULL ORDER BY path",
        (customer_id,),
    )
    return [stored_to_path(row["path"]) for row in rows]


def _choose_aliases(
    customers: Customers, first: CustomerPlace, second: CustomerPlace
) -> tuple[list[str], tuple[str, ...]]:
    """Return the names that lead to the first from now on: one a key, those of third customers left out."""
    entry = customers.known[second.id]
    written = [
        row["name"]
        for row in customers.catalog.select(
            "SELECT name FROM customer_names WHERE customer_id = ? ORDER BY notes DESC, name", (second.id,)
        )
    ]
    names = [entry.name, *entry.aliases, *filter(None, (entry.kana, entry.name_en)), *written]
    others = CustomerResolver(customer for key, customer in customers.known.items() if key != second.id)
    chosen: dict[str, NameParts] = {}
    remarks = []
    for name in dict.fromkeys(names):
        found = others.resolve(name)
        parts = parse_name(name)
        strangers = {found.customer, *(each.customer for each in found.candidates)} - {first.id, None}
        if strangers and parts.core:
            called = ", ".join(sorted(customers.known[each].name for each in strangers if each))
            remarks.append(_("'{name}' is no alias: it may also mean {others}").format(name=name, others=called))
        elif found.customer is None and parts.core and not any(_is_same(parts, each) for each in chosen.values()):
            chosen[name] = parts
    return list(chosen), tuple(remarks)


def _is_same(one: NameParts, other: NameParts) -> bool:
    return one.core == other.core and are_compatible(one.form, other.form)


def _write_aliases(
    customers: Customers, first: CustomerPlace, second: CustomerPlace, aliases: list[str]
) -> list[FileChange | None]:
    """Return the changes that give the aliases to the first and end the second's line in the settings."""
    lines: dict[str, list[str] | None] = {second.settings_name: None} if second.settings_name else {}
    if first.path is None and first.settings_name:
        lines[first.settings_name] = [*customers.settings.customers[first.settings_name], *aliases]
        return [edit_settings(customers.vault, lines)]
    noted = customers.edit(first, [customers.alias_adder(aliases)]) if aliases else None
    return [noted, edit_settings(customers.vault, lines) if lines else None]


def _give_up_note(customers: Customers, first: CustomerPlace, second: CustomerPlace) -> FileChange | None:
    """Return the change that makes the second's own note one of the first's notes."""
    if second.path is None:
        return None
    plans: list[EditPlan] = [
        lambda note: plan_set_field(note, customers.key_in(note, "type"), MERGED_TYPE),
        lambda note: plan_set_field(note, customers.key_in(note, "customer"), first.name),
    ]
    return edit_note(customers.vault, second.path, plans)


def _warn(customers: Customers, first: CustomerPlace, second: CustomerPlace) -> list[str]:
    one, other = customers.known[first.id], customers.known[second.id]
    remarks = []
    numbers = [normalize_corporate_number(each.corporate_number or "") for each in (one, other)]
    if all(numbers) and numbers[0] != numbers[1]:
        remarks.append(
            _("they have different corporate numbers: {numbers}").format(numbers=", ".join(map(str, numbers)))
        )
    if one.group and other.group and name_key(one.group) == name_key(other.group):
        remarks.append(_("both are units of {group}; 'brief --group' shows them together").format(group=one.group))
    told_apart = find_told_apart(customers.catalog, CustomerResolver(customers.known.values()))
    if frozenset((first.id, second.id)) in told_apart:
        remarks.append(_("they were told apart: 'distinct_from' in a note says that they are two"))
    if second.path is not None:
        name = PurePosixPath(printable_path(second.path)).name
        remarks.append(_("its note {path} stays, as a note of {name}").format(path=name, name=first.name))
    return remarks
