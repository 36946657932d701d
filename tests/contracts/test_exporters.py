"""What holds for every export: valid by its own descriptor, whole in every reader, the same every time."""

import csv
import json
import subprocess
import sys
from importlib.util import find_spec
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from notevault.catalog import Catalog
from notevault.export import export_tables
from notevault.export.cells import CellWriter
from notevault.export.columns import Column, Kind, Table
from notevault.export.csv_file import CsvWriter
from notevault.export.profile import FormatSpec, LimitSpec
from notevault.export.source import Source
from notevault.export.store import RowStore
from notevault.settings_reader import default_settings
from notevault.upkeep import sync_workspace
from notevault.workspace import open_workspace
from tests.conftest import TODAY

NOTHING = Source.of(Catalog.in_memory(), default_settings())
SAMPLE = Path(__file__).parents[2] / "sample-vault"

HOSTILE = """---
type: meeting
date: 2026-11-20
customer: '=cmd|"/C calc"!A0, Inc.'
contacts: ['"quoted" 山田', "tab\\there", 'a, b']
deal: "line\\nbreak"
stage: 提案
amount: 99999999999999円
learned: {決裁者: "x;y"}
---
# "題名", 'と' ;区切り

- [ ] "引用" する, @sato due:2026-11-27
- [ ]\x20
- [-]\x20\u2028やめた\x00

=1+1\t+81 @x -y
🍣 𠮷 ﾔﾏﾀﾞ é
"""


def build(root: Path, out: Path) -> Path:
    with open_workspace(root, today=TODAY) as workspace:
        sync_workspace(workspace)
        export_tables(workspace.catalog, workspace.settings, out, workspace.root)
    return out


@pytest.fixture(scope="module", params=["sample", "hostile"])
def export(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp(request.param)
    root = SAMPLE
    if request.param == "hostile":
        root = folder / "vault"
        root.mkdir()
        for name, data in (("notevault.toml", b""), ("a.md", HOSTILE.encode()), ("b.md", b"\xff\xfe\x00")):
            (root / name).write_bytes(data)
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("NOTEVAULT_CACHE", str(folder / "cache"))
        return build(root, folder / "out")


def resources(export: Path) -> list[dict[str, object]]:
    found: list[dict[str, object]] = json.loads((export / "datapackage.json").read_bytes())["resources"]
    return found


def tables(export: Path) -> list[dict[str, object]]:
    return [resource for resource in resources(export) if resource.get("type") == "table"]


@pytest.mark.skipif(not find_spec("frictionless"), reason="frictionless is not installed")
def test_frictionless_finds_it_valid(export: Path) -> None:
    command = [sys.executable, "-m", "frictionless", "validate", "datapackage.json", "--json"]
    done = subprocess.run(command, cwd=export, capture_output=True, check=False)
    report = json.loads(done.stdout)
    assert report["valid"], report["tasks"]
    assert len(report["tasks"]) == len(resources(export))


def test_descriptor_names_every_file_with_its_size_and_rows(export: Path) -> None:
    files = {path.name for path in export.iterdir()}
    assert files == {str(resource["path"]) for resource in resources(export)} | {"datapackage.json"}
    for resource in resources(export):
        path = export / str(resource["path"])
        assert path.stat().st_size == resource["bytes"]
        if "rows" not in resource:
            continue
        with path.open(encoding="utf-8", newline="") as stream:
            assert len(list(csv.reader(stream, strict=True))) - 1 == resource["rows"]


def test_every_row_is_as_wide_as_the_header(export: Path) -> None:
    for path in export.glob("*.csv"):
        with path.open(encoding="utf-8", newline="") as stream:
            header, *rows = csv.reader(stream, strict=True)
        assert len(set(header)) == len(header)
        assert {len(row) for row in rows} <= {len(header)}


def test_foreign_keys_point_to_rows_that_are_there(export: Path) -> None:
    rows = {}
    for resource in tables(export):
        with (export / str(resource["path"])).open(encoding="utf-8", newline="") as stream:
            rows[resource["name"]] = list(csv.DictReader(stream))
    ids = {name: {row["id"] for row in table if "id" in row} for name, table in rows.items()}
    checked = 0
    for resource in tables(export):
        for key in resource["schema"].get("foreignKeys", ()):  # type: ignore[attr-defined]
            (column,), target = key["fields"], key["reference"]["resource"]
            named = {row[column] for row in rows[resource["name"]]} - {""}
            assert named <= ids[target], (resource["name"], column)
            checked += 1
    assert checked > 10


@settings(max_examples=150, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(cells=st.lists(st.text(max_size=20), min_size=1, max_size=4))
def test_any_text_survives_writing_and_reading(tmp_path: Path, cells: list[str]) -> None:
    path = tmp_path / "t.csv"
    path.unlink(missing_ok=True)
    storable = [cell.encode("utf-8", "replace").decode() for cell in cells]
    table = Table(
        name="t",
        title="",
        about="",
        columns=(Column(name="text", kind=Kind.TEXT),),
        rows=lambda _source: ({"text": cell} for cell in storable),
    )
    writer = CellWriter()
    with RowStore.opened() as store:
        store.fill([table], NOTHING, writer, lambda _rows: None)
        out = CsvWriter(tmp_path, "t", ["text"], FormatSpec(), LimitSpec())
        for stored in store.iter_rows("t"):
            out.add_record([list(stored.values())])
        out.close()
    with path.open(encoding="utf-8", newline="") as stream:
        read = [row["text"] for row in csv.DictReader(stream, strict=True)]
    if not writer.normalized:
        assert read == [cell.replace("\r\n", "\n") for cell in storable]
    assert len(read) == len(storable)
