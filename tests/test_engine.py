"""The text index that the settings name."""

import json
from importlib.util import find_spec

import pytest

from notevault.cli import status
from notevault.errors import SettingsError
from notevault.workspace import Workspace
from tests.conftest import MakeVault, Run

NOTES = {
    "a.md": "# 見積\n複合機の見積書を出した",
    "b.md": "AKG-8492 とサーバーの話",
    "c.md": "proposals for the 複合機",
}
TANTIVY = '[index]\nengine = "tantivy"\n'

needs_tantivy = pytest.mark.skipif(find_spec("tantivy") is None, reason="the extra tantivy is not installed")


def test_an_unknown_engine_is_refused_with_its_line(make_vault: MakeVault) -> None:
    with pytest.raises(SettingsError) as caught:
        Workspace(make_vault(NOTES, settings='[index]\nengine = "lucene"\n'))
    assert "notevault.toml:2:" in caught.value.message
    assert "whoosh or tantivy" in caught.value.message


@needs_tantivy
@pytest.mark.parametrize("query", ["複合機 見積", "akg8492", "server", "proposal", "+複合機 -見積", "見積~", "京東"])
def test_both_engines_answer_alike(make_vault: MakeVault, run: Run, query: str) -> None:
    one = run("search", query, "--json", vault=make_vault(NOTES, name="whoosh"))
    other = run("search", query, "--json", vault=make_vault(NOTES, settings=TANTIVY, name="tantivy"))
    assert [hit["path"] for hit in json.loads(other.stdout)] == [hit["path"] for hit in json.loads(one.stdout)]
    for ours, theirs in zip(json.loads(one.stdout), json.loads(other.stdout), strict=True):
        assert theirs["score"] == pytest.approx(ours["score"], rel=0.2)
        assert theirs["snippet"] == ours["snippet"]


@needs_tantivy
def test_the_engine_can_be_changed_back_and_forth(make_vault: MakeVault, run: Run) -> None:
    root = make_vault(NOTES)
    assert run("search", "見積", "-l", vault=root).stdout == "a.md\n"
    (root / "notevault.toml").write_text(TANTIVY, "utf-8")
    (root / "d.md").write_text("見積の話", "utf-8")
    assert run("search", "見積", "--count", vault=root).stdout == "2\n"
    (root / "a.md").unlink()
    (root / "notevault.toml").write_text("", "utf-8")
    assert run("search", "見積", "-l", vault=root).stdout == "d.md\n"


def test_an_engine_that_is_not_installed_says_how(
    make_vault: MakeVault, run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("notevault.workspace.find_spec", lambda _name: None)
    ran = run("search", "見積", vault=make_vault(NOTES, settings=TANTIVY))
    assert (ran.exit_code, ran.stdout) == (2, "")
    assert "pip install 'notevault[tantivy]'" in ran.stderr


def test_status_names_the_engine_and_suggests_another_for_a_large_vault(
    make_vault: MakeVault, run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    root = make_vault(NOTES)
    run("sync", vault=root)
    assert json.loads(run("status", "--json", vault=root).stdout)["engine"] == "whoosh"
    assert "tantivy" not in run("status", vault=root).stdout
    monkeypatch.setattr(status, "LARGE_VAULT", 2)
    assert 'index.engine = "tantivy"' in run("status", vault=root).stdout
    (root / "notevault.toml").write_text(TANTIVY, "utf-8")
    assert "pip install" not in run("status", vault=root).stdout
