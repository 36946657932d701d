"""``notevault check`` as people and programs call it."""

import json
import os
import re
import shutil
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import pytest

from notevault.check.registry import RULES
from notevault.check.rule import Rule
from tests.conftest import MakeVault, Run

_TEMPLATE = """---
template: meeting
version: 2
fields:
  date: {type: date, required: true}
  customer: {type: customer}
  channel: {type: choice, choices: {visit: [訪問]}}
sections:
  事実: {required: true}
---
# {customer}
## 事実
<!-- 何を -->
"""
_GOOD = "---\ntype: meeting\ndate: 2026-11-20\nchannel: visit\n---\n## 事実\n動いた\n"
_LOOSE = _GOOD.replace("visit", "訪問")
_BAD = "---\ntype: meeting\ndate: soon\n---\n## 事実\n動いた\n"


@pytest.fixture
def vault(make_vault: MakeVault) -> Path:
    root = make_vault(
        {"templates/meeting.md": _TEMPLATE, "a/good.md": _GOOD, "a/loose.md": _LOOSE, "b/悪い, 100%.md": _BAD}
    )
    age(root)
    return root


def age(root: Path) -> None:
    then = time.time() - 60
    for path in root.rglob("*.md"):
        os.utime(path, (then, then))


def test_errors_are_listed_and_make_the_exit_code(vault: Path, run: Run) -> None:
    ran = run("check", vault=vault)
    assert ran.stdout == "b/悪い, 100%.md:3:7: [field-type] 'soon' in 'date' is not a date such as 2026-11-20\n"
    assert "1 error, 0 warnings" in ran.stderr
    assert ran.exit_code == 1


def test_a_vault_without_faults_is_praised(vault: Path, run: Run) -> None:
    ran = run("check", "a", vault=vault)
    assert (ran.stdout, ran.exit_code) == ("", 0)
    assert "Nothing to complain about." in ran.stderr


def test_remarks_are_listed_when_asked_for(vault: Path, run: Run) -> None:
    ran = run("check", "--remarks", "a", vault=vault)
    assert ran.stdout == "a/loose.md:4:10: [value-spelling] '訪問' in 'channel' is written 'visit'\n"
    assert run("check", "--select", "value-spelling", vault=vault).stdout == ran.stdout
    assert run("check", "--remarks", "--ignore", "field-type,value-spelling", vault=vault).stdout == ""


@pytest.mark.parametrize("place", ["a", "a/", "a/good.md", "a/loose.md", ".", "b/悪い, 100%.md"])
def test_paths_narrow_what_is_checked(vault: Path, run: Run, place: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(vault)
    expected = {"a": 1, "a/": 1, "a/good.md": 0, "a/loose.md": 1, ".": 2, "b/悪い, 100%.md": 1}
    found = json.loads(run("check", "--json", place).stdout)
    assert len(found) == expected[place]
    monkeypatch.chdir(vault / "b")
    assert len(json.loads(run("check", "--json", os.path.relpath(vault / place, vault / "b")).stdout)) == len(found)


def test_a_path_that_is_no_note_is_passed_over_and_one_that_is_not_there_is_an_error(vault: Path, run: Run) -> None:
    ran = run("check", "templates/meeting.md", "notevault.toml", vault=vault)
    assert (ran.stdout, ran.exit_code) == ("", 0)
    assert "passed over: " in ran.stderr
    assert run("check", "gone.md", vault=vault).exit_code == 2
    assert run("check", str(vault.parent), vault=vault).exit_code == 2


def test_an_unknown_rule_is_answered_with_a_guess(vault: Path, run: Run) -> None:
    ran = run("check", "--select", "feild-type", vault=vault)
    assert ran.exit_code == 2
    assert "did you mean: field-type" in ran.stderr


def test_diff_shows_and_fix_does_it(vault: Path, run: Run) -> None:
    ran = run("check", "--diff", vault=vault)
    assert ran.stdout == (
        "--- a/a/loose.md\n+++ b/a/loose.md\n@@ -1,7 +1,7 @@\n ---\n type: meeting\n date: 2026-11-20\n"
        "-channel: 訪問\n+channel: visit\n ---\n ## 事実\n 動いた\n"
    )
    assert ran.exit_code == 1
    assert (vault / "a/loose.md").read_text(encoding="utf-8") == _LOOSE
    ran = run("check", "--fix", vault=vault)
    assert "1 note put right: value-spelling 1" in ran.stderr
    assert "[field-type]" in ran.stdout
    assert ran.exit_code == 1
    assert (vault / "a/loose.md").read_text(encoding="utf-8") == _GOOD
    again = run("check", "--fix", "a", vault=vault)
    assert "Nothing can be put right without a question." in again.stderr
    assert again.exit_code == 0


def test_fix_writes_the_registered_name_of_a_customer(make_vault: MakeVault, run: Run) -> None:
    card = "---\ntype: customer\nname: 株式会社山田工業\n---\n"
    minutes = _GOOD.replace("channel: visit", "customer: ㈱山田工業")
    root = make_vault({"templates/meeting.md": _TEMPLATE, "山田.md": card, "a.md": minutes})
    age(root)
    assert run("check", "--fix", vault=root).exit_code == 0
    assert "customer: 株式会社山田工業\n" in (root / "a.md").read_text(encoding="utf-8")


def test_only_the_notes_of_a_changed_template_are_checked_again(make_vault: MakeVault, run: Run) -> None:
    call = "---\ntemplate: call\nfields: {date: {required: true}}\n---\n"
    root = make_vault(
        {
            "templates/meeting.md": _TEMPLATE,
            "templates/call.md": call,
            "a.md": _GOOD,
            "b.md": "---\ntype: call\n---\n",
            "c.md": "jotted down\n",
        }
    )
    assert len(json.loads(run("check", "--json", vault=root).stdout)) == 1
    checked = fingerprints(root)
    (root / "templates/call.md").write_text(call.replace("required: true", ""), encoding="utf-8")
    assert json.loads(run("check", "--json", vault=root).stdout) == []
    changed = {path for path, fingerprint in fingerprints(root).items() if fingerprint != checked[path]}
    assert changed == {"b.md"}


def fingerprints(root: Path) -> dict[str, str]:
    from notevault.workspace import open_workspace  # noqa: PLC0415

    with open_workspace(root) as workspace:
        return {row[0]: row[1] for row in workspace.catalog.select("SELECT path, checked FROM notes")}


def test_text_on_stdin_is_checked_as_the_note_it_will_be(vault: Path, run: Run) -> None:
    ran = run("check", "--stdin-filename", "a/good.md", vault=vault, stdin=_BAD)
    assert ran.exit_code == 2, "the path is looked up from here, which is not the vault"
    place = str(vault / "new" / "2026-11-20 x.md")
    ran = run("check", "--stdin-filename", place, vault=vault, stdin=_GOOD.replace("-20", "-02").encode())
    assert ran.stdout.startswith("new/2026-11-20 x.md:3:7: [date-path]")
    ran = run("check", "--json", "--stdin-filename", place, vault=vault, stdin=_LOOSE.encode())
    assert [row["rule"] for row in json.loads(ran.stdout)] == ["value-spelling"]
    assert not (vault / "new").exists()


def test_stdin_knows_the_customers(make_vault: MakeVault, run: Run) -> None:
    card = "---\ntype: customer\nname: 株式会社山田工業\n---\n"
    root = make_vault({"templates/meeting.md": _TEMPLATE, "山田.md": card})
    run("sync", vault=root)
    text = _GOOD.replace("channel: visit", "customer: ㈱山田工業")
    ran = run("check", "--remarks", "--stdin-filename", str(root / "b.md"), vault=root, stdin=text.encode())
    assert "'㈱山田工業' is registered as '株式会社山田工業'" in ran.stdout


def test_github_annotations_escape_what_would_break_them(
    vault: Path, run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(vault.parent)
    ran = run("check", "--format", "github", vault=vault)
    assert ran.stdout == (
        "::error file=vault/b/悪い%2C 100%25.md,line=3,col=7,title=field-type"
        "::'soon' in 'date' is not a date such as 2026-11-20\n"
    )


def test_sarif_has_the_shape_of_its_standard(vault: Path, run: Run) -> None:
    log = json.loads(run("check", "--format", "sarif", "--remarks", vault=vault).stdout)
    assert sarif_faults(log) == []
    results = log["runs"][0]["results"]
    assert [(result["ruleId"], result["level"]) for result in results] == [
        ("value-spelling", "note"),
        ("field-type", "error"),
    ]
    place = results[1]["locations"][0]["physicalLocation"]
    assert place["artifactLocation"]["uri"] == "b/%E6%82%AA%E3%81%84%2C%20100%25.md"
    assert place["region"] == {"startLine": 3, "startColumn": 7}


def sarif_faults(log: dict[str, Any]) -> list[str]:
    """Return what SARIF 2.1.0 (OASIS, sections 3.13 to 3.58) requires and the log lacks."""
    faults = [] if log["version"] == "2.1.0" and log["$schema"].startswith("https://") else ["version"]
    for one in log["runs"]:
        driver = one["tool"]["driver"]
        ids = [rule["id"] for rule in driver["rules"]]
        faults += [] if driver["name"] and len(set(ids)) == len(ids) else ["rules"]
        faults += [rule["id"] for rule in driver["rules"] if not rule["shortDescription"]["text"]]
        faults += [uri for uri in [one["originalUriBaseIds"]["VAULT"]["uri"]] if not re.match(r"file:///.*/$", uri)]
        faults += [] if one["columnKind"] in ("unicodeCodePoints", "utf16CodeUnits") else ["columnKind"]
        for result in one["results"]:
            region = result["locations"][0]["physicalLocation"]["region"]
            well = (
                ids[result["ruleIndex"]] == result["ruleId"]
                and result["level"] in ("none", "note", "warning", "error")
                and bool(result["message"]["text"])
                and region["startLine"] >= 1
                and region["startColumn"] >= 1
            )
            faults += [] if well else [result["ruleId"]]
    return faults


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.id)
def test_every_rule_is_explained(run: Run, rule: Rule) -> None:
    ran = run("check", "--explain", rule.id)
    assert ran.stdout.startswith(f"{rule.id} ({rule.severity})\n")
    assert len(ran.stdout.splitlines()) > 2
    assert rule.id in run("check", "--explain", "list").stdout


def test_unknown_pages_are_answered_with_a_guess(run: Run) -> None:
    ran = run("check", "--explain", "feild-type")
    assert ran.exit_code == 2
    assert "field-type" in ran.stderr


def test_the_hook_for_pre_commit_calls_check() -> None:
    import yaml  # noqa: PLC0415

    root = Path(__file__).parents[1]
    hooks = yaml.safe_load((root / ".pre-commit-hooks.yaml").read_text(encoding="utf-8"))
    assert [hook["id"] for hook in hooks] == ["notevault-check", "notevault-fix"]
    for hook in hooks:
        assert set(hook) >= {"id", "name", "entry", "language", "types"}
        words = hook["entry"].split()
        assert words[:2] == ["notevault", "check"]


def test_the_hook_checks_the_files_it_is_given(vault: Path) -> None:
    ran = subprocess.run(
        [sys.executable, "-m", "notevault", "check", "a/loose.md", "templates/meeting.md", "b/悪い, 100%.md"],
        cwd=vault,
        capture_output=True,
        encoding="utf-8",
        check=False,
    )
    assert ran.returncode == 1, ran.stderr
    assert ran.stdout.count("[field-type]") == 1


def test_the_sample_vault_passes_but_for_its_bad_notes(tmp_path: Path, run: Run) -> None:
    root = tmp_path / "sample"
    shutil.copytree(Path(__file__).parents[1] / "sample-vault", root)
    ran = run("check", "--json", "--ignore", "stage-todo,customer-unknown", vault=root)
    found = json.loads(ran.stdout)
    graver = [row for row in found if row["severity"] != "info"]
    assert graver
    assert {row["path"].partition("/")[0] for row in graver} == {"bad"}
    age(root)
    run("check", "--fix", vault=root)
    left = json.loads(run("check", "--json", "--ignore", "stage-todo,customer-unknown", vault=root).stdout)
    assert [row for row in left if not row["path"].startswith("bad/")] == []
