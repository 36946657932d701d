import json
from collections.abc import Iterator

import pytest

from notevault.report.undone import KINDS, Undone, list_undone
from notevault.workspace import Workspace
from tests.conftest import TODAY, MakeVault, Run
from tests.synced import synced


def _note(day: str, customer: str, more: str, body: str = "", owner: str = "sato") -> str:
    return f"---\ntype: meeting\ndate: {day}\ncustomer: {customer}\nowner: {owner}\n{more}---\n{body}"


NOTES = {
    "alder.md": _note("2026-11-10", "Alder", "deal: Copier\nstage: closing\n", "- [ ] Send it due:2026-11-12\n"),
    "birch.md": _note(
        "2026-08-20",
        "Birch",
        "deal: Server\nstage: quote\nclose_date: 2026-10-31\nnext_date: 2026-09-01\n",
        "## 相談\nLower the price?\n",
        "ito",
    ),
    "cedar1.md": _note("2026-11-01", "Cedar", "next_date: 2026-11-10\n"),
    "cedar2.md": _note("2026-11-10", "Cedar", ""),
    "dogwood.md": _note("2026-03-01", "Dogwood", "stage: lost\nlost_reason: price\nrevisit: 2026-10\n"),
    "fir.md": _note("2026-09-20", "Fir", "deal: Fan\nstage: won\n"),
    "elm1.md": _note("2026-03-01", "Elm", "stage: lost\nlost_reason: price\nrevisit: 2026-10\n"),
    "elm2.md": _note("2026-10-20", "Elm", ""),
}


@pytest.fixture
def team(make_vault: MakeVault) -> Iterator[Workspace]:
    with synced(make_vault(NOTES)) as workspace:
        yield workspace


def _of(found: tuple[Undone, ...], kind: str) -> list[tuple[str | None, str | None, int | None]]:
    return [(each.customer, each.text, each.days) for each in found if each.kind == kind]


def test_each_promise_that_was_not_kept_is_there_once(team: Workspace) -> None:
    found = list_undone(team.catalog, team.settings, TODAY)
    assert _of(found, "todo") == [("Alder", "Send it", 10)]
    assert ("Birch", "見積書を提出する", 89) in _of(found, "not-written")
    assert _of(found, "no-next-step") == [("Birch", "quote", None)]
    assert _of(found, "too-long") == [("Birch", "quote", 64)]
    assert _of(found, "close-passed") == [("Birch", "quote", 22)]
    assert _of(found, "meeting") == [("Birch", "", 82)]
    assert _of(found, "consult") == [("Birch", "Lower the price?", 94)]
    assert _of(found, "revisit") == [("Dogwood", "2026-10", 52)]
    assert ("Birch", "0.5/5", 65) in _of(found, "lead")
    assert "Fir" not in [customer for customer, _text, _days in _of(found, "lead")]  # it buys
    assert [customer for customer, _text, _days in _of(found, "silent")] == ["Birch"]


def test_order_is_by_kind_and_by_how_long_ago(team: Workspace) -> None:
    found = list_undone(team.catalog, team.settings, TODAY)
    assert [each.kind for each in found] == sorted((each.kind for each in found), key=KINDS.index)
    days = [each.days or 0 for each in found if each.kind == "not-written"]
    assert days == sorted(days, reverse=True)


def test_list_of_one_owner(team: Workspace) -> None:
    assert {each.customer for each in list_undone(team.catalog, team.settings, TODAY, owners=("ito",))} == {"Birch"}


def test_command_in_every_form(run: Run, make_vault: MakeVault) -> None:
    root = make_vault(NOTES)
    assert "deals past their close date" in run("report", "undone", vault=root).stdout
    rows = json.loads(run("report", "undone", "--kind", "todo", "--kind", "meeting", "--json", vault=root).stdout)
    assert [(row["kind"], row["since"]) for row in rows] == [("todo", "2026-11-12"), ("meeting", "2026-09-01")]
    assert run("report", "undone", "--csv", vault=root).stdout.startswith('"kind","since","days"')
    assert run("report", "undone", "-o", root.parent / "u.html", vault=root).exit_code == 0
    assert "Dogwood" in (root.parent / "u.html").read_text(encoding="utf-8")


def test_vault_where_all_is_done_says_so(run: Run, make_vault: MakeVault) -> None:
    ran = run("report", "undone", vault=make_vault({"a.md": "x"}))
    assert "Everything that should have happened by now did." in ran.stdout
