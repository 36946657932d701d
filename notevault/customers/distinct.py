"""Two customers that look like one are known to be two: their notes say so, and they are not proposed again."""

from notevault.customers.changes import CustomerPlan, EditPlan
from notevault.customers.merge import SameCustomerError
from notevault.customers.place import CustomerPlace, Customers
from notevault.list_field import plan_add_items
from notevault.messages import gettext as _
from notevault.names.key import name_key
from notevault.report.choosing import choose_customer
from notevault.workspace import Workspace

DISTINCT_KEY = "distinct_from"


def plan_distinct(workspace: Workspace, one: str, other: str) -> CustomerPlan:
    """Plan that two customers are two: the note of the first, made if there is none, names the second.

    Where only the second has a note, that note names the first. Raises UnknownNameError, AmbiguousNameError,
    SameCustomerError, WriteRefusedError.
    """
    customers = Customers(workspace)
    first = customers.place(choose_customer(customers.catalog, one))
    second = customers.place(choose_customer(customers.catalog, other))
    if first.id == second.id:
        raise SameCustomerError(first.name)
    if first.path is None and second.path is not None:
        first, second = second, first
    change = customers.edit(first, [_adder(customers, _called(customers, first, second))])
    return CustomerPlan(
        title=_("{name} and {other} are two customers").format(
            name=_called(customers, second, first), other=_called(customers, first, second)
        ),
        changes=() if change is None else (change,),
    )


def _called(customers: Customers, first: CustomerPlace, second: CustomerPlace) -> str:
    """Return what leads to the second alone: its name, with the place where the first is called so too."""
    place = customers.known[second.id].place
    return f"{second.name}({place})" if place and name_key(first.name) == name_key(second.name) else second.name


def _adder(customers: Customers, name: str) -> EditPlan:
    return lambda note: plan_add_items(note, customers.key_in(note, DISTINCT_KEY), [name])
