"""Decisions about customers, written into the notes: two names are one or are not, a lead became an account.

A decision is planned as file changes that are shown first; :mod:`notevault.journal` carries them out and takes them
back.
"""

from notevault.customers.changes import CustomerPlan
from notevault.customers.convert import plan_convert
from notevault.customers.distinct import plan_distinct
from notevault.customers.merge import plan_merge
from notevault.customers.split import plan_split

__all__ = ["CustomerPlan", "plan_convert", "plan_distinct", "plan_merge", "plan_split"]
