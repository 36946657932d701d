"""A year of a sales team: 20 reps with owners and targets, deals with competitors, questions with answers.

``python -m benchmarks.team DIR --notes 12000`` writes the vault; ``python -m benchmarks.reports`` times the reports.
"""

from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Final

from benchmarks.companies import REPS, make_customers
from benchmarks.deals import LAST_DAY, LOST, Visit, plan_visits, workday
from benchmarks.generate import SETTINGS, VaultSummary, run, write_drafts
from benchmarks.notes import Draft, draft_customer, draft_jottings, draft_team, draft_visit
from benchmarks.wording import Dice, Pack, Zipf, load_pack

_YEAR: Final = timedelta(days=365)
_TARGETS: Final = ("2026-Q4", "2026-11")
_TARGET: Final = 30_000_000
_RIVALRY: Final = 0.5
"""Share of the deals in which a competitor stands."""
_ANSWERED: Final = 0.7
_PLANNED: Final = 0.25
"""Share of the notes that say when the next meeting is."""


def generate_team(root: Path, notes: int, *, seed: int = 1, language: str = "ja", plain: bool = False) -> VaultSummary:
    """Write a year of ``notes`` notes with its settings into an empty or new folder.

    A ``plain`` one spells customers as registered and gives only deals a stage, so that a simple script can count.
    """
    root.mkdir(parents=True, exist_ok=True)
    (root / "notevault.toml").write_text(_settings(language), encoding="utf-8")
    pack, dice = load_pack(language), Dice("team", seed, notes, language)
    customers = make_customers(dice, pack, max(20, notes // 12), with_note=0.5)
    if plain:
        customers = [replace(customer, spellings=Zipf((customer.name,))) for customer in customers]
    registered = [customer for customer in customers if customer.has_note][: notes // 8]
    meetings, inbox = max(4, notes // 100), notes // 50
    first = LAST_DAY - _YEAR
    visits = plan_visits(dice, pack, customers, notes - len(registered) - meetings - inbox, first)
    days = [workday(first + timedelta(days=dice.number(0, _YEAR.days))) for _ in range(meetings + inbox)]
    drafts = [
        *(draft_customer(Dice(seed, "customer", customer.name), pack, customer) for customer in registered),
        *(draft_team(Dice(seed, "team", number), pack, day) for number, day in enumerate(days[:meetings])),
        *(draft_jottings(Dice(seed, "inbox", number), pack, day) for number, day in enumerate(days[meetings:])),
        *(_draft(Dice(seed, "visit", number), pack, visit, plain=plain) for number, visit in enumerate(visits)),
    ]
    todos, size = write_drafts(root, drafts)
    deals = {(visit.customer.name, visit.deal.name) for visit in visits if visit.deal is not None}
    return VaultSummary(notes=notes, customers=len(customers), todos=todos, deals=len(deals), size=size)


def _settings(language: str) -> str:
    owners = "".join(f'{key} = {{ name = "{name}" }}\n' for key, name in REPS)
    targets = "".join(
        f'\n[targets."{period}"]\n' + "".join(f"{key} = {_TARGET}\n" for key, _name in REPS) for period in _TARGETS
    )
    return f"{SETTINGS.format(language=language)}\n[owners]\n{owners}{targets}"


def _draft(dice: Dice, pack: Pack, visit: Visit, *, plain: bool) -> Draft:
    """Return minutes that name a competitor where one stands in the deal, and that answer most of their questions."""
    draft = draft_visit(dice, pack, visit)
    head, text = draft.text.split("\n---\n", 1)
    if plain and visit.deal is None:
        head = head.replace(f"\nstage: {pack.stages[visit.stage]}", "").replace(
            f"\n{pack.keys['stage']}: {pack.stages[visit.stage]}", ""
        )
    rival, is_ja = visit.theme.rival, pack.language == "ja"
    if visit.deal is not None and Dice(visit.deal.name, rival).chance(_RIVALRY):
        head += f"\ncompetitors: [{rival}]"
        if visit.stage == LOST:
            chosen = f"{rival}に決まった。" if is_ja else f"{rival} was chosen."
            text = text.replace("\n## ", f"\n{chosen}\n## ", 1)
    else:
        text = text.replace(rival, "他社" if is_ja else "another vendor")
    if (planned := Dice("next", visit.customer.name, str(visit.day))).chance(_PLANNED):
        head += f"\nnext_date: {workday(visit.day + timedelta(days=planned.number(3, 40)))}"
    consult = f"## {pack.headings['consult']}\n"
    if consult in text and dice.chance(_ANSWERED):
        day = visit.day + timedelta(days=dice.number(1, 9))
        who = dice.pick(REPS)
        word = f"回答（{who[1]} {day}）: 進めてよい" if is_ja else f"Answer ({who[0]} {day}): go on"
        text += f"{word}\n"
    return replace(draft, text=f"{head}\n---\n{text}")


if __name__ == "__main__":
    run(generate_team, "year of a sales team", notes=12_000)
