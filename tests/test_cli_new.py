"""``notevault new`` as people call it."""

from pathlib import Path

import click
import pytest

from tests.conftest import MakeVault, Run

_CUSTOMER = """---
template: customer
title: 顧客台帳
also: [お客様カード]
path: customers/{name}
fields:
  name: {type: text, required: true, also: [正式名称]}
  aliases: {type: list}
  担当: {type: person}
---
# {name}
"""
_MEETING = "---\ntemplate: meeting\ntitle: 商談議事録\nfields: {date: {type: date}}\n---\n# {date}\n"


def minutes(customer: str, owner: str) -> str:
    return f"---\ntype: meeting\ndate: 2026-11-20\ncustomer: '{customer}'\nowner: {owner}\n---\n"


@pytest.fixture
def vault(make_vault: MakeVault) -> Path:
    return make_vault(
        {
            "templates/customer.md": _CUSTOMER,
            "templates/meeting.md": _MEETING,
            "1.md": minutes("㈱三ツ坂食品", "sato"),
            "2.md": minutes("三ツ坂食品", "sato"),
            "3.md": minutes("株式会社三ツ坂食品", "tanaka"),
            "4.md": minutes("Foods, Inc.", "tanaka"),
        }
    )


@pytest.mark.parametrize("name", ["meeting", "商談議事録", "商談", "Meeting", "議事録"])
def test_a_template_is_found_by_each_of_its_names(vault: Path, run: Run, name: str) -> None:
    ran = run("new", name, vault=vault)
    assert ran.exit_code == 0, ran.stderr
    assert Path(ran.stdout.strip()).read_text(encoding="utf-8").startswith("---\ntype: meeting\n")


def test_a_misspelled_template_is_answered_with_a_guess(vault: Path, run: Run) -> None:
    ran = run("new", "meting", vault=vault)
    assert ran.exit_code == 2
    assert "did you mean 'meeting'?" in ran.stderr


def test_the_note_of_a_customer_gets_what_the_notes_say(vault: Path, run: Run) -> None:
    ran = run("new", "お客様カード", "-s", "name=株式会社三ツ坂食品", vault=vault)
    assert ran.stderr == ""
    text = (vault / "customers" / "株式会社三ツ坂食品.md").read_text(encoding="utf-8")
    assert "name: 株式会社三ツ坂食品\naliases: [㈱三ツ坂食品, 三ツ坂食品]\n担当: sato\n" in text


def test_a_customers_note_gets_status_source_and_mail_domain(make_vault: MakeVault, run: Run) -> None:
    fields = "fields: {name: {}, 状態: {type: choice, choices: {STATUS: [見込]}}, きっかけ: {}, domain: {}, owner: {}}"
    inquiry = "---\ntype: inquiry\ndate: 2026-11-0{}\ncustomer: 甲社\nsource: {}\nstage: {}\ncontacts: [{}]\n---\n"
    notes = {
        "1.md": inquiry.format(1, "展示会", "リード", "林 <a@kou.example>"),
        "2.md": inquiry.format(2, "紹介", "受注", "森 <b@gmail.com>"),
    }
    for status in ("account", "regular"):
        template = f"---\ntemplate: customer\npath: customers/{{name}}\n{fields.replace('STATUS', status)}\n---\n"
        root = make_vault(notes | {"templates/customer.md": template}, name=status)
        run("new", "customer", "-s", "name=甲社", vault=root)
        text = (root / "customers" / "甲社.md").read_text(encoding="utf-8")
        assert ("状態: account\n" in text) == (status == "account")
        assert "きっかけ: 展示会\ndomain: kou.example\n" in text


def test_what_is_given_goes_before_what_is_known(vault: Path, run: Run) -> None:
    run("new", "customer", "-s", "正式名称=三ツ坂食品", "-s", "owner=ito", "-s", "aliases=三ツ坂", vault=vault)
    text = (vault / "customers" / "三ツ坂食品.md").read_text(encoding="utf-8")
    assert "aliases: [三ツ坂]\n担当: ito\n" in text


def test_a_customer_that_nobody_named_starts_blank(vault: Path, run: Run) -> None:
    ran = run("new", "customer", "-s", "name=山田工業", vault=vault)
    assert ran.exit_code == 0
    assert "aliases" not in (vault / "customers" / "山田工業.md").read_text(encoding="utf-8")
    assert run("new", "customer", vault=vault).exit_code == 0


def test_a_second_note_of_a_customer_is_told(vault: Path, run: Run) -> None:
    run("new", "customer", "-s", "name=株式会社三ツ坂食品", vault=vault)
    ran = run("new", "customer", "-s", "name=三ツ坂食品", vault=vault)
    assert "三ツ坂食品 has a note already: customers/株式会社三ツ坂食品.md" in ran.stderr
    assert ran.exit_code == 0


def test_on_a_terminal_the_editor_opens(vault: Path, run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    opened: list[str] = []
    monkeypatch.setattr(click, "edit", lambda *, filename: opened.append(filename))
    monkeypatch.setattr("notevault.cli.new._is_terminal", lambda: True)
    ran = run("new", "meeting", vault=vault)
    assert opened == [ran.stdout.strip()]
    run("new", "meeting", "--print-path", vault=vault)
    assert len(opened) == 1


def test_taken_name_gets_a_number(run: Run, make_vault: MakeVault) -> None:
    root = make_vault({"templates/t.md": "---\ntemplate: t\npath: t/{date}\nfields:\n  date: {type: date}\n---\n# T\n"})
    names = [Path(run("new", "t", "--print-path", vault=root).stdout.strip()).name for _ in range(3)]
    assert names == ["2026-11-22.md", "2026-11-22 (2).md", "2026-11-22 (3).md"]
