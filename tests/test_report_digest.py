import json
from collections.abc import Iterator
from datetime import date

import pytest

from notevault.report.digest import Digest, make_digest
from notevault.workspace import Workspace
from tests.conftest import TODAY, MakeVault, Run
from tests.season_vault import make_season, read_season
from tests.synced import synced

WEEK = (date(2026, 11, 16), TODAY)


def _note(day: str, customer: str, body: str = "", more: str = "", owner: str = "sato") -> str:
    return f"---\ntype: meeting\ndate: {day}\ncustomer: {customer}\nowner: {owner}\n{more}---\n# x\n\n{body}"


NOTES = {
    "a1.md": _note(
        "2026-11-05",
        "Yamada",
        "- [ ] 古い宿題 due:2026-11-10\n- [ ] 写された宿題\n",
        "deal: A\nstage: ヒアリング\nlearned: {決裁者: 社長, 予算: 100万円}\n",
    ),
    "a2.md": _note(
        "2026-11-20",
        "Yamada",
        "## 事実\n社長が頷いた。\n\n## 行動\n- [ ] 提案書を作る due:2026-11-27\n- [ ] 写された宿題\n\n"
        "## 相談\n下げてよいか。\n",
        "deal: A\nstage: 提案\nlearned: {決裁者: 専務, 予算: 1000000円}\n",
    ),
    "b1.md": _note("2026-10-01", "Minato", "", "deal: B\nstage: 見積\namount: 300万円\n", "ito"),
    "b2.md": _note("2026-11-18", "Minato", "", "deal: B\nstage: 受注\n", "ito"),
    "c1.md": _note("2026-11-17", "Hama", "", "deal: C\nstage: 失注\namount: 50万円\nlost_reason: 価格\n", "ito"),
    "d.md": _note("2026-10-30", "Hama", "## 相談\n待つか。\n\n回答（高橋 2026-11-17）: 待つ。\n"),
    "e.md": _note("2026-11-15", "Edge", "", "deal: E\nstage: リード\n"),
    "f.md": _note("2026-12-01", "Edge", "", "deal: E\nstage: 提案\n"),
}


@pytest.fixture
def team(make_vault: MakeVault) -> Iterator[Workspace]:
    with synced(make_vault(NOTES)) as workspace:
        yield workspace


def _digest(team: Workspace, owners: tuple[str, ...] | None = None) -> Digest:
    return make_digest(team.catalog, team.settings, WEEK, language="en", owners=owners)


def test_contacts_of_these_days_only(team: Workspace) -> None:
    assert [each.path for each in _digest(team).contacts] == ["c1.md", "b2.md", "a2.md"]


def test_moves_say_from_where_to_where(team: Workspace) -> None:
    digest = _digest(team)
    assert [(move.customer, move.before, move.stage, move.amount) for move in digest.moves] == [
        ("Hama", None, "lost", 500_000.0),
        ("Minato", "quote", "won", 3_000_000.0),
        ("Yamada", "hearing", "proposal", None),
    ]
    assert [move.customer for move in digest.moved_to("won")] == ["Minato"]
    assert [(move.customer, move.reason) for move in digest.moved_to("lost")] == [("Hama", "価格")]


def test_copied_todo_is_not_new_and_overdue_ones_are_named(team: Workspace) -> None:
    digest = _digest(team)
    assert [todo.text for todo in digest.new_todos] == ["提案書を作る"]
    assert [todo.text for todo in digest.overdue] == ["古い宿題"]


def test_questions_asked_and_answered(team: Workspace) -> None:
    digest = _digest(team)
    assert [each.text for each in digest.asked] == ["下げてよいか。"]
    assert [each.text for each in digest.answered] == ["待つか。"]


def test_answer_said_before_in_other_words_is_no_news(team: Workspace) -> None:
    assert [(each.label, each.value, each.customer) for each in _digest(team).learned] == [
        ("Decision maker", "専務", "Yamada")
    ]


def test_of_one_owner(team: Workspace) -> None:
    digest = _digest(team, ("ito",))
    assert [each.path for each in digest.contacts] == ["c1.md", "b2.md"]
    assert [move.stage for move in digest.moves] == ["lost", "won"]
    assert (digest.new_todos, digest.learned, digest.asked) == ((), (), ())


@pytest.mark.parametrize("seed", range(2))
def test_contacts_and_moves_equal_a_recount_from_the_files(make_vault: MakeVault, seed: int) -> None:
    files = {path: text for path, text in make_season(seed, notes=50).items() if "deal: " in text}
    root = make_vault(files)
    days = (date(2026, 8, 1), date(2026, 10, 31))
    stage_of: dict[str, str] = {}
    moves, contacts = [], []
    for note in read_season(root):
        inside = days[0] <= note.day <= days[1]
        contacts += [note.path] if inside else []
        deal, stage = note.keys["deal"], note.keys.get("stage")
        if stage and stage != stage_of.get(deal):
            moves += [(deal, stage_of.get(deal), stage)] if inside else []
            stage_of[deal] = stage
    with synced(root) as team:
        digest = make_digest(team.catalog, team.settings, days, language="en")
    assert [each.path for each in digest.contacts] == contacts
    assert [(move.deal, move.before, move.stage) for move in digest.moves] == moves


def test_command_in_three_depths_and_every_form(run: Run, make_vault: MakeVault) -> None:
    root = make_vault(NOTES)
    since = ("report", "digest", "--since", "2026-11-16")
    headline = run(*since, "--depth", "headline", vault=root)
    assert headline.exit_code == 0
    assert "won                 1 deal 3,000,000円\n" in headline.stdout
    assert ("Won and lost" in headline.stdout, "New ToDos" in headline.stdout) == (True, False)
    summary = run(*since, vault=root).stdout
    assert ("New ToDos" in summary, "社長が頷いた" in summary) == (True, False)
    assert "Facts: 社長が頷いた。" in run(*since, "--depth", "full", vault=root).stdout
    value = json.loads(run(*since, "--json", vault=root).stdout)
    assert (value["since"], len(value["moves"]), len(value["contacts"])) == ("2026-11-16", 3, 3)
    assert run(*since, "--csv", vault=root).stdout.count("\n") == 4
    assert run(*since, "-o", root.parent / "d.html", vault=root).exit_code == 0
    assert "Yamada" in (root.parent / "d.html").read_text(encoding="utf-8")


def test_table_by_owner_adds_up_with_the_figures_above(run: Run, make_vault: MakeVault) -> None:
    note = "---\ntype: meeting\ndate: 2026-11-18\n{}---\n- [ ] Call {}\n"
    root = make_vault({"a.md": note.format("owner: ito\n", 1), "b.md": note.format("owner: Kate\n", 2)})
    (root / "c.md").write_text(note.format("", 3), encoding="utf-8")
    lines = run("report", "digest", "--since", "2026-11-16", vault=root).stdout.splitlines()
    table = lines[: lines.index("New ToDos")]
    assert [line.split()[-2:] for line in table if line.startswith(("new ToDos", "Kate", "ito", "nobody"))] == [
        ["ToDos", "3"],
        ["Kate", "1"],
        ["ito", "1"],
        ["nobody", "1"],
    ]
    own = run("report", "digest", "--since", "2026-11-16", "--owner", "kate", vault=root).stdout.splitlines()
    assert own[1] == "2026-11-16 – 2026-11-22 Kate"
