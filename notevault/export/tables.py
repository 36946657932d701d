"""The tables of an export, in an order in which every foreign key but those back to notes points to a file before."""

from typing import Final

from notevault.export.attachments import ATTACHMENTS, LINKS
from notevault.export.columns import Table
from notevault.export.companies import ACCOUNTS, CONTACTS, LEADS
from notevault.export.deals import OPPORTUNITIES, STAGE_HISTORY, TASKS
from notevault.export.records import ACTIVITIES, ATTENDEES, NOTES

TABLES: Final[tuple[Table, ...]] = (
    ACCOUNTS,
    LEADS,
    CONTACTS,
    OPPORTUNITIES,
    ACTIVITIES,
    NOTES,
    ATTENDEES,
    STAGE_HISTORY,
    TASKS,
    ATTACHMENTS,
    LINKS,
)
