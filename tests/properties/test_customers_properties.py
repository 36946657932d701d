from pathlib import Path
from tempfile import TemporaryDirectory

from hypothesis import given, settings
from hypothesis import strategies as st

from notevault.customers import plan_merge
from notevault.errors import WriteRefusedError
from notevault.journal import open_journal
from notevault.model import NotePath
from notevault.names.key import name_key
from notevault.names.resolver import CustomerResolver
from notevault.names.values import RegisteredCustomer
from tests.synced import synced

ALIASES = st.sampled_from(
    [
        "",
        "aliases: A\n",
        "aliases: ['x', y]\n",
        "aliases:\n  - z # why\n",
        "別名:\n- あ\n",
        "aliases: {a: b}\n",
        "aliases:\n",
    ]
)
ENDS = st.sampled_from(["\n", "\r\n"])
CODECS = st.sampled_from(["utf-8", "utf-8-sig", "cp932"])
BODIES = st.text("# 山a-[]:{}\t\r\n'\"～①ｱ", max_size=20)
NAMES = (
    st.lists(st.sampled_from("山田工業商事第二㈱ＡBｱ 　支店大阪(株)"), min_size=1, max_size=4)
    .map("".join)
    .filter(name_key)
)


@given(ALIASES, ENDS, CODECS, BODIES, st.booleans())
@settings(max_examples=8, deadline=None)
def test_merge_then_undo_restores_every_byte(aliases: str, end: str, codec: str, body: str, has_note: bool) -> None:  # noqa: FBT001
    front = f"---\ntype: customer\nname: 山田工業\n{aliases}status: 取引先\n---\n".replace("\n", end)
    files = {
        "kept.md": (front + body).encode(codec),
        "1.md": f"---\ncustomer: 青嶺物流\n---\n{body}".encode(codec),
        "2.md": "---\n顧客: 山田工業\n---\n".encode(codec),
        "notevault.toml": b"\xef\xbb\xbf# ours\r\n",
    }
    if has_note:
        files["other.md"] = f"---{end}type: customer{end}name: 青嶺物流{end}---{end}{body}".encode(codec)
    with TemporaryDirectory() as folder:
        root = Path(folder)
        for name, data in files.items():
            (root / name).write_bytes(data)
        with synced(root) as workspace:
            try:
                plan = plan_merge(workspace, "山田工業", "青嶺物流", rewrite=True)
            except WriteRefusedError:
                assert aliases == "aliases: {a: b}\n"
                return
            entry = open_journal(workspace.cache).carry_out(
                workspace.vault, plan.changes, kind="merge", title=plan.title
            )
            assert any(workspace.vault.read(NotePath(name))[0] != data for name, data in files.items())
            open_journal(workspace.cache).undo(workspace.vault, entry)
        assert {path.name: path.read_bytes() for path in root.iterdir()} == files


@given(st.lists(NAMES, min_size=1, max_size=5), st.permutations(range(5)))
@settings(max_examples=5, deadline=None)
def test_notes_lead_to_the_same_customers_in_whatever_order_they_are_read(names: list[str], order: list[int]) -> None:
    found = []
    for numbers in (range(5), order):
        with TemporaryDirectory() as folder:
            root = Path(folder)
            (root / "notevault.toml").touch()
            for at, name in zip(numbers, names, strict=False):
                (root / f"{at}.md").write_text(f"---\ncustomer: '{name}'\n---\n", encoding="utf-8")
            with synced(root) as workspace:
                rows = workspace.catalog.select("SELECT mention, customer_id, reason FROM mentions ORDER BY mention")
                found.append([tuple(row) for row in rows])
    assert found[0] == found[1]


@given(st.lists(NAMES, min_size=2, max_size=6), st.lists(NAMES, min_size=6, max_size=6))
@settings(max_examples=60, deadline=None)
def test_a_key_of_two_registered_customers_is_reported_for_both(names: list[str], aliases: list[str]) -> None:
    customers = [
        RegisteredCustomer(id=f"c{at}", name=name, aliases=(alias,))
        for at, (name, alias) in enumerate(zip(names, aliases, strict=False))
    ]
    shared = {frozenset(clash.customers) for clash in CustomerResolver(customers).clashes()}
    for one in customers:
        for other in customers:
            keys = {name_key(each) for each in (one.name, *one.aliases)} & {
                name_key(each) for each in (other.name, *other.aliases)
            }
            if one.id < other.id and keys:
                assert any({one.id, other.id} <= group for group in shared)
