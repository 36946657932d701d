from pathlib import Path

from notevault.report.duplicates import DuplicatePair, find_duplicates
from tests.conftest import MakeVault, Run
from tests.synced import synced

NOTE = "---\ndate: 2026-11-0{}\ncustomer: {}\ncontacts: ['{}']\n---\n"
CARD = "---\ntype: customer\nname: {}\n{}\n---\n"


def _pairs(root: Path, **options: bool) -> tuple[DuplicatePair, ...]:
    with synced(root) as workspace:
        return find_duplicates(workspace.catalog, workspace.settings, **options).pairs


def test_shared_mail_domain_phone_and_person_are_evidence(make_vault: MakeVault) -> None:
    files = {
        "1.md": NOTE.format(1, "北辰商会", "中村健太郎 <n@hokushin.example> 03-1234-5678"),
        "2.md": NOTE.format(2, "ほくしん", "中村健太郎 <k@hokushin.example> ０３（１２３４）５６７８"),
        "3.md": NOTE.format(3, "赤坂堂", "田中 <t@gmail.com>"),
        "4.md": NOTE.format(4, "白金堂", "田中 <u@gmail.com>"),
    }
    (pair,) = _pairs(make_vault(files), alike=False)
    assert {pair.keep.name, pair.other.name} == {"北辰商会", "ほくしん"}
    assert [each.kind for each in pair.evidence] == ["domain", "phone", "person"]
    assert 0.8 < pair.score < 1


def test_alike_names_are_proposed(make_vault: MakeVault) -> None:
    files = {"1.md": NOTE.format(1, "株式会社彩文堂印刷", "a"), "2.md": NOTE.format(2, "彩文堂", "b")}
    root = make_vault(files)
    assert [each.kind for pair in _pairs(root) for each in pair.evidence] == ["alike"]
    assert _pairs(root, alike=False) == ()


def test_registered_customer_is_the_one_to_keep(make_vault: MakeVault) -> None:
    files = {
        "a.md": CARD.format("甲社", "domain: kou.example"),
        "1.md": NOTE.format(1, "乙社", "a@kou.example"),
        "2.md": NOTE.format(2, "乙社", "b@kou.example"),
    }
    (pair,) = _pairs(make_vault(files))
    assert (pair.keep.name, pair.other.name, pair.other.notes) == ("甲社", "乙社", 2)


def test_units_of_one_group_are_no_duplicates(make_vault: MakeVault) -> None:
    number = "corporate_number: 7999900010001"
    files = {
        "a.md": CARD.format("山田工業", f"group: 山田グループ\n{number}"),
        "b.md": CARD.format("ヤマダ販売", f"group: 山田グループ\n{number}"),
        "c.md": CARD.format("別会社", number),
    }
    pairs = _pairs(make_vault(files), alike=False)
    assert {frozenset((pair.keep.name, pair.other.name)) for pair in pairs} == {
        frozenset(("山田工業", "別会社")),
        frozenset(("ヤマダ販売", "別会社")),
    }


def test_command_prints_pairs_and_merges_nothing(run: Run, make_vault: MakeVault) -> None:
    files = {"1.md": NOTE.format(1, "株式会社彩文堂印刷", "a"), "2.md": NOTE.format(2, "彩文堂", "b")}
    ran = run("customer", "duplicates", vault=make_vault(files))
    assert ran.exit_code == 0
    assert "彩文堂 (1)" in ran.stdout
    assert "1 pair\n" in ran.stderr
    assert "notevault customer merge" in ran.stderr
