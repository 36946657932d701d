"""Markers of task lines in the spellings that people use."""

from datetime import date

import pytest

from notevault.extract.todos import extract_todos, make_todo_ids, parse_task_text, todo_status
from notevault.model import NotePath, Todo, TodoStatus
from notevault.note import parse_note
from notevault.settings_reader import parse_settings

NOTE_DAY = date(2026, 11, 20)
NOV_27 = date(2026, 11, 27)


@pytest.mark.parametrize(
    ("written", "text"),
    [
        ("提案書を作成する due:2026-11-27", "提案書を作成する"),
        ("提案書を作成する 📅 2026-11-27", "提案書を作成する"),
        ("提案書を作成する 📅2026-11-27", "提案書を作成する"),
        ("提案書を作成する [due:: 2026-11-27]", "提案書を作成する"),
        ("提案書を作成する [due::2026-11-27]", "提案書を作成する"),
        ("提案書を作成する (due:: 2026-11-27)", "提案書を作成する"),
        ("提案書を作成する（期限: 11/27）", "提案書を作成する"),
        ("提案書を作成する (期限：11/27)", "提案書を作成する"),
        ("提案書を作成する【期限11/27】", "提案書を作成する"),
        ("提案書を作成する 期限 11/27", "提案書を作成する"),
        ("提案書を作成する 〆11/27 ✅ 2026-11-20", "提案書を作成する"),
        ("提案書を作成する 〆11/27", "提案書を作成する"),
        ("提案書を作成する 締切:11月27日", "提案書を作成する"),
        ("〆切:令和8年11月27日 提案書を作成する", "提案書を作成する"),
        ("11/27まで 提案書を作成する", "提案書を作成する"),
        ("１１／２７までに提案書を作成する", "提案書を作成する"),
        ("11月27日(金)までに提案書を作成する", "提案書を作成する"),
        ("提案書を作成する（11/27まで）", "提案書を作成する"),
        ("提案書を作成する (11/27)まで", "提案書を作成する"),
        ("提案書を作成する 11/27〆", "提案書を作成する"),
        ("来週金曜までに提案書を作成する", "提案書を作成する"),
        ("期限: 来週金曜 提案書を作成する", "提案書を作成する"),
        ("提案書を作成する（来週中）", "提案書を作成する"),
        ("提案書を作成する 納期:R8.11.27", "提案書を作成する"),
        ("Write the proposal by 2026-11-27", "Write the proposal"),
        ("Write the proposal deadline: 2026-11-27", "Write the proposal"),
        ("Write the proposal due 11/27", "Write the proposal"),
        ("Write the proposal by Nov 27", "Write the proposal"),
        ("Write the proposal by 27th November 2026.", "Write the proposal"),
        ("Write the proposal before Nov. 27th, 2026", "Write the proposal"),
        ("Write the proposal no later than next Friday", "Write the proposal"),
        ("due: Nov 27 Write the proposal", "Write the proposal"),
        ("Write the proposal next Friday @kate", "Write the proposal"),
        ("Write the proposal due:: 2026-11-27", "Write the proposal"),
        ("Write the proposal @kate 2026-11-27", "Write the proposal"),
        ("Write the proposal 2026-11-27 @kate !high", "Write the proposal"),
        ("Write the proposal 2026-11-27 ✅ 2026-11-20", "Write the proposal"),
        ("Write the proposal, 2026-11-27", "Write the proposal"),
        ("Write the proposal @kate, 11/27", "Write the proposal"),
        ("Write the proposal by the end of next week", "Write the proposal"),
        ("Write the proposal on 11/27.", "Write the proposal"),
        ("Write the proposal Nov 27", "Write the proposal"),
        ("Write the proposal 27 November 2026", "Write the proposal"),
        ("提案書を作成する 2026/11/27", "提案書を作成する"),
        ("提案書を作成する2026-11-27", "提案書を作成する"),
        ("提案書を作成する　１１／２７（金）", "提案書を作成する"),
        ("提案書を作成する 11月27日 @佐藤", "提案書を作成する"),
        ("提案書を作成する @佐藤 令和8年11月27日", "提案書を作成する"),
        ("提案書を作成する R8.11.27", "提案書を作成する"),
        ("提案書を作成する（11/27）", "提案書を作成する"),
        ("提案書を作成する 〜11/27", "提案書を作成する"),
        ("提案書を作成する 来週金曜", "提案書を作成する"),
        ("提案書を作成する 11/27 14:00", "提案書を作成する 14:00"),
        ("提案書を作成する 11/27 #急ぎ ^abc-1", "提案書を作成する #急ぎ ^abc-1"),
        ("打合せ 2026-11-27", "打合せ"),
    ],
)
def test_due_date_is_read_and_taken_out_of_the_text(written: str, text: str) -> None:
    parsed = parse_task_text(written, NOTE_DAY)
    assert (parsed.due, parsed.text) == (NOV_27, text)


@pytest.mark.parametrize(
    "written",
    [
        "納期 12/20 を確認",
        "契約期限: 2027-03-31 を確かめる",
        "18時まで会議、10人まで招待できる",
        "100%まで進める",
        "Reply by mail, then by Monica",
        "Find out what is due to whom",
        "Prepare for next Friday's visit",
        "期限: 未定 見積を出す",
        "📅 2026-02-30 の予定",
        "オーナーは誰か（sato に聞く）",
        "a.sato@example.co.jp へ送る",
        "今週中途半端な件を片付ける",
        "優先: checklist を作る",
        "2026-12-01",
        "12/1 見積を持参",
        "12/1 の打合せの準備",
        "議事録を送る（11/18訪問分）",
        "出張 12/1〜12/3",
        "出張 12/1 - 12/3",
        "訪問 11/30か12/1",
        "契約満了：2027-03-31",
        "資料1/2",
        "Read page 1/2",
        "Support 24/7",
        "Write the report every Friday",
        "Answer the mail of Monday",
        "File order no. 2026-12-01",
        "Send the minutes of 2026-11-18",
        "Answer the mail that came on 2026-11-18",
        "Read https://shop.example/2026/12/01",
        "Send report-2026-12-01",
    ],
)
def test_text_that_only_looks_like_a_marker_stays(written: str) -> None:
    parsed = parse_task_text(written, NOTE_DAY)
    assert parsed.text == written
    assert (parsed.due, parsed.owner, parsed.priority) == (None, None, None)


@pytest.mark.parametrize(
    ("written", "owner"),
    [
        ("見積 @sato", "sato"),
        ("見積提出@佐藤", "佐藤"),
        ("見積 ＠佐藤さん　11/27まで", "佐藤"),
        ("見積 担当:佐藤", "佐藤"),
        ("見積（担当：佐藤）", "佐藤"),
        ("[担当:: 佐藤] 見積", "佐藤"),
        ("見積 owner: sato", "sato"),
    ],
)
def test_owner_is_read(written: str, owner: str) -> None:
    parsed = parse_task_text(written, NOTE_DAY)
    assert (parsed.owner, parsed.text.removesuffix("提出")) == (owner, "見積")


@pytest.mark.parametrize(
    ("written", "priority"),
    [
        *(
            ("電話 !high", "high"),
            ("電話 ！高", "high"),
            ("優先度:高 電話", "high"),
            ("電話 ⏫", "high"),
            ("電話 🔺", "high"),
        ),
        *(("電話 [priority:: medium]", "medium"), ("電話 🔽", "low"), ("電話 優先:低", "low")),
    ],
)
def test_priority_is_read(written: str, priority: str) -> None:
    parsed = parse_task_text(written, NOTE_DAY)
    assert (parsed.priority, parsed.text) == (priority, "電話")


def test_day_of_completion_and_the_fields_of_obsidian_tasks_are_taken_out() -> None:
    written = "報告 🆔 abc ⛔ x1,y2 🏁 delete ➕ 2026-11-01 🛫 2026-11-02 ⏳ 2026-11-03 📅 2026-11-27 ✅ 2026-11-21"
    parsed = parse_task_text(written, NOTE_DAY)
    assert (parsed.text, parsed.due, parsed.done_on) == ("報告", NOV_27, date(2026, 11, 21))


def test_spans_cover_the_whole_marker() -> None:
    written = "提案書 @sato （期限: 11/27）"
    parsed = parse_task_text(written, NOTE_DAY)
    assert parsed.due_span is not None
    assert parsed.owner_span is not None
    assert written[parsed.due_span.start : parsed.due_span.end] == "（期限: 11/27）"
    assert written[parsed.owner_span.start : parsed.owner_span.end] == "@sato"


def test_date_without_year_is_near_the_day_of_the_note() -> None:
    assert parse_task_text("期限:1/10 連絡", date(2026, 12, 20)).due == date(2027, 1, 10)


@pytest.mark.parametrize(
    ("mark", "status"),
    [(" ", "open"), ("x", "done"), ("X", "done"), ("ｘ", "done"), ("-", "cancelled"), ("/", "open"), ("?", "open")],
)
def test_mark_between_the_brackets_gives_the_state(mark: str, status: str) -> None:
    assert todo_status(mark) is TodoStatus(status)


def test_date_at_the_end_is_no_due_date_beside_one_that_is_marked() -> None:
    parsed = parse_task_text("見積を送る 期限:11/27 納品 12/10", NOTE_DAY)
    assert (parsed.due, parsed.text) == (NOV_27, "見積を送る 納品 12/10")
    for written in ("報告 ✅ 2026-11-21", "報告 ⏳ 2026-11-21", "報告 ➕ 2026-11-21"):
        assert parse_task_text(written, NOTE_DAY).due is None


def test_span_of_a_date_at_the_end_is_the_day() -> None:
    written = "見積を送る @佐藤 〜11/27(金) 14:00"
    parsed = parse_task_text(written, NOTE_DAY)
    assert parsed.due_span is not None
    assert parsed.due_day_span is not None
    assert written[parsed.due_span.start : parsed.due_span.end] == "〜11/27(金)"
    assert written[parsed.due_day_span.start : parsed.due_day_span.end] == "11/27(金)"


def test_long_hostile_line_is_read_in_linear_time() -> None:
    for piece in ("期限:", "(due::", "11/27", "@" * 50, "（", "優先度:", "[due:: ", "12/1、", "〜", " on "):
        assert parse_task_text(piece * 20_000, NOTE_DAY).text


def _todos(body: str) -> tuple[Todo, ...]:
    settings = parse_settings('[owners]\nsato = {name = "佐藤健一", also = ["佐藤"]}\n', "notevault.toml")
    note = parse_note(NotePath("a.md"), body.encode())
    return extract_todos(note, settings, NOTE_DAY)


def test_owner_in_any_spelling_is_the_one_of_the_settings() -> None:
    assert [
        todo.owner for todo in _todos("- [ ] a @佐藤\n- [ ] b @sato\n- [ ] c 担当:佐藤健一\n- [ ] d @tanaka\n")
    ] == [*("sato", "sato", "sato", "tanaka")]


def test_id_stays_when_lines_move_and_when_box_due_owner_or_priority_change() -> None:
    (before,) = _todos("- [ ] 提案書を作成する @佐藤 due:2026-11-27\n")
    (after,) = _todos("# 題\n\n本文\n\n* [x] 提案書を作成する （期限: 12/4） @tanaka !high ✅ 2026-11-30\n")
    assert make_todo_ids([before.text], "n1") == make_todo_ids([after.text], "n1")
    assert (before.line, after.line) == (1, 5)


def test_equal_todos_of_one_note_have_ids_of_their_own() -> None:
    first, second = make_todo_ids([todo.text for todo in _todos("- [ ] 電話\n- [ ] 電話\n")], "n1")
    assert first != second


def test_todo_names_the_section_it_stands_in() -> None:
    outside, inside = _todos("- [ ] a\n\n## 行動\n- [ ] b\n")
    assert (outside.section, inside.section) == (None, "行動")


def test_an_owner_right_behind_a_closed_parenthesis_is_read() -> None:
    parsed = parse_task_text("見積書を送る（期限: 11/25）担当:田中", date(2026, 11, 18))
    assert (parsed.text, parsed.due, parsed.owner) == ("見積書を送る", date(2026, 11, 25), "田中")
