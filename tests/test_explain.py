from collections.abc import Iterator
from dataclasses import replace

import pytest

from notevault.explain import (
    EITHER,
    EXCLUDED,
    IGNORED,
    RANKS,
    REQUIRED,
    Explanation,
    NoteVerdict,
    explain,
    explain_note,
)
from notevault.model import NotePath
from notevault.search import search
from notevault.workspace import Workspace
from tests.conftest import TODAY, MakeVault
from tests.sales_vault import FILES, SETTINGS, question
from tests.synced import synced


@pytest.fixture
def vault(make_vault: MakeVault) -> Iterator[Workspace]:
    with synced(make_vault(FILES, settings=SETTINGS)) as workspace:
        yield workspace


def explained(workspace: Workspace, text: str) -> Explanation:
    result = search(workspace.catalog, workspace.index, text, settings=workspace.settings, today=TODAY)
    return explain(question(workspace, text), result)


def why(workspace: Workspace, text: str, path: str) -> NoteVerdict:
    return explain_note(question(workspace, text), NotePath(path))


@pytest.mark.parametrize(
    ("text", "roles"),
    [
        ("複合機 倉庫", [EITHER, EITHER]),
        ("複合機 の", [EITHER, IGNORED]),
        ("+複合機 倉庫", [REQUIRED, RANKS]),
        ("複合機 -倉庫 stage:提案", [EITHER, EXCLUDED, REQUIRED]),
        ('"複合機" 倉庫', [REQUIRED, RANKS]),
        ("@mine 複合機", [REQUIRED, EITHER]),
        ("複合機 OR 倉庫", [EITHER]),
    ],
)
def test_each_part_says_what_it_does(vault: Workspace, text: str, roles: list[str]) -> None:
    assert [item.role for item in explained(vault, text).items] == roles


@pytest.mark.parametrize(
    ("text", "field", "means"),
    [
        ("ステージ:提案", "stage", ("proposal",)),
        ("顧客:山田", "customer", ("株式会社山田工業",)),
        ("date:今月", "date", ("2026-11-01..2026-11-30",)),
        ("date:>=2026-10", "date", ("2026-10-01..",)),
        ("担当:佐藤一郎", "owner", ("sato",)),
        ("amount:>=100万", "amount", ("1000000..",)),
        ("todo:期限切れ", "todo", ("overdue",)),
        ("tag:複合機", "tags", ("複合機",)),
    ],
)
def test_a_filter_says_what_its_value_stands_for(
    vault: Workspace, text: str, field: str, means: tuple[str, ...]
) -> None:
    (item,) = explained(vault, text).items
    assert (item.field, item.means) == (field, means)


def test_a_word_says_its_terms_and_how_many_notes_hold_them(vault: Workspace) -> None:
    (item,) = explained(vault, "棚卸し").items
    assert (item.terms[0].term, item.terms[0].notes, item.as_written) == ("棚卸し", 2, 2)
    assert item.terms[0].rarity > 0


def test_a_saved_search_is_shown_as_what_it_says(vault: Workspace) -> None:
    reading = explained(vault, "@mine")
    assert reading.query == "(owner:sato)"
    assert reading.items[0].items[0].means == ("sato",)


def test_what_terms_add_is_what_a_hit_scores(vault: Workspace) -> None:
    reading = explained(vault, "contract")
    (hit,) = reading.hits
    assert hit.path == "e.md"
    assert sum(added for _term, added in hit.terms) == pytest.approx(hit.words, abs=0.01)
    assert hit.as_written == ("contract",)
    assert hit.score >= hit.words


def test_a_note_that_is_no_hit_says_which_part_it_lacks(vault: Workspace) -> None:
    verdict = why(vault, "複合機 stage:受注 -倉庫", "b.md")
    assert (verdict.rank, verdict.known) == (None, True)
    assert [(part.role, part.holds) for part in verdict.parts] == [(EITHER, True), (REQUIRED, False), (EXCLUDED, False)]
    assert verdict.parts[1].found == ("提案",)
    assert "複合" in verdict.parts[0].found


def test_an_excluded_word_is_told(vault: Workspace) -> None:
    verdict = why(vault, "customer:山田 -倉庫", "d.md")
    assert (verdict.rank, [part.holds for part in verdict.parts]) == (None, [True, True])


def test_a_hit_says_its_place(vault: Workspace) -> None:
    verdict = why(vault, "stage:受注", "d.md")
    assert (verdict.rank, verdict.total) == (2, 2)


def test_a_note_that_was_never_taken_in_is_unknown(vault: Workspace) -> None:
    assert why(vault, "複合機", "nowhere.md").known is False


@pytest.mark.parametrize("text", ["proposals", "proposals 京都", "+京都 proposals", "京都 打合", "サーバー"])
def test_an_explanation_ranks_as_the_search_does(text: str, make_vault: MakeVault) -> None:
    bodies = (
        "a proposal",
        "the preproposals",
        "京都へ",
        "東京都 proposal",
        "打ち合わせ",
        "打合せと preproposals",
        "サーバ",
    )
    with synced(make_vault({f"{at}.md": f"{body}\n" for at, body in enumerate(bodies)})) as workspace:
        asked = question(workspace, text)
        explaining = asked.evaluator.evaluate(asked.query())
        searching = replace(asked.evaluator, explains=False).evaluate(asked.query())
    assert explaining.ids == searching.ids
    assert explaining.scores == searching.scores
