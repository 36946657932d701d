"""A slow recount of a generated team's notes: the files are read line by line, nothing of notevault is asked."""

import re
import tomllib
import unicodedata
from collections import defaultdict
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path

KEYS = dict(
    pair.split(":")
    for pair in [
        "日付:date",
        "顧客:customer",
        "先方:contacts",
        "担当:owner",
        "手段:channel",
        "案件:deal",
        "ステージ:stage",
        "金額:amount",
        "受注予定日:close_date",
        "失注理由:lost_reason",
        "再訪:revisit",
        "name:customer",
    ]
)
CHANNELS = {"訪問": "visit", "オンライン": "online", "電話": "phone", "メール": "email"}
POINTS = {"visit": 3.0, "online": 3.0, "phone": 1.0, "email": 0.5}
STAGES = {
    "リード": ("lead", 5),
    "アプローチ": ("approach", 10),
    "ヒアリング": ("hearing", 20),
    "提案": ("proposal", 40),
    "見積": ("quote", 60),
    "クロージング": ("closing", 80),
    "受注": ("won", 100),
    "失注": ("lost", 0),
}
LONGEST = {"lead": 30, "approach": 30, "hearing": 45, "proposal": 45, "quote": 30, "closing": 30}
_ERA = 2018
_DUE = (
    r" (?:due:|📅 )(\d+)-(\d+)-(\d+)$",
    r" \[due:: (\d+)-(\d+)-(\d+)\]$",
    r"（期限: (\d+)/(\d+)）$",
    r" (\d+)/(\d+)まで$",
    r" (\d+)月(\d+)日まで$",
)
_WORDS = {"万円": 10_000, "千円": 1_000, "億円": 100_000_000, "M": 1_000_000, "円": 1, "": 1}


@dataclass
class Task:
    """A task item."""

    text: str
    mark: str
    due: date | None
    owner: str | None
    done: date | None
    path: str
    customer: str
    deal: str
    day: date


@dataclass
class File:
    """One note."""

    path: str
    kind: str
    day: date
    keys: dict[str, str]
    head: str
    body: str
    deal: str = ""
    """Of the deal it belongs to, by name."""
    tasks: list[Task] = field(default_factory=list)

    @property
    def customer(self) -> str:
        """Return the customer's name."""
        return self.keys.get("customer", "")

    @property
    def owner(self) -> str:
        """Return the owner's key."""
        return self.keys.get("owner", "")

    @property
    def is_contact(self) -> bool:
        """Say whether somebody was spoken to."""
        return self.kind in ("meeting", "call")

    @property
    def points(self) -> float:
        """Return the contact points."""
        return POINTS[self.keys["channel"]]


@dataclass
class Deal:
    """A deal of a customer."""

    customer: str
    name: str
    stage: str = ""
    amount: int | None = None
    owner: str = ""
    reason: str = ""
    revisit: str = ""
    close: date | None = None
    moves: list[tuple[date, str, str]] = field(default_factory=list)
    """Day, stage before, stage."""

    @property
    def state(self) -> str:
        """Return open, won or lost."""
        return {"won": "won", "lost": "lost"}.get(self.stage, "open")

    @property
    def closed(self) -> date | None:
        """Return the day that brought the state."""
        states = [(day, {"won": "won", "lost": "lost"}.get(to, "open")) for day, _before, to in self.moves]
        last = len(states) - 1
        while last > 0 and states[last - 1][1] == states[last][1]:
            last -= 1
        return states[last][0] if states and self.state != "open" else None


class Recount:
    """All files of a vault, in the order they happened."""

    def __init__(self, root: Path) -> None:
        settings = tomllib.loads((root / "notevault.toml").read_text(encoding="utf-8"))
        self.owners = {owner["name"]: key for key, owner in settings["owners"].items()}
        files = [self._read(path, root) for path in root.rglob("*.md") if path.parent != root]
        self.files = sorted(files, key=lambda each: (each.day, each.path))
        self.deals = self._join()
        self.contacts = [each for each in self.files if each.is_contact]
        for each in self.files:
            each.tasks = self._read_tasks(each)

    def _read(self, path: Path, root: Path) -> File:
        text = path.read_text(encoding="utf-8")
        place = path.relative_to(root).as_posix()
        head, body = text.split("---\n", 2)[1:] if text.startswith("---\n") else ("", text)
        pairs = re.findall(r"^(\S+?): (.+)$", head, re.MULTILINE)
        keys = {KEYS.get(key, key): value for key, value in pairs}
        keys["owner"] = self.owners.get(keys.get("owner", ""), keys.get("owner", ""))
        keys["channel"] = CHANNELS.get(keys.get("channel", ""), keys.get("channel", ""))
        kind = keys.get("type", "")
        day = read_day(keys["date"]) if "date" in keys else date.min
        return File(path=place, kind=kind, day=day, keys=keys, head=head, body=body)

    def _join(self) -> dict[tuple[str, str], Deal]:
        deals: dict[tuple[str, str], Deal] = {}
        for each in (one for one in self.files if one.is_contact):
            name = each.keys.get("deal", "")
            if not name:
                mine = [deal for deal in deals.values() if deal.customer == each.customer and deal.state == "open"]
                if len(mine) != 1:
                    continue
                name = mine[0].name
            deal = deals.setdefault((each.customer, name), Deal(each.customer, name))
            each.deal = name
            deal.owner = each.owner or deal.owner
            deal.reason = each.keys.get("lost_reason", deal.reason)
            deal.revisit = each.keys.get("revisit", deal.revisit)
            stage = STAGES[each.keys["stage"]][0] if "stage" in each.keys else ""
            if stage and stage != deal.stage:
                deal.moves.append((each.day, deal.stage, stage))
                deal.stage = stage
            if "close_date" in each.keys:
                deal.close = read_day(each.keys["close_date"])
            if "amount" in each.keys:
                deal.amount = read_yen(each.keys["amount"])
        return deals

    def _read_tasks(self, each: File) -> list[Task]:
        found = []
        for mark, words in re.findall(r"^- \[(.)\] (.*)$", each.body, re.MULTILINE):
            done = re.search(r" ✅ (\S+)", words)
            plain = re.sub(r" ✅ \S+| ⏫", "", words)
            due, owner = None, None
            for _ in range(2):
                if named := re.search(r" ?(?:@|担当:)(\S+)$", plain):
                    owner, plain = named, plain[: named.start()]
                for pattern in _DUE:
                    if said := re.search(pattern, plain):
                        numbers = [int(number) for number in said.groups()]
                        due = date(*numbers) if len(numbers) == 3 else _next(each.day, *numbers)
                        plain = plain[: said.start()]
            who = self.owners.get(owner[1], owner[1]) if owner else each.owner or None
            found.append(
                Task(
                    text=plain.strip(),
                    mark=mark,
                    due=due,
                    owner=who,
                    done=date.fromisoformat(done[1]) if done else None,
                    path=each.path,
                    customer=each.customer if each.is_contact else "",
                    deal=each.deal,
                    day=each.day,
                )
            )
        return found

    def open_tasks(self) -> list[Task]:
        """Return the open ToDos, one that several notes of a customer's deal have as its newest."""
        joined: dict[tuple[object, ...], Task] = {}
        for each in self.files:
            seen: dict[str, int] = defaultdict(int)
            for task in each.tasks:
                if task.mark == " ":
                    key = unicodedata.normalize("NFKC", task.text).casefold()
                    where = (task.customer, task.deal, key, seen[key]) if task.customer else (task.path, len(joined))
                    seen[key] += 1
                    joined[where] = task
        return list(joined.values())

    def learned(self, first: date, last: date) -> list[tuple[str, str, str]]:
        """Return path, question and value of what is answered in these days for the first time, or otherwise."""
        said: dict[tuple[str, str], str] = {}
        found = []
        for each in self.contacts:
            inline = re.search(r"^learned: \{(.*)\}$", each.head, re.MULTILINE)
            block = re.search(r"^learned:\n((?:  .+\n?)+)", each.head, re.MULTILINE)
            pairs = inline[1].split(", ") if inline else block[1].splitlines() if block else []
            for pair in pairs:
                question, value = (part.strip() for part in pair.split(":", 1))
                before, said[each.customer, question] = said.get((each.customer, question)), value
                if first <= each.day <= last and (before is None or plain_value(before) != plain_value(value)):
                    found.append((each.path, question, value))
        return found

    def open_deals(self) -> list[Deal]:
        """Return the deals neither won nor lost."""
        return [deal for deal in self.deals.values() if deal.state == "open"]

    def accounts(self) -> set[str]:
        """Return the customers whose own note says that they buy."""
        cards = [each for each in self.files if each.kind == "customer"]
        return {each.customer for each in cards if each.keys.get("status") != "lead"}

    def leads(self) -> set[str]:
        """Return the customers whose own note says that they are leads."""
        return {each.customer for each in self.files if each.keys.get("status") == "lead"}

    def days_of(self, customer: str, until: date) -> list[date]:
        """Return the days a customer was spoken to."""
        return [each.day for each in self.contacts if each.customer == customer and each.day <= until]


def _next(day: date, month: int, number: int) -> date:
    found = date(day.year, month, number)
    return found if found >= day else date(day.year + 1, month, number)


def read_day(text: str) -> date:
    """Return 2026-11-20, 2026/11/20, 2026年11月20日, 令和8年11月20日."""
    year, month, day = (int(number) for number in re.findall(r"\d+", text))
    return date(year + _ERA if text.startswith("令和") else year, month, day)


def plain_value(text: str) -> str:
    """Return an answer without the spelling of months and amounts."""
    plain = unicodedata.normalize("NFKC", text).casefold()
    if month := re.fullmatch(r"(\d{4})(?:-|/|年)(\d{1,2})月?", plain):
        return f"{month[1]}-{int(month[2]):02}"
    amount = re.fullmatch(r"¥?[\d,.]+(?:億|万|千|円|m)*", plain)
    return str(read_yen(text)) if amount and not plain.isdigit() else plain


def read_yen(text: str) -> int:
    """Return 120万円, １２０万円, 1,200,000円, ¥1,200,000, 1,200千円, 1.2M, 1億2000万円 in yen."""
    plain = unicodedata.normalize("NFKC", text).replace(",", "").removeprefix("¥")
    if both := re.fullmatch(r"(\d+)億(\d+)万円", plain):
        return int(both[1]) * 100_000_000 + int(both[2]) * 10_000
    number, word = re.fullmatch(r"([\d.]+)(\D*)", plain).groups()  # type: ignore[union-attr]
    return round(float(number) * _WORDS[word])
