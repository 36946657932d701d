"""One person spelled in several ways is one owner."""

from datetime import date
from pathlib import Path

from notevault.catalog import Catalog
from notevault.config import Settings, parse_settings
from notevault.index.memory import MemoryIndex
from notevault.intake import Syncer
from notevault.report.choosing import choose_owners
from notevault.report.pipeline import PipelineFilter, list_deals
from notevault.report.todo_groups import count_by_owner, group_todos
from notevault.report.todos import TodoFilter, list_todos
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
