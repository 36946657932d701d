"""What a report asks the catalogue: a question whose answer it has is not asked again."""

from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest

from benchmarks.reports import list_calls
from benchmarks.team import generate_team
from notevault.catalog import Catalog
from notevault.workspace import Workspace
from tests.synced import synced

REPORTS = (
    *("points", "consult", "competitors", "inventory", "nurture", "daily", "digest of a week", "team", "undone"),
    *("pipeline", "pipeline --target", "todo", "todo --missing", "customer list"),
)


@pytest.fixture(scope="module")
def team(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Workspace]:
    root: Path = tmp_path_factory.mktemp("team") / "vault"
    generate_team(root, 120)
    with pytest.MonkeyPatch.context() as patched:
        patched.setenv("NOTEVAULT_CACHE", str(root.parent / "cache"))
        with synced(root) as workspace:
            yield workspace


@pytest.mark.parametrize("report", REPORTS)
def test_report_asks_nothing_twice(report: str, team: Workspace, monkeypatch: pytest.MonkeyPatch) -> None:
    asked: Counter[tuple[str, str]] = Counter()
    for name in ("select", "select_tuples"):
        answer = getattr(Catalog, name)

        def note(catalog: Catalog, sql: str, parameters: object = (), *, answer: object = answer) -> object:
            asked[sql, repr(parameters)] += 1
            return answer(catalog, sql, parameters)  # type: ignore[operator]

        monkeypatch.setattr(Catalog, name, note)
    list_calls(team)[report]()
    assert asked, "it asks the catalogue"
    assert [sql for (sql, _parameters), times in asked.items() if times > 1] == []
