"""Half a year of a small team, made from a seed, and its notes read back by a slow script that knows no notevault."""

import random
import re
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path

CUSTOMERS = ("Alder Works", "Birch Foods", "Cedar Print", "Dogwood Clinic", "Elm Logistics", "Fir School")
REPS = ("sato", "ito")
CHANNELS = ("visit", "phone", "email", "電話", "訪問")
STAGES = ("lead", "hearing", "proposal", "won", "lost")
FIRST = date(2026, 5, 1)
DAYS = 205


@dataclass(frozen=True)
class Written:
    """What one file says."""

    path: str
    day: date
    keys: dict[str, str]
    body: str


def make_season(seed: int, notes: int = 70) -> dict[str, str]:
    """Return path → text of the notes of a season."""
    chance = random.Random(seed)  # noqa: S311 -- a test's dice
    files = {}
    for number in range(notes):
        day = FIRST + timedelta(days=chance.randrange(DAYS))
        customer = chance.choice(CUSTOMERS)
        lines = [f"date: {day}", "type: meeting", f"customer: {customer}", f"owner: {chance.choice(REPS)}"]
        lines.append(f"channel: {chance.choice(CHANNELS)}")
        if chance.random() < 0.5:
            lines.append(f"stage: {chance.choice(STAGES)}")
        if chance.random() < 0.3:
            lines.append(f"amount: {chance.randrange(1, 90)}0000円")
        if chance.random() < 0.4:
            lines.append(f"deal: {customer} {chance.choice('XY')}")
        files[f"{day} {number:03}.md"] = "\n".join(["---", *lines, "---", f"# {customer}", "Spoke to them.", ""])
    return files


def read_season(root: Path) -> list[Written]:
    """Return the notes in the order of their days."""
    found = []
    for path in sorted(root.rglob("*.md")):
        head, body = path.read_text(encoding="utf-8").split("---\n", 2)[1:]
        keys = dict(re.findall(r"^(\w+): (.*)$", head, re.MULTILINE))
        found.append(Written(path=path.name, day=date.fromisoformat(keys["date"]), keys=keys, body=body))
    return sorted(found, key=lambda each: (each.day, each.path))
