"""Customers, contacts and deals joined from all notes, in any order of changes."""

from collections.abc import Iterable, Sequence
from itertools import count
from pathlib import Path

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from notevault import link
from notevault.catalog import Catalog
from notevault.config import Settings
from notevault.registered import RegisteredNote, read_cards
from tests.conftest import MakeVault
from tests.synced import synced

_NUMBERS = count()
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


_CARDS = st.tuples(
    st.sampled_from(["みどり", "株式会社みどり", "緑川"]),
    st.sampled_from(["", "id: C1\n", "id: C2\n", "corporate_number: '1'\n"]),
    st.sampled_from(["", "aliases: [緑]\n", "status: account\n"]),
).map(lambda parts: _card(parts[0], parts[1] + parts[2]))
_NOTES = st.tuples(st.sampled_from(["みどり", "緑川", "ミドリ"]), st.sampled_from(["", "deal: 複合機\n"]))
_CHANGES = st.tuples(st.sampled_from("abcz"), st.sampled_from("abcz") | st.none() | _CARDS) | st.tuples(
    st.sampled_from("12"), _NOTES.map(lambda parts: _note(*parts))
)


@given(st.lists(_CHANGES, min_size=2, max_size=6))
@example([("a", _card("みどり", "id: C1\n")), ("b", _card("緑川", "id: C1\n")), ("a", "z")])
@example([("a", _card("みどり", "corporate_number: '1'\n")), ("z", _card("みどり")), ("z", "z"), ("a", "c")])
@example([("a", _card("みどり", "id: C1\n")), ("b", _card("緑川", "id: C1\n")), ("2", _note("緑川"))])
@settings(max_examples=20, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_customer_notes_changed_one_by_one_give_what_a_new_catalogue_gives(
    make_vault: MakeVault, changes: Sequence[tuple[str, str | None]]
) -> None:
    """Each change writes a note, moves it to another name (one letter), or removes it."""
    notes = {"1.md": _note("みどり"), "2.md": _note("緑"), "3.md": _note("ミドリ"), "4.md": _note("緑川")}
    more = '[customers]\n"みどり" = ["ミドリ"]\n'
    root = make_vault(notes, settings=more, name=f"vault{next(_NUMBERS)}")
    _joined(root)
    for name, change in changes:
        place = root / f"{name}.md"
        if change is None or len(change) == 1:
            if place.exists():
                place.unlink() if change is None else place.replace(root / f"{change}.md")
        else:
            place.write_text(change, encoding="utf-8")
        joined = _joined(root)
    files = {file.name: file.read_text(encoding="utf-8") for file in root.glob("*.md")}
    assert joined == _joined(make_vault(files, settings=more, name=f"vault{next(_NUMBERS)}"))


def test_a_customer_note_whose_names_stay_has_no_other_read(
    make_vault: MakeVault, monkeypatch: pytest.MonkeyPatch
) -> None:
    root = make_vault({"c.md": _card("みどり"), "d.md": _card("緑川"), "1.md": _note("みどり")})
    _joined(root)
    read: list[int | None] = []

    def counted(catalog: Catalog, given: Settings, note_ids: Iterable[int] | None = None) -> list[RegisteredNote]:
        read.append(None if note_ids is None else len([*note_ids]))
        return read_cards(catalog, given, note_ids)

    monkeypatch.setattr(link, "read_cards", counted)
    (root / "c.md").write_text(_card("みどり", "status: account\n") + "A line.\n", encoding="utf-8")
    _joined(root)
    assert read == [1]
    (root / "c.md").write_text(_card("みどり", "kana: み\n"), encoding="utf-8")
    _joined(root)
    assert read == [1, 1, None]


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
