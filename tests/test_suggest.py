from collections.abc import Iterator

import pytest

from notevault.errors import QueryError
from notevault.search import search
from notevault.suggest import find_excluders, guess_words
from notevault.workspace import Workspace
from tests.conftest import TODAY, MakeVault
from tests.sales_vault import FILES, SETTINGS, question
from tests.synced import synced


@pytest.fixture
def vault(make_vault: MakeVault) -> Iterator[Workspace]:
    with synced(make_vault(FILES, settings=SETTINGS)) as workspace:
        yield workspace


def missing(workspace: Workspace, text: str) -> tuple[str, ...]:
    return search(workspace.catalog, workspace.index, text, settings=workspace.settings, today=TODAY).missing


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("複合機", ()),
        ("contrakt", ("contrakt",)),
        ("複合機 contrakt", ("contrakt",)),
        ("-contrakt 複合機", ()),
        ("ゑゐゑゐ の 複合機", ("ゑゐゑゐ",)),
        ('"複合機の棚卸し"', ("複合機の棚卸し",)),
        ("contrakt*", ("contrakt",)),
        ("stage:提案", ()),
    ],
)
def test_words_that_no_note_holds_are_told(vault: Workspace, text: str, words: tuple[str, ...]) -> None:
    assert missing(vault, text) == words


@pytest.mark.parametrize(
    ("word", "near"),
    [("contrakt", "contract"), ("山囲工業", "株式会社山田工業"), ("鈴木制作所", "鈴木製作所"), ("sata", "sato")],
)
def test_a_word_near_it_is_offered(vault: Workspace, word: str, near: str) -> None:
    (guess,) = guess_words(vault.catalog, vault.index, [word])
    assert (guess.word, near in guess.near) == (word, True)
    assert len(guess.near) <= 3


@pytest.mark.parametrize(
    ("word", "near"),
    [
        ("フクゴウキノ", ()),
        ("りーす", ("リース",)),
        ("ヤマダ", ("やまだ", "株式会社山田工業")),
        ("てつだった", ()),
        ("たなか", ("tanaka",)),
        ("手伝ッタ", ("手伝った",)),
        ("すずきせい", ("鈴木製作所",)),
        ("suzukisei", ("鈴木製作所",)),
        ("yamada", ("株式会社山田工業",)),
    ],
)
def test_a_word_in_other_kana_or_a_reading_is_offered(vault: Workspace, word: str, near: tuple[str, ...]) -> None:
    (guess,) = guess_words(vault.catalog, vault.index, [word])
    assert guess.near[: len(near)] == near
    assert bool(guess.near) == bool(near)


@pytest.mark.parametrize("written", ["すずきせい", "suzukisei"])
def test_a_filter_that_no_customer_fits_offers_those_read_so(vault: Workspace, written: str) -> None:
    with pytest.raises(QueryError) as caught:
        missing(vault, f"customer:{written}")
    assert caught.value.hint.endswith("there are: 鈴木製作所")


def test_nothing_near_offers_nothing(vault: Workspace) -> None:
    assert guess_words(vault.catalog, vault.index, ["zzzzqqqq"])[0].near == ()
    assert guess_words(vault.catalog, vault.index, ["ぬ" * 500]) == ()


@pytest.mark.parametrize(
    ("text", "excluders"),
    [
        ("倉庫 stage:提案", [("stage:提案", 2)]),
        ("複合機 -リース", [("-リース", 5)]),
        ("倉庫 stage:提案 owner:sato", []),
        ('倉庫 "複合機の棚卸し"', [('"複合機の棚卸し"', 2)]),
        ("stage:提案", []),
    ],
)
def test_what_excludes_every_hit_is_told(vault: Workspace, text: str, excluders: list[tuple[str, int]]) -> None:
    found = find_excluders(question(vault, text))
    if excluders:
        assert [(one.part, one.notes) for one in found][: len(excluders)] == excluders


def test_an_address_is_not_offered_for_a_word_in_it(make_vault: MakeVault) -> None:
    with synced(make_vault({"a.md": "see https://example.com/en/master/images/wide.svg?x=1\n"})) as workspace:
        (found,) = guess_words(workspace.catalog, workspace.index, ["mastex"])
    assert found.near == ("master",)
