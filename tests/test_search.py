import time
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from notevault.catalog import Catalog
from notevault.errors import QueryError
from notevault.extract import extract_facts
from notevault.index import IndexDocument, weigh
from notevault.index.memory import MemoryIndex
from notevault.model import NotePath, Signature
from notevault.note import parse_note
from notevault.search import SearchResult, UnknownSortError, search
from notevault.settings_reader import default_settings
from notevault.sketch import prepare_text
from notevault.storing import TakenIn, make_rows, put_notes
from notevault.text import normalize
from notevault.workspace import Workspace
from tests.conftest import TODAY, MakeVault
from tests.synced import synced

SETTINGS = """
[owners]
sato = { name = "佐藤", also = ["佐藤一郎"] }
[searches]
mine = "owner:sato"
yamada = "customer:山田"
loop = "@loop"
wrong = "stage:nowhere"
"""

FILES = {
    "a.md": """---
type: meeting
date: 2026-11-20
customer: 株式会社山田工業
stage: 提案
owner: 佐藤
deal: 複合機入替
amount: 1,200,000円
tags: [急ぎ, 製品/複合機]
lost_reason: 価格
---
# 複合機の提案

基幹システムの見積書を出した。AKG-8492 を2台。
- [ ] 提案書を作成する @sato due:2026-11-10
""",
    "b.md": """---
type: call
date: 2026-10-05
customer: ㈱山田工業
stage: 受注
owner: tanaka
amount: 300万円
---
# 電話

ﾃﾞｰﾀ移行の打ち合わせ。東京都へ行く。
- [x] 契約書を送る
""",
    "folder/c.md": """---
type: meeting
date: 2025-03-01
customer: 京東商事
rating: 4
---
京東の案件。AI技術とサーバー。proposals were made.
- [ ] 電話する due:2026-12-01
""",
    "folder/d.md": "# 走り書き\n案がひとつ。髙橋さんより。東の京。\n",
}


@pytest.fixture(scope="module")
def vault(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Workspace]:
    root = tmp_path_factory.mktemp("search")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("NOTEVAULT_CACHE", str(root / "cache"))
        for place, text in {"notevault.toml": SETTINGS, **FILES}.items():
            path = root / "vault" / place
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text, "utf-8")
        with synced(root / "vault") as workspace:
            yield workspace


def ask(
    workspace: Workspace, text: str, *, limit: int | None = 20, offset: int = 0, sort: str | None = None
) -> SearchResult:
    return search(
        workspace.catalog,
        workspace.index,
        text,
        settings=workspace.settings,
        today=TODAY,
        limit=limit,
        offset=offset,
        sort=sort,
    )


def names(result: SearchResult) -> set[str]:
    return {Path(hit.path).stem for hit in result.hits}


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        # words
        ("見積", "a"),
        ("見積り", "a"),
        ("ﾃﾞｰﾀ移行", "b"),
        ("データ移行", "b"),
        ("打合せ", "b"),
        ("案", "acd"),
        ("AI技術", "c"),
        ("ＡＩ技術", "c"),
        ("東京", "b"),
        ("京東", "c"),
        ("京都", "b"),
        ("高橋", "d"),
        ("proposal", "c"),
        ("server", "c"),
        ("akg8492", "a"),
        ("AKG-8492", "a"),
        ("基幹システム", "a"),
        ("積書", "a"),
        ("ゑゐ", ""),
        ("見積 京東", "ac"),
        ("見積 の", "a"),
        ("の", "abcd"),
        # signs, exact words, groups
        ("+提案 京東", "a"),
        ("提案 -複合機", ""),
        ("山田 -電話", "a"),
        ('"基幹システムの見積"', "a"),
        ('"システム 基幹"', ""),
        ('"データ移行の打ち合わせ"', "b"),
        ("見積 OR 京東", "ac"),
        ("+(見積 京東) +案件", "c"),
        ("-見積 -京東", "bd"),
        ("山田 AND 見積", "a"),
        ("提案*", "a"),
        ("propos*", "c"),
        ("oposal*", ""),
        ("東京~", "bc"),
        # fields
        ("customer:山田", "ab"),
        ("customer:山田工業", "ab"),
        ("顧客：㈱山田工業", "ab"),
        ('customer:"株式会社山田工業"', "ab"),
        ("stage:proposal", "a"),
        ("stage:提案", "a"),
        ("ステージ:won", "b"),
        ("type:meeting", "ac"),
        ("type:電話", "b"),
        ("owner:sato", "a"),
        ("担当:佐藤一郎", "a"),
        ("owner:tana", "b"),
        ("tag:急ぎ", "a"),
        ("tag:製品", "a"),
        ("date:2026-11", "a"),
        ("date:2026-10..2026-11", "ab"),
        ("date:今週", "a"),
        ("date:last-month", "b"),
        ("date:>=2026-10-05", "ab"),
        ("date:>2026-10-05", "a"),
        ("date:<2026-10-05", "c"),
        ("date:<=2026-10", "bc"),
        ("amount:>=1000000", "ab"),
        ("amount:>120万", "b"),
        ("amount:100万..200万", "a"),
        ("金額:1200000", "a"),
        ("rating:4", "c"),
        ("rating:>=4", "c"),
        ("rating:>4", ""),
        ("lost_reason:価格", "a"),
        ("失注理由:価", "a"),
        ("todo:open", "ac"),
        ("todo:overdue", "a"),
        ("todo:done", "b"),
        ("todo:none", "bd"),
        ("due:<=2026-11-30", "a"),
        ("due:2026-12", "c"),
        ("has:amount", "ab"),
        ("has:rating", "c"),
        ("-has:customer", "d"),
        ("path:folder/", "cd"),
        ("deal:複合機", "a"),
        ("customer:山田 OR customer:京東", "abc"),
        ("customer:山田 OR customer:京東 サーバー", "c"),
        ("(customer:山田) 打合せ", "b"),
        ("@yamada 打合せ", "b"),
        ("customer:山田 -stage:won", "a"),
        ("customer:山田 打合せ", "b"),
        ("@mine", "a"),
        ("@mine 見積", "a"),
        ("", "abcd"),
    ],
)
def test_a_query_finds_what_it_should(vault: Workspace, query: str, expected: str) -> None:
    result = ask(vault, query)
    assert names(result) == set(expected)
    assert result.total == len(expected)


@pytest.mark.parametrize(
    ("query", "column", "hint"),
    [
        ("見積 custmer:山田", 4, "customer"),
        ("stage:提安", 7, "提案"),
        ("owner:nobody", 7, "sato"),
        ("tag:複合木", 5, "複合機"),
        ("customer:山囲工業", 10, "山田工業"),
        ("date:いつか", 6, "2026"),
        ("amount:たくさん", 8, "100"),
        ("todo:opne", 6, "open"),
        ("rating:>=多い", 8, ">="),
        ("has:nonsense", 5, ""),
        ("@mime", 1, "@mine"),
        ("@qqq", 1, "@yamada"),
        ("@loop", 1, ""),
        ("見積 @wrong", 4, ""),
    ],
)
def test_a_wrong_field_or_value_is_pointed_at_with_the_nearest(
    vault: Workspace, query: str, column: int, hint: str
) -> None:
    with pytest.raises(QueryError) as caught:
        ask(vault, query)
    assert caught.value.column == column
    assert hint in caught.value.hint


def test_a_hit_tells_what_the_note_says(vault: Workspace) -> None:
    (hit,) = ask(vault, "見積").hits
    assert (hit.path, hit.title, hit.type, hit.day) == ("a.md", "複合機の提案", "meeting", date(2026, 11, 20))
    assert (hit.customer, hit.stage, hit.owner) == ("株式会社山田工業", "proposal", "sato")
    assert (hit.deal, hit.amount, hit.currency) == ("複合機入替", 1_200_000, "JPY")
    assert hit.score > 0
    assert (hit.line, hit.snippet.text) == (14, "基幹システムの見積書を出した。AKG-8492 を2台。")


@pytest.mark.parametrize(
    ("query", "marks"),
    [
        ("データ移行", ["ﾃﾞｰﾀ移行"]),
        ("打合せ", ["打ち合わせ"]),
        ("見積り", ["見積"]),
        ("server", ["サーバー"]),
        ("髙橋", ["髙橋"]),
        ("proposal", ["proposals"]),
    ],
)
def test_marks_stand_on_the_spelling_of_the_note(vault: Workspace, query: str, marks: list[str]) -> None:
    (hit,) = ask(vault, query).hits
    assert [hit.snippet.text[span.start : span.end] for span in hit.snippet.marks] == marks


def test_without_words_the_newest_come_first(vault: Workspace) -> None:
    assert [hit.path for hit in ask(vault, "").hits] == ["a.md", "b.md", "folder/c.md", "folder/d.md"]


@pytest.mark.parametrize(
    ("sort", "first"), [("date", "a.md"), ("amount", "b.md"), ("path", "a.md"), ("customer", "folder/c.md")]
)
def test_hits_are_sorted_as_asked(vault: Workspace, sort: str, first: str) -> None:
    assert ask(vault, "案 山田", sort=sort).hits[0].path == first


def test_an_unknown_order_is_refused_with_the_nearest(vault: Workspace) -> None:
    with pytest.raises(UnknownSortError) as caught:
        ask(vault, "見積", sort="dates")
    assert "date" in caught.value.hint


def test_pages_together_are_the_whole_answer(vault: Workspace) -> None:
    whole = [hit.path for hit in ask(vault, "案 山田").hits]
    pages = [ask(vault, "案 山田", limit=1, offset=at) for at in range(len(whole))]
    assert [page.hits[0].path for page in pages] == whole
    assert {page.total for page in pages} == {len(whole)}
    assert ask(vault, "案 山田", offset=99).hits == ()
    assert ask(vault, "案 山田", limit=None).total == len(whole)


def test_a_note_that_only_the_index_holds_is_no_hit(vault: Workspace) -> None:
    ghost = IndexDocument(note_id=999, digest="00" * 32, weights=weigh("見積"))
    vault.index.apply([ghost])
    result = ask(vault, "見積")
    vault.index.apply([], [999])
    assert (names(result), result.total) == ({"a"}, 1)


def test_hostile_queries_take_bounded_time(vault: Workspace) -> None:
    for text in ("a " * 60, "見積" * 480, "ア" * 1_000, " ".join(f"{n}語" for n in range(60)), "x~ " * 20):
        started = time.perf_counter()
        ask(vault, text)
        assert time.perf_counter() - started < 5


def ranking(make_vault: MakeVault, files: dict[str, str], query: str) -> list[str]:
    with synced(make_vault(files)) as workspace:
        return [Path(hit.path).stem for hit in ask(workspace, query).hits]


FILLER = "予定を確認した。次の訪問の日程を調整する。" * 3


def test_notes_with_more_of_the_words_come_first(make_vault: MakeVault) -> None:
    files = {
        "one": f"{FILLER} 複合機 複合機 複合機 {FILLER}",
        "both": f"{FILLER} 複合機 {FILLER} 保守料 {FILLER}",
        **{f"other{n}": FILLER for n in range(5)},
    }
    assert ranking(make_vault, {f"{k}.md": v for k, v in files.items()}, "複合機 保守料")[0] == "both"


def test_words_close_together_come_first(make_vault: MakeVault) -> None:
    files = {
        "apart.md": f"複合機 {FILLER} {FILLER} 保守料",
        "close.md": f"{FILLER} 複合機の保守料 {FILLER}",
        "other.md": FILLER,
    }
    assert ranking(make_vault, files, "複合機 保守料")[0] == "close"


def test_a_word_in_the_title_comes_first(make_vault: MakeVault) -> None:
    files = {"body.md": f"# 訪問\n{FILLER} 複合機", "title.md": f"# 複合機\n{FILLER} 訪問", "other.md": FILLER}
    assert ranking(make_vault, files, "複合機")[0] == "title"


def test_of_two_notes_that_say_the_same_the_recent_one_comes_first(make_vault: MakeVault) -> None:
    files = {
        "a-old.md": "---\ndate: 2020-01-05\n---\n複合機の件",
        "b-new.md": "---\ndate: 2026-11-01\n---\n複合機の件",
        "c-other.md": FILLER,
    }
    assert ranking(make_vault, files, "複合機") == ["b-new", "a-old"]


def test_a_part_of_another_word_comes_last(make_vault: MakeVault) -> None:
    files = {"part.md": "東京都 東京都 東京都", "whole.md": f"{FILLER} 京都 {FILLER}", "other.md": FILLER}
    assert ranking(make_vault, files, "京都") == ["whole", "part"]


PIECES = st.sampled_from(
    ["見積", "東京", "京", "都", "ﾃﾞｰﾀ", "移行", "の", "AKG-", "8492", "ゑ", " ", "。", "サーバ", "ー", "x", "髙", "が"]
)


def filled(texts: list[str]) -> tuple[Catalog, MemoryIndex]:
    catalog, index = Catalog.in_memory(), MemoryIndex()
    unseen = Signature(size=0, mtime_ns=0, ctime_ns=0, inode=0, device=0)
    with catalog.transaction():
        for note_id, text in enumerate(texts, start=1):
            note = parse_note(NotePath(f"{note_id}.md"), text.encode())
            facts = extract_facts(note, default_settings(), TODAY)
            taken = TakenIn(
                note_id=note_id,
                uid=str(note_id),
                signature=unseen,
                path=note.path,
                digest=note.digest,
                rows=make_rows(note, facts),
                text=prepare_text(text),
            )
            put_notes(catalog, [taken])
            index.apply([IndexDocument(note_id=note_id, digest=note.digest, weights=weigh(text, title=facts.title))])
    return catalog, index


@settings(max_examples=25, deadline=None)
@given(st.lists(st.lists(PIECES, max_size=12).map("".join), min_size=1, max_size=4), st.data())
def test_what_grep_finds_search_finds(texts: list[str], data: st.DataObject) -> None:
    catalog, index = filled(texts)
    source = normalize(data.draw(st.sampled_from(texts)))
    words = [word for word in source.split() if any(map(str.isalnum, word))]
    if not words:
        return
    word = data.draw(st.sampled_from(words))
    start = data.draw(st.integers(0, len(word) - 1))
    piece = word[start : data.draw(st.integers(start + 1, len(word)))]
    escaped = "".join(f"\\{char}" if char in '-+*~@:()\\"' else char for char in piece)
    result = search(catalog, index, escaped, settings=default_settings(), today=TODAY, limit=None)
    holding = {f"{at}.md" for at, text in enumerate(texts, start=1) if normalize(piece) in normalize(text)}
    assert holding <= {hit.path for hit in result.hits}
