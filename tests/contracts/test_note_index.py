"""What holds for every text index."""

import json
import random
from collections.abc import Callable, Iterator
from importlib import import_module
from pathlib import Path

import pytest

from notevault.errors import CacheError, IndexDamagedError
from notevault.index import IndexDocument, NoteIndex, WeighedTerm, weigh
from notevault.index.manifest import MANIFEST_NAME
from notevault.index.memory import MemoryIndex
from notevault.index.whoosh_index import WhooshIndex
from notevault.index.whoosh_parts import read_blocks

MakeIndex = Callable[[Path], NoteIndex]


def make_tantivy(path: Path) -> NoteIndex:
    pytest.importorskip("tantivy", reason="the extra tantivy is not installed")
    made: NoteIndex = import_module("notevault.index.tantivy_index").TantivyIndex(path)
    return made


ON_DISK: dict[str, MakeIndex] = {"whoosh": WhooshIndex, "tantivy": make_tantivy}
ENGINES: dict[str, MakeIndex] = {"memory": lambda _path: MemoryIndex(), **ON_DISK}


def document(note_id: int, body: str, *, title: str = "", customer: str = "") -> IndexDocument:
    weights = weigh(f"{title}\n{body}", title=title, customer=customer)
    return IndexDocument(note_id=note_id, digest=f"{note_id:064x}", weights=weights)


def found(index: NoteIndex, *terms: str) -> set[int]:
    return set(index.search([WeighedTerm(term) for term in terms]).scores)


@pytest.fixture(params=ENGINES)
def index(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[NoteIndex]:
    made = ENGINES[request.param](tmp_path / "index")
    yield made
    made.close()


@pytest.fixture(params=ON_DISK)
def make_index(request: pytest.FixtureRequest) -> MakeIndex:
    return ON_DISK[request.param]


@pytest.fixture
def whoosh(tmp_path: Path) -> Iterator[WhooshIndex]:
    made = WhooshIndex(tmp_path / "whoosh")
    yield made
    made.close()


def test_an_index_never_filled_finds_nothing_and_has_no_fingerprint(index: NoteIndex) -> None:
    assert (index.note_count(), index.digests(), index.fingerprint) == (0, {}, "")
    assert found(index, "見積もり") == set()
    assert index.similar_terms("見積もり") == []


def test_every_note_that_holds_a_term_is_found(index: NoteIndex) -> None:
    index.apply([document(1, "見積書を作成"), document(2, "見積と契約"), document(3, "契約")])
    assert found(index, "見積もり") == {1, 2}
    assert found(index, "見積もり", "契約") == {1, 2, 3}
    assert index.note_count() == 3


def test_masks_tell_which_terms_a_note_holds(index: NoteIndex) -> None:
    index.apply([document(1, "見積"), document(2, "見積と契約")])
    matches = index.search([WeighedTerm("見積もり"), WeighedTerm("契約"), WeighedTerm("無い")])
    assert matches.masks == {1: 0b01, 2: 0b11}
    assert matches.importance[2] == 0
    assert matches.importance[1] > matches.importance[0] > 0


def test_more_of_a_term_in_a_shorter_note_scores_higher(index: NoteIndex) -> None:
    index.apply([document(1, "契約 " + "その他の話題 " * 20), document(2, "契約 契約"), document(3, "別の話")])
    scores = index.search([WeighedTerm("契約")]).scores
    assert scores[2] > scores[1]


def test_a_term_in_title_or_customer_counts_more(index: NoteIndex) -> None:
    index.apply(
        [document(1, "契約と青空"), document(2, "青空と契約", title="契約"), document(3, "契約", customer="契約")]
    )
    scores = index.search([WeighedTerm("契約")]).scores
    assert scores[2] > scores[1]
    assert scores[3] > scores[1]


def test_a_term_without_weight_is_told_but_not_counted(index: NoteIndex) -> None:
    index.apply([document(1, "契約"), document(2, "青空")])
    matches = index.search([WeighedTerm("契約", 0.0)])
    assert (matches.scores, matches.masks) == ({1: 0.0}, {1: 1})


def test_only_allowed_notes_are_returned_and_rarity_stays_that_of_all(index: NoteIndex) -> None:
    index.apply([document(1, "契約"), document(2, "契約"), document(3, "青空")])
    everything = index.search([WeighedTerm("契約")])
    allowed = index.search([WeighedTerm("契約")], allowed={2, 3})
    assert allowed.scores == {2: everything.scores[2]}
    assert allowed.importance == everything.importance


def test_a_note_put_in_again_replaces_itself(index: NoteIndex) -> None:
    index.apply([document(1, "見積"), document(2, "契約")])
    index.apply([document(1, "青空")])
    assert (found(index, "見積もり"), found(index, "青空"), index.note_count()) == (set(), {1}, 2)


def test_of_two_documents_with_one_id_in_a_batch_the_last_counts(index: NoteIndex) -> None:
    index.apply([document(1, "見積"), document(1, "青空")])
    assert (found(index, "見積もり"), found(index, "青空"), index.note_count()) == (set(), {1}, 1)


def test_removed_notes_are_gone_and_unknown_ones_do_no_harm(index: NoteIndex) -> None:
    index.apply([document(1, "見積"), document(2, "契約")])
    index.apply([], [1, 99])
    assert (found(index, "見積もり", "契約"), set(index.digests())) == ({2}, {2})


def test_a_note_both_removed_and_put_in_is_in(index: NoteIndex) -> None:
    index.apply([document(1, "見積")])
    index.apply([document(1, "契約")], [1])
    assert found(index, "見積もり", "契約") == {1}


def test_digests_are_those_the_notes_came_with(index: NoteIndex) -> None:
    index.apply([document(1, "見積"), document(7, "契約")])
    assert index.digests() == {1: f"{1:064x}", 7: f"{7:064x}"}


def test_similar_terms_are_near_in_letters(index: NoteIndex) -> None:
    index.apply([document(1, "proposal proposals 東京 京東 大阪"), document(2, "contract")])
    assert index.similar_terms("contrakt") == ["contract"]
    assert index.similar_terms("東京") == ["京東"]
    assert index.similar_terms("x" * 1000) == []


def test_clear_forgets_everything_and_begins_another_index(index: NoteIndex) -> None:
    index.apply([document(1, "見積")])
    before = index.fingerprint
    index.clear()
    assert (index.note_count(), index.fingerprint, found(index, "見積もり")) == (0, "", set())
    index.apply([document(2, "見積")])
    assert before != index.fingerprint != ""
    assert found(index, "見積もり") == {2}


def test_the_fingerprint_stays_while_notes_come_and_go(index: NoteIndex) -> None:
    index.apply([document(1, "見積")])
    before = index.fingerprint
    index.apply([document(2, "契約")], [1])
    assert index.fingerprint == before


def test_terms_that_utf8_cannot_hold_and_empty_notes_are_taken(index: NoteIndex) -> None:
    index.apply([document(1, ""), document(2, "契約 \ud800 🎉 \x00")])
    assert found(index, "契約") == {2}
    assert index.note_count() == 2


def test_any_history_gives_what_a_fresh_index_gives(tmp_path: Path, make_index: MakeIndex) -> None:
    words = ["見積", "契約", "訪問", "複合機", "サーバー", "proposal", "AKG-8492"]
    dice = random.Random(7)  # noqa: S311 -- a history, no secret
    index = make_index(tmp_path / "old")
    notes: dict[int, IndexDocument] = {}
    for step in range(12):
        changed = [document(dice.randrange(30), " ".join(dice.choices(words, k=8))) for _note in range(5)]
        removed = dice.sample(range(30), 3)
        index.apply(changed, removed)
        for note_id in removed:
            notes.pop(note_id, None)
        notes |= {one.note_id: one for one in changed}
        if step % 5 == 4:
            index.tidy()
    memory = MemoryIndex()
    memory.apply(notes.values())
    terms = [WeighedTerm(term) for term in ("見積もり", "複合", "propos", "akg8492", "8492")]
    assert index.digests() == memory.digests()
    assert index.search(terms).masks == memory.search(terms).masks
    assert index.search(terms).importance == pytest.approx(memory.search(terms).importance)
    # an engine with a scoring of its own rounds weights and lengths
    near = 1e-6 if isinstance(index, WhooshIndex) else 0.15
    assert index.search(terms).scores == pytest.approx(memory.search(terms).scores, rel=near)
    index.close()


def test_scores_of_a_fresh_index_are_those_of_the_memory_but_for_rounding(
    tmp_path: Path, make_index: MakeIndex
) -> None:
    dice = random.Random(3)  # noqa: S311 -- texts, no secret
    words = ["見積", "契約", "訪問", "複合機", "サーバー", "保守", "proposal", "contract"]
    texts = [document(n, " ".join(dice.choices(words, k=4 + n)), title=dice.choice(words)) for n in range(40)]
    index, memory = make_index(tmp_path / "fresh"), MemoryIndex()
    index.apply(texts)
    memory.apply(texts)
    terms = [WeighedTerm("見積もり"), WeighedTerm("サーバー", 0.4), WeighedTerm("contract", 2.0)]
    assert index.search(terms).scores == pytest.approx(memory.search(terms).scores, rel=0.15)
    index.close()


def test_more_terms_than_fit_one_pass_are_all_told(index: NoteIndex) -> None:
    words = [f"word{letter}{other}" for letter in "abcdefg" for other in "hijklmn"]
    index.apply([document(1, " ".join(words)), document(2, words[30])])
    matches = index.search([WeighedTerm(word) for word in words])
    assert matches.masks == {1: (1 << len(words)) - 1, 2: 1 << 30}


# --- on disk ---


def test_another_process_sees_a_commit_at_once(tmp_path: Path, make_index: MakeIndex) -> None:
    writer, reader = make_index(tmp_path / "index"), make_index(tmp_path / "index")
    assert found(reader, "見積もり") == set()
    writer.apply([document(1, "見積")])
    assert found(reader, "見積もり") == {1}
    writer.apply([document(2, "見積")], [1])
    assert found(reader, "見積もり") == {2}
    assert reader.fingerprint == writer.fingerprint
    reader.close()
    writer.close()


def test_an_index_survives_closing(tmp_path: Path, make_index: MakeIndex) -> None:
    index = make_index(tmp_path / "index")
    index.apply([document(1, "見積")])
    before = index.fingerprint
    index.close()
    again = make_index(tmp_path / "index")
    assert (found(again, "見積もり"), again.fingerprint) == ({1}, before)
    again.close()


def test_what_fails_while_notes_are_put_in_changes_nothing(tmp_path: Path, make_index: MakeIndex) -> None:
    def failing() -> Iterator[IndexDocument]:
        yield document(2, "契約")
        raise RuntimeError

    index = make_index(tmp_path / "index")
    index.apply([document(1, "見積")])
    before = index.fingerprint
    with pytest.raises(RuntimeError):
        index.apply(failing(), [1])
    assert (found(index, "見積もり", "契約"), index.fingerprint) == ({1}, before)
    index.apply([document(2, "契約")])
    assert found(index, "見積もり", "契約") == {1, 2}
    index.close()


# --- Whoosh on disk ---


def test_postings_read_by_blocks_are_those_read_one_by_one(whoosh: WhooshIndex) -> None:
    whoosh.apply([document(note_id, "契約 " * (1 + note_id % 3)) for note_id in range(2500)])
    with whoosh._reading():  # noqa: SLF001 -- the way in that search takes
        segment = whoosh._segments[0]  # noqa: SLF001
        blocks = list(read_blocks(segment.reader.postings("terms", "契約")))
        matcher = segment.reader.postings("terms", "契約")
        singly = []
        while matcher.is_active():
            singly.append((matcher.id(), matcher.weight()))
            matcher.next()
    assert len(blocks) == 3
    assert [pair for ids, weights in blocks for pair in zip(ids, weights, strict=True)] == singly


def _segments(index: WhooshIndex) -> list[tuple[int, int]]:
    """Return notes and deleted ones of each segment."""
    with index._reading():  # noqa: SLF001 -- the way in that search takes
        return [(segment.count, len(segment.deleted)) for segment in index._segments]  # noqa: SLF001


def test_saves_leave_a_few_small_segments_and_a_quiet_moment_fewer(whoosh: WhooshIndex) -> None:
    whoosh.apply([document(note_id, "契約") for note_id in range(1000)])
    counts = []
    for save in range(60):
        whoosh.apply([document(2000 + save, "見積 契約")])
        counts.append(len(_segments(whoosh)))
    assert max(counts) <= 14
    assert counts[:10] == list(range(2, 12)), "the first saves merge nothing"
    whoosh.tidy()
    assert len(_segments(whoosh)) <= 4
    assert _segments(whoosh)[0] == (1000, 0), "the large one is left alone"
    assert len(found(whoosh, "契約")) == 1060
    before = whoosh._generation  # noqa: SLF001 -- the state on disk
    whoosh.tidy()
    assert whoosh._generation == before, "there was nothing left to do"  # noqa: SLF001


def test_a_segment_of_which_most_is_deleted_is_put_away(whoosh: WhooshIndex) -> None:
    whoosh.apply([document(note_id, "契約") for note_id in range(1200)])
    whoosh.apply([document(note_id, "見積") for note_id in range(500)])
    assert (1200, 500) in _segments(whoosh)
    whoosh.apply([document(note_id, "見積") for note_id in range(500, 700)])
    whoosh.tidy()
    assert not [each for each in _segments(whoosh) if each[1]]
    assert len(found(whoosh, "契約")) == 500
    assert len(found(whoosh, "見積もり")) == 700
    assert whoosh.note_count() == 1200


# Whoosh leaves files open that it could not read
leaking = pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning", "ignore::ResourceWarning")


@leaking
@pytest.mark.parametrize(
    ("engine", "name"),
    [
        *(("whoosh", name) for name in ("toc", "trm", "pst", "col", MANIFEST_NAME)),
        *(("tantivy", name) for name in ("meta.json", "term", "idx", "fast", "store", MANIFEST_NAME)),
    ],
)
def test_a_damaged_file_is_never_a_wrong_answer_for_long(tmp_path: Path, engine: str, name: str) -> None:
    make_index = ON_DISK[engine]
    index = make_index(tmp_path / "index")
    index.apply([document(note_id, "契約と見積") for note_id in range(300)])
    index.close()
    damaged = [path for path in (tmp_path / "index").iterdir() if path.name.endswith(name)]
    assert damaged
    for path in damaged:
        path.write_bytes(path.read_bytes()[: path.stat().st_size // 2])
    again = make_index(tmp_path / "index")
    try:
        found(again, "契約", "見積もり")
    except IndexDamagedError as error:
        assert "sync" in error.hint  # noqa: PT017 -- some damage only shows in the fingerprint
    again.clear()
    again.apply([document(1, "契約")])
    assert (found(again, "契約"), again.fingerprint != "") == ({1}, True)
    again.close()


@leaking
def test_random_bytes_in_any_file_raise_nothing_but_damage(tmp_path: Path, make_index: MakeIndex) -> None:
    folder = tmp_path / "index"
    index = make_index(folder)
    index.apply([document(note_id, "契約と見積 proposal " * 3) for note_id in range(40)])
    index.close()
    whole = {path: path.read_bytes() for path in folder.iterdir() if path.is_file()}
    dice = random.Random(11)  # noqa: S311 -- as above
    for _round in range(60):
        path = dice.choice(sorted(path for path in whole if not path.name.endswith(("LOCK", ".lock"))))
        data = bytearray(whole[path])
        for _flip in range(4):
            if data:
                data[dice.randrange(len(data))] ^= 1 << dice.randrange(8)
        _exchange(path, bytes(data))
        damaged = make_index(folder)
        try:
            found(damaged, "契約", "propos")
            damaged.digests()
        except IndexDamagedError:
            pass
        assert isinstance(damaged.fingerprint, str)
        damaged.close()
        _exchange(path, whole[path])


def _exchange(path: Path, data: bytes) -> None:
    """Put another file in its place: one cut short where it stands takes the ground from under who has it mapped."""
    fresh = path.with_name(f"{path.name}.new")
    fresh.write_bytes(data)
    fresh.replace(path)


def test_an_index_made_by_another_version_is_not_trusted(tmp_path: Path, make_index: MakeIndex) -> None:
    index = make_index(tmp_path / "index")
    index.apply([document(1, "見積")])
    manifest = tmp_path / "index" / MANIFEST_NAME
    written = json.loads(manifest.read_text("utf-8"))
    manifest.write_text(json.dumps(written | {"made_by": "0-small"}), "utf-8")
    assert index.fingerprint == ""
    index.apply([document(2, "契約")])
    assert (set(index.digests()), index.fingerprint != "") == ({2}, True)
    index.close()


def test_a_commit_cut_short_leaves_the_state_before_or_the_new_one(tmp_path: Path) -> None:
    folder = tmp_path / "index"
    index = WhooshIndex(folder)
    index.apply([document(note_id, "見積") for note_id in range(20)])
    made = index.fingerprint
    before = {path.name: path.read_bytes() for path in folder.iterdir()}
    index.apply([document(20, "契約")], [0])
    index.close()
    after = {path.name: path.read_bytes() for path in folder.iterdir()}
    tocs = {name: data for name, data in before.items() if name.endswith(".toc")}
    (toc,) = (name for name in after if name.endswith(".toc"))

    def begin(files: dict[str, bytes]) -> tuple[str, list[int]]:
        for path in folder.iterdir():
            path.unlink()
        for name, data in files.items():
            (folder / name).write_bytes(data)
        again = WhooshIndex(folder)
        state = again.fingerprint, sorted(again.digests())
        again.apply([document(30, "納期")])
        assert again.fingerprint == made
        assert 30 in again.digests()
        assert not [path for path in folder.iterdir() if "next" in path.name]
        again.close()
        return state

    old, new = (made, list(range(20))), (made, list(range(1, 21)))
    segments = {name: data for name, data in after.items() if not name.endswith((".toc", MANIFEST_NAME))}
    assert begin(before | segments) == old  # died before the manifest
    assert begin(before | segments | {toc.replace("notes", "next"): after[toc]}) == old
    assert begin(after | before | {MANIFEST_NAME: after[MANIFEST_NAME]} | tocs) == new  # before the clean-up
    waiting = {name: data for name, data in after.items() if name != toc} | before
    assert begin(waiting | {MANIFEST_NAME: after[MANIFEST_NAME], toc.replace("notes", "next"): after[toc]}) == old
    assert begin(after) == new


@leaking
def test_a_full_disk_is_no_damage(tmp_path: Path, make_index: MakeIndex) -> None:
    resource = pytest.importorskip("resource")
    index = make_index(tmp_path / "index")
    index.apply([document(1, "契約")])
    limits = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (4_000, limits[1]))
    try:
        with pytest.raises(CacheError):
            index.apply([document(note_id, f"契約 {note_id} proposal{note_id * 7919}") for note_id in range(2, 3000)])
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, limits)
    index.apply([document(2, "契約")])
    assert set(index.digests()) == {1, 2}
    index.close()


def test_a_link_is_refused_as_folder(tmp_path: Path, make_index: MakeIndex) -> None:
    (tmp_path / "real").mkdir()
    link = tmp_path / "link"
    try:
        link.symlink_to(tmp_path / "real", target_is_directory=True)
    except OSError:
        pytest.skip("no links here")
    with pytest.raises(CacheError):
        make_index(link)


@pytest.mark.skipif(not hasattr(__import__("os"), "getuid"), reason="folders have no modes here")
def test_the_folder_is_closed_to_others(tmp_path: Path, make_index: MakeIndex) -> None:
    (tmp_path / "open").mkdir(mode=0o755)
    make_index(tmp_path / "open").close()
    assert (tmp_path / "open").stat().st_mode & 0o077 == 0


def test_weights_of_title_customer_and_headings_add_to_the_body() -> None:
    weights, length = weigh("契約 青空", title="契約", customer="契約", headings=["契約"])
    assert weights == {"契約": 1 + 2.0 + 1.5 + 1.0, "青空": 1}
    assert length == 2
