"""Proposals for a template that is there, and their way into its text."""

from pathlib import Path
from typing import Any

import pytest

from tests.conftest import MakeVault, Run
from tests.jsons import load_json

TEMPLATE = """---
# agreed in May
template: meeting   # minutes
version: 2
fields:
  date: {type: date, required: true}
  customer: {type: customer, required: true}
  channel: {type: choice, choices: [訪問, 電話]}
  amount: {type: money}
  weather: {type: text}   # who wants this?
  温度感メモ: {type: text}
  memo: {type: text, required: true}
sections:
  事実: {required: true}
  行動:
  天気: {}
---
# {customer} {date}

## 事実
<!-- what was said -->

## 行動

## 天気
"""


def note(number: int, **more: str) -> str:
    fields = {
        "type": "meeting",
        "date": f"2026-10-{number + 1:02}",
        "customer": "山田工業",
        "channel": "訪問",
        "予算": f"{number + 1}0万円",
        "担当": "sato",
        "温度感": "高い",
    } | more
    lines = "".join(f"{key}: {value}\n" for key, value in fields.items() if value)
    return f"---\n{lines}---\n## 事実\n台数を聞いた\n## 行動\n- [ ] 見積\n## 競合\n他社の話\n"


def team(count: int = 20, **more: str) -> dict[str, str]:
    notes = {f"m/{number:02}.md": note(number, **more) for number in range(count)}
    return {"templates/meeting.md": TEMPLATE, **notes}


def proposals(run: Run, root: Path, name: str = "meeting") -> dict[str, Any]:
    found = load_json(run("refine", name, "--json", vault=root))
    return {one["id"]: one for one in found["proposals"]}


def test_each_proposal_says_on_what_evidence(make_vault: MakeVault, run: Run) -> None:
    found = proposals(run, make_vault(team()))
    assert {name: one["why"] for name, one in found.items()} == {
        "require:field:channel": "20 of 20 notes fill it",
        "drop:field:amount": "none of 20 notes fills it",
        "drop:field:weather": "none of 20 notes fills it",
        "rename:field:温度感メモ": "no note writes '温度感メモ', 20 write '温度感'; spelled alike (100%)",
        "relax:field:memo": "20 of 20 notes leave it empty",
        "add:field:予算": "20 of 20 notes have it; since 2026-10-01, by sato",
        "add:field:担当": "20 of 20 notes have it; since 2026-10-01, by sato",
        "require:section:行動": "20 of 20 notes fill it",
        "drop:section:天気": "none of 20 notes has it",
        "add:section:競合": "20 of 20 notes have it; since 2026-10-01, by sato",
    }
    assert found["add:field:予算"]["type"] == "money"
    assert found["add:field:予算"]["required"] is True


def test_accepted_proposals_change_their_place_and_leave_the_rest(make_vault: MakeVault, run: Run) -> None:
    root = make_vault(team())
    ran = run("refine", "meeting", "--accept-all", vault=root)
    assert ran.exit_code == 0
    assert "templates/meeting.md is version 3 now." in ran.stderr
    assert "Of 20 notes looked at, 20 pass it as they are and 20 once migrated." in ran.stderr
    assert (
        (root / "templates/meeting.md").read_text(encoding="utf-8")
        == """---
# agreed in May
template: meeting   # minutes
version: 3
fields:
  date: {type: date, required: true}
  customer: {type: customer, required: true}
  channel: {type: choice, choices: [訪問, 電話], required: true}
  温度感: {type: text, also: [温度感メモ]}
  memo: {type: text, required: false}
  予算: {type: money, required: true}
  担当: {type: person, required: true}
sections:
  事実: {required: true}
  行動: {required: true}
  競合: {required: true}
renamed:
  温度感メモ: 温度感
---
# {customer} {date}

## 事実
<!-- what was said -->

## 行動

## 競合
"""
    )
    assert list(proposals(run, root)) == ["require:field:温度感", "drop:field:memo"]
    run("refine", "meeting", "--accept-all", vault=root)
    assert "Nothing to refine" in run("refine", "meeting", "--accept-all", vault=root).stderr


def test_one_proposal_alone_can_be_accepted(make_vault: MakeVault, run: Run) -> None:
    root = make_vault(team())
    run("refine", "meeting", "--accept", "drop:field:weather", vault=root)
    expected = TEMPLATE.replace("version: 2", "version: 3").replace("  weather: {type: text}   # who wants this?\n", "")
    assert (root / "templates/meeting.md").read_text(encoding="utf-8") == expected
    wrong = run("refine", "meeting", "--accept", "drop:field:wether", vault=root)
    assert wrong.exit_code == 2
    assert "no proposal is called" in wrong.stderr


@pytest.mark.parametrize("option", ["--dry-run", "--json"])
def test_looking_writes_nothing(option: str, make_vault: MakeVault, run: Run) -> None:
    root = make_vault(team())
    ran = run("refine", "meeting", option, vault=root)
    assert ran.exit_code == 0
    assert "予算" in ran.stdout
    assert (root / "templates/meeting.md").read_text(encoding="utf-8") == TEMPLATE


def test_without_a_terminal_it_asks_for_an_option(make_vault: MakeVault, run: Run) -> None:
    ran = run("refine", "meeting", vault=make_vault(team()))
    assert ran.exit_code == 2
    assert "--accept-all" in ran.stderr


def test_other_spellings_of_a_field_are_taken_for_it_and_told_to_migrate(make_vault: MakeVault, run: Run) -> None:
    notes = team()
    for number in range(5):
        notes[f"m/{number:02}.md"] = note(number, customer="").replace("date:", "カスタマー様: 山田工業\ndate:")
    for number in range(5, 9):
        notes[f"m/{number:02}.md"] = note(number, channel="ご訪問" if number % 2 else "オンライン")
    root = make_vault(notes, settings="[keys]\ncustomer = ['カスタマー様']\n")
    found = proposals(run, root)
    assert "rename:field:カスタマー様" not in found
    assert found["choices:field:channel"]["choices"] == [
        {"choice": "訪問", "also": ["ご訪問"]},
        {"choice": "オンライン", "also": []},
    ]
    run("refine", "meeting", "--accept", "choices:field:channel", vault=root)
    text = (root / "templates/meeting.md").read_text(encoding="utf-8")
    assert "choices: {訪問: [ご訪問], 電話: [], オンライン: []}}" in text


def test_values_of_another_type_give_the_field_that_type(make_vault: MakeVault, run: Run) -> None:
    found = proposals(run, make_vault(team(amount="応相談")))
    assert found["retype:field:amount"]["type"] == "text"
    assert "応相談" in found["retype:field:amount"]["why"]


def test_a_required_field_that_few_leave_out_stays_required(make_vault: MakeVault, run: Run) -> None:
    notes = team(memo="x")
    for number in range(2):
        notes[f"m/{number:02}.md"] = note(number)
    assert "relax:field:memo" not in proposals(run, make_vault(notes))


def test_demands_are_made_only_where_most_notes_meet_all_of_them(make_vault: MakeVault, run: Run) -> None:
    notes = {}
    for number in range(100):
        left_out = {key: "" for at, key in enumerate(("date", "customer", "予算", "担当")) if number // 4 == at}
        notes[f"m/{number:02}.md"] = note(number % 28, type="", **left_out)
    root = make_vault(notes)
    found = load_json(run("refine", "議事", "--json", vault=root))
    required = {one["name"] for one in found["proposals"] if one["required"] and one["part"] == "field"}
    assert len(required & {"date", "customer", "予算", "担当"}) == 2
    assert found["fit"]["after"] >= 0.9 * found["fit"]["looked_at"]


def test_a_template_that_cannot_be_read_is_told_before_anything(make_vault: MakeVault, run: Run) -> None:
    notes = team() | {"templates/meeting.md": TEMPLATE.replace("type: money", "type: mony")}
    ran = run("refine", "meeting", "--accept-all", vault=make_vault(notes))
    assert ran.exit_code == 2
    assert "templates/meeting.md:9" in ran.stderr


def test_a_base_template_stays_below(make_vault: MakeVault, run: Run) -> None:
    base = "---\ntemplate: base\nfields:\n  date: {type: date, required: true}\n---\n"
    own = "---\ntemplate: meeting\nextends: base\nversion: 1\n---\n"
    notes = team() | {"templates/base.md": base, "templates/meeting.md": own}
    root = make_vault(notes)
    ran = run("refine", "meeting", "--accept-all", vault=root)
    assert ran.exit_code == 0, ran.stderr
    text = (root / "templates/meeting.md").read_text(encoding="utf-8")
    assert text.startswith("---\ntemplate: meeting\nextends: base\nversion: 2\nfields:\n  customer:")
    assert (root / "templates/base.md").read_text(encoding="utf-8") == base


def test_an_unknown_type_is_told_with_the_nearest(make_vault: MakeVault, run: Run) -> None:
    ran = run("refine", "meting", "--json", vault=make_vault(team()))
    assert ran.exit_code == 2
    assert "did you mean: meeting" in ran.stderr
