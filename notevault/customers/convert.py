"""A lead has become an account: its status and the day stand in its note; people, deals and notes stay as they are."""

from notevault.config import spelling_key
from notevault.customers.changes import CustomerPlan, EditPlan
from notevault.customers.place import Customers
from notevault.front_matter import plan_set_field
from notevault.messages import gettext as _
from notevault.messages import ngettext
from notevault.model import Edit, Note
from notevault.report.choosing import choose_customer
from notevault.report.customers import STATUS_WORDS, describe_customer
from notevault.workspace import Workspace

STATUSES = tuple(STATUS_WORDS)


def plan_convert(workspace: Workspace, name: str, *, status: str = "account") -> CustomerPlan:
    """Plan the new status of a customer; nothing to write where its note says so already.

    Raises UnknownNameError, AmbiguousNameError, WriteRefusedError.
    """
    customers = Customers(workspace)
    customer = customers.place(choose_customer(customers.catalog, name))
    card = describe_customer(customers.catalog, customers.settings, workspace.today, customer.id)
    plans: list[EditPlan] = [lambda note: _plan_status(customers, note, status)]
    if card.customer.status == "lead" and status == "account":
        day = workspace.today.isoformat()
        plans.append(lambda note: plan_set_field(note, customers.key_in(note, "converted"), day))
    change = customers.edit(customer, plans)
    people, deals = len(card.contacts), len(card.deals)
    goes_along = "{people}, {deals}".format(
        people=ngettext("{count} person", "{count} people", people).format(count=people),
        deals=ngettext("{count} deal", "{count} deals", deals).format(count=deals),
    )
    return CustomerPlan(
        title=_("{name} is {status}").format(name=customer.name, status=status),
        changes=(change,) if change else (),
        remarks=(_("what belongs to it stays: {things}").format(things=goes_along),) if change else (),
    )


def _plan_status(customers: Customers, note: Note, status: str) -> tuple[Edit, ...]:
    """Set the status in the language in which the note has it."""
    old = customers.value_in(note, "status")
    if old is not None and spelling_key(old.text) in map(spelling_key, STATUS_WORDS[status]):
        return ()
    japanese = not (old.text.isascii() if old is not None and old.text else customers.settings.language != "ja")
    word = STATUS_WORDS[status][1] if japanese else status
    return plan_set_field(note, customers.key_in(note, "status"), word)
