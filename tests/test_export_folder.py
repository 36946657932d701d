import json
from pathlib import Path

import pytest

from notevault.export.folder import ExportFolderError, staged_folder


def fill(out: Path, root: Path, names: dict[str, str], *, force: bool = False) -> None:
    with staged_folder(out, root, force=force) as staging:
        for name, text in names.items():
            (staging / name).write_text(text, encoding="utf-8")


def package(*names: str) -> dict[str, str]:
    descriptor = {"name": "notevault-export", "resources": [{"path": name} for name in names]}
    return {"datapackage.json": json.dumps(descriptor), **dict.fromkeys(names, "new")}


def contents(out: Path) -> dict[str, str]:
    return {path.name: path.read_text(encoding="utf-8") for path in out.iterdir() if path.name != "datapackage.json"}


@pytest.fixture
def root(tmp_path: Path) -> Path:
    vault = tmp_path / "vault"
    vault.mkdir()
    (vault / "notevault.toml").touch()
    return vault


@pytest.fixture
def out(tmp_path: Path) -> Path:
    return tmp_path / "deep" / "出力"


def test_new_folder_is_made_whole(root: Path, out: Path) -> None:
    fill(out, root, package("a.csv"))
    assert contents(out) == {"a.csv": "new"}
    assert [path.name for path in out.parent.iterdir()] == ["出力"]


def test_empty_folder_is_filled(root: Path, out: Path) -> None:
    out.mkdir(parents=True)
    fill(out, root, package("a.csv"))
    assert contents(out) == {"a.csv": "new"}


def test_earlier_export_is_replaced_with_what_it_had_more(root: Path, out: Path) -> None:
    fill(out, root, package("a.csv", "gone.csv"))
    fill(out, root, package("a.csv", "b.csv"))
    assert contents(out) == {"a.csv": "new", "b.csv": "new"}


def test_other_files_beside_an_earlier_export_stay(root: Path, out: Path) -> None:
    fill(out, root, package("a.csv", "gone.csv"))
    (out / "success.csv").write_text("mine")
    fill(out, root, package("a.csv"))
    assert contents(out) == {"a.csv": "new", "success.csv": "mine"}


def test_foreign_folder_is_refused_and_untouched(root: Path, out: Path) -> None:
    out.mkdir(parents=True)
    (out / "budget.xlsx").write_text("mine")
    with pytest.raises(ExportFolderError, match="not of an export"):
        fill(out, root, package("a.csv"))
    assert contents(out) == {"budget.xlsx": "mine"}


def test_forced_into_a_foreign_folder_leaves_its_files(root: Path, out: Path) -> None:
    out.mkdir(parents=True)
    (out / "budget.xlsx").write_text("mine")
    fill(out, root, package("a.csv"), force=True)
    assert contents(out) == {"a.csv": "new", "budget.xlsx": "mine"}


@pytest.mark.parametrize(
    "descriptor", ["", "[]", "{}", '{"name": "other", "resources": []}', '{"name": "notevault-export"}', "\udcff"]
)
def test_folder_with_another_descriptor_is_no_earlier_export(root: Path, out: Path, descriptor: str) -> None:
    out.mkdir(parents=True)
    (out / "datapackage.json").write_bytes(descriptor.encode("utf-8", "surrogateescape"))
    with pytest.raises(ExportFolderError):
        fill(out, root, package("a.csv"))


def test_descriptor_cannot_name_files_elsewhere(root: Path, out: Path) -> None:
    fill(out, root, package("a.csv"))
    treasure = out.parent / "treasure.txt"
    treasure.write_text("mine")
    descriptor = {"name": "notevault-export", "resources": [{"path": "../treasure.txt"}, {"path": "a.csv"}]}
    (out / "datapackage.json").write_text(json.dumps(descriptor))
    (out / "own.txt").write_text("mine")
    fill(out, root, package("a.csv"))
    assert treasure.read_text() == "mine"


@pytest.mark.parametrize("force", [False, True])
def test_vault_and_folders_above_it_are_refused(root: Path, *, force: bool) -> None:
    for place in (root, root.parent, root / ".." / "vault"):
        with pytest.raises(ExportFolderError, match="vault itself"):
            fill(place, root, package("a.csv"), force=force)
    assert [path.name for path in root.iterdir()] == ["notevault.toml"]


@pytest.mark.parametrize("force", [False, True])
def test_folder_of_notes_is_refused(root: Path, *, force: bool) -> None:
    notes = root / "meetings" / "2026"
    notes.mkdir(parents=True)
    (notes / "a.md").write_text("note")
    for place in (notes, notes.parent):
        with pytest.raises(ExportFolderError, match="holds notes"):
            fill(place, root, package("a.csv"), force=force)
    assert [path.name for path in notes.iterdir()] == ["a.md"]


def test_link_to_the_vault_is_seen_through(root: Path, tmp_path: Path) -> None:
    link = tmp_path / "link"
    try:
        link.symlink_to(root, target_is_directory=True)
    except OSError:
        pytest.skip("no symbolic links here")
    with pytest.raises(ExportFolderError, match="vault itself"):
        fill(link, root, package("a.csv"), force=True)


def test_new_folder_inside_the_vault_may_be_used(root: Path) -> None:
    fill(root / "export", root, package("a.csv"))
    assert contents(root / "export") == {"a.csv": "new"}


def test_another_vault_is_refused(root: Path, tmp_path: Path) -> None:
    other = tmp_path / "other"
    other.mkdir()
    (other / "notevault.toml").touch()
    with pytest.raises(ExportFolderError, match="holds notes"):
        fill(other, root, package("a.csv"), force=True)


def test_file_in_the_way_is_refused(root: Path, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("mine")
    with pytest.raises(ExportFolderError, match="file of that name"):
        fill(tmp_path / "file", root, package("a.csv"), force=True)


def test_failure_while_writing_leaves_the_earlier_export(root: Path, out: Path) -> None:
    fill(out, root, package("a.csv"))
    with pytest.raises(UnicodeEncodeError):
        fill(out, root, {**package("a.csv"), "b.csv": "half \udcff"})
    assert contents(out) == {"a.csv": "new"}
    assert [path.name for path in out.parent.iterdir()] == ["出力"]


def test_folder_one_stands_in_is_filled_without_being_moved(
    root: Path, out: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    out.mkdir(parents=True)
    monkeypatch.chdir(out)
    fill(Path(), root, package("a.csv"))
    fill(Path(), root, package("a.csv", "b.csv"))
    assert Path("b.csv").read_text() == "new"
    assert sorted(path.name for path in Path().iterdir()) == ["a.csv", "b.csv", "datapackage.json"]


def test_files_that_the_descriptor_lists_together_are_replaced_too(root: Path, out: Path) -> None:
    descriptor = {"name": "notevault-export", "resources": [{"path": "a.csv"}, {"path": ["n-1.html", "n-2.html"]}]}
    names = {"datapackage.json": json.dumps(descriptor), **dict.fromkeys(("a.csv", "n-1.html", "n-2.html"), "old")}
    fill(out, root, names)
    fill(out, root, package("a.csv"))
    assert contents(out) == {"a.csv": "new"}
    fill(out, root, names)
    (out / "mine.txt").write_text("mine")
    fill(out, root, package("a.csv"))
    assert contents(out) == {"a.csv": "new", "mine.txt": "mine"}
