import json
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest

from notevault.report.brief import Brief, BriefMaker, BriefOptions, Depth
from notevault.report.brief_page import make_page
from notevault.report.choosing import choose_customer
from notevault.report.document import render_markdown
from notevault.report.handover import find_risks, suggest_questions
from notevault.report.say import Words
from notevault.workspace import Workspace
from tests.conftest import TODAY, MakeVault, Run
from tests.customer_vault import NOTES, SETTINGS
from tests.synced import synced


@pytest.fixture
def vault(make_vault: MakeVault) -> Path:
    return make_vault(NOTES, settings=SETTINGS)


@pytest.fixture
def workspace(vault: Path) -> Iterator[Workspace]:
    with synced(vault) as opened:
        yield opened


def _brief(workspace: Workspace, options: BriefOptions = BriefOptions(), name: str = "山田工業") -> Brief:  # noqa: B008
    maker = BriefMaker(workspace.catalog, workspace.settings, workspace.templates, TODAY, "en")
    return maker.make(choose_customer(workspace.catalog, name), options)


def _text(workspace: Workspace, options: BriefOptions = BriefOptions(), *, handover: bool = False) -> str:  # noqa: B008
    words = Words(settings=workspace.settings, language="en")
    return render_markdown(make_page(_brief(workspace, options), workspace.settings, words, handover=handover))


def test_brief_holds_everything_said_of_the_customer(workspace: Workspace) -> None:
    brief = _brief(workspace)
    assert (brief.title, brief.days_silent) == ("株式会社山田工業", 17)
    assert {line.key: line.value for line in brief.profile}["industry"] == "金属加工"
    assert [person.name for person in brief.people] == ["山田太郎", "鈴木花子"]
    assert [(deal.deal, deal.stage) for deal in brief.deals] == [("複合機", "proposal")]
    assert [one.name for one in brief.footprints.competitors] == ["オルカ事務機"]
    assert [said.text[:6] for said in brief.footprints.competitors[0].said] == ["オルカの見積"]
    assert [said.text for said in brief.footprints.promises] == ["12月に返事をすると約束した"]


def test_todos_are_ours_and_theirs(workspace: Workspace) -> None:
    brief = _brief(workspace)
    assert [todo.text for todo in brief.todos_ours] == ["提案書を送る"]
    assert [todo.text for todo in brief.todos_theirs] == ["図面を送る"]


def test_whoever_signs_a_mail_is_named_once(make_vault: MakeVault) -> None:
    mail = (
        "---\ntype: inquiry\ndate: 2026-11-01\ncustomer: 株式会社甲\ncontacts: [山田太郎 部長]\n---\n返信の署名:\n"
        "-----\n株式会社甲\n管理部 部長\n山田 太郎\nTEL 03-1234-5678\ntaro@kou.example\n-----\n"
    )
    with synced(make_vault({"a.md": mail})) as workspace:
        (contact,) = _brief(workspace, name="株式会社甲").footprints.timeline
    assert contact.contacts == ("山田太郎 部長",)


def test_days_ahead_that_are_not_shown_are_counted(make_vault: MakeVault) -> None:
    todos = "".join(f"- [ ] 電話{day} due:2026-12-{day:02d}\n" for day in range(1, 9))
    note = f"---\ntype: meeting\ndate: 2026-11-01\ncustomer: 甲社\n---\n{todos}"
    with synced(make_vault({"a.md": note})) as workspace:
        maker = BriefMaker(workspace.catalog, workspace.settings, workspace.templates, TODAY, "en")
        brief = maker.make(choose_customer(workspace.catalog, "甲社"), BriefOptions())
        text = render_markdown(
            make_page(brief, workspace.settings, Words(settings=workspace.settings, language="en"), handover=False)
        )
    assert "… and 2 later dates" in text


def test_contacts_come_newest_first_with_their_first_lines(workspace: Workspace) -> None:
    timeline = _brief(workspace).footprints.timeline
    assert [one.date for one in timeline] == [date(2026, 11, 5), date(2026, 3, 2)]
    assert timeline[0].lines[0] == "12月に返事をすると約束した"
    assert timeline[0].contacts == ("山田太郎 部長", "鈴木花子")


def test_full_depth_has_every_section(workspace: Workspace) -> None:
    lines = _brief(workspace, BriefOptions(depth=Depth.FULL)).footprints.timeline[0].lines
    assert "[相談] どこまで値引きしてよいか。" in lines


def test_since_leaves_older_contacts_out(workspace: Workspace) -> None:
    brief = _brief(workspace, BriefOptions(since=date(2026, 11, 1)))
    assert [one.date for one in brief.footprints.timeline] == [date(2026, 11, 5)]


def test_only_questions_to_the_boss_without_an_answer_are_open(workspace: Workspace) -> None:
    assert [said.text for said in _brief(workspace).footprints.unanswered] == ["どこまで値引きしてよいか。"]
    assert _brief(workspace, name="山田工業 大阪支店").footprints.unanswered == ()


def test_coming_dates_are_in_order(workspace: Workspace) -> None:
    assert [(one.date.isoformat(), one.kind) for one in _brief(workspace).dates] == [
        ("2026-12-01", "todo"),
        ("2027-03-31", "fiscal_year_end"),
        ("2027-03-31", "lease_end"),
    ]


def test_group_shows_all_units(workspace: Workspace) -> None:
    brief = _brief(workspace, BriefOptions(group=True))
    assert brief.title == "山田グループ"
    assert [card.customer.name for card in brief.units] == ["株式会社山田工業", "山田工業 大阪支店"]
    assert {one.customer for one in brief.footprints.timeline} == {"株式会社山田工業", "山田工業 大阪支店"}


def test_handover_names_risks_and_first_questions(workspace: Workspace) -> None:
    brief = _brief(workspace)
    risks = find_risks(brief, Words(settings=workspace.settings, language="en"))
    assert risks == [
        "1 ToDo is overdue, since 2026-11-10",
        "1 question to the boss has no answer",
        "competitors heard of lately: オルカ事務機",
    ]
    questions = suggest_questions(brief)
    assert questions[0] == "Ask: Budget"
    assert "Confirm: 駐車場 — is it still 2台?" in questions
    text = _text(workspace, handover=True)
    for heading in ("## Risks", "## Unfinished business", "## History", "## Questions for the first visit"):
        assert heading in text
    assert "| ito | 2026-03-02 | 2026-03-02 | 1 |" in text


def test_headline_is_short(workspace: Workspace) -> None:
    text = _text(workspace, BriefOptions(depth=Depth.HEADLINE))
    assert len(text.splitlines()) < 15
    assert "提案書を送る" in text
    assert "##" not in text


def test_audience_gets_its_sections_and_fields_only(workspace: Workspace) -> None:
    text = _text(workspace, BriefOptions(audience="accounting"))
    assert "## Deals" in text
    assert "0568-00-1201" in text
    for word in ("金属加工", "## Contacts so far", "## Competitors", "山田社長"):
        assert word not in text


def test_command_prints_and_writes(run: Run, vault: Path, tmp_path: Path) -> None:
    ran = run("brief", "㈱山田工業", vault=vault)
    assert (ran.exit_code, ran.stdout.splitlines()[0]) == (0, "株式会社山田工業")
    row = json.loads(run("brief", "山田工業", "--json", "--for", "経理", vault=vault).stdout)
    assert (row["title"], row["audience"]) == ("株式会社山田工業", "accounting")
    page = tmp_path / "b.html"
    assert run("brief", "山田工業", "--handover", "-o", page, vault=vault).exit_code == 0
    written = page.read_text(encoding="utf-8")
    assert "&lt;script&gt;" in written
    assert "<script" not in written
    assert run("brief", "山田工業", "-o", tmp_path / "b.md", vault=vault).exit_code == 0
    assert (tmp_path / "b.md").read_text(encoding="utf-8").startswith("# 株式会社山田工業\n")


def test_since_looks_back_from_the_command_line_too(run: Run, vault: Path) -> None:
    row = json.loads(run("brief", "山田工業", "--since", "22d", "--json", vault=vault).stdout)
    assert [one["date"] for one in row["footprints"]["timeline"]] == ["2026-11-05"]


def test_unknown_audience_is_refused(run: Run, vault: Path) -> None:
    ran = run("brief", "山田工業", "--for", "boss", vault=vault)
    assert (ran.exit_code, "office" in ran.stderr) == (2, True)


def test_a_consultation_that_asks_nothing_is_no_open_question(make_vault: MakeVault, run: Run) -> None:
    note = "---\ntype: meeting\ndate: 2026-11-20\ncustomer: 株式会社甲\nowner: sato\n---\n## 相談\n"
    root = make_vault({"a.md": f"{note}なし\n", "b.md": f"{note}値引きは?\n回答: 不要\n", "c.md": f"{note}納期は?\n"})
    row = json.loads(run("brief", "株式会社甲", "--json", vault=root).stdout)
    asked = json.loads(run("report", "consult", "--json", vault=root).stdout)
    assert [one["text"] for one in row["footprints"]["unanswered"]] == ["納期は?"]
    assert [one["text"] for one in asked] == ["納期は?"]
