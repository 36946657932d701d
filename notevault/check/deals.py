"""Rules about deals: what nobody has planned, and what a stage asks for that was not done."""

from collections import defaultdict
from collections.abc import Iterator
from datetime import date, timedelta
from typing import Final

from notevault.check.rule import VaultContext, VaultFinding
from notevault.config import Stage
from notevault.messages import current_language
from notevault.messages import gettext as _
from notevault.text import normalize

_ALIKE: Final = 0.6
"""Share of a standard ToDo's pairs of characters that a ToDo must hold to count as it."""


def check_deal_idle(context: VaultContext) -> Iterator[VaultFinding]:
    """An open deal has no next ToDo: none of its notes holds an open one.

    A deal without a next step is won, lost or forgotten. Its newest note is reported: write the next step there, or say
    that the deal is won or lost.

    Before::

        --> a.md
        ---
        type: inquiry
        date: 2026-11-20
        customer: Northwind
        stage: lead
        ---
        ## Inquiry
        Twelve access points by March.
        ## Response
        - [x] Call back @sato due:2026-11-20

    After::

        --> a.md
        ---
        type: inquiry
        date: 2026-11-20
        customer: Northwind
        stage: lead
        ---
        ## Inquiry
        Twelve access points by March.
        ## Response
        - [ ] Send the catalogue @sato due:2026-11-27
    """
    for row in context.catalog.select(
        f"SELECT n.path, {context.line_of('stage')} AS line, d.name, c.name AS customer, d.stage FROM deals d"
        " JOIN notes n ON n.id = d.last_note_id JOIN customers c ON c.id = d.customer_id"
        " WHERE d.state = 'open' AND d.id NOT IN (SELECT m.deal_id FROM todos t JOIN notes m ON m.id = t.note_id"
        " WHERE t.status = 'open' AND m.deal_id IS NOT NULL AND m.copy_of IS NULL)"
        f" AND {context.is_enforced}",
        list(context.enforced),
    ):
        stage = context.settings.stages.get(row["stage"] or "")
        yield VaultFinding(
            path=row["path"],
            line=row["line"],
            message=_("the deal '{deal}' is open ({stage}) and has no next ToDo").format(
                deal=row["name"] or row["customer"], stage=stage.label(current_language()) if stage else "?"
            ),
            hint=_("write the next step, e.g. '- [ ] call back @owner due:YYYY-MM-DD', or close the deal"),
        )


def check_stage_todo(context: VaultContext) -> Iterator[VaultFinding]:
    """What the deal's stage asks for was neither done nor planned, and its days are over.

    The standard ToDos stand in ``notevault.toml`` under each stage, with the days from reaching it. Any ToDo of the
    deal that says much the same counts, whatever its state.

    Before::

        --> a.md
        ---
        type: inquiry
        date: 2026-11-02
        customer: Northwind
        stage: lead
        ---
        ## Inquiry
        Twelve access points by March.
        ## Response
        - [ ] Look for a partner @sato due:2026-12-27

    After::

        --> a.md
        ---
        type: inquiry
        date: 2026-11-02
        customer: Northwind
        stage: lead
        ---
        ## Inquiry
        Twelve access points by March.
        ## Response
        - [x] 初回の連絡をする @sato due:2026-11-04
        - [x] 会社情報を調べる @sato due:2026-11-04
        - [ ] Look for a partner @sato due:2026-12-27
    """
    rows = context.catalog.select(
        f"SELECT n.path, {context.line_of('stage')} AS line, d.id, d.stage, d.stage_since FROM deals d"
        " JOIN notes n ON n.id = d.last_note_id"
        f" WHERE d.state = 'open' AND d.stage_since IS NOT NULL AND {context.is_enforced}",
        list(context.enforced),
    )
    said = _load_todos(context) if rows else {}
    for row in rows:
        stage = context.settings.stages.get(row["stage"] or "")
        since = date.fromisoformat(row["stage_since"])
        for text in _find_undone(stage, since, said.get(row["id"], []), context.today) if stage else ():
            yield VaultFinding(
                path=row["path"],
                line=row["line"],
                message=_("standard ToDo of the stage {stage} neither done nor planned: {text}").format(
                    stage=stage.label(current_language()) if stage else "", text=text
                ),
            )


def _load_todos(context: VaultContext) -> dict[str, list[frozenset[str]]]:
    """Return the ToDos of each open deal as pairs of characters."""
    found: dict[str, list[frozenset[str]]] = defaultdict(list)
    for row in context.catalog.iterate(
        "SELECT n.deal_id, t.text FROM deals d JOIN notes n ON n.deal_id = d.id JOIN todos t ON t.note_id = n.id"
        " WHERE d.state = 'open'"
    ):
        found[row[0]].append(_pairs(row[1]))
    return found


def _find_undone(stage: Stage, since: date, said: list[frozenset[str]], today: date) -> Iterator[str]:
    for standard in stage.todos:
        if today <= since + timedelta(days=standard.days):
            continue
        wanted = _pairs(standard.text)
        if not any(len(wanted & one) >= _ALIKE * len(wanted) for one in said):
            yield standard.text


def _pairs(text: str) -> frozenset[str]:
    plain = "".join(normalize(text[:200]).split())
    return frozenset(plain[at : at + 2] for at in range(max(len(plain) - 1, 1)))
