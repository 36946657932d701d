"""The text of generated notes: minutes, calls, customers, team meetings, jottings, in the spellings people use."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final

from benchmarks.companies import REPS, Customer
from benchmarks.deals import LAST_DAY, LOST, PROPOSAL, QUOTE, WON, Visit
from benchmarks.wording import Dice, Pack, Speaker, make_theme, render_amount

_ERA_START: Final = 2018
"""Reiwa 1 is 2019."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Draft:
    """A note to be written: folder and name without ending, text, and how many ToDos it holds."""

    folder: str
    name: str
    text: str
    day: date
    todos: int = 0


def draft_visit(dice: Dice, pack: Pack, visit: Visit) -> Draft:
    """Return the minutes of a contact; a call or a mail gets the shorter form."""
    speaker = Speaker(dice, pack, visit.theme, visit.day)
    is_call = visit.channel >= 2
    mention = visit.customer.spellings.draw(dice)
    todos = list(_todos(dice, pack, speaker, visit))
    heads = pack.headings
    facts = [speaker.say(pack.facts) for _ in range(dice.small(4, 14) if is_call else dice.small(8, 26))]
    lines = [
        *_front_matter(dice, pack, visit, speaker, mention),
        f"# {mention.strip('[]')} {visit.day}",
        "",
        f"## {heads['details' if is_call else 'facts']}",
        *_paragraph(dice, pack, facts),
    ]
    if not is_call or dice.chance(0.3):
        readings = [speaker.say(pack.readings) for _ in range(dice.number(2, 4))]
        lines += ["", f"## {heads['readings']}", *_paragraph(dice, pack, readings)]
    lines += ["", f"## {heads['actions']}"]
    lines += [speaker.say(pack.actions)] if dice.chance(0.5) else []
    lines += todos
    if dice.chance(0.08):
        lines += ["", f"## {heads['consult']}", speaker.say(pack.consults)]
    return Draft(
        folder=f"{'calls' if is_call else 'meetings'}/{visit.day.year}",
        name=f"{visit.day} {_file_name(visit.customer.name)}",
        text="\n".join(lines) + "\n",
        day=visit.day,
        todos=len(todos),
    )


def draft_customer(dice: Dice, pack: Pack, customer: Customer) -> Draft:
    """Return the note that registers a customer."""
    theme = make_theme(dice, pack, tuple(person.spoken() for person in customer.people))
    day = LAST_DAY - timedelta(days=dice.number(1, 700))
    speaker = Speaker(dice, pack, theme, day)
    heads = pack.headings
    lines = ["---", "type: customer", f"name: {customer.name}", f"kana: {customer.kana}"]
    lines += [f"aliases: [{', '.join(customer.aliases)}]"] if customer.aliases else []
    lines += [f"group: {customer.group}"] if customer.group else []
    lines += [
        f"status: {dice.pick(('account', 'account', 'lead'))}",
        f"industry: {customer.business}",
        f"size: {dice.small(10, 900)}{'名' if pack.language == 'ja' else ' people'}",
        f"domain: {customer.domain}",
        f"owner: {REPS[customer.rep][0]}",
        f"source: {dice.pick(pack.sources)}",
    ]
    lines += [f"lease_end: {speaker.day + timedelta(days=dice.number(100, 1500)):%Y-%m}"] if dice.chance(0.4) else []
    lines += ["---", f"# {customer.name}", "", f"## {heads['overview']}"]
    lines += [speaker.say(pack.facts) for _ in range(dice.number(3, 5))]
    lines += ["", f"## {heads['people']}"]
    for person in customer.people:
        address = f"{person.family}.{dice.number(1, 99)}@{customer.domain}" if pack.language == "en" else ""
        lines.append(f"- {person.department} {person.full()} {address}".rstrip())
    lines += ["", f"## {heads['history']}"]
    lines += [f"- {speaker.day.year - back}: {speaker.say(pack.facts)}" for back in range(dice.number(1, 3))]
    lines += ["", f"## {heads['cautions']}", speaker.say(pack.readings)]
    return Draft(folder="customers", name=_file_name(customer.name), text="\n".join(lines) + "\n", day=day)


def draft_team(dice: Dice, pack: Pack, day: date) -> Draft:
    """Return the minutes of the team's own meeting."""
    speaker = Speaker(dice, pack, make_theme(dice, pack, _colleagues(pack)), day)
    title = dice.pick(pack.team_titles)
    present = dice.shuffle(REPS)[: dice.number(4, 10)]
    heads = pack.headings
    plan, actual = dice.number(20, 60), dice.number(10, 60)
    todos = [
        _todo(dice, pack, speaker, rep=dice.number(0, 19), mark=_mark(dice, day)) for _ in range(dice.number(1, 4))
    ]
    lines = [
        "---",
        "type: team-meeting",
        f"date: {day}",
        f"title: {title}",
        f"attendees: [{', '.join(key for key, _ in present)}]",
        f"owner: {present[0][0]}",
        "---",
        f"# {title} {day}",
        "",
        f"## {heads['kpi']}",
        *(["| 指標 | 目標 | 実績 |"] if pack.language == "ja" else ["| figure | target | actual |"]),
        "|---|---|---|",
        f"| {'訪問' if pack.language == 'ja' else 'visits'} | {plan} | {actual} |",
        "",
        f"## {heads['progress']}",
        *[f"- {speaker.say(pack.team)}" for _ in range(dice.number(5, 12))],
        "",
        f"## {heads['measures']}",
        *[speaker.say(pack.readings) for _ in range(dice.number(1, 3))],
        "",
        f"## {heads['actions']}",
        *todos,
    ]
    return Draft(
        folder=f"team/{day.year}", name=f"{day} {title}", text="\n".join(lines) + "\n", day=day, todos=len(todos)
    )


def draft_jottings(dice: Dice, pack: Pack, day: date) -> Draft:
    """Return a day's quick notes of one rep, without front matter."""
    speaker = Speaker(dice, pack, make_theme(dice, pack, _colleagues(pack)), day)
    rep = dice.number(0, len(REPS) - 1)
    lines = [f"# {day}", "", f"## {pack.headings['jots']}"]
    lines += [f"- {hour}:{dice.number(10, 59)} {speaker.say(pack.jots)}" for hour in range(9, 10 + dice.number(1, 5))]
    todos = [_todo(dice, pack, speaker, rep=rep, mark=_mark(dice, day))] if dice.chance(0.3) else []
    text = "\n".join([*lines, *todos]) + "\n"
    return Draft(folder="inbox", name=f"{day} {REPS[rep][0]}", text=text, day=day, todos=len(todos))


def _front_matter(dice: Dice, pack: Pack, visit: Visit, speaker: Speaker, mention: str) -> Iterator[str]:
    """Yield the front matter's lines; every third rep but one has key names of their own."""
    rep_key, rep_name = REPS[visit.rep]
    keys = pack.keys if visit.rep % 7 == 3 else {}
    language = pack.language
    yield "---"
    yield f"type: {'call' if visit.channel >= 2 else 'meeting'}"
    fields = {"date": _render_day(dice, visit.day, language=language)}
    fields["customer"] = f'"{mention}"' if mention.startswith("[[") else mention
    people = dice.shuffle(visit.customer.people)[: dice.small(1, 4)]
    fields["contacts"] = f"[{', '.join(person.full() for person in people)}]"
    fields["owner"] = rep_key if language == "en" or dice.chance(0.95) else rep_name
    own_word = language == "en" or visit.rep % 5 == 1
    fields["channel"] = pack.channels[visit.channel] if own_word else _CHANNEL_KEYS[visit.channel]
    if visit.deal is not None:
        fields["deal"] = visit.deal.name
    fields["stage"] = pack.stages[visit.stage]
    if visit.deal is not None and visit.stage >= PROPOSAL:
        yen = visit.deal.amount * (100 if visit.stage == PROPOSAL else dice.number(85, 105)) // 1_000_000 * 10_000
        fields["amount"] = render_amount(dice, max(yen, 100_000), language=language)
    if visit.stage >= QUOTE:
        fields["close_date"] = str(visit.day + timedelta(days=0 if visit.stage >= WON else dice.number(20, 120)))
    if visit.stage == LOST:
        fields["lost_reason"] = pack.loss_reasons.draw(dice)
        fields["revisit"] = f"{visit.day + timedelta(days=dice.number(90, 500)):%Y-%m}"
    yield from (f"{keys.get(key, key)}: {value}" for key, value in fields.items())
    yield from _learned(dice, pack, speaker, keys.get("learned", "learned"))
    yield "---"


_CHANNEL_KEYS: Final = ("visit", "online", "phone", "email")


def _learned(dice: Dice, pack: Pack, speaker: Speaker, key: str) -> Iterator[str]:
    answers = dict(pack.learned.draw(dice) for _ in range(dice.small(0, 4)))
    entries = [f"{question}: {speaker.fill(answer)}" for question, answer in answers.items()]
    if entries and dice.chance(0.7):
        yield f"{key}: {{{', '.join(entries)}}}"
    elif entries:
        yield f"{key}:"
        yield from (f"  {entry}" for entry in entries)


def _render_day(dice: Dice, day: date, *, language: str) -> str:
    if language == "en" or dice.chance(0.88):
        return str(day)
    return dice.pick(
        (
            f"{day:%Y/%m/%d}",
            f"{day.year}年{day.month}月{day.day}日",
            f"令和{day.year - _ERA_START}年{day.month}月{day.day}日",
            f"{day.year}/{day.month}/{day.day}",
        )
    )


def _paragraph(dice: Dice, pack: Pack, sentences: list[str]) -> list[str]:
    """Return sentences as a list or as running text."""
    if dice.chance(0.6):
        return [f"- {sentence}" for sentence in sentences]
    return [("" if pack.language == "ja" else " ").join(sentences)]


def _todos(dice: Dice, pack: Pack, speaker: Speaker, visit: Visit) -> Iterator[str]:
    """Yield ToDos: an open deal's last minutes keep one open, old minutes have few left."""
    if visit.stage == LOST and dice.chance(0.5):
        return
    for position in range(dice.small(1, 4)):
        keep_open = position == 0 and visit.is_last and visit.stage < WON
        mark = " " if keep_open else _mark(dice, visit.day)
        yield _todo(dice, pack, speaker, rep=visit.rep, mark=mark)


def _mark(dice: Dice, day: date) -> str:
    """Return a task's mark; the older the note, the likelier it is done."""
    if dice.chance(0.03):
        return "-"
    age = (LAST_DAY - day).days
    return "x" if dice.chance(0.97 if age > 120 else 0.85 if age > 30 else 0.35) else " "


def _todo(dice: Dice, pack: Pack, speaker: Speaker, *, rep: int, mark: str) -> str:
    """Return a task item in one of the spellings of due date, owner and priority."""
    key, name = REPS[rep]
    due = speaker.day + timedelta(days=dice.small(2, 40))
    text = speaker.say(pack.todos)
    text = f"{text} ⏫" if dice.chance(0.04) else text
    done = f" ✅ {due}" if mark == "x" and dice.chance(0.1) else ""
    spellings = _SPELLINGS_JA if pack.language == "ja" else _SPELLINGS_EN
    return f"- [{mark}] {dice.pick(spellings)(text, due, key, name)}{done}"


_Spelling = Callable[[str, date, str, str], str]
_SPELLINGS_EN: Final[tuple[_Spelling, ...]] = (
    lambda text, due, key, _: f"{text} @{key} due:{due}",
    lambda text, due, key, _: f"{text} @{key} due:{due}",
    lambda text, due, key, _: f"{text} 📅 {due} @{key}",
    lambda text, due, _, __: f"{text} [due:: {due}]",
    lambda text, _, key, __: f"{text} @{key}",
)
_SPELLINGS_JA: Final[tuple[_Spelling, ...]] = (
    *_SPELLINGS_EN,
    lambda text, due, _, name: f"{text}（期限: {due.month}/{due.day}）担当:{name}",
    lambda text, due, key, _: f"{text}（期限: {due.month}/{due.day}） @{key}",
    lambda text, due, _, __: f"{text} {due.month}/{due.day}まで",
    lambda text, due, key, _: f"{text} {due.month}月{due.day}日まで @{key}",
)


def _colleagues(pack: Pack) -> tuple[str, ...]:
    return tuple(f"{name}さん" if pack.language == "ja" else key.capitalize() for key, name in REPS)


def _file_name(name: str) -> str:
    """Return a company's name as a file's; a slash or dot at its edge would not do."""
    return name.replace("/", "／").strip(" .")
