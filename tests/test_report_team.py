import json
from collections.abc import Iterator
from datetime import date

import pytest

from notevault.report.team import TeamMeeting, plan_meeting
from notevault.workspace import Workspace
from tests.conftest import TODAY, MakeVault, Run
from tests.synced import synced

SETTINGS = """
language = "en"
[owners]
sato = { name = "佐藤" }
ito = { name = "伊藤" }
[targets."2026-11"]
sato = 1000000
ito = 2000000
"""


def _note(day: str, customer: str, more: str, body: str = "", owner: str = "sato") -> str:
    return f"---\ntype: meeting\ndate: {day}\ncustomer: {customer}\nowner: {owner}\n{more}---\n{body}"


NOTES = {
    "team/old.md": "---\ntype: team-meeting\ndate: 2026-11-02\n---\n## Actions\n- [ ] Ask again @ito due:2026-11-06\n"
    "- [x] Long done\n",
    "team/last.md": "---\ntype: team-meeting\ndate: 2026-11-16\ntitle: Weekly\n---\n## Measures\n<!-- why -->\n"
    "- Call all silent ones - by Friday\n12. Ask again\n- [ ] Write the list @sato due:2026-11-20\n\n## Actions\n"
    "- [x] Book the room @ito\n- [-] Print cards @ito\n",
    "team/next.md": "---\ntype: team-meeting\ndate: 2026-12-01\n---\n## Actions\n- [ ] Of the future\n",
    "a1.md": _note("2026-11-10", "Alder", "deal: Copier\nstage: proposal\namount: 100万円\nchannel: visit\n"),
    "a2.md": _note("2026-11-18", "Alder", "deal: Copier\nstage: won\namount: 120万円\nchannel: visit\n"),
    "b1.md": _note("2026-09-01", "Birch", "deal: Server\nstage: quote\namount: 80万円\nclose_date: 2026-10-31\n"),
    "c1.md": _note(
        "2026-11-17",
        "Cedar",
        "deal: Phones\nstage: hearing\nchannel: phone\n",
        "## 相談\nMay we lend one?\n\n## Actions\n- [ ] Call back due:2026-12-20\n",
        "ito",
    ),
}


@pytest.fixture
def team(make_vault: MakeVault) -> Iterator[Workspace]:
    with synced(make_vault(NOTES, settings=SETTINGS)) as workspace:
        yield workspace


def _meeting(team: Workspace, day: date = TODAY, since: date | None = None) -> TeamMeeting:
    return plan_meeting(team.catalog, team.settings, day, language="en", since=since)


def test_figures_begin_with_the_last_meeting(team: Workspace) -> None:
    meeting = _meeting(team)
    assert meeting.last is not None
    assert (meeting.since, meeting.last.path, meeting.last.title) == (date(2026, 11, 16), "team/last.md", "Weekly")
    assert [(one.owner, one.contacts, one.points, one.won) for one in meeting.figures] == [
        ("ito", 1, 1.0, 0),
        ("sato", 1, 3.0, 1),
        (None, 2, 4.0, 1),
    ]
    assert [(line.owner, line.won, line.gap) for line in meeting.targets] == [
        ("sato", 1_200_000.0, 0.0),
        ("ito", 0.0, 2_000_000.0),
        ("team", 1_200_000.0, 1_320_000.0),
    ]


def test_measures_have_their_state_and_older_ones_only_while_open(team: Workspace) -> None:
    assert [(one.text, one.status, one.overdue, one.carried) for one in _meeting(team).measures] == [
        ("Write the list", "open", True, False),
        ("Book the room", "done", False, False),
        ("Print cards", "cancelled", False, False),
        ("Ask again", "open", True, True),
    ]
    last = _meeting(team).last
    assert last is not None
    assert last.decided == ("Call all silent ones - by Friday", "Ask again")


def test_deals_that_stand_still_come_with_what_is_wrong(team: Workspace) -> None:
    assert [(deal.customer, deal.flags) for deal in _meeting(team).stuck] == [
        ("Birch", ("no-todo", "too-long", "close-passed"))
    ]
    assert [each.text for each in _meeting(team).consultations] == ["May we lend one?"]


def test_first_meeting_looks_back_a_week(team: Workspace) -> None:
    first = _meeting(team, date(2026, 11, 2))
    assert (first.last, first.measures, first.since) == (None, (), date(2026, 10, 26))
    assert _meeting(team, since=date(2026, 9, 1)).figures[-1].contacts == 4


def test_no_target_of_the_day_is_no_fault(team: Workspace) -> None:
    assert _meeting(team, date(2026, 12, 2)).targets == ()


@pytest.mark.parametrize("language", ["en", "ja"])
def test_note_is_made_from_the_template_and_holds_no_new_todo(
    run: Run, make_vault: MakeVault, monkeypatch: pytest.MonkeyPatch, language: str
) -> None:
    monkeypatch.setenv("NOTEVAULT_LANG", language)
    root = make_vault(NOTES, settings=SETTINGS)
    before = run("todo", "--json", vault=root).stdout
    ran = run("report", "team", "--write", "-s", "title=Monday", vault=root)
    assert ran.exit_code == 0
    path = root / "team/2026/2026-11-22 Monday.md"
    assert ran.stdout.strip() == str(path)
    text = path.read_text(encoding="utf-8")
    kpi, progress, measures, actions = (
        ("## KPI", "## Progress", "## Measures", "## Actions")
        if language == "en"
        else ("## KPI", "## 進捗", "## 施策", "## 行動")
    )
    places = [text.index(each) for each in (kpi, "2,000,000", progress, "Birch", measures, "Write the list", actions)]
    assert places == sorted(places)
    assert "- [" not in text
    assert run("todo", "--json", vault=root).stdout == before
    assert run("check", path, vault=root).exit_code == 0
    waiting = json.loads(run("report", "consult", "--json", vault=root).stdout)
    assert [each["text"] for each in waiting] == ["May we lend one?"]


def test_agenda_of_the_next_meeting_does_not_repeat_the_tables_of_this_one(run: Run, make_vault: MakeVault) -> None:
    root = make_vault(NOTES, settings=SETTINGS)
    assert run("report", "team", "--write", vault=root).exit_code == 0
    meeting = json.loads(run("report", "team", "--date", "2026-11-29", "--json", vault=root).stdout)
    assert (meeting["last"]["path"], meeting["last"]["decided"]) == ("team/2026/2026-11-22 Sales meeting.md", [])
    assert [(each["text"], each["carried"]) for each in meeting["measures"]] == [
        ("Ask again", True),
        ("Write the list", True),
    ]


def test_second_note_of_a_day_takes_another_name(run: Run, make_vault: MakeVault) -> None:
    root = make_vault(NOTES, settings=SETTINGS)
    names = [run("report", "team", "--write", vault=root).stdout.strip()[-8:] for _ in range(2)]
    assert names == ["eting.md", "g (2).md"]


def test_template_without_the_sections_gets_them_at_its_end(run: Run, make_vault: MakeVault) -> None:
    template = "---\ntemplate: team-meeting\nfields:\n  date: {type: date}\nsections:\n  Talk: {}\n---\n## Talk\n"
    root = make_vault({**NOTES, "templates/t.md": template}, settings=SETTINGS)
    path = run("report", "team", "--write", vault=root).stdout.strip()
    with open(path, encoding="utf-8") as file:  # noqa: PTH123 -- a path as printed
        headings = [line.strip() for line in file if line.startswith("## ")]
    assert headings == ["## Talk", "## KPI", "## 進捗", "## 施策"]


def test_every_form_and_what_cannot_be(run: Run, make_vault: MakeVault) -> None:
    root = make_vault(NOTES, settings=SETTINGS)
    assert "Last meeting's measures: 1 of 3 done" in run("report", "team", vault=root).stdout
    rows = run("report", "team", "--csv", vault=root).stdout.splitlines()
    assert (len(rows), rows[0][:25]) == (5, '"text","status","overdue"')
    assert run("report", "team", "-o", root.parent / "t.html", vault=root).exit_code == 0
    assert "Birch" in (root.parent / "t.html").read_text(encoding="utf-8")
    assert run("report", "team", "-s", "a=b", vault=root).exit_code == 2
    ran = run("report", "team", "--write", "-s", "nonsense=b", vault=root)
    assert (ran.exit_code, "has no field 'nonsense'" in ran.stderr) == (2, True)


def test_empty_vault_has_an_agenda_that_says_so(run: Run, make_vault: MakeVault) -> None:
    assert "Nothing happened since then." in run("report", "team", vault=make_vault({"a.md": "x"})).stdout
