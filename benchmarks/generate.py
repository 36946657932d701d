"""Write a seeded vault of believable sales minutes; the same arguments give the same bytes.

``python -m benchmarks.generate DIR --notes 10000 --seed 1 --lang ja``
"""

import argparse
import os
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Final, Protocol

from benchmarks.companies import make_customers
from benchmarks.deals import LAST_DAY, Visit, plan_visits, workday
from benchmarks.notes import Draft, draft_customer, draft_jottings, draft_team, draft_visit
from benchmarks.wording import LANGUAGES, Dice, Pack, load_pack, make_theme

SETTINGS: Final = 'language = "{language}"\ntimezone = "Asia/Tokyo"\n'
_ENGLISH_SHARE: Final = 0.3
"""Share of the contacts outside a deal that a Japanese vault minutes in English."""


@dataclass(frozen=True, slots=True, kw_only=True)
class VaultSummary:
    """What a generated vault holds."""

    notes: int
    customers: int
    """Companies and sites that appear in it, by whatever spelling."""
    todos: int
    """Task items in any state."""
    deals: int
    size: int
    """Bytes of all notes."""


def generate_vault(root: Path, notes: int, *, seed: int = 1, language: str = "ja") -> VaultSummary:
    """Write ``notes`` notes and a ``notevault.toml`` into an empty or new folder.

    Modification times are those of the talks, so that the vault does not look as if written this minute.
    """
    root.mkdir(parents=True, exist_ok=True)
    (root / "notevault.toml").write_text(SETTINGS.format(language=language), encoding="utf-8")
    pack, dice = load_pack(language), Dice(seed, notes, language)
    customers = make_customers(dice, pack, max(20, round(notes**0.85)), with_note=0.4)
    registered = [customer for customer in customers if customer.has_note][: notes // 8]
    team, inbox = notes // 25, notes * 3 // 100
    first_day = LAST_DAY - timedelta(days=365 * min(6, max(1, notes // 2_500)))
    visits = plan_visits(dice, pack, customers, notes - len(registered) - team - inbox, first_day)
    days = [_past_day(dice, first_day) for _ in range(team + inbox)]
    drafts = [
        *(draft_customer(Dice(seed, "customer", customer.name), pack, customer) for customer in registered),
        *(draft_team(Dice(seed, "team", number), pack, day) for number, day in enumerate(days[:team])),
        *(draft_jottings(Dice(seed, "inbox", number), pack, day) for number, day in enumerate(days[team:])),
    ]
    minutes = (_draft_minutes(Dice(seed, "visit", number), pack, visit) for number, visit in enumerate(visits))
    todos, size = write_drafts(root, drafts, minutes)
    mentioned = {customer.name for customer in registered} | {visit.customer.name for visit in visits}
    deals = {(visit.customer.name, visit.deal.name) for visit in visits if visit.deal is not None}
    return VaultSummary(notes=notes, customers=len(mentioned), todos=todos, deals=len(deals), size=size)


def iter_edits(root: Path, count: int, *, seed: int = 1, language: str = "ja") -> Iterator[Path]:
    """Change or add ``count`` notes one after the other, and yield each as soon as it is written.

    Of ten edits four tick a ToDo or add one, three add a fact, three are new notes. No note is changed twice in one
    run, unless the vault holds too few.
    """
    pack, dice = load_pack(language), Dice("edits", seed, count)
    known = sorted(root.glob("meetings/**/*.md")) or sorted(root.rglob("*.md"))
    order = dice.shuffle(known)
    customers = make_customers(dice, pack, 30, with_note=0.0)
    added = iter(plan_visits(dice, pack, customers, count, LAST_DAY - timedelta(days=60)))
    taken: dict[str, int] = {}
    for number in range(count):
        if not order or dice.chance(0.3):
            draft = draft_visit(dice, pack, next(added))
            path = root / _free_path(draft.folder, f"{draft.name} ({seed}-{number})", taken)
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(draft.text, encoding="utf-8", newline="")
        else:
            path = order[number % len(order)]
            _edit(dice, path, number)
        yield path


def _edit(dice: Dice, path: Path, number: int) -> None:
    text = path.read_text(encoding="utf-8")
    if "- [ ]" in text and dice.chance(0.5):
        text = text.replace("- [ ]", "- [x]", 1)
    elif dice.chance(0.4):
        text += f"- [ ] 追加の確認 {number} @sato due:{LAST_DAY + timedelta(days=dice.number(1, 30))}\n"
    else:
        text += f"\n追記 {number}: 先方から回答あり。{dice.number(100, 999)}件で確定。\n"
    path.write_text(text, encoding="utf-8", newline="")


def _draft_minutes(dice: Dice, pack: Pack, visit: Visit) -> Draft:
    """Return a contact's minutes, some of them in English: the mail to headquarters, the call with a supplier."""
    if pack.language == "ja" and visit.deal is None and dice.chance(_ENGLISH_SHARE):
        english = load_pack("en")
        return draft_visit(dice, english, replace(visit, theme=make_theme(dice, english, visit.theme.persons)))
    return draft_visit(dice, pack, visit)


def _past_day(dice: Dice, first_day: date) -> date:
    return workday(first_day + timedelta(days=dice.number(0, (LAST_DAY - first_day).days)))


def write_drafts(root: Path, *drafts: Iterable[Draft]) -> tuple[int, int]:
    """Write every draft and return the numbers of ToDos and bytes."""
    todos = size = 0
    folders: set[str] = set()
    taken: dict[str, int] = {}
    base = os.fspath(root)
    for draft in (draft for batch in drafts for draft in batch):
        if draft.folder not in folders:
            (root / draft.folder).mkdir(parents=True, exist_ok=True)
            folders.add(draft.folder)
        path = f"{base}/{_free_path(draft.folder, draft.name, taken)}"
        data = draft.text.encode()
        with open(path, "wb", buffering=0) as file:  # noqa: PTH123 - Path costs a third of the run
            file.write(data)
        moment = datetime(draft.day.year, draft.day.month, draft.day.day, 9, tzinfo=UTC).timestamp()
        os.utime(path, (moment, moment))
        todos += draft.todos
        size += len(data)
    return todos, size


def _free_path(folder: str, name: str, taken: dict[str, int]) -> str:
    stem = f"{folder}/{name}"
    number = taken[stem] = taken.get(stem, 0) + 1
    return f"{stem}.md" if number == 1 else f"{stem} {number}.md"


class Generate(Protocol):
    """Writes a vault of so many notes."""

    def __call__(self, root: Path, notes: int, *, seed: int, language: str) -> VaultSummary:
        """Write it and say what it holds."""
        ...


def run(generate: Generate, what: str, *, notes: int) -> None:
    """Read the command line, write the vault, say what it holds."""
    parser = argparse.ArgumentParser(description=f"Write a seeded {what}.")
    parser.add_argument("root", type=Path, metavar="DIR")
    parser.add_argument("--notes", type=int, default=notes)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--lang", choices=LANGUAGES, default="ja")
    options = parser.parse_args()
    summary = generate(options.root, options.notes, seed=options.seed, language=options.lang)
    print(
        f"{summary.notes} notes, {summary.size / summary.notes:.0f} bytes each, {summary.customers} customers, "
        f"{summary.deals} deals, {summary.todos} ToDos"
    )


if __name__ == "__main__":
    run(generate_vault, "vault of sales minutes", notes=10_000)
