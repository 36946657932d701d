"""Customers, contacts and deals joined from all notes, in any order of changes."""

from pathlib import Path

from tests.conftest import MakeVault
from tests.synced import synced

_JOINED = ("mentions", "customers", "customer_names", "contacts", "deals", "stage_events")


def _note(customer: str, more: str = "", day: str = "2026-11-20") -> str:
    return f"---\ntype: meeting\ndate: {day}\ncustomer: {customer}\n{more}---\n"


def _card(name: str, more: str = "") -> str:
    return f"---\ntype: customer\nname: {name}\n{more}---\n"


def _select(root: Path, sql: str) -> list[tuple[object, ...]]:
    with synced(root) as workspace:
        return [tuple(row) for row in workspace.catalog.select(sql)]


def _joined(root: Path) -> dict[str, set[tuple[object, ...]]]:
    """Return everything joined, notes by path instead of their numbers."""
    with synced(root) as workspace:
        select = workspace.catalog.select
        paths = {row[0]: row[1] for row in select("SELECT id, path FROM notes")}
        found = {
            table: {
                tuple(paths.get(row[key], row[key]) if key.endswith("note_id") else row[key] for key in row.keys())  # noqa: SIM118 -- keys of sqlite3.Row
                for row in select(f"SELECT * FROM {table}")
            }
            for table in _JOINED
        }
        people = select("SELECT path, position, contact_id FROM people JOIN notes ON id = note_id")
        notes = select("SELECT path, customer_id, deal_id FROM notes")
        return found | {"people": {tuple(row) for row in people}, "notes": {tuple(row) for row in notes}}


def test_spellings_of_a_registered_customer_lead_to_it(make_vault: MakeVault) -> None:
    root = make_vault(
        {
            "c.md": _card("株式会社山田工業", "aliases: [ヤマダさん]\nkana: ヤマダコウギョウ\n"),
            "1.md": _note("㈱山田工業"),
            "2.md": _note("ﾔﾏﾀﾞ工業"),
            "3.md": _note("ヤマダさん"),
            "4.md": _note("ヤマダコウギョウ"),
            "5.md": _note('"[[山田工業]]"'),
        }
    )
    rows = _select(root, "SELECT c.name, n.path FROM notes n JOIN customers c ON c.id = n.customer_id ORDER BY n.path")
    assert {path for name, path in rows if name == "株式会社山田工業"} == {"1.md", "3.md", "4.md", "5.md", "c.md"}


def test_unregistered_spellings_of_one_key_are_one_customer_called_by_its_full_name(make_vault: MakeVault) -> None:
    root = make_vault({"1.md": _note("㈱青嶺物流"), "2.md": _note("青嶺物流"), "3.md": _note("青嶺物流株式会社")})
    assert _select(root, "SELECT name, registered FROM customers") == [("青嶺物流株式会社", 0)]


def test_other_legal_form_is_another_company_and_the_bare_name_a_question(make_vault: MakeVault) -> None:
    root = make_vault({"1.md": _note("株式会社みどり"), "2.md": _note("合同会社みどり"), "3.md": _note("みどり")})
    rows = _select(root, "SELECT c.name, n.path FROM notes n LEFT JOIN customers c ON c.id = n.customer_id ORDER BY 2")
    assert rows == [("株式会社みどり", "1.md"), ("合同会社みどり", "2.md"), (None, "3.md")]


def test_other_legal_form_than_the_registered_customer_is_another_company(make_vault: MakeVault) -> None:
    root = make_vault({"c.md": _card("株式会社みどり"), "1.md": _note("合同会社みどり"), "2.md": _note("みどり")})
    rows = _select(root, "SELECT c.name, n.path FROM notes n JOIN customers c ON c.id = n.customer_id ORDER BY n.path")
    assert rows == [("合同会社みどり", "1.md"), ("株式会社みどり", "2.md"), ("株式会社みどり", "c.md")]


def test_english_and_japanese_form_of_one_key_are_one_company(make_vault: MakeVault) -> None:
    root = make_vault({"1.md": _note("ABC Co., Ltd."), "2.md": _note("株式会社ABC"), "3.md": _note("abc")})
    assert len(_select(root, "SELECT id FROM customers")) == 1


def test_customer_of_the_settings_needs_no_note(make_vault: MakeVault) -> None:
    root = make_vault({"1.md": _note("ハーバー")}, settings='[customers]\n"Harbor Light Foods" = ["ハーバー", "HLF"]\n')
    assert _select(root, "SELECT name, registered FROM customers") == [("Harbor Light Foods", 1)]


def test_two_notes_of_one_customer_keep_the_aliases_of_both(make_vault: MakeVault) -> None:
    root = make_vault(
        {
            "a.md": _card("山田工業", "aliases: [ヤマダ]\n"),
            "b.md": _card("株式会社山田工業", "aliases: [山工]\n"),
            "1.md": _note("ヤマダ"),
            "2.md": _note("山工"),
        }
    )
    assert _select(root, "SELECT count(*), count(DISTINCT customer_id) FROM notes") == [(4, 1)]


def test_changes_one_by_one_give_what_a_new_catalogue_gives(make_vault: MakeVault, tmp_path: Path) -> None:
    root = make_vault({"1.md": _note("みどり", "stage: 提案\ncontacts: [山田太郎 部長]\n")})
    steps: list[tuple[str, str | None]] = [
        ("2.md", _note("株式会社みどり", "stage: 見積\namount: 100万円\ncontacts: [鈴木花子]\n", "2026-11-21")),
        ("3.md", _note("合同会社みどり")),
        ("1.md", _note("みどり", "stage: 受注\n", "2026-11-22")),
        ("3.md", None),
        ("c.md", _card("みどり", "aliases: [緑]\n")),
        ("4.md", _note("緑", "deal: 複合機\nstage: 提案\n")),
        ("c.md", _card("みどり", "aliases: [緑]\nstatus: account\nowner: 佐藤\n")),
        ("d.md", _card("緑川")),
        ("c.md", _card("みどり", "aliases: [緑]\nstatus: former\n") + "\nA line.\n"),
        ("e.md", _card("緑川", "kana: みどりかわ\n")),
        ("d.md", _card("緑川", "industry: 小売\n")),
        ("e.md", None),
        ("c.md", _card("株式会社みどり")),
        ("5.md", _note("合同会社みどり")),
        ("c.md", None),
        ("2.md", None),
        ("4.md", _note("青")),
    ]
    for number, (name, text) in enumerate(steps):
        place = root / name
        place.unlink() if text is None else place.write_text(text, encoding="utf-8")
        anew = make_vault(
            {file.name: file.read_text(encoding="utf-8") for file in root.glob("*.md")}, name=f"anew{number}"
        )
        assert _joined(root) == _joined(anew), f"after {name}"
    assert tmp_path in root.parents


def test_person_met_twice_is_one_contact_with_the_newest_words(make_vault: MakeVault) -> None:
    root = make_vault(
        {
            "1.md": _note("山田工業", "contacts: [鈴木花子 係長]\n", "2026-10-01"),
            "2.md": _note("㈱山田工業", "contacts: [鈴木 花子 課長]\n", "2026-11-01"),
        }
    )
    rows = _select(root, "SELECT title, first_met, last_met, notes FROM contacts")
    assert rows == [("課長", "2026-10-01", "2026-11-01", 2)]


def test_copied_id_does_not_make_one_customer_of_two(make_vault: MakeVault) -> None:
    root = make_vault({"a.md": _card("山田工業", "id: C1\n"), "b.md": _card("青嶺物流", "id: C1\n")})
    assert len(_select(root, "SELECT DISTINCT customer_id FROM notes")) == 2
