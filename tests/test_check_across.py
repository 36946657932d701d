"""Rules that look at several notes."""

from collections.abc import Mapping
from pathlib import Path

import pytest

from notevault.check import make_selection
from notevault.check.cached import check_vault
from notevault.check.registry import RULE_IDS
from notevault.check.rule import VaultContext
from notevault.model import Diagnostic
from tests.conftest import TODAY, MakeVault
from tests.synced import synced

_MEETING = """---
template: meeting
fields:
  date: {type: date}
  customer: {type: customer}
  stage: {type: stage}
  serial: {type: text, unique: true, also: [製造番号]}
  offer: {type: file}
---
"""
_CUSTOMER = "---\ntemplate: customer\nfields: {name: {type: text, unique: true}}\n---\n"
_TEMPLATES = {"templates/meeting.md": _MEETING, "templates/customer.md": _CUSTOMER}


def find(root: Path, *rules: str) -> list[Diagnostic]:
    with synced(root) as workspace:
        context = VaultContext(
            workspace.catalog, workspace.templates, workspace.settings, today=TODAY, root=workspace.root
        )
        selection = make_selection(workspace.settings, RULE_IDS, select=rules)
        return sorted(check_vault(context, selection), key=lambda one: (one.path, one.line))


def places(found: list[Diagnostic]) -> list[tuple[str, int]]:
    return [(one.path, one.line) for one in found]


def minutes(front_matter: str, body: str = "") -> str:
    return f"---\ntype: meeting\n{front_matter}\n---\n{body}"


@pytest.mark.parametrize(
    "link",
    [
        "[x](other.md)",
        "[x](other)",
        "[x](<sub/メモ 1.md>)",
        "[x](sub/%E3%83%A1%E3%83%A2%201.md#h)",
        "[x](/sub/../other.md)",
        "[x](../outside.md)",
        "[x](https://example.com/none.md)",
        "[x](mailto:a@example.com)",
        "[x](#heading)",
        "![x](files/plan.png)",
        "[x](files)",
        "[[other]]",
        "[[OTHER#heading|name]]",
        "[[メモ 1]]",
        "[[sub/メモ 1]]",
        "[[題名]]",
        "[[山田工業]]",
        "[[ヤマダ]]",
        "![[plan.png]]",
        "[[#heading]]",
    ],
)
def test_a_link_that_leads_somewhere_is_right(make_vault: MakeVault, link: str) -> None:
    files = {
        "a.md": link,
        "other.md": "x",
        "sub/メモ 1.md": "---\ntitle: 題名\n---\n",
        "files/plan.png": b"\x89PNG",
        "customers/y.md": "---\ntype: customer\nname: 山田工業\naliases: [ヤマダ]\n---\n",
    }
    assert find(make_vault({**_TEMPLATES, **files}), "link-broken") == []


@pytest.mark.parametrize(
    ("link", "severity"),
    [
        ("[x](othr.md)", "warning"),
        ("[x](sub/other.md)", "warning"),
        ("![x](files/none.png)", "warning"),
        ("[[othr]]", "info"),
        ("![[none.png]]", "info"),
    ],
)
def test_a_link_that_leads_nowhere_is_named(make_vault: MakeVault, link: str, severity: str) -> None:
    found = find(make_vault({"a.md": f"one\n\n{link}\n", "other.md": "x"}), "link-broken")
    assert [(one.path, one.line, one.severity.value) for one in found] == [("a.md", 3, severity)]
    assert (found[0].hint == "did you mean 'other.md'?") is ("othr" in link or "sub/other" in link)


def test_a_file_that_a_field_names_must_be_there(make_vault: MakeVault) -> None:
    notes = {"a.md": minutes("offer: files/a.pdf"), "b.md": minutes("offer: files/b.pdf"), "files/a.pdf": b"%PDF"}
    assert places(find(make_vault({**_TEMPLATES, **notes}), "link-broken")) == [("b.md", 3)]


def test_a_deal_is_idle_only_where_none_of_its_notes_has_an_open_todo(make_vault: MakeVault) -> None:
    open_todo, done = "- [ ] 送る due:2026-12-01\n", "- [x] 送った\n- [-] やめた\n"
    notes = {
        "山田1.md": minutes("date: 2026-10-01\ncustomer: 山田\nstage: 提案", open_todo),
        "山田2.md": minutes("date: 2026-11-01\ncustomer: 山田\nstage: 提案", done),
        "森1.md": minutes("date: 2026-10-01\ncustomer: 森\nstage: 提案", done),
        "森2.md": minutes("date: 2026-11-01\ncustomer: 森\nstage: 見積", "様子を見る"),
        "林.md": minutes("date: 2026-11-01\ncustomer: 林\nstage: 失注", done),
    }
    found = find(make_vault({**_TEMPLATES, **notes}), "deal-idle")
    assert places(found) == [("森2.md", 5)]
    assert "'森' is open (Quote)" in found[0].message


@pytest.mark.parametrize(
    ("todo", "left"),
    [
        ("- [ ] 別のこと", {"提案書を作成する", "提案の日程を決める"}),
        ("- [ ] 提案書を作成 @佐藤 due:2026-12-01", {"提案の日程を決める"}),
        ("- [x] 提案の日程を決めた\n- [-] 提案書を作成する", set()),
    ],
)
def test_standard_todos_are_done_in_other_words_too(make_vault: MakeVault, todo: str, left: set[str]) -> None:
    note = minutes("date: 2026-10-01\ncustomer: 山田\nstage: 提案", todo)
    found = find(make_vault({**_TEMPLATES, "a.md": note}), "stage-todo")
    assert {one.message.rpartition(": ")[2] for one in found} == left


def test_standard_todos_have_their_days(make_vault: MakeVault) -> None:
    note = minutes("date: 2026-11-18\ncustomer: 山田\nstage: 提案")
    assert find(make_vault({**_TEMPLATES, "a.md": note}), "stage-todo") == []


def test_an_id_taken_twice_and_a_conflict_copy_are_named(make_vault: MakeVault) -> None:
    copy = "b (佐藤の競合コピー 2026-11-20).md"
    notes = {
        "a.md": "---\nid: n1\n---\nx\n",
        "c.md": "---\ntitle: c\nid: n1\n---\ny\n",
        "b.md": "one\n",
        copy: "two\n",
        "empty1.md": "",
        "empty2.md": "",
    }
    found = find(make_vault(notes), "duplicate-note")
    assert [(one.path, one.line, one.severity.value) for one in found] == [(copy, 1, "warning"), ("c.md", 3, "error")]
    assert [one.message for one in found] == ["a conflict copy of b.md", "the id 'n1' is that of a.md"]


def test_a_value_that_must_be_unique_is_the_same_under_any_spelling(make_vault: MakeVault) -> None:
    notes = {
        "a.md": minutes("serial: AKG-1"),
        "b.md": minutes("製造番号: ａｋｇ-1"),
        "c.md": minutes("serial: AKG-2"),
        "x.md": "---\ntype: call\nserial: AKG-1\n---\n",
    }
    found = find(make_vault({**_TEMPLATES, **notes}), "field-unique")
    assert places(found) == [("b.md", 3)]
    assert found[0].message == "'ａｋｇ-1' in 'serial' is taken by a.md"


def test_two_notes_of_one_customer_are_named_unless_something_tells_them_apart(make_vault: MakeVault) -> None:
    def card(name: str, more: str = "") -> str:
        return f"---\ntype: customer\nname: {name}\n{more}---\n"

    notes = {
        "1.md": card("株式会社山田工業"),
        "2.md": card("㈱山田工業"),
        "3.md": card("株式会社山田工業", "group: 大阪の山田\n"),
        "4.md": card("森商店"),
    }
    assert places(find(make_vault({**_TEMPLATES, **notes}), "field-unique")) == [("2.md", 3)]


def test_of_a_customer_without_a_note_only_the_newest_note_is_named(make_vault: MakeVault) -> None:
    minutes_of = {f"{day}.md": minutes(f"date: 2026-11-0{day}\ncustomer: 森商店") for day in (1, 3, 2)}
    root = make_vault({**_TEMPLATES, **minutes_of})
    assert find(root, "customer-unknown") == [], "nobody keeps notes of customers here"
    (root / "y.md").write_text("---\ntype: customer\nname: 山田工業\n---\n", encoding="utf-8")
    assert places(find(root, "customer-unknown")) == [("3.md", 4)]


@pytest.mark.parametrize(
    ("note", "settings"),
    [
        ("---\ntype: meeting\ndate: 2027-01-01\ncheck: off\n---\n", ""),
        ("---\ntype: meeting\ndate: 2027-01-01\ncheck_ignore: date-future\n---\n", ""),
        ("---\ntype: meeting\ndate: 2027-01-01\n---\n", "[check]\nignore = ['date-future']"),
        ("---\ntype: meeting\ndate: 2027-01-01\n---\n", "[check.folders]\n'a/b' = ['date-future']"),
        ("---\ntype: meeting\ndate: 2026-11-22\n---\n", ""),
        ("---\ntype: other\ndate: 2027-01-01\n---\n", ""),
    ],
)
def test_rules_about_the_vault_obey_the_same_switches(make_vault: MakeVault, note: str, settings: str) -> None:
    files: Mapping[str, str] = {**_TEMPLATES, "a/b/c.md": note, "z.md": minutes("date: 2027-01-01")}
    root = make_vault(files, settings=settings)
    with synced(root) as workspace:
        context = VaultContext(workspace.catalog, workspace.templates, workspace.settings, today=TODAY)
        found = [one for one in check_vault(context) if one.rule == "date-future"]
    assert places(found) == ([] if "ignore =" in settings else [("z.md", 3)])


def test_remarks_are_left_out_where_nobody_wants_them(make_vault: MakeVault) -> None:
    root = make_vault({"a.md": "[[nowhere]] [x](nowhere.md)"})
    with synced(root) as workspace:
        context = VaultContext(
            workspace.catalog, workspace.templates, workspace.settings, today=TODAY, root=workspace.root
        )
        assert len(check_vault(context)) == 2
        assert len(check_vault(context, remarks=False)) == 1
