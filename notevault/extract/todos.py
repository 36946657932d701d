"""Task items read as ToDos: due date, owner, priority and day of completion in the spellings in use.

Known: ``due:2026-11-27``, ``[due:: 2026-11-27]``, ``📅 2026-11-27``, ``（期限: 11/27）``, ``期限 11/27``,
``11/27まで``, ``来週金曜まで``, ``今週中に``, ``by 2026-11-27``, ``@sato``, ``担当:佐藤``,
``!high``, ``⏫``, ``優先度:高``, ``✅ 2026-11-20``, ``done:2026-11-20``. Where nothing marks a due date, a date at the
very end is one: ``見積を送る 11/27``, ``見積を送る（11/27）``, ``call Initech @bob 2026-12-01``.
"""

import re
from base64 import b32encode
from collections.abc import Iterable, Sequence
from datetime import date
from functools import cache
from hashlib import sha256
from typing import Final

from notevault.config import Settings, bare_owner
from notevault.dates import parse_date
from notevault.model import Note, Span, Task, Todo, TodoStatus
from notevault.records import record
from notevault.text import normalize

_ID_LENGTH: Final = 6
_DONE: Final = frozenset("xXｘＸ✓✔✅☑済")
_CANCELLED: Final = frozenset("-－")

_DAY = r"[0-9０-９RrHh令平][0-9０-９/／.\-－年月日和成元RrHh]{0,14}(?:\s?[（(][月火水木金土日祝・]{1,3}[）)])?"
_WORD_DAY = r"[^\s（()）\[\]、。,，@📅]{1,16}"
_SOON = (
    r"(?:今|来|再来|翌|次)(?:週|月)?の?[月火水木金土日]曜日?|(?:今|来|再来|翌)(?:週|月|年)末?"
    r"|[月火水木金土日]曜日?|(?:月|週|年)末|本日|今日|明日|翌日|明後日|あさって|週明け"
)
_WITHIN = r"今週中|来週中|今月中|来月中|月内|週内|年内|今週末|来週末|今月末|来月末|月末|年末|(?:本日|今日|明日)(?=中)"
_DUE_NAMES = r"due|deadline|期限日|期限|期日|締切り|締め切り|締切|〆(?:切り?)?|納期"
_LETTER = "(?a:[a-z])"  # without the two letters beyond ASCII, Kelvin and long s, for which each set would be a table
_NO_DUE = "".join(f"(?<!{word})" for word in (_LETTER, "契約", "有効", "保証", "使用", "更新", "リース"))
_UNTIL = r"(?:まで(?:に)?|迄(?:に)?)"
_MONTH = rf"(?:jan|feb|mar|apr|may|june?|july?|aug|sept?|oct|nov|dec){_LETTER}{{0,6}}\.?"
_WEEKDAY = rf"(?:mon|tue|wed|thu|fri|sat|sun){_LETTER}{{0,6}}\b"
_ENGLISH_DAY = (
    rf"(?:(?:this|next)\s)?{_WEEKDAY}|{_MONTH}\s\d{{1,2}}(?:st|nd|rd|th)?\b(?:,?\s\d{{4}}\b)?"
    rf"|\d{{1,2}}(?:st|nd|rd|th)?\s{_MONTH}(?!\w)(?:\s\d{{4}}\b)?|tomorrow\b|today\b|eo[wmy]\b"
    r"|end\sof\s(?:(?:the|this|next)\s)?(?:week|month|year)\b"
)
_BEFORE_MARKER = r"(?=\s*$|\s+[@＠✅⏫🔺🔼🔽#^!！])"
_OPEN, _CLOSE = r"[（(【［〔]\s?", r"\s?[）)】］〕]"


@cache
def _due_pattern() -> re.Pattern[str]:
    return re.compile(
        rf"""
          \[(?:{_DUE_NAMES})\s?::\s{{0,4}}(?P<inline>[^\]\n]{{1,30}})\]
        | \((?:{_DUE_NAMES})\s?::\s{{0,4}}(?P<inline2>[^)\n]{{1,30}})\)
        | {_OPEN}(?:{_DUE_NAMES})\s?[:：]?\s?(?P<paren>{_DAY}|{_WORD_DAY})\s?{_UNTIL}?{_CLOSE}
        | {_NO_DUE}\b(?:due|deadline)\s?:?\s?(?P<due>{_ENGLISH_DAY})
        | {_NO_DUE}(?:{_DUE_NAMES})\s?(?:::?|：)\s?(?P<named>{_DAY}|{_WORD_DAY}){_UNTIL}?
        | {_NO_DUE}(?:期限日?|期日|締切り?|締め切り|〆(?:切り?)?)\s?(?P<beside>{_DAY}){_UNTIL}?{_BEFORE_MARKER}
        | (?:📅|🗓️|🗓|📆)️?\s?(?P<emoji>{_DAY})
        | {_OPEN}(?P<until_paren>{_DAY}|{_SOON})\s?(?:{_UNTIL}|〆切?|締切?){_CLOSE}
        | {_OPEN}(?P<within_paren>{_WITHIN})中?(?:に)?{_CLOSE}
        | {_OPEN}(?P<bare_paren>[0-9０-９]{{1,2}}[/／月][0-9０-９]{{1,2}}日?){_CLOSE}{_UNTIL}
        | (?P<until>{_DAY}|{_SOON})\s?(?:{_UNTIL}|〆切?|締切|締め)
        | (?P<within>{_WITHIN})中?に
        | \b(?:by|until|before|no\slater\sthan)\s(?:the\s(?=end))?(?P<word>{_ENGLISH_DAY})(?:\.(?=\s{{0,4}}$))?
        | (?<!\S)(?P<last>(?:this|next)\s{_WEEKDAY}|tomorrow)(?=[.!]?\s{{0,4}}(?:[@＠!#]|$))
        | \b(?:by|until|before|due|deadline)\s(?P<by>\d{{4}}-\d\d-\d\d|\d{{1,2}}/\d{{1,2}})(?!\d)
        """,
        re.VERBOSE | re.IGNORECASE,
    )


_NAME = r"[^\s@＠（()）、。,，:：\[\]{}<>\"'`!！#/]"


@cache
def _owner_pattern() -> re.Pattern[str]:
    return re.compile(
        rf"""
          \[(?:owner|assignee|担当者?)\s?::\s{{0,4}}(?P<inline>[^\]\n]{{1,30}})\]
        | [（(]\s?担当者?\s?[:：]\s?(?P<paren>[^\s（()）、。,，]{{1,20}})\s?[）)]
        | (?<![^\s（()）、。\]】])(?:担当者?|owner|assignee)\s?[:：]\s?(?P<named>[^\s（()）、。,，@\[\]]{{1,20}})
        | (?<![A-Za-z0-9_.+\-@＠/`])[@＠](?P<at>{_NAME}{{1,30}})(?![\w.]*@)
        """,
        re.VERBOSE | re.IGNORECASE,
    )


@cache
def _priority_pattern() -> re.Pattern[str]:
    return re.compile(
        r"""
          \[(?:priority|優先度)\s?::\s{0,4}(?P<inline>[^\]\n]{1,10})\]
        | [（(]?\s?(?:priority|優先度?)\s?[:：]\s?
          (?P<named>highest|high|medium|normal|lowest|low|高い?|中|低い?|大|小|[abc])(?!\w)\s?[）)]?
        | (?<!\S)[!！](?P<bang>high|medium|low|高|中|低)(?!\w)
        | (?P<emoji>🔺|⏫|🔼|🔽|⏬)️?
        """,
        re.VERBOSE | re.IGNORECASE,
    )


@cache
def _done_pattern() -> re.Pattern[str]:
    return re.compile(
        rf"""
          \[(?:completion|done)\s?::\s?(?P<inline>[^\]\n]{{1,30}})\]
        | ✅\s?(?P<emoji>{_DAY})
        | (?<!{_LETTER})(?:done|完了日?)\s?[:：]\s?(?P<named>{_DAY})
        """,
        re.VERBOSE | re.IGNORECASE,
    )


@cache
def _other_pattern() -> re.Pattern[str]:
    return re.compile(
        rf"(?:➕|⏳|🛫|❌)️?\s?{_DAY}|🆔\s?\w{{1,20}}|⛔\s?[\w,]{{1,60}}|🏁\s?\w{{1,20}}"
        rf"|\[(?:created|start|scheduled|cancelled|id|dependsOn)\s?::\s{{0,4}}[^\]\n]{{1,60}}\]"
    )


_FULL_DAY = (
    r"[0-9０-９]{4}\s?[-/／年.－]\s?[0-9０-９]{1,2}\s?[-/／月.－]\s?[0-9０-９]{1,2}日?"
    r"|(?:令和|[RrＲ])\s?(?:元|[0-9０-９]{1,2})[年./]\s?[0-9０-９]{1,2}[月./]\s?[0-9０-９]{1,2}日?"
    rf"|{_MONTH}\s\d{{1,2}}(?:st|nd|rd|th)?,?\s\d{{4}}|\d{{1,2}}(?:st|nd|rd|th)?\s{_MONTH},?\s\d{{4}}"
)
_SHORT_DAY = (
    r"[0-9０-９]{1,2}(?:[/／][0-9０-９]{1,2}|月[0-9０-９]{1,2}日)"
    rf"|{_MONTH}\s\d{{1,2}}(?:st|nd|rd|th)?|\d{{1,2}}(?:st|nd|rd|th)?\s{_MONTH}"
)
_NAMED_DAY = (
    r"今日|本日|明日|明後日|あさって|(?:今|来|再来|翌)週の?[月火水木金土日]曜日?|今週[中末]|来週[中末]|今月[中末]|来月[中末]"
    r"|月内|年内|月末|年末|[月火水木金土日]曜日?"
    r"|(?:mon|tues|wednes|thurs|fri|satur|sun)day|end\sof\s(?:(?:the|this|next)\s)?(?:week|month|year)|eo[wm]"
)
_BESIDE_DAY = r"(?:\s?[（(][月火水木金土日祝・]{1,3}[）)])?"
_CLOCK = (
    r"\s{0,2}(?:午前|午後)?[0-9０-９]{1,2}(?:[:：][0-9０-９]{2}|時半?(?:[0-9０-９]{1,2}分)?)"
    r"[-〜～~0-9０-９:：時半分]{0,12}"
)


@cache
def _last_pattern() -> re.Pattern[str]:
    return re.compile(
        rf"""
        (?:
            {_OPEN}(?P<paren>(?:{_FULL_DAY}|{_SHORT_DAY}|{_NAMED_DAY}){_BESIDE_DAY}){_CLOSE}
          | (?:(?<![^\s、。,，・）)])(?:on\s|[〜～~]\s?)?|(?<=[^\W0-9０-９A-Za-z年月日]))
            (?P<full>(?:{_FULL_DAY}){_BESIDE_DAY})
          | (?<![^\s、。,，）)])(?:on\s|[〜～~]\s?)?(?P<short>(?:{_SHORT_DAY}|{_NAMED_DAY}){_BESIDE_DAY})
        )
        (?P<clock>{_CLOCK})?[.。]?$
        """,
        re.VERBOSE | re.IGNORECASE,
    )


_LAST_NAMES: Final = ("paren", "full", "short")
_TRAILER = re.compile(r"(?<!\S)(?:\^[A-Za-z0-9-]{1,64}|[#＃][^\s#＃]{1,60})$")
"""An Obsidian block id or a tag."""
_NO_LAST = re.compile(
    r"(?:[0-9０-９日）)]\s?(?:[-−–—〜～~、,，・/／]|か|と|から|or|and|to)"  # one of two days
    r"|毎[週月年]"
    r"|\b(?:of|from|since|dated|after|for|at|in|per|re|to|the|than|vs|and|or|every|each|last|part|page|step|phase|version|no\.?|is|was)"
    r"|[:：])\s?$",
    re.IGNORECASE,
)
"""What stands before a date at the end that is not the day by which something is to be done."""
_LEVELS: Final = {
    "high": ("highest", "high", "高", "高い", "大", "a", "🔺", "⏫", "🔼"),
    "medium": ("medium", "normal", "中", "b"),
    "low": ("low", "lowest", "低", "低い", "小", "c", "🔽", "⏬"),
}
_PRIORITIES: Final = {word: level for level, words in _LEVELS.items() for word in words}
_EMPTY_PARENS = re.compile(r"[（(【［〔]\s*[）)】］〕]|^[\s:：、,]+|[\s、,，]+$")
_LONGEST: Final = 2000


@record
class TaskText:
    """A task's text taken apart; spans are positions in that text, of the whole marker."""

    text: str
    due: date | None = None
    due_span: Span | None = None
    due_day_span: Span | None = None
    """The day alone, without the words of its marker."""
    owner: str | None = None
    owner_span: Span | None = None
    owner_name_span: Span | None = None
    priority: str | None = None
    done_on: date | None = None
    done_span: Span | None = None


def extract_todos(note: Note, settings: Settings, reference: date) -> tuple[Todo, ...]:
    """Return the note's ToDos without ids; days without a year are read as near ``reference``."""
    return tuple(_extract_todo(note, task, settings, reference) for task in note.tasks)


def make_todo_ids(texts: Iterable[str], uid: str) -> list[str]:
    """Return an id for each ToDo of a note, made of the note's ``uid`` and the ToDo's own words.

    So an id stays when lines move, a box is ticked, or due date, owner and priority change. Equal ToDos of one note
    are told apart by their order.
    """
    seen: dict[str, int] = {}
    ids = []
    for text in texts:
        words = normalize(text)
        seen[words] = number = seen.get(words, 0) + 1
        digest = sha256(f"{uid}\0{words}\0{number}".encode("utf-8", "surrogatepass")).digest()
        ids.append(b32encode(digest).decode().lower()[:_ID_LENGTH])
    return ids


def parse_task_text(text: str, reference: date) -> TaskText:
    """Read the markers of one task line; a marker whose date cannot be read stays in the text."""
    head, tail = text[:_LONGEST], text[_LONGEST:]
    due, due_span, due_day_span = _find_day(_due_pattern(), head, reference)
    done_on, done_span, _day_span = _find_day(_done_pattern(), head, reference)
    owner_match = _owner_pattern().search(head)
    priority_match = _priority_pattern().search(head)
    spans = [span for span in (due_span, done_span) if span]
    spans += [_span(match) for match in (owner_match, priority_match) if match]
    spans += [_span(match) for match in _other_pattern().finditer(head)]
    if due is None and not tail:
        due, due_span, due_day_span = _find_last_day(head, spans, reference)
        spans += [due_span] if due_span else []
    return TaskText(
        text=_without(head, spans) + tail,
        due=due,
        due_span=due_span,
        due_day_span=due_day_span,
        owner=bare_owner(_group(owner_match) or "") or None,
        owner_span=_span(owner_match) if owner_match else None,
        owner_name_span=_group_span(owner_match) if owner_match else None,
        priority=_PRIORITIES.get((_group(priority_match) or "").lower()),
        done_on=done_on,
        done_span=done_span,
    )


def todo_status(mark: str) -> TodoStatus:
    """Return the state that the character between the brackets means; unknown ones are open, as Obsidian has it."""
    if mark in _DONE:
        return TodoStatus.DONE
    return TodoStatus.CANCELLED if mark in _CANCELLED else TodoStatus.OPEN


def _extract_todo(note: Note, task: Task, settings: Settings, reference: date) -> Todo:
    parsed = parse_task_text(task.text, reference)
    owner = settings.find_owner(parsed.owner) if parsed.owner else None
    return Todo(
        text=parsed.text,
        status=todo_status(task.mark),
        due=parsed.due,
        owner=owner.key if owner else parsed.owner,
        priority=parsed.priority,
        done_on=parsed.done_on,
        line=task.line,
        section=note.sections[task.section].heading if task.section is not None else None,
    )


def _find_day(pattern: re.Pattern[str], text: str, reference: date) -> tuple[date | None, Span | None, Span | None]:
    """Return the first day that can be read, where its marker is, and where it stands in that."""
    for match in pattern.finditer(text):
        day = parse_date(_group(match) or "", reference)
        if day:
            return day, _span(match), _group_span(match)
    return None, None, None


def _find_last_day(text: str, spans: Sequence[Span], reference: date) -> tuple[date | None, Span | None, Span | None]:
    """Return the day at the very end, only other markers, tags and the time of day behind it, and where it stands."""
    masked = list(text)
    for span in spans:
        masked[span.start : span.end] = " " * (span.end - span.start)
    words = "".join(masked).rstrip()
    while found := _TRAILER.search(words):
        words = words[: found.start()].rstrip()
    match = _last_pattern().search(words)
    before = words[max(0, match.start() - 20) : match.start()] if match else ""
    if match is None or not before.strip() or _NO_LAST.search(before):
        return None, None, None
    inner = next(Span(start=match.start(name), end=match.end(name)) for name in _LAST_NAMES if match[name])
    day = parse_date(words[inner.start : inner.end], reference)
    if day is None or (match[0][:2].lower() == "on" and day < reference):  # what was said on a day gone by
        return None, None, None
    end = match.start("clock") if match["clock"] else match.end()
    return day, Span(start=match.start(), end=end), inner


def _group(match: re.Match[str] | None) -> str | None:
    if match is None:
        return None
    found = next((value for value in match.groupdict().values() if value), None)
    return found.strip() if found else None


def _group_span(match: re.Match[str]) -> Span | None:
    name = next((name for name, value in match.groupdict().items() if value), None)
    return Span(start=match.start(name), end=match.end(name)) if name else None


def _span(match: re.Match[str]) -> Span:
    return Span(start=match.start(), end=match.end())


def _without(text: str, spans: Sequence[Span]) -> str:
    kept, at = [], 0
    for span in sorted(spans):
        kept.append(text[at : span.start])
        at = max(at, span.end)
    joined = " ".join(piece.strip() for piece in [*kept, text[at:]] if piece.strip())
    return " ".join((_EMPTY_PARENS.sub("", joined) if spans else joined).split())
