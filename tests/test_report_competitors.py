import json
import re
from collections.abc import Iterator
from datetime import date

import pytest

from notevault.errors import UnknownNameError
from notevault.report.competitor_prices import read_prices
from notevault.report.competitors import Competitor, list_competitors
from notevault.text import normalize
from notevault.workspace import Workspace
from tests.conftest import TODAY, MakeVault, Run
from tests.synced import synced

MENTIONS = {
    "オルカ事務機": re.compile("オルカ事務機|オルカ"),
    "ナルミoa販売": re.compile("ナルミoa販売|ナルミ(?![ァ-ヶ])"),
}


def _note(day: str, customer: str, more: str, body: str, owner: str = "sato") -> str:
    head = f"---\ntype: meeting\ndate: {day}\ncustomer: {customer}\nowner: {owner}\ncontacts: [関口勉 部長]\n"
    return f"{head}{more}---\n# x\n{body}"


NOTES = {
    "a.md": _note(
        "2026-01-29",
        "彩文堂印刷",
        "stage: 提案\namount: 210万円\ncompetitors: [オルカ事務機]\n",
        "- オルカ事務機のモノクロは1枚1.2円だと言われた\n- [ ] オルカ事務機を調べる\n- 静かだった\n",
    ),
    "b.md": _note(
        "2026-03-05", "彩文堂印刷", "stage: 失注\nlost_reason: 関係\ncompetitors: [㈱オルカ事務機]\n", "決まった\n"
    ),
    "c.md": _note(
        "2026-10-22",
        "三ツ坂食品",
        "deal: 集約\nstage: 受注\namount: 300万円\ncompetitors: [ナルミOA販売, オルカ事務機]\n",
        "- ナルミOA販売は6台で3,380,000円、オルカのモノクロは1枚0.9円\n",
        "tanaka",
    ),
    "d.md": _note(
        "2026-11-01", "青嶺物流", "stage: 見積\ncompetitors: [ナルミOA販売]\n", "ナルミの保守は月額2,000円\n", "ito"
    ),
    "e.md": _note("2026-11-02", "青嶺物流", "", "イルカとオルカンの話。オルカの話はこの会社では別。\n", "ito"),
    "inbox.md": "---\ntype: inbox\ndate: 2026-11-01\n---\n- 2026-11-03 オルカ事務機は更新なら2割引\n",
    "manual.md": "---\ntype: manual\ncompetitors: [オルカ事務機]\n---\nオルカ事務機の悪口は言わない\n",
}


@pytest.fixture
def team(make_vault: MakeVault) -> Iterator[Workspace]:
    with synced(make_vault(NOTES)) as workspace:
        yield workspace


def _found(team: Workspace) -> dict[str, Competitor]:
    return {each.name: each for each in list_competitors(team.catalog, team.settings, TODAY)}


def test_spellings_of_one_competitor_are_one_and_manuals_are_not_hearsay(team: Workspace) -> None:
    assert {name: (each.notes, each.last) for name, each in _found(team).items()} == {
        "オルカ事務機": (3, date(2026, 10, 22)),
        "ナルミOA販売": (2, date(2026, 11, 1)),
    }


def test_won_and_lost_against_each(team: Workspace) -> None:
    orca, narumi = _found(team)["オルカ事務機"], _found(team)["ナルミOA販売"]
    assert (orca.deals_open, orca.deals_won, orca.deals_lost, orca.lost_reasons) == (0, 1, 1, ("関係",))
    assert ([each.amount for each in orca.won], [each.amount for each in orca.lost]) == ([3_000_000.0], [2_100_000.0])
    assert (narumi.deals_open, narumi.deals_won, narumi.deals_lost) == (1, 1, 0)


def test_lines_that_name_it_come_with_who_when_where_and_whom_from(team: Workspace) -> None:
    heard = _found(team)["オルカ事務機"].heard
    assert [(each.path, each.line, each.day) for each in heard] == [
        ("inbox.md", 5, date(2026, 11, 3)),
        ("c.md", 13, date(2026, 10, 22)),
        ("a.md", 12, date(2026, 1, 29)),
    ]
    assert (heard[1].owner, heard[1].customer, heard[1].deal) == ("tanaka", "三ツ坂食品", "集約")
    assert heard[2].contacts == ("関口勉 部長",)


def test_figures_that_contradict_stand_side_by_side(team: Workspace) -> None:
    orca = _found(team)["オルカ事務機"]
    assert [(each.topic, each.value, each.contradicted, each.path) for each in orca.prices] == [
        ("mono page", 0.9, True, "c.md"),
        ("mono page", 1.2, True, "a.md"),
        ("discount", 20.0, False, "inbox.md"),
    ]
    assert orca.contradictions == 1
    assert [(each.topic, each.value) for each in _found(team)["ナルミOA販売"].prices] == [("月額", 2000.0)]


@pytest.mark.parametrize(
    ("line", "prices"),
    [
        ("オルカ事務機は1枚0.9円、ナルミoa販売は1枚1.5円", [("page", 0.9)]),
        ("当社は1枚0.8円、オルカは1枚1.0円", [("page", 1.0)]),
        ("モノクロ1枚0.9円とオルカが言った", [("mono page", 0.9)]),
        ("当社のモノクロ1枚0.9円をオルカが知っていた", []),
        ("オルカはモノクロ1枚0.9円、カラー1枚9円", [("mono page", 0.9), ("colour page", 9.0)]),
        ("オルカは20%引きと言う", [("discount", 20.0)]),
        ("オルカは $12 per seat", [("seat", 12.0)]),
        ("オルカは総額3,380,000円", []),
        ("オルカの月額は1.5万円", [("月額", 15000.0)]),
        ("ナルミoa販売は1枚1.5円", []),
        ("オルカ" * 3000 + "1" * 3000, []),
    ],
)
def test_prices_in_a_line(line: str, prices: list[tuple[str, float]]) -> None:
    assert [(topic, value) for topic, value, _text in read_prices(normalize(line), "オルカ事務機", MENTIONS)] == prices


def test_unknown_name_offers_the_near_ones(team: Workspace) -> None:
    with pytest.raises(UnknownNameError) as raised:
        list_competitors(team.catalog, team.settings, TODAY, name="ナルミOA販社")
    assert "ナルミOA販売" in raised.value.hint


def test_counts_equal_a_recount_from_the_files(team: Workspace) -> None:
    for name, each in _found(team).items():
        listing = [
            path
            for path, text in NOTES.items()
            if "manual" not in path and re.search(rf"competitors: .*{name}", text) is not None
        ]
        assert each.notes == len(listing)


def test_command_in_every_form(run: Run, make_vault: MakeVault) -> None:
    root = make_vault(NOTES)
    ran = run("report", "competitors", vault=root)
    assert ran.exit_code == 0
    assert "オルカ事務機: figures that do not agree" in ran.stdout
    one = run("report", "competitors", "オルカ", vault=root)
    assert "lost against it  1 deal 2,100,000円" in one.stdout
    rows = json.loads(run("report", "competitors", "ナルミ", "--json", vault=root).stdout)
    assert [row["name"] for row in rows] == ["ナルミOA販売"]
    assert run("report", "competitors", "--csv", vault=root).stdout.startswith('"name","notes","last"')
    assert run("report", "competitors", "-o", root.parent / "c.md", vault=root).exit_code == 0
    assert "| mono" not in (root.parent / "c.md").read_text(encoding="utf-8")
    assert run("report", "competitors", "Nobody at all", vault=root).exit_code != 0


def test_table_of_all_names_a_few_customers_and_counts_the_rest(run: Run, make_vault: MakeVault) -> None:
    files = {
        f"{at}.md": _note(f"2026-11-0{at}", f"Customer {at}", "competitors: [Rival]\n", "x\n") for at in range(1, 9)
    }
    ran = run("report", "competitors", vault=make_vault(files))
    assert "Customer 4, Customer 5, Customer 6, Customer 7, Customer 8 and 3 more" in ran.stdout


def test_name_is_heard_in_any_width_and_case(make_vault: MakeVault) -> None:
    body = "- ｵﾙｶ事務機が来た\n- ＲＩＣＯＨの話\n- ガード電子と ｶﾞｰﾄﾞ電子\n- 静かだった\n"
    files = {"a.md": _note("2026-11-01", "Alder", "competitors: [オルカ事務機, Ricoh, ガード電子]\n", body)}
    with synced(make_vault(files)) as team:
        found = _found(team)
    assert {name: [heard.text for heard in each.heard] for name, each in found.items()} == {
        "オルカ事務機": ["ｵﾙｶ事務機が来た"],
        "Ricoh": ["ＲＩＣＯＨの話"],
        "ガード電子": ["ガード電子と ｶﾞｰﾄﾞ電子"],
    }
