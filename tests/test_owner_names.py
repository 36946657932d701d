"""One person spelled in several ways is one owner."""

from datetime import date
from pathlib import Path
from random import Random

from notevault.catalog import Catalog
from notevault.config import Settings
from notevault.index.memory import MemoryIndex
from notevault.intake import Syncer
from notevault.report.choosing import choose_owners
from notevault.report.pipeline import PipelineFilter, list_deals
from notevault.report.todo_groups import count_by_owner, group_todos
from notevault.report.todos import TodoFilter, list_todos
from notevault.settings_reader import parse_settings
from notevault.sync import sync
from notevault.vault import Vault
from tests.conftest import TODAY, MakeVault


def _note(customer: str, owner: str, todo: str = "", deal: str = "") -> str:
    more = f"deal: {deal}\nstage: 提案\n" if deal else ""
    return f"---\ntype: meeting\ndate: 2026-11-10\ncustomer: {customer}\nowner: {owner}\n{more}---\n## 行動\n{todo}\n"


_FILES = {
    "a.md": _note("Initech", "Kate", "- [ ] call", "Printers"),
    "b.md": _note("Acme", "kate", "- [ ] write @KATE", "Paper"),
    "c.md": _note("Acme", "Kate", "- [ ] visit @Ｋａｔｅ"),
    "d.md": _note("山田工業", "佐藤様", "- [ ] 電話 @佐藤さん"),
    "e.md": _note("山田工業", "佐藤", "- [ ] 訪問"),
    "f.md": "---\ntype: customer\nname: Acme\nowner: KATE\n---\n",
}


def _synced(root: Path, catalog: Catalog, settings: Settings) -> Catalog:
    sync(Syncer(vault=Vault(root), catalog=catalog, index=MemoryIndex(), settings=settings))
    return catalog


def test_owners_that_differ_in_case_width_and_honorific_are_one(make_vault: MakeVault) -> None:
    settings = parse_settings("", "notevault.toml")
    with Catalog.in_memory() as catalog:
        _synced(make_vault(_FILES), catalog, settings)
        todos = list_todos(catalog, TodoFilter())
        assert {line.owner: line.open for line in count_by_owner(todos, (), TODAY)} == {"Kate": 3, "佐藤": 2}
        assert [group.key for group in group_todos(todos, "owner", TODAY)] == ["Kate", "佐藤"]
        deals = list_deals(catalog, settings, TODAY, PipelineFilter())
        assert {deal.owner for deal in deals} == {"Kate"}
        assert [row[0] for row in catalog.select("SELECT owner FROM customers WHERE name = 'Acme'")] == ["Kate"]
        for text in ("KATE", "ｋａｔｅ", "kateさん"):
            assert choose_owners(catalog, settings, text) == ("Kate",)


def test_owner_of_the_settings_is_known_with_an_honorific(make_vault: MakeVault) -> None:
    settings = parse_settings('[owners]\nsato = {name = "佐藤健一", also = ["佐藤"]}\n', "notevault.toml")
    with Catalog.in_memory() as catalog:
        _synced(make_vault({key: _FILES[key] for key in ("d.md", "e.md")}), catalog, settings)
        assert {todo.owner for todo in list_todos(catalog, TodoFilter())} == {"sato"}


def test_name_in_use_follows_the_notes(make_vault: MakeVault) -> None:
    root = make_vault(_FILES)
    settings = parse_settings("", "notevault.toml")
    index = MemoryIndex()
    with Catalog.in_memory() as catalog:
        syncer = Syncer(vault=Vault(root), catalog=catalog, index=index, settings=settings)
        sync(syncer)
        for name in ("a.md", "c.md", "f.md"):
            (root / name).unlink()
        sync(syncer)
        assert {row[0] for row in catalog.select("SELECT owner FROM notes")} == {"kate", "佐藤"}
        assert {row[0] for row in catalog.select("SELECT owner FROM deals")} == {"kate"}
        assert {todo.owner for todo in list_todos(catalog, TodoFilter(due=(date.min, date.max)))} == set()
        assert {todo.owner for todo in list_todos(catalog, TodoFilter())} == {"kate", "佐藤"}


def test_changes_in_any_order_give_the_names_that_a_new_catalogue_gives(make_vault: MakeVault) -> None:
    dice = Random(5)  # noqa: S311 -- a seeded vault
    names = ("Kate", "kate", "KATE", "佐藤", "佐藤さん", "bob")
    root = make_vault({"z.md": _note("Acme", "bob")})
    settings = parse_settings("", "notevault.toml")
    with Catalog.in_memory() as catalog:
        syncer = Syncer(vault=Vault(root), catalog=catalog, index=MemoryIndex(), settings=settings)
        for _step in range(40):
            place = root / f"{dice.randrange(6)}.md"
            if place.exists() and dice.random() < 0.3:
                place.unlink()
            elif dice.random() < 0.3:
                place.write_text(
                    f"---\ntype: customer\nname: Acme\nowner: {dice.choice(names)}\n---\n", encoding="utf-8"
                )
            else:
                todo = f"- [ ] call @{dice.choice(names)}"
                place.write_text(
                    _note(dice.choice(("Acme", "Initech")), dice.choice(names), todo, "A"), encoding="utf-8"
                )
            sync(syncer)
            with Catalog.in_memory() as anew:
                assert _owners(catalog) == _owners(_synced(root, anew, settings))


def _owners(catalog: Catalog) -> list[list[str]]:
    return [
        sorted(repr(tuple(row)) for row in catalog.select(statement))
        for statement in (
            "SELECT path, owner_raw, owner FROM notes",
            "SELECT n.path, t.text, t.owner_raw, t.owner FROM todos t JOIN notes n ON n.id = t.note_id",
            "SELECT name, owner FROM customers",
            "SELECT customer_id, name, owner FROM deals",
        )
    ]
