from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from notevault.catalog import Catalog
from notevault.database import Parameters
from notevault.exact_scan import ExactScan, put_sketches, read_sketch
from notevault.sketch import (
    NOTES_A_BLOCK,
    PLACES,
    have_places,
    make_sketch,
    places_of,
    prepare_text,
    put_in_block,
    split_block,
    take_from_block,
)
from notevault.storing import remove_notes
from notevault.text import normalize

TEXTS = st.lists(st.text("ab 東京都\n", max_size=12), min_size=1, max_size=8)
NEEDLES = st.lists(st.text("ab東京都", min_size=1, max_size=3), min_size=1, max_size=4, unique=True)


def _put(catalog: Catalog, texts: dict[int, str]) -> None:
    with catalog.transaction():
        for note_id, text in texts.items():
            catalog.execute("DELETE FROM notes WHERE id = ?", (note_id,))
            catalog.execute(
                "INSERT INTO notes (id, uid, path, size, mtime_ns, ctime_ns, inode, device, stamp, digest,"
                " look_again, encoding, title, parsed, taken_in) VALUES (?,?,?,0,0,0,'','','','',0,'','',1,'')",
                (note_id, str(note_id), f"{note_id}.md"),
            )
            catalog.execute("INSERT INTO texts VALUES (?,?,?)", (note_id, text, normalize(text)))
        put_sketches(catalog, [(note_id, make_sketch(normalize(text))) for note_id, text in texts.items()])


@given(TEXTS, NEEDLES)
def test_every_scan_finds_what_the_texts_hold(texts: list[str], needles: list[str]) -> None:
    with Catalog.in_memory() as catalog:
        _put(catalog, dict(enumerate(texts, 1)))
        texts_of = range(1, len(texts) + 1)
        expected = {needle: {at for at, text in enumerate(texts, 1) if needle in normalize(text)} for needle in needles}
        scan, larger = ExactScan(catalog), ExactScan(catalog, largest=0)
        for needle, holders in [*expected.items()] * 3:  # by SQLite first, then in memory
            assert scan.find_holders([needle]) == holders
            assert larger.find_holders([needle]) == holders, "there is too much to keep"
            assert scan.find_holders([needle], besides=set(texts_of[::2])) == holders - set(texts_of[::2])
        assert scan.find_holders(needles) == set().union(*expected.values())


@given(st.text(max_size=20), st.text(min_size=1, max_size=6), st.text(max_size=20))
def test_a_sketch_never_denies_what_a_text_holds(before: str, piece: str, after: str) -> None:
    bits = make_sketch(f"{before}{piece}{after}")
    assert len(bits) * 8 == PLACES
    assert all(_has(bits, place) for place in places_of(piece))


@given(st.text(st.sampled_from("aÉ 見\u3000ｶﾞ（\n\r\x85\u2028\x0b㈱\u0301\ufe0f"), max_size=40))
def test_a_text_prepared_line_by_line_is_the_text_prepared_whole(text: str) -> None:
    assert prepare_text(text).normalized == normalize(text)


def test_a_sketch_denies_most_of_what_a_text_does_not_hold() -> None:
    bits = make_sketch("複合機の見積を持参した。" * 20)
    pieces = [chr(0x4E00 + at) + chr(0x5E00 + at) for at in range(1000)]
    assert sum(all(_has(bits, place) for place in places_of(piece)) for piece in pieces) < 50


def _has(bits: bytes, place: int) -> bool:
    return bool(bits[place >> 3] & 1 << (place & 7))


@given(st.lists(st.tuples(st.integers(0, 2 * NOTES_A_BLOCK - 1), st.text("ab 東京都", max_size=9)), max_size=12))
def test_a_block_keeps_the_last_sketch_of_each_note_apart(written: list[tuple[int, str]]) -> None:
    blocks = [bytearray(), bytearray()]
    for number, text in [(0, ""), (NOTES_A_BLOCK, ""), *written]:
        put_in_block(blocks[number // NOTES_A_BLOCK], {number % NOTES_A_BLOCK: make_sketch(text)})
    texts = dict.fromkeys(range(2 * NOTES_A_BLOCK), "") | dict(written)
    for number, text in texts.items():
        assert take_from_block(blocks[number // NOTES_A_BLOCK], number % NOTES_A_BLOCK) == make_sketch(text)
    split = [split_block(block) for block in blocks]
    for piece in ("a", "東", "東京", "b 京"):
        places = places_of(piece)
        having = have_places(lambda number: [rows[number] for rows in split], places, len(split) * NOTES_A_BLOCK)
        assert list(having) == [all(_has(make_sketch(text), place) for place in places) for text in texts.values()]


def test_removed_notes_are_not_found_and_leave_no_empty_block() -> None:
    with Catalog.in_memory() as catalog:
        _put(catalog, {1: "東京", 2: "東京都", NOTES_A_BLOCK: "東京"})
        assert catalog.exact_scan.find_holders(["東京"]) == {1, 2, NOTES_A_BLOCK}
        remove_notes(catalog, [1, NOTES_A_BLOCK])
        for _by_sqlite_then_in_memory in range(4):
            assert catalog.exact_scan.find_holders(["東京"]) == {2}
        assert {row["row"] % 2**32 for row in catalog.select("SELECT row FROM sketches")} == {0}
        assert read_sketch(catalog, NOTES_A_BLOCK) == b""


def test_a_search_reads_only_the_rows_it_asks_for(monkeypatch: pytest.MonkeyPatch) -> None:
    with Catalog.in_memory() as catalog:
        _put(catalog, dict.fromkeys(range(1, 4 * NOTES_A_BLOCK), "東京都"))
        select, read = catalog.select_tuples, list[int]()

        def counted(sql: str, parameters: Parameters = ()) -> list[tuple[Any, ...]]:
            rows = select(sql, parameters)
            if "bits" in sql:
                read.append(len(rows))
            return rows

        monkeypatch.setattr(catalog, "select_tuples", counted)
        for _again in range(2):
            catalog.exact_scan.find_holders(["東京"])
        assert read == [4]


def test_a_saved_note_writes_only_the_rows_that_changed() -> None:
    with Catalog.in_memory() as catalog:
        _put(catalog, {1: "東京" * 50, 2: "京都"})
        ((before,),) = catalog.select_tuples("SELECT total_changes()")
        put_sketches(catalog, [(1, make_sketch("東京" * 50))])
        assert catalog.select_tuples("SELECT total_changes()") == [(before,)]
        put_sketches(catalog, [(1, make_sketch("東京" * 50 + "都"))])
        ((after,),) = catalog.select_tuples("SELECT total_changes()")
        assert 0 < after - before <= 2
        assert read_sketch(catalog, 1) == make_sketch("東京" * 50 + "都")
        assert read_sketch(catalog, 2) == make_sketch("京都")


def test_many_needles_are_found() -> None:
    with Catalog.in_memory() as catalog:
        _put(catalog, {number: f"言葉{number}番" for number in range(1, 151)})
        needles = [f"言葉{number}番" for number in range(1, 151)]
        for scan in (ExactScan(catalog), ExactScan(catalog, largest=0)):
            assert {needle: scan.find_holders([needle]) for needle in needles} == {
                needle: {at} for at, needle in enumerate(needles, 1)
            }
            assert scan.find_holders(needles) == set(range(1, 151))


def test_what_another_process_writes_is_seen(tmp_path: Path) -> None:
    with Catalog.open(tmp_path) as reader, Catalog.open(tmp_path) as writer:
        _put(writer, {1: "東京"})
        for _again in range(2):
            assert reader.exact_scan.find_holders(["東京"]) == {1}
        _put(writer, {1: "京東", 2: "東京都"})
        assert reader.exact_scan.find_holders(["東京"]) == {2}
        _put(reader, {3: "東京"})
        assert reader.exact_scan.find_holders(["東京"]) == {2, 3}
