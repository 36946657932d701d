from pathlib import Path

from hypothesis import given
from hypothesis import strategies as st

from notevault.catalog import Catalog
from notevault.exact_scan import ExactScan
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


@given(TEXTS, NEEDLES)
def test_every_scan_finds_what_the_texts_hold(texts: list[str], needles: list[str]) -> None:
    with Catalog.in_memory() as catalog:
        _put(catalog, dict(enumerate(texts, 1)))
        expected = {needle: {at for at, text in enumerate(texts, 1) if needle in normalize(text)} for needle in needles}
        assert ExactScan(catalog).find_holders(needles) == expected
        assert ExactScan(catalog, largest=0).find_holders(needles) == expected, "by SQLite"


def test_many_needles_are_found_in_passes() -> None:
    with Catalog.in_memory() as catalog:
        _put(catalog, {number: f"言葉{number}番" for number in range(1, 151)})
        needles = [f"言葉{number}番" for number in range(1, 151)]
        for scan in (ExactScan(catalog), ExactScan(catalog, largest=0)):
            assert scan.find_holders(needles) == {needle: {at} for at, needle in enumerate(needles, 1)}


def test_what_another_process_writes_is_seen(tmp_path: Path) -> None:
    with Catalog.open(tmp_path) as reader, Catalog.open(tmp_path) as writer:
        _put(writer, {1: "東京"})
        for _again in range(2):
            assert reader.exact_scan.find_holders(["東京"]) == {"東京": {1}}
        _put(writer, {1: "京東", 2: "東京都"})
        assert reader.exact_scan.find_holders(["東京"]) == {"東京": {2}}
        _put(reader, {3: "東京"})
        assert reader.exact_scan.find_holders(["東京"]) == {"東京": {2, 3}}
