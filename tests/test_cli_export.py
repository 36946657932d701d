import csv
import json
from pathlib import Path

from notevault import catalog
from tests.conftest import MakeVault, Run

NOTE = "---\ntype: meeting\ndate: 2026-11-20\ncustomer: 山田工業\ncontacts: [堀]\n---\n# 提案\n- [ ] 送る\n"


def test_tables_are_written_and_counted(make_vault: MakeVault, run: Run, tmp_path: Path) -> None:
    ran = run("export", "--out", tmp_path / "out", vault=make_vault({"a.md": NOTE}))
    assert ran.exit_code == 0
    assert "1  accounts.csv" in ran.stdout
    assert str(tmp_path / "out") in ran.stdout
    assert "family and given name" in ran.stderr
    assert len(list((tmp_path / "out").glob("*.csv"))) == ran.stdout.count(".csv") + len(["reconcile.csv"])


def test_json_report_has_its_documented_fields(make_vault: MakeVault, run: Run, tmp_path: Path) -> None:
    files = {"a.md": NOTE, "b.md": "---\ntype: memo\n---\nNEL\u0085NUL\x00\n"}
    ran = run("export", "-o", tmp_path / "out", "--json", vault=make_vault(files))
    report = json.loads(ran.stdout)
    assert list(report) == [
        "out", "profile", "tables", "findings", "normalized", "long_cells", "split_notes", "whole_names",
        "lead_deals", "conflict_copies", "unchanged", "already_loaded", "deleted", "merged", "ledger", "redacted",
    ]  # fmt: skip
    assert report["tables"]["accounts"] == 1
    assert report["tables"]["tasks"] == 1
    assert report["normalized"] == {"NEL": 1, "NUL": 1}
    assert report["whole_names"] == 1


def test_bytes_are_those_that_importers_take(make_vault: MakeVault, run: Run, tmp_path: Path) -> None:
    body = "say \"5''\", tab\there\r\n=1+1 🍣 𠮷 ﾔﾏﾀﾞ\r\n"
    run("export", "-o", tmp_path / "out", vault=make_vault({"a.md": NOTE + body}))
    data = (tmp_path / "out" / "notes.csv").read_bytes()
    assert data.startswith(b'"id",')
    assert data.endswith(b'"\r\n')
    assert b"\r" not in data.replace(b"\r\n", b"")
    assert data.count(b"\r\n") == 2
    with (tmp_path / "out" / "notes.csv").open(encoding="utf-8", newline="") as stream:
        (row,) = csv.DictReader(stream)
    assert row["body"].endswith(body.replace("\r\n", "\n"))


def test_same_notes_give_the_same_bytes(make_vault: MakeVault, run: Run, tmp_path: Path) -> None:
    root = make_vault({"a.md": NOTE, "b.md": NOTE.replace("山田", "鈴木"), "c/d.md": NOTE.replace("堀", "Laura Reed")})
    run("export", "-o", tmp_path / "one", vault=root)
    run("sync", "--full", vault=root)
    run("export", "-o", tmp_path / "two", vault=root)
    for path in (tmp_path / "one").iterdir():
        assert path.read_bytes() == (tmp_path / "two" / path.name).read_bytes()


def test_second_run_replaces_the_first(make_vault: MakeVault, run: Run, tmp_path: Path) -> None:
    root = make_vault({"a.md": NOTE})
    run("export", "-o", tmp_path / "out", vault=root)
    (root / "a.md").write_text(NOTE.replace("送る", "届ける"), encoding="utf-8")
    ran = run("export", "-o", tmp_path / "out", vault=root)
    assert ran.exit_code == 0
    assert "届ける" in (tmp_path / "out" / "tasks.csv").read_text(encoding="utf-8")


def test_last_state_is_exported_without_sync(make_vault: MakeVault, run: Run, tmp_path: Path) -> None:
    root = make_vault({"a.md": NOTE})
    run("sync", vault=root)
    (root / "a.md").unlink()
    ran = run("export", "-o", tmp_path / "out", "--no-sync", "--json", vault=root)
    assert json.loads(ran.stdout)["tables"]["notes"] == 1


def test_folder_with_other_files_is_refused_with_a_way_out(make_vault: MakeVault, run: Run, tmp_path: Path) -> None:
    out = tmp_path / "out"
    out.mkdir()
    (out / "budget.txt").write_text("mine")
    root = make_vault({"a.md": NOTE})
    ran = run("export", "-o", out, vault=root)
    assert (ran.exit_code, ran.stdout) == (2, "")
    assert "--force" in ran.stderr
    assert run("export", "-o", out, "--force", vault=root).exit_code == 0
    assert (out / "budget.txt").read_text() == "mine"


def test_notes_are_never_written_to(make_vault: MakeVault, run: Run) -> None:
    root = make_vault({"notes/a.md": NOTE})
    for place in (root, root.parent, root / "notes"):
        assert run("export", "-o", place, "--force", vault=root).exit_code == 2
    assert sorted(path.name for path in root.rglob("*")) == ["a.md", "notes", "notevault.toml"]


def test_empty_vault_gives_headers_alone(make_vault: MakeVault, run: Run, tmp_path: Path) -> None:
    ran = run("export", "-o", tmp_path / "out", "--json", vault=make_vault())
    assert set(json.loads(ran.stdout)["tables"].values()) == {0}
    assert (tmp_path / "out" / "accounts.csv").read_bytes().count(b"\r\n") == 1


def test_conflict_copies_are_left_out(make_vault: MakeVault, run: Run, tmp_path: Path) -> None:
    root = make_vault({"a.md": NOTE, "a copy.md": NOTE})
    run("sync", vault=root)
    with catalog.Catalog.open(next((tmp_path / "cache").iterdir())) as opened, opened.transaction():
        opened.execute("UPDATE notes SET copy_of = (SELECT id FROM notes WHERE path = 'a.md') WHERE path = 'a copy.md'")
    ran = run("export", "-o", tmp_path / "out", "--no-sync", "--json", vault=root)
    report = json.loads(ran.stdout)
    assert (report["tables"]["notes"], report["tables"]["tasks"], report["conflict_copies"]) == (1, 1, 1)
