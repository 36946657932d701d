from collections.abc import Iterator
from datetime import date

import pytest

from notevault.errors import QueryError
from notevault.facets import FACETS, count_facets
from notevault.question import UnknownPeriodError, narrow_to_period
from notevault.search import search
from notevault.workspace import Workspace
from tests.conftest import TODAY, MakeVault
from tests.sales_vault import FILES, SETTINGS, question
from tests.synced import synced


@pytest.fixture
def vault(make_vault: MakeVault) -> Iterator[Workspace]:
    with synced(make_vault(FILES, settings=SETTINGS)) as workspace:
        yield workspace


@pytest.mark.parametrize(
    ("by", "expected"),
    [
        ("customer", [("株式会社山田工業", 3), ("鈴木製作所", 1), ("青木食品", 1)]),
        ("stage", [("proposal", 3), ("won", 2)]),
        ("owner", [("sato", 4), ("tanaka", 1)]),
        ("month", [("2026-11", 2), ("2026-10", 2), ("2025-03", 1)]),
        ("type", [("meeting", 5)]),
    ],
)
def test_all_hits_are_counted(vault: Workspace, by: str, expected: list[tuple[str | None, int]]) -> None:
    counted = count_facets(question(vault, "type:meeting"), by)
    assert [(facet.value, facet.notes) for facet in counted] == expected


def test_hits_that_say_nothing_come_last(vault: Workspace) -> None:
    last = count_facets(question(vault, "棚卸し"), "stage")[-1]
    assert (last.value, last.notes, last.newest) == (None, 1, None)


@pytest.mark.parametrize("by", FACETS)
def test_counts_add_up_to_all_hits(vault: Workspace, by: str) -> None:
    counted = count_facets(question(vault, "複合機 倉庫"), by)
    found = search(vault.catalog, vault.index, "複合機 倉庫", settings=vault.settings, today=TODAY)
    assert sum(facet.notes for facet in counted) == found.total == 7
    assert max(filter(None, (facet.newest for facet in counted))) == date(2026, 11, 20)


@pytest.mark.parametrize(
    ("since", "narrowed"),
    [
        ("2026-10-07", "見積 date:>=2026-10-07"),
        ("2026-10", "見積 date:>=2026-10-01"),
        ("last-month", "見積 date:>=2026-10-01"),
        ("今月", "見積 date:>=2026-11-01"),
        ("30d", "見積 date:>=2026-10-24"),
        ("11/30", "見積 date:>=2025-11-30"),
        ("2026-10..2026-11", "見積 date:2026-10-01..2026-11-30"),
        ("2026-10..", "見積 date:>=2026-10-01"),
        ("..2026-10", "見積 date:<=2026-10-31"),
    ],
)
def test_a_period_narrows_a_query(vault: Workspace, since: str, narrowed: str) -> None:
    text = narrow_to_period("見積", since, vault.settings, TODAY)
    assert text == narrowed
    question(vault, text).note_ids()


def test_a_period_that_is_none_is_refused_with_examples(vault: Workspace) -> None:
    with pytest.raises(UnknownPeriodError) as caught:
        narrow_to_period("見積", "いつか", vault.settings, TODAY)
    assert "last-month" in caught.value.hint


def test_a_wrong_query_is_pointed_at_before_it_is_narrowed(vault: Workspace) -> None:
    with pytest.raises(QueryError) as caught:
        narrow_to_period("見積 AND", "2026", vault.settings, TODAY)
    assert caught.value.query == "見積 AND"
