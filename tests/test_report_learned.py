from collections.abc import Iterator
from datetime import date

import pytest

from notevault.report.learned import (
    Answer,
    LearnedAnswer,
    Question,
    is_past,
    is_yearly,
    load_answers,
    make_questions,
    same_value,
    summarize_answers,
)
from notevault.settings_reader import default_settings
from notevault.workspace import Workspace
from tests.conftest import TODAY, MakeVault
from tests.customer_vault import NOTES, SETTINGS
from tests.synced import synced


@pytest.fixture
def workspace(make_vault: MakeVault) -> Iterator[Workspace]:
    with synced(make_vault(NOTES, settings=SETTINGS)) as opened:
        yield opened


def _learned(workspace: Workspace, name: str) -> dict[str, LearnedAnswer]:
    (row,) = workspace.catalog.select("SELECT id FROM customers WHERE name = ?", (name,))
    answers = load_answers(workspace.catalog, workspace.settings, [row["id"]])[row["id"]]
    questions = make_questions(workspace.settings, workspace.templates, "en")
    return {one.key: one for one in summarize_answers(answers, workspace.settings, questions, TODAY)}


def test_newest_answer_stands_with_its_source_and_the_old_one_is_kept(workspace: Workspace) -> None:
    found = _learned(workspace, "株式会社山田工業")["decision_maker"]
    assert (found.label, found.value, found.date) == ("Decision maker", "山田社長", date(2026, 11, 5))
    assert (found.path, found.age_days, found.contradiction) == ("m/2026-11-05 yamada.md", 17, False)
    assert [(old.value, old.date) for old in found.history] == [("山田部長", date(2026, 3, 2))]


def test_field_of_the_customers_own_note_is_an_answer_too(workspace: Workspace) -> None:
    learned = _learned(workspace, "株式会社山田工業")
    assert (learned["fiscal_year_end"].value, learned["fiscal_year_end"].date) == ("3月", None)
    assert (learned["lease_end"].date, learned["lease_end"].history) == (date(2026, 3, 2), ())


def test_levels_come_company_first(workspace: Workspace) -> None:
    levels = [one.level for one in _learned(workspace, "株式会社山田工業").values()]
    assert levels == ["company", "company", "function", "function", None]


def test_day_gone_by_is_to_be_asked_again(workspace: Workspace) -> None:
    assert _learned(workspace, "青嶺物流")["lease_end"].stale
    assert not _learned(workspace, "株式会社山田工業")["lease_end"].stale


def _answers(*said: tuple[str, str | None]) -> LearnedAnswer:
    answers = [
        Answer(
            value=value,
            date=date.fromisoformat(day) if day else None,
            path="a.md",
            line=1,
            owner=None,
            level=None,
        )
        for value, day in said
    ]
    question = {"k": Question(key="k", label="K", stale_after=90)}
    with_settings = summarize_answers({"k": answers}, default_settings(), question, TODAY)
    return with_settings[0]


@pytest.mark.parametrize(
    ("said", "contradiction"),
    [
        ([("A", "2026-11-01"), ("B", "2026-10-01")], False),
        ([("A", "2026-11-01"), ("B", "2026-11-01")], True),
        ([("A", "2026-11-01"), ("B", "2026-10-01"), ("A", "2026-09-01")], True),
        ([("A", "2026-11-01"), ("Ａ", "2026-10-01"), ("a", "2026-09-01")], False),
        ([("A", "2026-11-01"), ("B", None)], True),
        ([("A", "2026-11-01"), ("B", "2026-10-01"), ("A", None)], False),
    ],
)
def test_two_values_at_once_or_back_again_contradict(
    said: list[tuple[str, str | None]], *, contradiction: bool
) -> None:
    assert _answers(*said).contradiction is contradiction


def test_old_answer_is_stale() -> None:
    assert _answers(("A", "2026-08-01")).stale
    assert not _answers(("A", "2026-11-01")).stale
    assert not _answers(("A", None)).stale


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("120万円", "1,200,000円"),
        ("2027-03", "2027年3月"),
        ("3月", "３月"),
        ("2027-01（電子カルテ）", "2027年1月"),
        ("㈱山田", "山田"),
    ],
)
def test_spellings_of_one_value_are_the_same(one: str, other: str) -> None:
    assert same_value(one, other)


def test_other_values_differ() -> None:
    assert not same_value("3月", "4月")
    assert not same_value("120万円", "130万円")


def test_month_without_a_year_comes_every_year() -> None:
    assert is_yearly("3月")
    assert is_yearly("December")
    assert not is_yearly("2027-03")
    assert not is_yearly("総務課")
    assert not is_past("3月", TODAY, TODAY)
    assert is_past("2026-10", TODAY, TODAY)
    assert not is_past("2026-11", TODAY, TODAY)
    assert not is_past("9" * 50, TODAY, TODAY)
