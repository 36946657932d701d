import json
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest

from notevault.config import CalendarKind
from notevault.report.calendar import CalendarEntry, find_days, list_calendar
from notevault.report.calendar_events import CalendarEvent, render_calendar
from notevault.report.calendar_page import make_events, make_plan
from notevault.report.document import Heading
from notevault.workspace import Workspace
from tests.conftest import TODAY, MakeVault, Run
from tests.customer_vault import NOTES, SETTINGS
from tests.synced import synced

END = CalendarKind(key="lease_end", lead_days=180)
START = CalendarKind(key="budget_month", lead_days=60, at="start")


@pytest.fixture
def vault(make_vault: MakeVault) -> Path:
    return make_vault(NOTES, settings=SETTINGS)


@pytest.fixture
def workspace(vault: Path) -> Iterator[Workspace]:
    with synced(vault) as opened:
        yield opened


def _entries(workspace: Workspace, days: int) -> tuple[CalendarEntry, ...]:
    until = TODAY + timedelta(days=days)
    return list_calendar(workspace.catalog, workspace.settings, TODAY, until=until, language="en")


@pytest.mark.parametrize(
    ("value", "kind", "days"),
    [
        ("2027-03", END, [date(2027, 3, 31)]),
        ("2027年2月", END, [date(2027, 2, 28)]),
        ("2027-02-10", END, [date(2027, 2, 10)]),
        ("2027-01（電子カルテ）", END, [date(2027, 1, 31)]),
        ("1月", START, [date(2026, 1, 1), date(2027, 1, 1)]),
        ("December", END, [date(2026, 12, 31), date(2027, 12, 31)]),
        ("山田社長", END, []),
        ("3台", END, []),
        ("x" * 200, END, []),
    ],
)
def test_days_of_an_answer(value: str, kind: CalendarKind, days: list[date]) -> None:
    assert list(find_days(value, kind, date(2026, 11, 5), TODAY, date(2027, 2, 20))) == days


def test_talk_begins_with_the_lead_time_of_its_kind(workspace: Workspace) -> None:
    found = {(entry.customer, entry.kind): entry for entry in _entries(workspace, 90)}
    lease = found["株式会社山田工業", "lease_end"]
    assert (lease.day, lease.start) == (date(2027, 3, 31), date(2026, 10, 2))
    assert (lease.owner, lease.contact, lease.label) == ("sato", "山田太郎 部長", "Lease end")
    assert found["株式会社山田工業", "fiscal_year_end"].yearly


def test_learned_days_without_a_kind_are_there_and_past_ones_are_not(workspace: Workspace) -> None:
    found = {(entry.customer, entry.kind): entry for entry in _entries(workspace, 90)}
    assert found["青嶺物流", "開始"].day == date(2027, 2, 1)
    assert ("青嶺物流", "lease_end") not in found


def test_what_needs_no_talk_yet_is_left_out(workspace: Workspace) -> None:
    assert ("山田工業 大阪支店", "fiscal_year_end") not in {
        (entry.customer, entry.kind) for entry in _entries(workspace, 30)
    }


def test_yearly_date_comes_back_each_year(workspace: Workspace) -> None:
    days = [
        entry.day for entry in _entries(workspace, 600) if entry.kind == "fiscal_year_end" and entry.owner == "sato"
    ]
    assert days == [date(2027, 3, 31), date(2028, 3, 31)]


def test_plan_goes_month_by_month_or_by_owner(workspace: Workspace) -> None:
    entries = _entries(workspace, 90)
    months = [block.text for block in make_plan(entries, TODAY).blocks if isinstance(block, Heading)]
    assert months == ["2026-11 (1)", "2027-01 (3)"]
    owners = [block.text for block in make_plan(entries, TODAY, by="owner").blocks if isinstance(block, Heading)]
    assert owners == ["ito (2)", "sato (2)"]


def test_ics_is_folded_escaped_and_stable(workspace: Workspace) -> None:
    now = datetime(2026, 11, 22, 3, 4, 5, tzinfo=UTC)
    text = render_calendar(make_events(_entries(workspace, 90)), "名前; 暦", now)
    assert text == render_calendar(make_events(_entries(workspace, 90)), "名前; 暦", now)
    assert text.endswith("END:VCALENDAR\r\n")
    assert "DTSTART;VALUE=DATE:20270331\r\nDTEND;VALUE=DATE:20270401\r\n" in text
    assert "X-WR-CALNAME:名前\\; 暦\r\n" in text
    assert all(len(line.encode()) <= 75 for line in text.split("\r\n"))
    assert "\n" not in text.replace("\r\n", "")


def test_injected_line_stays_inside_its_event() -> None:
    event = CalendarEvent(uid="u", day=TODAY, summary="a\r\nEND:VCALENDAR", description="b\nc")
    text = render_calendar([event], "n", datetime(2026, 1, 1, tzinfo=UTC))
    assert "SUMMARY:a\\nEND:VCALENDAR\r\n" in text
    assert "DESCRIPTION:b\\nc\r\n" in text


def test_command(run: Run, vault: Path, tmp_path: Path) -> None:
    ran = run("report", "calendar", vault=vault)
    assert (ran.exit_code, ran.stderr) == (0, "4 dates\n")
    assert "2026-11 (1)" in ran.stdout
    rows = json.loads(
        run("report", "calendar", "--owner", "sato", "--kind", "リース満了", "--json", vault=vault).stdout
    )
    assert [row["day"] for row in rows] == ["2027-03-31"]
    assert json.loads(run("report", "calendar", "青嶺物流", "--next", "30d", "--json", vault=vault).stdout) == []
    place = tmp_path / "plan.ics"
    assert run("report", "calendar", "--ics", place, vault=vault).exit_code == 0
    assert place.read_bytes().startswith(b"BEGIN:VCALENDAR\r\n")
