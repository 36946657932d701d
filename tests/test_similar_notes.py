from collections.abc import Iterator

import pytest

from notevault.errors import NotePathError
from notevault.model import NotePath
from notevault.similar_notes import SimilarNotes, find_similar
from notevault.workspace import Workspace
from tests.conftest import MakeVault
from tests.sales_vault import FILES, SETTINGS, meeting, question
from tests.synced import synced


@pytest.fixture
def vault(make_vault: MakeVault) -> Iterator[Workspace]:
    others = {f"other{n}.md": meeting(f"{n}回目の挨拶に伺った。", customer="別の会社") for n in range(6)}
    with synced(make_vault({**FILES, **others}, settings=SETTINGS)) as workspace:
        yield workspace


def like(workspace: Workspace, path: str, text: str = "") -> SimilarNotes:
    return find_similar(question(workspace, text), NotePath(path))


def test_cases_alike_are_found_without_the_note_and_its_copy(vault: Workspace) -> None:
    assert [note.hit.path for note in like(vault, "a.md").notes] == ["b.md", "c.md"]


def test_the_same_industry_product_and_stage_come_first(vault: Workspace) -> None:
    same = {note.hit.path: note.same for note in like(vault, "a.md").notes}
    assert same == {"b.md": ("industry", "product", "stage"), "c.md": ()}


def test_words_are_shown_as_the_note_writes_them(vault: Workspace) -> None:
    found = like(vault, "a.md")
    assert {"複合", "リース", "保守", "料"} & set(found.words)
    assert set(found.notes[0].words) <= set(found.words)
    assert found.notes[0].hit.snippet.marks != ()


def test_names_of_customers_and_people_make_no_case_alike(vault: Workspace) -> None:
    assert "d.md" not in {note.hit.path for note in like(vault, "a.md").notes}
    assert not {"山田", "工業"} & set(like(vault, "a.md").words)


def test_a_query_narrows_what_is_alike(vault: Workspace) -> None:
    assert [note.hit.path for note in like(vault, "a.md", "stage:受注").notes] == ["c.md"]


def test_a_note_like_no_other_has_none(vault: Workspace) -> None:
    found = like(vault, "customers/aoki.md")
    assert (found.notes, found.total) == ((), 0)


def test_a_note_that_is_not_indexed_is_refused(vault: Workspace) -> None:
    with pytest.raises(NotePathError):
        like(vault, "nowhere.md")
