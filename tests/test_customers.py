from collections.abc import Callable
from pathlib import Path

import pytest

from notevault.customers import CustomerPlan, plan_convert, plan_distinct, plan_merge, plan_split
from notevault.customers.merge import SameCustomerError
from notevault.customers.split import OwnNameError
from notevault.errors import AmbiguousNameError, UnknownNameError
from notevault.journal import open_journal
from notevault.model import NotePath
from notevault.report.choosing import choose_customer
from notevault.report.duplicates import find_duplicates
from notevault.report.matching import match_customer
from notevault.workspace import Workspace
from tests.conftest import MakeVault
from tests.synced import synced

NOTE = "---\ndate: 2026-11-0{}\ncustomer: {}\nowner: sato\n---\n# 商談\n"
YAMADA = "---\ntype: customer\nname: 株式会社山田工業\naliases: [ヤマダさん]\nstatus: 取引先\n---\n"
SEIKO = "---\r\ntype: customer\r\nname: 山田精工\r\nkana: ヤマダセイコウ\r\n---\r\n"
FILES = {
    "1.md": NOTE.format(1, "㈱山田工業"),
    "2.md": NOTE.format(2, "青嶺物流"),
    "3.md": NOTE.format(3, '"[[山田精工]]"'),
    "customers/yamada.md": YAMADA,
    "customers/seiko.md": SEIKO,
}


def _write(workspace: Workspace, plan: CustomerPlan) -> None:
    open_journal(workspace.cache).carry_out(workspace.vault, plan.changes, kind="test", title=plan.title)


def _customer_of(root: Path, mention: str) -> str | None:
    with synced(root) as workspace:
        return match_customer(workspace.catalog, workspace.settings, mention).customer


def _bytes(root: Path) -> dict[str, bytes]:
    return {path.relative_to(root).as_posix(): path.read_bytes() for path in root.rglob("*") if path.is_file()}


def test_merge_writes_the_alias_into_the_customers_note(make_vault: MakeVault) -> None:
    root = make_vault(FILES)
    with synced(root) as workspace:
        _write(workspace, plan_merge(workspace, "山田工業", "青嶺物流"))
    assert "aliases: [ヤマダさん, 青嶺物流]\n" in (root / "customers/yamada.md").read_text(encoding="utf-8")
    assert (root / "2.md").read_text(encoding="utf-8") == FILES["2.md"]
    assert _customer_of(root, "青嶺物流（株）") == "株式会社山田工業"


def test_merge_makes_a_note_where_there_is_none(make_vault: MakeVault) -> None:
    root = make_vault(FILES)
    with synced(root) as workspace:
        plan = plan_merge(workspace, "青嶺物流", "山田精工")
        assert [change.before is None for change in plan.changes] == [True, False]
        _write(workspace, plan)
    assert _customer_of(root, "ヤマダセイコウ") == "青嶺物流"
    merged = (root / "customers/seiko.md").read_bytes().decode()
    assert "type: merged-customer\r\n" in merged
    assert "customer: 青嶺物流\r\n" in merged


def test_merge_of_customers_of_the_settings_stays_in_the_settings(make_vault: MakeVault) -> None:
    settings = (
        '# ours\n[customers]\n"青嶺物流" = ["青嶺"] # first\n"B社" = [\n  "b",\n]\n[owners]\nsato = {name = "佐藤"}\n'
    )
    root = make_vault({"2.md": FILES["2.md"], "b.md": NOTE.format(3, "B社")}, settings=settings)
    with synced(root) as workspace:
        _write(workspace, plan_merge(workspace, "青嶺物流", "B社"))
    written = (root / "notevault.toml").read_text(encoding="utf-8")
    assert '[customers]\n"青嶺物流" = ["青嶺", "B社", "b"] # first\n[owners]' in written
    assert _customer_of(root, "B社") == "青嶺物流"


def test_rewrite_names_the_customer_in_its_notes(make_vault: MakeVault) -> None:
    root = make_vault(FILES)
    with synced(root) as workspace:
        _write(workspace, plan_merge(workspace, "山田工業", "山田精工", rewrite=True))
    assert 'customer: "[[株式会社山田工業]]"' in (root / "3.md").read_text(encoding="utf-8").replace("'", '"')
    assert (root / "1.md").read_text(encoding="utf-8") == FILES["1.md"]


def test_note_that_cannot_be_rewritten_is_named_and_the_others_are(make_vault: MakeVault) -> None:
    toml = '+++\ndate = "2026-11-04"\ncustomer = "青嶺物流"\n+++\n'
    root = make_vault({**FILES, "4.md": toml})
    with synced(root) as workspace:
        plan = plan_merge(workspace, "山田工業", "青嶺物流", rewrite=True)
    assert [change.path for change in plan.changes] == ["customers/yamada.md", "2.md"]
    assert any("4.md" in remark for remark in plan.remarks)


def test_name_of_a_third_customer_becomes_no_alias(make_vault: MakeVault) -> None:
    third = "---\ntype: customer\nname: 三番\naliases: [精工]\n---\n"
    seiko = "---\ntype: customer\nname: 山田精工\naliases: [精工]\n---\n"
    root = make_vault({**FILES, "customers/seiko.md": seiko, "customers/third.md": third})
    with synced(root) as workspace:
        plan = plan_merge(workspace, "山田工業", "山田精工")
    assert "精工]" not in plan.changes[0].after.decode().replace("山田精工", "")
    assert any("三番" in remark for remark in plan.remarks)


def test_different_corporate_numbers_are_said(make_vault: MakeVault) -> None:
    files = {
        "a.md": "---\ntype: customer\nname: A社\ncorporate_number: 7999900010001\n---\n",
        "b.md": "---\ntype: customer\nname: B社\ncorporate_number: 6999900010002\n---\n",
    }
    with synced(make_vault(files)) as workspace:
        assert any("7999900010001" in remark for remark in plan_merge(workspace, "A社", "B社").remarks)


def test_one_customer_cannot_be_merged_with_itself(make_vault: MakeVault) -> None:
    with synced(make_vault(FILES)) as workspace, pytest.raises(SameCustomerError):
        plan_merge(workspace, "山田工業", "ヤマダさん")


def test_split_takes_the_alias_off(make_vault: MakeVault) -> None:
    root = make_vault(FILES)
    with synced(root) as workspace:
        _write(workspace, plan_split(workspace, "ヤマダさん"))
    assert "aliases" not in (root / "customers/yamada.md").read_text(encoding="utf-8")
    assert _customer_of(root, "ヤマダさん") is None


def test_split_after_merge_gives_the_customer_its_note_back(make_vault: MakeVault) -> None:
    root = make_vault(FILES)
    with synced(root) as workspace:
        _write(workspace, plan_merge(workspace, "山田工業", "山田精工"))
    assert _customer_of(root, "山田精工") == "株式会社山田工業"
    with synced(root) as workspace:
        _write(workspace, plan_split(workspace, "山田精工"))
    assert (root / "customers/seiko.md").read_bytes().decode() == SEIKO
    assert _customer_of(root, "山田精工") == "山田精工"


def test_split_takes_a_former_name_off(make_vault: MakeVault) -> None:
    card = "---\ntype: customer\nname: 東雲薬品\n旧社名: [富岳製薬, 富士製薬]\n---\n"
    root = make_vault({"customers/a.md": card})
    assert _customer_of(root, "㈱富岳製薬") == "東雲薬品"
    with synced(root) as workspace:
        _write(workspace, plan_split(workspace, "富岳製薬"))
    assert (root / "customers/a.md").read_text(encoding="utf-8") == card.replace("富岳製薬, ", "")


def test_split_of_a_branch_makes_it_a_customer(make_vault: MakeVault) -> None:
    root = make_vault({**FILES, "4.md": NOTE.format(4, "山田工業 大阪支店")})
    assert _customer_of(root, "山田工業 大阪支店") == "株式会社山田工業"
    with synced(root) as workspace:
        _write(workspace, plan_split(workspace, "山田工業 大阪支店"))
    assert _customer_of(root, "山田工業大阪支店") == "山田工業 大阪支店"
    assert _customer_of(root, "山田工業") == "株式会社山田工業"


def test_split_of_the_own_name_needs_another_one(make_vault: MakeVault) -> None:
    root = make_vault(FILES)
    with synced(root) as workspace:
        with pytest.raises(OwnNameError):
            plan_split(workspace, "山田工業")
        plan = plan_split(workspace, "山田工業", called="山田工業 第二", notes=[NotePath("1.md")])
        _write(workspace, plan)
    assert "customer: 山田工業 第二\n" in (root / "1.md").read_text(encoding="utf-8")
    assert _customer_of(root, "山田工業 第二") == "山田工業 第二"
    assert _customer_of(root, "山田工業") == "株式会社山田工業"


def test_split_of_an_unknown_spelling_is_refused(make_vault: MakeVault) -> None:
    with synced(make_vault(FILES)) as workspace, pytest.raises(UnknownNameError):
        plan_split(workspace, "どこにもない商店")


def test_lead_becomes_an_account_in_the_language_of_its_note(make_vault: MakeVault) -> None:
    lead = "---\n種別: 顧客\n名称: 青嶺物流\n状態: リード # 展示会\n---\n"
    root = make_vault({**FILES, "customers/aomine.md": lead})
    with synced(root) as workspace:
        _write(workspace, plan_convert(workspace, "青嶺物流"))
    written = (root / "customers/aomine.md").read_text(encoding="utf-8")
    assert written == "---\n種別: 顧客\n名称: 青嶺物流\n状態: 取引先 # 展示会\nconverted: 2026-11-22\n---\n"


def test_converted_customer_without_a_note_gets_one(make_vault: MakeVault) -> None:
    root = make_vault(FILES, settings='language = "ja"')
    with synced(root) as workspace:
        _write(workspace, plan_convert(workspace, "青嶺物流"))
    made = (root / "customers/青嶺物流.md").read_text(encoding="utf-8")
    assert "name: 青嶺物流\n" in made
    assert "converted: 2026-11-22\n" in made
    with synced(root) as workspace:
        assert plan_convert(workspace, "青嶺物流").changes == ()


def test_customers_told_apart_are_not_proposed_again(make_vault: MakeVault) -> None:
    root = make_vault(FILES | {"4.md": NOTE.format(4, "青嶺物流サービス")})
    with synced(root) as workspace:
        (pair,) = find_duplicates(workspace.catalog, workspace.settings).pairs
        assert {pair.keep.name, pair.other.name} == {"青嶺物流", "青嶺物流サービス"}
        _write(workspace, plan_distinct(workspace, "青嶺物流サービス", "青嶺物流"))
    assert "distinct_from: [青嶺物流]\n" in (root / "customers/青嶺物流サービス.md").read_text(encoding="utf-8")
    with synced(root) as workspace:
        assert find_duplicates(workspace.catalog, workspace.settings).pairs == ()
        assert plan_distinct(workspace, "青嶺物流サービス", "青嶺物流").changes == ()


def test_the_customer_that_has_a_note_says_so(make_vault: MakeVault) -> None:
    root = make_vault(FILES)
    with synced(root) as workspace:
        _write(workspace, plan_distinct(workspace, "青嶺物流", "山田精工"))
    assert "distinct_from: [青嶺物流]\r\n" in (root / "customers/seiko.md").read_bytes().decode()


def test_customers_of_one_name_are_told_apart_by_place(make_vault: MakeVault) -> None:
    card = "---\ntype: customer\nname: 光洋商事\nplace: {}\n---\n"
    root = make_vault({"a.md": card.format("浜松"), "b.md": card.format("名古屋")})
    with synced(root) as workspace:
        with pytest.raises(AmbiguousNameError, match=r"光洋商事") as raised:
            choose_customer(workspace.catalog, "光洋商事")
        assert "光洋商事(名古屋), 光洋商事(浜松)" in str(raised.value.hint)
        assert len(find_duplicates(workspace.catalog, workspace.settings).pairs) == 1
        _write(workspace, plan_distinct(workspace, "光洋商事(浜松)", "光洋商事 名古屋"))
    assert "distinct_from: [光洋商事(名古屋)]\n" in (root / "a.md").read_text(encoding="utf-8")
    with synced(root) as workspace:
        assert find_duplicates(workspace.catalog, workspace.settings).pairs == ()


def test_a_merge_of_customers_told_apart_says_so(make_vault: MakeVault) -> None:
    with synced(make_vault(FILES)) as workspace:
        before = plan_merge(workspace, "山田工業", "青嶺物流").remarks
        _write(workspace, plan_distinct(workspace, "青嶺物流", "山田工業"))
    with synced(workspace.root) as again:
        told = [remark for remark in plan_merge(again, "山田工業", "青嶺物流").remarks if remark not in before]
    assert [remark.partition(":")[0] for remark in told] == ["they were told apart"]


def test_a_merge_says_so_where_the_note_names_several(make_vault: MakeVault) -> None:
    card = "---\ntype: customer\nname: 光洋商事\nplace: {}\ndistinct_from: 光洋商事\n---\n"
    with synced(make_vault({"a.md": card.format("浜松"), "b.md": card.format("名古屋")})) as workspace:
        remarks = plan_merge(workspace, "光洋商事(浜松)", "光洋商事(名古屋)").remarks
    assert [remark for remark in remarks if "told apart" in remark]


def test_one_customer_is_not_distinct_from_itself(make_vault: MakeVault) -> None:
    with synced(make_vault(FILES)) as workspace, pytest.raises(SameCustomerError):
        plan_distinct(workspace, "山田工業", "ヤマダさん")


def test_undo_of_each_decision_gives_every_byte_back(make_vault: MakeVault) -> None:
    root = make_vault(FILES)
    before = _bytes(root)
    plans: tuple[Callable[[Workspace], CustomerPlan], ...] = (
        lambda workspace: plan_merge(workspace, "青嶺物流", "山田精工", rewrite=True),
        lambda workspace: plan_split(workspace, "ヤマダさん", called="ヤマダ商会"),
        lambda workspace: plan_convert(workspace, "山田精工"),
        lambda workspace: plan_distinct(workspace, "山田精工", "青嶺物流"),
    )
    for plan_of in plans:
        with synced(root) as workspace:
            _write(workspace, plan_of(workspace))
            assert _bytes(root) != before
            entry = open_journal(workspace.cache).find_last(["test"])
            assert entry is not None
            open_journal(workspace.cache).undo(workspace.vault, entry)
        assert _bytes(root) == before
